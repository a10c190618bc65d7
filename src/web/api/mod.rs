//! The HTTP API, for other programs: its routes by the scope that they need, and its description.

pub(super) mod auth;
mod batch;
pub(super) mod body;
pub(super) mod callbacks;
mod customers;
mod dialled;
mod edits;
mod forms;
mod items;
mod messages;
mod openapi;
pub(super) mod problem;
mod query;
mod rules;
mod threads;

use axum::{Json, Router, middleware, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Parts;
use crate::store::rows::Scope;
use body::Room;

/// The API and, beside it, the document that describes it.
pub(super) fn routes(parts: &Parts) -> Router<Parts> {
    let needs = |scope| middleware::from_fn_with_state((parts.clone(), scope), auth::needs);
    let room = Room::new(parts.settings.limits.body_bytes);
    let messages = OpenApiRouter::new()
        .routes(routes!(messages::submit))
        .routes(routes!(edits::submit))
        .route_layer(middleware::from_fn_with_state(room, body::with_room))
        .route_layer(needs(Scope::Messages));
    let forms = OpenApiRouter::new()
        .routes(routes!(customers::describe))
        .routes(routes!(callbacks::helped::say))
        .routes(routes!(forms::ask))
        .routes(routes!(forms::link))
        .route_layer(needs(Scope::Messages));
    let read = OpenApiRouter::new()
        .routes(routes!(threads::list))
        .routes(routes!(threads::show))
        .routes(routes!(threads::cases))
        .routes(routes!(callbacks::list))
        .routes(routes!(callbacks::show))
        .routes(routes!(forms::list))
        .routes(routes!(forms::show))
        .routes(routes!(rules::show))
        .route_layer(needs(Scope::Read));
    let work = OpenApiRouter::new()
        .routes(routes!(callbacks::work::claim))
        .routes(routes!(callbacks::work::renew))
        .routes(routes!(callbacks::work::release))
        .routes(routes!(callbacks::work::schedule))
        .routes(routes!(callbacks::work::keep_typing))
        .routes(routes!(callbacks::work::done))
        .route_layer(needs(Scope::Callbacks));
    // It signs what it sends, so it needs no token.
    let dialling = OpenApiRouter::new().routes(routes!(dialled::ended));
    let (api, description) = OpenApiRouter::with_openapi(openapi::start())
        .merge(messages)
        .merge(forms)
        .merge(read)
        .merge(work)
        .merge(dialling)
        .split_for_parts();
    let description = Json(description);
    api.route("/api/openapi.json", get(|| async move { description }))
}
