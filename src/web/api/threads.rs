//! `GET` threads, one thread, and cases.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
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
    domain::{
        ids::{Author, ChannelName, MessageId, Tag, ThreadId, ThreadKey},
        message::{Party, Visibility},
        private::Private,
        reading::Language,
        record::DecisionRecord,
        time::Timestamp,
    },
    store::rows::{
        CallbackRow, CaseFilter, CaseRow, CaseState, DecidedMessage, Paged, ThreadDetail,
        ThreadFilter, ThreadRow, Triage,
    },
};

/// Which threads.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ThreadQuery {
    /// Of this channel only.
    #[param(value_type = Option<String>, pattern = "^[a-z0-9._-]{1,64}$", nullable = false)]
    channel: Option<ChannelName>,
    /// That stand so only.
    #[param(inline, nullable = false)]
    triage: Option<Triage>,
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    after: Option<i64>,
    /// How many at most; 100 unless said.
    #[param(minimum = 1, maximum = 500, nullable = false)]
    limit: Option<u32>,
}

/// One page of threads.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThreadPage {
    /// The threads, newest first.
    threads: Vec<ThreadRow>,
    /// Give it as `after` for the next page; null at the end.
    next: Option<i64>,
}

/// Threads, newest first
#[utoipa::path(
    get,
    path = "/api/v1/threads",
    operation_id = "listThreads",
    tag = "threads",
    params(ThreadQuery),
    responses((status = 200, description = "A page of threads", body = ThreadPage), BadQuery, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn list(
    State(parts): State<Parts>,
    query: Result<Query<ThreadQuery>, QueryRejection>,
) -> Result<Json<ThreadPage>, Problem> {
    let query = understood(query)?;
    let page = page(query.after, query.limit)?;
    let filter = ThreadFilter {
        channel: query.channel,
        triage: query.triage,
    };
    let threads = parts.engine.store().threads(filter, page).await;
    let Paged { items, next } = threads.map_err(|error| Problem::storage(&error))?;
    Ok(Json(ThreadPage {
        threads: items,
        next: next.map(|cursor| cursor.0),
    }))
}

/// Which part of a thread's messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageQuery {
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    after: Option<i64>,
    /// How many messages at most; 100 unless said.
    #[param(minimum = 1, maximum = 500, nullable = false)]
    limit: Option<u32>,
}

/// One thread with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThreadView {
    /// The thread itself.
    thread: ThreadRow,
    /// Its cases, oldest first.
    cases: Vec<CaseRow>,
    /// Its callbacks, oldest first.
    callbacks: Vec<CallbackRow>,
    /// A page of its messages, in order of arrival, each with its decision.
    messages: Vec<MessageView>,
    /// Give it as `after` for the next page of messages; null at the end.
    next: Option<i64>,
}

/// One message, with confidential data masked, and what was decided of it when it arrived.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoredMessage)]
struct MessageView {
    /// Its id within the thread.
    #[schema(value_type = String)]
    id: MessageId,
    /// Who wrote it.
    from: Party,
    /// The writer's handle, where known.
    #[schema(value_type = Option<String>)]
    author: Option<Author>,
    /// The text; confidential data stands as `⟦kind⟧`.
    #[schema(value_type = String)]
    text: Private<String>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who can see it.
    visibility: Visibility,
    /// The language that the sender gave.
    #[schema(value_type = Option<String>)]
    lang: Option<Language>,
    /// What it was marked with.
    #[schema(value_type = Vec<String>)]
    tags: Vec<Tag>,
    /// When it arrived.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// What was decided.
    decision: DecisionRecord,
}

impl From<DecidedMessage> for MessageView {
    fn from(DecidedMessage { message, decision }: DecidedMessage) -> Self {
        Self {
            id: message.id,
            from: message.from,
            author: message.author,
            text: message.text,
            at: message.at,
            visibility: message.visibility,
            lang: message.language,
            tags: message.tags,
            received_at: message.received_at,
            decision,
        }
    }
}

impl From<ThreadDetail> for ThreadView {
    fn from(detail: ThreadDetail) -> Self {
        let Paged { items, next } = detail.messages;
        Self {
            thread: detail.thread,
            cases: detail.cases,
            callbacks: detail.callbacks,
            messages: items.into_iter().map(MessageView::from).collect(),
            next: next.map(|cursor| cursor.0),
        }
    }
}

/// One thread, with its cases, callbacks, messages and decisions
///
/// The thread's id is percent-encoded, a `/` in it too (`%2F`).
#[utoipa::path(
    get,
    path = "/api/v1/threads/{channel}/{thread}",
    operation_id = "showThread",
    tag = "threads",
    params(
        ("channel" = String, Path, description = "The channel's name"),
        ("thread" = String, Path, description = "The thread's id on that channel"),
        MessageQuery,
    ),
    responses((status = 200, description = "The thread", body = ThreadView), BadQuery, NotFound, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn show(
    State(parts): State<Parts>,
    Path((channel, thread)): Path<(String, String)>,
    query: Result<Query<MessageQuery>, QueryRejection>,
) -> Result<Json<ThreadView>, Problem> {
    let query = understood(query)?;
    let page = page(query.after, query.limit)?;
    let key = thread_of(&channel, &thread)?;
    let found = parts.engine.store().thread(key, page).await;
    let detail = found.map_err(|error| Problem::storage(&error))?;
    Ok(Json(
        detail.ok_or_else(|| Problem::not_found("thread"))?.into(),
    ))
}

/// The thread of an address. What cannot be a thread's name is the name of no thread.
pub(super) fn thread_of(channel: &str, thread: &str) -> Result<ThreadKey, Problem> {
    let none = |_| Problem::not_found("thread");
    Ok(ThreadKey {
        channel: ChannelName::parse(channel).map_err(none)?,
        thread: ThreadId::parse(thread).map_err(none)?,
    })
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseQuery {
    /// Of this channel only.
    #[param(value_type = Option<String>, pattern = "^[a-z0-9._-]{1,64}$", nullable = false)]
    channel: Option<ChannelName>,
    /// That stand so only.
    #[param(inline, nullable = false)]
    state: Option<CaseState>,
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    after: Option<i64>,
    /// How many at most; 100 unless said.
    #[param(minimum = 1, maximum = 500, nullable = false)]
    limit: Option<u32>,
}

/// One page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasePage {
    /// The cases, newest first.
    cases: Vec<CaseRow>,
    /// Give it as `after` for the next page; null at the end.
    next: Option<i64>,
}

/// Cases, newest first
#[utoipa::path(
    get,
    path = "/api/v1/cases",
    operation_id = "listCases",
    tag = "threads",
    params(CaseQuery),
    responses((status = 200, description = "A page of cases", body = CasePage), BadQuery, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn cases(
    State(parts): State<Parts>,
    query: Result<Query<CaseQuery>, QueryRejection>,
) -> Result<Json<CasePage>, Problem> {
    let query = understood(query)?;
    let page = page(query.after, query.limit)?;
    let filter = CaseFilter {
        channel: query.channel,
        state: query.state,
    };
    let cases = parts.engine.store().cases(filter, page).await;
    let Paged { items, next } = cases.map_err(|error| Problem::storage(&error))?;
    Ok(Json(CasePage {
        cases: items,
        next: next.map(|cursor| cursor.0),
    }))
}
