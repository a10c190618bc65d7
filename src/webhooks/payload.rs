//! The JSON that receivers get: a stable contract, described in `docs/CHANNELS.md`. Ids, actions
//! and what was understood; message text only where the settings ask for it.

use serde::{Serialize, ser};

use crate::{
    domain::{
        callback::{CallbackEnd, CallbackNumber},
        decision::{CardChange, RuleName},
        form::FormState,
        ids::{AccountName, ChannelName, DeskName, MessageId, ThreadId, Topic},
        message::{Party, Visibility},
        record::DecisionRecord,
        time::Timestamp,
    },
    engine::{
        AuditEvent, CallbackChange, CallbackEvent, ChangedEvent, DecisionEvent, DeskEvent,
        DigestEvent, ErasedEvent, FormEvent, HandedOverEvent, IncidentEvent, NoticeEvent,
        OutboxEvent, OutboxItem, QueueEvent, WhyChanged,
    },
    store::CallbackId,
};

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Decision(Decision<'a>),
    Callback(Callback<'a>),
    Notice(&'a NoticeEvent),
    Form(&'a FormEvent),
    Erased(&'a ErasedEvent),
    Audit(&'a AuditEvent),
    Changed(Changed<'a>),
    Digest(&'a DigestEvent),
    Queue(&'a QueueEvent),
    Incident(&'a IncidentEvent),
    HandedOver(&'a HandedOverEvent),
}

/// Which message is no longer as it was.
#[derive(Serialize)]
struct Changed<'a> {
    channel: &'a ChannelName,
    thread: &'a ThreadId,
    id: &'a MessageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// The same members as the API's decision, and what the API's caller knows already.
#[derive(Serialize)]
struct Decision<'a> {
    #[serde(flatten)]
    record: &'a DecisionRecord,
    at: Timestamp,
    from: Party,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    corrected: bool,
}

#[derive(Serialize)]
struct Callback<'a> {
    id: CallbackId,
    channel: &'a ChannelName,
    thread: &'a ThreadId,
    number: CallbackNumber,
    case: u32,
    exchange: u32,
    rule: &'a RuleName,
    message: &'a MessageId,
    desk: &'a DeskName,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a Topic>,
    urgent: bool,
    asked: bool,
    soft: bool,
    silent: bool,
    attempts: u32,
    due_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a AccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_by: Option<&'a AccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<CardChange>,
    #[serde(flatten)]
    end: Option<&'a CallbackEnd>,
}

/// The body of an item's request.
pub(super) fn of(item: &OutboxItem) -> serde_json::Result<Vec<u8>> {
    let (r#type, data) = match &item.event {
        OutboxEvent::Decision(event) => ("decision.made", Data::Decision(decision(event))),
        OutboxEvent::Callback(event) => (callback_type(event), Data::Callback(callback(event))),
        OutboxEvent::Notice(event) => ("desk.notice", Data::Notice(event)),
        OutboxEvent::Form(event) => (form_type(event), Data::Form(event)),
        OutboxEvent::Erased(event) => ("customer.erased", Data::Erased(event)),
        OutboxEvent::Audit(event) => ("audit.checkpoint", Data::Audit(event)),
        OutboxEvent::Changed(event) => (changed_type(event), Data::Changed(changed(event))),
        OutboxEvent::Dial(_) => return Err(ser::Error::custom("no webhook is told a number")),
        OutboxEvent::Carry(_) => return Err(ser::Error::custom("no webhook carries messages")),
        OutboxEvent::Card(_)
        | OutboxEvent::NoticesOver(_)
        | OutboxEvent::Doubt(_)
        | OutboxEvent::TakeDown(_) => {
            return Err(ser::Error::custom(
                "no webhook is told what stands in chats",
            ));
        }
        OutboxEvent::Desk(event) => desk(event),
    };
    serde_json::to_vec(&Payload {
        r#type,
        timestamp: item.created_at,
        data,
    })
}

fn decision(event: &DecisionEvent) -> Decision<'_> {
    Decision {
        record: &event.record,
        at: event.at,
        from: event.from,
        visibility: event.visibility,
        text: event.text.as_ref().map(|text| text.reveal().as_str()),
        corrected: event.corrected,
    }
}

const fn desk(event: &DeskEvent) -> (&'static str, Data<'_>) {
    match event {
        DeskEvent::Digest(event) => ("desk.digest", Data::Digest(event)),
        DeskEvent::Queue(event) => ("desk.queue", Data::Queue(event)),
        DeskEvent::Incident(event) => ("desk.incident", Data::Incident(event)),
        DeskEvent::HandedOver(event) => ("desk.handed_over", Data::HandedOver(event)),
    }
}

const fn changed_type(event: &ChangedEvent) -> &'static str {
    match event.why {
        WhyChanged::Masked => "message.masked",
        WhyChanged::Edited { .. } => "message.edited",
    }
}

fn changed(event: &ChangedEvent) -> Changed<'_> {
    Changed {
        channel: &event.channel,
        thread: &event.thread,
        id: &event.id,
        edited_at: match event.why {
            WhyChanged::Masked => None,
            WhyChanged::Edited { at } => Some(at),
        },
        text: event.text.as_ref().map(|text| text.reveal().as_str()),
    }
}

const fn callback_type(event: &CallbackEvent) -> &'static str {
    match event.change {
        CallbackChange::Opened => "callback.opened",
        CallbackChange::Changed(_) => "callback.changed",
        CallbackChange::Ended(_) => "callback.ended",
    }
}

const fn form_type(event: &FormEvent) -> &'static str {
    match event.state {
        FormState::Sent => "form.sent",
        FormState::Opened => "form.opened",
        FormState::Submitted => "form.submitted",
        FormState::Verified => "form.verified",
        FormState::Failed => "form.failed",
        FormState::Expired => "form.expired",
        FormState::Withdrawn => "form.withdrawn",
    }
}

const fn callback(event: &CallbackEvent) -> Callback<'_> {
    let (change, end) = match &event.change {
        CallbackChange::Opened => (None, None),
        CallbackChange::Changed(change) => (Some(*change), None),
        CallbackChange::Ended(end) => (None, Some(end)),
    };
    Callback {
        id: event.id,
        channel: &event.channel,
        thread: &event.thread,
        number: event.number,
        case: event.case,
        exchange: event.exchange,
        rule: &event.rule,
        message: &event.message,
        desk: &event.desk,
        topic: event.topic.as_ref(),
        urgent: event.urgent,
        asked: event.asked,
        soft: event.soft,
        silent: event.silent,
        attempts: event.attempts,
        due_at: event.due_at,
        owner: event.owner.as_ref(),
        claimed_by: event.claimed_by.as_ref(),
        scheduled_at: event.scheduled_at,
        change,
        end,
    }
}

#[cfg(test)]
mod tests;
