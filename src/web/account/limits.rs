//! How often signing in may be tried, whether or not the account is there.

use std::{num::NonZeroU32, time::Duration};

use crate::{
    domain::ids::AccountName,
    web::{
        caller::Caller,
        limits::{Limiter, TooOften},
    },
};

const TWENTY: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// So many guesses at one account's password in an hour, from wherever they come: a botnet gets no
/// further than this, and a few addresses alone cannot use it up and so keep the account out.
const FROM_EVERYWHERE: NonZeroU32 = NonZeroU32::MIN.saturating_add(239);

/// Counts tries per address and per account. Whoever guesses at an account from elsewhere does not
/// use up the tries of its owner: those are counted per address, and once more apart from them all
/// for whoever has a session or a link already.
#[derive(Debug)]
pub(in crate::web) struct SignInLimits {
    callers: Limiter<Caller>,
    passwords: Limiter<(AccountName, Caller)>,
    from_everywhere: Limiter<AccountName>,
    own: Limiter<AccountName>,
}

impl SignInLimits {
    pub(in crate::web) fn new() -> Self {
        Self {
            callers: Limiter::new(TWENTY, Duration::from_secs(5 * 60)),
            passwords: Limiter::new(TEN, Duration::from_secs(15 * 60)),
            from_everywhere: Limiter::new(FROM_EVERYWHERE, Duration::from_secs(60 * 60)),
            own: Limiter::new(TEN, Duration::from_secs(15 * 60)),
        }
    }

    /// Counts a try of a caller, at whatever account.
    ///
    /// # Errors
    /// When it is one too many.
    pub(in crate::web) fn by(&self, caller: Caller) -> Result<(), TooOften> {
        self.callers.count(&caller)
    }

    /// Counts a try at an account's password by somebody of whom nothing is known.
    ///
    /// # Errors
    /// When it is one too many.
    pub(in crate::web) fn password(
        &self,
        account: &AccountName,
        caller: Caller,
    ) -> Result<(), TooOften> {
        self.passwords.count(&(account.clone(), caller))?;
        self.from_everywhere.count(account)
    }

    /// Counts a try at an account's code or password by somebody who has a link or a session of it.
    ///
    /// # Errors
    /// When it is one too many.
    pub(in crate::web) fn own(&self, account: &AccountName) -> Result<(), TooOften> {
        self.own.count(account)
    }
}
