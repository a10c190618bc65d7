//! What the chat page is told: its lines, one by one and each once, and that we are typing.
//!
//! Server-sent events that a script reads (`EventSource` sends no headers, and the token must stand
//! in one). `Last-Event-ID` says which line the page has; those after it come.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{access::Chat, lines::Line, restraint::Restraint};
use crate::{
    domain::{
        ids::ThreadKey,
        message::Party,
        time::{Length, Timestamp, more_than},
    },
    engine::{Look, News},
    store::{Reads, StoreError, rows::webchat::ChatLine},
    web::{Parts, api::problem::Problem, caller::Caller, limits::Place},
};

/// How many lines are read at once.
const LINES_AT_ONCE: u32 = 100;

/// How often something is said on a silent connection: the page takes it for dead otherwise, and so
/// do proxies.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// How exactly it is known when a chat's page last connected.
const SEEN_WITHIN: Length = Length::hours(1);

/// Keeps nginx from holding events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What comes first on every connection.
#[derive(Debug, Serialize)]
struct Desk {
    /// When the desk opens; null if it is open.
    opens_at: Option<Timestamp>,
}

/// Tells the page what is new, until it leaves or Ringback stops.
pub(super) async fn stream(
    State(parts): State<Parts>,
    Extension(restraint): Extension<Arc<Restraint>>,
    Chat(chat): Chat,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let places = restraint.stream(chat.id, caller)?;
    let now = parts.clock.now();
    if more_than(SEEN_WITHIN, chat.seen_at, now) {
        // Nobody waits for it; a database that cannot be written is told of elsewhere.
        drop(parts.engine.chat_seen(chat.id).await);
    }
    let told = Told {
        // Before anything is read, so that nothing falls between.
        look: parts.engine.look_at(&chat.thread),
        reads: parts.engine.store().clone(),
        first: desk_event(&parts, &chat.thread, now),
        last: last_event(&headers),
        thread: chat.thread,
        ready: VecDeque::new(),
        may_be_more: true,
        stopping: parts.stopping,
        _places: places,
    };
    let events = stream::unfold(told, |mut told| async {
        let event = told.next().await?;
        Some((Ok::<_, Infallible>(event), told))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE));
    let unbuffered = [(X_ACCEL_BUFFERING, HeaderValue::from_static("no"))];
    Ok((unbuffered, sse).into_response())
}

/// The line that the page has; 0 for none.
fn last_event(headers: &HeaderMap) -> i64 {
    let last = headers.get("last-event-id");
    let last = last.and_then(|last| last.to_str().ok()?.parse().ok());
    last.unwrap_or_default()
}

fn desk_event(parts: &Parts, thread: &ThreadKey, now: Timestamp) -> Option<Event> {
    let opens_at = super::page::opens_at(&parts.engine.rules().rules, &thread.channel, now);
    json_event("desk", &Desk { opens_at })
}

/// One connection.
struct Told {
    look: Look,
    reads: Reads,
    thread: ThreadKey,
    first: Option<Event>,
    /// The newest line that was told.
    last: i64,
    /// Lines that were read and not yet told.
    ready: VecDeque<ChatLine>,
    /// The database may have more than is ready.
    may_be_more: bool,
    stopping: CancellationToken,
    _places: (Place<i64>, Place<Caller>),
}

impl Told {
    /// The next event; `None` ends the connection, and the page makes a new one.
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            if let Some(line) = self.ready.pop_front() {
                self.last = line.id;
                let line = Line::from(line);
                return json_event("line", &line).map(|event| event.id(line.id.to_string()));
            }
            if self.may_be_more {
                if let Err(error) = self.read().await {
                    tracing::error!(%error, "a chat's lines cannot be read; its page comes back");
                    return None;
                }
                continue;
            }
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => return None,
                news = self.look.news() => match news {
                    News::Changed => self.may_be_more = true,
                    News::Typing(Party::Agent) => return Some(typing()),
                    News::Typing(Party::Customer | Party::Bot) => {}
                },
            }
        }
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        let lines = self
            .reads
            .chat_lines(self.thread.clone(), self.last, LINES_AT_ONCE)
            .await?;
        self.may_be_more = u32::try_from(lines.len()).is_ok_and(|count| count >= LINES_AT_ONCE);
        self.ready = lines.into();
        Ok(())
    }
}

fn typing() -> Event {
    Event::default().event("typing").data("{}")
}

fn json_event(name: &str, data: &impl Serialize) -> Option<Event> {
    // Strings, numbers and times always have a place in JSON.
    Event::default().event(name).json_data(data).ok()
}
