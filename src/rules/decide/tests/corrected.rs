//! Corrected readings: what follows is as if the message had been read so at first.

use super::script::Thread;
use super::script::channel;
use crate::{
    domain::{
        callback::CallResult,
        decision::{Action, CardChange, Effect, Event, Notice},
        thread::{CaseStatus, ReminderKind},
    },
    rules::{AdminRule, Then, When},
};

/// Why the newest correction did what it did.
fn reason(thread: &Thread) -> &str {
    thread.last.as_ref().map_or("", |last| last.reason.as_str())
}

#[test]
fn thanks_that_was_none_reopens_and_rings_by_the_count() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
    ]);
    thread.corrects(2, "", "reopen callback [3.1] rule_of_three");
    assert_eq!(thread.status(), Some(&CaseStatus::Open));
    assert!(thread.state.thread.context.unanswered);
    thread.plays(&[("a", "[4.1] none"), ("c", "[5.1] callback_open")]);
}

#[test]
fn thanks_that_was_none_below_the_count_waits_for_us() {
    let mut thread = Thread::new();
    thread.plays(&[("c", "[1.1] none"), ("c thanks", "resolve [1.1] thanks")]);
    thread.corrects(1, "", "reopen [1.1] none");
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
    assert!(thread.state.thread.context.unanswered);
}

#[test]
fn a_callback_that_wrong_thanks_withdrew_comes_back_as_it_was() {
    let mut counted = Thread::new();
    counted.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
        ("a", "[4.1] none"),
        ("c thanks", "withdraw_callback resolve [5.1] thanks"),
    ]);
    counted.corrects(4, "", "reopen callback [5.1] rule_of_three");
    assert_eq!(counted.callback().number, 2, "a new one");
    let mut asked = Thread::new();
    asked.plays(&[
        ("c call", "callback [1.1] wants_call"),
        ("c thanks", "withdraw_callback resolve [1.1] thanks"),
    ]);
    asked.corrects(1, "", "reopen callback [1.1] wants_call");
    assert!(asked.callback().asked, "a wish for a call is not forgotten");
}

#[test]
fn what_an_agent_has_claimed_stays_theirs_when_thanks_is_taken_back() {
    let mut thread = Thread::new();
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread.plays(&[("c thanks", "resolve [1.1] thanks")]);
    thread.corrects(1, "", "reopen [1.1] callback_open");
    assert_eq!(thread.callback().number, 1);
}

#[test]
fn thanks_for_a_promise_that_was_none_no_longer_waits() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("c thanks", "wait [3.1] thanks"),
    ]);
    assert_eq!(thread.reminder(), Some(ReminderKind::CheckBack));
    thread.corrects(2, "", "callback [3.1] rule_of_three");
    assert_eq!(thread.reminder(), None);
}

#[test]
fn our_courtesy_and_their_goodbye_do_not_stand_in_the_way_of_a_reopening() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("a", "[4.1] none"),
        ("c ack", "[5.1] none"),
        ("a", "[6.1] none"),
    ]);
    thread.corrects(2, "answers", "reopen callback soft [3.1] rule_of_three");
    let soft = thread.callback().soft.as_ref();
    assert_eq!(soft.map(|soft| soft.until), Some(None), "we have answered");
    assert_eq!(thread.reminder(), None);
}

#[test]
fn a_complaint_after_the_end_that_was_taken_for_a_courtesy_reopens() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("a", "[4.1] none"),
        ("c thanks", "[5.1] none"),
    ]);
    thread.corrects(4, "ack", "[5.1] none");
    assert!(matches!(thread.status(), Some(CaseStatus::Resolved { .. })));
    thread.corrects(4, "", "reopen callback [5.1] rule_of_three");
    thread.corrects(2, "", "[3.1] none");
    thread.corrects(4, "thanks", "withdraw_callback resolve [5.1] thanks");
}

#[test]
fn a_question_that_was_thanks_resolves_and_withdraws() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
    ]);
    thread.corrects(2, "thanks", "withdraw_callback resolve [3.1] thanks");
    assert!(!thread.state.thread.context.unanswered);
    thread.plays(&[("c ack", "[3.1] none"), ("a", "[4.1] none")]);
}

