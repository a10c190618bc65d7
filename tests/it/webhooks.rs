//! Webhooks from the real binary to a real receiver that checks every signature.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::support::{
    bot::Home,
    client::customer,
    receiver::{Hook, Receiver},
};

/// The messages that the webhooks tell of, in order of arrival.
fn told(hooks: &[Hook]) -> Vec<&str> {
    hooks
        .iter()
        .filter(|hook| hook.body["type"] == "decision.made")
        .filter_map(|hook| hook.body["data"]["id"].as_str())
        .collect()
}

#[tokio::test]
async fn every_decision_is_told_signed_and_without_the_text() {
    let receiver = Receiver::start().await;
    let home = Home::new(&receiver.settings());
    let bot = home.start();
    let client = bot.client(&home.token());
    let answer = client
        .messages(&customer("t", "m1", "my secret matter"))
        .await;
    let hooks = receiver.count(1).await;
    assert_eq!(hooks[0].body["type"], "decision.made");
    let (data, decision) = (&hooks[0].body["data"], &answer.results()[0]["decision"]);
    for (member, value) in decision.as_object().expect("an object") {
        assert_eq!(&data[member], value, "{member}");
    }
    assert!(!hooks[0].body.to_string().contains("secret"));
}

#[tokio::test]
async fn the_text_is_told_where_the_settings_ask_for_it() {
    let receiver = Receiver::start().await;
    let home = Home::new(&format!("{}include_text = true\n", receiver.settings()));
    let bot = home.start();
    let client = bot.client(&home.token());
    client
        .messages(&customer("t", "m1", "my bill is wrong"))
        .await
        .results();
    let hooks = receiver.count(1).await;
    assert_eq!(hooks[0].body["data"]["text"], "my bill is wrong");
}

#[tokio::test]
async fn nobodys_card_number_is_kept_told_or_logged() {
    let receiver = Receiver::start().await;
    let home = Home::new(&format!("{}include_text = true\n", receiver.settings()));
    let bot = home.start();
    let client = bot.client(&home.token());
    let card = "4111 1111 1111 1111";
    let batch: Value = ["customer", "agent", "bot"]
        .into_iter()
        .map(|from| {
            let mut message = customer("t", from, &format!("It is card {card}, ok?"));
            message["from"] = json!(from);
            message
        })
        .collect();
    for result in client.messages(&batch).await.results() {
        assert_eq!(result["status"], "decided");
    }
    let hooks = receiver.until(|hooks| told(hooks).len() == 3).await;
    for hook in &hooks {
        assert!(
            !hook.body.to_string().contains("1111 1111"),
            "{}",
            hook.body
        );
        if hook.body["type"] == "decision.made" {
            assert_eq!(hook.body["data"]["text"], "It is card ⟦payment_card⟧, ok?");
        }
    }
    let thread = client.get("/api/v1/threads/chat/t").await;
    assert!(!thread.text.contains("1111 1111"), "{}", thread.text);
    // While it runs, so that the write-ahead log is looked through too.
    for file in ["ringback.db", "ringback.db-wal"] {
        let bytes = std::fs::read(home.path(file)).expect("there");
        let has = |text: &str| {
            bytes
                .windows(text.len())
                .any(|some| some == text.as_bytes())
        };
        assert!(!has(card) && !has(&card.replace(' ', "")), "{file}");
    }
    let (_, log) = bot.stop();
    assert!(!log.contains("1111 1111"), "{log}");
}

#[tokio::test]
async fn a_callbacks_life_is_told() {
    let receiver = Receiver::start().await;
    let home = Home::new(&receiver.settings());
    home.user("kim", "agent");
    let bot = home.start();
    let client = bot.client(&home.token());
    let turns: Value = [0, 15, 30]
        .into_iter()
        .map(|minute| {
            let mut turn = customer("t", &minute.to_string(), "It is still wrong!");
            turn["at"] = json!(format!("2026-01-05T10:{minute:02}:00Z"));
            turn
        })
        .collect();
    client.messages(&turns).await.results();
    let is = |kind: &'static str| move |hook: &Hook| hook.body["type"] == kind;
    let hooks = receiver
        .until(|hooks| hooks.iter().any(is("callback.opened")))
        .await;
    let opened = hooks.into_iter().find(is("callback.opened")).expect("one");
    let id = &opened.body["data"]["id"];
    let claim = format!("/api/v1/callbacks/{id}/claim");
    client.post(&claim, &json!({"account": "kim"})).await;
    let done = json!({"account": "kim", "outcome": "solved"});
    client
        .post(&format!("/api/v1/callbacks/{id}/done"), &done)
        .await;
    let hooks = receiver
        .until(|hooks| hooks.iter().any(is("callback.ended")))
        .await;
    let changed = hooks.iter().find(|hook| is("callback.changed")(hook));
    assert_eq!(changed.expect("one").body["data"]["change"], "claimed");
    let ended = hooks.iter().find(|hook| is("callback.ended")(hook));
    let ended = &ended.expect("one").body["data"];
    assert_eq!(
        (&ended["end"], &ended["by"]),
        (&json!("done"), &json!("kim"))
    );
}

