//! What came of calls, and what desks are told of callbacks, through the front door and on the virtual
//! clock.

use super::{callbacks::the_callback, *};
use crate::{
    domain::{
        account::Role,
        callback::{CallResult, Outcome},
        decision::Notice,
        ids::{DeskName, ShownName},
        number::PhoneNumber,
    },
    engine::{CallNotes, Claim, Finish, Logged},
    settings::ChannelKind,
    store::{
        CallbackId,
        rows::{
            CallbackRow, CallbackState, TokenHash, Triage,
            calls::LineState,
            desk::{Eyes, Sight},
        },
    },
};

/// A bot that carries the messages of the web chat.
fn carrying() -> Setup {
    let mut setup = Setup::new();
    let kind = ChannelKind::Webchat;
    setup.channels = BTreeMap::from([(key("t").channel, ChannelSettings { kind })]);
    setup
}

/// Kim has claimed the callback of the thread `t1`.
async fn claimed(bot: &Bot) -> CallbackId {
    bot.three_questions("t1").await;
    let id = the_callback(bot).await.id;
    claim(bot, id, "kim").await;
    id
}

async fn claim(bot: &Bot, id: CallbackId, by: &str) {
    let claim = bot.handle.claim(id, account(by)).await.expect("answered");
    assert!(matches!(claim, Claim::Won(_)), "{claim:?}");
}

fn texts(note: &str, told: &str) -> CallNotes {
    let text = |text: &str| (!text.is_empty()).then(|| Private::new(text.to_owned()));
    CallNotes {
        note: text(note),
        told: text(told),
    }
}

async fn done(bot: &Bot, id: CallbackId, result: CallResult, notes: CallNotes) -> Logged {
    let done = bot.handle.done(id, account("kim"), result, notes).await;
    done.expect("answered")
}

#[track_caller]
fn kept(logged: &Logged) -> &CallbackRow {
    match &logged.finish {
        Finish::Done(row) => row,
        other => panic!("{other:?}"),
    }
}

/// What the desk was told of callbacks and stands, as these eyes see it; what is to be said to
/// customers aside.
async fn told(bot: &Bot, eyes: Option<Eyes>) -> Vec<Notice> {
    let sight = Sight {
        eyes,
        ..Sight::default()
    };
    let rows = bot.handle.store().notices(sight, 100).await;
    let rows = rows.expect("readable").into_iter().map(|row| row.notice);
    rows.filter(|notice| !matches!(notice, Notice::SayYourself { .. }))
        .collect()
}

/// Lets so many minutes pass and waits until exactly this stands.
async fn told_after(setup: &Setup, bot: &Bot, minutes: u32, expected: &[Notice]) {
    setup.clock.advance(Length::minutes(minutes));
    let waits = async {
        while told(bot, None).await != expected {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(10), waits).await;
    assert!(in_time.is_ok(), "{:?} stands", told(bot, None).await);
}

#[tokio::test]
async fn what_came_of_a_call_is_logged_and_the_customer_reads_what_was_agreed() {
    let setup = carrying();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    let notes = texts(
        "Knows us; born 4 May 1980.",
        "A new lamp comes on Friday, as agreed.",
    );
    let logged = done(&bot, id, CallResult::Solved, notes).await;
    assert_eq!(kept(&logged).outcome, Some(Outcome::Solved));
    assert_eq!((logged.line, logged.next), (Some(LineState::Sent), None));
    let thread = bot.on_desk("t1").await;
    let [call] = thread.calls.as_slice() else {
        panic!("{:?}", thread.calls);
    };
    let (note, line) = (call.note.as_ref(), call.told.as_ref());
    let (note, line) = (note.expect("a note"), line.expect("a line"));
    assert_eq!(note.reveal(), "Knows us; born ⟦birth_date⟧.");
    assert_eq!(thread.notes[0].text, *note, "it is among the notes too");
    assert_eq!(line.text.reveal(), "A new lamp comes on Friday, as agreed.");
    assert_eq!((call.outcome, &call.by), (Outcome::Solved, &account("kim")));
    let sent = &thread.lines.last().expect("lines").message;
    assert_eq!((sent.from, &sent.text), (Party::Agent, &line.text));
    assert_eq!(
        thread.thread.triage,
        Triage::Solved,
        "the line reopens nothing"
    );
    assert_eq!(
        setup.audited(),
        [
            "kim claimed 1",
            "kim done 1",
            &format!("kim replied {}", sent.id)
        ]
    );
    bot.stop().await;
}

#[tokio::test]
async fn where_we_do_not_carry_the_channel_the_line_is_kept_and_said_to_be_unsent() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    let logged = done(&bot, id, CallResult::Solved, texts("", "It is solved.")).await;
    assert_eq!(logged.line, Some(LineState::NotSent));
    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.lines.len(), 3);
    let told = thread.calls[0].told.as_ref().expect("a line");
    assert_eq!(told.state, LineState::NotSent);
    assert_eq!(told.text.reveal(), "It is solved.");
    assert_eq!(thread.calls[0].note, None);
    bot.stop().await;
}

