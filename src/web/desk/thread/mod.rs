//! The thread view: what customer and team have said, and beside each message how it counts, what
//! was understood and what was decided. Everything that is done on it is a form.
//!
//! `show` turns what is kept into what the page says, and `kept` into a test for the rules file;
//! both are pure. `pages` draws, `actions` takes the forms; `held`,
//! `forms` and `customer` take those about answers that are held back, about forms for the customer,
//! and about how to reach them.

mod actions;
mod customer;
mod forms;
mod held;
mod kept;
mod pages;
mod show;

pub(super) use actions::back;
pub(super) use show::anchor;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request,
    routing::{get, post},
};

use serde::Deserialize;

use super::may_look;
use crate::{
    domain::ids::{ChannelName, ThreadId, ThreadKey},
    web::{Parts, account::session::SignedIn, pages::PageError},
};

/// The pages and forms of one thread.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/threads/{channel}/{thread}", get(pages::thread))
        .route("/desk/threads/{channel}/{thread}/test", get(pages::test))
        .route(
            "/desk/threads/{channel}/{thread}/reply",
            post(actions::reply),
        )
        .route("/desk/threads/{channel}/{thread}/held", post(held::decide))
        .route("/desk/threads/{channel}/{thread}/ring", post(held::ring))
        .route("/desk/threads/{channel}/{thread}/forms", post(forms::ask))
        .route(
            "/desk/threads/{channel}/{thread}/forms/{id}/link",
            post(forms::make_link),
        )
        .route(
            "/desk/threads/{channel}/{thread}/forms/{id}/withdraw",
            post(forms::withdraw),
        )
        .route(
            "/desk/threads/{channel}/{thread}/number",
            post(customer::set_number),
        )
        .route(
            "/desk/threads/{channel}/{thread}/number/wrong",
            post(customer::number_was_wrong),
        )
        .route(
            "/desk/threads/{channel}/{thread}/do-not-call",
            post(customer::do_not_call),
        )
        .route("/desk/threads/{channel}/{thread}/note", post(actions::note))
        .route(
            "/desk/threads/{channel}/{thread}/correct",
            post(actions::correct),
        )
        .route(
            "/desk/threads/{channel}/{thread}/solved",
            post(actions::solved),
        )
        .route(
            "/desk/threads/{channel}/{thread}/again",
            post(actions::again),
        )
        .route(
            "/desk/threads/{channel}/{thread}/unmute",
            post(actions::unmute),
        )
        .route(
            "/desk/threads/{channel}/{thread}/typing",
            post(actions::typing),
        )
}

/// What every address here begins with.
#[derive(Deserialize)]
struct Address {
    channel: String,
    thread: String,
}

/// The thread that a URL names. Says nothing of whether it is there, or who may see it.
#[derive(Debug, Clone)]
pub(super) struct Named(ThreadKey);

impl FromRequestParts<Parts> for Named {
    type Rejection = PageError;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, PageError> {
        let path = Path::<Address>::from_request_parts(request, parts).await;
        let Path(Address { channel, thread }) = path.map_err(|_| PageError::not_found())?;
        let key = ChannelName::parse(&channel)
            .and_then(|channel| {
                let thread = ThreadId::parse(&thread)?;
                Ok(ThreadKey { channel, thread })
            })
            .map_err(|_| PageError::not_found())?;
        Ok(Self(key))
    }
}

impl Named {
    /// The thread, if the account may see it.
    pub(super) async fn for_eyes_of(
        self,
        by: &SignedIn,
        parts: &Parts,
    ) -> Result<ThreadKey, PageError> {
        let Self(key) = self;
        if may_look(parts, by, &key).await? {
            Ok(key)
        } else {
            Err(PageError::not_found())
        }
    }
}
