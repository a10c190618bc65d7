//! What a customer has a right to: a copy of all that is kept of them, and its erasure. For the
//! command line, which works on the database beside a running bot: on a connection of its own, in
//! transactions short enough that no message waits long.

mod copy;

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use serde_json::Value;

use super::{
    audit,
    forget::{self, Keeps, TakeDown},
    open_for_writing, people,
    words::Columns,
};
use crate::{
    domain::{
        ids::{AccountName, Author, ChannelName, ThreadKey},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            rights::{Delivered, Erased, Gone, LastWord, Subject, Subjected},
        },
    },
};

/// So many rows go in one transaction.
const ROWS_AT_ONCE: usize = 2_000;

/// The customers of one database.
#[derive(Debug)]
pub struct Rights {
    connection: Connection,
}

impl Rights {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = open_for_writing(path)?;
        // What is erased must be gone, whatever holds for others.
        connection.pragma_update(None, "secure_delete", "ON")?;
        Ok(Self { connection })
    }

    /// The threads it is about; `None` if there is no such customer or thread. A customer may have
    /// none left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn threads(&self, subject: &Subject) -> Result<Option<Vec<Subjected>>, StoreError> {
        match subject {
            Subject::Customer(channel, author) => {
                let found = self.customer(channel, author)?;
                found
                    .map(|customer| self.threads_where("customer_id = ?1", [customer]))
                    .transpose()
            }
            Subject::Thread(key) => {
                let address = (key.channel.as_str(), key.thread.as_str());
                let threads = self.threads_where("channel = ?1 AND thread = ?2", address)?;
                Ok((!threads.is_empty()).then_some(threads))
            }
        }
    }

    /// Whoever is one person with the customer that it is about, each by their handle or, without one,
    /// by their thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn linked(&self, subject: &Subject) -> Result<Vec<Subject>, StoreError> {
        let Some(customer) = self.customer_row(subject)? else {
            return Ok(Vec::new());
        };
        let mut linked = Vec::new();
        for other in people::one_with(&self.connection, customer)? {
            let sql = "SELECT channel, author FROM customers WHERE id = ?1";
            let handle = self.connection.query_row(sql, [other], |row| {
                Ok((row.id("channel"), row.id_if_any("author")))
            });
            match handle? {
                (channel, Ok(Some(author))) => linked.push(Subject::Customer(channel?, author)),
                (_, Ok(None)) => {
                    let threads = self.threads_where("customer_id = ?1", [other])?;
                    linked.extend(
                        threads
                            .into_iter()
                            .map(|thread| Subject::Thread(thread.key)),
                    );
                }
                (_, Err(error)) => return Err(error),
            }
        }
        Ok(linked)
    }

    /// How many messages an author has written in threads of other customers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn messages_elsewhere(&self, subject: &Subject) -> Result<u64, StoreError> {
        let Subject::Customer(channel, author) = subject else {
            return Ok(0);
        };
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM messages m JOIN threads t ON t.id = m.thread_id
                 JOIN customers c ON c.id = t.customer_id
             WHERE t.channel = ?1 AND m.author = ?2 AND m.party = 'customer'
                 AND c.author IS NOT ?2",
            (channel.as_str(), author.reveal()),
            |row| row.get(0),
        )?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// What webhooks were told of a thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn delivered(&self, thread: i64) -> Result<Vec<Delivered>, StoreError> {
        let mut rows = self.connection.prepare_cached(
            "SELECT destination, sum(state = 'sent') AS sent, sum(state = 'sending') AS under_way,
                 sum(state IN ('waiting', 'queued')) AS unsent,
                 sum(state = 'sent' AND json_extract(payload, '$.text') IS NOT NULL) AS with_text
             FROM outbox WHERE thread_id = ?1 GROUP BY destination",
        )?;
        let delivered = rows.query_and_then([thread], |row| {
            let count = |column| -> Result<u64, StoreError> {
                let count: i64 = row.get(column)?;
                Ok(u64::try_from(count).unwrap_or(0))
            };
            Ok(Delivered {
                destination: row.get("destination")?,
                events: count("sent")?,
                with_text: count("with_text")?,
                under_way: count("under_way")?,
                unsent: count("unsent")?,
            })
        })?;
        delivered.collect()
    }

    /// How many rows of which table are kept of a thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, thread: i64) -> Result<Gone, StoreError> {
        copy::count(&self.connection, thread)
    }

    /// Everything that is kept, as JSON, and that it was written down.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn copy(
        &mut self,
        subject: &Subject,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<Option<Value>, StoreError> {
        let Some(threads) = self.threads(subject)? else {
            return Ok(None);
        };
        let customer = self.customer_row(subject)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let copy = copy::of(&transaction, customer, &threads, now)?;
        for thread in &threads {
            let entry = AuditEntry {
                thread: Some(thread.row),
                ..AuditEntry::new(by.clone(), Verb::Exported)
            };
            audit::record(&transaction, &entry, now)?;
        }
        transaction.commit()?;
        Ok(Some(copy))
    }

    /// Takes one step towards a thread's end, and counts what is gone. `Some` with the last step: the
    /// thread is gone, that is in the audit, and the last words are in the outbox. What stands of it in
    /// chats is to be `taken_down` with each step. To be called until then; if it never is again, another erasure finds the rest.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of the step is kept then.
    pub fn erase_some(
        &mut self,
        thread: i64,
        last_words: &[LastWord],
        taken_down: &TakeDown<'_>,
        by: &AccountName,
        now: Timestamp,
        gone: &mut Gone,
    ) -> Result<Option<Erased>, StoreError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut erased = None;
        if forget::empty(&transaction, thread, ROWS_AT_ONCE, (taken_down, now), gone)? {
            let entry = AuditEntry {
                thread: Some(thread),
                ..AuditEntry::new(by.clone(), Verb::Erased)
            };
            audit::record(&transaction, &entry, now)?;
            erased = audit::newest(&transaction)?.map(|(entry, hash)| Erased { entry, hash });
            forget::end(&transaction, thread, Keeps::Nothing, gone)?;
            for word in last_words {
                forget::queue(&transaction, word, now)?;
            }
        }
        transaction.commit()?;
        Ok(erased)
    }

    /// Erases a customer of whom no thread is left. False if there is one left.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn erase_customer(&mut self, subject: &Subject) -> Result<bool, StoreError> {
        let Subject::Customer(channel, author) = subject else {
            return Ok(true);
        };
        let Some(customer) = self.customer(channel, author)? else {
            return Ok(true);
        };
        let linked = people::one_with(&self.connection, customer)?;
        let deleted = self.connection.execute(
            "DELETE FROM customers WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM threads WHERE customer_id = ?1)",
            [customer],
        )?;
        people::regroup(&self.connection, &linked)?;
        Ok(deleted > 0)
    }

    /// Moves the write-ahead log into the database, so that what was erased stands in neither. False
    /// if somebody still reads an older state: then the running bot does it later.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn move_log(&self) -> Result<bool, StoreError> {
        let busy: i64 =
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    fn customer(&self, channel: &ChannelName, author: &Author) -> Result<Option<i64>, StoreError> {
        let found = self
            .connection
            .query_row(
                "SELECT id FROM customers WHERE channel = ?1 AND author = ?2",
                (channel.as_str(), author.reveal()),
                |row| row.get(0),
            )
            .optional()?;
        Ok(found)
    }

    fn customer_row(&self, subject: &Subject) -> Result<Option<i64>, StoreError> {
        match subject {
            Subject::Customer(channel, author) => self.customer(channel, author),
            Subject::Thread(key) => {
                let sql = "SELECT customer_id FROM threads WHERE channel = ?1 AND thread = ?2";
                let address = (key.channel.as_str(), key.thread.as_str());
                let row = self.connection.query_row(sql, address, |row| row.get(0));
                Ok(row.optional()?)
            }
        }
    }

    fn threads_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Subjected>, StoreError> {
        let sql = format!("SELECT id, channel, thread FROM threads WHERE {condition} ORDER BY id");
        let mut rows = self.connection.prepare(&sql)?;
        let threads = rows.query_and_then(values, |row| {
            Ok(Subjected {
                row: row.get("id")?,
                key: ThreadKey {
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                },
            })
        })?;
        threads.collect()
    }
}

#[cfg(test)]
mod tests;