#[tokio::test]
async fn a_receiver_that_is_down_for_a_while_gets_everything_in_order_and_under_the_same_ids() {
    let receiver = Receiver::answering(|_, before| match before {
        0..3 => (
            StatusCode::SERVICE_UNAVAILABLE,
            [("retry-after", HeaderValue::from_static("0"))],
        )
            .into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    })
    .await;
    let home = Home::new(&receiver.settings());
    let bot = home.start();
    let client = bot.client(&home.token());
    let batch: Value = (0..5)
        .map(|n| customer("t", &n.to_string(), "hello"))
        .collect();
    client.messages(&batch).await.results();
    let hooks = receiver.until(|hooks| told(hooks).ends_with(&["4"])).await;
    assert_eq!(told(&hooks), ["0", "0", "0", "0", "1", "2", "3", "4"]);
    assert!(hooks[..4].iter().all(|hook| hook.id == hooks[0].id));
}

#[tokio::test]
async fn a_refused_webhook_is_given_up_and_the_next_goes_on() {
    let receiver = Receiver::answering(|hook, _| {
        if hook.body["data"]["id"] == "0" {
            StatusCode::GONE.into_response()
        } else {
            StatusCode::OK.into_response()
        }
    })
    .await;
    let home = Home::new(&receiver.settings());
    let bot = home.start();
    let client = bot.client(&home.token());
    let batch = json!([customer("t", "0", "hello"), customer("t", "1", "hello")]);
    client.messages(&batch).await.results();
    let hooks = receiver.until(|hooks| told(hooks).ends_with(&["1"])).await;
    assert_eq!(told(&hooks), ["0", "1"]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&elsewhere);
    let receiver = Receiver::answering(move |hook, before| -> Response {
        if hook.body["data"]["id"] == "0" {
            count.fetch_add(1, Ordering::SeqCst);
            let place = [("location", HeaderValue::from_static("/elsewhere"))];
            (StatusCode::TEMPORARY_REDIRECT, place).into_response()
        } else {
            assert!(before > 0);
            StatusCode::OK.into_response()
        }
    })
    .await;
    let home = Home::new(&receiver.settings());
    let bot = home.start();
    let client = bot.client(&home.token());
    let batch = json!([customer("t", "0", "hello"), customer("t", "1", "hello")]);
    client.messages(&batch).await.results();
    receiver.until(|hooks| told(hooks).ends_with(&["1"])).await;
    assert_eq!(elsewhere.load(Ordering::SeqCst), 1);
}

/// A port that takes connections and never answers them.
async fn silent() -> (tokio::task::JoinSet<()>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
        pending().await
    });
    let settings = format!(
        "[webhooks.silent]\nurl = \"http://{address}/\"\nsecret = \"{}\"\nevents = [\"decision.quiet\"]\ntimeout = \"50ms\"\n",
        crate::support::receiver::SECRET
    );
    (tasks, settings)
}

#[tokio::test]
async fn a_webhook_that_never_answers_holds_up_neither_intake_nor_the_others_nor_the_end() {
    let (_tasks, silent) = silent().await;
    let receiver = Receiver::start().await;
    let home = Home::new(&format!("{silent}{}", receiver.settings()));
    let bot = home.start();
    let client = bot.client(&home.token());
    for n in 0..20 {
        let id = n.to_string();
        client
            .messages(&customer("t", &id, "hello"))
            .await
            .results();
    }
    let hooks = receiver.count(20).await;
    assert_eq!(told(&hooks).len(), 20);
    let metrics = client.get("/metrics").await;
    assert!(
        metrics.text.contains("silent"),
        "its backlog shows: {}",
        metrics.text
    );
    let (status, _) = bot.stop();
    assert!(status.success());
}
