//! How fast the bot may write: so many messages a second over all, one a second to a person, so many a
//! minute to a group (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
//! Whoever must wait is given a turn and keeps it, so that those who wait neither crowd nor overtake.
//! What can wait stands in a line of its own and leaves room for what cannot, so that no card waits
//! behind what a thousand customers wrote. What counts is when something was really sent. Time is an
//! argument.

use std::{
    collections::{HashMap, VecDeque},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use teloxide::types::ChatId;

use crate::domain::time::Timestamp;

/// How many messages may go to one chat at once, as people write in a conversation; after them, one a
/// second.
const BURST: u32 = 3;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// So long after it came a turn is forgotten that nobody took.
const TURN_LASTS: Duration = Duration::from_secs(300);

/// What can wait leaves one in so many of a chat's messages to what cannot.
const LEFT_FREE: u32 = 4;

/// Which line one stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for it: a card, an answer.
    First,
    /// It can wait: what customers wrote, shown to agents.
    Behind,
}

/// Gives turns.
#[derive(Debug)]
pub(super) struct Pace {
    over_all: Limit,
    to_group: Limit,
    turns: Mutex<Turns>,
}

/// So many in any span of that length.
#[derive(Debug, Clone, Copy)]
struct Limit {
    most: NonZeroU32,
    within: Duration,
}

#[derive(Debug, Default)]
struct Turns {
    over_all: Line,
    chats: HashMap<ChatId, Chat>,
    /// Whose turn comes when.
    given: HashMap<String, Turn>,
    /// When old turns and chats were last forgotten.
    swept: Option<Timestamp>,
}

/// One chat.
#[derive(Debug, Default)]
struct Chat {
    /// All that is sent there, and who waits in the first lane.
    all: Line,
    /// What could wait of it, and who waits in that lane.
    behind: Line,
}

/// What was sent of late, and what waits behind it.
#[derive(Debug, Default)]
struct Line {
    sent: VecDeque<Timestamp>,
    /// The last turn that was given.
    last: Option<Timestamp>,
    /// Telegram wants nothing before.
    held_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Turn {
    at: Timestamp,
    /// It stands in the line of all chats; else in that of its own.
    is_over_all: bool,
}

impl Pace {
    pub(super) fn new(per_second: NonZeroU32, group_per_minute: NonZeroU32) -> Self {
        let limit = |most, within| Limit { most, within };
        Self {
            over_all: limit(per_second, SECOND),
            to_group: limit(group_per_minute, MINUTE),
            turns: Mutex::default(),
        }
    }

    /// Takes the turn of an item to write to a chat.
    ///
    /// # Errors
    /// How long to wait, when its turn is still to come; it keeps it.
    pub(super) fn take(
        &self,
        chat: ChatId,
        item: &str,
        lane: Lane,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.sweep(now);
        let Some(turn) = self.must_wait(&mut turns, chat, item, lane, now) else {
            turns.given.remove(item);
            turns.over_all.sent.push_back(now);
            let lines = turns.chats.entry(chat).or_default();
            lines.all.sent.push_back(now);
            if lane == Lane::Behind {
                lines.behind.sent.push_back(now);
            }
            return Ok(());
        };
        turns.given.insert(item.to_owned(), turn);
        Err(between(now, turn.at))
    }

    /// Gives a turn back that will not be taken.
    pub(super) fn leave(&self, item: &str) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.given.remove(item);
    }

