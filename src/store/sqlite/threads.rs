//! What the writer loads and saves of a thread and its customer: the state machine's memory.

use rusqlite::Row;

use super::{
    callbacks::{open_callback, open_callback_columns},
    words::{Columns, InOrder, Word, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{Author, ChannelName, ThreadKey},
        thread::{CustomerState, Hold, State, ThreadState},
        time::Timestamp,
    },
    store::{CallbackId, StoreError, rows::Triage},
};

/// A thread as the writer loaded it.
#[derive(Debug, Clone)]
pub(crate) struct StoredThread {
    /// Its row.
    pub(crate) id: i64,
    /// Its address.
    pub(crate) key: ThreadKey,
    /// Its customer's row.
    pub(crate) customer: i64,
    /// The customer is known by a handle, not only by this thread.
    pub(crate) customer_is_known: bool,
    /// The open callback's row.
    pub(crate) callback: Option<CallbackId>,
    /// When it wants a `Tick`, as stored.
    pub(crate) wake_at: Option<Timestamp>,
    /// What `decide` looks at. What binds the customer is of all who are one person with them.
    pub(crate) state: State,
    /// What the customer themselves said.
    pub(crate) own: CustomerState,
    /// Others are one person with them.
    pub(super) is_linked: bool,
}

/// What lists show of a thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Summary {
    /// Where it stands.
    pub(crate) triage: Triage,
    /// The newest case; 0 before any.
    pub(crate) case: u32,
    /// The newest exchange of that case.
    pub(crate) exchange: u32,
    /// The customer holds to text in this case. A hold for good lives with the customer.
    pub(crate) held: bool,
    /// Since when the customer has waited for our answer, while they do.
    pub(crate) waiting_since: Option<Timestamp>,
}

/// Everything of a thread, and where to look for it.
macro_rules! select_thread {
    ($where:literal) => {
        concat!(
            "SELECT t.id, t.channel, t.thread, t.customer_id, t.state,
                 c.author IS NOT NULL AS known, c.text_always, c.do_not_call, c.muted_until,
                 c.number IS NOT NULL AS number_known, c.whereabouts,
                 c.person IS NOT NULL AS is_linked, w.due_at AS wake_at, k.id AS callback_id, ",
            open_callback_columns!(),
            "
             FROM threads t
             JOIN customers c ON c.id = t.customer_id
             LEFT JOIN callbacks k ON k.thread_id = t.id
                 AND k.state IN ('due', 'claimed', 'no_answer', 'scheduled')
             LEFT JOIN timers w ON w.thread_id = t.id ",
            $where
        )
    };
}

impl Writer {
    /// The thread of that address.
    ///
    /// # Errors
    /// When the database cannot be read or the thread's row is damaged.
    pub(crate) fn thread(&self, key: &ThreadKey) -> Result<Option<StoredThread>, StoreError> {
        let found = self.first(
            select_thread!("WHERE t.channel = ?1 AND t.thread = ?2"),
            (key.channel.as_str(), key.thread.as_str()),
            stored_thread,
        )?;
        self.united(found)
    }

    /// The thread of that row.
    ///
    /// # Errors
    /// As [`Writer::thread`].
    pub(crate) fn thread_of_row(&self, id: i64) -> Result<Option<StoredThread>, StoreError> {
        let found = self.first(select_thread!("WHERE t.id = ?1"), [id], stored_thread)?;
        self.united(found)
    }

    fn united(&self, found: Option<StoredThread>) -> Result<Option<StoredThread>, StoreError> {
        let Some(mut thread) = found else {
            return Ok(None);
        };
        self.unite(&mut thread)?;
        Ok(Some(thread))
    }

