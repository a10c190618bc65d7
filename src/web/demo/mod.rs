//! `ringback demo`: one page with the customer's chat beside the desk.

use axum::Router;

use super::Parts;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
}
