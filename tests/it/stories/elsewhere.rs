//! The chat on somebody's site: one line there, and a button that opens it; on a site that the
//! admin has not named, nothing.

use std::sync::{Arc, Mutex};

use axum::{Router, response::Html, routing::get};
use fantoccini::{Locator, elements::Element};
use tokio::task::JoinSet;

use super::people::Team;
use crate::support::browser::Window;

/// A shop's site, on another origin than the bot's.
struct Shop {
    origin: String,
    page: Arc<Mutex<String>>,
    _server: JoinSet<()>,
}

impl Shop {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        // Another name than the bot's, so that a browser takes it for another site, too.
        let port = listener.local_addr().expect("an address").port();
        let page = Arc::<Mutex<String>>::default();
        let shown = Arc::clone(&page);
        let show = move || async move { Html(shown.lock().expect("not poisoned").clone()) };
        let mut server = JoinSet::new();
        let routes = Router::new().route("/", get(show));
        server.spawn(async move { axum::serve(listener, routes).await.expect("served") });
        Self {
            origin: format!("http://localhost:{port}"),
            page,
            _server: server,
        }
    }

    /// Puts the one line on the site, and opens it with the chat.
    async fn visit(&self, team: &Team) -> (Window, Element) {
        *self.page.lock().expect("not poisoned") = format!(
            "<!doctype html><title>A shop</title><style>button {{ display: none }}</style>
             <h1>Parcels</h1><script src=\"{}/chat/widget.js\" async></script>",
            team.url
        );
        let window = Window::open().await;
        window.goto(&self.origin).await;
        let host = window.find("body > div").await;
        let shadow = host.shadow_root().await.expect("a root of its own");
        let button = shadow.find(Locator::Css("button")).await.expect("a button");
        button.click().await.expect("clicked");
        let frame = shadow.find(Locator::Css("iframe")).await.expect("a frame");
        (window, frame)
    }
}

#[tokio::test]
async fn a_site_that_the_admin_has_named_can_have_the_chat_with_one_line() {
    let shop = Shop::open().await;
    let team = Team::start_with(&format!(
        "[webchat]\nallowed_origins = [\"{}\"]\n",
        shop.origin
    ));
    let (window, frame) = shop.visit(&team).await;
    frame.enter_frame().await.expect("in the frame");
    window.type_into("#chat-text", "Where is my parcel?").await;
    window.click("#chat-send").await;
    window
        .shows("#chat-lines [data-id]", "Where is my parcel?")
        .await;

    let agent = team.agent("kim", "agent").await;
    agent.opens_a_thread("waiting_on_us").await;
    agent.answers("It left our house this morning.").await;
    window.shows("#chat-lines", "this morning").await;
}

#[tokio::test]
async fn any_other_site_shows_no_chat() {
    let shop = Shop::open().await;
    let team = Team::start_with("[webchat]\nallowed_origins = [\"https://other.example\"]\n");
    let (window, frame) = shop.visit(&team).await;
    frame.enter_frame().await.expect("in the frame");
    window
        .until("the frame is refused", async || {
            let at = window.evaluate("return location.href").await;
            at.as_str()?.starts_with("chrome-error:").then_some(())
        })
        .await;
    assert_eq!(window.count("#chat-text").await, 0);
}
