//! Each story adds to the figures what a person would count by hand.

use super::*;
use crate::{domain::ids::ChannelName, store::rows::report::CaseCallback};

fn at(minute: u32) -> Timestamp {
    let start: Timestamp = "2026-11-02T10:00:00Z".parse().expect("a time");
    crate::domain::time::after(start, Length::minutes(minute))
}

/// Lines such as `c1 none`, `a2 none`, `c3 thanks resolve`: who, the exchange, the rule, actions;
/// one each ten minutes.
fn case(lines: &[&str]) -> CaseHistory {
    let lines: Vec<CaseLine> = (0..)
        .zip(lines)
        .map(|(place, line)| {
            let mut words = line.split(' ');
            let (party, exchange) = words.next().expect("who").split_at(1);
            CaseLine {
                from: if party == "c" {
                    Party::Customer
                } else {
                    Party::Agent
                },
                at: at(place * 10),
                exchange: exchange.parse().expect("a number"),
                rule: RuleName::parse(words.next().expect("a rule")).expect("a rule"),
                actions: words
                    .map(|word| {
                        *Action::ALL
                            .iter()
                            .find(|a| a.as_str() == word)
                            .expect("an action")
                    })
                    .collect(),
                topic: None,
            }
        })
        .collect();
    let thanked = lines
        .iter()
        .rev()
        .find(|line| line.actions.contains(&Action::Resolve));
    let resolved_at = thanked.map(|line| line.at);
    CaseHistory {
        channel: ChannelName::parse("chat").expect("a channel"),
        opened_at: at(0),
        state: if resolved_at.is_some() {
            CaseState::Resolved
        } else {
            CaseState::Open
        },
        resolved_at,
        held: false,
        waits_on_customer: false,
        was_reminded: false,
        next_case_at: None,
        lines,
        callbacks: Vec::new(),
        calls: Vec::new(),
    }
}

fn done(outcome: Outcome) -> CaseCallback {
    CaseCallback {
        state: CallbackState::Done,
        outcome: Some(outcome),
        why: None,
        was_asked: false,
        helped: None,
    }
}

fn count(cases: &[CaseHistory]) -> Figures {
    count_at(cases, at(60))
}

fn count_at(cases: &[CaseHistory], now: Timestamp) -> Figures {
    let mut figures = Figures::default();
    for case in cases {
        figures.count(case, Length::hours(72), now);
    }
    figures
}

const SOLVED_AT_ONCE: [&str; 3] = ["c1 none", "a2 none", "c3 thanks resolve"];

#[test]
fn thanks_in_the_third_exchange_is_solved_within_three_and_in_the_fifth_later() {
    let figures = count(&[
        case(&SOLVED_AT_ONCE),
        case(&[
            "c1 none",
            "a2 none",
            "c3 rule_of_three callback",
            "a4 none",
            "c5 thanks resolve",
        ]),
    ]);
    let expected = Endings {
        within_three: 1,
        later: 1,
        ..Endings::default()
    };
    assert_eq!((figures.endings, figures.reached_three), (expected, 1));
}

#[test]
fn messages_after_it_was_solved_neither_lengthen_nor_delay_it() {
    let mut solved = case(&["c1 none", "a2 none", "c3 thanks resolve", "a4 none"]);
    solved.resolved_at = Some(at(20));
    let figures = count(&[solved]);
    assert_eq!(figures.endings.within_three, 1);
    assert_eq!(figures.solved_in_text.messages(50), Some(3));
    assert_eq!(figures.solved_in_text.seconds(50), Some(20 * 60));
}

#[test]
fn a_case_is_rung_once_somebody_spoke_with_the_customer_and_not_before() {
    let mut spoken = case(&["c1 wants_call callback"]);
    spoken.callbacks = vec![done(Outcome::Solved)];
    spoken.calls = vec![Outcome::NoAnswer, Outcome::Solved];
    spoken.state = CaseState::Resolved;
    spoken.resolved_at = Some(at(30));
    let mut withdrawn = case(&["c1 none", "a2 none", "c3 thanks resolve withdraw_callback"]);
    withdrawn.callbacks = vec![CaseCallback {
        state: CallbackState::Withdrawn,
        outcome: None,
        why: None,
        was_asked: false,
        helped: None,
    }];
    let mut exhausted = case(&["c1 wants_call callback"]);
    exhausted.callbacks = vec![CaseCallback {
        state: CallbackState::Exhausted,
        outcome: None,
        why: None,
        was_asked: false,
        helped: None,
    }];
    exhausted.calls = vec![Outcome::NoAnswer; 4];
    let figures = count(&[spoken, withdrawn, exhausted]);
    let endings = Endings {
        within_three: 1,
        after_call: 1,
        open: 1,
        ..Endings::default()
    };
    assert_eq!(figures.endings, endings);
    assert_eq!((figures.rung, figures.exhausted), (1, 1));
    assert_eq!(figures.calls, [1, 0, 0, 0, 5]);
    assert_eq!(figures.solved_rung.seconds(50), Some(30 * 60));
    assert_eq!(figures.solved_in_text.cases(), 1);
}

