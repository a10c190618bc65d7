//! Whether the desks make sense, and what they mean.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    fields::Keyed,
    problem::Problem,
    raw::{RawDesk, RawIncident, RawPolicy},
    validate::Check,
};
use crate::{
    domain::{
        hours::{Holiday, Hours, Opening},
        ids::{AccountName, DeskName},
        time::Length,
    },
    rules::Desk,
};

impl Check<'_> {
    pub(super) fn desks(&mut self, raw: &Keyed<DeskName, RawDesk>) -> BTreeMap<DeskName, Desk> {
        let mut desks = BTreeMap::new();
        for (name, raw) in &raw.0 {
            let built_in = Desk::default();
            let desk = Desk {
                brand: raw
                    .brand
                    .meaning()
                    .map_or(built_in.brand, |name| name.0.clone()),
                language: raw.language.meaning().copied().unwrap_or(built_in.language),
                hours: self.hours(&name.value, raw),
                members: self.members(&name.value, raw),
                quiet_hours: raw
                    .quiet_hours
                    .meaning()
                    .copied()
                    .unwrap_or(built_in.quiet_hours),
                on_call: raw.on_call.meaning().cloned(),
                on_shift_for: self
                    .some_time(&raw.on_shift_for, "a shift needs some time to last", "8h")
                    .unwrap_or(built_in.on_shift_for),
                cards_open: self
                    .count(
                        &raw.cards_open,
                        1..=1000,
                        "`cards_open`",
                        "15 fit on a screen",
                    )
                    .unwrap_or(built_in.cards_open),
                card_detail: raw
                    .card_detail
                    .meaning()
                    .copied()
                    .unwrap_or(built_in.card_detail),
                note_prefix: raw
                    .note_prefix
                    .meaning()
                    .map_or(built_in.note_prefix, |prefix| prefix.0.clone()),
                disable_link_preview: raw
                    .disable_link_preview
                    .given()
                    .map_or(built_in.disable_link_preview, |given| given.value),
                incident: self.incident(&raw.incident, built_in.incident),
            };
            desks.insert(name.value.clone(), desk);
        }
        if desks.is_empty() {
            desks.insert(Desk::default_name(), Desk::default());
        }
        desks
    }

    fn members(&mut self, desk: &DeskName, raw: &RawDesk) -> BTreeSet<AccountName> {
        let mut members = BTreeSet::new();
        for member in self.list(&raw.members) {
            let name = &member.value.0;
            if !members.insert(name.clone()) {
                self.problem(
                    Problem::new(format!("desk `{desk}` names the member `{name}` twice"))
                        .at(&member.span, "named before")
                        .help("leave it out once"),
                );
            }
        }
        members
    }

    fn incident(&mut self, raw: &RawIncident, built_in: (u32, Length)) -> (u32, Length) {
        let few = "one customer alone is no incident: 20 is a good start";
        let calls = self.count(&raw.calls, 2..=1000, "the calls of an incident", few);
        let within = self.some_time(&raw.within, "an incident needs some time to show", "30m");
        (calls.unwrap_or(built_in.0), within.unwrap_or(built_in.1))
    }

    fn hours(&mut self, desk: &DeskName, raw: &RawDesk) -> Hours {
        let openings: Vec<Opening> = self
            .list(&raw.hours)
            .iter()
            .flat_map(|line| line.value.0.0.iter().copied())
            .collect();
        let holidays = self.list(&raw.holidays).iter();
        let holidays: Vec<Holiday> = holidays.map(|day| day.value.0).collect();
        match (raw.zone.given(), raw.hours.span().or(raw.holidays.span())) {
            (None, Some(span)) => {
                let what = raw.hours.span().map_or("holidays", |_| "hours");
                self.problem(
                    Problem::new(format!("the {what} of desk `{desk}` have no time zone"))
                        .at(span, "in which zone?")
                        .help("add `zone`, such as zone = \"Europe/Berlin\""),
                );
            }
            (Some(zone), None) => self.problem(
                Problem::new(format!(
                    "the zone of desk `{desk}` does nothing without hours or holidays"
                ))
                .at(&zone.span, "for which hours?")
                .help(
                    "add `hours`, such as hours = [\"mon-fri 09:00-18:00\"], or leave out `zone`",
                ),
            ),
            _ => {}
        }
        if let Some(span) = raw.hours.span().filter(|_| overlap(&openings)) {
            self.problem(
                Problem::new(format!("the hours of desk `{desk}` overlap"))
                    .at(span, "overlapping")
                    .help("write each stretch of time once"),
            );
        }
        match raw.zone.meaning() {
            Some(zone) => Hours {
                zone: zone.clone(),
                openings,
                holidays,
            },
            None => Hours::always(),
        }
    }

    /// The desk of channels that name none: `main`, or the only one.
    pub(super) fn main_desk(
        &mut self,
        policy: &RawPolicy,
        desks: &BTreeMap<DeskName, Desk>,
        raw: &Keyed<DeskName, RawDesk>,
    ) -> DeskName {
        let main = Desk::default_name();
        match desks.keys().next() {
            _ if desks.contains_key(&main) => main,
            Some(only) if desks.len() == 1 => only.clone(),
            _ => {
                if policy.desk.given().is_none() {
                    let mut problem = Problem::new("it is not said which desk works the channels")
                        .help("put desk = \"…\" at the top of the file, or call one desk `main`");
                    for (name, _) in &raw.0 {
                        problem = problem.at(&name.span, "this one?");
                    }
                    self.problem(problem);
                }
                main
            }
        }
    }
}

/// Whether two openings share some time.
fn overlap(openings: &[Opening]) -> bool {
    let mut sorted = openings.to_vec();
    sorted.sort_by_key(|opening| (opening.day.to_monday_zero_offset(), opening.from));
    sorted
        .iter()
        .zip(sorted.iter().skip(1))
        .any(|(one, next)| one.day == next.day && one.to.is_none_or(|closes| closes > next.from))
}
