//! Copies of the database: made while the bot runs, checked, and put back. Knows no clock and asks
//! nobody; whoever restores sees to it that no bot runs.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
    ffi::{Error as Code, SQLITE_BUSY},
};
use tempfile::NamedTempFile;

use super::{
    BUSY_TIMEOUT, cannot_open, cannot_use, known_version,
    make::{BESIDE, beside, draft_beside, make_folder, put, sync_folder},
    newer, version,
};
use crate::{domain::time::Timestamp, store::StoreError};

/// How many pages (4 KiB each) are copied at once.
const PAGES_AT_ONCE: i32 = 256;
/// After so many steps what was copied is put on the disk, so that no commit of the bot's ever waits
/// behind a whole copy.
const STEPS_AT_ONCE: u32 = 16;
/// How long to leave the disk to others between steps.
const PAUSE: Duration = Duration::from_millis(1);
/// How often to try where somebody has the database for themselves.
const TRIES: u32 = 10_000;
/// How many faults are looked for.
const FAULTS: &str = "PRAGMA integrity_check(10)";

/// Why there is no copy, or why it was not put back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// What is copied cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is copied is damaged.
    #[error("{} is damaged, so no copy of it was kept; SQLite finds: {found}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What SQLite says, in words that name tables and pages only.
        found: String,
    },
    /// There is a file of that name.
    #[error("{} is there already and is left as it is: choose another name", .0.display())]
    Exists(PathBuf),
    /// It is to be copied to itself.
    #[error("{} is the database itself: name a backup of it", .0.display())]
    Itself(PathBuf),
    /// The copy cannot be written.
    #[error("cannot write {}: {why}; see that its folder is there, yours, and has room", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

/// A copy that was made.
#[derive(Debug)]
pub struct Copied {
    /// How large it is.
    pub bytes: u64,
}

/// A copy that was put back.
#[derive(Debug)]
pub struct Restored {
    /// How large it is.
    pub bytes: u64,
    /// Where the database of before is now; `None`: there was none.
    pub aside: Option<PathBuf>,
}

/// Copies the database to a new file, as it is at this moment, also while the bot writes it. The copy
/// is one file, for its owner alone, and was checked.
///
/// # Errors
/// When there is no copy. Nothing is left of it then.
pub fn back_up(database: &Path, to: &Path) -> Result<Copied, CopyError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(CopyError::Exists(to.to_owned()));
    }
    let draft = copy(database, to)?;
    let bytes = draft
        .as_file()
        .metadata()
        .map_err(|e| cannot_write(to, &e))?;
    match put(draft, to) {
        Ok(()) => Ok(Copied { bytes: bytes.len() }),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(CopyError::Exists(to.to_owned()))
        }
        Err(error) => Err(cannot_write(to, &error)),
    }
}

/// Puts a copy in the database's place and keeps what was there aside, under a name with this time. No
/// bot may run on it. Whatever breaks off in the middle leaves the old one or the new one.
///
/// # Errors
/// When the copy is no good or cannot be put there; then the database is as it was.
pub fn restore(from: &Path, database: &Path, now: Timestamp) -> Result<Restored, CopyError> {
    make_folder(database)?;
    if let (Ok(from), Ok(database)) = (fs::canonicalize(from), fs::canonicalize(database))
        && from == database
    {
        return Err(CopyError::Itself(database));
    }
    let draft = copy(from, database)?;
    let write = |error: io::Error| cannot_write(database, &error);
    draft.as_file().sync_all().map_err(write)?;
    let bytes = draft.as_file().metadata().map_err(write)?.len();
    let aside = beside(
        database,
        &format!(".before-{}", now.strftime("%Y%m%dT%H%M%S%.3fZ")),
    );
    fold_log(database);
    let was_there = keep(database, &aside)?;
    // A log that stayed would be taken for one of the new file.
    for what in BESIDE {
        unless_absent(fs::remove_file(beside(database, what))).map_err(write)?;
    }
    draft
        .persist(database)
        .map_err(|error| write(error.error))?;
    sync_folder(database).map_err(write)?;
    Ok(Restored {
        bytes,
        aside: was_there.then_some(aside),
    })
}