#[test]
fn a_silent_customer_has_lapsed_whether_or_not_a_new_case_says_so_and_is_never_solved() {
    let mut replaced = case(&["c1 none", "a2 none"]);
    replaced.state = CaseState::Lapsed;
    let mut silent = case(&["c1 none", "a2 none"]);
    silent.waits_on_customer = true;
    let waits_on_us = case(&["c1 none", "a2 none", "c3 rule_of_three callback"]);
    let cases = [replaced, silent, waits_on_us];
    let soon = count_at(&cases, at(10 + 72 * 60)).endings;
    assert_eq!(
        (soon.lapsed, soon.open),
        (1, 2),
        "72 hours are not more than 72 hours"
    );
    let later = count_at(&cases, at(11 + 72 * 60)).endings;
    assert_eq!((later.lapsed, later.open), (2, 1));
    assert_eq!(later.within_three + later.later + later.after_call, 0);
}

#[test]
fn a_wish_to_stay_in_text_counts_for_the_case_and_for_good() {
    let mut case_hold = case(&["c1 none"]);
    case_hold.held = true;
    let wished = case(&["c1 wants_text hold_text"]);
    let held_elsewhere = case(&["c1 none", "c2 held"]);
    let figures = count(&[case_hold, wished, held_elsewhere, case(&SOLVED_AT_ONCE)]);
    assert_eq!(figures.held, 3);
}

#[test]
fn a_customer_is_back_with_another_case_within_seven_days_and_not_after() {
    let back_after = |minutes: u32| {
        let mut solved = case(&SOLVED_AT_ONCE);
        solved.next_case_at = Some(at(20 + minutes));
        count(&[solved]).solved_in_text.back
    };
    let week = 7 * 24 * 60;
    assert_eq!((back_after(week), back_after(week + 1)), (1, 0));
}

#[test]
fn a_thank_you_taken_back_in_a_later_turn_is_back_and_in_the_same_turn_is_not() {
    let corrected_at_once = case(&[
        "c1 none",
        "a2 none",
        "c3 thanks resolve",
        "c3 none reopen",
        "a4 none",
        "c5 thanks resolve",
    ]);
    let back = case(&[
        "c1 none",
        "a2 none",
        "c3 thanks resolve",
        "c5 none reopen",
        "a6 none",
        "c7 thanks resolve",
    ]);
    assert_eq!(count(&[corrected_at_once]).solved_in_text.back, 0);
    assert_eq!(count(&[back]).solved_in_text.back, 1);
}

#[test]
fn the_topic_of_a_case_is_the_last_that_could_be_told_and_only_of_cases_that_reach_three() {
    let topic = |name: &str| Topic::parse(name).ok();
    let mut reached = case(&["c1 none", "a2 none", "c3 rule_of_three callback", "a4 none"]);
    reached.lines[0].topic = topic("delivery");
    reached.lines[2].topic = topic("billing");
    let mut solved = case(&SOLVED_AT_ONCE);
    solved.lines[0].topic = topic("delivery");
    let mut of_none = reached.clone();
    of_none.lines.iter_mut().for_each(|line| line.topic = None);
    let figures = count(&[reached, solved, of_none]);
    assert_eq!(figures.reached_three, 2);
    assert_eq!(
        figures.topics,
        BTreeMap::from([(topic("billing").expect("a topic"), 1)])
    );
}

#[test]
fn at_most_ten_topics_are_named_most_frequent_first() {
    let mut figures = Figures::default();
    for count in 0..12 {
        let topic = Topic::parse(&format!("topic-{count:02}")).expect("a topic");
        figures.topics.insert(topic, count);
    }
    let top = figures.top_topics(10);
    let counts: Vec<u64> = top.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, (2..12).rev().collect::<Vec<u64>>());
}

#[test]
fn half_and_nine_in_ten_are_the_nearest_ranks() {
    let ten: Vec<i64> = (1..=10).rev().collect();
    assert_eq!((at_most(&ten, 50), at_most(&ten, 90)), (Some(5), Some(9)));
    assert_eq!((at_most(&[7], 50), at_most(&[7], 90)), (Some(7), Some(7)));
    assert_eq!(at_most(&[3, 1, 2], 50), Some(2));
    assert_eq!(at_most(&[], 50), None);
}

#[test]
fn reasons_to_keep_typing_are_counted_each() {
    let mut kept = case(&SOLVED_AT_ONCE);
    kept.callbacks = vec![
        KeepTyping::Answering,
        KeepTyping::Answering,
        KeepTyping::NotACustomer,
    ]
    .into_iter()
    .map(|why| CaseCallback {
        state: CallbackState::Withdrawn,
        outcome: None,
        why: Some(why),
        was_asked: false,
        helped: None,
    })
    .collect();
    assert_eq!(count(&[kept]).kept_typing, [2, 0, 0, 1]);
}

#[test]
fn what_customers_say_of_calls_is_counted_and_silence_is_neither() {
    let said = |helped| CaseCallback {
        was_asked: true,
        helped,
        ..done(Outcome::Solved)
    };
    let mut rung = case(&["c1 wants_call callback"]);
    let never_asked = done(Outcome::Solved);
    rung.callbacks = vec![said(Some(true)), said(Some(false)), said(None), never_asked];
    let figures = count(&[rung.clone(), rung]).satisfaction;
    let expected = Satisfaction {
        asked: 6,
        helped: 2,
        did_not: 2,
    };
    assert_eq!((figures, figures.silent()), (expected, 2));
}
