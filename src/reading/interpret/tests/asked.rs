//! What only our question makes sensitive. `<` and `>` stand around what must be found.

use super::{SpanKind, marks, read};
use crate::domain::reading::Marks;

/// Per row: what we said, the kind, what the customer wrote.
fn assert_found(rows: &[(&str, SpanKind, &str)]) {
    let found = |prev: &str, marked: &str| {
        let text = marked.replace(['<', '>'], "");
        let spans = read(prev, &text).sensitive;
        let mut shown = String::new();
        for (index, char) in text.chars().enumerate() {
            if spans.iter().any(|span| span.end == index) {
                shown.push('>');
            }
            if spans.iter().any(|span| span.start == index) {
                shown.push('<');
            }
            shown.push(char);
        }
        if spans.iter().any(|span| span.end == text.chars().count()) {
            shown.push('>');
        }
        (shown, spans)
    };
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(prev, kind, marked)| {
            let (shown, spans) = found(prev, marked);
            let right = shown == *marked && spans.iter().all(|span| span.kind == *kind);
            (!right).then(|| format!("{prev} / {shown}, not {marked}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_answer_to_our_question_is_what_we_asked_for() {
    use SpanKind::{BankAccount, BirthDate, NationalId, OneTimeCode, Passport, Password, Pin};
    assert_found(&[
        ("What is your date of birth?", BirthDate, "<04.05.1980>"),
        ("Date of birth please?", BirthDate, "it's <May 4th, 1980>"),
        ("What is your DOB?", BirthDate, "sure, <04051980>"),
        ("When is your birthday?", BirthDate, "<4 May>"),
        (
            "Could you confirm your date of birth?",
            BirthDate,
            "<4/5/80>. And why do you need that from somebody who has been with you for years?",
        ),
        ("Wie lautet Ihr Geburtsdatum?", BirthDate, "<4. Mai 1980>"),
        (
            "¿Cuál es tu fecha de nacimiento?",
            BirthDate,
            "el <4 de mayo de 1980>",
        ),
        (
            "Quelle est votre date de naissance ?",
            BirthDate,
            "le <4 mai 1980>",
        ),
        (
            "Qual é a sua data de nascimento?",
            BirthDate,
            "<04/05/1980>",
        ),
        (
            "Qual è la sua data di nascita?",
            BirthDate,
            "<4 maggio 1980>",
        ),
        ("Your PIN please.", Pin, "<4711>"),
        ("Your PIN please.", Pin, "it was either <4711> or <4712>"),
        ("Please tell me your PIN.", Pin, "order 12345, <4711>"),
        ("What is the CVV?", Pin, "<737>"),
        (
            "Please send us the verification code.",
            OneTimeCode,
            "<482913>",
        ),
        (
            "Please send us the verification code.",
            OneTimeCode,
            "ok: <482 913>",
        ),
        ("What is your password?", Password, "<hunter2>"),
        ("What is your password?", Password, "<dragon>"),
        ("What is your password?", Password, "it's <dragon>"),
        ("What is your SSN?", NationalId, "<123456789>"),
        (
            "Last four of your social security number?",
            NationalId,
            "<6789>",
        ),
        ("Me informe o CPF, por favor.", NationalId, "<48291375682>"),
        (
            "Could you DM us your passport number?",
            Passport,
            "<C01X00T47>",
        ),
        (
            "We need your account number and sort code.",
            BankAccount,
            "<12345678>, <20-00-00>",
        ),
    ]);
}

#[test]
fn what_answers_another_question_stays() {
    let none = SpanKind::Custom;
    assert_found(&[
        ("What is the order number?", none, "12345678"),
        ("What is the tracking number?", none, "4711"),
        ("What is your postal code?", none, "90210"),
        ("When did you order?", none, "04.05.2024"),
        (
            "Can you confirm the last four digits of your card?",
            none,
            "1234",
        ),
        ("We will never ask for your PIN.", none, "4711"),
        ("-", none, "04.05.1980"),
        ("What is your date of birth?", none, "I ordered 2 of them"),
        ("What is your date of birth?", none, "why?"),
        ("Your PIN please.", none, "my order is 123456"),
        (
            "Your PIN please.",
            none,
            "I have waited for it for 10 days, since 04.05.2024",
        ),
        (
            "Your PIN please.",
            none,
            "I have had nothing but trouble with this account since I opened it in 2019",
        ),
        ("What is your password?", none, "forgotten"),
        ("What is your password?", none, "no"),
        ("What is your password?", none, "why?"),
        ("What is your password?", none, "I cannot remember it"),
        (
            "Could you DM us your passport number?",
            none,
            "I flew BA0443",
        ),
    ]);
}

#[test]
fn the_kinds_asked_for_are_kept_by_their_names() {
    let marks = marks("Please tell me your date of birth and your PIN.");
    let kept = serde_json::to_value(marks).unwrap();
    assert_eq!(kept["asked_for"], serde_json::json!(["birth_date", "pin"]));
    assert_eq!(serde_json::from_value::<Marks>(kept).unwrap(), marks);
    let kept = serde_json::to_value(Marks::default()).unwrap();
    assert_eq!(kept.get("asked_for"), None);
    assert_eq!(
        serde_json::from_value::<Marks>(kept).unwrap(),
        Marks::default()
    );
}

#[test]
fn such_an_answer_is_an_offer_of_confidential_data() {
    let reading = read("What is your date of birth?", "04.05.1980");
    let identity = reading
        .identity
        .map(|identity| (identity.kind, identity.level));
    let wanted = (
        super::IdentityKind::Offered,
        super::IdentityLevel::Confidential,
    );
    assert_eq!(identity, Some(wanted));
    assert!(reading.answers);
}
