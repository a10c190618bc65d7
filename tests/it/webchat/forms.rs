//! A form that a line of the chat offers: its link is made at the press of its button, for whoever
//! has the chat.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::customer::{Customer, assert_refused, home, with};
use crate::support::{
    bot::{Bot, Home},
    client::Client,
};

/// A chat whose customer has asked something, and a program that has asked them for details.
struct Asked {
    customer: Customer,
    client: Client,
    thread: Value,
    form: Value,
}

async fn asked(home: &Home, bot: &Bot) -> Asked {
    home.user("kim", "agent");
    let customer = Customer::chatting(bot).await;
    customer.say("k1", "Where is it?").await;
    let client = bot.client(&home.token());
    let threads = client.get("/api/v1/threads?channel=shop").await.json();
    let thread = threads["threads"][0]["thread"].clone();
    let form = ask(&client, &thread).await;
    Asked {
        customer,
        client,
        thread,
        form,
    }
}

/// Asks the thread's customer for details; the form's number.
async fn ask(client: &Client, thread: &Value) -> Value {
    let details = json!({
        "channel": "shop", "thread": thread, "purpose": "details", "account": "kim",
    });
    let asked = client.post("/api/v1/forms", &details).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    assert_eq!(asked.json()["told"], true, "Ringback carries the chat");
    asked.json()["form"]["id"].clone()
}

async fn press(customer: &Customer, form: &Value) -> Response {
    let request = customer.ask(Method::POST, "/chat/shop/form");
    let request = with(request, &json!({"form": form}));
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn the_button_stands_under_our_line_and_opens_a_new_link_at_each_press() {
    let home = home("");
    let bot = home.start();
    let Asked { customer, form, .. } = asked(&home, &bot).await;
    let mut window = customer.listen("").await;
    let own = window.next().await.expect("the customer's line");
    assert_eq!(own.data.get("form"), None);
    let offer = window.next().await.expect("our line").data;
    assert_eq!(offer["from"], "bot");
    assert_eq!(
        offer["form"],
        json!({"id": form, "kind": "details", "state": "open"})
    );
    assert!(
        !offer.to_string().contains("rb_"),
        "no link stands in a line"
    );

    let mut urls = Vec::new();
    for _ in 0..2 {
        let answer = press(&customer, &form).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let link = answer.text().await.expect("a link");
        let link: Value = serde_json::from_str(&link).expect("JSON");
        let url = link["url"].as_str().expect("a link").to_owned();
        assert!(url.starts_with(&format!("{}/form/rb_", bot.url)), "{url}");
        urls.push(url);
    }
    let page = |url: String| {
        let http = customer.http.clone();
        async move { http.get(url).send().await.expect("an answer").status() }
    };
    let (old, new) = (urls.remove(0), urls.remove(0));
    assert_ne!(old, new);
    assert_eq!(page(new.clone()).await, 200);
    assert_eq!(page(new).await, 200, "looking uses nothing up");
    assert_ne!(page(old).await, 200, "replaced");
}

#[tokio::test]
async fn a_chat_opens_its_own_forms_only_and_those_that_can_be_filled_in() {
    let home = home("");
    let bot = home.start();
    let Asked {
        customer,
        client,
        thread,
        form,
    } = asked(&home, &bot).await;
    let other = Customer::chatting(&bot).await;
    other.say("k1", "Hello").await;
    assert_refused(&press(&other, &form).await, 409, "another's form");
    let nobody = Customer::new(&bot);
    assert_refused(&press(&nobody, &form).await, 401, "no chat");
    for wrong in [json!("1"), json!(null), json!({"id": 1})] {
        assert_refused(&press(&customer, &wrong).await, 400, &wrong.to_string());
    }
    let foreign = customer.ask(Method::POST, "/chat/shop/form");
    let foreign = with(foreign, &json!({"form": form})).header("origin", "https://evil.example");
    let foreign = foreign.send().await.expect("an answer");
    assert_refused(&foreign, 403, "a foreign page");

    let mut window = customer.listen("").await;
    for _ in 0..2 {
        window.next().await.expect("a line");
    }
    let newer = ask(&client, &thread).await;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let told = window.next().await.expect("news");
        seen.push((told.name, told.data["form"].clone()));
    }
    seen.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        seen,
        [
            (
                "changed".to_owned(),
                json!({"id": form, "kind": "details", "state": "over"})
            ),
            (
                "line".to_owned(),
                json!({"id": newer, "kind": "details", "state": "open"})
            ),
        ]
    );
    assert_refused(&press(&customer, &form).await, 409, "withdrawn");
    assert_eq!(press(&customer, &newer).await.status(), 200);
}

#[tokio::test]
async fn a_chat_makes_so_many_links_an_hour() {
    let home = home("");
    let bot = home.start();
    let Asked { customer, form, .. } = asked(&home, &bot).await;
    for _ in 0..10 {
        assert_eq!(press(&customer, &form).await.status(), 200);
    }
    let refused = press(&customer, &form).await;
    assert_refused(&refused, 429, "the eleventh");
    assert!(refused.headers().contains_key("retry-after"));
}
