//! The phrases that tell what a message means, in six languages, and one matcher that finds them
//! all in a single pass. It finds; what a hit means after all is for `interpret` to say.

mod phrases;
mod sign;

use std::{collections::HashMap, ops::Range};

use aho_corasick::AhoCorasick;

use crate::domain::{
    reading::Language,
    vocabulary::{PhraseList, Vocabulary},
};

use super::{
    ReaderError,
    fold::{Folded, fold},
};

use sign::Group;

pub(super) use sign::Sign;

/// What a found phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A shipped phrase.
    Shipped(Sign),
    /// A phrase the admin added to a list.
    Added(PhraseList),
    /// A word of the topic at this place of the vocabulary.
    Topic(usize),
    /// A word of the word list at this place of the vocabulary.
    WordList(usize),
}

/// A phrase found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it stands for.
    pub(super) meaning: Meaning,
    /// Its words, as places in [`Folded::words`].
    pub(super) words: Range<usize>,
    /// Set where the phrase is a word of another meaning elsewhere: it counts only in a message
    /// of this language, or of unknown language.
    pub(super) only_in: Option<Language>,
}

/// Every phrase, ready to be found.
#[derive(Debug)]
pub(super) struct Lexicon {
    matcher: AhoCorasick,
    /// Per pattern of the matcher, what it stands for.
    meanings: Vec<Vec<(Meaning, Option<Language>)>>,
    /// Phrases the admin removed from a list, folded, for what is found by more than a phrase.
    removed: Vec<(PhraseList, String)>,
}

impl Lexicon {
    /// Builds the matcher from the shipped phrases and the admin's changes.
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, ReaderError> {
        let removed = removed(vocabulary);
        let mut patterns = Patterns::default();
        for phrase in phrases::shipped() {
            let list = phrase.sign.list();
            for variant in phrases::variants(phrase.text) {
                let folded = folded(&variant);
                let gone = removed
                    .iter()
                    .any(|(from, words)| list == Some(*from) && *words == folded);
                if !gone {
                    patterns.add(folded, Meaning::Shipped(phrase.sign), phrase.only_in);
                }
            }
        }
        for (list, changes) in &vocabulary.phrases {
            for phrase in &changes.add {
                patterns.add_all(phrase, Meaning::Added(*list));
            }
        }
        for (place, (_, words)) in vocabulary.topics.iter().enumerate() {
            for phrase in words {
                patterns.add_all(phrase, Meaning::Topic(place));
            }
        }
        for (place, words) in vocabulary.word_lists.iter().enumerate() {
            for phrase in words {
                patterns.add_all(phrase, Meaning::WordList(place));
            }
        }
        let matcher = AhoCorasick::new(&patterns.texts)
            .map_err(|error| ReaderError::TooLarge(error.to_string()))?;
        Ok(Self {
            matcher,
            meanings: patterns.meanings,
            removed,
        })
    }

    /// The phrases in a text, in order of their first word. A shipped phrase within a longer
    /// shipped phrase ("thanks" in "thanks for nothing") or touching one of the admin's does not
    /// count.
    pub(super) fn find(&self, text: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        for found in self.matcher.find_overlapping_iter(&text.line) {
            // A pattern begins and ends with the space around its words.
            let first = text.word_at(found.start() + 1);
            let end = text.word_at(found.end());
            let Some(meanings) = self.meanings.get(found.pattern().as_usize()) else {
                continue;
            };
            hits.extend(meanings.iter().map(|(meaning, only_in)| Hit {
                meaning: *meaning,
                words: first..end,
                only_in: *only_in,
            }));
        }
        hits.sort_by_key(|hit| {
            (
                hit.words.start,
                std::cmp::Reverse(hit.words.end),
                hit.meaning,
            )
        });
        hits.dedup_by(|a, b| a.words == b.words && a.meaning == b.meaning);
        drop_covered(hits)
    }

    /// Whether the admin removed a phrase that has both of these words from a list.
    pub(super) fn is_removed(&self, list: PhraseList, words: [&str; 2]) -> bool {
        self.removed.iter().any(|(from, phrase)| {
            *from == list
                && words
                    .iter()
                    .all(|word| phrase.split(' ').any(|w| w == *word))
        })
    }
}

/// Patterns in the making: one entry a folded text, with all it stands for.
#[derive(Default)]
struct Patterns {
    places: HashMap<String, usize>,
    texts: Vec<String>,
    meanings: Vec<Vec<(Meaning, Option<Language>)>>,
}

impl Patterns {
    fn add_all(&mut self, phrase: &str, meaning: Meaning) {
        for variant in phrases::spellings(phrase) {
            self.add(folded(&variant), meaning, None);
        }
    }

    fn add(&mut self, folded: String, meaning: Meaning, only_in: Option<Language>) {
        if folded.is_empty() {
            return;
        }
        let place = *self.places.entry(folded).or_insert_with_key(|folded| {
            self.texts.push(format!(" {folded} "));
            self.meanings.push(Vec::new());
            self.texts.len() - 1
        });
        if let Some(meanings) = self.meanings.get_mut(place) {
            match meanings.iter_mut().find(|(known, _)| *known == meaning) {
                // Listed in a second language: then it is no word of one language only.
                Some((_, known)) if *known != only_in => *known = None,
                Some(_) => {}
                None => meanings.push((meaning, only_in)),
            }
        }
    }
}

fn removed(vocabulary: &Vocabulary) -> Vec<(PhraseList, String)> {
    vocabulary
        .phrases
        .iter()
        .flat_map(|(list, changes)| changes.remove.iter().map(|phrase| (*list, folded(phrase))))
        .collect()
}

/// A phrase as it stands in a folded line, without the end of its sentence.
fn folded(phrase: &str) -> String {
    fold(phrase)
        .line
        .trim()
        .trim_end_matches('.')
        .trim_end()
        .to_owned()
}

/// Leaves out the shipped hits that lie within a longer one of their group or touch an added
/// one.
fn drop_covered(hits: Vec<Hit>) -> Vec<Hit> {
    let added: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| matches!(hit.meaning, Meaning::Added(_)))
        .map(|hit| hit.words.clone())
        .collect();
    let mut widest = [const { 0..0 }; Group::COUNT];
    let mut next_added = 0;
    let mut added_end = 0;
    let mut kept = Vec::with_capacity(hits.len());
    for hit in hits {
        let Meaning::Shipped(sign) = hit.meaning else {
            kept.push(hit);
            continue;
        };
        while let Some(words) = added.get(next_added).filter(|w| w.start < hit.words.end) {
            added_end = added_end.max(words.end);
            next_added += 1;
        }
        if hit.words.start < added_end {
            continue;
        }
        let Some(widest) = sign.group().and_then(|g| widest.get_mut(g as usize)) else {
            kept.push(hit);
            continue;
        };
        let covered = hit.words.end <= widest.end && hit.words != *widest;
        if hit.words.end > widest.end {
            *widest = hit.words.clone();
        }
        if !covered {
            kept.push(hit);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
