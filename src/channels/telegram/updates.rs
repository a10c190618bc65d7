//! Gets updates and has them taken: the offset moves only after everything that came was committed, so
//! a kill at any instant loses none, and what comes twice is known by its key.

use std::{sync::Arc, time::Duration};

use teloxide::{
    payloads::{GetMe, GetUpdates},
    types::{AllowedUpdate, Me, Update},
};
use tokio_util::sync::CancellationToken;

use super::{
    Bot, Roster, SharedAgents, customers,
    failure::Failure,
    route::{Whose, whose},
};
use crate::{
    engine::{Clock, Handle, SubmitError},
    settings::Settings,
};

/// How long Telegram holds a request for updates open.
const WAIT: u32 = 50;
/// How long a request for updates may take.
const WAIT_WITHIN: Duration = Duration::from_secs(70);
/// The most updates at once; Telegram gives no more.
const MOST: u8 = 100;
/// How long to wait after something went wrong.
const PAUSE: Duration = Duration::from_secs(1);

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

/// Gets updates and has them taken until told to stop.
pub async fn receive(parts: Parts, stopping: CancellationToken) {
    let Some(me) = stopping.run_until_cancelled(who_am_i(&parts)).await else {
        return;
    };
    let mut offset = None;
    while !stopping.is_cancelled() {
        let Some(got) = stopping.run_until_cancelled(ask(&parts, offset)).await else {
            return;
        };
        match got {
            Ok(updates) => match take(&parts, &me, &updates).await {
                Ok(()) => offset = updates.last().map(|update| update.id.0).or(offset),
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn who_am_i(parts: &Parts) -> Me {
    loop {
        match parts.bot.ask(GetMe::new()).await {
            Ok(me) => return me,
            Err(error) => {
                tracing::warn!(%error, "the Telegram bot does not answer yet");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn ask(parts: &Parts, newest: Option<u32>) -> Result<Vec<Update>, Failure> {
    let mut request = GetUpdates::new();
    request.offset = newest.and_then(|newest| i32::try_from(newest).ok()?.checked_add(1));
    request.limit = Some(MOST);
    request.timeout = Some(WAIT);
    request.allowed_updates = Some(WANTED.to_vec());
    parts.bot.ask_within(request, WAIT_WITHIN).await
}

/// Has updates taken in their order; those of customers that follow each other together.
async fn take(parts: &Parts, me: &Me, updates: &[Update]) -> Result<(), SubmitError> {
    let directory = parts.engine.directory();
    let is_ours = |update: &Update| whose(update, &directory) == Whose::Agents;
    for together in updates.chunk_by(|one, next| !is_ours(one) && !is_ours(next)) {
        match together {
            [one] if is_ours(one) => parts.agents.take(one, me).await?,
            all => customers::take(parts, me, all).await?,
        }
    }
    Ok(())
}
