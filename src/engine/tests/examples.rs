//! What people show of readings is kept: customers who come back, agents who go on in text because it was
//! thanks, and what a desk says that is asked as it opens.

use std::ops::ControlFlow;

use super::*;
use crate::{
    domain::{callback::KeepTyping, time::after},
    engine::Checked,
    settings::ChannelKind,
    store::{
        examples::Examples,
        rows::{
            Triage,
            desk::Sight,
            examples::{DoubtRow, ExampleRow, ExampleSource},
        },
    },
};

fn examples(setup: &Setup) -> Vec<ExampleRow> {
    let mut rows = Vec::new();
    let examples = Examples::open(&setup.database()).expect("a database");
    let read = examples.since(Timestamp::MIN, |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    read.expect("readable");
    rows
}

/// A question, our answer, and a thank-you of those words.
async fn thanked(bot: &Bot, thread: &str, at: Timestamp, words: &str) {
    for (minute, id, party, text) in [
        (0, "m1", Party::Customer, "My lamp is broken"),
        (1, "m2", Party::Agent, "Your new lamp was delivered today"),
        (2, "m3", Party::Customer, words),
    ] {
        let mut message = says(thread, id, 0, text);
        message.from = party;
        message.author = message.author.filter(|_| party == Party::Customer);
        message.at = after(at, Length::minutes(minute));
        bot.decided(message).await;
    }
    let triage = bot.on_desk(thread).await.thread.triage;
    assert_eq!(triage, Triage::Solved, "{words}");
}

#[tokio::test]
async fn a_customer_who_comes_back_shows_that_it_was_not_solved() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let start = setup.clock.now();
    thanked(&bot, "t1", start, "Great, that worked, thank you!").await;
    let mut back = says("t1", "m4", 0, "Spoke too soon, it still does not work");
    back.at = after(start, Length::hours(3));
    setup.clock.advance(Length::hours(3));
    bot.decided(back).await;
    let kept = examples(&setup);
    let [example] = kept.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(example.source, Some(ExampleSource::CameBack));
    assert!(!example.thanks);
    assert_eq!(example.text.reveal(), "Great, that worked, thank you!");
    let before = example.previous.as_ref().map(|text| text.reveal().as_str());
    assert_eq!(before, Some("Your new lamp was delivered today"));
    let waited = example.at.duration_since(example.written_at).as_mins();
    assert_eq!(waited, 178, "how long after is what it is worth");
    // What our own people say stands before what the customer says.
    let corrected = bot.handle.correct(
        key("t1"),
        message_id("m3"),
        crate::domain::reading::Correction::NotThanks,
        account("kim"),
    );
    corrected.await.expect("answered");
    let sources: Vec<_> = examples(&setup).iter().map(|row| row.source).collect();
    assert_eq!(sources, [None]);
    bot.stop().await;
}

#[tokio::test]
async fn a_new_question_after_a_thank_you_says_nothing_of_it() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let start = setup.clock.now();
    thanked(&bot, "t1", start, "Great, that worked, thank you!").await;
    let mut new = says("t1", "m4", 0, "Which colours do your tables come in?");
    new.at = after(start, Length::hours(3));
    setup.clock.advance(Length::hours(3));
    bot.decided(new).await;
    assert_eq!(examples(&setup), []);
    bot.stop().await;
}

#[tokio::test]
async fn an_agent_who_keeps_typing_because_it_was_thanks_shows_that_it_was() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (minute, id, party, text) in [
        (0, "m1", Party::Customer, "My lamp is broken"),
        (1, "m2", Party::Agent, "We have sent you another one"),
        (
            2,
            "m3",
            Party::Customer,
            "Well, the kitchen has more light than it ever had",
        ),
    ] {
        let mut message = says("t1", id, minute, text);
        message.from = party;
        bot.decided(message).await;
    }
    let page = crate::store::rows::Page::first(9);
    let rung = bot.handle.store().callbacks(Default::default(), page).await;
    let rung = rung.expect("readable").items;
    assert_eq!(rung.len(), 1, "the third exchange rings");
    let kim = account("kim");
    let kept = bot.handle.keep_typing(rung[0].id, kim, KeepTyping::Thanks);
    kept.await.expect("answered");
    let kept = examples(&setup);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].source, Some(ExampleSource::KeptTyping));
    assert!(kept[0].thanks);
    assert_eq!(
        kept[0].text.reveal(),
        "Well, the kitchen has more light than it ever had"
    );
    bot.stop().await;
}

/// A desk from nine to five whose channel we carry.
fn by_day() -> Setup {
    let mut setup = shifts::with_hours(shifts::nine_to_five());
    let kind = ChannelKind::Webchat;
    setup.channels = BTreeMap::from([(key("t").channel, ChannelSettings { kind })]);
    setup
}

