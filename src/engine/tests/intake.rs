//! Messages in: kept for good, once, masked, each alone.

use super::*;
use crate::{
    domain::decision::{Action, RuleName},
    domain::ids::Author,
    engine::{RejectReason, SubmitError},
    store::{
        StoreError,
        rows::{CaseState, Page, ThreadFilter, Triage},
        transcript::Transcript,
    },
};

#[tokio::test]
async fn a_restart_keeps_threads_messages_decisions_and_cases() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let third = bot.three_questions("t1").await;
    assert_eq!(third.rule, RuleName::RuleOfThree);
    let before = bot.handle.store().thread(key("t1"), Page::first(10)).await;
    bot.stop().await;

    let bot = setup.start().await;
    let kept = bot.handle.store().thread(key("t1"), Page::first(10)).await;
    assert_eq!(kept, before);
    let kept = kept.expect("readable").expect("there");
    assert_eq!(kept.thread.triage, Triage::NeedsCall);
    assert_eq!((kept.thread.case, kept.thread.exchange), (1, 3));
    assert_eq!(kept.cases.len(), 1);
    assert_eq!(kept.cases[0].state, CaseState::Open);
    assert_eq!(kept.callbacks.len(), 1);
    assert_eq!(kept.messages.items.len(), 3);
    assert_eq!(kept.messages.items[2].decision, third);
    // The count goes on where it was.
    assert_eq!(bot.customer("t1", "m4", 60).await.exchange, 4);
    bot.stop().await;
}

