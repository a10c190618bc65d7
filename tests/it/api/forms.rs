//! Forms over the API: asked for, linked to once, and no word of what was filled in.

use serde_json::{Value, json};

use crate::support::{
    bot::{Bot, Home},
    client::{Client, customer},
};

async fn bot() -> (Home, Bot, Client) {
    let home = Home::new("");
    home.user("kim", "agent");
    let bot = home.start();
    let client = bot.client(&home.token());
    client.messages(&customer("t", "m1", "Where is it?")).await;
    (home, bot, client)
}

fn details() -> Value {
    json!({"channel": "chat", "thread": "t", "purpose": "details", "account": "kim"})
}

async fn asked(client: &Client) -> i64 {
    let asked = client.post("/api/v1/forms", &details()).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    asked.json()["form"]["id"].as_i64().expect("a number")
}

#[tokio::test]
async fn a_form_is_asked_for_and_a_link_to_it_given_out() {
    let (_home, bot, client) = bot().await;
    let asked = client.post("/api/v1/forms", &details()).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let asked = asked.json();
    assert_eq!(asked["told"], false, "nobody but the caller can tell them");
    let form = &asked["form"];
    assert_eq!(
        (&form["state"], &form["purpose"], &form["asked_by"]),
        (&json!("sent"), &json!("details"), &json!("kim"))
    );
    let id = &form["id"];
    let shown = client.get(&format!("/api/v1/forms/{id}")).await.json();
    assert_eq!(&shown, form);

    let path = format!("/api/v1/forms/{id}/link");
    let (one, other) = (
        client.post(&path, &json!({})).await,
        client.post(&path, &json!({})).await,
    );
    assert_eq!(one.status, 200, "{}", one.text);
    assert_eq!(one.headers["cache-control"], "no-store");
    let url = |answer: &crate::support::client::Answer| {
        let url = answer.json()["url"].as_str().expect("a link").to_owned();
        assert!(url.starts_with(&format!("{}/form/rb_", bot.url)), "{url}");
        url
    };
    assert_ne!(url(&one), url(&other));
    let listed = client.get("/api/v1/forms?channel=chat&thread=t").await;
    assert_eq!(listed.json()["forms"], json!([form]));
    assert!(!listed.text.contains("rb_"), "no link is answered twice");
}

#[tokio::test]
async fn no_link_is_given_out_in_public_or_to_a_form_that_cannot_be_filled_in() {
    let (_home, _bot, client) = bot().await;
    let (first, second) = (asked(&client).await, asked(&client).await);
    let link = |id| {
        let (client, path) = (client.clone(), format!("/api/v1/forms/{id}/link"));
        async move { client.post(&path, &json!({})).await }
    };
    link(first).await.assert_problem(409, "form-not-open");
    let shown = client.get(&format!("/api/v1/forms/{first}")).await.json();
    assert_eq!(shown["state"], "withdrawn");

    let mut post = customer("t", "m2", "Hello?");
    post["visibility"] = json!("public");
    client.messages(&post).await;
    link(second).await.assert_problem(409, "public-thread");
    let again = client.post("/api/v1/forms", &details()).await;
    again.assert_problem(409, "public-thread");
    client
        .messages(&customer("t", "m3", "In private then"))
        .await;
    assert_eq!(link(second).await.status, 200);
    for id in ["0", "99", "x", "-1"] {
        let path = format!("/api/v1/forms/{id}/link");
        let answer = client.post(&path, &json!({})).await;
        answer.assert_problem(404, "not-found");
    }
}

#[tokio::test]
async fn only_whom_there_is_can_be_asked_by_whom_there_is() {
    let (home, bot, client) = bot().await;
    let ask = |change: Value| {
        let mut body = details();
        for (name, value) in change.as_object().expect("members") {
            body[name] = value.clone();
        }
        let client = client.clone();
        async move { client.post("/api/v1/forms", &body).await }
    };
    let nobody = ask(json!({"account": "nobody"})).await;
    nobody.assert_problem(409, "unknown-account");
    let nowhere = ask(json!({"thread": "nowhere"})).await;
    nowhere.assert_problem(404, "not-found");
    let no_form = ask(json!({"purpose": "identity", "form": "no-such-form"})).await;
    no_form.assert_problem(404, "not-found");
    for wrong in [
        json!({"purpose": "identity"}),
        json!({"purpose": "other"}),
        json!({"channel": "Chat!"}),
        json!({"thread": ""}),
    ] {
        ask(wrong).await.assert_problem(422, "invalid-body");
    }
    let reader = bot.client(&home.token_for(&["read", "callbacks"]));
    let refused = reader.post("/api/v1/forms", &details()).await;
    refused.assert_problem(403, "forbidden");
    let id = asked(&client).await;
    let path = format!("/api/v1/forms/{id}/link");
    let refused = reader.post(&path, &json!({})).await;
    refused.assert_problem(403, "forbidden");
    let writer = bot.client(&home.token_for(&["messages"]));
    let refused = writer.get(&format!("/api/v1/forms/{id}")).await;
    refused.assert_problem(403, "forbidden");
    let unnamed = client.get("/api/v1/forms?channel=chat").await;
    unnamed.assert_problem(400, "bad-query");
}
