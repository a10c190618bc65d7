//! Shows a desk's group what customers write and what was answered elsewhere: decided messages, and
//! what became of them. Texts are what is kept (masked), never what came in.

use super::Outgoing;
use crate::engine::{Attempt, Handle, OutboxEvent, OutboxItem};

impl Outgoing {
    /// Whether a group is shown this.
    pub(super) fn wants_relayed(&self, _: &OutboxEvent) -> bool {
        let _ = &self.clock;
        false
    }

    /// Shows a message that was decided, or one that changed.
    #[expect(clippy::unused_async, reason = "nothing is relayed yet")]
    pub(super) async fn relay(&self, _: &OutboxItem, _: &Handle) -> Attempt {
        let _ = &self.bot;
        Attempt::from(Ok(()))
    }
}
