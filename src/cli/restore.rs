//! `ringback restore`: a backup in the database's place. Refuses while a bot runs on it, and throws
//! nothing away.

use std::{path::PathBuf, process::ExitCode};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, tell};
use crate::{
    engine::{self, Clock},
    store::backup,
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Stop Ringback first. The backup is copied and checked before anything is changed; then it takes the
database's place in one step, and the database of before is kept beside it, under a name that ends in
`.before-` and the time. Start Ringback afterwards and read what docs/RUNBOOK.md says about the first
hour.

Examples:
  ringback restore /backups/ringback-2026-11-23.db")]
pub(super) struct Args {
    /// What `ringback backup` made
    #[arg(value_name = "BACKUP")]
    file: PathBuf,
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let database = &settings.database;
    // Held to the end, so that no bot starts meanwhile.
    let _lock = match engine::lock(database) {
        Ok(lock) => lock,
        Err(error) => return Ok(refuse(&error)),
    };
    match backup::restore(&args.file, database, Clock::system().now()) {
        Ok(restored) => {
            let (bytes, file) = (restored.bytes, args.file.display());
            let mut said = format!("{} is now {file}, {bytes} bytes.", database.display());
            if let Some(aside) = restored.aside {
                said += &format!(
                    "\nWhat was there is kept as {}: delete it once you need it no more.",
                    aside.display()
                );
            }
            said += "\nWhat came after the backup is not in it. Whoever was erased since is back: erase \
                     them again.";
            tell(&said);
            Ok(ExitCode::from(FINE))
        }
        Err(error) => Ok(refuse(&error)),
    }
}

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(BAD_INPUT)
}
