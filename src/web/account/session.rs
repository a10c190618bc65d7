//! Who is signed in, and forms that only our own pages can send.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request},
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::{
    domain::{
        account::Role,
        ids::{AccountName, ShownName},
    },
    web::{
        Parts,
        pages::{Frame, PageError, Section},
    },
};

/// The account whose session the request carries. A page that takes this is closed to everybody
/// else: a browser is sent to sign in and comes back afterwards.
#[derive(Debug, Clone)]
pub(in crate::web) struct SignedIn {
    /// Whose.
    pub(in crate::web) name: AccountName,
    /// How they are shown.
    pub(in crate::web) shown: ShownName,
    /// What they may do.
    pub(in crate::web) role: Role,
    /// What every form of theirs must carry as `csrf`.
    pub(in crate::web) csrf: String,
}

impl SignedIn {
    /// The frame around a page of theirs.
    pub(in crate::web) fn frame(&self, section: Section) -> Frame {
        Frame {
            who: Some((self.shown.clone(), self.role)),
            csrf: self.csrf.clone(),
            section,
            ..Frame::outside()
        }
    }

    /// Refuses who may do less than `role`.
    ///
    /// # Errors
    /// 403, as a page.
    pub(in crate::web) fn must_be(&self, role: Role) -> Result<(), PageError> {
        if self.role >= role {
            return Ok(());
        }
        Err(PageError {
            status: StatusCode::FORBIDDEN,
            message: format!("This needs the role {role}; yours is {}.", self.role),
        })
    }
}

impl FromRequestParts<Parts> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(
        _request: &mut request::Parts,
        _parts: &Parts,
    ) -> Result<Self, Response> {
        use axum::response::IntoResponse;
        Err(StatusCode::UNAUTHORIZED.into_response())
    }
}

/// A form that a page of the signed-in account has sent: its session, its `csrf` and the request's
/// origin are checked before anything is read out of it.
#[derive(Debug)]
pub(in crate::web) struct SignedForm<T> {
    /// Who sent it.
    pub(in crate::web) by: SignedIn,
    /// What is in it.
    pub(in crate::web) form: T,
}

impl<T: DeserializeOwned> FromRequest<Parts> for SignedForm<T> {
    type Rejection = Response;

    async fn from_request(_request: Request, _parts: &Parts) -> Result<Self, Response> {
        use axum::response::IntoResponse;
        Err(StatusCode::UNAUTHORIZED.into_response())
    }
}
