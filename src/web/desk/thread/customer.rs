//! How a thread's customer can be reached, as its page shows it, and what agents change of that: the
//! number to ring, and whether anybody may ring at all. Only who has the call, and supervisors, see
//! the whole number.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{Named, actions::back};
use crate::{
    desk::card,
    domain::{
        account::Role,
        number::{KnownNumber, NumberSource, PhoneNumber},
        time::Timestamp,
    },
    store::rows::{
        CallbackRow,
        numbers::{Contact, Ground},
        people::Profile,
    },
    web::{
        Parts,
        account::session::{SignedForm, SignedIn},
        desk::said::Said,
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// The place on the page.
const PLACE: &str = "thread-customer";

/// What the page says of the customer.
#[derive(Debug)]
pub(super) struct CustomerBox {
    /// The number to ring.
    pub(super) number: Option<NumberLine>,
    /// What else is known, wrong numbers too, the newest first.
    pub(super) others: Vec<NumberLine>,
    /// On what ground they may be rung.
    pub(super) ground: GroundLine,
    /// What the channel knows: what it is, and what it says.
    pub(super) known: Vec<(&'static str, String)>,
    /// Where more is known of them.
    pub(super) link: Option<String>,
    /// They are on the do-not-call list.
    pub(super) is_forbidden: bool,
    /// The viewer may put them on it and take them off.
    pub(super) may_forbid: bool,
}

/// One number.
#[derive(Debug)]
pub(super) struct NumberLine {
    /// The whole number, for whoever may see it.
    pub(super) whole: Option<String>,
    /// Its last two digits.
    pub(super) ending: String,
    /// Where it comes from.
    pub(super) source: &'static str,
    /// When it was given; what a form names it by.
    pub(super) given: Timestamp,
    /// When, for people.
    pub(super) at: Shown,
    /// It is known not to be theirs.
    pub(super) is_wrong: bool,
}

/// On what ground they may be rung.
#[derive(Debug)]
pub(super) struct GroundLine {
    /// In words.
    pub(super) says: &'static str,
    /// When that came about.
    pub(super) at: Option<Shown>,
    /// What was asked or agreed to, in its own words.
    pub(super) words: Option<String>,
    /// What else is to be proved: version, language and channel of a consent.
    pub(super) proof: Option<String>,
}

impl CustomerBox {
    /// For these eyes. `sees`: they may see whole numbers.
    pub(super) fn new(contact: &Contact, by: &SignedIn, sees: bool, times: &Times) -> Self {
        let line = |known: &KnownNumber| NumberLine::new(known, sees, times);
        let is_forbidden = matches!(contact.ground, Ground::Forbidden { .. });
        let profile = contact.profile.as_ref();
        let link = profile.and_then(|profile| profile.link.as_ref());
        Self {
            number: contact.number.as_ref().map(line),
            others: contact.others.iter().rev().map(line).collect(),
            ground: ground(&contact.ground, times),
            known: profile.map(known).unwrap_or_default(),
            link: link.map(|link| link.reveal().clone()),
            is_forbidden,
            may_forbid: by.role > Role::Agent,
        }
    }
}

/// Whether the viewer may see whole numbers on a thread's page: whoever has the open callback, and
/// supervisors.
pub(super) fn sees_numbers(by: &SignedIn, open: Option<&CallbackRow>) -> bool {
    let holder = open.and_then(card::holder);
    by.role > Role::Agent || holder == Some(&by.name)
}

impl NumberLine {
    fn new(known: &KnownNumber, sees: bool, times: &Times) -> Self {
        Self {
            whole: sees.then(|| known.number.reveal().to_owned()),
            ending: known.number.ending().to_owned(),
            source: match known.source {
                NumberSource::Channel => "given by the channel",
                NumberSource::Message => "given in a message",
                NumberSource::Form => "given in the details form",
                NumberSource::Agent => "given by an agent",
            },
            given: known.at,
            at: times.at(known.at),
            is_wrong: known.wrong_at.is_some(),
        }
    }
}

fn known(profile: &Profile) -> Vec<(&'static str, String)> {
    let text = |name, text: &Option<crate::domain::private::Private<String>>| {
        let text = text.as_ref()?.reveal().clone();
        Some((name, text))
    };
    let zone = profile.zone.as_ref();
    [
        text("Name", &profile.name),
        text("Company", &profile.company),
        text("E-mail", &profile.email),
        zone.map(|zone| ("Time zone", zone.name().to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ground(ground: &Ground, times: &Times) -> GroundLine {
    let line = |says, at| GroundLine {
        says,
        at,
        words: None,
        proof: None,
    };
    match ground {
        Ground::Forbidden { reason, since } => GroundLine {
            proof: Some(format!("Reason on the list: {reason}")),
            ..line("No: on the do-not-call list since", Some(times.at(*since)))
        },
        Ground::ForbiddenElsewhere => line(
            "No: on the do-not-call list, on another channel of theirs",
            None,
        ),
        Ground::Asked { text, at } => GroundLine {
            words: Some(text.reveal().clone()),
            ..line("Yes: they asked for this call", Some(times.at(*at)))
        },
        Ground::Consented(consent) => GroundLine {
            words: consent.words.clone(),
            proof: Some(format!(
                "Version {} of the words, in {}, on {}",
                consent.version,
                consent.language.as_str(),
                consent.channel
            )),
            ..line("Yes: they agreed to be rung", Some(times.at(consent.at)))
        },
        Ground::Given { at, .. } => line(
            "They gave the number and agreed to nothing: ask first",
            Some(times.at(*at)),
        ),
        Ground::NotYet => line("Not yet: offer a call first", None),
    }
}

/// A number that an agent types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberForm {
    number: String,
}

/// `POST …/number`
pub(super) async fn set_number(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<NumberForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let rules = parts.engine.rules();
    let country = rules.rules.policy(&key.channel).country.as_ref();
    let Ok(number) = PhoneNumber::read(&form.number, country) else {
        return Ok(back(&key, Said::BadNumber, PLACE));
    };
    let set = parts
        .engine
        .set_number(key.clone(), by.name.clone(), number);
    match set.await? {
        true => Ok(back(&key, Said::NumberSet, PLACE)),
        false => Err(PageError::not_found()),
    }
}

/// Which number is wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrongForm {
    /// When the one that was shown was given.
    given: Timestamp,
}

/// `POST …/number/wrong`
pub(super) async fn number_was_wrong(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<WrongForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let wrong = parts
        .engine
        .number_was_wrong(key.clone(), by.name.clone(), form.given);
    let said = match wrong.await? {
        true => Said::NumberWrong,
        false => Said::NumberChanged,
    };
    Ok(back(&key, said, PLACE))
}

/// Whether they may be rung.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallsForm {
    calls: Calls,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Calls {
    Forbidden,
    Allowed,
}

/// `POST …/do-not-call`
pub(super) async fn do_not_call(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<CallsForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    by.must_be(Role::Supervisor)?;
    let (engine, account) = (&parts.engine, by.name.clone());
    let (is_there, said) = match form.calls {
        Calls::Forbidden => (
            engine.forbid_calls(key.clone(), account).await?,
            Said::CallsForbidden,
        ),
        Calls::Allowed => (
            engine.allow_calls(key.clone(), account).await?,
            Said::CallsAllowed,
        ),
    };
    match is_there {
        true => Ok(back(&key, said, PLACE)),
        false => Err(PageError::not_found()),
    }
}
