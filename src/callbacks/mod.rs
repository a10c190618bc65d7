//! A callback's life as a pure state machine: `open` begins one, `step` alone moves it on. Knows
//! `domain` only; no IO, no clock.

use crate::domain::{
    callback::{Callback, CallbackEnd, CallbackStatus, KeepTyping, Outcome, Soft},
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
    /// Whoever has it gives it up: it is due again.
    Released,
    /// An agent promises to ring at a time; one that has passed is due at the next tick.
    Scheduled {
        /// Who.
        by: AccountName,
        /// When.
        at: Timestamp,
    },
    /// An agent goes on in text.
    TypingKept {
        /// Who.
        by: AccountName,
        /// Why.
        why: KeepTyping,
    },
    /// The agent who has it is done.
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
/// An event that does not fit (a claim of what somebody else has, a `Done` by one who has it not,
/// a spurious tick) changes nothing.
#[must_use]
pub fn step(callback: &Callback, event: &CallbackEvent, now: Timestamp) -> Step {
    let mut next = callback.clone();
    let mut changes = Vec::new();
    match event {
        CallbackEvent::Thanked | CallbackEvent::TextWished if callback.is_unclaimed() => {
            return ended(CallbackEnd::Withdrawn);
        }
        CallbackEvent::TypingKept { by, why } if is_free_for(callback, by) => {
            return ended(CallbackEnd::KeptTyping {
                by: by.clone(),
                why: *why,
            });
        }
        CallbackEvent::Done { by, outcome } if callback.holder() == Some(by) => {
            return ended(CallbackEnd::Done {
                by: by.clone(),
                outcome: *outcome,
            });
        }
        CallbackEvent::TypingKept { .. } | CallbackEvent::Done { .. } => {}
        CallbackEvent::Thanked => changes.push(CardChange::Thanked),
        CallbackEvent::TextWished => changes.push(CardChange::WantsText),
        CallbackEvent::Claimed { by } => claim(&mut next, &mut changes, by, now),
        CallbackEvent::Released => {
            if !callback.is_unclaimed() {
                next.status = CallbackStatus::Due;
                changes.push(CardChange::Released);
            }
        }
        CallbackEvent::Scheduled { by, at } => schedule(&mut next, &mut changes, by, *at),
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
        CallbackEvent::Ticked => tick(&mut next, &mut changes, now),
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

/// Nobody takes what somebody else has. The one who promised to ring may ring earlier.
fn claim(callback: &mut Callback, changes: &mut Vec<CardChange>, by: &AccountName, now: Timestamp) {
    let has_it_already = matches!(callback.status, CallbackStatus::Claimed { .. });
    if has_it_already || !is_free_for(callback, by) {
        return;
    }
    callback.status = CallbackStatus::Claimed {
        by: by.clone(),
        at: now,
    };
    callback.soft = None;
    changes.push(CardChange::Claimed);
}

fn schedule(
    callback: &mut Callback,
    changes: &mut Vec<CardChange>,
    by: &AccountName,
    at: Timestamp,
) {
    let promised = CallbackStatus::Scheduled { by: by.clone(), at };
    if callback.status == promised || !is_free_for(callback, by) {
        return;
    }
    callback.status = promised;
    callback.soft = None;
    changes.push(CardChange::Scheduled);
}

fn tick(callback: &mut Callback, changes: &mut Vec<CardChange>, now: Timestamp) {
    if let CallbackStatus::Scheduled { at, .. } = callback.status
        && at <= now
    {
        callback.status = CallbackStatus::Due;
        callback.due_at = at;
        changes.push(CardChange::DueAgain);
    }
    let until = callback.soft.as_ref().and_then(|soft| soft.until);
    if until.is_some_and(|until| until <= now) {
        turn_loud(callback, changes);
    }
}

fn turn_loud(callback: &mut Callback, changes: &mut Vec<CardChange>) {
    if callback.soft.take().is_some() {
        changes.push(CardChange::TurnedLoud);
    }
}

fn is_free_for(callback: &Callback, account: &AccountName) -> bool {
    callback.holder().is_none_or(|holder| holder == account)
}

#[cfg(test)]
mod tests;
