//! What is done with a check: open what was submitted, once it is proved who asks, and say what came
//! of it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Named, check_page, opened};
use crate::{
    domain::{form::Checked, private::Private},
    engine::{CheckKept, OpenedSubmission},
    store::rows::forms::FormRequestRow,
    web::{
        Parts,
        account::{
            SignInLimits,
            prove::{NotProven, prove},
            session::SignedForm,
        },
        desk::{names::Names, said::Said},
        pages::{PageError, Told, Tone, times::Times},
    },
};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 10_000;

/// Who asks, proved anew.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenForm {
    #[serde(default)]
    password: SecretString,
    code: Option<String>,
    /// How often it had been opened when the form was shown: the same form sent again, as by a
    /// browser that goes back, opens nothing.
    opened: u32,
}

/// `POST …/open`
pub(super) async fn open(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    named: Named,
    times: Times,
    SignedForm { by, form }: SignedForm<OpenForm>,
) -> Result<Response, Response> {
    let check = named.for_eyes_of(&by, &parts).await;
    let check = check.map_err(IntoResponse::into_response)?;
    let again = async |status, words: &str| {
        let told = Some(Told::new(Tone::Bad, words));
        let shown = check_page(&parts, &by, &times, &check, told).await;
        shown.map(|shown| (status, shown).into_response())
    };
    let proven = match prove(&parts, &limits, &by, form.password, form.code).await {
        Ok(proven) => proven,
        Err(NotProven::Refused(answer)) => return Err(*answer),
        Err(NotProven::Wrong) => {
            let words = "That is not your password, or the code is not right. Try again.";
            let shown = again(StatusCode::UNPROCESSABLE_ENTITY, words).await;
            return shown.map_err(IntoResponse::into_response);
        }
    };
    let answer = async {
        let opened = parts.engine.open_submission(check.id, proven, form.opened);
        match opened.await? {
            OpenedSubmission::Sealed(sealed) if parts.vault.opens_here() => {
                opened::shown(&parts, &by, &check, sealed).await
            }
            OpenedSubmission::Sealed(sealed) => Ok(opened::download(check.id, sealed)),
            OpenedSubmission::OpenedBefore => {
                let words = "It has been opened since this page was loaded. Type your password \
                             again to open it once more.";
                again(StatusCode::CONFLICT, words).await
            }
            OpenedSubmission::NotAllowed => Err(not_allowed()),
            OpenedSubmission::Gone => Ok(back(&check, Said::CheckGone)),
        }
    };
    let answer: Result<Response, PageError> = answer.await;
    answer.map_err(IntoResponse::into_response)
}

/// What came of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckedForm {
    checked: Checked,
    #[serde(default)]
    note: Private<String>,
}

/// `POST …/checked`
pub(super) async fn checked(
    State(parts): State<Parts>,
    named: Named,
    times: Times,
    SignedForm { by, form }: SignedForm<CheckedForm>,
) -> Result<Response, PageError> {
    let check = named.for_eyes_of(&by, &parts).await?;
    let note = form.note.reveal().replace("\r\n", "\n").trim().to_owned();
    if note.chars().count() > LONGEST_NOTE {
        let words = format!("The note is too long: {LONGEST_NOTE} characters is the most.");
        let told = Some(Told::new(Tone::Bad, words));
        let shown = check_page(&parts, &by, &times, &check, told).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let note = (!note.is_empty()).then(|| Private::new(note));
    let kept = parts
        .engine
        .check_form(check.id, by.name.clone(), form.checked, note);
    Ok(match kept.await? {
        CheckKept::Done => back(
            &check,
            match form.checked {
                Checked::Verified => Said::Verified,
                Checked::Failed => Said::CheckFailed,
            },
        ),
        CheckKept::CheckedBy(faster) => {
            let names = Names::read(&parts, std::iter::once(&faster)).await?;
            let words = format!("{} had checked it before.", names.of(&faster));
            let store = parts.engine.store();
            let check = store.form_request(check.id).await?.unwrap_or(check);
            let told = Some(Told::new(Tone::Note, words));
            let shown = check_page(&parts, &by, &times, &check, told).await?;
            (StatusCode::CONFLICT, shown).into_response()
        }
        CheckKept::NotOpened => {
            let words = "Nobody has opened what they sent yet. Open it first, then say whether it \
                         is they.";
            let told = Some(Told::new(Tone::Bad, words));
            let shown = check_page(&parts, &by, &times, &check, told).await?;
            (StatusCode::CONFLICT, shown).into_response()
        }
        CheckKept::NotAllowed => return Err(not_allowed()),
        CheckKept::Gone => back(&check, Said::CheckGone),
    })
}

/// The right was taken from the account while it asked.
fn not_allowed() -> PageError {
    PageError {
        status: StatusCode::FORBIDDEN,
        message: "Your account may no longer check identities.".to_owned(),
    }
}

/// The check's page again, telling what was done.
fn back(check: &FormRequestRow, said: Said) -> Response {
    Redirect::to(&format!("/desk/checks/{}?said={said}", check.id.0)).into_response()
}
