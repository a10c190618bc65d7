//! The identity forms that an admin makes: which fields, in which languages, in what format. Says
//! what is wrong with what was typed; shows and keeps nothing.

mod check;
mod dates;

use std::collections::BTreeMap;

use jiff::civil;

pub use check::{FieldProblem, MOST_CHARACTERS};

use super::file::shipped;

use crate::domain::{
    ids::{FormName, Topic},
    reading::Language,
    time::Length,
};

/// How long what belongs to identity checks lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityPolicy {
    /// A one-time link can be opened for so long, and what it opened be filled in for so long again.
    pub link_lasts: Length,
    /// A customer can ask for a link to a form for so long after they were asked to fill it in.
    pub ask_lasts: Length,
    /// What was submitted is deleted after so long, checked or not.
    pub keep_for: Length,
    /// An answer that is held goes back to its agent, unsent, after so long.
    pub hold_for: Length,
}

impl Default for IdentityPolicy {
    fn default() -> Self {
        Self {
            link_lasts: Length::minutes(30),
            ask_lasts: Length::hours(24),
            keep_for: Length::hours(24),
            hold_for: Length::minutes(15),
        }
    }
}

/// A text in several languages; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localised(pub BTreeMap<Language, String>);

impl Localised {
    /// The text in that language, else in English, else in any.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        let of = |language: Language| self.0.get(&language);
        of(language)
            .or_else(|| of(Language::ENGLISH))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// One of the admin's `[[forms]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its name in the file and on the desk.
    pub name: FormName,
    /// What it is called on the page.
    pub title: Localised,
    /// Why we ask, for the customer.
    pub why: Localised,
    /// Offered where the enquiry has one of these topics; empty: where no other form is.
    pub topics: Vec<Topic>,
    /// What is asked, in order; never empty.
    pub fields: Vec<FormField>,
}

/// One thing that a form asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Its name in the file, unique within the form: lower-case letters, digits and `_`.
    pub name: String,
    /// What stands above it.
    pub label: Localised,
    /// What stands below it; empty: nothing.
    pub help: Localised,
    /// What may be typed.
    pub format: FieldFormat,
    /// It may be left empty.
    pub optional: bool,
}

impl FormField {
    /// What was typed, in the one way of writing it that is kept: dates as `1990-05-04`, phone
    /// numbers in E.164, digits without what parts them, the name of a choice. Empty where an
    /// optional field was left empty. `today` is the date where the customer is, as far as known;
    /// where in doubt, the later one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(
        &self,
        typed: &str,
        language: Language,
        today: civil::Date,
    ) -> Result<String, FieldProblem> {
        match self.format.check(typed, language, today) {
            Err(FieldProblem::Missing) if self.optional => Ok(String::new()),
            checked => checked,
        }
    }
}

/// What may be typed into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldFormat {
    /// Any text of at most [`MOST_CHARACTERS`].
    Text,
    /// A date that has been: day, month and year.
    Date,
    /// An e-mail address.
    Email,
    /// A phone number with its country code.
    Phone,
    /// So many digits; spaces, dots and dashes are let pass.
    Digits {
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
    /// One of these, by their names.
    Choice(Vec<(String, Localised)>),
}

/// The forms that hold where a file has none.
#[must_use]
pub(super) fn shipped() -> Vec<Form> {
    shipped::forms().to_vec()
}

/// The form for an enquiry: the first that names its topic, else the first that names none.
#[must_use]
pub fn form_for<'a>(forms: &'a [Form], topic: Option<&Topic>) -> Option<&'a Form> {
    let named = forms
        .iter()
        .find(|form| topic.is_some_and(|topic| form.topics.contains(topic)));
    named.or_else(|| forms.iter().find(|form| form.topics.is_empty()))
}
