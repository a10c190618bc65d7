//! The engine through its front door: a real database in a fresh folder, a clock that is moved by
//! hand, and a destination that writes down what it is told.

mod accounts;
mod callbacks;
mod calls;
mod changes;
mod checks;
mod clock_back;
mod corrections;
mod desk;
mod desk_calls;
mod desk_reads;
mod dialling;
mod do_not_call;
mod examples;
mod forms;
mod groups;
mod held;
mod intake;
mod notices;
mod numbers;
mod outbox;
mod people;
pub(crate) mod played;
mod reload;
mod report;
mod restarts;
mod retention;
mod shifts;
mod shutdown;
mod soak;
mod speak;
mod speak_calls;
mod timers;
mod webchat;

use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use tokio::sync::watch;

use super::{
    Attempt, BoxFuture, Clock, Destination, Engine, Handle, LoadRules, Options, OutboxEvent,
    OutboxItem, Receipt, Running, SendError, StartError,
};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, MessageId, RulesVersion, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        record::DecisionRecord,
        time::{Length, Timestamp, after},
    },
    reading::Reader,
    rules::{Policy, Rules},
    settings::{ChannelSettings, FormsSettings, Limits, Sealing, Settings},
};

pub(crate) use crate::store::rows::desk::DeskThread;

/// Where the clock of every test starts.
const START: &str = "2026-01-05T10:00:00Z";
/// The recorder that hears what is to be taken down, and nothing else.
const TAKES_DOWN: &str = "takes-down";
/// A test that waits longer than this for something has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a bot under test is set up.
struct Setup {
    folder: Arc<TempDir>,
    clock: Clock,
    recorders: Vec<Arc<Recorder>>,
    channels: BTreeMap<ChannelName, ChannelSettings>,
    rules: Rules,
    reload: Option<(PathBuf, LoadRules)>,
    queue: usize,
    sealing: Sealing,
    shutdown_within: Duration,
}

/// A running bot.
struct Bot {
    handle: Handle,
    running: Running,
    shutdown_within: Duration,
}

impl Setup {
    fn new() -> Self {
        let clock = Clock::manual(START.parse().expect("a time"));
        Self {
            folder: Arc::new(tempfile::tempdir().expect("a folder")),
            recorders: vec![Recorder::new("hook", &clock)],
            clock,
            channels: BTreeMap::new(),
            rules: rules("v1"),
            reload: None,
            queue: 1_000,
            sealing: Sealing::ServerKey,
            shutdown_within: Duration::from_secs(60),
        }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("ringback.db")
    }

    async fn start(&self) -> Bot {
        let (handle, running) = self.try_start().await.expect("the engine starts");
        Bot {
            handle,
            running,
            shutdown_within: self.shutdown_within,
        }
    }

    async fn try_start(&self) -> Result<(Handle, Running), StartError> {
        let settings = Settings {
            database: self.database(),
            channels: self.channels.clone(),
            forms: FormsSettings {
                sealing: self.sealing,
                ..FormsSettings::default()
            },
            limits: Limits {
                body_bytes: 1_000_000,
                batch: 1_000,
                queue: self.queue,
            },
            shutdown_within: Length::minutes(1),
            ..Settings::of_text("").expect("the built-in settings")
        };
        Engine::start(Options {
            settings: Arc::new(settings),
            rules: self.rules.clone(),
            reader: Reader::new(&self.rules.vocabulary).expect("a reader"),
            reload: self.reload.clone(),
            clock: self.clock.clone(),
            destinations: self
                .recorders
                .iter()
                .map(|recorder| Arc::clone(recorder) as Arc<dyn Destination>)
                .collect(),
        })
        .await
    }

    /// Changes the database behind the program's back.
    fn meddle(&self, sql: &str) -> Result<(), crate::store::StoreError> {
        crate::store::sqlite::meddle(&self.database(), sql)
    }

    /// Who did what so far.
    fn audited(&self) -> Vec<String> {
        crate::store::sqlite::audit::audited(&self.database()).expect("readable")
    }

    fn recorder(&self) -> &Arc<Recorder> {
        &self.recorders[0]
    }
}

impl Bot {
    /// Hands one customer's message in and expects it to be decided.
    async fn customer(&self, thread: &str, id: &str, minute: u32) -> DecisionRecord {
        self.decided(message(thread, id, Party::Customer, minute))
            .await
    }

    async fn decided(&self, message: Message) -> DecisionRecord {
        let mut receipts = self.handle.submit(vec![message]).await.expect("taken");
        match receipts.pop() {
            Some(Receipt::Decided(record)) => record,
            other => panic!("decided was expected, not {other:?}"),
        }
    }

    /// Has a customer ask three times without an answer, which opens a callback.
    async fn three_questions(&self, thread: &str) -> DecisionRecord {
        self.customer(thread, "m1", 0).await;
        self.customer(thread, "m2", 20).await;
        self.customer(thread, "m3", 40).await
    }

    /// A thread as the desk shows it.
    async fn on_desk(&self, thread: &str) -> DeskThread {
        let found = self
            .handle
            .store()
            .desk_thread(key(thread), None, 100)
            .await;
        found.expect("readable").expect("there")
    }

