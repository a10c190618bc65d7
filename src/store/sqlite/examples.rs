//! Labelled examples besides corrections, what desks are asked to check, and the stream of all examples
//! for the command line, which reads beside a running bot.

use std::{ops::ControlFlow, path::Path};

use rusqlite::{Connection, Row, named_params};

use super::{
    desk::{desks, seen_desk},
    numbers::profile_of,
    open_for_reading,
    reads::{Reads, all},
    transcript::each_since,
    words::{Columns, Word, json, micros, of_word},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, DeskName, MessageId, ThreadKey},
        private::Private,
        reading::Language,
        time::{Length, Timestamp},
    },
    store::{
        StoreError,
        rows::{
            desk::Sight,
            examples::{DoubtRow, ExampleRow, ExampleSource},
        },
    },
};

/// What a desk was asked longer ago than this is not asked any more.
const ASKED_FOR: Length = Length::hours(31 * 24);

/// Whether nobody has said yet if the message of the doubt `b` was thanks.
macro_rules! is_open {
    () => {
        "NOT EXISTS (SELECT 1 FROM examples e WHERE e.message_id = b.message_id)
         AND NOT EXISTS (SELECT 1 FROM corrections k WHERE k.message_id = b.message_id
             AND k.correction IN ('thanks', 'not_thanks'))"
    };
}

impl Writer {
    /// Keeps what somebody showed of a message of a thread, once for each source; `by` is `None` for the
    /// customer.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn keep_example(
        &self,
        thread: i64,
        message: &MessageId,
        source: ExampleSource,
        by: Option<&AccountName>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO examples (thread_id, message_id, source, account, at)
             SELECT thread_id, id, ?3, ?4, ?5 FROM messages WHERE thread_id = ?1 AND message = ?2
             ON CONFLICT (message_id, source) DO NOTHING",
            (
                thread,
                message.as_str(),
                source.word(),
                by.map(AccountName::as_str),
                micros(at),
            ),
        )?;
        Ok(())
    }

    /// Forgets it again.
    pub(crate) fn forget_example(
        &self,
        thread: i64,
        message: &MessageId,
        source: ExampleSource,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM examples WHERE thread_id = ?1 AND source = ?3 AND message_id =
                 (SELECT id FROM messages WHERE thread_id = ?1 AND message = ?2)",
            (thread, message.as_str(), source.word()),
        )?;
        Ok(())
    }

    /// Whether it is still asked if a message was thanks; `None` if it never was.
    pub(crate) fn is_doubted(
        &self,
        thread: i64,
        message: &MessageId,
    ) -> Result<Option<bool>, StoreError> {
        self.first(
            concat!(
                "SELECT ",
                is_open!(),
                " AS is_open FROM doubts b JOIN messages m ON m.id = b.message_id
                 WHERE m.thread_id = ?1 AND m.message = ?2"
            ),
            (thread, message.as_str()),
            |row| Ok(row.get("is_open")?),
        )
    }

    /// Asks a desk about the messages on its channels whose reading as thanks, since then, was least sure,
    /// as many as it may still be asked about within a day. Gives them with their threads' rows.
    pub(crate) fn doubt(
        &self,
        desk: &DeskName,
        channels: &[ChannelName],
        (since, now): (Timestamp, Timestamp),
        most_a_day: u32,
    ) -> Result<Vec<(i64, ThreadKey, MessageId)>, StoreError> {
        self.run(
            "DELETE FROM doubts WHERE desk = ?1 AND at < ?2",
            (desk.as_str(), micros(now) - in_micros(ASKED_FOR)),
        )?;
        let least_sure = self.all(
            LEAST_SURE,
            named_params! {
                ":desk": desk.as_str(),
                ":channels": json(&channels, "a list of names")?,
                ":since": micros(since),
                // A desk that opens a little earlier than yesterday is asked all the same.
                ":day_ago": micros(now) - in_micros(Length::hours(20)),
                ":most": most_a_day,
            },
            |row| {
                let key = ThreadKey {
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                };
                let rows: (i64, i64) = (row.get("message_id")?, row.get("thread_id")?);
                Ok((rows, key, row.id("message")?))
            },
        )?;
        let mut doubted = Vec::new();
        for ((message, thread), key, id) in least_sure {
            self.run(
                "INSERT INTO doubts (message_id, thread_id, desk, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (message_id) DO NOTHING",
                (message, thread, desk.as_str(), micros(now)),
            )?;
            doubted.push((thread, key, id));
        }
        Ok(doubted)
    }
}

