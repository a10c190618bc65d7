//! The rules' own tests pass or fail as an admin would expect.

use super::{Outcome, run};
use crate::{
    domain::{
        decision::Action,
        ids::ChannelName,
        message::{Party, Visibility},
        time::Length,
    },
    reading::Reader,
    rules::{RuleTest, Rules, TestLine},
};

/// Three turns of a customer whom nobody answers.
fn three_turns(expect: &[Action]) -> RuleTest {
    let line = |after| TestLine {
        from: Party::Customer,
        after,
        text: "My bill is wrong".to_owned(),
    };
    RuleTest {
        name: "nobody answers".to_owned(),
        channel: ChannelName::parse("x").expect("a name"),
        tags: Vec::new(),
        visibility: Visibility::Private,
        thread: vec![
            line(Length::minutes(0)),
            line(Length::hours(1)),
            line(Length::hours(1)),
        ],
        expect: expect.to_vec(),
        soft: None,
        rule: None,
    }
}

fn run_all(rules: &Rules) -> Vec<Outcome> {
    run(rules, &Reader::new(&rules.vocabulary).expect("a reader"))
}

fn outcome(test: RuleTest) -> Outcome {
    let rules = Rules {
        tests: vec![test],
        ..Rules::built_in()
    };
    run_all(&rules).remove(0)
}

#[test]
fn a_test_that_agrees_has_no_failure() {
    let outcome = outcome(three_turns(&[Action::Callback]));
    assert_eq!(outcome.name, "nobody answers");
    assert_eq!(outcome.failure, None);
}

#[test]
fn a_failure_says_what_was_expected_what_came_and_why() {
    let failure = outcome(three_turns(&[Action::Wait])).failure;
    assert_eq!(
        failure.as_deref(),
        Some(
            "expected wait, got callback (rule `rule_of_three`: third exchange was not a \
             thank-you; exchange 3 of case 1)"
        )
    );
    let failure = outcome(three_turns(&[])).failure.expect("a failure");
    assert!(
        failure.starts_with("expected none, got callback"),
        "{failure}"
    );
}

#[test]
fn softness_and_rule_are_checked_where_they_are_given() {
    let soft = RuleTest {
        soft: Some(true),
        rule: Some("urgent".to_owned()),
        ..three_turns(&[Action::Callback])
    };
    let failure = outcome(soft).failure.expect("a failure");
    assert!(
        failure.starts_with("expected a soft callback, got a loud one; expected the rule `urgent`"),
        "{failure}"
    );
    let loud = RuleTest {
        soft: Some(false),
        rule: Some("rule_of_three".to_owned()),
        ..three_turns(&[Action::Callback])
    };
    assert_eq!(outcome(loud).failure, None);
}

#[test]
fn a_test_without_a_line_fails() {
    let empty = RuleTest {
        thread: Vec::new(),
        ..three_turns(&[])
    };
    let failure = outcome(empty).failure;
    assert_eq!(failure.as_deref(), Some("the thread has no line"));
}

#[test]
fn expected_actions_are_a_set() {
    let twice = three_turns(&[Action::Callback, Action::Callback]);
    assert_eq!(outcome(twice).failure, None);
}

#[test]
fn a_rule_that_looks_for_a_tag_can_be_tested() {
    let rules = br#"
        [[rules]]
        name = "vip"
        when = { tags = "vip" }
        then = "callback"
        [[tests]]
        thread = ["customer: Hello, a question"]
        tags = "vip"
        expect = "callback"
        rule = "vip"
        [[tests]]
        thread = ["customer: Hello, a question"]
        expect = "none"
    "#;
    let rules = Rules::parse(rules, "rules.toml", None).expect("valid rules");
    let outcomes = run_all(&rules);
    assert!(
        outcomes.iter().all(|outcome| outcome.failure.is_none()),
        "{outcomes:?}"
    );
}
