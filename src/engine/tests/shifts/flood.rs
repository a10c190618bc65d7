//! A night on which everybody writes at once: one card for the incident, one for the queue, and
//! nobody is lost.

use super::*;
use crate::{
    domain::{
        callback::{CallResult, IncidentId},
        ids::Topic,
        reading::Language,
    },
    engine::{IncidentAnswer, IncidentChange, IncidentEvent, Next, QueueEvent},
    store::rows::{
        CallbackState,
        desk::{QueueView, Sight},
        shift::{IncidentRow, StatusText, Tally},
    },
};

/// So many customers.
const OUTAGE: usize = 500;

/// Rules that know what an outage is.
fn outage() -> Setup {
    let mut setup = Setup::new();
    let topic = Topic::parse("outage").expect("a topic");
    setup.rules.vocabulary.topics = vec![(topic, vec!["internet".to_owned()])];
    setup
}

/// A customer comes back a third time; only the first message says what it is about.
async fn third_time(setup: &Setup, bot: &Bot, thread: &str) {
    let now = setup.clock.now();
    let texts = [
        "My internet is down since noon, why?",
        "Does anybody read this at all?",
        "How long will this take?",
    ];
    let messages = texts.iter().enumerate().map(|(n, text)| {
        let mut message = super::super::says(thread, &format!("m{n}"), 0, text);
        let before = Length::minutes(u32::try_from(40 - 20 * n).expect("small"));
        message.at = now.checked_sub(before.as_signed()).expect("a time");
        message
    });
    for receipt in bot.handle.submit(messages.collect()).await.expect("taken") {
        assert!(matches!(receipt, Receipt::Decided(_)), "{receipt:?}");
    }
}

async fn incidents(bot: &Bot) -> Vec<IncidentRow> {
    let rows = bot.handle.store().incidents(Sight::default()).await;
    rows.expect("readable")
}

fn told_of_incidents(setup: &Setup) -> Vec<IncidentEvent> {
    let events = desk_events(setup).into_iter();
    events
        .filter_map(|event| match event {
            DeskEvent::Incident(event) => Some(event),
            _ => None,
        })
        .collect()
}

fn told_of_queues(setup: &Setup) -> Vec<QueueEvent> {
    let events = desk_events(setup).into_iter();
    events
        .filter_map(|event| match event {
            DeskEvent::Queue(event) => Some(event),
            _ => None,
        })
        .collect()
}

async fn due(bot: &Bot) -> u64 {
    let queue = bot
        .handle
        .store()
        .queue(QueueView::Due, Sight::default(), 1);
    queue.await.expect("readable").total
}

async fn hold(bot: &Bot, id: IncidentId, older: bool) -> IncidentAnswer {
    let text = StatusText {
        language: Language::ENGLISH,
        text: Private::new("We know, and are working on it.".to_owned()),
    };
    let held = bot
        .handle
        .hold_incident(id, account("sue"), vec![text], older);
    held.await.expect("answered")
}

async fn end(bot: &Bot, id: IncidentId) -> IncidentAnswer {
    let ended = bot.handle.end_incident(id, account("sue")).await;
    ended.expect("answered")
}

#[tokio::test]
async fn five_hundred_customers_of_one_outage_are_one_incident_and_one_queue_and_all_are_rung() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..100 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    let rows = incidents(&bot).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].tally, Tally { came: 100, held: 0 });
    assert_eq!(due(&bot).await, 100);
    let id = rows[0].id;
    assert_eq!(hold(&bot, id, true).await, IncidentAnswer::Done);
    assert_eq!(due(&bot).await, 0, "the older ones are held back too");
    for n in 100..OUTAGE {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    let tally = incidents(&bot).await[0].tally;
    let all = u64::try_from(OUTAGE).expect("small");
    assert_eq!(
        tally,
        Tally {
            came: all,
            held: all
        }
    );
    assert_eq!(due(&bot).await, 0);

    assert_eq!(end(&bot, id).await, IncidentAnswer::Done);
    assert_eq!(incidents(&bot).await, []);
    assert_eq!(due(&bot).await, all);
    assert_eq!(end(&bot, id).await, IncidentAnswer::Over);

    let mut worked = 0;
    while let Next::Claimed(row) = {
        let next = bot.handle.claim_next(main_desk(), account("kim")).await;
        next.expect("answered")
    } {
        let notes = crate::engine::CallNotes::default();
        let done = bot
            .handle
            .done(row.id, account("kim"), CallResult::Solved, notes);
        done.await.expect("answered");
        worked += 1;
    }
    assert_eq!(worked, OUTAGE);
    until(&setup, async || {
        told_of_queues(&setup)
            .last()
            .is_some_and(|queue| !queue.pinned)
            && told_of_incidents(&setup).last().map(|told| told.change)
                == Some(IncidentChange::Ended)
    })
    .await;
    bot.stop().await;
    let changes: Vec<_> = told_of_incidents(&setup)
        .iter()
        .map(|told| told.change)
        .collect();
    let opened = changes
        .iter()
        .filter(|change| **change == IncidentChange::Opened);
    assert_eq!(opened.count(), 1, "{changes:?}");
    let pinned: Vec<_> = told_of_queues(&setup)
        .iter()
        .map(|told| told.pinned)
        .collect();
    let crossed = pinned.windows(2).filter(|two| two[0] != two[1]).count();
    assert!(crossed <= 3, "up, held, up again, down: {pinned:?}");
    let told = desk_events(&setup).len();
    assert!(told < 40, "{told} for {OUTAGE} customers");
}

