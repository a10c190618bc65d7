//! Every word of our own on the pages of forms, in six languages. What an admin words (`[[forms]]`)
//! and what is said *in* a chat is not here.

mod english;
mod french;
mod german;
mod italian;
mod portuguese;
mod spanish;

use crate::{
    domain::{
        reading::Language,
        time::{Length, Timestamp},
    },
    rules::messages::when::month_in_words,
};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// The words of one language. `{brand}` and its like stand for what is filled in.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct Words {
    /// The language, as BCP 47 writes it.
    pub(super) language: &'static str,
    /// What it calls itself.
    pub(super) own_name: &'static str,
    /// Names the choice of languages to a screen reader.
    pub(super) languages: &'static str,
    /// What kind of page this is, beside the brand.
    pub(super) secure: &'static str,

    /// The first page, for an identity check.
    pub(super) identity_title: &'static str,
    /// The first page, for a call.
    pub(super) call_title: &'static str,
    /// Heads the name of the form.
    pub(super) form: &'static str,
    /// Heads the brand.
    pub(super) who: &'static str,
    /// Heads which conversation it is about.
    pub(super) about: &'static str,
    /// Which one: `{channel}` and `{date}`.
    pub(super) conversation: &'static str,
    /// The web chat, as a channel.
    pub(super) chat: &'static str,
    /// Heads the list of what is asked.
    pub(super) asks: &'static str,
    /// Heads how long there is.
    pub(super) time: &'static str,
    /// How long there is: `{time}`.
    pub(super) stays_open: &'static str,
    /// Heads how to tell a false one.
    pub(super) genuine: &'static str,
    /// What the address must be: `{address}`.
    pub(super) genuine_address: &'static str,
    /// Where it was spoken of: `{brand}`.
    pub(super) genuine_named: &'static str,
    /// What is never asked.
    pub(super) genuine_never: &'static str,
    /// The button that uses the link up.
    pub(super) open: &'static str,
    /// That it works once.
    pub(super) once: &'static str,

    /// Stands after the name of what may be left empty.
    pub(super) optional: &'static str,
    /// How long there is, above the fields: `{time}`.
    pub(super) closes: &'static str,
    /// What becomes of identity answers: `{time}`.
    pub(super) identity_safe: &'static str,
    /// The button that sends an identity form.
    pub(super) send: &'static str,
    /// The first entry of a list of choices.
    pub(super) choose: &'static str,
    /// How a date may be typed.
    pub(super) date_example: &'static str,
    /// How a phone number may be typed.
    pub(super) phone_example: &'static str,

    /// The form for a call.
    pub(super) call_form: &'static str,
    /// Why, on both its pages.
    pub(super) call_why: &'static str,
    /// The field of the number.
    pub(super) number: &'static str,
    /// The list of times.
    pub(super) ring_at: &'static str,
    /// Its first entry.
    pub(super) ring_soon: &'static str,
    /// Whose times they are: `{zone}`.
    pub(super) ring_times: &'static str,
    /// The list of time zones, each with what its clocks show.
    pub(super) zone: &'static str,
    /// The field for words about the time.
    pub(super) best_time: &'static str,
    /// How to fill that in.
    pub(super) best_time_help: &'static str,
    /// What is agreed to: `{brand}`.
    pub(super) consent: &'static str,
    /// That it can be taken back.
    pub(super) consent_help: &'static str,
    /// The button that asks for a call.
    pub(super) ring: &'static str,
    /// What stands above the other one.
    pub(super) or_stay: &'static str,
    /// The button that asks for none.
    pub(super) stay: &'static str,
    /// Who reads it.
    pub(super) call_safe: &'static str,

    /// Heads the list of what is wrong, and the page's title.
    pub(super) wrong: &'static str,
    /// Before what is wrong, to a screen reader.
    pub(super) error: &'static str,
    /// What can be wrong.
    pub(super) problems: Problems,

    /// When it has arrived.
    pub(super) done: Page,
    /// The link opens nothing.
    pub(super) gone: Page,
    /// There is no form to fill in, or no longer.
    pub(super) closed: Page,
    /// The browser keeps no cookies.
    pub(super) cookies: Page,
    /// Too often.
    pub(super) too_many: Page,
    /// Not from our page, or nonsense.
    pub(super) refused: Page,
    /// It does not work now.
    pub(super) failed: Page,

    /// One minute.
    minute: &'static str,
    /// `{count}` minutes.
    minutes: &'static str,
    /// One hour.
    hour: &'static str,
    /// `{count}` hours.
    hours: &'static str,
    /// A day of the calendar: `{day}`, `{month}`, `{year}`.
    date: &'static str,
}

