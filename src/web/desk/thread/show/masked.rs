//! Masked text for reading: `⟦payment_card⟧` becomes a mark that says what was hidden.

use crate::{domain::reading::SpanKind, web::desk::words};

/// A piece of a masked text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::desk::thread) enum Piece {
    /// What was written.
    Text(String),
    /// What kind of data was hidden here.
    Hidden(&'static str),
}

/// The text in pieces. Brackets that name no masked kind are text like any other.
pub(in crate::web::desk::thread) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟦') {
        plain.push_str(before);
        let hidden = after.split_once('⟧').and_then(|(name, behind)| {
            let kind = SpanKind::parse(name).filter(|kind| kind.is_masked())?;
            Some((kind, behind))
        });
        if let Some((kind, behind)) = hidden {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Hidden(words::span_kind(kind)));
            rest = behind;
        } else {
            plain.push('⟦');
            rest = after;
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn a_mask_says_what_was_hidden() {
        assert_eq!(
            pieces("my card ⟦payment_card⟧, PIN ⟦pin⟧"),
            [
                text("my card "),
                Piece::Hidden("payment card"),
                text(", PIN "),
                Piece::Hidden("PIN"),
            ]
        );
    }

    #[test]
    fn other_brackets_stay_as_they_were_written() {
        for written in ["⟦", "⟦phone⟧", "⟦nonsense⟧ ⟦", "a ⟧ b", "⟦⟦email⟧⟧"]
        {
            assert_eq!(pieces(written), [text(written)], "{written}");
        }
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn a_mask_within_brackets_is_still_found() {
        assert_eq!(pieces("⟦⟦pin⟧"), [text("⟦"), Piece::Hidden("PIN")]);
    }
}
