//! `GET /api/v1/rules`: which rules are in force, and why newer ones are not.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Parts, openapi::Refused};
use crate::{domain::time::Timestamp, engine::RulesStatus};

/// How the rules stand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RulesView {
    /// The first 12 hexadecimal digits of the rules file's SHA-256.
    version: String,
    /// Since when they are in force.
    #[schema(value_type = String, format = DateTime)]
    loaded_at: Timestamp,
    /// Why the newest change to the file was not taken; null once one was.
    last_error: Option<LastError>,
}

/// Why the rules file was not taken.
#[derive(Debug, Serialize, ToSchema)]
struct LastError {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What is wrong with it.
    message: String,
}

impl From<RulesStatus> for RulesView {
    fn from(status: RulesStatus) -> Self {
        Self {
            version: status.version.to_string(),
            loaded_at: status.loaded_at,
            last_error: status.last_error.map(|error| LastError {
                at: error.at,
                message: error.message,
            }),
        }
    }
}

/// Which rules are in force
///
/// A bad rules file never replaces a good one: `last_error` then says what is wrong with it.
#[utoipa::path(
    get,
    path = "/api/v1/rules",
    operation_id = "showRules",
    tag = "rules",
    responses((status = 200, description = "How the rules stand", body = RulesView), Refused),
    security(("token" = ["read"])),
)]
pub(super) async fn show(State(parts): State<Parts>) -> Json<RulesView> {
    Json(parts.engine.rules_status().into())
}
