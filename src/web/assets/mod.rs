//! Style sheets and scripts, inside the binary.

use axum::Router;

use super::Parts;

/// The files under `/assets`.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
}
