//! What all pages share: the frame around them, how times read, and how an error looks to a person.

mod frame;
mod marks;
pub(in crate::web) mod times;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::{engine::EngineError, store::StoreError};
pub(in crate::web) use frame::{Frame, Section, Told, Tone};

/// A page of a template.
pub(in crate::web) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An error as a page tells it to a person.
#[derive(Debug)]
pub(in crate::web) struct PageError {
    /// The HTTP status.
    pub(in crate::web) status: StatusCode,
    /// What happened, and what to do now.
    pub(in crate::web) message: String,
}

impl PageError {
    /// There is nothing here, or nothing that the account may see: which of both is not told.
    pub(in crate::web) fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            message: "There is nothing here, or it belongs to a desk that you do not work."
                .to_owned(),
        }
    }

    /// The request makes no sense: an old page, or a link cut short.
    pub(in crate::web) fn not_understood() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: "Ringback does not understand this. Go back, load the page again, and retry."
                .to_owned(),
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page could not read the database");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            message: "The database cannot be read just now. Try again in a moment; \
                      if it stays so, the log says why."
                .to_owned(),
        }
    }
}

impl From<EngineError> for PageError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Stopping => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                message: "Ringback is shutting down, so this was not kept. \
                          Try again when it is back."
                    .to_owned(),
            },
            EngineError::Storage(error) => {
                tracing::error!(%error, "what an agent did could not be kept");
                Self {
                    status: StatusCode::SERVICE_UNAVAILABLE,
                    message: "The database cannot be written just now, so this was not kept. \
                              Try again in a moment; if it stays so, the log says why."
                        .to_owned(),
                }
            }
        }
    }
}

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    title: &'a str,
    message: &'a str,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let title = match self.status {
            StatusCode::NOT_FOUND => "Nothing here",
            StatusCode::FORBIDDEN => "Not allowed here",
            StatusCode::MISDIRECTED_REQUEST => "Not at this address",
            StatusCode::SERVICE_UNAVAILABLE => "Not just now",
            StatusCode::BAD_REQUEST => "Not understood",
            status => status.canonical_reason().unwrap_or("Error"),
        };
        let shown = page(&ErrorPage {
            frame: Frame::outside(),
            title,
            message: &self.message,
        });
        (self.status, shown).into_response()
    }
}
