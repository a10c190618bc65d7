//! Callbacks as `decide` opens, softens, holds and ends them.

use super::script::{Thread, channel};
use crate::{
    domain::{
        callback::{CallResult, CallbackEvent, CallbackStatus},
        decision::{Event, Notice, RuleName, Utterance},
        thread::{CaseStatus, ReminderKind},
        time::{Length, Timestamp, after},
    },
    rules::OnSoft,
};

/// So long after now in a thread.
fn in_hours(thread: &Thread, hours: u32) -> Timestamp {
    after(thread.now, Length::hours(hours))
}

/// A thread whose callback ana has.
fn anas() -> Thread {
    let mut thread = Thread::new();
    thread.state.customer.number_known = true;
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread
}

#[test]
fn a_mere_answer_rings_softly_and_turns_loud_at_the_next_turn() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a asks", "[2.1] none"),
        ("c answers", "callback soft [3.1] rule_of_three"),
        ("c answers", "[3.1] callback_open"),
    ]);
    assert!(
        thread.callback().soft.is_some(),
        "more of the same turn stays soft"
    );
    thread.plays(&[("a", "[4.1] none"), ("c answers", "[5.1] callback_open")]);
    assert!(thread.callback().soft.is_none());
}

#[test]
fn a_soft_callback_turns_loud_in_the_same_turn_if_it_does_more_than_answer() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a asks", "[2.1] none"),
        ("c answers", "callback soft [3.1] rule_of_three"),
        ("c", "[3.1] callback_open"),
    ]);
    assert!(thread.callback().soft.is_none());
}

#[test]
fn a_soft_callback_turns_loud_after_soft_wait_unless_we_answer() {
    let story: [(&str, &str); 3] = [
        ("c", "[1.1] none"),
        ("a asks", "[2.1] none"),
        ("c answers", "callback soft [3.1] rule_of_three"),
    ];
    let mut ignored = Thread::new();
    ignored.plays(&story);
    ignored.tick_after("14m");
    assert!(ignored.callback().soft.is_some());
    ignored.tick_after("1m");
    assert!(ignored.callback().soft.is_none());

    let mut answered = Thread::new();
    answered.plays(&story);
    answered.plays(&[("a", "[4.1] none")]);
    answered.tick_after("16m");
    assert!(answered.callback().soft.is_some());
}

#[test]
fn on_soft_decides_what_a_mere_answer_does() {
    let story = |on_soft, third: &str, fifth: &str| {
        let mut thread = Thread::new();
        thread.rules.defaults.on_soft = on_soft;
        thread.plays(&[
            ("c", "[1.1] none"),
            ("a asks", "[2.1] none"),
            ("c answers", third),
            ("a asks", "[4.1] none"),
            ("c answers", fifth),
        ]);
    };
    story(
        OnSoft::Ring,
        "callback [3.1] rule_of_three",
        "[5.1] callback_open",
    );
    story(
        OnSoft::Quiet,
        "callback soft [3.1] rule_of_three",
        "[5.1] callback_open",
    );
    story(
        OnSoft::OneMore,
        "[3.1] rule_of_three",
        "callback [5.1] rule_of_three",
    );
}

#[test]
fn asking_for_a_call_rings_at_once_and_again_only_moves_the_open_one() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c call", "callback [1.1] wants_call"),
        ("c call", "[1.1] wants_call"),
    ]);
    let mut soft = Thread::new();
    soft.plays(&[
        ("c", "[1.1] none"),
        ("a asks", "[2.1] none"),
        ("c answers", "callback soft [3.1] rule_of_three"),
        ("c call", "[3.1] wants_call"),
    ]);
    assert!(soft.callback().asked && soft.callback().soft.is_none());
}

#[test]
fn nobody_on_the_do_not_call_list_is_rung() {
    let mut thread = Thread::new();
    thread.state.customer.do_not_call = true;
    thread.plays(&[
        ("c call", "[1.1] wants_call"),
        ("a", "[2.1] none"),
        ("c", "[3.1] held"),
        ("c urgent", "[3.1] urgent"),
    ]);
    assert!(thread.told(&Notice::DoNotCall) && thread.told(&Notice::SupervisorInText));
}

