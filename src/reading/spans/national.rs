//! National identity numbers. A form that nobody writes by accident (an SSN's 3-2-4, a CPF's
//! dots, letters with a check) stands for itself; a bare run of digits with a weak check counts
//! only near a word for such a number, or order and meter numbers would be flagged.

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    beside, checksums as check,
    compact::{self, Compact},
    cues::{self, Cue, Sign},
    folded::Folded,
    numbers::{Group, bounds, count, is_shaped},
};

/// The most groups that one of these numbers is written in: a French NIR's seven.
const MOST_GROUPS: usize = 7;

/// The national ids in one run of digits: the whole run, or a part of it that its separators or a
/// word set apart ("SSN 123-45-6789 4/5").
pub(super) fn in_run(folded: &Folded, signs: &[Sign], run: &[Group]) -> Vec<SensitiveSpan> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < run.len() {
        let lengths = (1..=MOST_GROUPS.min(run.len() - first)).rev();
        let part = lengths
            .filter_map(|length| run.get(first..first + length))
            .find(|part| is_one(folded, signs, run, part));
        let span = part
            .and_then(bounds)
            .and_then(|(start, end)| folded.span(SpanKind::NationalId, start, end));
        found.extend(span);
        first += part.map_or(1, <[Group]>::len);
    }
    found
}

/// Whether a part of a run is a national id.
fn is_one(folded: &Folded, signs: &[Sign], run: &[Group], part: &[Group]) -> bool {
    let Some((start, end)) = bounds(part) else {
        return false;
    };
    if !(9..=15).contains(&count(part))
        || !folded.is_free(start, end)
        || folded.before(start) == b'+'
    {
        return false;
    }
    let digits = folded.digits(start, end);
    is_called_one(signs, start, end, &digits) && is_spaced(folded, run, part)
        || is_written_as_one(folded, part, &digits)
            && (is_set_apart(folded, run, part) || is_near_word(signs, start, end))
}

/// Whether only spaces tie a part to the rest of its run: "482.913.756-82" holds no number of nine
/// digits, whatever word stands before it.
fn is_spaced(folded: &Folded, run: &[Group], part: &[Group]) -> bool {
    let (Some((start, end)), Some((run_start, run_end))) = (bounds(part), bounds(run)) else {
        return false;
    };
    (start == run_start || folded.before(start) == b' ')
        && (end == run_end || folded.at(end) == b' ')
}

/// Whether the separators around a part are others than those within.
fn is_set_apart(folded: &Folded, run: &[Group], part: &[Group]) -> bool {
    let (Some((start, end)), Some((run_start, run_end))) = (bounds(part), bounds(run)) else {
        return false;
    };
    let inner = folded.slice(start, end);
    let is_apart = |at_edge: bool, outer: u8| at_edge || outer == b' ' && !inner.contains(' ');
    is_apart(start == run_start, folded.before(start)) && is_apart(end == run_end, folded.at(end))
}

fn is_near_word(signs: &[Sign], start: usize, end: usize) -> bool {
    [Cue::SocialSecurity, Cue::NationalId]
        .iter()
        .any(|cue| cues::is_near(signs, *cue, start, end))
}

/// The last four digits of a social security number next to its word: alone they open accounts.
pub(super) fn last_fours(folded: &Folded, signs: &[Sign]) -> Vec<SensitiveSpan> {
    let last_four: beside::ValueAt = |folded, at| beside::grouped_digits(folded, at, b" -.", 4..=4);
    signs
        .iter()
        .filter(|sign| {
            // "Social" alone says too little about four digits.
            sign.cue == Cue::SocialSecurity && folded.slice(sign.start, sign.end) != "social"
        })
        .filter_map(|sign| beside::value(folded, sign, last_four))
        .filter_map(|(start, end)| folded.span(SpanKind::NationalId, start, end))
        .collect()
}

/// Whether the grouping alone gives the number away.
fn is_written_as_one(folded: &Folded, run: &[Group], digits: &[u8]) -> bool {
    match digits.len() {
        9 => is_shaped(folded, run, &[3, 2, 4]) && check::is_us_ssn(digits),
        11 => {
            is_shaped(folded, run, &[2, 3, 3, 3]) && check::is_de_tax_id(digits)
                || is_cpf_shaped(folded, run) && check::is_br_cpf(digits)
        }
        12 => is_shaped(folded, run, &[4, 4, 4]) && check::is_in_aadhaar(digits),
        15 => {
            let text: String = digits
                .iter()
                .map(|digit| char::from(digit + b'0'))
                .collect();
            check::is_fr_nir(&text)
        }
        _ => false,
    }
}