const fn in_micros(length: Length) -> i64 {
    length.as_milliseconds().saturating_mul(1_000)
}

/// Only the least sure of all desks are looked at more closely, so that a busy night costs no more than
/// sorting it. What the admin's own phrases decided, or what is as good as certain, is not asked about.
pub(super) const LEAST_SURE: &str = concat!(
    "WITH least AS MATERIALIZED (
         SELECT message_id, confidence FROM decisions
         WHERE rule = 'thanks' AND decided_at >= :since AND confidence < 1
         ORDER BY confidence LIMIT 2000)
     SELECT b.message_id, m.thread_id, m.message, t.channel, t.thread
     FROM least b CROSS JOIN decisions d ON d.message_id = b.message_id
         CROSS JOIN messages m ON m.id = b.message_id CROSS JOIN threads t ON t.id = m.thread_id
     WHERE t.channel IN (SELECT value FROM json_each(:channels))
         AND instr(d.actions, '\"resolve\"') > 0
         AND NOT EXISTS (SELECT 1 FROM doubts o WHERE o.message_id = b.message_id)
         AND ",
    is_open!(),
    " ORDER BY b.confidence, b.message_id
     LIMIT max(0, :most - (SELECT count(*) FROM doubts o WHERE o.desk = :desk AND o.at >= :day_ago))"
);

/// What desks were asked as they last opened, as long as nobody has seen what they were told then.
pub(super) const OPEN_DOUBTS: &str = concat!(
    "SELECT b.desk, m.*, t.channel, t.thread, t.customer_id, c.author AS customer,
         t.state -> '$.context.language' AS spoken
     FROM digests g CROSS JOIN doubts b ON b.desk = g.desk AND b.at = g.made_at
         CROSS JOIN messages m ON m.id = b.message_id CROSS JOIN threads t ON t.id = b.thread_id
         CROSS JOIN customers c ON c.id = t.customer_id
     WHERE g.seen_at IS NULL
         AND g.id = (SELECT max(n.id) FROM digests n WHERE n.desk = g.desk) AND ",
    seen_desk!("g.desk"),
    " AND ",
    is_open!(),
    " ORDER BY b.desk, b.message_id"
);

const DOUBT: &str = concat!(
    "SELECT b.desk, m.*, t.channel, t.thread, t.customer_id, c.author AS customer,
         t.state -> '$.context.language' AS spoken
     FROM threads t JOIN messages m ON m.thread_id = t.id JOIN doubts b ON b.message_id = m.id
         JOIN customers c ON c.id = t.customer_id
     WHERE t.channel = ?1 AND t.thread = ?2 AND m.message = ?3 AND ",
    is_open!()
);

impl Reads {
    /// Messages of which desks are asked whether they were thanks.
    ///
    /// # Errors
    /// Here and below: when the database cannot be read or a row is damaged.
    pub async fn doubts(&self, sight: Sight) -> Result<Vec<DoubtRow>, StoreError> {
        self.query(move |db| {
            let values = named_params! { ":desks": desks(&sight)? };
            all(db, OPEN_DOUBTS, values, |row| doubt_row(db, row))
        })
        .await
    }

    /// The same of one message; `None` once somebody has said.
    pub async fn doubt(
        &self,
        key: ThreadKey,
        message: MessageId,
    ) -> Result<Option<DoubtRow>, StoreError> {
        self.query(move |db| {
            let of = (key.channel.as_str(), key.thread.as_str(), message.as_str());
            super::reads::first(db, DOUBT, of, |row| doubt_row(db, row))
        })
        .await
    }
}

