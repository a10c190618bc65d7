//! What only the claimer and the customer of a callback know, and what customers say of a call. Plain
//! data; it knows no SQL.

use crate::domain::{private::Private, time::Timestamp};

/// The secrets of a call, while an agent has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallSecrets {
    /// The two words that the agent says first, so that the customer knows that the call is genuine.
    pub words: Option<Private<String>>,
    /// Where a video call takes place, if one was offered: a URL.
    pub video: Option<Private<String>>,
}

/// What a customer says of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SatisfactionRow {
    /// Whether it helped; `None`: they have not said.
    pub helped: Option<bool>,
    /// When they said so first.
    pub answered_at: Option<Timestamp>,
}
