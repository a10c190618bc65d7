//! Replaces sensitive data by tokens that name its kind. Must never leave part of a masked span
//! standing, and `mask` never touches phone numbers and e-mail addresses.

use crate::domain::{
    private::Private,
    reading::{Evidence, SensitiveSpan},
};

use super::spans::{CLOSE, OPEN};

/// The text with every span whose kind is masked replaced by `⟦kind⟧`. Spans may come in any
/// order, overlap or reach beyond the text. Masking a masked text changes nothing.
#[must_use]
pub fn mask(text: &str, sensitive: &[SensitiveSpan]) -> String {
    replace(text, sensitive.iter().filter(|span| span.kind.is_masked()))
}

/// The same with every span, phone numbers and e-mail addresses too: for texts that leave the house.
#[must_use]
pub fn hide(text: &str, sensitive: &[SensitiveSpan]) -> String {
    replace(text, sensitive.iter())
}

fn replace<'s>(text: &str, spans: impl Iterator<Item = &'s SensitiveSpan>) -> String {
    let mut spans: Vec<&SensitiveSpan> = spans.filter(|span| span.start < span.end).collect();
    if spans.is_empty() {
        return text.to_owned();
    }
    spans.sort_by_key(|span| span.start);
    let mut spans = spans.into_iter().peekable();
    let mut masked = String::with_capacity(text.len());
    let mut hidden_until = 0;
    for (index, char) in text.chars().enumerate() {
        while let Some(span) = spans.next_if(|span| span.start <= index) {
            if index >= hidden_until {
                masked.push(OPEN);
                masked.push_str(span.kind.as_str());
                masked.push(CLOSE);
            }
            hidden_until = hidden_until.max(span.end);
        }
        if index >= hidden_until {
            masked.push(char);
        }
    }
    masked
}

/// Masks the words that decided wherever they touch a span of their text.
pub fn mask_evidence(evidence: &mut [Evidence], text: &str, spans: &[SensitiveSpan]) {
    if spans.is_empty() {
        return;
    }
    for Evidence { words, .. } in evidence {
        let length = words.reveal().chars().count();
        let touched = text
            .match_indices(words.reveal().as_str())
            .map(|(byte, _)| text.get(..byte).map_or(0, |before| before.chars().count()))
            .map(|start| spans_within(spans, start, start + length))
            .find(|inside| !inside.is_empty());
        if let Some(inside) = touched {
            *words = Private::new(mask(words.reveal(), &inside));
        }
    }
}

/// The parts of spans that lie in `start..end` of a text, counted from `start`.
fn spans_within(spans: &[SensitiveSpan], start: usize, end: usize) -> Vec<SensitiveSpan> {
    spans
        .iter()
        .filter(|span| span.start < end && start < span.end)
        .map(|span| SensitiveSpan {
            kind: span.kind,
            start: span.start.max(start) - start,
            end: span.end.min(end) - start,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Private, SensitiveSpan, mask_evidence};
    use crate::domain::reading::{Head, SpanKind};

    /// The words as they are kept, of a text whose characters `start..end` are a PIN.
    fn kept(text: &str, words: &str, start: usize, end: usize) -> String {
        let mut evidence = [Evidence {
            head: Head::Identity,
            words: Private::new(words.to_owned()),
        }];
        let kind = SpanKind::Pin;
        mask_evidence(&mut evidence, text, &[SensitiveSpan { kind, start, end }]);
        evidence[0].words.reveal().clone()
    }

    #[test]
    fn words_that_decided_are_masked_where_the_text_is() {
        let text = "¿é? my pin is 4711, ok";
        assert_eq!(kept(text, "my pin is 4711", 14, 18), "my pin is ⟦pin⟧");
        assert_eq!(kept(text, "4711, ok", 14, 18), "⟦pin⟧, ok");
        assert_eq!(kept(text, "47", 14, 18), "⟦pin⟧");
        assert_eq!(kept(text, "my pin", 14, 18), "my pin");
    }

    #[test]
    fn words_that_stand_twice_are_masked_if_one_of_them_is_confidential() {
        assert_eq!(kept("order 4711, pin 4711", "4711", 16, 20), "⟦pin⟧");
    }
}
