//! Calls that another program was asked to make. Plain data; it knows no SQL, and no number.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{callback::Outcome, ids::AccountName, time::Timestamp},
    store::CallbackId,
};

/// One call that another program was asked to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialRow {
    /// The callback that it is for.
    pub callback: CallbackId,
    /// Who pressed the button.
    pub by: AccountName,
    /// When.
    pub at: Timestamp,
    /// How far it has come.
    pub state: DialState,
    /// How it ended, once it has.
    pub end: Option<DialEnd>,
}

impl DialRow {
    /// What its end suggests as the outcome, where it does. Its agent says what came of it: of a call
    /// that was answered only they know.
    #[must_use]
    pub fn suggests(&self) -> Option<Outcome> {
        self.end.and_then(|end| match end.result {
            DialResult::NoAnswer | DialResult::Busy => Some(Outcome::NoAnswer),
            DialResult::Answered | DialResult::Failed => None,
        })
    }
}

/// How far a call that another program was asked to make has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DialState {
    /// It is being asked.
    Asked,
    /// It has taken the call.
    Taken,
    /// It could not be asked in time: its agent dials.
    GivenUp,
    /// The call is over.
    Ended,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialEnd {
    /// In which way.
    pub result: DialResult,
    /// How long it lasted, in seconds, if that was said.
    pub seconds: Option<u32>,
    /// When we heard of it.
    pub at: Timestamp,
}

/// In which way a call ended, as the other program saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DialResult {
    /// Somebody answered.
    Answered,
    /// Nobody did.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// It could not be made: no such number, no line.
    Failed,
}
