//! What a CRM says of a customer, over the API.

use serde_json::{Value, json};

use crate::support::{
    bot::Home,
    client::{Answer, Client, customer},
};

async fn put(client: &Client, thread: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/threads/chat/{thread}/customer");
    client.put(&path, body).await
}

#[tokio::test]
async fn what_a_crm_knows_is_kept_and_what_it_gets_wrong_is_told() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    client.messages(&customer("t", "m1", "Where is it?")).await;
    let whole = json!({"name": "Kim Doe", "company": "Doe Ltd", "number": "+442079460142",
        "email": "kim@example.com", "zone": "Europe/London", "link": "https://crm.example.com/kim"});
    for body in [&whole, &json!({"name": null}), &json!({}), &whole] {
        let answer = put(&client, "t", body).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
    put(&client, "nowhere", &whole)
        .await
        .assert_problem(404, "not-found");
    for (field, wrong) in [("email", "kim@"), ("link", "http://crm.example.com")] {
        let answer = put(&client, "t", &json!({ field: wrong })).await;
        answer.assert_problem(422, "invalid-field");
        assert_eq!(answer.json()["field"], field);
        assert!(!answer.text.contains(wrong), "{}", answer.text);
    }
    for wrong in [
        json!({"number": "020 7946 0142"}),
        json!({"zone": "Mars/Olympus"}),
        json!({"nmae": "Kim"}),
    ] {
        let answer = put(&client, "t", &wrong).await;
        answer.assert_problem(422, "invalid-body");
    }
}
