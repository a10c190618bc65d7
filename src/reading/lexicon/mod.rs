//! The phrases that tell what a message means, in thirteen languages, and one matcher that finds them
//! all. It finds; what a hit means after all is for `interpret` to say.

#[cfg(test)]
mod files;
mod matcher;
mod sign;
mod spellings;
mod tables;
mod weave;

use std::{ops::Range, sync::LazyLock};

use crate::domain::{
    reading::Language,
    vocabulary::{PhraseList, Vocabulary},
};

use super::{
    ReaderError,
    fold::{Folded, fold_phrase},
};

use matcher::Matcher;
use sign::Group;
use spellings::spellings;
use weave::Loom;

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

/// The most phrases an admin's lists may have together.
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
    /// What the meanings in the matcher are.
    meanings: Vec<(Meaning, Option<Language>)>,
}

/// The shipped phrases. `build.rs` makes their tables; here only the names of their meanings are
/// looked up.
static SHIPPED: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    matcher: Matcher::shipped(
        include_bytes!(concat!(env!("OUT_DIR"), "/phrases.numbers")),
        include_str!(concat!(env!("OUT_DIR"), "/phrases.letters")),
    ),
    meanings: include_str!(concat!(env!("OUT_DIR"), "/phrases.meanings"))
        .lines()
        .filter_map(|line| {
            let (sign, only_in) = line.split_once(' ').unwrap_or((line, ""));
            Some((
                Meaning::Shipped(Sign::parse(sign)?),
                Language::parse(only_in),
            ))
        })
        .collect(),
});

impl Phrases {
    /// The admin's phrases, list by list.
    fn own<'a>(
        lists: impl Iterator<Item = (Meaning, &'a Vec<String>)>,
    ) -> Result<Self, ReaderError> {
        let mut loom = Loom::default();
        let mut meanings = Vec::new();
        let mut count = 0;
        for ((meaning, phrases), number) in lists.zip(0..) {
            count += phrases.len();
            if count > MOST_PHRASES {
                return Err(ReaderError::TooLarge(format!(
                    "more than {MOST_PHRASES} phrases"
                )));
            }
            meanings.push((meaning, None));
            for spelling in phrases.iter().flat_map(|phrase| spellings(phrase)) {
                loom.add(&[vec![fold_phrase(&spelling)]], number);
            }
        }
        Ok(Self {
            matcher: loom.finish().into(),
            meanings,
        })
    }

    /// Calls `found` with each phrase in a text; with some twice.
    fn find(&self, text: &Folded, mut found: impl FnMut(Hit)) {
        self.matcher.find(text, |meaning, words| {
            if let Some((meaning, only_in)) = self.meanings.get(meaning) {
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
        let added = vocabulary.phrases.iter();
        let added = added.map(|(list, changes)| (Meaning::Added(*list), &changes.add));
        let topics = vocabulary.topics.iter().enumerate();
        let topics = topics.map(|(place, (_, words))| (Meaning::Topic(place), words));
        let lists = vocabulary.word_lists.iter().enumerate();
        let lists = lists.map(|(place, words)| (Meaning::WordList(place), words));
        Ok(Self {
            shipped: &SHIPPED,
            own: Phrases::own(added.chain(topics).chain(lists))?,
            removed: removed(vocabulary),
        })
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
                .map(|phrase| (*list, fold_phrase(phrase)))
        })
        .collect()
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
mod tests {
    use super::{Meaning, SHIPPED, Sign, files, fold_phrase, spellings};
    use crate::{domain::reading::Language, reading::fold::fold};

    /// Whether the shipped tables have a text as a phrase that means this.
    fn is_found(text: &str, meaning: files::Meaning) -> bool {
        let sign = Sign::parse(meaning.sign).expect("a known section");
        let only_in = meaning.only_in.and_then(Language::parse);
        let text = fold(text);
        // The end of the sentence is a word, too.
        let words = 0..text.words.len().saturating_sub(1);
        let mut is_found = false;
        SHIPPED.find(&text, |hit| {
            let meant = hit.meaning == Meaning::Shipped(sign) && hit.only_in == only_in;
            is_found |= meant && hit.words == words;
        });
        is_found
    }

    #[test]
    fn every_shipped_phrase_is_in_the_tables_that_the_build_made() {
        let mut looked_for = 0;
        let mut missed = Vec::new();
        for phrase in files::shipped() {
            for template in spellings(phrase.text)
                .iter()
                .flat_map(|s| files::templates(s))
            {
                let longest = template
                    .iter()
                    .filter_map(|choices| choices.iter().max_by_key(|choice| choice.len()));
                // A stop at the end of a slot ends no sentence.
                let words = longest.map(|choice| choice.trim().trim_end_matches('.'));
                let text = words.collect::<Vec<_>>().join(" ");
                looked_for += 1;
                // Of some symbols the folding leaves nothing.
                if !fold_phrase(&text).is_empty() && !is_found(&text, phrase.meaning) {
                    missed.push((text, phrase.meaning));
                }
            }
        }
        assert!(looked_for > 1_000, "only {looked_for} phrases");
        assert!(missed.is_empty(), "{missed:?}");
    }
}
