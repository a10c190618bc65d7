//! The browser itself: that these tests can fail.

use axum::{Router, response::Html, routing::get};
use tokio::task::JoinSet;

use crate::support::browser::{Like, Window};

/// A page of the test's own.
async fn page(html: &'static str) -> (JoinSet<()>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let routes = Router::new().route("/", get(move || async move { Html(html) }));
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, routes).await.expect("served") });
    (server, url)
}

const GOOD: &str = r#"<!doctype html><html lang="en"><head><title>Good</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"></head>
    <body><main><h1 id="title">Good</h1><p id="written">no script</p></main>
    <script>document.getElementById("written").textContent = "by script";</script></body></html>"#;

const BAD: &str = r#"<!doctype html><html lang="en"><head><title>Bad</title></head>
    <body><main><h1>Bad</h1><input type="text"></main></body></html>"#;

#[tokio::test]
async fn axe_finds_nothing_on_a_good_page_which_fits_on_a_phone() {
    let (_server, url) = page(GOOD).await;
    let window = Window::like(Like::PHONE).await;
    window.goto(&url).await;
    window.shows("#written", "by script").await;
    window.assert_accessible().await;
    window.assert_fits().await;
}

#[tokio::test]
#[should_panic(expected = "critical: Form elements must have labels")]
async fn axe_finds_a_field_without_a_name() {
    let (_server, url) = page(BAD).await;
    let window = Window::open().await;
    window.goto(&url).await;
    window.assert_accessible().await;
}

#[tokio::test]
async fn scripts_can_be_off() {
    let (_server, url) = page(GOOD).await;
    let window = Window::like(Like::WITHOUT_SCRIPTS).await;
    window.goto(&url).await;
    window.shows("#written", "no script").await;
}
