//! Whoever has no account here is told so once a day, and no more: nobody can make the bot talk.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::domain::{
    ids::PersonId,
    time::{Length, Timestamp, more_than},
};

/// So long nobody is told again.
const EVERY: Length = Length::hours(24);

/// So many are remembered; who comes when there are more is told nothing.
const MOST: usize = 1_000;

/// Who was told, and when. Forgotten at a restart.
#[derive(Debug, Default)]
pub(super) struct Strangers(Mutex<HashMap<PersonId, Timestamp>>);

impl Strangers {
    /// Whether somebody is to be told now; from then on they are not, for a day.
    pub(super) fn may_tell(&self, person: &PersonId, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| !more_than(EVERY, *at, now));
        if told.len() >= MOST || told.contains_key(person) {
            return false;
        }
        told.insert(person.clone(), now);
        true
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
    fn a_stranger_is_told_once_a_day() {
        let strangers = Strangers::default();
        assert!(strangers.may_tell(&person(1), at("2026-11-22T10:00:00Z")));
        assert!(!strangers.may_tell(&person(1), at("2026-11-23T10:00:00Z")));
        assert!(strangers.may_tell(&person(2), at("2026-11-23T10:00:00Z")));
        assert!(strangers.may_tell(&person(1), at("2026-11-23T10:00:01Z")));
    }

    #[test]
    fn a_crowd_of_strangers_takes_no_room() {
        let strangers = Strangers::default();
        let now = at("2026-11-22T10:00:00Z");
        let told = (0..3 * MOST).filter(|id| strangers.may_tell(&person(*id), now));
        assert_eq!(told.count(), MOST);
    }
}
