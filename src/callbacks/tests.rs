//! A callback's life: by example, and what holds for every life.

use proptest::prelude::*;

use super::{CallbackEvent, Next, soft, step};
use crate::domain::{
    callback::{Callback, CallbackEnd, CallbackStatus, KeepTyping, Outcome},
    decision::{CardChange, RuleName},
    ids::{AccountName, DeskName, MessageId},
    time::{Length, Timestamp, after},
};

fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

fn minute(minutes: u32) -> Timestamp {
    after(Timestamp::UNIX_EPOCH, Length::minutes(minutes))
}

/// A callback that became due at minute 0; a soft one turns loud at minute 15.
fn due(is_soft: bool) -> Callback {
    Callback {
        number: 1,
        case: 1,
        rule: RuleName::RuleOfThree,
        message: MessageId::parse("m3").expect("an id"),
        message_at: minute(0),
        exchange: 3,
        due_at: minute(0),
        desk: DeskName::parse("main").expect("a name"),
        urgent: false,
        asked: false,
        soft: is_soft.then(|| soft(minute(15))),
        status: CallbackStatus::Due,
    }
}

/// What the callback becomes and what its card shows, at a minute.
#[track_caller]
fn stays_open(callback: &Callback, event: &CallbackEvent, at: u32) -> (Callback, Vec<CardChange>) {
    let step = step(callback, event, minute(at));
    match step.next {
        Next::Open(next) => (next, step.changes),
        Next::Ended(end) => panic!("ended: {end:?}"),
    }
}

fn claimed(by: &str) -> CallbackEvent {
    CallbackEvent::Claimed { by: account(by) }
}

fn scheduled(by: &str, at: u32) -> CallbackEvent {
    CallbackEvent::Scheduled {
        by: account(by),
        at: minute(at),
    }
}

fn typing_kept(by: &str) -> CallbackEvent {
    CallbackEvent::TypingKept {
        by: account(by),
        why: KeepTyping::BeingHandled,
    }
}

#[test]
fn a_promised_callback_is_due_again_at_its_time_and_not_before() {
    let (promised, changes) = stays_open(&due(true), &scheduled("ana", 60), 5);
    assert_eq!(changes, [CardChange::Scheduled]);
    assert_eq!(promised.wake_at(), Some(minute(60)));
    assert_eq!(
        stays_open(&promised, &CallbackEvent::Ticked, 59),
        (promised.clone(), vec![])
    );
    let (again, changes) = stays_open(&promised, &CallbackEvent::Ticked, 61);
    assert_eq!(changes, [CardChange::DueAgain]);
    assert_eq!(
        (&again.status, again.due_at, again.wake_at()),
        (&CallbackStatus::Due, minute(60), None)
    );
}

#[test]
fn whoever_promised_may_ring_earlier_or_promise_another_time_and_nobody_else() {
    let (promised, _) = stays_open(&due(false), &scheduled("ana", 60), 5);
    for by_another in [claimed("ben"), scheduled("ben", 30), typing_kept("ben")] {
        assert_eq!(
            stays_open(&promised, &by_another, 6),
            (promised.clone(), vec![])
        );
    }
    let (later, changes) = stays_open(&promised, &scheduled("ana", 90), 6);
    assert_eq!(changes, [CardChange::Scheduled]);
    assert_eq!(later.wake_at(), Some(minute(90)));
    let (rung, changes) = stays_open(&promised, &claimed("ana"), 6);
    assert_eq!(changes, [CardChange::Claimed]);
    assert_eq!(rung.holder(), Some(&account("ana")));
    let (again, _) = stays_open(&promised, &CallbackEvent::Ticked, 60);
    assert_eq!(
        stays_open(&again, &claimed("ben"), 61).0.holder(),
        Some(&account("ben")),
        "once it is due again anybody may"
    );
}

#[test]
fn who_has_it_may_promise_a_time_or_go_on_in_text() {
    let (mine, _) = stays_open(&due(false), &claimed("ana"), 1);
    assert_eq!(
        stays_open(&mine, &scheduled("ana", 60), 2).1,
        [CardChange::Scheduled]
    );
    let kept = step(&mine, &typing_kept("ana"), minute(2));
    assert!(matches!(
        kept.next,
        Next::Ended(CallbackEnd::KeptTyping { by, why: KeepTyping::BeingHandled }) if by == account("ana")
    ));
    assert_eq!(
        stays_open(&mine, &typing_kept("ben"), 2),
        (mine.clone(), vec![])
    );
}

#[test]
fn released_it_is_due_as_long_as_it_was() {
    for taken in [claimed("ana"), scheduled("ana", 60)] {
        let (taken, _) = stays_open(&due(false), &taken, 1);
        let (released, changes) = stays_open(&taken, &CallbackEvent::Released, 2);
        assert_eq!(changes, [CardChange::Released]);
        assert_eq!(released, due(false));
        assert_eq!(
            stays_open(&released, &CallbackEvent::Released, 3),
            (released.clone(), vec![])
        );
    }
}

