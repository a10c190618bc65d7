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
    engine::EngineError,
    store::rows::forms::LinkHash,
    web::{Parts, api::problem::Problem, token::Token},
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
    let token = Token::generate().map_err(|_| {
        Problem::of_status(StatusCode::SERVICE_UNAVAILABLE).detail("no link can be made now")
    })?;
    let hash = LinkHash(token.sha256());
    let made = parts.engine.make_form_link(chat.thread, form, hash, None);
    let until = made.await.map_err(|error| match error {
        EngineError::Stopping => Problem::stopping(),
        EngineError::Storage(error) => Problem::storage(&error),
    })?;
    let until = until.ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "form-not-open",
            "It cannot be filled in",
        )
        .detail("this chat has no such form that can still be filled in")
    })?;
    let path = format!("/form/{}", token.reveal());
    let url = parts.settings.url_of(parts.address, &path);
    Ok(Json(Link { url, until }))
}
