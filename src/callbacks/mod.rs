//! A callback's life as a pure state machine: `open` begins one, `step` alone moves it on. Knows
//! `domain` only; no IO, no clock.

use crate::domain::{
    callback::{Callback, CallbackEnd, CallbackStatus, Outcome, Soft},
    decision::CardChange,
    ids::AccountName,
    time::Timestamp,
};

/// Something that happened to an open callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallbackEvent {
    /// The customer wrote something other than thanks.
    CustomerWrote {
        /// The exchange it falls in.
        exchange: u32,
        /// It only answers us.
        answers: bool,
    },
    /// The customer asked for the call.
    CallAsked,
    /// An urgent word.
    BecameUrgent,
    /// We answered in text.
    WeAnswered,
    /// The customer thanked us: no call is needed.
    Thanked,
    /// The customer wishes to stay in text.
    TextWished,
    /// An agent takes it.
    Claimed {
        /// Who.
        by: AccountName,
    },
    /// The agent who claimed it is done.
    Done {
        /// Who.
        by: AccountName,
        /// With what outcome.
        outcome: Outcome,
    },
    /// Time passed.
    Ticked,
}

/// What a [`CallbackEvent`] leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The callback from now on, or how it ended.
    pub next: Next,
    /// What its card shows anew, in order.
    pub changes: Vec<CardChange>,
}

/// Where a callback goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It stays open.
    Open(Callback),
    /// It is over.
    Ended(CallbackEnd),
}

/// Moves an open callback on.
///
/// An event that does not fit (a second claim, a `Done` by somebody else, a spurious tick)
/// changes nothing.
#[must_use]
pub fn step(callback: &Callback, event: &CallbackEvent, now: Timestamp) -> Step {
    let mut next = callback.clone();
    let mut changes = Vec::new();
    match event {
        CallbackEvent::CustomerWrote { exchange, answers } => {
            changes.push(CardChange::MessageAdded);
            if *exchange > callback.exchange || !answers {
                turn_loud(&mut next, &mut changes);
            }
        }
        CallbackEvent::CallAsked => {
            if !next.asked {
                next.asked = true;
                changes.push(CardChange::Asked);
            }
            turn_loud(&mut next, &mut changes);
        }
        CallbackEvent::BecameUrgent => {
            if !next.urgent {
                next.urgent = true;
                changes.push(CardChange::TurnedUrgent);
            }
            turn_loud(&mut next, &mut changes);
        }
        CallbackEvent::WeAnswered => {
            if let Some(soft) = &mut next.soft {
                soft.until = None;
            }
        }
        CallbackEvent::Thanked if callback.is_unclaimed() => return ended(CallbackEnd::Withdrawn),
        CallbackEvent::Thanked => changes.push(CardChange::Thanked),
        CallbackEvent::TextWished if callback.is_unclaimed() => {
            return ended(CallbackEnd::Withdrawn);
        }
        CallbackEvent::TextWished => changes.push(CardChange::WantsText),
        CallbackEvent::Claimed { by } => {
            if callback.is_unclaimed() {
                next.status = CallbackStatus::Claimed {
                    by: by.clone(),
                    at: now,
                };
                next.soft = None;
                changes.push(CardChange::Claimed);
            }
        }
        CallbackEvent::Done { by, outcome } => {
            if is_claimed_by(callback, by) {
                return ended(CallbackEnd::Done {
                    by: by.clone(),
                    outcome: *outcome,
                });
            }
        }
        CallbackEvent::Ticked => {
            let due = callback.soft.as_ref().and_then(|soft| soft.until);
            if due.is_some_and(|until| until <= now) {
                turn_loud(&mut next, &mut changes);
            }
        }
    }
    Step {
        next: Next::Open(next),
        changes,
    }
}

/// A soft callback's first moment: it turns loud at `until` unless we answer.
#[must_use]
pub const fn soft(until: Timestamp) -> Soft {
    Soft { until: Some(until) }
}

fn ended(end: CallbackEnd) -> Step {
    Step {
        next: Next::Ended(end),
        changes: Vec::new(),
    }
}

fn turn_loud(callback: &mut Callback, changes: &mut Vec<CardChange>) {
    if callback.soft.take().is_some() {
        changes.push(CardChange::TurnedLoud);
    }
}

fn is_claimed_by(callback: &Callback, account: &AccountName) -> bool {
    matches!(&callback.status, CallbackStatus::Claimed { by, .. } if by == account)
}
