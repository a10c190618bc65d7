//! Identity checks: what customers have submitted, opened by an account that may see it, and what
//! came of the check. What was submitted is on the one page that answers its opening, and nowhere
//! else.

mod act;
mod opened;

use askama::Template;
use axum::{
    Router,
    extract::{FromRequestParts, Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, request},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    Parts, SignedIn,
    forms::{DESK_LANGUAGE, title},
    frame, may_look,
    names::Names,
    said::Said,
    sight_now, thread_url,
};
use crate::{
    domain::form::{FormRequestId, FormState, Purpose},
    rules::{Rules, forms::Form},
    store::rows::forms::FormRequestRow,
    web::pages::{
        Frame, PageError, Section, Told, page,
        times::{Shown, Times},
    },
};

/// How many checks one page shows. Whoever has more waiting works them from the top.
const SHOWN: u32 = 50;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/checks", get(list))
        .route("/desk/checks/{id}", get(show))
        // Loaded anew, by a person or the page's script, it shows what was submitted no more.
        .route("/desk/checks/{id}/open", get(show).post(act::open))
        .route("/desk/checks/{id}/checked", post(act::checked))
}

/// The check that an address names.
struct Named(FormRequestId);

impl FromRequestParts<Parts> for Named {
    type Rejection = PageError;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, PageError> {
        let named = Path::<i64>::from_request_parts(request, parts).await;
        let Path(id) = named.map_err(|_| PageError::not_found())?;
        Ok(Self(FormRequestId(id)))
    }
}

impl Named {
    /// The form, if the account may check identities and see its thread.
    async fn for_eyes_of(self, by: &SignedIn, parts: &Parts) -> Result<FormRequestRow, PageError> {
        must_check(by)?;
        let form = parts.engine.store().form_request(self.0).await?;
        let form = form.filter(|form| matches!(form.purpose, Purpose::Identity(_)));
        let form = form.ok_or_else(PageError::not_found)?;
        if may_look(parts, by, &form.thread).await? {
            Ok(form)
        } else {
            Err(PageError::not_found())
        }
    }
}

fn must_check(by: &SignedIn) -> Result<(), PageError> {
    if by.may_check() {
        return Ok(());
    }
    Err(PageError {
        status: StatusCode::FORBIDDEN,
        message: "Your account may not check identities. An admin can let it, on the page of all \
                  accounts."
            .to_owned(),
    })
}

/// One check in the list.
struct Waiting {
    id: i64,
    title: String,
    channel: String,
    case: u32,
    at: Option<Shown>,
}

#[derive(Template)]
#[template(path = "desk/checks/list.html")]
struct ListPage {
    frame: Frame,
    waiting: Vec<Waiting>,
    /// How many more there are than shown.
    more: u64,
    /// No form is offered, for nobody could open it.
    nobody_opens: bool,
}

async fn list(
    State(parts): State<Parts>,
    by: SignedIn,
    times: Times,
) -> Result<Response, PageError> {
    must_check(&by)?;
    let forms = parts
        .engine
        .store()
        .forms_to_check(sight_now(&parts, &by), SHOWN);
    let forms = forms.await?;
    let rules = &parts.engine.rules().rules;
    let waiting: Vec<_> = forms
        .iter()
        .map(|form| Waiting {
            id: form.id.0,
            title: title(rules, form),
            channel: form.thread.channel.to_string(),
            case: form.case,
            at: form.submitted_at.map(|at| times.ago(at)),
        })
        .collect();
    let frame = frame(&parts, &by, Section::Checks).await?;
    let nobody_opens =
        !parts.vault.opens_here() && parts.engine.store().recipients().await?.is_empty();
    Ok(page(&ListPage {
        nobody_opens,
        more: frame
            .checks
            .unwrap_or(0)
            .saturating_sub(waiting.len() as u64),
        frame,
        waiting,
    }))
}

/// What the page before says was done.
#[derive(Debug, Deserialize)]
struct Asked {
    said: Option<Said>,
}

