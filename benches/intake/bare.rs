//! Bare SQLite writing the very rows that the bot writes: every row that it inserts, changes or
//! deletes, in its order, with the same tables, indexes, triggers and durability, from one
//! connection and with nothing else to do. It checkpoints as SQLite does by default.
//!
//! What the bot writes is recorded by triggers, in a run that is not measured. Of a row that it
//! changes, bare SQLite sets only the columns that really differ.

use std::{
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{Counts, Run};

/// Where the triggers write.
const RECORD: &str = "bench_changes";

/// A table whose changes are recorded.
struct Table {
    name: String,
    columns: Vec<String>,
    /// Places of the primary key's columns.
    key: Vec<usize>,
}

/// One statement with its values.
struct Change {
    sql: Rc<str>,
    values: Vec<Value>,
}

/// What the bot wrote, a list for each message that it took in.
pub(crate) struct Changes {
    /// The database as it was before.
    before: PathBuf,
    of_messages: Vec<Vec<Change>>,
    counts: Counts,
}

/// Has everything recorded that is written to a database that nobody has open.
pub(crate) fn start_recording(database: &Path) {
    fs::copy(database, before(database)).expect("copied");
    let db = Connection::open(database).expect("the bot's database");
    let tables = tables(&db);
    let widest = tables.iter().map(|table| table.columns.len()).max();
    let columns = |side: char| (0..widest.unwrap_or(0)).map(move |at| format!("{side}{at}"));
    let all: Vec<String> = columns('o').chain(columns('n')).collect();
    let all = all.join(", ");
    db.execute_batch(&format!(
        "CREATE TABLE {RECORD} (id INTEGER PRIMARY KEY, name TEXT, what TEXT, {all})"
    ))
    .expect("a record");
    for table in &tables {
        for what in ["INSERT", "UPDATE", "DELETE"] {
            let side = |side: char, row: &str| {
                let columns = table.columns.iter().enumerate();
                let columns =
                    columns.map(|(at, name)| (format!("{side}{at}"), format!("{row}.\"{name}\"")));
                columns.collect::<Vec<_>>()
            };
            let (old, new) = (side('o', "old"), side('n', "new"));
            let (into, values): (Vec<_>, Vec<_>) = match what {
                "INSERT" => new.into_iter().unzip(),
                "DELETE" => old.into_iter().unzip(),
                _ => old.into_iter().chain(new).unzip(),
            };
            let (name, into, values) = (&table.name, into.join(", "), values.join(", "));
            db.execute_batch(&format!(
                "CREATE TRIGGER bench_{name}_{what} AFTER {what} ON {name} BEGIN
                     INSERT INTO {RECORD} (name, what, {into}) VALUES ('{name}', '{what}', {values});
                 END"
            ))
            .expect("a trigger");
        }
    }
}

/// What was written since [`start_recording`].
pub(crate) fn recorded(database: &Path) -> Changes {
    let db = Connection::open(database).expect("the bot's database");
    let tables = tables(&db);
    let mut select = db
        .prepare(&format!("SELECT * FROM {RECORD} ORDER BY id"))
        .expect("a record");
    let width = (select.column_count() - 3) / 2;
    let mut rows = select.query([]).expect("a record");
    let (mut of_messages, mut counts) = (Vec::new(), Counts::new());
    while let Some(row) = rows.next().expect("a change") {
        let text = |at| row.get::<_, String>(at).expect("a text");
        let (name, what) = (text(1), text(2));
        let table = tables.iter().find(|table| table.name == name);
        let table = table.expect("a table");
        let side = |from: usize| -> Vec<Value> {
            let values = (0..table.columns.len()).map(|at| row.get(from + at));
            values.collect::<Result<_, _>>().expect("values")
        };
        let change = match what.as_str() {
            "INSERT" => table.insert(side(3 + width)),
            "DELETE" => table.delete(&side(3)),
            _ => table.update(&side(3), &side(3 + width)),
        };
        if name == "messages" && what == "INSERT" || of_messages.is_empty() {
            of_messages.push(Vec::new());
        }
        *counts.entry(format!("{name} {what}")).or_default() += 1;
        of_messages.last_mut().expect("one").extend(change);
    }
    Changes {
        before: before(database),
        of_messages,
        counts,
    }
}

impl Changes {
    /// How many rows were inserted, changed or deleted, by table.
    pub(crate) const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// For how many messages.
    pub(crate) const fn messages(&self) -> usize {
        self.of_messages.len()
    }
}

/// Writes the bot's rows again, those of `size` messages to a transaction, of `messages` messages.
#[expect(clippy::disallowed_methods, reason = "measures")]
pub(crate) fn write(changes: &Changes, name: &'static str, size: usize, messages: usize) -> Run {
    let path = changes.before.with_extension(format!("bare-{size}.db"));
    fs::copy(&changes.before, &path).expect("copied");
    let mut database = Connection::open(&path).expect("a database");
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )
        .expect("set up");
    database.set_prepared_statement_cache_capacity(256);
    let written = changes.of_messages.get(..messages);
    let written = written.unwrap_or(&changes.of_messages);
    let mut latencies = Vec::with_capacity(written.len() / size);
    let start = Instant::now();
    for together in written.chunks(size) {
        let begun = Instant::now();
        let transaction = database.transaction().expect("a transaction");
        for change in together.iter().flatten() {
            let mut statement = transaction.prepare_cached(&change.sql).expect("a change");
            let done = statement.execute(params_from_iter(&change.values));
            done.expect("written");
        }
        transaction.commit().expect("committed");
        latencies.push(begun.elapsed());
    }
    let took: Duration = start.elapsed();
    Run {
        name,
        messages: written.len(),
        took,
        latencies,
    }
}

