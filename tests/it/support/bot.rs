//! The real binary, started in a folder of its own, on a free port and a real database.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Condvar, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use tempfile::TempDir;

use super::client::Client;

/// How long to wait for something that the bot tells before a test fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with settings, in which bots start one after the other.
pub(crate) struct Home {
    folder: TempDir,
    /// The keys must not be beside the database.
    keys: TempDir,
}

impl Home {
    /// With an API channel named `chat` and whatever `more` says.
    pub(crate) fn new(more: &str) -> Self {
        let home = Self {
            folder: tempfile::tempdir().expect("a folder"),
            keys: tempfile::tempdir().expect("a folder"),
        };
        let database = home.path("ringback.db");
        let settings = format!(
            "listen = \"127.0.0.1:0\"\ndatabase = {database:?}\n{more}\n[log]\nfilter = \"trace\"\n[channels.chat]\nkind = \"api\"\n"
        );
        fs::write(home.path("ringback.toml"), settings).expect("settings written");
        home
    }

    /// Lets somebody else write the database, so that what comes in must wait until it is dropped.
    pub(crate) fn lock_database(&self) -> Connection {
        let other = Connection::open(self.path("ringback.db")).expect("opened");
        other.execute_batch("BEGIN IMMEDIATE").expect("locked");
        other
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The server's keys.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.keys.path().join("forms.key")
    }

    /// The binary, pointed at this folder's settings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
        command
            .arg("--config")
            .arg(self.path("ringback.toml"))
            .current_dir(self.folder.path())
            .env_clear()
            .env("RINGBACK__FORMS__KEY_FILE", self.key_file());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("it runs")
    }

    /// Makes a token with all scopes.
    pub(crate) fn token(&self) -> String {
        self.token_for(&["messages", "read", "callbacks"])
    }

    pub(crate) fn token_for(&self, scopes: &[&str]) -> String {
        let name = scopes.join("-");
        let mut arguments = vec!["token", "add", &name];
        arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let output = self.run(&arguments);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let token = String::from_utf8(output.stdout).expect("UTF-8");
        token.trim().to_owned()
    }

    /// Adds an account; gives the path of its sign-in link.
    pub(crate) fn user(&self, name: &str, role: &str) -> String {
        let output = self.run(&["user", "add", name, "--role", role]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        let link = String::from_utf8(output.stdout).expect("UTF-8");
        // The settings take any free port, so the link cannot name it.
        let (_, token) = link.trim().rsplit_once('/').expect("a link");
        format!("/sign-in/link/{token}")
    }

    /// Starts the bot and waits until it listens.
    pub(crate) fn start(&self) -> Bot {
        self.start_at("127.0.0.1:0")
    }

    /// Starts the bot there, such as where it was before.
    pub(crate) fn start_at(&self, listen: &str) -> Bot {
        let mut command = self.command();
        command.env("RINGBACK__LISTEN", listen);
        Self::start_by(command)
    }

    /// Starts the bot so that it outlives a write beyond what it may write, as on a full disk: the write
    /// fails instead.
    pub(crate) fn start_for_a_full_disk(&self) -> Bot {
        let bot = self.command();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(bot.get_program())
            .args(bot.get_args())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(
                bot.get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        Self::start_by(command)
    }

    fn start_by(mut command: Command) -> Bot {
        let mut child = command
            .arg("run")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let stderr = child.stderr.take().expect("piped");
        let log = Arc::new((Mutex::new(String::new()), Condvar::new()));
        let (tell, told) = mpsc::channel();
        let keep = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { break };
                if let Some(address) = listening(&line) {
                    drop(tell.send(address));
                }
                let mut log = keep.0.lock().expect("not poisoned");
                log.push_str(&line);
                log.push('\n');
                keep.1.notify_all();
            }
        });
        let Ok(address) = told.recv() else {
            reader.join().expect("the log is read");
            drop(child.wait());
            panic!(
                "it never listened:\n{}",
                log.0.lock().expect("not poisoned")
            );
        };
        Bot {
            child,
            log,
            reader: Some(reader),
            url: format!("http://{address}"),
        }
    }
}

/// The address in the log line that says where the bot listens.
fn listening(line: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    (line.get("message")? == "listening").then_some(())?;
    Some(line.get("address")?.as_str()?.to_owned())
}

/// A running bot; killed when dropped.
pub(crate) struct Bot {
    child: Child,
    log: Arc<(Mutex<String>, Condvar)>,
    reader: Option<JoinHandle<()>>,
    pub(crate) url: String,
}

impl Bot {
    pub(crate) fn client(&self, token: &str) -> Client {
        Client::new(&self.url, token)
    }

    /// Waits until the bot has told this on standard error; gives the whole line.
    pub(crate) fn told(&self, what: &str) -> String {
        let (log, more) = &*self.log;
        let log = log.lock().expect("not poisoned");
        let waited = more.wait_timeout_while(log, PATIENCE, |log| !log.contains(what));
        let (log, _) = waited.expect("not poisoned");
        let line = log.lines().find(|line| line.contains(what));
        line.unwrap_or_else(|| panic!("{what} is not in {log}"))
            .to_owned()
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most that a file of it may have, in bytes; `None`: as much as it likes.
    pub(crate) fn may_write(&self, bytes: Option<u64>) {
        let bytes = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let set = Command::new("prlimit")
            .args(["--pid", &self.id().to_string()])
            // The soft limit alone: it may be raised again.
            .arg(format!("--fsize={bytes}:"))
            .status();
        assert!(set.expect("prlimit runs").success());
    }

    /// How much memory it had at most, in KiB (`VmHWM:`), or has now (`VmRSS:`).
    pub(crate) fn memory(&self, which: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(which));
        let number = line.expect("a line").split_whitespace().next();
        number.expect("a number").parse().expect("a number")
    }

    /// SIGKILL: no chance to finish anything.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.wait();
    }

    /// SIGTERM, and waits for the end. Gives the whole log too.
    pub(crate) fn stop(self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.end()
    }

    /// Waits for the end, once it was told to.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.wait();
        let log = self.log.0.lock().expect("not poisoned").clone();
        (status, log)
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(sent.expect("kill runs").success());
    }

    fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("it ends");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log is read");
        }
        status
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if self.reader.is_some() {
            drop(self.child.kill());
            self.wait();
        }
    }
}
