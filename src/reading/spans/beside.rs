//! Values next to the word that announces them: "PIN: 4711", "4711 is my PIN".

use std::{collections::HashSet, ops::RangeInclusive, sync::LazyLock};

use super::{
    cues::Sign,
    fillers::{self, words},
    folded::Folded,
};

/// Where the value that starts at a position ends, if there is one.
pub(super) type ValueAt = fn(&Folded, usize) -> Option<usize>;

/// How many words a value before its cue may have.
const MOST_WORDS: usize = 6;
/// How many bytes a value before its cue may have.
const MOST_BYTES: usize = 40;

/// The value behind a cue, or else before it.
pub(super) fn value(folded: &Folded, sign: &Sign, value_at: ValueAt) -> Option<(usize, usize)> {
    let direct = fillers::after_fillers(folded, sign.end).at;
    for at in [Some(direct), fillers::after_phrase(folded, sign.end)]
        .into_iter()
        .flatten()
    {
        if folded.is_free_before(at)
            && let Some(end) = value_at(folded, at)
        {
            return Some((at, end));
        }
    }
    ending_at(
        folded,
        fillers::before_fillers(folded, sign.start)?,
        value_at,
    )
}

/// The longest value that ends at a position.
pub(super) fn ending_at(folded: &Folded, end: usize, value_at: ValueAt) -> Option<(usize, usize)> {
    let mut start = end;
    let mut longest = None;
    for _ in 0..MOST_WORDS {
        while folded.before(start) == b' ' {
            start -= 1;
        }
        while !matches!(folded.before(start), 0 | b' ' | b'\n' | b'"' | b'(') {
            if end - start > MOST_BYTES {
                return longest;
            }
            start -= 1;
        }
        if value_at(folded, start) == Some(end) {
            longest = Some((start, end));
        }
    }
    longest
}

/// The end of the digits that start at a position, in groups or not, if they are as many as asked
/// for and nothing touches them.
pub(super) fn grouped_digits(
    folded: &Folded,
    start: usize,
    separators: &[u8],
    count: RangeInclusive<usize>,
) -> Option<usize> {
    if !folded.at(start).is_ascii_digit() {
        return None;
    }
    let mut end = start;
    let mut digits = 0;
    loop {
        let group_end = folded.after(end, |byte| byte.is_ascii_digit());
        digits += group_end - end;
        end = group_end;
        let goes_on = separators.contains(&folded.at(end)) && folded.at(end + 1).is_ascii_digit();
        if digits > *count.end() || !goes_on {
            break;
        }
        end += 1;
    }
    (count.contains(&digits) && folded.is_free(start, end)).then_some(end)
}

/// Whether no unit, currency or further figure follows ("2024 euros", "10:30", "12.5").
pub(super) fn is_not_measured(folded: &Folded, end: usize) -> bool {
    let next = folded.after(end, |byte| byte == b' ');
    let measured = UNITS.contains(folded.slice(next, folded.word_end(next)));
    let goes_on =
        matches!(folded.at(end), b'.' | b',' | b':' | b'/') && folded.at(end + 1).is_ascii_digit();
    !measured && !goes_on && folded.at(end) != b'%'
}

static UNITS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "times euros euro eur usd dollars characters letters zeichen caracteres caratteri people \
         minutes hours days digits stellen mal veces fois vezes volte cifras chiffres cifre \
         digitos",
    )
});
