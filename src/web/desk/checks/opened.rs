//! What a customer submitted, shown for a minute, or handed out sealed. No other page has it.

use askama::Template;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{DESK_LANGUAGE, form_of, title};
use crate::{
    domain::{form::FormRequestId, private::Private},
    rules::forms::{FieldFormat, Form},
    store::rows::forms::FormRequestRow,
    vault::{Answers, Sealed, VaultError},
    web::{
        Parts,
        account::session::SignedIn,
        desk::frame,
        pages::{Frame, PageError, Section, page},
    },
};

/// After so many seconds the page goes back to the one without the answers.
const SHOWN_FOR: u32 = 60;

/// Loads another page after a while, with or without a script.
const REFRESH: HeaderName = HeaderName::from_static("refresh");

#[derive(Template)]
#[template(path = "desk/checks/opened.html")]
struct OpenedPage {
    frame: Frame,
    id: i64,
    title: String,
    seconds: u32,
    /// Each field's label and what was typed.
    answers: Vec<(String, Private<String>)>,
}

/// The page with the answers.
pub(super) async fn shown(
    parts: &Parts,
    by: &SignedIn,
    check: &FormRequestRow,
    sealed: Sealed,
) -> Result<Response, PageError> {
    let vault = std::sync::Arc::clone(&parts.vault);
    // Reads the key file.
    let opened = tokio::task::spawn_blocking(move || vault.open(&sealed)).await;
    let answers = match opened {
        Ok(Ok(answers)) => answers,
        Ok(Err(error)) => return Err(cannot_open(&error)),
        Err(_) => return Err(PageError::not_found()),
    };
    let rules = &parts.engine.rules().rules;
    let mut response = page(&OpenedPage {
        frame: frame(parts, by, Section::Checks).await?,
        id: check.id.0,
        title: title(rules, check),
        seconds: SHOWN_FOR,
        answers: labelled(form_of(rules, check), &answers),
    });
    let refresh = format!("{SHOWN_FOR}; url=/desk/checks/{}", check.id.0);
    if let Ok(refresh) = HeaderValue::from_str(&refresh) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    Ok(response)
}

/// The answers under their labels, choices in the words that the customer chose by. Fields that the
/// rules no longer have stand under their names.
fn labelled(form: Option<&Form>, answers: &Answers) -> Vec<(String, Private<String>)> {
    let labelled = |(name, typed): &(String, Private<String>)| {
        let field = form.and_then(|form| form.fields.iter().find(|field| field.name == *name));
        let label = field.map(|field| field.label.in_language(DESK_LANGUAGE));
        let label = label.filter(|label| !label.is_empty());
        let chosen = field.and_then(|field| match &field.format {
            FieldFormat::Choice(choices) => {
                let mut choices = choices.iter();
                choices.find_map(|(choice, words)| {
                    (choice == typed.reveal()).then(|| words.in_language(DESK_LANGUAGE).to_owned())
                })
            }
            _ => None,
        });
        (
            label.unwrap_or(name).to_owned(),
            chosen.map_or_else(|| typed.clone(), Private::new),
        )
    };
    answers.0.iter().map(labelled).collect()
}

/// The ciphertext, for whoever opens it on their own machine.
pub(super) fn download(id: FormRequestId, sealed: Sealed) -> Response {
    let name = format!("attachment; filename=\"check-{}.age\"", id.0);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, sealed.0).into_response()
}

fn cannot_open(error: &VaultError) -> PageError {
    tracing::error!(%error, "a submission could not be opened");
    let message = match error {
        VaultError::NoKey => {
            "The key that could open this is not here any more: it may have been sealed for the \
             keys of single accounts, or its key was dropped. Ask the customer to fill the form in \
             again."
        }
        VaultError::Damaged => {
            "What is stored is damaged and cannot be opened. Ask the customer to fill the form in \
             again."
        }
        VaultError::KeyFile { .. } | VaultError::NoRecipient => {
            "The server's key cannot be used just now; its log says why. Tell an admin."
        }
    };
    PageError {
        status: StatusCode::SERVICE_UNAVAILABLE,
        message: message.to_owned(),
    }
}
