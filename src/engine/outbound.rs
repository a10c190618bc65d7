//! What is told to the world, and what a place that hears it must offer. Plain data and one
//! trait: the sending itself is the destination's, the order and the retries are the outbox's.

use std::{fmt, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Handle, desk_events::DeskEvent};
use crate::{
    domain::{
        callback::{CallbackEnd, CallbackNumber},
        decision::{CardChange, Notice, RuleName},
        form::{FormKind, FormRequestId, FormState},
        ids::{AccountName, ChannelName, DeskName, FormName, MessageId, ThreadId, Topic},
        message::{Party, Visibility},
        number::PhoneNumber,
        private::Private,
        record::DecisionRecord,
        time::{Length, Timestamp},
    },
    store::{
        CallbackId,
        rows::chat::{Standing, Trace},
    },
};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One thing told to the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum OutboxEvent {
    /// A message was decided.
    Decision(Box<DecisionEvent>),
    /// A callback opened, changed or ended.
    Callback(Box<CallbackEvent>),
    /// A desk must know something.
    Notice(Box<NoticeEvent>),
    /// A form that a customer was asked to fill in came further.
    Form(Box<FormEvent>),
    /// A thread was erased: whoever was told of it has to forget it too.
    Erased(Box<ErasedEvent>),
    /// How the audit stands, once a day.
    Audit(AuditEvent),
    /// A message is no longer as it was when it was decided.
    Changed(Box<ChangedEvent>),
    /// Another program is to ring a customer; for [`DIALLING`] alone.
    Dial(Box<DialEvent>),
    /// Something about a desk as a whole.
    Desk(Box<DeskEvent>),
    /// A message of ours is to be carried to its customer; for whoever carries that channel.
    Carry(Box<CarryEvent>),
    /// A callback's card is to be looked at again; for chats, where one stands or should.
    Card(Box<CardEvent>),
    /// Notices of a thread ended by what an agent did; for chats, where they may stand.
    NoticesOver(Box<NoticesOverEvent>),
    /// A desk is asked whether a message was thanks; for chats.
    Doubt(Box<DoubtEvent>),
    /// What stands in chats of a thread that is gone; for whoever put it there.
    TakeDown(Box<Standing>),
}

impl OutboxEvent {
    /// The message's text, where the event has one.
    pub(super) fn text_mut(&mut self) -> Option<(&MessageId, &mut Option<Private<String>>)> {
        match self {
            Self::Decision(event) => Some((&event.record.id, &mut event.text)),
            Self::Changed(event) => Some((&event.id, &mut event.text)),
            Self::Callback(_)
            | Self::Notice(_)
            | Self::Form(_)
            | Self::Erased(_)
            | Self::Audit(_)
            | Self::Dial(_)
            | Self::Desk(_)
            | Self::Carry(_)
            | Self::Card(_)
            | Self::NoticesOver(_)
            | Self::Doubt(_)
            | Self::TakeDown(_) => None,
        }
    }
}

/// A message was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionEvent {
    /// What was decided.
    pub record: DecisionRecord,
    /// When the message was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub from: Party,
    /// Who can see it.
    pub visibility: Visibility,
    /// Its text, masked; only for a destination that [wants](Destination::wants_text) it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Private<String>>,
    /// An agent corrected its reading, and it was decided again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
}

/// A callback opened, changed or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackEvent {
    /// Its number among all callbacks.
    pub id: CallbackId,
    /// Its channel.
    pub channel: ChannelName,
    /// Its thread.
    pub thread: ThreadId,
    /// Its number within the thread.
    pub number: CallbackNumber,
    /// The case it is for.
    pub case: u32,
    /// The exchange it was opened in.
    pub exchange: u32,
    /// The rule that opened it.
    pub rule: RuleName,
    /// The message that opened it.
    pub message: MessageId,
    /// The desk that sees it.
    pub desk: DeskName,
    /// What it is about.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// At the head of the queue.
    pub urgent: bool,
    /// The customer asked for the call.
    pub asked: bool,
    /// The customer was merely answering.
    pub soft: bool,
    /// Shown without a sound: it is soft, or held back by an incident, or not urgent and the desk is
    /// closed.
    #[serde(default)]
    pub silent: bool,
    /// How often nobody answered.
    #[serde(default)]
    pub attempts: u32,
    /// When it became due.
    pub due_at: Timestamp,
    /// Shown to this account first, while nobody has it.
    #[serde(default)]
    pub owner: Option<AccountName>,
    /// Who has claimed it or promised to ring.
    #[serde(default)]
    pub claimed_by: Option<AccountName>,
    /// The promised time.
    #[serde(default)]
    pub scheduled_at: Option<Timestamp>,
    /// What happened to it.
    pub change: CallbackChange,
}

/// What happened to a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "what")]
pub enum CallbackChange {
    /// It opened.
    Opened,
    /// Something on its card changed.
    Changed(CardChange),
    /// It ended.
    Ended(CallbackEnd),
}

/// A desk must know something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeEvent {
    /// The channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The case; 0 before any.
    pub case: u32,
    /// The desk.
    pub desk: DeskName,
    /// What.
    #[serde(flatten)]
    pub notice: Notice,
    /// The card of its callback says it, and is told in the same transaction: whoever shows cards
    /// [wants](Destination::wants) it no more. Not kept.
    #[serde(skip)]
    pub on_card: bool,
}

