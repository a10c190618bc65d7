//! What is done on a thread's page: answer, note, correct, undo a mute. Takes forms and hands them
//! to the engine; then the page is shown again.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Named,
    pages::{self, LONGEST_TEXT, Part, Typed, Unsent},
};
use crate::{
    domain::{
        ids::{MessageId, ThreadKey},
        message::Party,
        private::Private,
        reading::{Context, Correction, IdentityKind, IdentityLevel},
    },
    engine::{Receipt, Reply, SubmitError},
    web::{
        Parts,
        account::session::{Nothing, SignedForm, SignedIn},
        desk::{said::Said, thread_url},
        pages::{PageError, times::Times},
    },
};

/// An answer or a note.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextForm {
    /// The box's own id.
    id: String,
    /// What was typed.
    text: Private<String>,
    /// Send it although it asks for identity data.
    #[serde(default)]
    confirmed: Option<String>,
}

/// A correction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectForm {
    message: String,
    correction: Correction,
}

/// `POST …/reply`
pub(super) async fn reply(
    State(parts): State<Parts>,
    named: Named,
    times: Times,
    SignedForm { by, form }: SignedForm<TextForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    if !pages::carries_replies(&parts, &key) {
        return Err(PageError::not_understood());
    }
    let id = MessageId::parse(&form.id).map_err(|_| PageError::not_understood())?;
    let refused = match typed(&form.text) {
        Err(problem) => Some((StatusCode::UNPROCESSABLE_ENTITY, problem, false)),
        Ok(_) if form.confirmed.is_none() && asks_for_identity(&parts, form.text.reveal()) => {
            Some((StatusCode::UNPROCESSABLE_ENTITY, ASKS.to_owned(), true))
        }
        Ok(text) => send(&parts, &by, &key, id, text)
            .await?
            .map(|problem| (StatusCode::SERVICE_UNAVAILABLE, problem, false)),
    };
    let Some((status, problem, may_confirm)) = refused else {
        return Ok(back(&key, Said::Sent, "newest"));
    };
    let unsent = Unsent {
        id: form.id,
        text: form.text.into_revealed(),
        problem,
        may_confirm,
        status,
    };
    let (part, typed) = (Part::default(), Typed::Reply(unsent));
    pages::draw(&parts, &by, &key, times, &part, typed).await
}

/// What an agent reads who is about to ask for identity data.
const ASKS: &str = "Not sent yet: this asks for data that proves who somebody is, and a chat is \
                    no place for it. Ring the customer and ask there, or change the text. If it \
                    asks for no such thing, send it anyway.";

/// Hands the answer in. What is wrong with that, if anything, is for the agent, who may try again.
///
/// # Errors
/// When there is no such thread.
async fn send(
    parts: &Parts,
    by: &SignedIn,
    key: &ThreadKey,
    id: MessageId,
    text: Private<String>,
) -> Result<Option<String>, PageError> {
    let reply = Reply {
        thread: key.clone(),
        id,
        by: by.name.clone(),
        text,
    };
    Ok(match parts.engine.reply(reply).await {
        Ok(Receipt::Decided(_) | Receipt::Repeated(_)) => None,
        Ok(Receipt::Rejected(reason)) => Some(format!("Not sent: {reason}.")),
        Err(SubmitError::UnknownThread) => return Err(PageError::not_found()),
        Err(SubmitError::Storage(error)) => {
            tracing::error!(%error, "an answer could not be kept");
            let problem = "Not sent: the database cannot be written just now. Send it again in a \
                           moment; if it stays so, the log says why.";
            Some(problem.to_owned())
        }
        Err(error @ (SubmitError::Busy { .. } | SubmitError::Stopping)) => Some(format!(
            "Not sent: {error}. Your text is still here: send it again."
        )),
    })
}

/// Whether a text asks for data that has no place in a chat.
fn asks_for_identity(parts: &Parts, text: &str) -> bool {
    let reader = &parts.engine.rules().reader;
    let scan = reader.scan(text, None);
    let reading = reader.interpret(&scan, Party::Agent, &Context::default());
    reading.identity.is_some_and(|identity| {
        identity.kind == IdentityKind::Asked && identity.level == IdentityLevel::Confidential
    })
}

/// `POST …/note`
pub(super) async fn note(
    State(parts): State<Parts>,
    named: Named,
    times: Times,
    SignedForm { by, form }: SignedForm<TextForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let id = MessageId::parse(&form.id).map_err(|_| PageError::not_understood())?;
    let kept = match typed(&form.text) {
        Err(problem) => Err((StatusCode::UNPROCESSABLE_ENTITY, problem)),
        Ok(text) => {
            let noted = parts.engine.note(key.clone(), id, by.name.clone(), text);
            noted.await.map_err(|error| {
                let problem = PageError::from(error);
                (problem.status, problem.message)
            })
        }
    };
    let (status, problem) = match kept {
        Ok(true) => return Ok(back(&key, Said::Noted, "newest")),
        Ok(false) => return Err(PageError::not_found()),
        Err(why) => why,
    };
    let unsent = Unsent {
        id: form.id,
        text: form.text.into_revealed(),
        problem,
        may_confirm: false,
        status,
    };
    let (part, typed) = (Part::default(), Typed::Note(unsent));
    pages::draw(&parts, &by, &key, times, &part, typed).await
}

/// The text as it is to be kept, or what is wrong with it.
fn typed(text: &Private<String>) -> Result<Private<String>, String> {
    // Browsers send line breaks as CR LF.
    let text = text.reveal().replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err("Write something first.".to_owned());
    }
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        return Err(format!(
            "This is {length} characters long; {LONGEST_TEXT} is the most. Send it in two parts."
        ));
    }
    Ok(Private::new(text.to_owned()))
}

/// `POST …/correct`
pub(super) async fn correct(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<CorrectForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let message = MessageId::parse(&form.message).map_err(|_| PageError::not_understood())?;
    let anchor = super::show::anchor(message.as_str());
    let corrected = parts
        .engine
        .correct(key.clone(), message, form.correction, by.name.clone());
    match corrected.await? {
        Some(_) => Ok(back(&key, Said::Corrected, &anchor)),
        None => Err(PageError::not_found()),
    }
}

/// `POST …/unmute`
pub(super) async fn unmute(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    if parts.engine.unmute(key.clone(), by.name.clone()).await? {
        Ok(back(&key, Said::Unmuted, "main"))
    } else {
        Err(PageError::not_found())
    }
}

/// `POST …/typing`
pub(super) async fn typing(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    parts.engine.typing(&key, Party::Agent);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The thread's page again, at a place of it, telling what was done.
fn back(key: &ThreadKey, said: Said, place: &str) -> Response {
    let address = thread_url(&key.channel, &key.thread);
    Redirect::to(&format!("{address}?said={said}#{place}")).into_response()
}

#[cfg(test)]
mod tests;
