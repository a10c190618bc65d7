//! Dates as customers type them, with their year: in figures in the order of their language, or
//! with the month as a word. Asks rather than guesses where day and month could be swapped.

use jiff::civil::Date;

use super::FieldProblem;
use crate::domain::reading::Language;

/// The oldest date that is believed, in years.
const MOST_YEARS: i16 = 130;

/// The date that was typed, which has been.
pub(super) fn check(typed: &str, language: Language, today: Date) -> Result<Date, FieldProblem> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '.' | ',' | '/' | '-' | '年' | '月' | '日')
        })
        .filter(|word| !word.is_empty() && !matches!(*word, "of" | "the" | "de" | "del" | "di"))
        .collect();
    let [first, second, third] = words.as_slice() else {
        return Err(FieldProblem::NotADate);
    };
    let date = read(first, second, third, language)?;
    if date > today {
        Err(FieldProblem::DateAhead)
    } else if today.year().saturating_sub(date.year()) > MOST_YEARS {
        Err(FieldProblem::DateTooLongAgo)
    } else {
        Ok(date)
    }
}

/// Three words as a date: `1990 05 04`, `4 may 1990`, `may 4th 1990`, `4 5 1990`.
fn read(first: &str, second: &str, third: &str, language: Language) -> Result<Date, FieldProblem> {
    const NOT: FieldProblem = FieldProblem::NotADate;
    if let Some(year) = year(first) {
        let month = month(second).or_else(|| figure(second)).ok_or(NOT)?;
        return date(year, month, day(third).ok_or(NOT)?);
    }
    let year = year(third).ok_or(NOT)?;
    if let Some(month) = month(second) {
        return date(year, month, day(first).ok_or(NOT)?);
    }
    if let Some(month) = month(first) {
        return date(year, month, day(second).ok_or(NOT)?);
    }
    let (one, other) = (figure(first).ok_or(NOT)?, figure(second).ok_or(NOT)?);
    // English is written in countries of either order; the other languages put the day first.
    let day_first = language != Language::ENGLISH;
    match (date(year, other, one), date(year, one, other)) {
        (Ok(right), _) if day_first || one == other => Ok(right),
        (Ok(_), Ok(_)) => Err(FieldProblem::UnclearDate),
        (Ok(right), Err(_)) | (Err(_), Ok(right)) => Ok(right),
        (Err(wrong), Err(_)) => Err(wrong),
    }
}

fn date(year: i16, month: i8, day: i8) -> Result<Date, FieldProblem> {
    Date::new(year, month, day).map_err(|_| FieldProblem::NotADate)
}

/// A year in full.
fn year(word: &str) -> Option<i16> {
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then(|| word.parse().ok())?
}

/// A number of one or two digits.
fn figure(word: &str) -> Option<i8> {
    let is_figure = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_figure.then(|| word.parse().ok())?
}

/// A day, as `4`, `4th`, `1er`, `1º`.
fn day(word: &str) -> Option<i8> {
    let figures = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ordinal = word.strip_prefix(figures).unwrap_or_default();
    let is_day = matches!(ordinal, "" | "st" | "nd" | "rd" | "th" | "er" | "o" | "a");
    is_day.then(|| figure(figures))?
}

/// The month of that name, in one of six languages; of a long one the beginning is enough.
fn month(word: &str) -> Option<i8> {
    MONTHS.iter().zip(1..).find_map(|(names, month)| {
        let mut names = names.split(' ');
        let named = names.any(|name| {
            name == word || name.starts_with(word) && word.chars().count() >= shortest(name)
        });
        named.then_some(month)
    })
}

/// How much of a name tells it from the others: "jui" could be June or July.
fn shortest(name: &str) -> usize {
    if name.starts_with("jui") { 4 } else { 3 }
}

/// The names of each month in English, German, Spanish, French, Portuguese and Italian, with and
/// without their accents.
const MONTHS: [&str; 12] = [
    "january januar jänner enero janvier janeiro gennaio",
    "february februar feber febrero février fevrier fevereiro febbraio",
    "march märz maerz marz marzo mars março marco mrz",
    "april abril avril aprile",
    "may mai mayo maio maggio",
    "june juni junio juin junho giugno",
    "july juli julio juillet julho luglio",
    "august agosto août aout",
    "september septiembre setiembre septembre setembro settembre",
    "october oktober octubre octobre outubro ottobre",
    "november noviembre novembre novembro",
    "december dezember diciembre décembre decembre dezembro dicembre",
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read_in(language: &str, typed: &str) -> Result<String, FieldProblem> {
        let language = Language::parse(language).unwrap();
        check(typed, language, date(2026, 3, 1)).map(|date| date.to_string())
    }

    #[test]
    fn a_date_may_be_typed_in_the_ways_of_each_language() {
        for (language, typed) in [
            ("en", "1990-05-04"),
            ("en", "1990/5/4"),
            ("en", "4 May 1990"),
            ("en", "May 4th, 1990"),
            ("en", "the 4th of May 1990"),
            ("en", "4-MAY-1990"),
            ("de", "04.05.1990"),
            ("de", "4. Mai 1990"),
            ("es", "4/5/1990"),
            ("es", "4 de mayo de 1990"),
            ("fr", "04/05/1990"),
            ("fr", "4 mai 1990"),
            ("pt", "4 de maio de 1990"),
            ("it", "4 maggio 1990"),
            ("ja", "1990年5月4日"),
        ] {
            assert_eq!(
                read_in(language, typed).as_deref(),
                Ok("1990-05-04"),
                "{typed}"
            );
        }
        assert_eq!(
            read_in("fr", "1er juillet 1990").as_deref(),
            Ok("1990-07-01")
        );
        assert_eq!(read_in("de", "3. Jan. 1990").as_deref(), Ok("1990-01-03"));
    }

    #[test]
    fn every_month_is_known_by_its_name_and_its_beginning() {
        for (names, number) in MONTHS.iter().zip(1..) {
            for name in names.split(' ') {
                let start: String = name.chars().take(shortest(name)).collect();
                assert_eq!(
                    (month(name), month(&start)),
                    (Some(number), Some(number)),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn in_english_two_numbers_that_could_both_be_the_month_are_asked_about() {
        assert_eq!(read_in("en", "04/05/1990"), Err(FieldProblem::UnclearDate));
        assert_eq!(read_in("en", "13/05/1990").as_deref(), Ok("1990-05-13"));
        assert_eq!(read_in("en", "05/13/1990").as_deref(), Ok("1990-05-13"));
        assert_eq!(read_in("en", "05/05/1990").as_deref(), Ok("1990-05-05"));
        assert_eq!(read_in("de", "13/31/1990"), Err(FieldProblem::NotADate));
    }

    #[test]
    fn a_date_must_exist_and_have_been() {
        for typed in [
            "1990-02-30",
            "31 April 1990",
            "4 May 90",
            "May 1990",
            "soon",
            "4 5 6 1990",
        ] {
            assert_eq!(read_in("en", typed), Err(FieldProblem::NotADate), "{typed}");
        }
        assert_eq!(read_in("en", "2 March 2026"), Err(FieldProblem::DateAhead));
        assert_eq!(read_in("en", "1 March 2026").as_deref(), Ok("2026-03-01"));
        assert_eq!(
            read_in("en", "4 May 1790"),
            Err(FieldProblem::DateTooLongAgo)
        );
    }
}
