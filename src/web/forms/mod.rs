//! The forms that customers open by a one-time link: an identity check, and the details for a call.
//! Their pages stand apart from the desk's: no sign-in, no script needed, nothing kept by a browser.

use axum::Router;

use super::Parts;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
}