fn before(database: &Path) -> PathBuf {
    database.with_extension("before")
}

/// Every table but SQLite's own.
fn tables(db: &Connection) -> Vec<Table> {
    let mut select = db
        .prepare(
            "SELECT m.name, c.name, c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> ?1
             ORDER BY m.name, c.cid",
        )
        .expect("a schema");
    let mut tables: Vec<Table> = Vec::new();
    let mut rows = select.query([RECORD]).expect("a schema");
    while let Some(row) = rows.next().expect("a column") {
        let name: String = row.get(0).expect("a name");
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table {
                name,
                columns: Vec::new(),
                key: Vec::new(),
            });
        }
        let table = tables.last_mut().expect("one");
        if row.get::<_, i64>(2).expect("a number") > 0 {
            table.key.push(table.columns.len());
        }
        table.columns.push(row.get(1).expect("a name"));
    }
    tables
}

impl Table {
    fn insert(&self, values: Vec<Value>) -> Option<Change> {
        let (name, places) = (&self.name, vec!["?"; values.len()].join(", "));
        Some(Change {
            sql: format!("INSERT INTO {name} VALUES ({places})").into(),
            values,
        })
    }

    fn delete(&self, old: &[Value]) -> Option<Change> {
        Some(Change {
            sql: format!("DELETE FROM {} WHERE {}", self.name, self.is_row()).into(),
            values: self.key_of(old),
        })
    }

    /// Nothing, if it changes nothing.
    fn update(&self, old: &[Value], new: &[Value]) -> Option<Change> {
        let columns = self.columns.iter().zip(old.iter().zip(new));
        let changed = columns.filter(|(_, (old, new))| old != new);
        let (sets, mut values): (Vec<_>, Vec<_>) = changed
            .map(|(column, (_, new))| (format!("\"{column}\" = ?"), new.clone()))
            .unzip();
        values.extend(self.key_of(old));
        (!sets.is_empty()).then(|| Change {
            sql: format!(
                "UPDATE {} SET {} WHERE {}",
                self.name,
                sets.join(", "),
                self.is_row()
            )
            .into(),
            values,
        })
    }

    fn is_row(&self) -> String {
        let columns = self.key.iter().filter_map(|at| self.columns.get(*at));
        let is = columns.map(|column| format!("\"{column}\" = ?"));
        is.collect::<Vec<_>>().join(" AND ")
    }

    fn key_of(&self, row: &[Value]) -> Vec<Value> {
        let key = self.key.iter().filter_map(|at| row.get(*at));
        key.cloned().collect()
    }
}
