//! The real binary, measured from outside.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::Value;

/// The program.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_ringback");

/// A running bot.
pub(crate) struct Bot {
    child: Child,
    pub(crate) address: String,
    log: Option<JoinHandle<()>>,
    config: PathBuf,
    pub(crate) database: PathBuf,
    /// From its start until it listened.
    pub(crate) started: Duration,
}

impl Bot {
    /// Starts it in a folder of its own, with these settings besides where it listens.
    #[expect(clippy::disallowed_methods, reason = "measures")]
    pub(crate) fn start(folder: &Path, settings: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let database = folder.join("ringback.db");
        let config = folder.join("ringback.toml");
        let settings = format!("listen = \"127.0.0.1:0\"\ndatabase = {database:?}\n{settings}");
        fs::write(&config, settings).expect("settings written");

        let start = Instant::now();
        let mut child = command(&config)
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
            log: Some(log),
            config,
            database,
            started,
        }
    }

    /// What another command of the same settings prints, without the line's end.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = command(&self.config).args(arguments).output();
        let printed = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
        printed.trim().to_owned()
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
        if let Some(log) = self.log.take() {
            log.join().expect("the log is read");
        }
    }
}

/// A measurement that fails leaves no bot behind.
impl Drop for Bot {
    fn drop(&mut self) {
        if self.log.is_some() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// The binary, pointed at these settings.
fn command(config: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("--config").arg(config);
    command.current_dir(config.parent().unwrap_or(Path::new(".")));
    // The settings' default would put the key beside the database, and nothing is sealed here.
    command.env("RINGBACK__FORMS__SEALING", "recipients");
    command
}
