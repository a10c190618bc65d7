//! Corrections: labelled examples that are kept for good, and an event that the rules look at.

use super::*;
use crate::{
    domain::{
        decision::Action,
        reading::{Correction, IdentityLevel},
        record::ClosingName,
    },
    engine::{DecisionEvent, News},
    store::rows::{
        Triage,
        desk::{QueueView, Sight},
    },
};

async fn corrects(bot: &Bot, id: &str, correction: Correction) -> Option<DecisionRecord> {
    let kim = account("kim");
    let corrected = bot
        .handle
        .correct(key("t1"), message_id(id), correction, kim);
    corrected.await.expect("answered")
}

/// What was told of decisions that followed corrections.
fn told(heard: &[Heard]) -> Vec<DecisionEvent> {
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Decision(decision) if decision.corrected => Some((**decision).clone()),
            _ => None,
        })
        .collect()
}

/// A thread that was resolved by a thank-you.
async fn thanked(bot: &Bot) {
    bot.customer("t1", "m1", 0).await;
    bot.decided(message("t1", "m2", Party::Agent, 1)).await;
    let thanks = bot
        .decided(says("t1", "m3", 2, "Sorted, thanks a lot!"))
        .await;
    let closing = thanks.reading.and_then(|reading| reading.closing);
    assert_eq!(closing, Some(ClosingName::Thanks));
}

#[tokio::test]
async fn a_correction_is_kept_with_who_made_it_and_told_to_the_world() {
    let setup = Setup::new();
    let bot = setup.start().await;
    thanked(&bot).await;
    let record = corrects(&bot, "m3", Correction::NotThanks)
        .await
        .expect("there");
    let reading = record.reading.as_ref().expect("of a customer");
    assert_eq!(reading.closing, None);
    assert_eq!(record.confidence.closing, 0.0);
    assert_eq!((record.case, record.exchange), (1, 3));
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.lines[1].correction, None);
    let line = &thread.lines[2];
    let kept = line.correction.as_ref().expect("kept");
    assert_eq!(kept.correction, Correction::NotThanks);
    assert_eq!((&kept.by, kept.at), (&account("kim"), setup.clock.now()));
    assert_eq!(kept.decision, record);
    let first = line.decision.reading.as_ref().expect("of a customer");
    assert_eq!(
        first.closing,
        Some(ClosingName::Thanks),
        "what was decided first stays"
    );
    assert_eq!(setup.audited(), ["kim corrected m3"]);
    setup.recorder().hears(4).await;
    bot.stop().await;
    let told = told(&setup.recorder().heard());
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].record, record);
    assert_eq!(told[0].text, None, "this destination wants no text");
}

#[tokio::test]
async fn thanks_that_was_none_opens_the_case_again_and_the_customer_waits_for_us() {
    let setup = Setup::new();
    let bot = setup.start().await;
    thanked(&bot).await;
    assert_eq!(bot.on_desk("t1").await.thread.triage, Triage::Solved);
    let mut look = bot.handle.look_at(&key("t1"));
    let record = corrects(&bot, "m3", Correction::NotThanks)
        .await
        .expect("there");
    assert!(record.actions.contains(&Action::Reopen), "{record:?}");
    assert_eq!(look.news().await, News::Changed);
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.cases.len(), 1);
    assert_eq!((thread.thread.case, thread.thread.exchange), (1, 3));
    assert_eq!(
        thread.thread.triage,
        Triage::NeedsCall,
        "it was the third exchange"
    );
    let queue = bot
        .handle
        .store()
        .queue(QueueView::Due, Sight::default(), 9)
        .await;
    let queue = queue.expect("readable");
    assert_eq!(queue.rows[0].callback.message.as_str(), "m3");
    assert_eq!(
        queue.rows[0].reason, record.reason,
        "why it opened, not why it was resolved"
    );
    bot.stop().await;
}

#[tokio::test]
async fn what_was_thanks_after_all_resolves_the_case() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.decided(message("t1", "m2", Party::Agent, 1)).await;
    bot.decided(says(
        "t1",
        "m3",
        2,
        "You are the best lamp shop of the whole town",
    ))
    .await;
    assert_eq!(bot.on_desk("t1").await.thread.triage, Triage::NeedsCall);
    let record = corrects(&bot, "m3", Correction::Thanks)
        .await
        .expect("there");
    assert_eq!(record.actions, [Action::WithdrawCallback, Action::Resolve]);
    assert_eq!(bot.on_desk("t1").await.thread.triage, Triage::Solved);
    bot.stop().await;
}

