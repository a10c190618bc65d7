//! A customer of whom something stands in every table that there is for it: all of it is in the copy,
//! and none of it is left after the erasure, in the database's bytes neither.

use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::Rights;
use crate::{
    domain::{
        account::command_line,
        ids::{Author, ChannelName, ThreadId, ThreadKey},
        time::{Length, Timestamp, after},
    },
    store::{
        audit::AuditLog,
        rows::{
            Page,
            audit::{AuditEntry, AuditedThread, Chain, Found, Verb},
            rights::{Gone, LastWord, Subject},
        },
        sqlite::{
            kept::{KEPT, LAST},
            writer::Writer,
        },
    },
};

/// Stands in every text of the customer who goes.
const PLANTED: &str = "Zanzibar-4711";

fn now() -> Timestamp {
    "2026-01-05T10:00:00Z".parse().expect("a time")
}

fn channel() -> ChannelName {
    ChannelName::parse("chat").expect("a name")
}

fn kim() -> Subject {
    let author = Author::parse(&format!("@{PLANTED}")).expect("an author");
    Subject::Customer(channel(), author)
}

fn thread_of_kim() -> Subject {
    Subject::Thread(ThreadKey {
        channel: channel(),
        thread: ThreadId::parse(&format!("t-{PLANTED}")).expect("an id"),
    })
}

