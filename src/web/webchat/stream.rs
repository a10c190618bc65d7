//! What the chat page is told: its lines, one by one and each once, which of them have changed, and
//! that we are typing.
//!
//! Server-sent events that a script reads (`EventSource` sends no headers, and the token must stand
//! in one). `Last-Event-ID` says which line the page has, and which change; what came after them
//! comes. A changed line may be told twice: it replaces itself.

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
        seen: Seen::of(&headers),
        thread: chat.thread,
        changed: VecDeque::new(),
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

/// What the page has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    /// Its newest line; 0 for none.
    line: i64,
    /// The newest change of its lines; 0 for none.
    change: i64,
}

impl Seen {
    fn of(headers: &HeaderMap) -> Self {
        let last = headers.get("last-event-id");
        let last = last.and_then(|last| last.to_str().ok());
        last.and_then(Self::parse).unwrap_or_default()
    }

    /// A line's number, and a change's behind a dot.
    fn parse(id: &str) -> Option<Self> {
        let (line, change) = id.split_once('.').unwrap_or((id, "0"));
        Some(Self {
            line: line.parse().ok()?,
            change: change.parse().ok()?,
        })
    }

    fn event_id(self) -> String {
        match self.change {
            0 => self.line.to_string(),
            change => format!("{}.{change}", self.line),
        }
    }
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
    /// What was told.
    seen: Seen,
    /// Changed lines that were read and not yet told.
    changed: VecDeque<ChatLine>,
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
            if let Some(line) = self.changed.pop_front() {
                self.seen.change = line.change;
                return line_event("changed", line, self.seen);
            }
            if let Some(line) = self.ready.pop_front() {
                self.seen.line = line.id;
                return line_event("line", line, self.seen);
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
        let Seen { line, change } = self.seen;
        let changed = self
            .reads
            .changed_chat_lines(self.thread.clone(), change, line, LINES_AT_ONCE)
            .await?;
        let lines = self
            .reads
            .chat_lines(self.thread.clone(), line, LINES_AT_ONCE)
            .await?;
        let most = LINES_AT_ONCE as usize;
        self.may_be_more = changed.len() >= most || lines.len() >= most;
        self.changed = changed.into();
        self.ready = lines.into();
        Ok(())
    }
}

fn line_event(name: &str, line: ChatLine, seen: Seen) -> Option<Event> {
    json_event(name, &Line::from(line)).map(|event| event.id(seen.event_id()))
}

fn typing() -> Event {
    Event::default().event("typing").data("{}")
}

fn json_event(name: &str, data: &impl Serialize) -> Option<Event> {
    // Strings, numbers and times always have a place in JSON.
    Event::default().event(name).json_data(data).ok()
}
