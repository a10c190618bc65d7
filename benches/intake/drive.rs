//! Clients of the API: each connection sends its share of the threads, one request at a time.

use std::{sync::Arc, time::Instant};

use serde_json::Value;
use tokio::task::JoinSet;

use crate::{Run, bot::Bot};

/// Where messages go, and what lets them in.
#[derive(Clone)]
pub(crate) struct To {
    url: Arc<str>,
    token: Arc<str>,
}

impl To {
    pub(crate) fn new(bot: &Bot, token: &str) -> Self {
        Self {
            url: format!("http://{}/api/v1/messages", bot.address).into(),
            token: token.into(),
        }
    }
}

/// A token for a bot's database.
pub(crate) fn token(bot: &Bot) -> String {
    bot.command(&["token", "add", "bench", "--scope", "messages"])
}

/// Sends everything in requests of `size` messages over so many connections.
#[expect(clippy::disallowed_methods, reason = "measures")]
pub(crate) async fn run(
    to: &To,
    name: &'static str,
    messages: &[Value],
    size: usize,
    connections: usize,
) -> Run {
    let mut shares = vec![Vec::new(); connections];
    for message in messages {
        let thread = message
            .get("thread")
            .map(Value::to_string)
            .unwrap_or_default();
        let number: usize = thread.bytes().map(usize::from).sum();
        if let Some(share) = shares.get_mut(number % connections) {
            share.push(message);
        }
    }
    // Written before the clock runs: the clients share the machine with the bot.
    let requests: Vec<Vec<Vec<u8>>> = shares
        .iter()
        .map(|share| {
            let body = |batch| serde_json::to_vec(batch).expect("JSON");
            share.chunks(size).map(body).collect()
        })
        .collect();

    let start = Instant::now();
    let mut clients = JoinSet::new();
    for requests in requests {
        let to = to.clone();
        clients.spawn(async move {
            let client = reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client");
            let mut latencies = Vec::with_capacity(requests.len());
            for body in requests {
                let sent = Instant::now();
                let answer = client
                    .post(&*to.url)
                    .bearer_auth(&*to.token)
                    .header("content-type", "application/json")
                    .body(body)
                    .send()
                    .await
                    .expect("an answer");
                assert!(answer.status().is_success(), "{}", answer.status());
                answer.bytes().await.expect("the whole answer");
                latencies.push(sent.elapsed());
            }
            latencies
        });
    }
    let latencies = clients.join_all().await.concat();
    Run {
        name,
        messages: messages.len(),
        took: start.elapsed(),
        latencies,
    }
}