#[tokio::test]
async fn a_repetition_returns_the_first_decision_and_is_told_to_nobody() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let third = bot.three_questions("t1").await;
    let again = message("t1", "m3", Party::Customer, 90);
    let receipts = bot.handle.submit(vec![again]).await.expect("taken");
    assert_eq!(receipts, [Receipt::Repeated(third)]);
    // Three decisions and a callback, then this one: nothing in between.
    bot.customer("t2", "other", 0).await;
    let mut heard = decisions(&setup.recorder().hears(5).await);
    heard.sort_unstable();
    assert_eq!(heard, ["m1", "m2", "m3", "other"]);
    bot.stop().await;
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_a_repetition_in_it_too() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let batch = vec![
        message("t1", "m1", Party::Customer, 0),
        message("t2", "m1", Party::Agent, 0),
        message("t1", "m1", Party::Customer, 0),
        message("t1", "m2", Party::Customer, 20),
    ];
    let receipts = bot.handle.submit(batch).await.expect("taken");
    let shapes: Vec<(bool, &str, u32)> = receipts
        .iter()
        .map(|receipt| match receipt {
            Receipt::Decided(record) => (true, record.thread.as_str(), record.exchange),
            Receipt::Repeated(record) => (false, record.thread.as_str(), record.exchange),
            Receipt::Rejected(_) => (false, "", 0),
        })
        .collect();
    assert_eq!(
        shapes,
        [
            (true, "t1", 1),
            (true, "t2", 0),
            (false, "t1", 1),
            (true, "t1", 2)
        ]
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_message_of_a_damaged_thread_is_rejected_and_the_rest_is_kept() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("broken", "m1", 0).await;
    setup
        .meddle("UPDATE threads SET state = '{' WHERE thread = 'broken'")
        .expect("changed");
    let batch = vec![
        message("good", "m1", Party::Customer, 0),
        message("broken", "m2", Party::Customer, 20),
        message("good", "m2", Party::Customer, 20),
    ];
    let receipts = bot.handle.submit(batch).await.expect("taken");
    assert!(matches!(receipts[0], Receipt::Decided(_)));
    assert_eq!(receipts[1], Receipt::Rejected(RejectReason::DamagedThread));
    assert!(matches!(&receipts[2], Receipt::Decided(record) if record.exchange == 2));
    bot.stop().await;
    // What was wrong, where and how long is recorded; the text is not.
    setup
        .meddle(
            "CREATE TABLE proof (n INTEGER CHECK (n = 1));
             INSERT INTO proof SELECT count(*) FROM rejected_messages
             WHERE kind = 'damaged_thread' AND channel = 'webchat' AND bytes = 34
                 AND length(digest) = 32",
        )
        .expect("exactly one is recorded");
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_the_writer_works_again_when_there_is_room() {
    let mut setup = Setup::new();
    // Nobody is told anything, so that no other job commits in between.
    setup.recorders.clear();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let disk = |full| {
        bot.handle
            .0
            .jobs
            .call(1, None, move |work| work.store.fill_disk(full))
    };
    disk(true).await.expect("set");
    let long = "x".repeat(200_000);
    let mut batch: Vec<Message> = (0..20)
        .map(|n| message("t2", &format!("m{n}"), Party::Customer, n * 20))
        .collect();
    for message in &mut batch {
        message.text = Private::new(long.clone());
    }
    let refused = bot.handle.submit(batch.clone()).await;
    assert!(
        matches!(
            refused,
            Err(SubmitError::Storage(StoreError::Unavailable(_)))
        ),
        "{refused:?}"
    );
    assert!(!bot.handle.health().last_commit_ok);
    let absent = bot.handle.store().thread(key("t2"), Page::first(1)).await;
    assert_eq!(absent, Ok(None), "nothing of the batch is kept");

    disk(false).await.expect("set");
    let taken = bot.handle.submit(batch).await.expect("taken");
    assert!(
        taken
            .iter()
            .all(|receipt| matches!(receipt, Receipt::Decided(_)))
    );
    assert!(bot.handle.health().is_ready());
    bot.stop().await;
}

#[tokio::test]
async fn after_a_full_disk_the_bot_notices_by_itself_that_there_is_room() {
    let mut setup = Setup::new();
    // Nobody is told anything, so that no other job commits in between.
    setup.recorders.clear();
    let bot = setup.start().await;
    let jobs = &bot.handle.0.jobs;
    let mut commits = jobs.commits();
    let failed: Result<(), _> = jobs
        .call(1, None, |_| {
            Err(StoreError::Unavailable("no room".to_owned()))
        })
        .await;
    assert!(failed.is_err());
    assert!(!bot.handle.health().is_ready());
    let recovers = async {
        while !*commits.borrow_and_update() {
            setup.clock.advance(Length::milliseconds(1_000));
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, recovers)
        .await
        .expect("noticed");
    assert!(bot.handle.health().is_ready());
    bot.stop().await;
}

#[tokio::test]
async fn a_panic_on_one_job_is_that_jobs_failure_alone() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let failed: Result<(), _> = bot
        .handle
        .0
        .jobs
        .call(1, None, |_| panic!("a test's panic"))
        .await;
    assert!(failed.is_err());
    assert_eq!(bot.customer("t1", "m1", 0).await.exchange, 1);
    assert!(bot.handle.health().is_ready());
    bot.stop().await;
}

#[tokio::test]
async fn when_too_many_wait_the_next_is_told_to_come_again() {
    let mut setup = Setup::new();
    setup.queue = 2;
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
    let handle = bot.handle.clone();
    let both = vec![
        message("t1", "m1", Party::Customer, 0),
        message("t1", "m2", Party::Customer, 20),
    ];
    let waiting = tokio::spawn(async move { handle.submit(both).await });
    let refused = loop {
        // The first batch takes its places as soon as it runs.
        if bot.handle.0.queue.available_permits() == 0 {
            let third = vec![message("t1", "m3", Party::Customer, 40)];
            break bot.handle.submit(third).await;
        }
        tokio::task::yield_now().await;
    };
    assert!(
        matches!(refused, Err(SubmitError::Busy { .. })),
        "{refused:?}"
    );
    go.send(()).expect("the writer is held");
    assert_eq!(waiting.await.expect("no panic").expect("taken").len(), 2);
    block.await.expect("no panic").expect("done");
    bot.customer("t1", "m3", 40).await;
    bot.stop().await;
}

#[tokio::test]
async fn a_thread_belongs_to_its_author_as_soon_as_one_is_known() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let by = |mut message: Message, author: &str| {
        message.author = Some(Author::parse(author).expect("a handle"));
        message
    };
    bot.decided(message("t1", "m1", Party::Agent, 0)).await;
    bot.customer("t1", "m2", 1).await;
    bot.decided(by(message("t2", "m1", Party::Customer, 0), "@kim"))
        .await;
    bot.decided(by(message("t1", "m3", Party::Customer, 30), "@kim"))
        .await;
    bot.decided(by(message("t3", "m1", Party::Agent, 0), "@agent"))
        .await;
    let threads = bot
        .handle
        .store()
        .threads(ThreadFilter::default(), Page::first(10))
        .await
        .expect("readable");
    let authors: Vec<(&str, Option<&str>)> = threads
        .items
        .iter()
        .map(|thread| {
            (
                thread.thread.as_str(),
                thread.author.as_ref().map(Author::reveal),
            )
        })
        .collect();
    assert_eq!(
        authors,
        [("t3", None), ("t2", Some("@kim")), ("t1", Some("@kim"))]
    );
    bot.stop().await;
    setup
        .meddle(
            "CREATE TABLE proof (n INTEGER CHECK (n = 2));
             INSERT INTO proof SELECT count(*) FROM customers",
        )
        .expect("one customer for @kim and one for the agent's outreach");
}

#[tokio::test]
async fn a_repetition_does_not_say_whose_thread_it_is() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let mut again = message("t1", "m1", Party::Customer, 0);
    again.author = Some(Author::parse("@kim").expect("a handle"));
    let receipts = bot.handle.submit(vec![again]).await.expect("taken");
    assert!(matches!(receipts[..], [Receipt::Repeated(_)]));
    let thread = bot.handle.store().thread(key("t1"), Page::first(1)).await;
    let thread = thread.expect("readable").expect("there").thread;
    assert_eq!(thread.author, None);
    bot.stop().await;
}

