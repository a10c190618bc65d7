//! Who is at work, what they leave to the next shift, and what a desk is told when it opens.

use rusqlite::{Connection, Row, named_params};

use super::{
    accounts::Book,
    desk::{desks, seen_desk},
    reads::{Reads, all},
    words::{Columns, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, DeskName},
        private::Private,
        time::{Length, Timestamp},
    },
    store::{
        CallbackId, StoreError,
        rows::{
            audit::Presence,
            desk::Sight,
            shift::{DigestCounts, DigestRow, HandoverRow, Shift},
        },
    },
};

/// That an account is at work is noted once in so long.
const NOTED_EVERY: Length = Length::minutes(1);
/// For so long after handing over, a look at a page does not mean that somebody is back.
const LEAVES_WITHIN: Length = Length::hours(1);
/// Digests older than this are forgotten.
const DIGESTS_KEPT: Length = Length::hours(31 * 24);

/// Notes that an account is at work, if what it does means that.
pub(super) fn was_active(
    db: &Connection,
    account: &AccountName,
    presence: Presence,
    now: Timestamp,
) -> Result<(), StoreError> {
    let leaves_within = match presence {
        Presence::Works => Length::minutes(0),
        Presence::Looks => LEAVES_WITHIN,
        Presence::Unknown => return Ok(()),
    };
    // After a hand-over the next act is noted at once, however soon it comes.
    db.prepare_cached(
        "UPDATE accounts SET active_at = ?2 WHERE name = ?1
             AND (handed_over_at IS NULL OR handed_over_at <= ?2 - ?4)
             AND (active_at IS NULL OR active_at <= ?2 - ?3 OR active_at <= handed_over_at)",
    )?
    .execute((
        account.as_str(),
        micros(now),
        in_micros(NOTED_EVERY),
        in_micros(leaves_within),
    ))?;
    Ok(())
}

const fn in_micros(length: Length) -> i64 {
    length.as_milliseconds().saturating_mul(1_000)
}

impl Book<'_> {
    /// Notes that an account looks at pages of the desk.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn looked(self, account: &AccountName, now: Timestamp) -> Result<(), StoreError> {
        was_active(self.0, account, Presence::Looks, now)
    }
}

impl Writer {
    /// What tells whether an account is on shift; `None` if there is none, or it is disabled.
    ///
    /// # Errors
    /// Here and below: when the database cannot be used, or a row is damaged.
    pub(crate) fn shift_of(&self, account: &AccountName) -> Result<Option<Shift>, StoreError> {
        self.first(
            "SELECT role, active_at, handed_over_at FROM accounts
             WHERE name = ?1 AND disabled_at IS NULL",
            [account.as_str()],
            |row| {
                Ok(Shift {
                    role: row.word("role")?,
                    active_at: row.time_if_any("active_at")?,
                    handed_over_at: row.time_if_any("handed_over_at")?,
                })
            },
        )
    }

