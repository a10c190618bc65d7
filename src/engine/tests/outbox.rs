//! What the world is told: in order per thread, again until it arrives, never lost. Where the
//! clock is moved the messages are an agent's, for whom no reminder comes due.

use super::*;

#[tokio::test]
async fn one_thread_is_told_in_order_although_its_first_delivery_fails() {
    let setup = Setup::new();
    let hook = setup.recorder();
    hook.answer(Answer::Fail(SendError::Retry { after: None }));
    let bot = setup.start().await;
    bot.decided(message("t1", "m1", Party::Agent, 0)).await;
    hook.hears(1).await;
    bot.decided(message("t1", "m2", Party::Agent, 1)).await;
    bot.decided(message("t2", "other", Party::Agent, 1)).await;
    hook.hears(2).await;
    let heard = hook.hears_later(4).await;
    bot.stop().await;
    assert_eq!(decisions(&heard), ["m1", "other", "m1", "m2"]);
    assert_eq!(
        heard[0].item.id, heard[2].item.id,
        "a repetition is the same item"
    );
    assert_eq!((heard[0].item.attempt, heard[2].item.attempt), (1, 2));
}

#[tokio::test]
async fn a_delivery_is_not_tried_again_before_the_receiver_wishes() {
    let setup = Setup::new();
    let hook = setup.recorder();
    let asked = Duration::from_secs(90);
    hook.answer(Answer::Fail(SendError::Retry { after: Some(asked) }));
    let bot = setup.start().await;
    bot.decided(message("t1", "m1", Party::Agent, 0)).await;
    hook.hears(1).await;
    let heard = hook.hears_later(2).await;
    bot.stop().await;
    let waited = heard[1].at.duration_since(heard[0].at);
    assert!(waited.as_secs() >= 90, "{waited:?}");
}

#[tokio::test]
async fn what_a_receiver_refuses_for_good_lets_the_next_of_its_thread_go() {
    let setup = Setup::new();
    let hook = setup.recorder();
    hook.answer(Answer::Fail(SendError::Permanent {
        reason: "HTTP 410".to_owned(),
    }));
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.customer("t1", "m2", 1).await;
    let heard = hook.hears(2).await;
    assert_eq!(decisions(&heard), ["m1", "m2"]);
    let counts = bot.handle.store().counts().await.expect("readable");
    assert_eq!(counts.dead, [("hook".to_owned(), 1)]);
    bot.stop().await;
    assert_eq!(hook.heard().len(), 2, "it is not tried again");
}

#[tokio::test]
async fn a_destination_that_never_answers_holds_up_nobody_else() {
    let mut setup = Setup::new();
    setup.shutdown_within = Duration::from_millis(100);
    let stuck = Recorder::new("stuck", &setup.clock);
    (0..10).for_each(|_| stuck.answer(Answer::Never));
    setup.recorders.push(Arc::clone(&stuck));
    let bot = setup.start().await;
    for n in 0..10 {
        bot.customer(&format!("t{n}"), "m1", 0).await;
    }
    setup.recorder().hears(10).await;
    stuck.hears(4).await;
    bot.stop().await;
    assert_eq!(stuck.heard().len(), 4, "as many as it takes at once");
}

#[tokio::test]
async fn what_was_under_way_when_the_bot_died_is_sent_again_under_the_same_id() {
    let mut setup = Setup::new();
    setup.shutdown_within = Duration::from_millis(100);
    setup.recorder().answer(Answer::Never);
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.customer("t1", "m2", 1).await;
    setup.recorder().hears(1).await;
    bot.stop().await;

    let bot = setup.start().await;
    let heard = setup.recorder().hears(3).await;
    bot.stop().await;
    assert_eq!(decisions(&heard), ["m1", "m1", "m2"]);
    assert_eq!(heard[0].item.id, heard[1].item.id);
}

