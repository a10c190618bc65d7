//! What many open chats cost, and how soon a line is seen: thousands of customers keep a stream of
//! server-sent events open, some of them ask, an agent answers from the desk. Prints; asserts
//! nothing about time. Both sides open a file per chat: `ulimit -n 20000`, then
//! `cargo bench --bench live`.
//!
//! The bot is the real binary with a real database; the customers and the agent are in this
//! process, on the same machine, and take their share of its cores.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for the terminal that fails by panicking"
)]

mod agent;
#[path = "../support/bot.rs"]
mod bot;
mod customer;

use std::{
    collections::HashMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::JoinSet};

use agent::Agent;
use customer::Chat;

/// Open chats, each with its stream.
const CHATS: usize = 5_000;
/// How many of them start at once: as a site's visitors come by and by, not in one instant.
const STARTING: usize = 64;
/// How many customers ask in a minute.
const ASKED_A_MINUTE: u32 = 200;
/// How long they do.
const MINUTES: u32 = 3;

const SETTINGS: &str = "\
[webchat]
new_threads_per_hour = 100000
[channels.webchat]
kind = \"webchat\"
";

/// Lines that somebody waits to see, by their text, which is different for each.
#[derive(Clone, Default)]
struct Awaited(Arc<Mutex<HashMap<String, oneshot::Sender<Instant>>>>);

impl Awaited {
    /// Resolves when a customer sees this line.
    fn line(&self, text: &str) -> oneshot::Receiver<Instant> {
        let (tell, told) = oneshot::channel();
        self.lock().insert(text.to_owned(), tell);
        told
    }

    #[expect(clippy::disallowed_methods, reason = "measures")]
    fn seen(&self, text: &str) {
        if let Some(tell) = self.lock().remove(text) {
            tell.send(Instant::now()).expect("somebody waits");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Instant>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long one chat's steps took.
struct Steps {
    /// From the customer's post to its acknowledgement.
    acknowledged: Duration,
    /// From the customer's post to their own line on the stream.
    echoed: Duration,
    /// From the agent's post to the customer's seeing it.
    answered: Duration,
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let bot = bot::Bot::start(folder.path(), SETTINGS);
    let idle = bot.memory();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (opened, took, steps) = runtime.block_on(run(&bot));
    let after = bot.memory();
    println!("start-up: {} ms", bot.started.as_millis());
    println!(
        "{CHATS} chats with their streams were open after {:.1} s",
        took.as_secs_f64()
    );
    println!(
        "memory: {idle} KiB idle, {opened} KiB with all open ({:.1} KiB a chat), {after} KiB after the load",
        each(opened.saturating_sub(idle)),
    );
    println!("\n{} chats, {ASKED_A_MINUTE} a minute:", steps.len());
    println!("{:<40} {:>9} {:>9} {:>9}", "", "p50 ms", "p99 ms", "max ms");
    print_line("customer's line acknowledged", &steps, |steps| {
        steps.acknowledged
    });
    print_line("customer's line back on the stream", &steps, |steps| {
        steps.echoed
    });
    print_line("agent's answer seen by the customer", &steps, |steps| {
        steps.answered
    });
    drop(runtime);
    bot.stop();
    let database = fs::metadata(folder.path().join("ringback.db")).map_or(0, |file| file.len());
    println!("database: {} KiB", database / 1024);
}

/// Opens all chats, then has some of them talk. Memory with all open, how long that took, and the
/// steps.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn run(bot: &bot::Bot) -> (u64, Duration, Vec<Steps>) {
    let awaited = Awaited::default();
    let agent = Arc::new(Agent::sign_in(bot).await);
    let start = Instant::now();
    let (chats, mut streams) = open_all(bot, &awaited).await;
    let took = start.elapsed();
    let opened = bot.memory();

    let mut talks = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(60) / ASKED_A_MINUTE);
    let count = usize::try_from(ASKED_A_MINUTE * MINUTES).expect("fits");
    for (number, chat) in chats.into_iter().cycle().take(count).enumerate() {
        ticks.tick().await;
        talks.spawn(talk(chat, Arc::clone(&agent), awaited.clone(), number));
    }
    let steps = talks.join_all().await;
    assert!(streams.try_join_next().is_none(), "a stream has ended");
    (opened, took, steps)
}

async fn open_all(bot: &bot::Bot, awaited: &Awaited) -> (Vec<Arc<Chat>>, JoinSet<()>) {
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let mut chats = Vec::with_capacity(CHATS);
    let mut streams = JoinSet::new();
    let mut starting = JoinSet::new();
    for begun in 0..CHATS {
        let (http, address) = (http.clone(), bot.address.clone());
        starting.spawn(Chat::start(http, address, bot.database.clone()));
        while starting.len() >= STARTING || (begun + 1 == CHATS && !starting.is_empty()) {
            let started = starting.join_next().await.expect("one");
            let (chat, stream) = started.expect("a chat");
            streams.spawn(customer::watch(stream, awaited.clone()));
            chats.push(Arc::new(chat));
        }
    }
    (chats, streams)
}

/// A customer asks, an agent answers, the customer sees it.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn talk(chat: Arc<Chat>, agent: Arc<Agent>, awaited: Awaited, number: usize) -> Steps {
    let question = format!("Where is my parcel with the red ribbon, please? ({number})");
    let back = awaited.line(&question);
    let asked = Instant::now();
    chat.ask(&question).await;
    let acknowledged = asked.elapsed();
    let echoed = back.await.expect("it comes") - asked;

    let answer = format!("It left our house this morning. ({number})");
    let seen = awaited.line(&answer);
    let thread = chat.thread();
    let sent = Instant::now();
    agent.answer(&thread, &answer).await;
    let answered = seen.await.expect("it comes") - sent;
    Steps {
        acknowledged,
        echoed,
        answered,
    }
}

#[expect(clippy::cast_precision_loss, reason = "for printing")]
fn each(kibibytes: u64) -> f64 {
    kibibytes as f64 / CHATS as f64
}

fn print_line(name: &str, steps: &[Steps], of: impl Fn(&Steps) -> Duration) {
    let mut sorted: Vec<Duration> = steps.iter().map(of).collect();
    sorted.sort_unstable();
    let at = |per_cent: usize| {
        let last = sorted.len().saturating_sub(1);
        let at = (sorted.len() * per_cent / 100).min(last);
        sorted.get(at).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    println!(
        "{name:<40} {:>9.2} {:>9.2} {:>9.2}",
        at(50),
        at(99),
        at(100)
    );
}
