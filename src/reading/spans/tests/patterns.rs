//! The admin's patterns beside what Ringback finds by itself.

use proptest::prelude::*;

use super::{Patterns, SensitiveSpan, SpanKind};
use crate::{
    domain::{ids::PatternName, vocabulary::Pattern},
    reading::mask,
};

fn patterns(all: &[(&str, SpanKind)]) -> Patterns {
    let all: Vec<Pattern> = all
        .iter()
        .map(|(regex, kind)| Pattern {
            name: PatternName::parse("one").unwrap(),
            regex: (*regex).to_owned(),
            kind: *kind,
        })
        .collect();
    Patterns::new(&all).unwrap()
}

fn masked(text: &str, all: &[(&str, SpanKind)]) -> String {
    mask(text, &super::super::find(text, &patterns(all)))
}

#[test]
fn what_a_pattern_finds_is_masked_under_its_kind() {
    let members = [(r"\bM\d{4}\b", SpanKind::Custom)];
    for (text, wanted) in [
        ("I am M2024", "I am ⟦custom⟧"),
        ("M2024, M2025 and M20", "⟦custom⟧, ⟦custom⟧ and M20"),
        (
            "ümläut 👍🏽 M2024 👍🏽 M2025!",
            "ümläut 👍🏽 ⟦custom⟧ 👍🏽 ⟦custom⟧!",
        ),
        ("M٢٠٢٤", "⟦custom⟧"),
        (
            "my PIN is 4711, I am M2024",
            "my PIN is ⟦pin⟧, I am ⟦custom⟧",
        ),
        ("no number at all", "no number at all"),
        ("", ""),
    ] {
        assert_eq!(masked(text, &members), wanted, "{text}");
    }
    let accounts = [(r"\b77-\d{4}\b", SpanKind::BankAccount)];
    assert_eq!(masked("it is 77-1234", &accounts), "it is ⟦bank_account⟧");
}

#[test]
fn nothing_of_overlapping_finds_is_left_standing() {
    let greedy = |regex| [(regex, SpanKind::Custom)];
    for (text, regex, wanted) in [
        (
            "card 4111 1111 1111 1111 ok",
            r"\d{4}",
            "card ⟦payment_card⟧ ok",
        ),
        (
            "card 4111 1111 1111 1111 ok",
            r"card \d{4}",
            "⟦payment_card⟧ ok",
        ),
        (
            "card 4111 1111 1111 1111 ok",
            r"1111 ok",
            "card ⟦payment_card⟧",
        ),
        ("my PIN is 4711-B", r"4711-B", "my PIN is ⟦pin⟧"),
        ("kim@example.com", r"kim", "⟦custom⟧"),
    ] {
        assert_eq!(masked(text, &greedy(regex)), wanted, "{text} {regex}");
    }
    let both = [("abc", SpanKind::Custom), ("bcd", SpanKind::Passport)];
    assert_eq!(masked("xabcdx", &both), "x⟦passport⟧x");
}

#[test]
fn matches_of_no_length_and_mask_tokens_are_left() {
    let any = [(r"\b", SpanKind::Custom), (r"[a-z]*", SpanKind::Custom)];
    assert_eq!(masked("ab 1 cd", &any), "⟦custom⟧ 1 ⟦custom⟧");
    let letters = [(r"[a-z_]{3,}", SpanKind::Custom)];
    assert_eq!(
        masked("⟦pin⟧ abc ⟦phone⟧", &letters),
        "⟦pin⟧ ⟦custom⟧ ⟦phone⟧"
    );
}

#[test]
fn many_matches_in_a_long_text_are_counted_in_one_pass() {
    let text = "é7 ".repeat(60_000);
    let found = super::super::find(&text, &patterns(&[(r"\d", SpanKind::Custom)]));
    assert_eq!(found.len(), 60_000);
    assert_eq!((found[59_999].start, found[59_999].end), (179_998, 179_999));
}

proptest! {
    #[test]
    fn a_text_masked_by_patterns_masks_to_itself(
        text in "[a-c1-3 ⟦⟧é.@-]{0,40}",
        regex in prop::sample::select(vec![r"\d+", "[a-c]{2}", r"\b\w", "c.a", "1 ?2", "^.", "é|a$"]),
        kind in prop::sample::select(vec![SpanKind::Custom, SpanKind::Pin, SpanKind::Phone]),
    ) {
        let patterns = patterns(&[(regex, kind)]);
        let found = super::super::find(&text, &patterns);
        prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        let once = mask(&text, &found);
        let again: Vec<SensitiveSpan> = super::super::find(&once, &patterns);
        prop_assert_eq!(mask(&once, &again), once);
    }
}
