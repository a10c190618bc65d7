//! Texts made to break a reader: none stops it, and what it finds lies within the text. How its
//! work grows with them is measured in `benches/reading.rs`; nothing here looks at a clock.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Reader, mask};
use crate::domain::{
    message::{MAX_TEXT_BYTES, Party},
    reading::{Closing, Context, Language, Marks, Reading, SpanKind},
    vocabulary::Vocabulary,
};

static READER: LazyLock<Reader> =
    LazyLock::new(|| Reader::new(&Vocabulary::default()).expect("the shipped phrases fit"));

/// What may have been said before: nothing, a question, a question for secrets, all at once.
fn contexts() -> Vec<Context> {
    let after = |ours: Marks| Context {
        ours: Some(ours),
        ours_is_last: true,
        ..Context::default()
    };
    vec![
        Context::default(),
        after(Marks {
            reports: true,
            asks_anything_else: true,
            ..Marks::default()
        }),
        after(Marks {
            asks: true,
            asks_identity: true,
            asked_for: SpanKind::ALL.iter().copied().collect(),
            ..Marks::default()
        }),
        Context {
            ours: Some(Marks {
                asks: true,
                offers_call: true,
                promises: true,
                instructs: true,
                ..Marks::default()
            }),
            unanswered: true,
            answered: true,
            language: Language::parse("ja"),
            trails: Some(Party::Customer),
            ..Context::default()
        },
    ]
}

/// Reads a text in every way, and checks what each reading points at.
fn read_in_every_way(text: &str) -> Vec<Reading> {
    let scan = READER.scan(text, None);
    let length = text.chars().count();
    let mut readings = Vec::new();
    for party in [Party::Customer, Party::Agent] {
        for context in contexts() {
            let reading = READER.interpret(&scan, party, &context);
            for span in &reading.sensitive {
                assert!(span.start < span.end && span.end <= length, "{span:?}");
            }
            let mut neighbours = reading.sensitive.windows(2);
            assert!(neighbours.all(|pair| pair[0].end <= pair[1].start));
            for evidence in &reading.evidence {
                let words = evidence.words.reveal();
                assert!(!words.is_empty(), "{:?}", evidence.head);
                assert!(text.contains(words.as_str()), "{:?}", evidence.head);
            }
            assert!((0.0..=1.0).contains(&reading.thanks_probability));
            let masked = mask(text, &reading.sensitive);
            assert!(masked.len() <= text.len().saturating_mul(12).saturating_add(16));
            readings.push(reading);
        }
    }
    readings
}

/// Pieces of every script and of what stands invisibly between them.
fn piece() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        "[a-zA-Z]{1,8}",
        "[а-яА-ЯіѕоԁһΑ-Ωα-ω]{1,6}",
        "[\u{620}-\u{64a}\u{64b}-\u{652}\u{660}-\u{669}]{1,6}",
        "[\u{900}-\u{97f}]{1,6}",
        "[\u{3041}-\u{30ff}\u{ff66}-\u{ff9f}]{1,6}",
        "[\u{4e00}-\u{9fff}\u{20000}-\u{2a6df}]{1,6}",
        "[\u{1f300}-\u{1faff}\u{1f3fb}-\u{1f3ff}\u{1f1e6}-\u{1f1ff}\u{2764}]{1,4}",
        "[\u{300}-\u{36f}\u{20d0}-\u{20f0}\u{fe00}-\u{fe0f}]{1,12}",
        "[\u{200b}-\u{200f}\u{2060}-\u{2064}\u{ad}\u{feff}]{1,4}",
        "[\u{202a}-\u{202e}\u{2066}-\u{2069}\u{61c}]{1,4}",
        "[\u{0}-\u{1f}\u{7f}-\u{9f}]{1,4}",
        "[\u{e000}-\u{f8ff}\u{e0000}-\u{e007f}\u{10fff0}-\u{10ffff}]{1,3}",
        "[0-9０-９٠-٩०-९𝟎-𝟗]{1,10}",
        "[ .,;:!?¿…。、？！'’\"()<>@#^*/⟦⟧\\-]{1,4}",
        any::<String>(),
    ];
    let phrases = prop::sample::select(vec![
        "thanks",
        "thаnks",
        "thanks but ",
        "it works now",
        "still not working",
        "please call me",
        "my password is ",
        "what is your date of birth?",
        "we'll ring you at five",
        "4111 1111 1111 1111",
        "+44 20 7946 0018",
        "kim@example.com",
        "danke",
        "شكراً",
        "धन्यवाद",
        "ありがとうございます",
        "谢谢",
        "⟦payment_card⟧",
        "⟦password⟧",
        "⟦nonsense⟧",
        "⟦",
        "👩‍👩‍👧‍👦",
        " ",
        " ",
        "\n",
    ]);
    prop_oneof![letters, phrases.prop_map(str::to_owned)]
}

