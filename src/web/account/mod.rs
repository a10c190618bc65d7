//! Signing in and out, and the own account: password, second factor.

pub(in crate::web) mod session;

use axum::Router;

use super::Parts;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
}
