//! Forms on the API: ask a customer to fill one in, get a link for them, see how far it has come.
//! What was filled in is never answered.

use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Parts,
    body::{Input, input},
    callbacks::acting,
    openapi::{BadQuery, NotFound, Refused, Unreadable},
    problem::Problem,
    query::understood,
};
use crate::{
    domain::{
        form::{FormKind, FormRequestId, FormState, Purpose},
        ids::{AccountName, ChannelName, DeskName, FormName, ThreadId, ThreadKey},
        time::Timestamp,
    },
    engine::Asked,
    store::rows::forms::FormRequestRow,
    web::forms::new_link::NewLink,
};

/// One form that a customer was asked to fill in. Never what was filled in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Form)]
pub(super) struct FormView {
    /// Its number among all forms.
    #[schema(minimum = 1)]
    id: i64,
    /// The thread's channel.
    #[schema(value_type = String)]
    channel: ChannelName,
    /// The thread.
    #[schema(value_type = String)]
    thread: ThreadId,
    /// The case it belongs to.
    #[schema(minimum = 0)]
    case: u32,
    /// The desk that asked.
    #[schema(value_type = String)]
    desk: DeskName,
    /// What it is for.
    purpose: FormKind,
    /// The name of the identity form in the rules file.
    #[schema(value_type = Option<String>)]
    form: Option<FormName>,
    /// How far it has come.
    state: FormState,
    /// The account that asked; null if the rules did.
    #[schema(value_type = Option<String>)]
    asked_by: Option<AccountName>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// Until when a link to it can be had.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// When it was filled in.
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    /// When the identity was checked.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    /// By which account.
    #[schema(value_type = Option<String>)]
    checked_by: Option<AccountName>,
}

impl From<FormRequestRow> for FormView {
    fn from(row: FormRequestRow) -> Self {
        Self {
            id: row.id.0,
            channel: row.thread.channel,
            thread: row.thread.thread,
            case: row.case,
            desk: row.desk,
            purpose: row.purpose.kind(),
            form: row.purpose.form().cloned(),
            state: row.state,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            until: row.until,
            submitted_at: row.submitted_at,
            checked_at: row.checked_at,
            checked_by: row.checked_by,
        }
    }
}

/// Whose forms.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FormQuery {
    /// The thread's channel.
    #[param(value_type = String, pattern = "^[a-z0-9._-]{1,64}$")]
    channel: ChannelName,
    /// The thread.
    #[param(value_type = String, pattern = r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    thread: ThreadId,
}

/// The newest forms of one thread.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FormList {
    /// At most 500, newest first.
    forms: Vec<FormView>,
}

/// The forms of one thread, newest first
///
/// How far each has come, never what was filled in.
#[utoipa::path(
    get,
    path = "/api/v1/forms",
    operation_id = "listForms",
    tag = "forms",
    params(FormQuery),
    responses((status = 200, description = "The thread's forms", body = FormList), BadQuery, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn list(
    State(parts): State<Parts>,
    query: Result<Query<FormQuery>, QueryRejection>,
) -> Result<Json<FormList>, Problem> {
    let FormQuery { channel, thread } = understood(query)?;
    let thread = ThreadKey { channel, thread };
    let forms = parts.engine.store().form_requests_of(thread).await;
    let forms = forms.map_err(|error| Problem::storage(&error))?;
    Ok(Json(FormList {
        forms: forms.into_iter().map(FormView::from).collect(),
    }))
}

/// One form
#[utoipa::path(
    get,
    path = "/api/v1/forms/{id}",
    operation_id = "showForm",
    tag = "forms",
    params(("id" = i64, Path, description = "The form's number", minimum = 1)),
    responses((status = 200, description = "The form", body = FormView), BadQuery, NotFound, Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn show(
    State(parts): State<Parts>,
    Path(id): Path<String>,
) -> Result<Json<FormView>, Problem> {
    Ok(Json(found(&parts, number(&id)?).await?.into()))
}

/// Whom to ask for what.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct FormIn {
    /// The thread's channel.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "chat")]
    channel: ChannelName,
    /// The thread.
    #[schema(value_type = String, pattern = r"^[^\x00-\x1f\x7f-\x9f]{1,64}$", example = "t1")]
    thread: ThreadId,
    /// What for.
    #[serde(flatten)]
    purpose: PurposeIn,
    /// The agent's account.
    #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "kim")]
    account: AccountName,
}

/// What a form is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "purpose", rename_all = "snake_case")]
enum PurposeIn {
    /// An identity check.
    Identity {
        /// Which of the rules file's `[[forms]]`.
        #[schema(value_type = String, pattern = "^[a-z0-9._-]{1,64}$", example = "identity")]
        form: FormName,
    },
    /// Number and time of a call.
    Details,
}

impl Input for FormIn {
    const SHAPE: &'static str = "{\"channel\": \"chat\", \"thread\": \"t1\", \"purpose\": \
        \"identity\", \"form\": \"identity\", \"account\": \"kim\"}, or the purpose `details` \
        without `form`";
}

/// A form that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AskedForm {
    /// The form.
    form: FormView,
    /// Ringback has told the customer in the thread. If not, get a link and give it to them in
    /// private.
    told: bool,
}

