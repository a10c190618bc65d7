//! What queries ask for and what they give back. Plain data; it knows no SQL.

pub mod account;
pub mod audit;
pub mod calls;
pub mod card;
pub mod chat;
pub mod desk;
pub mod dialled;
pub mod do_not_call;
pub mod examples;
pub mod forms;
pub mod held;
pub mod numbers;
pub mod people;
pub mod report;
pub mod rights;
pub mod said;
pub mod shift;
pub mod webchat;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CallbackId;
use crate::domain::{
    callback::{CallbackNumber, IncidentId, KeepTyping, Outcome},
    decision::RuleName,
    ids::{AccountName, Author, ChannelName, DeskName, MessageId, Tag, ThreadId, ThreadKey, Topic},
    message::{Attachment, Party, Visibility},
    private::Private,
    reading::{Language, TextWish},
    record::DecisionRecord,
    time::Timestamp,
};

/// Where a page starts: after the row that the page before ended with. Opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub i64);

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Where the page before ended; `None` for the first page.
    pub after: Option<Cursor>,
    /// At most so many rows, 1 to [`Page::MOST`]; more is cut.
    pub limit: u32,
}

impl Page {
    /// The longest page.
    pub const MOST: u32 = 500;

    /// The first page.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

/// Where a thread stands, as a team sorts its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Triage {
    /// No customer has written yet.
    Quiet,
    /// The newest case is resolved.
    Solved,
    /// The ball is in the customer's court.
    WaitingOnCustomer,
    /// The customer waits for us.
    WaitingOnUs,
    /// A callback is open.
    NeedsCall,
}

/// Which threads.
#[derive(Debug, Clone, Default)]
pub struct ThreadFilter {
    /// Of this channel only.
    pub channel: Option<ChannelName>,
    /// That stand so only.
    pub triage: Option<Triage>,
}

/// One thread.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Thread)]
pub struct ThreadRow {
    /// Its channel.
    #[schema(value_type = String)]
    pub channel: ChannelName,
    /// Its id there.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// Its customer, once known.
    #[schema(value_type = Option<String>)]
    pub author: Option<Author>,
    /// Where it stands.
    pub triage: Triage,
    /// The newest case; 0 before any.
    pub case: u32,
    /// The newest exchange of that case.
    pub exchange: u32,
    /// The customer holds to text, for this case or for good.
    pub held: bool,
    /// When its first message arrived.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    /// When it next wants looking at.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub wake_at: Option<Timestamp>,
}

/// One thread with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreadDetail {
    /// The thread itself.
    pub thread: ThreadRow,
    /// Its cases, oldest first.
    pub cases: Vec<CaseRow>,
    /// Its callbacks, oldest first.
    pub callbacks: Vec<CallbackRow>,
    /// A page of its messages in order of arrival.
    pub messages: Paged<DecidedMessage>,
}

/// One message, masked.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// Its channel.
    pub channel: ChannelName,
    /// Its thread.
    pub thread: ThreadId,
    /// Its id within the thread.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Party,
    /// The writer's handle.
    pub author: Option<Author>,
    /// The text with confidential spans masked.
    pub text: Private<String>,
    /// When it was written.
    pub at: Timestamp,
    /// Who can see it.
    pub visibility: Visibility,
    /// The language, where the network gave one.
    pub language: Option<Language>,
    /// What it was marked with.
    pub tags: Vec<Tag>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When its author changed it.
    pub edited_at: Option<Timestamp>,
    /// What came with it.
    pub attachment: Option<Attachment>,
}

/// One message with what was decided of it when it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedMessage {
    /// The message.
    pub message: MessageRow,
    /// The decision.
    pub decision: DecisionRecord,
}

/// How a case stands or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Not ended.
    Open,
    /// Solved.
    Resolved,
    /// The customer fell silent.
    Lapsed,
}

/// Which cases.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Of this channel only.
    pub channel: Option<ChannelName>,
    /// That stand so only.
    pub state: Option<CaseState>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseRow {
    /// Its channel.
    #[schema(value_type = String)]
    pub channel: ChannelName,
    /// Its thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// Its number within the thread, from 1.
    pub number: u32,
    /// `at` of its first message.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// How it stands.
    pub state: CaseState,
    /// When it was resolved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
    /// The customer's wish to stay in text.
    pub hold: Option<TextWish>,
}

