//! The own account: the password, and signing out everywhere.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    cookie,
    limits::SignInLimits,
    prove::{NotProven, prove},
    session::{Nothing, SignedForm, SignedIn, failed, new_token, signed_out},
    sign_in::{farewell, go_on},
};
use crate::{
    engine::{accounts::PasswordChange, chat::rows::PersonRow},
    settings::Sealing,
    store::rows::{TokenHash, account::AccountRow},
    vault::PublicKey,
    web::{
        Parts,
        desk::frame,
        pages::{Frame, PageError, Section, Told, Tone, page},
    },
};

#[derive(Template)]
#[template(path = "account/own.html")]
struct OwnPage<'a> {
    frame: Frame,
    account: &'a AccountRow,
    needs_present: bool,
    /// Where the server has no key, each account that checks identities has one of its own.
    asks_recipient: bool,
    /// There is a Telegram bot.
    has_bot: bool,
    /// Who they are in Telegram.
    people: Vec<PersonRow>,
}

/// What the page before says was done.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

impl Said {
    /// In words; nothing for a word that is none of ours.
    fn told(&self) -> Option<Told> {
        let words = match self.said.as_deref()? {
            "welcome" => "You are signed in. Set a password now, to sign in with next time.",
            "by-link" => {
                "You are signed in. If you have forgotten your password, set a new one now."
            }
            "password" => "Your new password holds. Everywhere else you are signed out.",
            "unlinked" => "That person in Telegram is no longer you.",
            "recipient" => "What customers submit from now on is sealed for your key too.",
            "no-recipient" => "Nothing is sealed for your key any more.",
            "second-factor" => "From now on you are asked for a code when you sign in.",
            "no-second-factor" => "You are no longer asked for a code when you sign in.",
            _ => return None,
        };
        Some(Told::new(Tone::Good, words))
    }
}

/// The page.
pub(super) async fn show(
    State(parts): State<Parts>,
    Query(said): Query<Said>,
    by: SignedIn,
) -> Result<Response, PageError> {
    own_page(&parts, &by, said.told()).await
}

async fn own_page(parts: &Parts, by: &SignedIn, told: Option<Told>) -> Result<Response, PageError> {
    let (_, session) = by.session()?;
    let directory = parts.engine.directory();
    let own = directory
        .people
        .iter()
        .filter(|person| person.account == by.name);
    Ok(page(&OwnPage {
        has_bot: parts.settings.telegram.is_some(),
        people: own.cloned().collect(),
        frame: frame(parts, by, Section::Account).await?.telling(told),
        account: &session.account,
        asks_recipient: session.account.checks_identity
            && parts.settings.forms.sealing == Sealing::Recipients,
        needs_present: parts.engine.needs_present_password(session),
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordForm {
    present: Option<SecretString>,
    password: SecretString,
    again: SecretString,
}

/// Sets a password.
pub(super) async fn set_password(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    headers: HeaderMap,
    SignedForm { by, form }: SignedForm<PasswordForm>,
) -> Result<Response, Response> {
    limits.own(&by.name).map_err(IntoResponse::into_response)?;
    let answer = async {
        let complain = async |what: String| {
            let again = own_page(&parts, &by, Some(Told::new(Tone::Bad, what))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        };
        if form.password.expose_secret() != form.again.expose_secret() {
            return complain("The new password was typed in two different ways.".to_owned()).await;
        }
        let (session, _) = by.session()?;
        let renewed = new_token()?;
        let hash = TokenHash(renewed.sha256());
        let present = form.present.unwrap_or_default();
        let set = parts
            .engine
            .set_password(session, present, form.password, hash);
        match set.await.map_err(failed)? {
            PasswordChange::Done => {
                let is_https = parts.own_origins().is_https(&headers);
                Ok(go_on(
                    "/account?said=password",
                    cookie::give(&renewed, is_https),
                ))
            }
            PasswordChange::WrongPresent => {
                complain("That is not your present password.".to_owned()).await
            }
            PasswordChange::Unfit(why) => complain(format!("The new password {why}.")).await,
            PasswordChange::SignedOut => Err(signed_out()),
        }
    };
    answer
        .await
        .map_err(|error: PageError| error.into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecipientForm {
    recipient: String,
    password: SecretString,
    code: Option<String>,
}

/// Sets the public key that submissions are sealed for, or takes it away.
pub(super) async fn set_recipient(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    SignedForm { by, form }: SignedForm<RecipientForm>,
) -> Result<Response, Response> {
    let complain = async |what: &str| {
        let again = own_page(&parts, &by, Some(Told::new(Tone::Bad, what))).await;
        match again {
            Ok(again) => (StatusCode::UNPROCESSABLE_ENTITY, again).into_response(),
            Err(error) => error.into_response(),
        }
    };
    let recipient = match form.recipient.trim() {
        "" => None,
        text => match PublicKey::parse(text) {
            Some(key) => Some(key),
            None => {
                let what = "That is no public key. It begins with age1, as `ringback keys new` \
                            prints it.";
                return Err(complain(what).await);
            }
        },
    };
    let proven = match prove(&parts, &limits, &by, form.password, form.code).await {
        Ok(proven) => proven,
        Err(NotProven::Refused(answer)) => return Err(*answer),
        Err(NotProven::Wrong) => {
            let what = "That is not your password, or the code is not right.";
            return Err(complain(what).await);
        }
    };
    let said = match recipient {
        Some(_) => "recipient",
        None => "no-recipient",
    };
    let set = parts.engine.set_recipient(proven, recipient).await;
    set.map_err(|error| failed(error).into_response())?;
    Ok(Redirect::to(&format!("/account?said={said}")).into_response())
}

/// Ends all sessions of the account, this one too.
pub(super) async fn sign_out_everywhere(
    State(parts): State<Parts>,
    headers: HeaderMap,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    by.session()?;
    let signed_out = parts.engine.sign_out_everywhere(by.name.clone()).await;
    signed_out.map_err(failed)?;
    Ok(farewell(&parts, &headers))
}
