//! A bot's process, looked at from outside.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::bots::Bot;

/// So long a bot may take to stop when it is asked to.
const STOPS_WITHIN: Duration = Duration::from_secs(20);
/// How many ticks of the kernel's clock are a second; Linux has had so many for decades.
const TICKS: u64 = 100;

/// A running bot.
pub(crate) struct Process(Child);

impl Process {
    /// Starts it; what it says goes into a file of its folder.
    pub(crate) fn start(bot: &Bot, folder: &Path, api: &str) -> Self {
        let said = File::options()
            .create(true)
            .append(true)
            .open(folder.join("said"));
        let child = bot
            .command(folder, api)
            .stdout(Stdio::null())
            .stderr(said.expect("a file"))
            .spawn();
        Self(child.expect("it starts"))
    }

    /// Resident memory in MiB: now, and the most that there ever was.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = self.read("status");
        let of = |what: &str| {
            let line = status.lines().find(|line| line.starts_with(what));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
            kib.unwrap_or(0_u64) / 1024
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// The processor time that it has taken so far.
    pub(crate) fn processor(&self) -> Duration {
        let stat = self.read("stat");
        // The name, which may hold spaces, is in brackets; user and system time follow as 12th and 13th.
        let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
        let ticks = after.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1000 / TICKS)
    }

    fn read(&self, what: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{what}", self.0.id())).unwrap_or_default()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("it ends");
    }

    /// SIGTERM; SIGKILL if that does not help.
    #[expect(clippy::disallowed_methods, reason = "measures")]
    pub(crate) async fn stop(mut self) {
        let id = self.0.id().to_string();
        drop(Command::new("kill").arg(id).status());
        let asked = Instant::now();
        while self.runs() {
            if asked.elapsed() > STOPS_WITHIN {
                return self.kill();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A measurement that fails leaves no bot behind.
impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