#[test]
fn thanks_while_an_agent_rings_is_told_on_the_card() {
    let mut thread = Thread::new();
    thread.plays(&[("c", "[1.1] none"), ("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread.corrects(1, "thanks call", "[1.1] none");
    thread.plays(&[("c", "[1.1] callback_open")]);
    thread.corrects(2, "thanks", "resolve [1.1] thanks");
    let thanked = Effect::UpdateCard {
        callback: 1,
        change: CardChange::Thanked,
    };
    assert!(thread.effects.contains(&thanked));
}

#[test]
fn a_question_that_was_thanks_for_a_promise_waits() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
    ]);
    thread.corrects(2, "thanks", "withdraw_callback wait [3.1] thanks");
    assert_eq!(thread.reminder(), Some(ReminderKind::CheckBack));
    thread.corrects(2, "", "callback [3.1] rule_of_three");
}

#[test]
fn a_thread_that_has_moved_on_keeps_its_decisions() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
        ("c", "[3.1] callback_open"),
        ("a", "[4.1] none"),
        ("c thanks", "withdraw_callback resolve [5.1] thanks"),
        ("c+30h", "[1.2] none"),
    ]);
    thread.corrects(5, "", "[5.1] none");
    assert_eq!(
        reason(&thread),
        "kept as an example; the thread has moved on"
    );
    let mut open = Thread::new();
    open.plays(&[("c", "[1.1] none"), ("c", "[1.1] none")]);
    open.corrects(0, "thanks", "[1.1] none");
    assert_eq!(reason(&open), "kept as an example; the thread has moved on");
    assert_eq!(
        open.status(),
        Some(&CaseStatus::Open),
        "they wrote on since"
    );
}

#[test]
fn what_a_call_has_solved_stays_solved() {
    let mut thread = Thread::new();
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    thread.plays(&[("c thanks", "resolve [1.1] thanks")]);
    thread.tick_after("5m");
    thread.finish("ana", CallResult::Solved);
    thread.corrects(1, "", "[1.1] none");
    assert!(matches!(
        thread.status(),
        Some(CaseStatus::Resolved { exchange: None, .. })
    ));
}

#[test]
fn a_correction_of_something_else_repeats_no_guard_no_hold_and_no_notice() {
    let mut thread = Thread::new();
    thread.rules.rules = vec![AdminRule {
        name: "flag-all".to_owned().try_into().expect("a name"),
        when: When::default(),
        then: Then::Flag,
        desk: None,
        priority: 0,
    }];
    thread.plays(&[
        (
            "c public needed confidential",
            "mask warn_identity flag_identity [1.1] flag-all",
        ),
        ("c text", "hold_text [1.1] wants_text"),
    ]);
    let told = thread.effects.len();
    thread.corrects(0, "", "[1.1] none");
    thread.corrects(1, "", "[1.1] none");
    assert_eq!(thread.effects.len(), told);
    assert_eq!(
        reason(&thread),
        "kept as an example; it changes no decision"
    );
}

#[test]
fn nobody_who_holds_to_text_is_rung_because_of_a_correction() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c text", "hold_text [1.1] wants_text"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
    ]);
    thread.corrects(2, "", "reopen [3.1] held");
}

#[test]
fn a_strangers_words_and_a_muted_authors_move_nothing() {
    let mut thread = Thread::new();
    thread.plays(&[("c by=@kim", "[1.1] none"), ("c by=@lee", "[1.1] none")]);
    thread.corrects(1, "thanks", "[1.1] none");
    assert_eq!(thread.status(), Some(&CaseStatus::Open));
    thread.state.customer.muted_until = Some("9999-01-01T00:00:00Z".parse().expect("a time"));
    thread.corrects(0, "thanks", "[1.1] none");
    assert!(!thread.told(&Notice::AnswerDue));
    thread.decide(&Event::Unmuted { channel: channel() });
    let verdict = thread.correct(0, "thanks");
    assert_eq!(verdict.actions, [Action::Resolve]);
}
