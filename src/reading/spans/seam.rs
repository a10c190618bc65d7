//! Where one text ends and the next begins: whether the first stops in the middle of something, and
//! whether what stands on both sides can be one datum. Must not find data itself.

use crate::domain::reading::SensitiveSpan;

use super::{
    beside::is_not_measured,
    cues::{self, Cue},
    folded::{Folded, is_word},
};

/// How much of a text's end may announce what comes next, in scalar values.
const TAIL: usize = 48;
/// How far from the end a digit may stand, in folded bytes: a number may be cut behind its letters.
const DIGIT_WITHIN: usize = 8;
/// How much behind a value tells what it is, in scalar values.
const BEHIND: usize = 32;
/// A piece of a number that is shorter needs to stand alone.
const SHORT: usize = 3;

/// Whether a text ends in digits or with a word that announces a value, so that the next one may go
/// on with it. Cheap; says yes too often. `known` is what is found in the text already.
pub(in crate::reading) fn trails(text: &str, known: &[SensitiveSpan]) -> bool {
    let cut = text.char_indices().rev().nth(TAIL - 1);
    let (before, tail) = text.split_at(cut.map_or(0, |(cut, _)| cut));
    let skipped = before.chars().count();
    let hidden: Vec<SensitiveSpan> = known
        .iter()
        .filter(|span| span.kind.is_masked() && span.end > skipped)
        .map(|span| SensitiveSpan {
            start: span.start.saturating_sub(skipped),
            end: span.end - skipped,
            ..*span
        })
        .collect();
    let folded = Folded::new(tail, &hidden);
    let words_end = folded
        .text()
        .trim_end_matches(|c: char| !c.is_alphanumeric());
    let mut last = words_end.bytes().rev().take(DIGIT_WITHIN);
    last.any(|byte| byte.is_ascii_digit())
        || cues::find(&folded).iter().any(|sign| announces(sign.cue))
}

/// Whether a word is followed by a value that nothing else gives away.
const fn announces(cue: Cue) -> bool {
    !matches!(cue, Cue::Bank | Cue::Card | Cue::Phone | Cue::Record)
}

/// Whether a value of which a part ends or lies in `text` at `start` is not announced as something
/// else there ("order number 4111…").
pub(in crate::reading) fn is_no_record(text: &str, start: usize) -> bool {
    let skipped = start.saturating_sub(TAIL);
    let before: String = text.chars().take(start).skip(skipped).collect();
    let folded = Folded::new(&before, &[]);
    let newest = cues::find(&folded).pop();
    newest.is_none_or(|sign| sign.cue != Cue::Record)
}

/// Whether a value that ends in `text` at `end` is not counted or named as something else there
/// ("1111 euros", "4711 is my order"). `length` is how much of it stands in the text.
pub(in crate::reading) fn is_unmeasured(text: &str, end: usize, length: usize) -> bool {
    let rest: String = text.chars().skip(end).take(BEHIND).collect();
    let folded = Folded::new(&rest, &[]);
    let alone = !folded.text().bytes().any(is_word);
    let is_priced = rest
        .trim_start()
        .starts_with(['$', '€', '£', '¥', '₹', '%']);
    let is_record = cues::find(&folded)
        .first()
        .is_some_and(|sign| sign.cue == Cue::Record);
    is_not_measured(&folded, 0) && !is_priced && !is_record && (length >= SHORT || alone)
}

/// Whether nothing but a value stands in a text: from `start` to `end`.
pub(in crate::reading) fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let mut chars = text.chars();
    let before = chars.by_ref().take(start).any(char::is_alphanumeric);
    let after = chars
        .skip(end.saturating_sub(start))
        .any(char::is_alphanumeric);
    !before && !after
}
