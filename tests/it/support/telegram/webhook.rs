//! How Telegram brings updates to an address (<https://core.telegram.org/bots/api#setwebhook>): in
//! their order, with the secret, again until they are taken.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    Shared,
    params::Params,
    refusal::{Done, Refusal},
    updates,
    world::World,
};

/// How long Telegram waits before it tries again; shorter here than there.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Where updates are brought.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    url: String,
    secret: Option<String>,
    most: i64,
    last_error: Option<(i64, String)>,
}

/// `setWebhook`. As a Bot API server of one's own does, plain HTTP is taken for this machine.
pub(crate) fn set(world: &mut World, params: &Params) -> Done {
    let Some(url) = params.text("url") else {
        return delete(world, params);
    };
    let is_local = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
    if !url.starts_with("https://") && !is_local {
        return Err(Refusal::bad(
            "bad webhook: An HTTPS URL must be provided for webhook",
        ));
    }
    let secret = params.text("secret_token").map(str::to_owned);
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if let Some(secret) = &secret
        && (secret.len() > 256 || !secret.chars().all(is_allowed))
    {
        return Err(Refusal::bad("secret token contains unallowed characters"));
    }
    if params.flag("drop_pending_updates") {
        world.queue.clear();
    }
    if let Some(wanted) = params.json("allowed_updates") {
        world.wanted = Some(updates::names(wanted));
    }
    world.webhook = Some(Webhook {
        url: url.to_owned(),
        secret,
        most: params.integer("max_connections").unwrap_or(40),
        last_error: None,
    });
    Ok(json!(true))
}

/// `deleteWebhook`.
pub(crate) fn delete(world: &mut World, params: &Params) -> Done {
    if params.flag("drop_pending_updates") {
        world.queue.clear();
    }
    world.webhook = None;
    Ok(json!(true))
}

/// `getWebhookInfo`.
pub(crate) fn info(world: &World) -> Value {
    let webhook = world.webhook.as_ref();
    let mut info = json!({
        "url": webhook.map(|webhook| webhook.url.clone()).unwrap_or_default(),
        "has_custom_certificate": false,
        "pending_update_count": world.queue.len(),
    });
    if let Some(webhook) = webhook {
        info["max_connections"] = json!(webhook.most);
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = json!(at);
            info["last_error_message"] = json!(error);
        }
    }
    if let Some(wanted) = &world.wanted {
        info["allowed_updates"] = json!(wanted);
    }
    info
}

/// Brings updates for as long as there is a Telegram.
pub(crate) async fn bring(shared: Weak<Shared>) {
    crate::support::use_ring();
    let client = reqwest::Client::new();
    let mut changes = match shared.upgrade() {
        Some(shared) => shared.changes(),
        None => return,
    };
    loop {
        changes.mark_unchanged();
        while let Some(strong) = shared.upgrade() {
            let next = strong.look(|world| {
                let webhook = world.webhook.clone()?;
                let (_, update) = world.queue.front()?;
                (!world.faults.is_cut).then(|| (webhook, update.clone()))
            });
            let Some((webhook, update)) = next else { break };
            bring_one(&client, &strong, webhook, update).await;
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

async fn bring_one(
    client: &reqwest::Client,
    shared: &Arc<Shared>,
    webhook: Webhook,
    update: Value,
) {
    let mut request = client
        .post(&webhook.url)
        .timeout(Duration::from_secs(60))
        .header("content-type", "application/json")
        .body(update.to_string());
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let error = match request.send().await {
        Ok(response) if response.status().is_success() => None,
        Ok(response) => Some(format!(
            "Wrong response from the webhook: {}",
            response.status()
        )),
        Err(_) => Some("Connection refused".to_owned()),
    };
    match error {
        None => shared.act(|world| {
            let id = update["update_id"].as_i64();
            world
                .queue
                .retain(|(_, waiting)| waiting["update_id"].as_i64() != id);
        }),
        Some(error) => {
            shared.look_mut(|world| {
                let now = world.now();
                if let Some(webhook) = &mut world.webhook {
                    webhook.last_error = Some((now, error));
                }
            });
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}
