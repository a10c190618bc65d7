//! Callbacks on the API: see them, claim one, finish it. The full life comes with the desks.

use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Parts,
    body::{Input, input},
    openapi::{BadQuery, NotFound, Refused, Taken, Unreadable},
    problem::Problem,
    query::{page, understood},
};
use crate::{
    domain::{
        callback::{CallResult, Outcome},
        ids::{AccountName, ChannelName},
    },
    engine::{CallNotes, Claim, Finish},
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackRow, CallbackState, Paged},
    },
};

/// Which callbacks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// Of this channel only.
    #[param(value_type = Option<String>, pattern = "^[a-z0-9._-]{1,64}$", nullable = false)]
    channel: Option<ChannelName>,
    /// In this state only.
    #[param(inline, nullable = false)]
    state: Option<CallbackState>,
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    after: Option<i64>,
    /// How many at most; 100 unless said.
    #[param(minimum = 1, maximum = 500, nullable = false)]
    limit: Option<u32>,
}

/// One page of callbacks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallbackPage {
    /// The callbacks, newest first.
    callbacks: Vec<CallbackRow>,
    /// Give it as `after` for the next page; null at the end.
    next: Option<i64>,
}

/// Callbacks, newest first
#[utoipa::path(
    get,
    path = "/api/v1/callbacks",
    operation_id = "listCallbacks",
    tag = "callbacks",
    params(CallbackQuery),
    responses(
        (status = 200, description = "A page of callbacks", body = CallbackPage),
        BadQuery,
        Refused
    ),
    security(("token" = ["read"])),
)]
pub(super) async fn list(
    State(parts): State<Parts>,
    query: Result<Query<CallbackQuery>, QueryRejection>,
) -> Result<Json<CallbackPage>, Problem> {
    let query = understood(query)?;
    let page = page(query.after, query.limit)?;
    let filter = CallbackFilter {
        channel: query.channel,
        state: query.state,
    };
    let callbacks = parts.engine.store().callbacks(filter, page).await;
    let Paged { items, next } = callbacks.map_err(|error| Problem::storage(&error))?;
    Ok(Json(CallbackPage {
        callbacks: items,
        next: next.map(|cursor| cursor.0),
    }))
}

/// One callback
#[utoipa::path(
    get,
    path = "/api/v1/callbacks/{id}",
    operation_id = "showCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    responses((status = 200, description = "The callback", body = CallbackRow), BadQuery, NotFound, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn show(
    State(parts): State<Parts>,
    Path(id): Path<String>,
) -> Result<Json<CallbackRow>, Problem> {
    let found = parts.engine.store().callback(number(&id)?).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    Ok(Json(found.ok_or_else(none)?))
}

/// Who claims a callback.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ClaimIn {
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
pub(super) async fn claim(
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

/// What came of a call.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct DoneIn {
    /// The agent's account, which must hold the callback.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
    /// `solved` resolves the case; `declined` holds it to text.
    outcome: Outcome,
}

impl Input for DoneIn {
    const SHAPE: &'static str =
        "{\"account\": \"kim\", \"outcome\": \"solved\"}, or \"declined\" as the outcome";
}

/// Finish a callback
#[utoipa::path(
    post,
    path = "/api/v1/callbacks/{id}/done",
    operation_id = "finishCallback",
    tag = "callbacks",
    params(("id" = i64, Path, description = "The callback's number", minimum = 1)),
    request_body = DoneIn,
    responses(
        (status = 200, description = "It is done", body = CallbackRow, links(
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
pub(super) async fn done(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CallbackRow>, Problem> {
    let DoneIn { account, outcome } = input(&headers, body).await?;
    let result = CallResult::of(outcome, None).ok_or_else(ended)?;
    let account = acting(&parts, account).await?;
    let finish = parts
        .engine
        .done(number(&id)?, account, result, CallNotes::default())
        .await;
    match finish?.finish {
        Finish::Done(callback) => Ok(Json(*callback)),
        Finish::HeldBy(account) => Err(held_by(account)),
        Finish::NotClaimed => Err(conflict("not-claimed", "Not claimed yet")
            .detail("claim the callback before finishing it")),
        Finish::Ended => Err(ended()),
        Finish::Unknown => Err(none()),
    }
}

/// The account, if it may act.
pub(super) async fn acting(parts: &Parts, account: AccountName) -> Result<AccountName, Problem> {
    let found = parts.engine.acting_account(account).await?;
    let found = found.ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "unknown-account",
            "No such account",
        )
        .detail(
            "there is no agent account of that name, or it is disabled; see `ringback user list`",
        )
        .field("account")
    })?;
    Ok(found.name)
}

fn number(id: &str) -> Result<CallbackId, Problem> {
    id.parse().map(CallbackId).map_err(|_| none())
}

fn none() -> Problem {
    Problem::not_found("callback")
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
