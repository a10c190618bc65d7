//! `ringback demo`: one page with the customer's chat beside the desk, both real, and two stories
//! that play on them. Served nowhere else.

mod stories;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
    routing::get,
};

use super::{
    Parts,
    pages::{self, PageError},
};
use stories::{STORIES, Story};

/// What this page may do: show our own pages in frames, and be shown in none itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new().route("/demo", get(show))
}

#[derive(Template)]
#[template(path = "demo/page.html")]
struct DemoPage {
    stories: &'static [Story],
}

async fn show(State(parts): State<Parts>) -> Result<Response, PageError> {
    if !parts.is_demo {
        return Err(PageError::not_found());
    }
    let mut page = pages::page(&DemoPage { stories: STORIES });
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(page)
}