#[derive(Template)]
#[template(path = "desk/checks/check.html")]
struct CheckPage {
    frame: Frame,
    id: i64,
    title: String,
    /// The customer, once known.
    customer: String,
    channel: String,
    case: u32,
    thread: String,
    state: FormState,
    asked_by: String,
    asked_at: Shown,
    submitted_at: Option<Shown>,
    checked: Option<(String, Shown)>,
    /// What is asked for before it is opened.
    proof: ProofAsked,
    /// How often it was opened so far.
    opened: u32,
    /// Opened here, or on the agent's own machine only.
    opens_here: bool,
    /// Where it is not opened here: the account has a key of its own.
    has_key: bool,
}

/// What somebody is asked for who proves anew who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProofAsked {
    /// Nothing: the demo.
    Nothing,
    /// A password must be set first.
    SetPassword,
    /// The password.
    Password,
    /// The password and a code.
    PasswordAndCode,
}

impl CheckPage {
    const fn state_words(&self) -> (&'static str, &'static str) {
        match self.state {
            FormState::Sent | FormState::Opened => ("not filled in yet", ""),
            FormState::Submitted => ("waits for a check", " badge-warm"),
            FormState::Verified => ("verified", " badge-good"),
            FormState::Failed => ("failed", " badge-urgent"),
            FormState::Expired => ("expired", ""),
            FormState::Withdrawn => ("withdrawn", ""),
        }
    }
}

async fn show(
    State(parts): State<Parts>,
    named: Named,
    by: SignedIn,
    times: Times,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let form = named.for_eyes_of(&by, &parts).await?;
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let told = asked.said.map(Said::told);
    check_page(&parts, &by, &times, &form, told).await
}

/// The page of one check, without what was submitted.
async fn check_page(
    parts: &Parts,
    by: &SignedIn,
    times: &Times,
    form: &FormRequestRow,
    told: Option<Told>,
) -> Result<Response, PageError> {
    let store = parts.engine.store();
    let thread = store.desk_thread(form.thread.clone(), None, 1).await?;
    let author = thread.and_then(|thread| thread.thread.author);
    let people = form.asked_by.iter().chain(&form.checked_by);
    let names = Names::read(parts, people).await?;
    let account = by.account();
    let proof = match account {
        None => ProofAsked::Nothing,
        Some(account) if !account.has_password => ProofAsked::SetPassword,
        Some(account) if account.has_second_factor => ProofAsked::PasswordAndCode,
        Some(_) => ProofAsked::Password,
    };
    let asked_by = form.asked_by.as_ref();
    let checked = form.checked_by.as_ref().zip(form.checked_at);
    Ok(page(&CheckPage {
        frame: frame(parts, by, Section::Checks).await?.telling(told),
        id: form.id.0,
        title: title(&parts.engine.rules().rules, form),
        customer: author.map_or_else(
            || "A customer".to_owned(),
            |author| author.reveal().to_owned(),
        ),
        channel: form.thread.channel.to_string(),
        case: form.case,
        thread: thread_url(&form.thread.channel, &form.thread.thread),
        state: form.state,
        asked_by: asked_by.map_or_else(|| "Ringback, by the rules".to_owned(), |by| names.of(by)),
        asked_at: times.at(form.asked_at),
        submitted_at: form.submitted_at.map(|at| times.at(at)),
        checked: checked.map(|(by, at)| (names.of(by), times.at(at))),
        proof,
        opened: store.times_opened(form.id).await?,
        opens_here: parts.vault.opens_here(),
        has_key: account.is_some_and(|account| account.recipient.is_some()),
    }))
}

/// The identity form in the rules; `None` if an admin has taken it out since.
fn form_of<'a>(rules: &'a Rules, form: &FormRequestRow) -> Option<&'a Form> {
    let Purpose::Identity(name) = &form.purpose else {
        return None;
    };
    rules.forms.iter().find(|form| form.name == *name)
}
