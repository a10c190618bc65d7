//! Forms that customers were asked to fill in. Plain data; it knows no SQL.

use crate::domain::{
    form::{CallDetails, FormKind, FormRequestId, FormState, Purpose},
    ids::{AccountName, DeskName, ThreadKey},
    reading::Language,
    time::Timestamp,
};

/// The SHA-256 of a one-time link's token. The token itself is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkHash(pub [u8; 32]);

/// The SHA-256 of the cookie of a browser that opened a link. The cookie itself is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FormSessionHash(pub [u8; 32]);

/// One form asked of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRequestRow {
    /// Its number.
    pub id: FormRequestId,
    /// The thread it belongs to.
    pub thread: ThreadKey,
    /// The case it belongs to.
    pub case: u32,
    /// The desk that asked.
    pub desk: DeskName,
    /// What it is for.
    pub purpose: Purpose,
    /// The language it is shown in at first.
    pub language: Language,
    /// How far it has come.
    pub state: FormState,
    /// Who asked; `None`: the rules.
    pub asked_by: Option<AccountName>,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it can be filled in.
    pub until: Timestamp,
    /// When it was filled in.
    pub submitted_at: Option<Timestamp>,
    /// When it was checked.
    pub checked_at: Option<Timestamp>,
    /// By whom.
    pub checked_by: Option<AccountName>,
    /// Of a details form that was filled in.
    pub details: Option<CallDetails>,
}

/// A customer's form beside the chat line that offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedForm {
    /// Which one.
    pub id: FormRequestId,
    /// What it is for.
    pub kind: FormKind,
    /// How far it has come.
    pub state: FormState,
}
