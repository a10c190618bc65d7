//! Pairing codes: short enough to be typed in a chat, so they last for an hour and are used once, and
//! whoever takes guesses limits them. Only a code's hash is kept.

use rand::{
    TryRng,
    rngs::{SysError, SysRng},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::store::rows::chat::CodeHash;

/// Crockford's alphabet for base 32 (<https://www.crockford.com/base32.html>): no letter that can be
/// taken for another or for a digit.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many letters a code has, each of five bits.
const LENGTH: usize = 8;

/// A code, which is shown once.
#[derive(Debug, Clone)]
pub struct PairingCode(SecretString);

impl PairingCode {
    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system gives no random bits.
    pub fn generate() -> Result<Self, SysError> {
        let mut bits = [0; LENGTH];
        SysRng.try_fill_bytes(&mut bits)?;
        let letter = |byte: u8| LETTERS.get(usize::from(byte % 32)).copied();
        let code: String = bits
            .into_iter()
            .filter_map(letter)
            .map(char::from)
            .collect();
        Ok(Self(code.into()))
    }

    /// The code that somebody typed: in any case, with `-` anywhere, `O` for 0, `I` and `L` for 1.
    /// `None`: it cannot be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // Longer than any way to write one: not worth looking at.
        if text.len() > 4 * LENGTH {
            return None;
        }
        let meant = text.chars().filter(|letter| *letter != '-');
        let code: String = meant.map(meant_by).collect::<Option<_>>()?;
        (code.len() == LENGTH).then(|| Self(code.into()))
    }

    /// The code itself, for showing it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> CodeHash {
        CodeHash(Sha256::digest(self.reveal()).into())
    }
}

fn meant_by(letter: char) -> Option<char> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let byte = u8::try_from(letter).ok()?;
    LETTERS.contains(&byte).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::PairingCode;

    #[test]
    fn a_code_is_short_new_each_time_and_never_printed() {
        let (one, other) = (
            PairingCode::generate().unwrap(),
            PairingCode::generate().unwrap(),
        );
        assert_eq!(one.reveal().len(), 8);
        assert_ne!(one.hash(), other.hash());
        assert!(!format!("{one:?}").contains(one.reveal()));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let hash = PairingCode::read("A01B2C3D").unwrap().hash();
        for typed in ["a01b2c3d", "aOlb-2c3d", "AoIB-2C3D-"] {
            assert_eq!(PairingCode::read(typed).unwrap().hash(), hash, "{typed}");
        }
        for wrong in [
            "",
            "A01B2C3",
            "A01B2C3DE",
            "A01B2C3U",
            "Ä01B2C3D",
            "a b c d e",
        ] {
            assert!(PairingCode::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_code_that_was_made_is_read() {
        let code = PairingCode::generate().unwrap();
        assert_eq!(
            PairingCode::read(code.reveal()).unwrap().hash(),
            code.hash()
        );
    }
}
