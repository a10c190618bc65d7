//! Draws a thread's pages. Changes nothing but the record of who looked.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Named,
    customer::{CustomerBox, sees_numbers},
    held,
    held::HeldCard,
    kept,
    show::{Entry, Journey, Piece, Show, show},
};
use crate::{
    desk::{Ended, wording},
    domain::{
        decision::Notice,
        ids::{AccountName, ThreadKey},
        message::MAX_TYPED,
        private::Private,
        time::Timestamp,
    },
    store::{
        CallbackId,
        rows::{
            CallbackRow, Cursor,
            desk::{DeskThread, QueueRow},
            forms::FormRequestRow,
            held::HeldRow,
        },
    },
    web::{
        Parts,
        account::session::SignedIn,
        desk::{
            callbacks::{self, Back, Card, Drawing, Lead, Run, runs},
            eyes,
            forms::{Asked, Offers},
            frame,
            names::Names,
            notices::NoticeCard,
            people::SamePerson,
            said::Said,
            sight_now, thread_url,
        },
        pages::{
            Frame, PageError, Section, page,
            times::{Shown, Times},
        },
    },
};

/// How many messages a page shows.
const MESSAGES: u32 = 60;

/// How many callbacks that are over a page shows.
const ENDED: usize = 10;

/// Which part of a thread.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Part {
    /// The messages before this one; the newest if absent.
    before: Option<i64>,
    /// When that one arrived: notes from then on stand on newer pages.
    until: Option<Timestamp>,
    /// What was done on the page before.
    said: Option<Said>,
    /// To which callback.
    about: Option<CallbackId>,
    /// The held answer that is to be changed.
    change: Option<i64>,
    /// The notice that asks for something to be told to the customer.
    draft: Option<i64>,
}

/// What was typed and could not be taken, and why.
#[derive(Debug, Clone)]
pub(super) struct Unsent {
    /// The form's own id, so that it is still the same message.
    pub(super) id: String,
    /// What was typed.
    pub(super) text: String,
    /// What to do now.
    pub(super) problem: String,
    /// What the answer says.
    pub(super) status: StatusCode,
}

/// What was typed into which box.
#[derive(Debug, Clone)]
pub(super) enum Typed {
    /// Nothing yet.
    Nothing,
    /// An answer.
    Reply(Unsent),
    /// An internal note.
    Note(Unsent),
}

/// A box to type in.
struct TextBox {
    /// Made when it was shown: sent twice, it is still one message.
    id: String,
    text: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/thread/page.html")]
struct ThreadPage {
    frame: Frame,
    times: Times,
    names: Names,
    show: Show,
    notices: Vec<NoticeCard>,
    /// The open callback.
    card: Option<Card>,
    /// What came of earlier ones, newest first.
    ended: Vec<EndedCall>,
    address: String,
    /// The thread, as the stream of news names it.
    looked_at: String,
    older: Option<String>,
    is_newest: bool,
    /// It answers a form and so has that form's address.
    answers_form: bool,
    /// Answers that are held, or came back.
    held: Vec<HeldCard>,
    /// How the customer can be reached.
    customer: CustomerBox,
    /// Who else they are, or may be.
    people: SamePerson,
    /// The forms that the customer was asked to fill in, newest first.
    forms: Vec<Asked>,
    /// Those that they can be asked to.
    offers: Offers,
    /// The viewer may open what customers submit.
    may_check: bool,
    /// Ringback carries no messages here, so somebody must hand links over.
    makes_links: bool,
    /// The notice of each message of ours that asks for identity data.
    asked_in: BTreeMap<String, i64>,
    /// Missing where Ringback does not carry answers.
    reply: Option<TextBox>,
    /// What can be told the customer where Ringback does not carry it.
    to_copy: Option<Private<String>>,
    note: TextBox,
    longest: usize,
}

impl ThreadPage {
    fn at(&self, at: &Timestamp) -> Shown {
        self.times.at(*at)
    }

    fn named(&self, account: &AccountName) -> String {
        self.names.of(account)
    }

    fn ago(&self, at: &Timestamp) -> Shown {
        self.times.ago(*at)
    }

