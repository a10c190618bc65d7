//! Has Telegram bring updates: gives it our address, looks after it, and takes what is brought. One
//! delivery at a time is asked for, since only so Telegram keeps them in order.

use std::time::Duration;

use rand::random;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use teloxide::{
    payloads::{DeleteWebhook, GetWebhookInfo, SetWebhook},
    types::WebhookInfo,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    super::{Bot, failure::Failure},
    Hook, WANTED,
    backoff::Backoff,
    status::{LOOK_EVERY, Status},
    taking::{Arrived, Taker},
};
use crate::engine::{
    Trouble,
    inbox::{Delivery, Taken},
};

/// How many deliveries Telegram may make at once.
const AT_ONCE: u8 = 1;
/// The most that are taken together.
const MOST: usize = 100;
/// So fresh a failure of Telegram's counts as one of now.
const FRESH: i64 = 90;
/// How long taking the address back may take.
const END_WITHIN: Duration = Duration::from_secs(2);

/// Takes what Telegram brings, until the server has stopped.
pub(super) async fn run(
    bot: &Bot,
    taker: Taker,
    status: Status,
    hook: Hook,
    stopping: &CancellationToken,
) {
    let Hook {
        mut address,
        secret,
        deliveries,
    } = hook;
    // By this we know our own address from that of another Ringback under the same name.
    address.set_query(Some(&format!("run={:016x}", random::<u64>())));
    let looks_after = look_after(bot, &address, &secret, status, stopping);
    tokio::join!(take(taker, deliveries), looks_after);
}

/// Takes deliveries in the order in which they came; those that wait go together.
async fn take(mut taker: Taker, mut deliveries: mpsc::Receiver<Delivery>) {
    let mut waiting = Vec::new();
    while deliveries.recv_many(&mut waiting, MOST).await > 0 {
        let (mut arrived, mut answers) = (Vec::new(), Vec::new());
        for Delivery { body, answer } in waiting.drain(..) {
            // What is no JSON will not become any: it is not to be brought again.
            arrived.push(Arrived::read(
                std::str::from_utf8(&body).unwrap_or_default(),
            ));
            answers.push(answer);
        }
        arrived.sort_by_key(|arrived| arrived.id);
        let taken = match taker.take(arrived).await {
            Ok(()) => Taken::Kept,
            Err(_) => Taken::NotNow,
        };
        for answer in answers {
            // Whoever asked may have gone; it comes again then.
            answer.send(taken).ok();
        }
    }
}

/// Gives Telegram our address, sees that it stays so, and takes it back at the end.
async fn look_after(
    bot: &Bot,
    address: &Url,
    secret: &SecretString,
    mut status: Status,
    stopping: &CancellationToken,
) {
    let looks = async {
        let mut backoff = Backoff::default();
        loop {
            let wait = match set(bot, address, secret, &mut status).await {
                Ok(()) => {
                    backoff.reset();
                    until_it_is_gone(bot, address, &mut status).await;
                    continue;
                }
                Err(failure) => backoff.after(&failure),
            };
            tokio::time::sleep(wait).await;
        }
    };
    let _: Option<()> = stopping.run_until_cancelled(looks).await;
    if tokio::time::timeout(END_WITHIN, take_back(bot, address))
        .await
        .is_err()
    {
        tracing::debug!("Telegram could not be told that this address ends");
    }
}

async fn set(
    bot: &Bot,
    address: &Url,
    secret: &SecretString,
    status: &mut Status,
) -> Result<(), Failure> {
    let mut request = SetWebhook::new(address.clone());
    request.secret_token = Some(secret.expose_secret().to_owned());
    request.max_connections = Some(AT_ONCE);
    request.allowed_updates = Some(WANTED.to_vec());
    let done = bot.ask(request).await;
    let is_refused = matches!(done, Err(Failure::Refused(_)));
    status.set(Trouble::WebhookRefused, is_refused);
    match done {
        Ok(_) => {
            status.worked();
            status.set(Trouble::WebhookElsewhere, false);
            Ok(())
        }
        Err(failure) => {
            status.failed(&failure);
            Err(failure)
        }
    }
}

/// Looks now and then whether Telegram has our address and reaches it; ends when it has none.
async fn until_it_is_gone(bot: &Bot, address: &Url, status: &mut Status) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        match bot.ask(GetWebhookInfo::new()).await {
            Ok(info) => {
                status.worked();
                let Some(theirs) = &info.url else {
                    tracing::warn!("the webhook was removed by somebody; it is set again");
                    return;
                };
                // Two that take it from each other would help nobody: the later start has it.
                status.set(Trouble::WebhookElsewhere, theirs != address);
                status.set(
                    Trouble::WebhookFails,
                    theirs == address && fails(&info, status),
                );
            }
            Err(failure) => status.failed(&failure),
        }
    }
}

/// Whether Telegram fails to bring what waits.
fn fails(info: &WebhookInfo, status: &Status) -> bool {
    let failed_at = info.last_error_date.map(|date| date.timestamp());
    let is_fresh = failed_at.is_some_and(|at| status.now().as_second() - at < FRESH);
    info.pending_update_count > 0 && is_fresh
}

/// Takes our address back, unless another program's is there by now. What waits is kept.
async fn take_back(bot: &Bot, address: &Url) {
    let is_ours = match bot.ask(GetWebhookInfo::new()).await {
        Ok(info) => info.url.as_ref() == Some(address),
        Err(_) => false,
    };
    if is_ours && let Err(error) = bot.ask(DeleteWebhook::new()).await {
        tracing::debug!(%error, "Telegram could not be told that this address ends");
    }
}
