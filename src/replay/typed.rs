//! A thread that somebody typed, line by line: one of the rules file's `[[tests]]`, or what stands
//! in the box of the Rules page.

use crate::{
    domain::{
        ids::{ChannelName, InvalidId, MessageId, Tag, ThreadId, ThreadKey},
        message::{Message, Visibility},
        private::Private,
        time::after,
    },
    reading::Reader,
    rules::{Rules, TestLine},
};

use super::replayer::{Incoming, Replayed, Replayer, default_start};

/// A thread of typed lines.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'t> {
    /// The channel it is on.
    pub channel: &'t ChannelName,
    /// Who can see the messages.
    pub visibility: Visibility,
    /// What the channel marked the messages with.
    pub tags: &'t [Tag],
    /// The lines; the first is written at [`default_start`] or so long after it as it says.
    pub lines: &'t [TestLine],
}

impl Typed<'_> {
    /// What each line leads to, in order. `reader` is built from these rules.
    ///
    /// # Errors
    /// Never: the ids that it gives to the thread and its messages are valid.
    pub fn replay(self, rules: &Rules, reader: &Reader) -> Result<Vec<Replayed>, InvalidId> {
        let mut replayer = Replayer::new(rules, reader);
        let thread = ThreadKey {
            channel: self.channel.clone(),
            thread: ThreadId::parse("test")?,
        };
        let mut at = default_start();
        let mut replayed = Vec::with_capacity(self.lines.len());
        for (number, line) in (1..).zip(self.lines) {
            at = after(at, line.after);
            let message = Message {
                thread: thread.clone(),
                id: MessageId::parse(&format!("#{number}"))?,
                from: line.from,
                author: None,
                text: Private::new(line.text.clone()),
                at,
                visibility: self.visibility,
                language: None,
                tags: self.tags.to_vec(),
                attachment: None,
            };
            let scan = reader.scan(&line.text, None);
            let incoming = Incoming {
                message,
                at_is_given: true,
            };
            replayed.push(replayer.replay(incoming, &scan));
        }
        Ok(replayed)
    }
}