    /// The notice of a message that asks for identity data; 0, which none has, where it is seen to.
    fn notice_of(&self, message: &str) -> i64 {
        self.asked_in.get(message).copied().unwrap_or_default()
    }
}

/// A callback that is over.
struct EndedCall {
    /// How it ended.
    line: Vec<Run>,
    /// What was said of its calls.
    calls: Vec<Vec<Run>>,
}

/// The callbacks of a thread that are over, newest first.
fn ended(thread: &DeskThread, names: &Names, times: &Times) -> Vec<EndedCall> {
    let named = |account: &AccountName| names.of(account);
    let ended = thread.callbacks.iter().rev().filter_map(|row| {
        let ended = Ended::new(row, &named)?;
        let calls = thread.calls.iter().filter(|call| call.callback == row.id);
        let lines = calls.flat_map(|call| wording::call(call, &named(&call.by)));
        Some(EndedCall {
            line: runs(&ended.pieces, times),
            calls: lines.map(|line| runs(&line, times)).collect(),
        })
    });
    ended.take(ENDED).collect()
}

#[derive(Template)]
#[template(path = "desk/thread/test.html")]
struct TestPage {
    frame: Frame,
    address: String,
    customer: String,
    test: Result<KeptTest, kept::NoTest>,
}

/// A test for the rules file.
struct KeptTest {
    lines: String,
    rows: usize,
    /// What comes of it under the rules in force, if that is not what it expects.
    failure: Option<String>,
}

/// `GET /desk/threads/{channel}/{thread}`
pub(super) async fn thread(
    State(parts): State<Parts>,
    by: SignedIn,
    named: Named,
    times: Times,
    Query(part): Query<Part>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    parts.engine.viewed(key.clone(), by.name.clone()).await?;
    draw(&parts, &by, &key, times, &part, Typed::Nothing).await
}

/// The page, with what was typed.
pub(super) async fn draw(
    parts: &Parts,
    by: &SignedIn,
    key: &ThreadKey,
    times: Times,
    part: &Part,
    typed: Typed,
) -> Result<Response, PageError> {
    let before = part.before.map(Cursor);
    let found = parts
        .engine
        .store()
        .desk_thread(key.clone(), before, MESSAGES);
    let thread = found.await?.ok_or_else(PageError::not_found)?;
    let rules = &parts.engine.rules().rules;
    let show = show(&thread, rules, part.until);
    let address = thread_url(&key.channel, &key.thread);
    let first = thread.lines.first().map(|line| line.message.received_at);
    let older = thread.older.zip(first);
    let older =
        older.map(|(Cursor(before), until)| format!("{address}?before={before}&until={until}"));
    let eyes = eyes(by, times.now());
    let notices = thread.notices.iter().filter(|row| eyes.see(row));
    let asked_in = notices.clone().filter_map(|row| match &row.notice {
        Notice::AskedForIdentity { message } => Some((message.to_string(), row.id)),
        _ => None,
    });
    let open = thread.callbacks.iter().rev().find(|row| is_open(row));
    // What is about the call stands on its card.
    let notices = notices
        .filter(|row| open.is_none() || !row.is_about_call())
        .map(|row| NoticeCard::new(row, rules, by, &times, Back::Thread));
    let told = match part.said {
        Some(said) => Some(callbacks::told(parts, by, said, part.about).await?),
        None => None,
    };
    let queued = match open {
        Some(row) => {
            let eyes = Some(eyes.clone());
            parts.engine.store().card(row.id, eyes).await?
        }
        None => None,
    };
    let people = parts.engine.people(key.clone(), sight_now(parts, by));
    let people = people.await?.unwrap_or_default();
    let forms = parts.engine.store().form_requests_of(key.clone()).await?;
    let named = named(&thread, queued.as_ref(), &forms, by);
    let names = Names::read(parts, named.into_iter()).await?;
    let answers_form = !matches!(typed, Typed::Nothing);
    let in_the_box = held::in_the_box(&thread.held, by, part.change);
    let wanted = part.draft.filter(|id| {
        let mut seen = thread.notices.iter().filter(|row| eyes.see(row));
        seen.any(|row| row.id == *id && (!row.is_about_call() || is_free(open, by)))
    });
    let proposed = match wanted {
        Some(id) => parts.engine.draft(key.clone(), id).await?,
        None => None,
    };
    let (reply, note, status) = boxes(parts, key, typed, in_the_box, proposed.as_ref());
    let sees = sees_numbers(by, open);
    let drawing = Drawing {
        rules,
        by,
        names: &names,
        times: &times,
        back: Back::Thread,
        carries: &|channel| parts.settings.carries(channel),
        can_dial: parts.engine.can_dial(),
    };
    let drawn = page(&ThreadPage {
        frame: frame(parts, by, Section::Threads).await?.telling(told),
        notices: notices.collect(),
        card: queued.as_ref().map(|row| Card::new(row, &drawing)),
        ended: ended(&thread, &names, &times),
        customer: CustomerBox::new(
            // With an open callback goes what they asked for.
            queued
                .as_ref()
                .map_or(&thread.contact, |row| &row.background.contact),
            by,
            sees,
            &times,
        ),
        people: SamePerson::new(&people, &times),
        held: held::cards(&thread.held, by, &names, &times),
        forms: forms
            .iter()
            .map(|form| Asked::new(form, sees, rules, &names, &times))
            .collect(),
        offers: Offers::new(rules, &address, Back::Thread.as_str()),
        may_check: by.may_check(),
        makes_links: !carries_replies(parts, key),
        asked_in: asked_in.collect(),
        times,
        names,
        show,
        looked_at: format!("{}/{}", key.channel, key.thread),
        older,
        is_newest: before.is_none(),
        answers_form,
        to_copy: proposed.filter(|_| reply.is_none()),
        reply,
        note,
        longest: MAX_TYPED,
        address,
    });
    Ok(match status {
        StatusCode::OK => drawn,
        status => (status, drawn).into_response(),
    })
}

/// Whose names the page shows.
fn named<'a>(
    thread: &'a DeskThread,
    queued: Option<&'a QueueRow>,
    forms: &'a [FormRequestRow],
    by: &'a SignedIn,
) -> Vec<&'a AccountName> {
    let corrections = thread
        .lines
        .iter()
        .filter_map(|line| line.correction.as_ref());
    let asked = forms
        .iter()
        .flat_map(|form| form.asked_by.iter().chain(&form.checked_by));
    let ended = thread.callbacks.iter();
    callbacks::named(queued, by)
        .chain(thread.calls.iter().map(|call| &call.by))
        .chain(ended.filter_map(|row| row.ended_by.as_ref()))
        .chain(thread.notes.iter().map(|note| &note.by))
        .chain(held::seen(&thread.held, by).map(|row| &row.by))
        .chain(corrections.map(|row| &row.by))
        .chain(asked)
        .collect()
}

