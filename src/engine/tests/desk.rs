//! What agents do at a desk besides working callbacks: answers, notes, and that each leaves its
//! trace and is seen at once.

use super::{callbacks::the_callback, *};
use crate::{
    domain::callback::{CallResult, KeepTyping},
    engine::{CallNotes, Finish, News, Replied, Reply},
    store::rows::Triage,
};

pub(super) fn reply(thread: &str, id: &str, text: &str) -> Reply {
    Reply {
        thread: key(thread),
        id: message_id(id),
        by: account("kim"),
        text: Private::new(text.to_owned()),
        attachment: None,
        written: None,
    }
}

/// What a thread's lookers were told of the last change; fails if they were told nothing.
async fn told(look: &mut crate::engine::Look) -> News {
    tokio::time::timeout(PATIENCE, look.news())
        .await
        .expect("told in time")
}

#[tokio::test]
async fn an_answer_is_a_message_of_the_thread_like_any_other() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let mut look = bot.handle.look_at(&key("t1"));
    let sent = bot
        .handle
        .reply(reply("t1", "r1", "Which month is it about?"))
        .await
        .expect("taken");
    let Replied::Sent(Receipt::Decided(record)) = &sent else {
        panic!("{sent:?}");
    };
    assert_eq!((record.exchange, record.case), (2, 1));
    assert_eq!(told(&mut look).await, News::Changed);
    let thread = bot.on_desk("t1").await;
    let kept = &thread.lines[1].message;
    assert_eq!(kept.from, Party::Agent);
    assert_eq!(
        kept.author.as_ref().map(|author| author.reveal()),
        Some("kim")
    );
    assert_eq!(kept.text.reveal(), "Which month is it about?");
    assert_eq!(kept.visibility, Visibility::Private);
    assert_eq!(bot.customer("t1", "m2", 30).await.exchange, 3);
    setup.recorder().hears(3).await;
    bot.stop().await;
    assert_eq!(decisions(&setup.recorder().heard()), ["m1", "r1", "m2"]);
}

#[tokio::test]
async fn the_same_reply_box_sent_twice_is_one_message_and_one_trace() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let send = || bot.handle.reply(reply("t1", "r1", "We look into it."));
    let Replied::Sent(Receipt::Decided(first)) = send().await.expect("taken") else {
        panic!("it is new");
    };
    setup.clock.advance(Length::minutes(1));
    let again = send().await.expect("taken");
    assert_eq!(again, Replied::Sent(Receipt::Repeated(first)));
    assert_eq!(bot.on_desk("t1").await.lines.len(), 2);
    assert_eq!(setup.audited(), ["kim replied r1"]);
    bot.stop().await;
}

#[tokio::test]
async fn an_answer_follows_what_it_answers_although_our_clock_is_behind() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let ahead = message("t1", "m1", Party::Customer, 4);
    bot.decided(ahead.clone()).await;
    let sent = bot
        .handle
        .reply(reply("t1", "r1", "We look into it."))
        .await;
    assert!(matches!(sent, Ok(Replied::Sent(Receipt::Decided(record))) if record.exchange == 2));
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.lines[1].message.at, ahead.at);
    assert_eq!(thread.thread.triage, Triage::WaitingOnCustomer);
    bot.stop().await;
}

#[tokio::test]
async fn nobody_can_answer_in_a_thread_that_is_not_there() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let sent = bot.handle.reply(reply("t1", "r1", "Hello?")).await;
    assert!(matches!(sent, Ok(Replied::Unknown)), "{sent:?}");
    let note = bot
        .handle
        .note(
            key("t1"),
            message_id("n1"),
            account("kim"),
            "Hello?".to_owned().into(),
        )
        .await;
    assert!(!note.expect("answered"));
    let unmuted = bot.handle.unmute(key("t1"), account("kim")).await;
    assert!(!unmuted.expect("answered"));
    bot.handle
        .viewed(key("t1"), account("kim"))
        .await
        .expect("answered");
    assert!(setup.audited().is_empty());
    let thread = bot.handle.store().desk_thread(key("t1"), None, 1).await;
    assert_eq!(thread.expect("readable"), None);
    bot.stop().await;
}

