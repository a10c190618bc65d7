//! Tokens of programs, sessions, links and chats: `rb_` and 256 random bits. Shown once; only their
//! SHA-256 is kept. A plain hash is enough, since nobody guesses 256 random bits, however fast the hash.

use rand::{
    TryRng,
    rngs::{SysError, SysRng},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const PREFIX: &str = "rb_";

/// A token, which is shown once.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system gives no random bits.
    pub fn generate() -> Result<Self, SysError> {
        let mut bits = [0; 32];
        SysRng.try_fill_bytes(&mut bits)?;
        Ok(Self(format!("{PREFIX}{}", hex::encode(bits)).into()))
    }

    /// Takes what a caller sent. Any text will do: what is no token is simply not found.
    pub(crate) fn of_caller(text: &str) -> Self {
        Self(text.into())
    }

    /// The token itself, for showing it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.reveal()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn tokens_are_long_different_and_never_printed() {
        let (one, other) = (Token::generate().unwrap(), Token::generate().unwrap());
        assert_eq!(one.reveal().len(), "rb_".len() + 64);
        assert_ne!(one.sha256(), other.sha256());
        assert!(!format!("{one:?}").contains(one.reveal()));
        assert_eq!(one.sha256(), Token::of_caller(one.reveal()).sha256());
    }
}
