//! Spellings that fold to one, and where words were written.

use super::{WordKind, fold};

fn line(text: &str) -> String {
    fold(text).line.trim().to_owned()
}

#[test]
fn spellings_of_the_same_words_fold_to_one_line() {
    for (text, folded) in [
        ("Thaaanks!!! 🙏🏽🙏🏽", "thanks . 🙏 ."),
        ("Ça MARCHE, merci", "ca marche merci ."),
        ("I don’t  know", "i don't know ."),
        ("Ｏｋ", "ok ."),
        ("l'avvocato c'è", "l' avvocato c' e ."),
        ("Straße", "strasse ."),
        ("@acme https://x.example/?a=1 ok ^AB", "ok ."),
        ("it is 5.2 now.\nBye", "it is 5.2 now . bye ."),
        ("cool", "cool ."),
        ("thanks:) ok :-))) <3", "thanks 🙂 ok 🙂 ❤ ."),
        ("thаnks", "thanks ."), // the first "a" is Cyrillic
        ("спасибо", "спасибо ."),
        ("th\u{200d}an\u{202e}ks", "thanks ."),
        (
            "ありがとうううう！助かった",
            "あ り か\u{3099} と う う . 助 か っ た .",
        ),
        ("धन्यवाद।", "धन्यवाद ."),
        ("شُكْرًا جزيــلا؟", "شكرا جزيلا ."),
        (
            "TEŞEKKÜRLER, TAMAMDIR ısınma",
            "tesekkurler tamamdir isinma .",
        ),
        ("", ""),
    ] {
        assert_eq!(line(text), folded, "{text}");
    }
}

#[test]
fn a_question_mark_marks_its_sentence_only() {
    let folded = fold("Thanks! And the other one?! ok.");
    assert_eq!(folded.questions, [false, true, false]);
}

#[test]
fn words_know_where_they_were_written() {
    let text = "¿Qué número? – RX204455, señor";
    let folded = fold(text);
    let written: Vec<_> = folded
        .words
        .iter()
        .filter(|word| word.kind != WordKind::Stop)
        .filter_map(|word| text.get(word.source.clone()))
        .collect();
    assert_eq!(written, ["Qué", "número", "RX204455", "señor"]);
    assert_eq!(
        folded
            .words
            .iter()
            .filter(|w| w.kind == WordKind::Code)
            .count(),
        1
    );
}

#[test]
fn a_flood_of_marks_folds_in_one_pass() {
    let marks = "\u{301}".repeat(100_000);
    assert_eq!(line(&format!("ok{marks}")), "ok .");
}