proptest! {
    #[test]
    fn any_text_is_read_and_what_is_found_lies_within_it(
        pieces in prop::collection::vec(piece(), 0..30),
    ) {
        read_in_every_way(&pieces.concat());
    }
}

/// As often as a message of the longest text allows, and 100,000 times at the most.
fn flood(piece: &str) -> String {
    piece.repeat(100_000.min(MAX_TEXT_BYTES / piece.len()))
}

#[test]
fn a_letter_under_a_flood_of_marks_is_read() {
    for mark in ["\u{301}", "\u{489}", "\u{64b}", "\u{94d}", "\u{3099}"] {
        read_in_every_way(&format!("a{}", flood(mark)));
        read_in_every_way(&format!("thanks{}", flood(mark)));
    }
}

#[test]
fn floods_of_what_cannot_be_seen_are_read() {
    for unseen in [
        "\u{200d}",
        "\u{200b}",
        "\u{202e}",
        "\u{2067}\u{202c}",
        "\u{fe0f}",
        "\u{0}",
        "\u{7}\r",
        "\u{e0061}",
    ] {
        read_in_every_way(&flood(unseen));
        read_in_every_way(&format!("my pin is {}4711", flood(unseen)));
    }
}

#[test]
fn floods_of_one_letter_or_sign_are_read() {
    for piece in [
        "a",
        "A",
        "ab",
        "а",
        "漢",
        "の",
        "ش",
        "क्",
        "\u{20000}",
        "?",
        "!",
        "？",
        ".",
        "'",
        ",",
        "^",
        "*",
        "1",
        "12 ",
        "٤",
        "4-",
        "#",
        "\n",
        " ",
    ] {
        read_in_every_way(&flood(piece));
    }
}

#[test]
fn floods_of_emoji_are_read() {
    for emoji in [
        "🙏",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "❤\u{fe0f}",
        ":)",
        "1\u{fe0f}\u{20e3}",
    ] {
        read_in_every_way(&flood(emoji));
    }
}

#[test]
fn floods_of_the_same_phrases_are_read() {
    for phrase in [
        "thanks but ",
        "thanks. ",
        "not ",
        "please call me ",
        "still not working, ",
        "can you call me? ",
        "so when will it work ",
        "I will try that and ",
        "your password is ",
        "@acme ",
        "https://",
        "⟦pin⟧",
        "⟦",
        "ありがとう",
        "شكرا ",
    ] {
        let text = phrase.repeat(20_000.min(MAX_TEXT_BYTES / phrase.len()));
        read_in_every_way(&text);
    }
}

#[test]
fn thanks_in_letters_that_only_look_alike_are_thanks() {
    let reports = &contexts()[1];
    for text in [
        "thanks",
        "thаnks", // its "a" is Cyrillic
        "th\u{200d}an\u{202e}ks",
        "t\u{336}h\u{336}a\u{336}n\u{336}k\u{336}s\u{336}",
        "ｔｈａｎｋｓ",
    ] {
        let reading = READER.interpret(&READER.scan(text, None), Party::Customer, reports);
        assert_eq!(reading.closing, Some(Closing::Thanks), "{text}");
        assert_eq!(reading.evidence[0].words.reveal(), text);
    }
}
