//! `ringback transcript`: stored messages in the replay format, as they were kept: masked.

use std::{
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    process::ExitCode,
};

use anyhow::Context;
use jiff::{civil::Date, tz::TimeZone};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, unless_nobody_reads};
use crate::{
    domain::{
        ids::{ChannelName, InvalidId},
        time::Timestamp,
    },
    replay::transcript::TranscriptLine,
    store::{rows::MessageRow, transcript::Transcript},
};

/// What the help text ends with.
const EXAMPLES: &str = "\
Examples:
  Keep last month's threads of one channel
    ringback transcript --since 2026-01-01 --channel webchat > january.jsonl

  What would other rules have changed?
    ringback transcript --since 2026-01-01 | ringback replay --against draft.toml -

The messages come in the order they arrived in, from the database that the settings name; the bot
may go on running. What is confidential was masked before it was stored and stands as ⟦kind⟧.";

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Messages written at this moment or later: 2026-01-01 (midnight UTC) or 2026-01-01T10:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    since: Timestamp,
    /// Only messages of this channel
    #[arg(long, value_name = "NAME", value_parser = channel)]
    channel: Option<ChannelName>,
}

/// A moment that somebody types: a day begins at midnight UTC.
pub(super) fn moment(text: &str) -> Result<Timestamp, &'static str> {
    let midnight = |date: Date| date.to_zoned(TimeZone::UTC);
    text.parse()
        .or_else(|_| {
            text.parse()
                .and_then(midnight)
                .map(|zoned| zoned.timestamp())
        })
        .map_err(|_| "write a date such as 2026-01-01, or a moment such as 2026-01-01T10:00:00Z")
}

fn channel(name: &str) -> Result<ChannelName, InvalidId> {
    ChannelName::parse(name)
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let transcript = match Transcript::open(&settings.database) {
        Ok(transcript) => transcript,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    transcript
        .since(args.since, |message| {
            if args
                .channel
                .as_ref()
                .is_none_or(|channel| *channel == message.channel)
            {
                written = write_line(&mut out, message);
            }
            if written.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })
        .context("cannot read the stored messages")?;
    unless_nobody_reads(written.and_then(|()| out.flush()))?;
    Ok(ExitCode::from(FINE))
}

fn write_line(out: &mut impl Write, message: MessageRow) -> io::Result<()> {
    let line = TranscriptLine {
        channel: message.channel,
        thread: message.thread,
        id: message.id,
        from: message.from,
        author: message.author,
        text: message.text,
        at: message.at,
        visibility: message.visibility,
        lang: message.language,
        tags: message.tags,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
