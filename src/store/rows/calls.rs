//! The call log: what agents said came of each call. Plain data; it knows no SQL.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{callback::Outcome, ids::AccountName, private::Private, time::Timestamp},
    store::CallbackId,
};

/// What came of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its number among all calls.
    pub id: i64,
    /// The callback that it was for.
    pub callback: CallbackId,
    /// The case of that.
    pub case: u32,
    /// Who rang, or tried to.
    pub by: AccountName,
    /// When they said what came of it.
    pub at: Timestamp,
    /// What did.
    pub outcome: Outcome,
    /// What they noted for us, masked.
    pub note: Option<Private<String>>,
    /// The line for the customer.
    pub told: Option<ToldLine>,
    /// When the customer is rung next, where that followed from it.
    pub next_at: Option<Timestamp>,
}

/// What the customer is to read of a call: what was agreed, what happens next, by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldLine {
    /// The line, masked.
    pub text: Private<String>,
    /// What became of it.
    pub state: LineState,
}

/// What became of the line for the customer when its call was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// It is a message of the thread.
    Sent,
    /// It asks for identity data or contains some, so it is held until its agent decides.
    Held,
    /// Ringback does not carry this channel, or could not take it: its agent has to send it there.
    NotSent,
}
