//! `ringback token`: who may use the API. Works beside a running bot.

use std::{io::Write, process::ExitCode};

use clap::{Subcommand, ValueEnum};
use comfy_table::{Table, presets};

use super::{BAD_INPUT, FINE, Files};
use crate::{
    domain::ids::AccountName,
    engine::Clock,
    settings::Settings,
    store::{
        rows::{Scope, TokenHash, TokenRow},
        tokens::Tokens,
    },
    web::token::Token,
};

/// What it can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback token add helpdesk --scope messages
  ringback token add wallboard --scope read --scope callbacks
  ringback token list
  ringback token revoke helpdesk")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a token and show it, this once
    Add {
        /// Its name, such as what it is for
        #[arg(value_parser = name)]
        name: AccountName,
        /// What it allows; give it several times for several
        #[arg(long = "scope", required = true, value_name = "SCOPE")]
        scopes: Vec<ScopeArg>,
    },
    /// List all tokens
    List,
    /// Refuse a token from now on
    Revoke {
        /// Its name
        #[arg(value_parser = name)]
        name: AccountName,
    },
}

/// [`Scope`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum ScopeArg {
    /// Hand in messages
    Messages,
    /// Read threads, cases, callbacks and the rules' status
    Read,
    /// Claim and finish callbacks
    Callbacks,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Messages => Self::Messages,
            ScopeArg::Read => Self::Read,
            ScopeArg::Callbacks => Self::Callbacks,
        }
    }
}

fn name(text: &str) -> Result<AccountName, String> {
    AccountName::parse(text).map_err(|error| format!("a token's name {error}"))
}

/// Does it.
pub(super) fn run(files: &Files, args: &Args) -> anyhow::Result<ExitCode> {
    let settings = match Settings::load(files.config.as_deref(), files.rules.as_deref()) {
        Ok(settings) => settings,
        Err(errors) => {
            tell(&errors.report());
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let mut tokens = match Tokens::open(&settings.database) {
        Ok(tokens) => tokens,
        Err(error) => return Ok(refuse(&error)),
    };
    match &args.command {
        Command::Add { name, scopes } => add(&mut tokens, name, scopes),
        Command::List => list(&tokens),
        Command::Revoke { name } => revoke(&mut tokens, name),
    }
}

/// The token alone goes to stdout, so that a script can keep it.
fn add(tokens: &mut Tokens, name: &AccountName, scopes: &[ScopeArg]) -> anyhow::Result<ExitCode> {
    let mut scopes: Vec<Scope> = scopes.iter().copied().map(Scope::from).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let token = Token::generate()?;
    let hash = TokenHash(token.sha256());
    if !tokens.add(name, &scopes, hash, Clock::system().now())? {
        return Ok(refuse(&format!(
            "there is a token named {name} already, or was: choose another name"
        )));
    }
    tell("Keep this token; it is not shown again:");
    writeln!(std::io::stdout(), "{}", token.reveal())?;
    Ok(ExitCode::from(FINE))
}

fn list(tokens: &Tokens) -> anyhow::Result<ExitCode> {
    let rows = tokens.list()?;
    if rows.is_empty() {
        tell("There are no tokens yet. Make one: ringback token add NAME --scope messages");
        return Ok(ExitCode::from(FINE));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["NAME", "SCOPES", "MADE", "REVOKED"]);
    for row in &rows {
        table.add_row(line(row));
    }
    writeln!(std::io::stdout(), "{table}")?;
    Ok(ExitCode::from(FINE))
}

fn line(row: &TokenRow) -> [String; 4] {
    let scopes: Vec<&str> = row.scopes.iter().map(|scope| scope.as_str()).collect();
    [
        row.name.to_string(),
        scopes.join(" "),
        row.created_at.strftime("%F %R UTC").to_string(),
        row.revoked_at
            .map_or_else(String::new, |at| at.strftime("%F %R UTC").to_string()),
    ]
}

fn revoke(tokens: &mut Tokens, name: &AccountName) -> anyhow::Result<ExitCode> {
    if tokens.revoke(name, Clock::system().now())? {
        tell(&format!("The token {name} is refused from now on."));
        return Ok(ExitCode::from(FINE));
    }
    Ok(refuse(&format!(
        "no token named {name} is in force; see `ringback token list`"
    )))
}

fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    tell(&format!("ringback: {error}"));
    ExitCode::from(BAD_INPUT)
}

#[expect(clippy::print_stderr, reason = "tells a person")]
fn tell(text: &str) {
    eprintln!("{text}");
}
