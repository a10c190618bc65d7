//! Signing in and out, and the own account: password, second factor.

mod cookie;
mod form;
mod limits;
mod links;
mod next;
pub(in crate::web) mod session;
mod sign_in;

use std::sync::Arc;

use axum::{
    Extension, Router,
    routing::{get, post},
};

use super::Parts;
use limits::SignInLimits;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route(
            "/sign-in/link/{token}",
            get(links::show).post(links::sign_in),
        )
        .route("/sign-out", post(sign_in::sign_out))
        .layer(Extension(Arc::new(SignInLimits::new())))
}
