//! Payment cards: a whole run of digits of a known issuer's range and length that passes Luhn.
//!
//! What "a whole run" means here: all groups that [`numbers`](super::numbers) joins, so a number
//! that merely begins like a card is none. But people write the expiry or the security number
//! behind the card, so a part of a run is looked at by itself where it is written as cards are
//! (twelve digits or more in one block, or in groups of 4-4-4-4, 4-4-4-4-3, 4-6-5 or 4-6-4) and
//! what stands next to it, after a space, does not go on in the same way; next to a card word,
//! whatever stands there. A new line ends a run, but four groups of four broken over lines are
//! looked at together.
//!
//! Any such number is masked, whatever the text calls it, but for those that `is_record` tells.

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    cues::{self, Cue, Sign},
    fillers,
    folded::Folded,
    numbers::{Group, bounds, count, gap, has_one_separator, is_luhn_valid},
};

/// The shapes that cards are printed in, in groups of digits.
const SHAPES: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// The cards of one run.
pub(super) fn find(folded: &Folded, signs: &[Sign], run: &[Group]) -> Vec<SensitiveSpan> {
    if is_card(folded, run) {
        let card = (!is_record(folded, signs, run)).then(|| span(folded, run));
        return card.flatten().into_iter().collect();
    }
    if count(run) <= 12 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut first = 0;
    while first < run.len() {
        let length = part_at(folded, signs, run, first);
        if let Some(part) = run.get(first..first + length) {
            found.extend(span(folded, part));
        }
        first += length.max(1);
    }
    found
}

fn span(folded: &Folded, groups: &[Group]) -> Option<SensitiveSpan> {
    let (start, end) = bounds(groups)?;
    folded.span(SpanKind::PaymentCard, start, end)
}

/// The card whose four groups of four are broken over lines from this run on.
pub(super) fn over_lines(
    folded: &Folded,
    runs: &[Vec<Group>],
    index: usize,
) -> Option<SensitiveSpan> {
    let mut card: Vec<Group> = Vec::new();
    for run in runs.get(index..)?.iter().take(4) {
        if let (Some(last), Some(next)) = (card.last(), run.first()) {
            let gap = gap(folded, last, next);
            if gap.len() > 4 || !gap.trim_matches([' ', '\n']).is_empty() {
                return None;
            }
        }
        card.extend(run.iter().take(5));
        if card.len() >= 4 {
            break;
        }
    }
    let is_whole = card.len() == 4 && card.iter().all(|group| group.len() == 4);
    (is_whole && is_card(folded, &card)).then(|| span(folded, &card))?
}

/// How many groups from `first` on are a card by themselves; 0 if none.
fn part_at(folded: &Folded, signs: &[Sign], run: &[Group], first: usize) -> usize {
    let block = run.get(first).filter(|group| group.len() >= 12).map(|_| 1);
    let shaped = SHAPES.iter().filter_map(|shape| {
        let part = run.get(first..first + shape.len())?;
        let fits = part
            .iter()
            .zip(*shape)
            .all(|(group, length)| group.len() == *length);
        fits.then_some(shape.len())
    });
    let stands_alone = |length: &usize| {
        run.get(first..first + length).is_some_and(|part| {
            is_card(folded, part)
                && has_one_separator(folded, part)
                && (is_apart(folded, run, first, *length) || is_near_card_word(signs, part))
        })
    };
    block
        .into_iter()
        .chain(shaped)
        .find(stands_alone)
        .unwrap_or(0)
}

fn is_near_card_word(signs: &[Sign], part: &[Group]) -> bool {
    bounds(part).is_some_and(|(start, end)| cues::is_near(signs, Cue::Card, start, end))
}

/// Whether the neighbours of a part of a run are numbers of their own.
fn is_apart(folded: &Folded, run: &[Group], first: usize, length: usize) -> bool {
    let part = run.get(first..first + length).unwrap_or_default();
    let (Some(head), Some(tail)) = (part.first(), part.last()) else {
        return false;
    };
    let inner = part.get(1).map(|second| gap(folded, head, second));
    let is_other = |outer: &str, edge: &Group, neighbour: &Group| {
        let goes_on = inner == Some(outer) && neighbour.len() == edge.len();
        outer.contains(' ') && !goes_on
    };
    let left = first.checked_sub(1).and_then(|left| run.get(left));
    let right = run.get(first + length);
    left.is_none_or(|left| is_other(gap(folded, left, head), head, left))
        && right.is_none_or(|right| is_other(gap(folded, tail, right), tail, right))
}

