//! What agents decide at a desk: promise a time, hand back, keep typing, mute, unmute.

use super::script::channel;
use super::{super::no_call, script::Thread};
use crate::domain::{
    callback::{CallbackEnd, CallbackStatus, KeepTyping},
    decision::{CardChange, Effect, Event, NoCall, Notice, RuleName},
    thread::ReminderKind,
};

/// A thread with a callback by the count.
fn rung() -> Thread {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c by=@kim", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c by=@kim", "callback [3.1] rule_of_three"),
    ]);
    thread
}

fn ended(thread: &Thread, wanted: &CallbackEnd) -> bool {
    thread
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::CloseCard { end, .. } if end == wanted))
}

#[test]
fn a_promised_callback_is_kept_through_thanks_and_is_due_at_its_time() {
    let mut thread = rung();
    thread.schedule("ana", "2h");
    thread.plays(&[("c by=@kim thanks", "resolve [3.1] thanks")]);
    assert!(matches!(
        thread.callback().status,
        CallbackStatus::Scheduled { .. }
    ));
    thread.tick_after("118m");
    let wake_at = thread.state.wake_at().expect("a time to wake up");
    thread.tick_after("10m");
    assert_eq!(thread.callback().status, CallbackStatus::Due);
    assert_eq!(thread.callback().due_at, wake_at);
    thread.claim("ben");
    assert!(thread.callback().holder().is_some(), "anybody may ring now");
}

#[test]
fn whoever_wishes_for_text_is_not_rung_by_the_next_agent_either() {
    let wished = || {
        let mut thread = rung();
        thread.claim("ana");
        thread.plays(&[("c by=@kim text", "hold_text [3.1] wants_text")]);
        assert!(thread.state.callback.is_some(), "its agent is told");
        thread
    };
    let mut released = wished();
    released.release();
    assert!(released.state.callback.is_none());
    let mut promised = wished();
    promised.schedule("ana", "2h");
    promised.tick_after("2h");
    assert!(promised.state.callback.is_none());
    assert!(ended(&promised, &CallbackEnd::Withdrawn));
}

#[test]
fn a_released_callback_is_anybodys() {
    let mut thread = rung();
    thread.claim("ana");
    thread.release();
    thread.claim("ben");
    let holder = thread.callback().holder().map(ToString::to_string);
    assert_eq!(holder.as_deref(), Some("ben"));
    let card = |change| Effect::UpdateCard {
        callback: 1,
        change,
    };
    assert!(thread.effects.contains(&card(CardChange::Released)));
}

#[test]
fn keep_typing_lets_two_exchanges_pass_before_the_count_rings_again() {
    let mut thread = rung();
    thread.keep_typing("ana", KeepTyping::Answering);
    assert!(thread.state.callback.is_none());
    thread.plays(&[("c", "[3.1] none")]);
    assert_eq!(
        thread.last.as_ref().map(|last| last.reason.as_str()),
        Some("an agent keeps typing: 2 more exchanges")
    );
    thread.plays(&[("a", "[4.1] none"), ("c", "[5.1] none")]);
    assert_eq!(
        thread.last.as_ref().map(|last| last.reason.as_str()),
        Some("an agent keeps typing: the next exchange may ring")
    );
    thread.plays(&[("a", "[6.1] none"), ("c", "callback [7.1] rule_of_three")]);
}

#[test]
fn grace_counts_chasing_too_and_ends_with_its_case() {
    let mut chased = rung();
    chased.keep_typing("ana", KeepTyping::BeingHandled);
    chased.plays(&[
        ("c+20m", "[4.1] none"),
        ("c+20m", "[5.1] none"),
        ("c+20m", "callback [6.1] rule_of_three"),
    ]);
    let mut solved = rung();
    solved.keep_typing("ana", KeepTyping::Answering);
    solved.plays(&[
        ("c thanks", "resolve [3.1] thanks"),
        ("c+30h", "[1.2] none"),
        ("a", "[2.2] none"),
        ("c", "callback [3.2] rule_of_three"),
    ]);
}

