//! When a customer may be rung, for the details form: the times among which they choose, by whose
//! clocks, and the time zones among which they say where they are. What is typed is only ever one of
//! those offered.

use jiff::civil;

use super::{
    fields::{Time, Times},
    wording::Words,
};
use crate::{
    callbacks::{calendar::Terms, places},
    domain::{
        hours::Zone,
        ids::DeskName,
        thread::{CustomerState, Whereabouts},
        time::Timestamp,
    },
    rules::{
        Policy, Rules,
        messages::when::{day_in_words, zone_in_words},
    },
};

/// What the times of a form follow from.
#[derive(Debug, Clone)]
pub(super) struct Calendar<'a> {
    pub(super) rules: &'a Rules,
    /// Of the channel.
    pub(super) policy: &'a Policy,
    pub(super) desk: &'a DeskName,
    /// What is known of the customer without this form.
    pub(super) known: Whereabouts,
    pub(super) now: Timestamp,
}

impl Calendar<'_> {
    /// Where the customer may be: where they say they are, else by the number they typed.
    pub(super) fn place(&self, number: Option<&str>, zone: Option<&Zone>) -> Whereabouts {
        if let Some(zone) = zone {
            return Whereabouts {
                zones: vec![zone.clone()],
                guessed: false,
            };
        }
        let Some(number) = number.filter(|number| !self.is_known_in_country_of(number)) else {
            return self.known.clone();
        };
        let by_number = places::of_number(number, self.now);
        if by_number.zones.is_empty() {
            self.known.clone()
        } else {
            by_number
        }
    }

    /// The zones among which they have to say where they are; fewer than two: they need not.
    pub(super) fn zones_to_tell(&self, number: &str) -> Vec<Zone> {
        if self.is_known_in_country_of(number) {
            return Vec::new();
        }
        places::zones_of_country(number, self.now)
    }

    /// Whether it is known already in which of the number's zones they are.
    fn is_known_in_country_of(&self, number: &str) -> bool {
        let [known] = self.known.zones.as_slice() else {
            return false;
        };
        let offset = |zone: &Zone| zone.as_tz().to_offset(self.now);
        let zones = places::zones_of_country(number, self.now);
        !self.known.guessed && zones.iter().any(|zone| offset(zone) == offset(known))
    }

    /// One of the times on offer: the one that is meant, or the next one after it. What nobody offered
    /// is never more than that.
    pub(super) fn offered(&self, typed: &str, place: &Whereabouts) -> Option<Timestamp> {
        let meant: Timestamp = typed.parse().ok()?;
        let offered = self.times(place);
        let next = offered.iter().find(|time| **time >= meant);
        next.or(offered.last()).copied()
    }

    fn times(&self, place: &Whereabouts) -> Vec<Timestamp> {
        let terms = self.terms(place);
        terms.times_to_choose(self.now, &clock(&terms, place))
    }

    fn terms(&self, place: &Whereabouts) -> Terms<'_> {
        let customer = CustomerState {
            whereabouts: place.clone(),
            ..CustomerState::default()
        };
        self.rules.terms(self.policy, self.desk, &customer)
    }

    /// The times on offer, day by day, in words.
    pub(super) fn list(
        &self,
        words: &'static Words,
        chosen: Option<Timestamp>,
        place: &Whereabouts,
    ) -> Times {
        let clock = clock(&self.terms(place), place);
        let local = |at: Timestamp| at.to_zoned(clock.as_tz().clone());
        let today = local(self.now).date();
        let mut days: Vec<(civil::Date, Vec<Time>)> = Vec::new();
        for at in self.times(place) {
            let shown = local(at);
            let time = Time {
                value: at.to_string(),
                label: shown.strftime("%H:%M").to_string(),
                is_chosen: chosen == Some(at),
            };
            match days.last_mut() {
                Some((day, times)) if *day == shown.date() => times.push(time),
                _ => days.push((shown.date(), vec![time])),
            }
        }
        let heading = |day| day_in_words(day, today, words.spoken()).map(capitalised);
        Times {
            none: Some(words.ring_soon),
            groups: days
                .into_iter()
                .map(|(day, times)| (heading(day), times))
                .collect(),
        }
    }

    /// Whose times those are.
    pub(super) fn whose(&self, words: &'static Words, place: &Whereabouts) -> String {
        let clock = clock(&self.terms(place), place);
        let zone = zone_in_words(&clock, self.now, words.spoken());
        let zone = zone.unwrap_or_else(|| clock.name().to_owned());
        words.ring_times.replace("{zone}", &zone)
    }

    /// Zones to choose from, each with what its clocks show; the likely one first to be seen.
    pub(super) fn zone_list(
        &self,
        words: &'static Words,
        number: &str,
        zones: &[Zone],
        typed: &str,
    ) -> Times {
        let likely = places::of_number(number, self.now).zones;
        let likely = likely.first().and_then(|likely| {
            let offset = |zone: &Zone| zone.as_tz().to_offset(self.now);
            zones.iter().find(|zone| offset(zone) == offset(likely))
        });
        let said = zones.iter().find(|zone| zone.name() == typed);
        let chosen = said.or(likely).cloned();
        let entry = |zone: &Zone| {
            let local = self.now.to_zoned(zone.as_tz().clone());
            let place = zone_in_words(zone, self.now, words.spoken());
            let place = place.unwrap_or_else(|| zone.name().to_owned());
            Time {
                value: zone.name().to_owned(),
                label: format!("{} ({place})", local.strftime("%H:%M")),
                is_chosen: chosen.as_ref() == Some(zone),
            }
        };
        Times {
            none: None,
            groups: vec![(None, zones.iter().map(entry).collect())],
        }
    }
}

/// The clock by which a customer reads times: their own if it is known, else the one that holds where
/// nothing is.
fn clock(terms: &Terms<'_>, place: &Whereabouts) -> Zone {
    let desk = || Zone::of(&terms.hours.zone);
    let is_unsure = place.guessed && !place.zones.is_empty();
    let known = terms.zones.first().filter(|_| !is_unsure);
    known.cloned().unwrap_or_else(desk)
}

fn capitalised(text: String) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
