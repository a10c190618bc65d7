//! Prints a replay: a decision a line for programs, tables and a summary for people. Whoever
//! reads our output may stop reading, which is no error.

use std::{
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    path::PathBuf,
};

use indicatif::ProgressBar;

use crate::{
    cli::{complain, unless_nobody_reads},
    domain::{reading::Evidence, record::DecisionRecord},
    replay::{
        against::{Differences, Report},
        input::{BadLine, Lines, Position},
        pipeline::{self, Readers, Scanned},
        replayer::Replayer,
        summary::{Summary, counted},
        table::Messages,
        tally::Tally,
    },
    rules::Rules,
};

/// A recording of at most this many messages is shown message by message.
const SHOWN_IN_FULL: usize = 200;
/// The width of tables where there is no terminal to ask.
const DEFAULT_WIDTH: u16 = 100;

/// Tells of bad lines and counts them.
pub(super) struct BadLines<'a> {
    inputs: &'a [PathBuf],
    progress: &'a ProgressBar,
    count: u64,
}

impl<'a> BadLines<'a> {
    pub(super) const fn new(inputs: &'a [PathBuf], progress: &'a ProgressBar) -> Self {
        Self {
            inputs,
            progress,
            count: 0,
        }
    }

    /// `line 3: …`, or `b.jsonl:3: …` where there are several files.
    fn add(&mut self, position: Position, bad: &BadLine) {
        self.count += 1;
        let line = position.line;
        let what = if position.is_message {
            "message"
        } else {
            "line"
        };
        let place = match (self.inputs.len(), self.inputs.get(position.source)) {
            (2.., Some(input)) if position.is_message => {
                format!("{}: message {line}", input.display())
            }
            (2.., Some(input)) => format!("{}:{line}", input.display()),
            _ => format!("{what} {line}"),
        };
        self.progress
            .suspend(|| complain(&format!("{place}: {bad}; skipped")));
    }

    /// Takes the bad ones out of a batch.
    fn sort_out(&mut self, batch: Vec<pipeline::Item>) -> impl Iterator<Item = Scanned> {
        batch.into_iter().filter_map(|(position, scanned)| {
            scanned.inspect_err(|bad| self.add(position, bad)).ok()
        })
    }

    /// Clears the progress bar and says how many lines were bad.
    fn finish(self) -> u64 {
        self.progress.finish_and_clear();
        if self.count > 0 {
            let lines = counted(self.count, "bad line");
            complain(&format!("{lines} skipped"));
        }
        self.count
    }
}

/// One line of `--format jsonl`: SPEC's decision, and beside it the words that decided.
#[derive(Debug, serde::Serialize)]
struct Decided {
    #[serde(flatten)]
    record: DecisionRecord,
    /// In the order in which they stand in the message, with confidential data masked. Empty where the
    /// count or the admin's rule alone decided.
    evidence: Vec<Evidence>,
}

/// Prints one decision a line. Returns how many lines were bad, as the others do.
pub(super) fn jsonl(
    lines: Lines,
    rules: &Rules,
    readers: Readers<'_>,
    mut bad: BadLines<'_>,
) -> anyhow::Result<u64> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut replayer = Replayer::new(rules, readers.first);
    let mut written = Ok(());
    pipeline::run(lines, readers, |batch| {
        let decided = bad.sort_out(batch).map(|scanned| {
            let replayed = replayer.replay(scanned.incoming, &scanned.scan);
            Decided {
                evidence: replayed.masked_evidence(rules),
                record: replayed.record,
            }
        });
        written = write_lines(&mut out, decided);
        if written.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    unless_nobody_reads(written)?;
    Ok(bad.finish())
}

fn write_lines(
    out: &mut impl Write,
    records: impl Iterator<Item = impl serde::Serialize>,
) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Prints tables and a summary.
pub(super) fn report(
    lines: Lines,
    rules: &Rules,
    readers: Readers<'_>,
    mut bad: BadLines<'_>,
    every_message: bool,
) -> anyhow::Result<u64> {
    let mut replayer = Replayer::new(rules, readers.first);
    let mut tally = Tally::default();
    let mut messages = Some(Messages::default());
    pipeline::run(lines, readers, |batch| {
        for scanned in bad.sort_out(batch) {
            let replayed = replayer.replay(scanned.incoming, &scanned.scan);
            tally.count(rules, &replayed);
            if let Some(shown) = &mut messages {
                shown.add(rules, &replayed);
                if shown.len() > SHOWN_IN_FULL && !every_message {
                    messages = None;
                }
            }
        }
        ControlFlow::Continue(())
    });
    tally.finish(&replayer);
    let bad_lines = bad.finish();
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match messages.filter(|messages| !messages.is_empty()) {
        Some(messages) => writeln!(out, "{}", messages.render(width())),
        None => Ok(()),
    };
    let written = written
        .and_then(|()| write!(out, "{}", Summary(&tally)))
        .and_then(|()| out.flush());
    unless_nobody_reads(written)?;
    Ok(bad_lines)
}

/// Prints what other rules change.
pub(super) fn comparison(
    lines: Lines,
    rules: &Rules,
    other: &Rules,
    readers: Readers<'_>,
    mut bad: BadLines<'_>,
) -> anyhow::Result<u64> {
    let mut before = (Replayer::new(rules, readers.first), Tally::default());
    let other_reader = readers.second.unwrap_or(readers.first);
    let mut after = (Replayer::new(other, other_reader), Tally::default());
    let mut differences = Differences::default();
    pipeline::run(lines, readers, |batch| {
        for scanned in bad.sort_out(batch) {
            let other_scan = scanned.second_scan.as_ref().unwrap_or(&scanned.scan);
            let incoming = scanned.incoming.clone();
            let old = before.0.replay(incoming, &scanned.scan);
            let new = after.0.replay(scanned.incoming, other_scan);
            before.1.count(rules, &old);
            after.1.count(other, &new);
            differences.compare(&old, &new);
        }
        ControlFlow::Continue(())
    });
    before.1.finish(&before.0);
    after.1.finish(&after.0);
    let bad_lines = bad.finish();
    let report = Report {
        differences: &differences,
        before: &before.1,
        after: &after.1,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write!(out, "{report}").and_then(|()| out.flush());
    unless_nobody_reads(written)?;
    Ok(bad_lines)
}

/// The terminal's width, if there is one.
fn width() -> u16 {
    comfy_table::Table::new().width().unwrap_or(DEFAULT_WIDTH)
}
