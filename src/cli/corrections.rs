//! `ringback corrections`: what people said of readings, as labelled messages without names.

use std::{
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    process::ExitCode,
};

use anyhow::Context;

use super::{
    BAD_INPUT, FINE, Files, complain, rules_of, settings_of, transcript::moment,
    unless_nobody_reads,
};
use crate::{
    domain::{message::Party, reading::Language, record::ClosingName, time::Timestamp},
    evaluate::{CorrectedLine, Labels, Origin, nameless},
    reading::Reader,
    store::{
        examples::Examples,
        rows::examples::{ExampleRow, ExampleSource},
    },
};

/// What the help text ends with.
const EXAMPLES: &str = "\
Examples:
  Keep what people have corrected this year
    ringback corrections --since 2026-01-01 > corrected.jsonl

Each line is a customer's message with what it should have been read as: thanks, or not. `origin`
says who said so: `desk` (an agent corrected it), `check` (an agent was asked), `customer` (they came
back, or said that we did not help; `after` is how many seconds later). Where several have spoken of
a message, your own people come before the customer, and the newest word before older ones.

The texts are as they were stored, masked, and without names: @customer stands for the customer,
@agent for whoever of yours wrote, @someone for other handles, and phone numbers and addresses are
hidden too. A name that nobody told Ringback is not known to be one: look before you pass it on. The
bot may go on running. Messages that were erased or have expired are not among them.";

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Only what was said at this moment or later: 2026-01-01 (midnight UTC) or 2026-01-01T10:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    since: Option<Timestamp>,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let (Some(settings), Some(rules)) = (settings_of(files), rules_of(files)) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let reader = Reader::new(&rules.vocabulary).context("the rules' phrases cannot be used")?;
    let examples = match Examples::open(&settings.database) {
        Ok(examples) => examples,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    let since = args.since.unwrap_or(Timestamp::MIN);
    examples
        .since(since, |example| {
            written = write_line(&mut out, &line(&reader, &example));
            match written.is_ok() {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })
        .context("cannot read the stored corrections")?;
    unless_nobody_reads(written.and_then(|()| out.flush()))?;
    Ok(ExitCode::from(FINE))
}

fn line(reader: &Reader, row: &ExampleRow) -> CorrectedLine {
    let (origin, how) = match row.source {
        None => (Origin::Desk, "corrected"),
        Some(ExampleSource::KeptTyping) => (Origin::Desk, "kept_typing"),
        Some(ExampleSource::CameBack) => (Origin::Customer, "came_back"),
        Some(ExampleSource::NotHelped) => (Origin::Customer, "not_helped"),
        Some(ExampleSource::Checked) => (Origin::Check, "checked"),
    };
    let kind = if row.source.is_none() {
        "correction"
    } else {
        "example"
    };
    let language = row.language.as_deref().and_then(Language::parse);
    let text = |text| nameless(reader, text, language, &row.customer, &row.agent);
    CorrectedLine {
        id: format!("{kind}-{}", row.number),
        lang: row.language.clone(),
        party: Party::Customer,
        text: text(&row.text),
        prev: row.previous.as_ref().map(text),
        slice: "corrections",
        labels: Labels {
            closing: row.thanks.then_some(ClosingName::Thanks),
        },
        origin,
        how,
        at: row.at,
        after: row.at.duration_since(row.written_at).as_secs(),
    }
}

fn write_line(out: &mut impl Write, line: &CorrectedLine) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
