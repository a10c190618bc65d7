//! What all pages share: the frame around them, their headers, and how an error looks to a person.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::domain::{account::Role, ids::ShownName};

/// The part of the desk that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Section {
    /// The callbacks.
    Callbacks,
    /// The threads.
    Threads,
    /// The rules.
    Rules,
    /// The own account.
    Account,
    /// None: signing in, errors.
    Outside,
}

/// What stands around a page. Every page's template has it as `frame`.
#[derive(Debug, Clone)]
pub(in crate::web) struct Frame {
    /// Whose page this is; `None` before sign-in.
    pub(in crate::web) who: Option<(ShownName, Role)>,
    /// Goes into every form as `csrf`.
    pub(in crate::web) csrf: String,
    /// Where we are.
    pub(in crate::web) section: Section,
}

impl Frame {
    /// Of a page that is shown to nobody in particular.
    pub(in crate::web) const fn outside() -> Self {
        Self {
            who: None,
            csrf: String::new(),
            section: Section::Outside,
        }
    }
}

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

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    title: &'a str,
    message: &'a str,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let shown = page(&ErrorPage {
            frame: Frame::outside(),
            title,
            message: &self.message,
        });
        (self.status, shown).into_response()
    }
}