/// A database in which customer 1 has thread 1 with something in every table, and customer 2 has
/// thread 2 with one message.
fn filled(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("ringback.db");
    let writer = Writer::open(&path, |_| {}).expect("opened");
    let sql = "
        INSERT INTO customers (id, channel, author, text_always)
            VALUES (1, 'chat', '@PLANTED', '{\"words\":\"never ring PLANTED\"}'), (2, 'chat', '@lee', NULL);
        INSERT INTO threads (id, channel, thread, customer_id, state, triage, case_number, exchange,
                held, created_at, changed_at)
            VALUES (1, 'chat', 't-PLANTED', 1, '{\"of\":\"PLANTED\"}', 'quiet', 1, 1, 0, 0, 0),
                   (2, 'chat', 't-lee', 2, '{}', 'quiet', 1, 1, 0, 0, 0);
        INSERT INTO cases (thread_id, number, state, opened_at) VALUES (1, 1, 'open', 0);
        INSERT INTO messages (id, thread_id, message, party, author, text, at, visibility, received_at)
            VALUES (1, 1, 'm-PLANTED', 'customer', '@PLANTED', 'My PLANTED is broken', 7, 'private', 0),
                   (2, 2, 'm-lee', 'customer', '@lee', 'Lee speaks', 0, 'private', 0),
                   (3, 2, 'm-kim', 'customer', '@PLANTED', 'I too', 0, 'private', 0);
        INSERT INTO decisions (message_id, exchange, case_number, actions, soft, rule, reason,
                confidence, evidence, rules_version, decided_at)
            SELECT id, 1, 1, '[]', 0, 'none', 'PLANTED', 0.5, '[\"PLANTED\"]', 'v1', 0
            FROM messages WHERE thread_id = 1;
        INSERT INTO callbacks (id, thread_id, number, case_number, exchange, rule, message, message_at,
                desk, state, urgent, asked, soft, due_at)
            VALUES (1, 1, 1, 1, 1, 'none', 'm-PLANTED', 0, 'main', 'due', 0, 0, 0, 0);
        INSERT INTO calls (callback_id, thread_id, case_number, account, at, outcome, note, told)
            VALUES (1, 1, 1, 'sue', 0, 'no_answer', 'about PLANTED', 'We ring PLANTED');
        INSERT INTO outbox (key, destination, thread_id, payload, state, created_at, due_at)
            VALUES ('k1', 'hook', 1, '{\"text\":\"PLANTED\"}', 'sent', 0, 0),
                   ('k2', 'hook', 1, '{\"thread\":\"PLANTED\"}', 'sent', 0, 0),
                   ('k3', 'hook', 1, '{\"thread\":\"PLANTED\"}', 'sending', 0, 0),
                   ('k4', 'hook', 1, '{\"thread\":\"PLANTED\"}', 'waiting', 0, 0);
        INSERT INTO timers (thread_id, due_at) VALUES (1, 0);
        INSERT INTO held_answers (thread_id, account, key, text, asks, held_at, until, state)
            VALUES (1, 'sue', 'box', 'Your PLANTED?', 1, 0, 0, 'held');
        INSERT INTO notes (thread_id, account, text, at) VALUES (1, 'sue', 'about PLANTED', 0);
        INSERT INTO handovers (thread_id, callback_id, note_id, desk, account, at)
            VALUES (1, 1, 1, 'main', 'sue', 0);
        INSERT INTO notices (thread_id, case_number, desk, notice, at)
            VALUES (1, 1, 'main', '{\"notice\":\"PLANTED\"}', 0);
        INSERT INTO corrections (message_id, correction, account, at, reading, decision, rules_version)
            VALUES (1, 'not_thanks', 'sue', 0, '{}', '{\"reason\":\"PLANTED\"}', 'v1');
        INSERT INTO examples (thread_id, message_id, source, account, at)
            VALUES (1, 1, 'checked', 'sue', 0);
        INSERT INTO doubts (message_id, thread_id, desk, at) VALUES (1, 1, 'main', 0);
        INSERT INTO chats (hash, channel, thread, made_at, seen_at)
            VALUES (x'01', 'chat', 't-PLANTED', 0, 0);
        INSERT INTO form_requests (id, thread_id, customer_id, case_number, desk, purpose, language,
                message_id, state, asked_at, until)
            VALUES (1, 1, 1, 1, 'main', 'identity', 'en', 1, 'submitted', 0, 0);
        INSERT INTO form_links (hash, request_id, expires_at) VALUES (x'02', 1, 0);
        INSERT INTO form_sessions (hash, request_id, expires_at) VALUES (x'03', 1, 0);
        INSERT INTO call_details (request_id, number, best_time, stays_in_text, at)
            VALUES (1, '+44 PLANTED', 'after PLANTED', 0, 0);
        INSERT INTO numbers (thread_id, number, source, message_id, at)
            VALUES (1, '+44 PLANTED', 'message', 1, 0);
        INSERT INTO profiles (thread_id, name, at) VALUES (1, 'Kim PLANTED', 0);
        INSERT INTO consents (request_id, thread_id, version, language, number, at)
            VALUES (1, 1, 'v1', 'en', '+44 PLANTED', 0);
        INSERT INTO submissions (request_id, sealed, received_at, delete_at)
            VALUES (1, CAST('sealed PLANTED' AS BLOB), 0, 0);
        INSERT INTO dialled (call, callback_id, thread_id, account, press, asked_at, state)
            VALUES ('call', 1, 1, 'sue', 'press', 0, 'asked');
        INSERT INTO said (message_id, thread_id, case_number, utterance)
            VALUES (1, 1, 1, 'call_coming');
        INSERT INTO satisfaction (callback_id, thread_id, done_at, asked_at, message_id)
            VALUES (1, 1, 0, 0, 1);
        INSERT INTO posts (network, chat, message, kind, thread_id, callback_id, of_message, at)
            VALUES ('telegram', '-1', '7', 'card', 1, 1, 1, 0);
        INSERT INTO topics (thread_id, network, chat, topic) VALUES (1, 'telegram', '-1', '8');
        INSERT INTO dialogues (token, network, chat, thread_id, step, until)
            VALUES ('a', 'telegram', '-1', 1, '{\"note\":\"PLANTED\"}', 0);
        INSERT INTO carried (message_id, thread_id, state, at) VALUES (1, 1, 'arrived', 0);
        INSERT INTO group_threads (thread_id, network, chat, person, handle)
            VALUES (1, 'telegram', '-2', 'PLANTED', 'PLANTED');
        INSERT INTO inbound_events (source, event, received_at)
            VALUES ('edits', 'chat/1/e-PLANTED', 0), ('edits', 'chat/2/e1', 0),
                   ('edits', 'chat/11/e1', 0), ('others', 'chat/1/e-lee', 0);";
    writer
        .connection
        .execute_batch(&sql.replace("PLANTED", PLANTED))
        .expect("filled");
    let viewed = AuditEntry {
        thread: Some(1),
        ..AuditEntry::new(command_line(), Verb::Viewed)
    };
    writer.record(&viewed, now()).expect("recorded");
    for kept in KEPT.iter().chain(LAST) {
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            kept.table, kept.of_thread
        );
        let rows: i64 = writer
            .connection
            .query_row(&sql, [1], |row| row.get(0))
            .expect("counted");
        assert!(rows > 0, "fill the table {} too", kept.table);
    }
    path
}

/// Erases thread 1 in as many steps as it takes.
fn erased(rights: &mut Rights) -> (Gone, u32) {
    let word = LastWord {
        key: "k".to_owned(),
        destination: "hook".to_owned(),
        payload: "{}".to_owned(),
    };
    let mut gone = Gone::new();
    let mut steps = 1;
    while rights
        .erase_some(
            1,
            std::slice::from_ref(&word),
            &|_| Ok(Vec::new()),
            &command_line(),
            now(),
            &mut gone,
        )
        .expect("erased")
        .is_none()
    {
        steps += 1;
    }
    (gone, steps)
}

/// How often the planted text stands in the database's files.
fn found(path: &Path) -> usize {
    let log = path.with_extension("db-wal");
    [path, &log]
        .iter()
        .filter_map(|file| std::fs::read(file).ok())
        .map(|bytes| {
            let planted = PLANTED.as_bytes();
            bytes
                .windows(planted.len())
                .filter(|part| *part == planted)
                .count()
        })
        .sum()
}

