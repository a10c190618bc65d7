//! The rest of a callback's life through the front door: promised, given back, kept in text.

use super::{callbacks::the_callback, *};
use crate::{
    domain::{
        callback::{CallResult, CallbackEnd, KeepTyping},
        decision::CardChange,
        ids::Author,
    },
    engine::{CallNotes, CallbackChange, Claim, Finish},
    store::{
        CallbackId,
        rows::{CallbackRow, CallbackState, Page, Triage},
    },
};

fn by_kim(mut message: Message) -> Message {
    message.author = Some(Author::parse("@kim").expect("a handle"));
    message
}

/// A bot with one callback due.
async fn rung(setup: &Setup) -> (Bot, CallbackId) {
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    (bot, id)
}

#[track_caller]
fn row(finish: Result<Finish, crate::engine::EngineError>) -> CallbackRow {
    match finish.expect("answered") {
        Finish::Done(row) => *row,
        other => panic!("{other:?}"),
    }
}

/// Waits until so much was told of its card, and says what.
async fn hears_changes(setup: &Setup, count: usize) -> Vec<CallbackChange> {
    let mut heard = setup.recorder().heard.subscribe();
    let enough = heard.wait_for(|heard| told(heard).len() >= count);
    let heard = tokio::time::timeout(PATIENCE, enough).await;
    told(&heard.expect("heard in time").expect("the recorder lives"))
}

/// What its card showed anew, and how it ended, in order.
fn told(heard: &[Heard]) -> Vec<CallbackChange> {
    let told = super::callbacks::changes(heard).into_iter();
    told.filter(|change| !matches!(change, CallbackChange::Opened))
        .collect()
}

#[tokio::test]
async fn a_promised_callback_is_due_again_at_its_time_over_a_restart_too() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    let at = after(setup.clock.now(), Length::minutes(120));
    let promised = row(bot.handle.schedule(id, account("kim"), at).await);
    assert_eq!(promised.state, CallbackState::Scheduled);
    assert_eq!(promised.scheduled_at, Some(at));
    assert_eq!(promised.claimed_by, Some(account("kim")));
    assert_eq!(promised.claimed_at, None);
    let lee = bot
        .handle
        .claim(id, account("lee"))
        .await
        .expect("answered");
    assert_eq!(lee, Claim::HeldBy(account("kim")));
    hears_changes(&setup, 1).await;
    bot.stop().await;
    setup.clock.advance(Length::minutes(121));
    let bot = setup.start().await;
    assert_eq!(
        hears_changes(&setup, 2).await,
        [CardChange::Scheduled, CardChange::DueAgain].map(CallbackChange::Changed)
    );
    let due = the_callback(&bot).await;
    assert_eq!((due.state, due.due_at), (CallbackState::Due, at));
    assert_eq!((due.claimed_by, due.scheduled_at), (None, None));
    bot.stop().await;
}

#[tokio::test]
async fn who_promised_may_ring_earlier_and_no_second_callback_opens_meanwhile() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    let at = after(setup.clock.now(), Length::minutes(120));
    row(bot.handle.schedule(id, account("kim"), at).await);
    let more = bot.customer("t1", "m4", 60).await;
    assert_eq!(more.rule.to_string(), "callback_open");
    let won = bot
        .handle
        .claim(id, account("kim"))
        .await
        .expect("answered");
    assert!(
        matches!(won, Claim::Won(row) if row.state == CallbackState::Claimed && row.scheduled_at.is_none())
    );
    let done = row(bot
        .handle
        .done(id, account("kim"), CallResult::Solved, CallNotes::default())
        .await
        .map(|logged| logged.finish));
    assert_eq!(done.ended_by, Some(account("kim")));
    bot.stop().await;
}

#[tokio::test]
async fn a_callback_is_given_back_by_who_has_it_or_by_force() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    let release = |by: &str, force| bot.handle.release(id, account(by), force);
    let unclaimed = release("kim", true).await.expect("answered");
    assert_eq!(unclaimed, Finish::NotClaimed);
    bot.handle
        .claim(id, account("kim"))
        .await
        .expect("answered");
    let lee = release("lee", false).await.expect("answered");
    assert_eq!(lee, Finish::HeldBy(account("kim")));
    let released = row(release("boss", true).await);
    assert_eq!(
        (released.state, released.claimed_by),
        (CallbackState::Due, None)
    );
    bot.handle
        .claim(id, account("lee"))
        .await
        .expect("answered");
    assert_eq!(row(release("lee", false).await).state, CallbackState::Due);
    let unknown = bot
        .handle
        .release(CallbackId(id.0 + 1), account("lee"), true);
    assert_eq!(unknown.await.expect("answered"), Finish::Unknown);
    bot.stop().await;
}