fn doubt_row(db: &Connection, row: &Row<'_>) -> Result<DoubtRow, StoreError> {
    Ok(DoubtRow {
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        message: row.id("message")?,
        desk: row.id("desk")?,
        author: row.id_if_any("customer")?,
        profile: profile_of(db, row.get("customer_id")?)?,
        text: Private::new(row.get("text")?),
        language: row.json_if_any::<Option<Language>>("spoken")?.flatten(),
        at: row.time("at")?,
    })
}

/// The labelled examples of one database, for the command line.
#[derive(Debug)]
pub struct Examples {
    connection: Connection,
}

impl Examples {
    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_for_reading(path)?,
        })
    }

    /// Hands what was said at `since` or later of customers' messages to `each`, oldest first, until it
    /// breaks off: one word a message, the newest of our people's, else the newest of its customer's. What
    /// was masked wrongly is not among it: the words are gone, so nothing can be learnt from them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn since(
        &self,
        since: Timestamp,
        each: impl FnMut(ExampleRow) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        each_since(&self.connection, EXAMPLES, since, example_row, each)
    }
}

/// Our message before is one of the same case: what came before belongs to another matter.
const EXAMPLES: &str = "WITH said AS (
         SELECT id AS number, message_id, NULL AS source, correction, account, at FROM corrections
         WHERE correction IN ('thanks', 'not_thanks')
         UNION ALL
         SELECT id, message_id, source, NULL, account, at FROM examples),
     ranked AS (
         SELECT *, row_number() OVER (
             PARTITION BY message_id ORDER BY account IS NULL, at DESC, source IS NULL DESC, number DESC
         ) AS place FROM said),
     before AS (
         SELECT r.*, m.text, m.at AS written_at, t.customer_id,
             json_extract(d.reading, '$.language') AS language,
             (SELECT p.id FROM messages p JOIN decisions pd ON pd.message_id = p.id
              WHERE p.thread_id = m.thread_id AND p.id < m.id AND p.party = 'agent'
                  AND pd.case_number = d.case_number ORDER BY p.id DESC LIMIT 1) AS previous_id
         FROM ranked r JOIN messages m ON m.id = r.message_id JOIN decisions d ON d.message_id = m.id
             JOIN threads t ON t.id = m.thread_id
         WHERE r.place = 1 AND r.at >= ?1 AND m.party = 'customer')
     SELECT b.*, c.author AS handle, p.text AS previous, p.author AS agent, a.shown_as,
         (SELECT f.name FROM threads mine JOIN profiles f ON f.thread_id = mine.id
          WHERE mine.customer_id = b.customer_id ORDER BY f.at DESC LIMIT 1) AS name
     FROM before b JOIN customers c ON c.id = b.customer_id
         LEFT JOIN messages p ON p.id = b.previous_id LEFT JOIN accounts a ON a.name = lower(p.author)
     ORDER BY b.at, b.message_id";

fn example_row(row: &Row<'_>) -> Result<ExampleRow, StoreError> {
    let source: Option<String> = row.get("source")?;
    let source: Option<ExampleSource> = source.as_deref().map(of_word).transpose()?;
    let thanks = match source {
        Some(source) => matches!(source, ExampleSource::KeptTyping | ExampleSource::Checked),
        None => row.get::<_, String>("correction")? == "thanks",
    };
    let names = |columns: [&str; 2]| -> Result<Vec<Private<String>>, StoreError> {
        let mut names = Vec::new();
        for column in columns {
            names.extend(row.get::<_, Option<String>>(column)?.map(Private::new));
        }
        Ok(names)
    };
    let previous: Option<String> = row.get("previous")?;
    Ok(ExampleRow {
        number: row.get("number")?,
        source,
        thanks,
        at: row.time("at")?,
        written_at: row.time("written_at")?,
        text: Private::new(row.get("text")?),
        previous: previous.map(Private::new),
        language: row.get("language")?,
        customer: names(["handle", "name"])?,
        agent: names(["agent", "shown_as"])?,
    })
}
