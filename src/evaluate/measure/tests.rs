//! Counts by hand, on messages that no weights could read in another way.

use super::*;
use crate::domain::vocabulary::{PhraseChanges, PhraseList};

/// Rules whose own phrases decide, so that these tests hang on no weights.
fn rules() -> Rules {
    let mut rules = Rules::default();
    let says = |phrase: &str| PhraseChanges {
        add: vec![phrase.to_owned()],
        ..PhraseChanges::default()
    };
    rules
        .vocabulary
        .phrases
        .insert(PhraseList::WantsCall, says("zap me"));
    rules
}

fn measured(lines: &[&str]) -> (Figures, Vec<Mistake>) {
    let rules = rules();
    let reader = Reader::new(&rules.vocabulary).expect("a reader");
    let mut measure = Measure::new(&rules, &reader);
    for (number, line) in (1..).zip(lines) {
        let labelled = Labelled::parse(line).expect("a good line");
        measure
            .add(&format!("x:{number}"), &labelled)
            .expect("valid ids");
    }
    (measure.figures(), measure.mistakes())
}

#[test]
fn messages_are_counted_by_head_language_and_slice() {
    let (figures, mistakes) = measured(&[
        r#"{"party":"customer","lang":"en","slice":"calls","text":"zap me","labels":{"wants_call":true}}"#,
        r#"{"party":"customer","lang":"en","slice":"calls","text":"zap me","labels":{"wants_call":false}}"#,
        r#"{"party":"customer","lang":"de","text":"","labels":{"wants_call":true}}"#,
        r#"{"party":"customer","lang":"de","text":"","labels":{"borderline":true}}"#,
        r#"{"party":"customer","lang":"de","text":"","labels":{}}"#,
    ]);
    assert_eq!((figures.messages, figures.left_out), (4, 1));
    let counts = |heads: &super::super::figures::ByHead| {
        let calls = heads["wants_call"];
        (calls.tp, calls.fp, calls.missed)
    };
    assert_eq!(counts(&figures.heads), (1, 1, 1));
    assert_eq!(counts(&figures.languages["en"]), (1, 1, 0));
    assert_eq!(counts(&figures.languages["de"]), (0, 0, 1));
    assert_eq!(counts(&figures.slices["calls"]), (1, 1, 0));
    assert_eq!(figures.heads.len(), 1);
    let places: Vec<_> = mistakes
        .iter()
        .map(|mistake| (mistake.place.as_str(), mistake.found))
        .collect();
    assert_eq!(places, [("x:2", true), ("x:3", false)]);
}

#[test]
fn a_closing_that_was_not_found_stands_in_the_confusion() {
    let (figures, mistakes) = measured(&[
        r#"{"party":"customer","text":"","labels":{"closing":"waiting"}}"#,
        r#"{"party":"customer","text":"","labels":{"closing":null}}"#,
    ]);
    assert_eq!(figures.confusion["waiting"]["none"], 1);
    assert_eq!(figures.confusion["none"]["none"], 1);
    assert_eq!(figures.confusion["thanks"]["thanks"], 0);
    assert_eq!(mistakes.len(), 1);
}

#[test]
fn of_a_thread_the_customers_second_and_third_turn_are_measured_by_their_last_message() {
    let (figures, mistakes) = measured(&[
        r#"{"source":"s","turns":[{"party":"customer","text":"one"},{"party":"customer","text":"still one"},
            {"party":"agent","text":"b"},{"party":"customer","text":"two"},{"party":"customer","text":"zap me two"},
            {"party":"agent","text":"d"},{"party":"customer","text":"zap me three"}],
            "gold":{"second_fine":"closing_thanks","third_closing_thanks":false}}"#,
    ]);
    assert_eq!(figures.messages, 2);
    assert_eq!(figures.slices["s, customer's turn 2"]["thanks"].missed, 1);
    assert_eq!(figures.slices["s, customer's turn 3"]["thanks"].missed, 0);
    let texts: Vec<_> = mistakes
        .iter()
        .map(|mistake| mistake.text.reveal().as_str())
        .collect();
    assert_eq!(texts, ["zap me two"]);
}
