//! Who did what, kept for good. The writer's entries are part of what they tell of: both are kept or
//! neither is.

use rusqlite::Connection;

use super::{
    words::{Word, micros},
    writer::Writer,
};
use crate::{
    domain::{ids::AccountName, time::Timestamp},
    store::{StoreError, rows::audit::AuditEntry},
};

impl Writer {
    /// Keeps that an account did something.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn record(&self, entry: &AuditEntry, now: Timestamp) -> Result<(), StoreError> {
        record(&self.connection, entry, now)
    }
}

/// Keeps that an account did something.
pub(super) fn record(
    connection: &Connection,
    entry: &AuditEntry,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO audit (at, account, verb, about, thread_id, message, callback_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            micros(now),
            entry.account.as_str(),
            entry.verb.word(),
            entry.about.as_ref().map(AccountName::as_str),
            entry.thread,
            entry.message.as_ref().map(|message| message.as_str()),
            entry.callback.map(|callback| callback.0),
        ))?;
    Ok(())
}
