//! What the shift before left, as the next one reads it: a box for each desk.

use std::collections::BTreeMap;

use super::{Parts, SignedIn, rows, thread_url};
use crate::{
    domain::ids::DeskName,
    store::rows::shift::HandoverRow,
    web::{
        desk::names::Names,
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// What was left to one desk. `desk/handover/left.html` shows it; it wants `left` and `frame`.
#[derive(Debug)]
pub(in crate::web) struct Left {
    /// The desk's name.
    pub(in crate::web) desk: DeskName,
    /// The lines, oldest first.
    pub(in crate::web) lines: Vec<LeftLine>,
    /// The newest of them.
    pub(in crate::web) up_to: i64,
}

/// One callback that was left.
#[derive(Debug)]
pub(in crate::web) struct LeftLine {
    /// The customer.
    pub(in crate::web) name: String,
    /// The thread.
    pub(in crate::web) url: String,
    /// Who left it.
    pub(in crate::web) by: String,
    /// When.
    pub(in crate::web) at: Shown,
    /// When the customer was promised a call.
    pub(in crate::web) promised_for: Option<Shown>,
    /// What they wrote, masked.
    pub(in crate::web) note: Option<String>,
}

/// What was left on the desks that an account works.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::web) async fn left(
    parts: &Parts,
    by: &SignedIn,
    times: &Times,
) -> Result<Vec<Left>, PageError> {
    let rows = rows(parts, by).await?;
    let names = Names::read(parts, rows.iter().map(|row| &row.by)).await?;
    let mut desks: BTreeMap<DeskName, Left> = BTreeMap::new();
    for row in rows {
        let left = desks.entry(row.desk.clone()).or_insert_with(|| Left {
            desk: row.desk.clone(),
            lines: Vec::new(),
            up_to: 0,
        });
        left.up_to = left.up_to.max(row.id);
        left.lines.push(LeftLine::new(row, &names, times));
    }
    Ok(desks.into_values().collect())
}

impl LeftLine {
    fn new(row: HandoverRow, names: &Names, times: &Times) -> Self {
        let name = row.author.as_ref().map(|author| author.reveal().to_owned());
        Self {
            name: name.unwrap_or_else(|| "A customer".to_owned()),
            url: thread_url(&row.channel, &row.thread),
            by: names.of(&row.by),
            at: times.ago(row.at),
            promised_for: row.promised_for.map(|at| times.at(at)),
            note: row.note.map(|note| note.into_revealed()),
        }
    }
}
