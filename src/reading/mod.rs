//! Reads one message: `scan` finds what the text alone tells, `interpret` what it means after
//! what was said before. Pure; knows `domain` only. A trained model will stand behind the same
//! two functions.

pub mod language;
mod masking;
pub mod spans;

pub use masking::mask;

use crate::domain::{
    message::Party,
    reading::{Context, Language, Reading, SensitiveSpan},
    vocabulary::Vocabulary,
};

/// Why a reader cannot be built from a vocabulary.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The phrases together are too many for the matcher.
    #[error("the phrase lists are too large: {0}")]
    TooLarge(String),
}

/// Reads messages. Built once per rules file and shared.
#[derive(Debug)]
pub struct Reader {
    vocabulary: Vocabulary,
}

/// What the text alone tells.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Sensitive data, in order of `start`, not overlapping.
    pub sensitive: Vec<SensitiveSpan>,
}

impl Reader {
    /// Builds a reader.
    ///
    /// # Errors
    /// When the admin's lists are too large for the matcher.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, ReaderError> {
        Ok(Self {
            vocabulary: vocabulary.clone(),
        })
    }

    /// Finds spans and features in a text. Context-free, so that it can run in parallel before
    /// the writer. `language` is what the network says, if it does.
    #[must_use]
    pub fn scan(&self, _text: &str, _language: Option<Language>) -> Scan {
        let _ = &self.vocabulary;
        Scan {
            sensitive: Vec::new(),
        }
    }

    /// Understands a scanned message of `party` in the light of what was said before it.
    #[must_use]
    pub fn interpret(&self, _scan: &Scan, _party: Party, _context: &Context) -> Reading {
        Reading::blank(Language::ENGLISH)
    }
}
