//! Whether calls helped, in their customers' view: who is to be asked, who was, what they said.

use rusqlite::Row;

use super::{
    reads::{Reads, first},
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{MessageId, ThreadKey},
        time::Timestamp,
    },
    store::{CallbackId, StoreError, rows::said::SatisfactionRow},
};

impl Writer {
    /// Keeps that the customer of a call is to be asked, once.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn plan_satisfaction(
        &self,
        callback: CallbackId,
        thread: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO satisfaction (callback_id, thread_id, done_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (callback_id) DO NOTHING",
            (callback.0, thread, micros(now)),
        )?;
        Ok(())
    }

    /// Calls that were over by then and whose customers were not asked, with their threads.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn satisfaction_to_ask(
        &self,
        over_by: Timestamp,
        limit: u32,
    ) -> Result<Vec<(CallbackId, i64)>, StoreError> {
        self.all(TO_ASK, (micros(over_by), limit), |row| {
            Ok((CallbackId(row.get("callback_id")?), row.get("thread_id")?))
        })
    }

    /// Keeps with which line a customer was asked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn satisfaction_asked(
        &self,
        callback: CallbackId,
        line: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE satisfaction SET asked_at = ?2, message_id = ?3 WHERE callback_id = ?1",
            (callback.0, micros(now), line),
        )?;
        Ok(())
    }

    /// Forgets that a customer was to be asked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_satisfaction(&self, callback: CallbackId) -> Result<(), StoreError> {
        let sql = "DELETE FROM satisfaction WHERE callback_id = ?1 AND asked_at IS NULL";
        self.run(sql, [callback.0])?;
        Ok(())
    }

    /// What the customer of a call said, if they were asked or said it all the same.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn satisfaction(
        &self,
        callback: CallbackId,
    ) -> Result<Option<SatisfactionRow>, StoreError> {
        self.first(OF_CALLBACK, [callback.0], satisfaction_row)
    }

    /// Keeps what the customer of a call says; the line that asks has changed then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn answer_satisfaction(
        &self,
        callback: CallbackId,
        thread: i64,
        helped: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO satisfaction (callback_id, thread_id, done_at, asked_at, helped, answered_at)
             VALUES (?1, ?2, ?4, ?4, ?3, ?4)
             ON CONFLICT (callback_id) DO UPDATE SET helped = excluded.helped,
                 asked_at = coalesce(asked_at, excluded.asked_at),
                 answered_at = coalesce(answered_at, excluded.answered_at)",
            (callback.0, thread, helped, micros(now)),
        )?;
        self.run(CHANGE_QUESTION, [callback.0])?;
        if helped {
            self.run(END_COMPLAINT, (thread, micros(now)))?;
        }
        Ok(())
    }
}

impl Reads {
    /// Which call a message of a thread asks about; `None` if it asks about none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_about_by(
        &self,
        key: ThreadKey,
        message: MessageId,
    ) -> Result<Option<CallbackId>, StoreError> {
        self.query(move |db| {
            let of = (key.channel.as_str(), key.thread.as_str(), message.as_str());
            first(db, ASKED_ABOUT_BY, of, |row| {
                Ok(CallbackId(row.get("callback_id")?))
            })
        })
        .await
    }

    /// Which call a line of a thread asks about; `None` if it asks about none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_about(
        &self,
        key: ThreadKey,
        line: i64,
    ) -> Result<Option<CallbackId>, StoreError> {
        self.query(move |db| {
            let (channel, thread) = (key.channel.as_str(), key.thread.as_str());
            first(db, ASKED_ABOUT, (line, channel, thread), |row| {
                Ok(CallbackId(row.get("callback_id")?))
            })
        })
        .await
    }

    /// What the customer of a call said of it; `None` if they were not asked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn satisfaction(
        &self,
        callback: CallbackId,
    ) -> Result<Option<SatisfactionRow>, StoreError> {
        self.query(move |db| first(db, OF_CALLBACK, [callback.0], satisfaction_row))
            .await
    }
}

pub(super) const TO_ASK: &str = "SELECT callback_id, thread_id FROM satisfaction
     WHERE asked_at IS NULL AND done_at <= ?1 ORDER BY done_at LIMIT ?2";

const OF_CALLBACK: &str = "SELECT helped, answered_at FROM satisfaction WHERE callback_id = ?1";

const ASKED_ABOUT_BY: &str = "SELECT s.callback_id FROM threads t
     JOIN messages m ON m.thread_id = t.id AND m.message = ?3
     JOIN satisfaction s ON s.message_id = m.id
     WHERE t.channel = ?1 AND t.thread = ?2";

const ASKED_ABOUT: &str = "SELECT s.callback_id FROM satisfaction s
     JOIN threads t ON t.id = s.thread_id
     WHERE s.message_id = ?1 AND t.channel = ?2 AND t.thread = ?3";

/// The message that asks is the thread's newest change.
const CHANGE_QUESTION: &str = "UPDATE messages SET
         change = 1 + coalesce((SELECT max(other.change) FROM messages other
             WHERE other.thread_id = messages.thread_id AND other.change IS NOT NULL), 0)
     WHERE id = (SELECT message_id FROM satisfaction WHERE callback_id = ?1)";

const END_COMPLAINT: &str = "UPDATE notices SET ended_at = ?2
     WHERE thread_id = ?1 AND ended_at IS NULL
         AND json_extract(notice, '$.notice') = 'dissatisfied'";

fn satisfaction_row(row: &Row<'_>) -> Result<SatisfactionRow, StoreError> {
    Ok(SatisfactionRow {
        helped: row.get("helped")?,
        answered_at: row.time_if_any("answered_at")?,
    })
}
