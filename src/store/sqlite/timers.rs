//! When threads want a `Tick`, and which threads an event of elsewhere concerns.

use super::{
    words::{Columns, micros, micros_up},
    writer::Writer,
};
use crate::{domain::time::Timestamp, store::StoreError};

impl Writer {
    /// Sets when a thread wants a `Tick`, or that it wants none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_timer(&self, thread: i64, due: Option<Timestamp>) -> Result<(), StoreError> {
        match due {
            Some(due) => self.run(
                "INSERT INTO timers (thread_id, due_at) VALUES (?1, ?2)
                 ON CONFLICT (thread_id) DO UPDATE SET due_at = excluded.due_at",
                (thread, micros_up(due)),
            )?,
            None => self.run("DELETE FROM timers WHERE thread_id = ?1", [thread])?,
        };
        Ok(())
    }

    /// Rows of threads whose timers are due, the longest due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn due_threads(&self, now: Timestamp, most: u32) -> Result<Vec<i64>, StoreError> {
        self.all(
            "SELECT thread_id FROM timers WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
            (micros(now), most),
            |row| Ok(row.get(0)?),
        )
    }

    /// When the next timer is due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn next_timer(&self) -> Result<Option<Timestamp>, StoreError> {
        let next = self.first("SELECT min(due_at) AS due FROM timers", [], |row| {
            row.time_if_any("due")
        })?;
        Ok(next.flatten())
    }

    /// Rows of threads that new rules may concern, above `after`: those with an open callback or
    /// a hold.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn threads_for_new_rules(
        &self,
        after: i64,
        most: u32,
    ) -> Result<Vec<i64>, StoreError> {
        self.all(
            "SELECT thread_id AS id FROM callbacks INDEXED BY callbacks_one_open
                 WHERE state IN ('due', 'claimed', 'no_answer', 'scheduled') AND thread_id > ?1
             UNION SELECT id FROM threads WHERE held AND id > ?1
             UNION SELECT t.id FROM customers c INDEXED BY customers_held
                 CROSS JOIN threads t ON t.customer_id = c.id
                 WHERE c.text_always IS NOT NULL AND t.id > ?1
             ORDER BY id LIMIT ?2",
            (after, most),
            |row| Ok(row.get(0)?),
        )
    }

    /// Rows of the customer's other threads that have an open callback, and of those of whoever is
    /// one person with them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn other_threads_with_callback(
        &self,
        customer: i64,
        but: i64,
    ) -> Result<Vec<i64>, StoreError> {
        self.all(
            "SELECT t.id FROM threads t
             JOIN callbacks k ON k.thread_id = t.id
                 AND k.state IN ('due', 'claimed', 'no_answer', 'scheduled')
             WHERE t.customer_id IN (SELECT ?1 UNION ALL SELECT o.id FROM customers c
                     JOIN customers o ON o.person = c.person WHERE c.id = ?1 AND o.id <> c.id)
                 AND t.id <> ?2 ORDER BY t.id",
            (customer, but),
            |row| Ok(row.get(0)?),
        )
    }
}
