//! What a desk is told when it opens.

use super::*;
use crate::{
    engine::DigestEvent,
    store::rows::{
        desk::Sight,
        shift::{DigestCounts, DigestRow},
    },
};

async fn standing(bot: &Bot) -> Vec<DigestRow> {
    let digests = bot.handle.store().digests(Sight::default()).await;
    digests.expect("readable")
}

fn digests(setup: &Setup) -> Vec<DigestEvent> {
    let events = desk_events(setup).into_iter();
    events
        .filter_map(|event| match event {
            DeskEvent::Digest(digest) => Some(digest),
            _ => None,
        })
        .collect()
}

/// Moves the clock on to that time of the wall in Berlin.
fn to(setup: &Setup, hour: i8, minute: i8) {
    let now = setup.clock.now().to_zoned(nine_to_five().zone);
    let mut then = now
        .with()
        .time(time(hour, minute, 0, 0))
        .build()
        .expect("a time");
    if then <= now {
        then = then.tomorrow().expect("a day");
    }
    let millis = then.timestamp().duration_since(now.timestamp()).as_millis();
    let millis = u64::try_from(millis).expect("ahead");
    setup.clock.advance(Length::milliseconds(millis));
}

/// A customer asks to be rung, now.
async fn asks_for_a_call(setup: &Setup, bot: &Bot, thread: &str, text: &str) {
    let mut message = super::super::says(thread, "m1", 0, text);
    message.at = setup.clock.now();
    bot.decided(message).await;
}

/// Somebody asks for a call at half past ten in the evening, and the desk opens the next morning.
async fn night_and_morning(setup: &Setup, bot: &Bot, thread: &str) {
    to(setup, 22, 30);
    asks_for_a_call(setup, bot, thread, "Please ring me about my bill").await;
    morning(setup, bot).await;
}

/// The desk opens, and is told that it does.
async fn morning(setup: &Setup, bot: &Bot) {
    let before = digests(setup).len();
    to(setup, 8, 59);
    slowly_until(setup, bot, async || digests(setup).len() > before).await;
}

#[tokio::test]
async fn a_desk_is_told_once_what_came_overnight_however_often_the_bot_is_started() {
    let setup = with_hours(nine_to_five());
    let bot = setup.start().await;
    night_and_morning(&setup, &bot, "t1").await;
    let expected = DigestEvent {
        desk: main_desk(),
        opened_at: "2026-01-06T08:00:00Z".parse().expect("a time"),
        closed_at: "2026-01-05T16:00:00Z".parse().expect("a time"),
        counts: DigestCounts {
            came: 1,
            ..DigestCounts::default()
        },
    };
    let told = digests(&setup);
    assert_eq!(told.last(), Some(&expected));
    bot.stop().await;
    let bot = setup.start().await;
    // Had the first day been told again, it would be among these.
    night_and_morning(&setup, &bot, "t2").await;
    let opened: Vec<_> = digests(&setup).iter().map(|told| told.opened_at).collect();
    let mut once = opened.clone();
    once.dedup();
    assert_eq!(opened, once);
    let shown = standing(&bot).await;
    assert_eq!(shown.len(), 1, "the newest is enough");
    let seen = bot.handle.see_digest(shown[0].id, account("kim"));
    assert!(seen.await.expect("answered"));
    assert_eq!(standing(&bot).await, []);
    let again = bot.handle.see_digest(shown[0].id, account("lee"));
    assert!(!again.await.expect("answered"));
    bot.stop().await;
}

#[tokio::test]
async fn a_desk_that_opened_while_the_bot_was_down_is_told_of_all_since_when_it_is_back() {
    let setup = with_hours(nine_to_five());
    let bot = setup.start().await;
    night_and_morning(&setup, &bot, "t1").await;
    to(&setup, 18, 0);
    let gas = "Please ring me, there is a smell of gas";
    asks_for_a_call(&setup, &bot, "t2", gas).await;
    bot.stop().await;
    // All of the next day, and the morning of the one after.
    to(&setup, 17, 30);
    to(&setup, 12, 0);
    let bot = setup.start().await;
    slowly_until(&setup, &bot, async || digests(&setup).len() == 2).await;
    let counts = digests(&setup)[1].counts;
    assert_eq!((counts.came, counts.urgent), (1, 1));
    bot.stop().await;
}

/// Whether the desk was looked at after it opened on the second day, whatever there was to tell.
pub(in crate::engine::tests) fn has_opened(setup: &Setup) -> bool {
    // Fails where there is no such row.
    let looked = "SELECT json(CASE WHEN EXISTS (SELECT 1 FROM digests
        WHERE desk = 'main' AND opened_at > 1767657600000000) THEN '1' ELSE 'no' END)";
    setup.meddle(looked).is_ok()
}

#[tokio::test]
async fn a_quiet_night_is_told_to_nobody_nor_is_a_desk_that_never_closes() {
    let mut setup = with_hours(nine_to_five());
    let always = DeskName::parse("always").expect("a name");
    setup.rules.desks.insert(always, Desk::default());
    let bot = setup.start().await;
    to(&setup, 8, 59);
    slowly_until(&setup, &bot, async || has_opened(&setup)).await;
    assert_eq!(digests(&setup), []);
    assert_eq!(standing(&bot).await, []);
    asks_for_a_call(&setup, &bot, "by day", "Please ring me about my bill").await;
    let by_day = callbacks(&bot).await[0].id;
    let claim = bot.handle.claim(by_day, account("kim")).await;
    claim.expect("answered");
    let done = crate::engine::CallNotes::default();
    let solved = crate::domain::callback::CallResult::Solved;
    let done = bot.handle.done(by_day, account("kim"), solved, done).await;
    done.expect("answered");
    night_and_morning(&setup, &bot, "t1").await;
    let told = digests(&setup);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0].desk, told[0].counts.came), (&main_desk(), 1));
    bot.stop().await;
}

#[tokio::test]
async fn a_card_of_the_night_is_silent_unless_it_is_urgent() {
    let setup = with_hours(nine_to_five());
    let bot = setup.start().await;
    asks_for_a_call(&setup, &bot, "day", "Please ring me about my bill").await;
    to(&setup, 22, 30);
    asks_for_a_call(&setup, &bot, "night", "Please ring me about my bill").await;
    asks_for_a_call(
        &setup,
        &bot,
        "gas",
        "Please ring me, there is a smell of gas",
    )
    .await;
    let cards = || {
        let heard = setup.recorder().heard().into_iter();
        let opened = heard.filter_map(|heard| match heard.item.event {
            OutboxEvent::Callback(card) if card.change == crate::engine::CallbackChange::Opened => {
                Some((card.thread.as_str().to_owned(), card.silent))
            }
            _ => None,
        });
        opened.collect::<BTreeMap<_, _>>()
    };
    until(&setup, async || cards().len() == 3).await;
    let silent: Vec<_> = cards().into_iter().collect();
    let expected = [("day", false), ("gas", false), ("night", true)];
    assert_eq!(
        silent,
        expected.map(|(thread, silent)| (thread.to_owned(), silent))
    );
    bot.stop().await;
}
