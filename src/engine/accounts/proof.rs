//! Proving anew who one is, before something that a browser left open must not be enough for.

use secrecy::SecretString;

use super::{SignInError, sign_in::code_is_right};
use crate::{
    domain::ids::AccountName,
    engine::{EngineError, Handle},
    store::rows::TokenHash,
};

/// That somebody has just proved to be the owner of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    account: AccountName,
}

impl Proven {
    /// Whoever looks at the demo, where nobody signs in.
    #[must_use]
    pub fn of_the_demo() -> Self {
        let (account, _) = crate::domain::account::demo_account();
        Self { account }
    }

    /// Somebody, for tests.
    #[cfg(test)]
    pub(in crate::engine) const fn of(account: AccountName) -> Self {
        Self { account }
    }

    /// Whose.
    #[must_use]
    pub const fn account(&self) -> &AccountName {
        &self.account
    }
}

/// What came of proving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// It is they.
    Proven(Proven),
    /// The password or the code was not right; which of them is not said.
    Wrong,
    /// There is no password to prove it with: one must be set first.
    NoPassword,
    /// The session has ended.
    SignedOut,
}

impl Handle {
    /// Proves that whoever uses a session is its account's owner: by the password, and by a code,
    /// which is used up, where the account has a second factor.
    ///
    /// # Errors
    /// When the engine stops, the database fails or no password can be hashed.
    pub async fn prove(
        &self,
        session: TokenHash,
        password: SecretString,
        code: Option<String>,
    ) -> Result<Proof, SignInError> {
        let Some(row) = self.session(session).await? else {
            return Ok(Proof::SignedOut);
        };
        if !row.account.has_password {
            return Ok(Proof::NoPassword);
        }
        if !self.has_password(&row, password).await? {
            return Ok(Proof::Wrong);
        }
        let proved = self.change_session(session, move |book, row, now| {
            let name = row.account.name;
            let known = book.credentials(&name)?.unwrap_or_default();
            if !code_is_right(book, &name, &known, code.as_deref(), now)? {
                return Ok(Proof::Wrong);
            }
            Ok(Proof::Proven(Proven { account: name }))
        });
        let proved: Result<_, EngineError> = proved.await;
        Ok(proved?.unwrap_or(Proof::SignedOut))
    }
}
