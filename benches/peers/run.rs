//! One bot's turn: from the first updates that it gets until every prompt arrived and every message is in
//! its store.

use std::{
    fmt,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tempfile::TempDir;

use crate::{
    bots::{Bot, Kept},
    load,
    process::Process,
    standin::{Seen, StandIn},
};

/// How often it is looked whether a bot is done.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// A bot that does nothing for so long will not end any more.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often updates come, where they do not all wait.
const BROUGHT_EVERY: Duration = Duration::from_millis(20);

/// What is measured.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) updates: usize,
    /// How late messages are answered.
    pub(crate) late: Duration,
    /// So many updates come a second, else all of them wait.
    pub(crate) steady: Option<u32>,
    /// The folder stays.
    pub(crate) keep: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    name: String,
    updates: usize,
    took: Duration,
    processor: Duration,
    memory: (u64, u64),
    seen: Seen,
    /// What is not as it should be.
    wrong: Vec<String>,
}

/// One bot's turn.
pub(crate) async fn run(standin: &StandIn, bot: &Bot, run: &Run) -> Outcome {
    let mut folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    if run.keep {
        folder.disable_cleanup(true);
        println!("{}", folder.path().display());
    }
    bot.prepare(folder.path(), &standin.url);
    let first = standin.begin(run.late);
    let updates = load::updates(run.updates, first, now());
    if run.steady.is_none() {
        standin.bring(&updates);
    }
    let mut process = Process::start(bot, folder.path(), &standin.url);
    if let Some(a_second) = run.steady {
        bring_steadily(standin, &updates, a_second).await;
    }
    let took = until_done(standin, bot, &folder, &mut process, updates.len()).await;
    let (processor, memory) = (process.processor(), process.memory());
    process.stop().await;
    let seen = standin.seen();
    let kept = bot.kept(folder.path()).unwrap_or_default();
    Outcome {
        name: bot.name.clone(),
        updates: updates.len(),
        took,
        processor,
        memory,
        wrong: wrong(kept, &seen, updates.len()),
        seen,
    }
}

#[expect(clippy::disallowed_methods, reason = "people write now")]
pub(crate) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// Brings so many updates a second, once the bot is there.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn bring_steadily(standin: &StandIn, updates: &[load::Written], a_second: u32) {
    // Nothing is measured before it asks for updates.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let begun = Instant::now();
    let mut rest = updates;
    while !rest.is_empty() {
        let due = begun.elapsed().as_millis() * u128::from(a_second) / 1000;
        let due = usize::try_from(due)
            .unwrap_or(usize::MAX)
            .min(updates.len());
        let brought = updates.len() - rest.len();
        let (now, later) = rest.split_at(due.saturating_sub(brought).min(rest.len()));
        standin.bring(now);
        rest = later;
        tokio::time::sleep(BROUGHT_EVERY).await;
    }
}

/// Waits until everything is done, or nothing happens any more. Says how long it took.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn until_done(
    standin: &StandIn,
    bot: &Bot,
    folder: &TempDir,
    process: &mut Process,
    updates: usize,
) -> Duration {
    let threads = load::threads(updates);
    let wanted = threads - load::thanked(threads);
    let mut moved = (Instant::now(), (0, 0));
    let mut looked_in_vain = false;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let progress = standin.progress();
        let (prompts, waiting) = progress;
        // Only now: looking costs the bot time.
        if prompts >= wanted && waiting <= load::MOST {
            let now = Instant::now();
            let kept = bot.kept(folder.path()).unwrap_or_default();
            if kept.messages >= updates {
                let seen = standin.seen();
                let ended = if looked_in_vain { Some(now) } else { seen.last };
                return took(&seen, ended);
            }
            looked_in_vain = true;
        }
        if moved.1 != progress {
            moved = (Instant::now(), progress);
        }
        if moved.0.elapsed() > PATIENCE || !process.runs() {
            return Duration::ZERO;
        }
    }
}

fn took(seen: &Seen, ended: Option<Instant>) -> Duration {
    let first = seen.first.zip(ended);
    first.map_or(Duration::ZERO, |(first, ended)| {
        ended.saturating_duration_since(first)
    })
}

fn wrong(kept: Kept, seen: &Seen, updates: usize) -> Vec<String> {
    let threads = load::threads(updates);
    let thanked = load::thanked(threads);
    let counts = [
        ("messages kept", kept.messages, updates),
        ("threads at their third exchange", kept.third, threads),
        ("threads thanked", kept.thanked, thanked),
        ("prompts", seen.prompts, threads - thanked),
        ("prompts again", seen.again, 0),
    ];
    let is_wrong = |(_, is, should): &&(&str, usize, usize)| is != should;
    let say = |(what, is, should): &(&str, usize, usize)| format!("{what}: {is}, not {should}");
    counts.iter().filter(is_wrong).map(say).collect()
}

impl Outcome {
    /// What stands above a table of them.
    pub(crate) const HEAD: &str = "bot             messages/s  processor µs/message  memory MiB (most)  in flight  p50 ms  p99 ms  other requests";

    /// Messages a second.
    #[expect(clippy::cast_precision_loss, reason = "for printing")]
    pub(crate) fn rate(&self) -> f64 {
        match self.took.is_zero() {
            true => 0.0,
            false => self.updates as f64 / self.took.as_secs_f64(),
        }
    }

    /// How long so many per hundred prompts took at most after their update, in milliseconds.
    fn wait(&self, per_cent: usize) -> u128 {
        let mut waits = self.seen.waits.clone();
        waits.sort_unstable();
        let at = (waits.len() * per_cent / 100).min(waits.len().saturating_sub(1));
        waits.get(at).map_or(0, Duration::as_millis)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.processor.as_micros() / u128::try_from(self.updates.max(1)).unwrap_or(1);
        let (now, most) = self.memory;
        write!(
            f,
            "{:<14} {:>11.0} {:>21} {:>11} {:>6} {:>10} {:>7} {:>7} {:>15}",
            self.name,
            self.rate(),
            each,
            now,
            format!("({most})"),
            self.seen.most_sending,
            self.wait(50),
            self.wait(99),
            self.seen.requests + self.seen.others,
        )?;
        for wrong in &self.wrong {
            write!(f, "\n    {wrong}")?;
        }
        Ok(())
    }
}
