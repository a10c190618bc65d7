//! Makes the link to a form at the moment somebody wants it. The link is for showing, once; the
//! engine gets the hash of its token only.

use axum::http::StatusCode;
use rand::rngs::SysError;

use crate::{
    domain::{
        form::FormRequestId,
        ids::{AccountName, ThreadKey},
        time::Timestamp,
    },
    engine::EngineError,
    store::rows::forms::LinkHash,
    web::{Parts, api::problem::Problem, pages::PageError, token::Token},
};

/// A link that opens a form, once.
pub(in crate::web) struct NewLink {
    /// Its whole address.
    pub(in crate::web) url: String,
    /// Until when it opens the form.
    pub(in crate::web) until: Timestamp,
}

/// Why no link could be made.
#[derive(Debug, thiserror::Error)]
pub(in crate::web) enum NoLink {
    /// There is nothing to make it of.
    #[error("the operating system gives no random bits")]
    NoRandomBits(#[from] SysError),
    /// It could not be kept.
    #[error(transparent)]
    NotKept(#[from] EngineError),
}

impl NewLink {
    /// Makes one for a form of this thread; earlier ones to it open nothing any more. `None`: the form
    /// cannot be filled in any more, is not this thread's, or would be offered in public.
    ///
    /// # Errors
    /// When it could not be made or kept.
    pub(in crate::web) async fn make(
        parts: &Parts,
        thread: ThreadKey,
        form: FormRequestId,
        by: Option<AccountName>,
    ) -> Result<Option<Self>, NoLink> {
        let token = Token::generate()?;
        let hash = LinkHash(token.sha256());
        let until = parts.engine.make_form_link(thread, form, hash, by).await?;
        let path = format!("/form/{}", token.reveal());
        Ok(until.map(|until| Self {
            url: parts.settings.url_of(parts.address, &path),
            until,
        }))
    }
}

impl From<NoLink> for Problem {
    fn from(error: NoLink) -> Self {
        match error {
            NoLink::NotKept(error) => error.into(),
            NoLink::NoRandomBits(_) => {
                tracing::error!(%error, "no link to a form could be made");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE).detail("no link can be made now")
            }
        }
    }
}

impl From<NoLink> for PageError {
    fn from(error: NoLink) -> Self {
        match error {
            NoLink::NotKept(error) => error.into(),
            NoLink::NoRandomBits(_) => {
                tracing::error!(%error, "no link to a form could be made");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    message: "No link could be made now; the log of Ringback says why.".to_owned(),
                }
            }
        }
    }
}
