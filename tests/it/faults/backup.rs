//! `ringback backup` beside a running bot, and `ringback restore`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{
    bot::Home,
    client::{Client, customer},
};

/// What a command complained of, or told.
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that works.
fn runs(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert!(output.status.success(), "{}", told(&output));
    told(&output)
}

/// Runs a command that refuses; gives its complaint.
fn refused(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    told(&output)
}

async fn takes(client: &Client, thread: &str, id: &str) {
    let answer = client.messages(&customer(thread, id, "hello")).await;
    assert_eq!(answer.results()[0]["status"], "decided");
}

/// How many messages of a thread the bot knows.
async fn messages(client: &Client, thread: &str) -> usize {
    let path = format!("/api/v1/threads/chat/{thread}?limit=500");
    let thread = client.get(&path).await.json();
    thread["messages"].as_array().map_or(0, Vec::len)
}

fn files(home: &Home) -> Vec<String> {
    let names = fs::read_dir(home.path("")).expect("a folder");
    let names = names.map(|file| file.expect("one").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_of_one_moment_and_nobody_waits_for_it() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    // Enough that the copy takes several steps.
    let long = "x".repeat(2_000);
    for batch in 0..4 {
        let batch: Value = (0..500)
            .map(|n| customer("first", &format!("{batch}-{n}"), &long))
            .collect();
        assert_eq!(client.messages(&batch).await.results().len(), 500);
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let sender = {
        let (client, is_over) = (client.clone(), Arc::clone(&is_over));
        tokio::spawn(async move {
            let mut acknowledged: u32 = 0;
            // Pairs that are committed together, so that half of one would be no moment that ever was.
            while !is_over.load(Ordering::SeqCst) {
                let id = acknowledged.to_string();
                let pair: Value = ["left", "right"]
                    .map(|thread| customer(thread, &id, "hello"))
                    .into_iter()
                    .collect();
                assert_eq!(client.messages(&pair).await.results().len(), 2);
                acknowledged += 1;
            }
            acknowledged
        })
    };
    let copy = home.path("copy.db");
    let name = copy.to_str().expect("UTF-8").to_owned();
    let home = tokio::task::spawn_blocking(move || {
        runs(&home, &["backup", &name]);
        home
    })
    .await
    .expect("it ends");
    is_over.store(true, Ordering::SeqCst);
    let acknowledged = sender.await.expect("every pair was taken");

    let mode = fs::metadata(&copy).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds what customers wrote");
    let there = files(&home);
    let beside = there.iter().filter(|name| name.starts_with("copy"));
    assert_eq!(beside.count(), 1, "the copy is one file: {there:?}");
    let copied = Connection::open(&copy).expect("opened");
    let of = |thread: &str| {
        let sql = "SELECT count(*) FROM messages m JOIN threads t ON t.id = m.thread_id
                   WHERE t.thread = ?1";
        let count = copied.query_row(sql, [thread], |row| row.get::<_, u32>(0));
        count.expect("counted")
    };
    assert_eq!(of("first"), 2_000);
    assert_eq!(of("left"), of("right"));
    assert!(of("left") <= acknowledged);
}

#[tokio::test]
async fn a_restored_bot_is_as_it_was_at_the_backup_and_the_old_database_is_kept_aside() {
    let home = Home::new("");
    let bot = home.start();
    let token = home.token();
    takes(&bot.client(&token), "t", "1").await;
    runs(&home, &["backup", "copy.db"]);
    takes(&bot.client(&token), "t", "2").await;

    let running = refused(&home, &["restore", "copy.db"]);
    assert!(running.contains("another ringback is running"), "{running}");
    // Its log is left beside it, and is part of what is kept aside.
    bot.kill();
    let said = runs(&home, &["restore", "copy.db"]);
    assert!(said.contains("is kept as"), "{said}");
    let bot = home.start();
    let client = bot.client(&token);
    assert_eq!(messages(&client, "t").await, 1);
    takes(&client, "t", "3").await;
    assert_eq!(messages(&client, "t").await, 2);
    bot.stop();
    runs(&home, &["audit", "verify"]);

    let aside = files(&home)
        .into_iter()
        .find(|name| name.contains(".before-"))
        .expect("what was there");
    runs(&home, &["restore", &aside]);
    let bot = home.start();
    assert_eq!(messages(&bot.client(&token), "t").await, 2);
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_where_it_fails() {
    let home = Home::new("");
    let none = refused(&home, &["backup", "copy.db"]);
    assert!(none.contains("ringback.db"), "{none}");
    home.token();
    fs::write(home.path("copy.db"), "mine").expect("written");
    let before = files(&home);
    let there = refused(&home, &["backup", "copy.db"]);
    assert!(there.contains("choose another name"), "{there}");
    let itself = refused(&home, &["backup", "ringback.db"]);
    assert!(itself.contains("choose another name"), "{itself}");
    let nowhere = refused(&home, &["backup", "nowhere/copy.db"]);
    assert!(nowhere.contains("its folder"), "{nowhere}");
    let mut after = files(&home);
    // Whoever reads a database has SQLite make its log and the log's index, empty.
    after.retain(|name| !name.starts_with("ringback.db-"));
    assert_eq!(after, before);
    assert_eq!(fs::read(home.path("copy.db")).expect("there"), b"mine");
}

#[test]
fn what_is_no_backup_is_refused_and_the_database_stays_as_it_is() {
    let home = Home::new("");
    home.token();
    let database = home.path("ringback.db");
    let before = fs::read(&database).expect("there");
    fs::write(home.path("empty.db"), "").expect("written");
    fs::write(home.path("words.db"), "no database at all, ".repeat(500)).expect("written");
    let foreign = Connection::open(home.path("foreign.db")).expect("made");
    foreign
        .execute_batch("CREATE TABLE songs (name TEXT)")
        .expect("made");
    let newer = home.path("newer.db");
    fs::copy(&database, &newer).expect("copied");
    let newer = Connection::open(newer).expect("opened");
    newer
        .pragma_update(None, "user_version", 9_999)
        .expect("changed");
    fs::write(home.path("cut.db"), &before[..before.len() / 2]).expect("written");
    // An index that does not fit its table: only the whole check finds that.
    let mut odd = before.clone();
    let page = odd.len() / 4096 / 2 * 4096;
    odd[page..page + 4096].fill(0x5A);
    fs::write(home.path("odd.db"), odd).expect("written");
    for (file, why) in [
        ("absent.db", "No such file"),
        ("empty.db", "it is empty"),
        ("words.db", "no database"),
        ("foreign.db", "another program"),
        ("newer.db", "newer Ringback"),
        ("cut.db", "damaged"),
        ("odd.db", "damaged"),
        ("ringback.db", "the database itself"),
    ] {
        let said = refused(&home, &["restore", file]);
        assert!(said.contains(why), "{file}: {said}");
    }
    assert_eq!(fs::read(&database).expect("there"), before);
    assert!(!files(&home).iter().any(|name| name.contains("before-")));
}

#[test]
fn a_backup_of_an_older_version_is_taken_and_brought_up_to_date() {
    let home = Home::new("");
    let token = home.token();
    runs(&home, &["backup", "copy.db"]);
    // As the first version left it.
    let older = Connection::open(home.path("older.db")).expect("made");
    let start = include_str!("../../../migrations/sqlite/0001_start.sql");
    older.execute_batch(start).expect("made");
    older
        .execute_batch("PRAGMA application_id = 0x5267426B; PRAGMA user_version = 1;")
        .expect("marked");
    drop(older);
    runs(&home, &["restore", "older.db"]);
    drop(home.start());
    runs(&home, &["backup", "older-copy.db"]);
    // A bot that was never started is restored as well as any.
    fs::remove_file(home.path("ringback.db")).expect("gone");
    for log in ["ringback.db-wal", "ringback.db-shm"] {
        drop(fs::remove_file(home.path(log)));
    }
    let said = runs(&home, &["restore", "copy.db"]);
    assert!(!said.contains("is kept as"), "{said}");
    let listed = home.run(&["token", "list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("messages-read-callbacks"), "{listed}");
    assert!(!listed.contains(&token));
}
