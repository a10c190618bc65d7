//! The two buttons under a line that asks whether a call helped. An answer is no message: it counts
//! nowhere and moves nothing.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;

use super::{access::Chat, post::wants_json, restraint::Restraint};
use crate::web::{
    Parts,
    api::{callbacks::helped::answered, problem::Problem},
};

/// One tap.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tap {
    /// The line that asks.
    line: i64,
    helped: bool,
}

/// Keeps what the customer says of the call that a line of their own chat asks about.
pub(super) async fn helped(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    Chat(chat): Chat,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    restraint.tap(chat.id)?;
    wants_json(&headers)?;
    let Tap { line, helped } = serde_json::from_slice(&body).map_err(|_| {
        Problem::of_status(StatusCode::BAD_REQUEST)
            .detail("send {\"line\": 12, \"helped\": true}: the number of the line that asks")
    })?;
    let asked = parts.engine.store().asked_about(chat.thread, line).await;
    let asked = asked.map_err(|error| Problem::storage(&error))?;
    let callback = asked.ok_or_else(|| Problem::not_found("question"))?;
    answered(parts.engine.answer_satisfaction(callback, helped).await?)
}
