//! Streams stored messages in order of arrival, for the command line. Reads beside a running bot
//! and never writes.

use std::{ops::ControlFlow, path::Path};

use rusqlite::{Connection, Row};

use super::{
    open_for_reading,
    words::{Columns, micros_up},
};
use crate::{
    domain::{private::Private, reading::Language, time::Timestamp},
    store::{StoreError, rows::MessageRow},
};

/// The messages of one database.
#[derive(Debug)]
pub struct Transcript {
    connection: Connection,
}

impl Transcript {
    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_reading(path)?,
        })
    }

    /// Hands every message that was written at `since` or later to `each`, masked, in order of
    /// arrival, until it breaks off. Holds one row at a time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn since(
        &self,
        since: Timestamp,
        each: impl FnMut(MessageRow) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT m.*, t.channel, t.thread FROM messages m JOIN threads t
             ON t.id = m.thread_id WHERE m.at >= ?1 ORDER BY m.id";
        each_since(&self.connection, sql, since, message_row, each)
    }
}

/// Hands every row that the query finds from a moment on to `each`, until it breaks off. Holds one row
/// at a time.
pub(super) fn each_since<T>(
    connection: &Connection,
    sql: &str,
    since: Timestamp,
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    mut each: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(sql)?;
    for row in statement.query_and_then([micros_up(since)], read)? {
        if each(row?).is_break() {
            break;
        }
    }
    Ok(())
}

/// A message of a row that has its columns and its thread's address.
pub(super) fn message_row(row: &Row<'_>) -> Result<MessageRow, StoreError> {
    let language: Option<String> = row.get("language")?;
    Ok(MessageRow {
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        id: row.id("message")?,
        from: row.word("party")?,
        author: row.id_if_any("author")?,
        text: Private::new(row.get("text")?),
        at: row.time("at")?,
        visibility: row.word("visibility")?,
        language: language
            .map(|tag| Language::parse(&tag).ok_or(StoreError::Corrupt("messages.language")))
            .transpose()?,
        tags: row.json_if_any("tags")?.unwrap_or_default(),
        received_at: row.time("received_at")?,
        edited_at: row.time_if_any("edited_at")?,
        attachment: row.word_if_any("attachment")?,
    })
}
