//! Another program rings: for whom, how often, with which number, and what is kept of it.

use super::{callbacks::the_callback, *};
use crate::{
    domain::{callback::Outcome, number::PhoneNumber},
    engine::{Claim, DIALLING, Dialled},
    store::{
        CallbackId,
        rows::dialled::{DialResult, DialRow, DialState},
        sqlite,
    },
};

const NUMBER: &str = "+442079460123";

/// A bot with one callback due, its customer's number known, and a program that rings.
async fn ready() -> (Setup, Bot, CallbackId) {
    let mut setup = Setup::new();
    let dialler = Recorder {
        stale_after: Some(Length::minutes(1)),
        ..Recorder::loose(DIALLING, &setup.clock)
    };
    setup.recorders.push(Arc::new(dialler));
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    (setup, bot, id)
}

async fn with_number(bot: &Bot) {
    let number = PhoneNumber::parse(NUMBER).expect("a number");
    let set = bot.handle.set_number(key("t1"), account("kim"), number);
    assert!(set.await.expect("answered"));
}

async fn kim_claims(bot: &Bot, id: CallbackId) {
    let claim = bot.handle.claim(id, account("kim")).await;
    assert!(matches!(claim, Ok(Claim::Won(_))));
}

async fn press(bot: &Bot, id: CallbackId, by: &str, button: &str) -> Dialled {
    let dialled = bot.handle.dial(id, account(by), message_id(button)).await;
    dialled.expect("answered")
}

/// The calls that the program was asked to make: what it knows them by, and the number.
fn asked(setup: &Setup) -> Vec<(String, String)> {
    let heard = setup.recorders[1].heard();
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Dial(dial) => {
                Some((heard.item.id.clone(), dial.number.reveal().to_owned()))
            }
            _ => None,
        })
        .collect()
}

/// The newest call, once it stands so.
async fn call(bot: &Bot, id: CallbackId, state: DialState) -> DialRow {
    let waits = async {
        loop {
            let card = bot.handle.store().card(id, None).await.expect("readable");
            match card.expect("there").dialled {
                Some(dialled) if dialled.state == state => break dialled,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    let stands = tokio::time::timeout(Duration::from_secs(20), waits).await;
    stands.unwrap_or_else(|_| panic!("the call never was {state:?}"))
}

#[tokio::test]
async fn the_claimer_has_a_program_ring_once_a_press_and_its_number_is_kept_nowhere_after() {
    let (setup, bot, id) = ready().await;
    assert!(bot.handle.can_dial());
    assert_eq!(press(&bot, id, "kim", "b1").await, Dialled::NotClaimed);
    kim_claims(&bot, id).await;
    assert_eq!(press(&bot, id, "kim", "b1").await, Dialled::NoNumber);
    with_number(&bot).await;
    let lees = press(&bot, id, "lee", "b1").await;
    assert_eq!(lees, Dialled::HeldBy(account("kim")));
    assert_eq!(press(&bot, id, "kim", "b1").await, Dialled::Asked);
    let taken = call(&bot, id, DialState::Taken).await;
    assert_eq!(
        (&taken.by, taken.end, taken.suggests()),
        (&account("kim"), None, None)
    );
    assert_eq!(
        press(&bot, id, "kim", "b1").await,
        Dialled::Asked,
        "it is one press"
    );
    let asked = asked(&setup);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].1, NUMBER);
    let payloads = sqlite::texts(&setup.database(), "SELECT payload FROM outbox");
    let payloads = payloads.expect("readable");
    assert!(payloads.iter().all(|payload| !payload.contains(NUMBER)));
    assert!(
        payloads.contains(&"{}".to_owned()),
        "the row itself stays: {payloads:?}"
    );
    let elsewhere = setup.recorder().heard();
    assert!(
        elsewhere
            .iter()
            .all(|heard| !matches!(heard.item.event, OutboxEvent::Dial(_)))
    );
    assert!(setup.audited().contains(&"kim dialled 1".to_owned()));
    bot.stop().await;
}

#[tokio::test]
async fn a_call_that_could_not_be_asked_for_within_a_minute_is_given_up_and_its_agent_sees_it() {
    let (setup, bot, id) = ready().await;
    with_number(&bot).await;
    kim_claims(&bot, id).await;
    for _ in 0..100 {
        setup.recorders[1].answer(Answer::Fail(SendError::Retry { after: None }));
    }
    assert_eq!(press(&bot, id, "kim", "b1").await, Dialled::Asked);
    let other = press(&bot, id, "kim", "b2").await;
    let moves = async {
        loop {
            setup.clock.advance(Length::milliseconds(1_000));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        given_up = call(&bot, id, DialState::GivenUp) => assert_eq!(given_up.end, None),
        () = moves => {}
    }
    assert_eq!(other, Dialled::UnderWay, "one at a time");
    let payloads = sqlite::texts(&setup.database(), "SELECT payload FROM outbox");
    assert!(
        payloads
            .expect("readable")
            .iter()
            .all(|payload| !payload.contains(NUMBER))
    );
    bot.stop().await;
}

#[tokio::test]
async fn how_a_call_ended_counts_once_and_for_that_call_alone() {
    let (setup, bot, id) = ready().await;
    with_number(&bot).await;
    kim_claims(&bot, id).await;
    for button in ["b1", "b2"] {
        assert_eq!(press(&bot, id, "kim", button).await, Dialled::Asked);
        call(&bot, id, DialState::Taken).await;
    }
    let calls = asked(&setup);
    let ended = async |call: &str, event: &str, result, seconds| {
        let ended = bot
            .handle
            .dial_ended(call.to_owned(), event.to_owned(), result, seconds);
        ended.await.expect("answered")
    };
    let (first, second) = (&calls[0].0, &calls[1].0);
    assert!(ended(first, "e1", DialResult::Answered, Some(95)).await);
    assert!(ended(second, "e1", DialResult::Answered, Some(95)).await);
    call(&bot, id, DialState::Taken).await;
    assert!(ended(second, "e2", DialResult::Busy, None).await);
    assert!(ended(second, "e3", DialResult::Answered, Some(1)).await);
    let newest = call(&bot, id, DialState::Ended).await;
    assert_eq!(newest.end.map(|end| end.result), Some(DialResult::Busy));
    assert_eq!(newest.suggests(), Some(Outcome::NoAnswer));
    assert!(!ended("msg_0", "e4", DialResult::Failed, None).await);
    bot.stop().await;
}

#[tokio::test]
async fn without_a_program_that_rings_agents_dial() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    kim_claims(&bot, id).await;
    assert!(!bot.handle.can_dial());
    assert_eq!(press(&bot, id, "kim", "b1").await, Dialled::NotSet);
    bot.stop().await;
}
