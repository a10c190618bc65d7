//! Tells an open page of the desk that something has changed, and that a customer is typing. Says
//! never what: the page loads itself again, and thereby sees what its viewer may see.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::{FromRequestParts, Query, Request, State, rejection::QueryRejection},
    http::{HeaderName, request},
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
        ids::{ChannelName, ThreadId, ThreadKey},
        message::Party,
    },
    engine::{Look, News},
    web::pages::PageError,
};

/// The line says something at least this often, so that nothing between closes it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Changes closer together than this are told as one.
const COALESCE: Duration = Duration::from_millis(500);

/// How often it is looked whether the viewer is still signed in.
const CHECK: Duration = Duration::from_secs(30);

/// The stream.
pub(super) fn routes() -> Router<Parts> {
    Router::new().route("/desk/live", get(live))
}

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    /// `CHANNEL/THREAD`: tell when its customer types.
    thread: Option<String>,
}

async fn live(
    State(parts): State<Parts>,
    by: SignedIn,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let look = match asked.thread {
        Some(thread) => Some(look(&parts, &by, &thread).await?),
        None => None,
    };
    let (head, _) = request.into_parts();
    let mut check = tokio::time::interval_at(Instant::now() + CHECK, CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watching = Watching {
        changes: parts.engine.desk_changes(),
        look,
        head,
        parts,
        check,
        told: None,
    };
    let events = stream::unfold(watching, Watching::next);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // A proxy that buffers would hold the news back.
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], sse).into_response())
}

async fn look(parts: &Parts, by: &SignedIn, thread: &str) -> Result<Look, PageError> {
    let key = key(thread).ok_or_else(PageError::not_understood)?;
    if !may_look(parts, by, &key).await? {
        return Err(PageError::not_found());
    }
    Ok(parts.engine.look_at(&key))
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
    /// The request that opened the stream, to ask again whose it is.
    head: request::Parts,
    changes: watch::Receiver<u64>,
    look: Option<Look>,
    check: tokio::time::Interval,
    /// When a change was last told.
    told: Option<Instant>,
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
                Woken::Check if self.is_signed_in().await => {}
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

    async fn is_signed_in(&self) -> bool {
        let mut head = self.head.clone();
        let by = SignedIn::from_request_parts(&mut head, &self.parts).await;
        by.is_ok()
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
