//! The form itself, for the browser that opened the link: shows it, checks what was typed and hands
//! it over. What is wrong is said beside the field, with everything that was typed still there.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, civil, tz::TimeZone};

use super::{
    calendar::Calendar,
    details,
    fields::{Field, Input},
    identity,
    limits::FormLimits,
    link::{desk_of, form_of, unreadable, words_for},
    notices::Notice,
    reader::Reader,
    sheet::{Sheet, Worded},
    typed::{Typed, csrf_of},
    wording::Words,
};
use crate::{
    domain::{
        form::{AgreedWords, Purpose},
        thread::Whereabouts,
        time::Length,
    },
    engine::EngineError,
    rules::{Desk, Rules},
    store::rows::forms::{FormRequestRow, FormSessionHash},
    vault::Answers,
    web::{Parts, caller::Caller, pages, token::Token},
};

#[derive(Template)]
#[template(path = "forms/fill.html")]
struct FillPage<'a> {
    sheet: Sheet<'a>,
    csrf: String,
    title: Worded<'a>,
    why: Worded<'a>,
    /// How long the form stays open.
    closes: String,
    fields: Vec<Field<'a>>,
    /// Of the form for a call: what is agreed to.
    consent: Option<Consent>,
    /// Who reads it and when it is deleted.
    safe: String,
}

#[derive(Debug)]
struct Consent {
    words: String,
    version: String,
    is_given: bool,
    problem: Option<&'static str>,
}

impl FillPage<'_> {
    fn is_wrong(&self) -> bool {
        let consent = self.consent.as_ref();
        self.fields.iter().any(|field| field.problem.is_some())
            || consent.is_some_and(|consent| consent.problem.is_some())
    }
}

/// What was wrong with what was typed.
enum Wrong {
    Identity(identity::Problems),
    Details(details::Problems),
}

/// A form that this browser may fill in, or has filled in.
struct Opened<'a> {
    parts: &'a Parts,
    token: &'a Token,
    session: FormSessionHash,
    request: FormRequestRow,
    rules: &'a Rules,
    desk: Desk,
    words: &'static Words,
    /// Where the customer may be, as far as it is known.
    known: Whereabouts,
}

/// Shows the form.
pub(super) async fn show(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<FormLimits>>,
    caller: Caller,
    reader: Reader,
) -> Response {
    let loaded = parts.engine.rules();
    let shown = async {
        let opened = opened(&parts, &loaded.rules, &limits, caller, &reader).await?;
        if !opened.request.state.is_open() {
            return Ok(opened.to_done());
        }
        opened.page(&Typed::default(), None)
    };
    shown.await.unwrap_or_else(|notice| notice.page(&reader))
}

/// Checks the form and hands it over.
pub(super) async fn submit(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<FormLimits>>,
    caller: Caller,
    reader: Reader,
    request: Request,
) -> Response {
    let loaded = parts.engine.rules();
    let submitted = async {
        let own = parts.own_origins();
        own.must_have_sent(request.headers())
            .map_err(|_| Notice::Refused)?;
        limits.pressed(caller)?;
        let opened = opened(&parts, &loaded.rules, &limits, caller, &reader).await?;
        limits.form(&opened.session)?;
        let typed = Typed::read(request).await.ok_or(Notice::Refused)?;
        if !typed.is_of(opened.token) {
            return Err(Notice::Refused);
        }
        opened.submit(typed, &reader).await
    };
    submitted
        .await
        .unwrap_or_else(|notice| notice.page(&reader))
}

/// Says that it has arrived.
pub(super) async fn done(reader: Reader) -> Response {
    Notice::Done.page(&reader)
}

/// The form that the browser's cookie opens.
async fn opened<'a>(
    parts: &'a Parts,
    rules: &'a Rules,
    limits: &FormLimits,
    caller: Caller,
    reader: &'a Reader,
) -> Result<Opened<'a>, Notice> {
    let token = reader.session.as_ref().ok_or(Notice::Closed)?;
    let session = FormSessionHash(token.sha256());
    let store = parts.engine.store();
    let request = store.form_session(session, parts.clock.now()).await;
    let Some(request) = request.map_err(|error| unreadable(&error))? else {
        limits.wrong(caller)?;
        return Err(Notice::Closed);
    };
    let desk = desk_of(rules, &request);
    let known = store.whereabouts(request.thread.clone()).await;
    Ok(Opened {
        known: known.map_err(|error| unreadable(&error))?,
        parts,
        token,
        session,
        words: words_for(reader, &request, &desk),
        request,
        rules,
        desk,
    })
}

