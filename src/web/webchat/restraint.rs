//! How much one customer may do: so that nobody can fill the desk or hold all connections.

use std::{num::NonZeroU32, time::Duration};

use crate::{
    settings::WebchatSettings,
    store::rows::webchat::ChatId,
    web::{
        api::problem::Problem,
        caller::Caller,
        limits::{Limiter, Place, Places, TooOften},
    },
};

/// How many messages a chat may send in a minute.
const MESSAGES_A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// How many links to forms a chat may ask for in an hour: each one takes the place of the one before.
const LINKS_AN_HOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// How often a chat may say whether calls helped in an hour: one that did not is told to the desk.
const TAPS_AN_HOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// How many connections may show one chat: a few tabs, and those that have died unnoticed.
const STREAMS_A_CHAT: u32 = 8;

/// How many chats one address may have open at once: an office, or a mobile provider's customers.
const STREAMS_AN_ADDRESS: u32 = 1_000;

/// When to come back where all connections are taken.
const STREAM_RETRY_AFTER: Duration = Duration::from_secs(10);

/// Counts what customers do.
#[derive(Debug)]
pub(super) struct Restraint {
    starts: Limiter<Caller>,
    messages: Limiter<i64>,
    typing: Limiter<i64>,
    links: Limiter<i64>,
    taps: Limiter<i64>,
    streams: Places<i64>,
    addresses: Places<Caller>,
}

impl Restraint {
    pub(super) fn new(settings: &WebchatSettings) -> Self {
        Self {
            starts: Limiter::new(settings.new_threads_per_hour, Duration::from_secs(3_600)),
            messages: Limiter::new(MESSAGES_A_MINUTE, Duration::from_secs(60)),
            typing: Limiter::new(NonZeroU32::MIN, Duration::from_secs(1)),
            links: Limiter::new(LINKS_AN_HOUR, Duration::from_secs(3_600)),
            taps: Limiter::new(TAPS_AN_HOUR, Duration::from_secs(3_600)),
            streams: Places::new(STREAMS_A_CHAT),
            addresses: Places::new(STREAMS_AN_ADDRESS),
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

    /// Counts a link to a form.
    ///
    /// # Errors
    /// 429 when this chat has asked for too many.
    pub(super) fn link(&self, chat: ChatId) -> Result<(), Problem> {
        let why = "the form was opened too often in an hour; try again later";
        self.links.count(&chat.0).map_err(problem(why))
    }

    /// Counts a tap on whether a call helped.
    ///
    /// # Errors
    /// 429 when this chat has tapped too often.
    pub(super) fn tap(&self, chat: ChatId) -> Result<(), Problem> {
        let why = "the answer was changed too often in an hour; try again later";
        self.taps.count(&chat.0).map_err(problem(why))
    }

    /// Whether it may be told again that this chat's customer is typing.
    pub(super) fn may_tell_typing(&self, chat: ChatId) -> bool {
        self.typing.count(&chat.0).is_ok()
    }

    /// Takes a connection until the places are dropped.
    ///
    /// # Errors
    /// 429 when this chat or its address has too many.
    pub(super) fn stream(
        &self,
        chat: ChatId,
        caller: Caller,
    ) -> Result<(Place<i64>, Place<Caller>), Problem> {
        let busy = |why| Problem::busy(why).retry_after(STREAM_RETRY_AFTER);
        let of_chat = self.streams.take(chat.0);
        let of_chat = of_chat.ok_or_else(|| busy("too many windows show this chat; close one"))?;
        let of_address = self.addresses.take(caller);
        let of_address = of_address.ok_or_else(|| busy("too many chats are open from here"))?;
        Ok((of_chat, of_address))
    }
}

fn problem(why: &'static str) -> impl Fn(TooOften) -> Problem {
    move |too_often| Problem::busy(why).retry_after(too_often.retry_after)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Caller, ChatId, Restraint, STREAMS_A_CHAT, STREAMS_AN_ADDRESS, WebchatSettings};

    fn from(address: &str) -> Caller {
        let address = address.parse().expect("an address");
        Caller::new(address, &HeaderMap::new(), &[])
    }

    #[test]
    fn one_address_starts_a_few_chats_and_others_are_not_held_up_by_it() {
        let restraint = Restraint::new(&WebchatSettings::default());
        let most = WebchatSettings::default().new_threads_per_hour.get();
        assert!((0..most).all(|_| restraint.start(from("10.0.0.1")).is_ok()));
        assert!(restraint.start(from("10.0.0.1")).is_err());
        assert!(restraint.start(from("10.0.0.2")).is_ok());
    }

    #[test]
    fn a_chat_and_an_address_have_a_few_connections_and_a_closed_one_makes_room() {
        let restraint = Restraint::new(&WebchatSettings::default());
        let (chat, here) = (ChatId(1), from("10.0.0.1"));
        let mut open: Vec<_> = (0..STREAMS_A_CHAT)
            .map(|_| restraint.stream(chat, here).expect("room"))
            .collect();
        assert!(restraint.stream(chat, from("10.0.0.2")).is_err());
        assert!(restraint.stream(ChatId(2), here).is_ok());
        open.pop();
        assert!(restraint.stream(chat, here).is_ok());
        let chats = i64::from(STREAMS_AN_ADDRESS);
        let many: Vec<_> = (10..10 + chats)
            .map_while(|chat| restraint.stream(ChatId(chat), from("10.0.0.3")).ok())
            .collect();
        assert_eq!(many.len(), usize::try_from(chats).expect("a number"));
        assert!(restraint.stream(ChatId(2), from("10.0.0.3")).is_err());
        assert!(restraint.stream(ChatId(2), here).is_ok());
    }
}