fn count(path: &Path, table: &str) -> i64 {
    let db = Connection::open(path).expect("opened");
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get(0)
    })
    .expect("counted")
}

#[test]
fn nothing_of_an_erased_customer_stands_in_any_file_and_the_others_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path());
    assert!(found(&path) > 20, "it was there before");
    let mut rights = Rights::open(&path).expect("opened");
    let threads = rights.threads(&kim()).expect("read").expect("known");
    assert_eq!(threads.len(), 1);
    assert_eq!(rights.messages_elsewhere(&kim()), Ok(1));
    let told = rights.delivered(1).expect("read");
    let [hook] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(
        (hook.events, hook.with_text, hook.under_way, hook.unsent),
        (2, 1, 1, 1)
    );
    let before = rights.count(1).expect("counted");
    let (gone, steps) = erased(&mut rights);
    assert_eq!(steps, 1, "a small thread goes at once");
    for (table, rows) in &before {
        assert_eq!(gone.get(table), Some(rows), "{table}");
    }
    assert_eq!(gone.get("customers"), Some(&1));
    assert_eq!(rights.threads(&kim()), Ok(None));
    assert_eq!(rights.threads(&thread_of_kim()), Ok(None));
    assert_eq!(rights.move_log(), Ok(true));
    // The line that they wrote in somebody else's thread is that thread's, and counted.
    assert_eq!(found(&path), 1);
    assert_eq!((count(&path, "threads"), count(&path, "messages")), (1, 2));
    assert_eq!(
        count(&path, "outbox WHERE thread_id IS NULL AND state = 'queued'"),
        1
    );
    assert_eq!(count(&path, "being_forgotten"), 0);
    assert_eq!(count(&path, "inbound_events"), 3);
}

#[test]
fn the_audit_is_whole_after_an_erasure_and_tells_of_it_without_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path());
    let mut rights = Rights::open(&path).expect("opened");
    rights
        .copy(&kim(), &command_line(), now())
        .expect("copied")
        .expect("known");
    let named = |log: &AuditLog| -> Vec<(Verb, bool)> {
        let entries = log.entries(Page::first(10)).expect("read").items;
        let known = |row: &crate::store::rows::audit::AuditRow| row.thread != AuditedThread::Gone;
        entries.iter().map(|row| (row.verb, known(row))).collect()
    };
    let log = AuditLog::open(&path).expect("opened");
    assert_eq!(named(&log), [(Verb::Exported, true), (Verb::Viewed, true)]);
    erased(&mut rights);
    assert_eq!(
        named(&log),
        [
            (Verb::Erased, false),
            (Verb::Exported, false),
            (Verb::Viewed, false)
        ]
    );
    assert_eq!(count(&path, "audit_salts"), 0);
    let digests = count(&path, "(SELECT DISTINCT thread FROM audit)");
    assert_eq!(digests, 1, "what belongs together still does");
    let Ok(Chain::Whole {
        entries: 3,
        newest: Some((3, hash)),
        ..
    }) = log.verify(None)
    else {
        panic!("whole");
    };
    let found = log.verify(Some(hash));
    assert!(
        matches!(
            found,
            Ok(Chain::Whole {
                found: Some(Found::Entry(3)),
                ..
            })
        ),
        "{found:?}"
    );
}

#[test]
fn an_erasure_that_was_killed_in_the_middle_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path());
    Connection::open(&path)
        .expect("opened")
        .execute_batch(
            "WITH RECURSIVE n(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)
             INSERT INTO messages (id, thread_id, message, party, text, at, visibility, received_at)
                 SELECT n, 1, n, 'customer', 'more', 0, 'private', 0 FROM n;
             INSERT INTO decisions (message_id, exchange, case_number, actions, soft, rule, reason,
                     confidence, evidence, rules_version, decided_at)
                 SELECT id, 1, 1, '[]', 0, 'none', '', 0, '[]', 'v1', 0 FROM messages WHERE id >= 100",
        )
        .expect("a long thread");
    let mut gone = Gone::new();
    {
        let mut killed = Rights::open(&path).expect("opened");
        let step = killed.erase_some(
            1,
            &[],
            &|_| Ok(Vec::new()),
            &command_line(),
            now(),
            &mut gone,
        );
        assert_eq!(step, Ok(None), "there is more to do");
    }
    assert_eq!(count(&path, "threads"), 2, "it is still found");
    let mut rights = Rights::open(&path).expect("opened");
    assert!(rights.threads(&kim()).expect("read").is_some());
    let (rest, steps) = erased(&mut rights);
    assert!(steps > 1);
    assert_eq!(gone["decisions"] + rest["decisions"], 2_902);
    assert_eq!(count(&path, "threads"), 1);
    assert_eq!(rights.move_log(), Ok(true));
    assert_eq!(found(&path), 1);
    let verbs = count(&path, "audit WHERE verb = 'erased'");
    assert_eq!(verbs, 1);
}