#[tokio::test]
async fn whoever_asks_for_a_call_or_writes_an_urgent_word_is_never_held_back() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..20 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    let id = incidents(&bot).await[0].id;
    hold(&bot, id, true).await;
    assert_eq!(due(&bot).await, 0);
    for (thread, text) in [
        ("t3", "Please ring me"),
        ("t7", "My lawyer will hear of it"),
        ("new", "My internet is down, please ring me"),
    ] {
        let mut message = super::super::says(thread, "more", 0, text);
        message.at = setup.clock.now();
        bot.decided(message).await;
    }
    let out: Vec<_> = callbacks(&bot)
        .await
        .into_iter()
        .filter(|row| row.incident.is_none())
        .map(|row| row.thread.as_str().to_owned())
        .collect();
    assert_eq!(out, ["t3", "t7", "new"]);
    assert_eq!(incidents(&bot).await[0].tally.held, 18);
    bot.stop().await;
}

#[tokio::test]
async fn what_is_held_back_is_told_as_parked_and_never_as_a_prompt() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..20 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    hold(&bot, incidents(&bot).await[0].id, false).await;
    assert_eq!(
        due(&bot).await,
        20,
        "older ones stay unless a supervisor says so"
    );
    third_time(&setup, &bot, "held").await;
    let told = || {
        let heard = setup.recorder().heard().into_iter();
        let of_it = heard.filter_map(|heard| match heard.item.event {
            OutboxEvent::Callback(card) if card.thread.as_str() == "held" => Some(card.change),
            _ => None,
        });
        of_it.collect::<Vec<_>>()
    };
    until(&setup, async || !told().is_empty()).await;
    let parked = crate::domain::decision::CardChange::Parked;
    assert_eq!(told(), [crate::engine::CallbackChange::Changed(parked)]);
    bot.stop().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_of_holding_or_releasing_loses_nobody() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..30 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    let id = incidents(&bot).await[0].id;
    bot.stop().await;
    // As if it was killed right after the supervisor's press.
    setup
        .meddle("UPDATE incidents SET held_at = 1, held_by = 'sue', holds_older = 1")
        .expect("changed");
    let bot = setup.start().await;
    until(&setup, async || due(&bot).await == 0).await;
    bot.stop().await;
    setup
        .meddle("UPDATE incidents SET ended_at = reminded_at, ended_by = 'sue'")
        .expect("changed");
    let bot = setup.start().await;
    until(&setup, async || due(&bot).await == 30).await;
    assert_eq!(hold(&bot, id, true).await, IncidentAnswer::Over);
    assert_eq!(
        hold(&bot, IncidentId(99), true).await,
        IncidentAnswer::Unknown
    );
    bot.stop().await;
}

#[tokio::test]
async fn an_incident_that_nobody_ends_is_told_again_each_hour_and_when_somebody_waits_a_day() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..20 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    hold(&bot, incidents(&bot).await[0].id, true).await;
    let count = |change| {
        let told = told_of_incidents(&setup);
        told.iter().filter(|told| told.change == change).count()
    };
    let started = setup.clock.now();
    until(&setup, async || count(IncidentChange::Reminded) == 1).await;
    let waited = setup.clock.now().duration_since(started);
    assert!(waited.as_mins() >= 60, "{waited:?}");
    until(&setup, async || count(IncidentChange::HeldForLong) == 1).await;
    let waited = setup.clock.now().duration_since(started);
    assert!(waited.as_hours() >= 24, "{waited:?}");
    bot.stop().await;
}

#[tokio::test]
async fn an_incident_that_is_over_does_not_come_again_for_those_of_before() {
    let setup = outage();
    let bot = setup.start().await;
    for n in 0..20 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    end(&bot, incidents(&bot).await[0].id).await;
    setup.clock.advance(Length::milliseconds(1));
    for n in 20..39 {
        third_time(&setup, &bot, &format!("t{n}")).await;
    }
    assert_eq!(incidents(&bot).await, []);
    third_time(&setup, &bot, "t39").await;
    assert_eq!(incidents(&bot).await.len(), 1);
    bot.stop().await;
}

#[tokio::test]
async fn of_agents_who_take_the_next_at_once_each_gets_another_in_the_order_of_the_queue() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for n in 0..4 {
        bot.three_questions(&format!("t{n}")).await;
    }
    let urgent = super::super::says("t2", "more", 41, "My lawyer will hear of it");
    bot.decided(urgent).await;
    let takes: Vec<_> = ["kim", "lee", "ana", "ben", "cy"]
        .iter()
        .map(|name| {
            let handle = bot.handle.clone();
            tokio::spawn(async move { handle.claim_next(main_desk(), account(name)).await })
        })
        .collect();
    let mut taken = Vec::new();
    for take in takes {
        match take.await.expect("no panic").expect("answered") {
            Next::Claimed(row) => taken.push(row.thread.as_str().to_owned()),
            Next::Nobody => taken.push("nobody".to_owned()),
            Next::AllQuiet => panic!("it is noon"),
        }
    }
    assert_eq!(taken, ["t2", "t0", "t1", "t3", "nobody"]);
    bot.stop().await;
}

#[tokio::test]
async fn whoever_sleeps_is_not_the_next_unless_it_is_urgent() {
    let mut setup = Setup::new();
    let zone = crate::domain::hours::Zone::parse("Pacific/Auckland").expect("a zone");
    setup.rules.defaults.zone = Some(zone);
    let bot = setup.start().await;
    bot.three_questions("t0").await;
    let next = || bot.handle.claim_next(main_desk(), account("kim"));
    assert_eq!(next().await.expect("answered"), Next::AllQuiet);
    let urgent = super::super::says("t0", "more", 41, "My lawyer will hear of it");
    bot.decided(urgent).await;
    assert!(matches!(next().await.expect("answered"), Next::Claimed(row)
        if row.state == CallbackState::Claimed));
    bot.stop().await;
}
