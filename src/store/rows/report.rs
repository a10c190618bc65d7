//! What a month's report counts. No text, no name, no number and no account stands in it.

use super::{CallbackState, CaseState};
use crate::domain::{
    callback::{KeepTyping, Outcome},
    decision::{Action, RuleName},
    ids::{ChannelName, Topic},
    message::Party,
    time::Timestamp,
};

/// One case as it went so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHistory {
    /// Its channel.
    pub channel: ChannelName,
    /// `at` of its first message.
    pub opened_at: Timestamp,
    /// How it stands.
    pub state: CaseState,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// The customer held to text at its end, for this case.
    pub held: bool,
    /// It is its thread's newest, and the ball is in the customer's court.
    pub waits_on_customer: bool,
    /// The desk was reminded that the customer waits for an answer.
    pub was_reminded: bool,
    /// When the same customer next opened a case after it was resolved, on any of their threads.
    pub next_case_at: Option<Timestamp>,
    /// Its counted messages, in order of arrival.
    pub lines: Vec<CaseLine>,
    /// Its callbacks, oldest first.
    pub callbacks: Vec<CaseCallback>,
    /// What came of each call, as the call log has it, oldest first.
    pub calls: Vec<Outcome>,
}

/// One counted message of a case; as corrected, if an agent corrected it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Who wrote it: customer or agent.
    pub from: Party,
    /// When.
    pub at: Timestamp,
    /// The exchange it falls in.
    pub exchange: u32,
    /// The rule that decided.
    pub rule: RuleName,
    /// What was decided.
    pub actions: Vec<Action>,
    /// What it is about, if that could be told.
    pub topic: Option<Topic>,
}

/// One callback of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseCallback {
    /// Where it stands.
    pub state: CallbackState,
    /// What came of it, once done.
    pub outcome: Option<Outcome>,
    /// Why an agent went on in text instead.
    pub why: Option<KeepTyping>,
    /// The customer was asked whether its call helped.
    pub was_asked: bool,
    /// Whether it did; `None` if they have not said.
    pub helped: Option<bool>,
}
