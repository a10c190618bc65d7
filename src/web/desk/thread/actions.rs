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
    pages::{self, Part, Typed, Unsent},
};
use crate::{
    domain::{
        ids::{MessageId, ThreadKey},
        message::{MAX_TYPED, Party},
        private::Private,
        reading::Correction,
    },
    engine::{CarriedAgain, Checked, EngineError, Receipt, Replied, Reply},
    web::{
        Parts,
        account::session::{Nothing, SignedForm, SignedIn},
        desk::{eyes, said::Said, thread_url},
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
}

/// A message that is to be sent again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgainForm {
    message: String,
}

/// A correction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectForm {
    message: String,
    correction: Correction,
}

/// Whether a message was thanks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SolvedForm {
    message: String,
    solved: YesOrNo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum YesOrNo {
    Yes,
    No,
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
    let sent = match typed(&form.text) {
        Err(problem) => Err((StatusCode::UNPROCESSABLE_ENTITY, problem)),
        Ok(text) => send(&parts, &by, &key, id, text).await?,
    };
    let (status, problem) = match sent {
        Ok(Said::Held) => return Ok(back(&key, Said::Held, "held")),
        Ok(said) => return Ok(back(&key, said, "newest")),
        Err(why) => why,
    };
    let unsent = Unsent {
        id: form.id,
        text: form.text.into_revealed(),
        problem,
        status,
    };
    let (part, typed) = (Part::default(), Typed::Reply(unsent));
    pages::draw(&parts, &by, &key, times, &part, typed).await
}

/// Hands the answer in: what came of it, or what is wrong with that, for the agent, who may try
/// again.
///
/// # Errors
/// When there is no such thread.
async fn send(
    parts: &Parts,
    by: &SignedIn,
    key: &ThreadKey,
    id: MessageId,
    text: Private<String>,
) -> Result<Result<Said, (StatusCode, String)>, PageError> {
    let reply = Reply {
        thread: key.clone(),
        id,
        by: by.name.clone(),
        text,
        attachment: None,
        written: None,
    };
    let problem = match parts.engine.reply(reply).await {
        Ok(Replied::Sent(Receipt::Decided(_) | Receipt::Repeated(_))) => return Ok(Ok(Said::Sent)),
        Ok(Replied::Held) => return Ok(Ok(Said::Held)),
        Ok(Replied::Unknown) => return Err(PageError::not_found()),
        Ok(Replied::Sent(Receipt::Rejected(reason))) => format!("Not sent: {reason}."),
        Err(EngineError::Storage(error)) => {
            tracing::error!(%error, "an answer could not be kept");
            "Not sent: the database cannot be written just now. Send it again in a moment; if it \
             stays so, the log says why."
                .to_owned()
        }
        Err(error @ EngineError::Stopping) => {
            format!("Not sent: {error}. Your text is still here: send it again.")
        }
    };
    Ok(Err((StatusCode::SERVICE_UNAVAILABLE, problem)))
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
    if length > MAX_TYPED {
        return Err(format!(
            "This is {length} characters long; {MAX_TYPED} is the most. Send it in two parts."
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

/// `POST …/solved`: what is asked above the queue, so the queue is shown again.
pub(super) async fn solved(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<SolvedForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let message = MessageId::parse(&form.message).map_err(|_| PageError::not_understood())?;
    let solved = form.solved == YesOrNo::Yes;
    let checked = parts.engine.check_solved(key, message, solved, by.name);
    let said = match checked.await? {
        Checked::Solved => Said::CheckedSolved,
        Checked::LookedAgain => Said::LookedAgain,
        Checked::Before => Said::SeenBefore,
        Checked::Unknown => return Err(PageError::not_found()),
    };
    Ok(Redirect::to(&format!("/desk/callbacks?said={said}")).into_response())
}

/// `POST …/again`
pub(super) async fn again(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<AgainForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let message = MessageId::parse(&form.message).map_err(|_| PageError::not_understood())?;
    let anchor = super::show::anchor(message.as_str());
    let carried = parts
        .engine
        .carry_again(key.clone(), message, by.name.clone());
    match carried.await? {
        CarriedAgain::Sent => Ok(back(&key, Said::SentAgain, &anchor)),
        CarriedAgain::NotNeeded => Ok(back(&key, Said::SentBefore, &anchor)),
        CarriedAgain::Unknown => Err(PageError::not_found()),
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

/// Marks a notice of the thread as seen to: what it asked for is done.
///
/// # Errors
/// When the engine stops or the database fails.
pub(super) async fn see_to(
    parts: &Parts,
    by: &SignedIn,
    key: &ThreadKey,
    notice: Option<i64>,
) -> Result<(), PageError> {
    let Some(id) = notice else { return Ok(()) };
    let row = parts.engine.store().notice(id).await?;
    let is_here = row.is_some_and(|row| {
        (&row.channel, &row.thread) == (&key.channel, &key.thread)
            && eyes(by, parts.clock.now()).see(&row)
    });
    if is_here {
        parts.engine.see_to(id, by.name.clone()).await?;
    }
    Ok(())
}

/// The thread's page again, at a place of it, telling what was done.
pub(in crate::web::desk) fn back(key: &ThreadKey, said: Said, place: &str) -> Response {
    let address = thread_url(&key.channel, &key.thread);
    Redirect::to(&format!("{address}?said={said}#{place}")).into_response()
}

#[cfg(test)]
mod tests;
