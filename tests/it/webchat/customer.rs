//! A customer's chat page, as far as Ringback sees it: starts chats, sends lines, reads the stream.

use std::{collections::HashMap, time::Duration};

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::bot::{Bot, Home};

/// How long nothing may come before a test that waits for more fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Settings with a web chat named `shop`, beside the API channel of every test.
/// Keep it: its folder goes with it.
pub(crate) fn home(webchat: &str) -> Home {
    Home::new(&format!(
        "[channels.shop]\nkind = \"webchat\"\n[webchat]\n{webchat}\n"
    ))
}

/// A page of the chat `shop`.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) token: String,
}

/// An event of the stream.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Stream {
    answer: Response,
    received: String,
}

impl Customer {
    /// Opens the page, without a chat.
    pub(crate) fn new(bot: &Bot) -> Self {
        // Makes the client's TLS work, although nothing here uses it.
        drop(bot.client(""));
        let http = reqwest::Client::builder().no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none());
        Self {
            http: http.build().expect("a client"),
            url: bot.url.clone(),
            token: String::new(),
        }
    }

    /// Opens the page and starts a chat.
    pub(crate) async fn chatting(bot: &Bot) -> Self {
        let mut customer = Self::new(bot);
        let started = customer.start().await;
        assert_eq!(started.status(), 201);
        assert_eq!(started.headers()["cache-control"], "no-store");
        let started = read(started).await;
        let token = started["token"].as_str().expect("a token");
        customer.token = token.to_owned();
        customer
    }

    /// The same page, once Ringback was started again elsewhere.
    pub(crate) fn at(&self, bot: &Bot) -> Self {
        Self {
            url: bot.url.clone(),
            ..self.clone()
        }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.ask(Method::GET, path);
        request.send().await.expect("an answer")
    }

    pub(crate) async fn start(&self) -> Response {
        let request = self.ask(Method::POST, "/chat/shop/threads");
        with(request, &json!({})).send().await.expect("an answer")
    }

    pub(crate) async fn try_say(&self, key: &str, text: &str) -> Response {
        let request = self.ask(Method::POST, "/chat/shop/messages");
        let request = request.header("idempotency-key", key);
        with(request, &json!({"text": text}))
            .send()
            .await
            .expect("an answer")
    }

    /// Says something, and gives the line as it is kept.
    pub(crate) async fn say(&self, key: &str, text: &str) -> Value {
        let answer = self.try_say(key, text).await;
        assert_eq!(answer.status(), 200);
        read(answer).await
    }

    pub(crate) async fn try_listen(&self, after: &str) -> Response {
        let request = self.ask(Method::GET, "/chat/shop/stream");
        let request = request.header("last-event-id", after);
        request.send().await.expect("an answer")
    }

    /// Listens to what comes after a line.
    pub(crate) async fn listen(&self, after: &str) -> Stream {
        let answer = self.try_listen(after).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let mut stream = Stream {
            answer,
            received: String::new(),
        };
        let first = stream.next().await.expect("how the desk is");
        assert_eq!(first.name, "desk");
        stream
    }
}

impl Stream {
    /// The next event; `None` once the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.received.split_once("\n\n") {
                let told = told(block);
                self.received = rest.to_owned();
                match told {
                    Some(told) => return Some(told),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.answer.chunk());
            let chunk = chunk.await.expect("something in time").expect("unbroken")?;
            self.received
                .push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }

    /// The texts of so many lines.
    pub(crate) async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let told = self.next().await.expect("another line");
            assert_eq!(told.name, "line");
            // Behind the dot stands how far the page knows of changes.
            let id = told.id.split('.').next();
            assert_eq!(id, Some(told.data["id"].to_string().as_str()));
            texts.push(told.data["text"].as_str().expect("text").to_owned());
        }
        texts
    }
}

/// A request with a JSON body.
pub(crate) fn with(request: RequestBuilder, body: &Value) -> RequestBuilder {
    let request = request.header("content-type", "application/json");
    request.body(body.to_string())
}

/// The JSON of an answer.
async fn read(answer: Response) -> Value {
    let text = answer.text().await.expect("an answer");
    serde_json::from_str(&text).expect("JSON")
}

/// An event of its lines; none for a sign of life.
fn told(block: &str) -> Option<Told> {
    let mut fields: HashMap<&str, &str> = block
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    Some(Told {
        name: fields.remove("event")?.to_owned(),
        id: fields.remove("id").unwrap_or_default().to_owned(),
        data: serde_json::from_str(fields.remove("data")?).expect("JSON"),
    })
}

/// Checks that an answer is a problem of that status.
#[track_caller]
pub(crate) fn assert_refused(answer: &Response, status: u16, why: &str) {
    assert_eq!(
        answer.status(),
        StatusCode::from_u16(status).expect("a status"),
        "{why}"
    );
    assert_eq!(
        answer.headers()["content-type"],
        "application/problem+json",
        "{why}"
    );
}
