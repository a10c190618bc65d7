//! Reads the phrase files. `[sign]` opens a section; phrases stand between semicolons;
//! `{a|b|}` stands for each of its choices; `~` before a phrase says that its words mean
//! something else in another language; `#` begins a line of comment.

use crate::domain::reading::Language;

use super::Sign;

const FILES: &[(&str, &str)] = &[
    ("en", include_str!("en.txt")),
    ("es", include_str!("es.txt")),
    ("de", include_str!("de.txt")),
    ("fr", include_str!("fr.txt")),
    ("pt", include_str!("pt.txt")),
    ("it", include_str!("it.txt")),
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

/// Every way to choose among `{a|b|}`, each in all its spellings.
pub(super) fn variants(phrase: &str) -> Vec<String> {
    let mut done = vec![String::new()];
    let mut rest = phrase;
    while let Some((plain, tail)) = rest.split_once('{') {
        let (choices, after) = tail.split_once('}').unwrap_or((tail, ""));
        done = done
            .iter()
            .flat_map(|start| {
                choices
                    .split('|')
                    .map(move |choice| format!("{start}{plain}{choice}"))
            })
            .collect();
        rest = after;
    }
    done.iter()
        .flat_map(|start| spellings(&format!("{start}{rest}")))
        .collect()
}

/// A phrase as written, without its apostrophes ("dont"), and with German digraphs ("fuer").
pub(super) fn spellings(phrase: &str) -> Vec<String> {
    let mut spellings = vec![phrase.to_owned()];
    if phrase.contains(['\'', '’']) {
        spellings.push(phrase.replace(['\'', '’'], ""));
    }
    if phrase.contains(['ä', 'ö', 'ü']) {
        let digraphs = phrase
            .replace('ä', "ae")
            .replace('ö', "oe")
            .replace('ü', "ue");
        spellings.push(digraphs);
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::{FILES, Sign, variants};

    #[test]
    fn choices_are_spelled_out() {
        assert_eq!(
            variants("{call|ring} me{| back}"),
            ["call me", "call me back", "ring me", "ring me back"]
        );
        assert_eq!(variants("don't"), ["don't", "dont"]);
        assert_eq!(variants("für"), ["für", "fuer"]);
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
