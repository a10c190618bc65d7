//! A callback's life as a pure state machine: `open` begins one, `step` alone moves it on. Knows
//! `domain` only; no IO, no clock.

pub mod calendar;
pub mod places;
mod steps;

use calendar::Terms;

use crate::domain::{
    callback::{
        Callback, CallbackEnd, CallbackEvent, CallbackNumber, CallbackStatus, Reminded, Soft,
    },
    decision::{Effect, RuleName},
    ids::{AccountName, DeskName, MessageId, Topic},
    time::{Timestamp, after},
};

/// What an event leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The callback from now on, or how it ended.
    pub next: Next,
    /// What to do, in order.
    pub effects: Vec<Effect>,
}

/// Where a callback goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It stays open.
    Open(Box<Callback>),
    /// It is over.
    Ended(CallbackEnd),
}

/// A callback about to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its number within the thread.
    pub number: CallbackNumber,
    /// The case it is for.
    pub case: u32,
    /// The rule that opens it.
    pub rule: RuleName,
    /// The message that opens it, and when that was written.
    pub message: (MessageId, Timestamp),
    /// The exchange it opens in.
    pub exchange: u32,
    /// The desk that works it.
    pub desk: DeskName,
    /// What it is about.
    pub topic: Option<Topic>,
    /// At the head of the queue.
    pub urgent: bool,
    /// The customer asked for it.
    pub asked: bool,
    /// The customer was merely answering.
    pub soft: bool,
    /// Shown to this account first.
    pub owner: Option<AccountName>,
    /// When it is promised for; `None`: due now.
    pub promised_for: Option<Timestamp>,
}

/// Opens a callback: as it is from now on, and what to do.
#[must_use]
pub fn open(opening: Opening, terms: &Terms<'_>, now: Timestamp) -> (Callback, Vec<Effect>) {
    let (message, message_at) = opening.message;
    let status = match opening.promised_for {
        Some(at) => CallbackStatus::Scheduled {
            by: opening.owner.clone(),
            at: terms.window(at.max(now)),
        },
        None => CallbackStatus::Due,
    };
    let callback = Callback {
        number: opening.number,
        case: opening.case,
        rule: opening.rule,
        message,
        message_at,
        exchange: opening.exchange,
        due_at: now,
        desk: opening.desk,
        topic: opening.topic,
        urgent: opening.urgent,
        asked: opening.asked,
        soft: opening.soft.then(|| Soft {
            until: Some(after(now, terms.soft_wait)),
        }),
        status,
        owner: opening.owner,
        since: now,
        reminded: Reminded::Nobody,
        told_late: false,
        attempts: 0,
        incident: None,
        wake_at: now,
    };
    steps::opened(callback, terms, now)
}

/// Moves an open callback on.
///
/// An event that does not fit (a claim of what somebody else has, a result of a call by one who has
/// it not, a spurious tick) changes nothing.
#[must_use]
pub fn step(callback: &Callback, event: &CallbackEvent, terms: &Terms<'_>, now: Timestamp) -> Step {
    steps::step(callback, event, terms, now)
}

#[cfg(test)]
mod tests;
