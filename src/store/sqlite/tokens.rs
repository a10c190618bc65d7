//! API tokens, for the command line: works on the database beside a running bot. Keeps a token's
//! hash only, never the token.

use std::path::Path;

use rusqlite::{Connection, Row};

use super::{
    open_for_writing,
    words::{Columns, Word, micros, of_word},
};
use crate::{
    domain::{ids::AccountName, time::Timestamp},
    store::{
        StoreError,
        rows::{Scope, TokenHash, TokenRow},
    },
};

/// The tokens of one database.
#[derive(Debug)]
pub struct Tokens {
    connection: Connection,
}

impl Tokens {
    /// Opens the database, making it if there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_writing(path)?,
        })
    }

    /// Adds a token. False if there is one of that name already, revoked ones included.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add(
        &mut self,
        name: &AccountName,
        scopes: &[Scope],
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
        let added = self.connection.execute(
            "INSERT INTO api_tokens (name, hash, scopes, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO NOTHING",
            (name.as_str(), hash.0, words.join(" "), micros(now)),
        )?;
        Ok(added > 0)
    }

    /// All tokens by name, revoked ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<TokenRow>, StoreError> {
        self.connection
            .prepare("SELECT * FROM api_tokens ORDER BY name")?
            .query_and_then([], token_row)?
            .collect()
    }

    /// Revokes a token for good. False if none of that name is in force.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn revoke(&mut self, name: &AccountName, now: Timestamp) -> Result<bool, StoreError> {
        let revoked = self.connection.execute(
            "UPDATE api_tokens SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL",
            (name.as_str(), micros(now)),
        )?;
        Ok(revoked > 0)
    }
}

pub(super) fn token_row(row: &Row<'_>) -> Result<TokenRow, StoreError> {
    let scopes: String = row.get("scopes")?;
    Ok(TokenRow {
        name: row.id("name")?,
        scopes: scopes
            .split_whitespace()
            .map(of_word)
            .collect::<Result<_, _>>()?,
        created_at: row.time("created_at")?,
        revoked_at: row.time_if_any("revoked_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{AccountName, Scope, Timestamp, TokenHash, Tokens};
    use crate::store::Reads;

    #[tokio::test]
    async fn a_token_is_found_by_its_hash_until_it_is_revoked() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ringback.db");
        let mut tokens = Tokens::open(&path).expect("open");
        let name = AccountName::parse("shop").expect("a name");
        let scopes = [Scope::Messages, Scope::Read];
        let hash = TokenHash([7; 32]);
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(tokens.add(&name, &scopes, hash, now), Ok(true));
        let again = tokens.add(&name, &scopes, TokenHash([8; 32]), now);
        assert_eq!(again, Ok(false), "a name is used once");
        let reads = Reads::new(&path, crate::store::sqlite::damage::Damage::none());
        let found = reads.token(hash).await.expect("readable").expect("there");
        assert_eq!(
            (found.name.clone(), found.scopes),
            (name.clone(), scopes.to_vec())
        );
        assert_eq!(reads.token(TokenHash([8; 32])).await, Ok(None));
        assert_eq!(tokens.revoke(&name, now), Ok(true));
        assert_eq!(tokens.revoke(&name, now), Ok(false));
        assert_eq!(reads.token(hash).await, Ok(None));
        assert_eq!(
            tokens.list().expect("readable").len(),
            1,
            "revoked ones are still listed"
        );
    }
}
