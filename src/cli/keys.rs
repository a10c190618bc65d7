//! `ringback keys`: the keys that open what customers submit. Shows public keys only. Works beside a
//! running bot, which takes a new key up at once.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::Subcommand;
use comfy_table::{Table, presets};

use super::{BAD_INPUT, FINE, Files, complain, core_dumps, rules_of, settings_of, tell};
use crate::{
    domain::time::Timestamp,
    engine::Clock,
    settings::{FormsSettings, Sealing},
    vault::{KeyFile, VaultError},
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback keys list
  ringback keys rotate
  ringback keys new ~/ringback.key     on the machine of somebody who checks identities")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the server's keys: the public part, and since when they are used or no longer
    List,
    /// Make a new server key; the old one opens what is waiting, then it is dropped
    ///
    /// The running bot seals with the new one at once. An old key is dropped once `keep_for` of the
    /// rules is over: then nothing is kept any more that it opens.
    Rotate,
    /// Make a key of your own, for `sealing = "recipients"`
    ///
    /// Prints the public key alone, which an admin gives to your account:
    /// `ringback user recipient NAME age1…`. The file is yours: it never leaves your machine.
    New {
        /// The file to make; one that is there is never overwritten
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    core_dumps::off()?;
    if let Command::New { file } = &args.command {
        return make(file);
    }
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let Some(keys) = of_the_server(&settings.forms) else {
        return Ok(refuse(
            &"the server has no key: `sealing` under `[forms]` is \"recipients\"; see \
              `ringback user list` for who has one",
        ));
    };
    let done = match &args.command {
        Command::Rotate => {
            let Some(rules) = rules_of(files) else {
                return Ok(ExitCode::from(BAD_INPUT));
            };
            let now = Clock::system().now();
            let kept_since = now.saturating_sub(rules.identity.keep_for.as_signed());
            rotate(&keys, now, kept_since.unwrap_or(Timestamp::MIN))
        }
        _ => list(&keys),
    };
    Ok(match done {
        Ok(()) => ExitCode::from(FINE),
        Err(Failure::Vault(error)) => refuse(&error),
        Err(Failure::Output(error)) => return Err(error.into()),
    })
}

/// Why it did not work.
enum Failure {
    /// For the admin to mend.
    Vault(VaultError),
    /// Nobody reads what is printed.
    Output(std::io::Error),
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

fn of_the_server(settings: &FormsSettings) -> Option<KeyFile> {
    (settings.sealing == Sealing::ServerKey).then(|| KeyFile::new(settings.key_file.clone()))
}

fn make(file: &std::path::Path) -> anyhow::Result<ExitCode> {
    let keys = KeyFile::new(file.to_owned());
    let made = keys.make(Clock::system().now()).and_then(|made| {
        let read = keys.read()?;
        Ok(made.then_some(read))
    });
    match made {
        Ok(Some(made)) => {
            tell(
                "This is your public key. Ask an admin to give it to your account, with \
                 `ringback user recipient NAME KEY`, or do so on your account's page:",
            );
            writeln!(std::io::stdout(), "{}", made.newest())?;
            Ok(ExitCode::from(FINE))
        }
        Ok(None) => Ok(refuse(&format!(
            "{} is there already and is left as it is: choose another name",
            file.display()
        ))),
        Err(error) => Ok(refuse(&error)),
    }
}

fn rotate(keys: &KeyFile, now: Timestamp, kept_since: Timestamp) -> Result<(), Failure> {
    let rotated = keys.rotate(now, kept_since)?;
    tell("What is submitted from now on is sealed with this key:");
    writeln!(std::io::stdout(), "{}", rotated.newest())?;
    Ok(())
}

fn list(keys: &KeyFile) -> Result<(), Failure> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["PUBLIC KEY", "MADE", "RETIRED"]);
    let shown = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| at.strftime("%F %R UTC").to_string())
    };
    for key in keys.read()?.known() {
        table.add_row([key.public.to_string(), shown(key.made), shown(key.retired)]);
    }
    writeln!(std::io::stdout(), "{table}")?;
    Ok(())
}

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(BAD_INPUT)
}
