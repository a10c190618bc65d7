//! Whether a call helped, in its customer's view, as other channels ask it.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{none, number};
use crate::{
    engine::Satisfaction,
    web::api::{
        Parts,
        body::{Input, input},
        openapi::{NotFound, Refused, Unreadable},
        problem::Problem,
    },
};

/// What the customer says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Satisfaction)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct HelpedIn {
    /// Whether the call helped.
    helped: bool,
}

impl Input for HelpedIn {
    const SHAPE: &'static str = "{\"helped\": true} or {\"helped\": false}";
}

/// Say whether a call helped
///
/// What the customer of a callback says of it once its call is over. It is no message: it counts
/// nowhere. The desk sees at once that a call did not help. It can be changed for an hour.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/satisfaction",
    operation_id = "sayWhetherItHelped",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = HelpedIn,
    responses(
        (status = 204, description = "It is kept"),
        (
            status = 409,
            description = "There was no call (`no-call`), or the answer stands (`too-late`)",
            body = Problem,
            content_type = "application/problem+json",
        ),
        Unreadable,
        NotFound,
        Refused
    ),
    security(("token" = ["messages"])),
)]
pub(in crate::web::api) async fn say(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let HelpedIn { helped } = input(&headers, body).await?;
    let said = parts.engine.answer_satisfaction(number(&id)?, helped);
    answered(said.await?)
}

/// What came of an answer, as a program is told it.
pub(in crate::web) fn answered(said: Satisfaction) -> Result<StatusCode, Problem> {
    let conflict = |name, title| Problem::new(StatusCode::CONFLICT, name, title);
    match said {
        Satisfaction::Kept => Ok(StatusCode::NO_CONTENT),
        Satisfaction::TooLate => Err(conflict("too-late", "It can no longer be changed")
            .detail("an answer can be changed for an hour; the first one stands")),
        Satisfaction::NoCall => Err(conflict("no-call", "There was no call")
            .detail("only a callback that ended with a call can be asked about")),
        Satisfaction::Unknown => Err(none()),
    }
}
