//! One person of ours: what they may do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{AccountName, ShownName};

/// What an agent account may do; each role may do all that the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works callbacks and threads of the desks they are a member of.
    Agent,
    /// Works every desk, and takes callbacks out of others' hands.
    Supervisor,
    /// Sees the rules and the accounts too.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: &[Self] = &[Self::Agent, Self::Supervisor, Self::Admin];

    /// The name on the command line and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The account of everybody in the demo.
#[must_use]
#[expect(clippy::expect_used, reason = "constants that parse")]
pub fn demo_account() -> (AccountName, ShownName) {
    (
        AccountName::parse("demo").expect("a valid name"),
        ShownName::parse("Demo").expect("a valid name"),
    )
}

/// The account that a first start makes.
#[must_use]
#[expect(clippy::expect_used, reason = "constants that parse")]
pub fn first_account() -> (AccountName, ShownName) {
    (
        AccountName::parse("admin").expect("a valid name"),
        ShownName::parse("Admin").expect("a valid name"),
    )
}

/// The name under which stands what Ringback itself notes of a thread; no account has it.
#[must_use]
#[expect(clippy::expect_used, reason = "a constant that parses")]
pub fn ringback() -> AccountName {
    AccountName::parse("ringback").expect("a valid name")
}

/// Whether no account may have that name.
#[must_use]
pub fn is_reserved(name: &AccountName) -> bool {
    *name == command_line() || *name == ringback()
}

/// The name under which the command line's changes are kept in the audit; no account has it.
#[must_use]
#[expect(clippy::expect_used, reason = "a constant that parses")]
pub fn command_line() -> AccountName {
    AccountName::parse("command-line").expect("a valid name")
}
