//! What the API takes a second, next to bare SQLite writing the same rows on the same disk in the
//! same run. Prints; asserts nothing about time. Run it with `cargo bench`.
//!
//! The bot is the real binary with a real database and a webhook for callbacks; the clients are in
//! this process, on the same machine, and take their share of its cores.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for the terminal that fails by panicking"
)]

mod bare;
#[path = "../support/bot.rs"]
mod bot;
mod drive;
mod story;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};
use tokio::{runtime::Runtime, task::JoinSet};

/// Connections to the API at the same time.
const CONNECTIONS: usize = 32;
/// Messages to a request or a transaction.
const BATCH: usize = 100;
/// So many come by the hundred.
const MESSAGES: usize = 40_000;
/// So many come one by one, over all connections.
const SINGLES: usize = 12_000;
/// So many come one by one, each after the answer to the one before.
const ALONE: usize = 3_000;

/// What one way of writing reached.
struct Run {
    name: &'static str,
    messages: usize,
    took: Duration,
    /// How long each request or transaction took.
    latencies: Vec<Duration>,
}

impl Run {
    fn rate(&self) -> f64 {
        rate(self.messages, self.took)
    }

    /// The latency that `per_mille` of all were no slower than.
    fn percentile(&self, per_mille: usize) -> Duration {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or_default()
    }

    fn print(&self, bare: &Self) {
        let milliseconds = |per_mille| self.percentile(per_mille).as_secs_f64() * 1000.0;
        println!(
            "{:<24} {:>8} {:>10.0} {:>9.2} {:>9.2} {:>9.2} {:>8.0} %",
            self.name,
            self.messages,
            self.rate(),
            milliseconds(500),
            milliseconds(990),
            milliseconds(999),
            100.0 * self.rate() / bare.rate(),
        );
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let changes = record(&runtime, &fresh(folder.path(), "recorded"));
    let measured = measure(&runtime, &fresh(folder.path(), "measured"));
    let bare_batches = bare::write(&changes, "SQLite, by 100", BATCH, MESSAGES);
    let bare_singles = bare::write(&changes, "SQLite, one by one", 1, SINGLES);

    println!(
        "\n{:<24} {:>8} {:>10} {:>9} {:>9} {:>9} {:>10}",
        "", "messages", "a second", "p50 ms", "p99 ms", "p99.9 ms", "of SQLite"
    );
    measured.batches.print(&bare_batches);
    bare_batches.print(&bare_batches);
    measured.singles.print(&bare_singles);
    measured.alone.print(&bare_singles);
    bare_singles.print(&bare_singles);
    println!(
        "\nThe API over {CONNECTIONS} connections, but for one message alone, which has one; latencies are a \
         request's or a transaction's."
    );
    println!("Rows that {} messages write:", changes.messages());
    for (what, count) in changes.counts() {
        println!("  {count:>8} {what}");
    }
    replay(folder.path());
    println!("start-up: {} ms", measured.started.as_millis());
    println!(
        "memory: {} KiB idle, {} KiB after the load",
        measured.idle, measured.loaded
    );
    let binary = fs::metadata(bot::BINARY).map_or(0, |file| file.len());
    println!("binary: {} KiB", binary / 1024);
}

/// A folder in the folder.
fn fresh(folder: &Path, name: &str) -> PathBuf {
    let folder = folder.join(name);
    fs::create_dir(&folder).expect("a folder");
    folder
}

/// Records what the bot writes when messages come by the hundred.
fn record(runtime: &Runtime, folder: &Path) -> bare::Changes {
    runtime.block_on(async {
        let (_sink, sink_url) = sink().await;
        let settings = settings(&sink_url);
        let bot = bot::Bot::start(folder, &settings);
        let token = drive::token(&bot);
        let database = bot.database.clone();
        bot.stop();
        bare::start_recording(&database);
        let bot = bot::Bot::start(folder, &settings);
        let messages = story::messages("batch", MESSAGES);
        let to = drive::To::new(&bot, &token);
        drive::run(&to, "recorded", &messages, BATCH, CONNECTIONS).await;
        bot.stop();
        bare::recorded(&database)
    })
}

/// What the bot reached.
struct Measured {
    batches: Run,
    singles: Run,
    alone: Run,
    /// Until it listened.
    started: Duration,
    /// Resident memory, in KiB, before the load and after it.
    idle: u64,
    loaded: u64,
}

fn measure(runtime: &Runtime, folder: &Path) -> Measured {
    runtime.block_on(async {
        let (_sink, sink_url) = sink().await;
        let bot = bot::Bot::start(folder, &settings(&sink_url));
        let idle = bot.memory();
        let to = drive::To::new(&bot, &drive::token(&bot));
        let messages = story::messages("batch", MESSAGES);
        let batches = drive::run(&to, "API, by 100", &messages, BATCH, CONNECTIONS).await;
        let messages = story::messages("single", SINGLES);
        let singles = drive::run(&to, "API, one by one", &messages, 1, CONNECTIONS).await;
        let messages = story::messages("alone", ALONE);
        let alone = drive::run(&to, "API, one alone", &messages, 1, 1).await;
        let (started, loaded) = (bot.started, bot.memory());
        bot.stop();
        Measured {
            batches,
            singles,
            alone,
            started,
            idle,
            loaded,
        }
    })
}

fn replay(folder: &Path) {
    let replay = folder.join("replay.jsonl");
    let all: Vec<String> = story::messages("batch", MESSAGES)
        .iter()
        .map(ToString::to_string)
        .collect();
    fs::write(&replay, all.join("\n")).expect("written");
    match replayed_in(&replay) {
        Some(took) => println!("replay: {:.0} messages a second", rate(MESSAGES, took)),
        None => println!("replay: does not run"),
    }
}

/// An API channel, and a webhook for callbacks.
fn settings(sink: &str) -> String {
    format!(
        "[channels.chat]\nkind = \"api\"\n[webhooks.sink]\nurl = \"{sink}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nevents = [\"callback\"]\n"
    )
}

/// Takes webhooks, in this process.
async fn sink() -> (JoinSet<()>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let routes = Router::new().fallback(|| async { StatusCode::NO_CONTENT });
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, routes).await.expect("served") });
    (tasks, url)
}

/// How long `replay` takes for a file; `None` if it fails.
#[expect(clippy::disallowed_methods, reason = "measures")]
fn replayed_in(file: &Path) -> Option<Duration> {
    let start = Instant::now();
    let status = Command::new(bot::BINARY)
        .args(["replay", "--format", "jsonl"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.ok()?.success().then(|| start.elapsed())
}

/// How many a second.
#[expect(clippy::cast_precision_loss, reason = "for printing")]
fn rate(messages: usize, took: Duration) -> f64 {
    messages as f64 / took.as_secs_f64()
}

/// Counts by name.
type Counts = BTreeMap<String, usize>;
