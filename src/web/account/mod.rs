//! Signing in and out, and accounts: one's own with password and second factor, and all of them for
//! admins.

mod admin;
mod chats;
mod cookie;
mod factor;
mod form;
mod limits;
mod links;
mod next;
mod own;
pub(in crate::web) mod prove;
pub(in crate::web) mod session;
mod sign_in;

use axum::{
    Router,
    routing::{get, post},
};

use super::Parts;
pub(in crate::web) use limits::SignInLimits;

/// The pages.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route(
            "/sign-in/link/{token}",
            get(links::show).post(links::sign_in),
        )
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(own::show))
        .route("/account/password", post(own::set_password))
        .route(
            "/account/second-factor",
            get(factor::show).post(factor::set),
        )
        .route("/account/second-factor/remove", post(factor::remove))
        .route("/account/recipient", post(own::set_recipient))
        .route(
            "/account/sign-out-everywhere",
            post(own::sign_out_everywhere),
        )
        .route("/accounts", get(admin::list).post(admin::add))
        .route("/accounts/{name}/link", post(admin::make_link))
        .route("/accounts/{name}/role", post(admin::set_role))
        .route("/accounts/{name}/checks", post(admin::set_checks))
        .route("/accounts/{name}/disable", post(admin::disable))
        .route("/accounts/{name}/enable", post(admin::enable))
        .route("/account/telegram", post(chats::link))
        .route("/account/telegram/unlink", post(chats::unlink_own))
        .route("/chats", get(chats::list))
        .route("/chats/code", post(chats::make_code))
        .route("/chats/unpair", post(chats::unpair))
        .route("/chats/unlink", post(chats::unlink))
        .route("/chats/business", post(chats::decide))
}
