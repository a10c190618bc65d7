//! How fast the bot may write: so many messages a second over all, one a second to a person, so many a
//! minute to a group (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
//! Whoever must wait is given a turn, and keeps it. Time is an argument.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use teloxide::types::ChatId;

use super::failure::Failure;
use crate::domain::time::Timestamp;

/// How much may be written ahead of the pace to one person, as people do in a conversation.
const BURST: u32 = 3;

/// Gives turns.
#[derive(Debug)]
pub(super) struct Pace {
    over_all: Duration,
    to_group: Duration,
    turns: Mutex<Turns>,
}

#[derive(Debug, Default)]
struct Turns {
    /// When the next message to anybody may go.
    next: Option<Timestamp>,
    /// When the next message to a chat may go.
    chats: HashMap<ChatId, Timestamp>,
    /// Whose turn comes when.
    given: HashMap<String, Timestamp>,
}

impl Pace {
    pub(super) fn new(per_second: NonZeroU32, group_per_minute: NonZeroU32) -> Self {
        Self {
            over_all: Duration::from_secs(1) / per_second.get(),
            to_group: Duration::from_secs(60) / group_per_minute.get(),
            turns: Mutex::default(),
        }
    }

    /// Takes the turn of an item to write to a chat.
    ///
    /// # Errors
    /// [`Failure::Later`] when its turn is still to come; it keeps it.
    pub(super) fn take(&self, chat: ChatId, item: &str, now: Timestamp) -> Result<(), Failure> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = match turns.given.get(item) {
            Some(turn) => *turn,
            None => self.next_turn(&mut turns, chat, now),
        };
        if turn <= now {
            turns.given.remove(item);
            return Ok(());
        }
        turns.given.insert(item.to_owned(), turn);
        Err(Failure::Later(between(now, turn)))
    }

    /// How long to wait before writing to a chat; the turn is taken with it.
    pub(super) fn wait(&self, chat: ChatId, now: Timestamp) -> Duration {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        between(now, self.next_turn(&mut turns, chat, now))
    }

    fn next_turn(&self, turns: &mut Turns, chat: ChatId, now: Timestamp) -> Timestamp {
        let (every, ahead) = match chat.0 < 0 {
            true => (self.to_group, self.to_group * BURST),
            false => (Duration::from_secs(1), Duration::from_secs(1) * BURST),
        };
        let earliest = now.saturating_sub(ahead).unwrap_or(now);
        let next = turns.chats.get(&chat).copied().unwrap_or(earliest);
        let base = next.max(earliest);
        let after = base.saturating_add(every).unwrap_or(base);
        turns.chats.insert(chat, after);
        let turn = after.max(now).max(turns.next.unwrap_or(now));
        turns.next = turn.saturating_add(self.over_all).ok();
        turn
    }
}

fn between(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}