#[test]
fn without_grace_the_next_exchange_rings() {
    let mut thread = rung();
    thread.rules.defaults.grace = 0;
    thread.keep_typing("ana", KeepTyping::Answering);
    thread.plays(&[
        ("c", "[3.1] none"),
        ("a", "[4.1] none"),
        ("c", "callback [5.1] rule_of_three"),
    ]);
}

#[test]
fn a_wish_for_a_call_and_an_urgent_word_ring_in_spite_of_keep_typing() {
    let mut asked = rung();
    asked.keep_typing("ana", KeepTyping::Answering);
    asked.plays(&[("c call", "callback [3.1] wants_call")]);
    let mut urgent = rung();
    urgent.keep_typing("ana", KeepTyping::Answering);
    urgent.plays(&[("c urgent", "callback [3.1] urgent")]);
}

#[test]
fn keep_typing_by_one_who_has_it_not_changes_nothing() {
    let mut thread = rung();
    thread.claim("ana");
    let before = thread.state.clone();
    thread.keep_typing("ben", KeepTyping::NotACustomer);
    assert_eq!(thread.state, before);
}

#[test]
fn after_keep_typing_the_customer_waits_for_us_if_the_last_word_is_theirs() {
    let mut waiting = rung();
    waiting.keep_typing("ana", KeepTyping::Answering);
    assert_eq!(waiting.reminder(), Some(ReminderKind::Answer));
    waiting.tick_after("30m");
    assert!(waiting.told(&Notice::AnswerDue));
    let mut answered = rung();
    answered.plays(&[("a", "[4.1] none")]);
    answered.keep_typing("ana", KeepTyping::Answering);
    assert_eq!(answered.reminder(), None);
}

#[test]
fn who_is_no_customer_is_guarded_and_otherwise_left_alone_until_the_mute_ends() {
    let mut thread = rung();
    thread.keep_typing("ana", KeepTyping::NotACustomer);
    let kept = CallbackEnd::KeptTyping {
        by: "ana".to_owned().try_into().expect("a name"),
        why: KeepTyping::NotACustomer,
    };
    assert!(ended(&thread, &kept));
    assert_eq!(thread.reminder(), None);
    let told = thread.effects.len();
    thread.plays(&[
        ("c+1h by=@kim call", "[3.1] none"),
        ("c+1h by=@kim urgent", "[3.1] none"),
        (
            "c+1h by=@kim public confidential",
            "mask flag_identity [3.1] none",
        ),
        ("c+1h by=@kim always", "hold_text [3.1] none"),
    ]);
    assert_eq!(thread.effects.len(), told, "nobody is told");
    thread.state.customer.text_always = None;
    thread.plays(&[("c+720h by=@kim call", "callback [4.1] wants_call")]);
    assert_eq!(thread.state.customer.muted_until, None);
}

#[test]
fn a_mute_silences_the_reminders_of_the_customers_other_threads() {
    let mut other = Thread::new();
    other.plays(&[("c by=@kim", "[1.1] none")]);
    let mut thread = rung();
    thread.keep_typing("ana", KeepTyping::NotACustomer);
    other.state.customer = thread.state.customer.clone();
    other.tick_after("2h");
    assert!(!other.told(&Notice::AnswerDue));
    other.plays(&[("c by=@kim call", "[1.1] none")]);
}

#[test]
fn unmuted_the_count_goes_on_and_the_desk_hears_who_waits() {
    let mut thread = rung();
    thread.keep_typing("ana", KeepTyping::NotACustomer);
    thread.decide(&Event::Unmuted { channel: channel() });
    thread.tick_after("0s");
    assert!(thread.told(&Notice::AnswerDue));
    let before = thread.state.clone();
    thread.decide(&Event::Unmuted { channel: channel() });
    assert_eq!(thread.state, before, "a second time changes nothing");
    thread.plays(&[("c by=@kim", "callback [3.1] rule_of_three")]);
}

