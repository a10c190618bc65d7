//! What was kept long enough, found and deleted a few rows at a time. How long that is, the caller
//! says.

use rusqlite::params;

use super::{
    forget::TakeDown,
    forget::{self, Keeps},
    words::micros,
    writer::Writer,
};
use crate::{
    domain::time::Timestamp,
    store::{StoreError, rows::rights::Gone},
};

/// So many rows of threads go in one transaction; a thread has about twenty.
const ROWS_AT_ONCE: usize = 1_000;

/// Threads above `?1` in order, at most `?2`, each with whether nothing has happened on it since
/// `?3` and nothing of it is open at `?4`.
const PAGE: &str = "SELECT t.id,
         t.changed_at < ?3
         AND NOT EXISTS (SELECT 1 FROM callbacks WHERE thread_id = t.id
                         AND state IN ('due', 'claimed', 'no_answer', 'scheduled'))
         AND NOT EXISTS (SELECT 1 FROM form_requests WHERE thread_id = t.id
                         AND (state = 'submitted' OR state IN ('sent', 'opened') AND until > ?4))
         AND NOT EXISTS (SELECT 1 FROM held_answers WHERE thread_id = t.id
                         AND state IN ('held', 'returned'))
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE thread_id = t.id
                         AND state IN ('waiting', 'queued', 'sending'))
         AND NOT EXISTS (SELECT 1 FROM notes WHERE thread_id = t.id AND at >= ?3)
         AND NOT EXISTS (SELECT 1 FROM chats c WHERE c.channel = t.channel AND c.thread = t.thread
                         AND c.seen_at >= ?3) AS is_over
     FROM (SELECT id FROM threads WHERE id > ?1 ORDER BY id LIMIT ?2) page
     CROSS JOIN threads t ON t.id = page.id ORDER BY t.id";

impl Writer {
    /// Forgets threads on which nothing has happened since `before` and nothing is open: looks at
    /// `most` more of them, or does nothing until the next look at all of them is due. A look that
    /// came to the end sets the next one to `next`. Says `most` while there are more to look at, and
    /// how many rows are gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_threads(
        &self,
        before: Timestamp,
        most: u32,
        now: Timestamp,
        next: Timestamp,
        taken_down: &TakeDown<'_>,
    ) -> Result<(usize, u64), StoreError> {
        let due: Option<i64> = self.first(
            "SELECT thread FROM forgetting WHERE next_at <= ?1",
            [micros(now)],
            |row| Ok(row.get("thread")?),
        )?;
        let Some(start) = due else {
            return Ok((0, 0));
        };
        let page: Vec<(i64, bool)> = self.all(
            PAGE,
            params![start, most, micros(before), micros(now)],
            |row| Ok((row.get("id")?, row.get("is_over")?)),
        )?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let is_last = page.len() < most;
        let mut came_to = start;
        let mut gone = Gone::new();
        for (thread, is_over) in page {
            if is_over {
                let rows = rows_of(&gone);
                let left = ROWS_AT_ONCE.saturating_sub(usize::try_from(rows).unwrap_or(usize::MAX));
                if left == 0
                    || !forget::empty(&self.connection, thread, left, (taken_down, now), &mut gone)?
                {
                    self.came_to(came_to, now)?;
                    return Ok((most, rows_of(&gone)));
                }
                let keeps = Keeps::WishesAt(micros(now));
                forget::end(&self.connection, thread, keeps, &mut gone)?;
            }
            came_to = thread;
        }
        if is_last {
            self.came_to(0, next)?;
            return Ok((0, rows_of(&gone)));
        }
        self.came_to(came_to, now)?;
        Ok((most, rows_of(&gone)))
    }

    fn came_to(&self, thread: i64, next: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE forgetting SET thread = ?1, next_at = ?2",
            (thread, micros(next)),
        )?;
        Ok(())
    }

    /// Forgets up to `most` notices that ended before `before`. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_notices(&self, before: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE ended_at < ?1
                 ORDER BY ended_at LIMIT ?2)",
            (micros(before), most),
        )
    }

    /// Forgets up to `most` web chats that were not opened since `before` and have no callback and
    /// no form open. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_chats(&self, before: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM chats WHERE id IN (SELECT c.id FROM chats c WHERE c.seen_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM threads t JOIN callbacks k ON k.thread_id = t.id
                     WHERE t.channel = c.channel AND t.thread = c.thread
                         AND k.state IN ('due', 'claimed', 'no_answer', 'scheduled'))
                 AND NOT EXISTS (SELECT 1 FROM threads t JOIN form_requests f ON f.thread_id = t.id
                     WHERE t.channel = c.channel AND t.thread = c.thread
                         AND f.state IN ('sent', 'opened', 'submitted'))
                 ORDER BY c.seen_at LIMIT ?2)",
            (micros(before), most),
        )
    }

    /// Forgets up to `most` messages that could not be taken before `before`; they stand in order of
    /// arrival. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn forget_rejected(
        &self,
        before: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM rejected_messages WHERE received_at < ?1
                 AND id IN (SELECT id FROM rejected_messages ORDER BY id LIMIT ?2)",
            (micros(before), most),
        )
    }
}

fn rows_of(gone: &Gone) -> u64 {
    gone.values().sum()
}
