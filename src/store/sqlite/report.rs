//! Streams cases with all that a month's report counts of them. Reads beside a running bot, a page
//! of cases at a time so that no long read holds back the tidying of the database, and never writes.

use std::path::Path;

use rusqlite::{Connection, Row, Statement};

use super::{
    callbacks::rule,
    open_for_reading,
    words::{Columns, micros_up},
};
use crate::{
    domain::{callback::Outcome, time::Timestamp},
    store::{
        StoreError,
        rows::report::{CaseCallback, CaseHistory, CaseLine},
    },
};

/// So many cases are looked at in one read.
const PAGE: i64 = 500;

/// The same customer is whoever is one person with them too. Cases above the row `?1` that were opened from `?2` up to but not including `?3`.
const CASES: &str = "SELECT c.id, c.thread_id, c.number, c.state, c.opened_at, c.resolved_at,
         c.hold IS NOT NULL AS held, t.channel,
         t.triage = 'waiting_on_customer' AND t.case_number = c.number AS waits_on_customer,
         EXISTS (SELECT 1 FROM notices n WHERE n.thread_id = c.thread_id
             AND n.case_number = c.number
             AND json_extract(n.notice, '$.notice') IN ('answer_due', 'answer_overdue')
         ) AS was_reminded,
         (SELECT min(next.opened_at) FROM threads theirs
             JOIN cases next ON next.thread_id = theirs.id
             WHERE theirs.customer_id IN (SELECT k.id UNION ALL
                     SELECT o.id FROM customers o WHERE o.person = k.person AND o.id <> k.id)
                 AND next.id <> c.id
                 AND next.opened_at > c.resolved_at) AS next_case_at
     FROM cases c JOIN threads t ON t.id = c.thread_id JOIN customers k ON k.id = t.customer_id
     WHERE c.id > ?1 AND c.opened_at >= ?2 AND c.opened_at < ?3 ORDER BY c.id LIMIT ?4";

const LINES: &str = "SELECT m.party, m.at, d.exchange,
         coalesce(json_extract(k.decision, '$.rule'), d.rule) AS rule,
         coalesce(json_extract(k.decision, '$.actions'), d.actions) AS actions,
         json_extract(d.reading, '$.topic') AS topic
     FROM messages m JOIN decisions d ON d.message_id = m.id
     LEFT JOIN corrections k ON k.id = (SELECT max(id) FROM corrections WHERE message_id = m.id)
     WHERE m.thread_id = ?1 AND d.case_number = ?2 AND m.party <> 'bot' ORDER BY m.id";

const CALLBACKS: &str =
    "SELECT k.state, k.outcome, k.why, s.asked_at IS NOT NULL AS was_asked, s.helped
     FROM callbacks k LEFT JOIN satisfaction s ON s.callback_id = k.id
     WHERE k.thread_id = ?1 AND k.case_number = ?2 ORDER BY k.number";

const CALLS: &str = "SELECT outcome FROM calls
     WHERE thread_id = ?1 AND case_number = ?2 ORDER BY id";

/// The cases of one database.
#[derive(Debug)]
pub struct History {
    connection: Connection,
}

impl History {
    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_reading(path)?,
        })
    }

    /// Hands every case that was opened from `from` up to but not including `to` to `each`. Holds a
    /// page of cases and the messages of one at a time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases(
        &self,
        from: Timestamp,
        to: Timestamp,
        mut each: impl FnMut(&CaseHistory),
    ) -> Result<(), StoreError> {
        let mut cases = self.connection.prepare(CASES)?;
        let mut details = Details {
            lines: self.connection.prepare(LINES)?,
            callbacks: self.connection.prepare(CALLBACKS)?,
            calls: self.connection.prepare(CALLS)?,
        };
        let (from, to) = (micros_up(from), micros_up(to));
        let mut after = 0;
        loop {
            let page: Vec<Case> = cases
                .query_and_then((after, from, to, PAGE), case)?
                .collect::<Result<_, _>>()?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            for case in page {
                each(&details.of(case)?);
            }
        }
    }
}

/// A case, and where to look for the rest of it.
struct Case {
    id: i64,
    thread: i64,
    number: u32,
    history: CaseHistory,
}

struct Details<'a> {
    lines: Statement<'a>,
    callbacks: Statement<'a>,
    calls: Statement<'a>,
}

impl Details<'_> {
    fn of(&mut self, case: Case) -> Result<CaseHistory, StoreError> {
        let place = (case.thread, case.number);
        let mut history = case.history;
        history.lines = all(&mut self.lines, place, line)?;
        history.callbacks = all(&mut self.callbacks, place, callback)?;
        history.calls = all(&mut self.calls, place, |row| row.word::<Outcome>("outcome"))?;
        Ok(history)
    }
}

fn all<T>(
    statement: &mut Statement<'_>,
    place: (i64, u32),
    of_row: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    statement.query_and_then(place, of_row)?.collect()
}

fn case(row: &Row<'_>) -> Result<Case, StoreError> {
    Ok(Case {
        id: row.get("id")?,
        thread: row.get("thread_id")?,
        number: row.get("number")?,
        history: CaseHistory {
            channel: row.id("channel")?,
            opened_at: row.time("opened_at")?,
            state: row.word("state")?,
            resolved_at: row.time_if_any("resolved_at")?,
            held: row.get("held")?,
            waits_on_customer: row.get("waits_on_customer")?,
            was_reminded: row.get("was_reminded")?,
            next_case_at: row.time_if_any("next_case_at")?,
            lines: Vec::new(),
            callbacks: Vec::new(),
            calls: Vec::new(),
        },
    })
}

fn line(row: &Row<'_>) -> Result<CaseLine, StoreError> {
    Ok(CaseLine {
        from: row.word("party")?,
        at: row.time("at")?,
        exchange: row.get("exchange")?,
        rule: rule(row)?,
        actions: row.json("actions")?,
        topic: row.id_if_any("topic")?,
    })
}

fn callback(row: &Row<'_>) -> Result<CaseCallback, StoreError> {
    Ok(CaseCallback {
        state: row.word("state")?,
        outcome: row.word_if_any("outcome")?,
        why: row.word_if_any("why")?,
        was_asked: row.get("was_asked")?,
        helped: row.get("helped")?,
    })
}
