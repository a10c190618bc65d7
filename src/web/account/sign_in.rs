//! Signing in with name and password, and signing out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    cookie,
    limits::SignInLimits,
    links::LinkPage,
    next,
    session::{Nothing, OpenForm, SignedForm, SignedIn, failed, new_token},
};
use crate::{
    domain::ids::AccountName,
    engine::accounts::SignIn,
    store::rows::TokenHash,
    web::{
        Parts,
        caller::Caller,
        pages::{Frame, PageError, page},
        token::Token,
    },
};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage<'a> {
    frame: Frame,
    name: &'a str,
    next: &'a str,
    was_refused: bool,
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

/// The page.
pub(super) async fn show(
    State(parts): State<Parts>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let next = next::safe(next.as_deref());
    if SignedIn::find(&headers, &parts).await?.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    Ok(page(&SignInPage {
        frame: Frame::outside(),
        name: "",
        next,
        was_refused: false,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInForm {
    name: String,
    password: SecretString,
    next: Option<String>,
}

/// Signs in.
pub(super) async fn sign_in(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    caller: Caller,
    headers: HeaderMap,
    OpenForm(form): OpenForm<SignInForm>,
) -> Result<Response, Response> {
    limits.by(caller).map_err(IntoResponse::into_response)?;
    let name = AccountName::parse(&form.name.trim().to_ascii_lowercase()).ok();
    if let Some(name) = &name {
        limits
            .password(name, caller)
            .map_err(IntoResponse::into_response)?;
    }
    let next = next::safe(form.next.as_deref());
    let answer = async {
        let (session, code_link) = (new_token()?, new_token()?);
        let signed_in = parts.engine.sign_in(
            name,
            form.password,
            TokenHash(session.sha256()),
            TokenHash(code_link.sha256()),
        );
        Ok(match signed_in.await.map_err(failed)? {
            SignIn::SignedIn(_) => welcome(&parts, &headers, &session, next).await?,
            SignIn::NeedsCode => LinkPage::asking_code(&code_link, next, false).into_response(),
            SignIn::Refused => {
                let again = page(&SignInPage {
                    frame: Frame::outside(),
                    name: form.name.trim(),
                    next,
                    was_refused: true,
                });
                (StatusCode::FORBIDDEN, again).into_response()
            }
        })
    };
    answer
        .await
        .map_err(|error: PageError| error.into_response())
}

/// Gives the browser its new session in place of the one it had, and goes on.
pub(super) async fn welcome(
    parts: &Parts,
    headers: &HeaderMap,
    session: &Token,
    next: &str,
) -> Result<Response, PageError> {
    let is_https = parts.own_origins().is_https(headers);
    if let Some(old) = cookie::read(headers, is_https) {
        let old = TokenHash(old.sha256());
        parts.engine.drop_session(old).await.map_err(failed)?;
    }
    Ok(go_on(next, cookie::give(session, is_https)))
}

/// Signs out.
pub(super) async fn sign_out(
    State(parts): State<Parts>,
    headers: HeaderMap,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    let (session, _) = by.session()?;
    let signed_out = parts.engine.sign_out(by.name.clone(), session).await;
    signed_out.map_err(failed)?;
    Ok(farewell(&parts, &headers))
}

/// Takes the session from the browser.
pub(super) fn farewell(parts: &Parts, headers: &HeaderMap) -> Response {
    let is_https = parts.own_origins().is_https(headers);
    go_on("/sign-in", cookie::take(is_https))
}

/// Goes to a page of ours with another cookie.
pub(super) fn go_on(to: &str, cookie: HeaderValue) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
