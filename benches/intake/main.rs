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
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};
use tokio::task::JoinSet;

/// Connections to the API at the same time.
const CONNECTIONS: usize = 32;

/// What one way of writing reached.
struct Run {
    name: &'static str,
    messages: usize,
    took: Duration,
    /// How long each request or transaction took.
    latencies: Vec<Duration>,
}

impl Run {
    #[expect(clippy::cast_precision_loss, reason = "for printing")]
    fn rate(&self) -> f64 {
        self.messages as f64 / self.took.as_secs_f64()
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

    let batches = story::messages("batch", 60_000);
    let singles = story::messages("single", 12_000);
    let (bot, idle, api_batches, api_singles) = runtime.block_on(async {
        let (_sink, sink_url) = sink().await;
        let bot = bot::Bot::start(folder.path(), &settings(&sink_url));
        let idle = bot.memory();
        let to = drive::To::new(&bot);
        let batched = drive::run(&to, "API, by 100", &batches, 100).await;
        let one_by_one = drive::run(&to, "API, one by one", &singles, 1).await;
        (bot, idle, batched, one_by_one)
    });
    let loaded = bot.memory();
    let (started, database) = (bot.started, bot.database.clone());
    bot.stop();

    let rows = bare::Rows::of(&database);
    let bare_batches = bare::write(&rows, folder.path(), "SQLite, by 100", 100, 60_000);
    let bare_singles = bare::write(&rows, folder.path(), "SQLite, one by one", 1, 12_000);

    println!(
        "\n{:<24} {:>8} {:>10} {:>9} {:>9} {:>9} {:>10}",
        "", "messages", "a second", "p50 ms", "p99 ms", "p99.9 ms", "of SQLite"
    );
    api_batches.print(&bare_batches);
    bare_batches.print(&bare_batches);
    api_singles.print(&bare_singles);
    bare_singles.print(&bare_singles);

    let replay = folder.path().join("replay.jsonl");
    let all: Vec<String> = batches.iter().map(ToString::to_string).collect();
    fs::write(&replay, all.join("\n")).expect("written");
    println!(
        "\nThe API over {CONNECTIONS} connections; latencies are a request's or a transaction's."
    );
    println!("Rows of a message: {:?}", rows.per_message());
    match replayed_in(&replay) {
        Some(took) => println!(
            "replay: {:.0} messages a second",
            60_000.0 / took.as_secs_f64()
        ),
        None => println!("replay: does not run"),
    }
    println!("start-up: {} ms", started.as_millis());
    println!("memory: {idle} KiB idle, {loaded} KiB after the load");
    let binary = fs::metadata(bot::BINARY).map_or(0, |file| file.len());
    println!("binary: {} KiB", binary / 1024);
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

/// Counts by name.
type Counts = BTreeMap<String, usize>;
