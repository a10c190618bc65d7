//! SIGKILL in the middle of a stream, twenty times: nothing acknowledged is lost, no webhook is
//! missing, none is repeated but those under way at a kill, and every decision is what it would
//! have been without kills.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    bot::Home,
    client::Client,
    receiver::{Hook, Receiver},
};

const KILLS: usize = 20;
const SENDERS: usize = 6;
const BATCHES: usize = 60;
const BATCH: usize = 5;
const THREADS_EACH: usize = 7;
const CONCURRENCY: usize = 4;

/// Things that customers and agents say, so that decisions differ.
const LINES: [(&str, &str); 7] = [
    ("customer", "My bill is wrong"),
    ("agent", "Which month is it about?"),
    ("customer", "It is still wrong, every month!"),
    ("agent", "We have corrected it now."),
    ("customer", "Thank you, that worked!"),
    ("customer", "Please call me, I do not get on like this."),
    ("bot", "We have received your message."),
];

/// What one connection sends, batch by batch, ending with a bot's message in each thread. Each
/// sender has threads of its own, so that the order within a thread is the order of sending.
fn batches(sender: usize) -> Vec<Value> {
    let message = |n: usize| {
        let is_last = n + THREADS_EACH >= BATCHES * BATCH;
        let (from, text) = match LINES[(n * 5 + sender) % LINES.len()] {
            _ if is_last => ("bot", "This chat is closed."),
            line => line,
        };
        let minute = jiff::SignedDuration::from_mins(i64::try_from(n * 6).expect("small"));
        let at = "2026-01-05T10:00:00Z"
            .parse::<jiff::Timestamp>()
            .expect("a time")
            + minute;
        json!({
            "channel": "chat", "thread": format!("{sender}-{}", n % THREADS_EACH),
            "id": n.to_string(), "from": from, "text": text, "at": at.to_string(),
        })
    };
    (0..BATCHES)
        .map(|batch| (batch * BATCH..(batch + 1) * BATCH).map(message).collect())
        .collect()
}

type Decisions = BTreeMap<(String, String), Value>;

/// Where the acknowledged decisions are counted, and who wants to know.
#[derive(Default)]
struct Progress {
    acknowledged: AtomicUsize,
    changed: tokio::sync::Notify,
}

/// Sends its batches one after the other to whatever bot runs now; a batch that was not answered
/// is sent again.
async fn send(
    sender: usize,
    mut bots: tokio::sync::watch::Receiver<Client>,
    progress: Arc<Progress>,
) -> Decisions {
    let mut decisions = Decisions::new();
    for batch in batches(sender) {
        let results = loop {
            let client = bots.borrow_and_update().clone();
            let kind = [("content-type", "application/json")];
            let body = batch.to_string().into_bytes();
            let path = "/api/v1/messages";
            match client.try_send(Method::POST, path, &kind, body).await {
                Ok(answer) if answer.status == 200 => break answer.results(),
                Ok(answer) => assert!(answer.status.is_server_error(), "{}", answer.text),
                Err(_) => bots.changed().await.expect("another bot"),
            }
        };
        for result in results {
            let decision = result["decision"].clone();
            assert!(decision.is_object(), "{result}");
            let part = |name: &str| decision[name].as_str().expect("text").to_owned();
            decisions.insert((part("thread"), part("id")), decision);
        }
        progress.acknowledged.fetch_add(BATCH, Ordering::SeqCst);
        progress.changed.notify_waiters();
    }
    decisions
}