    /// Nothing goes to a chat for so long: Telegram says so.
    pub(super) fn hold(&self, chat: ChatId, for_as_long_as: Duration, now: Timestamp) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let line = &mut turns.chats.entry(chat).or_default().all;
        line.held_until = line.held_until.max(Some(later(now, for_as_long_as)));
    }

    /// The turn of an item that has to wait; `None`: it goes now.
    fn must_wait(
        &self,
        turns: &mut Turns,
        chat: ChatId,
        item: &str,
        lane: Lane,
        now: Timestamp,
    ) -> Option<Turn> {
        let given = turns.given.get(item).copied();
        if let Some(turn) = given.filter(|turn| turn.at > now) {
            return Some(turn);
        }
        let lines = turns.chats.entry(chat).or_default();
        let all = self.limits(chat);
        let mut free = lines.all.is_free_of(all).max(lines.all.held_until);
        let mut every = all.1.every();
        if lane == Lane::Behind {
            let fewer = all.1.leaving_room();
            free = free.max(lines.behind.is_free(fewer));
            every = fewer.every();
        }
        let line = match lane {
            Lane::First => &mut lines.all,
            Lane::Behind => &mut lines.behind,
        };
        // Who has a turn that has come does not stand behind those whose turn comes later.
        if let Some(at) = line.next_turn(free, every, given.is_some(), now) {
            let is_over_all = false;
            return Some(Turn { at, is_over_all });
        }
        let is_next = given.is_some_and(|turn| turn.is_over_all);
        let free = turns.over_all.is_free(self.over_all);
        let every = self.over_all.every();
        let at = turns.over_all.next_turn(free, every, is_next, now)?;
        let is_over_all = true;
        Some(Turn { at, is_over_all })
    }

    /// A chat's limits: of a few at once, and in the long run.
    fn limits(&self, chat: ChatId) -> (Limit, Limit) {
        let burst = |most: u32| Limit {
            most: NonZeroU32::MIN.saturating_add(most.max(BURST) - 1),
            within: SECOND * BURST,
        };
        match is_group(chat) {
            // Where an admin has lifted the limit, a few at once are more.
            true => (burst(self.to_group.most.get() / 20), self.to_group),
            false => (burst(BURST), burst(BURST)),
        }
    }
}

impl Limit {
    fn every(self) -> Duration {
        self.within / self.most.get()
    }

    /// What is left of it for what can wait.
    fn leaving_room(self) -> Self {
        let most = self.most.get();
        let fewer = most - most.div_ceil(LEFT_FREE).min(most - 1);
        Self {
            most: NonZeroU32::new(fewer).unwrap_or(NonZeroU32::MIN),
            ..self
        }
    }
}

impl Line {
    /// When a limit allows the next one.
    fn is_free(&self, limit: Limit) -> Option<Timestamp> {
        let most = usize::try_from(limit.most.get()).unwrap_or(usize::MAX);
        let first = self.sent.len().checked_sub(most)?;
        self.sent.get(first).map(|at| later(*at, limit.within))
    }

    /// When both limits allow the next one.
    fn is_free_of(&self, (at_once, in_the_long_run): (Limit, Limit)) -> Option<Timestamp> {
        self.is_free(at_once).max(self.is_free(in_the_long_run))
    }

    /// A turn at the end of the line; `None`: it is free. `has_waited`: with the right to go before
    /// whoever stands in it.
    fn next_turn(
        &mut self,
        free: Option<Timestamp>,
        every: Duration,
        has_waited: bool,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let free = free.filter(|free| *free > now);
        let behind = self.last.filter(|last| *last > now && !has_waited);
        let turn = match (free, behind) {
            (None, None) => return None,
            (free, Some(last)) => free.max(Some(later(last, every))),
            (free, None) => free,
        }?;
        self.last = self.last.max(Some(turn));
        Some(turn)
    }

    fn forget_before(&mut self, before: Timestamp) {
        while self.sent.front().is_some_and(|sent| *sent < before) {
            self.sent.pop_front();
        }
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        self.sent.is_empty() && self.last <= Some(now) && self.held_until <= Some(now)
    }
}

impl Turns {
    /// Forgets what is of no more use, once a second at most.
    fn sweep(&mut self, now: Timestamp) {
        // Somebody has set the clock back: by it nothing was sent yet, and nobody is to wait until it is
        // as late again. Less than a minute nobody minds, and two who ask at once may be in disorder.
        if self.swept.is_some_and(|swept| later(now, MINUTE) < swept) {
            *self = Self::default();
        }
        let due = self.swept.is_none_or(|swept| later(swept, SECOND) <= now);
        if !due {
            return;
        }
        self.swept = Some(now);
        let before = |span: Duration| now.saturating_sub(span).unwrap_or(now);
        self.over_all.forget_before(before(SECOND));
        self.chats.retain(|_, chat| {
            let lines = [&mut chat.all, &mut chat.behind];
            lines.into_iter().fold(false, |is_of_use, line| {
                line.forget_before(before(MINUTE));
                is_of_use || !line.is_idle(now)
            })
        });
        let oldest = before(TURN_LASTS);
        self.given.retain(|_, turn| turn.at >= oldest);
    }
}

/// Telegram gives groups numbers below zero.
const fn is_group(chat: ChatId) -> bool {
    chat.0 < 0
}

/// So much later; the end of time is never passed.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}

fn between(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
