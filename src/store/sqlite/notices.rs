//! What desks were told, until somebody has seen to it or it has become pointless.

use rusqlite::Row;

use super::{
    words::{Columns, json, micros},
    writer::Writer,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        ids::{AccountName, ChannelName, DeskName, MessageId, ThreadId, ThreadKey},
        time::Timestamp,
    },
    store::{StoreError, rows::desk::NoticeRow},
};

/// That a notice is for one account first and alone.
#[derive(Debug)]
pub(crate) struct Alone {
    /// Which one.
    pub(crate) account: AccountName,
    /// From then on supervisors see it too; `None`: never.
    pub(crate) until: Option<Timestamp>,
}

impl Writer {
    /// Keeps that a desk, or one account of it, was told something. A reminder that stands already is not kept twice, and
    /// that the answer is overdue takes the place of its being due.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_notice(
        &self,
        thread: i64,
        case: u32,
        desk: &DeskName,
        notice: &Notice,
        alone: Option<&Alone>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let stands = |kinds: &[&str]| self.notice_stands(thread, kinds);
        let is_known = match notice {
            Notice::AnswerDue => stands(&["answer_due", "answer_overdue"])?,
            Notice::AnswerOverdue => {
                self.end_notices(thread, &["answer_due"], now)?;
                stands(&["answer_overdue"])?
            }
            Notice::CheckBack => stands(&["check_back"])?,
            Notice::CallUnclaimed => stands(&["call_unclaimed", "call_overdue"])?,
            Notice::CallOverdue => {
                self.end_notices(thread, &["call_unclaimed"], now)?;
                stands(&["call_overdue"])?
            }
            Notice::UrgentOnCall => stands(&["urgent_on_call"])?,
            Notice::DoNotCall
            | Notice::SupervisorInText
            | Notice::Flagged { .. }
            | Notice::HidePost
            | Notice::AskedForIdentity { .. }
            | Notice::SayYourself { .. }
            | Notice::FormSubmitted { .. }
            | Notice::CheckExpired { .. }
            | Notice::ReplyReturned
            | Notice::ClaimSilent { .. }
            | Notice::ClaimReleased { .. }
            | Notice::CallExhausted
            | Notice::Dissatisfied
            | Notice::NotDelivered { .. } => false,
            Notice::Blocked => stands(&["blocked"])?,
        };
        if !is_known {
            self.run(
                "INSERT INTO notices (thread_id, case_number, desk, notice, at, account, alone_until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    thread,
                    case,
                    desk.as_str(),
                    json(notice, "notices.notice")?,
                    micros(now),
                    alone.map(|alone| alone.account.as_str()),
                    alone.and_then(|alone| alone.until).map(micros),
                ),
            )?;
        }
        Ok(())
    }

    /// Whether the thread's desk was told something of these kinds that still stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn notice_stands(&self, thread: i64, kinds: &[&str]) -> Result<bool, StoreError> {
        let of = (thread, json(&kinds, "notices.notice")?);
        Ok(self.first(STANDS, of, |_| Ok(()))?.is_some())
    }

    /// Whether any notice of a thread ended at that very moment, which is a transaction's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn notices_ended(&self, thread: i64, at: Timestamp) -> Result<bool, StoreError> {
        let of = (thread, micros(at));
        Ok(self.first(ENDED, of, |_| Ok(()))?.is_some())
    }

    /// Whether any notice of a thread stands. Almost never does one, and ending some of none would
    /// cost many times as much as this look.
    pub(super) fn has_notices(&self, thread: i64) -> Result<bool, StoreError> {
        Ok(self.first(ANY, [thread], |_| Ok(()))?.is_some())
    }

    /// Ends the reminders of a thread, which have become pointless.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_reminders(&self, thread: i64, now: Timestamp) -> Result<(), StoreError> {
        let reminders = ["answer_due", "answer_overdue", "check_back"];
        self.end_notices(thread, &reminders, now)
    }

    /// Ends the notices of these kinds in a thread: what they are about is over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_notices(
        &self,
        thread: i64,
        kinds: &[&str],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.has_notices(thread)? {
            self.run(END, (thread, json(&kinds, "notices.notice")?, micros(now)))?;
        }
        Ok(())
    }

    /// Ends that a desk was told that a message of ours did not arrive, or may not have.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_not_delivered(
        &self,
        thread: i64,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = (thread, message.as_str(), micros(now));
        self.run(END_NOT_DELIVERED, of)?;
        Ok(())
    }

    /// Ends that an agent was asked to say these things in a thread: there is no need any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_sayings(
        &self,
        thread: i64,
        what: &[Utterance],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.has_notices(thread)? {
            let what = json(&what, "notices.notice")?;
            self.run(END_SAYINGS, (thread, what, micros(now)))?;
        }
        Ok(())
    }

    /// Ends what an account was told, or what its desk was told of it, because it has seen to that.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn end_own_notice(
        &self,
        thread: i64,
        account: &AccountName,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            END_OWN,
            (
                thread,
                account.as_str(),
                json(notice, "notices.notice")?,
                micros(now),
            ),
        )?;
        Ok(())
    }

    /// Keeps who saw to a notice, and says of which thread it is, by row and address. `None` if
    /// there is no such notice, or it has ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn see_to(
        &self,
        notice: i64,
        by: &AccountName,
        now: Timestamp,
    ) -> Result<Option<(i64, ThreadKey)>, StoreError> {
        let seen = self.run(
            "UPDATE notices SET ended_at = ?3, seen_by = ?2 WHERE id = ?1 AND ended_at IS NULL",
            (notice, by.as_str(), micros(now)),
        )?;
        if seen == 0 {
            return Ok(None);
        }
        self.first(
            "SELECT t.id, t.channel, t.thread FROM notices n JOIN threads t ON t.id = n.thread_id
             WHERE n.id = ?1",
            [notice],
            |row| {
                let key = ThreadKey {
                    channel: row.id::<ChannelName>("channel")?,
                    thread: row.id::<ThreadId>("thread")?,
                };
                Ok((row.get("id")?, key))
            },
        )
    }
}

