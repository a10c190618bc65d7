//! What an entry of the audit calls a thread and what is in it: digests with a salt of the thread's
//! own. A network's ids can name a person; a digest whose salt is gone names nobody.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::store::{StoreError, rows::audit::AuditEntry};

/// A thread's salt, and what the audit calls the thread.
#[derive(Debug)]
pub(super) struct Salt {
    salt: [u8; 32],
    pub(super) digest: [u8; 32],
}

impl Salt {
    /// A thread's; a new one where it has none yet.
    pub(super) fn of(connection: &Connection, thread: i64) -> Result<Self, StoreError> {
        if let Some(known) = Self::known(connection, thread)? {
            return Ok(known);
        }
        let salt: [u8; 32] = rand::random();
        let digest = digest(&salt, b"thread", &thread.to_be_bytes());
        connection
            .prepare_cached(
                "INSERT INTO audit_salts (thread_id, salt, digest) VALUES (?1, ?2, ?3)",
            )?
            .execute((thread, salt, digest))?;
        Ok(Self { salt, digest })
    }

    /// A thread's, if it has one.
    pub(super) fn known(connection: &Connection, thread: i64) -> Result<Option<Self>, StoreError> {
        let found = connection
            .prepare_cached("SELECT salt, digest FROM audit_salts WHERE thread_id = ?1")?
            .query_row([thread], |row| {
                Ok(Self {
                    salt: row.get(0)?,
                    digest: row.get(1)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// What the audit calls that which an entry is about, if more than the thread.
    pub(super) fn item(&self, entry: &AuditEntry) -> Option<[u8; 32]> {
        let message = entry.message.as_ref().map(|message| message.as_str());
        self.digest_of(message, entry.callback.map(|callback| callback.0))
    }

    /// What the audit calls a message or else a callback.
    pub(super) fn digest_of(
        &self,
        message: Option<&str>,
        callback: Option<i64>,
    ) -> Option<[u8; 32]> {
        match (message, callback) {
            (Some(message), _) => Some(digest(&self.salt, b"message", message.as_bytes())),
            (None, Some(callback)) => {
                Some(digest(&self.salt, b"callback", &callback.to_be_bytes()))
            }
            (None, None) => None,
        }
    }
}

/// The salt is 32 bytes long and no kind is the beginning of another, so nothing is written alike.
fn digest(salt: &[u8; 32], kind: &[u8], id: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(kind);
    hash.update(id);
    hash.finalize().into()
}
