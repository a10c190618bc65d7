//! Which case a customer's message belongs to: it continues one, reopens one, lapses one, or
//! opens one.

use super::{Turn, counting, new_case};
use crate::{
    domain::{
        message::{Message, Party},
        reading::{Closing, Reading, WaitsFor},
        thread::{Case, CaseStatus},
        time::{Timestamp, more_than},
    },
    rules::Policy,
};

/// How a customer's message enters its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// The case is open.
    Continues,
    /// The case is resolved, and further thanks, farewells and bare acknowledgements do nothing.
    AfterResolve,
    /// A resolved case goes on.
    Reopens,
    /// A new case opens.
    Opens,
    /// The case before fell silent; a new one opens.
    OpensAfterLapse,
}

/// Finds the entry of a customer's message that is not late, and opens or reopens its case.
pub(super) fn enter(
    turn: &mut Turn<'_>,
    policy: &Policy,
    message: &Message,
    reading: &Reading,
) -> Entry {
    let entry = match &turn.state.thread.case {
        None => Entry::Opens,
        Some(case) => match &case.status {
            CaseStatus::Open if lapses(turn, policy, case, message.at) => Entry::OpensAfterLapse,
            CaseStatus::Open => Entry::Continues,
            CaseStatus::Resolved { .. } if adds_nothing(reading) => Entry::AfterResolve,
            CaseStatus::Resolved { at, exchange } => {
                let unsolved_soon =
                    reading.unsolved && !more_than(policy.reopen_within, *at, message.at);
                if unsolved_soon || still_in(turn, policy, case, *exchange, message.at) {
                    Entry::Reopens
                } else {
                    Entry::Opens
                }
            }
        },
    };
    match entry {
        Entry::Continues | Entry::AfterResolve => {}
        Entry::Reopens => {
            if let Some(case) = &mut turn.state.thread.case {
                case.status = CaseStatus::Open;
            }
        }
        Entry::Opens | Entry::OpensAfterLapse => open(turn, message.at),
    }
    entry
}

/// Opens the thread's next case.
pub(super) fn open(turn: &mut Turn<'_>, at: Timestamp) {
    let number = turn.case_number().saturating_add(1);
    let thread = &mut turn.state.thread;
    thread.case = Some(new_case(number, at));
    thread.reminder = None;
    thread.context.ours = None;
    thread.context.ours_is_last = false;
    thread.context.unanswered = false;
    thread.context.answered = false;
}

/// A case lapses only on the customer's silence: never while they wait for us or a callback is
/// open.
fn lapses(turn: &Turn<'_>, policy: &Policy, case: &Case, at: Timestamp) -> bool {
    let thread = &turn.state.thread;
    let customer_spoke_last = thread
        .exchanges
        .last()
        .is_some_and(|last| last.party == Party::Customer);
    let waits_for_us = customer_spoke_last && case.waits_for != Some(WaitsFor::Customer);
    let silent_for_long = thread
        .ours_at
        .is_some_and(|ours| more_than(policy.new_case_after, ours, at));
    silent_for_long && !waits_for_us && turn.state.callback.is_none()
}

/// Further thanks, farewells and bare acknowledgements. Anything that wants something of us, or
/// complains, is more than that.
pub(super) fn adds_nothing(reading: &Reading) -> bool {
    (reading.closing == Some(Closing::Thanks) || reading.acknowledges)
        && !reading.wants_call
        && !reading.unsolved
        && !reading.urgent
}

/// Whether a message at `at` is still in the exchange that resolved the case.
fn still_in(
    turn: &Turn<'_>,
    policy: &Policy,
    case: &Case,
    exchange: Option<u32>,
    at: Timestamp,
) -> bool {
    let thread = &turn.state.thread;
    let last = thread
        .exchanges
        .last()
        .map(|last| (last.case, Some(last.number)));
    last == Some((case.number, exchange))
        && counting::continues(thread, Party::Customer, at, policy.merge_within)
}
