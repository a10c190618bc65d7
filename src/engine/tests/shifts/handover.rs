//! Who goes home leaves everything to the next shift; a promise is kept by whoever is there.

use super::*;
use crate::{
    engine::{Claim, HandedOver, HandedOverEvent},
    store::rows::{CallbackState, desk::Sight, shift::HandoverRow},
};

/// A bot with kim and lee, and so many callbacks.
async fn with_callbacks(setup: &Setup, count: usize) -> (Bot, Vec<CallbackId>) {
    let bot = setup.start().await;
    people(setup, &["kim", "lee"], Role::Agent);
    for n in 0..count {
        bot.three_questions(&format!("t{n}")).await;
    }
    let ids = callbacks(&bot).await.iter().map(|row| row.id).collect();
    (bot, ids)
}

async fn claim(bot: &Bot, id: CallbackId, by: &str) {
    let claim = bot.handle.claim(id, account(by)).await.expect("answered");
    assert!(matches!(claim, Claim::Won(_)), "{claim:?}");
}

async fn left(bot: &Bot) -> Vec<HandoverRow> {
    let lines = bot.handle.store().handovers(Sight::default()).await;
    lines.expect("readable")
}

fn says(text: &str) -> Option<Private<String>> {
    Some(Private::new(text.to_owned()))
}

#[tokio::test]
async fn claims_and_promises_go_to_the_next_shift_with_a_word_masked() {
    let setup = Setup::new();
    let (bot, ids) = with_callbacks(&setup, 3).await;
    claim(&bot, ids[0], "kim").await;
    let at = after(setup.clock.now(), Length::minutes(90));
    let promised = bot.handle.schedule(ids[1], account("kim"), at).await;
    promised.expect("answered");
    claim(&bot, ids[2], "lee").await;

    let words = vec![
        (ids[0], says("Card 4111 1111 1111 1111, ring before noon")),
        (ids[1], None),
        (ids[2], says("not mine")),
    ];
    let kim = account("kim");
    let handed = bot.handle.hand_over(kim.clone(), kim.clone(), words).await;
    let expected = HandedOver {
        passed: 2,
        gone: vec![ids[2]],
    };
    assert_eq!(handed.expect("answered"), expected);

    let claimed = callback(&bot, ids[0]).await;
    assert_eq!(
        (claimed.state, claimed.claimed_by),
        (CallbackState::Due, None)
    );
    let promised = callback(&bot, ids[1]).await;
    assert_eq!(promised.state, CallbackState::Scheduled);
    assert_eq!(
        (promised.claimed_by, promised.scheduled_at),
        (None, Some(at))
    );
    assert_eq!(
        callback(&bot, ids[2]).await.claimed_by,
        Some(account("lee"))
    );

    let lines = left(&bot).await;
    let shown: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.callback,
                line.note.as_ref().map(|note| note.reveal().as_str()),
            )
        })
        .collect();
    let masked = "Card ⟦payment_card⟧, ring before noon";
    assert_eq!(shown, [(ids[0], Some(masked)), (ids[1], None)]);
    let notes = bot.on_desk("t0").await.notes;
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (notes[0].text.reveal().as_str(), &notes[0].by),
        (masked, &kim)
    );
    assert_eq!(
        setup
            .audited()
            .iter()
            .filter(|entry| entry.contains("handed_over"))
            .count(),
        2
    );
    until(&setup, async || !desk_events(&setup).is_empty()).await;
    let told = HandedOverEvent {
        desk: main_desk(),
        by: kim,
        callbacks: ids[..2].to_vec(),
    };
    assert_eq!(desk_events(&setup)[0], DeskEvent::HandedOver(told));
    bot.stop().await;
}

