//! `ringback demo`: one page with the customer's chat beside the desk, both real, and stories that
//! play on them. Served nowhere else.

mod stories;

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use super::{
    Parts,
    pages::{self, PageError},
};
use stories::{STORIES, Story};

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
    Ok(pages::page(&DemoPage { stories: STORIES }))
}
