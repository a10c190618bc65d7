//! `ringback export` and `ringback erase`: a copy of all that is kept of a customer, and its end.
//! Both work beside a running bot.

mod receipt;

use std::{io::Write, process::ExitCode};

use clap::ArgGroup;

use super::{BAD_INPUT, FINE, Files, USAGE, complain, settings_of, unless_nobody_reads};
use crate::{
    domain::{
        account::command_line,
        ids::{Author, ChannelName, ThreadId, ThreadKey},
    },
    engine::{Clock, erasure::erase},
    settings::{Settings, WebhookEvent},
    store::{
        StoreError,
        rights::Rights,
        rows::rights::{Delivered, Gone, Subject},
    },
};
use receipt::Receipt;

/// Whose data it is.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("whose").required(true).args(["customer", "thread"])))]
struct Whose {
    /// Everything of one author: the channel's name, a slash, and the author as the messages have it
    #[arg(long, value_name = "CHANNEL/AUTHOR", value_parser = customer)]
    customer: Option<Subject>,
    /// One thread: the channel's name, a slash, and the thread's id. A web chat has no author
    #[arg(long, value_name = "CHANNEL/THREAD", value_parser = thread)]
    thread: Option<Subject>,
    /// Whoever is linked with them as one person too
    #[arg(long)]
    with_linked: bool,
}

impl Whose {
    /// The one that was given; clap asks for exactly one.
    fn subject(&self) -> Option<&Subject> {
        self.customer.as_ref().or(self.thread.as_ref())
    }
}

/// What `export` can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ringback export --customer chat/@kim > kim.json
  ringback export --thread webchat/5f0c… > chat.json

  One person on many channels, as your desk has linked them
    ringback export --customer chat/@kim --with-linked > kim.json

The document holds texts as they were kept: what is confidential was masked before that. That a copy
was made is kept in the audit. docs/RIGHTS.md describes the document.")]
pub(super) struct ExportArgs {
    #[command(flatten)]
    whose: Whose,
}

/// What `erase` can be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  What would go?
    ringback erase --customer chat/@kim --dry-run

  Erase it, and keep the receipt
    ringback erase --customer chat/@kim --yes --json > receipt.json

It cannot be undone. The receipt names nobody; it says what went, and what others still have. If it
is stopped in the middle, erase again: it goes on where it was.")]
pub(super) struct EraseArgs {
    #[command(flatten)]
    whose: Whose,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Really erase it
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Print the receipt as JSON
    #[arg(long)]
    json: bool,
}

fn customer(text: &str) -> Result<Subject, String> {
    let (channel, author) = address(text)?;
    let author = Author::parse(author).map_err(|error| format!("an author {error}"))?;
    Ok(Subject::Customer(channel, author))
}

fn thread(text: &str) -> Result<Subject, String> {
    let (channel, thread) = address(text)?;
    let thread = ThreadId::parse(thread).map_err(|error| format!("a thread's id {error}"))?;
    Ok(Subject::Thread(ThreadKey { channel, thread }))
}

fn address(text: &str) -> Result<(ChannelName, &str), String> {
    let (channel, rest) = text
        .split_once('/')
        .ok_or("write the channel's name, a slash, and the rest, such as chat/@kim")?;
    let channel =
        ChannelName::parse(channel).map_err(|error| format!("a channel's name {error}"))?;
    Ok((channel, rest))
}

