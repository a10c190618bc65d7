//! The clock is set back by an hour while the bot runs: what was promised for a time comes at that time,
//! and nothing else waits for the hour to pass again.

use super::*;
use crate::{
    domain::decision::RuleName,
    engine::{Claim, Reply},
    store::{
        StoreError,
        rows::{CallbackFilter, CallbackState, Page},
        sqlite,
    },
};

const AN_HOUR: Length = Length::minutes(60);

/// What a customer writes now, without a time of its own.
fn writes(bot: &Bot, id: &str) -> Message {
    let mut message = says("t1", id, 0, "My bill is still wrong!");
    message.at = bot.handle.0.clock.arrival();
    message
}

/// Moves the clock on until it is so, by less than the hour. The bot has time to see each moment.
async fn soon(setup: &Setup, is_so: impl Fn() -> bool) {
    for _ in 0..30 {
        let is_seen = async {
            while !is_so() {
                tokio::task::yield_now().await;
            }
        };
        let moment = Duration::from_secs(1);
        if tokio::time::timeout(moment, is_seen).await.is_ok() {
            return;
        }
        setup.clock.advance(Length::minutes(1));
    }
    panic!("it waits for the hour");
}

#[tokio::test]
async fn a_customer_who_comes_back_after_it_still_counts() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(writes(&bot, "m1")).await;
    setup.clock.set_back(AN_HOUR);
    let reply = Reply {
        thread: key("t1"),
        id: message_id("a1"),
        by: account("kim"),
        text: Private::new("Which month is it about?".to_owned()),
        attachment: None,
        written: None,
    };
    bot.handle.reply(reply).await.expect("sent");
    let decided = bot.decided(writes(&bot, "m2")).await;
    assert_eq!(decided.exchange, 3, "it is not taken for a late message");
    assert_eq!(decided.rule, RuleName::RuleOfThree);
    bot.stop().await;
}

#[tokio::test]
async fn a_delivery_that_is_to_be_tried_again_does_not_wait_for_the_hour() {
    let setup = Setup::new();
    let hook = setup.recorder();
    hook.answer(Answer::Fail(SendError::Retry { after: None }));
    let bot = setup.start().await;
    bot.decided(message("t1", "m1", Party::Agent, 0)).await;
    hook.hears(1).await;
    let sql = "SELECT state FROM outbox WHERE attempts = 1";
    while sqlite::texts(&setup.database(), sql).expect("readable") != ["queued"] {
        tokio::task::yield_now().await;
    }
    setup.clock.set_back(AN_HOUR);
    soon(&setup, || hook.heard().len() == 2).await;
    bot.stop().await;
}

#[tokio::test]
async fn a_claim_after_it_lasts_no_longer_than_any() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    setup.recorder().hears(1).await;
    setup.clock.set_back(AN_HOUR);
    let found = bot
        .handle
        .store()
        .callbacks(CallbackFilter::default(), Page::first(1));
    let id = found.await.expect("readable").items[0].id;
    let claim = bot.handle.claim(id, account("kim")).await;
    assert!(matches!(claim, Ok(Claim::Won(_))));
    let moves = async {
        loop {
            let row = bot.handle.store().callback(id).await.expect("readable");
            if row.expect("there").state == CallbackState::Due {
                break;
            }
            setup.clock.advance(Length::minutes(1));
            tokio::task::yield_now().await;
        }
    };
    let released = tokio::time::timeout(PATIENCE, moves).await;
    released.expect("who claims and says nothing loses the claim");
    bot.stop().await;
}

#[tokio::test]
async fn a_full_disk_is_noticed_to_have_room_again() {
    let mut setup = Setup::new();
    setup.recorders.clear();
    let bot = setup.start().await;
    let jobs = &bot.handle.0.jobs;
    let commits = jobs.commits();
    let failed: Result<(), _> = jobs
        .call(1, None, |_| {
            Err(StoreError::Unavailable("no room".to_owned()))
        })
        .await;
    assert!(failed.is_err());
    setup.clock.set_back(AN_HOUR);
    soon(&setup, || *commits.borrow()).await;
    bot.stop().await;
}
