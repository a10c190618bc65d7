//! Makes a new database, whole or not at all: a kill in the middle leaves no file that could be taken
//! for a database. Never makes one where another was.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use tempfile::NamedTempFile;

use super::{StoreError, cannot_open, cannot_use, migrate};

/// What SQLite keeps beside a database: its logs, and an index of the first.
pub(super) const BESIDE: [&str; 3] = ["-wal", "-journal", "-shm"];

/// Makes the folder that the database stands in, so that a first start needs no preparation.
///
/// # Errors
/// When there is none and none can be made.
pub fn make_folder(database: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder_of(database)).map_err(|error| {
        let why = format!("its folder cannot be made: {error}");
        cannot_open(database, &why)
    })
}

/// Makes the database, if there is none, for its owner alone: it holds what customers wrote. SQLite
/// gives its log the same rights.
///
/// # Errors
/// When it cannot be made, or when there was one: a new one would hide that it is gone.
pub(super) fn make_database(path: &Path) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(found) if found.len() > 0 => return Ok(()),
        Ok(_) => {
            return Err(cannot_open(
                path,
                "it is empty, and Ringback leaves none empty; put a backup in its place with \
                 `ringback restore BACKUP`, or delete it to start anew",
            ));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(cannot_open(path, &error.to_string())),
    }
    let log = beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|found| found.len() > 0) {
        let why = format!(
            "it is gone, but {} is there, which holds the newest of it; put the file back, or a \
             backup with `ringback restore BACKUP`, or delete the log too to start anew",
            log.display()
        );
        return Err(cannot_open(path, &why));
    }
    let draft = draft_beside(path).map_err(|error| cannot_open(path, &error.to_string()))?;
    let sqlite = |error: rusqlite::Error| cannot_use(path, &error);
    let mut connection = Connection::open(draft.path()).map_err(sqlite)?;
    connection
        .execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")
        .map_err(sqlite)?;
    migrate(path, &mut connection)?;
    connection.close().map_err(|(_, error)| sqlite(error))?;
    match put(draft, path) {
        // Another program of ours was quicker.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        put => put.map_err(|error| cannot_open(path, &error.to_string())),
    }
}

/// The folder that a file stands in.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What has a file's name and something behind it.
pub(super) fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(what);
    PathBuf::from(name)
}

/// A file beside another one that takes its place later, for its owner alone; gone if it does not.
pub(super) fn draft_beside(file: &Path) -> std::io::Result<NamedTempFile> {
    let mut prefix = file.file_name().unwrap_or_default().to_owned();
    prefix.push(".draft-");
    tempfile::Builder::new()
        .prefix(&prefix)
        .tempfile_in(folder_of(file))
}

/// Puts a draft in its place for good, if there is nothing there.
pub(super) fn put(draft: NamedTempFile, place: &Path) -> std::io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist_noclobber(place)?;
    sync_folder(place)
}

/// Makes durable what files stand in a file's folder.
pub(super) fn sync_folder(file: &Path) -> std::io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::writer::Writer, beside, make_database};

    #[test]
    fn a_new_database_is_the_only_file_that_is_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ringback.db");
        make_database(&path).expect("made");
        let names = fs::read_dir(folder.path()).expect("a folder");
        let names: Vec<_> = names.map(|file| file.expect("one").file_name()).collect();
        assert_eq!(names, ["ringback.db"]);
        Writer::open(&path, |_| {}).expect("opened");
    }

    #[test]
    fn nothing_is_made_where_a_database_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ringback.db");
        fs::write(&path, "").expect("written");
        let empty = make_database(&path).expect_err("it was one");
        assert!(empty.to_string().contains("it is empty"), "{empty}");
        fs::remove_file(&path).expect("gone");
        fs::write(beside(&path, "-wal"), "something").expect("written");
        let gone = make_database(&path).expect_err("its log is there");
        assert!(gone.to_string().contains("it is gone"), "{gone}");
        assert!(!path.exists());
    }
}
