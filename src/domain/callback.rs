//! The task "ring this customer back". How it moves on is `callbacks`' business alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    decision::RuleName,
    ids::{AccountName, DeskName, MessageId},
    time::Timestamp,
};

/// A callback's number within its thread, from 1.
pub type CallbackNumber = u32;

/// Where an open callback stands. The ended ones leave [`super::thread::State`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CallbackStatus {
    /// Nobody has it yet.
    Due,
    /// An agent has it.
    Claimed {
        /// Who.
        by: AccountName,
        /// Since when.
        at: Timestamp,
    },
    /// An agent rings at a promised time; then it is due again.
    Scheduled {
        /// Who.
        by: AccountName,
        /// When.
        at: Timestamp,
    },
}

/// How a callback ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum CallbackEnd {
    /// An agent rang, or settled it otherwise.
    Done {
        /// Who.
        by: AccountName,
        /// With what outcome.
        outcome: Outcome,
    },
    /// No call is needed or wanted any more.
    Withdrawn,
    /// An agent goes on in text.
    KeptTyping {
        /// Who.
        by: AccountName,
        /// Why.
        why: KeepTyping,
    },
}

/// Why an agent goes on in text instead of ringing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeepTyping {
    /// The customer is merely answering us.
    Answering,
    /// It was a thank-you.
    Thanks,
    /// Somebody handles it already.
    BeingHandled,
    /// The author is no customer; mutes them for `mute_lasts`.
    NotACustomer,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The matter is settled; the case resolves.
    Solved,
    /// The customer would rather stay in text; the case is held.
    Declined,
}

/// Why and how urgently a callback is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Its number within the thread.
    pub number: CallbackNumber,
    /// The case it is for.
    pub case: u32,
    /// The rule that opened it.
    pub rule: RuleName,
    /// The message that opened it.
    pub message: MessageId,
    /// `at` of that message.
    pub message_at: Timestamp,
    /// The exchange it was opened in.
    pub exchange: u32,
    /// When it became due, on the clock: when it opened, or at the promised time.
    pub due_at: Timestamp,
    /// The desk that sees it.
    pub desk: DeskName,
    /// At the head of the queue.
    pub urgent: bool,
    /// The customer asked for the call.
    pub asked: bool,
    /// The customer was merely answering; then when it turns loud, if we say nothing.
    pub soft: Option<Soft>,
    /// Where it stands.
    pub status: CallbackStatus,
}

/// What is special while a callback is soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Soft {
    /// When it turns loud; `None` once we have answered.
    pub until: Option<Timestamp>,
}

impl Callback {
    /// Whether nobody works on it, so that thanks or a wish to stay in text withdraws it.
    #[must_use]
    pub const fn is_unclaimed(&self) -> bool {
        matches!(self.status, CallbackStatus::Due)
    }

    /// Who has claimed it or promised to ring.
    #[must_use]
    pub const fn holder(&self) -> Option<&AccountName> {
        match &self.status {
            CallbackStatus::Due => None,
            CallbackStatus::Claimed { by, .. } | CallbackStatus::Scheduled { by, .. } => Some(by),
        }
    }

    /// The promised time, while it is scheduled.
    #[must_use]
    pub const fn promised_for(&self) -> Option<Timestamp> {
        match &self.status {
            CallbackStatus::Scheduled { at, .. } => Some(*at),
            CallbackStatus::Due | CallbackStatus::Claimed { .. } => None,
        }
    }

    /// When it next wants a `Tick`.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let turns_loud = self.soft.as_ref().and_then(|soft| soft.until);
        turns_loud.into_iter().chain(self.promised_for()).min()
    }
}
