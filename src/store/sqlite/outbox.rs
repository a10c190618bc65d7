//! The outbox: what is still to be told to whom. Keeps the order per thread and destination: one
//! at a time is `queued` or `sending`, the later ones are `waiting` behind it.

use super::{
    reads::{Reads, first},
    words::{Columns, micros, micros_up},
    writer::Writer,
};
use crate::{
    domain::{ids::ButtonToken, time::Timestamp},
    store::StoreError,
};

/// Something to tell.
#[derive(Debug)]
pub(crate) struct NewEffect<'a> {
    /// Its idempotency key.
    pub(crate) key: &'a str,
    /// Whom.
    pub(crate) destination: &'a str,
    /// About which thread; `None`: about none, and in no order with others.
    pub(crate) thread: Option<i64>,
    /// What, in the engine's own form.
    pub(crate) payload: &'a str,
}

/// Something that is being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClaimedEffect {
    /// Its row.
    pub(crate) id: i64,
    /// Its idempotency key.
    pub(crate) key: String,
    /// What.
    pub(crate) payload: String,
    /// Which attempt this is, from 1.
    pub(crate) attempt: u32,
    /// When it happened.
    pub(crate) created_at: Timestamp,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It arrived.
    Arrived,
    /// Try again then.
    Again(Timestamp),
    /// It was not even tried; let somebody else.
    NotTried,
    /// It was not even tried; try then.
    Later(Timestamp),
    /// It was given up, and why.
    Dead(String),
    /// It was cut off, and must not be sent again: it may or may not have arrived.
    CutOff,
}

impl Sent {
    /// Why it is dead, if it is.
    pub(crate) fn end(&self) -> Option<&str> {
        match self {
            Self::Dead(reason) => Some(reason),
            Self::CutOff => Some("may or may not have arrived"),
            Self::Arrived | Self::Again(_) | Self::NotTried | Self::Later(_) => None,
        }
    }
}

impl Reads {
    /// Whether something is just being sent whose buttons may say so: their words begin with its key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_posting(&self, token: ButtonToken) -> Result<bool, StoreError> {
        self.query(move |db| {
            let sql =
                "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') AND state = 'sending'
                 AND substr(?1, 1, length(key)) = key LIMIT 1";
            Ok(first(db, sql, [token.as_str()], |_| Ok(()))?.is_some())
        })
        .await
    }
}

