//! Telegram: customers who write to the bot, in a watched group, or to a Business account; and the bot
//! itself, with which the desk speaks too. What is an agent's is handed to the desk unread.

mod bot;
mod buttons;
mod customers;
mod deliver;
mod failure;
mod groups;
mod links;
mod normalise;
mod pace;
mod presses;
mod route;
mod updates;
mod wire;

use std::{sync::Arc, time::Duration};

pub use bot::{Bot, BotError, Turn};
pub use deliver::Deliver;
pub use failure::Failure;
pub use groups::Roster;
pub use pace::Lane;
use teloxide::{
    payloads::GetMe,
    types::{Me, Update},
};
pub use updates::{Hook, Parts, Source, receive};

use crate::engine::{BoxFuture, EngineError};

/// Takes the updates that are the agents': what they press, command and answer. An error means that
/// nothing of it is kept, and that the update is brought again.
pub trait Agents: Send + Sync {
    /// Telegram answers, and nothing was taken yet.
    fn begin(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Takes one update.
    fn take<'a>(&'a self, update: &'a Update, me: &'a Me)
    -> BoxFuture<'a, Result<(), EngineError>>;
}

/// Agents who take nothing: there is no desk.
#[derive(Debug)]
pub struct NoAgents;

impl Agents for NoAgents {
    fn take<'a>(&'a self, _: &'a Update, _: &'a Me) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async { Ok(()) })
    }
}

/// How long whoever starts Ringback waits for the bot's name.
const NAMED_WITHIN: Duration = Duration::from_secs(5);

/// The bot's name, without the `@`; `None`: Telegram does not say it soon.
pub async fn name(bot: &Bot) -> Option<String> {
    let me = bot.ask_within(GetMe::new(), NAMED_WITHIN).await.ok()?;
    me.user.username
}

/// Whoever takes the agents' updates.
pub type SharedAgents = Arc<dyn Agents>;
