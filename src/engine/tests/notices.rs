//! What desks are told: kept until somebody has seen to it, or until it has become pointless.

use super::*;
use crate::{
    domain::{
        decision::Notice,
        ids::{ChannelName, DeskName},
    },
    engine::{News, Reply},
    store::rows::desk::{NoticeRow, Sight},
};

async fn notices(bot: &Bot) -> Vec<NoticeRow> {
    let notices = bot.handle.store().notices(Sight::default(), 100).await;
    notices.expect("readable")
}

/// What stands on the desk, in order.
async fn standing(bot: &Bot) -> Vec<Notice> {
    let rows = notices(bot).await;
    let rows = rows.into_iter().map(|row| row.notice);
    // What is to be said of a call is no reminder.
    rows.filter(|notice| !matches!(notice, Notice::SayYourself { .. }))
        .collect()
}

/// A public post with a card number, which asks the desk to hide it.
fn exposes(thread: &str, id: &str) -> Message {
    let mut message = says(thread, id, 0, "Here is my card: 4111 1111 1111 1111");
    message.visibility = Visibility::Public;
    message
}

/// Lets half an hour pass and waits until so much was heard.
async fn hears_in_half_an_hour(setup: &Setup, count: usize) {
    setup.clock.advance(Length::minutes(30));
    setup.recorder().hears(count).await;
}

async fn answers(bot: &Bot, thread: &str) {
    let reply = Reply {
        thread: key(thread),
        id: message_id("reply"),
        by: account("kim"),
        text: Private::new("It should work by tonight.".to_owned()),
        attachment: None,
        written: None,
    };
    bot.handle.reply(reply).await.expect("taken");
}

#[tokio::test]
async fn a_thread_that_floods_the_desk_shows_some_notices_at_once_and_then_the_next() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for number in 1..=51 {
        bot.decided(exposes("t1", &format!("m{number}"))).await;
    }
    let shown = async || {
        let thread = bot.handle.store().desk_thread(key("t1"), None, 1).await;
        let thread = thread.expect("readable").expect("a thread");
        let ids = thread.notices.iter().map(|notice| notice.id);
        ids.collect::<Vec<i64>>()
    };
    assert_eq!(shown().await, (1..=50).collect::<Vec<_>>());
    let seen = bot.handle.see_to(1, account("kim")).await;
    assert!(seen.expect("kept"));
    assert_eq!(shown().await, (2..=51).collect::<Vec<_>>());
    bot.stop().await;
}

#[tokio::test]
async fn a_notice_stands_until_somebody_sees_to_it_once() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(exposes("t1", "m1")).await;
    let rows = notices(&bot).await;
    let [notice] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!((&notice.notice, notice.case), (&Notice::HidePost, 1));
    assert_eq!(
        (notice.thread.as_str(), notice.desk.as_str()),
        ("t1", "main")
    );
    assert_eq!(bot.on_desk("t1").await.notices, rows);
    let store = bot.handle.store();
    let found = store.notice(notice.id).await.expect("readable");
    assert_eq!(found.as_ref(), Some(notice));
    let mut look = bot.handle.look_at(&key("t1"));
    let sees = async |number, name: &str| {
        let seen = bot.handle.see_to(number, account(name)).await;
        seen.expect("answered")
    };
    assert!(sees(notice.id, "kim").await);
    assert_eq!(look.news().await, News::Changed);
    assert!(!sees(notice.id, "lee").await, "it was seen to before");
    assert!(!sees(notice.id + 1, "kim").await, "there is none");
    assert!(notices(&bot).await.is_empty());
    assert!(bot.on_desk("t1").await.notices.is_empty());
    assert_eq!(store.notice(notice.id).await.expect("readable"), None);
    assert_eq!(setup.audited(), ["kim saw_to"]);
    bot.stop().await;
}

