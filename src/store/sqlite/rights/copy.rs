//! A copy of all that is kept of a customer: the tables of `kept` as JSON, each row with its columns
//! as they are named in the schema. Times are written as RFC 3339 in UTC; what is binary (hashes,
//! what is sealed) is left out. `docs/RIGHTS.md` describes the document.

use rusqlite::{Connection, Row, types::ValueRef};
use serde_json::{Map, Value, json};

use crate::{
    domain::time::Timestamp,
    store::{
        StoreError,
        rows::rights::{Gone, Subjected},
        sqlite::kept::{KEPT, Kept, LAST},
    },
};

/// The document's version; grows when what it says changes its meaning.
const FORMAT: u32 = 1;

/// Columns of times whose names do not end in `_at`.
const TIMES: &[&str] = &["at", "until", "soft_until", "muted_until", "waiting_since"];

/// All of a customer and those threads.
pub(super) fn of(
    db: &Connection,
    customer: Option<i64>,
    threads: &[Subjected],
    now: Timestamp,
) -> Result<Value, StoreError> {
    let customer = match customer {
        Some(customer) => rows(
            db,
            "SELECT * FROM customers WHERE id = ?1",
            customer,
            &["text_always", "whereabouts"],
        )?
        .pop(),
        None => None,
    };
    let threads = threads.iter().map(|thread| of_thread(db, thread.row));
    Ok(json!({
        "format": FORMAT,
        "written_at": now,
        "customer": customer,
        "threads": threads.collect::<Result<Vec<_>, _>>()?,
    }))
}

fn of_thread(db: &Connection, thread: i64) -> Result<Value, StoreError> {
    let mut whole = Map::new();
    for kept in LAST {
        if kept.table == "threads"
            && let Some(Value::Object(columns)) = all_of(db, kept, thread)?.pop()
        {
            whole.extend(columns);
        }
    }
    for kept in KEPT {
        if let Some(name) = kept.exported_as {
            whole.insert(name.to_owned(), all_of(db, kept, thread)?.into());
        }
    }
    Ok(whole.into())
}

/// How many rows there are of which table.
pub(super) fn count(db: &Connection, thread: i64) -> Result<Gone, StoreError> {
    let mut counts = Gone::new();
    for kept in KEPT.iter().chain(LAST) {
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            kept.table, kept.of_thread
        );
        let count: i64 = db.query_row(&sql, [thread], |row| row.get(0))?;
        if count > 0 {
            counts.insert(kept.table, u64::try_from(count).unwrap_or(0));
        }
    }
    Ok(counts)
}

fn all_of(db: &Connection, kept: &Kept, thread: i64) -> Result<Vec<Value>, StoreError> {
    let Kept {
        table,
        key,
        of_thread,
        json,
        ..
    } = kept;
    let sql = format!("SELECT * FROM {table} WHERE {of_thread} ORDER BY {key}");
    rows(db, &sql, thread, json)
}

fn rows(
    db: &Connection,
    sql: &str,
    value: i64,
    json: &'static [&'static str],
) -> Result<Vec<Value>, StoreError> {
    let mut rows = db.prepare_cached(sql)?;
    let rows = rows.query_and_then([value], |row| object(row, json))?;
    rows.collect()
}

fn object(row: &Row<'_>, json: &[&str]) -> Result<Value, StoreError> {
    let mut object = Map::new();
    for (place, column) in row.as_ref().column_names().enumerate() {
        let is_time = TIMES.contains(&column) || column.ends_with("_at");
        let value = match row.get_ref(place)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(micros) if is_time => Timestamp::from_microsecond(micros)
                .map_err(|_| StoreError::Corrupt("a time"))?
                .to_string()
                .into(),
            ValueRef::Integer(number) => number.into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|_| StoreError::Corrupt("a text"))?;
                match json.contains(&column) {
                    true => serde_json::from_str(text)
                        .map_err(|_| StoreError::Corrupt("a column of JSON"))?,
                    false => text.into(),
                }
            }
            ValueRef::Blob(_) => continue,
        };
        object.insert(column.to_owned(), value);
    }
    Ok(object.into())
}
