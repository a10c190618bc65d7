//! What people said of readings, as labelled messages: the form that training and `eval` read. Only what
//! was said is labelled, and nothing in it tells who anybody is.

use serde::Serialize;

use super::unnamed::unnamed;
use crate::{
    domain::{
        message::Party, private::Private, reading::Language, record::ClosingName, time::Timestamp,
    },
    reading::{Reader, hide},
};

/// One message with what was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectedLine {
    /// Unique among all, and the same each time. It names no message and no person.
    pub id: String,
    /// The language that it was read in.
    pub lang: Option<String>,
    /// Who wrote it.
    pub party: Party,
    /// Its text, as [`nameless`] makes it.
    pub text: String,
    /// Our message before it, likewise; null where there is none.
    pub prev: Option<String>,
    /// What its figures are counted under.
    pub slice: &'static str,
    /// What was said.
    pub labels: Labels,
    /// Who said so.
    pub origin: Origin,
    /// On what occasion.
    pub how: &'static str,
    /// When.
    pub at: Timestamp,
    /// How many seconds after the message: what a customer says a day later may be about something else.
    pub after: i64,
}

/// The labels that a correction settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Labels {
    /// `thanks`, or null: it is none.
    pub closing: Option<ClosingName>,
}

/// Who said what a reading should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An agent who worked on the thread.
    Desk,
    /// The customer, who was not helped: weaker, for something new may have broken.
    Customer,
    /// An agent who was asked.
    Check,
}

/// A masked text without anything that tells who wrote it or to whom: phone numbers and addresses hidden
/// as what is confidential is, names and handles replaced.
#[must_use]
pub fn nameless(
    reader: &Reader,
    text: &Private<String>,
    language: Option<Language>,
    customer: &[Private<String>],
    agent: &[Private<String>],
) -> String {
    let scan = reader.scan(text.reveal(), language);
    unnamed(&hide(text.reveal(), &scan.sensitive), customer, agent)
}