#[tokio::test]
async fn a_line_that_asks_for_identity_data_is_held_like_any_answer_and_the_call_is_kept() {
    let setup = carrying();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    let asks = "Please tell me your date of birth and your PIN";
    let logged = done(&bot, id, CallResult::Solved, texts("", asks)).await;
    assert_eq!(logged.line, Some(LineState::Held));
    assert_eq!(kept(&logged).state, CallbackState::Done);
    let thread = bot.on_desk("t1").await;
    assert_eq!((thread.held.len(), thread.calls.len()), (1, 1));
    assert!(
        thread
            .lines
            .iter()
            .all(|line| line.message.from != Party::Agent)
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_follow_up_is_the_next_callback_and_its_card_shows_the_call_before() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    let at = after(setup.clock.now(), Length::minutes(120));
    let result = CallResult::FollowUp { at };
    let logged = done(&bot, id, result, texts("Waits for the part.", "")).await;
    assert_eq!(kept(&logged).outcome, Some(Outcome::FollowUp));
    let next = logged.next.expect("another one");
    let card = bot.handle.store().card(next, None).await.expect("readable");
    let card = card.expect("there");
    assert_eq!(card.callback.state, CallbackState::Scheduled);
    assert_eq!(card.callback.scheduled_at, Some(at));
    assert_eq!(card.callback.claimed_by, Some(account("kim")));
    let before = &card.calls[0];
    assert_eq!((before.callback, before.next_at), (id, Some(at)));
    assert_eq!(
        before.note.as_ref().expect("a note").reveal(),
        "Waits for the part."
    );
    bot.stop().await;
}

#[tokio::test]
async fn when_nobody_answers_as_often_as_we_try_a_supervisor_is_told_and_every_try_is_logged() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    for attempt in 1..=3 {
        let logged = done(&bot, id, CallResult::NoAnswer, CallNotes::default()).await;
        let row = kept(&logged);
        assert_eq!(
            (row.state, row.attempts),
            (CallbackState::NoAnswer, attempt)
        );
        assert!(row.scheduled_at > Some(setup.clock.now()));
        claim(&bot, id, "kim").await;
    }
    let logged = done(&bot, id, CallResult::NoAnswer, CallNotes::default()).await;
    assert_eq!(kept(&logged).state, CallbackState::Exhausted);
    assert_eq!(told(&bot, None).await, [Notice::CallExhausted]);
    let calls = bot.on_desk("t1").await.calls;
    let outcomes: Vec<_> = calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::NoAnswer; 4]);
    let tries: Vec<_> = calls.iter().map(|call| call.next_at.is_some()).collect();
    assert_eq!(tries, [false, true, true, true], "newest first");
    bot.stop().await;
}

#[tokio::test]
async fn after_a_wrong_number_nobody_is_rung_on_it_again() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    let number = PhoneNumber::parse("+442079460123").expect("a number");
    let set = bot.handle.set_number(key("t1"), account("kim"), number);
    assert!(set.await.expect("answered"));
    claim(&bot, id, "kim").await;
    let logged = done(&bot, id, CallResult::WrongNumber, CallNotes::default()).await;
    assert_eq!(kept(&logged).state, CallbackState::Due);
    let card = bot.handle.store().card(id, None).await.expect("readable");
    assert!(card.expect("there").background.number.is_none());
    bot.stop().await;
}

#[tokio::test]
async fn what_a_desk_is_told_of_a_callback_ends_with_what_it_is_about() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    let id = the_callback(&bot).await.id;
    told_after(&setup, &bot, 10, &[Notice::CallUnclaimed]).await;
    told_after(&setup, &bot, 10, &[Notice::CallOverdue]).await;
    claim(&bot, id, "kim").await;
    assert_eq!(told(&bot, None).await, [], "somebody has it");
    let silent = Notice::ClaimSilent { by: account("kim") };
    told_after(&setup, &bot, 30, std::slice::from_ref(&silent)).await;
    setup.clock.advance(Length::minutes(1));
    let renewed = bot.handle.renew(id, account("kim")).await;
    assert!(matches!(renewed, Ok(Finish::Done(_))));
    assert_eq!(told(&bot, None).await, [], "they are still on it");
    told_after(&setup, &bot, 30, &[silent]).await;
    let released = Notice::ClaimReleased { by: account("kim") };
    told_after(&setup, &bot, 10, std::slice::from_ref(&released)).await;
    told_after(&setup, &bot, 10, &[released, Notice::CallUnclaimed]).await;
    claim(&bot, id, "lee").await;
    assert_eq!(told(&bot, None).await, [], "another has it");
    bot.stop().await;
}