/// A message is no longer as it was when it was decided: whoever keeps a copy changes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedEvent {
    /// The channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The message.
    pub id: MessageId,
    /// Why.
    pub why: WhyChanged,
    /// Its text as it is now, masked; only for a destination that [wants](Destination::wants_text)
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Private<String>>,
}

/// Why a message changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WhyChanged {
    /// A later message completed confidential data that this one had begun: what was sent of it
    /// holds a part in clear.
    Masked,
    /// Its author edited it.
    Edited {
        /// When.
        at: Timestamp,
    },
}

/// A form that a customer was asked to fill in came further. Never what was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormEvent {
    /// Its number among all forms.
    pub id: FormRequestId,
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The case it belongs to.
    pub case: u32,
    /// The desk that asked.
    pub desk: DeskName,
    /// What it is for.
    pub purpose: FormKind,
    /// The name of the identity form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormName>,
    /// How far it has come.
    pub state: FormState,
}

/// A thread was erased. Its ids are all that is told: they are what the receiver finds it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedEvent {
    /// The channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
}

/// How the audit stands: whoever keeps this can tell later whether it was tampered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// The newest entry.
    pub entry: i64,
    /// Its hash, in 64 hexadecimal digits.
    pub hash: String,
}

/// Another program is to ring a customer for an agent. Its item's id is what it knows the call by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialEvent {
    /// The callback's number among all.
    pub callback: CallbackId,
    /// For whom.
    pub account: AccountName,
    /// Which number, in E.164.
    pub number: PhoneNumber,
}

/// A message of ours is to be carried to its customer. Its text is read when it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryEvent {
    /// The channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The message.
    pub message: MessageId,
    /// What is to be done.
    pub change: CarryChange,
}

/// A callback's card is to be looked at again, although nothing happened to the callback: the desk's
/// queue card gave way, or the desk has a chat now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardEvent {
    /// Which callback.
    pub callback: CallbackId,
    /// Shown without a sound.
    pub silent: bool,
}

/// What an agent did ended what a desk was told of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesOverEvent {
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
}

/// A desk is asked whether a message was thanks that has resolved its case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtEvent {
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The message.
    pub message: MessageId,
    /// The desk.
    pub desk: DeskName,
}

/// What is to be done with a message that is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarryChange {
    /// It is to be sent.
    New,
    /// Its writer changed it: so is the copy that the customer has.
    Edited,
}

/// The name of the destination that dials.
pub const DIALLING: &str = "dialling";

/// The name of the destination that shows agents things in Telegram.
pub const TELEGRAM_DESK: &str = "telegram-desk";

/// One thing to send to one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxItem {
    /// `msg_` and 32 hexadecimal digits: unguessable, and the same at every attempt, so that the
    /// receiver can tell a repetition.
    pub id: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What to tell.
    pub event: OutboxEvent,
}

/// Why something could not be sent, by what is to be done next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It did not arrive; try again, no sooner than `after` if the receiver said so.
    #[error("it did not arrive")]
    Retry {
        /// How long the receiver asks us to wait.
        after: Option<Duration>,
    },
    /// It was not even tried: the receiver takes no more just now. Counts as no attempt.
    #[error("it is sent later")]
    Later {
        /// How long to wait.
        after: Duration,
    },
    /// The receiver will never take it.
    #[error("the receiver refuses it: {reason}")]
    Permanent {
        /// Why, without private text, such as `HTTP 410`.
        reason: String,
    },
    /// Cut off in the middle: it may or may not have arrived.
    #[error("it may or may not have arrived")]
    Unknown,
}

/// What came of one attempt to send something.
#[derive(Debug)]
pub struct Attempt {
    /// Whether it arrived.
    pub result: Result<(), SendError>,
    /// What stands in a chat because of it, also of what failed half-way: kept in the transaction
    /// that keeps the result.
    pub traces: Vec<Trace>,
}

impl From<Result<(), SendError>> for Attempt {
    fn from(result: Result<(), SendError>) -> Self {
        Self {
            result,
            traces: Vec::new(),
        }
    }
}

/// A place that is told things.
pub trait Destination: Send + Sync + fmt::Debug {
    /// Its name in the outbox, logs and metrics. Must not change over restarts.
    fn name(&self) -> &str;
    /// Whether it is to be told this.
    fn wants(&self, event: &OutboxEvent) -> bool;
    /// Whether it is to be told message texts (masked) too.
    fn wants_text(&self) -> bool {
        false
    }
    /// How many deliveries may be under way at once; those of one thread always go one by one.
    fn concurrency(&self) -> usize;
    /// How long one delivery may take; after that its outcome is [unknown](SendError::Unknown).
    fn timeout(&self) -> Duration;
    /// Whether an item whose outcome is unknown may be sent again: the receiver can tell a repetition
    /// by the item's id, or a second one does no harm.
    fn may_repeat(&self) -> bool;
    /// After so long an item is worth nothing any more, and is given up. `None`: it never is.
    fn stale_after(&self) -> Option<Length> {
        None
    }
    /// Sends one item, with what the engine knows of it now. Must not log what is in it.
    fn send<'a>(&'a self, item: &'a OutboxItem, engine: &'a Handle) -> BoxFuture<'a, Attempt>;
}
