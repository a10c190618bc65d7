//! Seals what customers submit, in memory, before it touches the disk, and opens it again for whoever
//! may see it: age (<https://age-encryption.org/v1>) with X25519 keys. Knows no database and no HTTP.

mod answers;
pub mod key_file;
mod sealing;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use answers::Answers;
pub use key_file::{KeyFile, PublicKey};
pub use sealing::{Sealed, open_with};

use crate::{
    domain::time::Timestamp,
    settings::{FormsSettings, Sealing},
};

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Nobody could open it: no account that checks identities has a public key.
    #[error(
        "nobody could open it: no account that checks identities has a public key; \
         `ringback user recipient NAME age1…` sets one"
    )]
    NoRecipient,
    /// The key that could open it is not here.
    #[error("the key that could open it is not here")]
    NoKey,
    /// The key file.
    #[error("the key file {path} {why}")]
    KeyFile {
        /// Which.
        path: String,
        /// What is wrong with it, and how to mend it.
        why: String,
    },
    /// What is stored is no such ciphertext.
    #[error("what is stored cannot be opened: it is damaged")]
    Damaged,
}

/// Seals and opens, as the settings say. Keeps no key in memory: the key file is read whenever one is
/// needed, which is rarely, so a rotated one holds at once.
#[derive(Debug)]
pub struct Vault {
    /// The server's keys; `None`: only the recipients have any.
    keys: Option<KeyFile>,
}

impl Vault {
    /// As the settings say. With a server key, the key file is made if there is none.
    ///
    /// # Errors
    /// When the key file cannot be made or used.
    pub fn start(settings: &FormsSettings, now: Timestamp) -> Result<Self, VaultError> {
        match settings.sealing {
            Sealing::ServerKey => Self::with_key_file(settings.key_file.clone(), now),
            Sealing::Recipients => Ok(Self::recipients_only()),
        }
    }

    /// With the server's keys in that file, which is made if there is none.
    ///
    /// # Errors
    /// When the file cannot be made or used.
    pub fn with_key_file(path: PathBuf, now: Timestamp) -> Result<Self, VaultError> {
        let keys = KeyFile::new(path);
        keys.make(now)?;
        keys.read()?;
        Ok(Self { keys: Some(keys) })
    }

    /// With public keys of accounts alone.
    #[must_use]
    pub const fn recipients_only() -> Self {
        Self { keys: None }
    }

    /// Whether what is sealed can be opened here, not only on somebody's own machine.
    #[must_use]
    pub const fn opens_here(&self) -> bool {
        self.keys.is_some()
    }

    /// Seals answers. `recipients` are the public keys of the accounts that may check identities;
    /// with a server key they are not asked.
    ///
    /// # Errors
    /// When nobody could open it, or the key file cannot be used.
    pub fn seal(&self, answers: &Answers, recipients: &[String]) -> Result<Sealed, VaultError> {
        let recipients = match &self.keys {
            Some(keys) => vec![keys.read()?.newest()],
            // A text that is no key was never let into the database, so none is passed over.
            None => recipients
                .iter()
                .filter_map(|recipient| PublicKey::parse(recipient))
                .collect(),
        };
        sealing::seal(answers, &recipients)
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// When the key is elsewhere, as it always is without a server key, or the ciphertext is damaged.
    pub fn open(&self, sealed: &Sealed) -> Result<Answers, VaultError> {
        let keys = self.keys.as_ref().ok_or(VaultError::NoKey)?;
        open_with(sealed, &keys.read()?)
    }

    /// Forgets the server's keys that opened nothing any more before `retired_before`.
    ///
    /// # Errors
    /// When the key file cannot be used.
    pub fn drop_retired(&self, retired_before: Timestamp) -> Result<usize, VaultError> {
        match &self.keys {
            Some(keys) => keys.drop_retired(retired_before),
            None => Ok(0),
        }
    }
}
