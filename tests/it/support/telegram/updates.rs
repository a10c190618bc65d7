//! How updates reach the bot when it asks for them (<https://core.telegram.org/bots/api#getupdates>):
//! one poller at a time, none while a webhook is set; what is below the offset is forgotten.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    Shared,
    params::Params,
    refusal::{Done, Refusal},
    world::World,
};

/// The most updates at once.
const MOST: i64 = 100;
/// The longest that Telegram waits for one.
const LONGEST: i64 = 50;

/// Gives the updates that wait, or waits for one.
pub(crate) async fn wait(shared: &Arc<Shared>, params: &Params) -> Done {
    let mut changes = shared.changes();
    let poll = shared.act(|world| begin(world, params))?;
    let timeout = params.integer("timeout").unwrap_or(0).clamp(0, LONGEST);
    let until = Duration::from_secs(u64::try_from(timeout).expect("not negative"));
    let first = async {
        loop {
            changes.mark_unchanged();
            let waiting = shared.look(|world| take(world, params, poll));
            match waiting {
                Ok(list) if list.as_array().is_some_and(Vec::is_empty) => {}
                done => return done,
            }
            if changes.changed().await.is_err() {
                return Ok(json!([]));
            }
        }
    };
    match tokio::time::timeout(until, first).await {
        Ok(done) => done,
        Err(_) => shared.look(|world| take(world, params, poll)),
    }
}

/// Begins to wait: whoever waited before is sent away; what is below the offset is forgotten.
fn begin(world: &mut World, params: &Params) -> Result<u64, Refusal> {
    if world.webhook.is_some() {
        return Err(Refusal::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    if let Some(wanted) = params.json("allowed_updates") {
        world.wanted = Some(names(wanted));
    }
    world.forget_old();
    match params.integer("offset").unwrap_or(0) {
        offset if offset < 0 => {
            let keep = usize::try_from(-offset).expect("positive");
            let cut = world.queue.len().saturating_sub(keep);
            world.queue.drain(..cut);
        }
        offset => world
            .queue
            .retain(|(_, update)| update["update_id"].as_i64() >= Some(offset)),
    }
    world.poll += 1;
    Ok(world.poll)
}

fn take(world: &World, params: &Params, poll: u64) -> Done {
    if world.faults.is_cut {
        // Whoever serves breaks the connection off.
        return Err(Refusal::internal(502));
    }
    if world.poll != poll {
        return Err(Refusal::conflict(
            "terminated by other getUpdates request; make sure that only one bot instance is running",
        ));
    }
    if world.webhook.is_some() {
        return Err(Refusal::conflict("terminated by setWebhook request"));
    }
    let limit = params.integer("limit").unwrap_or(MOST).clamp(1, MOST);
    let limit = usize::try_from(limit).expect("positive");
    let updates = world.queue.iter().take(limit);
    Ok(updates.map(|(_, update)| update.clone()).collect())
}

/// The kinds of updates in a list.
pub(crate) fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}
