//! The button under a line that offers a form: a link is made when it is pressed, for whoever has the
//! chat's token, and stands in no line.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};

use super::{access::Chat, post::wants_json, restraint::Restraint};
use crate::{
    domain::{form::FormRequestId, time::Timestamp},
    web::{Parts, api::problem::Problem, forms::new_link::NewLink},
};

/// Which form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    form: FormRequestId,
}

/// A one-time link to it.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    /// Opens the form, once.
    url: String,
    /// Until when.
    until: Timestamp,
}

/// Makes a link to a form of the chat's own thread. Earlier ones to it open nothing any more.
pub(super) async fn link(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    Chat(chat): Chat,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Link>, Problem> {
    restraint.link(chat.id)?;
    wants_json(&headers)?;
    let Wanted { form } = serde_json::from_slice(&body).map_err(|_| {
        Problem::of_status(StatusCode::BAD_REQUEST).detail("send {\"form\": 12}, its number")
    })?;
    let made = NewLink::make(&parts, chat.thread, form, None).await?;
    let NewLink { url, until } = made.ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "form-not-open",
            "It cannot be filled in",
        )
        .detail("this chat has no such form that can still be filled in")
    })?;
    Ok(Json(Link { url, until }))
}
