//! Who did what, kept for good. The writer's entries are part of what they tell of: both are kept or
//! neither is.

use rusqlite::Connection;

use super::{
    words::{Columns, Word, micros},
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

    /// When it was last kept that an account looked at a thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn last_viewed(
        &self,
        thread: i64,
        account: &AccountName,
    ) -> Result<Option<Timestamp>, StoreError> {
        let viewed = self.first(
            "SELECT max(at) AS at FROM audit
             WHERE verb = 'viewed' AND thread_id = ?1 AND account = ?2",
            (thread, account.as_str()),
            |row| row.time_if_any("at"),
        )?;
        Ok(viewed.flatten())
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

/// Every entry of a database in order, as `account verb` and the message or callback it is about.
#[cfg(test)]
pub(crate) fn audited(path: &std::path::Path) -> Result<Vec<String>, StoreError> {
    let db = Connection::open(path)?;
    let mut entries = db.prepare("SELECT * FROM audit ORDER BY id")?;
    let entries = entries.query_and_then([], |row| {
        let (account, verb): (String, String) = (row.get("account")?, row.get("verb")?);
        let message: Option<String> = row.get("message")?;
        let callback: Option<i64> = row.get("callback_id")?;
        let about = message.or(callback.map(|id| id.to_string()));
        Ok(format!("{account} {verb} {}", about.unwrap_or_default())
            .trim_end()
            .to_owned())
    })?;
    entries.collect()
}
