//! What holds for any text at all.

use proptest::prelude::*;

use super::{SensitiveSpan, SpanKind, assert_found, find};
use crate::{
    domain::reading::SpanKinds,
    reading::{
        mask,
        spans::{cards::RANGES, with_answers},
    },
};

fn kinds(spans: &[SensitiveSpan]) -> Vec<SpanKind> {
    spans.iter().map(|span| span.kind).collect()
}

#[test]
fn a_mask_token_is_a_span_of_its_kind_and_stays() {
    for kind in SpanKind::ALL {
        let text = format!("it is ⟦{kind}⟧ that 4711");
        let found = find(&text);
        let end = 8 + kind.as_str().len();
        assert_eq!(
            found,
            [SensitiveSpan {
                kind: *kind,
                start: 6,
                end
            }],
            "{kind}"
        );
        assert_eq!(mask(&text, &found), text);
    }
}

#[test]
fn an_unknown_mask_token_is_plain_text() {
    for text in [
        "⟦secret⟧",
        "⟦PIN⟧ here",
        "⟦ pin ⟧",
        "⟦pin",
        "pin⟧",
        "⟦⟦⟧⟧",
        "⟦⟧",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
    assert_eq!(kinds(&find("⟦x⟦pin⟧")), [SpanKind::Pin]);
}

#[test]
fn what_a_mask_token_says_does_not_announce_its_neighbour() {
    assert_eq!(kinds(&find("⟦pin⟧ 4711")), [SpanKind::Pin]);
    assert_eq!(
        kinds(&find("my password is ⟦password⟧ ok")),
        [SpanKind::Password]
    );
}

#[test]
fn masking_keeps_phone_and_email() {
    let text = "card 5555 5555 5555 4444, kim@example.com, +49 30 1234567, PIN 4711";
    let masked = mask(text, &find(text));
    assert_eq!(
        masked,
        "card ⟦payment_card⟧, kim@example.com, +49 30 1234567, PIN ⟦pin⟧"
    );
    assert_eq!(kinds(&find(&masked)), kinds(&find(text)));
}

#[test]
fn masking_survives_spans_out_of_order_overlapping_or_out_of_range() {
    let span = |start, end| SensitiveSpan {
        kind: SpanKind::Pin,
        start,
        end,
    };
    let mask = |spans: &[SensitiveSpan]| mask("añ4711", spans);
    assert_eq!(mask(&[span(2, 99)]), "añ⟦pin⟧");
    assert_eq!(mask(&[span(7, 9), span(4, 4), span(5, 2)]), "añ4711");
    assert_eq!(mask(&[span(3, 5), span(2, 4)]), "añ⟦pin⟧1");
    assert_eq!(mask(&[span(4, 6), span(0, 2)]), "⟦pin⟧47⟦pin⟧");
}

#[test]
fn the_confidential_kind_wins_a_stretch() {
    assert_found(
        SpanKind::Password,
        &["my password is <kim1990@example.com>"],
    );
    assert_found(
        SpanKind::PaymentCard,
        &["my password is <4111111111111111>"],
    );
    assert_found(
        SpanKind::PaymentCard,
        &["call my phone, <4111111111111111>"],
    );
}

#[test]
fn monstrous_texts_are_read() {
    let texts = [
        "\u{301}".repeat(100_000),
        "1".repeat(100_000),
        "1 ".repeat(100_000),
        "4111 1111 ".repeat(25_000),
        "@".repeat(100_000),
        "a@".repeat(100_000),
        "a.b@c.de".repeat(30_000),
        "password is ".repeat(20_000),
        "pin ".repeat(50_000),
        "born in ".repeat(30_000),
        "de44".repeat(60_000),
        "de44 ".repeat(50_000),
        "⟦".repeat(80_000),
        "⟦pin⟧".repeat(20_000),
        "(".repeat(100_000) + &"1) ".repeat(50_000),
        " ".repeat(200_000) + "is my pin",
    ];
    for text in texts {
        let found = find(&text);
        let masked = mask(&text, &found);
        assert!(found.iter().all(|span| span.end <= text.chars().count()));
        assert!(masked.len() <= text.len() * 12);
    }
}

/// Text that is likely to hold what the scanners look for, and what may confuse them.
fn crowded() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "4111 1111 1111 1111",
            "5555555555554444",
            "123-45-6789",
            "DE44500105175407324931",
            "password is ",
            "hunter2",
            "PIN ",
            "4711",
            "code is ",
            "482913",
            "born ",
            "4/5/1990",
            "⟦",
            "⟧",
            "pin",
            "⟦phone⟧",
            "⟦payment_card⟧",
            "kim@example.com",
            "+49 30 1234567",
            "passport ",
            "C01X00T47",
            "sort code ",
            "12-34-56",
            "\u{200b}",
            "é",
            "卡",
            "🙂",
            " is my ",
            ":",
            ".",
            "-",
            "/",
            "\n",
            "(",
            ")",
            "'",
            "\"",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,6}",
        "[a-zA-Z]{1,6}",
        "\\PC{1,3}",
        Just(" ".to_owned()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A card of any issuer and length we know, its digits of any script, with any separators.
fn written_card() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(vec![
        "",
        "",
        "",
        " ",
        "-",
        ".",
        "  ",
        " - ",
        "\u{a0}",
        "\u{2009}",
        "\u{202f}",
        "–",
        "—",
        "‑",
        "−",
        "·",
        "\u{200b}",
        "\u{2060}",
        "\u{ad}",
        "\t",
        "\u{fe0f}\u{20e3}",
    ]);
    let zero = prop::sample::select(vec![
        '0', '０', '٠', '۰', '०', '০', '๐', '𝟎', '𝟘', '၀', '០', '߀',
    ]);
    let issuer = prop::sample::select(
        RANGES
            .iter()
            .copied()
            .chain([(4, 4, 16, 16)])
            .collect::<Vec<_>>(),
    );
    (
        issuer,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        "[0-9]{19}",
        prop::collection::vec(separator, 19),
        zero,
    )
        .prop_map(
            |((first, last, shortest, longest), prefix, length, body, separators, zero)| {
                let prefix = first as usize + prefix.index((last - first + 1) as usize);
                let length = shortest + length.index(longest - shortest + 1);
                let body: String = prefix
                    .to_string()
                    .chars()
                    .chain(body.chars())
                    .take(length - 1)
                    .collect();
                let digits = format!("{body}{}", luhn_digit(&body));
                let mut card = String::new();
                for (index, (digit, separator)) in digits.chars().zip(separators).enumerate() {
                    if index > 0 {
                        card.push_str(separator);
                    }
                    let value = digit.to_digit(10).unwrap();
                    card.push(char::from_u32(u32::from(zero) + value).unwrap());
                }
                card
            },
        )
}

