//! The store on SQLite: connections, pragmas, migrations. SQL lives here and below, nowhere else.

pub mod accounts;
pub(crate) mod audit;
pub mod backup;
pub(crate) mod callbacks;
pub(crate) mod calls;
pub(crate) mod changes;
pub(crate) mod chat;
mod consents;
pub(crate) mod corrections;
pub(crate) mod damage;
mod desk;
pub(crate) mod dialled;
pub mod do_not_call;
pub mod examples;
pub(crate) mod forget;
pub(crate) mod forms;
pub(crate) mod held;
pub(crate) mod incidents;
mod kept;
mod make;
mod messages;
mod notes;
pub(crate) mod notices;
pub(crate) mod numbers;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod queues;
pub(crate) mod reads;
pub mod report;
mod retention;
pub mod rights;
mod said;
mod satisfaction;
pub(crate) mod shifts;
pub(crate) mod submissions;
pub(crate) mod threads;
mod timers;
pub mod tokens;
pub mod transcript;
mod webchat;
mod words;
pub(crate) mod writer;

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

pub use make::make_folder;

use super::StoreError;

/// How much of the database, in KiB, whoever writes keeps in memory once it was read: with SQLite's
/// own 2 MiB a large commit would not fit and go to the log in pieces, some of it twice.
const CACHE_KIB: i32 = 16 * 1024;

/// Marks a file as Ringback's: "RgBk".
const APPLICATION_ID: i64 = 0x5267_426B;

/// How long to wait for another program or thread that has the database.
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// How many statements each connection keeps ready: more than one message or one card takes, or each would
/// be prepared anew every time, which costs more than running it.
const STATEMENTS: usize = 128;

/// Every step from an empty database to the newest version, in order. A step that was released is
/// never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_start.sql"),
    include_str!("../../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../../migrations/sqlite/0003_callbacks.sql"),
    include_str!("../../../migrations/sqlite/0004_desk.sql"),
    include_str!("../../../migrations/sqlite/0005_webchat.sql"),
    include_str!("../../../migrations/sqlite/0006_forms.sql"),
    include_str!("../../../migrations/sqlite/0007_held.sql"),
    include_str!("../../../migrations/sqlite/0008_vault.sql"),
    include_str!("../../../migrations/sqlite/0009_edits.sql"),
    include_str!("../../../migrations/sqlite/0010_rights.sql"),
    include_str!("../../../migrations/sqlite/0011_callback_life.sql"),
    include_str!("../../../migrations/sqlite/0012_numbers.sql"),
    include_str!("../../../migrations/sqlite/0013_shifts.sql"),
    include_str!("../../../migrations/sqlite/0014_people.sql"),
    include_str!("../../../migrations/sqlite/0015_said.sql"),
    include_str!("../../../migrations/sqlite/0016_dialling.sql"),
    include_str!("../../../migrations/sqlite/0017_chosen_time.sql"),
    include_str!("../../../migrations/sqlite/0018_chat.sql"),
    include_str!("../../../migrations/sqlite/0019_examples.sql"),
];

/// So many steps make the audit a chain. SQL cannot hash, so what stood in it is brought over here.
const WITH_THE_CHAIN: usize = 10;

/// Opens the database for writing, makes it if there is none, and brings it to the newest version.
fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    make::make_folder(path)?;
    make::make_database(path)?;
    let sqlite = |error: rusqlite::Error| cannot_use(path, &error);
    let mut connection = Connection::open(path).map_err(sqlite)?;
    // Two programs of ours may open the file at once: the bot and `ringback token`.
    connection.busy_timeout(BUSY_TIMEOUT).map_err(sqlite)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;",
        )
        .map_err(sqlite)?;
    connection
        .pragma_update(None, "cache_size", -CACHE_KIB)
        .map_err(sqlite)?;
    keep_statements(&connection).map_err(sqlite)?;
    migrate(path, &mut connection)?;
    Ok(connection)
}