#[tokio::test]
async fn pages_of_one_threads_messages_meet_in_order_of_arrival_among_other_threads() {
    let setup = Setup::new();
    let bot = setup.start().await;
    // Neither the order of the ids nor the time of writing is the order of arrival.
    for (id, minute) in [("z", 9), ("a", 7), ("m", 8), ("b", 5), ("y", 6)] {
        bot.customer("t1", id, minute).await;
        bot.customer("t2", id, minute).await;
    }
    let mut page = Page::first(2);
    let mut seen = Vec::new();
    loop {
        let thread = bot.handle.store().thread(key("t1"), page).await;
        let messages = thread.expect("readable").expect("there").messages;
        let ids = messages.items.iter().map(|item| {
            assert_eq!(item.message.thread, key("t1").thread);
            item.message.id.to_string()
        });
        seen.extend(ids);
        match messages.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["z", "a", "m", "b", "y"]);
    bot.stop().await;
}

#[tokio::test]
async fn a_watched_channel_is_decided_but_nobody_is_told() {
    let mut setup = Setup::new();
    setup.rules.defaults.watch = true;
    let bot = setup.start().await;
    let third = bot.three_questions("t1").await;
    assert!(third.actions.contains(&Action::Callback));
    let counts = bot.handle.store().counts().await.expect("readable");
    assert_eq!(counts.callbacks.len(), 1, "the callback is kept");
    assert_eq!(counts.outbox, [], "nothing waits to be told");
    bot.stop().await;
    assert!(setup.recorder().heard().is_empty());
}

#[tokio::test]
async fn text_goes_only_to_a_destination_that_wants_it() {
    let mut setup = Setup::new();
    let mut curious = Recorder::loose("curious", &setup.clock);
    curious.wants_text = true;
    setup.recorders.push(Arc::new(curious));
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let told = |heard: Vec<Heard>| match &heard[0].item.event {
        OutboxEvent::Decision(decision) => decision.text.clone(),
        other => panic!("a decision was expected, not {other:?}"),
    };
    assert_eq!(told(setup.recorders[0].hears(1).await), None);
    assert!(told(setup.recorders[1].hears(1).await).is_some());
    bot.stop().await;
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let setup = Setup::new();
    setup.start().await.stop().await;
    setup.meddle("PRAGMA user_version = 99").expect("set");
    let refused = setup.try_start().await.map(|_| ());
    let error = refused.expect_err("refused").to_string();
    assert!(error.contains("newer Ringback"), "{error}");
    assert!(error.contains("99"), "{error}");
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let setup = Setup::new();
    setup
        .meddle("CREATE TABLE recipes (name TEXT)")
        .expect("made");
    let error = setup.try_start().await.map(|_| ()).expect_err("refused");
    assert!(error.to_string().contains("another program"), "{error}");
}

#[tokio::test]
async fn a_second_bot_on_the_same_database_is_refused() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let error = setup.try_start().await.map(|_| ()).expect_err("refused");
    assert!(matches!(error, StartError::AlreadyRunning(_)), "{error}");
    bot.stop().await;
    setup.start().await.stop().await;
}

#[tokio::test]
async fn decisions_cannot_be_changed_or_removed() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.stop().await;
    for sql in [
        "UPDATE decisions SET rule = 'thanks'",
        "DELETE FROM decisions",
    ] {
        let error = setup.meddle(sql).expect_err("refused").to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_word_in_the_database_is_an_error() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    setup
        .meddle("UPDATE threads SET triage = 'sleepy'")
        .expect("set");
    let read = bot
        .handle
        .store()
        .threads(ThreadFilter::default(), Page::first(1))
        .await;
    assert_eq!(read, Err(StoreError::Corrupt("threads.triage")));
    bot.stop().await;
}

#[tokio::test]
async fn pages_of_threads_meet_without_a_gap_or_a_repetition() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for n in 0..7 {
        bot.customer(&format!("t{n}"), "m1", 0).await;
    }
    let mut page = Page::first(3);
    let mut seen = Vec::new();
    loop {
        let threads = bot
            .handle
            .store()
            .threads(ThreadFilter::default(), page)
            .await;
        let threads = threads.expect("readable");
        seen.extend(threads.items.iter().map(|thread| thread.thread.to_string()));
        // A thread that changes between two pages neither hides nor comes twice.
        bot.customer("t5", &format!("extra{}", seen.len()), 1).await;
        match threads.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["t6", "t5", "t4", "t3", "t2", "t1", "t0"]);
    bot.stop().await;
}

#[tokio::test]
async fn a_transcript_gives_messages_in_order_of_arrival_beside_a_running_bot() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "old", 0).await;
    bot.customer("t2", "m1", 50).await;
    bot.customer("t1", "m2", 40).await;
    let since = after(START.parse().expect("a time"), Length::minutes(30));
    let mut seen = Vec::new();
    Transcript::open(&setup.database())
        .expect("open")
        .since(since, |message| {
            seen.push(format!("{} {}", message.thread, message.id));
            std::ops::ControlFlow::Continue(())
        })
        .expect("readable");
    assert_eq!(seen, ["t2 m1", "t1 m2"]);
    bot.stop().await;
    let mut all = 0;
    Transcript::open(&setup.database())
        .expect("open without a bot too")
        .since(Timestamp::MIN, |_| {
            all += 1;
            std::ops::ControlFlow::Continue(())
        })
        .expect("readable");
    assert_eq!(all, 3);
}