/// What can be wrong with what was typed.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct Problems {
    pub(super) missing: &'static str,
    pub(super) not_chosen: &'static str,
    /// `{most}`
    pub(super) too_long: &'static str,
    pub(super) not_a_date: &'static str,
    pub(super) unclear_date: &'static str,
    pub(super) date_ahead: &'static str,
    pub(super) date_too_long_ago: &'static str,
    pub(super) not_an_email: &'static str,
    pub(super) not_a_phone: &'static str,
    pub(super) no_country_code: &'static str,
    /// The number is filled in with the country's code before it.
    pub(super) country_code_added: &'static str,
    /// `{least}` and `{most}`
    pub(super) digits_between: &'static str,
    /// `{least}`
    pub(super) digits: &'static str,
    pub(super) no_consent: &'static str,
    pub(super) several_zones: &'static str,
}

/// A page that only tells something.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct Page {
    pub(super) title: &'static str,
    /// What happened.
    pub(super) what: &'static str,
    /// What to do now.
    pub(super) now: &'static str,
}

/// All languages; the first is where nothing else fits.
pub(super) static LANGUAGES: &[&Words] = &[
    &english::WORDS,
    &german::WORDS,
    &spanish::WORDS,
    &french::WORDS,
    &italian::WORDS,
    &portuguese::WORDS,
];

impl Words {
    /// The words of a language, if we speak it.
    pub(super) fn of(language: Language) -> Option<&'static Self> {
        let mut all = LANGUAGES.iter();
        all.find(|words| words.language == language.as_str())
            .copied()
    }

    /// Where no language that the reader understands is known.
    pub(super) const fn english() -> &'static Self {
        &english::WORDS
    }

    /// The language, for what is worded elsewhere.
    pub(super) fn spoken(&self) -> Language {
        Language::parse(self.language).unwrap_or(Language::ENGLISH)
    }

    /// A length of time in whole minutes or hours, never more than it is.
    pub(super) fn length(&self, length: Length) -> String {
        let minutes = length.as_milliseconds() / 60_000;
        let (words, count) = match minutes {
            ..=1 => (self.minute, 1),
            60 => (self.hour, 1),
            120.. => (self.hours, minutes / 60),
            _ => (self.minutes, minutes),
        };
        words.replace("{count}", &count.to_string())
    }

    /// A day of the calendar in that zone.
    pub(super) fn day(&self, at: Timestamp, zone: TimeZone) -> String {
        let day = at.to_zoned(zone).date();
        let month = month_in_words(day.month(), self.spoken());
        self.date
            .replace("{day}", &day.day().to_string())
            .replace("{month}", month.unwrap_or_default())
            .replace("{year}", &day.year().to_string())
    }

    /// The words that a customer agrees to, and their version: a hash of exactly these words.
    pub(super) fn consent_of(&self, brand: &str) -> (String, String) {
        let words = self.consent.replace("{brand}", brand);
        let version: String = hex::encode(Sha256::digest(&words))
            .chars()
            .take(16)
            .collect();
        (words, version)
    }
}

#[cfg(test)]
mod tests;
