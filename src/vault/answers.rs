//! What a customer filled in, in memory: it is wiped when it goes.

use secrecy::zeroize::{Zeroize, Zeroizing};
use serde::{Deserialize, Serialize};

use super::VaultError;
use crate::domain::private::Private;

/// What is sealed is padded to a multiple of so many bytes, so that its length tells nothing of how
/// long an answer is.
const PADDED_TO: usize = 1024;

/// The longest that a text grows when it is written as JSON: `\u0000` for one byte.
const JSON_GROWTH: usize = 6;

/// What a customer filled in: the fields' names in the rules file and what was typed, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub Vec<(String, Private<String>)>);

impl Answers {
    /// As it is sealed: JSON, a list of pairs, spaces after it.
    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        // Room for all of it at once: a buffer that grows leaves copies behind.
        let lengths = self.0.iter().map(|(name, typed)| {
            let length = name.len().saturating_add(typed.reveal().len());
            length.saturating_mul(JSON_GROWTH).saturating_add(8)
        });
        let room = lengths.fold(2 * PADDED_TO, usize::saturating_add);
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *bytes, self).map_err(|_| VaultError::Damaged)?;
        let padded = bytes.len().next_multiple_of(PADDED_TO);
        bytes.resize(padded, b' ');
        Ok(bytes)
    }

    /// Of what was sealed.
    pub(super) fn of_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        // serde's error may quote what it read, so it is not kept.
        serde_json::from_slice(bytes).map_err(|_| VaultError::Damaged)
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        for (_, typed) in self.0.drain(..) {
            typed.into_revealed().zeroize();
        }
    }
}
