//! The task "ring this customer back". How it moves on is `callbacks`' business alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    decision::RuleName,
    ids::{AccountName, DeskName, MessageId, Topic},
    time::{Length, Timestamp},
};

/// So far ahead a call may be promised by an agent: beyond, it is a mistyped date.
pub const FARTHEST_PROMISE: Length = Length::hours(90 * 24);

/// A callback's number within its thread, from 1.
pub type CallbackNumber = u32;

/// Many callbacks of one topic at once: its number among all incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub i64);

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
    WeAnswered {
        /// Which account did, where that is known.
        by: Option<AccountName>,
    },
    /// The customer thanked us: no call is needed.
    Thanked,
    /// The customer wishes to stay in text.
    TextWished,
    /// The customer chose a time in the details form.
    TimeChosen {
        /// When; now or earlier: as soon as possible.
        at: Timestamp,
    },
    /// A number to ring is known now, or another one than before.
    NumberFound,
    /// The customer must not be rung: they are on the do-not-call list now.
    CallsForbidden,
    /// An agent takes it.
    Claimed {
        /// Who.
        by: AccountName,
    },
    /// Whoever has it says that they are still on it, or shows it by a note.
    Renewed {
        /// Who.
        by: AccountName,
    },
    /// Whoever has it gives it up: it is due again.
    Released,
    /// Whoever has it goes home: a claim is due again, a promise stays, for the desk to keep.
    HandedOver {
        /// Who.
        by: AccountName,
    },
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
    /// The agent who has it has rung, or tried to.
    Rung {
        /// Who.
        by: AccountName,
        /// What came of it.
        result: CallResult,
    },
    /// An incident of its topic holds it back.
    Parked {
        /// Which one.
        incident: IncidentId,
    },
    /// The incident that held it back is over.
    Unparked,
    /// Time passed, or the rules changed.
    Ticked {
        /// Whoever promised to ring is on shift.
        owner_on_shift: bool,
    },
}

/// What an agent says came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallResult {
    /// The matter is settled; the case resolves.
    Solved,
    /// There is more to it: the next callback is scheduled.
    FollowUp {
        /// When.
        at: Timestamp,
    },
    /// The customer would rather stay in text; the case is held.
    Declined,
    /// The number is not theirs: due again, and they are asked for another.
    WrongNumber,
    /// Nobody answered: tried again later, or exhausted.
    NoAnswer,
}

impl CallResult {
    /// An outcome that needs a time has one, and no other has.
    #[must_use]
    pub const fn of(outcome: Outcome, follow_up: Option<Timestamp>) -> Option<Self> {
        match (outcome, follow_up) {
            (Outcome::Solved, None) => Some(Self::Solved),
            (Outcome::FollowUp, Some(at)) => Some(Self::FollowUp { at }),
            (Outcome::Declined, None) => Some(Self::Declined),
            (Outcome::WrongNumber, None) => Some(Self::WrongNumber),
            (Outcome::NoAnswer, None) => Some(Self::NoAnswer),
            _ => None,
        }
    }

    /// Without its time.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Solved => Outcome::Solved,
            Self::FollowUp { .. } => Outcome::FollowUp,
            Self::Declined => Outcome::Declined,
            Self::WrongNumber => Outcome::WrongNumber,
            Self::NoAnswer => Outcome::NoAnswer,
        }
    }
}

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
    /// Nobody answered; due again then.
    NoAnswer {
        /// When.
        until: Timestamp,
    },
    /// Rung at a promised time; then it is due again.
    Scheduled {
        /// Who promised; `None`: whoever works the desk then.
        by: Option<AccountName>,
        /// When.
        at: Timestamp,
    },
}

/// Whom silence has been told to, in the present status.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Reminded {
    /// Nobody yet.
    #[default]
    Nobody,
    /// The desk, of a callback that nobody has; the claimer, of a silent claim.
    Desk,
    /// A supervisor.
    Supervisor,
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
    /// Nobody answered, as often as we try: a supervisor has it, and the customer was told.
    Exhausted,
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

impl KeepTyping {
    /// Its word, as records and forms have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answering => "answering",
            Self::Thanks => "thanks",
            Self::BeingHandled => "being_handled",
            Self::NotACustomer => "not_a_customer",
        }
    }
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The matter is settled; the case resolves.
    Solved,
    /// There is more to it: the next callback is scheduled.
    FollowUp,
    /// The customer would rather stay in text; the case is held.
    Declined,
    /// The number is not theirs. The callback stays open.
    WrongNumber,
    /// Nobody answered. The callback stays open, or is exhausted.
    NoAnswer,
}

impl Outcome {
    /// Its word, as records and forms have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::FollowUp => "follow_up",
            Self::Declined => "declined",
            Self::WrongNumber => "wrong_number",
            Self::NoAnswer => "no_answer",
        }
    }
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
    /// The topic of the message that opened it.
    pub topic: Option<Topic>,
    /// At the head of the queue.
    pub urgent: bool,
    /// The customer asked for the call.
    pub asked: bool,
    /// The customer was merely answering; then when it turns loud, if we say nothing.
    pub soft: Option<Soft>,
    /// Where it stands.
    pub status: CallbackStatus,
    /// Shown to this account first: they promised to ring, or they were writing with the customer.
    pub owner: Option<AccountName>,
    /// Since when silence counts in the present status.
    pub since: Timestamp,
    /// Who has been told of the silence.
    pub reminded: Reminded,
    /// The customer was told, once, that the call takes longer than it should.
    pub told_late: bool,
    /// How often nobody answered.
    pub attempts: u32,
    /// The incident that holds it back: neither shown nor reminded of until that is over.
    pub incident: Option<IncidentId>,
    /// When it next wants a `Tick`. An open callback always does.
    pub wake_at: Timestamp,
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
        matches!(
            self.status,
            CallbackStatus::Due | CallbackStatus::NoAnswer { .. }
        )
    }

    /// Who has claimed it or promised to ring.
    #[must_use]
    pub const fn holder(&self) -> Option<&AccountName> {
        match &self.status {
            CallbackStatus::Due | CallbackStatus::NoAnswer { .. } => None,
            CallbackStatus::Claimed { by, .. } => Some(by),
            CallbackStatus::Scheduled { by, .. } => by.as_ref(),
        }
    }

    /// The time of the next call, while it is scheduled or to be tried again.
    #[must_use]
    pub const fn promised_for(&self) -> Option<Timestamp> {
        match &self.status {
            CallbackStatus::Scheduled { at, .. } => Some(*at),
            CallbackStatus::NoAnswer { until } => Some(*until),
            CallbackStatus::Due | CallbackStatus::Claimed { .. } => None,
        }
    }
}
