//! The command line: one file a command. Prints for people; everything else is done elsewhere.

mod check;
mod completions;
mod replay;
mod run;
mod token;
mod transcript;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::rules::Rules;

/// Everything was fine.
pub const FINE: u8 = 0;
/// Bad input was found.
pub const BAD_INPUT: u8 = 1;
/// The command line was wrong. clap's own exit code.
pub const USAGE: u8 = 2;
/// Something inside failed.
pub const INTERNAL: u8 = 70;

/// Rings customers back when text has stopped helping
#[derive(Debug, Parser)]
#[command(name = "ringback", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    files: Files,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The two files that every command may need.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Files {
    /// The settings file [default: config/ringback.toml if there is one, else built-in settings]
    #[arg(long, global = true, value_name = "FILE", env = "RINGBACK_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The rules file [default: the one that the settings name]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot (what plain `ringback` does)
    Run(run::Args),
    /// Check both files and run the rules' own tests
    Check(check::Args),
    /// Decide recorded threads, as the running bot would have
    Replay(replay::Args),
    /// Print stored messages in replay format, masked
    Transcript(transcript::Args),
    /// Make, list and revoke API tokens
    Token(token::Args),
    /// Print a shell's completion script
    Completions(completions::Args),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// What went wrong inside; bad input is an exit code, told to the user already.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let files = &self.files;
        match self.command {
            None => run::run(files, &run::Args::default()),
            Some(Command::Run(args)) => run::run(files, &args),
            Some(Command::Check(args)) => check::run(files, &args),
            Some(Command::Replay(args)) => replay::run(files, &args),
            Some(Command::Transcript(args)) => transcript::run(files, &args),
            Some(Command::Token(args)) => token::run(files, &args),
            Some(Command::Completions(args)) => completions::run(&args),
        }
    }
}

/// The rules that a command works with: those of `--rules`, else the built-in ones. `None` when
/// they are bad, which the user has been told.
fn rules_of(files: &Files) -> anyhow::Result<Option<Rules>> {
    match &files.rules {
        Some(path) => rules_at(path),
        None => Ok(Some(stand_in_rules())),
    }
}

/// The rules of a file.
fn rules_at(_path: &Path) -> anyhow::Result<Option<Rules>> {
    Ok(Some(stand_in_rules()))
}

/// STAND-IN until the rules file is merged.
fn stand_in_rules() -> Rules {
    use crate::{
        domain::{hours::Hours, ids::RulesVersion, vocabulary::Vocabulary},
        rules::{Desk, Policy},
    };
    Rules {
        version: RulesVersion("built-in".into()),
        defaults: Policy::default(),
        channels: std::collections::BTreeMap::new(),
        desks: std::collections::BTreeMap::from([(
            Desk::default_name(),
            Desk {
                hours: Hours::always(),
            },
        )]),
        rules: Vec::new(),
        vocabulary: Vocabulary::default(),
        tests: Vec::new(),
    }
}

/// Tells the user of bad input.
#[expect(clippy::print_stderr, reason = "the one place where commands complain")]
fn complain(message: &str) {
    eprintln!("ringback: {message}");
}
