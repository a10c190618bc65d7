//! That no list of the desk reads more than it shows.

use rusqlite::Connection;

use super::{COUNTS, EVERY_CHANNEL, NOTICE, UNDELIVERED, card, queue, thread, threads};
use crate::store::sqlite::{
    callbacks::CALLBACK, consents, corrections::CORRECTION, do_not_call, examples, forms, held,
    notes::NOTES, notices, numbers, open_for_reading, open_for_writing, reads::CASE,
};

/// The steps of SQLite's plan.
fn plan(db: &Connection, sql: &str) -> Vec<String> {
    let mut plan = db
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("a statement");
    let steps: rusqlite::Result<Vec<String>> =
        plan.raw_query().mapped(|row| row.get("detail")).collect();
    steps.expect("steps")
}

/// Those that read a table or an index from end to end.
fn whole_reads(db: &Connection, sql: &str) -> Vec<String> {
    let steps = plan(db, sql).into_iter();
    steps.filter(|step| step.starts_with("SCAN")).collect()
}

fn empty_database() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ringback.db");
    drop(open_for_writing(&path).expect("a database"));
    let db = open_for_reading(&path).expect("a database");
    (folder, db)
}

#[test]
fn a_list_of_threads_comes_from_an_index_in_its_own_order() {
    let (_folder, db) = empty_database();
    for (sql, index) in [
        (
            threads::WAITING,
            "INDEX threads_waiting (channel=? AND waiting_since>?)",
        ),
        (
            threads::OF_TRIAGE,
            "INDEX threads_by_change (channel=? AND triage=? AND changed_at<?)",
        ),
        (
            threads::HELD,
            "INDEX threads_held_by_change (channel=? AND changed_at<?)",
        ),
    ] {
        let steps = plan(&db, sql);
        let uses = |step: &String| step.starts_with("SEARCH threads") && step.ends_with(index);
        assert!(steps.iter().any(uses), "{steps:#?}");
        // The first ones of each channel, and then the page: neither is longer than is shown.
        let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE"));
        assert_eq!(sorts.count(), 2, "{steps:#?}");
    }
}

#[test]
fn no_page_of_the_desk_reads_a_table_from_end_to_end() {
    let (_folder, db) = empty_database();
    let of_thread = |sql: &str, alias: &str| format!("{sql} WHERE {alias}.thread_id = ?1");
    let mut statements: Vec<String> = queue::VIEWS
        .into_iter()
        .flat_map(|(rows, total)| [rows, total])
        .chain([
            queue::ONE,
            card::KNOWN,
            card::TELLING,
            card::EARLIER,
            threads::WAITING,
            threads::OF_TRIAGE,
            threads::HELD,
            thread::WHOLE,
            thread::LINES,
            CORRECTION,
            NOTES,
            notices::STANDS,
            notices::ANY,
            notices::ENDED,
            notices::END,
            notices::END_OWN,
            forms::OF_CASE,
            held::STANDING,
            numbers::OF_CUSTOMER,
            numbers::PROFILE,
            consents::IN_FORCE,
            do_not_call::ENTRY,
            held::OVERDUE,
            COUNTS,
            EVERY_CHANNEL,
        ])
        .map(str::to_owned)
        .collect();
    statements.extend([
        of_thread(CASE, "c"),
        of_thread(CALLBACK, "k"),
        format!("{} AND n.ended_at IS NULL", of_thread(NOTICE, "n")),
    ]);
    // Lists that were made for the query, and an index that holds only what is open.
    let bounded = |step: &String| {
        let names = [
            "seen VIRTUAL",
            "json_each ",
            "page",
            "every",
            "CONSTANT",
            "n USING INDEX notices_open",
        ];
        names
            .iter()
            .any(|name| step.starts_with(&format!("SCAN {name}")))
    };
    for sql in statements {
        let whole: Vec<String> = whole_reads(&db, &sql)
            .into_iter()
            .filter(|step| !bounded(step))
            .collect();
        assert_eq!(whole, Vec::<String>::new(), "{sql}");
    }
    let open = format!("{NOTICE} WHERE n.ended_at IS NULL ORDER BY n.id LIMIT 9");
    assert_eq!(whole_reads(&db, &open), ["SCAN n USING INDEX notices_open"]);
    let dead = whole_reads(&db, UNDELIVERED);
    assert_eq!(dead, ["SCAN outbox USING INDEX outbox_dead", "SCAN dead"]);
}

#[test]
fn the_least_sure_of_a_night_are_found_by_an_index_of_what_was_thanks() {
    let (_folder, db) = empty_database();
    let steps = plan(&db, examples::LEAST_SURE);
    let night = "SEARCH decisions USING COVERING INDEX decisions_thanks (decided_at>?)";
    assert!(steps.iter().any(|step| step == night), "{steps:#?}");
    // The least sure ones themselves are read from end to end, and nothing else that grows.
    let whole = whole_reads(&db, examples::LEAST_SURE);
    let grows = |step: &&String| !step.contains("json_each") && *step != "SCAN b";
    assert_eq!(whole.iter().find(grows), None);
    let whole = whole_reads(&db, examples::OPEN_DOUBTS);
    let grows = |step: &&String| !step.contains("json_each") && *step != "SCAN g";
    assert_eq!(whole.iter().find(grows), None, "a desk has few digests");
}
