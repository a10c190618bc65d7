//! Stopping: nothing acknowledged is lost, nothing waits for ever.

use super::*;
use crate::{
    engine::{EngineError, SubmitError},
    store::{CallbackId, rows::Page},
};

#[tokio::test]
async fn what_was_queued_before_the_stop_is_committed_and_answered() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let (go, held) = std::sync::mpsc::channel::<()>();
    let (blocked, is_blocked) = tokio::sync::oneshot::channel();
    let jobs = bot.handle.0.jobs.clone();
    let block = tokio::spawn(async move {
        jobs.call(1, None, move |_| {
            blocked.send(()).expect("somebody waits");
            let _gone = held.recv();
            Ok(())
        })
        .await
    });
    is_blocked.await.expect("the writer is held");
    let submits: Vec<_> = (0..20)
        .map(|n| {
            let handle = bot.handle.clone();
            let message = message(&format!("t{n}"), "m1", Party::Customer, 0);
            tokio::spawn(async move { handle.submit(vec![message]).await })
        })
        .collect();
    while bot.handle.0.queue.available_permits() > setup.queue - 20 {
        tokio::task::yield_now().await;
    }
    let handle = bot.handle.clone();
    let stop = tokio::spawn(bot.stop());
    go.send(()).expect("the writer is held");
    stop.await.expect("stopped");
    block.await.expect("no panic").expect("done");
    let mut acknowledged = 0;
    for submit in submits {
        match submit.await.expect("no panic") {
            Ok(_) => acknowledged += 1,
            Err(error) => assert!(matches!(error, SubmitError::Stopping), "{error}"),
        }
    }
    assert!(acknowledged > 0);
    let refused = handle
        .submit(vec![message("t1", "late", Party::Customer, 1)])
        .await;
    assert!(matches!(refused, Err(SubmitError::Stopping)));
    let refused = handle.claim(CallbackId(1), account("kim")).await;
    assert!(matches!(refused, Err(EngineError::Stopping)));

    let bot = setup.start().await;
    let mut kept = 0;
    for n in 0..20 {
        let thread = bot
            .handle
            .store()
            .thread(key(&format!("t{n}")), Page::first(1))
            .await;
        kept += usize::from(thread.expect("readable").is_some());
    }
    assert_eq!(kept, acknowledged);
    bot.stop().await;
}

#[tokio::test]
async fn after_a_stop_the_database_is_one_file_again() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    bot.stop().await;
    let log = setup.folder.path().join("ringback.db-wal");
    assert_eq!(std::fs::metadata(log).map_or(0, |log| log.len()), 0);
}

#[tokio::test]
async fn a_running_bot_does_not_report_a_failure_and_a_dead_writer_does() {
    let setup = Setup::new();
    let mut bot = setup.start().await;
    let early = tokio::time::timeout(Duration::ZERO, bot.running.failed()).await;
    assert!(early.is_err());
    assert!(bot.handle.health().is_ready());
    bot.running.threads.stop().await;
    tokio::time::timeout(PATIENCE, bot.running.failed())
        .await
        .expect("noticed");
    assert!(!bot.handle.health().is_ready());
}
