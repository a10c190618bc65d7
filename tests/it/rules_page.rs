//! The Rules page, as a supervisor's browser uses it with its scripts switched off.

use reqwest::Method;

use crate::support::{
    client::{Answer, Client},
    demo::Demo,
};

const TYPED: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// What the page's forms carry, so that only they are listened to.
async fn csrf(client: &Client) -> String {
    let page = client.get("/desk/rules").await.text;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.split('"').next().expect("a value").to_owned()
}

async fn post(client: &Client, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
    let fields = [&[("csrf", csrf)], fields].concat();
    let body = serde_urlencoded::to_string(fields).expect("a form");
    client
        .send(Method::POST, path, &TYPED, body.into_bytes())
        .await
}

async fn try_thread(client: &Client, thread: &str) -> Answer {
    let csrf = csrf(client).await;
    let fields = [
        ("channel", "webchat"),
        ("visibility", "public"),
        ("thread", thread),
    ];
    post(client, "/desk/rules", &csrf, &fields).await
}

#[tokio::test]
async fn a_thread_is_tried_under_the_rules_in_force_and_kept_nowhere() {
    let demo = Demo::with_rules("exchanges = 2\n");
    let client = demo.client();
    let thread = "customer: where is my parcel\r\ncustomer+1h: I still wait, it is a disgrace";
    let page = try_thread(&client, thread).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for wanted in [
        "exchange 2 of 2",
        "second exchange was not a thank-you",
        "<code>rule_of_three</code>",
        "A callback appears on desk main.",
        "it is a disgrace",
    ] {
        assert!(
            page.text.contains(wanted),
            "{wanted} is not in {}",
            page.text
        );
    }
    let desk = client.get("/desk/callbacks").await.text;
    assert!(!desk.contains("disgrace"), "{desk}");
}

#[tokio::test]
async fn what_cannot_be_tried_is_told_by_its_line() {
    let demo = Demo::start();
    let client = demo.client();
    let page = try_thread(&client, "customer: hello\nwho: me").await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Line 2 cannot be"), "{}", page.text);
    let long = format!("customer: {}", "a long story ".repeat(6_000));
    let page = try_thread(&client, &long).await;
    assert!(
        [413, 422].contains(&page.status.as_u16()),
        "{}",
        page.status
    );
}

#[tokio::test]
async fn a_form_that_another_page_sends_does_nothing() {
    let demo = Demo::with_rules("exchanges = 2\n");
    let client = demo.client();
    let fields = [
        ("channel", "webchat"),
        ("visibility", "public"),
        ("thread", "x"),
    ];
    assert_eq!(
        post(&client, "/desk/rules", "guessed", &fields)
            .await
            .status,
        403
    );
    assert_eq!(
        post(&client, "/desk/rules/reload", "guessed", &[])
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn the_file_is_loaded_again_by_a_button_and_a_bad_one_is_told_with_its_place() {
    let demo = Demo::with_rules("exchanges = 4\n");
    let client = demo.client();
    let load = async || {
        let csrf = csrf(&client).await;
        post(&client, "/desk/rules/reload", &csrf, &[]).await.text
    };
    demo.write_rules("exchanges = 5\nwatch = 3\n");
    let page = load().await;
    assert!(page.contains("line 2, column 9"), "{page}");
    assert!(
        page.contains("rings the customer back at exchange 4"),
        "{page}"
    );

    demo.write_rules("exchanges = 5\n");
    let page = load().await;
    assert!(
        page.contains("rings the customer back at exchange 5"),
        "{page}"
    );
    assert!(!page.contains("was refused"), "{page}");
    assert!(load().await.contains("what was in force already"), "{page}");
}
