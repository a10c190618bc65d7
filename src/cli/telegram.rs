//! `ringback telegram`: which groups and persons of Telegram are whose. Works beside a running bot.

use std::{io::Write, process::ExitCode};

use clap::Subcommand;
use comfy_table::{Table, presets};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, tell};
use crate::{
    domain::{
        account::{Role, command_line},
        chat::Network,
        ids::{AccountName, DeskName, PersonId},
    },
    engine::{
        Clock,
        accounts::Change,
        chat::{PairingCode, rows::ConnectionState},
    },
    store::{StoreError, accounts::Accounts},
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback telegram code --desk main
  ringback telegram code --account kim
  ringback telegram list
  ringback telegram unlink 123456789
  ringback telegram unpair main")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a code that makes a group a desk's, or a person an account
    ///
    /// It works once, within an hour. Write `/start CODE` in the group, or to the bot.
    Code {
        /// The desk that is to work in the group where the code is used
        #[arg(long, value_name = "NAME", value_parser = desk, required_unless_present = "account")]
        desk: Option<DeskName>,
        /// The account that whoever uses the code is [default: the first admin]
        #[arg(long, value_name = "NAME", value_parser = account)]
        account: Option<AccountName>,
    },
    /// List groups, persons and Business accounts
    List,
    /// Take a person's link to their account away
    Unlink {
        /// The person, by the number that `ringback telegram list` shows
        #[arg(value_parser = person)]
        person: PersonId,
    },
    /// Take its group away from a desk
    Unpair {
        /// The desk
        #[arg(value_parser = desk)]
        desk: DeskName,
    },
}

fn desk(text: &str) -> Result<DeskName, String> {
    DeskName::parse(text).map_err(|error| format!("a desk's name {error}"))
}

fn account(text: &str) -> Result<AccountName, String> {
    AccountName::parse(text).map_err(|error| format!("an account's name {error}"))
}

fn person(text: &str) -> Result<PersonId, String> {
    PersonId::parse(text).map_err(|error| format!("a person's number {error}"))
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let mut accounts = match Accounts::open(&settings.database) {
        Ok(accounts) => accounts,
        Err(error) => return Ok(refuse(&error)),
    };
    match &args.command {
        Command::Code { desk, account } => code(&mut accounts, desk.as_ref(), account.as_ref()),
        Command::List => list(&mut accounts),
        Command::Unlink { person } => {
            let was = transaction(&mut accounts, |change| {
                change.unlink_person(Network::Telegram, person)
            })?;
            Ok(done(
                was,
                "Unlinked. A running bot notices within a minute.",
                "no account has this person; see `ringback telegram list`",
            ))
        }
        Command::Unpair { desk } => {
            let was = transaction(&mut accounts, |change| {
                let directory = change.book.chat_directory()?;
                match directory.group_of(Network::Telegram, desk) {
                    Some(group) => change.drop_group(Network::Telegram, &group.chat),
                    None => Ok(false),
                }
            })?;
            Ok(done(
                was,
                "Unpaired. A running bot notices within a minute.",
                "no group is this desk's; see `ringback telegram list`",
            ))
        }
    }
}

fn code(
    accounts: &mut Accounts,
    desk: Option<&DeskName>,
    account: Option<&AccountName>,
) -> anyhow::Result<ExitCode> {
    let account = match account {
        Some(account) => account.clone(),
        None => {
            let rows = accounts.list()?;
            let mut admins = rows
                .into_iter()
                .filter(|row| row.role == Role::Admin && row.disabled_at.is_none());
            let Some(admin) = admins.next() else {
                return Ok(refuse(
                    &"there is no admin yet: ringback user add NAME --role admin",
                ));
            };
            admin.name
        }
    };
    let code = PairingCode::generate()?;
    let made = transaction(accounts, |change| {
        change.make_code(code.hash(), &account, desk)
    })?;
    if made.is_none() {
        return Ok(refuse(&format!(
            "no account named {account} is let in; see `ringback user list`"
        )));
    }
    tell(&match desk {
        Some(desk) => format!(
            "Add the bot to the group of desk {desk} and write this there, once, within an hour. \
             Whoever does is {account}:"
        ),
        None => format!("Write this to the bot, once, within an hour. Whoever does is {account}:"),
    });
    writeln!(std::io::stdout(), "/start {}", code.reveal())?;
    Ok(ExitCode::from(FINE))
}

fn list(accounts: &mut Accounts) -> anyhow::Result<ExitCode> {
    let directory = accounts.change(|book| book.chat_directory())?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["WHAT", "WHOSE", "NUMBER", "STATE"]);
    for group in &directory.groups {
        let whose = match &group.desk {
            Some(desk) => format!("desk {desk}"),
            None => "watched".to_owned(),
        };
        let state = match (group.lost_at, group.forum) {
            (Some(_), _) => "the bot is not in it",
            (None, true) => "with topics",
            (None, false) => "without topics",
        };
        table.add_row(["group", &whose, group.chat.as_str(), state]);
    }
    for person in &directory.people {
        let state = match person.writable {
            true => "can be written to",
            false => "has not opened a chat with the bot",
        };
        table.add_row([
            "person",
            person.account.as_str(),
            person.person.as_str(),
            state,
        ]);
    }
    for connection in &directory.connections {
        let state = match (
            connection.state,
            connection.is_enabled,
            connection.may_reply,
        ) {
            (ConnectionState::Pending, ..) => "waits for an admin",
            (ConnectionState::Refused, ..) => "not ours",
            (ConnectionState::Accepted, false, _) => "has taken the bot away",
            (ConnectionState::Accepted, true, false) => "does not let the bot answer",
            (ConnectionState::Accepted, true, true) => "connected",
        };
        table.add_row(["business", "", connection.person.as_str(), state]);
    }
    if table.row_count() == 0 {
        tell("Nothing is paired yet. Begin: ringback telegram code --desk main");
    } else {
        writeln!(std::io::stdout(), "{table}")?;
    }
    Ok(ExitCode::from(FINE))
}

fn transaction<T>(
    accounts: &mut Accounts,
    change: impl FnOnce(&Change<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let (by, now) = (command_line(), Clock::system().now());
    accounts.change(|book| change(&Change { book, by, now }))
}

fn done(was: bool, said: &str, not: &str) -> ExitCode {
    if was {
        tell(said);
        ExitCode::from(FINE)
    } else {
        refuse(&not)
    }
}

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(BAD_INPUT)
}
