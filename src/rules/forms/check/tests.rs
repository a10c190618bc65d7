//! What may be typed into each kind of field, and what is kept of it.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::rules::forms::FormField;

fn check(format: &FieldFormat, typed: &str) -> Result<String, FieldProblem> {
    format.check(typed, Language::ENGLISH, date(2026, 3, 1))
}

fn kept(format: &FieldFormat, typed: &str) -> String {
    check(format, typed).unwrap_or_else(|problem| panic!("{typed}: {problem}"))
}

const DIGITS: FieldFormat = FieldFormat::Digits { least: 4, most: 8 };

#[test]
fn what_was_pasted_is_tidied() {
    assert_eq!(kept(&FieldFormat::Text, " Ana\t María \n"), "Ana María");
    assert_eq!(
        kept(&FieldFormat::Text, "\u{202a}Ana\u{202c}\u{200b}"),
        "Ana"
    );
    assert_eq!(kept(&FieldFormat::Text, "Jose\u{301}"), "José");
}

#[test]
fn nothing_but_space_is_nothing() {
    for format in [
        FieldFormat::Text,
        FieldFormat::Date,
        FieldFormat::Email,
        DIGITS,
    ] {
        assert_eq!(check(&format, " \u{feff}\n"), Err(FieldProblem::Missing));
    }
}

#[test]
fn only_an_optional_field_may_be_left_empty() {
    let field = |optional| FormField {
        name: "born".to_owned(),
        label: Localised::default(),
        help: Localised::default(),
        format: FieldFormat::Date,
        optional,
    };
    let today = date(2026, 3, 1);
    let check = |optional, typed| field(optional).check(typed, Language::ENGLISH, today);
    assert_eq!(check(true, " ").as_deref(), Ok(""));
    assert_eq!(check(false, " "), Err(FieldProblem::Missing));
    assert_eq!(check(true, "soon"), Err(FieldProblem::NotADate));
}

#[test]
fn two_hundred_characters_are_enough() {
    assert_eq!(
        kept(&FieldFormat::Text, &"é".repeat(200)).chars().count(),
        200
    );
    let too_long = Err(FieldProblem::TooLong { most: 200 });
    assert_eq!(check(&FieldFormat::Text, &"é".repeat(201)), too_long);
    assert_eq!(check(&FieldFormat::Email, &" ".repeat(201)), too_long);
}

#[test]
fn digits_may_be_parted_and_of_any_script() {
    for typed in [
        "123456",
        "12-34-56",
        "12 34.56",
        "１２３４５６",
        "١٢٣٤٥٦",
        "12–34–56",
    ] {
        assert_eq!(kept(&DIGITS, typed), "123456");
    }
    let wrong = Err(FieldProblem::NotSoManyDigits { least: 4, most: 8 });
    for typed in ["123", "123456789", "12a4", "-", "1234½"] {
        assert_eq!(check(&DIGITS, typed), wrong, "{typed}");
    }
}

#[test]
fn an_email_address_is_kept_with_its_domain_in_lower_case() {
    let email = &FieldFormat::Email;
    assert_eq!(
        kept(email, " Ana.M+x@Example.CO.UK "),
        "Ana.M+x@example.co.uk"
    );
    assert_eq!(kept(email, "jörg@müller.de"), "jörg@müller.de");
    for typed in [
        "ana",
        "ana@",
        "@b.com",
        "a@b",
        "a@b..com",
        ".a@b.com",
        "a b@c.com",
        "a@b@c.com",
        "a@-b.com",
        "a@10.0.0.1",
        "a@b.c",
    ] {
        assert_eq!(
            check(email, typed),
            Err(FieldProblem::NotAnEmail),
            "{typed}"
        );
    }
}

#[test]
fn a_phone_number_is_kept_as_it_is_dialled_from_anywhere() {
    let phone = &FieldFormat::Phone;
    for typed in [
        "+44 20 7946 0958",
        "0044 20 7946 0958",
        "+44 (0)20 7946-0958",
        "＋４４ 20 7946 0958",
    ] {
        assert_eq!(kept(phone, typed), "+442079460958", "{typed}");
    }
    assert_eq!(
        check(phone, "020 7946 0958"),
        Err(FieldProblem::NoCountryCode)
    );
    for typed in ["+44 20", "+999 123456789", "call me", "+", "++442079460958"] {
        assert_eq!(check(phone, typed), Err(FieldProblem::NotAPhone), "{typed}");
    }
}

#[test]
fn only_the_name_of_a_choice_is_one() {
    let choices = vec![("yes".to_owned(), Localised::default())];
    let format = FieldFormat::Choice(choices);
    assert_eq!(kept(&format, "yes"), "yes");
    assert_eq!(check(&format, "Yes!"), Err(FieldProblem::NotAChoice));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_kept_or_refused_and_what_is_kept_stays_as_it_is(typed in ".{0,40}") {
        let formats = [FieldFormat::Text, FieldFormat::Date, FieldFormat::Email, FieldFormat::Phone, DIGITS];
        for format in formats {
            if let Ok(kept) = check(&format, &typed) {
                prop_assert_eq!(check(&format, &kept), Ok(kept.clone()));
            }
        }
    }
}
