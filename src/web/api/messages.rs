//! `POST /api/v1/messages`: messages in, decisions out.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Parts,
    batch::Batch,
    openapi::{MessagesIn, Refused, Unreadable},
    problem::Problem,
};
use crate::{
    domain::{
        ids::ChannelName,
        message::Message,
        record::{DecisionRecord, InvalidMessage, MessageRecord, Problem as Fault},
        time::{Length, Timestamp, more_than},
    },
    engine::{Receipt, RejectReason, SubmitError},
    settings::{ChannelKind, Settings},
};

/// How far a message's `at` may lie ahead of our clock, in minutes.
const AHEAD_MINUTES: u32 = 5;

/// What came of the messages of one request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Results {
    /// One result a message, in the order of the request.
    results: Vec<ItemResult>,
}

/// What came of one message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "status")]
enum ItemResult {
    /// It was taken, decided and is kept.
    Decided {
        /// What was decided.
        decision: DecisionRecord,
    },
    /// It was received before and changes nothing.
    Repeated {
        /// What was decided the first time.
        decision: DecisionRecord,
    },
    /// It could not be taken; the others were.
    Rejected {
        /// Why.
        error: Problem,
    },
}

/// Take messages in
///
/// Send one message (an object), an array of messages, or NDJSON (one message a line); at most
/// 1,000 at once, or what `limits.batch` in the settings says. The answer comes once everything
/// is kept for good, with one result a message, in order. A message that is no good is `rejected`
/// and does not stop the others, so a request that could be read is always answered 200: look at
/// each result's `status`. A message that was received before (same channel, thread and id)
/// changes nothing and is answered with its first decision, so sending again is always safe.
/// Messages of one thread are taken in the order of the request.
#[utoipa::path(
    post,
    path = "/api/v1/messages",
    operation_id = "submitMessages",
    tag = "messages",
    request_body(content(
        (MessagesIn = "application/json", example = json!([
            {"channel": "chat", "thread": "bill-1", "id": "1", "from": "customer", "author": "@kim",
             "text": "My bill is wrong", "at": "2026-01-05T10:00:00Z"},
            {"channel": "chat", "thread": "bill-1", "id": "2", "from": "agent",
             "text": "Which month is it?", "at": "2026-01-05T10:20:00Z"},
            {"channel": "chat", "thread": "bill-1", "id": "3", "from": "customer", "author": "@kim",
             "text": "You tell me, it is wrong every month!", "at": "2026-01-05T10:30:00Z"},
            {"channel": "chat", "thread": "bill-1", "id": "4", "from": "customer", "author": "@kim",
             "text": "Is anyone there?", "at": "2026-01-05T11:30:00Z"},
        ])),
        (String = "application/x-ndjson"),
    )),
    responses((status = 200, description = "One result a message, in order", body = Results), Unreadable, Refused),
    security(("token" = ["messages"])),
)]
pub(super) async fn submit(
    State(parts): State<Parts>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Results>, Problem> {
    let check = |record, now| checked(record, &parts.settings, now);
    let Batch { good, outcomes } = Batch::read(&parts, &headers, body, check).await?;
    let receipts = parts.engine.submit(good).await.map_err(refusal)?;
    let results = outcomes.with(receipts);
    Ok(Json(Results { results }))
}

fn checked(record: MessageRecord, settings: &Settings, now: Timestamp) -> Result<Message, Problem> {
    let message = record.into_message(|| None, |_| now)?;
    if !is_ours(settings, &message.thread.channel) {
        return Err(fault("channel", Fault::UnknownChannel));
    }
    not_ahead(message.at, now)?;
    Ok(message)
}

/// Whether the API brings messages in on that channel.
pub(super) fn is_ours(settings: &Settings, channel: &ChannelName) -> bool {
    let channel = settings.channels.get(channel);
    channel.is_some_and(|channel| channel.kind == ChannelKind::Api)
}

/// Refuses what lies too far ahead of our clock.
pub(super) fn not_ahead(at: Timestamp, now: Timestamp) -> Result<(), Problem> {
    let minutes = AHEAD_MINUTES;
    if more_than(Length::minutes(minutes), now, at) {
        return Err(fault("at", Fault::Ahead { minutes }));
    }
    Ok(())
}

pub(super) fn fault(field: &'static str, problem: Fault) -> Problem {
    InvalidMessage { field, problem }.into()
}

impl From<InvalidMessage> for Problem {
    fn from(invalid: InvalidMessage) -> Self {
        let (name, title) = match invalid.problem {
            Fault::Missing => ("missing-field", "A field is missing"),
            Fault::UnknownChannel => ("unknown-channel", "Unknown channel"),
            Fault::Ahead { .. } => ("ahead-of-time", "Ahead of time"),
            Fault::TooLong => ("too-long", "Too long"),
            Fault::NotText
            | Fault::NotTexts
            | Fault::NotOneOf(_)
            | Fault::Id(_)
            | Fault::NotTime
            | Fault::NotLanguage => ("invalid-field", "A field is not valid"),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, name, title)
            .detail(invalid.to_string())
            .field(invalid.field)
    }
}

impl From<Receipt> for ItemResult {
    fn from(receipt: Receipt) -> Self {
        match receipt {
            Receipt::Decided(decision) => Self::Decided { decision },
            Receipt::Repeated(decision) => Self::Repeated { decision },
            Receipt::Rejected(reason) => rejection(reason).into(),
        }
    }
}

impl From<Problem> for ItemResult {
    fn from(error: Problem) -> Self {
        Self::Rejected { error }
    }
}

/// Why one item could not be taken.
pub(super) fn rejection(reason: RejectReason) -> Problem {
    let name = match reason {
        RejectReason::DamagedThread => "damaged-thread",
        RejectReason::Failed => "failed",
    };
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, name, "Not processed")
        .detail(reason.to_string())
}

pub(super) fn refusal(error: SubmitError) -> Problem {
    match error {
        SubmitError::Busy { retry_after } => {
            Problem::busy("too many messages wait to be written; nothing of this request was kept: send it again later")
                .retry_after(retry_after)
        }
        // Only an answer from the desk wants a thread that is there.
        SubmitError::Stopping => Problem::stopping(),
        SubmitError::Storage(error) => Problem::storage(&error),
    }
}