/// Ask a customer to fill a form in
///
/// One of the same purpose that this customer has open in the same case is withdrawn. Where Ringback
/// carries the messages, it tells the customer; elsewhere get a link and send it to them, in private.
#[utoipa::path(
    post,
    path = "/api/v1/forms",
    operation_id = "askForm",
    tag = "forms",
    request_body = FormIn,
    responses(
        (status = 201, description = "The customer is asked", body = AskedForm, links(
            ("link" = (operation_id = "linkForm", parameters(("id" = "$response.body#/form/id")))),
            ("show" = (operation_id = "showForm", parameters(("id" = "$response.body#/form/id")))),
        )),
        Unreadable,
        NotFound,
        NotInPrivate,
        Refused
    ),
    security(("token" = ["messages"])),
)]
pub(super) async fn ask(
    State(parts): State<Parts>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<AskedForm>), Problem> {
    let asked: FormIn = input(&headers, body).await?;
    let purpose = match asked.purpose {
        PurposeIn::Identity { form } => Purpose::Identity(form),
        PurposeIn::Details => Purpose::Details,
    };
    let account = acting(&parts, asked.account).await?;
    let thread = ThreadKey {
        channel: asked.channel,
        thread: asked.thread,
    };
    let (id, told) = match parts.engine.ask_form(thread, purpose, account).await {
        Ok(Asked::Told(id)) => (id, true),
        Ok(Asked::LinkWanted(id)) => (id, false),
        Ok(Asked::Public) => return Err(public()),
        Ok(Asked::NobodyOpens) => return Err(nobody_opens()),
        Ok(Asked::Unknown) => {
            return Err(Problem::not_found("thread, or no such form in the rules"));
        }
        Err(error) => return Err(error.into()),
    };
    let form = found(&parts, id).await?.into();
    Ok((StatusCode::CREATED, Json(AskedForm { form, told })))
}

/// A one-time link.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinkOut {
    /// Opens the form, once. It is answered this one time and is kept nowhere.
    #[schema(example = "https://help.example.com/form/rb_…")]
    url: String,
    /// Until when it can be opened.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Get a link to a form
///
/// For the customer alone: send it to them in private, keep it nowhere. It opens the form once;
/// earlier links to the same form open nothing any more.
#[utoipa::path(
    post,
    path = "/api/v1/forms/{id}/link",
    operation_id = "linkForm",
    tag = "forms",
    params(("id" = i64, Path, description = "The form's number", minimum = 1)),
    responses(
        (status = 200, description = "A new link; the answer may not be kept", body = LinkOut),
        NotFound,
        NotInPrivate,
        Refused
    ),
    security(("token" = ["messages"])),
)]
pub(super) async fn link(
    State(parts): State<Parts>,
    Path(id): Path<String>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<LinkOut>), Problem> {
    let form = found(&parts, number(&id)?).await?;
    let public_now = parts.engine.store().is_public(form.thread.clone()).await;
    if public_now.map_err(|error| Problem::storage(&error))? {
        return Err(public());
    }
    let made = NewLink::make(&parts, form.thread, form.id, None).await?;
    let NewLink { url, until } = made.ok_or_else(not_open)?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((
        [(header::CACHE_CONTROL, no_store)],
        Json(LinkOut { url, until }),
    ))
}

/// What a request for a form or a link may meet.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum NotInPrivate {
    /// The customer's newest message is public (`public-thread`), the form cannot be filled in any
    /// more (`form-not-open`), nobody could open what the customer sends (`nobody-opens`), or the
    /// account does not exist or is disabled (`unknown-account`).
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
}

async fn found(parts: &Parts, id: FormRequestId) -> Result<FormRequestRow, Problem> {
    let found = parts.engine.store().form_request(id).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    found.ok_or_else(none)
}

fn number(id: &str) -> Result<FormRequestId, Problem> {
    id.parse().map(FormRequestId).map_err(|_| none())
}

fn none() -> Problem {
    Problem::not_found("form")
}

fn public() -> Problem {
    Problem::new(StatusCode::CONFLICT, "public-thread", "Not in public").detail(
        "the customer's newest message is public, and a link must never stand in public; write to \
         them in private first, and hand their private answer in",
    )
}

fn nobody_opens() -> Problem {
    Problem::new(StatusCode::CONFLICT, "nobody-opens", "Nobody could open it").detail(
        "no account that may check identities has a public key, so nobody could open what the \
         customer submits; `ringback user recipient NAME age1…` sets one",
    )
}

fn not_open() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "form-not-open",
        "It cannot be filled in",
    )
    .detail(
        "it was filled in, has expired or was withdrawn; ask for another with POST /api/v1/forms",
    )
}
