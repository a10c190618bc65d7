//! The phrases that tell what a message means, in thirteen languages, and one matcher that finds them
//! all. It finds; what a hit means after all is for `interpret` to say.

mod matcher;
mod phrases;
mod sign;

use std::{ops::Range, sync::LazyLock};

use crate::domain::{
    reading::Language,
    vocabulary::{PhraseList, Vocabulary},
};

use super::{
    ReaderError,
    fold::{Folded, fold},
};

use matcher::Matcher;
use phrases::Template;
use sign::Group;

pub(super) use sign::Sign;

/// What a found phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A shipped phrase.
    Shipped(Sign),
    /// A phrase the admin added to a list.
    Added(PhraseList),
    /// A shipped phrase the admin removed from a list.
    Removed(PhraseList),
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

/// The most phrases a reader takes, the shipped ones included.
const MOST_PHRASES: usize = 200_000;

/// Every phrase, ready to be found.
#[derive(Debug)]
pub(super) struct Lexicon {
    shipped: &'static Phrases,
    /// The admin's.
    own: Phrases,
    /// Phrases the admin removed from a list, folded.
    removed: Vec<(PhraseList, String)>,
}

/// Some phrases and what they stand for.
#[derive(Debug, Default)]
struct Phrases {
    matcher: Matcher,
    /// Per template of the matcher, what it stands for.
    meanings: Vec<(Meaning, Option<Language>)>,
}

/// The shipped phrases: the same for every reader, and made once.
static SHIPPED: LazyLock<Phrases> = LazyLock::new(|| {
    let mut shipped = Phrases {
        matcher: Matcher::with_room(phrases::size()),
        meanings: Vec::new(),
    };
    for phrase in phrases::shipped() {
        for spelling in phrases::spellings(phrase.text) {
            for template in phrases::templates(&spelling) {
                shipped.add(&template, Meaning::Shipped(phrase.sign), phrase.only_in);
            }
        }
    }
    shipped.matcher.finish();
    shipped
});

impl Phrases {
    fn add(&mut self, template: &Template<'_>, meaning: Meaning, only_in: Option<Language>) {
        if self.matcher.add(template) {
            self.meanings.push((meaning, only_in));
        }
    }

    /// Calls `found` with each phrase in a text; with some twice.
    fn find(&self, text: &Folded, mut found: impl FnMut(Hit)) {
        self.matcher.find(text, |template, words| {
            if let Some((meaning, only_in)) = self.meanings.get(template) {
                found(Hit {
                    meaning: *meaning,
                    words,
                    only_in: *only_in,
                });
            }
        });
    }
}

impl Lexicon {
    /// Takes the shipped phrases and the admin's changes.
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, ReaderError> {
        let mut lexicon = Self {
            shipped: &SHIPPED,
            own: Phrases::default(),
            removed: removed(vocabulary),
        };
        for (list, changes) in &vocabulary.phrases {
            lexicon.add(&changes.add, Meaning::Added(*list))?;
        }
        for (place, (_, words)) in vocabulary.topics.iter().enumerate() {
            lexicon.add(words, Meaning::Topic(place))?;
        }
        for (place, words) in vocabulary.word_lists.iter().enumerate() {
            lexicon.add(words, Meaning::WordList(place))?;
        }
        lexicon.own.matcher.finish();
        Ok(lexicon)
    }

    fn add(&mut self, phrases: &[String], meaning: Meaning) -> Result<(), ReaderError> {
        for phrase in phrases {
            for spelling in phrases::spellings(phrase) {
                if self.shipped.matcher.len() + self.own.matcher.len() >= MOST_PHRASES {
                    return Err(ReaderError::TooLarge(format!(
                        "more than {MOST_PHRASES} phrases"
                    )));
                }
                self.own.add(&vec![vec![spelling]], meaning, None);
            }
        }
        Ok(())
    }

    /// The phrases in a text, in order of their first word. A shipped phrase within a longer
    /// shipped phrase ("thanks" in "thanks for nothing") or touching one of the admin's does not
    /// count.
    pub(super) fn find(&self, text: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.shipped.find(text, |hit| {
            let meaning = self
                .gone_from(hit.meaning, text, &hit.words)
                .map_or(hit.meaning, Meaning::Removed);
            hits.push(Hit { meaning, ..hit });
        });
        self.own.find(text, |hit| hits.push(hit));
        // What counts in any language stands first, so that it is what stays.
        hits.sort_unstable_by_key(|hit| {
            (
                hit.words.start,
                std::cmp::Reverse(hit.words.end),
                hit.meaning,
                hit.only_in,
            )
        });
        hits.dedup_by(|a, b| a.words == b.words && a.meaning == b.meaning);
        drop_covered(hits)
    }

    /// The list that the admin removed the phrase from that these words are.
    fn gone_from(
        &self,
        meaning: Meaning,
        text: &Folded,
        words: &Range<usize>,
    ) -> Option<PhraseList> {
        let Meaning::Shipped(sign) = meaning else {
            return None;
        };
        let list = sign.list().filter(|_| !self.removed.is_empty())?;
        let found = text.words_line(words);
        self.removed
            .iter()
            .any(|(from, phrase)| *from == list && phrase == found)
            .then_some(list)
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

fn removed(vocabulary: &Vocabulary) -> Vec<(PhraseList, String)> {
    vocabulary
        .phrases
        .iter()
        .flat_map(|(list, changes)| {
            changes
                .remove
                .iter()
                .map(|phrase| (*list, folded_phrase(phrase)))
        })
        .collect()
}

/// A phrase as it stands in a folded line, without the end of its sentence.
fn folded_phrase(phrase: &str) -> String {
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
