//! `ringback audit`: whether the audit is whole, and what stands in it. Reads beside a running bot
//! and never writes.

use std::{io::Write, process::ExitCode};

use clap::Subcommand;
use comfy_table::{Table, presets};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, unless_nobody_reads};
use crate::store::{
    audit::AuditLog,
    rows::{
        Page,
        audit::{AuditHash, AuditRow, AuditedThread, Chain, Damage, Found},
    },
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  Is every entry as it was written?
    ringback audit verify

  Does the hash that was published last Monday still stand in it?
    ringback audit verify --hash 86020f56dc73598c0d55744dbb1c9b2bbb0f85612d206cfcc3e0603894377676

  Who did what lately?
    ringback audit list")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check that no entry was changed, taken out or moved
    ///
    /// Whoever can write the database can make all of it anew, with other hashes: keep the hashes
    /// that the desk and the webhooks publish each day somewhere else, and give one with --hash.
    Verify {
        /// A published hash that must stand in it
        #[arg(long, value_name = "HEX", value_parser = hash)]
        hash: Option<AuditHash>,
    },
    /// Print the newest entries
    List {
        /// How many, at most 500
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
}

fn hash(text: &str) -> Result<AuditHash, &'static str> {
    AuditHash::parse(text).ok_or("write the 64 hexadecimal digits that were published")
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let log = match AuditLog::open(&settings.database) {
        Ok(log) => log,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    match &args.command {
        Command::Verify { hash } => verify(&log, *hash),
        Command::List { limit } => list(&log, *limit),
    }
}

fn verify(log: &AuditLog, hash: Option<AuditHash>) -> anyhow::Result<ExitCode> {
    let (said, is_fine) = match log.verify(hash)? {
        Chain::Broken { entry, how } => {
            let how = match how {
                Damage::Missing => "is missing",
                Damage::Changed => "is not as it was written, or the one before it is not",
                Damage::AgainstItsCheckpoint => "is not what its checkpoint says",
            };
            (format!("The audit is broken: entry {entry} {how}."), false)
        }
        Chain::Whole {
            entries,
            newest,
            cut,
            found,
        } => {
            let mut said = match newest {
                None => "The audit is empty.".to_owned(),
                Some((newest, hash)) => format!(
                    "The audit is whole: {entries} entries, the newest is {newest}, its hash\n{hash}"
                ),
            };
            if let Some(cut) = cut {
                said += &format!(
                    "\nIt was cut at its checkpoint of {}, entry {}.",
                    cut.at, cut.entry
                );
            }
            said += &match found {
                None => String::new(),
                Some(Found::Entry(entry)) => format!("\nThe given hash is that of entry {entry}."),
                Some(Found::Cut(entry)) => format!(
                    "\nThe given hash is that of entry {entry}, which was cut since: it vouches for \
                     nothing that is still here. Give a newer one."
                ),
                Some(Found::Nowhere) => {
                    "\nThe given hash stands nowhere in it: this is not the audit that it was \
                     published for."
                        .to_owned()
                }
            };
            (said, found != Some(Found::Nowhere))
        }
    };
    unless_nobody_reads(writeln!(std::io::stdout(), "{said}"))?;
    Ok(ExitCode::from(if is_fine { FINE } else { BAD_INPUT }))
}

fn list(log: &AuditLog, limit: u32) -> anyhow::Result<ExitCode> {
    let entries = log.entries(Page { after: None, limit })?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["ENTRY", "WHEN", "WHO", "WHAT", "WHOM OR WHERE"]);
    for row in &entries.items {
        table.add_row(line(row));
    }
    unless_nobody_reads(writeln!(std::io::stdout(), "{table}"))?;
    Ok(ExitCode::from(FINE))
}

fn line(row: &AuditRow) -> [String; 5] {
    let place = match (&row.about, &row.thread) {
        (Some(about), _) => about.to_string(),
        (None, AuditedThread::Known(key)) => format!("{}/{}", key.channel, key.thread),
        (None, AuditedThread::Gone) => "a thread that is gone".to_owned(),
        (None, AuditedThread::None) => String::new(),
    };
    [
        row.number.to_string(),
        row.at.strftime("%F %T UTC").to_string(),
        row.account.to_string(),
        row.verb.said().to_owned(),
        place,
    ]
}
