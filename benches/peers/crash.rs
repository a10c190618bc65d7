//! A bot is killed in the middle and started again: what was lost, what was told twice.

use std::time::{Duration, Instant};

use crate::{bots::Bot, load, process::Process, run::now, standin::StandIn};

/// Killed once so much of the prompts has arrived: one in so many.
const KILLED_AT: usize = 4;
/// Late enough that something is under way when it is killed.
const LATE: Duration = Duration::from_millis(20);
/// A bot that does nothing for so long is through.
const QUIET: Duration = Duration::from_secs(5);

/// Kills it once.
pub(crate) async fn run(standin: &StandIn, bot: &Bot, updates: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    bot.prepare(folder.path(), &standin.url);
    let first = standin.begin(LATE);
    let written = load::updates(updates, first, now());
    let threads = load::threads(written.len());
    let wanted = threads - load::thanked(threads);
    standin.bring(&written);
    let process = Process::start(bot, folder.path(), &standin.url);
    until(standin, |prompts| prompts >= wanted / KILLED_AT).await;
    process.kill();
    let at_kill = standin.seen();
    let process = Process::start(bot, folder.path(), &standin.url);
    until(standin, |_| false).await;
    process.stop().await;
    let seen = standin.seen();
    let kept = bot.kept(folder.path()).unwrap_or_default();
    println!(
        "{:<14} killed after {} prompts: messages lost {}, prompts lost {}, prompts again {}",
        bot.name,
        at_kill.prompts,
        written.len().saturating_sub(kept.messages),
        wanted.saturating_sub(seen.prompts),
        seen.again,
    );
}

/// Waits until there are prompts enough, or nothing happens any more.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn until(standin: &StandIn, is_enough: impl Fn(usize) -> bool) {
    let mut moved = (Instant::now(), (0, 0));
    // The first thing takes longer: the bot has to start.
    let mut patience = QUIET * 6;
    loop {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let progress = standin.progress();
        if is_enough(progress.0) {
            return;
        }
        if moved.1 != progress {
            if moved.1 != (0, 0) {
                patience = QUIET;
            }
            moved = (Instant::now(), progress);
        }
        if moved.0.elapsed() > patience {
            return;
        }
    }
}
