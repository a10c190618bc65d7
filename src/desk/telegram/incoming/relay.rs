//! What agents write in a desk's group or in private that is neither a command nor an answer to a
//! question: answers to customers, notes, edits, reactions; and what happens to the group.

use teloxide::types::{ChatMemberUpdated, Message, MessageReactionUpdated};

use super::{Answer, Came, Incoming};
use crate::{engine::EngineError, store::rows::chat::DialogueRow};

/// A message in a desk's group or in private, service messages included.
pub(super) async fn message(_: &Incoming, _: &Came<'_>, _: &Message) -> Result<(), EngineError> {
    Ok(())
}

/// A message there was edited.
pub(super) async fn edited(_: &Incoming, _: &Came<'_>, _: &Message) -> Result<(), EngineError> {
    Ok(())
}

/// Somebody reacted to a message there.
pub(super) async fn reaction(
    _: &Incoming,
    _: &Came<'_>,
    _: &MessageReactionUpdated,
) -> Result<(), EngineError> {
    Ok(())
}

/// Somebody, maybe the bot, joined or left a group or blocked the bot.
pub(super) async fn membership(
    _: &Incoming,
    _: &Came<'_>,
    _: &ChatMemberUpdated,
) -> Result<(), EngineError> {
    Ok(())
}

/// A question of the relay's (`Step::Relay`) was answered by somebody who may answer it. The button is
/// answered by whoever calls this, with these words.
pub(super) async fn answered(
    _: &Incoming,
    _: &Came<'_>,
    _: &DialogueRow,
    _: &str,
    _: Answer<'_>,
) -> Result<Option<&'static str>, EngineError> {
    Ok(None)
}
