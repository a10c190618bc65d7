//! What agents say among themselves about a thread, kept for good and masked before it comes here.

use rusqlite::Row;

use super::{
    words::{Columns, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, MessageId},
        private::Private,
        time::Timestamp,
    },
    store::{StoreError, rows::desk::NoteRow},
};

impl Writer {
    /// Keeps a note; false if the thread has one of that key already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn insert_note(
        &self,
        thread: i64,
        key: Option<&MessageId>,
        by: &AccountName,
        masked: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let inserted = self.run(
            "INSERT INTO notes (thread_id, key, account, text, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (thread_id, key) DO NOTHING",
            (
                thread,
                key.map(MessageId::as_str),
                by.as_str(),
                masked,
                micros(now),
            ),
        )?;
        Ok(inserted > 0)
    }

    /// What the note of that key says, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn note_text(
        &self,
        thread: i64,
        key: &MessageId,
    ) -> Result<Option<String>, StoreError> {
        self.first(
            "SELECT text FROM notes WHERE thread_id = ?1 AND key = ?2",
            (thread, key.as_str()),
            |row| Ok(row.get("text")?),
        )
    }
}

/// The notes of a thread, oldest first.
pub(super) const NOTES: &str = "SELECT * FROM notes WHERE thread_id = ?1 ORDER BY id";

pub(super) fn note_row(row: &Row<'_>) -> Result<NoteRow, StoreError> {
    Ok(NoteRow {
        id: row.get("id")?,
        by: row.id("account")?,
        text: Private::new(row.get("text")?),
        at: row.time("at")?,
    })
}
