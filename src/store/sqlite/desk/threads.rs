//! Lists of threads. Each channel that may be seen gives its first ones from an index in the list's
//! own order; the first of all these are the page.

use rusqlite::{Connection, Row, named_params};

use super::channels;
use crate::{
    domain::{private::Private, reading::Language, time::Timestamp},
    store::{
        StoreError,
        rows::{
            Cursor, Page, Paged, Triage,
            desk::{ListedThread, Sight, ThreadList},
        },
        sqlite::{
            reads::{all, first, paged, thread_row},
            words::{Columns, Word},
        },
    },
};

/// A page of threads with their newest messages.
macro_rules! listed {
    (where $which:literal, by $time:literal, $direction:literal, after $after:literal) => {
        concat!(
            "SELECT t.*, c.author, c.text_always IS NOT NULL AS held_for_good, w.due_at AS wake_at,
                 m.party AS newest_from, m.text AS newest_text, m.at AS newest_at,
                 t.state -> '$.context.language' AS language
             FROM (SELECT t.id FROM json_each(:channels) seen
                   CROSS JOIN threads t ON t.id IN
                       (SELECT id FROM threads WHERE channel = seen.value AND ",
            $which,
            " AND (",
            $time,
            ", id) ",
            $after,
            " (:time, :id)
                        ORDER BY ",
            $time,
            " ",
            $direction,
            ", id ",
            $direction,
            " LIMIT :limit)
                   ORDER BY t.",
            $time,
            " ",
            $direction,
            ", t.id ",
            $direction,
            " LIMIT :limit) page
             CROSS JOIN threads t ON t.id = page.id
             JOIN customers c ON c.id = t.customer_id LEFT JOIN timers w ON w.thread_id = t.id
             LEFT JOIN messages m
                 ON m.id = (SELECT max(n.id) FROM messages n WHERE n.thread_id = t.id)
             ORDER BY t.",
            $time,
            " ",
            $direction,
            ", t.id ",
            $direction
        )
    };
}

pub(super) const WAITING: &str = listed!(
    where "triage = 'waiting_on_us'", by "waiting_since", "ASC", after ">"
);
pub(super) const OF_TRIAGE: &str = listed!(
    where "triage = :triage", by "changed_at", "DESC", after "<"
);
pub(super) const HELD: &str = listed!(
    where "(held OR held_always)", by "changed_at", "DESC", after "<"
);

pub(super) fn listed(
    db: &Connection,
    list: ThreadList,
    sight: &Sight,
    page: Page,
) -> Result<Paged<ListedThread>, StoreError> {
    let (sql, triage) = match list {
        ThreadList::WaitingOnUs => (WAITING, None),
        ThreadList::Held => (HELD, None),
        ThreadList::WaitingOnCustomer => (OF_TRIAGE, Some(Triage::WaitingOnCustomer.word())),
        ThreadList::NeedsCall => (OF_TRIAGE, Some(Triage::NeedsCall.word())),
        ThreadList::Solved => (OF_TRIAGE, Some(Triage::Solved.word())),
    };
    // One transaction, so that all parts show the same moment.
    let snapshot = db.unchecked_transaction()?;
    let channels = channels(&snapshot, sight)?;
    let (time, id) = start(&snapshot, list, page.after)?;
    let limit = page.limit.clamp(1, Page::MOST);
    let mut values: Vec<(&str, &dyn rusqlite::ToSql)> = named_params! {
        ":channels": channels, ":time": time, ":id": id, ":limit": limit,
    }
    .to_vec();
    if triage.is_some() {
        values.push((":triage", &triage));
    }
    let rows = all(&snapshot, sql, values.as_slice(), |row| {
        Ok((row.get("id")?, listed_thread(row)?))
    })?;
    Ok(paged(rows, limit))
}

/// What the page's rows come after: the place of the row given, or the end that comes before all.
fn start(
    db: &Connection,
    list: ThreadList,
    after: Option<Cursor>,
) -> Result<(i64, i64), StoreError> {
    let (sql, before_all) = match list {
        ThreadList::WaitingOnUs => (
            "SELECT waiting_since AS time FROM threads WHERE id = ?1",
            (i64::MIN, i64::MIN),
        ),
        _ => (
            "SELECT changed_at AS time FROM threads WHERE id = ?1",
            (i64::MAX, i64::MAX),
        ),
    };
    let Some(Cursor(id)) = after else {
        return Ok(before_all);
    };
    let time = first(db, sql, [id], |row| Ok(row.get::<_, Option<i64>>("time")?))?;
    Ok(time.flatten().map_or(before_all, |time| (time, id)))
}

fn listed_thread(row: &Row<'_>) -> Result<ListedThread, StoreError> {
    let newest_text: Option<String> = row.get("newest_text")?;
    let newest_at: Option<Timestamp> = row.time_if_any("newest_at")?;
    Ok(ListedThread {
        thread: thread_row(row)?,
        newest_from: row.word_if_any("newest_from")?,
        newest_text: Private::new(newest_text.unwrap_or_default()),
        language: row.json_if_any::<Option<Language>>("language")?.flatten(),
        newest_at,
        waiting_since: row.time_if_any("waiting_since")?,
    })
}
