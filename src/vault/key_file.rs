//! Files of age keys, as `age-keygen` writes them: comments, and a secret key on a line of its own.
//! The newest key stands first; it seals. Those after it are retired and only open. Made and changed
//! as a whole: whoever reads one sees it as it was or as it is.

use std::{
    fmt,
    fs::{DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use age::{Identity, x25519};
use secrecy::{ExposeSecret, zeroize::Zeroizing};
use tempfile::NamedTempFile;

use super::VaultError;
use crate::domain::time::Timestamp;

/// No key file is larger, in bytes: some hundred keys.
const LARGEST: u64 = 64 * 1024;

/// What stands at the head of a file that we write.
const HEAD: &str = "\
# Secret keys that open what customers submit in Ringback's identity forms. Whoever has this file
# can open it: keep it to yourself and out of every backup. The first key seals.
";

/// A public key: what is sealed for it, only its owner can open.
#[derive(Clone)]
pub struct PublicKey(x25519::Recipient);

impl PublicKey {
    /// Of its text, `age1…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }

    pub(super) const fn as_recipient(&self) -> &x25519::Recipient {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One secret key, and what its file tells of it.
struct Key {
    secret: x25519::Identity,
    made: Option<Timestamp>,
    retired: Option<Timestamp>,
}

impl Key {
    fn new(now: Timestamp) -> Self {
        Self {
            secret: x25519::Identity::generate(),
            made: Some(now),
            retired: None,
        }
    }
}

/// What anybody may know of a key.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// Its public part.
    pub public: PublicKey,
    /// When it was made, if its file says so.
    pub made: Option<Timestamp>,
    /// Since when it seals no more.
    pub retired: Option<Timestamp>,
}

/// The keys of a file: the newest, and those that it took the place of.
pub struct Keys {
    newest: Key,
    older: Vec<Key>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys([private])")
    }
}

impl Keys {
    /// The public part of the one that seals.
    #[must_use]
    pub fn newest(&self) -> PublicKey {
        PublicKey(self.newest.secret.to_public())
    }

    /// What anybody may know of them, the newest first.
    #[must_use]
    pub fn known(&self) -> Vec<KnownKey> {
        let known = |key: &Key| KnownKey {
            public: PublicKey(key.secret.to_public()),
            made: key.made,
            retired: key.retired,
        };
        self.all().map(known).collect()
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = &dyn Identity> {
        self.all().map(|key| &key.secret as &dyn Identity)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    /// The keys of a file's text, or what is wrong with it.
    fn parse(text: &str) -> Result<Self, String> {
        let mut keys = Vec::new();
        let (mut made, mut retired) = (None, None);
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if let Some(comment) = line.strip_prefix('#') {
                let time = |of: &str| comment.trim().strip_prefix(of)?.trim().parse().ok();
                made = time("created:").or(made);
                retired = time("retired:").or(retired);
            } else if !line.is_empty() {
                let secret = line.parse().map_err(|_| {
                    format!(
                        "has no key on line {number}: write AGE-SECRET-KEY-1… alone on a line, or \
                         make a new file with `ringback keys new FILE`"
                    )
                })?;
                keys.push(Key {
                    secret,
                    made: made.take(),
                    retired: retired.take(),
                });
            }
        }
        let mut keys = keys.into_iter();
        let newest = keys
            .next()
            .ok_or("holds no key: `ringback keys new FILE` makes a file with one")?;
        Ok(Self {
            newest,
            older: keys.collect(),
        })
    }

    /// As a file holds them.
    fn text(&self) -> Zeroizing<String> {
        // Room for all of it at once: a buffer that grows leaves copies behind.
        let keys = self.older.len().saturating_add(1);
        let mut text = Zeroizing::new(String::with_capacity(keys.saturating_mul(512) + HEAD.len()));
        text.push_str(HEAD);
        for key in self.all() {
            let times = [("created", key.made), ("retired", key.retired)];
            for (what, at) in times {
                if let Some(at) = at {
                    text.push_str(&format!("# {what}: {}\n", at.strftime("%FT%TZ")));
                }
            }
            text.push_str(&format!("# public key: {}\n", key.secret.to_public()));
            text.push_str(key.secret.to_string().expose_secret());
            text.push('\n');
        }
        text
    }
}

/// A file of keys on the disk.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The file at that path, whether or not it is there.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Makes the file with a new key, for its owner alone. False if it is there; it is never
    /// overwritten.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self, now: Timestamp) -> Result<bool, VaultError> {
        if self.path.exists() {
            return Ok(false);
        }
        let keys = Keys {
            newest: Key::new(now),
            older: Vec::new(),
        };
        let made = || {
            make_private_folder(self.folder())?;
            let _alone = self.lock()?;
            self.write(&keys, |file| match file.persist_noclobber(&self.path) {
                Ok(_) => Ok(true),
                // Somebody else was faster.
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(error.error),
            })
        };
        made().map_err(|error| {
            self.wrong(format!(
                "cannot be made: {error}; its folder must be writable, or `key_file` under \
                 `[forms]` name another place"
            ))
        })
    }

    /// Its keys.
    ///
    /// # Errors
    /// When it cannot be read, when others may read it, or when it is no such file.
    pub fn read(&self) -> Result<Keys, VaultError> {
        let text = self.read_text().map_err(|why| self.wrong(why))?;
        Keys::parse(&text).map_err(|why| self.wrong(why))
    }

    /// Puts a new key first. Of the others, those go that were retired before `retired_before`:
    /// nothing is kept any more that they open.
    ///
    /// # Errors
    /// When the file cannot be read or changed.
    pub fn rotate(&self, now: Timestamp, retired_before: Timestamp) -> Result<Keys, VaultError> {
        let _alone = self.lock_to_change()?;
        let Keys { mut newest, older } = self.read()?;
        newest.retired.get_or_insert(now);
        let older = std::iter::once(newest).chain(older);
        let keys = Keys {
            newest: Key::new(now),
            older: older.filter(|key| is_needed(key, retired_before)).collect(),
        };
        self.replace(&keys)?;
        Ok(keys)
    }

    /// Takes the keys out that were retired before then, and says how many these were.
    ///
    /// # Errors
    /// When the file cannot be read or changed.
    pub fn drop_retired(&self, retired_before: Timestamp) -> Result<usize, VaultError> {
        let _alone = self.lock_to_change()?;
        let mut keys = self.read()?;
        let before = keys.older.len();
        keys.older.retain(|key| is_needed(key, retired_before));
        let dropped = before.saturating_sub(keys.older.len());
        if dropped > 0 {
            self.replace(&keys)?;
        }
        Ok(dropped)
    }

    fn replace(&self, keys: &Keys) -> Result<(), VaultError> {
        let replaced = self.write(keys, |file| {
            file.persist(&self.path).map_err(|error| error.error)?;
            Ok(())
        });
        replaced.map_err(|error| {
            self.wrong(format!(
                "cannot be changed: {error}; its folder must be writable"
            ))
        })
    }

    /// Writes a file beside it and has it put in place; durable afterwards. Whoever does so has the
    /// lock.
    fn write<T>(
        &self,
        keys: &Keys,
        put_in_place: impl FnOnce(NamedTempFile) -> io::Result<T>,
    ) -> io::Result<T> {
        let folder = self.folder();
        let beside = self.beside();
        // One that was killed half-way has left keys behind that nobody would forget in time.
        for left in folder.read_dir()? {
            let left = left?;
            if left.file_name().to_string_lossy().starts_with(&beside) {
                std::fs::remove_file(left.path())?;
            }
        }
        // Its owner alone may read such a file.
        let mut file = tempfile::Builder::new()
            .prefix(&beside)
            .tempfile_in(folder)?;
        file.write_all(keys.text().as_bytes())?;
        file.as_file().sync_all()?;
        let put = put_in_place(file)?;
        File::open(folder)?.sync_all()?;
        Ok(put)
    }

    fn read_text(&self) -> Result<Zeroizing<String>, String> {
        let cannot = |error: io::Error| {
            let help = match error.kind() {
                ErrorKind::NotFound => "check the path",
                _ => "check who may read it",
            };
            format!("cannot be read: {error}; {help}")
        };
        let mut file = OpenOptions::new()
            .read(true)
            .open(&self.path)
            .map_err(cannot)?;
        let metadata = file.metadata().map_err(cannot)?;
        if !metadata.is_file() || metadata.len() > LARGEST {
            return Err("is no file of keys: check the path".to_owned());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = metadata.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(format!(
                    "is open to others (its mode is {mode:04o}): run `chmod 600 {}`, and if \
                     somebody may have read it, `ringback keys rotate`",
                    self.path.display()
                ));
            }
        }
        let room = usize::try_from(metadata.len()).unwrap_or_default();
        let mut text = Zeroizing::new(String::with_capacity(room.saturating_add(64)));
        file.read_to_string(&mut text).map_err(cannot)?;
        Ok(text)
    }

    /// Two programs that change the file one after the other; it goes when the value does.
    fn lock(&self) -> io::Result<File> {
        let folder = File::open(self.folder())?;
        folder.lock()?;
        Ok(folder)
    }

    fn lock_to_change(&self) -> Result<File, VaultError> {
        let locked = self.lock();
        locked.map_err(|error| self.wrong(format!("cannot be changed: {error}; check its folder")))
    }

    /// How the names of files begin that are to take its place.
    fn beside(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        format!(".{}.new-", name.to_string_lossy())
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn wrong(&self, why: String) -> VaultError {
        VaultError::KeyFile {
            path: self.path.display().to_string(),
            why,
        }
    }
}

/// Whether something may still be kept that a key opens.
fn is_needed(key: &Key, retired_before: Timestamp) -> bool {
    key.retired.is_none_or(|retired| retired >= retired_before)
}

/// Makes a folder, if there is none, that its owner alone can look into.
fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
