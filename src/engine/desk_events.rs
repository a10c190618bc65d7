//! What is told of a desk as a whole: that it opens and what there is, that one card stands for its
//! queue, an incident, what one shift left to the next. Few, whatever happens: a flood of callbacks
//! changes the numbers in them. Never a customer's name, number or words.

use serde::{Deserialize, Serialize};

use super::{OutboxEvent, apply::Shell, writer::Work};
use crate::{
    domain::{
        callback::IncidentId,
        ids::{AccountName, DeskName, Topic},
        time::Timestamp,
    },
    store::{CallbackId, StoreError, rows::shift::DigestCounts},
};

/// Something about a whole desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DeskEvent {
    /// It opens, and this is what there is.
    Digest(DigestEvent),
    /// One queue card takes the place of its cards, shows another number, or gives way to them again.
    Queue(QueueEvent),
    /// Many callbacks of one topic at once.
    Incident(IncidentEvent),
    /// Somebody went home and left callbacks to the next shift.
    HandedOver(HandedOverEvent),
}

/// A desk opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestEvent {
    /// The desk.
    pub desk: DeskName,
    /// When it opened.
    pub opened_at: Timestamp,
    /// Since when it had been closed.
    pub closed_at: Timestamp,
    /// What there is.
    #[serde(flatten)]
    pub counts: DigestCounts,
}

/// How a desk's queue card stands. There is one for each desk, edited in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEvent {
    /// The desk.
    pub desk: DeskName,
    /// It stands for all cards; if not, they are shown again.
    pub pinned: bool,
    /// How many callbacks nobody has.
    pub due: u64,
    /// How many of them are urgent.
    pub urgent: u64,
}

/// How an incident stands. There is one card for each, edited in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentEvent {
    /// Its number.
    pub id: IncidentId,
    /// The desk.
    pub desk: DeskName,
    /// The topic.
    pub topic: Topic,
    /// What happened.
    pub change: IncidentChange,
    /// How many callbacks of the topic have come since it began.
    pub came: u64,
    /// How many of them it holds back.
    pub held: u64,
}

/// What happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentChange {
    /// There is one.
    Opened,
    /// Further callbacks are held back from now on.
    Held,
    /// The tally changed.
    Counted,
    /// It goes on: for supervisors.
    Reminded,
    /// Somebody has been held back for a day: for supervisors.
    HeldForLong,
    /// It is over: all are released.
    Ended,
}

/// Somebody went home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOverEvent {
    /// The desk.
    pub desk: DeskName,
    /// Who.
    pub by: AccountName,
    /// The callbacks that they left.
    pub callbacks: Vec<CallbackId>,
}

impl Shell<'_> {
    /// Tells what concerns a whole desk, in no order with what concerns a thread.
    pub(super) fn tell_desk_wide(
        self,
        work: &mut Work<'_>,
        event: DeskEvent,
    ) -> Result<(), StoreError> {
        work.wake.desks = true;
        self.tell_all(work, None, &OutboxEvent::Desk(Box::new(event)))
    }
}
