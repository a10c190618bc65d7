//! What is remembered of a thread and its customer between messages.

use serde::{Deserialize, Serialize};

use super::{
    callback::Callback,
    hours::Zone,
    ids::{AccountName, Author, MessageId, Topic},
    message::Party,
    private::Private,
    reading::{Context, TextWish, WaitsFor},
    time::Timestamp,
};

/// How many of a thread's newest exchanges are remembered, to place late messages.
pub const EXCHANGES_KEPT: usize = 64;

/// One party's turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The case it belongs to.
    pub case: u32,
    /// Its number within the case; 0 for our messages before the customer's first.
    pub number: u32,
    /// Whose turn it is: customer or agent.
    pub party: Party,
    /// `at` of its first message.
    pub first_at: Timestamp,
    /// `at` of its last message.
    pub last_at: Timestamp,
    /// The customer was warned of an identity check in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warned: bool,
    /// The customer was told in it that confidential data was hidden.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told_hidden: bool,
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// Not ended.
    Open,
    /// Solved.
    Resolved {
        /// `at` of the message that resolved it, or when the callback was done.
        at: Timestamp,
        /// The exchange that resolved it; `None` when a callback did.
        exchange: Option<u32>,
    },
}

/// A wish to stay in text, with the customer's own words as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// How long it binds.
    pub wish: TextWish,
    /// `at` of the message that asked.
    pub since: Timestamp,
    /// That message.
    pub message: MessageId,
    /// The words that asked, masked.
    pub words: Private<String>,
}

/// One matter, from first query to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// 1 for a thread's first.
    pub number: u32,
    /// `at` of its first message.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub status: CaseStatus,
    /// The customer's wish to stay in text for this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The exchange that `on_soft = "one_more"` let pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_pass: Option<u32>,
    /// *Keep typing*: the exchange up to which the count does not ring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<u32>,
    /// The customer's newest message that was decided; what comes after `resolve` is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Newest>,
    /// A supervisor was asked to join in text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervisor_asked: bool,
    /// The customer's newest message settled to wait, for whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// What it is about: the topic of its newest message that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
}

/// The newest message that moved a case, and what was so before it, kept so that an agent can
/// correct its reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// The message.
    pub message: MessageId,
    /// It was taken for a thank-you.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub thanks: bool,
    /// The callback that it withdrew as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrew: Option<Callback>,
    /// We had promised to come back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub promised: bool,
    /// Something wanted our answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unanswered: bool,
    /// What the desk was to be reminded of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<Reminder>,
}

/// Something the desk must be told if nothing happens until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// What for.
    pub kind: ReminderKind,
    /// When.
    pub due: Timestamp,
}

/// What a [`Reminder`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// The customer waits for our answer.
    Answer,
    /// They still do: tell a supervisor.
    AnswerSupervisor,
    /// The customer settled to wait: look whether it is done.
    CheckBack,
}

/// What lives in one thread.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ThreadState {
    /// The thread's customer, once one of their messages named them.
    pub author: Option<Author>,
    /// The newest case, open or resolved.
    pub case: Option<Case>,
    /// The newest exchanges, oldest first, at most [`EXCHANGES_KEPT`].
    pub exchanges: Vec<Exchange>,
    /// `at` of our newest counted message.
    pub ours_at: Option<Timestamp>,
    /// How many callbacks this thread has had.
    pub callbacks: u32,
    /// What was said before, for the reader.
    pub context: Context,
    /// The next thing to remind the desk of.
    pub reminder: Option<Reminder>,
    /// The account that last answered in text, where an account did.
    pub answered_by: Option<AccountName>,
}

impl ThreadState {
    /// Whether a message may go on with what the ones before it ended with: the newest of this
    /// party's ended in the middle of something, or it comes late, where that is not known.
    #[must_use]
    pub fn may_go_on(&self, from: Party, at: Timestamp) -> bool {
        let newest = self.exchanges.last();
        let is_late = newest.is_some_and(|newest| at < newest.last_at);
        from != Party::Bot && (is_late || self.context.trails == Some(from))
    }
}

/// What lives across all threads of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerState {
    /// The wish never to be phoned, until they take it back.
    pub text_always: Option<Hold>,
    /// On the do-not-call list.
    pub do_not_call: bool,
    /// An agent said that the author is no customer: no callback and no notice until then, on the
    /// clock. `None` once they write after it.
    pub muted_until: Option<Timestamp>,
    /// We know a number to ring.
    pub number_known: bool,
    /// Where they may be.
    pub whereabouts: Whereabouts,
}

/// The time zones in which a customer may be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Whereabouts {
    /// All of them; empty: as the channel's rules have it.
    pub zones: Vec<Zone>,
    /// Nobody told us: they follow from the number's country.
    pub guessed: bool,
}

/// All that `decide` looks at besides the rules and the event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// The thread.
    pub thread: ThreadState,
    /// Its customer.
    pub customer: CustomerState,
    /// The thread's open callback.
    pub callback: Option<Callback>,
}

impl State {
    /// When this thread next wants a `Tick`.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let callback = self.callback.as_ref().map(|callback| callback.wake_at);
        let reminder = self.thread.reminder.as_ref().map(|reminder| reminder.due);
        callback.into_iter().chain(reminder).min()
    }
}