impl Opened<'_> {
    async fn submit(&self, mut typed: Typed, reader: &Reader) -> Result<Response, Notice> {
        let wrong = match &self.request.purpose {
            Purpose::Identity(_) => {
                let form = form_of(self.rules, &self.request).ok_or(Notice::Closed)?;
                match identity::check(form, &typed, self.words, self.today()) {
                    Ok(answers) => return self.hand_over(&answers).await,
                    Err(problems) => Wrong::Identity(problems),
                }
            }
            Purpose::Details => {
                let (agreed, version) = self.words.consent_of(&self.desk.brand);
                let (country, today) = (reader.country, self.today());
                let calendar = &self.calendar();
                let words = self.words;
                match details::check(&mut typed, words, &version, country, today, calendar) {
                    Ok(details) => {
                        let engine = &self.parts.engine;
                        let agreed = AgreedWords {
                            version,
                            language: self.words.spoken(),
                            words: agreed,
                        };
                        let kept = engine.submit_details(self.session, details, agreed).await;
                        return self.kept(kept);
                    }
                    Err(problems) => Wrong::Details(problems),
                }
            }
        };
        self.page(&typed, Some(&wrong))
    }

    /// Seals the answers here, in memory, and hands the ciphertext over.
    async fn hand_over(&self, answers: &Answers) -> Result<Response, Notice> {
        let engine = &self.parts.engine;
        let recipients = engine.store().recipients().await;
        let recipients = recipients.map_err(|error| unreadable(&error))?;
        let sealed = self.parts.vault.seal(answers, &recipients);
        let sealed = sealed.map_err(|error| unreadable(&error))?;
        self.kept(engine.submit_identity(self.session, sealed).await)
    }

    fn kept(&self, kept: Result<bool, EngineError>) -> Result<Response, Notice> {
        match kept {
            Ok(true) => Ok(self.to_done()),
            Ok(false) => Err(Notice::Closed),
            Err(error) => Err(unreadable(&error)),
        }
    }

    fn to_done(&self) -> Response {
        Redirect::to(&format!("/form/done?lang={}", self.words.language)).into_response()
    }

    fn calendar(&self) -> Calendar<'_> {
        Calendar {
            rules: self.rules,
            policy: self.rules.policy(&self.request.thread.channel),
            desk: &self.request.desk,
            known: self.known.clone(),
            now: self.parts.clock.now(),
        }
    }

    /// The newest date that it is anywhere: the customer may be in any zone.
    fn today(&self) -> civil::Date {
        let now = self.parts.clock.now();
        let ahead = now.checked_add(SignedDuration::from_hours(14));
        ahead.unwrap_or(now).to_zoned(TimeZone::UTC).date()
    }

    fn page(&self, typed: &Typed, wrong: Option<&Wrong>) -> Result<Response, Notice> {
        let words = self.words;
        let left = self.request.until.duration_since(self.parts.clock.now());
        // To the nearest minute: a form that has just been opened shows all the time that it has.
        let left = left.saturating_add(SignedDuration::from_secs(30));
        let left = Length::milliseconds(u64::try_from(left.as_millis()).unwrap_or_default());
        let sheet = Sheet {
            words,
            brand: Some(&self.desk.brand),
        };
        let closes = words.closes.replace("{time}", &words.length(left));
        let csrf = csrf_of(self.token);
        let offer;
        let page = match &self.request.purpose {
            Purpose::Identity(_) => {
                let form = form_of(self.rules, &self.request).ok_or(Notice::Closed)?;
                let problems = match wrong {
                    Some(Wrong::Identity(problems)) => problems.as_slice(),
                    _ => &[],
                };
                let keep_for = words.length(self.rules.identity.keep_for);
                FillPage {
                    sheet,
                    csrf,
                    title: Worded::of(&form.title, words),
                    why: Worded::of(&form.why, words),
                    closes,
                    fields: identity::fields(form, typed, words, problems),
                    consent: None,
                    safe: words.identity_safe.replace("{time}", &keep_for),
                }
            }
            Purpose::Details => {
                let none = details::Problems::default();
                let problems = match wrong {
                    Some(Wrong::Details(problems)) => problems,
                    _ => &none,
                };
                let (agreed, version) = words.consent_of(&self.desk.brand);
                offer = details::Offer::new(typed, words, &self.calendar());
                FillPage {
                    sheet,
                    csrf,
                    title: Worded::ours(words.call_form),
                    why: Worded::ours(words.call_why),
                    closes,
                    fields: details::fields(typed, words, problems, &offer),
                    consent: Some(Consent {
                        is_given: typed.of(details::CONSENT) == version,
                        problem: problems.consent,
                        words: agreed,
                        version,
                    }),
                    safe: words.call_safe.to_owned(),
                }
            }
        };
        let status = match wrong {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        Ok((status, pages::page(&page)).into_response())
    }
}