impl Writer {
    /// Puts something in the outbox.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn queue(&self, effect: &NewEffect<'_>, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO outbox (key, destination, thread_id, payload, created_at, due_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5,
                 CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE destination = ?2 AND thread_id = ?3
                                       AND state IN ('waiting', 'queued', 'sending'))
                      THEN 'waiting' ELSE 'queued' END)",
            (
                effect.key,
                effect.destination,
                effect.thread,
                effect.payload,
                micros(now),
            ),
        )?;
        Ok(())
    }

    /// Ends every lease. Right only at the start, when no other process can hold one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_leases(&self, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            // The first condition lets SQLite use the index of what is not finished.
            "UPDATE outbox SET due_at = ?1
             WHERE state IN ('queued', 'sending') AND state = 'sending'",
            [micros(now)],
        )?;
        Ok(())
    }

    /// Gives up what was under way when its lease ended, for a destination that cannot tell a
    /// repetition. Says what.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn give_up_cut_off(
        &self,
        destination: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let cut_off: Vec<(i64, String)> = self.all(
            "SELECT id, payload FROM outbox WHERE destination = ?1
                 AND state IN ('queued', 'sending') AND state = 'sending' AND due_at <= ?2",
            (destination, micros(now)),
            |row| Ok((row.get("id")?, row.get("payload")?)),
        )?;
        for (id, _) in &cut_off {
            self.settle(*id, &Sent::CutOff, now)?;
        }
        Ok(cut_off.into_iter().map(|(_, payload)| payload).collect())
    }

    /// Lets what waits for later than `latest` go now: the clock was set back since it was told to wait.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn hurry_effects(
        &self,
        destination: &str,
        latest: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE outbox SET due_at = ?3
             WHERE destination = ?1 AND state IN ('queued', 'sending') AND state = 'queued'
                 AND due_at > ?2",
            (destination, micros(latest), micros(now)),
        )?;
        Ok(())
    }

    /// Takes up to `most` effects that may be sent now, with a lease until `until`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn claim_effects(
        &self,
        destination: &str,
        most: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ClaimedEffect>, StoreError> {
        let mut claimed = self.all(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1, due_at = ?4
             WHERE id IN (SELECT id FROM outbox
                          WHERE destination = ?1 AND state IN ('queued', 'sending')
                              AND due_at <= ?3
                          ORDER BY due_at, id LIMIT ?2)
             RETURNING id, key, payload, attempts, created_at",
            (destination, most, micros(now), micros(until)),
            |row| {
                Ok(ClaimedEffect {
                    id: row.get("id")?,
                    key: row.get("key")?,
                    payload: row.get("payload")?,
                    attempt: row.get("attempts")?,
                    created_at: row.time("created_at")?,
                })
            },
        )?;
        claimed.sort_unstable_by_key(|effect| effect.id);
        Ok(claimed)
    }

    /// Keeps what came of an attempt, and lets the next of its thread go. Does nothing if the
    /// effect is no longer under way.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn settle(&self, id: i64, sent: &Sent, now: Timestamp) -> Result<(), StoreError> {
        let changed = match sent {
            Sent::Again(due) => {
                self.run(
                    "UPDATE outbox SET state = 'queued', due_at = ?2
                     WHERE id = ?1 AND state = 'sending'",
                    (id, micros_up(*due)),
                )?;
                return Ok(());
            }
            Sent::NotTried | Sent::Later(_) => {
                let due = match sent {
                    Sent::Later(due) => micros_up(*due),
                    _ => micros(now),
                };
                self.run(
                    "UPDATE outbox SET state = 'queued', due_at = ?2, attempts = attempts - 1
                     WHERE id = ?1 AND state = 'sending'",
                    (id, due),
                )?;
                return Ok(());
            }
            Sent::Arrived => self.run(
                "UPDATE outbox SET state = 'sent', finished_at = ?2
                 WHERE id = ?1 AND state = 'sending'",
                (id, micros(now)),
            )?,
            Sent::Dead(_) | Sent::CutOff => self.run(
                "UPDATE outbox SET state = 'dead', finished_at = ?2, reason = ?3
                 WHERE id = ?1 AND state = 'sending'",
                (id, micros(now), sent.end()),
            )?,
        };
        if changed > 0 {
            self.run(
                "UPDATE outbox SET state = 'queued', due_at = ?2
                 WHERE id = (SELECT min(n.id) FROM outbox n, outbox d
                             WHERE d.id = ?1 AND n.destination = d.destination
                                 AND n.thread_id = d.thread_id
                                 AND n.state IN ('waiting', 'queued', 'sending'))",
                (id, micros(now)),
            )?;
        }
        Ok(())
    }

    /// When the next effect of a destination may be sent, or its lease ends.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn next_effect(&self, destination: &str) -> Result<Option<Timestamp>, StoreError> {
        let next = self.first(
            "SELECT min(due_at) AS due FROM outbox
             WHERE destination = ?1 AND state IN ('queued', 'sending')",
            [destination],
            |row| row.time_if_any("due"),
        )?;
        Ok(next.flatten())
    }

    /// Forgets up to `most` effects that arrived before `before`. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn prune_sent(&self, before: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
                 WHERE state = 'sent' AND finished_at < ?1 ORDER BY finished_at LIMIT ?2)",
            (micros(before), most),
        )
    }

    /// Forgets up to `most` effects that arrived and belong to no thread: nothing follows them, and
    /// they may name one that was erased. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn prune_last_words(&self, most: u32) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
                 WHERE thread_id IS NULL AND state = 'sent' LIMIT ?1)",
            [most],
        )
    }

    /// Forgets up to `most` effects that were given up before `before`. Says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn prune_dead(&self, before: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.run(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
                 WHERE state = 'dead' AND finished_at < ?1 ORDER BY finished_at LIMIT ?2)",
            (micros(before), most),
        )
    }
}
