//! `POST /api/v1/edits`: what authors have changed in messages that were handed in before.

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
    messages::{fault, is_ours, not_ahead, refusal, rejection},
    openapi::{EditsIn, Refused, Unreadable},
    problem::Problem,
};
use crate::{
    domain::{
        edit::{Edit, EditRecord},
        record::Problem as Fault,
        time::Timestamp,
    },
    engine::EditReceipt,
    settings::Settings,
};

/// What came of the edits of one request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EditResults {
    /// One result an edit, in the order of the request.
    results: Vec<EditResult>,
}

/// What came of one edit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "status")]
enum EditResult {
    /// The new text is kept.
    Edited,
    /// It was received before, or a newer edit of the message was; it changes nothing.
    Repeated,
    /// It could not be taken, or there is no such message; the others were taken.
    Rejected {
        /// Why.
        error: Problem,
    },
}

/// Take edits in
///
/// Send one edit (an object), an array of edits, or NDJSON (one edit a line); as many at once as
/// messages. The message's text is replaced, confidential data masked; nothing counts and nothing
/// is decided anew. The answer comes once everything is kept for good, with one result an edit, in
/// order. An edit of a message that Ringback does not know is `rejected` (`not-found`) and does
/// not stop the others: hand the message in first. An edit that was received before (same channel,
/// thread and `edit`) changes nothing, so sending again is always safe.
#[utoipa::path(
    post,
    path = "/api/v1/edits",
    operation_id = "submitEdits",
    tag = "messages",
    request_body(content(
        (EditsIn = "application/json", example = json!([
            {"channel": "chat", "thread": "bill-1", "id": "1", "edit": "1-a",
             "text": "My bill of May is wrong", "at": "2026-01-05T10:05:00Z"},
        ])),
        (String = "application/x-ndjson"),
    )),
    responses((status = 200, description = "One result an edit, in order", body = EditResults), Unreadable, Refused),
    security(("token" = ["messages"])),
)]
pub(super) async fn submit(
    State(parts): State<Parts>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EditResults>, Problem> {
    let check = |record, now| checked(record, &parts.settings, now);
    let Batch { good, outcomes } = Batch::read(&parts, &headers, body, check).await?;
    let receipts = parts.engine.edit(good).await.map_err(refusal)?;
    let results = outcomes.with(receipts);
    Ok(Json(EditResults { results }))
}

fn checked(record: EditRecord, settings: &Settings, now: Timestamp) -> Result<Edit, Problem> {
    let edit = record.into_edit(now)?;
    if !is_ours(settings, &edit.thread.channel) {
        return Err(fault("channel", Fault::UnknownChannel));
    }
    not_ahead(edit.at, now)?;
    Ok(edit)
}

impl From<EditReceipt> for EditResult {
    fn from(receipt: EditReceipt) -> Self {
        match receipt {
            EditReceipt::Edited => Self::Edited,
            EditReceipt::Repeated => Self::Repeated,
            EditReceipt::Unknown => Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found")
                .detail("there is no such message: hand it in before its edits")
                .into(),
            EditReceipt::Rejected(reason) => rejection(reason).into(),
        }
    }
}

impl From<Problem> for EditResult {
    fn from(error: Problem) -> Self {
        Self::Rejected { error }
    }
}
