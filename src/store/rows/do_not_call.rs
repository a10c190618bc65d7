//! Who must not be rung. Plain data; it knows no SQL.

use std::fmt;

use crate::domain::{
    ids::{AccountName, Author, ChannelName, InvalidId, Tag, ThreadKey},
    number::PhoneNumber,
    time::Timestamp,
};

/// Whom an entry of the do-not-call list names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Listed {
    /// Whoever has this number.
    Number(PhoneNumber),
    /// An author of a channel.
    Customer(ChannelName, Author),
    /// The customer of a thread, who has neither a handle nor a number that we know.
    Thread(ThreadKey),
}

/// Why somebody is on the list: one plain word, such as `asked`, so that nothing private stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(Tag);

impl Reason {
    /// Parses a word: lower-case letters, digits, `-`, `_`, `.`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        Tag::parse(text).map(Self)
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Default for Reason {
    /// They asked not to be rung.
    #[expect(clippy::expect_used, reason = "a constant that parses")]
    fn default() -> Self {
        Self::parse("asked").expect("a word")
    }
}

impl TryFrom<String> for Reason {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRow {
    /// Whom it names.
    pub listed: Listed,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub added_at: Timestamp,
    /// Who put them there; `None`: somebody on the command line.
    pub added_by: Option<AccountName>,
}
