//! One request to the Bot API (<https://core.telegram.org/bots/api>): teloxide's types for what is asked
//! and answered, our own sending, so that every answer has one meaning and none makes us sleep. Never
//! logs an address, which holds the token, nor what is sent.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{Client, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use teloxide::{requests::Payload, types::ChatId};

use super::{
    failure::{self, Failure},
    pace::{Lane, Pace, later},
    wire,
};
use crate::{engine::Clock, settings::TelegramSettings};

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a request may take that does not wait for updates.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How long a message that an agent waits for may wait for its turn.
const LONGEST_TURN: Duration = Duration::from_secs(10);

/// Why there is no bot.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// The HTTP client cannot be built; TLS says why.
    #[error("the Telegram bot cannot be reached: {0}")]
    Client(#[from] reqwest::Error),
}

/// The bot. Cheap to clone.
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

struct Inner {
    client: Client,
    api_url: Url,
    token: SecretString,
    pace: Pace,
    clock: Clock,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bot")
    }
}

/// Whose turn it is to write to a chat: the outbox's item, so that it keeps its turn while it waits.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The chat.
    pub chat: ChatId,
    /// The item's key.
    pub item: &'a str,
    /// Whether it can wait.
    pub lane: Lane,
}

/// An answer of the Bot API.
#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<failure::Parameters>,
}

impl Bot {
    /// The bot of the settings. Asks nothing yet.
    ///
    /// # Errors
    /// When TLS cannot be used.
    pub fn new(settings: &TelegramSettings, clock: Clock) -> Result<Self, BotError> {
        let client = Client::builder()
            .user_agent(concat!("ringback/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .build()?;
        let pace = Pace::new(
            settings.messages_per_second,
            settings.group_messages_per_minute,
        );
        Ok(Self(Arc::new(Inner {
            client,
            api_url: settings.api_url.clone(),
            token: settings.token.clone(),
            pace,
            clock,
        })))
    }

    /// Writes to a chat for an item of the outbox: now, or not yet.
    ///
    /// # Errors
    /// [`Failure::Later`] when it is not this item's turn; else what came of it.
    pub async fn send<P>(&self, turn: Turn<'_>, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let now = self.0.clock.now();
        let turns = &self.0.pace;
        turns
            .take(turn.chat, turn.item, turn.lane, now)
            .map_err(Failure::Later)?;
        self.write(turn.chat, payload).await
    }

    /// Writes to a chat for somebody who waits for it, as soon as it may.
    ///
    /// # Errors
    /// [`Failure::Later`] when that would take too long; else what came of it.
    pub async fn say<P>(&self, chat: ChatId, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let item = format!("say {:x}", rand::random::<u128>());
        let (pace, clock) = (&self.0.pace, &self.0.clock);
        let longest = later(clock.now(), LONGEST_TURN);
        while let Err(wait) = pace.take(chat, &item, Lane::First, clock.now()) {
            let turn = later(clock.now(), wait);
            if turn > longest {
                pace.leave(&item);
                return Err(Failure::Later(wait));
            }
            clock.sleep_until(turn).await;
        }
        self.write(chat, payload).await
    }

    /// Writes to a chat, whose turn it is. If Telegram wants nothing more there, nobody writes there for
    /// a while.
    async fn write<P>(&self, chat: ChatId, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let done = self.ask(payload).await;
        if let Err(Failure::Later(after)) = &done {
            self.0.pace.hold(chat, *after, self.0.clock.now());
        }
        done
    }

    /// Asks for something that is no new message: an edit, a deletion, an answer to a button.
    ///
    /// # Errors
    /// What came of it.
    pub async fn ask<P>(&self, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        self.ask_within(payload, ANSWER_WITHIN).await
    }

    /// Asks for something that may take longer.
    ///
    /// # Errors
    /// What came of it.
    pub async fn ask_within<P>(&self, payload: P, within: Duration) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        self.ask_as(payload, within).await
    }

    /// Asks for something and reads the answer in another way than its type says.
    ///
    /// # Errors
    /// What came of it.
    pub(super) async fn ask_as<P, T>(&self, payload: P, within: Duration) -> Result<T, Failure>
    where
        P: Payload + Serialize,
        T: DeserializeOwned,
    {
        let body =
            serde_json::to_vec(&payload).map_err(|_| Failure::Refused("cannot be written"))?;
        let sent = self
            .0
            .client
            .post(self.address(P::NAME)?)
            .timeout(within)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await;
        let response = sent.map_err(|error| failure::of_error(&error))?;
        let status = response.status();
        let bytes = response
            .bytes()
            .await
            .map_err(|error| failure::of_error(&error))?;
        let Some(answer) = wire::read_answer::<Answer<T>>(&bytes) else {
            return Err(failure::of_unreadable(status));
        };
        match answer.result {
            Some(result) if answer.ok => Ok(result),
            _ => Err(failure::of_answer(
                answer.error_code.unwrap_or(status.as_u16()),
                answer.description.as_deref().unwrap_or_default(),
                answer.parameters,
            )),
        }
    }

    /// A method's address. It holds the token: never to be shown.
    fn address(&self, method: &str) -> Result<Url, Failure> {
        let mut url = self.0.api_url.clone();
        let token = format!("bot{}", self.0.token.expose_secret());
        url.path_segments_mut()
            .map_err(|()| Failure::Refused("the Bot API's address is no address"))?
            .pop_if_empty()
            .extend([token.as_str(), method]);
        Ok(url)
    }
}

#[cfg(test)]
mod tests;
