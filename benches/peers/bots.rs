//! The bots: how each is started, and what its own store says of what it has done.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rusqlite::{Connection, OpenFlags};

use crate::{load, standin};

/// Where `install.sh` puts what the others need.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers");
/// Where the others are.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/bots");

/// A bot.
#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) name: String,
    how: How,
}

#[derive(Debug)]
enum How {
    /// A program and its first arguments; the stand-in's address and the database follow, then the last.
    Peer {
        program: PathBuf,
        first: Option<PathBuf>,
        last: Option<&'static str>,
    },
    Ringback(PathBuf),
}

/// What a bot's store says.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Messages.
    pub(crate) messages: usize,
    /// Threads that came to their third exchange.
    pub(crate) third: usize,
    /// Threads that ended in thanks.
    pub(crate) thanked: usize,
}

/// The bots of these names; without names, all that are installed.
pub(crate) fn chosen(names: &[String], ringback: &Path) -> Vec<Bot> {
    let is_wanted = |bot: &Bot| match names {
        [] => bot.is_installed(),
        names => names.contains(&bot.name),
    };
    let bots: Vec<Bot> = all(ringback).into_iter().filter(is_wanted).collect();
    for bot in &bots {
        assert!(
            bot.is_installed(),
            "{} is not installed: benches/peers/install.sh",
            bot.name
        );
    }
    bots
}

fn all(ringback: &Path) -> Vec<Bot> {
    let source = |name: &str| Some(Path::new(SOURCES).join(name));
    let peer = |name: &str, program: PathBuf, first, last| Bot {
        name: name.to_owned(),
        how: How::Peer {
            program,
            first,
            last,
        },
    };
    let installed = |path: &str| Path::new(INSTALLED).join(path);
    let node = || PathBuf::from("node");
    let script = |name: &str| Some(installed("node").join(name));
    vec![
        peer(
            "aiogram",
            installed("venv/bin/python"),
            source("aiogram.py"),
            None,
        ),
        peer("grammy", node(), script("grammy.mjs"), Some("simple")),
        peer(
            "grammy-runner",
            node(),
            script("grammy.mjs"),
            Some("runner"),
        ),
        peer("telegraf", node(), script("telegraf.mjs"), None),
        peer(
            "teloxide",
            installed("cargo/release/plain-teloxide"),
            None,
            None,
        ),
        Bot {
            name: "ringback".to_owned(),
            how: How::Ringback(ringback.to_owned()),
        },
    ]
}

impl Bot {
    fn is_installed(&self) -> bool {
        match &self.how {
            How::Peer { program, first, .. } => {
                let is_there = |path: &Path| !path.is_absolute() || path.exists();
                is_there(program) && first.as_deref().is_none_or(is_there)
            }
            How::Ringback(program) => program.exists(),
        }
    }

    fn database(folder: &Path) -> PathBuf {
        folder.join("bot.db")
    }

    /// What must be there before it starts for the first time: groups have their role already.
    pub(crate) fn prepare(&self, folder: &Path, api: &str) {
        let How::Ringback(program) = &self.how else {
            return;
        };
        fs::write(folder.join("ringback.toml"), settings(folder, api)).expect("settings written");
        fs::write(folder.join("rules.toml"), rules()).expect("rules written");
        let made = ringback(program, folder)
            .args(["token", "add", "bench", "--scope", "read"])
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("it runs").success(), "no database was made");
        let database = Connection::open(Self::database(folder)).expect("a database");
        for shop in 0..load::SHOPS {
            let groups = [
                (load::customers_group(shop), None),
                (load::agents_group(shop), Some(desk(shop))),
            ];
            for (chat, desk) in groups {
                let sql = "INSERT INTO chat_groups (network, chat, desk, forum, by, at)
                           VALUES ('telegram', ?1, ?2, 0, 'bench', 0)";
                let done = database.execute(sql, (chat.to_string(), desk));
                done.expect("a group's role");
            }
        }
    }

    /// What starts it.
    pub(crate) fn command(&self, folder: &Path, api: &str) -> Command {
        match &self.how {
            How::Peer {
                program,
                first,
                last,
            } => {
                let mut command = Command::new(program);
                command.args(first).arg(api).arg(Self::database(folder));
                command.args(last);
                command
            }
            How::Ringback(program) => {
                let mut command = ringback(program, folder);
                command.arg("run");
                command
            }
        }
    }

    /// What its store says now; `None` if there is none yet, or it is just being written.
    pub(crate) fn kept(&self, folder: &Path) -> Option<Kept> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = Connection::open_with_flags(Self::database(folder), flags).ok()?;
        let count = |sql: &str| {
            let count = database.query_row(sql, [], |row| row.get::<_, i64>(0));
            usize::try_from(count.ok()?).ok()
        };
        let (third, thanked) = match &self.how {
            How::Peer { .. } => (
                "SELECT count(*) FROM threads WHERE exchanges = 3",
                "SELECT count(*) FROM threads WHERE thanked",
            ),
            How::Ringback(_) => (
                "SELECT count(*) FROM threads WHERE exchange = 3",
                "SELECT count(*) FROM decisions WHERE rule = 'thanks'",
            ),
        };
        Some(Kept {
            messages: count("SELECT count(*) FROM messages")?,
            third: count(third)?,
            thanked: count(thanked)?,
        })
    }
}

fn ringback(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("--config").arg(folder.join("ringback.toml"));
    command.current_dir(folder);
    // The settings' default would put the key beside the database, and nothing is sealed here.
    command.env("RINGBACK__FORMS__SEALING", "recipients");
    command
}

/// Pacing is for Telegram's own servers; here no bot has any.
fn settings(folder: &Path, api: &str) -> String {
    let database = Bot::database(folder);
    let rules = folder.join("rules.toml");
    format!(
        "listen = \"127.0.0.1:0\"\ndatabase = {database:?}\nrules = {rules:?}\n\
         [channels.groups]\nkind = \"telegram_group\"\n\
         [telegram]\ntoken = \"{}\"\napi_url = \"{api}\"\nstaff = [\"{}\"]\n\
         messages_per_second = 100000\ngroup_messages_per_minute = 1000000\n",
        standin::TOKEN,
        load::STAFF,
    )
}

fn desk(shop: usize) -> String {
    format!("shop{shop}")
}

/// A desk a shop; a card for each callback, however many, as the others do it.
fn rules() -> String {
    let mut rules = String::from("desk = \"shop0\"\n");
    for shop in 0..load::SHOPS {
        let desk = desk(shop);
        rules += &format!(
            "[desks.{desk}]\nquiet_hours = \"never\"\ncards_open = 1000\n\
             [[rules]]\nname = \"{desk}\"\nthen = \"callback\"\ndesk = \"{desk}\"\n\
             when = {{ exchange = 3, words = [\"shop {shop}\"] }}\n"
        );
    }
    rules
}
