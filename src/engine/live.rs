//! Who looks on: pages and chats that want to know at once when something they show has changed.
//! Keeps nothing and decides nothing; whoever is told looks in the database.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use super::Handle;
use crate::domain::{ids::ThreadKey, message::Party};

/// How much news one looker may leave unread; more is told as one [`News::Changed`].
const UNREAD: usize = 16;

/// What a thread's lookers are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Something in the database changed: look again.
    Changed,
    /// Somebody is typing.
    Typing(Party),
}

/// All who look on.
pub(super) struct Live {
    desk: watch::Sender<u64>,
    threads: Mutex<HashMap<ThreadKey, Lookers>>,
}

/// Who looks at one thread.
struct Lookers {
    /// How many; none of them: the thread is forgotten.
    count: usize,
    news: broadcast::Sender<News>,
}

impl Live {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            desk: watch::Sender::new(0),
            threads: Mutex::new(HashMap::new()),
        })
    }

    /// Tells that these threads have changed; to be called after the commit.
    pub(super) fn changed(&self, threads: &[ThreadKey]) {
        if threads.is_empty() {
            return;
        }
        self.desk_changed();
        for thread in threads {
            self.tell(thread, News::Changed);
        }
    }

    /// Tells that something of a desk as a whole has changed; to be called after the commit.
    pub(super) fn desk_changed(&self) {
        self.desk
            .send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    fn tell(&self, thread: &ThreadKey, news: News) {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookers) = threads.get(thread) {
            // Fails only if the last looker is leaving.
            drop(lookers.news.send(news));
        }
    }

    fn look_at(self: &Arc<Self>, thread: &ThreadKey) -> Look {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let lookers = threads.entry(thread.clone()).or_insert_with(|| Lookers {
            count: 0,
            news: broadcast::Sender::new(UNREAD),
        });
        lookers.count += 1;
        Look {
            live: Arc::clone(self),
            thread: thread.clone(),
            news: lookers.news.subscribe(),
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// Somebody who looks at one thread, until dropped.
#[derive(Debug)]
pub struct Look {
    live: Arc<Live>,
    thread: ThreadKey,
    news: broadcast::Receiver<News>,
}

impl Look {
    /// Waits for the next news. What happened before the look began is not told.
    pub async fn news(&mut self) -> News {
        match self.news.recv().await {
            Ok(news) => news,
            // The sender lives as long as we look, so this is only ever "too much at once".
            Err(RecvError::Lagged(_) | RecvError::Closed) => News::Changed,
        }
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        let threads = &self.live.threads;
        let mut threads = threads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookers) = threads.get_mut(&self.thread) {
            lookers.count -= 1;
            if lookers.count == 0 {
                threads.remove(&self.thread);
            }
        }
    }
}

impl Handle {
    /// Counts the changes of all threads: whoever shows lists looks again when it moves.
    #[must_use]
    pub fn desk_changes(&self) -> watch::Receiver<u64> {
        self.0.live.desk.subscribe()
    }

    /// Looks at a thread, also at one that is not there yet.
    #[must_use]
    pub fn look_at(&self, thread: &ThreadKey) -> Look {
        self.0.live.look_at(thread)
    }

    /// Tells who looks at a thread that a party is typing. Kept nowhere.
    pub fn typing(&self, thread: &ThreadKey, party: Party) {
        self.0.live.tell(thread, News::Typing(party));
    }
}

#[cfg(test)]
mod tests {
    use super::{Live, News, Party, ThreadKey, UNREAD};
    use crate::domain::ids::{ChannelName, ThreadId};

    fn key(thread: &str) -> ThreadKey {
        ThreadKey {
            channel: ChannelName::parse("webchat").expect("a channel"),
            thread: ThreadId::parse(thread).expect("a thread"),
        }
    }

    #[tokio::test]
    async fn a_look_hears_of_its_own_thread_only_and_the_desk_of_all() {
        let live = Live::new();
        let (mut one, mut same) = (live.look_at(&key("one")), live.look_at(&key("one")));
        let mut two = live.look_at(&key("two"));
        let mut desk = live.desk.subscribe();
        live.changed(&[key("one"), key("unseen")]);
        live.tell(&key("two"), News::Typing(Party::Customer));
        live.changed(&[key("two")]);
        assert_eq!(one.news().await, News::Changed);
        assert_eq!(same.news().await, News::Changed);
        assert_eq!(two.news().await, News::Typing(Party::Customer));
        assert_eq!(two.news().await, News::Changed);
        assert!(one.news.is_empty() && same.news.is_empty() && two.news.is_empty());
        assert_eq!(*desk.borrow_and_update(), 2, "typing is no change");
        live.changed(&[]);
        assert!(!desk.has_changed().expect("there"));
    }

    #[tokio::test]
    async fn who_leaves_much_unread_is_told_once_to_look_again() {
        let live = Live::new();
        let mut look = live.look_at(&key("one"));
        for _ in 0..=UNREAD {
            live.tell(&key("one"), News::Typing(Party::Agent));
        }
        assert_eq!(look.news().await, News::Changed);
        assert_eq!(look.news().await, News::Typing(Party::Agent));
    }

    #[test]
    fn a_thread_that_nobody_looks_at_any_more_is_forgotten() {
        let live = Live::new();
        let threads = || live.threads.lock().expect("no panic").len();
        let (one, same) = (live.look_at(&key("one")), live.look_at(&key("one")));
        let two = live.look_at(&key("two"));
        assert_eq!(threads(), 2);
        drop(one);
        assert_eq!(threads(), 2);
        drop(same);
        drop(two);
        assert_eq!(threads(), 0);
    }
}
