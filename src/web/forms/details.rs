//! The details form: on which number, when, and that we may; or rather no call.

use jiff::civil;
use phonenumber::{Mode, country};

use super::{
    calendar::Calendar,
    fields::{Field, Input, Line, Times},
    sheet::Worded,
    typed::Typed,
    wording::Words,
};
use crate::{
    domain::form::CallDetails,
    rules::forms::{FieldFormat, FieldProblem},
};

/// The names of its fields; each is its id too.
const NUMBER: &str = "number";
const ZONE: &str = "zone";
const RING_AT: &str = "ring_at";
const BEST_TIME: &str = "best_time";
pub(super) const CONSENT: &str = "consent";
/// Which of the two buttons was pressed.
pub(super) const CHOICE: &str = "choice";
/// The button for staying in the chat. Whatever else stands there asks for a call.
pub(super) const STAY: &str = "stay";

/// What is wrong, in the page's language.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    number: Option<String>,
    zone: Option<&'static str>,
    best_time: Option<String>,
    pub(super) consent: Option<&'static str>,
}

/// What the customer wants.
///
/// A number without its country's code gets that of `country`, which the browser names: it is shown
/// to the customer again, because browsers are often set to another country than their owner's. One
/// whose country has several times is shown again with the question where the customer is.
///
/// # Errors
/// What is wrong, if anything is.
pub(super) fn check(
    typed: &mut Typed,
    words: &'static Words,
    consent_version: &str,
    country: Option<country::Id>,
    today: civil::Date,
    calendar: &Calendar<'_>,
) -> Result<CallDetails, Problems> {
    if typed.of(CHOICE) == STAY {
        return Ok(CallDetails::StayInText);
    }
    let problem = |problem: &FieldProblem| words.problem(problem, &FieldFormat::Phone);
    let mut problems = Problems::default();
    let number = FieldFormat::Phone.check(typed.of(NUMBER), words.spoken(), today);
    if number == Err(FieldProblem::NoCountryCode)
        && let Some(number) = with_country_code(typed.of(NUMBER), country)
    {
        typed.replace(NUMBER, number);
        problems.number = Some(words.problems.country_code_added.to_owned());
    } else {
        problems.number = number.as_ref().err().map(problem);
    }
    let best_time = match FieldFormat::Text.check(typed.of(BEST_TIME), words.spoken(), today) {
        Err(FieldProblem::Missing) => Ok(String::new()),
        checked => checked,
    };
    problems.best_time = best_time.as_ref().err().map(problem);
    let zones = number
        .as_ref()
        .map_or_else(|_| Vec::new(), |number| calendar.zones_to_tell(number));
    let has_several = zones.len() > 1;
    let mut zones = zones.into_iter().filter(|_| has_several);
    let zone = zones.find(|zone| zone.name() == typed.of(ZONE));
    if has_several && zone.is_none() {
        problems.zone = Some(words.problems.several_zones);
    }
    // Agreed to other words, or to none.
    if typed.of(CONSENT) != consent_version {
        problems.consent = Some(words.problems.no_consent);
    }
    match (number, best_time, problems.zone.or(problems.consent)) {
        (Ok(number), Ok(best_time), None) => Ok(CallDetails::Ring {
            ring_at: calendar.offered(
                typed.of(RING_AT),
                &calendar.place(Some(&number), zone.as_ref()),
            ),
            number: number.into(),
            best_time: best_time.into(),
            zone,
            consent_version: consent_version.to_owned(),
        }),
        _ => Err(problems),
    }
}

fn with_country_code(typed: &str, country: Option<country::Id>) -> Option<String> {
    let number = phonenumber::parse(Some(country?), typed).ok()?;
    phonenumber::is_valid(&number).then(|| number.format().mode(Mode::International).to_string())
}

/// What the fields offer, in the page's language.
#[derive(Debug)]
pub(super) struct Offer {
    times: Times,
    whose: String,
    /// Once a number is typed whose country has several.
    zones: Option<Times>,
}

impl Offer {
    /// What is offered to a customer who has typed so much.
    pub(super) fn new(typed: &Typed, words: &'static Words, calendar: &Calendar<'_>) -> Self {
        let number = FieldFormat::Phone.check(typed.of(NUMBER), words.spoken(), civil::Date::MAX);
        let number = number.ok();
        let zones = number.as_ref().map(|number| calendar.zones_to_tell(number));
        let zones = zones.unwrap_or_default();
        let said = zones.iter().find(|zone| zone.name() == typed.of(ZONE));
        let place = calendar.place(number.as_deref(), said);
        let chosen = calendar.offered(typed.of(RING_AT), &place);
        Self {
            times: calendar.list(words, chosen, &place),
            whose: calendar.whose(words, &place),
            zones: number
                .filter(|_| zones.len() > 1)
                .map(|number| calendar.zone_list(words, &number, &zones, typed.of(ZONE))),
        }
    }
}

