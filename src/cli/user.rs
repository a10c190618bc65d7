//! `ringback user`: who may sign in. Works beside a running bot.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use comfy_table::{Table, presets};

use super::{BAD_INPUT, FINE, Files, complain, settings_of, tell};
use crate::{
    domain::{
        account::{Role, command_line},
        ids::{AccountName, ShownName},
    },
    engine::{Clock, accounts::Change},
    settings::Settings,
    store::{
        StoreError,
        accounts::Accounts,
        rows::{
            TokenHash,
            account::{AccountChange, AccountRow},
        },
    },
    vault::PublicKey,
    web::token::Token,
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback user add kim --role agent --shown-as \"Kim Doe\"
  ringback user list
  ringback user link kim
  ringback user role kim supervisor
  ringback user checks kim on
  ringback user recipient kim age1…
  ringback user disable kim")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add an account and print the link that signs it in
    ///
    /// The link works once, within 7 days; a password is set after it.
    Add {
        /// The name to sign in with
        #[arg(value_parser = name)]
        name: AccountName,
        /// What the account may do
        #[arg(long)]
        role: RoleArg,
        /// The person's name, as colleagues see it [default: NAME]
        #[arg(long, value_name = "NAME", value_parser = shown)]
        shown_as: Option<ShownName>,
    },
    /// List all accounts
    List,
    /// Print a new link that signs in once, within 7 days
    ///
    /// For a forgotten password. The password and the second factor stay as they are.
    Link {
        /// Whom it signs in
        #[arg(value_parser = name)]
        name: AccountName,
        /// Ask for no code any more: for a lost phone
        #[arg(long)]
        without_code: bool,
    },
    /// Give an account another role
    Role {
        /// Whose
        #[arg(value_parser = name)]
        name: AccountName,
        /// Which
        role: RoleArg,
    },
    /// Say whether an account may open what customers submit to prove who they are
    Checks {
        /// Whose
        #[arg(value_parser = name)]
        name: AccountName,
        /// Whether
        checks: OnOff,
    },
    /// Set the public key of an account that opens submissions on its own machine
    ///
    /// Only of use with `sealing = "recipients"`, and for accounts that check identities. The key
    /// is what `ringback keys new` prints.
    Recipient {
        /// Whose
        #[arg(value_parser = name)]
        name: AccountName,
        /// The public key, age1…, or none
        #[arg(value_name = "KEY", value_parser = recipient)]
        recipient: Recipient,
    },
    /// Let an account in no longer, and sign it out everywhere
    Disable {
        /// Which
        #[arg(value_parser = name)]
        name: AccountName,
    },
    /// Let a disabled account in again
    Enable {
        /// Which
        #[arg(value_parser = name)]
        name: AccountName,
    },
}

/// [`Role`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    /// Works callbacks and threads of the desks they are a member of
    Agent,
    /// Works every desk, and takes callbacks out of others' hands
    Supervisor,
    /// Sees the rules and the accounts too
    Admin,
}

/// A switch on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnOff {
    /// It may
    On,
    /// It may not
    Off,
}

/// A public key, or none.
#[derive(Debug, Clone)]
struct Recipient(Option<PublicKey>);

fn recipient(text: &str) -> Result<Recipient, String> {
    if text == "none" {
        return Ok(Recipient(None));
    }
    let key = PublicKey::parse(text).ok_or(
        "a public key begins with age1 and has 62 characters, as `ringback keys new` prints it; \
         or write none",
    )?;
    Ok(Recipient(Some(key)))
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Agent => Self::Agent,
            RoleArg::Supervisor => Self::Supervisor,
            RoleArg::Admin => Self::Admin,
        }
    }
}

fn name(text: &str) -> Result<AccountName, String> {
    AccountName::parse(text).map_err(|error| format!("an account's name {error}"))
}

