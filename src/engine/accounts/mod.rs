//! Who may sign in, and who has. Each change is one job for the writer, with its trace in the audit.
//! Sees hashes of session and link tokens only; whoever makes a token keeps it to themselves.

mod admin;
mod changes;
mod own;
mod passwords;
mod proof;
mod second_factor;
mod sign_in;

pub use changes::Change;
pub use own::{FactorChange, PasswordChange};
pub(super) use passwords::Passwords;
pub use passwords::UnfitPassword;
pub use proof::{Proof, Proven};
pub use second_factor::TotpKey;
pub use sign_in::{LinkUse, SignIn};

use super::{EngineError, Handle};
use crate::{
    domain::{
        ids::AccountName,
        time::{Length, Timestamp, after},
    },
    store::rows::{
        TokenHash,
        account::{AccountRow, SessionRow},
    },
};

/// A session that is not used for so long is over.
const IDLE: Length = Length::hours(12);
/// A session is over after so long, however much it is used.
const LONGEST_SESSION: Length = Length::hours(7 * 24);
/// Use is noted once in so long, so that looking at pages does not keep the writer busy.
const NOTED_EVERY: Length = Length::minutes(1);
/// For so long after signing in by link, a new password needs no old one: it may be forgotten.
const PASSWORD_AFTER_LINK: Length = Length::hours(1);
/// How long the second factor may take to come after the password.
const CODE_WITHIN: Length = Length::minutes(5);

/// How long a sign-in link lives that is sent to somebody.
pub const LINK_LIVES: Length = Length::hours(7 * 24);
/// How long the sign-in link lives that a first start prints.
pub const FIRST_LINK_LIVES: Length = Length::hours(1);

/// Why signing in, or a change that needs a password, did not get as far as an answer.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Handle {
    /// The session with that token, if it is not over. It is not used by that: for what a page asks
    /// by itself, which would keep a browser signed in that nobody sits at.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, hash: TokenHash) -> Result<Option<SessionRow>, EngineError> {
        let now = self.0.clock.now();
        let found = self.store().session(hash).await?;
        Ok(found.filter(|session| is_alive(session, now)))
    }

    /// The session with that token, if it is not over. Notes that it is used.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn use_session(&self, hash: TokenHash) -> Result<Option<SessionRow>, EngineError> {
        let now = self.0.clock.now();
        let Some(session) = self.session(hash).await? else {
            return Ok(None);
        };
        if after(session.seen_at, NOTED_EVERY) <= now {
            let account = session.account.name.clone();
            self.change_accounts(move |book, now| {
                book.touch_session(hash, now)?;
                book.looked(&account, now)
            })
            .await?;
        }
        Ok(Some(session))
    }

    /// An account that may act: it exists and is not disabled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn acting_account(
        &self,
        name: AccountName,
    ) -> Result<Option<AccountRow>, EngineError> {
        let found = self.store().account(name).await?;
        Ok(found.filter(|account| account.disabled_at.is_none()))
    }

    async fn change_accounts<T: Send + 'static>(
        &self,
        change: impl FnOnce(
            crate::store::accounts::Book<'_>,
            Timestamp,
        ) -> Result<T, crate::store::StoreError>
        + Send
        + 'static,
    ) -> Result<T, EngineError> {
        self.with_rules(move |work, _| change(work.store.accounts(), work.now))
            .await
    }
}

fn is_alive(session: &SessionRow, now: Timestamp) -> bool {
    now < session.expires_at && now < after(session.seen_at, IDLE)
}

/// Whether a new password needs the old one.
fn needs_old_password(session: &SessionRow, now: Timestamp) -> bool {
    let may_be_forgotten = session.by_link && now < after(session.started_at, PASSWORD_AFTER_LINK);
    session.account.has_password && !may_be_forgotten
}

/// The moment before which a session's last use makes it over.
fn idle_since(now: Timestamp) -> Timestamp {
    now.saturating_sub(IDLE.as_signed())
        .unwrap_or(Timestamp::MIN)
}
