//! Finds the `⟦kind⟧` tokens that masking leaves, so that stored history reads as it did live.
//! A token is exact: any other name, case or spacing in the brackets is plain text.

use crate::domain::reading::{SensitiveSpan, SpanKind};

/// Opens a token.
pub(in crate::reading) const OPEN: char = '⟦';
/// Closes a token.
pub(in crate::reading) const CLOSE: char = '⟧';

/// The tokens of a text, in order.
pub(super) fn find(text: &str) -> Vec<SensitiveSpan> {
    let mut spans = Vec::new();
    let mut pieces = text.split(OPEN);
    let mut start = pieces.next().map_or(0, |piece| piece.chars().count());
    for piece in pieces {
        if let Some(kind) = piece
            .split_once(CLOSE)
            .and_then(|(name, _)| SpanKind::parse(name))
        {
            let end = start + kind.as_str().len() + 2;
            spans.push(SensitiveSpan { kind, start, end });
        }
        start += piece.chars().count() + 1;
    }
    spans
}
