//! The second factor of the own account: shown as a QR code, confirmed with a code before it holds.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use qrcode::{QrCode, render::svg};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    limits::SignInLimits,
    session::{SignedForm, SignedIn, failed, signed_out},
};
use crate::{
    engine::accounts::{FactorChange, TotpKey},
    web::{
        Parts,
        desk::frame,
        pages::{Frame, PageError, Section, Told, Tone, page},
    },
};

/// The QR code's side in pixels, at least.
const QR_SIDE: u32 = 220;

#[derive(Template)]
#[template(path = "account/factor.html")]
struct FactorPage {
    frame: Frame,
    /// An SVG element of our own making.
    qr: String,
    key: String,
    key_in_groups: String,
}

/// Offers a new key.
pub(super) async fn show(State(parts): State<Parts>, by: SignedIn) -> Result<Response, PageError> {
    let (_, session) = by.session()?;
    if !session.account.has_password {
        return Err(no_password());
    }
    if session.account.has_second_factor {
        return Err(has_one());
    }
    let key = TotpKey::generate().map_err(failed)?;
    factor_page(&parts, &by, &key, None).await
}

async fn factor_page(
    parts: &Parts,
    by: &SignedIn,
    key: &TotpKey,
    told: Option<Told>,
) -> Result<Response, PageError> {
    let text = key.as_text();
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    Ok(page(&FactorPage {
        frame: frame(parts, by, Section::Account).await?.telling(told),
        qr: qr(&key.url(&by.name)),
        key_in_groups: groups.join(" "),
        key: text,
    }))
}

/// A QR code as an SVG element. Empty if there is too much to put into one, which a key is not.
fn qr(text: &str) -> String {
    let Ok(code) = QrCode::new(text) else {
        return String::new();
    };
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(QR_SIDE, QR_SIDE)
        .build();
    // In a page the element stands without the XML declaration before it.
    let element = image
        .split_once("?>")
        .map(|(_, element)| element.to_owned());
    element.unwrap_or(image)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorForm {
    key: SecretString,
    code: String,
}

/// Takes the key, once a code shows that the app has it.
pub(super) async fn set(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<FactorForm>,
) -> Result<Response, PageError> {
    let (session, _) = by.session()?;
    let key = TotpKey::of_text(form.key.expose_secret()).ok_or(PageError {
        status: StatusCode::BAD_REQUEST,
        message: "That is no key of ours. Open the page again.".to_owned(),
    })?;
    let set = parts
        .engine
        .set_second_factor(session, key.clone(), form.code)
        .await;
    match set.map_err(failed)? {
        FactorChange::Done => Ok(Redirect::to("/account?said=second-factor").into_response()),
        FactorChange::Wrong => {
            let told = "That code is not right. Wait for the next one in your app and try again.";
            let told = Told::new(Tone::Bad, told);
            let again = factor_page(&parts, &by, &key, Some(told)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        FactorChange::NoPassword => Err(no_password()),
        FactorChange::HasOne => Err(has_one()),
        FactorChange::SignedOut => Err(signed_out()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveForm {
    password: SecretString,
    #[serde(default)]
    code: String,
}

/// Asks for no code any more.
pub(super) async fn remove(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    SignedForm { by, form }: SignedForm<RemoveForm>,
) -> Result<Response, Response> {
    limits.own(&by.name).map_err(IntoResponse::into_response)?;
    let answer = async {
        let (session, _) = by.session()?;
        let removed = parts
            .engine
            .remove_second_factor(session, form.password, form.code)
            .await;
        match removed.map_err(failed)? {
            FactorChange::Done => Ok(Redirect::to("/account?said=no-second-factor")),
            FactorChange::Wrong => Err(PageError {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                message: "That is not your password, or the code is not right. Go back and try \
                          again. If your phone is lost, ask whoever runs Ringback."
                    .to_owned(),
            }),
            FactorChange::NoPassword => Err(no_password()),
            FactorChange::HasOne => Err(has_one()),
            FactorChange::SignedOut => Err(signed_out()),
        }
    };
    let answer: Result<Redirect, PageError> = answer.await;
    answer
        .map(IntoResponse::into_response)
        .map_err(IntoResponse::into_response)
}

fn has_one() -> PageError {
    PageError {
        status: StatusCode::CONFLICT,
        message: "You are asked for a code already. To change to another app, first say on your \
                  account's page, with your password and a code, that you want none any more."
            .to_owned(),
    }
}

fn no_password() -> PageError {
    PageError {
        status: StatusCode::CONFLICT,
        message: "Set a password first: a code comes on top of it.".to_owned(),
    }
}
