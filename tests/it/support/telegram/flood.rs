//! Flood control: how many messages Telegram takes
//! (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>). Off unless a
//! test asks for it.

use std::collections::{BTreeMap, VecDeque};

use super::refusal::Refusal;

/// How many messages in how many seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) messages: usize,
    pub(crate) seconds: i64,
}

/// Counts messages.
#[derive(Debug, Default)]
pub(crate) struct Flood {
    /// Over all chats.
    pub(crate) over_all: Option<Limit>,
    /// To each group.
    pub(crate) to_group: Option<Limit>,
    /// To each person.
    pub(crate) to_person: Option<Limit>,
    sent: VecDeque<i64>,
    chats: BTreeMap<i64, VecDeque<i64>>,
    /// How often it was too many.
    pub(crate) refused: usize,
}

impl Flood {
    /// A message to a chat.
    pub(crate) fn take(&mut self, chat: i64, now: i64) -> Result<(), Refusal> {
        let to_chat = if chat < 0 {
            self.to_group
        } else {
            self.to_person
        };
        let in_chat = self.chats.entry(chat).or_default();
        let waits = [
            wait(&mut self.sent, self.over_all, now),
            wait(in_chat, to_chat, now),
        ];
        if let Some(after) = waits.into_iter().flatten().max() {
            self.refused += 1;
            return Err(Refusal::too_many(u64::try_from(after).expect("ahead")));
        }
        self.sent.push_back(now);
        in_chat.push_back(now);
        Ok(())
    }
}

/// How long until there is room again; `None`: there is.
fn wait(sent: &mut VecDeque<i64>, limit: Option<Limit>, now: i64) -> Option<i64> {
    let Some(limit) = limit else {
        sent.clear();
        return None;
    };
    while sent
        .front()
        .is_some_and(|first| now - first >= limit.seconds)
    {
        sent.pop_front();
    }
    (sent.len() >= limit.messages).then(|| (sent[0] + limit.seconds - now).max(1))
}