    /// Ends an account's shift.
    pub(crate) fn leaves(&self, account: &AccountName, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE accounts SET handed_over_at = ?2 WHERE name = ?1",
            (account.as_str(), micros(now)),
        )?;
        Ok(())
    }

    /// The callbacks that an account has claimed or promised, with their threads' rows, in the order
    /// they opened.
    pub(crate) fn callbacks_of(
        &self,
        account: &AccountName,
    ) -> Result<Vec<(CallbackId, i64)>, StoreError> {
        self.all(
            "SELECT id, thread_id FROM callbacks
             WHERE claimed_by = ?1 AND state IN ('claimed', 'scheduled') ORDER BY id",
            [account.as_str()],
            |row| Ok((CallbackId(row.get("id")?), row.get("thread_id")?)),
        )
    }

    /// Keeps that an account left a callback to the next shift, with what it wrote, masked. One that
    /// is left again replaces the line before.
    pub(crate) fn keep_handover(
        &self,
        callback: CallbackId,
        by: &AccountName,
        masked: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE handovers SET seen_at = ?2 WHERE callback_id = ?1 AND seen_at IS NULL",
            (callback.0, micros(now)),
        )?;
        let note = match masked {
            Some(masked) => {
                self.run(
                    "INSERT INTO notes (thread_id, account, text, at)
                     SELECT thread_id, ?2, ?3, ?4 FROM callbacks WHERE id = ?1",
                    (callback.0, by.as_str(), masked, micros(now)),
                )?;
                Some(self.connection.last_insert_rowid())
            }
            None => None,
        };
        self.run(
            "INSERT INTO handovers (thread_id, callback_id, note_id, desk, account, at)
             SELECT thread_id, id, ?2, desk, ?3, ?4 FROM callbacks WHERE id = ?1",
            (callback.0, note, by.as_str(), micros(now)),
        )?;
        Ok(())
    }

    /// Marks what was left to a desk as seen, up to that line. Says how many lines it was.
    pub(crate) fn see_handovers(
        &self,
        desk: &DeskName,
        up_to: i64,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.run(
            "UPDATE handovers SET seen_at = ?4, seen_by = ?3
             WHERE desk = ?1 AND id <= ?2 AND seen_at IS NULL",
            (desk.as_str(), up_to, by.as_str(), micros(now)),
        )
    }

    /// When a desk was last told what there is.
    pub(crate) fn newest_digest(&self, desk: &DeskName) -> Result<Option<Timestamp>, StoreError> {
        let made = self.first(
            "SELECT max(made_at) AS made_at FROM digests WHERE desk = ?1",
            [desk.as_str()],
            |row| row.time_if_any("made_at"),
        )?;
        Ok(made.flatten())
    }

    /// What there is for a desk that has just opened. `today_ends` bounds what is promised for today;
    /// `waiting` are the desk's channels, `watched` those on which nothing is told.
    pub(crate) fn digest_counts(
        &self,
        desk: &DeskName,
        (closed, opened, today_ends): (Timestamp, Timestamp, Timestamp),
        waiting: &[ChannelName],
        watched: &[ChannelName],
    ) -> Result<DigestCounts, StoreError> {
        let counts = self.first(
            DIGEST,
            named_params! {
                ":desk": desk.as_str(), ":closed": micros(closed), ":opened": micros(opened),
                ":today_ends": micros(today_ends),
                ":waiting": json(&waiting, "a list of names")?,
                ":watched": json(&watched, "a list of names")?,
            },
            |row| {
                Ok(DigestCounts {
                    came: number(row, "came")?,
                    urgent: number(row, "urgent")?,
                    promised: number(row, "promised")?,
                    waiting: number(row, "waiting")?,
                    left_claimed: number(row, "left_claimed")?,
                    handed_over: number(row, "handed_over")?,
                    held: number(row, "held")?,
                    unsure: 0,
                })
            },
        )?;
        Ok(counts.unwrap_or_default())
    }

    /// Keeps what a desk is told as it opens. Nobody need see one that says nothing.
    pub(crate) fn keep_digest(
        &self,
        desk: &DeskName,
        (closed, opened): (Timestamp, Timestamp),
        counts: &DigestCounts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM digests WHERE desk = ?1 AND made_at < ?2 - ?3",
            (desk.as_str(), micros(now), in_micros(DIGESTS_KEPT)),
        )?;
        self.run(
            "INSERT INTO digests (desk, opened_at, closed_at, made_at, counts, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (desk, opened_at) DO NOTHING",
            (
                desk.as_str(),
                micros(opened),
                micros(closed),
                micros(now),
                json(counts, "digests.counts")?,
                counts.is_empty().then(|| micros(now)),
            ),
        )?;
        Ok(())
    }

    /// Marks a digest as seen, and says of which desk it is. `None` if it was before.
    pub(crate) fn see_digest(
        &self,
        digest: i64,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<Option<DeskName>, StoreError> {
        self.first(
            "UPDATE digests SET seen_at = ?3, seen_by = ?2 WHERE id = ?1 AND seen_at IS NULL
             RETURNING desk",
            (digest, by.as_str(), micros(now)),
            |row| row.id("desk"),
        )
    }
}

