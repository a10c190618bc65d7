//! Callbacks over the API: claimed once, finished once.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    bot::{Bot, Home},
    client::{Client, customer},
};

/// So many claim at once.
const AGENTS: usize = 50;

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
    for n in 0..AGENTS {
        home.user(&format!("agent-{n}"), "agent");
    }
    for n in 0..AGENTS {
        let client = client.clone();
        agents.spawn(async move {
            let account = json!({"account": format!("agent-{n}")});
            let path = format!("/api/v1/callbacks/{id}/claim");
            client.post(&path, &account).await
        });
    }
    let answers = agents.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, AGENTS - 1));
    let winner = won[0].json()["claimed_by"].clone();
    for answer in lost {
        let problem = answer.assert_problem(409, "callback-held");
        assert_eq!(problem["held_by"], winner);
    }
}

#[tokio::test]
async fn a_callback_is_worked_through_its_whole_life() {
    let (home, _bot, client) = bot().await;
    home.user("boss", "supervisor");
    let id = callback_in("t", &client).await;
    let does = async |what: &str, body: Value| {
        client
            .post(&format!("/api/v1/callbacks/{id}/{what}"), &body)
            .await
    };
    let (kim, lee) = (json!({"account": "kim"}), json!({"account": "lee"}));
    does("renew", kim.clone())
        .await
        .assert_problem(409, "not-claimed");
    does("claim", kim.clone()).await.json();
    let renewed = does("renew", kim.clone()).await;
    assert_eq!(
        (renewed.status.as_u16(), &renewed.json()["state"]),
        (200, &json!("claimed"))
    );

    for forced in [lee, json!({"account": "lee", "force": true})] {
        let held = does("release", forced).await;
        assert_eq!(held.assert_problem(409, "callback-held")["held_by"], "kim");
    }
    let forced = json!({"account": "boss", "force": true});
    assert_eq!(does("release", forced).await.json()["state"], "due");

    let at = json!({"account": "kim", "at": "2099-01-05T10:00:00Z"});
    let far = does("schedule", at)
        .await
        .assert_problem(422, "invalid-body");
    assert_eq!(far["field"], "at");
    let past = json!({"account": "kim", "at": "2026-01-05T10:00:00Z"});
    let promised = does("schedule", past).await.json();
    assert_eq!(
        (&promised["state"], &promised["claimed_by"]),
        (&json!("scheduled"), &json!("kim"))
    );

    let mut done = json!({"account": "kim", "outcome": "follow_up"});
    does("done", done.clone())
        .await
        .assert_problem(422, "invalid-body");
    done["follow_up_at"] = json!("2099-01-05T10:00:00Z");
    let far = does("done", done.clone())
        .await
        .assert_problem(422, "invalid-body");
    assert_eq!(far["field"], "follow_up_at");
    // What was promised for the past is due again by now.
    does("claim", kim.clone()).await.json();
    done = json!({"account": "kim", "outcome": "no_answer", "note": "Rang twice."});
    let tried = does("done", done).await.json();
    assert_eq!(
        (&tried["state"], &tried["attempts"]),
        (&json!("no_answer"), &json!(1))
    );
    assert!(tried["scheduled_at"].is_string());
    let listed = client.get("/api/v1/callbacks?state=no_answer").await.json();
    assert_eq!(listed["callbacks"][0]["id"], id);
    let exhausted = client.get("/api/v1/callbacks?state=exhausted").await.json();
    assert_eq!(exhausted["callbacks"], json!([]));

    does("claim", kim).await.json();
    let told = "A new bill comes on Friday.";
    let done = json!({"account": "kim", "outcome": "solved", "note": " ", "told": told});
    let finished = does("done", done).await.json();
    assert_eq!(
        (&finished["state"], &finished["line"]),
        (&json!("done"), &json!("not_sent"))
    );
}

#[tokio::test]
async fn another_channel_says_whether_a_call_helped_once_there_was_one() {
    let (home, bot, client) = bot().await;
    let id = callback_in("t", &client).await;
    let path = format!("/api/v1/callbacks/{id}");
    let channel = bot.client(&home.token_for(&["messages"]));
    let say = async |body: Value| channel.post(&format!("{path}/satisfaction"), &body).await;
    let no = json!({"helped": false});
    say(no.clone()).await.assert_problem(409, "no-call");
    let kim = json!({"account": "kim", "outcome": "solved"});
    let claim = json!({"account": "kim"});
    client.post(&format!("{path}/claim"), &claim).await.json();
    client.post(&format!("{path}/done"), &kim).await.json();
    for _ in 0..2 {
        let kept = say(no.clone()).await;
        assert_eq!((kept.status.as_u16(), kept.text.as_str()), (204, ""));
    }
    assert_eq!(say(json!({"helped": true})).await.status, 204);
    for wrong in [
        json!({}),
        json!({"helped": "no"}),
        json!({"helped": true, "x": 1}),
    ] {
        say(wrong).await.assert_problem(422, "invalid-body");
    }
    let unknown = channel.post("/api/v1/callbacks/99/satisfaction", &no).await;
    unknown.assert_problem(404, "not-found");
    let reader = bot.client(&home.token_for(&["read", "callbacks"]));
    let refused = reader.post(&format!("{path}/satisfaction"), &no).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn an_agent_keeps_typing_and_says_why() {
    let (_home, _bot, client) = bot().await;
    let id = callback_in("t", &client).await;
    let path = format!("/api/v1/callbacks/{id}/keep-typing");
    let unsaid = client.post(&path, &json!({"account": "kim"})).await;
    unsaid.assert_problem(422, "invalid-body");
    let typed = json!({"account": "kim", "why": "being_handled"});
    let ended = client.post(&path, &typed).await.json();
    assert_eq!(
        (&ended["state"], &ended["why"]),
        (&json!("withdrawn"), &json!("being_handled"))
    );
    client
        .post(&path, &typed)
        .await
        .assert_problem(409, "callback-ended");
}

#[tokio::test]
async fn how_a_call_ended_is_told_by_who_signs_it_only() {
    let (_home, _bot, client) = bot().await;
    let (path, busy) = ("/api/v1/dialled/msg_0/ended", json!({"result": "busy"}));
    let nobody = client.post(path, &busy).await;
    nobody.assert_problem(404, "not-found");
    let secret = crate::support::receiver::SECRET;
    let home = Home::new(&format!(
        "[dialling]\nurl = \"http://127.0.0.1:9/\"\nsecret = \"{secret}\"\n"
    ));
    let bot = home.start();
    let unsigned = bot.client("").post(path, &busy).await;
    unsigned.assert_problem(401, "unauthorized");
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
