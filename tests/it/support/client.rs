//! A client of the API that keeps what the tests look at: status, headers, JSON.

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::{Value, json};

/// Talks to one bot with one token.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Checks that this is a problem of that status and kind.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(
            problem["type"],
            format!("urn:ringback:problem:{kind}"),
            "{problem}"
        );
        assert_eq!(problem["status"], status);
        problem
    }

    /// The results, where all went well.
    #[track_caller]
    pub(crate) fn results(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        match self.json() {
            Value::Object(mut body) => match body.remove("results") {
                Some(Value::Array(results)) => results,
                other => panic!("no results: {other:?}"),
            },
            other => panic!("no object: {other}"),
        }
    }
}

impl Client {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        super::use_ring();
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: url.to_owned(),
            token: token.to_owned(),
        }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    /// Posts JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.send(Method::POST, path, &kind, body.to_string().into_bytes())
            .await
    }

    /// Puts JSON.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.send(Method::PUT, path, &kind, body.to_string().into_bytes())
            .await
    }

    pub(crate) async fn messages(&self, body: &Value) -> Answer {
        self.post("/api/v1/messages", body).await
    }

    pub(crate) async fn raw_messages(
        &self,
        kind: &'static str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let kind = [("content-type", kind)];
        self.send(Method::POST, "/api/v1/messages", &kind, body.into())
            .await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &'static str)],
        body: Vec<u8>,
    ) -> Answer {
        self.try_send(method, path, headers, body)
            .await
            .expect("an answer")
    }

    /// # Errors
    /// When the bot is gone.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &'static str)],
        body: Vec<u8>,
    ) -> reqwest::Result<Answer> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_static(value));
        }
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let response = request.send().await?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }
}

/// A customer's message on the channel `chat`.
pub(crate) fn customer(thread: &str, id: &str, text: &str) -> Value {
    json!({"channel": "chat", "thread": thread, "id": id, "from": "customer", "text": text})
}
