//! How much one customer may do.

use reqwest::Method;
use serde_json::json;

use super::customer::{Customer, assert_refused, home, with};
use crate::support::bot::Home;

#[tokio::test]
async fn one_address_starts_so_many_chats_and_is_told_when_to_come_back() {
    let proxy = "public_url = \"https://chat.example\"\ntrusted_proxies = [\"127.0.0.1\"]\n";
    let home = Home::new(&format!(
        "{proxy}[channels.shop]\nkind = \"webchat\"\n[webchat]\nnew_threads_per_hour = 3\n"
    ));
    let bot = home.start();
    let customer = Customer::new(&bot);
    for _ in 0..3 {
        assert_eq!(customer.start().await.status(), 201);
    }
    let refused = customer.start().await;
    assert_refused(&refused, 429, "the fourth");
    let after = refused.headers()["retry-after"].to_str().expect("text");
    let after: u64 = after.parse().expect("seconds");
    assert!((1..=20 * 60).contains(&after), "{after}");
    // Another customer, as the proxy on this machine says.
    let request = customer.ask(Method::POST, "/chat/shop/threads");
    let request = request
        .header("host", "chat.example")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-for", "203.0.113.7");
    let other = with(request, &json!({})).send().await.expect("an answer");
    assert_eq!(other.status(), 201);
}

#[tokio::test]
async fn a_chat_sends_so_many_messages_a_minute() {
    let home = home("");
    let bot = home.start();
    let (customer, other) = (
        Customer::chatting(&bot).await,
        Customer::chatting(&bot).await,
    );
    for number in 0..60 {
        customer.say(&format!("k{number}"), "hello").await;
    }
    // Each place is free again after a second, so of many more at least one is refused.
    let mut refused = None;
    for number in 60..200 {
        let answer = customer.try_say(&format!("k{number}"), "hello").await;
        if answer.status() != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("one too many");
    assert_refused(&refused, 429, "one too many");
    assert!(refused.headers().contains_key("retry-after"));
    other.say("k", "others are not held up by it").await;
}

#[tokio::test]
async fn a_chat_has_so_many_windows() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let mut windows = Vec::new();
    for _ in 0..8 {
        windows.push(customer.listen("").await);
    }
    let refused = customer.try_listen("").await;
    assert_refused(&refused, 429, "the ninth");
    customer.say("k1", "hello").await;
    for window in &mut windows {
        assert_eq!(window.texts(1).await, ["hello"]);
    }
}

#[tokio::test]
async fn a_message_is_text_of_at_most_4000_characters() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let longest = "é".repeat(4_000);
    let line = customer.say("longest", &longest).await;
    assert_eq!(line["text"], longest);
    for (key, text, status) in [
        ("a", format!("{longest}é"), 422),
        ("b", String::new(), 422),
        ("c", " \n\t ".to_owned(), 422),
        ("d", "x".repeat(100_000), 413),
    ] {
        let answer = customer.try_say(key, &text).await;
        assert_refused(&answer, status, key);
        let told = answer.text().await.expect("a problem");
        assert!(text.is_empty() || !told.contains(text.as_str()), "{key}");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_not_quoted() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let json = "application/json";
    for (kind, body, status) in [
        (json, "{\"text\": 4711}", 400),
        (json, "{\"text\": \"4711\", \"from\": \"agent\"}", 400),
        (json, "{\"text\": \"4711\"", 400),
        (json, "", 400),
        ("text/plain", "{\"text\": \"4711\"}", 415),
        ("application/x-www-form-urlencoded", "text=4711", 415),
    ] {
        let request = customer.ask(Method::POST, "/chat/shop/messages");
        let request = request
            .header("idempotency-key", "k")
            .header("content-type", kind);
        let answer = request.body(body).send().await.expect("an answer");
        assert_refused(&answer, status, body);
        let told = answer.text().await.expect("a problem");
        assert!(!told.contains("4711"), "{told}");
    }
    for path in ["threads", "messages", "typing"] {
        let answer = customer.get(&format!("/chat/shop/{path}")).await;
        assert_refused(&answer, 405, path);
    }
}
