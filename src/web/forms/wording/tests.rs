//! That every language says everything.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{LANGUAGES, Language, Words};
use crate::domain::time::Length;

/// The texts of a language, each with its place.
fn texts(value: &Value, place: &str, all: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => all.push((place.to_owned(), text.clone())),
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                texts(value, &format!("{place}.{number}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                texts(value, &format!("{place}.{name}"), all);
            }
        }
        other => panic!("{place}: {other}"),
    }
}

fn holes(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn every_language_says_everything_and_fills_in_the_same() {
    let all: Vec<Vec<(String, String)>> = LANGUAGES
        .iter()
        .map(|words| {
            let mut all = Vec::new();
            let words = serde_json::to_value(words).expect("words");
            texts(&words, "", &mut all);
            all
        })
        .collect();
    let english = &all[0];
    for words in &all {
        for ((place, text), (_, in_english)) in words.iter().zip(english) {
            assert!(!text.trim().is_empty(), "{place}");
            assert_eq!(holes(text), holes(in_english), "{place}: {text}");
        }
    }
    // Sentences are never left in another language.
    for (number, (place, _)) in english.iter().enumerate() {
        let is_sentence = english[number].1.contains(' ');
        let different: BTreeSet<_> = all.iter().map(|words| &words[number].1).collect();
        let same_words = ["minute", "minutes", "hour", "hours", ".date"];
        if is_sentence && !same_words.iter().any(|name| place.ends_with(name)) {
            assert_eq!(different.len(), all.len(), "{place}");
        }
    }
}

#[test]
fn lengths_and_days_read_well() {
    let in_language = |language: &str| {
        let language = Language::parse(language).expect("a language");
        Words::of(language).expect("words")
    };
    let english = in_language("en");
    for (length, words) in [
        ("30s", "1 minute"),
        ("1m", "1 minute"),
        ("30m", "30 minutes"),
        ("1h", "1 hour"),
        ("90m", "90 minutes"),
        ("24h", "24 hours"),
    ] {
        let length: Length = length.parse().expect("a length");
        assert_eq!(english.length(length), words);
    }
    let at = "2026-03-04T23:30:00Z".parse().expect("a time");
    let day = |language| in_language(language).day(at, TimeZone::UTC);
    assert_eq!(day("en"), "4 March 2026");
    assert_eq!(day("de"), "4. März 2026");
    assert_eq!(day("es"), "4 de marzo de 2026");
    let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
    assert_eq!(english.day(at, berlin), "5 March 2026");
}

#[test]
fn the_version_of_a_consent_changes_with_its_words_alone() {
    let (words, version) = Words::english().consent_of("Acme");
    assert!(words.contains("Acme rings me"), "{words}");
    assert_eq!(Words::english().consent_of("Acme").1, version);
    assert_ne!(Words::english().consent_of("Other").1, version);
    assert!(Words::of(Language::ENGLISH).is_some());
}
