//! Going home: everything that one has claimed or promised, with a word each for the next shift; and
//! what the next shift is shown of it. A supervisor can do it for somebody who has gone already.

mod left;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    response::{Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

pub(in crate::web) use left::{Left, left};

use super::{Parts, SignedIn, frame, names::Names, said::Said, sight_now, thread_url, works};
use crate::{
    desk::card::called,
    domain::{
        account::Role,
        cut,
        ids::{AccountName, DeskName},
        message::MAX_TYPED,
        private::Private,
    },
    engine::Words,
    store::{
        CallbackId,
        rows::{
            CallbackState, Page,
            desk::{QueueRow, QueueView, Sight},
        },
    },
    web::{
        account::session::SignedForm,
        pages::{
            Frame, PageError, Section, page,
            times::{Shown, Times},
        },
    },
};

/// What the name of a field begins with that holds the word on a callback; its number follows.
const FIELD: &str = "note-";

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/handover", get(show).post(hand_over))
        .route("/desk/handover/seen", post(seen))
}

#[derive(Template)]
#[template(path = "desk/handover/page.html")]
struct HandoverPage {
    frame: Frame,
    /// Whose callbacks these are, where they are not the viewer's.
    of: Option<Holder>,
    lines: Vec<Line>,
    /// Others who have some, for a supervisor.
    others: Vec<Holder>,
}

/// Somebody who has callbacks.
struct Holder {
    account: AccountName,
    shown: String,
    count: u64,
}

/// One callback to hand over.
struct Line {
    id: CallbackId,
    name: String,
    url: String,
    channel: String,
    is_claimed: bool,
    /// Claimed since, or promised for.
    at: Shown,
}

impl Line {
    fn new(row: &QueueRow, times: &Times) -> Self {
        let callback = &row.callback;
        let profile = row.background.contact.profile.as_ref();
        let is_claimed = callback.state == CallbackState::Claimed;
        Self {
            id: callback.id,
            name: called(row.author.as_ref(), profile).to_string(),
            url: thread_url(&callback.channel, &callback.thread),
            channel: callback.channel.to_string(),
            is_claimed,
            at: match is_claimed {
                true => times.ago(callback.claimed_at.unwrap_or(callback.due_at)),
                false => times.at(callback.scheduled_at.unwrap_or(callback.due_at)),
            },
        }
    }
}

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Whose callbacks; the viewer's if not said.
    of: Option<String>,
}

async fn show(
    State(parts): State<Parts>,
    by: SignedIn,
    times: Times,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let whose = whose(&by, asked.of.as_deref())?;
    // All of them, whoever may see which: they all change hands.
    let view = QueueView::Mine(whose.clone());
    let store = parts.engine.store();
    let queue = store.queue(view, Sight::default(), Page::MOST).await?;
    let mut holders = match by.role >= Role::Supervisor {
        true => store.holders().await?,
        false => Vec::new(),
    };
    holders.retain(|(account, _)| *account != by.name);
    let is_own = whose == by.name;
    let named = holders.iter().map(|(account, _)| account);
    let names = Names::read(&parts, named.chain((!is_own).then_some(&whose))).await?;
    let holder = |(account, count): (AccountName, u64)| Holder {
        shown: names.of(&account),
        account,
        count,
    };
    Ok(page(&HandoverPage {
        frame: frame(&parts, &by, Section::Callbacks).await?,
        of: (!is_own).then(|| holder((whose, queue.total))),
        lines: queue
            .rows
            .iter()
            .map(|row| Line::new(row, &times))
            .collect(),
        others: holders.into_iter().map(holder).collect(),
    }))
}

/// The account whose callbacks are handed over. Others' are a supervisor's business.
fn whose(by: &SignedIn, of: Option<&str>) -> Result<AccountName, PageError> {
    let Some(of) = of.filter(|of| *of != by.name.as_str()) else {
        return Ok(by.name.clone());
    };
    by.must_be(Role::Supervisor)?;
    AccountName::parse(of).map_err(|_| PageError::not_found())
}

/// A form with a field for each callback.
type Form = BTreeMap<String, String>;

async fn hand_over(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<Form>,
) -> Result<Redirect, PageError> {
    let whose = whose(&by, form.get("of").map(String::as_str))?;
    let words = words(form)?;
    let handed = parts.engine.hand_over(by.name, whose, words).await?;
    let said = match (handed.passed, handed.gone.as_slice()) {
        (_, [_, ..]) => Said::HandedOverPartly,
        (0, []) => Said::OffShift,
        (_, []) => Said::HandedOver,
    };
    Ok(Redirect::to(&format!("/desk/callbacks?said={said}")))
}

/// What was written, for each callback.
fn words(form: Form) -> Result<Words, PageError> {
    let fields = form.into_iter().filter(|(name, _)| name != "of");
    fields
        .map(|(name, text)| {
            let id = name.strip_prefix(FIELD).and_then(|id| id.parse().ok());
            let id = id.map(CallbackId).ok_or_else(PageError::not_understood)?;
            let text = cut::head(text.trim(), MAX_TYPED, |_| 1).to_owned();
            Ok((id, (!text.is_empty()).then(|| Private::new(text))))
        })
        .collect()
}

/// Which lines were read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    desk: String,
    /// The newest line that the page showed.
    up_to: i64,
}

async fn seen(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<Seen>,
) -> Result<Redirect, PageError> {
    let desk = DeskName::parse(&form.desk).map_err(|_| PageError::not_found())?;
    if !works(&parts.engine.rules().rules, &by, &desk) {
        return Err(PageError::not_found());
    }
    let seen = parts.engine.see_handovers(desk, form.up_to, by.name);
    seen.await?;
    Ok(Redirect::to(&format!(
        "/desk/callbacks?said={}",
        Said::Seen
    )))
}

/// What was left on the desks that an account works, read from the database.
///
/// # Errors
/// When the database cannot be read.
async fn rows(
    parts: &Parts,
    by: &SignedIn,
) -> Result<Vec<crate::store::rows::shift::HandoverRow>, PageError> {
    Ok(parts.engine.store().handovers(sight_now(parts, by)).await?)
}
