//! The audit as it is read: its newest entries and checkpoints, and whether the chain is whole.
//! Writes nothing.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    chain::{Link, NO_ENTRY},
    checkpoints::checkpoint_row,
};
use crate::{
    domain::ids::ThreadKey,
    store::{
        StoreError,
        rows::{
            Cursor, Page, Paged,
            audit::{AuditHash, AuditRow, AuditedThread, Chain, Checkpoint, Damage, Found},
        },
        sqlite::{
            open_for_reading,
            reads::{Reads, all, paged},
            words::Columns,
        },
    },
};

/// The audit of one database, for the command line.
#[derive(Debug)]
pub struct AuditLog {
    connection: Connection,
}

impl AuditLog {
    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_reading(path)?,
        })
    }

    /// Checks every entry since the newest cut, and looks for a published hash if one is given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verify(&self, published: Option<AuditHash>) -> Result<Chain, StoreError> {
        // One transaction, so that the running bot does not write in between.
        let snapshot = self.connection.unchecked_transaction()?;
        verify(&snapshot, published)
    }

    /// Entries, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries(&self, page: Page) -> Result<Paged<AuditRow>, StoreError> {
        entries(&self.connection, page)
    }
}

impl Reads {
    /// Entries of the audit, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit(&self, page: Page) -> Result<Paged<AuditRow>, StoreError> {
        self.query(move |db| entries(db, page)).await
    }

    /// The newest checkpoints of the audit, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn checkpoints(&self, most: u32) -> Result<Vec<Checkpoint>, StoreError> {
        self.query(move |db| {
            let sql = "SELECT * FROM audit_checkpoints ORDER BY entry DESC LIMIT ?1";
            all(db, sql, [most], checkpoint_row)
        })
        .await
    }
}

fn entries(db: &Connection, page: Page) -> Result<Paged<AuditRow>, StoreError> {
    let limit = page.limit.clamp(1, Page::MOST);
    let before = page.after.map_or(i64::MAX, |Cursor(number)| number);
    let rows = all(
        db,
        "SELECT a.*, t.channel, t.thread AS thread_name FROM audit a
             LEFT JOIN audit_salts s ON s.digest = a.thread LEFT JOIN threads t ON t.id = s.thread_id
         WHERE a.number < ?1
             AND a.number > coalesce((SELECT max(entry) FROM audit_checkpoints
                                      WHERE cut_at IS NOT NULL), 0)
         ORDER BY a.number DESC LIMIT ?2",
        (before, limit),
        |row| Ok((row.get("number")?, audit_row(row)?)),
    )?;
    Ok(paged(rows, limit))
}

fn audit_row(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    let digest: Option<Vec<u8>> = row.get("thread")?;
    let channel = row.id_if_any("channel")?;
    let thread = match (digest, channel) {
        (None, _) => AuditedThread::None,
        (Some(_), None) => AuditedThread::Gone,
        (Some(_), Some(channel)) => AuditedThread::Known(ThreadKey {
            channel,
            thread: row.id("thread_name")?,
        }),
    };
    Ok(AuditRow {
        number: row.get("number")?,
        at: row.time("at")?,
        account: row.id("account")?,
        verb: row.word("verb")?,
        about: row.id_if_any("about")?,
        thread,
    })
}

/// An entry as it stands, whatever stands there.
struct Stored {
    number: i64,
    at: i64,
    account: String,
    verb: String,
    about: Option<String>,
    thread: Option<Vec<u8>>,
    item: Option<Vec<u8>>,
    hash: Vec<u8>,
}

pub(super) fn verify(db: &Connection, published: Option<AuditHash>) -> Result<Chain, StoreError> {
    let checkpoints = all(
        db,
        "SELECT * FROM audit_checkpoints ORDER BY entry",
        [],
        checkpoint_row,
    )?;
    let cut = checkpoints
        .iter()
        .rfind(|checkpoint| checkpoint.cut_at.is_some());
    let (start, first) = cut.map_or((0, NO_ENTRY), |cut| (cut.entry, cut.hash));
    let (mut newest, mut previous) = (start, first);
    let mut ahead = checkpoints
        .iter()
        .filter(|checkpoint| checkpoint.entry > start)
        .peekable();
    let mut found = cut_at(&checkpoints, start, published);
    let mut entries = 0;
    let mut rows = db.prepare("SELECT * FROM audit WHERE number > ?1 ORDER BY number")?;
    for stored in rows.query_and_then([start], stored)? {
        let stored = stored?;
        if stored.number != newest + 1 {
            return Ok(broken(newest + 1, Damage::Missing));
        }
        let hash = stored.link().hash(stored.number, &previous);
        if stored.hash != hash.0 {
            return Ok(broken(stored.number, Damage::Changed));
        }
        if let Some(checkpoint) = ahead.next_if(|checkpoint| checkpoint.entry == stored.number)
            && checkpoint.hash != hash
        {
            return Ok(broken(stored.number, Damage::AgainstItsCheckpoint));
        }
        if published == Some(hash) {
            found = Some(Found::Entry(stored.number));
        }
        entries += 1;
        (newest, previous) = (stored.number, hash);
    }
    if ahead.next().is_some() || newest < most_ever(db)? {
        return Ok(broken(newest + 1, Damage::Missing));
    }
    Ok(Chain::Whole {
        entries,
        newest: (newest > 0).then_some((newest, previous)),
        cut: cut.copied(),
        found: found.or_else(|| published.map(|_| Found::Nowhere)),
    })
}

const fn broken(entry: i64, how: Damage) -> Chain {
    Chain::Broken { entry, how }
}

/// The checkpoint of a published hash, if that one's entries are gone.
fn cut_at(checkpoints: &[Checkpoint], cut: i64, published: Option<AuditHash>) -> Option<Found> {
    let mut gone = checkpoints
        .iter()
        .filter(|checkpoint| checkpoint.entry <= cut);
    let found = gone.find(|checkpoint| Some(checkpoint.hash) == published)?;
    Some(Found::Cut(found.entry))
}

/// The highest number that an entry ever had.
fn most_ever(db: &Connection) -> Result<i64, StoreError> {
    let most = db
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(most.unwrap_or(0))
}

fn stored(row: &Row<'_>) -> Result<Stored, StoreError> {
    Ok(Stored {
        number: row.get("number")?,
        at: row.get("at")?,
        account: row.get("account")?,
        verb: row.get("verb")?,
        about: row.get("about")?,
        thread: row.get("thread")?,
        item: row.get("item")?,
        hash: row.get("hash")?,
    })
}

impl Stored {
    fn link(&self) -> Link<'_> {
        Link {
            at: self.at,
            account: &self.account,
            verb: &self.verb,
            about: self.about.as_deref(),
            thread: self.thread.as_deref(),
            item: self.item.as_deref(),
        }
    }
}
