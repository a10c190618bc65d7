//! Reads the phrase files. `[sign]` opens a section; phrases stand between semicolons;
//! `{a|b|}` stands for each of its choices; `~` before a phrase says that its words mean
//! something else in another language; `#` begins a line of comment. This file is a part of
//! `build.rs`, and of the tests; the running reader reads none.

use std::borrow::Cow;

const FILES: &[(&str, &str)] = &[
    ("en", include_str!("en.txt")),
    ("es", include_str!("es.txt")),
    ("de", include_str!("de.txt")),
    ("fr", include_str!("fr.txt")),
    ("pt", include_str!("pt.txt")),
    ("it", include_str!("it.txt")),
    ("nl", include_str!("nl.txt")),
    ("pl", include_str!("pl.txt")),
    ("tr", include_str!("tr.txt")),
    ("ar", include_str!("ar.txt")),
    ("hi", include_str!("hi.txt")),
    ("ja", include_str!("ja.txt")),
    ("zh", include_str!("zh.txt")),
];

/// One shipped phrase, its choices not yet spelled out.
pub(super) struct Phrase {
    /// What it means.
    pub(super) meaning: Meaning,
    /// As the file has it.
    pub(super) text: &'static str,
}

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The name of the sign that it is.
    pub(super) sign: &'static str,
    /// The language without which it does not count.
    pub(super) only_in: Option<&'static str>,
}

/// All shipped phrases.
pub(super) fn shipped() -> impl Iterator<Item = Phrase> {
    FILES.iter().flat_map(|(language, file)| {
        let mut sign = None;
        file.lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
            .filter_map(move |line| {
                if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    sign = Some(name);
                    return None;
                }
                sign.map(|sign| (sign, line))
            })
            .flat_map(move |(sign, line)| {
                line.split(';')
                    .map(str::trim)
                    .filter(|phrase| !phrase.is_empty())
                    .map(move |phrase| {
                        let only_here = phrase.strip_prefix('~');
                        let only_in = only_here.map(|_| *language);
                        Phrase {
                            meaning: Meaning { sign, only_in },
                            text: only_here.unwrap_or(phrase),
                        }
                    })
            })
    })
}

/// A phrase as slots, each with its choices.
pub(super) type Template<'a> = Vec<Vec<Cow<'a, str>>>;

/// A phrase as slots with their choices. Where a choice is part of a word ("licen{s|c}e") the
/// phrase is spelled out into several.
pub(super) fn templates(phrase: &str) -> Vec<Template<'_>> {
    let mut slots: Vec<Vec<&str>> = Vec::new();
    let mut rest = phrase;
    while let Some((plain, tail)) = rest.split_once('{') {
        let (choices, after) = tail.split_once('}').unwrap_or((tail, ""));
        if !plain.is_empty() {
            slots.push(vec![plain]);
        }
        slots.push(choices.split('|').collect());
        rest = after;
    }
    if !rest.is_empty() {
        slots.push(vec![rest]);
    }
    if slots.len() == 1 {
        let choices = slots.into_iter().flatten().map(Cow::Borrowed).collect();
        return vec![vec![choices]];
    }
    let glued = slots.iter().zip(slots.iter().skip(1)).any(|(left, right)| {
        left.iter().any(|l| !l.is_empty() && !l.ends_with(' '))
            && right.iter().any(|r| !r.is_empty() && !r.starts_with(' '))
    });
    if glued {
        let spelled = spelled_out(&slots).into_iter();
        spelled
            .map(|phrase| vec![vec![Cow::Owned(phrase)]])
            .collect()
    } else {
        let borrowed = |choices: Vec<_>| choices.into_iter().map(Cow::Borrowed).collect();
        vec![slots.into_iter().map(borrowed).collect()]
    }
}

fn spelled_out(slots: &[Vec<&str>]) -> Vec<String> {
    slots.iter().fold(vec![String::new()], |done, choices| {
        done.iter()
            .flat_map(|start| choices.iter().map(move |choice| format!("{start}{choice}")))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{shipped, templates};
    use crate::{domain::reading::Language, reading::lexicon::Sign};

    #[test]
    fn choices_become_slots_unless_they_are_part_of_a_word() {
        assert_eq!(
            templates("{call|ring} me{| back}"),
            [[vec!["call", "ring"], vec![" me"], vec!["", " back"]]]
        );
        assert_eq!(
            templates("licen{s|c}e"),
            [[vec!["license"]], [vec!["licence"]]]
        );
    }

    #[test]
    fn the_phrase_files_have_known_sections_only() {
        for phrase in shipped() {
            let meaning = phrase.meaning;
            assert!(Sign::parse(meaning.sign).is_some(), "{meaning:?}");
            let known = |code| Language::parse(code).is_some();
            assert!(meaning.only_in.is_none_or(known), "{meaning:?}");
        }
    }
}
