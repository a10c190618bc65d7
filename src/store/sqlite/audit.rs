//! Who did what, as a chain of hashes. The writer's entries are part of what they tell of: both are
//! kept or neither is. Whoever writes an entry holds the database's one write lock, so that two
//! programs cannot both follow the same entry. `chain` says how an entry is hashed.

mod chain;
pub(super) mod checkpoints;
pub mod log;
pub(super) mod salts;

use rusqlite::{Connection, OptionalExtension};

use super::{
    shifts,
    words::{Columns, Word, micros},
    writer::Writer,
};
use crate::{
    domain::{ids::AccountName, time::Timestamp},
    store::{
        StoreError,
        rows::audit::{AuditEntry, AuditHash},
    },
};
use chain::{Link, NO_ENTRY};
use salts::Salt;

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
            "SELECT max(at) AS at FROM audit WHERE verb = 'viewed' AND account = ?2
                 AND thread = (SELECT digest FROM audit_salts WHERE thread_id = ?1)",
            (thread, account.as_str()),
            |row| row.time_if_any("at"),
        )?;
        Ok(viewed.flatten())
    }
}

/// Keeps that an account did something. Within a transaction that may write.
pub(super) fn record(
    connection: &Connection,
    entry: &AuditEntry,
    now: Timestamp,
) -> Result<(), StoreError> {
    shifts::was_active(connection, &entry.account, entry.verb.presence(), now)?;
    let salt = entry
        .thread
        .map(|thread| Salt::of(connection, thread))
        .transpose()?;
    let item = salt.as_ref().and_then(|salt| salt.item(entry));
    append(
        connection,
        &Link {
            at: micros(now),
            account: entry.account.as_str(),
            verb: entry.verb.word(),
            about: entry.about.as_ref().map(AccountName::as_str),
            thread: salt.as_ref().map(|salt| salt.digest.as_slice()),
            item: item.as_ref().map(<[u8; 32]>::as_slice),
        },
    )
}

/// Puts an entry at the end of the chain.
fn append(connection: &Connection, link: &Link<'_>) -> Result<(), StoreError> {
    let (newest, previous) = newest(connection)?.unwrap_or((0, NO_ENTRY));
    let number = newest + 1;
    let hash = link.hash(number, &previous);
    connection
        .prepare_cached(
            "INSERT INTO audit (number, at, account, verb, about, thread, item, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            number,
            link.at,
            link.account,
            link.verb,
            link.about,
            link.thread,
            link.item,
            hash.0,
        ))?;
    Ok(())
}

/// The number and hash of the newest entry, be it cut; `None` before any.
pub(super) fn newest(connection: &Connection) -> Result<Option<(i64, AuditHash)>, StoreError> {
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, AuditHash(row.get(1)?)));
    let entry = connection
        .prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], row)
        .optional()?;
    if entry.is_some() {
        return Ok(entry);
    }
    let cut = connection
        .prepare_cached(
            "SELECT entry, hash FROM audit_checkpoints WHERE cut_at IS NOT NULL
             ORDER BY entry DESC LIMIT 1",
        )?
        .query_row([], row)
        .optional()?;
    Ok(cut)
}

/// Brings the entries of the table before the chain over, in order. A part of the migration.
pub(super) fn bring_over(connection: &Connection) -> Result<(), StoreError> {
    let mut old = connection.prepare("SELECT * FROM audit_without_chain ORDER BY id")?;
    let mut rows = old.query([])?;
    while let Some(row) = rows.next()? {
        let (account, verb): (String, String) = (row.get("account")?, row.get("verb")?);
        let about: Option<String> = row.get("about")?;
        let thread: Option<i64> = row.get("thread_id")?;
        let message: Option<String> = row.get("message")?;
        let callback: Option<i64> = row.get("callback_id")?;
        let salt = thread
            .map(|thread| Salt::of(connection, thread))
            .transpose()?;
        let item = salt
            .as_ref()
            .and_then(|salt| salt.digest_of(message.as_deref(), callback));
        append(
            connection,
            &Link {
                at: row.get("at")?,
                account: &account,
                verb: &verb,
                about: about.as_deref(),
                thread: salt.as_ref().map(|salt| salt.digest.as_slice()),
                item: item.as_ref().map(<[u8; 32]>::as_slice),
            },
        )?;
    }
    drop(rows);
    drop(old);
    connection.execute_batch("DROP TABLE audit_without_chain")?;
    Ok(())
}

/// Every entry of a database in order, as `account verb` and the message or callback it is about,
/// found again by its digest.
#[cfg(test)]
pub(crate) fn audited(path: &std::path::Path) -> Result<Vec<String>, StoreError> {
    let db = Connection::open(path)?;
    let mut items = std::collections::HashMap::new();
    for (kind, sql) in [
        ("message", "SELECT thread_id, message FROM messages"),
        (
            "callback",
            "SELECT thread_id, CAST(id AS TEXT) FROM callbacks",
        ),
    ] {
        let mut rows = db.prepare(sql)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let (thread, id): (i64, String) = (row.get(0)?, row.get(1)?);
            if let Some(salt) = Salt::known(&db, thread)? {
                let digest = match kind {
                    "message" => salt.digest_of(Some(&id), None),
                    _ => salt.digest_of(None, id.parse().ok()),
                };
                items.insert(digest, id);
            }
        }
    }
    let mut entries = db.prepare("SELECT * FROM audit ORDER BY number")?;
    let entries = entries.query_and_then([], |row| {
        let (account, verb): (String, String) = (row.get("account")?, row.get("verb")?);
        let item: Option<[u8; 32]> = row.get("item")?;
        let about = item.and_then(|item| items.get(&Some(item)).cloned());
        Ok(format!("{account} {verb} {}", about.unwrap_or_default())
            .trim_end()
            .to_owned())
    })?;
    entries.collect()
}

#[cfg(test)]
mod tests;
