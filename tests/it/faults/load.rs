//! Load for tests in which something goes wrong meanwhile: programs that hand messages in, batch by
//! batch, and an agent who works callbacks, all through the API, all trying again what was not answered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::support::client::{Answer, Client, customer};

/// What one thread says, two lines a batch. Its callback opens by the third line and by nothing else.
const LINES: [(&str, &str); 6] = [
    ("customer", "My bill is wrong"),
    ("agent", "Which month is it about?"),
    ("customer", "Please call me, I do not get on like this."),
    ("bot", "We have received your message."),
    ("bot", "Your number in the queue is 7."),
    ("bot", "Thank you for your patience."),
];

/// How far everybody has come, and who wants to know.
#[derive(Default)]
pub(super) struct Progress {
    steps: AtomicUsize,
    is_over: AtomicBool,
    changed: Notify,
}

impl Progress {
    /// Something was acknowledged.
    pub(super) fn step(&self) {
        self.steps.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// How many steps there were so far.
    pub(super) fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    /// Waits for so many steps in all.
    pub(super) async fn reaches(&self, steps: usize) {
        loop {
            let changed = self.changed.notified();
            if self.steps() >= steps {
                return;
            }
            changed.await;
        }
    }

    /// Waits for the next step, or the end.
    pub(super) async fn goes_on(&self) {
        let changed = self.changed.notified();
        if !self.is_over() {
            changed.await;
        }
    }

    /// Nothing new is begun from now on.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }
}

/// Whatever bot runs now.
#[derive(Clone)]
pub(super) struct Bots(watch::Receiver<Client>);

impl Bots {
    /// The one that runs first, and how to say that another does.
    pub(super) fn first(client: Client) -> (watch::Sender<Client>, Self) {
        let (tell, told) = watch::channel(client);
        (tell, Self(told))
    }

    /// Posts until there is an answer that the server is not sorry for.
    async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        loop {
            let client = self.0.borrow_and_update().clone();
            let bytes = body.to_string().into_bytes();
            match client.try_send(Method::POST, path, &kind, bytes).await {
                Ok(answer) if answer.status.is_server_error() => {}
                Ok(answer) if answer.status == 429 => {}
                Ok(answer) => return answer,
                Err(_) => self.0.changed().await.expect("another bot"),
            }
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        loop {
            let client = self.0.borrow_and_update().clone();
            match client.try_send(Method::GET, path, &[], Vec::new()).await {
                Ok(answer) if answer.status == 200 => return answer,
                Ok(_) => {}
                Err(_) => self.0.changed().await.expect("another bot"),
            }
        }
    }
}

/// The lines of a thread, as they are sent.
pub(super) fn lines(thread: &str) -> Vec<Value> {
    let line = |(n, (from, text)): (usize, &(&str, &str))| {
        let mut line = customer(thread, &n.to_string(), text);
        line["from"] = json!(from);
        line["at"] = json!(format!("2026-01-05T10:{:02}:00Z", n * 9));
        line
    };
    LINES.iter().enumerate().map(line).collect()
}

/// Has one thread after the other said; gives those of which everything was acknowledged, which is all.
pub(super) async fn sends(sender: usize, mut bots: Bots, progress: Arc<Progress>) -> Vec<String> {
    let mut threads = Vec::new();
    while !progress.is_over() {
        let thread = format!("{sender}-{}", threads.len());
        for batch in lines(&thread).chunks(2) {
            let answer = bots.post("/api/v1/messages", &batch.into()).await;
            for result in answer.results() {
                assert!(result["decision"].is_object(), "{result}");
            }
            progress.step();
        }
        threads.push(thread);
    }
    threads
}

/// An agent claims what is due and rings; gives the numbers of those callbacks that were solved.
pub(super) async fn works(agent: &str, mut bots: Bots, progress: Arc<Progress>) -> Vec<i64> {
    let mut solved = Vec::new();
    let claim = json!({"account": agent});
    let done = json!({"account": agent, "outcome": "solved"});
    while !progress.is_over() {
        let due = bots
            .get("/api/v1/callbacks?state=due&channel=chat&limit=5")
            .await
            .json();
        for callback in due["callbacks"].as_array().expect("a list") {
            let id = callback["id"].as_i64().expect("a number");
            let path = format!("/api/v1/callbacks/{id}");
            if bots.post(&format!("{path}/claim"), &claim).await.status != 200 {
                continue;
            }
            progress.step();
            let ended = bots.post(&format!("{path}/done"), &done).await;
            // Where the first answer was lost, the second says that it has ended.
            assert!(ended.status == 200 || ended.status == 409, "{}", ended.text);
            solved.push(id);
            progress.step();
        }
    }
    solved
}

/// Each line of these threads is in the store, once, in its order.
pub(super) async fn are_kept(client: &Client, threads: &[String]) {
    for thread in threads {
        let path = format!("/api/v1/threads/chat/{thread}?limit=500");
        let kept = client.get(&path).await.json();
        let messages = kept["messages"].as_array().expect("messages").iter();
        let is_theirs = |message: &&Value| {
            let id = message["id"].as_str().expect("an id");
            // What Ringback and agents say of a call has ids of another form.
            id.parse::<u32>().is_ok()
        };
        let told: Vec<_> = messages
            .filter(is_theirs)
            .map(|message| (message["id"].clone(), message["text"].clone()))
            .collect();
        let sent: Vec<_> = lines(thread)
            .iter()
            .map(|line| (line["id"].clone(), line["text"].clone()))
            .collect();
        assert_eq!(told, sent, "{thread}");
    }
}
