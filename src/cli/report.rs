//! `ringback report`: what a month came to, as a page or as rows. Reads beside a running bot and
//! never writes to its database.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{BAD_INPUT, FINE, Files, complain, rules_of, settings_of, unless_nobody_reads};
use crate::{
    domain::ids::{DeskName, InvalidId},
    engine::Clock,
    report::{
        Report,
        month::{InvalidMonth, Month},
    },
    store::report::History,
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  Last month, on one printed page for each desk
    ringback report --month 2026-11 --out november.html

  One desk's figures for a spreadsheet
    ringback report --month 2026-11 --desk support --format csv > november.csv

Cases count in the month in which they were opened, as the desk's clocks show it; the page says what
each figure means. Nobody is named in it: no customer, and none of your people. The rules at hand say
which desk works which channel. The bot may go on running.")]
pub(super) struct Args {
    /// Which month: 2026-11
    #[arg(long, value_name = "MONTH", value_parser = month)]
    month: Month,
    /// Only this desk
    #[arg(long, value_name = "NAME", value_parser = desk)]
    desk: Option<DeskName>,
    /// A page, or one figure a row: desk,channel,figure,value,unit
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// One page that needs nothing else
    Html,
    /// One figure a row
    Csv,
}

fn month(text: &str) -> Result<Month, InvalidMonth> {
    text.parse()
}

fn desk(name: &str) -> Result<DeskName, InvalidId> {
    DeskName::parse(name)
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let (Some(settings), Some(rules)) = (settings_of(files), rules_of(files)) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let now = Clock::system().now();
    let mut report = match Report::new(&rules, args.month, args.desk.as_ref(), now) {
        Ok(report) => report,
        Err(error) => return Ok(bad(&error.to_string())),
    };
    let history = match History::open(&settings.database) {
        Ok(history) => history,
        Err(error) => return Ok(bad(&error.to_string())),
    };
    let span = report.span();
    history
        .cases(span.from, span.to, |case| report.count(case))
        .context("cannot read the stored cases")?;
    let Some(path) = &args.out else {
        unless_nobody_reads(write(&report, args.format, io::stdout().lock()))?;
        return Ok(ExitCode::from(FINE));
    };
    if let Err(error) = write_file(&report, args.format, path) {
        return Ok(bad(&format!("cannot write {}: {error}", path.display())));
    }
    Ok(ExitCode::from(FINE))
}

fn bad(message: &str) -> ExitCode {
    complain(message);
    ExitCode::from(BAD_INPUT)
}

fn write_file(report: &Report<'_>, format: Format, path: &Path) -> io::Result<()> {
    write(report, format, File::create(path)?)
}

fn write(report: &Report<'_>, format: Format, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Html => report.write_html(&mut out)?,
        Format::Csv => report.write_csv(&mut out)?,
    }
    out.flush()
}
