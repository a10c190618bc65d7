//! `decide` by itself, with readings made by hand: each test reads as a thread.
//!
//! A line is `party[+delay|@-delay][/tag] marks…`; its outcome `actions [exchange.case] rule`.

mod callbacks;
mod corrected;
mod desk;
mod properties;
mod script;
mod spoken;

use script::{ParseName as _, Thread};

use crate::{
    domain::{
        decision::{Effect, Notice},
        reading::{IdentityLevel, SpanKind, TextWish},
        thread::ReminderKind,
        time::Length,
    },
    rules::{AdminRule, Then, When},
};

#[test]
fn the_third_exchange_rings() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c", "callback [3.1] rule_of_three"),
        ("c", "[3.1] callback_open"),
        ("a", "[4.1] none"),
        ("c", "[5.1] callback_open"),
    ]);
}

#[test]
fn a_thank_you_resolves_and_courtesies_after_it_do_nothing() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("a", "[4.1] none"),
        ("c thanks", "[5.1] none"),
        ("c ack", "[5.1] none"),
        ("c+3h unsolved", "reopen callback [6.1] rule_of_three"),
    ]);
}

#[test]
fn a_complaint_in_the_resolving_exchange_reopens_without_saying_unsolved() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("c", "reopen callback [3.1] rule_of_three"),
    ]);
}

#[test]
fn after_reopen_within_a_complaint_is_a_new_case() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("c+24h unsolved", "reopen callback [4.1] rule_of_three"),
        ("c+1m thanks", "withdraw_callback resolve [4.1] thanks"),
        ("c+25h unsolved", "[1.2] none"),
    ]);
}

#[test]
fn an_urgent_thank_you_after_resolve_is_not_ignored() {
    Thread::new().plays(&[
        ("c thanks", "resolve [1.1] thanks"),
        ("c+2h thanks urgent", "callback [1.2] urgent"),
    ]);
}

#[test]
fn silence_of_the_customer_lapses_a_case_and_silence_of_ours_does_not() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("c+200h", "[2.1] none"),
        ("a", "[3.1] none"),
        ("c+73h", "[1.2] none"),
    ]);
    assert!(thread.last.as_ref().is_some_and(|verdict| verdict.lapsed));
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c+72h", "callback [3.1] rule_of_three"),
        ("c+200h", "[4.1] callback_open"),
    ]);
}

#[test]
fn who_waits_for_us_never_lapses_and_who_acts_does() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("c waiting_us", "wait [3.1] waiting"),
        ("c+100h", "callback [4.1] rule_of_three"),
    ]);
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c waiting", "wait [3.1] waiting"),
        ("c+100h", "[1.2] none"),
    ]);
}

#[test]
fn thanks_for_a_promise_waits_until_we_report_what_came_of_it() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("c thanks", "wait [3.1] thanks"),
        ("a reports", "[4.1] none"),
        ("c thanks", "resolve [5.1] thanks"),
    ]);
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("a reports", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
    ]);
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a promises", "[2.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "wait [3.1] thanks"),
    ]);
}

#[test]
fn outreach_is_exchange_zero_of_its_case() {
    Thread::new().plays(&[
        ("b", "[0.0] none"),
        ("a", "[0.1] none"),
        ("a+50h", "[0.1] none"),
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("a+72h", "[4.1] none"),
        ("a+73h", "[0.2] none"),
        ("c", "[1.2] none"),
    ]);
}

#[test]
fn merging_goes_from_message_to_message() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("c+10m", "[1.1] none"),
        ("c+10m", "[1.1] none"),
        ("c+11m", "[2.1] none"),
        ("b", "[2.1] none"),
        ("c+9m", "[2.1] none"),
        ("c+11m", "callback [3.1] rule_of_three"),
    ]);
}

#[test]
fn only_the_customer_of_the_thread_moves_its_case() {
    Thread::new().plays(&[
        ("c by=kim", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c by=lee", "[2.1] none"),
        ("c by=lee thanks", "[2.1] none"),
        ("c by=lee call", "[2.1] none"),
        ("c by=lee confidential", "mask flag_identity [2.1] none"),
        ("c by=kim", "callback [3.1] rule_of_three"),
    ]);
}

#[test]
fn a_hold_for_the_case_ends_with_it_and_one_for_good_does_not() {
    let story = |wish: &str, later: &str| {
        Thread::new().plays(&[
            (wish, "hold_text [1.1] wants_text"),
            ("a", "[2.1] none"),
            ("c thanks", "resolve [3.1] thanks"),
            ("c+30h", "[1.2] none"),
            ("a", "[2.2] none"),
            ("c", later),
        ]);
    };
    story("c text", "callback [3.2] rule_of_three");
    let mut thread = Thread::new();
    thread.plays(&[
        ("c always", "hold_text [1.1] wants_text"),
        ("a", "[2.1] none"),
        ("c thanks", "resolve [3.1] thanks"),
        ("c+30h", "[1.2] held"),
    ]);
    assert_eq!(
        thread
            .state
            .customer
            .text_always
            .as_ref()
            .map(|hold| hold.wish),
        Some(TextWish::Always)
    );
    assert_eq!(thread.follow_ups, 1);
}

#[test]
fn at_the_limit_of_a_held_case_a_supervisor_is_asked_once() {
    let mut thread = Thread::new();
    thread.rules.defaults.text_limit = 3;
    thread.plays(&[
        ("c text", "hold_text [1.1] wants_text"),
        ("a", "[2.1] none"),
        ("c", "[3.1] held"),
        ("a", "[4.1] none"),
        ("c", "[5.1] held"),
    ]);
    let asked = thread.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::TellDesk {
                notice: Notice::SupervisorInText,
                ..
            }
        )
    });
    assert_eq!(asked.count(), 1);
}

