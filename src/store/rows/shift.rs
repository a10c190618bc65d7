//! Shifts, what one leaves to the next, and incidents. Plain data; it knows no SQL.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        account::Role,
        callback::IncidentId,
        ids::{AccountName, Author, ChannelName, DeskName, ThreadId, Topic},
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    store::CallbackId,
};

/// What tells whether an account that is not disabled is on shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// What it may do.
    pub role: Role,
    /// When it last did something on the desk, to the minute.
    pub active_at: Option<Timestamp>,
    /// When it last handed over.
    pub handed_over_at: Option<Timestamp>,
}

/// One callback that an account left to the next shift, until somebody has seen it.
#[derive(Debug, Clone, PartialEq)]
pub struct HandoverRow {
    /// Its number.
    pub id: i64,
    /// The callback.
    pub callback: CallbackId,
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The customer, once known.
    pub author: Option<Author>,
    /// The desk.
    pub desk: DeskName,
    /// Who left it.
    pub by: AccountName,
    /// What they left word of, masked.
    pub note: Option<Private<String>>,
    /// When.
    pub at: Timestamp,
    /// For when the customer was promised a call, if they were.
    pub promised_for: Option<Timestamp>,
}

/// What a desk is told when it opens, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestCounts {
    /// Callbacks that came while it was closed, and that nobody has.
    pub came: u64,
    /// Urgent ones of them.
    pub urgent: u64,
    /// Calls promised for today, those to be tried again included.
    pub promised: u64,
    /// Customers who wait for an answer of the desk's.
    pub waiting: u64,
    /// Claims from before it closed, by whoever went home with them.
    pub left_claimed: u64,
    /// Callbacks that the shift before left, and that nobody has seen to.
    pub handed_over: u64,
    /// Callbacks that incidents hold back.
    pub held: u64,
    /// Cases that a thank-you has solved of which the reading was least sure.
    #[serde(default)]
    pub unsure: u64,
}

impl DigestCounts {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a desk was told when it opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    /// Its number.
    pub id: i64,
    /// The desk.
    pub desk: DeskName,
    /// When it opened.
    pub opened_at: Timestamp,
    /// Since when it had been closed.
    pub closed_at: Timestamp,
    /// What there was.
    pub counts: DigestCounts,
}

/// The callbacks that nobody has on one desk, by kind. A callback is counted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueCount {
    /// The desk.
    pub desk: DeskName,
    /// All of them.
    pub due: u64,
    /// Urgent ones.
    pub urgent: u64,
    /// Other ones whose customers asked for a call.
    pub asked: u64,
    /// Other ones that are soft.
    pub soft: u64,
    /// Since when the longest waiting one waits.
    pub oldest: Timestamp,
    /// One queue card stands for all of them.
    pub is_pinned: bool,
}

/// Many callbacks by the count, of one topic on one desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its number.
    pub id: IncidentId,
    /// The desk.
    pub desk: DeskName,
    /// The topic.
    pub topic: Topic,
    /// When there were enough of them.
    pub opened_at: Timestamp,
    /// Callbacks that opened since then are its.
    pub counts_from: Timestamp,
    /// Since when further ones are held back, and who has them held.
    pub held: Option<(Timestamp, AccountName)>,
    /// When it ended, and who ended it.
    pub ended: Option<(Timestamp, AccountName)>,
    /// When supervisors were last reminded of it.
    pub reminded_at: Timestamp,
    /// When it was last told that somebody has been held back for a day.
    pub told_long_at: Option<Timestamp>,
    /// The tally.
    pub tally: Tally,
    /// The tally as it was last told.
    pub told: Tally,
}

/// How many callbacks an incident has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// That opened since it began, whatever has come of them.
    pub came: u64,
    /// That it holds back.
    pub held: u64,
}

/// How an incident stands, in a supervisor's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusText {
    /// The language.
    pub language: Language,
    /// The text, for customers.
    pub text: Private<String>,
}
