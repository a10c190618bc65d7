//! Replaces sensitive data by tokens that name its kind. Must never leave part of a masked span
//! standing, and `mask` never touches phone numbers and e-mail addresses.

use crate::domain::reading::SensitiveSpan;

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
