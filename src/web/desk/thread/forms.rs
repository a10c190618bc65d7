//! Forms that a thread's customer is asked to fill in: asking, links where Ringback carries no
//! messages, and taking one back.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Named, actions};
use crate::{
    domain::{
        form::{FormRequestId, Purpose},
        ids::{FormName, ThreadKey},
    },
    engine::Asked,
    store::rows::{forms::FormRequestRow, held::HeldId},
    web::{
        Parts,
        account::session::{Nothing, SignedForm},
        desk::{callbacks::Back, frame, said::Said, thread_url},
        forms::new_link::NewLink,
        pages::{
            Frame, PageError, Section, page,
            times::{Shown, Times},
        },
    },
};

/// Which form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskForm {
    /// One of the admin's identity forms.
    identity: Option<FormName>,
    /// The details form.
    details: Option<String>,
    /// Instead of this answer, which is held.
    held: Option<i64>,
    /// After this notice, which is then seen to.
    notice: Option<i64>,
    /// Where it was sent from.
    back: Back,
}

impl AskForm {
    /// Exactly one form.
    fn purpose(&self) -> Result<Purpose, PageError> {
        match (&self.identity, &self.details) {
            (Some(form), None) => Ok(Purpose::Identity(form.clone())),
            (None, Some(_)) => Ok(Purpose::Details),
            (None, None) | (Some(_), Some(_)) => Err(PageError::not_understood()),
        }
    }
}

/// `POST …/forms`
pub(super) async fn ask(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<AskForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let (purpose, name) = (form.purpose()?, by.name.clone());
    let asked = match form.held.map(HeldId) {
        Some(held) => {
            let asked = parts
                .engine
                .ask_form_instead(key.clone(), held, purpose, name);
            asked.await?
        }
        None => parts.engine.ask_form(key.clone(), purpose, name).await?,
    };
    let said = match asked {
        Asked::Told(_) => Said::FormOffered,
        Asked::LinkWanted(_) => Said::LinkWanted,
        Asked::Public => Said::FormPublic,
        Asked::NobodyOpens => Said::FormUnopenable,
        Asked::Unknown => return Err(PageError::not_found()),
    };
    if matches!(said, Said::FormOffered | Said::LinkWanted) {
        actions::see_to(&parts, &by, &key, form.notice).await?;
    }
    Ok(match (form.back, said) {
        (Back::Thread, _) | (_, Said::LinkWanted) => actions::back(&key, said, "thread-forms"),
        (queue, _) => {
            let view = queue.as_str();
            Redirect::to(&format!("/desk/callbacks?view={view}&said={said}")).into_response()
        }
    })
}

#[derive(Template)]
#[template(path = "desk/thread/link.html")]
struct LinkPage {
    frame: Frame,
    customer: String,
    link: String,
    until: Shown,
    address: String,
}

/// `POST …/forms/{id}/link`
pub(super) async fn make_link(
    State(parts): State<Parts>,
    named: Named,
    Path(path): Path<(String, String, i64)>,
    times: Times,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let asked = form_of(&parts, &key, path.2).await?;
    let made = NewLink::make(&parts, key.clone(), asked.id, Some(by.name.clone()));
    let Some(NewLink { url, until }) = made.await? else {
        let is_public = parts.engine.store().is_public(key.clone()).await?;
        let why = if is_public && asked.state.is_open() {
            Said::FormPublic
        } else {
            Said::FormGone
        };
        return Ok(actions::back(&key, why, "thread-forms"));
    };
    Ok(page(&LinkPage {
        frame: frame(&parts, &by, Section::Threads).await?,
        customer: customer(&parts, &key).await?,
        link: url,
        until: times.at(until),
        address: thread_url(&key.channel, &key.thread),
    }))
}

/// `POST …/forms/{id}/withdraw`
pub(super) async fn withdraw(
    State(parts): State<Parts>,
    named: Named,
    Path(path): Path<(String, String, i64)>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let asked = form_of(&parts, &key, path.2).await?;
    let taken_back = parts.engine.withdraw_form(asked.id, by.name.clone());
    let said = match taken_back.await? {
        true => Said::FormWithdrawn,
        false => Said::FormGone,
    };
    Ok(actions::back(&key, said, "thread-forms"))
}

/// A form of this very thread.
async fn form_of(parts: &Parts, key: &ThreadKey, id: i64) -> Result<FormRequestRow, PageError> {
    let found = parts.engine.store().form_request(FormRequestId(id)).await?;
    found
        .filter(|form| form.thread == *key)
        .ok_or_else(PageError::not_found)
}

/// The customer's name or handle.
async fn customer(parts: &Parts, key: &ThreadKey) -> Result<String, PageError> {
    let found = parts.engine.store().desk_thread(key.clone(), None, 1);
    let author = found.await?.and_then(|thread| thread.thread.author);
    Ok(author.map_or_else(
        || "the customer".to_owned(),
        |author| author.reveal().to_owned(),
    ))
}
