//! Bad input: each is refused with a clear problem, and nothing else is lost by it.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Stdio,
};

use reqwest::Method;
use ringback::{
    domain::time::{Length, after},
    engine::Clock,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    bot::Home,
    client::{Client, customer},
};

/// Hands in one bad message between two good ones; gives the bad one's error.
async fn refused(change: impl FnOnce(&mut Value)) -> Value {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let mut bad = customer("t", "2", "my secret");
    change(&mut bad);
    let body = json!([customer("t", "1", "a"), bad, customer("t", "3", "c")]);
    let results = client.messages(&body).await.results();
    assert_eq!(results[0]["status"], "decided");
    assert_eq!(results[2]["status"], "decided");
    assert_eq!(results[1]["status"], "rejected");
    let error = results[1]["error"].clone();
    assert!(!error.to_string().contains("secret"), "{error}");
    error
}

#[tokio::test]
async fn an_unknown_party_is_refused_with_the_known_ones() {
    let error = refused(|message| message["from"] = json!("robot")).await;
    assert_eq!(error["field"], "from");
    assert_eq!(
        error["detail"],
        "`from` must be `customer`, `agent` or `bot`"
    );
}

#[tokio::test]
async fn a_time_in_the_year_9999_is_refused() {
    let error = refused(|message| message["at"] = json!("9999-12-30T00:00:00Z")).await;
    assert_eq!(error["type"], "urn:ringback:problem:ahead-of-time");
}

#[tokio::test]
async fn a_time_an_hour_ahead_is_refused_and_one_a_minute_ahead_is_not() {
    let ahead = |minutes| {
        let at = after(Clock::system().now(), Length::minutes(minutes));
        json!(at.to_string())
    };
    let error = refused(|message| message["at"] = ahead(60)).await;
    assert_eq!(error["field"], "at");

    let home = Home::new("");
    let bot = home.start();
    let mut message = customer("t", "1", "hello");
    message["at"] = ahead(1);
    let results = bot.client(&home.token()).messages(&message).await.results();
    assert_eq!(results[0]["status"], "decided");
}

#[tokio::test]
async fn a_channel_that_the_settings_do_not_name_is_refused() {
    let error = refused(|message| message["channel"] = json!("fax")).await;
    assert_eq!(error["type"], "urn:ringback:problem:unknown-channel");
}

#[tokio::test]
async fn a_message_of_ten_megabytes_is_refused_and_the_bot_lives() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let huge = customer("t", "1", &"x".repeat(10_000_000));
    client
        .messages(&huge)
        .await
        .assert_problem(413, "payload-too-large");
    assert_works(&client).await;
}

#[tokio::test]
async fn a_message_longer_than_any_network_allows_is_refused_alone() {
    let error = refused(|message| message["text"] = json!("x".repeat(300_000))).await;
    assert_eq!(error["type"], "urn:ringback:problem:too-long");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_by_place() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let json = "application/json";
    let malformed = client.raw_messages(json, "[\n{\"id\": \"1\",}]").await;
    let problem = malformed.assert_problem(400, "malformed-json");
    assert_eq!(problem["line"], 2);
    let cut = client.raw_messages(json, "{\"text\": \"hel").await;
    cut.assert_problem(400, "malformed-json");
    let latin = client.raw_messages(json, b"{\"text\": \"caf\xe9\"}".to_vec());
    latin.await.assert_problem(400, "invalid-utf8");
    let deep = client.raw_messages(json, "[".repeat(100_000)).await;
    deep.assert_problem(400, "malformed-json");
    let number = client.raw_messages(json, "17").await;
    number.assert_problem(422, "no-message");
    let form = client.raw_messages("text/plain", "hello").await;
    form.assert_problem(415, "unsupported-media-type");
    assert_works(&client).await;
}

/// Half of an emoji, as programs write it that cut texts by their units.
const HALF_AN_EMOJI: &str = r#"{"text": "half of one \ud83d", "account": "kim\ud83d"}"#;

#[tokio::test]
async fn half_an_emoji_is_refused_wherever_json_is_taken() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let json = [("content-type", "application/json")];
    let described = client.get("/api/openapi.json").await.json();
    let mut asked = Vec::new();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            if operation["requestBody"].is_null() {
                continue;
            }
            let path = path.replace("{id}", "1").replace("{channel}", "api");
            let path = path.replace("{thread}", "t").replace("{call}", "1");
            let method = method.to_uppercase().parse().expect("a method");
            let body = HALF_AN_EMOJI.as_bytes().to_vec();
            let answer = client.send(method, &path, &json, body).await;
            let named = match answer.status.as_u16() {
                400 => "malformed-json",
                // What does not belong there is refused before its value is looked at.
                422 => "invalid-body",
                // A call that nobody asked for is not told what is wrong with what came of it.
                status => {
                    assert!(matches!(status, 401 | 404), "{path}: {}", answer.text);
                    continue;
                }
            };
            answer.assert_problem(answer.status.as_u16(), named);
            asked.push((answer.status.as_u16(), path));
        }
    }
    let malformed = asked.iter().filter(|(status, _)| *status == 400).count();
    assert!(asked.len() >= 11 && malformed >= 9, "{asked:?}");
    assert_works(&client).await;
}

