//! What is kept: customers, threads, cases, messages, decisions, callbacks, the outbox, timers and
//! tokens, in an embedded SQLite database.
//!
//! The only place that knows SQL or a database crate. It stores and finds; it decides nothing,
//! reads no clock and knows neither `engine` nor anything above it.

pub mod rows;
pub(crate) mod sqlite;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use sqlite::{
    accounts, audit::log as audit, backup, do_not_call, examples, make_folder, reads::Reads,
    report, rights, tokens, transcript,
};

/// A callback's number among all callbacks, stable for its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallbackId(pub i64);

impl fmt::Display for CallbackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why the database did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or is no database of ours.
    #[error("cannot open the database {}: {why}", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// What SQLite or the system says, and how to mend it.
        why: String,
    },
    /// A newer Ringback has written this file.
    #[error(
        "the database {} was written by a newer Ringback (its version is {found}, this program \
         knows {known}); run the newer program, or restore a backup from before the update",
        path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The file's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// No room, no access or a broken disk: nothing of the transaction was kept. It may work
    /// again later.
    #[error("the database cannot be written now: {0}")]
    Unavailable(String),
    /// What stands in the file is no database any more, or not a whole one. Nothing is kept until a
    /// backup takes its place: it would be lost with the file.
    #[error(
        "the database is damaged; stop Ringback, put a backup in its place with `ringback restore \
         BACKUP`, and start it again"
    )]
    Damaged,
    /// A row holds what this program does not understand.
    #[error("the database holds an unknown value in {0}")]
    Corrupt(&'static str),
    /// Anything else that SQLite refuses.
    #[error("the database refused a statement: {0}")]
    Refused(String),
    /// What is asked for was done before, for the same event.
    #[error("this was done before")]
    Repeated,
    /// The store has been closed.
    #[error("the database is closed")]
    Closed,
}

impl StoreError {
    /// Whether it concerns the whole transaction, and not just the statement that met it.
    #[must_use]
    pub const fn loses_transaction(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Damaged | Self::Closed)
    }

    /// The same, with the name of the file where somebody has to mend it.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        match self {
            Self::Damaged => Self::Open {
                path: path.to_owned(),
                why: "it is damaged, or is no database; put a backup in its place with `ringback \
                      restore BACKUP`, or set `database` to another file"
                    .to_owned(),
            },
            other => other,
        }
    }
}
