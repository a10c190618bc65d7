//! An incident: how many call for the same reason, and what a supervisor does about it: hold further
//! callbacks back with a word for each customer, and release all of them at the end.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{Parts, SignedIn, frame, names::Names, said::Said, words, works};
use crate::{
    domain::{
        account::Role,
        callback::IncidentId,
        cut,
        decision::Utterance,
        private::Private,
        reading::Language,
        time::{Length, more_than},
    },
    engine::IncidentAnswer,
    rules::Rules,
    store::rows::shift::{IncidentRow, StatusText},
    web::{
        account::session::{Nothing, SignedForm},
        pages::{
            Frame, PageError, Section, Told, page,
            times::{Shown, Times},
        },
    },
};

/// The longest text for customers, in characters.
const LONGEST: usize = 1_000;

/// What the name of a field begins with that holds the text in a language; its code follows.
const FIELD: &str = "text-";

/// Held back for so long, it is told in a stronger tone.
const LONG: Length = Length::hours(24);

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/incidents/{id}", get(show))
        .route("/desk/incidents/{id}/hold", post(hold))
        .route("/desk/incidents/{id}/end", post(end))
}

/// One incident as its card tells it. `desk/incidents/card.html` shows it; it wants `incident` and
/// `frame`.
#[derive(Debug)]
pub(in crate::web) struct IncidentCard {
    /// Its number.
    pub(in crate::web) id: i64,
    /// What they call about.
    pub(in crate::web) topic: String,
    /// The desk's name.
    pub(in crate::web) desk: String,
    /// Since when.
    pub(in crate::web) since: Shown,
    /// How many have come.
    pub(in crate::web) came: u64,
    /// How many are held back.
    pub(in crate::web) held: u64,
    /// Since when further ones are held back, and who has them held.
    pub(in crate::web) held_since: Option<(Shown, String)>,
    /// They have been for long.
    pub(in crate::web) is_long: bool,
    /// The viewer may do something about it.
    pub(in crate::web) may_act: bool,
}

impl IncidentCard {
    /// Of an incident that is not over.
    pub(in crate::web) fn new(
        row: &IncidentRow,
        by: &SignedIn,
        names: &Names,
        times: &Times,
    ) -> Self {
        let held = row.held.as_ref();
        Self {
            id: row.id.0,
            topic: row.topic.to_string(),
            desk: row.desk.to_string(),
            since: times.ago(row.opened_at),
            came: row.tally.came,
            held: row.tally.held,
            held_since: held.map(|(at, by)| (times.ago(*at), names.of(by))),
            is_long: held.is_some_and(|(at, _)| more_than(LONG, *at, times.now())),
            may_act: by.role >= Role::Supervisor,
        }
    }

    /// Its tone in the style sheet.
    pub(in crate::web) const fn tone(&self) -> &'static str {
        if self.held_since.is_none() || self.is_long {
            "card-urgent"
        } else {
            "card-warm"
        }
    }
}

#[derive(Template)]
#[template(path = "desk/incidents/page.html")]
struct IncidentPage {
    frame: Frame,
    incident: IncidentCard,
    texts: Vec<Text>,
    /// When it ended, and who ended it.
    ended: Option<(Shown, String)>,
    /// The first text is missing.
    is_missing: bool,
}

/// What customers of one language read.
struct Text {
    /// Its code.
    language: String,
    /// Its name.
    name: String,
    text: String,
}

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    said: Option<Said>,
}

async fn show(
    State(parts): State<Parts>,
    by: SignedIn,
    times: Times,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let told = asked.said.map(Said::told);
    let (row, texts) = found(&parts, &by, &id).await?;
    drawn(&parts, &by, &times, (&row, &texts), told, false).await
}

