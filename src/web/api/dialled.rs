//! `POST /api/v1/dialled/{call}/ended`: the program that rings customers tells how a call ended. It
//! signs what it sends, as Standard Webhooks describes it, with the secret of `[dialling]`.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Parts,
    body::{Input, SMALL, parse, read},
    openapi::{NotFound, Refused, Unreadable},
    problem::Problem,
};
use crate::{store::rows::dialled::DialResult, webhooks::FromDialling};

/// The header that tells a repetition.
const ID: &str = "webhook-id";

/// How a call ended.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct EndedIn {
    /// In which way.
    result: DialResult,
    /// How long it lasted, in seconds.
    seconds: Option<u32>,
}

impl Input for EndedIn {
    const SHAPE: &'static str = "{\"result\": \"answered\", \"seconds\": 95}: result is answered, no_answer, busy or failed";
}

/// Tell how a call ended
///
/// For the program that `[dialling]` of the settings names; Ringback gives it this address with each
/// call. The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of Standard
/// Webhooks, made with the same secret. The first end counts; telling it again does nothing.
#[utoipa::path(
    post,
    path = "/api/v1/dialled/{call}/ended",
    operation_id = "endCall",
    tag = "callbacks",
    params(("call" = String, Path, description = "The call's name, as Ringback gave it")),
    request_body = EndedIn,
    responses((status = 204, description = "It is kept"), Unreadable, NotFound, Refused),
    security(()),
)]
pub(super) async fn ended(
    State(parts): State<Parts>,
    Path(call): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let none = || Problem::not_found("call");
    let settings = parts.settings.dialling.as_ref().ok_or_else(none)?;
    let body = read(body, SMALL).await?;
    let header = |name: &'static str| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let from = FromDialling::new(settings);
    let is_signed = from.is_ok_and(|from| from.has_signed(header, &body, parts.clock.now()));
    let event = header(ID).filter(|_| is_signed).ok_or_else(|| {
        Problem::of_status(StatusCode::UNAUTHORIZED).detail(
            "the signature is missing, wrong or too old: sign as Standard Webhooks does, with the \
             secret of `[dialling]`",
        )
    })?;
    let EndedIn { result, seconds } = parse(&body)?;
    let ended = parts.engine.dial_ended(call, event, result, seconds);
    match ended.await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(none()),
    }
}
