//! What agents do with callbacks through another program's screens: the whole life of one, as on the
//! desk.

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{account_of, acting, none, number};
use crate::{
    domain::{
        account::Role,
        callback::{CallResult, FARTHEST_PROMISE, KeepTyping, Outcome},
        ids::AccountName,
        message::MAX_TYPED,
        private::Private,
        time::{Timestamp, more_than},
    },
    engine::{CallNotes, Claim, EngineError, Finish, Logged},
    store::{
        CallbackId,
        rows::{CallbackRow, calls::LineState},
    },
    web::api::{
        Parts,
        body::{Input, input},
        openapi::{NotFound, Refused, Taken, Unreadable},
        problem::Problem,
    },
};

/// Which agent does it.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::web::api) struct ClaimIn {
    /// The agent's account.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
}

impl Input for ClaimIn {
    const SHAPE: &'static str = "{\"account\": \"kim\"}: an account's name is 1 to 64 lower-case letters, digits, `-`, `_`, `.`";
}

/// Claim a callback
///
/// Of two agents at once one wins; the other is told who. Claiming again what one holds already
/// is fine.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/claim",
    operation_id = "claimCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = ClaimIn,
    responses(
        (status = 200, description = "It is theirs", body = CallbackRow, links(
            ("finish" = (operation_id = "finishCallback", parameters(("id" = "$response.body#/id")))),
        )),
        Unreadable,
        NotFound,
        Taken,
        Refused
    ),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn claim(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let ClaimIn { account } = input(&headers, body).await?;
    let account = acting(&parts, account).await?;
    let claim = parts.engine.claim(number(&id)?, account).await;
    match claim? {
        Claim::Won(callback) => Ok(Json(*callback)),
        Claim::HeldBy(account) => Err(held_by(account)),
        Claim::Ended => Err(ended()),
        Claim::Unknown => Err(none()),
    }
}

/// Stay on a callback
///
/// Says that the agent who has claimed it is still on it. A claim that is silent for the rules'
/// `claim_lease` is asked after, then given back.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/renew",
    operation_id = "renewCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = ClaimIn,
    responses((status = 200, description = "It is still theirs", body = CallbackRow), Unreadable, NotFound, Taken, Refused),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn renew(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let ClaimIn { account } = input(&headers, body).await?;
    let account = acting(&parts, account).await?;
    answered(parts.engine.renew(number(&id)?, account).await)
}

/// Who gives a callback back.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::web::api) struct ReleaseIn {
    /// The account that has it, or a supervisor's.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
    /// Take it out of another's hands. Supervisors and admins may.
    #[serde(default)]
    force: bool,
}

impl Input for ReleaseIn {
    const SHAPE: &'static str =
        "{\"account\": \"kim\"}, and `\"force\": true` to take it out of another's hands";
}

/// Give a callback back
///
/// It is due again for everybody.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/release",
    operation_id = "releaseCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = ReleaseIn,
    responses((status = 200, description = "It is due again", body = CallbackRow), Unreadable, NotFound, Taken, Refused),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn release(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let ReleaseIn { account, force } = input(&headers, body).await?;
    let account = account_of(&parts, account).await?;
    let id = number(&id)?;
    let force = force && account.role != Role::Agent;
    answered(parts.engine.release(id, account.name, force).await)
}

/// When a customer is rung.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::web::api) struct ScheduleIn {
    /// Who promises it.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
    /// When, at most 90 days ahead; moved to the next time that the desk works and is not quiet for
    /// the customer. One in the past is due at once.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl Input for ScheduleIn {
    const SHAPE: &'static str = "{\"account\": \"kim\", \"at\": \"2026-01-05T15:00:00Z\"}";
}

/// Promise to ring at a time
///
/// `scheduled_at` of the answer is the time that the customer may count on.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/schedule",
    operation_id = "scheduleCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = ScheduleIn,
    responses((status = 200, description = "It is promised", body = CallbackRow), Unreadable, NotFound, Taken, Refused),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn schedule(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let ScheduleIn { account, at } = input(&headers, body).await?;
    not_too_far(&parts, at, "at")?;
    let account = acting(&parts, account).await?;
    answered(parts.engine.schedule(number(&id)?, account, at).await)
}

/// Why a customer is not rung.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::web::api) struct TypingIn {
    /// Who goes on in text.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
    /// Why.
    why: KeepTyping,
}

impl Input for TypingIn {
    const SHAPE: &'static str = "{\"account\": \"kim\", \"why\": \"answering\"}: why is answering, thanks, being_handled or not_a_customer";
}

/// Keep typing
///
/// Ends the callback: the agent goes on in text. `not_a_customer` also mutes its author for the
/// rules' `mute_lasts`.
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/keep-typing",
    operation_id = "keepTyping",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = TypingIn,
    responses((status = 200, description = "It has ended", body = CallbackRow), Unreadable, NotFound, Taken, Refused),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn keep_typing(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let TypingIn { account, why } = input(&headers, body).await?;
    let account = acting(&parts, account).await?;
    answered(parts.engine.keep_typing(number(&id)?, account, why).await)
}