#[tokio::test]
async fn a_line_stands_until_somebody_has_seen_it_or_takes_the_callback() {
    let setup = Setup::new();
    let (bot, ids) = with_callbacks(&setup, 3).await;
    for id in &ids {
        claim(&bot, *id, "kim").await;
    }
    let kim = account("kim");
    let handed = bot.handle.hand_over(kim.clone(), kim, Vec::new()).await;
    assert_eq!(handed.expect("answered").passed, 3);
    claim(&bot, ids[0], "lee").await;
    let lines = left(&bot).await;
    assert_eq!(lines.len(), 2, "one is taken");
    let seen = |up_to| bot.handle.see_handovers(main_desk(), up_to, account("lee"));
    seen(lines[0].id).await.expect("seen");
    assert_eq!(
        left(&bot).await,
        lines[1..],
        "what came after the page is not seen"
    );
    seen(lines[1].id).await.expect("seen");
    assert_eq!(left(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn whoever_has_nothing_goes_home_too() {
    let setup = Setup::new();
    let (bot, _) = with_callbacks(&setup, 1).await;
    let kim = account("kim");
    let handed = bot.handle.hand_over(kim.clone(), kim, Vec::new()).await;
    assert_eq!(handed.expect("answered"), HandedOver::default());
    assert!(
        setup
            .audited()
            .iter()
            .any(|entry| entry.contains("handed_over"))
    );
    bot.stop().await;
}

/// To whom a promise of kim's goes when its time comes.
async fn owner_after(before_it_is_due: impl AsyncFnOnce(&Bot, &Setup)) -> Option<AccountName> {
    let setup = Setup::new();
    let (bot, ids) = with_callbacks(&setup, 2).await;
    let at = after(setup.clock.now(), Length::minutes(120));
    let promised = bot.handle.schedule(ids[0], account("kim"), at).await;
    promised.expect("answered");
    before_it_is_due(&bot, &setup).await;
    until(&setup, async || {
        callback(&bot, ids[0]).await.state == CallbackState::Due
    })
    .await;
    let owner = callback(&bot, ids[0]).await.owner;
    bot.stop().await;
    owner
}

#[tokio::test]
async fn a_promise_goes_to_whoever_made_it_if_they_are_on_shift() {
    let owner = owner_after(async |_, _| {}).await;
    assert_eq!(owner, Some(account("kim")));
}

#[tokio::test]
async fn a_promise_goes_to_the_desk_if_its_owner_has_not_been_there_for_long() {
    let owner = owner_after(async |_, setup| {
        setup
            .meddle("UPDATE accounts SET active_at = active_at - 9 * 3600000000")
            .expect("changed");
    })
    .await;
    assert_eq!(owner, None);
}

#[tokio::test]
async fn a_promise_goes_to_the_desk_if_its_owner_is_disabled() {
    let owner = owner_after(async |_, setup| {
        setup
            .meddle("UPDATE accounts SET disabled_at = 1 WHERE name = 'kim'")
            .expect("changed");
    })
    .await;
    assert_eq!(owner, None);
}

#[tokio::test]
async fn a_look_back_after_handing_over_is_no_work_but_work_is() {
    for (works, owner) in [(false, None), (true, Some("kim"))] {
        let setup = Setup::new();
        let (bot, ids) = with_callbacks(&setup, 2).await;
        let kim = account("kim");
        let handed = bot
            .handle
            .hand_over(kim.clone(), kim.clone(), Vec::new())
            .await;
        handed.expect("answered");
        setup.clock.advance(Length::minutes(2));
        if works {
            let at = after(setup.clock.now(), Length::minutes(30));
            let promised = bot.handle.schedule(ids[0], kim, at).await;
            promised.expect("answered");
        } else {
            // Promised before they went, as far as the database can tell.
            let at = after(setup.clock.now(), Length::minutes(30));
            let promised = bot.handle.schedule(ids[0], account("lee"), at).await;
            promised.expect("answered");
            setup
                .meddle("UPDATE callbacks SET claimed_by = 'kim' WHERE state = 'scheduled'")
                .expect("changed");
            bot.handle.viewed(key("t1"), kim).await.expect("kept");
        }
        until(&setup, async || {
            callback(&bot, ids[0]).await.state == CallbackState::Due
        })
        .await;
        assert_eq!(
            callback(&bot, ids[0]).await.owner,
            owner.map(account),
            "{works}"
        );
        bot.stop().await;
    }
}
