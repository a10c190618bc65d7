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
    threads: Mutex<HashMap<ThreadKey, broadcast::Sender<News>>>,
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
        self.desk
            .send_modify(|changes| *changes = changes.wrapping_add(1));
        for thread in threads {
            self.tell(thread, News::Changed);
        }
    }

    fn tell(&self, thread: &ThreadKey, news: News) {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookers) = threads.get(thread) {
            // Fails only if the last looker is leaving.
            drop(lookers.send(news));
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
        let is_last = threads
            .get(&self.thread)
            .is_some_and(|lookers| lookers.receiver_count() <= 1);
        if is_last {
            threads.remove(&self.thread);
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
        let live = &self.0.live;
        let mut threads = live.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let news = threads
            .entry(thread.clone())
            .or_insert_with(|| broadcast::Sender::new(UNREAD))
            .subscribe();
        Look {
            live: Arc::clone(live),
            thread: thread.clone(),
            news,
        }
    }

    /// Tells who looks at a thread that a party is typing. Kept nowhere.
    pub fn typing(&self, thread: &ThreadKey, party: Party) {
        self.0.live.tell(thread, News::Typing(party));
    }
}
