//! Callbacks: claimed once, finished by who claimed them.

use super::*;
use crate::domain::callback::Outcome;
use crate::{
    domain::{
        callback::{CallResult, CallbackEnd},
        decision::Action,
        ids::Author,
    },
    engine::{CallNotes, CallbackChange, Claim, Finish},
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackRow, CallbackState, Page, Triage},
    },
};

pub(super) async fn the_callback(bot: &Bot) -> CallbackRow {
    let callbacks = bot
        .handle
        .store()
        .callbacks(CallbackFilter::default(), Page::first(10))
        .await
        .expect("readable");
    assert_eq!(callbacks.items.len(), 1);
    callbacks.items[0].clone()
}

/// What was told of callbacks, in the order heard.
pub(super) fn changes(heard: &[Heard]) -> Vec<CallbackChange> {
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Callback(callback) => Some(callback.change.clone()),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn of_fifty_agents_who_claim_at_once_one_wins_and_the_others_learn_who() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    let claims: Vec<_> = (0..50)
        .map(|n| {
            let handle = bot.handle.clone();
            tokio::spawn(async move { handle.claim(id, account(&format!("agent{n}"))).await })
        })
        .collect();
    let (mut winners, mut told) = (Vec::new(), Vec::new());
    for claim in claims {
        match claim.await.expect("no panic").expect("answered") {
            Claim::Won(row) => winners.push(row.claimed_by.expect("claimed")),
            Claim::HeldBy(holder) => told.push(holder),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(told, vec![winners[0].clone(); 49]);
    assert_eq!(
        the_callback(&bot).await.claimed_by,
        Some(winners[0].clone())
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_callback_lives_from_prompt_to_done_and_every_step_is_told_in_order() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    let kim = account("kim");
    assert_eq!(
        bot.handle
            .done(id, kim.clone(), CallResult::Solved, CallNotes::default())
            .await
            .expect("answered")
            .finish,
        Finish::NotClaimed
    );
    let won = bot.handle.claim(id, kim.clone()).await.expect("answered");
    assert!(matches!(&won, Claim::Won(row) if row.state == CallbackState::Claimed));
    let again = bot.handle.claim(id, kim.clone()).await.expect("answered");
    assert_eq!(again, won, "claiming what one has changes nothing");
    assert_eq!(
        bot.handle
            .done(id, account("lee"), CallResult::Solved, CallNotes::default())
            .await
            .expect("answered")
            .finish,
        Finish::HeldBy(kim.clone())
    );
    let done = bot
        .handle
        .done(id, kim.clone(), CallResult::Solved, CallNotes::default())
        .await
        .expect("answered")
        .finish;
    assert!(matches!(&done, Finish::Done(row)
        if row.state == CallbackState::Done && row.outcome == Some(Outcome::Solved)));
    assert_eq!(
        bot.handle
            .done(id, kim.clone(), CallResult::Solved, CallNotes::default())
            .await
            .expect("answered")
            .finish,
        Finish::Ended
    );
    assert_eq!(
        bot.handle.claim(id, kim.clone()).await.expect("answered"),
        Claim::Ended
    );
    let unknown = CallbackId(id.0 + 1);
    assert_eq!(
        bot.handle.claim(unknown, kim).await.expect("answered"),
        Claim::Unknown
    );
    let thread = bot.handle.store().thread(key("t1"), Page::first(1)).await;
    assert_eq!(
        thread.expect("readable").expect("there").thread.triage,
        Triage::Solved
    );
    let mut heard = setup.recorder().heard.subscribe();
    let all = heard.wait_for(|heard| changes(heard).len() >= 3);
    let all = tokio::time::timeout(PATIENCE, all).await;
    drop(all.expect("heard in time").expect("the recorder lives"));
    bot.stop().await;
    let told = changes(&setup.recorder().heard());
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0], CallbackChange::Opened);
    assert!(matches!(told[1], CallbackChange::Changed(_)));
    assert!(matches!(told[2], CallbackChange::Ended(_)));
}

#[tokio::test]
async fn a_claim_outlives_a_restart() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    bot.handle
        .claim(id, account("kim"))
        .await
        .expect("answered");
    bot.stop().await;
    let bot = setup.start().await;
    let late = bot
        .handle
        .claim(id, account("lee"))
        .await
        .expect("answered");
    assert_eq!(late, Claim::HeldBy(account("kim")));
    bot.stop().await;
}

#[tokio::test]
async fn who_never_wants_to_be_phoned_is_not_rung_about_another_thread_either() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let by_kim = |mut message: Message| {
        message.author = Some(Author::parse("@kim").expect("a handle"));
        message
    };
    for (thread, id, minute) in [
        ("t1", "m1", 0),
        ("t1", "m2", 20),
        ("t1", "m3", 40),
        ("t2", "m1", 0),
    ] {
        let message = message(thread, id, Party::Customer, minute);
        bot.decided(by_kim(message)).await;
    }
    bot.three_questions("somebody else").await;
    let mut wish = by_kim(message("t2", "m2", Party::Customer, 50));
    wish.text = Private::new("Please never phone me.".to_owned());
    let wish = bot.decided(wish).await;
    // The action stands on the message that asked, also where it is kept and told.
    assert_eq!(wish.actions, [Action::HoldText, Action::WithdrawCallback]);
    let kept = bot.handle.store().thread(key("t2"), Page::first(9)).await;
    let kept = kept.expect("readable").expect("there");
    assert_eq!(kept.messages.items[1].decision, wish);
    let state = |thread: &'static str| {
        let store = bot.handle.store();
        async move {
            let detail = store.thread(key(thread), Page::first(1)).await;
            let detail = detail.expect("readable").expect("there");
            (detail.callbacks[0].state, detail.thread.held)
        }
    };
    assert_eq!(state("t1").await, (CallbackState::Withdrawn, true));
    assert_eq!(state("somebody else").await, (CallbackState::Due, false));
    // And it stays so: the wish is the customer's, not the thread's.
    let next = message("t1", "m4", Party::Customer, 60);
    assert_eq!(bot.decided(by_kim(next)).await.rule.to_string(), "held");
    let heard = setup.recorder().hears(12).await;
    bot.stop().await;
    let told = heard.iter().filter(|heard| match &heard.item.event {
        OutboxEvent::Decision(decision) => decision.record == wish,
        _ => false,
    });
    assert_eq!(told.count(), 1);
    let withdrawn = CallbackChange::Ended(CallbackEnd::Withdrawn);
    assert_eq!(
        changes(&heard)
            .iter()
            .filter(|change| **change == withdrawn)
            .count(),
        1
    );
}
