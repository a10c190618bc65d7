//! Codes are short, so guesses are few: a handful an hour from one person, and from all together so many
//! that a code is not found by chance while it lasts.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::domain::{
    ids::PersonId,
    time::{Length, Timestamp, more_than},
};

/// So long a guess counts: as long as a code lasts.
const WITHIN: Length = Length::hours(1);
/// The most guesses of one person.
const OF_ONE: usize = 5;
/// The most guesses of all: with eight letters of 32, one in a thousand million hits.
const OF_ALL: usize = 1_000;

/// Who guessed, and when. Forgotten at a restart.
#[derive(Debug, Default)]
pub(in crate::desk::telegram::incoming) struct Guesses(Mutex<HashMap<PersonId, Vec<Timestamp>>>);

impl Guesses {
    /// Whether somebody may try a code now. It counts as a guess.
    pub(super) fn may_guess(&self, person: &PersonId, now: Timestamp) -> bool {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.retain(|_, of_one| {
            of_one.retain(|at| !more_than(WITHIN, *at, now));
            !of_one.is_empty()
        });
        let of_all: usize = guesses.values().map(Vec::len).sum();
        let of_one = guesses.get(person).map_or(0, Vec::len);
        if of_all >= OF_ALL || of_one >= OF_ONE {
            return false;
        }
        guesses.entry(person.clone()).or_default().push(now);
        true
    }

    /// They knew the code: what they tried before were no guesses.
    pub(super) fn found(&self, person: &PersonId) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.remove(person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: usize) -> PersonId {
        PersonId::parse(&id.to_string()).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn one_person_has_few_guesses_an_hour() {
        let guesses = Guesses::default();
        let ten = at("2026-11-22T10:00:00Z");
        assert!((0..OF_ONE).all(|_| guesses.may_guess(&person(1), ten)));
        assert!(!guesses.may_guess(&person(1), ten));
        assert!(guesses.may_guess(&person(2), ten));
        assert!(!guesses.may_guess(&person(1), at("2026-11-22T11:00:00Z")));
        assert!(guesses.may_guess(&person(1), at("2026-11-22T11:00:01Z")));
    }

    #[test]
    fn whoever_knows_a_code_may_use_the_next() {
        let guesses = Guesses::default();
        let now = at("2026-11-22T10:00:00Z");
        assert!((0..OF_ONE).all(|_| guesses.may_guess(&person(1), now)));
        guesses.found(&person(1));
        assert!(guesses.may_guess(&person(1), now));
    }

    #[test]
    fn a_crowd_does_not_guess_for_one() {
        let guesses = Guesses::default();
        let now = at("2026-11-22T10:00:00Z");
        let taken = (0..2 * OF_ALL).filter(|id| guesses.may_guess(&person(*id), now));
        assert_eq!(taken.count(), OF_ALL);
    }
}
