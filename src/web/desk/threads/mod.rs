//! The threads as a team sorts its day, those that wait on us first.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use super::{Parts, SignedIn, frame, sight_now, thread_url};
use crate::{
    domain::{message::Party, reading::Language},
    store::rows::{
        Cursor, Page, Triage,
        desk::{ListedThread, ThreadList},
    },
    web::pages::{
        Frame, PageError, Section, page,
        times::{Shown, Times},
    },
};

/// How many threads one page shows.
const SHOWN: u32 = 40;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new().route("/desk/threads", get(list))
}

/// How a thread stands, most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// The customer waits for us.
    #[default]
    WaitingOnUs,
    /// A callback is open.
    NeedsCall,
    /// The ball is in the customer's court.
    WaitingOnCustomer,
    /// The customer holds to text.
    Held,
    /// The newest case is resolved.
    Solved,
}

impl Standing {
    const ALL: [Self; 5] = [
        Self::WaitingOnUs,
        Self::NeedsCall,
        Self::WaitingOnCustomer,
        Self::Held,
        Self::Solved,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::WaitingOnUs => "waiting_on_us",
            Self::NeedsCall => "needs_call",
            Self::WaitingOnCustomer => "waiting_on_customer",
            Self::Held => "held",
            Self::Solved => "solved",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::WaitingOnUs => "Waiting on us",
            Self::NeedsCall => "Needs a call",
            Self::WaitingOnCustomer => "Waiting on the customer",
            Self::Held => "Held to text",
            Self::Solved => "Solved",
        }
    }

    /// What an empty list says: a title, and a kind word.
    const fn empty(self) -> (&'static str, &'static str) {
        match self {
            Self::WaitingOnUs => (
                "Everybody is answered",
                "No customer waits for us. Those who wait longest will stand here first.",
            ),
            Self::NeedsCall => ("Text is doing its job", "No thread needs a call right now."),
            Self::WaitingOnCustomer => (
                "Nothing is out with customers",
                "Threads in which we have answered last stand here.",
            ),
            Self::Held => (
                "Nobody insists on text",
                "Customers who would rather not be phoned stand here. They are never rung by the count.",
            ),
            Self::Solved => (
                "Nothing solved yet",
                "A thank-you from a customer, or a call that settles it, brings a thread here.",
            ),
        }
    }

    const fn list(self) -> ThreadList {
        match self {
            Self::WaitingOnUs => ThreadList::WaitingOnUs,
            Self::NeedsCall => ThreadList::NeedsCall,
            Self::WaitingOnCustomer => ThreadList::WaitingOnCustomer,
            Self::Held => ThreadList::Held,
            Self::Solved => ThreadList::Solved,
        }
    }
}

/// What the address says.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    state: Standing,
    after: Option<i64>,
}

#[derive(Template)]
#[template(path = "desk/threads/page.html")]
struct ThreadsPage {
    frame: Frame,
    standing: Standing,
    items: Vec<Item>,
    /// Where the next page starts.
    next: Option<i64>,
    /// This is not the first page.
    is_later: bool,
}

/// One thread of the list.
#[derive(Debug)]
struct Item {
    name: String,
    channel: String,
    url: String,
    /// Whose the newest words are, if not the customer's.
    from: &'static str,
    text: String,
    /// The language of the thread.
    language: Option<Language>,
    /// Since when they wait for us, if they do; else when the newest words were written.
    at: Shown,
    waits: bool,
    is_held: bool,
    needs_call: bool,
}

impl Item {
    fn new(row: ListedThread, times: &Times) -> Self {
        let thread = row.thread;
        let name = thread
            .author
            .as_ref()
            .map(|author| author.reveal().to_owned());
        Self {
            name: name.unwrap_or_else(|| "A customer".to_owned()),
            url: thread_url(&thread.channel, &thread.thread),
            channel: thread.channel.to_string(),
            from: match row.newest_from {
                Some(Party::Agent) => "We:",
                Some(Party::Bot) => "Bot:",
                Some(Party::Customer) | None => "",
            },
            text: row.newest_text.into_revealed(),
            language: row.language,
            at: times.ago(
                row.waiting_since
                    .or(row.newest_at)
                    .unwrap_or(thread.changed_at),
            ),
            waits: row.waiting_since.is_some(),
            is_held: thread.held,
            needs_call: thread.triage == Triage::NeedsCall,
        }
    }
}

async fn list(
    State(parts): State<Parts>,
    by: SignedIn,
    times: Times,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(asked) = asked.map_err(|_| PageError::not_understood())?;
    let at = Page {
        after: asked.after.map(Cursor),
        limit: SHOWN,
    };
    let store = parts.engine.store();
    let found = store.desk_threads(asked.state.list(), sight_now(&parts, &by), at);
    let found = found.await?;
    let items = found.items.into_iter();
    Ok(page(&ThreadsPage {
        frame: frame(&parts, &by, Section::Threads).await?,
        standing: asked.state,
        items: items.map(|row| Item::new(row, &times)).collect(),
        next: found.next.map(|cursor| cursor.0),
        is_later: asked.after.is_some(),
    }))
}
