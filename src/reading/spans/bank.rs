//! Bank accounts: IBANs wherever they stand, other account numbers only next to their word.

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    beside,
    compact::Compact,
    cues::{Cue, Sign},
    folded::Folded,
};

/// The IBAN that starts at a position. Country, length and mod-97 (ISO 13616) are
/// `iban_validate`'s business; spaces, dots and dashes may stand anywhere in it.
pub(super) fn iban_at(folded: &Folded, at: usize) -> Option<SensitiveSpan> {
    let check = if folded.at(at + 2) == b' ' {
        at + 3
    } else {
        at + 2
    };
    let digits = [folded.at(check), folded.at(check + 1)];
    if !folded.at(at).is_ascii_lowercase() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let compact = Compact::read(folded, at, b" .-", 34);
    let ends = compact.ends().filter(|(text, _)| text.len() >= 15);
    let (_, end) = ends
        .filter(|(text, _)| text.to_ascii_uppercase().parse::<iban::Iban>().is_ok())
        .last()?;
    folded.span(SpanKind::Iban, at, end)
}

/// The account numbers that stand next to their words.
pub(super) fn accounts(folded: &Folded, signs: &[Sign]) -> Vec<SensitiveSpan> {
    // "Account number" may be a customer's number with us; where a bank is named it is not.
    let speaks_of_bank = signs
        .iter()
        .any(|sign| matches!(sign.cue, Cue::Bank | Cue::BankAccount | Cue::Routing));
    let mut found = Vec::new();
    for sign in signs {
        let value = match sign.cue {
            Cue::BankAccount => beside::value(folded, sign, account_number),
            Cue::Account if speaks_of_bank => beside::value(folded, sign, account_number),
            Cue::Routing => beside::value(folded, sign, routing_number),
            _ => None,
        };
        found.extend(value.and_then(|(start, end)| folded.span(SpanKind::BankAccount, start, end)));
    }
    found
}

/// An account number: 5 to 24 digits (a French RIB has 23), in groups or not, perhaps with a check letter behind a dash.
pub(super) fn account_number(folded: &Folded, at: usize) -> Option<usize> {
    let end = beside::grouped_digits(folded, at, b" .-/", 5..=24)?;
    let checked = folded.at(end) == b'-'
        && folded.at(end + 1).is_ascii_alphanumeric()
        && folded.is_free_after(end + 2);
    Some(if checked { end + 2 } else { end })
}

/// A US routing number: nine digits with the ABA's checksum, weights 3, 7, 1.
fn routing_number(folded: &Folded, at: usize) -> Option<usize> {
    let end = beside::grouped_digits(folded, at, b" -", 9..=9)?;
    let digits = folded.digits(at, end);
    let weighed = digits.iter().zip([3, 7, 1].into_iter().cycle());
    let sum: u32 = weighed
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    (sum > 0 && sum.is_multiple_of(10)).then_some(end)
}
