//! Signing in, by password or by link, and out again.

use secrecy::SecretString;

use super::{
    super::{EngineError, Handle},
    CODE_WITHIN, LONGEST_SESSION, SignInError, TotpKey, idle_since,
};
use crate::{
    domain::{
        ids::AccountName,
        time::{Timestamp, after},
    },
    store::{
        StoreError,
        accounts::Book,
        rows::{
            TokenHash,
            account::{AccountRow, Credentials, LinkRow},
            audit::{AuditEntry, Verb},
        },
    },
};

/// What came of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// They are signed in.
    SignedIn(Box<AccountRow>),
    /// The password was right; the code is still missing. The link that was offered works for a few
    /// minutes, with a code.
    NeedsCode,
    /// No such account, a wrong password, or no password: it is not said which.
    Refused,
}

/// What came of using a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkUse {
    /// They are signed in, and the link is used up.
    SignedIn(Box<AccountRow>),
    /// The account has a second factor, and this was no code of it that could still be used. The
    /// link can be tried again.
    WrongCode,
    /// Unknown, expired or used: it is not said which.
    Refused,
}

impl Handle {
    /// Signs an account in by its password. Where it has a second factor, the code is still to come:
    /// `code_link` becomes a link that asks for it. `session` becomes the session.
    ///
    /// # Errors
    /// When the engine stops, the database fails or no password can be hashed.
    pub async fn sign_in(
        &self,
        name: Option<AccountName>,
        password: SecretString,
        session: TokenHash,
        code_link: TokenHash,
    ) -> Result<SignIn, SignInError> {
        let known = match name.clone() {
            Some(name) => self.store().credentials(name).await,
            None => Ok(None),
        };
        let kept = known
            .map_err(EngineError::from)?
            .and_then(|known| known.password);
        let is_right = self.0.passwords.is_right(password, kept.clone()).await?;
        let (Some(name), Some(kept), true) = (name, kept, is_right) else {
            return Ok(SignIn::Refused);
        };
        let signed_in = self.change_accounts(move |book, now| {
            // The account may have changed while the password was checked.
            let known = book.credentials(&name)?;
            let Some(known) = known.filter(|known| has_password(known, &kept)) else {
                return Ok(SignIn::Refused);
            };
            if known.second_factor.is_some() {
                book.forget_expired(now, idle_since(now))?;
                book.add_link(&name, code_link, true, now, after(now, CODE_WITHIN))?;
                return Ok(SignIn::NeedsCode);
            }
            Ok(match start(book, &name, session, false, now)? {
                Some(account) => SignIn::SignedIn(Box::new(account)),
                None => SignIn::Refused,
            })
        });
        Ok(signed_in.await?)
    }

    /// The link with that token, if it can be used.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sign_in_link(&self, link: TokenHash) -> Result<Option<LinkRow>, EngineError> {
        Ok(self.store().link(link, self.0.clock.now()).await?)
    }

    /// Uses a link up: `session` becomes the session of its account.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn use_link(
        &self,
        link: TokenHash,
        code: Option<String>,
        session: TokenHash,
    ) -> Result<LinkUse, EngineError> {
        self.change_accounts(move |book, now| {
            let Some(found) = book.link(link, now)? else {
                return Ok(LinkUse::Refused);
            };
            let name = &found.account.name;
            let known = book.credentials(name)?.unwrap_or_default();
            if !code_is_right(book, name, &known, code.as_deref(), now)? {
                return Ok(LinkUse::WrongCode);
            }
            book.end_link(link)?;
            Ok(
                match start(book, name, session, !found.after_password, now)? {
                    Some(account) => LinkUse::SignedIn(Box::new(account)),
                    None => LinkUse::Refused,
                },
            )
        })
        .await
    }

    /// Ends one session.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn sign_out(&self, by: AccountName, session: TokenHash) -> Result<(), EngineError> {
        self.change_accounts(move |book, now| {
            book.end_session(session)?;
            book.record(&AuditEntry::new(by, Verb::SignedOut), now)
        })
        .await
    }

    /// Ends a session in whose place another has come.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn drop_session(&self, session: TokenHash) -> Result<(), EngineError> {
        self.change_accounts(move |book, _| book.end_session(session))
            .await
    }

    /// Ends all sessions of an account, and every link that would sign it in.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn sign_out_everywhere(&self, by: AccountName) -> Result<(), EngineError> {
        self.change_accounts(move |book, now| {
            book.end_sessions(&by, None)?;
            book.end_links(&by)?;
            book.record(&AuditEntry::new(by, Verb::SignedOut), now)
        })
        .await
    }
}

fn has_password(known: &Credentials, hash: &SecretString) -> bool {
    use secrecy::ExposeSecret;
    known
        .password
        .as_ref()
        .is_some_and(|kept| kept.expose_secret() == hash.expose_secret())
}

/// Whether no code is needed, or this is one that was not used before; it is used up then.
pub(super) fn code_is_right(
    book: Book<'_>,
    name: &AccountName,
    known: &Credentials,
    code: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(factor) = &known.second_factor else {
        return Ok(true);
    };
    let key = TotpKey::of_bytes(&factor.key).ok_or(StoreError::Corrupt("accounts.totp_key"))?;
    match code.and_then(|code| key.step_of(code, now)) {
        Some(step) => book.use_step(name, step),
        None => Ok(false),
    }
}

/// Begins a session. `None` if the account has gone or is disabled.
fn start(
    book: Book<'_>,
    name: &AccountName,
    session: TokenHash,
    by_link: bool,
    now: Timestamp,
) -> Result<Option<AccountRow>, StoreError> {
    book.forget_expired(now, idle_since(now))?;
    book.start_session(name, session, by_link, now, after(now, LONGEST_SESSION))?;
    book.record(&AuditEntry::new(name.clone(), Verb::SignedIn), now)?;
    book.find(name)
}