#[tokio::test]
async fn without_an_idempotency_key_what_may_have_arrived_is_not_sent_again() {
    let mut setup = Setup::new();
    setup.shutdown_within = Duration::from_millis(100);
    let mut plain = Recorder::loose("plain", &setup.clock);
    plain.may_repeat = false;
    setup.recorders = vec![Arc::new(plain)];
    let plain = Arc::clone(setup.recorder());
    plain.answer(Answer::Fail(SendError::Unknown));
    plain.answer(Answer::Never);
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.customer("t1", "m2", 1).await;
    plain.hears(2).await;
    bot.stop().await;
    let bot = setup.start().await;
    bot.customer("t1", "m3", 2).await;
    let heard = plain.hears(3).await;
    assert_eq!(decisions(&heard), ["m1", "m2", "m3"]);
    let counts = bot.handle.store().counts().await.expect("readable");
    assert_eq!(counts.dead, [("plain".to_owned(), 2)]);
    bot.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_destination_that_is_gone_is_sent_when_it_comes_back() {
    let mut setup = Setup::new();
    setup.shutdown_within = Duration::from_millis(100);
    let hooks = std::mem::take(&mut setup.recorders);
    hooks[0].answer(Answer::Never);
    setup.recorders = hooks.clone();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.stop().await;
    setup.recorders = Vec::new();
    setup.start().await.stop().await;
    setup.recorders = hooks;
    let told_before = setup.recorder().heard().len();
    let bot = setup.start().await;
    let heard = setup.recorder().hears(told_before + 1).await;
    bot.stop().await;
    assert!(decisions(&heard).iter().all(|id| id == "m1"));
}

#[tokio::test]
async fn many_threads_with_failures_in_between_lose_nothing_and_keep_their_order() {
    let setup = Setup::new();
    let hook = setup.recorder();
    for n in 0..120 {
        hook.answer(match n % 3 {
            0 => Answer::Fail(SendError::Retry { after: None }),
            1 => Answer::Take,
            _ => Answer::Fail(SendError::Unknown),
        });
    }
    let bot = setup.start().await;
    let batch: Vec<Message> = (0..10)
        .flat_map(|n| (0..8).map(move |t| (t, n)))
        .map(|(t, n)| message(&format!("t{t}"), &format!("m{n}"), Party::Agent, n))
        .collect();
    bot.handle.submit(batch).await.expect("taken");
    hook.hears_later(160).await;
    bot.stop().await;
    let mut arrived: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for heard in hook.heard() {
        if let OutboxEvent::Decision(decision) = &heard.item.event {
            let thread = arrived
                .entry(decision.record.thread.to_string())
                .or_default();
            thread.push(decision.record.id.to_string());
        }
    }
    for (thread, mut ids) in arrived {
        ids.dedup();
        let in_order: Vec<String> = (0..10).map(|n| format!("m{n}")).collect();
        assert_eq!(ids, in_order, "{thread}");
    }
}

#[tokio::test]
async fn a_destination_that_is_down_is_left_alone_and_gets_everything_when_it_is_back() {
    let setup = Setup::new();
    let hook = setup.recorder();
    (0..20).for_each(|_| hook.answer(Answer::Fail(SendError::Retry { after: None })));
    let bot = setup.start().await;
    for thread in 0..30 {
        bot.decided(message(&format!("t{thread}"), "m1", Party::Agent, 0))
            .await;
    }
    let silent = |bot: &Bot| {
        let standing = bot.handle.troubles().into_iter();
        standing
            .map(|standing| standing.trouble)
            .collect::<Vec<_>>()
    };
    hook.hears_later(10).await;
    assert_eq!(silent(&bot), [crate::engine::Trouble::ReceiverSilent]);
    let heard = hook.hears_later(50).await;
    assert_eq!(silent(&bot), []);
    bot.stop().await;
    let attempts = heard.iter().map(|heard| heard.item.attempt).max();
    assert_eq!(attempts, Some(2), "a trial uses up no attempt");
}

#[tokio::test]
async fn what_arrived_a_week_ago_is_forgotten() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(message("t1", "m1", Party::Agent, 0)).await;
    setup.recorder().hears(1).await;
    bot.stop().await;
    let left = "CREATE TEMP TABLE proof (n INTEGER CHECK (n = 0));
                INSERT INTO proof SELECT count(*) FROM outbox";
    assert!(setup.meddle(left).is_err(), "it is kept for a while");
    setup.clock.advance(Length::hours(8 * 24));
    let bot = setup.start().await;
    let forgets = async {
        while setup.meddle(left).is_err() {
            setup.clock.advance(Length::minutes(10));
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, forgets)
        .await
        .expect("forgotten");
    bot.stop().await;
}