async fn drawn(
    parts: &Parts,
    by: &SignedIn,
    times: &Times,
    (row, texts): (&IncidentRow, &[StatusText]),
    told: Option<Told>,
    is_missing: bool,
) -> Result<Response, PageError> {
    let whom = [row.held.as_ref(), row.ended.as_ref()]
        .into_iter()
        .flatten();
    let names = Names::read(parts, whom.map(|(_, account)| account)).await?;
    let rules = &parts.engine.rules().rules;
    let ended = row.ended.as_ref();
    Ok(page(&IncidentPage {
        frame: frame(parts, by, Section::Callbacks).await?.telling(told),
        incident: IncidentCard::new(row, by, &names, times),
        texts: offered(rules, row)
            .map(|language| Text::new(language, texts))
            .collect(),
        ended: ended.map(|(at, by)| (times.at(*at), names.of(by))),
        is_missing,
    }))
}

/// The languages in which customers can be told: the desk's first.
fn offered(rules: &Rules, row: &IncidentRow) -> impl Iterator<Item = Language> {
    let desk = rules.desks.get(&row.desk);
    let own = desk.map_or(Language::ENGLISH, |desk| desk.language);
    let others = rules.messages.languages(Utterance::IncidentStatus);
    let others: Vec<Language> = others.filter(|language| *language != own).collect();
    std::iter::once(own).chain(others)
}

impl Text {
    fn new(language: Language, texts: &[StatusText]) -> Self {
        let text = texts.iter().find(|text| text.language == language);
        Self {
            name: words::language(language.as_str()).to_owned(),
            language: language.to_string(),
            text: text.map_or_else(String::new, |text| text.text.reveal().clone()),
        }
    }
}

/// An incident of a desk that the account works.
async fn found(
    parts: &Parts,
    by: &SignedIn,
    id: &str,
) -> Result<(IncidentRow, Vec<StatusText>), PageError> {
    let id = id.parse().map_err(|_| PageError::not_found())?;
    let found = parts.engine.store().incident(IncidentId(id)).await?;
    let rules = &parts.engine.rules().rules;
    found
        .filter(|(row, _)| works(rules, by, &row.desk))
        .ok_or_else(PageError::not_found)
}

/// A field for each language, and whether those who wait already are held back too.
type Form = BTreeMap<String, String>;

async fn hold(
    State(parts): State<Parts>,
    times: Times,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Form>,
) -> Result<Response, PageError> {
    by.must_be(Role::Supervisor)?;
    let (row, _) = found(&parts, &by, &id).await?;
    let (texts, older) = typed(form)?;
    let own = offered(&parts.engine.rules().rules, &row).next();
    if !texts.iter().any(|text| Some(text.language) == own) {
        let told = Some(Said::TextMissing.told());
        let again = drawn(&parts, &by, &times, (&row, &texts), told, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let held = parts.engine.hold_incident(row.id, by.name, texts, older);
    answered(held.await?, &row, Said::IncidentHeld).map(IntoResponse::into_response)
}

/// What was typed for customers, and whether older callbacks are held back too.
fn typed(form: Form) -> Result<(Vec<StatusText>, bool), PageError> {
    let mut texts = Vec::new();
    let mut older = false;
    for (name, text) in form {
        if name == "older" {
            older = true;
            continue;
        }
        let language = name.strip_prefix(FIELD).and_then(Language::parse);
        let language = language.ok_or_else(PageError::not_understood)?;
        let text = cut::head(text.trim(), LONGEST, |_| 1).to_owned();
        if !text.is_empty() {
            let text = Private::new(text);
            texts.push(StatusText { language, text });
        }
    }
    Ok((texts, older))
}

async fn end(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Supervisor)?;
    let (row, _) = found(&parts, &by, &id).await?;
    let ended = parts.engine.end_incident(row.id, by.name).await?;
    answered(ended, &row, Said::IncidentEnded)
}

fn answered(answer: IncidentAnswer, row: &IncidentRow, said: Said) -> Result<Redirect, PageError> {
    let said = match answer {
        IncidentAnswer::Done => said,
        IncidentAnswer::Over => Said::IncidentOver,
        IncidentAnswer::Unknown => return Err(PageError::not_found()),
    };
    Ok(Redirect::to(&match said {
        Said::IncidentHeld => format!("/desk/incidents/{}?said={said}", row.id.0),
        said => format!("/desk/callbacks?said={said}"),
    }))
}