fn shown(text: &str) -> Result<ShownName, String> {
    ShownName::parse(text).map_err(|error| format!("a person's name {error}"))
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(settings) = settings_of(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let accounts = match Accounts::open(&settings.database) {
        Ok(accounts) => accounts,
        Err(error) => return Ok(refuse(&error)),
    };
    let mut users = Users { settings, accounts };
    match &args.command {
        Command::Add {
            name,
            role,
            shown_as,
        } => users.add(name, shown_as.as_ref(), (*role).into()),
        Command::List => users.list(),
        Command::Link { name, without_code } => users.link(name, *without_code),
        Command::Role { name, role } => {
            let role = Role::from(*role);
            let done = format!("{name} is now {role}.");
            users.change(name, &done, |change| change.set_role(name, role))
        }
        Command::Checks { name, checks } => {
            let checks = *checks == OnOff::On;
            let done = match checks {
                true => format!("{name} may open what customers submit."),
                false => format!("{name} may no longer open what customers submit."),
            };
            users.change(name, &done, |change| change.set_checks(name, checks))
        }
        Command::Recipient { name, recipient } => {
            let key = recipient.0.as_ref();
            let done = match key {
                Some(_) => format!("What customers submit is sealed for {name} too from now on."),
                None => format!("What customers submit is no longer sealed for {name}."),
            };
            users.change(name, &done, |change| change.set_recipient(name, key))
        }
        Command::Disable { name } => {
            let done = format!("{name} is disabled and signed out everywhere.");
            users.change(name, &done, |change| change.disable(name))
        }
        Command::Enable { name } => {
            let done = format!("{name} is let in again.");
            users.change(name, &done, |change| change.enable(name))
        }
    }
}

struct Users {
    settings: Settings,
    accounts: Accounts,
}

impl Users {
    fn add(
        &mut self,
        name: &AccountName,
        shown: Option<&ShownName>,
        role: Role,
    ) -> anyhow::Result<ExitCode> {
        let shown = match shown {
            Some(shown) => shown.clone(),
            None => ShownName::parse(name.as_str()).context("a name that cannot be shown")?,
        };
        let token = Token::generate()?;
        let hash = TokenHash(token.sha256());
        if !self.transaction(|change| change.add(name, &shown, role, hash))? {
            return Ok(refuse(&format!(
                "the name {name} is taken: choose another, or see `ringback user list`"
            )));
        }
        self.print_link(name, &token)
    }

    fn link(&mut self, name: &AccountName, without_code: bool) -> anyhow::Result<ExitCode> {
        let token = Token::generate()?;
        let hash = TokenHash(token.sha256());
        let made = self.transaction(|change| {
            let made = change.make_link(name, hash)?;
            if made && without_code {
                change.drop_second_factor(name)?;
            }
            Ok(made)
        })?;
        if made {
            self.print_link(name, &token)
        } else {
            Ok(refuse(&format!(
                "no account named {name} is let in; see `ringback user list`"
            )))
        }
    }

    /// The link alone goes to stdout, so that a script can send it.
    fn print_link(&self, name: &AccountName, token: &Token) -> anyhow::Result<ExitCode> {
        tell(&format!(
            "Send this link to {name} alone. It signs in once, within 7 days:"
        ));
        let path = format!("/sign-in/link/{}", token.reveal());
        let link = self.settings.url_of(self.settings.listen, &path);
        writeln!(std::io::stdout(), "{link}")?;
        Ok(ExitCode::from(FINE))
    }

    fn list(&self) -> anyhow::Result<ExitCode> {
        let rows = self.accounts.list()?;
        if rows.is_empty() {
            tell("There are no accounts yet. Add one: ringback user add NAME --role admin");
            return Ok(ExitCode::from(FINE));
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header([
            "NAME",
            "SHOWN AS",
            "ROLE",
            "PASSWORD",
            "CODE",
            "CHECKS",
            "OWN KEY",
            "SIGNED IN",
            "STATE",
        ]);
        for row in &rows {
            table.add_row(line(row));
        }
        writeln!(std::io::stdout(), "{table}")?;
        Ok(ExitCode::from(FINE))
    }

    fn change(
        &mut self,
        name: &AccountName,
        done: &str,
        change: impl FnOnce(&Change<'_>) -> Result<AccountChange, StoreError>,
    ) -> anyhow::Result<ExitCode> {
        Ok(match self.transaction(change)? {
            AccountChange::Done => {
                tell(done);
                ExitCode::from(FINE)
            }
            AccountChange::Unknown => refuse(&format!(
                "there is no account named {name}; see `ringback user list`"
            )),
            AccountChange::LastAdmin => refuse(&format!(
                "{name} is the last admin: make somebody else one first, with `ringback user role`"
            )),
        })
    }

    fn transaction<T>(
        &mut self,
        change: impl FnOnce(&Change<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (by, now) = (command_line(), Clock::system().now());
        self.accounts
            .change(|book| change(&Change { book, by, now }))
    }
}

fn line(row: &AccountRow) -> [String; 9] {
    let yes = |yes: bool| if yes { "yes" } else { "" }.to_owned();
    [
        row.name.to_string(),
        row.shown.to_string(),
        row.role.to_string(),
        yes(row.has_password),
        yes(row.has_second_factor),
        yes(row.checks_identity),
        yes(row.recipient.is_some()),
        row.signed_in_at.map_or_else(
            || "never".to_owned(),
            |at| at.strftime("%F %R UTC").to_string(),
        ),
        if row.disabled_at.is_some() {
            "disabled"
        } else {
            ""
        }
        .to_owned(),
    ]
}

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(BAD_INPUT)
}
