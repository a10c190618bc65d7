//! Seals what customers submit, in memory, before it touches the disk, and opens it again for whoever
//! may see it. Knows no database and no HTTP.

use crate::domain::private::Private;

/// What a customer submitted, as age (X25519) ciphertext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// What a customer filled in: the fields' names in the rules file and what was typed, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers(pub Vec<(String, Private<String>)>);

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

/// Seals and opens, as the settings say.
#[derive(Debug)]
pub struct Vault;

impl Vault {
    /// Seals answers. `recipients` are the public keys of the accounts that may check identities;
    /// with a server key they are not asked.
    ///
    /// # Errors
    /// When nobody could open it, or the key file cannot be used.
    pub fn seal(&self, answers: &Answers, recipients: &[String]) -> Result<Sealed, VaultError> {
        drop((answers, recipients));
        Err(VaultError::NoKey)
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// When the key is elsewhere, as it always is without a server key, or the ciphertext is damaged.
    pub fn open(&self, sealed: &Sealed) -> Result<Answers, VaultError> {
        drop(sealed);
        Err(VaultError::NoKey)
    }
}
