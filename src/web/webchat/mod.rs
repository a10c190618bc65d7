//! The web chat: a page and a widget on which customers write, and what they read there.
//!
//! A chat is opened by its token, which the page keeps in its own storage and sends in a header:
//! never in a URL, where it would be logged, and never in a cookie, which any site could make a
//! browser send. What customers write goes to the engine like any other message; nothing here
//! decides anything, and nothing but their own lines and ours is shown.

mod access;
mod form;
mod gate;
mod helped;
mod lines;
mod page;
mod post;
mod restraint;
mod stream;
mod wording;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{get, post},
};

use super::{
    Parts,
    api::problem::{self, Problem},
};
use restraint::Restraint;

/// The largest request body: the longest text with every character escaped, and its braces.
const BODY_BYTES: usize = 64 * 1024;

/// The pages, the widget, and what they ask for.
pub(in crate::web) fn routes(parts: &Parts) -> Router<Parts> {
    let restraint = Arc::new(Restraint::new(&parts.settings.webchat));
    let asked_by_our_page = Router::new()
        .route("/chat/{channel}/threads", post(post::start))
        .route("/chat/{channel}/stream", get(stream::stream))
        .route("/chat/{channel}/messages", post(post::message))
        .route("/chat/{channel}/typing", post(post::typing))
        .route("/chat/{channel}/form", post(form::link))
        .route("/chat/{channel}/helped", post(helped::helped))
        .method_not_allowed_fallback(|| async {
            Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(Extension(restraint))
        .layer(middleware::map_response(gate::keep_nothing))
        .layer(middleware::from_fn_with_state(
            parts.clone(),
            gate::from_our_page,
        ))
        .layer(middleware::from_fn(problem::every_error_is_a_problem));
    let opened_by_anybody = Router::new()
        .route("/chat", get(page::first))
        .route("/chat/widget.js", get(page::widget))
        .route("/chat/{channel}", get(page::whole))
        .route("/chat/{channel}/embed", get(page::framed))
        .layer(middleware::from_fn_with_state(
            parts.clone(),
            gate::not_from_a_foreign_page,
        ));
    asked_by_our_page.merge(opened_by_anybody)
}