#[test]
fn a_copy_holds_every_text_and_no_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path());
    let mut rights = Rights::open(&path).expect("opened");
    let copy = rights.copy(&kim(), &command_line(), now()).expect("copied");
    let copy = copy.expect("known");
    let thread = &copy["threads"][0];
    for kept in KEPT {
        let rows = kept.exported_as.map(|name| &thread[name]);
        let rows = rows.map(|rows| rows.as_array().expect("rows").len());
        assert!(
            rows.is_none_or(|rows| rows > 0),
            "{} is missing",
            kept.table
        );
    }
    assert_eq!(copy["customer"]["author"], format!("@{PLANTED}"));
    assert_eq!(
        copy["customer"]["text_always"]["words"],
        format!("never ring {PLANTED}")
    );
    assert_eq!(
        thread["messages"][0]["text"],
        format!("My {PLANTED} is broken")
    );
    assert_eq!(thread["messages"][0]["at"], "1970-01-01T00:00:00.000007Z");
    assert_eq!(thread["decisions"][0]["evidence"][0], PLANTED);
    assert_eq!(thread["state"]["of"], PLANTED);
    assert_eq!(
        thread["submissions"][0]["sealed"],
        Value::Null,
        "what is sealed stays sealed"
    );
    assert_eq!(thread["chats"][0]["hash"], Value::Null);
    let text = copy.to_string();
    assert!(!text.contains("Lee speaks"), "somebody else's");
    assert_eq!(copy["threads"].as_array().map(Vec::len), Some(1));
    let same = rights
        .copy(&thread_of_kim(), &command_line(), now())
        .expect("copied");
    assert_eq!(same.expect("known")["threads"], copy["threads"]);
}

#[test]
fn what_was_kept_long_enough_goes_and_a_wish_never_to_be_phoned_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path());
    let writer = Writer::open(&path, |_| {}).expect("opened");
    let day = Length::hours(24);
    let (before, next) = (now(), after(now(), day));
    let forget = |now| {
        let looked = writer.forget_threads(before, 500, now, next, &|_| Ok(Vec::new()));
        looked.map(|(looked_at, _)| looked_at)
    };
    assert_eq!(forget(now()), Ok(0));
    assert_eq!(
        count(&path, "threads"),
        1,
        "the quiet one is gone, what is open stays"
    );
    assert_eq!(count(&path, "customers"), 1);
    writer
        .connection
        .execute_batch(
            "UPDATE callbacks SET state = 'done'; UPDATE form_requests SET state = 'verified';
             UPDATE held_answers SET state = 'discarded', text = NULL;
             DELETE FROM outbox WHERE state IN ('sending', 'waiting')",
        )
        .expect("over");
    assert_eq!(forget(now()), Ok(0));
    assert_eq!(count(&path, "threads"), 1, "all were looked at today");
    assert_eq!(forget(next), Ok(0));
    assert_eq!(count(&path, "threads"), 0);
    assert_eq!(count(&path, "customers WHERE text_always IS NOT NULL"), 1);
}

#[test]
fn a_look_at_many_threads_is_taken_in_steps_and_taken_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ringback.db");
    let writer = Writer::open(&path, |_| {}).expect("opened");
    writer
        .connection
        .execute_batch(
            "INSERT INTO customers (id, channel) VALUES (1, 'chat');
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 25)
             INSERT INTO threads (id, channel, thread, customer_id, state, triage, case_number,
                 exchange, held, created_at, changed_at)
             SELECT n, 'chat', n, 1, '{}', 'quiet', 0, 0, 0, 0, (n % 2) * 1000000 FROM n",
        )
        .expect("threads");
    let before = Timestamp::from_microsecond(1_000_000).expect("a time");
    let next = after(now(), Length::hours(24));
    let forget = |writer: &Writer| {
        let looked = writer.forget_threads(before, 10, now(), next, &|_| Ok(Vec::new()));
        looked.map(|(looked_at, _)| looked_at)
    };
    assert_eq!(forget(&writer), Ok(10), "there are more to look at");
    assert_eq!(count(&path, "threads"), 20);
    drop(writer);
    let writer = Writer::open(&path, |_| {}).expect("opened again");
    assert_eq!(forget(&writer), Ok(10));
    assert_eq!(forget(&writer), Ok(0));
    assert_eq!(count(&path, "threads"), 13, "the newer ones stay");
    assert_eq!(
        count(&path, "forgetting WHERE thread = 0 AND next_at > 0"),
        1
    );
}
