//! Callbacks on the API: see them. What agents do with them is in [`work`], what
//! customers say of them in [`helped`].

pub(in crate::web) mod helped;
pub(super) mod work;

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Parts,
    openapi::{BadQuery, NotFound, Refused},
    problem::Problem,
    query::{page, understood},
};
use crate::{
    domain::ids::{AccountName, ChannelName},
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackRow, CallbackState, Paged, account::AccountRow},
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

/// The account, if it may act.
pub(super) async fn acting(parts: &Parts, account: AccountName) -> Result<AccountName, Problem> {
    Ok(account_of(parts, account).await?.name)
}

/// The same with what is kept of it.
async fn account_of(parts: &Parts, account: AccountName) -> Result<AccountRow, Problem> {
    let found = parts.engine.acting_account(account).await?;
    found.ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "unknown-account",
            "No such account",
        )
        .detail(
            "there is no agent account of that name, or it is disabled; see `ringback user list`",
        )
        .field("account")
    })
}

fn number(id: &str) -> Result<CallbackId, Problem> {
    id.parse().map(CallbackId).map_err(|_| none())
}

fn none() -> Problem {
    Problem::not_found("callback")
}