/// Whether a notice of these kinds stands in a thread.
pub(super) const STANDS: &str = "SELECT 1 FROM notices
     WHERE thread_id = ?1 AND ended_at IS NULL AND json_extract(notice, '$.notice')
         IN (SELECT value FROM json_each(?2)) LIMIT 1";

/// Whether any notice stands in a thread.
pub(super) const ANY: &str =
    "SELECT 1 FROM notices WHERE thread_id = ?1 AND ended_at IS NULL LIMIT 1";

/// Whether a notice of a thread ended at a moment.
pub(super) const ENDED: &str =
    "SELECT 1 FROM notices WHERE thread_id = ?1 AND ended_at = ?2 LIMIT 1";

/// Ends the notices of these kinds in a thread.
pub(super) const END: &str = "UPDATE notices SET ended_at = ?3
     WHERE thread_id = ?1 AND ended_at IS NULL AND json_extract(notice, '$.notice')
         IN (SELECT value FROM json_each(?2))";

/// Ends that a message of ours did not arrive.
pub(super) const END_NOT_DELIVERED: &str = "UPDATE notices SET ended_at = ?3
     WHERE thread_id = ?1 AND ended_at IS NULL
         AND json_extract(notice, '$.notice') = 'not_delivered'
         AND json_extract(notice, '$.message') = ?2";

/// Ends that these things are to be said in a thread.
pub(super) const END_SAYINGS: &str = "UPDATE notices SET ended_at = ?3
     WHERE thread_id = ?1 AND ended_at IS NULL
         AND json_extract(notice, '$.notice') = 'say_yourself'
         AND json_extract(notice, '$.utterance') IN (SELECT value FROM json_each(?2))";

/// Ends a notice that is not another account's.
pub(super) const END_OWN: &str = "UPDATE notices SET ended_at = ?4, seen_by = ?2
     WHERE thread_id = ?1 AND ended_at IS NULL AND coalesce(account, ?2) = ?2 AND notice = ?3";

/// Everything that [`notice_row`] wants.
pub(super) const NOTICE: &str = "SELECT n.*, t.channel, t.thread, c.author FROM notices n
     JOIN threads t ON t.id = n.thread_id JOIN customers c ON c.id = t.customer_id";

pub(super) fn notice_row(row: &Row<'_>) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: row.get("id")?,
        channel: row.id("channel")?,
        thread: row.id("thread")?,
        author: row.id_if_any("author")?,
        case: row.get("case_number")?,
        desk: row.id("desk")?,
        notice: row.json("notice")?,
        at: row.time("at")?,
        account: row.id_if_any("account")?,
        alone_until: row.time_if_any("alone_until")?,
    })
}