fn number(row: &Row<'_>, column: &str) -> Result<u64, StoreError> {
    let number: i64 = row.get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// What came is what nobody has of what opened in between.
const DIGEST: &str = "WITH told AS (
         SELECT k.* FROM callbacks k JOIN threads t ON t.id = k.thread_id
         WHERE k.desk = :desk AND k.state IN ('due', 'claimed', 'no_answer', 'scheduled')
             AND t.channel NOT IN (SELECT value FROM json_each(:watched))),
     came AS (
         SELECT * FROM told WHERE state = 'due' AND incident_id IS NULL
             AND opened_at >= :closed AND opened_at < :opened)
     SELECT (SELECT count(*) FROM came) AS came,
         (SELECT count(*) FROM came WHERE urgent) AS urgent,
         (SELECT count(*) FROM told WHERE state IN ('scheduled', 'no_answer')
              AND scheduled_at < :today_ends) AS promised,
         (SELECT count(*) FROM json_each(:waiting) c CROSS JOIN threads t ON t.channel = c.value
          WHERE t.triage = 'waiting_on_us') AS waiting,
         (SELECT count(*) FROM told WHERE state = 'claimed' AND claimed_at < :opened)
             AS left_claimed,
         (SELECT count(*) FROM handovers h JOIN told k ON k.id = h.callback_id
          WHERE h.desk = :desk AND h.seen_at IS NULL AND k.claimed_by IS NULL) AS handed_over,
         (SELECT count(*) FROM told WHERE incident_id IS NOT NULL) AS held";

/// What is left to the next shift, as long as nobody has taken it.
const HANDOVERS: &str = concat!(
    "SELECT h.*, t.channel, t.thread, c.author, n.text, k.scheduled_at
     FROM handovers h JOIN callbacks k ON k.id = h.callback_id
         AND k.state IN ('due', 'no_answer', 'scheduled') AND k.claimed_by IS NULL
     JOIN threads t ON t.id = h.thread_id JOIN customers c ON c.id = t.customer_id
     LEFT JOIN notes n ON n.id = h.note_id
     WHERE h.seen_at IS NULL AND ",
    seen_desk!("h.desk"),
    " ORDER BY h.id LIMIT 100"
);

/// The newest digest of each desk, if nobody has seen it.
const DIGESTS: &str = concat!(
    "SELECT d.* FROM digests d WHERE d.seen_at IS NULL
         AND d.id = (SELECT max(n.id) FROM digests n WHERE n.desk = d.desk) AND ",
    seen_desk!("d.desk"),
    " ORDER BY d.desk"
);

impl Reads {
    /// What was left to the next shift and nobody has seen, oldest first.
    ///
    /// # Errors
    /// Here and below: when the database cannot be read.
    pub async fn handovers(&self, sight: Sight) -> Result<Vec<HandoverRow>, StoreError> {
        self.query(move |db| {
            let values = named_params! { ":desks": desks(&sight)? };
            all(db, HANDOVERS, values, |row| {
                let note: Option<String> = row.get("text")?;
                Ok(HandoverRow {
                    id: row.get("id")?,
                    callback: CallbackId(row.get("callback_id")?),
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                    author: row.id_if_any("author")?,
                    desk: row.id("desk")?,
                    by: row.id("account")?,
                    note: note.map(Private::new),
                    at: row.time("at")?,
                    promised_for: row.time_if_any("scheduled_at")?,
                })
            })
        })
        .await
    }

    /// What desks were told when they opened, as long as nobody has seen it.
    pub async fn digests(&self, sight: Sight) -> Result<Vec<DigestRow>, StoreError> {
        self.query(move |db| {
            let values = named_params! { ":desks": desks(&sight)? };
            all(db, DIGESTS, values, |row| {
                Ok(DigestRow {
                    id: row.get("id")?,
                    desk: row.id("desk")?,
                    opened_at: row.time("opened_at")?,
                    closed_at: row.time("closed_at")?,
                    counts: row.json("counts")?,
                })
            })
        })
        .await
    }

    /// The accounts that have claimed or promised something, by name, and how much.
    pub async fn holders(&self) -> Result<Vec<(AccountName, u64)>, StoreError> {
        self.query(|db| {
            let sql = "SELECT claimed_by, count(*) AS n FROM callbacks
                 WHERE claimed_by IS NOT NULL AND state IN ('claimed', 'scheduled')
                 GROUP BY claimed_by";
            all(db, sql, [], |row| {
                Ok((row.id("claimed_by")?, number(row, "n")?))
            })
        })
        .await
    }
}
