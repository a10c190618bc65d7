//! Who did what. Plain data; it knows no SQL.

use crate::{
    domain::ids::{AccountName, MessageId},
    store::CallbackId,
};

/// What an account did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Set a password.
    SetPassword,
    /// Asked for a second factor from now on, or no longer.
    ChangedSecondFactor,
    /// Made an account.
    AddedAccount,
    /// Made a sign-in link for an account.
    MadeLink,
    /// Disabled an account, or let it in again.
    ChangedAccount,
    /// Looked at a thread.
    Viewed,
    /// Answered a customer.
    Replied,
    /// Wrote an answer that is held back: it asks for identity data, or contains some.
    WasHeld,
    /// Sent an answer that was held back.
    SentAnyway,
    /// Threw an answer away that was held back.
    Discarded,
    /// Chose to ring rather than to ask for identity data in text.
    ChoseCall,
    /// Wrote an internal note.
    Noted,
    /// Corrected a reading.
    Corrected,
    /// Saw to a notice.
    SawTo,
    /// Let an author open callbacks again.
    Unmuted,
    /// Claimed a callback.
    Claimed,
    /// Gave a claim up, or took it from somebody.
    Released,
    /// Promised to ring at a time.
    Scheduled,
    /// Went on in text instead of ringing.
    KeptTyping,
    /// Finished a callback.
    Done,
}

/// One thing that an account did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who.
    pub account: AccountName,
    /// What.
    pub verb: Verb,
    /// To which account, if another's.
    pub about: Option<AccountName>,
    /// The thread's row.
    pub thread: Option<i64>,
    /// The message.
    pub message: Option<MessageId>,
    /// The callback.
    pub callback: Option<CallbackId>,
}

impl AuditEntry {
    /// That an account did something to nothing in particular.
    #[must_use]
    pub const fn new(account: AccountName, verb: Verb) -> Self {
        Self {
            account,
            verb,
            about: None,
            thread: None,
            message: None,
            callback: None,
        }
    }
}
