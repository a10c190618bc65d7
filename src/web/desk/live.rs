//! Tells an open page of the desk that something has changed, and that a customer is typing. Says
//! never what: the page loads itself again, and thereby sees what its viewer may see.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures_util::stream;
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};

use super::{Parts, SignedIn, may_look};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, ThreadId, ThreadKey},
        message::Party,
    },
    engine::{Look, News},
    web::{
        limits::{Place, Places},
        pages::PageError,
    },
};

/// The line says something at least this often, so that nothing between closes it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Changes closer together than this are told as one.
const COALESCE: Duration = Duration::from_millis(500);

/// How often it is looked whether the viewer is still signed in.
const CHECK: Duration = Duration::from_secs(30);

/// How many pages of one account are told of changes at once. Browsers hold six at most, and those
/// in the background none.
const PAGES_AN_ACCOUNT: u32 = 64;

/// The stream.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/live", get(live))
        .layer(Extension(OpenPages(Arc::new(Places::new(
            PAGES_AN_ACCOUNT,
        )))))
}

/// How many open pages each account has.
#[derive(Debug, Clone)]
struct OpenPages(Arc<Places<AccountName>>);

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    /// `CHANNEL/THREAD`: tell when its customer types.
    thread: Option<String>,
}

async fn live(
    State(parts): State<Parts>,
    by: SignedIn,
    Extension(open): Extension<OpenPages>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let place = open.0.take(by.name.clone()).ok_or_else(too_many)?;
    let thread = match asked.thread {
        Some(thread) => Some(seen(&parts, &by, &thread).await?),
        None => None,
    };
    let mut check = tokio::time::interval_at(Instant::now() + CHECK, CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watching = Watching {
        changes: parts.engine.desk_changes(),
        look: thread.as_ref().map(|thread| parts.engine.look_at(thread)),
        thread,
        by,
        parts,
        check,
        told: None,
        _place: place,
    };
    let events = stream::unfold(watching, Watching::next);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // A proxy that buffers would hold the news back.
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], sse).into_response())
}

/// The thread that the address names, if the account may see it.
async fn seen(parts: &Parts, by: &SignedIn, thread: &str) -> Result<ThreadKey, PageError> {
    let key = key(thread).ok_or_else(PageError::not_understood)?;
    if !may_look(parts, by, &key).await? {
        return Err(PageError::not_found());
    }
    Ok(key)
}

fn too_many() -> PageError {
    PageError {
        status: StatusCode::TOO_MANY_REQUESTS,
        message: "Too many pages of this account are open. Close some.".to_owned(),
    }
}

fn key(thread: &str) -> Option<ThreadKey> {
    let (channel, thread) = thread.split_once('/')?;
    Some(ThreadKey {
        channel: ChannelName::parse(channel).ok()?,
        thread: ThreadId::parse(thread).ok()?,
    })
}

/// One open page.
struct Watching {
    parts: Parts,
    /// Who opened it.
    by: SignedIn,
    /// The thread that it shows.
    thread: Option<ThreadKey>,
    changes: watch::Receiver<u64>,
    look: Option<Look>,
    check: tokio::time::Interval,
    /// When a change was last told.
    told: Option<Instant>,
    _place: Place<AccountName>,
}

/// What wakes an open page.
enum Woken {
    Changed,
    Typing,
    Check,
    End,
}

impl Watching {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            match self.wait().await {
                Woken::Changed => {
                    self.told = Some(Instant::now());
                    return Some((Ok(event("changed")), self));
                }
                Woken::Typing => {
                    return Some((Ok(event("typing")), self));
                }
                Woken::Check if self.may_go_on().await => {}
                Woken::Check | Woken::End => return None,
            }
        }
    }

    async fn wait(&mut self) -> Woken {
        let Self {
            parts,
            changes,
            look,
            check,
            told,
            ..
        } = self;
        let changed = async {
            if let Some(told) = *told {
                tokio::time::sleep_until(told + COALESCE).await;
            }
            changes.changed().await
        };
        tokio::select! {
            () = parts.stopping.cancelled() => Woken::End,
            changed = changed => changed.map_or(Woken::End, |()| Woken::Changed),
            () = customer_types(look) => Woken::Typing,
            _ = check.tick() => Woken::Check,
        }
    }

    /// Whether the viewer is still signed in and may still see what the page shows. If not, the
    /// page finds out why when it comes back.
    async fn may_go_on(&self) -> bool {
        let Ok(Some(by)) = self.by.still(&self.parts).await else {
            return false;
        };
        match &self.thread {
            Some(thread) => may_look(&self.parts, &by, thread).await.unwrap_or(false),
            None => true,
        }
    }
}

/// An event that says no more than its name. Browsers drop one without data (HTML, "server-sent
/// events", dispatching), so it is said twice.
fn event(name: &str) -> Event {
    Event::default().event(name).data(name)
}

/// Resolves when the customer types; never, where no thread is looked at.
async fn customer_types(look: &mut Option<Look>) {
    let Some(look) = look else {
        return std::future::pending().await;
    };
    while look.news().await != News::Typing(Party::Customer) {}
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_threads_id_may_hold_slashes() {
        let key = key("x/a/b").expect("a key");
        assert_eq!((key.channel.as_str(), key.thread.as_str()), ("x", "a/b"));
    }

    #[test]
    fn what_names_no_thread_is_none() {
        for bad in ["", "x", "x/", "/t", "X/t"] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }
}
