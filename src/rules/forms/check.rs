//! What was typed into a field: what it means, or what is wrong with it. What is kept is written in
//! one way only. A problem never says what was typed.

use jiff::civil;
use unicode_normalization::UnicodeNormalization;

use super::{FieldFormat, Localised, dates};
use crate::domain::reading::Language;

/// The longest that anything typed into a field may be, in characters.
pub const MOST_CHARACTERS: usize = 200;

/// What is wrong with what was typed, for the page to word in the customer's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// Nothing was typed.
    #[error("must not be left empty")]
    Missing,
    /// Too much was typed.
    #[error("must be at most {most} characters long")]
    TooLong {
        /// The most characters.
        most: usize,
    },
    /// Not a date, or not one that exists. `1990-05-04` and `4 May 1990` are.
    #[error("must be a date with its day, month and year in full")]
    NotADate,
    /// Day or month may come first: the month should be written as a word.
    #[error("must say which number is the month")]
    UnclearDate,
    /// A date that has not been yet.
    #[error("must be a date that has been")]
    DateAhead,
    /// A date longer ago than anybody lives.
    #[error("must be a date of the last 130 years")]
    DateTooLongAgo,
    /// Not an e-mail address.
    #[error("must be an e-mail address")]
    NotAnEmail,
    /// Not a phone number.
    #[error("must be a phone number")]
    NotAPhone,
    /// A phone number without `+` and the country's code.
    #[error("must begin with + and the country's code")]
    NoCountryCode,
    /// Not digits, or too few or too many of them.
    #[error("must have {least} to {most} digits")]
    NotSoManyDigits {
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
    /// None of the choices.
    #[error("must be one of the choices")]
    NotAChoice,
}

impl FieldFormat {
    /// What was typed, as it is kept; see [`super::FormField::check`]. Nothing typed is
    /// [`FieldProblem::Missing`], also where the field is optional.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(
        &self,
        typed: &str,
        language: Language,
        today: civil::Date,
    ) -> Result<String, FieldProblem> {
        if typed.chars().nth(MOST_CHARACTERS).is_some() {
            let most = MOST_CHARACTERS;
            return Err(FieldProblem::TooLong { most });
        }
        let typed = one_line(typed);
        if typed.is_empty() {
            return Err(FieldProblem::Missing);
        }
        match self {
            Self::Text => Ok(typed),
            Self::Date => {
                dates::check(&plain(&typed), language, today).map(|date| date.to_string())
            }
            Self::Email => email(&plain(&typed)),
            Self::Phone => phone(&plain(&typed)),
            Self::Digits { least, most } => digits(&plain(&typed), *least, *most),
            Self::Choice(choices) => choice(&typed, choices),
        }
    }
}

/// Composed (NFC), in one line, without space at its ends or twice in a row and without characters
/// that nobody sees.
fn one_line(typed: &str) -> String {
    let composed: String = typed.nfc().filter(|c| !is_unseen(*c)).collect();
    let words: Vec<&str> = composed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Marks of direction and of width zero, which come along when a number is copied. Joiners stay:
/// names in some scripts need them.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// Full-width forms and the digits of other scripts as plain ones.
fn plain(typed: &str) -> String {
    typed.nfkc().map(plain_digit).collect()
}

/// A decimal digit of the scripts that people type numbers in, as ASCII; anything else as it is.
fn plain_digit(c: char) -> char {
    // Where each script's zero stands; its digits follow in order (Unicode, general category Nd).
    const ZEROS: &[u32] = &[
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xe50,
    ];
    let value = ZEROS
        .iter()
        .find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
    value
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(c)
}

/// Digits and nothing else but what people part them with.
fn digits(typed: &str, least: u32, most: u32) -> Result<String, FieldProblem> {
    let wrong = FieldProblem::NotSoManyDigits { least, most };
    let parts = |c: char| matches!(c, ' ' | '.' | '-' | '\u{2010}'..='\u{2015}');
    let digits: String = typed.chars().filter(|c| !parts(*c)).collect();
    let count = u32::try_from(digits.len()).unwrap_or(u32::MAX);
    let fits = digits.bytes().all(|byte| byte.is_ascii_digit()) && (least..=most).contains(&count);
    if fits { Ok(digits) } else { Err(wrong) }
}

/// The parts of an address that RFC 5321 allows without quotes; its domain in lower case, because
/// there case means nothing.
fn email(typed: &str) -> Result<String, FieldProblem> {
    let address = || {
        let (local, domain) = typed.split_once('@')?;
        let dotted = |text: &str| !text.is_empty() && text.split('.').all(|part| !part.is_empty());
        let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let is_label = |label: &str| {
            !label.starts_with('-')
                && !label.ends_with('-')
                && label.len() <= 63
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let top = domain.rsplit_once('.')?.1;
        let fits = dotted(local)
            && local.len() <= 64
            && local.chars().all(is_atom)
            && dotted(domain)
            && domain.len() <= 253
            && domain.split('.').all(is_label)
            && top.chars().count() >= 2
            && !top.chars().all(|c| c.is_ascii_digit());
        fits.then(|| format!("{local}@{}", domain.to_lowercase()))
    };
    address().ok_or(FieldProblem::NotAnEmail)
}

/// A number that libphonenumber takes for a real one, in E.164.
fn phone(typed: &str) -> Result<String, FieldProblem> {
    let parts = |c: char| {
        matches!(
            c,
            ' ' | '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}'
        )
    };
    let number: String = typed.chars().filter(|c| !parts(*c)).collect();
    let number = match number.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => number,
    };
    let national = number.strip_prefix('+').unwrap_or(&number);
    if national.is_empty() || !national.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FieldProblem::NotAPhone);
    }
    if !number.starts_with('+') {
        return Err(FieldProblem::NoCountryCode);
    }
    phonenumber::parse(None, &number)
        .ok()
        .filter(phonenumber::is_valid)
        .map(|number| number.format().mode(phonenumber::Mode::E164).to_string())
        .ok_or(FieldProblem::NotAPhone)
}

/// One of the names; a page sends them as they stand in the file.
fn choice(typed: &str, choices: &[(String, Localised)]) -> Result<String, FieldProblem> {
    let chosen = choices.iter().find(|(name, _)| name == typed);
    chosen
        .map(|(name, _)| name.clone())
        .ok_or(FieldProblem::NotAChoice)
}

#[cfg(test)]
mod tests;
