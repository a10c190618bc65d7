//! `/watch`: a group where customers and staff talk is watched, or no longer.

use teloxide::types::Message;

use super::{Came, Incoming};
use crate::engine::EngineError;

/// `/watch` in a group, from anybody; `arguments` is what follows it.
pub(super) async fn command(
    _: &Incoming,
    _: &Came<'_>,
    _: &Message,
    _arguments: &str,
) -> Result<(), EngineError> {
    Ok(())
}
