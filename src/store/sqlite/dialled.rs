//! Calls that another program was asked to make: one row a press. The number is in the outbox only, and
//! there no longer than until it was sent or given up.

use rusqlite::{Connection, Row};

use super::{
    outbox::Sent,
    reads::first,
    words::{Columns, Word, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, MessageId, ThreadKey},
        time::Timestamp,
    },
    store::{
        CallbackId, StoreError,
        rows::dialled::{DialEnd, DialResult, DialRow, DialState},
    },
};

/// A press of the button.
#[derive(Debug)]
pub(crate) struct NewDial<'a> {
    /// What the other program knows the call by.
    pub(crate) call: &'a str,
    /// The callback that it is for.
    pub(crate) callback: CallbackId,
    /// The thread's row.
    pub(crate) thread: i64,
    /// Who pressed it.
    pub(crate) by: &'a AccountName,
    /// Which button that was.
    pub(crate) press: &'a MessageId,
}

impl Writer {
    /// Keeps a press of the button; false if it is known.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_dial(
        &self,
        dial: &NewDial<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let inserted = self.run(
            "INSERT INTO dialled (call, callback_id, thread_id, account, press, asked_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (callback_id, press) DO NOTHING",
            (
                dial.call,
                dial.callback.0,
                dial.thread,
                dial.by.as_str(),
                dial.press.as_str(),
                micros(now),
                DialState::Asked.word(),
            ),
        )?;
        Ok(inserted > 0)
    }

    /// The newest call of a callback.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn newest_dial(&self, callback: CallbackId) -> Result<Option<DialRow>, StoreError> {
        self.first(NEWEST, [callback.0], dial_row)
    }

    /// Keeps what came of asking the other program, of the effect of that row in the outbox, and
    /// deletes the number from there. Whose thread it is, if that settled it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn dial_settled(
        &self,
        effect: i64,
        sent: &Sent,
    ) -> Result<Option<ThreadKey>, StoreError> {
        let state = match sent {
            Sent::Again(_) | Sent::NotTried | Sent::Later(_) => return Ok(None),
            Sent::Arrived => DialState::Taken,
            Sent::Dead(_) | Sent::CutOff => DialState::GivenUp,
        };
        self.run(
            "UPDATE outbox SET payload = '{}' WHERE id = ?1 AND state IN ('sent', 'dead')",
            [effect],
        )?;
        let call = "call = (SELECT key FROM outbox WHERE id = ?1)";
        // Its end may have been heard of already.
        self.run(
            &format!("UPDATE dialled SET state = ?2 WHERE {call} AND state = ?3"),
            (effect, state.word(), DialState::Asked.word()),
        )?;
        let sql = format!("{THREAD} WHERE d.{call}");
        self.first(&sql, [effect], thread_key)
    }

    /// Keeps how a call ended; the first that is told counts, and what was told under an id of one call
    /// counts for no other. Whose thread it is; `None` if there is no such call.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn dial_ended(
        &self,
        call: &str,
        event: &str,
        end: &DialEnd,
    ) -> Result<Option<ThreadKey>, StoreError> {
        self.run(
            "UPDATE dialled SET state = ?2, result = ?3, seconds = ?4, ended_at = ?5, end_id = ?6
             WHERE call = ?1 AND ended_at IS NULL
                 AND NOT EXISTS (SELECT 1 FROM dialled WHERE end_id = ?6)",
            (
                call,
                DialState::Ended.word(),
                end.result.word(),
                end.seconds,
                micros(end.at),
                event,
            ),
        )?;
        self.first(&format!("{THREAD} WHERE d.call = ?1"), [call], thread_key)
    }
}

const THREAD: &str =
    "SELECT t.channel, t.thread FROM dialled d JOIN threads t ON t.id = d.thread_id";

/// The newest call of a callback.
const NEWEST: &str = "SELECT * FROM dialled WHERE callback_id = ?1 ORDER BY id DESC LIMIT 1";

/// The newest call of a callback.
pub(super) fn dial_of(
    db: &Connection,
    callback: CallbackId,
) -> Result<Option<DialRow>, StoreError> {
    first(db, NEWEST, [callback.0], dial_row)
}

fn thread_key(row: &Row<'_>) -> Result<ThreadKey, StoreError> {
    Ok(ThreadKey {
        channel: row.id("channel")?,
        thread: row.id("thread")?,
    })
}

fn dial_row(row: &Row<'_>) -> Result<DialRow, StoreError> {
    let result: Option<DialResult> = row.word_if_any("result")?;
    let seconds = row.get("seconds")?;
    let ended_at = row.time_if_any("ended_at")?;
    Ok(DialRow {
        callback: CallbackId(row.get("callback_id")?),
        by: row.id("account")?,
        at: row.time("asked_at")?,
        state: row.word("state")?,
        end: result.zip(ended_at).map(|(result, at)| DialEnd {
            result,
            seconds,
            at,
        }),
    })
}