#[tokio::test]
async fn a_correction_of_what_the_thread_has_left_behind_changes_nothing() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.customer("t1", "m2", 20).await;
    let before = bot.on_desk("t1").await;
    let record = corrects(&bot, "m1", Correction::Thanks)
        .await
        .expect("there");
    assert_eq!((record.actions, record.exchange), (Vec::new(), 1));
    assert_eq!(bot.on_desk("t1").await.thread, before.thread);
    bot.stop().await;
}

#[tokio::test]
async fn the_same_correction_again_is_one_and_the_opposite_is_another() {
    let setup = Setup::new();
    let bot = setup.start().await;
    thanked(&bot).await;
    let first = corrects(&bot, "m3", Correction::NotThanks).await;
    assert_eq!(corrects(&bot, "m3", Correction::NotThanks).await, first);
    assert_eq!(setup.audited().len(), 1);
    let back = corrects(&bot, "m3", Correction::Thanks)
        .await
        .expect("there");
    let closing = back.reading.as_ref().and_then(|reading| reading.closing);
    assert_eq!(closing, Some(ClosingName::Thanks));
    assert_eq!(back.confidence.closing, 1.0);
    assert_eq!(setup.audited().len(), 2);
    bot.stop().await;
}

#[tokio::test]
async fn only_what_a_customer_wrote_can_be_corrected() {
    let setup = Setup::new();
    let bot = setup.start().await;
    thanked(&bot).await;
    assert_eq!(corrects(&bot, "m2", Correction::Thanks).await, None);
    assert_eq!(corrects(&bot, "m9", Correction::Thanks).await, None);
    let elsewhere = bot
        .handle
        .correct(
            key("t2"),
            message_id("m3"),
            Correction::NotThanks,
            account("kim"),
        )
        .await;
    assert_eq!(elsewhere.expect("answered"), None);
    assert!(setup.audited().is_empty());
    bot.stop().await;
}

#[tokio::test]
async fn what_is_thanks_asks_for_nothing() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.decided(says(
        "t1",
        "m2",
        1,
        "It still does not work, please call me.",
    ))
    .await;
    let record = corrects(&bot, "m2", Correction::Thanks)
        .await
        .expect("there");
    let reading = record.reading.expect("of a customer");
    assert_eq!(reading.closing, Some(ClosingName::Thanks));
    assert!(!reading.wants_call && !reading.unsolved && !reading.answers);
    bot.stop().await;
}

#[tokio::test]
async fn what_is_no_secret_gives_no_identity_away_but_a_phone_number_still_finds_a_person() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says(
        "t1",
        "m1",
        0,
        "The part number is 4111 1111 1111 1111.",
    ))
    .await;
    let phone = "My pin is 4711, ring +44 20 7946 0958";
    bot.decided(says("t1", "m2", 1, phone)).await;
    let record = corrects(&bot, "m1", Correction::NotSecret)
        .await
        .expect("there");
    let reading = record.reading.expect("of a customer");
    assert_eq!((reading.sensitive, reading.identity), (Vec::new(), None));
    let record = corrects(&bot, "m2", Correction::NotSecret)
        .await
        .expect("there");
    let reading = record.reading.expect("of a customer");
    assert_eq!(reading.sensitive.len(), 1);
    let level = reading.identity.map(|identity| identity.level);
    assert_eq!(level, Some(IdentityLevel::Identifying));
    let thread = bot.on_desk("t1").await;
    assert_eq!(
        thread.lines[0].message.text.reveal(),
        "The part number is ⟦payment_card⟧.",
        "what was masked was never kept"
    );
    bot.stop().await;
}

#[tokio::test]
async fn corrections_add_up() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.decided(message("t1", "m2", Party::Agent, 1)).await;
    bot.decided(says(
        "t1",
        "m3",
        2,
        "Thanks a lot, 4111 1111 1111 1111 it is!",
    ))
    .await;
    corrects(&bot, "m3", Correction::Thanks)
        .await
        .expect("there");
    let record = corrects(&bot, "m3", Correction::NotSecret)
        .await
        .expect("there");
    let reading = record.reading.expect("of a customer");
    assert_eq!(reading.closing, Some(ClosingName::Thanks));
    assert!(reading.sensitive.is_empty());
    bot.stop().await;
}

#[tokio::test]
async fn corrections_are_never_changed_or_taken_away() {
    let setup = Setup::new();
    let bot = setup.start().await;
    thanked(&bot).await;
    corrects(&bot, "m3", Correction::NotThanks)
        .await
        .expect("there");
    assert!(
        setup
            .meddle("UPDATE corrections SET account = 'lee'")
            .is_err()
    );
    assert!(setup.meddle("DELETE FROM corrections").is_err());
    bot.stop().await;
}
