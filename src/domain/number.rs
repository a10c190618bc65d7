//! Phone numbers of customers: how one is written, where we have it from, and which is rung.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{hours::Zone, ids::CountryCode, time::Timestamp};

/// A phone number in E.164: `+`, the country's code and the number, at most 15 digits. Debug shows
/// nothing of it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Why a text is no [`PhoneNumber`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNumber {
    /// Without `+` and a country's code, and no country is known to read it by.
    #[error("write it with + and the country's code, such as +44 20 7946 0123")]
    NoCountryCode,
    /// No such number can be rung.
    #[error("this is no phone number; write it with + and the country's code")]
    NotANumber,
}

impl PhoneNumber {
    /// Reads a number as people write it. One without a country's code is read as one of `country`.
    ///
    /// # Errors
    /// When libphonenumber knows no such number.
    pub fn read(text: &str, country: Option<&CountryCode>) -> Result<Self, InvalidNumber> {
        let text = text.trim();
        let text = match text.strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None => text.to_owned(),
        };
        let home = country.and_then(|country| country.as_str().parse().ok());
        if home.is_none() && !text.trim_start_matches('(').starts_with(['+', '＋']) {
            return Err(InvalidNumber::NoCountryCode);
        }
        let number = phonenumber::parse(home, text).map_err(|_| InvalidNumber::NotANumber)?;
        if !phonenumber::is_valid(&number) {
            return Err(InvalidNumber::NotANumber);
        }
        Self::parse(&number.format().mode(phonenumber::Mode::E164).to_string())
    }

    /// Parses a number that is in E.164 already. Whether anybody has it is not looked at.
    ///
    /// # Errors
    /// When it is not written so.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let digits = text.strip_prefix('+').ok_or(InvalidNumber::NoCountryCode)?;
        let is_number = (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number
            .then(|| Self(text.to_owned()))
            .ok_or(InvalidNumber::NotANumber)
    }

    /// The number, to dial or to keep. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its last two digits, by which a customer recognises it and nobody else does.
    #[must_use]
    pub fn ending(&self) -> &str {
        self.0
            .get(self.0.len().saturating_sub(2)..)
            .unwrap_or_default()
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidNumber;
    fn try_from(text: String) -> Result<Self, InvalidNumber> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

/// Where we have a customer's number from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NumberSource {
    /// The channel, or the program behind it, knows it.
    Channel,
    /// The customer wrote it in a private message.
    Message,
    /// The customer gave it in the details form.
    Form,
    /// An agent typed it.
    Agent,
}

/// A number of a customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNumber {
    /// The number.
    pub number: PhoneNumber,
    /// Where we have it from.
    pub source: NumberSource,
    /// When it was given last.
    pub at: Timestamp,
    /// Since when it is known not to be theirs.
    pub wrong_at: Option<Timestamp>,
    /// The zone that the customer said they are in when they gave it.
    pub zone: Option<Zone>,
}

/// The number to ring, of all that are known, in the order in which they were given.
///
/// What the customer gave in a form or an agent typed goes before what the channel knows, and that
/// before what stands in a message, which may be somebody else's number. But a message that is newer
/// than the others counts: the customer has then written another one. A wrong number is never rung.
#[must_use]
pub fn to_ring(known: &[KnownNumber]) -> Option<&KnownNumber> {
    let newest = |sources: &[NumberSource]| {
        let fits =
            |known: &&KnownNumber| known.wrong_at.is_none() && sources.contains(&known.source);
        known.iter().filter(fits).max_by_key(|known| known.at)
    };
    let given = newest(&[NumberSource::Form, NumberSource::Agent]);
    let base = given.or_else(|| newest(&[NumberSource::Channel]));
    let written = newest(&[NumberSource::Message]);
    match (base, written) {
        (Some(base), Some(written)) if written.at <= base.at => Some(base),
        (base, written) => written.or(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: &str, source: NumberSource, minute: i64) -> KnownNumber {
        KnownNumber {
            number: PhoneNumber::parse(number).expect("a number"),
            source,
            at: Timestamp::from_second(minute * 60).expect("a time"),
            wrong_at: None,
            zone: None,
        }
    }

    #[test]
    fn a_number_is_read_as_people_write_it_and_kept_as_it_is_dialled() {
        let gb = CountryCode::parse("GB").expect("a country");
        let read = |text, country| PhoneNumber::read(text, country).map(String::from);
        for text in [
            "+44 20 7946 0123",
            "0044 20 7946 0123",
            " +44 (0)20 7946-0123",
        ] {
            assert_eq!(read(text, None), Ok("+442079460123".to_owned()), "{text}");
        }
        let national = "020 7946 0123";
        assert_eq!(read(national, None), Err(InvalidNumber::NoCountryCode));
        assert_eq!(read(national, Some(&gb)), Ok("+442079460123".to_owned()));
        for text in ["+44 12", "+999 1234567", "call me", ""] {
            assert!(read(text, Some(&gb)).is_err(), "{text}");
        }
    }

    #[test]
    fn only_e164_is_kept_and_nothing_of_it_is_shown_by_chance() {
        for text in [
            "+0123456789",
            "442079460123",
            "+44 20",
            "+4420794601234567",
            "+",
        ] {
            assert!(PhoneNumber::parse(text).is_err(), "{text}");
        }
        let number = PhoneNumber::parse("+442079460142").expect("a number");
        assert_eq!(number.ending(), "42");
        assert_eq!(format!("{number:?}"), "[private]");
    }

    #[test]
    fn what_the_customer_gave_last_is_rung_and_a_wrong_number_never_is() {
        use NumberSource::{Agent, Channel, Form, Message};
        let rung =
            |known: &[KnownNumber]| to_ring(known).map(|known| known.number.reveal().to_owned());
        let (a, b) = ("+442079460101", "+442079460102");
        let case = |first, second| rung(&[known(a, first, 1), known(b, second, 2)]);
        assert_eq!(
            case(Form, Message),
            Some(b.to_owned()),
            "they wrote another"
        );
        assert_eq!(case(Message, Form), Some(b.to_owned()));
        assert_eq!(case(Form, Channel), Some(a.to_owned()), "their word counts");
        assert_eq!(
            case(Message, Channel),
            Some(b.to_owned()),
            "may be another's"
        );
        assert_eq!(
            case(Channel, Message),
            Some(b.to_owned()),
            "they wrote another"
        );
        assert_eq!(case(Form, Agent), Some(b.to_owned()));
        assert_eq!(rung(&[]), None);
        let wrong = KnownNumber {
            wrong_at: Some(Timestamp::MAX),
            ..known(b, Message, 2)
        };
        assert_eq!(
            rung(&[known(a, Channel, 1), wrong.clone()]),
            Some(a.to_owned())
        );
        assert_eq!(rung(&[wrong]), None);
    }
}