#[test]
fn what_always_happens_comes_in_order_whatever_decides() {
    Thread::new().plays(&[
        ("c needed", "warn_identity [1.1] none"),
        ("c needed", "[1.1] none"),
        ("a asks_confidential", "flag_identity [2.1] none"),
        ("a asks_identifying", "[2.1] none"),
        ("a public asks_identifying", "flag_identity [2.1] none"),
        ("c identifying", "callback [3.1] rule_of_three"),
        (
            "c public identifying text",
            "flag_identity hold_text withdraw_callback [3.1] wants_text",
        ),
        (
            "c confidential call",
            "mask flag_identity callback [3.1] wants_call",
        ),
    ]);
}

#[test]
fn confidential_data_in_public_asks_the_desk_to_hide_the_post() {
    let mut thread = Thread::new();
    thread.plays(&[("c public confidential", "mask flag_identity [1.1] none")]);
    assert!(thread.told(&Notice::HidePost));
}

#[test]
fn an_admin_may_call_a_kind_of_data_less_than_confidential() {
    let mut thread = Thread::new();
    let levels = &mut thread.rules.vocabulary.levels;
    levels.insert(SpanKind::PaymentCard, IdentityLevel::Identifying);
    levels.insert(SpanKind::Phone, IdentityLevel::Confidential);
    thread.plays(&[("c confidential", "flag_identity [1.1] none")]);
    assert!(
        !thread.rules.vocabulary.masks(SpanKind::Phone),
        "phone is how we ring back"
    );
}

#[test]
fn a_late_message_is_placed_where_it_belongs_and_changes_nothing_decided() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c+1h unsolved", "callback [3.1] rule_of_three"),
        ("c@-50m thanks", "[3.1] late"),
        ("c@-20m confidential", "mask flag_identity [4.1] late"),
        ("c", "[5.1] callback_open"),
    ]);
}

#[test]
fn a_late_agents_message_renumbers_for_the_future_only() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("c+5m", "[1.1] none"),
        ("a@-3m", "[2.1] none"),
        ("c+1m", "callback [3.1] rule_of_three"),
    ]);
}

#[test]
fn late_wishes_count_unless_the_customer_has_changed_their_mind_since() {
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c@-30s call", "callback [1.1] wants_call"),
        ("a", "[2.1] none"),
        ("c@-2m always", "[1.1] late"),
        ("c@-30s always", "hold_text withdraw_callback [3.1] late"),
    ]);
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a+30m", "[2.1] none"),
        ("c+1h text", "hold_text [3.1] wants_text"),
        ("c@-30m call", "[3.1] late"),
        ("c", "[4.1] held"),
    ]);
    Thread::new().plays(&[
        ("c", "[1.1] none"),
        ("a+30m", "[2.1] none"),
        ("c+1h", "callback [3.1] rule_of_three"),
        ("c@-30m text", "hold_text withdraw_callback [3.1] late"),
        ("c", "[4.1] held"),
    ]);
}

#[test]
fn an_admins_rule_decides_by_priority_and_never_breaks_a_hold() {
    let rule = |name: &str, exchange, then| AdminRule {
        name: name.parse_name(),
        when: When {
            exchange,
            ..When::default()
        },
        then,
        desk: None,
        priority: 0,
    };
    let mut thread = Thread::new();
    thread.rules.rules = vec![
        rule("quick", Some(2), Then::Callback),
        rule("flagged", Some(1), Then::Flag),
    ];
    thread.plays(&[
        ("c", "[1.1] flagged"),
        ("c+1h", "callback [2.1] quick"),
        ("c text", "hold_text withdraw_callback [2.1] wants_text"),
        ("c+1h", "[3.1] quick"),
    ]);
    assert!(thread.told(&Notice::Flagged {
        rule: "flagged".parse_name()
    }));
}

#[test]
fn the_desk_is_reminded_of_who_waits_and_then_a_supervisor() {
    let mut thread = Thread::new();
    thread.plays(&[("c", "[1.1] none")]);
    thread.tick_after("29m");
    assert!(!thread.told(&Notice::AnswerDue));
    thread.tick_after("1m");
    assert!(thread.told(&Notice::AnswerDue) && !thread.told(&Notice::AnswerOverdue));
    thread.tick_after("30m");
    assert!(thread.told(&Notice::AnswerOverdue));
    assert_eq!(thread.state.wake_at(), None);
}

#[test]
fn after_waiting_the_desk_checks_back() {
    let mut thread = Thread::new();
    thread.plays(&[
        ("c", "[1.1] none"),
        ("a", "[2.1] none"),
        ("c waiting", "wait [3.1] waiting"),
    ]);
    let kind = thread
        .state
        .thread
        .reminder
        .as_ref()
        .map(|reminder| reminder.kind);
    assert_eq!(kind, Some(ReminderKind::CheckBack));
    thread.tick_after("24h");
    assert!(thread.told(&Notice::CheckBack));
}

#[test]
fn a_channel_may_have_numbers_of_its_own() {
    let mut thread = Thread::new();
    let mut policy = thread.rules.defaults.clone();
    policy.exchanges = 1;
    policy.merge_within = Length::minutes(1);
    thread.rules.channels.insert(script::channel(), policy);
    thread.plays(&[
        ("c", "callback [1.1] rule_of_three"),
        ("c+2m", "[2.1] callback_open"),
    ]);
}