/// Writes a copy down.
pub(super) fn export(files: &Files, args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let Some((_, mut rights)) = open(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let Some(subject) = args.whose.subject() else {
        return Ok(ExitCode::from(USAGE));
    };
    let now = Clock::system().now();
    let Some(mut copy) = rights.copy(subject, &command_line(), now)? else {
        return Ok(nobody(subject));
    };
    let linked = linked(&rights, &args.whose, subject)?;
    if args.whose.with_linked {
        let mut copies = Vec::new();
        for other in &linked {
            copies.extend(rights.copy(other, &command_line(), now)?);
        }
        if let Some(document) = copy.as_object_mut() {
            document.insert("linked".to_owned(), copies.into());
        }
    }
    let mut out = std::io::stdout().lock();
    let written = serde_json::to_writer_pretty(&mut out, &copy).map_err(std::io::Error::from);
    unless_nobody_reads(written.and_then(|()| writeln!(out)))?;
    Ok(ExitCode::from(FINE))
}

/// Erases, or says what would go.
pub(super) fn run_erase(files: &Files, args: &EraseArgs) -> anyhow::Result<ExitCode> {
    let Some((settings, mut rights)) = open(files) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let Some(subject) = args.whose.subject() else {
        return Ok(ExitCode::from(USAGE));
    };
    if !args.yes && !args.dry_run {
        complain("this cannot be undone: add --yes to do it, or --dry-run to see what would go");
        return Ok(ExitCode::from(USAGE));
    }
    if rights.threads(subject)?.is_none() {
        return Ok(nobody(subject));
    }
    let mut subjects = linked(&rights, &args.whose, subject)?;
    if !args.whose.with_linked {
        subjects.clear();
    }
    // The one who was named last: were it stopped in the middle, the others can still be found.
    subjects.push(subject.clone());
    let mut receipt = Receipt::new(&settings, Clock::system().now(), args.dry_run);
    for subject in &subjects {
        receipt.messages_elsewhere += rights.messages_elsewhere(subject)?;
        if args.dry_run {
            look(&rights, subject, &mut receipt)?;
        } else {
            erase_all(&settings, &mut rights, subject, &mut receipt)?;
        }
    }
    if !args.dry_run {
        receipt.log_was_moved = rights.move_log()?;
    }
    let mut out = std::io::stdout().lock();
    let written = if args.json {
        serde_json::to_writer_pretty(&mut out, &receipt)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        write!(out, "{receipt}")
    };
    unless_nobody_reads(written)?;
    Ok(ExitCode::from(FINE))
}

/// Whoever is one person with the customer, told by name: to whoever asks by that customer's name, and
/// nowhere else.
fn linked(rights: &Rights, whose: &Whose, subject: &Subject) -> Result<Vec<Subject>, StoreError> {
    let linked = rights.linked(subject)?;
    if linked.is_empty() {
        return Ok(linked);
    }
    let names: Vec<String> = linked.iter().map(name).collect();
    let names = names.join(", ");
    complain(&match whose.with_linked {
        true => format!("linked as one person, and taken too: {names}"),
        false => format!(
            "linked as one person, and left out: {names}. Add --with-linked to take them too"
        ),
    });
    Ok(linked)
}

/// As `--customer` or `--thread` takes it.
fn name(subject: &Subject) -> String {
    match subject {
        Subject::Customer(channel, author) => format!("--customer {channel}/{}", author.reveal()),
        Subject::Thread(key) => format!("--thread {}/{}", key.channel, key.thread),
    }
}

fn look(rights: &Rights, subject: &Subject, receipt: &mut Receipt) -> Result<(), StoreError> {
    for thread in rights.threads(subject)?.unwrap_or_default() {
        receipt.threads += 1;
        receipt.add(&rights.count(thread.row)?);
        receipt.note(&rights.delivered(thread.row)?);
    }
    Ok(())
}

/// Erases thread by thread, those too that begin meanwhile, and the customer with the last one.
fn erase_all(
    settings: &Settings,
    rights: &mut Rights,
    subject: &Subject,
    receipt: &mut Receipt,
) -> Result<(), StoreError> {
    let hooks = settings.webhooks.iter();
    let hooks = hooks.filter(|hook| hook.events.contains(&WebhookEvent::Erased));
    let told: Vec<&str> = hooks.map(|hook| hook.name.as_str()).collect();
    while let Some(threads) = rights.threads(subject)? {
        if threads.is_empty() && rights.erase_customer(subject)? {
            return Ok(());
        }
        for thread in threads {
            let delivered: Vec<Delivered> = rights.delivered(thread.row)?;
            let mut gone = Gone::new();
            let now = Clock::system().now();
            let erased = erase(rights, &thread, &told, now, &mut gone)?;
            receipt.threads += 1;
            receipt.add(&gone);
            receipt.note(&delivered);
            receipt.audit = Some(erased);
        }
    }
    Ok(())
}

fn open(files: &Files) -> Option<(Settings, Rights)> {
    let settings = settings_of(files)?;
    if !settings.database.exists() {
        complain(&format!(
            "there is no database {}; it is made by `ringback run`",
            settings.database.display()
        ));
        return None;
    }
    match Rights::open(&settings.database) {
        Ok(rights) => Some((settings, rights)),
        Err(error) => {
            complain(&error.to_string());
            None
        }
    }
}

fn nobody(subject: &Subject) -> ExitCode {
    complain(match subject {
        Subject::Customer(..) => {
            "there is no such customer: write the author as the messages have it, after the \
             channel's name and a slash. Nothing was done"
        }
        Subject::Thread(_) => "there is no such thread on that channel. Nothing was done",
    });
    ExitCode::from(BAD_INPUT)
}