#[test]
fn thanks_and_a_wish_for_text_withdraw_only_what_nobody_has() {
    for (event, told) in [
        (CallbackEvent::Thanked, CardChange::Thanked),
        (CallbackEvent::TextWished, CardChange::WantsText),
    ] {
        let withdrawn = step(&due(true), &event, minute(1));
        assert_eq!(withdrawn.next, Next::Ended(CallbackEnd::Withdrawn));
        for taken in [claimed("ana"), scheduled("ana", 60)] {
            let (taken, _) = stays_open(&due(true), &taken, 1);
            assert_eq!(stays_open(&taken, &event, 2), (taken.clone(), vec![told]));
        }
    }
}

fn any_event() -> impl Strategy<Value = CallbackEvent> {
    let who = || prop::sample::select(vec!["ana", "ben", "cy"]).prop_map(account);
    let why = prop::sample::select(vec![KeepTyping::Answering, KeepTyping::NotACustomer]);
    let outcome = prop::sample::select(vec![Outcome::Solved, Outcome::Declined]);
    prop_oneof![
        1 => (3u32..9, any::<bool>())
            .prop_map(|(exchange, answers)| CallbackEvent::CustomerWrote { exchange, answers }),
        1 => Just(CallbackEvent::CallAsked),
        1 => Just(CallbackEvent::BecameUrgent),
        1 => Just(CallbackEvent::WeAnswered),
        1 => Just(CallbackEvent::Thanked),
        1 => Just(CallbackEvent::TextWished),
        4 => who().prop_map(|by| CallbackEvent::Claimed { by }),
        2 => Just(CallbackEvent::Released),
        4 => (who(), 0u32..500)
            .prop_map(|(by, at)| CallbackEvent::Scheduled { by, at: minute(at) }),
        1 => (who(), why).prop_map(|(by, why)| CallbackEvent::TypingKept { by, why }),
        1 => (who(), outcome).prop_map(|(by, outcome)| CallbackEvent::Done { by, outcome }),
        4 => Just(CallbackEvent::Ticked),
    ]
}

/// A callback after any events, and the minute then; `None` if it ended.
fn lives(is_soft: bool, events: &[(u32, CallbackEvent)]) -> Option<(Callback, u32)> {
    let (mut callback, mut now) = (due(is_soft), 0);
    for (minutes, event) in events {
        now += minutes;
        match step(&callback, event, minute(now)).next {
            Next::Open(next) => callback = next,
            Next::Ended(_) => return None,
        }
    }
    Some((callback, now))
}

fn any_life() -> impl Strategy<Value = (bool, Vec<(u32, CallbackEvent)>)> {
    (
        any::<bool>(),
        prop::collection::vec((0u32..60, any_event()), 0..40),
    )
}

proptest! {
    #[test]
    fn an_open_callback_is_somebodys_or_shown_to_all_or_wakes_up(life in any_life()) {
        if let Some((callback, _)) = lives(life.0, &life.1) {
            match callback.status {
                CallbackStatus::Due => prop_assert!(callback.is_unclaimed()),
                CallbackStatus::Claimed { .. } => prop_assert!(callback.soft.is_none()),
                CallbackStatus::Scheduled { at, .. } => prop_assert_eq!(callback.wake_at(), Some(at)),
            }
        }
    }

    #[test]
    fn after_a_tick_nothing_is_due_any_more_and_a_spurious_one_does_nothing(life in any_life()) {
        if let Some((callback, now)) = lives(life.0, &life.1) {
            let (ticked, _) = stays_open(&callback, &CallbackEvent::Ticked, now);
            prop_assert!(ticked.wake_at().is_none_or(|wake| wake > minute(now)));
            let again = stays_open(&ticked, &CallbackEvent::Ticked, now);
            prop_assert_eq!(again, (ticked, vec![]));
        }
    }

    #[test]
    fn nobody_takes_what_another_has(life in any_life(), event in any_event()) {
        let Some((callback, now)) = lives(life.0, &life.1) else { return Ok(()) };
        let Some(holder) = callback.holder().cloned() else { return Ok(()) };
        match step(&callback, &event, minute(now)).next {
            Next::Open(next) => prop_assert!(next.holder().is_none_or(|now| *now == holder)),
            Next::Ended(CallbackEnd::Done { by, .. } | CallbackEnd::KeptTyping { by, .. }) => {
                prop_assert_eq!(by, holder);
            }
            Next::Ended(CallbackEnd::Withdrawn) => prop_assert!(false, "somebody has it"),
        }
    }

    #[test]
    fn what_an_agent_does_twice_changes_nothing_the_second_time(life in any_life(), event in any_event()) {
        let by_an_agent = matches!(
            event,
            CallbackEvent::Claimed { .. } | CallbackEvent::Released | CallbackEvent::Scheduled { .. }
        );
        if let (true, Some((callback, now))) = (by_an_agent, lives(life.0, &life.1)) {
            let (once, _) = stays_open(&callback, &event, now);
            prop_assert_eq!(stays_open(&once, &event, now), (once, vec![]));
        }
    }
}
