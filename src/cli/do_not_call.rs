//! `ringback do-not-call`: who must not be rung. Works beside a running bot, which honours what was
//! changed within a minute.

mod rows;

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use self::rows::{Rows, Wrong};
use super::{BAD_INPUT, FINE, Files, complain, settings_of, tell, unless_nobody_reads};
use crate::{
    domain::{
        ids::{Author, ChannelName},
        number::PhoneNumber,
    },
    engine::Clock,
    store::{
        do_not_call::DoNotCall,
        rows::do_not_call::{Listed, ListedRow, Reason},
    },
};

/// So many rows of a file are put on the list at once.
const AT_ONCE: usize = 1_000;

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback do-not-call import list.csv
  ringback do-not-call export > list.csv
  ringback do-not-call add +442079460142 --reason regulator
  ringback do-not-call add --channel web --customer @kim
  ringback do-not-call check +442079460142

The file is CSV with a header: number,channel,customer,thread,reason. A row has a number in E.164
(+442079460142), or a channel and a customer's handle there, or a channel and a thread.

A running bot honours what is changed here within a minute. `check` exits with 1 if they are on the
list.")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put everybody in a CSV file on the list
    ///
    /// Whoever is on it already stays so. A row that is wrong is told with its line, and the others
    /// are taken all the same.
    Import {
        /// The file; `-` reads standard input
        file: PathBuf,
    },
    /// Print the list as CSV, as `import` takes it
    Export,
    /// Put somebody on the list
    Add {
        #[command(flatten)]
        who: Who,
        /// Why, in one plain word
        #[arg(long, value_name = "WORD", default_value = "asked", value_parser = reason)]
        reason: Reason,
    },
    /// Take somebody off the list
    Remove {
        #[command(flatten)]
        who: Who,
    },
    /// Say whether somebody is on the list
    Check {
        #[command(flatten)]
        who: Who,
    },
}

/// A number, or a customer of a channel.
#[derive(Debug, clap::Args)]
struct Who {
    /// The number in E.164, such as +442079460142
    #[arg(value_parser = number, required_unless_present = "customer")]
    number: Option<PhoneNumber>,
    /// The customer's handle on the channel, instead of a number
    #[arg(long, value_name = "HANDLE", value_parser = author, requires = "channel", conflicts_with = "number")]
    customer: Option<Author>,
    /// The channel
    #[arg(long, value_parser = channel, requires = "customer")]
    channel: Option<ChannelName>,
}

impl Who {
    fn listed(&self) -> anyhow::Result<Listed> {
        match (&self.number, &self.channel, &self.customer) {
            (Some(number), ..) => Ok(Listed::Number(number.clone())),
            (None, Some(channel), Some(customer)) => {
                Ok(Listed::Customer(channel.clone(), customer.clone()))
            }
            _ => Err(anyhow::anyhow!("clap asks for one of them")),
        }
    }
}

fn number(text: &str) -> Result<PhoneNumber, String> {
    PhoneNumber::parse(text).map_err(|error| error.to_string())
}

fn author(text: &str) -> Result<Author, String> {
    Author::parse(text).map_err(|error| format!("a handle {error}"))
}

fn channel(text: &str) -> Result<ChannelName, String> {
    ChannelName::parse(text).map_err(|error| format!("a channel's name {error}"))
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::parse(text).map_err(|error| format!("a reason {error}"))
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let mut list = match DoNotCall::open(&settings.database) {
        Ok(list) => list,
        Err(error) => return Ok(refuse(&error.to_string())),
    };
    match &args.command {
        Command::Import { file } => import(&mut list, file),
        Command::Export => export(&list),
        Command::Add { who, reason } => add(&mut list, who, reason),
        Command::Remove { who } => remove(&mut list, who),
        Command::Check { who } => check(&list, who),
    }
}

/// Takes what is right and tells what is wrong, never what stands there.
fn import(list: &mut DoNotCall, file: &Path) -> anyhow::Result<ExitCode> {
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        match File::open(file) {
            Ok(file) => Box::new(file),
            Err(error) => {
                return Ok(refuse(&format!("cannot read {}: {error}", file.display())));
            }
        }
    };
    let rows = match Rows::read(source) {
        Ok(rows) => rows,
        Err(wrong) => return Ok(refuse(&wrong.to_string())),
    };
    let now = Clock::system().now();
    let (mut taken, mut added, mut wrong) = (0, 0, 0);
    let mut waiting = Vec::new();
    for row in rows {
        match row {
            Ok(entry) => {
                taken += 1;
                waiting.push(entry);
            }
            Err(Wrong { line, what }) => {
                wrong += 1;
                complain(&format!("line {line}: {what}"));
            }
        }
        if waiting.len() >= AT_ONCE {
            added += list.add(&waiting, now)?;
            waiting.clear();
        }
    }
    added += list.add(&waiting, now)?;
    tell(&format!(
        "{added} put on the list, {} on it already, {wrong} wrong.",
        taken - added
    ));
    Ok(ExitCode::from(if wrong == 0 { FINE } else { BAD_INPUT }))
}

fn export(list: &DoNotCall) -> anyhow::Result<ExitCode> {
    let text = rows::written(&list.entries()?)?;
    unless_nobody_reads(io::stdout().write_all(&text))?;
    Ok(ExitCode::from(FINE))
}

fn add(list: &mut DoNotCall, who: &Who, reason: &Reason) -> anyhow::Result<ExitCode> {
    let entry = (who.listed()?, reason.clone());
    let added = list.add(&[entry], Clock::system().now())?;
    tell(match added {
        0 => "They were on the list already.",
        _ => "They are on the list: nobody rings them.",
    });
    Ok(ExitCode::from(FINE))
}

fn remove(list: &mut DoNotCall, who: &Who) -> anyhow::Result<ExitCode> {
    if list.remove(&who.listed()?)? {
        tell("They are off the list. Other entries may still name them: another number, a handle.");
        return Ok(ExitCode::from(FINE));
    }
    Ok(refuse(
        "they are not on the list; see `ringback do-not-call export`",
    ))
}

fn check(list: &DoNotCall, who: &Who) -> anyhow::Result<ExitCode> {
    let found = list.find(&who.listed()?)?;
    let (line, code) = match &found {
        Some(row) => (on_the_list(row), BAD_INPUT),
        None => ("not on the list".to_owned(), FINE),
    };
    unless_nobody_reads(writeln!(io::stdout(), "{line}"))?;
    Ok(ExitCode::from(code))
}

fn on_the_list(row: &ListedRow) -> String {
    let by = match &row.added_by {
        Some(account) => format!(", by {account}"),
        None => String::new(),
    };
    let since = row.added_at.strftime("%F %R UTC");
    format!("on the list since {since}: {}{by}", row.reason)
}

fn refuse(error: &str) -> ExitCode {
    complain(error);
    ExitCode::from(BAD_INPUT)
}
