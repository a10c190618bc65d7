//! `rules.toml`: bytes to [`Rules`]. Errors come in stages (bytes, syntax, shape, meaning), all of
//! one stage at once. Opens no file and prints nothing.

mod access;
pub(crate) mod fields;
pub(crate) mod hours;
pub(crate) mod places;
pub(crate) mod problem;
pub(crate) mod raw;
pub(crate) mod shape;
pub(in crate::rules) mod shipped;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod texts;
pub(crate) mod tree;
mod validate;
mod validate_desks;
mod validate_patterns;
mod validate_retention;
mod validate_rules;
mod validate_texts;
pub(crate) mod words;

use std::{collections::BTreeSet, sync::Arc};

use sha2::{Digest, Sha256};

pub use problem::{FileErrors, Problem};

use fields::Word;

use super::{Rules, TestLine};
use crate::domain::ids::{ChannelName, RulesVersion};

/// What is wrong with a rules file.
pub type RulesErrors = FileErrors;

/// The largest rules file, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The shipped file, which is what holds without one.
const BUILT_IN: &str = include_str!("../../../config/rules.toml");

impl Rules {
    /// Reads a rules file, which errors call `name`. With `channels`, any other channel in the
    /// file is an error; without, all names will do, as for a replay of foreign threads.
    ///
    /// # Errors
    /// All problems of the first stage that has any.
    pub fn parse(
        source: &[u8],
        name: &str,
        channels: Option<&BTreeSet<ChannelName>>,
    ) -> Result<Self, RulesErrors> {
        let text = text(source, name)?;
        let errors = |problems| FileErrors::new(name, Some(&text), problems);
        let tree = tree::parse(&text).map_err(errors)?;
        let raw: raw::RawFile = shape::fit(&tree)
            .map_err(|misfits| errors(misfits.into_iter().map(Problem::from).collect()))?;
        validate::validate(&raw, &text, version(source), channels).map_err(errors)
    }

    /// The rules that hold without a file: the shipped one.
    ///
    /// # Panics
    /// Never: a test reads the shipped file.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the shipped file is part of the program"
    )]
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN.as_bytes(), "the built-in rules", None).expect("the shipped rules")
    }
}

impl TestLine {
    /// Reads a line as the threads of `[[tests]]` have it: `agent+5m: Which month?`.
    ///
    /// # Errors
    /// What is said of the line, such as "must say who writes", and after a line break how to
    /// mend it. May quote the line: for who typed it, never for a log.
    pub fn parse(line: &str) -> Result<Self, String> {
        Word::read(line)
    }
}

/// The bytes as text.
///
/// # Errors
/// When they are too many or no UTF-8.
pub(crate) fn text(source: &[u8], name: &str) -> Result<Arc<str>, FileErrors> {
    let refuse = |problem| Err(FileErrors::new(name, None, vec![problem]));
    if source.len() > MAX_BYTES {
        return refuse(
            Problem::new(format!("the file is larger than {} KiB", MAX_BYTES / 1024))
                .help("is it really this file that is meant?"),
        );
    }
    match std::str::from_utf8(source) {
        Ok(text) => Ok(text.into()),
        Err(error) => refuse(
            Problem::new(format!(
                "the file is not UTF-8 text: byte {} is not valid",
                error.valid_up_to()
            ))
            .help("save it as UTF-8 in your editor"),
        ),
    }
}

/// The first 12 hexadecimal digits of the SHA-256 of the bytes.
fn version(source: &[u8]) -> RulesVersion {
    let digest = hex::encode(Sha256::digest(source));
    RulesVersion(digest.chars().take(12).collect::<String>().into())
}
