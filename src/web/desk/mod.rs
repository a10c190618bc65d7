//! The web desk: callbacks, threads and the rules, for agents.

mod rules;

use axum::Router;

use super::Parts;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new().merge(rules::routes())
}
