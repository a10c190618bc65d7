//! Identity checks: what customers have submitted, opened by an account that may see it, and what
//! came of the check.

use axum::Router;

use crate::web::Parts;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
}
