//! The command line: one file a command. Prints for people; everything else is done elsewhere.

mod audit;
mod backup;
mod check;
mod completions;
mod core_dumps;
mod corrections;
mod demo;
mod do_not_call;
mod eval;
mod health;
mod keys;
mod open;
mod replay;
mod report;
mod restore;
mod rights;
mod run;
mod telegram;
mod token;
mod transcript;
mod user;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::{
    rules::Rules,
    settings::{Settings, rules_file},
};

/// Everything was fine.
pub const FINE: u8 = 0;
/// Bad input was found.
pub const BAD_INPUT: u8 = 1;
/// The command line was wrong. clap's own exit code.
pub const USAGE: u8 = 2;
/// Something inside failed.
pub const INTERNAL: u8 = 70;

/// What a newcomer tries first.
const EXAMPLES: &str = "\
Examples:
  What is this? See it at work on one page, with nothing to set up
    ringback demo

  Are both files fine, and what do they mean?
    ringback check
    ringback check --explain

  What would have come of these threads?
    ringback replay config/examples/many-threads.jsonl

  Run the bot, with other settings than config/ringback.toml
    ringback run --config /etc/ringback.toml

Exit codes: 0 fine, 1 bad input found, 2 wrong command line, 70 something inside failed.";

/// Rings customers back when text has stopped helping
#[derive(Debug, Parser)]
#[command(name = "ringback", version, about, max_term_width = 100, after_help = EXAMPLES)]
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
    /// Show Ringback at work on one page, with a throw-away database
    ///
    /// The customer's chat stands on the left, your team's desk on the right. Two buttons play a
    /// story; or write yourself, on both sides. Nobody has to sign in, so only this machine can
    /// open it. No settings file is read, and everything is thrown away when you stop it.
    Demo(demo::Args),
    /// Check both files and run the rules' own tests
    Check(check::Args),
    /// Decide recorded threads, as the running bot would have
    Replay(replay::Args),
    /// Measure the reader on labelled messages
    Eval(eval::Args),
    /// Print stored messages in replay format, masked
    Transcript(transcript::Args),
    /// Print what people said of readings, as labelled messages to learn from
    Corrections(corrections::Args),
    /// Print what a month came to: one page, or one figure a row
    Report(report::Args),
    /// Print all that is kept of a customer, as JSON
    Export(rights::ExportArgs),
    /// Erase all that is kept of a customer
    Erase(rights::EraseArgs),
    /// Say who must not be rung
    DoNotCall(do_not_call::Args),
    /// Check that the audit is whole, and list it
    Audit(audit::Args),
    /// Copy the database to a file, also while the bot runs
    Backup(backup::Args),
    /// Put a backup in the database's place
    Restore(restore::Args),
    /// Make, list and revoke API tokens
    Token(token::Args),
    /// Add, list and disable agent accounts
    User(user::Args),
    /// Say which groups and persons of Telegram are whose
    Telegram(telegram::Args),
    /// Make, list and rotate the keys that open what customers submit
    Keys(keys::Args),
    /// Open on your own machine what a customer submitted
    Open(open::Args),
    /// Ask a running bot whether it can work
    Health(health::Args),
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
            Some(Command::Demo(args)) => demo::run(files, &args),
            Some(Command::Check(args)) => check::run(files, &args),
            Some(Command::Replay(args)) => replay::run(files, &args),
            Some(Command::Eval(args)) => eval::run(files, &args),
            Some(Command::Transcript(args)) => transcript::run(files, &args),
            Some(Command::Corrections(args)) => corrections::run(files, &args),
            Some(Command::Report(args)) => report::run(files, &args),
            Some(Command::Export(args)) => rights::export(files, &args),
            Some(Command::Erase(args)) => rights::run_erase(files, &args),
            Some(Command::DoNotCall(args)) => do_not_call::run(files, &args),
            Some(Command::Audit(args)) => audit::run(files, &args),
            Some(Command::Backup(args)) => backup::run(files, &args),
            Some(Command::Restore(args)) => restore::run(files, &args),
            Some(Command::Token(args)) => token::run(files, &args),
            Some(Command::User(args)) => user::run(files, &args),
            Some(Command::Telegram(args)) => telegram::run(files, &args),
            Some(Command::Keys(args)) => keys::run(files, &args),
            Some(Command::Open(args)) => open::run(&args),
            Some(Command::Health(args)) => health::run(files, &args),
            Some(Command::Completions(args)) => completions::run(&args),
        }
    }
}

/// The rules that a command works with: those of `--rules`, else those that the settings name.
/// `None` when they are bad, which the user has been told.
fn rules_of(files: &Files) -> Option<Rules> {
    if let Some(path) = &files.rules {
        return rules_at(Some(path));
    }
    rules_at(settings_of(files)?.rules.as_deref())
}

/// The rules of a file, whatever channels they name; without one, the built-in rules.
fn rules_at(path: Option<&Path>) -> Option<Rules> {
    rules_file::read(path, None)
        .inspect_err(|errors| complain_at_length(&errors.report()))
        .ok()
}

/// The settings, or `None` when they are bad, which the user has been told.
fn settings_of(files: &Files) -> Option<Settings> {
    Settings::load(files.config.as_deref(), files.rules.as_deref())
        .inspect_err(|errors| complain_at_length(&errors.report()))
        .ok()
}

/// Takes what came of writing to standard output: a reader that went away, as `head` does, is no
/// error.
fn unless_nobody_reads(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Tells a person what is not for a script.
#[expect(clippy::print_stderr, reason = "tells a person")]
fn tell(text: &str) {
    eprintln!("{text}");
}

/// Tells the user of bad input.
#[expect(clippy::print_stderr, reason = "the one place where commands complain")]
fn complain(message: &str) {
    eprintln!("ringback: {message}");
}

/// Tells the user of bad input with all that is known of it.
#[expect(clippy::print_stderr, reason = "the one place where commands complain")]
fn complain_at_length(report: &str) {
    eprint!("{report}");
}
