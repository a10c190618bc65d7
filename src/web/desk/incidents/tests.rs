//! What the form of an incident says.

use super::{Form, LONGEST, typed};

fn form(fields: &[(&str, &str)]) -> Form {
    let fields = fields.iter();
    fields
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn each_language_has_its_text_and_an_empty_one_is_none() {
    let typed = typed(form(&[
        ("text-de", " Wir wissen davon. "),
        ("text-fr", " "),
    ]));
    let (texts, older) = typed.expect("understood");
    let texts: Vec<_> = texts
        .iter()
        .map(|text| (text.language.as_str(), text.text.reveal().as_str()))
        .collect();
    assert_eq!(texts, [("de", "Wir wissen davon.")]);
    assert!(!older);
}

#[test]
fn older_callbacks_are_held_back_only_if_ticked() {
    assert!(typed(form(&[("older", "on")])).expect("understood").1);
    assert!(typed(form(&[("newer", "on")])).is_err());
}

#[test]
fn a_text_is_cut_where_the_field_ends() {
    let (texts, _) = typed(form(&[("text-en", &"é".repeat(2_000))])).expect("understood");
    assert_eq!(texts[0].text.reveal().chars().count(), LONGEST);
}
