//! `ringback backup`: a copy of the database, made beside a running bot. Changes nothing of it.

use std::{path::PathBuf, process::ExitCode};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, tell};
use crate::store::backup::back_up;

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The copy is of one moment, however much comes in meanwhile. It is one file that only you can read, and
it was checked: SQLite's own check of the whole file, the program it belongs to, its version. Nothing
is overwritten, and a copy that breaks off leaves no file of that name.

It holds all that the database holds, but not the keys to identity forms (`key_file`): keep those out
of your backups. What is erased later is still in the copy, so do not keep it for ever.

Examples:
  ringback backup /backups/ringback.db
  ringback backup \"/backups/ringback-$(date +%F).db\"     every night, from cron")]
pub(super) struct Args {
    /// The file to make
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    match back_up(&settings.database, &args.file) {
        Ok(copied) => {
            let bytes = copied.bytes;
            tell(&format!(
                "{} is a checked copy of {}, {bytes} bytes. The keys to identity forms are not in it.",
                args.file.display(),
                settings.database.display(),
            ));
            Ok(ExitCode::from(FINE))
        }
        Err(error) => {
            complain(&error.to_string());
            Ok(ExitCode::from(BAD_INPUT))
        }
    }
}
