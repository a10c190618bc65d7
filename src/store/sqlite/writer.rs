//! The one connection that writes: transactions, savepoints, and the checkpoints beside it.
//! Whoever holds it decides what is one transaction; it is never held across anything slow.

use std::{cell::Cell, path::Path, time::Duration};

use rusqlite::{CachedStatement, Connection, Params, Row};

use super::{BUSY_TIMEOUT, open_for_writing, words::micros};
use crate::{domain::time::Timestamp, store::StoreError};

/// How long writers may be held up while the log is cut off.
const CUT_WITHIN: Duration = Duration::from_millis(50);

/// The connection that writes.
pub(crate) struct Writer {
    pub(super) connection: Connection,
}

impl Writer {
    /// Opens the database, makes it if there is none and brings it to the newest version. After
    /// each commit `on_commit` is told how many pages the write-ahead log has; somebody else is to
    /// run the [`Checkpointer`] then.
    ///
    /// # Errors
    /// When it cannot be opened, is not ours or was written by a newer Ringback.
    pub(crate) fn open(
        path: &Path,
        mut on_commit: impl FnMut(u32) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let mut connection = open_for_writing(path)?;
        // Setting the hook also ends SQLite's own checkpoints, which would run inside a commit.
        connection.wal_hook(Some(move |_: &mut _, pages: std::ffi::c_int| {
            on_commit(u32::try_from(pages).unwrap_or(0));
            Ok(())
        }))?;
        Ok(Self { connection })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        self.run("BEGIN IMMEDIATE", [])?;
        Ok(())
    }

    /// Makes everything since [`Writer::begin`] durable.
    ///
    /// # Errors
    /// When the disk refuses; nothing is kept then, once rolled back.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        self.run("COMMIT", [])?;
        Ok(())
    }

    /// Forgets everything since [`Writer::begin`]. SQLite may have done so already.
    pub(crate) fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // Fails only where there is nothing left to roll back.
            drop(self.run("ROLLBACK", []));
        }
    }

    /// Runs a part of the transaction that may fail alone: if it does, its changes are undone and
    /// the rest stands. Parts may hold parts.
    ///
    /// # Errors
    /// The part's own, or [`StoreError::Unavailable`] when the whole transaction is lost.
    pub(crate) fn part<T, E: From<StoreError>>(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run("SAVEPOINT part", [])?;
        let result = part(self);
        if self.connection.is_autocommit() {
            return Err(match result {
                Err(error) => error,
                Ok(_) => StoreError::Unavailable("the transaction was lost".to_owned()).into(),
            });
        }
        if result.is_err() {
            self.run("ROLLBACK TO part", [])?;
        }
        self.run("RELEASE part", [])?;
        result
    }

    /// Records that a message could not be taken: what went wrong, its size and the SHA-256 of its
    /// text, never the text.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn reject(
        &self,
        channel: &str,
        kind: &str,
        bytes: usize,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.run(
            "INSERT INTO rejected_messages (channel, kind, bytes, digest, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (channel, kind, bytes, digest, micros(now)),
        )?;
        Ok(())
    }

    /// How many rows were changed since the database was opened, also by what was undone.
    pub(crate) fn rows_changed(&self) -> u64 {
        self.connection.total_changes()
    }

    /// Finds out whether there is room to write: takes some and gives it back.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn probe(&self) -> Result<(), StoreError> {
        self.run("INSERT INTO probes (room) VALUES (zeroblob(65536))", [])?;
        self.run("DELETE FROM probes", [])?;
        Ok(())
    }

    /// Lets the database grow no further than it is, or without bound again, as a full disk would.
    #[cfg(test)]
    pub(crate) fn fill_disk(&self, full: bool) -> Result<(), StoreError> {
        let pages: i64 = if full { 1 } else { 1_073_741_823 };
        self.connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        Ok(())
    }

    pub(super) fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement and says how many rows it changed.
    pub(super) fn run(&self, sql: &str, values: impl Params) -> Result<usize, StoreError> {
        Ok(self.statement(sql)?.execute(values)?)
    }

    /// The first row, if any.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.statement(sql)?
            .query_and_then(values, map)?
            .next()
            .transpose()
    }

    /// All rows.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.statement(sql)?.query_and_then(values, map)?.collect()
    }
}

/// Moves the write-ahead log into the database on a connection of its own, so that no commit
/// waits for it.
pub(crate) struct Checkpointer {
    connection: Connection,
    /// How long the log is before the writer is made to wait again.
    too_long: Cell<i64>,
}

impl Checkpointer {
    /// From so many pages (4 KiB each) on, the log is worth moving.
    pub(crate) const WORTH_MOVING: u32 = 2_000;
    /// From so many pages on, the writer has to wait for a moment, so that the log starts anew and
    /// does not grow for ever under a load that never pauses.
    const TOO_LONG: i64 = 25_000;

    /// Opens its connection.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_writing(path)?,
            too_long: Cell::new(Self::TOO_LONG),
        })
    }

    /// Moves what can be moved without making anybody wait, or all of it if the log is too long. While
    /// a reader stays for long, such as a backup, the log grows; the writer does not stand still for it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn move_log(&self) -> Result<(), StoreError> {
        let pages = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")?;
        if pages <= Self::TOO_LONG {
            self.too_long.set(Self::TOO_LONG);
        } else if pages > self.too_long.get() {
            self.within(CUT_WITHIN, "PRAGMA wal_checkpoint(RESTART)")?;
            // The longer it is by now, the less often the writer waits for it.
            self.too_long.set(pages.saturating_add(pages / 2));
        }
        Ok(())
    }

    /// Moves all of it and cuts the log to nothing, so that what was deleted is in no file any more.
    /// False where a reader still needs a part of it: try again later.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn cut_log(&self) -> Result<bool, StoreError> {
        let is_busy = self.within(CUT_WITHIN, "PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(!is_busy)
    }

    /// Moves all of it and cuts the log to nothing, at the end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn finish(&self) -> Result<(), StoreError> {
        self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(())
    }

    /// A checkpoint that waits for readers for so long at most: meanwhile nobody can write. Says whether
    /// one was in its way.
    fn within(&self, time: Duration, sql: &str) -> Result<bool, StoreError> {
        self.connection.busy_timeout(time)?;
        let is_busy = self.connection.query_row(sql, [], |row| row.get(0));
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        Ok(is_busy?)
    }

    /// How many pages the log had.
    fn checkpoint(&self, sql: &str) -> Result<i64, StoreError> {
        Ok(self.connection.query_row(sql, [], |row| row.get(1))?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Checkpointer, Writer};

    #[test]
    fn the_log_is_cut_off_once_no_reader_holds_it_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ringback.db");
        let log = || std::fs::metadata(folder.path().join("ringback.db-wal")).expect("there");
        let writer = Writer::open(&path, |_| {}).expect("opened");
        let checkpointer = Checkpointer::open(&path).expect("opened");
        let reader = super::super::open_for_reading(&path).expect("opened");
        reader.execute_batch("BEGIN").expect("begun");
        let read: i64 = reader
            .query_row("SELECT count(*) FROM threads", [], |row| row.get(0))
            .expect("read");
        assert_eq!(read, 0);
        writer.probe().expect("written");

        assert_eq!(checkpointer.cut_log(), Ok(false));
        assert!(log().len() > 0);
        writer.probe().expect("nobody is held up");
        reader.execute_batch("COMMIT").expect("ended");
        assert_eq!(checkpointer.cut_log(), Ok(true));
        assert_eq!(log().len(), 0);
    }
}
