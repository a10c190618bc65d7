//! The HTTP API through the real binary: what it takes, what it refuses, and how it says so.

mod bad_input;
mod customers;
mod forms;
mod work;

use serde_json::{Value, json};

use crate::support::{bot::Home, client::customer};

fn ids(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|result| result["decision"]["id"].as_str().expect("an id"))
        .collect()
}

#[tokio::test]
async fn a_message_is_decided_kept_and_shown() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());

    let results = client
        .messages(&customer("t1", "m1", "My bill is wrong"))
        .await
        .results();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["status"], "decided");
    assert_eq!(results[0]["decision"]["exchange"], 1);

    let threads = client.get("/api/v1/threads").await.json();
    assert_eq!(threads["threads"][0]["thread"], "t1");
    let thread = client.get("/api/v1/threads/chat/t1").await.json();
    assert_eq!(thread["messages"][0]["text"], "My bill is wrong");
    assert_eq!(
        thread["messages"][0]["decision"], results[0]["decision"],
        "what is kept is what was answered"
    );
}

#[tokio::test]
async fn a_repetition_is_answered_with_its_first_decision() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let first = client.messages(&customer("t", "m1", "Hello?")).await;
    client.messages(&customer("t", "m2", "Anyone?")).await;
    let again = client.messages(&customer("t", "m1", "Hello?")).await;
    assert_eq!(again.results()[0]["status"], "repeated");
    assert_eq!(
        again.results()[0]["decision"],
        first.results()[0]["decision"]
    );
    let thread = client.get("/api/v1/threads/chat/t").await.json();
    assert_eq!(thread["messages"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn results_stand_in_the_order_of_the_request_and_a_bad_item_stops_no_other() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let body = json!([
        customer("a", "1", "one"),
        {"channel": "chat", "thread": "a", "from": "customer", "text": "no id"},
        customer("b", "1", "two"),
        "not even an object",
        customer("a", "2", "three"),
    ]);
    let results = client.messages(&body).await.results();
    let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
    assert_eq!(
        statuses,
        ["decided", "rejected", "decided", "rejected", "decided"]
    );
    assert_eq!(results[1]["error"]["field"], "id");
    assert_eq!(results[4]["decision"]["thread"], "a");
    assert_eq!(results[4]["decision"]["id"], "2");
}

#[tokio::test]
async fn ndjson_is_taken_line_by_line() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let lines = format!(
        "{}\n{}\n\n{}\n",
        customer("t", "1", "one"),
        "{\"text\": oops",
        customer("t", "2", "two")
    );
    let results = client
        .raw_messages("application/x-ndjson", lines)
        .await
        .results();
    assert_eq!(ids(&[results[0].clone(), results[2].clone()]), ["1", "2"]);
    assert_eq!(results[1]["error"]["line"], 2);
}

#[tokio::test]
async fn a_thousand_messages_are_taken_at_once_and_one_more_is_not() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let batch = |count: usize| -> Value {
        (0..count)
            .map(|n| customer(&format!("t{}", n % 50), &n.to_string(), "hello"))
            .collect()
    };
    let results = client.messages(&batch(1000)).await.results();
    assert_eq!(results.len(), 1000);
    assert!(results.iter().all(|result| result["status"] == "decided"));
    let expected: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    assert_eq!(ids(&results), expected);
    client
        .messages(&batch(1001))
        .await
        .assert_problem(422, "too-many-messages");
}

