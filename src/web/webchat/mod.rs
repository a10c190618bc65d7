//! The web chat: a page and a widget on which customers write, and what they read there.

use axum::Router;

use super::Parts;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
}
