//! What people change about their own account: the password, the second factor.

use secrecy::SecretString;

use super::{
    super::{EngineError, Handle},
    SignInError, TotpKey, UnfitPassword, needs_old_password,
    passwords::is_fit,
    sign_in::code_is_right,
};
use crate::store::{
    StoreError,
    accounts::Book,
    rows::{
        TokenHash,
        account::{SecondFactor, SessionRow},
        audit::{AuditEntry, Verb},
    },
};

/// What came of a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordChange {
    /// It holds; all other sessions are over.
    Done,
    /// The present one was needed, and this was not it.
    WrongPresent,
    /// The new one will not do.
    Unfit(UnfitPassword),
    /// The session has ended.
    SignedOut,
}

/// What came of a change of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorChange {
    /// It is as wanted.
    Done,
    /// The code or the password was not right.
    Wrong,
    /// There is no password, and a second factor needs a first.
    NoPassword,
    /// There is one already, which goes first, and not without the password.
    HasOne,
    /// The session has ended.
    SignedOut,
}

impl Handle {
    /// Whether a new password needs the present one, in that session.
    #[must_use]
    pub fn needs_present_password(&self, session: &SessionRow) -> bool {
        needs_old_password(session, self.0.clock.now())
    }

    /// Sets the password of a session's account. The session gets the token `renewed`; the account's
    /// other sessions and its links end.
    ///
    /// # Errors
    /// When the engine stops, the database fails or no password can be hashed.
    pub async fn set_password(
        &self,
        session: TokenHash,
        present: SecretString,
        new: SecretString,
        renewed: TokenHash,
    ) -> Result<PasswordChange, SignInError> {
        let Some(row) = self.session(session).await? else {
            return Ok(PasswordChange::SignedOut);
        };
        if let Err(unfit) = is_fit(&new) {
            return Ok(PasswordChange::Unfit(unfit));
        }
        if self.needs_present_password(&row) && !self.has_password(&row, present).await? {
            return Ok(PasswordChange::WrongPresent);
        }
        let hash = self.0.passwords.hash(new).await?;
        let done = self.change_session(session, move |book, row, now| {
            let name = row.account.name;
            book.set_password(&name, &hash)?;
            book.end_sessions(&name, Some(session))?;
            book.end_links(&name)?;
            book.renew_session(session, renewed)?;
            book.record(&AuditEntry::new(name, Verb::SetPassword), now)
        });
        Ok(match done.await? {
            Some(()) => PasswordChange::Done,
            None => PasswordChange::SignedOut,
        })
    }

    /// Asks the session's account for a second factor from now on, once a code shows that their app
    /// has the key. The account's other sessions end. One that is there is never replaced, or a
    /// browser left open would be enough to lock its owner out.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn set_second_factor(
        &self,
        session: TokenHash,
        key: TotpKey,
        code: String,
    ) -> Result<FactorChange, EngineError> {
        let Some(step) = key.step_of(&code, self.0.clock.now()) else {
            return Ok(FactorChange::Wrong);
        };
        let done = self.change_session(session, move |book, row, now| {
            let name = row.account.name;
            if !row.account.has_password {
                return Ok(FactorChange::NoPassword);
            }
            if row.account.has_second_factor {
                return Ok(FactorChange::HasOne);
            }
            let factor = SecondFactor {
                key: key.as_bytes().to_vec(),
                used_step: Some(step),
            };
            book.set_second_factor(&name, Some(&factor))?;
            book.end_sessions(&name, Some(session))?;
            book.record(&AuditEntry::new(name, Verb::ChangedSecondFactor), now)?;
            Ok(FactorChange::Done)
        });
        Ok(done.await?.unwrap_or(FactorChange::SignedOut))
    }

    /// Asks the session's account for no second factor any more. That takes a code of it too, or
    /// whoever got hold of the password would be rid of it; for a lost phone there is the command
    /// line.
    ///
    /// # Errors
    /// When the engine stops, the database fails or no password can be hashed.
    pub async fn remove_second_factor(
        &self,
        session: TokenHash,
        password: SecretString,
        code: String,
    ) -> Result<FactorChange, SignInError> {
        let Some(row) = self.session(session).await? else {
            return Ok(FactorChange::SignedOut);
        };
        if !self.has_password(&row, password).await? {
            return Ok(FactorChange::Wrong);
        }
        let done = self.change_session(session, move |book, row, now| {
            let name = row.account.name;
            let known = book.credentials(&name)?.unwrap_or_default();
            if !code_is_right(book, &name, &known, Some(&code), now)? {
                return Ok(FactorChange::Wrong);
            }
            book.set_second_factor(&name, None)?;
            book.record(&AuditEntry::new(name, Verb::ChangedSecondFactor), now)?;
            Ok(FactorChange::Done)
        });
        let done: Result<_, EngineError> = done.await;
        Ok(done?.unwrap_or(FactorChange::SignedOut))
    }

    pub(super) async fn has_password(
        &self,
        session: &SessionRow,
        password: SecretString,
    ) -> Result<bool, SignInError> {
        let known = self.store().credentials(session.account.name.clone()).await;
        let known = known.map_err(EngineError::from)?;
        let kept = known.and_then(|known| known.password);
        self.0.passwords.is_right(password, kept).await
    }

    /// Makes a change for a session that is still there; `None` if it is not.
    pub(super) async fn change_session<T: Send + 'static>(
        &self,
        session: TokenHash,
        change: impl FnOnce(
            Book<'_>,
            SessionRow,
            crate::domain::time::Timestamp,
        ) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> Result<Option<T>, EngineError> {
        self.change_accounts(move |book, now| match book.session(session)? {
            Some(row) => change(book, row, now).map(Some),
            None => Ok(None),
        })
        .await
    }
}
