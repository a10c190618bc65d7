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

/// Counts tries per caller and per account.
#[derive(Debug)]
pub(super) struct SignInLimits {
    callers: Limiter<Caller>,
    accounts: Limiter<AccountName>,
}

impl SignInLimits {
    pub(super) fn new() -> Self {
        Self {
            callers: Limiter::new(TWENTY, Duration::from_secs(5 * 60)),
            accounts: Limiter::new(TEN, Duration::from_secs(15 * 60)),
        }
    }

    /// Counts a try of a caller, at whatever account.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn by(&self, caller: Caller) -> Result<(), TooOften> {
        self.callers.count(&caller)
    }

    /// Counts a try at an account's password or code.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn at(&self, account: &AccountName) -> Result<(), TooOften> {
        self.accounts.count(account)
    }
}