/// `123.456.789-09`
fn is_cpf_shaped(folded: &Folded, run: &[Group]) -> bool {
    let Some((start, end)) = bounds(run) else {
        return false;
    };
    let marks: Vec<u8> = folded
        .slice(start, end)
        .bytes()
        .filter(|byte| !byte.is_ascii_digit())
        .collect();
    let lengths: Vec<usize> = run.iter().map(|group| group.len()).collect();
    lengths == [3, 3, 3, 2] && marks == b"..-"
}

/// Whether a word near the number says what it is, and the check agrees.
fn is_called_one(signs: &[Sign], start: usize, end: usize, digits: &[u8]) -> bool {
    let is_near = |cue| cues::is_near(signs, cue, start, end);
    let is_any_valid = || {
        check::is_ca_sin(digits)
            || check::is_au_tfn(digits)
            || check::is_nl_bsn(digits)
            || check::is_de_tax_id(digits)
            || check::is_br_cpf(digits)
            || check::is_in_aadhaar(digits)
    };
    is_near(Cue::SocialSecurity) && check::is_us_ssn(digits)
        || is_near(Cue::NationalId) && is_any_valid()
}

/// The national id with letters in it that starts at a position.
pub(super) fn with_letters_at(folded: &Folded, signs: &[Sign], at: usize) -> Option<SensitiveSpan> {
    let end = match [folded.at(at), folded.at(at + 1)] {
        [b'x' | b'y' | b'z', b'0'..=b'9' | b'-'] | [b'0'..=b'9', _]
            if let Some(end) = dni_or_nir(folded, signs, at) =>
        {
            end
        }
        [b'a'..=b'z', b'a'..=b'z'] => nino_or_codice(folded, at)?,
        _ => return None,
    };
    folded.span(SpanKind::NationalId, at, end)
}

fn dni_or_nir(folded: &Folded, signs: &[Sign], at: usize) -> Option<usize> {
    if !may_be_dni_or_nir(folded, at) {
        return None;
    }
    let tight = Compact::read(folded, at, b".-", 9);
    if let Some((text, end)) = tight.of_length(9)
        && check::is_es_dni_or_nie(text)
    {
        return Some(end);
    }
    let loose = Compact::read(folded, at, b" .-", 15);
    if let Some((text, end)) = loose.of_length(9)
        && check::is_es_dni_or_nie(text)
        && cues::is_near(signs, Cue::NationalId, at, end)
    {
        return Some(end);
    }
    let (text, end) = loose.of_length(15)?;
    (matches!(text.get(5..7), Some("2a" | "2b")) && check::is_fr_nir(text)).then_some(end)
}

/// Whether letters stand where such a number has its own: behind eight digits, or a NIR's of
/// Corsica. Any number in a text could begin one, so this must be quick.
fn may_be_dni_or_nir(folded: &Folded, at: usize) -> bool {
    let mut first = [0; 9];
    for (slot, (byte, _)) in first.iter_mut().zip(compact::bytes(folded, at, b" .-")) {
        *slot = byte;
    }
    match first {
        [_, body @ .., letter] if letter.is_ascii_lowercase() => {
            body.iter().all(u8::is_ascii_digit)
        }
        [.., b'2', b'a' | b'b', _, _] => true,
        _ => false,
    }
}

fn nino_or_codice(folded: &Folded, at: usize) -> Option<usize> {
    // The first digit stands behind two letters or six, separators left out.
    let is_digit = |ahead: usize| folded.at(at + ahead).is_ascii_digit();
    if ![2, 3, 6, 7, 8].into_iter().any(is_digit) {
        return None;
    }
    let compact = Compact::read(folded, at, b" .-", 16);
    compact
        .ends()
        .find(|(text, _)| match text.len() {
            9 => check::is_uk_nino(text),
            16 => check::is_it_codice_fiscale(text),
            _ => false,
        })
        .map(|(_, end)| end)
}
