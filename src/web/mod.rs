//! The HTTP side: the API, its description, health and metrics. Never writes a thread's state: it
//! hands events to the engine and shows what the store keeps.

mod accept;
mod account;
mod api;
mod assets;
mod caller;
pub mod certificates;
mod cookie;
mod demo;
mod desk;
mod forms;
mod guard;
mod health;
mod hooks;
mod limits;
mod pages;
pub mod server;
mod webchat;

pub use crate::token;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer, trace::TraceLayer};

use crate::{
    engine::{Clock, Handle, inbox::Inbox},
    settings::Settings,
    vault::Vault,
};
use account::SignInLimits;
use api::problem::{self, Problem};
use guard::Guard;
use pages::PageError;

/// How long a request may take, from its headers to the answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// What the address begins with that is told how a call ended which another program was asked to make;
/// the call's name and `/ended` follow.
pub const DIALLED: &str = "/api/v1/dialled/";

/// Where Telegram brings its updates.
pub const TELEGRAM: &str = "/hooks/telegram";

/// What the routes work with.
#[derive(Clone)]
pub struct Parts {
    /// Takes messages and claims; its store answers questions.
    pub engine: Handle,
    /// The channels and the limits.
    pub settings: Arc<Settings>,
    /// Tells what "now" is for messages without `at`.
    pub clock: Clock,
    /// The process's metrics.
    pub metrics: PrometheusHandle,
    /// Where the server listens.
    pub address: SocketAddr,
    /// Ends the streams when the server stops.
    pub stopping: CancellationToken,
    /// Seals what customers submit.
    pub vault: Arc<Vault>,
    /// Takes what Telegram brings; `None`: it brings nothing.
    pub inbox: Option<Inbox>,
    /// Everybody who comes is signed in already: `ringback demo`.
    pub is_demo: bool,
}

/// Everything that is served.
pub fn routes(parts: Parts) -> Router {
    let for_programs = api::routes(&parts)
        .route("/hooks/telegram", post(hooks::telegram))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    let guard = Guard::new(&parts.settings, parts.address, parts.is_demo);
    let for_people = account::routes()
        .merge(desk::routes())
        .merge(webchat::routes(&parts))
        .merge(forms::routes())
        .merge(demo::routes())
        .merge(assets::routes())
        .layer(Extension(Arc::new(SignInLimits::new())));
    answered_as_problems(for_programs)
        .merge(answered_as_pages(for_people, guard.clone()))
        .fallback(move |request| nowhere(guard, request))
        .with_state(parts)
        .layer(TraceLayer::new_for_http().make_span_with(span))
}

/// For programs: an answer in time, and a problem whatever happens.
fn answered_as_problems<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(in_time())
        .layer(CatchPanicLayer::custom(|_| {
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
                .detail("this is a bug in Ringback; its log says where")
                .into_response()
        }))
        .layer(middleware::from_fn(problem::every_error_is_a_problem))
}

/// For people: an answer in time, and a guarded page whatever happens.
fn answered_as_pages<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    guard: Guard,
) -> Router<S> {
    routes
        .layer(in_time())
        .layer(CatchPanicLayer::custom(|_| {
            PageError {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                message: "This page failed inside. That is a bug in Ringback; its log says where."
                    .to_owned(),
            }
            .into_response()
        }))
        .layer(middleware::from_fn_with_state(guard, guard::page))
}

fn in_time() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN)
}

/// A request in the log: its route, never its path, in which a thread's id may stand.
fn span(request: &Request) -> tracing::Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}

/// There is no such page.
async fn nowhere(guard: Guard, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    }
    let mut response = PageError {
        status: StatusCode::NOT_FOUND,
        message: "There is no such page here.".to_owned(),
    }
    .into_response();
    guard.dress(request.headers(), &mut response);
    response
}

#[cfg(test)]
mod tests;