#[tokio::test]
async fn keep_typing_ends_the_callback_says_why_and_the_customer_waits_for_us() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    let (kim, why) = (account("kim"), KeepTyping::Answering);
    let ended = row(bot.handle.keep_typing(id, kim.clone(), why).await);
    assert_eq!(ended.state, CallbackState::Withdrawn);
    assert_eq!((ended.why, ended.ended_by), (Some(why), Some(kim.clone())));
    let again = bot.handle.keep_typing(id, kim.clone(), why).await;
    assert_eq!(again.expect("answered"), Finish::Ended);
    let detail = bot.handle.store().thread(key("t1"), Page::first(1)).await;
    let thread = detail.expect("readable").expect("there").thread;
    assert_eq!(thread.triage, Triage::WaitingOnUs);
    let told = hears_changes(&setup, 1).await;
    bot.stop().await;
    let end = CallbackEnd::KeptTyping { by: kim, why };
    assert_eq!(told, [CallbackChange::Ended(end)]);
}

#[tokio::test]
async fn nobody_keeps_typing_or_promises_on_what_somebody_else_has() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    bot.handle
        .claim(id, account("kim"))
        .await
        .expect("answered");
    let held = Finish::HeldBy(account("kim"));
    let (lee, now) = (account("lee"), setup.clock.now());
    let typed = bot.handle.keep_typing(id, lee.clone(), KeepTyping::Thanks);
    assert_eq!(typed.await.expect("answered"), held);
    let promised = bot.handle.schedule(id, lee, now).await;
    assert_eq!(promised.expect("answered"), held);
    bot.stop().await;
}

#[tokio::test]
async fn every_change_is_kept_with_its_account_and_an_attempt_that_changes_nothing_is_not() {
    let setup = Setup::new();
    let (bot, id) = rung(&setup).await;
    let (kim, lee, boss) = (account("kim"), account("lee"), account("boss"));
    let (handle, at) = (&bot.handle, after(setup.clock.now(), Length::minutes(60)));
    for by in [&kim, &kim, &lee] {
        handle.claim(id, by.clone()).await.expect("answered");
    }
    for promised in [at, at, after(at, Length::minutes(5))] {
        row(handle.schedule(id, kim.clone(), promised).await);
    }
    let not_lees = handle.release(id, lee.clone(), false).await;
    assert_eq!(not_lees.expect("answered"), Finish::HeldBy(kim));
    row(handle.release(id, boss, true).await);
    row(handle
        .keep_typing(id, lee.clone(), KeepTyping::Answering)
        .await);
    let over = handle.claim(id, lee).await.expect("answered");
    assert_eq!(over, Claim::Ended);
    assert_eq!(
        setup.audited(),
        [
            "kim claimed 1",
            "kim scheduled 1",
            "kim scheduled 1",
            "boss released 1",
            "lee kept_typing 1"
        ]
    );
    bot.stop().await;
}

#[tokio::test]
async fn who_is_no_customer_is_muted_in_all_of_their_threads_over_a_restart_too() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (id, minute) in [("m1", 0), ("m2", 20), ("m3", 40)] {
        bot.decided(by_kim(message("t1", id, Party::Customer, minute)))
            .await;
    }
    let id = the_callback(&bot).await.id;
    let why = KeepTyping::NotACustomer;
    row(bot.handle.keep_typing(id, account("lee"), why).await);
    bot.stop().await;
    let bot = setup.start().await;
    for thread in ["t1", "t2"] {
        let mut please = by_kim(message(thread, "m9", Party::Customer, 60));
        please.text = Private::new("Please call me now!".to_owned());
        let decided = bot.decided(please).await;
        assert_eq!(
            (decided.rule.to_string().as_str(), decided.actions),
            ("none", vec![])
        );
        let detail = bot.handle.store().thread(key(thread), Page::first(1)).await;
        let detail = detail.expect("readable").expect("there");
        assert_eq!(detail.thread.triage, Triage::Quiet, "no customer waits");
    }
    setup.clock.advance(Length::hours(30 * 24));
    let mut please = by_kim(message("t2", "m10", Party::Customer, 60 * 24 * 30));
    please.text = Private::new("Please call me now!".to_owned());
    assert_eq!(bot.decided(please).await.rule.to_string(), "wants_call");
    bot.stop().await;
}
