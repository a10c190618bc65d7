//! Asks for updates. The offset, which tells Telegram what it may forget, moves only after everything
//! before it was taken.

use std::time::Duration;

use serde_json::value::RawValue;
use teloxide::payloads::{DeleteWebhook, GetUpdates};
use tokio_util::sync::CancellationToken;

use super::{
    super::{Bot, failure::Failure, pace::later},
    WANTED,
    backoff::Backoff,
    status::Status,
    taking::{Arrived, Pause, Taker},
};

/// How long Telegram holds a request for updates open.
const WAIT: u32 = 50;
/// How long such a request may take.
const WAIT_WITHIN: Duration = Duration::from_secs(65);
/// The most updates at once; Telegram gives no more.
const MOST: u8 = 100;
/// An answer that came sooner and brought nothing is none of Telegram's: it would be asked for again at
/// once, and so on.
const IN_VAIN: Duration = Duration::from_secs(1);
/// How long telling Telegram may take at the end.
const CONFIRM_WITHIN: Duration = Duration::from_secs(2);

/// Takes updates until told to stop.
pub(super) async fn run(
    bot: &Bot,
    mut taker: Taker,
    mut status: Status,
    stopping: &CancellationToken,
) {
    let mut backoff = Backoff::default();
    let mut newest = None;
    loop {
        let (asked_at, before) = (status.now(), newest);
        let asked = ask(bot, newest, WAIT, WAIT_WITHIN);
        let Some(got) = stopping.run_until_cancelled(asked).await else {
            break;
        };
        let wait = match got {
            Ok(updates) => {
                status.worked();
                let wait = take(&mut taker, &mut backoff, updates, &mut newest).await;
                let is_vain = newest == before && later(asked_at, IN_VAIN) > status.now();
                wait.or(is_vain.then_some(IN_VAIN))
            }
            Err(failure) => {
                status.failed(&failure);
                if failure == Failure::WebhookSet {
                    forget_webhook(bot, &mut status).await;
                }
                Some(backoff.after(&failure))
            }
        };
        let Some(wait) = wait else { continue };
        let waited = stopping.run_until_cancelled(tokio::time::sleep(wait));
        if waited.await.is_none() {
            break;
        }
    }
    confirm(bot, newest).await;
}

/// Takes what came. How long to wait before all of it is asked for again, if not all was taken.
async fn take(
    taker: &mut Taker,
    backoff: &mut Backoff,
    updates: Vec<Arrived>,
    newest: &mut Option<u32>,
) -> Option<Duration> {
    let last = updates.iter().filter_map(|arrived| arrived.id).next_back();
    match taker.take(updates).await {
        Ok(()) => {
            backoff.reset();
            *newest = last.or(*newest);
            None
        }
        Err(Pause::For(busy)) => Some(busy),
        Err(Pause::Failed) => Some(backoff.next()),
    }
}

async fn ask(
    bot: &Bot,
    newest: Option<u32>,
    wait: u32,
    within: Duration,
) -> Result<Vec<Arrived>, Failure> {
    let mut request = GetUpdates::new();
    request.offset = newest.and_then(after);
    request.limit = Some(MOST);
    request.timeout = Some(wait);
    request.allowed_updates = Some(WANTED.to_vec());
    let updates: Vec<Box<RawValue>> = bot.ask_as(request, within).await?;
    Ok(updates
        .iter()
        .map(|update| Arrived::read(update.get()))
        .collect())
}

fn after(newest: u32) -> Option<i32> {
    i32::try_from(newest).ok()?.checked_add(1)
}

/// Updates go to a webhook that somebody has set, perhaps Ringback itself before its settings changed.
/// What waits for it is kept.
async fn forget_webhook(bot: &Bot, status: &mut Status) {
    match bot.ask(DeleteWebhook::new()).await {
        Ok(_) => tracing::info!("a webhook was set for this bot; Ringback asks for updates now"),
        Err(failure) => status.failed(&failure),
    }
}

/// Tells Telegram what was taken, so that a restart sees none of it again. It is no loss if it fails.
async fn confirm(bot: &Bot, newest: Option<u32>) {
    if newest.is_some()
        && let Err(error) = ask(bot, newest, 0, CONFIRM_WITHIN).await
    {
        tracing::debug!(%error, "Telegram could not be told at the end what was taken");
    }
}
