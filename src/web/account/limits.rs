//! How often signing in may be tried, whether or not the account is there.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

use crate::{
    domain::ids::AccountName,
    web::limits::{Limiter, TooOften, place},
};

const TWENTY: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Counts tries per address and per account.
#[derive(Debug)]
pub(super) struct SignInLimits {
    addresses: Limiter<IpAddr>,
    accounts: Limiter<AccountName>,
}

impl SignInLimits {
    pub(super) fn new() -> Self {
        Self {
            addresses: Limiter::new(TWENTY, Duration::from_secs(5 * 60)),
            accounts: Limiter::new(TEN, Duration::from_secs(15 * 60)),
        }
    }

    /// Counts a try from an address.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn from(&self, peer: SocketAddr) -> Result<(), TooOften> {
        self.addresses.count(&place(peer.ip()))
    }

    /// Counts a try at an account's password or code.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn at(&self, account: &AccountName) -> Result<(), TooOften> {
        self.accounts.count(account)
    }
}
