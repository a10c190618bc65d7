//! Phone numbers and e-mail addresses: how we ring back. Never masked, only flagged in public.
//!
//! Only what is written like a phone number is looked up in libphonenumber's tables: digits that
//! could be one are everywhere.

use phonenumber::country;

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    cues::{self, Cue, Sign},
    dates,
    folded::{Folded, is_word},
    numbering,
    numbers::{Group, bounds},
};

/// Where a number that begins with 0 may be at home.
const WITH_TRUNK_ZERO: &[country::Id] = &[
    country::Id::DE,
    country::Id::GB,
    country::Id::FR,
    country::Id::IT,
    country::Id::NL,
    country::Id::AT,
    country::Id::CH,
    country::Id::BE,
    country::Id::AU,
    country::Id::IN,
    country::Id::BR,
];

/// Where a number that does not may be.
const WITHOUT_TRUNK_ZERO: &[country::Id] = &[
    country::Id::US,
    country::Id::ES,
    country::Id::IT,
    country::Id::PT,
    country::Id::BR,
    country::Id::MX,
    country::Id::IN,
    country::Id::PL,
];

/// The phone number that begins with a run of digits, and how many runs it takes; if the whole is
/// none, what is left without the last group or two ("650-253-0000 2 pm").
pub(super) fn phone(
    folded: &Folded,
    signs: &[Sign],
    runs: &[Vec<Group>],
    index: usize,
) -> Option<(SensitiveSpan, usize)> {
    let (start, end, used) = stretch(folded, runs, index)?;
    if end - start > LONGEST_PHONE {
        return None;
    }
    let groups: Vec<Group> = runs.get(index..index + used)?.concat();
    let shortest = groups.len().saturating_sub(2).max(1);
    let is_own = |length: &usize| {
        let last = groups.get(length - 1).map_or(start, |group| group.end);
        *length == groups.len() || folded.at(last) == b' '
    };
    let end = (shortest..=groups.len())
        .rev()
        .filter(is_own)
        .filter_map(|length| groups.get(..length))
        .find(|groups| is_phone(folded, signs, start, groups))
        .and_then(|groups| groups.last())?
        .end;
    Some((folded.span(SpanKind::Phone, start, end)?, used))
}

/// The most bytes that a written phone number takes, a stray group behind it included.
const LONGEST_PHONE: usize = 40;

/// Whether the number from `start` to the last of its groups is a phone number.
fn is_phone(folded: &Folded, signs: &[Sign], start: usize, groups: &[Group]) -> bool {
    let Some((first, end)) = bounds(groups) else {
        return false;
    };
    let digits: String = folded
        .slice(start, end)
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(char::from)
        .collect();
    if !(7..=15).contains(&digits.len()) || !is_apart(folded, start, end) {
        return false;
    }
    if folded.at(start) == b'+' {
        let announced = announced(signs, start) == Some(true) && digits.len() >= 10;
        numbering::is_international(&digits, announced)
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.len() >= 9 && numbering::is_international(rest, false)
    } else {
        is_national(folded, signs, groups, &digits, first)
    }
}

/// The stretch that a number written from this run on takes: a plus sign or bracket before it,
/// and the runs that brackets or slashes tie to it ("+49 (0)30 …", "(020) 7946 …", "030/…").
fn stretch(folded: &Folded, runs: &[Vec<Group>], index: usize) -> Option<(usize, usize, usize)> {
    let (mut start, mut end) = bounds(runs.get(index)?)?;
    for mark in [b'(', b'+'] {
        if folded.before(start) == mark {
            start -= 1;
        }
    }
    let mut used = 1;
    while let Some((next_start, next_end)) = runs.get(index + used).and_then(|run| bounds(run)) {
        let between = folded.slice(end, next_start);
        let tied = matches!(between, ")" | ") " | " (" | "(" | ")-" | "/" | " / ");
        let brackets = folded.slice(start, next_end).bytes();
        let open: i32 = brackets
            .map(|byte| i32::from(byte == b'(') - i32::from(byte == b')'))
            .sum();
        if !tied || used > 2 || open < 0 || next_end - start > 32 {
            break;
        }
        end = next_end;
        used += 1;
    }
    Some((start, end, used))
}

