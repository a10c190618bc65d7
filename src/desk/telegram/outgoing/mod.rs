//! What agents are shown in Telegram: cards, relayed messages, notices, the queue, incidents. Each time
//! it draws what stands now and changes what stands in the chat, so that a repetition does no harm.

mod relay;

use std::{sync::Arc, time::Duration};

use crate::{
    channels::telegram::Bot,
    engine::{Attempt, BoxFuture, Clock, Destination, Handle, OutboxEvent, OutboxItem},
    settings::Settings,
};

/// How many things may be under way at once; those of one thread go one by one.
const CONCURRENCY: usize = 16;
/// How long one may take: several requests.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Shows agents what there is.
#[derive(Debug)]
pub struct Outgoing {
    bot: Bot,
    settings: Arc<Settings>,
    clock: Clock,
}

impl Outgoing {
    /// Shows it with this bot.
    #[must_use]
    pub const fn new(bot: Bot, settings: Arc<Settings>, clock: Clock) -> Self {
        Self {
            bot,
            settings,
            clock,
        }
    }
}

impl Destination for Outgoing {
    fn name(&self) -> &'static str {
        "telegram-desk"
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        match event {
            OutboxEvent::Decision(_) | OutboxEvent::Changed(_) => self.wants_relayed(event),
            OutboxEvent::Callback(_) => true,
            _ => false,
        }
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

    fn send<'a>(&'a self, item: &'a OutboxItem, engine: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            match &item.event {
                OutboxEvent::Decision(_) | OutboxEvent::Changed(_) => {
                    self.relay(item, engine).await
                }
                _ => Attempt::from(Ok(())),
            }
        })
    }
}