/// Makes the readings as sure as this, in percent, whatever the model says: one for each thread, from `t0`.
fn sure_by(setup: &Setup, percents: &[u32]) {
    for (number, percent) in percents.iter().enumerate() {
        let sql = format!(
            "BEGIN;
             INSERT INTO being_forgotten SELECT id FROM threads WHERE thread = 't{number}';
             UPDATE decisions SET confidence = {percent} / 100.0
             WHERE rule = 'thanks' AND message_id IN (SELECT m.id FROM messages m
                 JOIN threads t ON t.id = m.thread_id WHERE t.thread = 't{number}');
             DELETE FROM being_forgotten;
             COMMIT;"
        );
        setup.meddle(&sql).expect("changed");
    }
}

async fn doubts(bot: &Bot) -> Vec<DoubtRow> {
    let doubts = bot.handle.store().doubts(Sight::default()).await;
    doubts.expect("readable")
}

/// Has the desk open on the next morning, asked about what was solved in the evening.
async fn asked_in_the_morning(setup: &Setup, bot: &Bot) -> Vec<DoubtRow> {
    setup.clock.advance(Length::hours(15));
    shifts::slowly_until(setup, bot, async || !doubts(bot).await.is_empty()).await;
    doubts(bot).await
}

#[tokio::test]
async fn a_desk_that_opens_is_asked_about_the_least_sure_of_what_was_solved() {
    let setup = by_day();
    // In the evening: a desk that is open has been asked already.
    setup.clock.advance(Length::hours(8));
    let bot = setup.start().await;
    let percents = [99, 70, 95, 60, 98, 90, 80, 100];
    for number in 0..percents.len() {
        let (thread, now) = (format!("t{number}"), setup.clock.now());
        thanked(&bot, &thread, now, "Sorted, thanks a lot!").await;
    }
    sure_by(&setup, &percents);
    let asked = asked_in_the_morning(&setup, &bot).await;
    let mut threads: Vec<_> = asked.iter().map(|doubt| doubt.thread.as_str()).collect();
    threads.sort_unstable();
    assert_eq!(threads, ["t1", "t2", "t3", "t5", "t6"], "five a day");
    let told = setup.recorder().heard();
    let asks = |heard: &&Heard| matches!(heard.item.event, OutboxEvent::Doubt(_));
    assert!(told.iter().filter(asks).count() <= 5);
    bot.stop().await;
}

#[tokio::test]
async fn what_a_desk_says_when_asked_is_kept_once_and_a_no_has_the_rules_look_again() {
    let setup = by_day();
    // In the evening: a desk that is open has been asked already.
    setup.clock.advance(Length::hours(8));
    let bot = setup.start().await;
    let now = setup.clock.now();
    thanked(&bot, "t0", now, "Sorted, thanks a lot!").await;
    thanked(&bot, "t1", now, "Sorted, thanks a lot!").await;
    sure_by(&setup, &[80, 80]);
    asked_in_the_morning(&setup, &bot).await;
    let check = |thread: &str, message: &str, solved| {
        let (key, message) = (key(thread), message_id(message));
        bot.handle
            .check_solved(key, message, solved, account("kim"))
    };
    let checked = check("t0", "m3", true).await.expect("answered");
    assert_eq!(checked, Checked::Solved);
    let again = check("t0", "m3", false).await.expect("answered");
    assert_eq!(again, Checked::Before, "the first word stands");
    assert_eq!(bot.on_desk("t0").await.thread.triage, Triage::Solved);
    let checked = check("t1", "m3", false).await.expect("answered");
    assert_eq!(checked, Checked::LookedAgain);
    assert_eq!(bot.on_desk("t1").await.thread.triage, Triage::NeedsCall);
    let unasked = check("t1", "m1", true).await.expect("answered");
    assert_eq!(unasked, Checked::Unknown);
    assert_eq!(doubts(&bot).await, []);
    assert_eq!(setup.audited(), ["kim confirmed", "kim corrected m3"]);
    let mut said: Vec<_> = examples(&setup)
        .iter()
        .map(|row| (row.source, row.thanks))
        .collect();
    said.sort_by_key(|(_, thanks)| *thanks);
    assert_eq!(said, [(None, false), (Some(ExampleSource::Checked), true)]);
    bot.stop().await;
}

#[tokio::test]
async fn nothing_is_asked_of_a_channel_that_is_only_watched() {
    let mut setup = by_day();
    setup.rules.defaults.watch = true;
    let bot = setup.start().await;
    thanked(&bot, "t0", setup.clock.now(), "Sorted, thanks a lot!").await;
    sure_by(&setup, &[80]);
    setup.clock.advance(Length::hours(15));
    shifts::slowly_until(&setup, &bot, async || shifts::opening::has_opened(&setup)).await;
    assert_eq!(doubts(&bot).await, []);
    bot.stop().await;
}
