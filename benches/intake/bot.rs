//! The real binary, with a webhook for callbacks that a sink in this process takes.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

/// The program.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_ringback");

/// A running bot.
pub(crate) struct Bot {
    child: Child,
    address: String,
    log: JoinHandle<()>,
    _sink: JoinSet<()>,
    pub(crate) token: String,
    pub(crate) database: PathBuf,
    /// From its start until it listened.
    pub(crate) started: Duration,
}

impl Bot {
    #[expect(clippy::disallowed_methods, reason = "measures")]
    pub(crate) async fn start(folder: &Path) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let (sink, url) = sink().await;
        let database = folder.join("ringback.db");
        let config = folder.join("ringback.toml");
        let settings = format!(
            "listen = \"127.0.0.1:0\"\ndatabase = {database:?}\n[channels.chat]\nkind = \"api\"\n[webhooks.sink]\nurl = \"{url}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nevents = [\"callback\"]\n"
        );
        fs::write(&config, settings).expect("settings written");
        let command = || {
            let mut command = Command::new(BINARY);
            command.arg("--config").arg(&config).current_dir(folder);
            command
        };
        let token = command()
            .args(["token", "add", "bench", "--scope", "messages"])
            .output()
            .expect("it runs");
        let token = String::from_utf8(token.stdout).expect("UTF-8");

        let start = Instant::now();
        let mut child = command()
            .arg("run")
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let line: Value = serde_json::from_str(&line).ok()?;
                (line.get("message")? == "listening").then_some(())?;
                Some(line.get("address")?.as_str()?.to_owned())
            })
            .expect("it listens");
        let started = start.elapsed();
        let log = std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self {
            child,
            address,
            log,
            _sink: sink,
            token: token.trim().to_owned(),
            database,
            started,
        }
    }

    pub(crate) fn messages_url(&self) -> String {
        format!("http://{}/api/v1/messages", self.address)
    }

    /// Resident memory, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
            .unwrap_or_default()
    }

    /// SIGTERM, and waits.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").arg(id).status();
        assert!(sent.expect("kill runs").success());
        assert!(self.child.wait().expect("it ends").success());
        self.log.join().expect("the log is read");
    }
}

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
pub(crate) fn replay(file: &Path) -> Option<Duration> {
    let start = Instant::now();
    let status = Command::new(BINARY)
        .args(["replay", "--format", "jsonl"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.ok()?.success().then(|| start.elapsed())
}