#[tokio::test]
async fn a_note_is_masked_kept_once_and_no_message_of_the_thread() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let mut look = bot.handle.look_at(&key("t1"));
    for _ in 0..2 {
        let text = "Says that the PIN is 4711. Knows us well.";
        let noted = bot
            .handle
            .note(
                key("t1"),
                message_id("n1"),
                account("kim"),
                text.to_owned().into(),
            )
            .await;
        assert!(noted.expect("answered"));
    }
    assert_eq!(told(&mut look).await, News::Changed);
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.lines.len(), 1);
    let [note] = thread.notes.as_slice() else {
        panic!("one note, not {}", thread.notes.len());
    };
    assert_eq!(
        note.text.reveal(),
        "Says that the PIN is ⟦pin⟧. Knows us well."
    );
    assert_eq!((&note.by, note.at), (&account("kim"), setup.clock.now()));
    assert_eq!(setup.audited(), ["kim noted"]);
    bot.stop().await;
}

#[tokio::test]
async fn what_an_agent_notes_of_a_call_is_kept_when_it_is_done_and_not_before() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    let kim = account("kim");
    let done = || {
        let note = Private::new("New lamp is on its way; born 4 May 1980.".to_owned());
        bot.handle.done(
            id,
            kim.clone(),
            CallResult::Solved,
            CallNotes {
                note: Some(note),
                told: None,
            },
        )
    };
    assert_eq!(done().await.expect("answered").finish, Finish::NotClaimed);
    bot.handle.claim(id, kim.clone()).await.expect("answered");
    assert!(bot.on_desk("t1").await.notes.is_empty());
    assert!(matches!(
        done().await.expect("answered").finish,
        Finish::Done(_)
    ));
    assert_eq!(done().await.expect("answered").finish, Finish::Ended);
    let thread = bot.on_desk("t1").await;
    let notes: Vec<_> = thread
        .notes
        .iter()
        .map(|note| note.text.reveal().as_str())
        .collect();
    assert_eq!(notes, ["New lamp is on its way; born ⟦birth_date⟧."]);
    bot.stop().await;
}

#[tokio::test]
async fn who_was_said_to_be_no_customer_is_one_again_when_somebody_says_so() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    let why = KeepTyping::NotACustomer;
    bot.handle
        .keep_typing(id, account("kim"), why)
        .await
        .expect("answered");
    assert!(bot.on_desk("t1").await.muted_until.is_some());
    let mut look = bot.handle.look_at(&key("t1"));
    for _ in 0..2 {
        let unmuted = bot.handle.unmute(key("t1"), account("lee")).await;
        assert!(unmuted.expect("answered"));
    }
    assert_eq!(told(&mut look).await, News::Changed);
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.muted_until, None);
    assert_eq!(thread.thread.triage, Triage::WaitingOnUs);
    assert_eq!(
        setup.audited(),
        [format!("kim kept_typing {id}"), "lee unmuted".to_owned()]
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_look_at_a_thread_is_kept_once_in_ten_minutes_for_each_account() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for thread in ["t1", "t2"] {
        bot.customer(thread, "m1", 0).await;
    }
    let views = async |thread: &str, name: &str| {
        let viewed = bot.handle.viewed(key(thread), account(name)).await;
        viewed.expect("answered");
    };
    views("t1", "kim").await;
    setup.clock.advance(Length::minutes(10));
    views("t1", "kim").await;
    views("t1", "lee").await;
    views("t2", "kim").await;
    assert_eq!(setup.audited(), ["kim viewed", "lee viewed", "kim viewed"]);
    setup.clock.advance(Length::minutes(1));
    views("t1", "kim").await;
    assert_eq!(setup.audited().len(), 4);
    bot.stop().await;
}

#[tokio::test]
async fn the_status_page_knows_what_was_never_delivered() {
    let mut setup = Setup::new();
    setup.recorders.push(Recorder::new("other", &setup.clock));
    let refuses = |reason: &str| {
        Answer::Fail(SendError::Permanent {
            reason: reason.to_owned(),
        })
    };
    setup.recorder().answer(refuses("HTTP 410"));
    setup.recorder().answer(refuses("HTTP 400"));
    let bot = setup.start().await;
    let before = bot.handle.store().undelivered().await;
    assert!(before.expect("readable").is_empty());
    for (id, minute) in [("m1", 0), ("m2", 1), ("m3", 2)] {
        bot.customer("t1", id, minute).await;
    }
    setup.recorder().hears(3).await;
    bot.stop().await;
    let bot = setup.start().await;
    let rows = bot.handle.store().undelivered().await.expect("readable");
    let [missed] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!((missed.destination.as_str(), missed.count), ("hook", 2));
    assert_eq!(
        (missed.reason.as_str(), missed.at),
        ("HTTP 400", setup.clock.now())
    );
    bot.stop().await;
}