/// The fields as the page shows them.
pub(super) fn fields<'a>(
    typed: &'a Typed,
    words: &'static Words,
    problems: &Problems,
    offer: &'a Offer,
) -> Vec<Field<'a>> {
    let line = |kind, autocomplete| {
        Input::Line(Line {
            kind,
            keyboard: kind,
            autocomplete,
        })
    };
    let number = Field {
        id: NUMBER.to_owned(),
        label: Worded::ours(words.number),
        help: Some(Worded::ours(words.phone_example)),
        optional: false,
        input: line("tel", "tel"),
        typed: typed.of(NUMBER),
        problem: problems.number.clone(),
    };
    let zone = offer.zones.as_ref().map(|zones| Field {
        id: ZONE.to_owned(),
        label: Worded::ours(words.zone),
        help: None,
        optional: false,
        input: Input::Times(zones),
        typed: typed.of(ZONE),
        problem: problems.zone.map(str::to_owned),
    });
    let ring_at = Field {
        id: RING_AT.to_owned(),
        label: Worded::ours(words.ring_at),
        help: Some(Worded::ours(&offer.whose)),
        optional: false,
        input: Input::Times(&offer.times),
        typed: typed.of(RING_AT),
        problem: None,
    };
    let best_time = Field {
        id: BEST_TIME.to_owned(),
        label: Worded::ours(words.best_time),
        help: Some(Worded::ours(words.best_time_help)),
        optional: true,
        input: line("text", "off"),
        typed: typed.of(BEST_TIME),
        problem: problems.best_time.clone(),
    };
    [Some(number), zone, Some(ring_at), Some(best_time)]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{domain::thread::Whereabouts, rules::Rules};

    fn checked(
        fields: &[(&str, &str)],
        country: Option<&str>,
    ) -> (Typed, Result<CallDetails, Problems>) {
        let mut typed = Typed::default();
        for (name, value) in fields {
            typed.replace(name, (*value).to_owned());
        }
        let country = country.map(|country| country.parse().expect("a country"));
        let words = Words::english();
        let rules = Rules::default();
        let calendar = Calendar {
            rules: &rules,
            policy: &rules.defaults,
            desk: &rules.defaults.desk,
            known: Whereabouts::default(),
            now: "2026-03-01T12:00:00Z".parse().expect("a time"),
        };
        let today = date(2026, 3, 1);
        let result = check(&mut typed, words, "v1", country, today, &calendar);
        (typed, result)
    }

    #[test]
    fn a_call_needs_a_number_and_the_consent_to_exactly_these_words() {
        let number = (NUMBER, "+44 20 7946 0123");
        let (_, right) = checked(
            &[number, (BEST_TIME, " after  five "), (CONSENT, "v1")],
            None,
        );
        let ring = CallDetails::Ring {
            number: "+442079460123".to_owned().into(),
            best_time: "after five".to_owned().into(),
            ring_at: None,
            zone: None,
            consent_version: "v1".to_owned(),
        };
        assert_eq!(right, Ok(ring));
        for consent in ["", "v0"] {
            let (_, wrong) = checked(&[number, (CONSENT, consent)], None);
            let wrong = wrong.expect_err("no consent");
            assert!(wrong.consent.is_some() && wrong.number.is_none());
        }
        let (_, wrong) = checked(&[(NUMBER, "soon"), (CONSENT, "v1")], None);
        assert!(wrong.expect_err("no number").number.is_some());
    }

    #[test]
    fn staying_in_the_chat_needs_nothing_else() {
        let (_, stay) = checked(&[(CHOICE, STAY), (NUMBER, "nonsense")], None);
        assert_eq!(stay, Ok(CallDetails::StayInText));
    }

    #[test]
    fn a_country_code_that_we_add_is_shown_before_it_counts() {
        let national = [(NUMBER, "020 7946 0123"), (CONSENT, "v1")];
        let (typed, wrong) = checked(&national, Some("GB"));
        let added = Words::english().problems.country_code_added;
        assert_eq!(wrong.expect_err("shown").number.as_deref(), Some(added));
        assert_eq!(typed.of(NUMBER), "+44 20 7946 0123");
        let (_, right) = checked(&[(NUMBER, typed.of(NUMBER)), (CONSENT, "v1")], None);
        assert!(right.is_ok());
        for country in [None, Some("IS")] {
            let (typed, wrong) = checked(&national, country);
            let asked = Words::english().problems.no_country_code;
            assert_eq!(wrong.expect_err("asked").number.as_deref(), Some(asked));
            assert_eq!(typed.of(NUMBER), "020 7946 0123");
        }
    }
}
