//! No line is lost, none comes twice, and none shows what is confidential.

use reqwest::Method;
use serde_json::json;

use super::customer::{Customer, assert_refused, home};

#[tokio::test]
async fn what_is_said_comes_down_every_window_of_the_chat_and_of_no_other() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let other = Customer::chatting(&bot).await;
    let mut window = customer.listen("").await;
    let mut others = other.listen("").await;

    let line = customer.say("k1", "My bill is wrong").await;
    assert_eq!(line["from"], "customer");
    assert_eq!(line["key"], "k1");
    let told = window.next().await.expect("the line");
    assert_eq!(told.data, line, "the answer and the stream say the same");

    other.say("k1", "Mine too").await;
    assert_eq!(others.texts(1).await, ["Mine too"]);
    customer.say("k2", "Hello?").await;
    assert_eq!(window.texts(1).await, ["Hello?"]);
}

#[tokio::test]
async fn a_page_that_comes_back_gets_exactly_what_it_has_not_had() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let mut ids = Vec::new();
    for number in 1..=5 {
        let line = customer
            .say(&format!("k{number}"), &format!("line {number}"))
            .await;
        ids.push(line["id"].to_string());
    }
    let all = ["line 1", "line 2", "line 3", "line 4", "line 5"];
    assert_eq!(customer.listen("").await.texts(5).await, all);
    for (had, id) in ids.iter().enumerate() {
        let mut stream = customer.listen(id).await;
        customer.say("k6", "line 6").await;
        let mut rest = all[had + 1..].to_vec();
        rest.push("line 6");
        assert_eq!(stream.texts(rest.len()).await, rest, "after {had}");
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_message() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let first = customer.say("same", "My bill is wrong").await;
    assert_eq!(customer.say("same", "My bill is wrong").await, first);
    assert_eq!(customer.say("same", "something else").await, first);
    customer.say("other", "My bill is wrong").await;
    let mut stream = customer.listen("").await;
    assert_eq!(
        stream.texts(2).await,
        ["My bill is wrong", "My bill is wrong"]
    );
    for key in ["", "two words", "é"] {
        assert_eq!(customer.try_say(key, "hello").await.status(), 400, "{key}");
    }
}

#[tokio::test]
async fn what_is_confidential_comes_back_masked_and_nothing_is_logged() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let line = customer
        .say("secret-key", "my card 5555 5555 5555 4444 was charged")
        .await;
    let masked = "my card ⟦payment_card⟧ was charged";
    assert_eq!(line["text"], masked);
    assert_eq!(customer.listen("").await.texts(1).await, [masked]);
    let (status, log) = bot.stop();
    assert!(status.success());
    for private in ["charged", "5555", "secret-key", &customer.token] {
        assert!(!log.contains(private), "{private} is in {log}");
    }
}

#[tokio::test]
async fn a_line_that_a_later_one_completes_is_masked_in_every_window() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let mut window = customer.listen("").await;
    let half = customer.say("k1", "my card is 5555 5555").await;
    let first = window.next().await.expect("the line");
    assert_eq!(first.data, half);
    customer.say("k2", "5555 4444").await;
    let masked = "my card is ⟦payment_card⟧";
    let mut told = Vec::new();
    for _ in 0..2 {
        let event = window.next().await.expect("an event");
        let text = event.data["text"].as_str().expect("a text").to_owned();
        told.push((event.name, event.data["id"] == half["id"], text));
    }
    told.sort();
    let changed = ("changed".to_owned(), true, masked.to_owned());
    let line = ("line".to_owned(), false, "⟦payment_card⟧".to_owned());
    assert_eq!(told, [changed, line]);
    // A page that was away meanwhile is told of the change as well, and a new one never sees it.
    let mut back = customer.listen(&first.id).await;
    let event = back.next().await.expect("an event");
    assert_eq!(
        (event.name.as_str(), &event.data["text"]),
        ("changed", &masked.into())
    );
    let mut new = customer.listen("").await;
    assert_eq!(new.texts(2).await, [masked, "⟦payment_card⟧"]);
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_and_repeats_nothing() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let mut stream = customer.listen("").await;
    let first = customer.say("k1", "before").await;
    assert_eq!(stream.texts(1).await, ["before"]);
    bot.kill();

    let bot = home.start();
    let customer = customer.at(&bot);
    // The answer to the first may have got lost, so the page sends it again.
    assert_eq!(customer.say("k1", "before").await, first);
    customer.say("k2", "after").await;
    let mut stream = customer.listen(&first["id"].to_string()).await;
    assert_eq!(stream.texts(1).await, ["after"]);
    customer.say("k3", "and on").await;
    assert_eq!(stream.texts(1).await, ["and on"]);
}

#[tokio::test]
async fn a_stop_ends_streams_in_good_order() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let mut stream = customer.listen("").await;
    customer.say("k1", "hello").await;
    assert_eq!(stream.texts(1).await, ["hello"]);
    bot.signal("TERM");
    assert_eq!(stream.next().await, None, "ended, not broken off");
    let (status, log) = bot.end();
    assert!(status.success());
    assert!(!log.contains("cut off"), "{log}");
}

#[tokio::test]
async fn a_chat_is_a_thread_like_any_other() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let api = bot.client(&home.token());
    let threads = "/api/v1/threads?channel=shop";
    let none = api.get(threads).await.json();
    assert_eq!(none["threads"], json!([]), "it begins with a message");
    customer.say("k1", "Please call me").await;
    let found = api.get(threads).await.json();
    assert_eq!(found["threads"][0]["triage"], "needs_call");
    let thread = found["threads"][0]["thread"].as_str().expect("an id");
    assert!(!customer.token.contains(thread));
    // Only the chat itself brings messages in on its channel.
    let message =
        json!({"channel": "shop", "thread": thread, "id": "1", "from": "agent", "text": "Hi"});
    let refused = &api.messages(&message).await.results()[0];
    assert_eq!(refused["status"], "rejected");
}

#[tokio::test]
async fn each_line_says_its_language() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    for (key, text, language) in [
        ("k1", "Guten Tag, meine Rechnung stimmt nicht", "de"),
        ("k2", "請求書が間違っています。確認してください", "ja"),
    ] {
        assert_eq!(customer.say(key, text).await["lang"], language);
    }
}

#[tokio::test]
async fn half_an_emoji_is_refused_and_what_is_said_next_is_not() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    for path in ["messages", "helped"] {
        let half = customer
            .ask(Method::POST, &format!("/chat/shop/{path}"))
            .header("content-type", "application/json")
            .header("idempotency-key", "half")
            .body(r#"{"text": "half of one \ud83d"}"#);
        let answer = half.send().await.expect("an answer");
        assert_refused(&answer, 400, path);
    }
    customer.say("half", "My bill is wrong 👍").await;
    let texts = customer.listen("").await.texts(1).await;
    assert_eq!(texts, ["My bill is wrong 👍"]);
}