#[tokio::test]
async fn half_an_emoji_in_a_line_costs_the_other_lines_nothing() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let line =
        |id: &str, text: &str| customer("t", id, "TEXT").to_string().replace("TEXT", text) + "\n";
    let body =
        line("1", "My bill is wrong") + &line("2", r"half \ud83d") + &line("3", r"\ud83d\ude00");
    let answer = client.raw_messages("application/x-ndjson", body).await;
    let results = answer.results();
    assert_eq!(results[0]["status"], "decided");
    assert_eq!(
        results[1]["error"]["type"],
        "urn:ringback:problem:malformed-json"
    );
    assert_eq!(results[1]["error"]["line"], 2);
    assert_eq!(results[2]["status"], "decided");
}

#[tokio::test]
async fn wrong_routes_methods_and_queries_are_problems_too() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    client
        .get("/api/v1/nowhere")
        .await
        .assert_problem(404, "not-found");
    let method = client
        .send(Method::DELETE, "/api/v1/threads", &[], Vec::new())
        .await;
    method.assert_problem(405, "method-not-allowed");
    assert_eq!(method.headers["allow"], "GET,HEAD");
    for query in [
        "limit=0",
        "limit=501",
        "limit=x",
        "limit=1&limit=2",
        "after=-1",
        "after=9007199254740992",
        "after=99999999999999999999",
        "stat=open",
        "triage=odd",
    ] {
        let answer = client.get(&format!("/api/v1/threads?{query}")).await;
        answer.assert_problem(400, "bad-query");
    }
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back_and_keeps_nothing() {
    let home = Home::new("[limits]\nqueue = 5\n");
    let bot = home.start();
    let client = bot.client(&home.token());
    // While somebody else writes the database, what comes in must wait.
    let other = home.lock_database();
    let mut requests = JoinSet::new();
    for thread in ["a", "b"] {
        let client = client.clone();
        let batch: Value = ["1", "2", "3"]
            .map(|id| customer(thread, id, "hello"))
            .into_iter()
            .collect();
        requests.spawn(async move { client.messages(&batch).await });
    }
    let refused = requests.join_next().await.expect("one").expect("an answer");
    refused.assert_problem(429, "busy");
    let after = refused.headers["retry-after"].to_str().expect("text");
    assert!(after.parse::<u32>().is_ok_and(|seconds| seconds >= 1));
    other.execute_batch("ROLLBACK").expect("unlocked");
    let taken = requests.join_next().await.expect("one").expect("an answer");
    assert_eq!(taken.results().len(), 3);
    let threads = client.get("/api/v1/threads").await.json();
    assert_eq!(threads["threads"].as_array().map(Vec::len), Some(1));
    assert_works(&client).await;
}

#[tokio::test]
async fn more_large_bodies_at_once_than_there_is_room_for_are_told_to_come_back() {
    let home = Home::new("[limits]\nbody_bytes = 4096\n");
    let bot = home.start();
    let token = home.token();
    let address = bot.url.strip_prefix("http://").expect("a URL");
    let head = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 4096\r\nexpect: 100-continue\r\n\r\n"
    );
    let mut under_way = Vec::new();
    // Each is let in, and then does not send its body.
    for _ in 0..16 {
        let mut stream = TcpStream::connect(address).expect("connected");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 100");
        under_way.push(stream);
    }
    let client = bot.client(&token);
    let refused = client.messages(&customer("t", "1", "hello")).await;
    refused.assert_problem(429, "busy");
    assert_eq!(refused.headers["retry-after"], "1");
    drop(under_way);
    // There is room again as soon as the bot notices that they are gone.
    for _ in 0..100_000 {
        if client.messages(&customer("t", "1", "hello")).await.status == 200 {
            break;
        }
    }
    assert_works(&client).await;
}

#[tokio::test]
async fn a_port_in_use_is_told_with_how_to_mend_it() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let home = Home::new("");
    let settings = fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = settings.replace("127.0.0.1:0", &address);
    fs::write(home.path("ringback.toml"), settings).expect("written");
    let output = home.run(&["run"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains(&format!("{address} is in use already")),
        "{told}"
    );
    assert!(told.contains("`listen`"), "{told}");
}

#[tokio::test]
async fn a_second_bot_on_the_same_database_is_refused() {
    let home = Home::new("");
    let _first = home.start();
    let second = home.command().arg("run").stdout(Stdio::null()).output();
    let second = second.expect("it runs");
    assert_eq!(second.status.code(), Some(1));
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(told.contains("another ringback is running"), "{told}");
}

async fn assert_works(client: &Client) {
    let results = client
        .messages(&customer("works", "1", "hello"))
        .await
        .results();
    assert_eq!(results[0]["status"], "decided");
}