    /// The row of a thread, where nothing else of it is wanted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn thread_number(&self, key: &ThreadKey) -> Result<Option<i64>, StoreError> {
        self.first(
            "SELECT id FROM threads WHERE channel = ?1 AND thread = ?2",
            (key.channel.as_str(), key.thread.as_str()),
            |row| Ok(row.get("id")?),
        )
    }

    /// The address of a row and its newest case (0 before any), where nothing else of it is wanted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn thread_place(&self, id: i64) -> Result<Option<(ThreadKey, u32)>, StoreError> {
        self.first(
            "SELECT channel, thread, case_number FROM threads WHERE id = ?1",
            [id],
            |row| {
                let key = ThreadKey {
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                };
                Ok((key, row.get("case_number")?))
            },
        )
    }

    /// Makes a thread. Its customer is the channel's author, or nobody but this thread.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn new_thread(
        &self,
        key: &ThreadKey,
        author: Option<&Author>,
        summary: Summary,
        now: Timestamp,
    ) -> Result<StoredThread, StoreError> {
        let known = author
            .map(|author| self.customer(&key.channel, author))
            .transpose()?
            .flatten();
        let (customer, own, is_linked) = match known {
            Some(known) => known,
            None => {
                let customer = self.new_customer(&key.channel, author)?;
                (customer, CustomerState::default(), false)
            }
        };
        let state = State::default();
        self.run(
            "INSERT INTO threads (channel, thread, customer_id, state, triage, case_number,
                 exchange, held, created_at, changed_at, waiting_since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
            (
                key.channel.as_str(),
                key.thread.as_str(),
                customer,
                json(&state.thread, "threads.state")?,
                summary.triage.word(),
                summary.case,
                summary.exchange,
                summary.held,
                micros(now),
                summary.waiting_since.map(micros),
            ),
        )?;
        let mut thread = StoredThread {
            id: self.connection.last_insert_rowid(),
            key: key.clone(),
            customer,
            customer_is_known: author.is_some(),
            callback: None,
            wake_at: None,
            state,
            own,
            is_linked,
        };
        // The do-not-call list may name a customer who is new, or was forgotten.
        self.look_up(&mut thread)?;
        Ok(thread)
    }

    /// Gives a thread, known by itself so far, to the channel's author. Their wishes are united.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn give_to_author(
        &self,
        thread: &mut StoredThread,
        author: &Author,
    ) -> Result<(), StoreError> {
        match self.customer(&thread.key.channel, author)? {
            None => {
                self.run(
                    "UPDATE customers SET author = ?2 WHERE id = ?1",
                    (thread.customer, author.reveal()),
                )?;
                self.look_up(thread)?;
            }
            Some((customer, known, is_linked)) => {
                let own = std::mem::take(&mut thread.own);
                let united = CustomerState {
                    text_always: known.text_always.clone().or(own.text_always),
                    muted_until: known.muted_until.max(own.muted_until),
                    ..known.clone()
                };
                if united != known {
                    self.save_customer(customer, &united)?;
                }
                self.run(
                    "UPDATE threads SET customer_id = ?2 WHERE id = ?1",
                    (thread.id, customer),
                )?;
                self.give_forms(thread.customer, customer)?;
                let had_links = thread.is_linked;
                if had_links {
                    self.give_links(thread.customer, customer)?;
                }
                self.run("DELETE FROM customers WHERE id = ?1", [thread.customer])?;
                thread.customer = customer;
                thread.own = united;
                thread.is_linked = is_linked || had_links;
                self.choose_number(thread)?;
            }
        }
        thread.customer_is_known = true;
        Ok(())
    }

    fn customer(
        &self,
        channel: &ChannelName,
        author: &Author,
    ) -> Result<Option<(i64, CustomerState, bool)>, StoreError> {
        self.first(
            "SELECT id, text_always, do_not_call, muted_until, number IS NOT NULL AS number_known,
                 whereabouts, person IS NOT NULL AS is_linked
             FROM customers WHERE channel = ?1 AND author = ?2",
            (channel.as_str(), author.reveal()),
            |row| Ok((row.get("id")?, customer_state(row)?, row.get("is_linked")?)),
        )
    }

    fn new_customer(
        &self,
        channel: &ChannelName,
        author: Option<&Author>,
    ) -> Result<i64, StoreError> {
        self.run(
            "INSERT INTO customers (channel, author) VALUES (?1, ?2)",
            (channel.as_str(), author.map(Author::reveal)),
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Saves what lives across a customer's threads.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn save_customer(
        &self,
        customer: i64,
        state: &CustomerState,
    ) -> Result<(), StoreError> {
        let hold = state
            .text_always
            .as_ref()
            .map(|hold| json(hold, "customers.text_always"))
            .transpose()?;
        self.run(
            "UPDATE customers SET text_always = ?2, do_not_call = ?3, muted_until = ?4
             WHERE id = ?1",
            (
                customer,
                hold,
                state.do_not_call,
                state.muted_until.map(micros),
            ),
        )?;
        Ok(())
    }

    /// Saves the state machine's memory and what lists show.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn save_thread(
        &self,
        thread: i64,
        state: &ThreadState,
        summary: Summary,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE threads SET state = ?2, triage = ?3, case_number = ?4, exchange = ?5,
                 held = ?6, changed_at = ?7, waiting_since = ?8
             WHERE id = ?1",
            (
                thread,
                json(state, "threads.state")?,
                summary.triage.word(),
                summary.case,
                summary.exchange,
                summary.held,
                micros(now),
                summary.waiting_since.map(micros),
            ),
        )?;
        Ok(())
    }
}

fn stored_thread(row: &Row<'_>) -> Result<StoredThread, StoreError> {
    let row = &InOrder::of(row);
    let mut thread = StoredThread {
        id: row.plain("id")?,
        key: ThreadKey {
            channel: row.id("channel")?,
            thread: row.id("thread")?,
        },
        customer: row.plain("customer_id")?,
        state: State {
            thread: row.json("state")?,
            ..State::default()
        },
        customer_is_known: row.plain("known")?,
        own: customer_state(row)?,
        is_linked: row.plain("is_linked")?,
        wake_at: row.time_if_any("wake_at")?,
        callback: row.plain::<Option<i64>>("callback_id")?.map(CallbackId),
    };
    if thread.callback.is_some() {
        thread.state.callback = Some(open_callback(row)?);
    }
    Ok(thread)
}

pub(super) fn customer_state(row: &impl Columns) -> Result<CustomerState, StoreError> {
    Ok(CustomerState {
        text_always: row.json_if_any::<Hold>("text_always")?,
        do_not_call: row.plain("do_not_call")?,
        muted_until: row.time_if_any("muted_until")?,
        number_known: row.plain("number_known")?,
        whereabouts: row.json_if_any("whereabouts")?.unwrap_or_default(),
    })
}