#[tokio::test]
async fn lists_come_in_pages_without_gaps_or_repetitions() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let batch: Value = (0..25)
        .map(|n| customer(&format!("t{n}"), "1", "hello"))
        .collect();
    client.messages(&batch).await.results();

    let mut seen = Vec::new();
    let mut path = "/api/v1/threads?limit=10".to_owned();
    loop {
        let page = client.get(&path).await.json();
        let threads = page["threads"].as_array().expect("threads");
        seen.extend(threads.iter().map(|thread| thread["thread"].to_string()));
        match page["next"].as_i64() {
            Some(next) => path = format!("/api/v1/threads?limit=10&after={next}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
}

#[tokio::test]
async fn a_threads_id_may_hold_anything_but_control_characters() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let cases = [
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("é 漢", "%C3%A9%20%E6%BC%A2"),
        ("a?b#c", "a%3Fb%23c"),
    ];
    for (thread, encoded) in cases {
        client.messages(&customer(thread, "1", "hello")).await;
        let found = client.get(&format!("/api/v1/threads/chat/{encoded}")).await;
        assert_eq!(found.json()["thread"]["thread"], *thread, "{encoded}");
    }
    for encoded in ["%FF", "%00", "none", "a"] {
        let answer = client.get(&format!("/api/v1/threads/chat/{encoded}")).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{encoded}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn who_has_no_token_or_not_the_scope_is_refused() {
    let home = Home::new("");
    let bot = home.start();
    let reader = bot.client(&home.token_for(&["read"]));
    let message = customer("t", "1", "hello");

    let nobody = reader.with_token("").messages(&message).await;
    nobody.assert_problem(401, "unauthorized");
    assert_eq!(nobody.headers["www-authenticate"], "Bearer");
    let stranger = reader.with_token("rb_0000").get("/api/v1/threads").await;
    stranger.assert_problem(401, "unauthorized");
    reader
        .messages(&message)
        .await
        .assert_problem(403, "forbidden");
    assert_eq!(reader.get("/api/v1/threads").await.status, 200);

    assert!(home.run(&["token", "revoke", "read"]).status.success());
    let revoked = reader.get("/api/v1/threads").await;
    revoked.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn a_token_is_shown_once_and_never_kept() {
    let home = Home::new("");
    let token = home.token_for(&["messages", "read"]);
    let list = home.run(&["token", "list"]);
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    assert!(list.contains("messages-read"), "{list}");
    assert!(!list.contains(&token));
    for file in ["ringback.db", "ringback.db-wal"] {
        let bytes = std::fs::read(home.path(file)).unwrap_or_default();
        let found = bytes
            .windows(token.len())
            .any(|part| part == token.as_bytes());
        assert!(!found, "{file}");
    }
    let twice = home.run(&["token", "add", "messages-read", "--scope", "read"]);
    assert_eq!(twice.status.code(), Some(1));
    let unknown = home.run(&["token", "revoke", "nobody"]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test]
async fn health_and_metrics_are_open_and_tell_no_names() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    client
        .messages(&customer("thread-of-kim", "1", "my secret matter"))
        .await
        .results();
    let anybody = client.with_token("");
    assert_eq!(anybody.get("/healthz").await.status, 200);
    assert_eq!(anybody.get("/readyz").await.status, 200);
    let metrics = anybody.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.text.contains("ringback_"), "{}", metrics.text);
    assert!(!metrics.text.contains("kim") && !metrics.text.contains("secret"));
}

#[tokio::test]
async fn the_description_names_every_route_of_the_api() {
    let home = Home::new("");
    let bot = home.start();
    let description = bot.client("").get("/api/openapi.json").await.json();
    let paths: Vec<&String> = description["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .collect();
    assert_eq!(
        paths,
        [
            "/api/v1/callbacks",
            "/api/v1/callbacks/{id}",
            "/api/v1/callbacks/{id}/claim",
            "/api/v1/callbacks/{id}/done",
            "/api/v1/callbacks/{id}/keep-typing",
            "/api/v1/callbacks/{id}/release",
            "/api/v1/callbacks/{id}/renew",
            "/api/v1/callbacks/{id}/satisfaction",
            "/api/v1/callbacks/{id}/schedule",
            "/api/v1/cases",
            "/api/v1/dialled/{call}/ended",
            "/api/v1/edits",
            "/api/v1/forms",
            "/api/v1/forms/{id}",
            "/api/v1/forms/{id}/link",
            "/api/v1/messages",
            "/api/v1/rules",
            "/api/v1/threads",
            "/api/v1/threads/{channel}/{thread}",
            "/api/v1/threads/{channel}/{thread}/customer",
        ]
    );
}

#[tokio::test]
async fn the_log_never_holds_what_people_wrote_or_who_they_are() {
    let home = Home::new("");
    let bot = home.start();
    let token = home.token();
    let client = bot.client(&token);
    let mut message = customer("thread-of-kim", "id-of-kim", "my secret matter");
    message["author"] = json!("@kim-the-customer");
    client.messages(&message).await.results();
    client.get("/api/v1/threads/chat/thread-of-kim").await;
    client
        .raw_messages("application/json", "{\"text\": \"my secret")
        .await;
    let (status, log) = bot.stop();
    assert!(status.success());
    assert!(log.contains("stopped"), "{log}");
    for private in ["secret", "kim", token.as_str()] {
        assert!(!log.contains(private), "{private} in {log}");
    }
}

#[tokio::test]
async fn an_edit_replaces_what_is_kept_and_one_of_nothing_is_told_so() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token_for(&["messages"]));
    client
        .messages(&customer("t", "m1", "My bil is wrong"))
        .await;
    let edit = |id: &str, text: &str| json!({"channel": "chat", "thread": "t", "id": id, "edit": format!("{id}-a"), "text": text});
    let right = "My bill is wrong, card 4111 1111 1111 1111";
    let mut of_no_channel = edit("m1", right);
    of_no_channel["channel"] = "telegram".into();
    let edits = json!([
        edit("m1", right),
        edit("m1", right),
        edit("m9", right),
        {},
        of_no_channel
    ]);
    let answer = client.post("/api/v1/edits", &edits).await;
    let results = answer.results();
    let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
    assert_eq!(
        statuses,
        ["edited", "repeated", "rejected", "rejected", "rejected"]
    );
    let kinds: Vec<&Value> = results[2..]
        .iter()
        .map(|result| &result["error"]["type"])
        .collect();
    assert_eq!(
        kinds,
        [
            "urn:ringback:problem:not-found",
            "urn:ringback:problem:missing-field",
            "urn:ringback:problem:unknown-channel",
        ]
    );
    let reader = client.with_token(&home.token_for(&["read"]));
    let thread = reader.get("/api/v1/threads/chat/t").await.json();
    let text = &thread["messages"][0]["text"];
    assert_eq!(text, "My bill is wrong, card ⟦payment_card⟧");
    let refused = reader.post("/api/v1/edits", &edits).await;
    assert_eq!(refused.status, 403);
}
