//! Both styles of labels, and lines that cannot be used.

use super::*;

fn example(line: &str) -> Example {
    match Labelled::parse(line) {
        Ok(Labelled::Message(example)) => example,
        other => panic!("{other:?} is no message"),
    }
}

/// What the labels of a message tell, by name.
fn told(party: &str, labels: &str) -> Vec<(&'static str, bool)> {
    let line = format!(r#"{{"party":"{party}","text":"x","labels":{labels}}}"#);
    let heads = example(&line).truth.heads;
    let name = |head| HEADS.iter().find(|(known, _)| *known == head);
    let named = heads.iter().map(|(head, is)| (name(*head), *is));
    named
        .map(|(named, is)| (named.expect("a measured head").1, is))
        .collect()
}

fn problem(line: &str) -> String {
    Labelled::parse(line).expect_err("a bad line").to_string()
}

#[test]
fn our_own_labels_tell_every_head_of_a_customers_message() {
    assert_eq!(
        told(
            "customer",
            r#"{"closing":"waiting","waits_for":"us","wants_call":true,"wants_text":"case",
                "unsolved":false,"answers":true,"identity":{"kind":"offered","level":"identifying"}}"#
        ),
        [
            ("thanks", false),
            ("waiting", true),
            ("wants_call", true),
            ("wants_text", true),
            ("unsolved", false),
            ("answers", true),
            ("identity", true),
        ]
    );
}

#[test]
fn null_is_an_answer_where_a_label_may_be_none_and_unknown_where_it_is_yes_or_no() {
    assert_eq!(
        told(
            "customer",
            r#"{"closing":null,"wants_text":null,"identity":null,"wants_call":null,"unsolved":null}"#
        ),
        [
            ("thanks", false),
            ("waiting", false),
            ("wants_text", false),
            ("identity", false),
        ]
    );
}

#[test]
fn what_has_no_label_is_not_measured() {
    assert_eq!(told("customer", "{}"), []);
}

#[test]
fn an_enquiry_that_needs_a_check_neither_asks_nor_offers() {
    let needed = r#"{"identity":{"kind":"needed","level":"confidential"}}"#;
    assert_eq!(told("customer", needed), [("identity", false)]);
}

#[test]
fn of_an_agents_message_only_identity_is_measured() {
    let labels = r#"{"identity":{"kind":"asked","level":"identifying"},"marks":["asks"],"wants_call":false}"#;
    assert_eq!(told("agent", labels), [("identity", true)]);
}

#[test]
fn public_labels_tell_of_thanks_and_of_waiting_what_they_know() {
    for (labels, wanted) in [
        (
            r#"{"closing_thanks":true,"fine":"closing_thanks"}"#,
            vec![("thanks", true), ("waiting", false)],
        ),
        (
            r#"{"closing_thanks":false,"fine":"thanks_pending"}"#,
            vec![("thanks", false), ("waiting", true)],
        ),
        (
            r#"{"closing_thanks":false,"fine":"thanks_complaint"}"#,
            vec![("thanks", false), ("waiting", false)],
        ),
        (
            r#"{"closing_thanks":false,"fine":"other"}"#,
            vec![("thanks", false)],
        ),
    ] {
        assert_eq!(told("customer", labels), wanted, "{labels}");
    }
}

#[test]
fn public_labels_tell_of_calls_text_and_identity() {
    let calls = r#"{"call_request":true,"stay_in_text":null,"kind":"call"}"#;
    assert_eq!(told("customer", calls), [("wants_call", true)]);
    let text = r#"{"call_request":null,"stay_in_text":true}"#;
    assert_eq!(told("customer", text), [("wants_text", true)]);
    for (direction, wanted) in [
        ("ask", vec![("identity", true)]),
        ("offer", vec![("identity", true)]),
        ("none", vec![("identity", false)]),
        ("topic", vec![]),
    ] {
        let labels = format!(r#"{{"verification":true,"direction":"{direction}"}}"#);
        assert_eq!(told("agent", &labels), wanted, "{direction}");
    }
}

#[test]
fn the_slice_is_the_source_where_there_is_none() {
    let of = |more: &str| {
        let line = format!(r#"{{"party":"agent","text":"x","labels":{{}}{more}}}"#);
        example(&line).group
    };
    assert_eq!(of("").language, "und");
    assert_eq!(of("").slice, None);
    let both = of(r#","lang":"pl","source":"twacs","slice":"sarcasm""#);
    assert_eq!(
        (both.language.as_str(), both.slice.as_deref()),
        ("pl", Some("sarcasm"))
    );
    assert_eq!(of(r#","source":"twacs""#).slice.as_deref(), Some("twacs"));
}

#[test]
fn what_people_could_disagree_about_is_left_out() {
    for line in [
        r#"{"party":"customer","text":"x","labels":{"closing_thanks":true,"borderline":true}}"#,
        r#"{"turns":[],"gold":{"third_closing_thanks":true,"borderline":true}}"#,
    ] {
        assert!(
            matches!(Labelled::parse(line), Ok(Labelled::LeftOut)),
            "{line}"
        );
    }
}

#[test]
fn a_thread_tells_of_the_customers_second_and_third_turn() {
    let line = r#"{"turns":[{"party":"customer","text":"a"},{"party":"agent","text":"b"}],
        "gold":{"second_fine":"thanks_request","third_closing_thanks":true,"third_fine":null}}"#;
    let Ok(Labelled::Thread(thread)) = Labelled::parse(line) else {
        panic!("no thread");
    };
    assert_eq!(thread.messages.len(), 2);
    let turns: Vec<_> = thread
        .turns
        .iter()
        .map(|(turn, truth)| (*turn, truth.closing))
        .collect();
    assert_eq!(turns, [(2, Some("none")), (3, Some("thanks"))]);
}

#[test]
fn a_bad_line_says_what_to_mend_and_nothing_of_the_message() {
    for (line, wanted) in [
        (
            "{\"party\":",
            "this is not JSON (column 9): write one object a line",
        ),
        (
            "[]",
            "this is no object: write {\"party\":…,\"text\":…,\"labels\":{…}}",
        ),
        (
            r#"{"party":"customer","text":"secret"}"#,
            "`labels` is missing: give an object of labels, such as {\"closing\":\"thanks\"}",
        ),
        (
            r#"{"text":"secret","labels":{}}"#,
            "`party` is missing: give \"customer\" or \"agent\"",
        ),
        (
            r#"{"party":"secret","text":"x","labels":{}}"#,
            "`party` must be \"customer\" or \"agent\"",
        ),
        (
            r#"{"party":"agent","labels":{}}"#,
            "`text` is missing: give the message",
        ),
        (
            r#"{"party":"agent","text":["secret"],"labels":{}}"#,
            "`text` must be a text",
        ),
        (
            r#"{"party":"customer","text":"x","labels":{"closing":"secret"}}"#,
            "`closing` must be \"thanks\", \"waiting\" or null",
        ),
        (
            r#"{"party":"customer","text":"x","labels":{"unsolved":"secret"}}"#,
            "`unsolved` must be true, false or null",
        ),
        (
            r#"{"turns":[{"party":"customer","text":"secret"}]}"#,
            "`gold` is missing: give an object of labels, such as {\"third_closing_thanks\":true}",
        ),
    ] {
        assert_eq!(problem(line), wanted, "{line}");
    }
}
