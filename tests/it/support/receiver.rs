//! A receiver of webhooks on a real port: checks every signature, keeps what came, and answers as
//! the test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

/// The secret that bots in tests sign with.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How long nothing may come before a test that waits for more fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// One webhook that came.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    /// `webhook-id`.
    pub(crate) id: String,
    pub(crate) body: Value,
}

type Answer = dyn Fn(&Hook, usize) -> Response + Send + Sync;

struct Inner {
    hooks: Mutex<Vec<Hook>>,
    came: watch::Sender<usize>,
    answer: Box<Answer>,
}

/// Receives until it is dropped.
pub(crate) struct Receiver {
    inner: Arc<Inner>,
    address: SocketAddr,
    _server: JoinSet<()>,
}

impl Receiver {
    /// Answers 204 to everything.
    pub(crate) async fn start() -> Self {
        Self::answering(|_, _| StatusCode::NO_CONTENT.into_response()).await
    }

    /// Answers as told; it is given the webhook and how many came before it.
    pub(crate) async fn answering(
        answer: impl Fn(&Hook, usize) -> Response + Send + Sync + 'static,
    ) -> Self {
        let inner = Arc::new(Inner {
            hooks: Mutex::default(),
            came: watch::Sender::new(0),
            answer: Box::new(answer),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let routes = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&inner));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, routes).await.expect("served") });
        Self {
            inner,
            address,
            _server: server,
        }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Settings that send everything here.
    pub(crate) fn settings(&self) -> String {
        self.settings_for(&["decision", "decision.quiet", "callback", "notice"])
    }

    /// Settings that send these events here.
    pub(crate) fn settings_for(&self, events: &[&str]) -> String {
        let address = self.address;
        format!(
            "[webhooks.test]\nurl = \"http://{address}/hook\"\nsecret = \"{SECRET}\"\nevents = {events:?}\n"
        )
    }

    pub(crate) fn hooks(&self) -> Vec<Hook> {
        self.inner.hooks.lock().expect("not poisoned").clone()
    }

    /// Waits until what came satisfies the test.
    pub(crate) async fn until(&self, enough: impl Fn(&[Hook]) -> bool) -> Vec<Hook> {
        let mut came = self.inner.came.subscribe();
        loop {
            let hooks = self.hooks();
            if enough(&hooks) {
                return hooks;
            }
            let more = tokio::time::timeout(PATIENCE, came.changed()).await;
            assert!(more.is_ok(), "only {} webhooks came", hooks.len());
        }
    }

    pub(crate) async fn count(&self, count: usize) -> Vec<Hook> {
        self.until(|hooks| hooks.len() >= count).await
    }
}

async fn receive(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let signed = standardwebhooks::Webhook::new(SECRET)
        .expect("a secret")
        .verify(&body, &headers);
    if signed.is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let id = headers["webhook-id"].to_str().expect("text").to_owned();
    let body = serde_json::from_slice(&body).expect("JSON");
    let hook = Hook { id, body };
    let before = {
        let mut hooks = inner.hooks.lock().expect("not poisoned");
        hooks.push(hook.clone());
        hooks.len() - 1
    };
    let answer = (inner.answer)(&hook, before);
    inner.came.send_replace(before + 1);
    answer
}
