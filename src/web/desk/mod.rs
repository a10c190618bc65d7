//! The web desk: callbacks, threads and the rules, for agents.
//!
//! Who sees what is answered here and nowhere else: an agent sees the channels and the callbacks
//! of the desks they work, supervisors and admins see everything.

mod audit;
pub(in crate::web) mod callbacks;
mod checks;
mod forms;
mod handover;
mod incidents;
mod judged;
mod live;
mod names;
pub(in crate::web) mod notices;
mod people;
mod rules;
pub(in crate::web) mod said;
mod thread;
mod threads;
mod troubles;
mod words;

#[cfg(test)]
mod tests;

use axum::{Router, extract::State, response::Redirect, routing::get};

pub(in crate::web) use crate::desk::links::thread_url;

use super::{
    Parts,
    account::session::SignedIn,
    pages::{Frame, PageError, Section},
};
use crate::{
    domain::{
        account::Role,
        ids::{ChannelName, DeskName, ThreadKey},
        time::Timestamp,
    },
    rules::Rules,
    store::rows::desk::{Eyes, Sight},
};

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
        .route("/", get(home))
        .route("/desk", get(async || Redirect::to("/desk/callbacks")))
        .merge(audit::routes())
        .merge(callbacks::routes())
        .merge(checks::routes())
        .merge(handover::routes())
        .merge(incidents::routes())
        .merge(notices::routes())
        .merge(people::routes())
        .merge(threads::routes())
        .merge(thread::routes())
        .merge(rules::routes())
        .merge(live::routes())
}

async fn home(State(parts): State<Parts>) -> Redirect {
    Redirect::to(if parts.is_demo { "/demo" } else { "/desk" })
}

/// Whether an account works a desk. One that the rules no longer name is everybody's who works all
/// others, so that nothing on it is lost.
pub(in crate::web) fn works(rules: &Rules, by: &SignedIn, desk: &DeskName) -> bool {
    match rules.desks.get(desk) {
        Some(desk) => desk.is_worked_by(&by.name, by.role),
        None => works_everything(rules, by),
    }
}

fn works_everything(rules: &Rules, by: &SignedIn) -> bool {
    by.role > Role::Agent
        || rules
            .desks
            .values()
            .all(|desk| desk.is_worked_by(&by.name, by.role))
}

/// What an account may see, of those channels.
pub(in crate::web) fn sight<'a>(
    rules: &Rules,
    channels: impl Iterator<Item = &'a ChannelName>,
    by: &SignedIn,
) -> Sight {
    if works_everything(rules, by) {
        return Sight::default();
    }
    let channels = channels.filter(|channel| works(rules, by, &rules.policy(channel).desk));
    let desks = rules.desks.keys().filter(|desk| works(rules, by, desk));
    Sight {
        channels: Some(channels.cloned().collect()),
        desks: Some(desks.cloned().collect()),
        eyes: None,
    }
}

/// What an account may see now.
pub(in crate::web) fn sight_now(parts: &Parts, by: &SignedIn) -> Sight {
    let rules = &parts.engine.rules().rules;
    let channels = parts.settings.channels.keys();
    Sight {
        eyes: Some(eyes(by, parts.clock.now())),
        ..sight(rules, channels, by)
    }
}

/// The eyes of an account: what was for another alone is for supervisors once its time is over.
pub(in crate::web) fn eyes(by: &SignedIn, now: Timestamp) -> Eyes {
    Eyes {
        account: by.name.clone(),
        others_until: (by.role > Role::Agent).then_some(now),
    }
}

/// Whether an account may see a thread: it works its channel's desk, or one that a callback of it is
/// on.
pub(in crate::web) fn may_see<'a>(
    rules: &Rules,
    by: &SignedIn,
    thread: &ThreadKey,
    mut callbacks: impl Iterator<Item = &'a DeskName>,
) -> bool {
    works(rules, by, &rules.policy(&thread.channel).desk)
        || callbacks.any(|desk| works(rules, by, desk))
}

/// The frame around a page of the desk: with how much there is to do.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::web) async fn frame(
    parts: &Parts,
    by: &SignedIn,
    section: Section,
) -> Result<Frame, PageError> {
    let sight = sight_now(parts, by);
    let store = parts.engine.store();
    let checks = match by.may_check() {
        true => Some(store.forms_to_check_count(sight.clone()).await?),
        false => None,
    };
    let counts = store.desk_counts(by.name.clone(), sight);
    Ok(Frame {
        counts: counts.await?,
        checks,
        ..by.frame(section)
    })
}

/// Whether an account may see a thread that is known by its key alone.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::web) async fn may_look(
    parts: &Parts,
    by: &SignedIn,
    key: &ThreadKey,
) -> Result<bool, PageError> {
    let rules = &parts.engine.rules().rules;
    if may_see(rules, by, key, std::iter::empty()) {
        return Ok(true);
    }
    let thread = parts.engine.store().desk_thread(key.clone(), None, 1);
    let thread = thread.await?;
    Ok(thread.is_some_and(|thread| {
        let desks = thread.callbacks.iter().map(|callback| &callback.desk);
        may_see(rules, by, key, desks)
    }))
}