/// A checked copy beside where it is to stand.
fn copy(from: &Path, to: &Path) -> Result<NamedTempFile, CopyError> {
    let source = open(from)?;
    let draft = draft_beside(to).map_err(|error| cannot_write(to, &error))?;
    let of_copy = |error: rusqlite::Error| match StoreError::of(&error) {
        StoreError::Damaged => CopyError::Damaged {
            path: from.to_owned(),
            found: error.to_string(),
        },
        _ => CopyError::Write {
            path: to.to_owned(),
            why: error.to_string(),
        },
    };
    let mut target = Connection::open(draft.path()).map_err(of_copy)?;
    // It is thrown away if anything goes wrong, and made durable at the end.
    target
        .execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")
        .map_err(of_copy)?;
    copy_pages(&source, &mut target, &draft).map_err(of_copy)?;
    // One file, which opens also where nothing can be written.
    target
        .execute_batch("PRAGMA journal_mode = DELETE;")
        .map_err(of_copy)?;
    let found = faults(&target).map_err(of_copy)?;
    if found != ["ok"] {
        return Err(CopyError::Damaged {
            path: from.to_owned(),
            found: found.join("; "),
        });
    }
    target.close().map_err(|(_, error)| of_copy(error))?;
    Ok(draft)
}

/// Opens what is to be copied: a database of ours, of this version or an older one.
fn open(path: &Path) -> Result<Connection, StoreError> {
    let sqlite = |error: rusqlite::Error| cannot_use(path, &error);
    let found = fs::metadata(path).map_err(|error| cannot_open(path, &error.to_string()))?;
    if found.len() == 0 {
        return Err(cannot_open(path, "it is empty"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(sqlite)?;
    match version(path, &connection)? {
        0 => Err(cannot_open(path, "there is nothing of Ringback's in it")),
        found if found > known_version() => Err(newer(path, found)),
        _ => Ok(connection),
    }
}

/// Copies in small steps, of one moment: a reader of its own holds it, so that what the bot writes
/// meanwhile neither waits nor makes the copy begin again.
fn copy_pages(
    source: &Connection,
    target: &mut Connection,
    draft: &NamedTempFile,
) -> rusqlite::Result<()> {
    let moment = source.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(&moment, target)?;
    let (mut steps, mut tries) = (0_u32, 0);
    loop {
        match backup.step(PAGES_AT_ONCE)? {
            StepResult::Done => return Ok(()),
            StepResult::More => steps = steps.wrapping_add(1),
            _ if tries < TRIES => tries += 1,
            _ => return Err(rusqlite::Error::SqliteFailure(Code::new(SQLITE_BUSY), None)),
        }
        if steps.is_multiple_of(STEPS_AT_ONCE) {
            // What cannot be made durable now is tried again at the end, where it counts.
            drop(draft.as_file().sync_data());
        }
        std::thread::sleep(PAUSE);
    }
}

fn faults(copy: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut check = copy.prepare(FAULTS)?;
    let rows = check.query_map([], |row| row.get(0))?;
    rows.collect()
}

/// Has the log moved into a database that is about to be kept aside, so that it is one file. One that
/// is damaged keeps its log beside it.
fn fold_log(database: &Path) {
    // SQLite would throw the log of an empty file away.
    if !fs::metadata(database).is_ok_and(|found| found.len() > 0) {
        return;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let folded = Connection::open_with_flags(database, flags)
        .and_then(|old| old.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
    drop(folded);
}

/// Gives a database and its log a second name. Says whether there is one.
fn keep(database: &Path, aside: &Path) -> Result<bool, CopyError> {
    let mut is_there = false;
    for what in ["", "-wal", "-journal"] {
        let (old, new) = (beside(database, what), beside(aside, what));
        let kept = match fs::hard_link(&old, &new) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // Not every file system has second names.
            Err(_) => fs::copy(&old, &new).map(|_| true),
        };
        is_there |= kept.map_err(|error| cannot_write(&new, &error))?;
    }
    Ok(is_there)
}

fn unless_absent(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> CopyError {
    CopyError::Write {
        path: path.to_owned(),
        why: error.to_string(),
    }
}