/// Whether a word makes a number with a card's check an order's or a parcel's: one that leads
/// straight to it ("tracking number is 6759…"), with no card word near, and only where its length
/// is not that of its issuer's common cards. One in ten of all numbers in an issuer's range passes
/// Luhn, and parcels' numbers often have 12, 13 or 17 to 19 digits, cards hardly ever. A card in
/// clear costs more than a masked parcel, so with a common length no word excuses it.
fn is_record(folded: &Folded, signs: &[Sign], groups: &[Group]) -> bool {
    let Some((start, end)) = bounds(groups) else {
        return false;
    };
    let digits = folded.digits(start, end);
    let usual = match digits.as_slice() {
        [3, 4 | 7, ..] => 15,
        [3, 0 | 6 | 8 | 9, ..] => 14,
        _ => 16,
    };
    let leads = |sign: &Sign| {
        sign.cue == Cue::Record && fillers::after_fillers(folded, sign.end).at == start
    };
    digits.len() != usual
        && !cues::is_near(signs, Cue::Card, start, end)
        && cues::nearby(signs, start.saturating_sub(48), start)
            .last()
            .is_some_and(leads)
}

/// Whether some groups together are a card.
fn is_card(folded: &Folded, groups: &[Group]) -> bool {
    let Some((start, end)) = bounds(groups) else {
        return false;
    };
    let length = count(groups);
    if !(12..=19).contains(&length) || !folded.is_free(start, end) {
        return false;
    }
    // A plus sign makes it a phone number: of at most 15 digits (ITU-T E.164).
    if folded.before(start) == b'+' && length <= 15 {
        return false;
    }
    let digits = folded.digits(start, end);
    is_issued(&digits) && is_luhn_valid(&digits)
}

/// One issuer's range: first and last prefix of equally many digits, shortest and longest number.
pub(super) type Range = (u32, u32, usize, usize);

/// Issuer ranges with the lengths in use: ISO/IEC 7812 prefixes as the networks publish them
/// (collected in Wikipedia's "Payment card number").
pub(super) const RANGES: &[Range] = &[
    // American Express
    (34, 34, 15, 15),
    (37, 37, 15, 15),
    // Diners Club
    (300, 305, 14, 19),
    (3095, 3095, 14, 19),
    (36, 36, 14, 19),
    (38, 39, 14, 19),
    // JCB
    (3528, 3589, 16, 19),
    (1800, 1800, 15, 15),
    (2131, 2131, 15, 15),
    // Mastercard
    (51, 55, 16, 16),
    (2221, 2720, 16, 16),
    // Mir
    (2200, 2204, 16, 19),
    // Discover, with RuPay, Verve and Troy inside its ranges
    (6011, 6011, 16, 19),
    (644, 649, 16, 19),
    (65, 65, 16, 19),
    // UnionPay
    (62, 62, 16, 19),
    (81, 81, 16, 19),
    // RuPay
    (60, 60, 16, 16),
    (82, 82, 16, 16),
    (508, 508, 16, 16),
    (353, 353, 16, 16),
    (356, 356, 16, 16),
    // Verve, Elo, Dankort, Troy
    (506_099, 506_198, 16, 19),
    (507_865, 507_964, 16, 19),
    (506_699, 506_778, 16, 16),
    (509_000, 509_999, 16, 16),
    (504_175, 504_175, 16, 16),
    (627_780, 627_780, 16, 16),
    (636_297, 636_368, 16, 16),
    (5019, 5019, 16, 16),
    (9792, 9792, 16, 16),
    // Uzcard, Humo
    (8600, 8600, 16, 16),
    (5614, 5614, 16, 16),
    (9860, 9860, 16, 16),
    // InterPayment, InstaPayment
    (636, 636, 16, 19),
    (637, 639, 16, 16),
    // Maestro
    (5018, 5018, 12, 19),
    (5020, 5020, 12, 19),
    (5038, 5038, 12, 19),
    (5893, 5893, 12, 19),
    (6304, 6304, 12, 19),
    (6390, 6390, 12, 19),
    (6759, 6759, 12, 19),
    (6761, 6763, 12, 19),
    (676_770, 676_774, 12, 19),
];

/// Whether an issuer's range and length fit.
fn is_issued(digits: &[u8]) -> bool {
    // Visa's own lengths have gaps.
    if digits.first() == Some(&4) {
        return matches!(digits.len(), 13 | 16 | 18 | 19);
    }
    RANGES.iter().any(|&(first, last, shortest, longest)| {
        let places = first.ilog10() as usize + 1;
        let prefix = digits
            .iter()
            .take(places)
            .fold(0, |prefix, digit| prefix * 10 + u32::from(*digit));
        (first..=last).contains(&prefix) && (shortest..=longest).contains(&digits.len())
    })
}
