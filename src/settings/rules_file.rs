//! The rules file that the settings name: read, checked and tried against its own tests. What
//! `check` and `run` do at the start a live reload does again, so it stands here once.

use std::{collections::BTreeSet, path::Path};

use super::layers::read_bytes;
use crate::{
    domain::ids::ChannelName,
    reading::{Reader, ReaderError},
    replay::rules_tests::{self, Outcome},
    rules::{
        Rules,
        file::{FileErrors, Problem, RulesErrors},
    },
};

/// Why a rules file cannot be used. `Display` is one line for logs and answers.
#[derive(Debug, thiserror::Error)]
pub enum RulesFileError {
    /// It cannot be read, or something is wrong with it.
    #[error(transparent)]
    Invalid(#[from] RulesErrors),
    /// Its phrases are too many.
    #[error("{0}")]
    Reader(#[from] ReaderError),
    /// It is valid, but its own tests fail.
    #[error("{}", failing(.0))]
    Failing(Vec<Outcome>),
}

impl RulesFileError {
    /// All of it, for people: mistakes with their lines, failed tests with what came instead.
    #[must_use]
    pub fn report(&self) -> String {
        match self {
            Self::Invalid(errors) => errors.report(),
            Self::Reader(_) => format!("{self}\n"),
            Self::Failing(outcomes) => format!("{}{self}\n", failures(outcomes)),
        }
    }
}

fn failing(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some());
    let names: Vec<&str> = failed.map(|outcome| outcome.name.as_str()).collect();
    format!(
        "{} of the rules' {} tests failed: {}",
        names.len(),
        outcomes.len(),
        names.join("; ")
    )
}

/// Each failed test with what was expected and what came instead; empty if all passed.
#[must_use]
pub fn failures(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter_map(|outcome| {
        let failure = outcome.failure.as_deref()?;
        Some(format!("test failed: {}\n  {failure}\n\n", outcome.name))
    });
    failed.collect()
}

/// Reads and checks a rules file without running its tests; without a path, the built-in rules.
///
/// # Errors
/// When it cannot be read or is not valid. So is an empty one: editors empty a file before they
/// write it, and every rule would be off for that moment.
pub fn read(
    path: Option<&Path>,
    channels: Option<&BTreeSet<ChannelName>>,
) -> Result<Rules, RulesErrors> {
    let Some(path) = path else {
        return Ok(Rules::built_in());
    };
    let name = path.display().to_string();
    let bytes = read_bytes(path).map_err(|error| {
        let problem = Problem::new(format!("cannot read the rules file {name}: {error}"))
            .help("check `rules` in the settings, or --rules");
        FileErrors::new(&name, None, vec![problem])
    })?;
    if bytes.is_empty() {
        let problem = Problem::new(format!("the rules file {name} is empty"))
            .help("is it still being written? For the built-in rules write a comment into it, or name no rules file");
        return Err(FileErrors::new(&name, None, vec![problem]));
    }
    Rules::parse(&bytes, &name, channels)
}

/// [`read`], and then the rules' own tests: only rules that this returns may go live. With them
/// comes the reader that is built from them.
///
/// # Errors
/// When it cannot be read, is not valid, or fails a test.
pub fn load(
    path: Option<&Path>,
    channels: &BTreeSet<ChannelName>,
) -> Result<(Rules, Reader), RulesFileError> {
    let rules = read(path, Some(channels))?;
    let reader = Reader::new(&rules.vocabulary)?;
    let outcomes = rules_tests::run(&rules, &reader);
    if outcomes.iter().any(|outcome| outcome.failure.is_some()) {
        return Err(RulesFileError::Failing(outcomes));
    }
    Ok((rules, reader))
}