/// Whether the number stands by itself: no letter, link, handle, decimal or further figure.
fn is_apart(folded: &Folded, start: usize, end: usize) -> bool {
    let linked = matches!(
        folded.before(start),
        b'/' | b'=' | b'_' | b'#' | b'@' | b'&' | b'$' | b'%' | b'-' | b'.' | b'+'
    ) || folded.before(start) == b',' && folded.before(start - 1).is_ascii_digit();
    let goes_on =
        matches!(folded.at(end), b',' | b':' | b'/' | b'.') && folded.at(end + 1).is_ascii_digit();
    folded.is_free(start, end)
        && !linked
        && !goes_on
        && !matches!(folded.at(end), b'%' | b'_' | b'@')
}

/// Whether the nearest telling word before a number makes it a phone number or something else.
fn announced(signs: &[Sign], start: usize) -> Option<bool> {
    let before = cues::nearby(signs, start.saturating_sub(40), start);
    before.iter().rev().find_map(|sign| match sign.cue {
        Cue::Phone => Some(true),
        Cue::Record
        | Cue::Account
        | Cue::BankAccount
        | Cue::Routing
        | Cue::NationalId
        | Cue::SocialSecurity
        | Cue::Passport
        | Cue::Card => Some(false),
        _ => None,
    })
}

/// A number without country code counts where no word makes it an order's or a meter's, and two of
/// three agree: a phone word announces it, it is grouped as phone numbers are, libphonenumber
/// knows it.
fn is_national(
    folded: &Folded,
    signs: &[Sign],
    groups: &[Group],
    digits: &str,
    start: usize,
) -> bool {
    if digits.len() > 13 || dates::date_at(folded, start).is_some() || is_ip_address(folded, groups)
    {
        return false;
    }
    let homes = homes_by_grouping(groups, digits);
    match announced(signs, start) {
        Some(false) => false,
        None => is_valid_in(homes, digits),
        Some(true) => {
            let anywhere = if digits.starts_with('0') {
                WITH_TRUNK_ZERO
            } else {
                WITHOUT_TRUNK_ZERO
            };
            !homes.is_empty() || is_valid_in(anywhere, digits)
        }
    }
}

fn is_valid_in(countries: &[country::Id], digits: &str) -> bool {
    countries
        .iter()
        .any(|country| numbering::is_national(*country, digits))
}

/// The countries that group their numbers like this one.
fn homes_by_grouping(groups: &[Group], digits: &str) -> &'static [country::Id] {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let trunk_zero = digits.starts_with('0');
    match lengths.as_slice() {
        [2..=5, _, ..] if trunk_zero && (9..=12).contains(&digits.len()) => WITH_TRUNK_ZERO,
        _ if trunk_zero => &[],
        [3, 3, 4] | [1, 3, 3, 4] => &[country::Id::US],
        [3, 3, 3] | [3, 2, 2, 2] | [2, 3, 2, 2] => {
            &[country::Id::ES, country::Id::PT, country::Id::PL]
        }
        [2, 4 | 5, 4] => &[country::Id::BR],
        _ => &[],
    }
}

fn is_ip_address(folded: &Folded, groups: &[Group]) -> bool {
    let dots = groups
        .iter()
        .zip(groups.iter().skip(1))
        .filter(|(left, right)| folded.slice(left.end, right.start) == ".")
        .count();
    groups.len() == 4 && dots == 3 && groups.iter().all(|group| group.len() <= 3)
}

/// The e-mail address around an `@` (RFC 5321's dot-string and domain, without quoted parts).
pub(super) fn email_at(folded: &Folded, at: usize) -> Option<SensitiveSpan> {
    let mut start = at;
    while at - start < 64 && is_local(folded.before(start)) {
        start -= 1;
    }
    start = folded.after(start, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'+'));
    let longest = at + 1 + 253;
    let mut end = at + 1;
    while end < longest && (is_word(folded.at(end)) || matches!(folded.at(end), b'-' | b'.')) {
        end += 1;
    }
    while end > at && matches!(folded.before(end), b'.' | b'-') {
        end -= 1;
    }
    let local = folded.slice(start, at);
    let domain = folded.slice(at + 1, end);
    let (_, top) = domain.rsplit_once('.')?;
    let is_address = start < at
        && !matches!(folded.before(start), b'@' | b'/')
        && !is_local(folded.before(start))
        && !local.contains("..")
        && !local.ends_with('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && top.len() >= 2
        && top
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte >= 0x80)
        && folded.at(end) != b'@';
    is_address.then(|| folded.span(SpanKind::Email, start, end))?
}

/// Whether a byte may stand in the local part. `/`, `=` and their like are allowed by the syntax
/// but in chat they belong to links.
fn is_local(byte: u8) -> bool {
    is_word(byte) || b".!$%&'*+-^_`{|}~".contains(&byte)
}