    async fn stop(self) {
        self.running.stop(self.shutdown_within).await;
    }
}

/// The shipped rules, as far as these tests need them.
fn rules(version: &str) -> Rules {
    Rules {
        version: RulesVersion(version.into()),
        ..Rules::default()
    }
}

/// A customer's message of that text.
fn says(thread: &str, id: &str, minute: u32, text: &str) -> Message {
    let mut message = message(thread, id, Party::Customer, minute);
    message.text = Private::new(text.to_owned());
    message
}

fn message_id(id: &str) -> MessageId {
    MessageId::parse(id).expect("an id")
}

/// A message that says nothing special, so many minutes after the start.
fn message(thread: &str, id: &str, from: Party, minute: u32) -> Message {
    let start: Timestamp = START.parse().expect("a time");
    Message {
        thread: key(thread),
        id: MessageId::parse(id).expect("an id"),
        from,
        author: None,
        text: Private::new("Why is the lamp in my parcel blue?".to_owned()),
        at: after(start, Length::minutes(minute)),
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    }
}

fn key(thread: &str) -> ThreadKey {
    ThreadKey {
        channel: ChannelName::parse("webchat").expect("a channel"),
        thread: ThreadId::parse(thread).expect("a thread"),
    }
}

fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("an account")
}

/// A destination that writes down what it is told and answers as it was told to.
#[derive(Debug)]
struct Recorder {
    name: &'static str,
    clock: Clock,
    wants_text: bool,
    shows_notices: bool,
    may_repeat: bool,
    concurrency: usize,
    stale_after: Option<Length>,
    heard: watch::Sender<Vec<Heard>>,
    answers: Mutex<VecDeque<Answer>>,
}

/// Something a recorder was told.
#[derive(Debug, Clone)]
struct Heard {
    item: OutboxItem,
    at: Timestamp,
}

/// How a recorder answers once; afterwards it takes everything.
#[derive(Debug, Clone)]
enum Answer {
    Take,
    Fail(SendError),
    Never,
}

impl Recorder {
    fn new(name: &'static str, clock: &Clock) -> Arc<Self> {
        Arc::new(Self::loose(name, clock))
    }

    fn loose(name: &'static str, clock: &Clock) -> Self {
        Self {
            name,
            clock: clock.clone(),
            wants_text: false,
            shows_notices: false,
            may_repeat: true,
            concurrency: 4,
            stale_after: None,
            heard: watch::Sender::default(),
            answers: Mutex::default(),
        }
    }

    fn answer(&self, answer: Answer) {
        self.answers.lock().expect("no panic").push_back(answer);
    }

    /// Everything heard so far.
    fn heard(&self) -> Vec<Heard> {
        self.heard.borrow().clone()
    }

    /// Waits until so much was heard.
    async fn hears(&self, count: usize) -> Vec<Heard> {
        let mut heard = self.heard.subscribe();
        let enough = heard.wait_for(|heard| heard.len() >= count);
        tokio::time::timeout(PATIENCE, enough)
            .await
            .expect("heard in time")
            .expect("the recorder lives")
            .clone()
    }

    /// Waits until so much was heard, moving the clock on meanwhile.
    async fn hears_later(&self, count: usize) -> Vec<Heard> {
        let moves = async {
            while self.heard.borrow().len() < count {
                self.clock.advance(Length::milliseconds(1_000));
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, moves)
            .await
            .expect("heard in time");
        self.heard()
    }
}

impl Destination for Recorder {
    fn name(&self) -> &str {
        self.name
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        match event {
            OutboxEvent::Carry(_) | OutboxEvent::Card(_) => false,
            OutboxEvent::TakeDown(_) => self.name == TAKES_DOWN,
            OutboxEvent::NoticesOver(_) => self.shows_notices,
            _ => self.name != TAKES_DOWN,
        }
    }

    fn wants_text(&self) -> bool {
        self.wants_text
    }

    fn concurrency(&self) -> usize {
        self.concurrency
    }

    fn timeout(&self) -> Duration {
        PATIENCE
    }

    fn may_repeat(&self) -> bool {
        self.may_repeat
    }

    fn stale_after(&self) -> Option<Length> {
        self.stale_after
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, _: &'a Handle) -> BoxFuture<'a, Attempt> {
        let answer = self.answers.lock().expect("no panic").pop_front();
        self.heard.send_modify(|heard| {
            heard.push(Heard {
                item: item.clone(),
                at: self.clock.now(),
            });
        });
        Box::pin(async move {
            let sent = match answer {
                None | Some(Answer::Take) => Ok(()),
                Some(Answer::Fail(error)) => Err(error),
                Some(Answer::Never) => std::future::pending().await,
            };
            sent.into()
        })
    }
}

/// The messages that decisions were told of, in the order heard.
fn decisions(heard: &[Heard]) -> Vec<String> {
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Decision(decision) => Some(decision.record.id.to_string()),
            _ => None,
        })
        .collect()
}
