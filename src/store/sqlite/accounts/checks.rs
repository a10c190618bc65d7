//! Which accounts may check identities, and the public keys that they open submissions with.

use rusqlite::Connection;

use super::Book;
use crate::{
    domain::ids::AccountName,
    store::{StoreError, rows::account::AccountChange, sqlite::reads::Reads},
};

impl Book<'_> {
    /// Lets an account check identities, or no longer.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used.
    pub fn set_checks(self, name: &AccountName, checks: bool) -> Result<AccountChange, StoreError> {
        let sql = "UPDATE accounts SET checks_identity = ?2 WHERE name = ?1";
        Ok(changed(self.run(sql, (name.as_str(), checks))?))
    }

    /// Sets the public key of an account, an age recipient, or takes it away.
    pub fn set_recipient(
        self,
        name: &AccountName,
        recipient: Option<&str>,
    ) -> Result<AccountChange, StoreError> {
        let sql = "UPDATE accounts SET recipient = ?2 WHERE name = ?1";
        Ok(changed(self.run(sql, (name.as_str(), recipient))?))
    }

    /// The public keys that a form is sealed for where the server has none: of the accounts that may
    /// check identities and are not disabled.
    pub fn recipients(self) -> Result<Vec<String>, StoreError> {
        recipients(self.0)
    }
}

impl Reads {
    /// See [`Book::recipients`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recipients(&self) -> Result<Vec<String>, StoreError> {
        self.query(recipients).await
    }
}

fn recipients(db: &Connection) -> Result<Vec<String>, StoreError> {
    db.prepare_cached(
        "SELECT DISTINCT recipient FROM accounts
         WHERE checks_identity = 1 AND disabled_at IS NULL AND recipient IS NOT NULL
         ORDER BY recipient",
    )?
    .query_and_then([], |row| Ok(row.get("recipient")?))?
    .collect()
}

fn changed(rows: usize) -> AccountChange {
    match rows {
        0 => AccountChange::Unknown,
        _ => AccountChange::Done,
    }
}