#[test]
fn an_urgent_word_heads_the_queue_and_under_a_hold_a_supervisor_joins_in_text() {
    let mut thread = Thread::new();
    thread.plays(&[("c urgent", "callback [1.1] urgent")]);
    assert!(thread.callback().urgent);
    let mut asked = Thread::new();
    asked.plays(&[("c call urgent", "callback [1.1] wants_call")]);
    assert!(asked.callback().urgent && asked.callback().asked);
    let mut held = Thread::new();
    held.plays(&[
        ("c text", "hold_text [1.1] wants_text"),
        ("c urgent", "[1.1] urgent"),
    ]);
    assert!(held.told(&Notice::SupervisorInText));
}

#[test]
fn a_hold_withdraws_what_nobody_works_on_and_outlives_a_reopening() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
        ("c text", "hold_text withdraw_callback [3.1] wants_text"),
        ("a", "[4.1] none"),
        ("c", "[5.1] held"),
        ("a", "[6.1] none"),
        ("c thanks", "resolve [7.1] thanks"),
        ("c unsolved", "reopen [7.1] held"),
        ("c+2h call", "callback [8.1] wants_call"),
    ]);
}

#[test]
fn a_claimed_callback_is_not_withdrawn_and_its_agent_is_told() {
    let mut thread = Thread::new();
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread.claim("ben");
    thread.plays(&[("c+1h thanks", "resolve [2.1] thanks")]);
    assert!(thread.state.callback.is_some());
    thread.finish("ben", CallResult::Solved);
    assert!(
        thread.state.callback.is_some(),
        "only who claimed it can finish it"
    );
    thread.finish("ana", CallResult::Solved);
    assert!(thread.state.callback.is_none());
}

#[test]
fn done_and_solved_resolves_and_declined_holds_to_text() {
    let mut thread = Thread::new();
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread.finish("ana", CallResult::Declined);
    thread.plays(&[
        ("a", "[2.1] none"),
        ("c", "[3.1] held"),
        ("c call", "callback [3.1] wants_call"),
    ]);
    thread.claim("ana");
    thread.finish("ana", CallResult::Solved);
    let status = thread
        .state
        .thread
        .case
        .as_ref()
        .map(|case| case.status.clone());
    assert!(matches!(
        status,
        Some(CaseStatus::Resolved { exchange: None, .. })
    ));
    thread.plays(&[("c+1h unsolved", "reopen callback [4.1] rule_of_three")]);
}

#[test]
fn a_follow_up_is_the_next_callback_of_the_same_matter_at_its_time() {
    let mut thread = anas();
    let at = in_hours(&thread, 30);
    thread.finish("ana", CallResult::FollowUp { at });
    let next = thread.callback();
    assert_eq!((next.number, next.case), (2, 1));
    assert_eq!((&next.rule, next.asked), (&RuleName::FollowUp, true));
    let by = next.holder().cloned();
    assert_eq!(next.status, CallbackStatus::Scheduled { by, at });
    let heard = [Utterance::CallComing, Utterance::CallScheduled];
    assert_eq!(thread.spoken(), heard);
    thread.tick_after("30h");
    assert_eq!(thread.callback().status, CallbackStatus::Due);
    thread.claim("ben");
    thread.finish("ben", CallResult::Solved);
    assert!(matches!(thread.status(), Some(CaseStatus::Resolved { .. })));
}

#[test]
fn there_is_more_to_a_case_with_a_follow_up_whatever_was_thought_before() {
    let mut thanked = anas();
    thanked.plays(&[("c thanks", "resolve [1.1] thanks")]);
    let at = in_hours(&thanked, 2);
    thanked.finish("ana", CallResult::FollowUp { at });
    assert_eq!(thanked.status(), Some(&CaseStatus::Open));
    let mut wished = anas();
    wished.plays(&[("c text", "hold_text [1.1] wants_text")]);
    let at = in_hours(&wished, 2);
    wished.finish("ana", CallResult::FollowUp { at });
    wished.tick_after("2h");
    assert_eq!(
        wished.callback().status,
        CallbackStatus::Due,
        "they agreed on it since"
    );
}

#[test]
fn a_follow_up_is_about_the_matter_that_was_rung_about() {
    let mut thread = anas();
    thread.plays(&[
        ("c+1h thanks", "resolve [2.1] thanks"),
        ("c+30h", "[1.2] callback_open"),
    ]);
    let at = in_hours(&thread, 2);
    thread.finish("ana", CallResult::FollowUp { at });
    assert_eq!(thread.callback().case, 1);
    thread.tick_after("2h");
    thread.claim("ana");
    thread.finish("ana", CallResult::Solved);
    assert_eq!(thread.status(), Some(&CaseStatus::Open), "the new matter");
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
}

