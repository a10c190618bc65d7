//! One customer on many channels, on a thread's page: their other threads, who may be the same person,
//! and what agents say of that. A link is made only because somebody says so here; suggestions are
//! shown, never applied.

use axum::{Router, extract::State, response::Response, routing::post};
use serde::Deserialize;

use super::{
    may_look,
    said::Said,
    thread::{Named, back},
    thread_url, words,
};
use crate::{
    desk::{Plain, card::called},
    domain::ids::{ChannelName, ThreadId, ThreadKey},
    engine::Linked,
    store::rows::people::{OtherThread, People},
    web::{
        Parts,
        account::session::{SignedForm, SignedIn},
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// The place on the page.
const PLACE: &str = "thread-people";

/// What every thread's address begins with.
const THREADS: &str = "/desk/threads/";

/// The forms.
pub(super) fn routes() -> Router<Parts> {
    Router::new()
        .route("/desk/threads/{channel}/{thread}/people/link", post(link))
        .route("/desk/threads/{channel}/{thread}/people/part", post(part))
}

/// What a thread's page says of its customer's other threads, for its viewer.
#[derive(Debug)]
pub(super) struct SamePerson {
    /// Threads of whoever is one person with them.
    pub(super) linked: Vec<Other>,
    /// Threads of whoever may be.
    pub(super) suggested: Vec<Other>,
}

/// Another thread.
#[derive(Debug)]
pub(super) struct Other {
    /// Its page; what forms name it by.
    pub(super) address: String,
    /// The customer's name or handle there.
    pub(super) name: Plain,
    /// Its channel.
    pub(super) channel: String,
    /// What its newest case is about.
    pub(super) topic: Option<String>,
    /// Where it stands.
    pub(super) stands: &'static str,
    /// When it last changed.
    pub(super) at: Shown,
    /// It is theirs by their own handle, which no form can undo.
    pub(super) is_own: bool,
}

impl SamePerson {
    /// For a page.
    pub(super) fn new(people: &People, times: &Times) -> Self {
        let others = |others: &[OtherThread]| {
            let others = others.iter().map(|other| Other::new(other, times));
            others.collect()
        };
        Self {
            linked: others(&people.linked),
            suggested: others(&people.suggested),
        }
    }

    /// There is nothing to tell.
    pub(super) const fn is_empty(&self) -> bool {
        self.linked.is_empty() && self.suggested.is_empty()
    }
}

impl Other {
    fn new(other: &OtherThread, times: &Times) -> Self {
        let row = &other.thread;
        let topic = other.topic.as_ref();
        Self {
            address: thread_url(&row.channel, &row.thread),
            name: called(row.author.as_ref(), other.profile.as_ref()),
            channel: row.channel.to_string(),
            topic: topic.map(|topic| topic.as_str().replace('_', " ")),
            stands: words::triage(row.triage),
            at: times.ago(row.changed_at),
            is_own: other.is_own,
        }
    }
}

/// Which other thread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherForm {
    /// The address of its page, or its channel, a slash and its id.
    other: String,
}

/// `POST …/people/link`
async fn link(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<OtherForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let Some(other) = seen(&parts, &by, &form.other).await? else {
        return Ok(back(&key, Said::NoSuchThread, PLACE));
    };
    let linked = parts.engine.link_customers(key.clone(), other, by.name);
    let said = match linked.await? {
        Linked::One => Said::Linked,
        Linked::Before => Said::LinkedBefore,
        Linked::OtherBrand => Said::OtherBrand,
        Linked::Unknown => Said::NoSuchThread,
    };
    Ok(back(&key, said, PLACE))
}

/// `POST …/people/part`
async fn part(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<OtherForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let Some(other) = seen(&parts, &by, &form.other).await? else {
        return Ok(back(&key, Said::NoSuchThread, PLACE));
    };
    let parted = parts.engine.part_customers(key.clone(), other, by.name);
    let said = match parted.await? {
        true => Said::Parted,
        false => Said::NoSuchThread,
    };
    Ok(back(&key, said, PLACE))
}

/// The thread of that address, if the account may see it.
async fn seen(parts: &Parts, by: &SignedIn, address: &str) -> Result<Option<ThreadKey>, PageError> {
    let Some(key) = read(address) else {
        return Ok(None);
    };
    Ok(may_look(parts, by, &key).await?.then_some(key))
}

/// The thread that somebody means: by its page's address, as a browser shows or copies it, or by its
/// channel, a slash and its id.
fn read(typed: &str) -> Option<ThreadKey> {
    let typed = typed.trim();
    let (channel, thread) = match typed.split_once(THREADS) {
        Some((_, path)) => {
            let path = path.split(['?', '#']).next()?;
            let (channel, thread) = path.trim_end_matches('/').split_once('/')?;
            (decoded(channel)?, decoded(thread)?)
        }
        None => {
            let (channel, thread) = typed.split_once('/')?;
            (channel.to_owned(), thread.to_owned())
        }
    };
    Some(ThreadKey {
        channel: ChannelName::parse(&channel).ok()?,
        thread: ThreadId::parse(&thread).ok()?,
    })
}

/// A piece of a path without its percent signs. A form's text is encoded alike, but for the plus.
fn decoded(piece: &str) -> Option<String> {
    let text = piece
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("p={text}")).ok()?;
    pairs.pop().map(|(_, text)| text)
}

#[cfg(test)]
mod tests;
