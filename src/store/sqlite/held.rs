//! Agents' answers that are held back. One that has ended keeps no text.

use rusqlite::Row;

use super::{
    reads::{Reads, first},
    words::{Columns, Word, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        chat::Written,
        ids::{AccountName, MessageId, ThreadKey},
        message::Attachment,
        private::Private,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::held::{HeldId, HeldRow, HeldState},
    },
};

/// An answer about to be held.
pub(crate) struct NewHeld<'a> {
    /// Whose.
    pub(crate) by: &'a AccountName,
    /// Of the box that it was typed into.
    pub(crate) key: &'a MessageId,
    /// Its text, masked.
    pub(crate) masked: &'a str,
    /// It asks for identity data.
    pub(crate) asks: bool,
    /// When it goes back.
    pub(crate) until: Timestamp,
    /// What comes with it.
    pub(crate) attachment: Option<Attachment>,
    /// Where it was written, if that was in a chat.
    pub(crate) written: Option<&'a Written>,
}

impl Reads {
    /// What stands of an account's box in a thread, held or returned.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn held_of_box(
        &self,
        thread: ThreadKey,
        by: AccountName,
        key: MessageId,
    ) -> Result<Option<HeldRow>, StoreError> {
        self.query(move |db| {
            let of = (
                thread.channel.as_str(),
                thread.thread.as_str(),
                by.as_str(),
                key.as_str(),
            );
            let sql = "SELECT h.* FROM held_answers h JOIN threads t ON t.id = h.thread_id
                 WHERE t.channel = ?1 AND t.thread = ?2 AND h.account = ?3 AND h.key = ?4
                     AND h.state IN ('held', 'returned')";
            first(db, sql, of, held_row)
        })
        .await
    }
}

impl Writer {
    /// Holds an answer. Whatever stands of the same box must have ended before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn hold(
        &self,
        thread: i64,
        answer: &NewHeld<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let written = answer
            .written
            .map(|written| json(written, "held_answers.written"))
            .transpose()?;
        self.run(
            "INSERT INTO held_answers (thread_id, account, key, text, asks, held_at, until, state,
                 attachment, written)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'held', ?8, ?9)",
            (
                thread,
                answer.by.as_str(),
                answer.key.as_str(),
                answer.masked,
                answer.asks,
                micros(now),
                micros(answer.until),
                answer.attachment.map(|attachment| attachment.word()),
                written,
            ),
        )?;
        Ok(())
    }

    /// An account's answer of that number in a thread, whatever became of it.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn held(
        &self,
        thread: i64,
        by: &AccountName,
        id: HeldId,
    ) -> Result<Option<HeldRow>, StoreError> {
        self.first(
            "SELECT * FROM held_answers WHERE id = ?1 AND thread_id = ?2 AND account = ?3",
            (id.0, thread, by.as_str()),
            held_row,
        )
    }

    /// What stands of an account's box in a thread, held or returned.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub(crate) fn held_of_box(
        &self,
        thread: i64,
        by: &AccountName,
        key: &MessageId,
    ) -> Result<Option<HeldRow>, StoreError> {
        self.first(
            "SELECT * FROM held_answers WHERE thread_id = ?1 AND account = ?2 AND key = ?3
                 AND state IN ('held', 'returned')",
            (thread, by.as_str(), key.as_str()),
            held_row,
        )
    }

    /// Gives an answer back to its agent, unsent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn return_held(&self, id: HeldId) -> Result<(), StoreError> {
        self.run(
            "UPDATE held_answers SET state = 'returned' WHERE id = ?1 AND state = 'held'",
            [id.0],
        )?;
        Ok(())
    }

    /// Ends an answer, and forgets its text.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_held(&self, id: HeldId, end: HeldState) -> Result<(), StoreError> {
        self.run(
            "UPDATE held_answers SET state = ?2, text = NULL, written = NULL WHERE id = ?1",
            (id.0, end.word()),
        )?;
        Ok(())
    }

    /// Whether an answer of an account in a thread is back with it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn has_returned(&self, thread: i64, by: &AccountName) -> Result<bool, StoreError> {
        let found = self.first(
            "SELECT 1 FROM held_answers
             WHERE thread_id = ?1 AND account = ?2 AND state = 'returned' LIMIT 1",
            (thread, by.as_str()),
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Answers whose time is over, each with its thread's row, the longest first.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub(crate) fn overdue_held(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(i64, HeldRow)>, StoreError> {
        self.all(OVERDUE, (micros(now), most), |row| {
            Ok((row.get("thread_id")?, held_row(row)?))
        })
    }
}

pub(super) const OVERDUE: &str = "SELECT * FROM held_answers
     WHERE state = 'held' AND until <= ?1 ORDER BY until LIMIT ?2";

/// The answers of a thread that stand, oldest first.
pub(super) const STANDING: &str = "SELECT * FROM held_answers
     WHERE thread_id = ?1 AND state IN ('held', 'returned') ORDER BY id";

pub(super) fn held_row(row: &Row<'_>) -> Result<HeldRow, StoreError> {
    let text: Option<String> = row.get("text")?;
    Ok(HeldRow {
        id: HeldId(row.get("id")?),
        by: row.id("account")?,
        key: row.id("key")?,
        text: Private::new(text.unwrap_or_default()),
        asks: row.get("asks")?,
        held_at: row.time("held_at")?,
        until: row.time("until")?,
        state: row.word("state")?,
        attachment: row.word_if_any("attachment")?,
        written: row.json_if_any("written")?,
    })
}
