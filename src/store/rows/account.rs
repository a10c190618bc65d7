//! Accounts, their sessions and sign-in links. Plain data; it knows no SQL.

use secrecy::SecretString;

use crate::domain::{
    account::Role,
    ids::{AccountName, ShownName},
    time::Timestamp,
};

/// One account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its name.
    pub name: AccountName,
    /// How it is shown to people.
    pub shown: ShownName,
    /// What it may do.
    pub role: Role,
    /// It can sign in with a password.
    pub has_password: bool,
    /// It is asked for a code of its authenticator app too.
    pub has_second_factor: bool,
    /// It may open what customers submit in identity forms.
    pub checks_identity: bool,
    /// The age public key that submissions are sealed for where the server has no key.
    pub recipient: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it signed in last.
    pub signed_in_at: Option<Timestamp>,
    /// Since when it is not let in.
    pub disabled_at: Option<Timestamp>,
}

/// What an account proves itself with.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Its password's argon2id hash, as a PHC string.
    pub password: Option<SecretString>,
    /// Its second factor.
    pub second_factor: Option<SecondFactor>,
}

/// A second factor in force.
#[derive(Clone)]
pub struct SecondFactor {
    /// The key, 20 bytes.
    pub key: Vec<u8>,
    /// The newest step whose code was used.
    pub used_step: Option<u64>,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").finish_non_exhaustive()
    }
}

/// One session of an account that is not disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub account: AccountRow,
    /// It began with a sign-in link instead of a password.
    pub by_link: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was used last, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// One sign-in link of an account that is not disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Whose.
    pub account: AccountRow,
    /// The password was given already; only the second factor is missing.
    pub after_password: bool,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// What came of changing an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// It is as wanted, now or already.
    Done,
    /// There is none of that name.
    Unknown,
    /// It is the last admin who can sign in, and somebody must be.
    LastAdmin,
}
