//! Dates as people write them, and birth dates: a date next to a birth word.

use std::{collections::HashSet, sync::LazyLock};

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    beside,
    cues::{Cue, Sign},
    fillers::{self, words},
    folded::{Folded, is_word},
};

/// The birth dates of a text.
pub(super) fn births(folded: &Folded, signs: &[Sign]) -> Vec<SensitiveSpan> {
    signs
        .iter()
        .filter_map(|sign| {
            let (start, end) = match sign.cue {
                Cue::Birth => birth(folded, sign)?,
                Cue::Birthday => birthday(folded, sign)?,
                _ => return None,
            };
            folded.span(SpanKind::BirthDate, start, end)
        })
        .collect()
}

/// Behind a birth word, perhaps with a place between ("born in Lisbon on …"), or before it.
fn birth(folded: &Folded, sign: &Sign) -> Option<(usize, usize)> {
    let landing = fillers::after_fillers(folded, after_format(folded, sign.end));
    if let Some(end) = birth_at(folded, landing.at) {
        return Some((landing.at, end));
    }
    // "née à" holds the place's own word already.
    let place = match folded.slice(sign.start, sign.end) {
        "ne a" | "nee a" => sign.end - 1,
        _ => sign.end + 1,
    };
    after_place(folded, place).or_else(|| before(folded, sign.start))
}

/// Steps over what forms put behind the word: "date of birth (dd/mm/yyyy):", "DOB, ".
fn after_format(folded: &Folded, at: usize) -> usize {
    let open = folded.after(at, |byte| byte == b' ');
    let close = folded.after(open, |byte| !matches!(byte, b')' | b'\n' | b'0'..=b'9'));
    let at = if folded.at(open) == b'(' && folded.at(close) == b')' && close - open < 24 {
        close
    } else {
        at
    };
    folded.after(at, |byte| matches!(byte, b',' | b'.' | b')' | b'?'))
}

/// "am 4. Mai 1990 geboren", "am 4. Mai 1990 in Bonn geboren", "4/5/1990 (DOB)",
/// "4/5/1990 is my date of birth".
fn before(folded: &Folded, cue_start: usize) -> Option<(usize, usize)> {
    let mut end = fillers::before_fillers(folded, cue_start).unwrap_or(cue_start);
    let mut in_place = true;
    for _ in 0..4 {
        while matches!(folded.before(end), b' ' | b'(' | b',') {
            end -= 1;
        }
        if in_place && let Some(found) = beside::ending_at(folded, end, full_date) {
            return Some(found);
        }
        let word_end = end;
        while is_word(folded.before(end)) && word_end - end < 24 {
            end -= 1;
        }
        in_place = matches!(folded.slice(end, word_end), "in" | "zu" | "a" | "en" | "em");
    }
    None
}

/// A date with its year, or one without right behind "is" or a colon.
fn birthday(folded: &Folded, sign: &Sign) -> Option<(usize, usize)> {
    let landing = fillers::after_fillers(folded, sign.end);
    let end = if landing.linked {
        dated(folded, landing.at)
    } else {
        full_date(folded, landing.at)
    };
    if let Some(end) = end {
        return Some((landing.at, end));
    }
    beside::ending_at(
        folded,
        fillers::before_fillers(folded, sign.start)?,
        full_date,
    )
}

/// "in New York on 4 May 1990": at most five words further on, in the same sentence.
fn after_place(folded: &Folded, mut at: usize) -> Option<(usize, usize)> {
    let preposition = folded.slice(at, folded.word_end(at));
    if !matches!(preposition, "in" | "at" | "a" | "en" | "em" | "zu") {
        return None;
    }
    for _ in 0..6 {
        at = folded.word_end(at);
        at = folded.after(at, |byte| matches!(byte, b' ' | b','));
        if let Some(end) = full_date(folded, at) {
            return Some((at, end));
        }
    }
    None
}

/// Where a date of birth ends that starts at a position, in whatever form.
pub(super) fn birth_at(folded: &Folded, at: usize) -> Option<usize> {
    dated(folded, at).or_else(|| digits_only(folded, at))
}

/// Where a date that starts at a position ends, year or not.
fn dated(folded: &Folded, at: usize) -> Option<usize> {
    date_at(folded, at).map(|date| date.end)
}

/// Where a date with a year ends.
fn full_date(folded: &Folded, at: usize) -> Option<usize> {
    date_at(folded, at)
        .filter(|date| date.has_year)
        .map(|date| date.end)
}

/// `19900504`, `04051990`, `040590`.
fn digits_only(folded: &Folded, at: usize) -> Option<usize> {
    let end = folded.after(at, |byte| byte.is_ascii_digit());
    let value = |from: usize, to: usize| folded.slice(at + from, at + to).parse().unwrap_or(0);
    let fits = match end - at {
        8 => {
            is_day_and_month(value(0, 2), value(2, 4)) && is_year(value(4, 8), 4)
                || is_day_and_month(value(4, 6), value(6, 8)) && is_year(value(0, 4), 4)
        }
        6 => {
            is_day_and_month(value(0, 2), value(2, 4)) || is_day_and_month(value(2, 4), value(4, 6))
        }
        _ => false,
    };
    (fits && folded.is_free(at, end)).then_some(end)
}

/// A date found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Date {
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it names a year.
    pub(super) has_year: bool,
}

/// The date that starts at a position, in figures or with a month's name.
pub(super) fn date_at(folded: &Folded, at: usize) -> Option<Date> {
    if !folded.is_free_before(at) {
        return None;
    }
    let date = match folded.at(at) {
        b'0'..=b'9' => in_figures(folded, at).or_else(|| day_first(folded, at)),
        b'a'..=b'z' => month_first(folded, at),
        _ => None,
    }?;
    folded.is_free_after(date.end).then_some(date)
}

