//! Shows a desk's group what customers write and what was answered elsewhere: decided messages, and
//! what became of them. Texts are what is kept (masked), never what came in.

use super::Outgoing;
use crate::{
    engine::{Attempt, Handle, OutboxEvent, OutboxItem},
    settings::ChannelKind,
};

impl Outgoing {
    /// Whether a group is shown this.
    pub(super) fn wants_relayed(&self, event: &OutboxEvent) -> bool {
        let channel = match event {
            // What was corrected stands there already.
            OutboxEvent::Decision(event) if !event.corrected => &event.record.channel,
            OutboxEvent::Changed(event) => &event.channel,
            _ => return false,
        };
        let kind = self.settings.channels.get(channel).map(|way| way.kind);
        matches!(
            kind,
            Some(ChannelKind::Telegram | ChannelKind::TelegramBusiness)
        )
    }

    /// Shows a message that was decided, or one that changed.
    #[expect(clippy::unused_async, reason = "nothing is relayed yet")]
    pub(super) async fn relay(&self, _: &OutboxItem, _: &Handle) -> Attempt {
        let _ = (&self.bot, &self.clock);
        Attempt::from(Ok(()))
    }
}
