//! Who is who: codes that pair a group or a person, more agents, links to identities, and Business
//! accounts that connect themselves to the bot.

use teloxide::types::{BusinessConnection, Message};

use super::{Answer, Came, Incoming};
use crate::{engine::EngineError, store::rows::chat::DialogueRow};

/// `/start` with or without a code, from anybody.
pub(super) async fn start(
    _: &Incoming,
    _: &Came<'_>,
    _: &Message,
    _code: &str,
) -> Result<(), EngineError> {
    Ok(())
}

/// `/agent`, as a reply to whom it is about, from anybody.
pub(super) async fn agent(
    _: &Incoming,
    _: &Came<'_>,
    _: &Message,
    _arguments: &str,
) -> Result<(), EngineError> {
    Ok(())
}

/// `/link`, from somebody whose account is enabled.
pub(super) async fn link(
    _: &Incoming,
    _: &Came<'_>,
    _: &Message,
    _arguments: &str,
) -> Result<(), EngineError> {
    Ok(())
}

/// A Business account connected, changed or took away its connection.
pub(super) async fn connection(
    _: &Incoming,
    _: &Came<'_>,
    _: &BusinessConnection,
) -> Result<(), EngineError> {
    Ok(())
}

/// A question of the pairing's (`Step::Pairing`) was answered by somebody who may answer it. The button
/// is answered by whoever calls this, with these words.
pub(super) async fn answered(
    _: &Incoming,
    _: &Came<'_>,
    _: &DialogueRow,
    _: &str,
    _: Answer<'_>,
) -> Result<Option<&'static str>, EngineError> {
    Ok(None)
}