/// A number at a position: its value, how many digits, where it ends.
#[derive(Debug, Clone, Copy)]
struct Figure {
    value: u32,
    digits: usize,
    end: usize,
}

fn figure(folded: &Folded, at: usize) -> Option<Figure> {
    let mut end = at;
    while folded.at(end).is_ascii_digit() && end - at < 5 {
        end += 1;
    }
    Some(Figure {
        value: folded.slice(at, end).parse().ok()?,
        digits: end - at,
        end,
    })
}

/// `4/5/1990`, `1990-05-04`, `04.05.90`, `4. 5. 1990`, `04 05 1990`, `1990年5月4日`.
fn in_figures(folded: &Folded, at: usize) -> Option<Date> {
    let first = figure(folded, at)?;
    let (mark, next) = separator(folded, first.end)?;
    let second = figure(folded, next).filter(|figure| figure.digits <= 2)?;
    let (other_mark, next) = separator(folded, second.end)?;
    let third = figure(folded, next)?;
    let is_date = if first.digits == 4 {
        is_year(first.value, 4) && third.digits <= 2 && is_day_and_month(second.value, third.value)
    } else {
        first.digits <= 2
            && is_day_and_month(first.value, second.value)
            && is_year(third.value, third.digits)
    };
    let end = if folded.slice(third.end, third.end + 3) == "日" {
        third.end + 3
    } else {
        third.end
    };
    let goes_on = folded.at(end) == mark && folded.at(end + 1).is_ascii_digit();
    (mark == other_mark && is_date && !goes_on).then_some(Date {
        end,
        has_year: true,
    })
}

/// The separator at a position as one byte, and where the next figure starts.
fn separator(folded: &Folded, at: usize) -> Option<(u8, usize)> {
    if matches!(folded.slice(at, at + 3), "年" | "月") {
        return Some((b'y', at + 3));
    }
    let mark = folded.at(at);
    let next = folded.after(at + 1, |byte| byte == b' ').min(at + 3);
    matches!(mark, b'/' | b'-' | b'.' | b' ').then_some((mark, next))
}

/// `4 May 1990`, `4th of May, 1990`, `4. Mai 1990`, `4 de mayo de 1990`, `1er mai 1990`.
fn day_first(folded: &Folded, at: usize) -> Option<Date> {
    let day = figure(folded, at).filter(|day| (1..=31).contains(&day.value))?;
    let mut next = ordinal_end(folded, day.end);
    next = folded
        .after(next, |byte| matches!(byte, b' ' | b'.' | b'-' | b'/'))
        .min(next + 3);
    next = over(folded, next, &["of", "de", "di"]);
    let end = folded.word_end(next);
    is_month(folded.slice(next, end)).then(|| with_year(folded, end))
}

/// `May 4th 1990`, `May 4, 1990`.
fn month_first(folded: &Folded, at: usize) -> Option<Date> {
    let end = folded.word_end(at);
    if !is_month(folded.slice(at, end)) {
        return None;
    }
    let next = folded
        .after(end, |byte| matches!(byte, b' ' | b'.'))
        .min(end + 2);
    let next = over(folded, next, &["the"]);
    let day = figure(folded, next).filter(|day| (1..=31).contains(&day.value))?;
    Some(with_year(folded, ordinal_end(folded, day.end)))
}

/// Adds the year that follows a day and month, if one does.
fn with_year(folded: &Folded, end: usize) -> Date {
    let mut next = folded
        .after(end, |byte| {
            matches!(byte, b' ' | b',' | b'.' | b'-' | b'/' | b'\'')
        })
        .min(end + 3);
    next = over(folded, next, &["of", "de", "del", "di"]);
    let year = figure(folded, next)
        .filter(|year| is_year(year.value, year.digits) && folded.is_free_after(year.end));
    match year {
        Some(year) => Date {
            end: year.end,
            has_year: true,
        },
        None => Date {
            end,
            has_year: false,
        },
    }
}

/// Where "st", "nd", "rd", "th", "er", "º" behind a day end.
fn ordinal_end(folded: &Folded, at: usize) -> usize {
    let end = folded.word_end(at);
    if matches!(
        folded.slice(at, end),
        "st" | "nd" | "rd" | "th" | "er" | "o" | "a"
    ) {
        end
    } else {
        at
    }
}

/// Steps over one of the words and the space behind it.
fn over(folded: &Folded, at: usize, words: &[&str]) -> usize {
    let end = folded.word_end(at);
    if words.contains(&folded.slice(at, end)) {
        folded.after(end, |byte| byte == b' ')
    } else {
        at
    }
}

fn is_day_and_month(one: u32, other: u32) -> bool {
    let fits = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    fits(one, other) || fits(other, one)
}

/// A year of somebody alive, in full or as two figures.
fn is_year(value: u32, digits: usize) -> bool {
    digits == 2 || digits == 4 && (1900..2100).contains(&value)
}

fn is_month(word: &str) -> bool {
    word.len() >= 3 && MONTHS.contains(word)
}

/// Month names in six languages, folded, whole or as commonly cut.
static MONTHS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "january february march april may june july august september october november december \
         jan feb mar apr jun jul aug sep sept oct nov dec januar janner februar marz maerz mai \
         juni juli oktober dezember okt dez enero febrero marzo abril mayo junio julio agosto \
         septiembre setiembre octubre noviembre diciembre ene abr ago dic janvier fevrier mars \
         avril juin juillet aout septembre octobre novembre decembre janv fevr avr juil janeiro \
         fevereiro marco maio junho julho setembro outubro novembro dezembro fev set out gennaio \
         febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ott",
    )
});
