//! What a form of hand-over says.

use super::{CallbackId, Form, MAX_TYPED, Role, SignedIn, whose, words};

fn form(fields: &[(&str, &str)]) -> Form {
    let fields = fields.iter();
    fields
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn a_word_belongs_to_its_callback_and_an_empty_one_is_none() {
    let words = words(form(&[
        ("note-7", " Ring at ten \n"),
        ("note-9", " "),
        ("of", "kim"),
    ]));
    let words: Vec<_> = words
        .expect("understood")
        .into_iter()
        .map(|(id, text)| (id, text.map(|text| text.into_revealed())))
        .collect();
    assert_eq!(
        words,
        [
            (CallbackId(7), Some("Ring at ten".to_owned())),
            (CallbackId(9), None)
        ]
    );
}

#[test]
fn a_field_that_the_page_has_not_is_refused_and_a_long_word_is_cut() {
    assert!(words(form(&[("note-x", "a")])).is_err());
    assert!(words(form(&[("other", "a")])).is_err());
    let long = "é".repeat(MAX_TYPED + 1);
    let words = words(form(&[("note-1", &long)])).expect("understood");
    let kept = words[0].1.as_ref().expect("kept").reveal().chars().count();
    assert_eq!(kept, MAX_TYPED);
}

#[test]
fn only_a_supervisor_hands_over_for_others() {
    let kim = SignedIn::somebody("kim", Role::Agent);
    assert_eq!(whose(&kim, None).expect("theirs"), kim.name);
    assert_eq!(whose(&kim, Some("kim")).expect("theirs"), kim.name);
    assert!(whose(&kim, Some("lee")).is_err());
    let sue = SignedIn::somebody("sue", Role::Supervisor);
    assert_eq!(whose(&sue, Some("kim")).expect("allowed"), kim.name);
}
