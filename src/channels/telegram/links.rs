//! Makes the link to a form at the moment when a button is to open it. The link is for that button
//! alone; the engine gets the hash of its token only.

use rand::rngs::SysError;
use reqwest::Url;

use crate::{
    domain::{form::FormRequestId, ids::ThreadKey},
    engine::{EngineError, Handle, LinkHash},
    settings::Settings,
    token::Token,
};

/// Why no link could be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoLink {
    /// There is nothing to make it of.
    #[error("the operating system gives no random bits")]
    NoRandomBits(#[from] SysError),
    /// It could not be kept.
    #[error(transparent)]
    NotKept(#[from] EngineError),
}

/// Makes one for a form of this thread; earlier ones to it open nothing any more. `None`: the form cannot
/// be filled in any more, would be offered in public, or cannot be reached.
///
/// # Errors
/// When it could not be made or kept.
pub(super) async fn form_link(
    engine: &Handle,
    settings: &Settings,
    thread: &ThreadKey,
    form: FormRequestId,
) -> Result<Option<Url>, NoLink> {
    let token = Token::generate()?;
    let path = format!("/form/{}", token.reveal());
    let Some(link) = settings.public_address(&path) else {
        return Ok(None);
    };
    if !settings.offers_forms(&thread.channel) {
        return Ok(None);
    }
    let hash = LinkHash(token.sha256());
    let until = engine.make_form_link(thread.clone(), form, hash, None);
    Ok(until.await?.map(|_| link))
}
