//! Telegram's updates, asked for or brought. Each is kept before Telegram is told so; a kill at any
//! instant loses none, and what comes twice is known by its key.

mod backoff;
mod polling;
mod status;
mod taking;
mod webhook;

use std::sync::Arc;

use backoff::Backoff;
use reqwest::Url;
use secrecy::SecretString;
use status::Status;
use taking::Taker;
use teloxide::{
    payloads::GetMe,
    types::{AllowedUpdate, Me},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Bot, Roster, SharedAgents};
use crate::{
    engine::{Clock, Handle, inbox::Delivery},
    settings::Settings,
};

/// What we want to hear of.
const WANTED: &[AllowedUpdate] = &[
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::MessageReaction,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::ChatMember,
    AllowedUpdate::BusinessConnection,
    AllowedUpdate::BusinessMessage,
    AllowedUpdate::EditedBusinessMessage,
    AllowedUpdate::DeletedBusinessMessages,
];

/// What updates are taken with.
pub struct Parts {
    /// The bot.
    pub bot: Bot,
    /// Takes what customers write.
    pub engine: Handle,
    /// Takes what agents do.
    pub agents: SharedAgents,
    /// Who runs the groups that are watched.
    pub roster: Roster,
    /// Which channels there are.
    pub settings: Arc<Settings>,
    /// Tells the time.
    pub clock: Clock,
}

/// How updates come.
#[derive(Debug)]
pub enum Source {
    /// Ringback asks for them.
    Polling,
    /// Telegram brings them.
    Webhook(Hook),
}

/// Where Telegram brings updates.
#[derive(Debug)]
pub struct Hook {
    /// The address that Telegram is given.
    pub address: Url,
    /// What Telegram says with each delivery.
    pub secret: SecretString,
    /// What is brought there. It ends once the server has stopped.
    pub deliveries: mpsc::Receiver<Delivery>,
}

/// Has updates taken until told to stop; then what came is taken still, and Telegram is told so.
pub async fn receive(parts: Parts, source: Source, stopping: CancellationToken) {
    let parts = Arc::new(parts);
    let mut status = Status::new(parts.engine.clone(), parts.clock.clone());
    let me = who_am_i(&parts.bot, &mut status);
    let Some(me) = stopping.run_until_cancelled(me).await else {
        return;
    };
    if let Some(name) = &me.user.username {
        parts.engine.set_bot_name(name);
    }
    let begun = parts.agents.begin();
    if stopping.run_until_cancelled(begun).await.is_none() {
        return;
    }
    let bot = parts.bot.clone();
    let taker = Taker::new(parts, me);
    match source {
        Source::Polling => polling::run(&bot, taker, status, &stopping).await,
        Source::Webhook(hook) => webhook::run(&bot, taker, status, hook, &stopping).await,
    }
}

async fn who_am_i(bot: &Bot, status: &mut Status) -> Me {
    let mut backoff = Backoff::default();
    loop {
        match bot.ask(GetMe::new()).await {
            Ok(me) => {
                status.worked();
                return me;
            }
            Err(failure) => {
                status.failed(&failure);
                tokio::time::sleep(backoff.after(&failure)).await;
            }
        }
    }
}