#[tokio::test]
async fn a_desk_sees_only_its_own_notices() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(exposes("t1", "m1")).await;
    let seen_by = async |desk: &str| {
        let sight = Sight {
            channels: None,
            desks: Some(vec![DeskName::parse(desk).expect("a desk")]),
            eyes: None,
        };
        let store = bot.handle.store();
        let rows = store.notices(sight.clone(), 10).await.expect("readable");
        let counts = store.desk_counts(account("kim"), sight).await;
        (rows.len(), counts.expect("readable").notices)
    };
    assert_eq!(seen_by("main").await, (1, 1));
    assert_eq!(seen_by("other").await, (0, 0));
    bot.stop().await;
}

#[tokio::test]
async fn on_a_channel_that_is_only_watched_nobody_is_told() {
    let mut setup = Setup::new();
    let watched = Policy {
        watch: true,
        ..Policy::default()
    };
    let channel = ChannelName::parse("webchat").expect("a channel");
    setup.rules.channels.insert(channel, watched);
    let bot = setup.start().await;
    bot.decided(exposes("t1", "m1")).await;
    assert!(notices(&bot).await.is_empty());
    bot.stop().await;
}

#[tokio::test]
async fn that_an_answer_is_overdue_takes_the_place_of_its_being_due_until_we_answer() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(exposes("t1", "m1")).await;
    setup.recorder().hears(2).await;
    hears_in_half_an_hour(&setup, 3).await;
    assert_eq!(standing(&bot).await, [Notice::HidePost, Notice::AnswerDue]);
    hears_in_half_an_hour(&setup, 4).await;
    assert_eq!(
        standing(&bot).await,
        [Notice::HidePost, Notice::AnswerOverdue]
    );
    answers(&bot, "t1").await;
    assert_eq!(
        standing(&bot).await,
        [Notice::HidePost],
        "the post still stands there"
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_customer_who_chases_us_does_not_make_an_overdue_answer_less_overdue() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    setup.recorder().hears(1).await;
    hears_in_half_an_hour(&setup, 2).await;
    hears_in_half_an_hour(&setup, 3).await;
    bot.customer("t1", "m2", 5).await;
    hears_in_half_an_hour(&setup, 5).await;
    assert_eq!(standing(&bot).await, [Notice::AnswerOverdue]);
    bot.stop().await;
}

#[tokio::test]
async fn a_reminder_ends_when_a_callback_opens() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    setup.recorder().hears(1).await;
    hears_in_half_an_hour(&setup, 2).await;
    assert_eq!(standing(&bot).await, [Notice::AnswerDue]);
    bot.decided(says("t1", "m2", 31, "Please call me.")).await;
    assert!(standing(&bot).await.is_empty());
    bot.stop().await;
}

#[tokio::test]
async fn who_settled_to_wait_is_looked_after_until_they_say_that_it_is_solved() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let mut advice = message("t1", "m2", Party::Agent, 1);
    advice.text = Private::new("Please restart the lamp.".to_owned());
    bot.decided(advice).await;
    bot.decided(says("t1", "m3", 2, "I'll try that and let you know."))
        .await;
    setup.recorder().hears(3).await;
    setup.clock.advance(Length::hours(24));
    setup.recorder().hears(4).await;
    assert_eq!(standing(&bot).await, [Notice::CheckBack]);
    bot.decided(says("t1", "m4", 1_500, "It is solved now, thanks a lot!"))
        .await;
    assert!(standing(&bot).await.is_empty());
    bot.stop().await;
}

#[tokio::test]
async fn chats_hear_of_an_answer_that_ended_a_notice_and_of_no_other() {
    let mut setup = Setup::new();
    let mut chats = Recorder::loose("chats", &setup.clock);
    chats.shows_notices = true;
    setup.recorders = vec![Arc::new(chats)];
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    answers(&bot, "t1").await;
    bot.customer("t2", "m1", 0).await;
    setup.recorder().hears(3).await;
    hears_in_half_an_hour(&setup, 4).await;
    assert_eq!(standing(&bot).await, [Notice::AnswerDue]);
    answers(&bot, "t2").await;
    let heard = setup.recorder().hears(6).await;
    let over = heard.iter().filter_map(|heard| match &heard.item.event {
        OutboxEvent::NoticesOver(event) => Some(event.thread.as_str()),
        _ => None,
    });
    assert_eq!(over.collect::<Vec<_>>(), ["t2"]);
    bot.stop().await;
}
