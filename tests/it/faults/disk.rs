//! A full disk, and a database that another program holds: what cannot be kept is not acknowledged, and
//! the bot goes on by itself.

use std::fs;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::{
    bot::{Bot, Home},
    client::{Answer, Client, customer},
};

/// What the database and its log have now, at most.
fn largest(home: &Home) -> u64 {
    let files = ["ringback.db", "ringback.db-wal"];
    let length = |name| fs::metadata(home.path(name)).map_or(0, |found| found.len());
    files.map(length).into_iter().max().expect("two")
}

/// Checks that it was refused for now.
fn assert_not_now(answer: &Answer) {
    answer.assert_problem(503, "storage");
    let after = answer.headers["retry-after"].to_str().expect("text");
    assert!(after.parse::<u32>().is_ok_and(|seconds| seconds >= 1));
}

/// Asks until it is so. The bot looks once a second whether it can write again.
async fn until_ready(client: &Client) {
    for _ in 0..1_000_000 {
        if client.get("/readyz").await.status == 200 {
            return;
        }
    }
    panic!("it never became ready again");
}

async fn kept(bot: &Bot, token: &str, thread: &str) -> Vec<String> {
    let path = format!("/api/v1/threads/chat/{thread}?limit=500");
    let thread = bot.client(token).get(&path).await.json();
    let messages = thread["messages"].as_array().into_iter().flatten();
    messages
        .map(|message| message["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room() {
    let home = Home::new("");
    let token = home.token();
    let bot = home.start_for_a_full_disk();
    let client = bot.client(&token);
    let long = "x".repeat(20_000);
    let mut acknowledged = Vec::new();
    let mut refused = None;
    bot.may_write(Some(largest(&home) + 200_000));
    for n in 0..500 {
        let id = n.to_string();
        let answer = client.messages(&customer("t", &id, &long)).await;
        if answer.status != 200 {
            assert_not_now(&answer);
            refused = Some(id);
            break;
        }
        assert_eq!(answer.results()[0]["status"], "decided");
        acknowledged.push(id);
    }
    let refused = refused.expect("the disk is full in the end");
    client.get("/readyz").await.assert_problem(503, "not-ready");
    let read = kept(&bot, &token, "t").await;
    assert_eq!(read, acknowledged, "what is there can be read meanwhile");

    bot.may_write(None);
    until_ready(&client).await;
    let again = client.messages(&customer("t", &refused, &long)).await;
    assert_eq!(again.results()[0]["status"], "decided");
    acknowledged.push(refused);
    bot.kill();
    let bot = home.start();
    assert_eq!(kept(&bot, &token, "t").await, acknowledged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_program_holds_for_long_is_waited_for_and_no_longer() {
    let home = Home::new("");
    let token = home.token();
    let bot = home.start();
    let client = bot.client(&token);
    let other = home.lock_database();
    let mut requests = JoinSet::new();
    for thread in ["a", "b", "c"] {
        let client = client.clone();
        let pair: Value = ["1", "2"]
            .map(|id| customer(thread, id, "hello"))
            .into_iter()
            .collect();
        requests.spawn(async move { client.messages(&pair).await });
    }
    while let Some(answer) = requests.join_next().await {
        assert_not_now(&answer.expect("an answer"));
    }
    let ready = client.get("/readyz").await.assert_problem(503, "not-ready");
    assert!(
        ready["detail"]
            .as_str()
            .expect("words")
            .contains("another program")
    );
    other.execute_batch("ROLLBACK").expect("unlocked");
    until_ready(&client).await;
    for thread in ["a", "b", "c"] {
        assert_eq!(kept(&bot, &token, thread).await, Vec::<String>::new());
        let taken = client.messages(&customer(thread, "1", "hello")).await;
        assert_eq!(taken.results()[0]["status"], "decided");
    }
}
