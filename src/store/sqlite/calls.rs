//! The call log: a row for each call, with what was said of it. Texts are masked before they come
//! here.

use rusqlite::{Connection, Row, params};

use super::{
    reads::all,
    words::{Columns, Word, micros},
    writer::Writer,
};
use crate::{
    domain::{callback::Outcome, ids::AccountName, private::Private, time::Timestamp},
    store::{
        CallbackId, StoreError,
        rows::calls::{CallRow, LineState, ToldLine},
    },
};

/// So many calls of a thread are shown: the newest.
const SHOWN: u32 = 20;

/// What came of a call.
#[derive(Debug)]
pub(crate) struct NewCall<'a> {
    /// The thread's row.
    pub(crate) thread: i64,
    /// The callback that it was for.
    pub(crate) callback: CallbackId,
    /// The case of that.
    pub(crate) case: u32,
    /// Who rang.
    pub(crate) by: &'a AccountName,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// For us, masked.
    pub(crate) note: Option<&'a str>,
    /// For the customer, masked, and what became of it.
    pub(crate) told: Option<(&'a str, LineState)>,
    /// When the customer is rung next.
    pub(crate) next_at: Option<Timestamp>,
}

impl Writer {
    /// Keeps what came of a call.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_call(&self, call: &NewCall<'_>, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO calls (callback_id, thread_id, case_number, account, at, outcome, note,
                 told, told_state, next_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                call.callback.0,
                call.thread,
                call.case,
                call.by.as_str(),
                micros(now),
                call.outcome.word(),
                call.note,
                call.told.map(|(text, _)| text),
                call.told.map(|(_, state)| state.word()),
                call.next_at.map(micros),
            ],
        )?;
        Ok(())
    }
}

/// The newest calls of a thread, newest first.
pub(super) const CALLS: &str = "SELECT * FROM calls WHERE thread_id = ?1 ORDER BY id DESC LIMIT ?2";

/// The newest calls of a thread, newest first.
pub(super) fn calls_of(db: &Connection, thread: i64) -> Result<Vec<CallRow>, StoreError> {
    all(db, CALLS, (thread, SHOWN), call_row)
}

fn call_row(row: &Row<'_>) -> Result<CallRow, StoreError> {
    let private = |column| -> Result<Option<Private<String>>, StoreError> {
        Ok(row.get::<_, Option<String>>(column)?.map(Private::new))
    };
    let state = row.word_if_any("told_state")?;
    Ok(CallRow {
        id: row.get("id")?,
        callback: CallbackId(row.get("callback_id")?),
        case: row.get("case_number")?,
        by: row.id("account")?,
        at: row.time("at")?,
        outcome: row.word("outcome")?,
        note: private("note")?,
        told: private("told")?
            .zip(state)
            .map(|(text, state)| ToldLine { text, state }),
        next_at: row.time_if_any("next_at")?,
    })
}