/// Whether a thread has no open callback that is somebody else's: what is to be said of one may name
/// what only its holder knows.
fn is_free(open: Option<&CallbackRow>, by: &SignedIn) -> bool {
    let holder = open.and_then(crate::desk::card::holder);
    holder.is_none_or(|holder| *holder == by.name)
}

const fn is_open(row: &CallbackRow) -> bool {
    row.state.is_open()
}

/// The boxes for an answer and for a note, with what was typed into one of them; else the answer
/// box with what is proposed for it, or with what was typed into it once and not sent.
fn boxes(
    parts: &Parts,
    key: &ThreadKey,
    typed: Typed,
    unsent: Option<&HeldRow>,
    proposed: Option<&Private<String>>,
) -> (Option<TextBox>, TextBox, StatusCode) {
    let (reply, note, status) = match typed {
        Typed::Nothing => (None, None, StatusCode::OK),
        Typed::Reply(unsent) => {
            let status = unsent.status;
            (Some(unsent), None, status)
        }
        Typed::Note(unsent) => {
            let status = unsent.status;
            (None, Some(unsent), status)
        }
    };
    let reply = carries_replies(parts, key).then(|| match (reply, proposed, unsent) {
        (None, Some(words), _) => TextBox {
            text: words.reveal().clone(),
            ..text_box(None)
        },
        (None, None, Some(held)) => TextBox {
            id: held.key.to_string(),
            text: held.text.reveal().clone(),
            problem: None,
        },
        (typed, ..) => text_box(typed),
    });
    (reply, text_box(note), status)
}

fn text_box(unsent: Option<Unsent>) -> TextBox {
    match unsent {
        Some(unsent) => TextBox {
            id: unsent.id,
            text: unsent.text,
            problem: Some(unsent.problem),
        },
        None => TextBox {
            id: fresh_id(),
            text: String::new(),
            problem: None,
        },
    }
}

/// An id that nobody has used: 128 random bits.
fn fresh_id() -> String {
    format!("desk-{:032x}", rand::random::<u128>())
}

/// Whether Ringback itself carries answers on the thread's channel.
pub(super) fn carries_replies(parts: &Parts, key: &ThreadKey) -> bool {
    parts.settings.carries(&key.channel)
}

/// `GET /desk/threads/{channel}/{thread}/test`
pub(super) async fn test(
    State(parts): State<Parts>,
    by: SignedIn,
    named: Named,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    parts.engine.viewed(key.clone(), by.name.clone()).await?;
    let longest = crate::store::rows::Page::MOST;
    let found = parts.engine.store().desk_thread(key.clone(), None, longest);
    let thread = found.await?.ok_or_else(PageError::not_found)?;
    let loaded = parts.engine.rules();
    let test = kept::kept(&thread, &loaded.rules).map(|test| {
        let lines = kept::toml(&test, &loaded.rules);
        KeptTest {
            rows: lines.lines().count().clamp(6, 24),
            failure: kept::failure(&test, &loaded.rules, &loaded.reader),
            lines,
        }
    });
    let author = thread.thread.author.as_ref();
    Ok(page(&TestPage {
        frame: frame(&parts, &by, Section::Threads).await?,
        address: thread_url(&key.channel, &key.thread),
        customer: author.map_or_else(
            || "a customer".to_owned(),
            |author| author.reveal().to_owned(),
        ),
        test,
    }))
}

#[cfg(test)]
mod tests;
