//! The chain is whole as it is written, and whatever is done to it afterwards is found.

use proptest::prelude::*;
use rusqlite::Connection;

use super::{log::AuditLog, record};
use crate::{
    domain::{
        ids::{AccountName, MessageId},
        time::{Length, Timestamp, after},
    },
    store::{
        CallbackId,
        rows::audit::{AuditEntry, AuditHash, Chain, Damage, Found, Verb},
        sqlite::{MIGRATIONS, writer::Writer},
    },
};

fn start() -> Timestamp {
    "2026-01-05T10:00:00Z".parse().expect("a time")
}

fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

/// A database with three threads, in memory.
fn database() -> Connection {
    let db = Connection::open_in_memory().expect("memory");
    for step in MIGRATIONS {
        db.execute_batch(step).expect("a step");
    }
    super::bring_over(&db).expect("an empty table");
    db.execute_batch(
        "INSERT INTO customers (id, channel) VALUES (1, 'chat');
         INSERT INTO threads (id, channel, thread, customer_id, state, triage, case_number,
             exchange, held, created_at, changed_at)
         VALUES (1, 'chat', 't1', 1, '{}', 'quiet', 0, 0, 0, 0, 0),
                (2, 'chat', 't2', 1, '{}', 'quiet', 0, 0, 0, 0, 0);",
    )
    .expect("threads");
    db
}

/// `count` entries of all kinds.
fn written(count: u8) -> Connection {
    let db = database();
    for n in 0..i64::from(count) {
        let entry = AuditEntry {
            about: (n % 5 == 0).then(|| account("lee")),
            thread: (n % 3 > 0).then_some(n % 3),
            message: (n % 4 == 1).then(|| MessageId::parse("m1").expect("an id")),
            callback: (n % 4 == 2).then_some(CallbackId(n)),
            ..AuditEntry::new(account("kim"), Verb::Viewed)
        };
        let at = after(start(), Length::minutes(u32::from(count)));
        record(&db, &entry, at).expect("written");
    }
    db
}

fn checked(db: &Connection) -> Chain {
    super::log::verify(db, None).expect("readable")
}

/// Lets an attacker who can write the file do what the triggers stop.
fn unguarded(db: &Connection) {
    db.execute_batch("DROP TRIGGER audit_stays_as_it_is; DROP TRIGGER audit_stays")
        .expect("dropped");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_change_of_any_entry_is_found(count in 1..12_u8, which in 0..12_i64, what in 0..7_usize) {
        let number = which % i64::from(count) + 1;
        let db = written(count);
        unguarded(&db);
        let change = [
            "at = at + 1",
            "account = account || 'x'",
            "verb = 'noted'",
            "about = CASE WHEN about IS NULL THEN 'lee' END",
            "thread = randomblob(32)",
            "item = randomblob(32)",
            "hash = randomblob(32)",
        ][what];
        db.execute(&format!("UPDATE audit SET {change} WHERE number = ?1"), [number]).expect("changed");
        prop_assert_eq!(checked(&db), Chain::Broken { entry: number, how: Damage::Changed });
    }

    #[test]
    fn an_entry_that_was_taken_out_is_missed(count in 1..12_u8, which in 0..12_i64) {
        let number = which % i64::from(count) + 1;
        let db = written(count);
        unguarded(&db);
        db.execute("DELETE FROM audit WHERE number = ?1", [number]).expect("deleted");
        prop_assert_eq!(checked(&db), Chain::Broken { entry: number, how: Damage::Missing });
    }

    #[test]
    fn entries_that_changed_places_are_found(count in 2..12_u8, one in 0..12_i64, other in 0..12_i64) {
        let (one, other) = (one % i64::from(count) + 1, other % i64::from(count) + 1);
        prop_assume!(one != other);
        let db = written(count);
        unguarded(&db);
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            db.execute("UPDATE audit SET number = ?2 WHERE number = ?1", [from, to]).expect("moved");
        }
        let first = one.min(other);
        prop_assert_eq!(checked(&db), Chain::Broken { entry: first, how: Damage::Changed });
    }
}

#[test]
fn the_chain_is_whole_as_it_was_written_and_says_where_a_published_hash_stands() {
    let db = written(9);
    let Chain::Whole {
        entries: 9,
        newest: Some((9, newest)),
        cut: None,
        found: None,
    } = checked(&db)
    else {
        panic!("whole, not {:?}", checked(&db));
    };
    let looked_for = |hash| match super::log::verify(&db, Some(hash)) {
        Ok(Chain::Whole { found, .. }) => found,
        other => panic!("whole, not {other:?}"),
    };
    assert_eq!(looked_for(newest), Some(Found::Entry(9)));
    assert_eq!(looked_for(AuditHash([7; 32])), Some(Found::Nowhere));
    assert_eq!(AuditHash::parse(&newest.to_string()), Some(newest));
    assert_eq!(
        checked(&database()),
        Chain::Whole {
            entries: 0,
            newest: None,
            cut: None,
            found: None
        }
    );
}

