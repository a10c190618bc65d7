//! How much one customer may do: so that nobody can fill the desk or hold all connections.

use std::{
    collections::{HashMap, hash_map::Entry},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    settings::WebchatSettings,
    store::rows::webchat::ChatId,
    web::{
        api::problem::Problem,
        caller::Caller,
        limits::{Limiter, TooOften},
    },
};

/// How many messages a chat may send in a minute.
const MESSAGES_A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// How many connections may show one chat: a few tabs, and those that have died unnoticed.
const STREAMS_A_CHAT: u32 = 8;

/// When to come back where all connections of a chat are taken.
const STREAM_RETRY_AFTER: Duration = Duration::from_secs(10);

/// Counts what customers do.
#[derive(Debug)]
pub(super) struct Restraint {
    starts: Limiter<Caller>,
    messages: Limiter<i64>,
    typing: Limiter<i64>,
    streams: Arc<Mutex<HashMap<i64, u32>>>,
}

impl Restraint {
    pub(super) fn new(settings: &WebchatSettings) -> Self {
        Self {
            starts: Limiter::new(settings.new_threads_per_hour, Duration::from_secs(3_600)),
            messages: Limiter::new(MESSAGES_A_MINUTE, Duration::from_secs(60)),
            typing: Limiter::new(NonZeroU32::MIN, Duration::from_secs(1)),
            streams: Arc::default(),
        }
    }

    /// Counts a new chat.
    ///
    /// # Errors
    /// 429 when this caller has started too many.
    pub(super) fn start(&self, caller: Caller) -> Result<(), Problem> {
        let why = "too many new chats from this address; try again later";
        self.starts.count(&caller).map_err(problem(why))
    }

    /// Counts a message.
    ///
    /// # Errors
    /// 429 when this chat has sent too many.
    pub(super) fn message(&self, chat: ChatId) -> Result<(), Problem> {
        let why = "too many messages in a minute; send this one again later";
        self.messages.count(&chat.0).map_err(problem(why))
    }

    /// Whether it may be told again that this chat's customer is typing.
    pub(super) fn may_tell_typing(&self, chat: ChatId) -> bool {
        self.typing.count(&chat.0).is_ok()
    }

    /// Takes a connection until the place is dropped.
    ///
    /// # Errors
    /// 429 when this chat has too many.
    pub(super) fn stream(&self, chat: ChatId) -> Result<Place, Problem> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let open = streams.entry(chat.0).or_default();
        if *open >= STREAMS_A_CHAT {
            let why = "too many windows show this chat; close one";
            return Err(Problem::busy(why).retry_after(STREAM_RETRY_AFTER));
        }
        *open += 1;
        Ok(Place {
            chat,
            streams: Arc::clone(&self.streams),
        })
    }
}

/// One connection of a chat.
#[derive(Debug)]
pub(super) struct Place {
    chat: ChatId,
    streams: Arc<Mutex<HashMap<i64, u32>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut open) = streams.entry(self.chat.0) {
            *open.get_mut() -= 1;
            if *open.get() == 0 {
                open.remove();
            }
        }
    }
}

fn problem(why: &'static str) -> impl Fn(TooOften) -> Problem {
    move |too_often| Problem::busy(why).retry_after(too_often.retry_after)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Caller, ChatId, Restraint, STREAMS_A_CHAT, WebchatSettings};

    fn ip(text: &str) -> Caller {
        Caller::new(text.parse().expect("an address"), &HeaderMap::new())
    }

    #[test]
    fn one_address_starts_a_few_chats_and_others_are_not_held_up_by_it() {
        let restraint = Restraint::new(&WebchatSettings::default());
        let most = WebchatSettings::default().new_threads_per_hour.get();
        assert!((0..most).all(|_| restraint.start(ip("10.0.0.1")).is_ok()));
        assert!(restraint.start(ip("10.0.0.1")).is_err());
        assert!(restraint.start(ip("10.0.0.2")).is_ok());
    }

    #[test]
    fn a_chat_has_a_few_connections_and_a_closed_one_makes_room() {
        let restraint = Restraint::new(&WebchatSettings::default());
        let chat = ChatId(1);
        let mut open: Vec<_> = (0..STREAMS_A_CHAT)
            .map(|_| restraint.stream(chat).expect("room"))
            .collect();
        assert!(restraint.stream(chat).is_err());
        assert!(restraint.stream(ChatId(2)).is_ok());
        open.pop();
        assert!(restraint.stream(chat).is_ok());
        drop(open);
        assert!(restraint.streams.lock().expect("whole").is_empty());
    }
}
