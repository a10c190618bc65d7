//! Who did what: the newest entries of the audit in words, and the checkpoints by which anybody can
//! tell later that none was changed. For supervisors and admins. Names accounts and threads' pages,
//! never a customer.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use super::{Parts, SignedIn, frame, thread_url};
use crate::{
    domain::account::Role,
    store::rows::{
        Cursor, Page,
        audit::{AuditRow, AuditedThread, Checkpoint},
    },
    web::pages::{
        Frame, PageError, Section, page,
        times::{Shown, Times},
    },
};

/// How many entries one page shows.
const SHOWN: u32 = 50;

/// How many checkpoints it shows: those of a week.
const CHECKPOINTS: u32 = 7;

/// The page.
pub(super) fn routes() -> Router<Parts> {
    Router::new().route("/audit", get(show))
}

#[derive(Template)]
#[template(path = "desk/audit/page.html")]
struct AuditPage {
    frame: Frame,
    entries: Vec<Entry>,
    checkpoints: Vec<Published>,
    /// The entry that the next page begins below.
    next: Option<i64>,
    /// This page does not begin with the newest.
    is_later: bool,
}

/// One entry.
struct Entry {
    number: i64,
    at: Shown,
    account: String,
    did: &'static str,
    /// Whom, if an account.
    about: Option<String>,
    /// The thread's page.
    url: Option<String>,
    is_gone: bool,
}

/// One checkpoint.
struct Published {
    entry: i64,
    hash: String,
    at: Shown,
    is_cut: bool,
}

/// Where the list goes on.
#[derive(Debug, Deserialize)]
struct Asked {
    before: Option<i64>,
}

async fn show(
    State(parts): State<Parts>,
    who: SignedIn,
    times: Times,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    who.must_be(Role::Supervisor)?;
    let before = asked.ok().and_then(|Query(asked)| asked.before);
    let store = parts.engine.store();
    let listed = store.audit(Page {
        after: before.map(Cursor),
        limit: SHOWN,
    });
    let listed = listed.await?;
    let checkpoints = store.checkpoints(CHECKPOINTS).await?;
    let entry = |row: &AuditRow| Entry::new(row, &times);
    let published = |row: &Checkpoint| Published::new(row, &times);
    Ok(page(&AuditPage {
        frame: frame(&parts, &who, Section::Audit).await?,
        entries: listed.items.iter().map(entry).collect(),
        checkpoints: checkpoints.iter().map(published).collect(),
        next: listed.next.map(|Cursor(number)| number),
        is_later: before.is_some(),
    }))
}

impl Entry {
    fn new(row: &AuditRow, times: &Times) -> Self {
        let url = match &row.thread {
            AuditedThread::Known(key) => Some(thread_url(&key.channel, &key.thread)),
            AuditedThread::None | AuditedThread::Gone => None,
        };
        Self {
            number: row.number,
            at: times.at(row.at),
            account: row.account.to_string(),
            did: row.verb.said(),
            about: row.about.as_ref().map(ToString::to_string),
            url,
            is_gone: row.thread == AuditedThread::Gone,
        }
    }
}

impl Published {
    fn new(row: &Checkpoint, times: &Times) -> Self {
        Self {
            entry: row.entry,
            hash: row.hash.to_string(),
            at: times.at(row.at),
            is_cut: row.cut_at.is_some(),
        }
    }
}
