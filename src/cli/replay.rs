//! `ringback replay`: opens the files, runs them through `replay`, prints what came of it. What
//! is decided and how it is shown is `replay`'s business.

mod output;
mod sources;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;

use super::{BAD_INPUT, FINE, Files};
use crate::{
    reading::Reader,
    replay::{
        input::{Agents, Lines, WithoutStaff},
        pipeline::Readers,
    },
    rules::Rules,
};

/// What every help text ends with.
const EXAMPLES: &str = "\
Examples:
  What would have come of last month's threads?
    ringback replay threads.jsonl

  What would other rules change?
    ringback replay threads.jsonl --rules config/rules.toml --against draft.toml

  On how many threads did you type on after the third exchange? Before you install anything:
  in Telegram Desktop export a chat (⋮, Export chat history) or all chats (Settings,
  Advanced, Export Telegram data), format JSON
    ringback replay result.json
    ringback replay group/result.json --agent user123456 --agent \"Kim Doe\"

  One decision a line, for other programs
    ringback transcript --since 2026-01-01 | ringback replay --format jsonl -

In each of those lines `evidence` names the words that decided, such as
  [{\"head\":\"not_thanks\",\"words\":\"but\"},{\"head\":\"unsolved\",\"words\":\"still\"}]
Confidential data in them is masked.

A message is one line of JSON, or one row of CSV with the same names in its header:
  {\"channel\":\"x\",\"thread\":\"t1\",\"from\":\"customer\",\"text\":\"My bill is wrong\"}
`from` is customer, agent or bot. Optional: id, author, at (2026-01-05T10:00:00Z),
visibility (public or private), lang, tags. A bad line is reported and skipped; the exit
code is then 1.";

/// Where everybody in a group was taken for a customer.
const WHO_IS_YOURS: &str = "in a group of the export nobody is known to be yours, so every message \
    counts as a customer's; name your people with --agent user123 or --agent \"Kim Doe\"";

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files of messages in order of arrival, read one after the other; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Compare with these rules: what changes, thread by thread
    #[arg(long, value_name = "OTHER_RULES")]
    against: Option<PathBuf>,
    /// Print one decision a line instead of tables for people
    #[arg(long, value_enum, conflicts_with_all = ["against", "messages"])]
    format: Option<OutputFormat>,
    /// What the files hold [default: by the file's name and first line]
    #[arg(long, value_enum)]
    input: Option<InputFormat>,
    /// Who of a Telegram export is yours, by number or by name; once for each
    #[arg(long = "agent", value_name = "WHO")]
    agents: Vec<String>,
    /// Show every message with its decision, however many there are
    #[arg(long)]
    messages: bool,
}

/// How decisions are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Jsonl,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InputFormat {
    Jsonl,
    Csv,
    Telegram,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(rules) = super::rules_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let other = match &args.against {
        Some(path) => match super::rules_at(Some(path)) {
            Some(other) => Some(other),
            None => return Ok(ExitCode::from(BAD_INPUT)),
        },
        None => None,
    };
    let (sources, progress) = match sources::open(args) {
        Ok(opened) => opened,
        Err(problem) => {
            super::complain(&problem.to_string());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let reader = reader_of(&rules)?;
    let other_reader = match &other {
        // Rules that read alike share the work of reading.
        Some(other) if other.vocabulary != rules.vocabulary => Some(reader_of(other)?),
        _ => None,
    };
    let readers = Readers {
        first: &reader,
        second: other_reader.as_ref(),
    };
    let without_staff = WithoutStaff::default();
    let agents = Agents::new(args.agents.clone());
    let lines = Lines::new(sources).with_agents(agents, without_staff.clone());
    let log = output::BadLines::new(&args.inputs, &progress);
    let bad_lines = match (args.format, &other) {
        (Some(OutputFormat::Jsonl), _) => output::jsonl(lines, &rules, readers, log)?,
        (None, None) => output::report(lines, &rules, readers, log, args.messages)?,
        (None, Some(other)) => output::comparison(lines, &rules, other, readers, log)?,
    };
    if without_staff.groups() > 0 {
        super::complain(WHO_IS_YOURS);
    }
    Ok(ExitCode::from(if bad_lines == 0 {
        FINE
    } else {
        BAD_INPUT
    }))
}

fn reader_of(rules: &Rules) -> anyhow::Result<Reader> {
    Reader::new(&rules.vocabulary).context("the rules' phrases cannot be used")
}
