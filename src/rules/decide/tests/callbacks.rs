//! Callbacks as `decide` opens, softens, holds and ends them.

use super::script::Thread;
use crate::{
    domain::{callback::CallResult, decision::Notice, thread::CaseStatus},
    rules::OnSoft,
};

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
