//! Callbacks over the API: claimed once, finished once.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    bot::{Bot, Home},
    client::{Client, customer},
};

/// Three unanswered turns of a customer open a callback; gives its number.
async fn callback_in(thread: &str, client: &Client) -> i64 {
    let turn = |minute: u32| {
        let mut message = customer(thread, &minute.to_string(), "My bill is still wrong!");
        message["at"] = json!(format!("2026-01-05T10:{minute:02}:00Z"));
        message
    };
    let turns: Value = [0, 15, 30].into_iter().map(turn).collect();
    let results = client.messages(&turns).await.results();
    assert_eq!(results[2]["decision"]["actions"], json!(["callback"]));
    let callbacks = client.get("/api/v1/callbacks?state=due").await.json();
    callbacks["callbacks"][0]["id"].as_i64().expect("a number")
}

async fn bot() -> (Home, Bot, Client) {
    let home = Home::new("");
    home.user("kim", "agent");
    home.user("lee", "agent");
    let bot = home.start();
    let client = bot.client(&home.token());
    (home, bot, client)
}

#[tokio::test]
async fn a_callback_is_claimed_and_finished() {
    let (_home, _bot, client) = bot().await;
    let id = callback_in("t", &client).await;
    let path = format!("/api/v1/callbacks/{id}");
    let kim = json!({"account": "kim"});

    let early = json!({"account": "kim", "outcome": "solved"});
    let early = client.post(&format!("{path}/done"), &early).await;
    early.assert_problem(409, "not-claimed");

    let claimed = client.post(&format!("{path}/claim"), &kim).await;
    assert_eq!(claimed.status, 200, "{}", claimed.text);
    assert_eq!(claimed.json()["state"], "claimed");
    assert_eq!(claimed.json()["claimed_by"], "kim");
    let again = client.post(&format!("{path}/claim"), &kim).await;
    assert_eq!(again.status, 200, "claiming again what one holds is fine");

    let lee = json!({"account": "lee", "outcome": "solved"});
    let lee = client.post(&format!("{path}/done"), &lee).await;
    assert_eq!(lee.assert_problem(409, "callback-held")["held_by"], "kim");

    let done = json!({"account": "kim", "outcome": "solved"});
    let finished = client.post(&format!("{path}/done"), &done).await;
    assert_eq!(finished.json()["state"], "done");
    assert_eq!(client.get(&path).await.json(), finished.json());
    let late = client.post(&format!("{path}/claim"), &kim).await;
    late.assert_problem(409, "callback-ended");
    let cases = client.get("/api/v1/cases?state=resolved").await.json();
    assert_eq!(cases["cases"][0]["thread"], "t");
}

#[tokio::test]
async fn of_many_agents_at_once_exactly_one_wins_and_the_others_hear_who() {
    let (home, _bot, client) = bot().await;
    let id = callback_in("t", &client).await;
    let mut agents = JoinSet::new();
    for n in 0..10 {
        home.user(&format!("agent-{n}"), "agent");
    }
    for n in 0..10 {
        let client = client.clone();
        agents.spawn(async move {
            let account = json!({"account": format!("agent-{n}")});
            let path = format!("/api/v1/callbacks/{id}/claim");
            client.post(&path, &account).await
        });
    }
    let answers = agents.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    let winner = won[0].json()["claimed_by"].clone();
    for answer in lost {
        let problem = answer.assert_problem(409, "callback-held");
        assert_eq!(problem["held_by"], winner);
    }
}

#[tokio::test]
async fn there_is_nothing_to_claim_where_no_callback_is() {
    let (_home, _bot, client) = bot().await;
    let kim = json!({"account": "kim"});
    for id in ["1", "0", "-1", "x", "99999999999999999999"] {
        let answer = client
            .post(&format!("/api/v1/callbacks/{id}/claim"), &kim)
            .await;
        answer.assert_problem(404, "not-found");
    }
    for body in [
        json!({}),
        json!({"account": "Kim Doe"}),
        json!([]),
        json!({"account": 7}),
    ] {
        let answer = client.post("/api/v1/callbacks/1/claim", &body).await;
        let problem = answer.assert_problem(422, "invalid-body");
        assert!(!problem.to_string().contains("Doe"));
    }
}

#[tokio::test]
async fn only_an_account_that_is_let_in_claims_or_finishes() {
    let (home, _bot, client) = bot().await;
    let id = callback_in("t", &client).await;
    assert!(home.run(&["user", "disable", "kim"]).status.success());
    for account in ["kim", "nobody"] {
        for (what, body) in [
            ("claim", json!({"account": account})),
            ("done", json!({"account": account, "outcome": "solved"})),
        ] {
            let path = format!("/api/v1/callbacks/{id}/{what}");
            let problem = client.post(&path, &body).await;
            let problem = problem.assert_problem(409, "unknown-account");
            assert_eq!(problem["field"], "account");
        }
    }
    let callback = client.get(&format!("/api/v1/callbacks/{id}")).await.json();
    assert_eq!(callback["state"], "due");
}
