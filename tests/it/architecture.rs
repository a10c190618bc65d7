//! The arrows between rooms that must never exist, as `docs/ARCHITECTURE.md` lists them. Reads
//! `src/` with `syn` and fails on each one, however it is written.

mod arrows;
mod paths;

use std::{collections::BTreeSet, fs, path::Path};

use crate::support::command::project_file;
use arrows::forbidden;
use paths::{Reference, references};

/// Every forbidden arrow of a source tree, as `file: path: why`.
fn violations(root: &Path) -> Vec<String> {
    let channels = folders(&root.join("channels"));
    let mut violations = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let relative = path.strip_prefix(root).expect("a path below the root");
        let module = module_of(relative);
        let source = fs::read_to_string(path).expect("a readable file");
        let found = references(&source, &module)
            .unwrap_or_else(|error| panic!("{}: {error}", relative.display()));
        violations.extend(found.iter().filter_map(|reference| {
            let why = forbidden(&module, reference, &channels)?;
            Some(format!("src/{}: {reference}: {why}", relative.display()))
        }));
    }
    violations
}

fn folders(path: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(path) else {
        return BTreeSet::new();
    };
    entries
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// `store/sqlite/mod.rs` is `store::sqlite`; `lib.rs` is the root; `main.rs` is `main`.
fn module_of(relative: &Path) -> Vec<String> {
    let mut module: Vec<String> = relative
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (last == Some("lib") && module.len() == 1) {
        module.pop();
    }
    module
}

/// The violations in one snippet that stands in `module`.
fn in_snippet(module: &str, source: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    let channels = BTreeSet::from(["telegram".to_owned(), "webchat".to_owned()]);
    let found: Vec<Reference> = references(source, &module).expect("Rust");
    found
        .iter()
        .filter(|reference| forbidden(&module, reference, &channels).is_some())
        .map(Reference::to_string)
        .collect()
}

#[test]
fn no_forbidden_arrow_exists() {
    let violations = violations(&project_file("src"));
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn every_room_of_ours_is_read() {
    let module = |path: &str| module_of(Path::new(path)).join("::");
    assert_eq!(module("rules/decide/mod.rs"), "rules::decide");
    assert_eq!(module("replay/input.rs"), "replay::input");
    assert_eq!(module("main.rs"), "main");
    assert_eq!(module("lib.rs"), "");
}

#[test]
fn each_arrow_of_the_house_is_caught() {
    for (module, source) in [
        ("domain::message", "use crate::reading::Reader;"),
        ("reading", "use crate::rules::Rules;"),
        ("callbacks", "use crate::rules::Rules;"),
        ("rules::decide", "use crate::reading::Reader;"),
        ("replay", "use crate::store::Reads;"),
        ("evaluate", "use crate::store::Reads;"),
        ("evaluate::show", "use crate::cli::Cli;"),
        ("evaluate::measure", "use std::time::Instant;"),
        ("domain", "use tokio::sync::mpsc;"),
        ("rules::file", "use tracing::info;"),
        ("reading", "use reqwest::Url;"),
        ("replay::input", "use rusqlite::Connection;"),
        ("callbacks", "use std::time::Instant;"),
        (
            "rules",
            "fn now() { let _ = crate::domain::time::Timestamp::now(); }",
        ),
        ("replay", "use std::time::SystemTime;"),
        ("desk::card", "use axum::Router;"),
        ("desk::card", "use crate::engine::Handle;"),
        ("desk::card", "use crate::store::Reads;"),
        ("desk::card", "use crate::reading::Reader;"),
        (
            "desk::card",
            "fn now() { let _ = crate::domain::time::Timestamp::now(); }",
        ),
        ("report", "use crate::store::Reads;"),
        ("report", "use crate::callbacks::calendar;"),
        ("report::page", "use tracing::info;"),
        ("store", "use crate::engine::Handle;"),
        ("store::sqlite", "use crate::web::Problem;"),
        ("store", "use crate::channels::Registry;"),
        ("store", "use crate::desk::Card;"),
        ("engine", "use rusqlite::Connection;"),
        ("web", "use rusqlite::Connection;"),
        ("channels::telegram", "use crate::store::Reads;"),
        ("channels::telegram", "use crate::web::Problem;"),
        ("channels::telegram", "use crate::desk::Card;"),
        (
            "channels::telegram::wire",
            "use crate::channels::webchat::wire;",
        ),
        ("channels::webchat", "use teloxide::Bot;"),
        ("desk", "use teloxide::Bot;"),
        ("web", "use crate::channels::Registry;"),
        ("web", "use crate::rules::decide::decide;"),
        ("engine", "use crate::app::App;"),
    ] {
        assert_eq!(in_snippet(module, source).len(), 1, "{module}: {source}");
    }
}

#[test]
fn an_arrow_is_caught_however_it_is_written() {
    for source in [
        "use crate::store;",
        "use crate::store as kept;",
        "use crate::{domain::ids, store::Reads};",
        "use crate::store::*;",
        "use {crate::store::Reads};",
        "use crate::*;",
        "use crate as root;",
        "use super::super::store::Reads;",
        "pub(crate) use crate::store::Reads;",
        "fn f(_: crate::store::Reads) {}",
        "fn f(_: super::super::store::Reads) {}",
        "fn f() { let _ = <crate::store::Reads as Default>::default(); }",
        "fn f() { crate::store::open() }",
        "fn f() { println!(\"{}\", crate::store::NAME) }",
        "fn f() { vec![one(crate::store::NAME)]; }",
        "fn f(x: u8) { match x { crate::store::LIMIT => {} _ => {} } }",
        "impl From<crate::store::StoreError> for u8 {}",
        "#[derive(crate::store::Row)] struct S;",
        "#[serde(with = \"crate::store::text\")] struct S;",
        "mod inner { use super::super::super::store::Reads; }",
        "mod inner { mod deeper { fn f() { crate::store::open() } } }",
        "use ringback::store::Reads;",
        "#[path = \"../../store/mod.rs\"] mod hidden;",
        "include!(\"../store/mod.rs\");",
        "extern crate rusqlite;",
        "extern crate tokio as runtime;",
        "use ::tokio::spawn;",
        "fn f() { tokio::spawn(async {}); }",
        "fn f() { tokio::select! { _ = x => {} } }",
    ] {
        let found = in_snippet("rules::decide", source);
        assert!(!found.is_empty(), "not caught: {source}");
    }
}

#[test]
fn an_allowed_arrow_is_let_through() {
    for (module, source) in [
        (
            "rules::decide",
            "use crate::{callbacks, domain::ids}; use super::Rules;",
        ),
        (
            "rules::decide",
            "mod tests { use super::*; use super::super::Policy; }",
        ),
        (
            "rules",
            "// use crate::store;\nconst TEXT: &str = \"the crate::store of old\";",
        ),
        (
            "replay",
            "use crate::{domain, reading, rules}; use std::io::Read;",
        ),
        ("store", "use rusqlite::Connection; use crate::domain::ids;"),
        ("web", "use axum::Router; use crate::engine::Handle;"),
        (
            "channels::telegram",
            "use teloxide::Bot; use crate::channels::Channel; use super::wire;",
        ),
        ("desk::telegram", "use teloxide::Bot;"),
        ("desk::telegram", "use crate::engine::Handle;"),
        (
            "desk::card",
            "use crate::{callbacks::calendar, domain::ids, rules::Rules, store::rows::Page};",
        ),
        ("report", "use crate::{replay, rules, store::rows::report};"),
        ("main", "use ringback::app::App;"),
        ("cli::run", "use crate::app;"),
        ("domain::time", "use std::time::Duration;"),
        ("engine::clock", "fn now() { Timestamp::now(); }"),
    ] {
        assert_eq!(
            in_snippet(module, source),
            Vec::<String>::new(),
            "{module}: {source}"
        );
    }
}
