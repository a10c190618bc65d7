//! Which arrow is forbidden, and why.

use std::collections::BTreeSet;

use super::paths::Reference;

/// Rooms that know no runtime, no database, no network, no log and no clock. Of `desk` that is all
/// but what speaks to a chat.
const PURE: [&str; 8] = [
    "domain",
    "reading",
    "rules",
    "callbacks",
    "desk",
    "replay",
    "evaluate",
    "report",
];
/// The folder of `desk` that speaks to a chat.
const CHAT: &str = "telegram";
/// Crates that the pure rooms must not know.
const WORLDLY: [&str; 14] = [
    "tokio",
    "tokio_util",
    "futures",
    "rusqlite",
    "axum",
    "tower",
    "tower_http",
    "hyper",
    "teloxide",
    "reqwest",
    "tracing",
    "tracing_subscriber",
    "log",
    "metrics",
];
/// Crates that only `store` may know.
const DATABASES: [&str; 6] = [
    "rusqlite",
    "libsqlite3_sys",
    "sqlx",
    "diesel",
    "postgres",
    "tokio_postgres",
];
/// The last two parts of whatever reads a clock.
const CLOCKS: [[&str; 2]; 8] = [
    ["time", "SystemTime"],
    ["time", "Instant"],
    ["SystemTime", "now"],
    ["Instant", "now"],
    ["Timestamp", "now"],
    ["Zoned", "now"],
    ["TimeZone", "system"],
    ["thread", "sleep"],
];

/// Why a module must not refer to that; `None` if it may.
pub(super) fn forbidden(
    module: &[String],
    reference: &Reference,
    channels: &BTreeSet<String>,
) -> Option<&'static str> {
    let part = |index: usize| module.get(index).map_or("", String::as_str);
    let room = part(0);
    match reference {
        Reference::Hidden(_) => Some("a file pulled in from elsewhere hides its room"),
        Reference::Crate(path) => ours(module, path, channels),
        Reference::External(path) => {
            let name = path.first().map_or("", String::as_str);
            let is_pure = is_pure(module);
            if DATABASES.contains(&name) && room != "store" {
                Some("only `store` knows a database")
            } else if name == "teloxide"
                && !(part(1) == CHAT && ["channels", "desk"].contains(&room))
            {
                Some("only the Telegram folders know teloxide")
            } else if is_pure && WORLDLY.contains(&name) {
                Some("this room knows no runtime, network, database or log")
            } else if is_pure && reads_clock(path) {
                Some("time is an argument here")
            } else {
                None
            }
        }
    }
}

/// Whether an arrow to another room of ours is forbidden. `path` stands below the crate's root.
fn ours(module: &[String], path: &[String], channels: &BTreeSet<String>) -> Option<&'static str> {
    let room = module.first().map_or("", String::as_str);
    let to = path.first().map_or("*", String::as_str);
    if is_pure(module) && reads_clock(path) {
        return Some("time is an argument here");
    }
    if to == room {
        return to_another_channel(module, path, channels);
    }
    let allowed: &[&str] = match room {
        "domain" => &[],
        "reading" | "callbacks" => &["domain"],
        "rules" => &["domain", "callbacks"],
        "replay" => &["domain", "reading", "rules", "callbacks"],
        "evaluate" => &["domain", "reading", "rules", "replay"],
        "desk" | "report" if is_plain_row(path) => return None,
        "desk" if is_pure(module) => &["domain", "rules", "callbacks"],
        "report" => &["domain", "rules", "replay"],
        _ => return from_an_open_room(room, to, path),
    };
    (!allowed.contains(&to)).then_some("this room must not know that one")
}

fn is_pure(module: &[String]) -> bool {
    let part = |index: usize| module.get(index).map_or("", String::as_str);
    PURE.contains(&part(0)) && !(part(0) == "desk" && part(1) == CHAT)
}

/// What queries give back, and how a callback is named: plain data that knows no database.
fn is_plain_row(path: &[String]) -> bool {
    let [store, what, ..] = path else {
        return false;
    };
    store == "store" && ["rows", "CallbackId"].contains(&what.as_str())
}

/// The rooms that may know most others.
fn from_an_open_room(room: &str, to: &str, path: &[String]) -> Option<&'static str> {
    let closed: &[&str] = match room {
        "store" => &["channels", "web", "desk", "engine", "*"],
        "channels" => &["store", "web", "desk", "*"],
        "web" => &["channels", "*"],
        "desk" => &["web", "*"],
        _ => &[],
    };
    if closed.contains(&to) {
        Some("this room must not know that one")
    } else if to == "app" && !["main", "cli"].contains(&room) {
        Some("only `main` and `cli` know `app`")
    } else if room == "web" && to == "rules" && path.get(1).is_some_and(|part| part == "decide") {
        Some("`web` submits events to `engine` and changes no thread itself")
    } else {
        None
    }
}

fn to_another_channel(
    module: &[String],
    path: &[String],
    channels: &BTreeSet<String>,
) -> Option<&'static str> {
    let (from, to) = (module.get(1)?, path.get(1)?);
    let other = module.first()? == "channels" && from != to && channels.contains(to);
    other.then_some("a channel must not know another")
}

fn reads_clock(path: &[String]) -> bool {
    path.windows(2)
        .any(|pair| CLOCKS.iter().any(|clock| pair == clock))
}
