//! What supervisors and Prometheus ask: is it up, can it work, how is it doing. Open to whoever
//! reaches the port; tells numbers only.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{Parts, api::problem::Problem};

/// The process is up.
pub(super) async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// Messages can be taken.
pub(super) async fn readyz(State(parts): State<Parts>) -> Response {
    let health = parts.engine.health();
    if health.is_ready() {
        return Json(json!({"status": "ready"})).into_response();
    }
    let why = if health.is_damaged {
        "the database is damaged; restore a backup"
    } else if health.writer_alive {
        "the newest write to the database failed; is the disk full, or does another program hold it?"
    } else {
        "the writer has stopped; restart Ringback"
    };
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not-ready",
        "Not ready to take messages",
    )
    .detail(why)
    .into_response()
}

/// Everything that is measured, in Prometheus' text format.
pub(super) async fn metrics(State(parts): State<Parts>) -> Response {
    if let Err(error) = parts.engine.refresh_gauges().await {
        return Problem::storage(&error).into_response();
    }
    parts.metrics.run_upkeep();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, parts.metrics.render()).into_response()
}