fn luhn_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, char)| {
            let digit = char.to_digit(10).unwrap() * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

proptest! {
    #[test]
    fn spans_are_sorted_disjoint_and_in_range(text in prop_oneof![any::<String>(), crowded()]) {
        let found = find(&text);
        let length = text.chars().count();
        prop_assert!(found.iter().all(|span| span.start < span.end && span.end <= length));
        prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }

    #[test]
    fn a_masked_text_reads_as_before_and_masks_to_itself(text in crowded()) {
        let found = find(&text);
        let masked = mask(&text, &found);
        let again = find(&masked);
        let confidential = |spans: &[SensitiveSpan]| -> Vec<SpanKind> {
            kinds(spans).into_iter().filter(|kind| kind.is_masked()).collect()
        };
        prop_assert_eq!(confidential(&again), confidential(&found), "{}", &masked);
        prop_assert_eq!(kinds(&again), kinds(&found), "{}", &masked);
        prop_assert_eq!(mask(&masked, &again), masked);
    }

    #[test]
    fn a_card_between_spaces_is_always_found(
        before in "(\\p{L}{1,8} ){0,4}",
        after in "( \\p{L}{1,8}){0,4}",
        issuer in prop::sample::select(vec!["4", "51", "2221", "6011", "3528", "62"]),
        body in "[0-9]{15}",
    ) {
        let body: String = issuer.chars().chain(body.chars()).take(15).collect();
        let card = format!("{body}{}", luhn_digit(&body));
        let start = before.chars().count();
        let wanted = SensitiveSpan { kind: SpanKind::PaymentCard, start, end: start + 16 };
        let found = find(&format!("{before}{card}{after}"));
        prop_assert!(found.contains(&wanted), "{:?}", found);
    }

    #[test]
    fn no_card_of_a_known_issuer_stays_in_any_text_with_any_separators(
        before in prop_oneof![any::<String>(), crowded()],
        after in prop_oneof![any::<String>(), crowded()],
        card in written_card(),
        around in prop::sample::select(vec![("(", ")"), ("\n\n", "\n\n"), (": ", "!\n"), ("\"", "\"")]),
    ) {
        let text = format!("{before}{}{card}{}{after}", around.0, around.1);
        let start = before.chars().count() + around.0.chars().count();
        let end = start + card.chars().count();
        let found = find(&text);
        let hides = |span: &SensitiveSpan| {
            span.kind.is_masked() && span.start <= start && end <= span.end
        };
        prop_assert!(found.iter().any(hides), "{:?} {:?}", card, found);
    }

    #[test]
    fn a_text_masked_with_its_answers_masks_to_itself(
        text in prop_oneof![any::<String>(), crowded()],
        asked_for in prop::sample::subsequence(SpanKind::ALL, 1..=SpanKind::ALL.len()),
    ) {
        let asked_for: SpanKinds = asked_for.iter().copied().collect();
        let spans = |text: &str| {
            let found = find(text);
            with_answers(text, &found, asked_for).unwrap_or(found)
        };
        let found = spans(&text);
        let length = text.chars().count();
        prop_assert!(found.iter().all(|span| span.start < span.end && span.end <= length));
        prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        let once = mask(&text, &found);
        prop_assert_eq!(mask(&once, &spans(&once)), once);
    }
}
