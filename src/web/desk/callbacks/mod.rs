//! The queue of callbacks, and what agents do with one.

mod above;
mod act;
mod acts;
mod card;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

pub(in crate::web) use act::Back;
use acts::CallSheet;
pub(in crate::web) use acts::Lead;
pub(in crate::web) use card::{Card, Drawing, Run, runs};

pub(in crate::web) use crate::desk::card::holder;

use above::Above;

use super::{
    Parts, SignedIn, eyes, frame,
    names::Names,
    notices::{self, NoticeCard},
    said::Said,
    sight_now,
    troubles::{self, TroubleCard},
};
use crate::{
    domain::ids::AccountName,
    store::{
        CallbackId,
        rows::desk::{QueueRow, QueueView},
    },
    web::pages::{Frame, PageError, Section, Told, page, times::Times},
};

/// How many callbacks one page shows. Whoever has more waiting works them from the top.
const SHOWN: u32 = 50;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/callbacks", get(list))
        .route("/desk/callbacks/next", post(above::next))
        .route("/desk/digests/{id}/seen", post(above::see_digest))
        .route("/desk/callbacks/{id}/claim", post(act::claim))
        .route("/desk/callbacks/{id}/release", post(act::release))
        .route("/desk/callbacks/{id}/later", post(act::later))
        .route("/desk/callbacks/{id}/keep-typing", post(act::keep_typing))
        .route("/desk/callbacks/{id}/done", post(act::done))
        .route("/desk/callbacks/{id}/renew", post(act::renew))
        .route("/desk/callbacks/{id}/dial", post(act::dial))
        .route("/desk/callbacks/{id}/video", post(act::video))
}

/// Which callbacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum View {
    /// Those that nobody has.
    #[default]
    Due,
    /// The viewer's own.
    Mine,
    /// Promised ones, and those that are tried again.
    Scheduled,
}

impl View {
    const ALL: [Self; 3] = [Self::Due, Self::Mine, Self::Scheduled];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Mine => "mine",
            Self::Scheduled => "scheduled",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Due => "Due",
            Self::Mine => "Mine",
            Self::Scheduled => "Coming up",
        }
    }
}

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    view: View,
    said: Option<Said>,
    /// The callback that `said` is about.
    about: Option<CallbackId>,
}

#[derive(Template)]
#[template(path = "desk/callbacks/page.html")]
struct CallbacksPage {
    frame: Frame,
    view: View,
    cards: Vec<Card>,
    /// How many more there are than shown.
    more: u64,
    /// What hinders Ringback, for whoever can have it mended.
    troubles: Vec<TroubleCard>,
    notices: Vec<NoticeCard>,
    /// What stands above the queue.
    above: Above,
}

impl CallbacksPage {
    const fn count(&self, view: View) -> u64 {
        match view {
            View::Due => self.frame.counts.due,
            View::Mine => self.frame.counts.mine,
            View::Scheduled => self.frame.counts.scheduled,
        }
    }
}

async fn list(
    State(parts): State<Parts>,
    by: SignedIn,
    times: Times,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let view = match asked.view {
        View::Due => QueueView::Due,
        View::Mine => QueueView::Mine(by.name.clone()),
        View::Scheduled => QueueView::Scheduled,
    };
    let store = parts.engine.store();
    let above = Above::read(&parts, &by, &times, asked.view).await?;
    let sight = above.of_cards(sight_now(&parts, &by));
    let queue = store.queue(view, sight, SHOWN).await?;
    let back = asked.view.into();
    let notices = notices::shown(&parts, &by, &times, back).await?;
    let told = match asked.said {
        Some(said) => Some(told(&parts, &by, said, asked.about).await?),
        None => None,
    };
    let more = queue.total.saturating_sub(queue.rows.len() as u64);
    let names = Names::read(&parts, named(&queue.rows, &by)).await?;
    let drawing = Drawing {
        rules: &parts.engine.rules().rules,
        by: &by,
        names: &names,
        times: &times,
        back,
        carries: &|channel| parts.settings.carries(channel),
        can_dial: parts.engine.can_dial(),
    };
    let cards = queue.rows.iter().map(|row| Card::new(row, &drawing));
    Ok(page(&CallbacksPage {
        frame: frame(&parts, &by, Section::Callbacks).await?.telling(told),
        view: asked.view,
        cards: cards.collect(),
        more,
        troubles: troubles::shown(&parts, &by, &times),
        notices,
        above,
    }))
}

/// Whom the cards name.
pub(in crate::web) fn named<'a>(
    rows: impl IntoIterator<Item = &'a QueueRow>,
    by: &SignedIn,
) -> impl Iterator<Item = &'a AccountName> {
    rows.into_iter()
        .flat_map(|row| {
            let rang = row.calls.iter().map(|call| &call.by);
            holder(&row.callback)
                .into_iter()
                .chain(&row.callback.owner)
                .chain(rang)
        })
        .filter(|name| **name != by.name)
}

#[derive(Template)]
#[template(path = "desk/callbacks/again.html")]
struct TypedAgainPage {
    frame: Frame,
    card: Card,
}

/// What was typed about a call, to be mended: nothing of it is lost.
///
/// # Errors
/// When the callback is gone, or the database cannot be read.
async fn typed_again(
    parts: &Parts,
    by: &SignedIn,
    times: &Times,
    id: CallbackId,
    back: Back,
    sheet: CallSheet,
) -> Result<Response, PageError> {
    let eyes = Some(eyes(by, times.now()));
    let row = parts.engine.store().card(id, eyes).await?;
    let row = row.ok_or_else(PageError::not_found)?;
    let names = Names::read(parts, named([&row], by)).await?;
    let drawing = Drawing {
        rules: &parts.engine.rules().rules,
        by,
        names: &names,
        times,
        back,
        carries: &|channel| parts.settings.carries(channel),
        can_dial: parts.engine.can_dial(),
    };
    let mut card = Card::new(&row, &drawing);
    card.acts.done = sheet;
    let frame = frame(parts, by, Section::Callbacks).await?;
    let again = page(&TypedAgainPage { frame, card });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// Says what came of something, and of a callback that somebody else has, who.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::web) async fn told(
    parts: &Parts,
    by: &SignedIn,
    said: Said,
    about: Option<CallbackId>,
) -> Result<Told, PageError> {
    let (Said::Taken, Some(id)) = (said, about) else {
        return Ok(said.told());
    };
    let row = parts.engine.store().callback(id).await?;
    let rules = &parts.engine.rules().rules;
    let row = row.filter(|row| super::works(rules, by, &row.desk));
    let holder = row.as_ref().and_then(holder);
    let names = Names::read(parts, holder.into_iter()).await?;
    Ok(said.told_of(holder.map(|holder| names.of(holder))))
}
