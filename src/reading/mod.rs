//! Reads one message: `scan` finds what the text alone tells, `interpret` what it means after
//! what was said before. Pure; knows `domain` only. Phrases and rules judge, and a trained model
//! weighs what they find.

mod across;
mod alphabet;
mod clues;
mod fold;
mod interpret;
mod language;
mod letters;
mod lexicon;
mod masking;
mod model;
mod spans;

use crate::domain::{
    ids::PatternName,
    message::Party,
    private::Private,
    reading::{Context, Language, Reading, SensitiveSpan},
    vocabulary::Vocabulary,
};

use fold::{Folded, fold};
use lexicon::{Hit, Lexicon};
use spans::Patterns;

pub use across::{Joint, LOOKED_AT, LOOKED_BACK, Said};
pub use masking::{hide, mask, mask_evidence};
pub use model::{FEATURES_VERSION, Weights, WeightsError};

/// What the model weighs of one message, as training reads it: hashes of features, and what one of
/// those of spelling counts for beside one of structure.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureHashes {
    /// Of signs, marks, judgements and counts.
    pub structure: Vec<u32>,
    /// Of words and parts of words.
    pub spelling: Vec<u32>,
    /// What one of `spelling` counts for.
    pub share: f32,
    /// Of the structure what stands alone, and how large it is.
    pub plain: Vec<(u32, u8)>,
}

/// Why a reader cannot be built from a vocabulary.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The phrases together are too many for the matcher.
    #[error("the phrase lists are too large: {0}")]
    TooLarge(String),
    /// One of the admin's patterns is no regular expression, or too large.
    #[error("the pattern `{name}` cannot be used: {error}")]
    Pattern {
        /// The pattern's name.
        name: PatternName,
        /// What is wrong with it.
        error: regex::Error,
    },
    /// The weights cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// Reads messages. Built once per rules file and shared.
#[derive(Debug)]
pub struct Reader {
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    patterns: Patterns,
    weights: Weights,
}

/// What the text alone tells.
#[derive(Clone)]
pub struct Scan {
    /// Sensitive data, in order of `start`, not overlapping.
    pub sensitive: Vec<SensitiveSpan>,
    /// The text as received, for the words that [`Reader::interpret`] gives as evidence.
    text: Private<String>,
    folded: Folded,
    hits: Vec<Hit>,
    /// What the network says, or what the text itself tells for sure.
    language: Option<Language>,
    /// The next message may go on with what this one ends with.
    trails: bool,
}

impl Scan {
    /// Whether the next message may go on with what this one ends with.
    #[must_use]
    pub const fn trails(&self) -> bool {
        self.trails
    }

    /// The scan of a text in which more was found, by what was said beside it.
    #[must_use]
    pub fn with(&self, found: &[SensitiveSpan]) -> Self {
        let mut scan = self.clone();
        scan.sensitive.retain(|own| {
            let hidden = |span: &SensitiveSpan| span.start < own.end && own.start < span.end;
            !found.iter().any(hidden)
        });
        scan.sensitive.extend(found);
        scan.sensitive.sort_unstable_by_key(|span| span.start);
        scan
    }
}

impl std::fmt::Debug for Scan {
    /// Shows no word of the message.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan")
            .field("sensitive", &self.sensitive)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Builds a reader.
    ///
    /// # Errors
    /// When the admin's lists are too large for the matcher, or a pattern is none.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, ReaderError> {
        Self::with_weights(vocabulary, Weights::shipped()?)
    }

    /// Builds a reader with other weights than the shipped ones.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_weights(vocabulary: &Vocabulary, weights: Weights) -> Result<Self, ReaderError> {
        Ok(Self {
            weights,
            lexicon: Lexicon::new(vocabulary)?,
            patterns: Patterns::new(&vocabulary.patterns).map_err(|(pattern, error)| {
                ReaderError::Pattern {
                    name: pattern.name.clone(),
                    error,
                }
            })?,
            vocabulary: vocabulary.clone(),
        })
    }

    /// Finds spans and features in a text. Context-free, so that it can run in parallel before
    /// the writer. `language` is what the network says, if it does.
    #[must_use]
    pub fn scan(&self, text: &str, language: Option<Language>) -> Scan {
        let folded = fold(text);
        let sensitive = spans::find(text, &self.patterns);
        Scan {
            trails: Self::trails(text, &sensitive),
            sensitive,
            hits: self.lexicon.find(&folded),
            folded,
            language: language.or_else(|| language::detect(text)),
            text: Private::new(text.to_owned()),
        }
    }

    /// Understands a scanned message of `party` in the light of what was said before it.
    #[must_use]
    pub fn interpret(&self, scan: &Scan, party: Party, context: &Context) -> Reading {
        interpret::interpret(self.means(), scan, party, context)
    }

    /// What the model weighs of a message, for training.
    #[must_use]
    pub fn features(&self, scan: &Scan, party: Party, context: &Context) -> FeatureHashes {
        let (_, features) = interpret::read(self.means(), scan, party, context);
        features.hashes()
    }

    const fn means(&self) -> interpret::Means<'_> {
        interpret::Means {
            vocabulary: &self.vocabulary,
            lexicon: &self.lexicon,
            weights: Some(&self.weights),
        }
    }
}

#[cfg(test)]
mod tests;
