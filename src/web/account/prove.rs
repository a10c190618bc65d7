//! Asking a signed-in person anew who they are, before what a browser left open must not be enough
//! for. Counts tries like signing in.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use secrecy::SecretString;

use super::{
    limits::SignInLimits,
    session::{SignedIn, failed, signed_out},
};
use crate::{
    engine::accounts::{Proof, Proven},
    web::{Parts, pages::PageError},
};

/// Why somebody has not proved who they are.
#[derive(Debug)]
pub(in crate::web) enum NotProven {
    /// The password or the code was not right: they may try again.
    Wrong,
    /// The answer, for every other reason.
    Refused(Box<Response>),
}

impl<E: IntoResponse> From<E> for NotProven {
    fn from(error: E) -> Self {
        Self::Refused(Box::new(error.into_response()))
    }
}

/// Takes the password of whoever is signed in, and the code where their account has a second factor.
pub(in crate::web) async fn prove(
    parts: &Parts,
    limits: &SignInLimits,
    by: &SignedIn,
    password: SecretString,
    code: Option<String>,
) -> Result<Proven, NotProven> {
    // Nobody has a password there.
    if parts.is_demo {
        return Ok(Proven::of_the_demo());
    }
    limits.own(&by.name)?;
    let (session, _) = by.session()?;
    match parts.engine.prove(session, password, code).await {
        Ok(Proof::Proven(proven)) => Ok(proven),
        Ok(Proof::Wrong) => Err(NotProven::Wrong),
        Ok(Proof::NoPassword) => Err(no_password().into()),
        Ok(Proof::SignedOut) => Err(signed_out().into()),
        Err(error) => Err(failed(error).into()),
    }
}

fn no_password() -> PageError {
    PageError {
        status: StatusCode::CONFLICT,
        message: "Set a password on your account's page first: you are asked for it here."
            .to_owned(),
    }
}