/// Has statements prepared once, and planned once: otherwise SQLite plans a statement anew whenever values
/// are bound that might change its plan, which costs more than running it.
fn keep_statements(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Opens an existing database of the newest version for reading only.
fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| cannot_use(path, &error))?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    keep_statements(&connection)?;
    let found = version(path, &connection)?;
    let known = known_version();
    match found.cmp(&known) {
        std::cmp::Ordering::Equal => Ok(connection),
        std::cmp::Ordering::Greater => Err(newer(path, found)),
        std::cmp::Ordering::Less => Err(cannot_open(
            path,
            "it was written by an older Ringback; start `ringback run` once to bring it up to date",
        )),
    }
}

/// Meddles with a database behind the program's back, as tests of damage need.
#[cfg(test)]
pub(crate) fn meddle(path: &Path, sql: &str) -> Result<(), StoreError> {
    Ok(Connection::open(path)?.execute_batch(sql)?)
}

/// What the one column of a query says, as tests of what is kept need.
#[cfg(test)]
pub(crate) fn texts(path: &Path, sql: &str) -> Result<Vec<String>, StoreError> {
    let db = Connection::open(path)?;
    let mut rows = db.prepare(sql)?;
    let rows = rows.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes a database as an earlier version left it, with what `sql` puts in it.
#[cfg(test)]
pub(crate) fn of_version(path: &Path, version: u8, sql: &str) -> Result<(), StoreError> {
    let db = Connection::open(path)?;
    for step in MIGRATIONS.iter().take(usize::from(version)) {
        db.execute_batch(step)?;
    }
    db.execute_batch(sql)?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(db.pragma_update(None, "user_version", version)?)
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), StoreError> {
    let sqlite = |error: rusqlite::Error| cannot_use(path, &error);
    // Looks before it locks, so that an up-to-date database is opened beside a busy writer.
    if version(path, connection)? == known_version() {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(sqlite)?;
    let found = version(path, &transaction)?;
    if found > known_version() {
        return Err(newer(path, found));
    }
    let done = usize::try_from(found).unwrap_or(0);
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step).map_err(sqlite)?;
    }
    if done < WITH_THE_CHAIN {
        audit::bring_over(&transaction)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(sqlite)?;
    transaction
        .pragma_update(None, "user_version", known_version())
        .map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

/// The version of the file, once it is sure that it is ours or empty.
fn version(path: &Path, connection: &Connection) -> Result<i64, StoreError> {
    let sqlite = |error: rusqlite::Error| cannot_use(path, &error);
    let pragma = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(sqlite)
    };
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(sqlite)?;
    let is_empty = application == 0 && version == 0 && tables == 0;
    if is_empty || application == APPLICATION_ID {
        Ok(version)
    } else {
        Err(cannot_open(
            path,
            "it belongs to another program; set `database` to another file",
        ))
    }
}

fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn newer(path: &Path, found: i64) -> StoreError {
    StoreError::Newer {
        path: path.to_owned(),
        found,
        known: known_version(),
    }
}

/// SQLite does not open it. Damage is told with how to mend it, whichever statement met it.
fn cannot_use(path: &Path, error: &rusqlite::Error) -> StoreError {
    match StoreError::of(error) {
        damaged @ StoreError::Damaged => damaged.at(path),
        _ => cannot_open(path, &error.to_string()),
    }
}

fn cannot_open(path: &Path, why: &str) -> StoreError {
    StoreError::Open {
        path: path.to_owned(),
        why: why.to_owned(),
    }
}

impl StoreError {
    /// What an error of SQLite's means. Statements bind their values, so its messages name tables and
    /// columns only.
    fn of(error: &rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        match error {
            FromSqlConversionFailure(..)
            | IntegralValueOutOfRange(..)
            | InvalidColumnType(..)
            | Utf8Error(..) => Self::Corrupt("a column"),
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
                Some(
                    ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::OutOfMemory
                    | ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::FileLockingProtocolFailed
                    | ErrorCode::OperationInterrupted
                    | ErrorCode::OperationAborted,
                ) => Self::Unavailable(error.to_string()),
                _ => Self::Refused(error.to_string()),
            },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::of(&error)
    }
}
