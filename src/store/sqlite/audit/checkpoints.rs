//! Checkpoints of the audit: made once a day, told to the outside, and the only places where the
//! audit is cut.

use rusqlite::Row;

use super::newest;
use crate::{
    domain::time::Timestamp,
    store::{
        StoreError,
        rows::audit::{AuditHash, Checkpoint},
        sqlite::{
            words::{Columns, micros},
            writer::Writer,
        },
    },
};

impl Writer {
    /// The newest checkpoint.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.first(
            "SELECT * FROM audit_checkpoints ORDER BY entry DESC LIMIT 1",
            [],
            checkpoint_row,
        )
    }

    /// When the oldest entry was written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn audited_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT at FROM audit ORDER BY number LIMIT 1";
        self.first(sql, [], |row| row.time("at"))
    }

    /// Makes a checkpoint of the newest entry; `None` if that has one already, or there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn make_checkpoint(&self, now: Timestamp) -> Result<Option<Checkpoint>, StoreError> {
        let Some((entry, hash)) = newest(&self.connection)? else {
            return Ok(None);
        };
        let made = self.run(
            "INSERT INTO audit_checkpoints (entry, hash, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (entry) DO NOTHING",
            (entry, hash.0, micros(now)),
        )?;
        Ok((made > 0).then_some(Checkpoint {
            entry,
            hash,
            at: now,
            cut_at: None,
        }))
    }

    /// Cuts the audit at the newest checkpoint that was made before `before`: at most `most` of the
    /// entries up to it go now. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn cut_audit(
        &self,
        before: Timestamp,
        most: u32,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.run(
            "UPDATE audit_checkpoints SET cut_at = ?2 WHERE cut_at IS NULL
             AND entry = (SELECT max(entry) FROM audit_checkpoints WHERE at < ?1)",
            (micros(before), micros(now)),
        )?;
        self.run(
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit
                 WHERE number <= (SELECT max(entry) FROM audit_checkpoints WHERE cut_at IS NOT NULL)
                 ORDER BY number LIMIT ?1)",
            [most],
        )
    }
}

pub(super) fn checkpoint_row(row: &Row<'_>) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        entry: row.get("entry")?,
        hash: AuditHash(row.get("hash")?),
        at: row.time("at")?,
        cut_at: row.time_if_any("cut_at")?,
    })
}
