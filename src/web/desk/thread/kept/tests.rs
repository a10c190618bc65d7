//! Kept tests parse as a rules file and pass under the rules that decided their threads.

use super::{NoTest, failure, kept, toml};
use crate::{
    domain::{decision::Action, reading::Correction},
    engine::tests::played::Played,
    replay::rules_tests,
    rules::Rules,
    store::rows::Cursor,
};

/// What the thread's test comes to when it stands in the rules file; `None` if it passes.
fn in_the_file(played: &Played, rules: &str) -> Option<String> {
    let test = kept(&played.thread, &played.rules).expect("a test");
    let lines = toml(&test, &played.rules);
    let file = format!("{rules}\n{lines}");
    let parsed = Rules::parse(file.as_bytes(), "rules.toml", None)
        .unwrap_or_else(|errors| panic!("{errors}\n{lines}"));
    let outcomes = rules_tests::run(&parsed, &played.reader);
    let [outcome] = outcomes.as_slice() else {
        panic!("one test was expected: {lines}");
    };
    outcome.failure.clone()
}

#[test]
fn a_thread_reads_as_a_test() {
    let played = Played::under("").plays(&[
        "c My \"bill\" is \\ wrong\nreally",
        "a+2h You can see each item under Account, Bills.",
        "c That's not what I asked! \u{202e}why?",
        "a Sorry, we look into it.",
    ]);
    let test = kept(&played.thread, &played.rules).expect("a test");
    insta::assert_snapshot!(toml(&test, &played.rules), @r#"
    [[tests]]
    name = "third exchange was not a thank-you"
    thread = [
        "customer: My \"bill\" is \\ wrong\nreally",
        "agent+2h: You can see each item under Account, Bills.",
        "customer: That's not what I asked! \u202Ewhy?",
    ]
    expect = "callback"
    soft = false
    rule = "rule_of_three"
    "#);
}

#[test]
fn kept_threads_pass_under_the_rules_that_decided_them() {
    let rules = r#"
        [channels.chat]
        exchanges = 4
        [[rules]]
        name = "vip"
        when = { words = "platinum", channels = "chat", visibility = "public" }
        then = "callback"
    "#;
    let threads: &[&[&str]] = &[
        &["c My bill is wrong"],
        &[
            "c My bill is wrong",
            "c+2h Still nothing",
            "c+2h Hello?",
            "c+2h Anybody?",
        ],
        &[
            "c Trial?",
            "a Settings, Plan, Cancel.",
            "c Done, thank you",
            "a Welcome!",
            "c thanks again",
        ],
        &[
            "c My card is 4111 1111 1111 1111",
            "a Please do not post that.",
            "c ok",
        ],
        &[
            "c hi",
            "c+20s my \"card reader\"\n\tdoes not connect \\o/ \u{1}",
            "b Soon.",
            "c   ",
        ],
        &[
            "c One",
            "a Two",
            "c thanks, solved",
            "c+4d Another thing",
            "a Yes?",
            "c RX880144",
        ],
        &[
            "a Hi, we saw your post.",
            "c My parcel is stuck",
            "a Which number?",
            "c Please call me",
        ],
        &["c I am a platinum member"],
        &[
            "c My voucher fails",
            "a May we call you?",
            "c No thanks, here is fine",
            "c+1h SUMMER10",
        ],
    ];
    let none_yet = Played::under(rules);
    for lines in threads {
        for public in [false, true] {
            let played = none_yet.another();
            let played = if public { played.in_public() } else { played };
            let played = played.plays(lines);
            assert_eq!(
                in_the_file(&played, rules),
                None,
                "{lines:?} public: {public}"
            );
        }
    }
}

#[test]
fn the_page_and_the_file_agree_on_whether_a_test_passes() {
    let played = Played::under("").plays(&["c My bill is wrong", "a Which?", "c The second one!"]);
    let mut test = kept(&played.thread, &played.rules).expect("a test");
    assert_eq!(failure(&test, &played.rules, &played.reader), None);
    test.expect = vec![Action::Wait];
    let failed = failure(&test, &played.rules, &played.reader);
    assert!(failed.is_some_and(|why| why.starts_with("expected wait, got callback")));
}

#[test]
fn a_corrected_thread_expects_what_was_decided_then() {
    let played = Played::under("")
        .plays(&[
            "c The app logs me out",
            "a Update it.",
            "c Great, thanks a lot",
        ])
        .corrected(Correction::NotThanks, |decided| {
            decided.actions = vec![Action::Callback];
            decided.rule = crate::domain::decision::RuleName::RuleOfThree;
        });
    let test = kept(&played.thread, &played.rules).expect("a test");
    assert_eq!(test.expect, [Action::Callback]);
    assert_eq!(test.rule.as_deref(), Some("rule_of_three"));
    assert!(
        in_the_file(&played, "").is_some(),
        "the reader has not learnt it yet"
    );
}

#[test]
fn a_case_that_began_before_the_page_is_no_test() {
    let mut played = Played::under("").plays(&["c One", "a Two", "c Three"]);
    played.thread.lines.remove(0);
    played.thread.older = Some(Cursor(2));
    let kept_one = kept(&played.thread, &played.rules);
    assert_eq!(kept_one, Err(NoTest::TooLong));
}

#[test]
fn a_thread_without_a_customer_is_no_test() {
    let played = Played::under("").plays(&["a Hello, we saw your post."]);
    let kept_one = kept(&played.thread, &played.rules);
    assert_eq!(kept_one, Err(NoTest::NoCustomer));
}
