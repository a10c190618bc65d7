//! The queue of callbacks. All that is open of a view is sorted, which a team keeps short.

use rusqlite::{Connection, named_params};

use super::{card::background, desks, seen_desk};
use crate::{
    domain::{decision::RuleName, private::Private},
    store::{
        CallbackId, StoreError,
        rows::{
            Page,
            card::Background,
            desk::{Eyes, Queue, QueueRow, QueueView, Sight},
        },
        sqlite::{
            callbacks::callback_row,
            calls::calls_of,
            dialled::dial_of,
            forms::forms_of_case,
            reads::{all, count, first},
            words::Columns,
        },
    },
};

/// The callbacks of a page with all that their rows show. What was decided of the message that
/// opened one tells why; if a correction of its reading opened it, that does.
macro_rules! queue_rows {
    ($page:expr, $order:expr) => {
        concat!(
            "SELECT k.*, t.channel, t.thread, c.author,
                 CASE WHEN NOT EXISTS (SELECT 1 FROM json_each(d.actions) WHERE value = 'callback')
                      THEN (SELECT json_extract(r.decision, '$.reason') FROM corrections r
                            WHERE r.message_id = d.message_id
                                AND EXISTS (SELECT 1 FROM json_each(r.decision, '$.actions')
                                            WHERE value = 'callback')
                            ORDER BY r.id DESC LIMIT 1)
                 END AS corrected_reason,
                 d.reason, d.evidence, m.text, m.at
             FROM (SELECT k.id FROM callbacks k WHERE ",
            $page,
            " ORDER BY ",
            $order,
            " LIMIT :limit) page
             CROSS JOIN callbacks k ON k.id = page.id
             JOIN threads t ON t.id = k.thread_id JOIN customers c ON c.id = t.customer_id
             LEFT JOIN messages o ON o.thread_id = k.thread_id AND o.message = k.message
             LEFT JOIN decisions d ON d.message_id = o.id
             LEFT JOIN messages m ON m.id = (SELECT n.id FROM messages n
                 WHERE n.thread_id = k.thread_id AND n.party = 'customer'
                 ORDER BY n.id DESC LIMIT 1)
             ORDER BY ",
            $order
        )
    };
}

macro_rules! of_view {
    (due) => {
        concat!(
            "k.state = 'due' AND k.incident_id IS NULL AND ",
            seen_desk!("k.desk")
        )
    };
    (mine) => {
        concat!(
            "k.claimed_by = :account AND k.state IN ('claimed', 'scheduled') AND ",
            seen_desk!("k.desk")
        )
    };
    (scheduled) => {
        concat!(
            "k.state IN ('scheduled', 'no_answer') AND k.incident_id IS NULL AND ",
            seen_desk!("k.desk")
        )
    };
    (one) => {
        "k.id = :id"
    };
}
pub(super) use of_view;

/// What is urgent, then a time that was promised and has come (it became due later than it opened),
/// then who asked for a call, then whoever waits longest.
macro_rules! as_worked {
    () => {
        "k.urgent DESC, k.due_at > k.opened_at DESC, k.asked DESC, k.due_at, k.id"
    };
}

pub(in crate::store::sqlite) use as_worked;

/// The rows and the number of each view.
pub(super) const VIEWS: [(&str, &str); 3] = [
    (
        queue_rows!(of_view!(due), as_worked!()),
        concat!(
            "SELECT count(*) AS n FROM callbacks k WHERE ",
            of_view!(due)
        ),
    ),
    (
        queue_rows!(
            of_view!(mine),
            concat!("k.state, k.scheduled_at, ", as_worked!())
        ),
        concat!(
            "SELECT count(*) AS n FROM callbacks k WHERE ",
            of_view!(mine)
        ),
    ),
    (
        queue_rows!(of_view!(scheduled), "k.scheduled_at, k.id"),
        concat!(
            "SELECT count(*) AS n FROM callbacks k WHERE ",
            of_view!(scheduled)
        ),
    ),
];

/// One callback, open or not, as the queue would show it.
pub(super) const ONE: &str = queue_rows!(of_view!(one), "k.id");

/// See [`ONE`]. In a transaction, so that all of it is of one moment.
pub(super) fn one(
    db: &Connection,
    id: CallbackId,
    eyes: Option<&Eyes>,
) -> Result<Option<QueueRow>, StoreError> {
    let values = named_params! { ":id": id.0, ":limit": 1 };
    first(db, ONE, values, |row| with_background(db, row, eyes))
}

pub(super) fn queue(
    db: &Connection,
    view: &QueueView,
    sight: &Sight,
    limit: u32,
) -> Result<Queue, StoreError> {
    let [due, mine, scheduled] = VIEWS;
    let ((rows, total), account) = match view {
        QueueView::Due => (due, None),
        QueueView::Mine(account) => (mine, Some(account.as_str())),
        QueueView::Scheduled => (scheduled, None),
    };
    let desks = desks(sight)?;
    let limit = limit.clamp(1, Page::MOST);
    let mut values: Vec<(&str, &dyn rusqlite::ToSql)> = named_params! { ":desks": desks }.to_vec();
    if account.is_some() {
        values.push((":account", &account));
    }
    // One transaction, so that the number fits the rows.
    let snapshot = db.unchecked_transaction()?;
    let total = first(&snapshot, total, values.as_slice(), count)?.unwrap_or(0);
    values.push((":limit", &limit));
    let rows = all(&snapshot, rows, values.as_slice(), |row| {
        with_background(&snapshot, row, sight.eyes.as_ref())
    })?;
    Ok(Queue { rows, total })
}

fn with_background(
    db: &Connection,
    row: &rusqlite::Row<'_>,
    eyes: Option<&Eyes>,
) -> Result<QueueRow, StoreError> {
    let thread = row.get("thread_id")?;
    let queued = queue_row(row)?;
    Ok(QueueRow {
        forms: forms_of_case(db, thread, queued.callback.case)?,
        calls: calls_of(db, thread)?,
        dialled: dial_of(db, queued.callback.id)?,
        background: background(db, thread, &queued.callback, eyes)?,
        ..queued
    })
}

fn queue_row(row: &rusqlite::Row<'_>) -> Result<QueueRow, StoreError> {
    let callback = callback_row(row)?;
    let corrected: Option<String> = row.get("corrected_reason")?;
    let decided: Option<String> = row.get("reason")?;
    let text: Option<String> = row.get("text")?;
    let (reason, evidence) = match (&callback.rule, corrected) {
        // The message that it is for led to nothing of the kind.
        (RuleName::Agent, _) => (None, None),
        // An agent read it otherwise than its words did.
        (_, Some(corrected)) => (Some(corrected), None),
        (_, None) => (decided, row.json_if_any("evidence")?),
    };
    Ok(QueueRow {
        author: row.id_if_any("author")?,
        reason: reason.unwrap_or_default(),
        evidence: evidence.unwrap_or_default(),
        text: Private::new(text.unwrap_or_default()),
        at: row.time_if_any("at")?.unwrap_or(callback.due_at),
        forms: Vec::new(),
        calls: Vec::new(),
        dialled: None,
        background: Background::default(),
        callback,
    })
}
