//! Reads forms: bounded, and never quoted in an error.

use axum::{
    body,
    extract::Request,
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::web::pages::PageError;

/// The largest form: a long text, each of its characters written as several escapes.
const LARGEST: usize = 256 * 1024;

/// The fields of a form, and its `csrf`.
#[derive(Debug)]
pub(super) struct Fields {
    csrf: String,
    others: Vec<(String, String)>,
}

impl Fields {
    /// Reads a request's body.
    ///
    /// # Errors
    /// 413, 415 or 400, as a page.
    pub(super) async fn read(request: Request) -> Result<Self, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = kind.is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
        if !is_form {
            return Err(PageError {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                message: "This page takes its own form only. Open it again and use the form."
                    .to_owned(),
            });
        }
        let bytes = body::to_bytes(request.into_body(), LARGEST).await;
        let bytes = bytes.map_err(|_| PageError {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            message: "That was too long, or was cut off on its way. Shorten it and send it again."
                .to_owned(),
        })?;
        let mut others: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&bytes).map_err(|_| unreadable())?;
        let csrf = others.iter().position(|(name, _)| name == "csrf");
        let csrf = csrf.map(|place| others.swap_remove(place).1);
        Ok(Self {
            csrf: csrf.unwrap_or_default(),
            others,
        })
    }

    /// What shows that a page of the session sent it; empty if there is none.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// What is in it.
    ///
    /// # Errors
    /// 400, as a page.
    pub(super) fn understood<T: DeserializeOwned>(self) -> Result<T, PageError> {
        let text = serde_urlencoded::to_string(&self.others).map_err(|_| unreadable())?;
        serde_urlencoded::from_str(&text).map_err(|_| unreadable())
    }
}

fn unreadable() -> PageError {
    PageError {
        status: StatusCode::BAD_REQUEST,
        message: "This form cannot be read: something is missing or not as it should be. Go back, \
                  load the page again and send it once more."
            .to_owned(),
    }
}