/// Runs the whole stream over `kills` kills, spread over it; gives what was acknowledged, what the
/// last bot keeps, and the webhooks that came.
async fn stream(kills: usize) -> (Decisions, Decisions, Vec<Hook>) {
    let receiver = Receiver::start().await;
    let settings = receiver.settings_for(&["decision", "decision.quiet", "callback"]);
    let home = Home::new(&format!("{settings}concurrency = {CONCURRENCY}\n"));
    let token = home.token();
    let mut bot = home.start();
    let (bots, watch) = tokio::sync::watch::channel(bot.client(&token));
    let progress = Arc::new(Progress::default());
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        senders.spawn(send(sender, watch.clone(), Arc::clone(&progress)));
    }
    let all = SENDERS * BATCHES * BATCH;
    for kill in 1..=kills {
        // Somewhere within each twenty-first part of the stream, whatever is under way there.
        let part = all / (kills + 1);
        let instant = part * (kill - 1) + rand::random_range(1..part);
        loop {
            let changed = progress.changed.notified();
            if progress.acknowledged.load(Ordering::SeqCst) >= instant {
                break;
            }
            changed.await;
        }
        bot.kill();
        bot = home.start();
        bots.send_replace(bot.client(&token));
    }
    let mut acknowledged = Decisions::new();
    while let Some(decisions) = senders.join_next().await {
        acknowledged.extend(decisions.expect("a sender that ends well"));
    }
    assert_eq!(acknowledged.len(), all);
    // Those of one thread come in order, and a bot's message has no further effects: once the last
    // decisions are told, so is all else.
    let hooks = receiver.until(|hooks| decided(hooks).len() == all).await;
    let kept = kept(&bot.client(&token)).await;
    let (status, _) = bot.stop();
    assert!(status.success());
    (acknowledged, kept, hooks)
}

/// The messages whose decisions the webhooks told.
fn decided(hooks: &[Hook]) -> BTreeSet<(String, String)> {
    hooks
        .iter()
        .filter(|hook| hook.body["type"] == "decision.made")
        .map(|hook| {
            let part = |name: &str| hook.body["data"][name].as_str().expect("text").to_owned();
            (part("thread"), part("id"))
        })
        .collect()
}

/// Every decision that the bot keeps.
async fn kept(client: &Client) -> Decisions {
    let mut kept = Decisions::new();
    for sender in 0..SENDERS {
        for n in 0..THREADS_EACH {
            let path = format!("/api/v1/threads/chat/{sender}-{n}?limit=500");
            let thread = client.get(&path).await.json();
            for message in thread["messages"].as_array().expect("messages") {
                let id = message["id"].as_str().expect("an id").to_owned();
                kept.insert((format!("{sender}-{n}"), id), message["decision"].clone());
            }
        }
    }
    kept
}

/// What was told, by its id.
fn times_told(hooks: &[Hook]) -> BTreeMap<&str, Vec<&Value>> {
    let mut times: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for hook in hooks {
        times.entry(&hook.id).or_default().push(&hook.body);
    }
    times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_lose_nothing_and_repeat_only_what_was_under_way() {
    let (calm, _, calm_hooks) = stream(0).await;
    let (acknowledged, kept, hooks) = stream(KILLS).await;

    assert_eq!(
        acknowledged, kept,
        "what was acknowledged is kept, all of it"
    );
    assert_eq!(acknowledged, calm, "kills change no decision");

    let times = times_told(&hooks);
    for bodies in times.values() {
        assert!(
            bodies.iter().all(|body| body == &bodies[0]),
            "a repetition is the same"
        );
    }
    let repeats = hooks.len() - times.len();
    assert!(repeats <= KILLS * CONCURRENCY, "{repeats} repeats");

    assert_eq!(
        events(&hooks),
        events(&calm_hooks),
        "each event is told under one id, as without kills"
    );
}

/// What was told, whatever its order. A soft callback turns loud by the clock, so that is no part
/// of the comparison.
fn events(hooks: &[Hook]) -> Vec<String> {
    let mut events: Vec<String> = times_told(hooks)
        .values()
        .filter(|bodies| bodies[0]["data"]["change"] != "turned_loud")
        .map(|bodies| event(bodies[0]))
        .collect();
    events.sort_unstable();
    events
}

/// What an event is about, without its number and times, which differ from run to run.
fn event(body: &Value) -> String {
    let data = &body["data"];
    let members = [
        "thread", "id", "number", "change", "end", "notice", "message",
    ];
    let is_decision = body["type"] == "decision.made";
    let parts: Vec<String> = members
        .into_iter()
        .filter(|member| is_decision || *member != "id")
        .map(|member| data[member].to_string())
        .collect();
    format!("{} {}", body["type"], parts.join(" "))
}
