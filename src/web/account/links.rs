//! Signing in by a one-time link. Opening it shows a button, for whoever previews links in a chat
//! opens them too; only the button uses the link up. The same page asks for the second factor.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    limits::SignInLimits,
    next,
    session::{OpenForm, failed, new_token},
    sign_in::welcome,
};
use crate::{
    domain::ids::ShownName,
    engine::accounts::LinkUse,
    store::rows::{TokenHash, account::LinkRow},
    web::{
        Parts,
        caller::Caller,
        pages::{Frame, PageError, page},
        token::Token,
    },
};

/// The page behind a link.
#[derive(Template)]
#[template(path = "account/link.html")]
pub(super) struct LinkPage<'a> {
    frame: Frame,
    token: &'a str,
    next: &'a str,
    /// Who would be signed in; `None` once the password has told.
    shown: Option<&'a ShownName>,
    asks_code: bool,
    was_wrong: bool,
}

impl<'a> LinkPage<'a> {
    /// Asks for the code that comes after a password.
    pub(super) fn asking_code(link: &'a Token, next: &'a str, was_wrong: bool) -> Self {
        Self {
            frame: Frame::outside(),
            token: link.reveal(),
            next,
            shown: None,
            asks_code: true,
            was_wrong,
        }
    }

    fn of(link: &'a LinkRow, token: &'a Token, next: &'a str, was_wrong: bool) -> Self {
        Self {
            shown: (!link.after_password).then_some(&link.account.shown),
            asks_code: link.account.has_second_factor,
            ..Self::asking_code(token, next, was_wrong)
        }
    }
}

impl IntoResponse for LinkPage<'_> {
    fn into_response(self) -> Response {
        page(&self)
    }
}

/// Shows who would be signed in.
pub(super) async fn show(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Response, Response> {
    limits.by(caller).map_err(IntoResponse::into_response)?;
    let token = Token::of_caller(&token);
    let link = find(&parts, &token)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok(LinkPage::of(&link, &token, next::safe(None), false).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    code: Option<String>,
    next: Option<String>,
}

/// Uses the link up.
pub(super) async fn sign_in(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    caller: Caller,
    Path(token): Path<String>,
    headers: HeaderMap,
    OpenForm(form): OpenForm<LinkForm>,
) -> Result<Response, Response> {
    limits.by(caller).map_err(IntoResponse::into_response)?;
    let token = Token::of_caller(&token);
    let link = find(&parts, &token)
        .await
        .map_err(IntoResponse::into_response)?;
    if link.account.has_second_factor {
        limits
            .own(&link.account.name)
            .map_err(IntoResponse::into_response)?;
    }
    let next = next::safe(form.next.as_deref());
    let answer = async {
        let session = new_token()?;
        let hashes = (TokenHash(token.sha256()), TokenHash(session.sha256()));
        let used = parts.engine.use_link(hashes.0, form.code, hashes.1).await;
        match used.map_err(failed)? {
            LinkUse::SignedIn(account) => {
                let next = if link.after_password {
                    next
                } else if account.has_password {
                    "/account?said=by-link"
                } else {
                    "/account?said=welcome"
                };
                welcome(&parts, &headers, &session, next).await
            }
            LinkUse::WrongCode => {
                let again = LinkPage::of(&link, &token, next, true);
                Ok((StatusCode::FORBIDDEN, again).into_response())
            }
            LinkUse::Refused => Err(refused()),
        }
    };
    answer.await.map_err(IntoResponse::into_response)
}

async fn find(parts: &Parts, token: &Token) -> Result<LinkRow, PageError> {
    let link = parts.engine.sign_in_link(TokenHash(token.sha256())).await;
    link.map_err(failed)?.ok_or_else(refused)
}

/// The same for a link that never was, is too old or has been used.
fn refused() -> PageError {
    PageError {
        status: StatusCode::NOT_FOUND,
        message: "This link does not sign anybody in, or no longer: each works once and for a \
                  limited time. Ask an admin for a new one, or sign in with your password."
            .to_owned(),
    }
}
