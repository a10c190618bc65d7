//! The Rules page: what the rules in force say, how their file stands, which desks there are, and
//! a box in which a thread can be tried. What is tried is stored and logged nowhere.

mod desks;
mod page;
mod tried;
mod words;

use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::account::Role,
    web::{
        Parts,
        account::session::{SignedForm, SignedIn},
        desk,
        pages::{self, PageError, Section, times::Times},
    },
};
use page::{RulesPage, Said, Standing};
use tried::{Asked, Tried};

/// Its routes.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/rules", get(show).post(try_thread))
        .route("/desk/rules/reload", post(reload))
}

/// What came of the button that led here.
#[derive(Debug, Default, Deserialize)]
struct After {
    said: Option<String>,
}

async fn show(
    State(parts): State<Parts>,
    who: SignedIn,
    times: Times,
    Query(after): Query<After>,
) -> Result<Response, PageError> {
    who.must_be(Role::Supervisor)?;
    let said = after.said.as_deref().and_then(Said::parse);
    let asked = Asked::example(&parts.settings);
    let tried = try_out(&parts, asked).await?;
    page_for(&parts, &who, &times, tried, said).await
}

/// Tries the thread in the box. Answers with the page itself: what was typed belongs into no URL.
async fn try_thread(
    State(parts): State<Parts>,
    times: Times,
    SignedForm { by, form }: SignedForm<Asked>,
) -> Result<Response, PageError> {
    by.must_be(Role::Supervisor)?;
    let tried = try_out(&parts, form).await?;
    let status = match tried.came {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = page_for(&parts, &by, &times, tried, None).await?;
    Ok((status, page).into_response())
}

async fn page_for(
    parts: &Parts,
    who: &SignedIn,
    times: &Times,
    tried: Tried,
    said: Option<Said>,
) -> Result<Response, PageError> {
    let store = parts.engine.store();
    let standing = Standing {
        settings: &parts.settings,
        rules: &parts.engine.rules().rules,
        status: parts.engine.rules_status(),
        times,
        accounts: &store.accounts().await?,
        troubles: desk::troubles::shown(parts, who, times),
        undelivered: store.undelivered().await?,
    };
    let frame = desk::frame(parts, who, Section::Rules).await?;
    Ok(pages::page(&RulesPage::new(standing, frame, tried, said)))
}

/// Reading many lines takes its time, so it is done where nobody else waits for it.
async fn try_out(parts: &Parts, asked: Asked) -> Result<Tried, PageError> {
    let rules = parts.engine.rules();
    tokio::task::spawn_blocking(move || Tried::new(&rules, asked))
        .await
        .map_err(|_| PageError {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "Trying this thread failed inside; that is a bug in Ringback.".to_owned(),
        })
}

/// The form of the button "Load again": nothing but the button.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reload {}

async fn reload(
    State(parts): State<Parts>,
    SignedForm {
        by,
        form: Reload {},
    }: SignedForm<Reload>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let before = parts.engine.rules_status();
    let now = parts.engine.reload().await;
    let said = if now.last_error.is_some() {
        Said::Refused
    } else if now.version == before.version {
        Said::Unchanged
    } else {
        Said::Loaded
    };
    Ok(Redirect::to(said.page()))
}
