//! The forms that customers open by a one-time link: an identity check, and the details for a call.
//! Their pages stand apart from the desk's: no sign-in, no script, nothing kept by a browser but a
//! cookie that ends with it. What is typed goes into the answer that shows it again or, sealed, to
//! the engine: never into a log, an error or a URL.
//!
//! A link is shown first (`link`), which uses nothing up; its button uses it up and gives the
//! browser a cookie, and the form itself (`fill`) has an address without the token.

mod calendar;
mod cookie;
mod details;
mod fields;
mod fill;
mod identity;
mod limits;
mod link;
pub(super) mod new_link;
mod notices;
mod reader;
mod sheet;
mod typed;
mod wording;

use std::sync::Arc;

use axum::{
    Extension, Router,
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::Response,
    routing::get,
};

use super::{Parts, guard::WithoutScripts};
use limits::FormLimits;
use notices::Notice;
use reader::Reader;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/form", get(fill::show).post(fill::submit))
        .route("/form/done", get(fill::done))
        .route("/form/{token}", get(link::show).post(link::open))
        .method_not_allowed_fallback(async |reader: Reader| Notice::Refused.page(&reader))
        .layer(Extension(Arc::new(FormLimits::new())))
        .layer(middleware::map_response(dress))
}

/// What the browser may do with these pages, beyond what holds for all.
async fn dress(mut response: Response) -> Response {
    response.extensions_mut().insert(WithoutScripts);
    let headers = response.headers_mut();
    for (name, value) in [
        // The path, with its token, goes nowhere; the origin must, for our own forms to be known.
        (header::REFERRER_POLICY, "strict-origin"),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow, noarchive",
        ),
        (header::VARY, "accept-language, cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests;
