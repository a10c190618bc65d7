//! Measures the reader against labelled messages: [`labelled`] reads them, [`measure`] counts what
//! the reader makes of them, [`floor`] holds the figures against committed ones and [`show`] writes
//! them for people. What was corrected becomes labelled messages again. Knows `domain`, `reading`,
//! `rules` and the pure parts of `replay`; opening files and printing is `cli`'s business.

mod corrected;
pub mod figures;
pub mod floor;
pub mod labelled;
pub mod measure;
pub mod show;
mod unnamed;

pub use corrected::{CorrectedLine, Labels, Origin, nameless};

use crate::{
    domain::{message::Party, reading::Context},
    reading::Reader,
};

/// What a message was said after, where only what the other side said last is known.
#[must_use]
pub fn context_after(reader: &Reader, party: Party, before: Option<&str>) -> Context {
    let other = match party {
        Party::Customer => Party::Agent,
        Party::Agent | Party::Bot => Party::Customer,
    };
    let Some(before) = before else {
        return Context::default();
    };
    let reading = reader.interpret(&reader.scan(before, None), other, &Context::default());
    let is_ours = other == Party::Agent;
    Context {
        ours: is_ours.then_some(reading.marks),
        ours_is_last: is_ours,
        language: reading.language_is_sure.then_some(reading.language),
        ..Context::default()
    }
}