#[tokio::test]
async fn a_note_shows_that_its_agent_is_still_on_the_callback() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let id = claimed(&bot).await;
    let silent = Notice::ClaimSilent { by: account("kim") };
    told_after(&setup, &bot, 30, std::slice::from_ref(&silent)).await;
    setup.clock.advance(Length::minutes(1));
    for (by, stands) in [("lee", vec![silent]), ("kim", vec![])] {
        let text = Private::new("Line is busy.".to_owned());
        let noted = bot
            .handle
            .note(key("t1"), message_id(by), account(by), text);
        assert!(noted.await.expect("answered"));
        assert_eq!(told(&bot, None).await, stands, "{by}");
    }
    assert_eq!(the_callback(&bot).await.id, id);
    bot.stop().await;
}

/// The eyes of an account; of a supervisor's who looks then.
fn eyes(name: &str, others_until: Option<Timestamp>) -> Option<Eyes> {
    Some(Eyes {
        account: account(name),
        others_until,
    })
}

async fn add(bot: &Bot, name: &str) {
    let shown = ShownName::parse(name).expect("a name");
    let link = TokenHash(std::array::from_fn(|_| rand::random()));
    let added = bot
        .handle
        .add_account(account("boss"), account(name), shown, Role::Agent, link);
    added.await.expect("added");
}

#[tokio::test]
async fn whether_an_agent_is_still_on_it_is_asked_of_them_alone() {
    let setup = Setup::new();
    let bot = setup.start().await;
    add(&bot, "kim").await;
    claimed(&bot).await;
    let silent = Notice::ClaimSilent { by: account("kim") };
    told_after(&setup, &bot, 30, std::slice::from_ref(&silent)).await;
    assert_eq!(told(&bot, eyes("kim", None)).await, [silent]);
    assert_eq!(told(&bot, eyes("lee", None)).await, []);
    let boss = eyes("boss", Some(setup.clock.now()));
    assert_eq!(told(&bot, boss).await, []);
    let released = Notice::ClaimReleased { by: account("kim") };
    told_after(&setup, &bot, 10, std::slice::from_ref(&released)).await;
    assert_eq!(told(&bot, eyes("lee", None)).await, [released]);
    bot.stop().await;
}

#[tokio::test]
async fn what_is_urgent_at_night_is_told_to_who_is_on_call_before_a_supervisor() {
    let mut setup = Setup::new();
    let name = DeskName::parse("main").expect("a desk");
    let desk = setup.rules.desks.get_mut(&name).expect("a desk");
    desk.on_call = Some(account("kim"));
    let monday = jiff::civil::Weekday::Monday;
    desk.hours.openings = vec![crate::domain::hours::Opening {
        day: monday,
        from: jiff::civil::time(8, 0, 0, 0),
        to: Some(jiff::civil::time(9, 0, 0, 0)),
    }];
    let bot = setup.start().await;
    add(&bot, "kim").await;
    bot.decided(says("t1", "m1", 0, "There is smoke in my flat!"))
        .await;
    let now = setup.clock.now();
    assert_eq!(told(&bot, eyes("kim", None)).await, [Notice::UrgentOnCall]);
    assert_eq!(told(&bot, eyes("lee", None)).await, []);
    assert_eq!(told(&bot, eyes("boss", Some(now))).await, []);
    let later = after(now, Length::minutes(10));
    let boss = eyes("boss", Some(later));
    assert_eq!(told(&bot, boss).await, [Notice::UrgentOnCall]);
    claim(&bot, the_callback(&bot).await.id, "kim").await;
    assert_eq!(told(&bot, eyes("kim", None)).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn a_card_is_silent_while_it_is_soft_or_the_desk_is_closed_unless_it_is_urgent() {
    let mut setup = Setup::new();
    let name = DeskName::parse("main").expect("a desk");
    let desk = setup.rules.desks.get_mut(&name).expect("a desk");
    desk.hours.openings = vec![crate::domain::hours::Opening {
        day: jiff::civil::Weekday::Monday,
        from: jiff::civil::time(8, 0, 0, 0),
        to: Some(jiff::civil::time(9, 0, 0, 0)),
    }];
    let bot = setup.start().await;
    bot.three_questions("count").await;
    bot.decided(says("urgent", "m1", 0, "There is smoke in my flat!"))
        .await;
    let is_opened = |heard: &Heard| match &heard.item.event {
        OutboxEvent::Callback(event) => Some((event.thread.to_string(), event.silent)),
        _ => None,
    };
    let waits = async {
        loop {
            let heard = setup.recorder().heard();
            let opened: BTreeMap<_, _> = heard.iter().filter_map(is_opened).collect();
            if opened.len() == 2 {
                break opened;
            }
            tokio::task::yield_now().await;
        }
    };
    let opened = tokio::time::timeout(PATIENCE, waits).await.expect("told");
    assert_eq!(
        opened,
        BTreeMap::from([("count".to_owned(), true), ("urgent".to_owned(), false)])
    );
    bot.stop().await;
}
