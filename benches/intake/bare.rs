//! Bare SQLite writing the very rows that the bot wrote, with the same tables, indexes, triggers
//! and durability, from one connection and with nothing else to do. It checkpoints as SQLite does
//! by default.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{Counts, Run};

/// Tables whose rows come with the messages; the others are there before.
const FLOWING: [&str; 4] = ["messages", "decisions", "callbacks", "outbox"];
const STANDING: [&str; 3] = ["customers", "threads", "cases"];

struct Table {
    name: &'static str,
    columns: usize,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn of(database: &Connection, name: &'static str) -> Self {
        let mut select = database
            .prepare(&format!("SELECT * FROM {name} ORDER BY 1"))
            .expect("a table");
        let columns = select.column_count();
        let rows = select
            .query_map([], |row| {
                (0..columns).map(|column| row.get(column)).collect()
            })
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("rows");
        Self {
            name,
            columns,
            rows,
        }
    }

    fn insert(&self) -> String {
        let values = vec!["?"; self.columns].join(", ");
        format!("INSERT INTO {} VALUES ({values})", self.name)
    }

    /// This table's share of one message out of `all`.
    fn share(&self, message: usize, all: usize) -> &[Vec<Value>] {
        let from = message * self.rows.len() / all;
        let to = (message + 1) * self.rows.len() / all;
        self.rows.get(from..to).unwrap_or_default()
    }
}

/// What the bot has written.
pub(crate) struct Rows {
    schema: Vec<String>,
    standing: Vec<Table>,
    flowing: Vec<Table>,
}

impl Rows {
    pub(crate) fn of(database: &Path) -> Self {
        let database = Connection::open(database).expect("the bot's database");
        let schema = database
            .prepare(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                 ORDER BY type = 'table' DESC",
            )
            .expect("a schema")
            .query_map([], |row| row.get(0))
            .expect("a schema")
            .collect::<Result<_, _>>()
            .expect("a schema");
        Self {
            schema,
            standing: STANDING.map(|name| Table::of(&database, name)).into(),
            flowing: FLOWING.map(|name| Table::of(&database, name)).into(),
        }
    }

    /// How many rows there are per table.
    pub(crate) fn per_message(&self) -> Counts {
        let count = |table: &Table| (table.name.to_owned(), table.rows.len());
        self.flowing.iter().map(count).collect()
    }
}

/// Writes the bot's rows again, spread over `messages` messages, `size` to a transaction.
#[expect(clippy::disallowed_methods, reason = "measures")]
pub(crate) fn write(
    rows: &Rows,
    folder: &Path,
    name: &'static str,
    size: usize,
    messages: usize,
) -> Run {
    let all = rows.flowing.first().map_or(1, |table| table.rows.len());
    let mut database = prepared(rows, &folder.join(format!("bare-{size}.db")));
    let mut latencies = Vec::with_capacity(messages / size);
    let start = Instant::now();
    for first in (0..messages).step_by(size) {
        let begun = Instant::now();
        let transaction = database.transaction().expect("a transaction");
        for message in first..(first + size).min(messages) {
            write_one(&transaction, rows, message, all);
        }
        transaction.commit().expect("committed");
        latencies.push(begun.elapsed());
    }
    let took: Duration = start.elapsed();
    Run {
        name,
        messages,
        took,
        latencies,
    }
}

fn prepared(rows: &Rows, path: &Path) -> Connection {
    let database = Connection::open(path).expect("a database");
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )
        .expect("set up");
    for sql in &rows.schema {
        database.execute_batch(sql).expect("the schema");
    }
    database.execute_batch("BEGIN").expect("begun");
    for table in &rows.standing {
        let mut insert = database.prepare(&table.insert()).expect("an insert");
        for row in &table.rows {
            insert.execute(params_from_iter(row)).expect("inserted");
        }
    }
    database.execute_batch("COMMIT").expect("committed");
    database
}

/// A message's rows, and its thread's as the bot last left it.
fn write_one(database: &Connection, rows: &Rows, message: usize, all: usize) {
    for table in &rows.flowing {
        let mut insert = database.prepare_cached(&table.insert()).expect("an insert");
        for row in table.share(message, all) {
            insert.execute(params_from_iter(row)).expect("inserted");
        }
    }
    let threads = rows.standing.iter().find(|table| table.name == "threads");
    let thread = threads.and_then(|table| table.rows.get(message % table.rows.len()));
    if let Some([id, _, _, _, state, triage, case, exchange, held, _, changed]) =
        thread.map(Vec::as_slice)
    {
        let mut update = database
            .prepare_cached(
                "UPDATE threads SET state = ?, triage = ?, case_number = ?, exchange = ?, held = ?,
                 changed_at = ? WHERE id = ?",
            )
            .expect("an update");
        update
            .execute([state, triage, case, exchange, held, changed, id])
            .expect("updated");
    }
}