/// What came of a call.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::web::api) struct DoneIn {
    /// The agent's account, which must hold the callback.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
    /// `solved` resolves the case, `follow_up` schedules the next callback, `declined` holds the case
    /// to text. After `wrong_number` and `no_answer` the callback stays open: due again, or tried
    /// again later until it is `exhausted`.
    outcome: Outcome,
    /// When the next callback is promised for, at most 90 days ahead; with `follow_up`, and with
    /// nothing else.
    #[schema(value_type = Option<String>, format = DateTime)]
    follow_up_at: Option<Timestamp>,
    /// For the call log, at most 4,000 characters.
    #[schema(value_type = Option<String>, max_length = 4_000)]
    note: Option<Private<String>>,
    /// For the customer, at most 4,000 characters: what was agreed, what happens next, by when. Sent as
    /// the agent's answer.
    #[schema(value_type = Option<String>, max_length = 4_000)]
    told: Option<Private<String>>,
}

impl Input for DoneIn {
    const SHAPE: &'static str = "{\"account\": \"kim\", \"outcome\": \"solved\"}: outcome is solved, declined, wrong_number, no_answer, or follow_up with `follow_up_at`; `note` and `told` are texts";
}

/// A callback after a call.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web::api) struct DoneOut {
    /// The callback as it is then.
    #[serde(flatten)]
    callback: CallbackRow,
    /// What became of the line for the customer. `not_sent`: Ringback does not carry this channel, so
    /// send it there. `held`: its agent has to look at it on the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<LineState>,
    /// The callback that it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    next: Option<CallbackId>,
}

/// Say what came of a call
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/done",
    operation_id = "finishCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = DoneIn,
    responses(
        (status = 200, description = "It is kept", body = DoneOut, links(
            ("show" = (operation_id = "showCallback", parameters(("id" = "$response.body#/id")))),
            ("claim" = (operation_id = "claimCallback", parameters(("id" = "$response.body#/id")))),
        )),
        Unreadable,
        NotFound,
        Taken,
        Refused
    ),
    security(("token" = ["callbacks"])),
)]
pub(in crate::web::api) async fn done(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DoneOut>, Problem> {
    let DoneIn {
        account,
        outcome,
        follow_up_at,
        note,
        told,
    } = input(&headers, body).await?;
    if let Some(at) = follow_up_at {
        not_too_far(&parts, at, "follow_up_at")?;
    }
    let result = CallResult::of(outcome, follow_up_at).ok_or_else(|| {
        invalid("`follow_up_at` belongs to the outcome `follow_up`, and to no other")
            .field("follow_up_at")
    })?;
    let notes = CallNotes {
        note: text(note, "note")?,
        told: text(told, "told")?,
    };
    let account = acting(&parts, account).await?;
    let done = parts.engine.done(number(&id)?, account, result, notes);
    let Logged { finish, line, next } = done.await?;
    let Json(callback) = answered(Ok(finish))?;
    Ok(Json(DoneOut {
        callback,
        line,
        next,
    }))
}

/// What is worth keeping of a text.
fn text(
    text: Option<Private<String>>,
    field: &'static str,
) -> Result<Option<Private<String>>, Problem> {
    let Some(text) = text.filter(|text| !text.reveal().trim().is_empty()) else {
        return Ok(None);
    };
    if text.reveal().chars().count() > MAX_TYPED {
        return Err(invalid("a text of a call has at most 4,000 characters").field(field));
    }
    Ok(Some(text))
}

fn not_too_far(parts: &Parts, at: Timestamp, field: &'static str) -> Result<(), Problem> {
    if more_than(FARTHEST_PROMISE, parts.clock.now(), at) {
        return Err(invalid("a call is promised for at most 90 days ahead").field(field));
    }
    Ok(())
}

fn answered(finish: Result<Finish, EngineError>) -> Result<Json<CallbackRow>, Problem> {
    match finish? {
        Finish::Done(callback) => Ok(Json(*callback)),
        Finish::HeldBy(account) => Err(held_by(account)),
        Finish::NotClaimed => Err(conflict("not-claimed", "Not claimed")
            .detail("nobody has this callback: claim it first")),
        Finish::Ended => Err(ended()),
        Finish::Unknown => Err(none()),
    }
}

fn invalid(detail: &'static str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid-body",
        "Not what this request wants",
    )
    .detail(detail)
}

const fn conflict(name: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, name, title)
}

fn held_by(account: AccountName) -> Problem {
    conflict("callback-held", "Somebody else has it")
        .detail(format!("{account} has this callback"))
        .held_by(account)
}

fn ended() -> Problem {
    conflict("callback-ended", "It has ended").detail("nobody needs to be rung any more")
}