#[test]
fn an_agent_who_would_rather_ring_opens_a_callback_like_any_other() {
    let mut thread = Thread::new();
    thread.plays(&[("c by=@kim needed", "warn_identity [1.1] none")]);
    thread.choose_call();
    let callback = thread.callback();
    assert_eq!(callback.rule, RuleName::Agent);
    assert_eq!(
        (callback.number, callback.case, callback.exchange),
        (1, 1, 1)
    );
    assert_eq!(callback.message.as_str(), "m1");
    assert_eq!(thread.reminder(), None, "the card says who waits");
    thread.choose_call();
    assert_eq!(thread.callback().number, 1, "a second one changes nothing");
    thread.plays(&[
        ("c by=@kim", "[1.1] callback_open"),
        ("c by=@kim thanks", "withdraw_callback resolve [1.1] thanks"),
    ]);
    thread.choose_call();
    assert_eq!(thread.callback().number, 2, "also when the case is solved");
}

#[test]
fn nobody_is_rung_by_an_agents_choice_who_would_not_be_rung_by_the_rules() {
    let held = |line: &str| {
        let mut thread = Thread::new();
        thread.plays(&[("c by=@kim", "[1.1] none")]);
        thread.hears(line);
        thread
    };
    let mut listed = held("c by=@kim");
    listed.state.customer.do_not_call = true;
    let mut muted = rung();
    muted.keep_typing("ana", KeepTyping::NotACustomer);
    for (mut thread, why) in [
        (held("c by=@kim text"), NoCall::HoldsToText),
        (held("c by=@kim always"), NoCall::HoldsToText),
        (listed, NoCall::DoNotCall),
        (muted, NoCall::Muted),
        (rung(), NoCall::AlreadyOpen),
        (Thread::new(), NoCall::NoCase),
    ] {
        assert_eq!(no_call(&thread.state, thread.now), Some(why));
        let before = thread.state.clone();
        thread.choose_call();
        assert_eq!(thread.state, before);
    }
}

#[test]
fn who_asks_for_identity_data_is_told_and_the_message_named() {
    let mut thread = Thread::new();
    let told = |thread: &Thread| {
        let notices = thread.effects.iter().filter_map(|effect| match effect {
            Effect::TellDesk { notice, .. } => Some(notice.clone()),
            _ => None,
        });
        notices.collect::<Vec<_>>()
    };
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a asks_confidential", "flag_identity [2.1] none"),
        ("a asks_identifying", "[2.1] none"),
        ("a public asks_identifying", "flag_identity [2.1] none"),
    ]);
    let asked = |id: &str| Notice::AskedForIdentity {
        message: id.to_owned().try_into().expect("an id"),
    };
    assert_eq!(told(&thread), [asked("m2"), asked("m4")]);
}

#[test]
fn who_chooses_text_in_the_form_is_not_rung_in_this_case_and_waits_for_us() {
    let mut thread = rung();
    thread.choose_text();
    assert!(ended(&thread, &CallbackEnd::Withdrawn));
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
    let hold = thread
        .state
        .thread
        .case
        .as_ref()
        .expect("a case")
        .hold
        .clone();
    let hold = hold.expect("a hold");
    assert_eq!(hold.words.reveal(), "chosen in the details form");
    thread.plays(&[
        ("a", "[4.1] none"),
        ("c by=@kim", "[5.1] held"),
        ("c+73h by=@kim", "[6.1] held"),
        ("a", "[7.1] none"),
        ("c+80h by=@kim", "[1.2] none"),
    ]);
    assert!(
        thread
            .state
            .thread
            .case
            .as_ref()
            .is_some_and(|case| case.hold.is_none())
    );
}

#[test]
fn the_agent_who_has_the_callback_is_told_that_the_customer_chose_text() {
    let mut thread = rung();
    thread.claim("ana");
    thread.choose_text();
    assert_eq!(
        thread
            .callback()
            .holder()
            .map(ToString::to_string)
            .as_deref(),
        Some("ana")
    );
    let told = |effect: &Effect| {
        let change = CardChange::WantsText;
        matches!(effect, Effect::UpdateCard { change: is, .. } if *is == change)
    };
    assert!(thread.effects.iter().any(told));
    thread.release();
    assert!(ended(&thread, &CallbackEnd::Withdrawn));
}

#[test]
fn a_choice_for_text_where_nothing_was_asked_holds_nothing() {
    let mut thread = Thread::new();
    thread.choose_text();
    assert_eq!(thread.state, crate::domain::thread::State::default());
    assert!(thread.effects.is_empty());
}