#[test]
fn whoever_is_not_rung_any_more_waits_for_our_answer() {
    let mut declined = anas();
    declined.finish("ana", CallResult::Declined);
    assert_eq!(declined.reminder(), Some(ReminderKind::Answer));
    let mut released = anas();
    released.plays(&[("c text", "hold_text [1.1] wants_text")]);
    assert_eq!(released.reminder(), None);
    released.release();
    assert!(released.state.callback.is_none());
    assert_eq!(released.reminder(), Some(ReminderKind::Answer));
    let mut elsewhere = Thread::new();
    elsewhere.plays(&[("c call", "callback [1.1] wants_call")]);
    elsewhere.decide(&Event::TextAlwaysWished { channel: channel() });
    assert_eq!(elsewhere.reminder(), Some(ReminderKind::Answer));
    let mut solved = anas();
    solved.finish("ana", CallResult::Solved);
    assert_eq!(solved.reminder(), None);
}

#[test]
fn an_exhausted_callback_is_a_supervisors_and_the_customer_waits_for_our_words() {
    let mut thread = anas();
    thread.rules.defaults.attempts = 1;
    thread.finish("ana", CallResult::NoAnswer);
    assert!(!thread.told(&Notice::CallExhausted));
    thread.tick_after("15m");
    thread.claim("ana");
    thread.finish("ana", CallResult::NoAnswer);
    assert!(thread.state.callback.is_none());
    assert!(thread.told(&Notice::CallExhausted));
    assert_eq!(thread.spoken().last(), Some(&Utterance::CallExhausted));
    assert_eq!(thread.status(), Some(&CaseStatus::Open));
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
}

#[test]
fn thanks_and_a_wish_for_text_end_what_is_to_be_tried_again() {
    for (line, expected) in [
        ("c+5m thanks", "withdraw_callback resolve [1.1] thanks"),
        ("c+5m text", "hold_text withdraw_callback [1.1] wants_text"),
    ] {
        let mut thread = anas();
        thread.finish("ana", CallResult::NoAnswer);
        thread.plays(&[(line, expected)]);
    }
}

#[test]
fn a_promise_to_one_who_holds_to_text_is_not_dropped_silently() {
    let mut thread = anas();
    thread.plays(&[("c text", "hold_text [1.1] wants_text")]);
    thread.schedule("ana", "2h");
    assert!(!thread.told(&Notice::SupervisorInText));
    thread.tick_after("2h");
    assert!(thread.state.callback.is_none());
    assert!(thread.told(&Notice::SupervisorInText));
}

#[test]
fn who_chooses_a_time_in_the_form_wishes_to_be_rung_after_all() {
    let mut thread = anas();
    thread.plays(&[("c text", "hold_text [1.1] wants_text")]);
    let at = in_hours(&thread, 3);
    thread.happens(CallbackEvent::TimeChosen { at });
    thread.tick_after("3h");
    assert_eq!(thread.callback().status, CallbackStatus::Due);
    assert_eq!(thread.spoken().last(), Some(&Utterance::CallScheduled));
}

#[test]
fn nobody_promises_another_call_to_whoever_came_onto_the_do_not_call_list() {
    let mut thread = anas();
    thread.state.customer.do_not_call = true;
    let at = in_hours(&thread, 3);
    thread.finish("ana", CallResult::FollowUp { at });
    assert!(thread.state.callback.is_none());
    assert_eq!(
        thread.status(),
        Some(&CaseStatus::Open),
        "they are not solved"
    );
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
    assert_eq!(thread.spoken(), [Utterance::CallComing]);
}

#[test]
fn an_appointment_of_one_who_is_no_longer_to_be_called_ends() {
    let mut thread = Thread::new();
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    let at = in_hours(&thread, 3);
    thread.happens(CallbackEvent::TimeChosen { at });
    thread.state.customer.do_not_call = true;
    thread.tick_after("1m");
    assert!(thread.state.callback.is_none());
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
    let mut claimed = anas();
    claimed.state.customer.do_not_call = true;
    claimed.tick_after("1m");
    assert!(
        claimed.state.callback.is_some(),
        "its card warns whoever has it"
    );
}