#[test]
fn entries_of_another_making_do_not_fit_a_checkpoint_that_was_made_before() {
    let db = written(3);
    let Chain::Whole {
        newest: Some((_, hash)),
        ..
    } = checked(&db)
    else {
        panic!("whole");
    };
    let forged = written(3);
    forged
        .execute(
            "INSERT INTO audit_checkpoints (entry, hash, at) VALUES (3, ?1, 0)",
            [hash.0],
        )
        .expect("a checkpoint");
    // The salts differ, so the same entries hash to something else.
    let against = Chain::Broken {
        entry: 3,
        how: Damage::AgainstItsCheckpoint,
    };
    assert_eq!(checked(&forged), against);
}

#[test]
fn the_audit_is_cut_at_a_checkpoint_in_small_steps_and_goes_on_from_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ringback.db");
    let writer = Writer::open(&path, |_| {}).expect("opened");
    let kim = AuditEntry::new(account("kim"), Verb::SignedIn);
    let (day, now) = (Length::hours(24), start());
    for _ in 0..5 {
        writer.record(&kim, now).expect("written");
    }
    let cut = writer.make_checkpoint(now).expect("made").expect("one");
    assert_eq!((cut.entry, writer.make_checkpoint(now)), (5, Ok(None)));
    writer.record(&kim, now).expect("written");
    let log = AuditLog::open(&path).expect("opened");
    let refused = writer.connection.execute("DELETE FROM audit", []);
    assert!(refused.is_err(), "nothing was cut yet");
    assert_eq!(
        writer.cut_audit(now, 2, now),
        Ok(0),
        "the checkpoint is not older than that"
    );
    let later = after(now, day);
    assert_eq!(writer.cut_audit(later, 2, later), Ok(2));
    for _ in 0..2 {
        // In the middle of a cut as after it.
        let whole = log.verify(Some(cut.hash)).expect("readable");
        let Chain::Whole {
            entries: 1,
            newest: Some((6, _)),
            cut: Some(at),
            found,
        } = whole
        else {
            panic!("whole, not {whole:?}");
        };
        assert_eq!((at.entry, found), (5, Some(Found::Cut(5))));
        writer.cut_audit(later, 9, later).expect("cut");
    }
    let beyond = writer.connection.execute("DELETE FROM audit", []);
    assert!(beyond.is_err(), "what is newer than the cut stays");
    let all = writer.make_checkpoint(later).expect("made").expect("one");
    let last = after(later, day);
    assert_eq!(writer.cut_audit(last, 9, last), Ok(1));
    writer.record(&kim, last).expect("written");
    let whole = log.verify(Some(all.hash)).expect("readable");
    assert!(
        matches!(
            whole,
            Chain::Whole {
                entries: 1,
                newest: Some((7, _)),
                found: Some(Found::Cut(6)),
                ..
            }
        ),
        "{whole:?}"
    );
}

#[test]
fn entries_from_before_the_chain_are_brought_over_in_order() {
    let db = Connection::open_in_memory().expect("memory");
    let (before, chain) = MIGRATIONS.split_at(super::super::WITH_THE_CHAIN - 1);
    for step in before {
        db.execute_batch(step).expect("a step");
    }
    db.execute_batch(
        "INSERT INTO customers (id, channel) VALUES (1, 'chat');
         INSERT INTO threads (id, channel, thread, customer_id, state, triage, case_number,
             exchange, held, created_at, changed_at)
         VALUES (1, 'chat', 't1', 1, '{}', 'quiet', 0, 0, 0, 0, 0);
         INSERT INTO audit (at, account, verb, about, thread_id, message)
         VALUES (5, 'kim', 'signed_in', NULL, NULL, NULL),
                (6, 'kim', 'added_account', 'lee', NULL, NULL),
                (7, 'lee', 'replied', NULL, 1, 'm-of-the-network');",
    )
    .expect("old entries");
    for step in chain {
        db.execute_batch(step).expect("a step");
    }
    super::bring_over(&db).expect("brought over");
    assert!(matches!(checked(&db), Chain::Whole { entries: 3, .. }));
    let known: String = db
        .query_row(
            "SELECT group_concat(a.account || ' ' || verb || ' ' || coalesce(t.thread, '-'))
             FROM (SELECT * FROM audit ORDER BY number) a
             LEFT JOIN audit_salts s ON s.digest = a.thread LEFT JOIN threads t ON t.id = s.thread_id",
            [],
            |row| row.get(0),
        )
        .expect("rows");
    assert_eq!(known, "kim signed_in -,kim added_account -,lee replied t1");
}