/// A callback's state in the database and on the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Nobody has it yet.
    Due,
    /// An agent has it.
    Claimed,
    /// Nobody answered; due again at `scheduled_at`.
    NoAnswer,
    /// Rung at a promised time.
    Scheduled,
    /// Ended: rung or otherwise settled.
    Done,
    /// Ended: no longer needed or wanted.
    Withdrawn,
    /// Ended: nobody answered, as often as we try; a supervisor has it.
    Exhausted,
}

impl CallbackState {
    /// Whether it has not ended.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Due | Self::Claimed | Self::NoAnswer | Self::Scheduled
        )
    }
}

/// Which callbacks.
#[derive(Debug, Clone, Default)]
pub struct CallbackFilter {
    /// Of this channel only.
    pub channel: Option<ChannelName>,
    /// In this state only.
    pub state: Option<CallbackState>,
}

/// One callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Callback)]
pub struct CallbackRow {
    /// Its number among all.
    #[schema(value_type = i64)]
    pub id: CallbackId,
    /// Its channel.
    #[schema(value_type = String)]
    pub channel: ChannelName,
    /// Its thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// Its number within the thread.
    pub number: CallbackNumber,
    /// The case it is for.
    pub case: u32,
    /// The exchange it was opened in.
    pub exchange: u32,
    /// The rule that opened it.
    #[schema(value_type = String)]
    pub rule: RuleName,
    /// The message that opened it.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// The desk that sees it.
    #[schema(value_type = String)]
    pub desk: DeskName,
    /// The topic of the message that opened it.
    #[schema(value_type = Option<String>)]
    pub topic: Option<Topic>,
    /// Where it stands.
    pub state: CallbackState,
    /// At the head of the queue.
    pub urgent: bool,
    /// The customer asked for the call.
    pub asked: bool,
    /// The customer was merely answering.
    pub soft: bool,
    /// When it became due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// Who sees it first, of those that nobody has.
    #[schema(value_type = Option<String>)]
    pub owner: Option<AccountName>,
    /// How often nobody answered.
    pub attempts: u32,
    /// Held back by an incident: neither shown nor reminded of.
    #[schema(value_type = Option<i64>)]
    pub incident: Option<IncidentId>,
    /// Who has claimed it or promised to ring.
    #[schema(value_type = Option<String>)]
    pub claimed_by: Option<AccountName>,
    /// Since when it is claimed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claimed_at: Option<Timestamp>,
    /// The time of the next call, while it is scheduled or to be tried again; due again then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_at: Option<Timestamp>,
    /// What came of it, once done.
    pub outcome: Option<Outcome>,
    /// Why an agent went on in text instead, if that withdrew it.
    pub why: Option<KeepTyping>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Who ended it; null where the customer or the rules did.
    #[schema(value_type = Option<String>)]
    pub ended_by: Option<AccountName>,
}

impl CallbackRow {
    /// The address of its thread.
    #[must_use]
    pub fn key(&self) -> ThreadKey {
        ThreadKey {
            channel: self.channel.clone(),
            thread: self.thread.clone(),
        }
    }
}

/// What the gauges show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Per destination: how many effects are still to be sent, and since when the oldest waits.
    pub outbox: Vec<(String, Waiting)>,
    /// Per destination: how many effects were given up.
    pub dead: Vec<(String, u64)>,
    /// Per open state: how many callbacks, and since when the oldest waits.
    pub callbacks: Vec<(CallbackState, Waiting)>,
}

/// How many wait and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: u64,
    /// The oldest one's time.
    pub oldest: Timestamp,
}

/// The SHA-256 of a token: of the API, of a session, of a sign-in link. The token itself is never
/// stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// What a token's bearer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Hand in messages.
    Messages,
    /// Read threads, cases, callbacks and the rules' status.
    Read,
    /// Claim and finish callbacks.
    Callbacks,
}

impl Scope {
    /// The name on the command line and in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Read => "read",
            Self::Callbacks => "callbacks",
        }
    }
}

/// One API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its name.
    pub name: AccountName,
    /// What its bearer may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
