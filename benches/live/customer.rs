//! A customer: starts a chat as its page does, watches its stream, and asks.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use reqwest::{Client, Response};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Awaited;

/// One chat.
pub(crate) struct Chat {
    http: Client,
    chat: String,
    origin: String,
    token: String,
    database: PathBuf,
    asked: AtomicU32,
}

impl Chat {
    /// Starts a chat and opens its stream, as customer number `number` at an address of their own:
    /// the bot believes a proxy on its machine.
    pub(crate) async fn start(
        number: usize,
        http: Client,
        address: String,
        database: PathBuf,
    ) -> (Self, Response) {
        let origin = format!("http://{address}");
        let chat = format!("{origin}/chat/webchat");
        let started = http
            .post(format!("{chat}/threads"))
            .header("origin", &origin)
            .json_body(&json!({}))
            .send()
            .await
            .expect("an answer");
        assert!(started.status().is_success(), "{}", started.status());
        let started: Value =
            serde_json::from_slice(&started.bytes().await.expect("the answer")).expect("JSON");
        let token = started.get("token").and_then(Value::as_str);
        let chat = Self {
            http,
            chat,
            origin,
            token: token.expect("a token").to_owned(),
            database,
            asked: AtomicU32::default(),
        };
        let stream = chat
            .http
            .get(format!("{}/stream", chat.chat))
            .header("origin", &chat.origin)
            .header(
                "x-forwarded-for",
                format!("10.0.{}.{}", number / 250, number % 250),
            )
            .bearer_auth(&chat.token)
            .send()
            .await
            .expect("a stream");
        assert!(stream.status().is_success(), "{}", stream.status());
        (chat, stream)
    }

    /// Sends a message; returns when it is acknowledged.
    pub(crate) async fn ask(&self, text: &str) {
        let key = self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self
            .http
            .post(format!("{}/messages", self.chat))
            .header("origin", &self.origin)
            .header("idempotency-key", format!("m{key}"))
            .bearer_auth(&self.token)
            .json_body(&json!({"text": text}))
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.bytes().await.expect("the whole answer");
    }

    /// The thread, which no customer is told: an agent sees it in the list.
    pub(crate) fn thread(&self) -> String {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = Connection::open_with_flags(&self.database, flags).expect("opened");
        let hash = Sha256::digest(&self.token);
        database
            .query_row(
                "SELECT thread FROM chats WHERE hash = ?1",
                [hash.as_slice()],
                |row| row.get(0),
            )
            .expect("the chat")
    }
}

/// Reads a stream and tells of each line that comes.
pub(crate) async fn watch(mut stream: Response, awaited: Awaited) {
    let mut unread = String::new();
    while let Ok(Some(chunk)) = stream.chunk().await {
        unread.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((event, rest)) = unread.split_once("\n\n") {
            if let Some(text) = line(event) {
                awaited.seen(&text);
            }
            unread = rest.to_owned();
        }
    }
}

/// The text of an event that is a line of the chat.
fn line(event: &str) -> Option<String> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
    (field("event: ")? == "line").then_some(())?;
    let data: Value = serde_json::from_str(field("data: ")?).ok()?;
    Some(data.get("text")?.as_str()?.to_owned())
}

/// JSON in a request, without reqwest's feature for it.
trait JsonBody {
    fn json_body(self, body: &Value) -> Self;
}

impl JsonBody for reqwest::RequestBuilder {
    fn json_body(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }
}
