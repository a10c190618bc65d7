//! Lets a thread and all that is kept of it go, in small steps: for whoever erases a customer, and
//! for what is kept too long. What is deleted is overwritten (`secure_delete`), and is gone from the
//! write-ahead log once that was moved into the database.

use rusqlite::{Connection, params};

use super::{
    kept::{KEPT, Kept, LAST},
    numbers, people,
};
use crate::store::{StoreError, rows::rights::Gone};

/// Deletes at most `most` rows of what is kept of a thread, the thread itself not. True once nothing
/// is left but the thread and what names it in the audit. A part of a transaction.
pub(super) fn empty(
    db: &Connection,
    thread: i64,
    most: usize,
    gone: &mut Gone,
) -> Result<bool, StoreError> {
    may_forget(db, thread)?;
    let mut left = most;
    for kept in KEPT {
        left = left.saturating_sub(delete(db, kept, thread, left, gone)?);
        if left == 0 {
            break;
        }
    }
    forgotten(db)?;
    Ok(left > 0)
}

/// Deletes an [emptied](empty) thread, what names it in the audit, and its customer if no other
/// thread is theirs; `keeps` says which customers stay all the same. A part of the same transaction.
pub(super) fn end(
    db: &Connection,
    thread: i64,
    keeps: Keeps,
    gone: &mut Gone,
) -> Result<(), StoreError> {
    let customer: i64 = db
        .prepare_cached("SELECT customer_id FROM threads WHERE id = ?1")?
        .query_row([thread], |row| row.get(0))?;
    let linked = people::one_with(db, customer)?;
    for kept in LAST {
        delete(db, kept, thread, usize::MAX, gone)?;
    }
    let now = match keeps {
        Keeps::Nothing => None,
        Keeps::WishesAt(now) => Some(now),
    };
    let deleted = db
        .prepare_cached(
            "DELETE FROM customers WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM threads WHERE customer_id = ?1)
             AND (?2 IS NULL OR (text_always IS NULL AND do_not_call = 0
                                 AND coalesce(muted_until, ?2) <= ?2))",
        )?
        .execute(params![customer, now])?;
    count(gone, "customers", deleted);
    people::regroup(db, &linked)?;
    if deleted == 0 {
        // What was known by this thread alone is known no more.
        numbers::choose(db, customer)?;
    }
    Ok(())
}

/// Which customers outlive their threads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keeps {
    /// None.
    Nothing,
    /// Those with a wish that holds at that moment (in microseconds): never to be phoned, or not
    /// to be taken for a customer.
    WishesAt(i64),
}

fn delete(
    db: &Connection,
    kept: &Kept,
    thread: i64,
    most: usize,
    gone: &mut Gone,
) -> Result<usize, StoreError> {
    let Kept {
        table,
        key,
        of_thread,
        ..
    } = kept;
    let sql = format!(
        "DELETE FROM {table} WHERE ({key}) IN
             (SELECT {key} FROM {table} WHERE {of_thread} LIMIT ?2)"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let deleted = db.prepare_cached(&sql)?.execute((thread, most))?;
    count(gone, table, deleted);
    Ok(deleted)
}

fn count(gone: &mut Gone, table: &'static str, deleted: usize) {
    if deleted > 0 {
        *gone.entry(table).or_default() += u64::try_from(deleted).unwrap_or(u64::MAX);
    }
}

/// Opens what is kept for good to this transaction; see migration 0009.
fn may_forget(db: &Connection, thread: i64) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO being_forgotten (thread_id) VALUES (?1)")?
        .execute([thread])?;
    Ok(())
}

fn forgotten(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM being_forgotten")?
        .execute([])?;
    Ok(())
}
