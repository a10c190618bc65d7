//! Reads the phrase files. `[sign]` opens a section; phrases stand between semicolons;
//! `{a|b|}` stands for each of its choices; `~` before a phrase says that its words mean
//! something else in another language; `#` begins a line of comment.

use std::borrow::Cow;

use crate::domain::reading::Language;

use super::Sign;

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
    /// What it is a sign of.
    pub(super) sign: Sign,
    /// As the file has it.
    pub(super) text: &'static str,
    /// The language without which it does not count.
    pub(super) only_in: Option<Language>,
}

/// How many bytes the files have.
pub(super) fn size() -> usize {
    FILES.iter().map(|(_, file)| file.len()).sum()
}

/// All shipped phrases.
pub(super) fn shipped() -> impl Iterator<Item = Phrase> {
    FILES.iter().flat_map(|(language, file)| {
        let language = Language::parse(language);
        let mut sign = None;
        file.lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
            .filter_map(move |line| {
                if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    sign = Sign::parse(name);
                    return None;
                }
                sign.map(|sign| (sign, line))
            })
            .flat_map(move |(sign, line)| {
                line.split(';')
                    .map(str::trim)
                    .filter(|phrase| !phrase.is_empty())
                    .map(move |phrase| match phrase.strip_prefix('~') {
                        Some(text) => Phrase {
                            sign,
                            text,
                            only_in: language,
                        },
                        None => Phrase {
                            sign,
                            text: phrase,
                            only_in: None,
                        },
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

/// A phrase as written, without its apostrophes ("dont"), and with German digraphs ("fuer").
pub(super) fn spellings(phrase: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = vec![Cow::Borrowed(phrase)];
    if phrase.contains(['\'', '’']) {
        spellings.push(Cow::Owned(phrase.replace(['\'', '’'], "")));
    }
    if !phrase.is_ascii() && phrase.contains(['ä', 'ö', 'ü']) {
        let digraphs = phrase
            .replace('ä', "ae")
            .replace('ö', "oe")
            .replace('ü', "ue");
        spellings.push(Cow::Owned(digraphs));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::{FILES, Sign, spellings, templates};

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
    fn other_spellings_count() {
        assert_eq!(spellings("don't"), ["don't", "dont"]);
        assert_eq!(spellings("für"), ["für", "fuer"]);
    }

    #[test]
    fn the_phrase_files_have_known_sections_only() {
        for (language, file) in FILES {
            for line in file
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with('['))
            {
                let name = line.trim_start_matches('[').trim_end_matches(']');
                assert!(Sign::parse(name).is_some(), "{language}: {line}");
            }
        }
    }
}
