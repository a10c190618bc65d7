//! The thread view as data: from what is kept of a thread, and the rules, to what the page says.
//! Pure: no request, no database, no clock; the template only lays it out.

mod count;
mod line;
mod masked;

pub(in crate::web::desk) use line::anchor;
pub(super) use line::{Journey, Line};
pub(super) use masked::{Piece, pieces};

use crate::{
    desk::card::called,
    domain::{
        ids::AccountName, message::Party, private::Private, reading::Language, thread::Hold,
        time::Timestamp,
    },
    rules::Rules,
    store::rows::{
        CaseRow, Triage,
        desk::{DeskThread, NoteRow},
    },
    web::desk::words,
};

/// What the page says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Show {
    /// What stands at the head.
    pub(super) facts: Facts,
    /// The thread's language, in which the customer's words and our answers are shown and spoken.
    pub(super) language: Option<Language>,
    /// How the customer must not be treated.
    pub(super) wishes: Vec<Wish>,
    /// Messages, notes and the cases' beginnings, oldest first.
    pub(super) entries: Vec<Entry>,
}

/// Who and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// The customer's name or handle.
    pub(super) customer: String,
    /// The channel.
    pub(super) channel: String,
    /// The desk that works it.
    pub(super) desk: String,
    /// Where the thread stands.
    pub(super) stands: &'static str,
    /// The colour of its badge.
    pub(super) badge: &'static str,
    /// The newest case; 0 before any.
    pub(super) case: u32,
    /// Its exchange, such as `exchange 2 of 3`.
    pub(super) exchange: String,
    /// Since when the customer waits for us.
    pub(super) waiting_since: Option<Timestamp>,
    /// Ringback only watches this channel.
    pub(super) watch: bool,
}

/// A wish of the customer's, or what binds us like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// What it is.
    pub(super) says: &'static str,
    /// The customer's own words, masked.
    pub(super) words: Option<String>,
    /// Since when.
    pub(super) since: Option<Timestamp>,
    /// Until when.
    pub(super) until: Option<Timestamp>,
    /// It is a mute, which can be undone here.
    pub(super) is_mute: bool,
}

/// One thing in the course of the thread.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    /// A case begins.
    Case(CaseHead),
    /// A message.
    Line(Box<Line>),
    /// What an agent told the others.
    Note(Note),
}

/// A case where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaseHead {
    /// Its number.
    pub(super) number: u32,
    /// When it opened.
    pub(super) opened_at: Option<Timestamp>,
    /// How it stands or ended.
    pub(super) stands: &'static str,
    /// When it was solved.
    pub(super) solved_at: Option<Timestamp>,
}

/// An internal note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// Its number.
    pub(super) id: i64,
    /// Who wrote it.
    pub(super) by: AccountName,
    /// When.
    pub(super) at: Timestamp,
    /// The text, masked.
    pub(super) text: Vec<Piece>,
}

/// What the page says of a thread. `until`: where this page of older messages ends in time; `None`
/// on the newest page.
pub(super) fn show(thread: &DeskThread, rules: &Rules, until: Option<Timestamp>) -> Show {
    Show {
        facts: facts(thread, rules),
        language: thread.language,
        wishes: wishes(thread),
        entries: entries(thread, rules, until),
    }
}

fn facts(thread: &DeskThread, rules: &Rules) -> Facts {
    let row = &thread.thread;
    let policy = rules.policy(&row.channel);
    let author = row.author.as_ref();
    let waits = matches!(row.triage, Triage::WaitingOnUs | Triage::NeedsCall);
    Facts {
        customer: called(author, thread.contact.profile.as_ref()).to_string(),
        channel: row.channel.to_string(),
        desk: policy.desk.to_string(),
        stands: words::triage(row.triage),
        badge: match row.triage {
            Triage::Quiet | Triage::WaitingOnCustomer => "cool",
            Triage::Solved => "good",
            Triage::WaitingOnUs => "warm",
            Triage::NeedsCall => "urgent",
        },
        case: row.case,
        exchange: if row.exchange <= policy.exchanges {
            format!("exchange {} of {}", row.exchange, policy.exchanges)
        } else {
            format!("exchange {}", row.exchange)
        },
        waiting_since: waits.then(|| waiting_since(thread)).flatten(),
        watch: policy.watch,
    }
}

/// When the customer wrote first since we last answered.
fn waiting_since(thread: &DeskThread) -> Option<Timestamp> {
    let counted = thread.lines.iter().rev();
    counted
        .filter(|line| line.message.from != Party::Bot)
        .take_while(|line| line.message.from == Party::Customer)
        .last()
        .map(|line| line.message.at)
}

fn wishes(thread: &DeskThread) -> Vec<Wish> {
    let wish = |says| Wish {
        says,
        words: None,
        since: None,
        until: None,
        is_mute: false,
    };
    let held = |says, hold: &Hold| Wish {
        words: said(&hold.words),
        since: Some(hold.since),
        ..wish(says)
    };
    let not_called = "On the do-not-call list: never ring this customer.";
    let for_good = "Never wants to be rung: stay in text, in every thread.";
    let for_case = "Wants to stay in text: do not ring in this case.";
    let muted = "Is no customer: opens no callback.";
    let not_called_there = "On the do-not-call list on another channel: never ring this customer.";
    let for_good_there = "Never wants to be rung, as they said on another channel: stay in text.";
    let there = &thread.elsewhere;
    let is_held = thread.text_always.is_some();
    [
        thread.do_not_call.then(|| wish(not_called)),
        (there.do_not_call && !thread.do_not_call).then(|| wish(not_called_there)),
        thread.text_always.as_ref().map(|hold| held(for_good, hold)),
        there.text_always.filter(|_| !is_held).map(|since| Wish {
            since: Some(since),
            ..wish(for_good_there)
        }),
        thread.hold.as_ref().map(|hold| held(for_case, hold)),
        thread.muted_until.max(there.muted_until).map(|until| Wish {
            until: Some(until),
            is_mute: true,
            ..wish(muted)
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn said(words: &Private<String>) -> Option<String> {
    let words = words.reveal().trim();
    (!words.is_empty()).then(|| words.to_owned())
}

/// Messages in order of arrival; a note stands behind the messages that had arrived before it. A
/// page shows the notes since its first message, the oldest page all earlier ones too.
fn entries(thread: &DeskThread, rules: &Rules, until: Option<Timestamp>) -> Vec<Entry> {
    let first = thread.lines.first().map(|line| line.message.received_at);
    let from = first.filter(|_| thread.older.is_some());
    let mut notes = thread
        .notes
        .iter()
        .filter(|note| from.is_none_or(|from| note.at >= from))
        .filter(|note| until.is_none_or(|until| note.at < until))
        .peekable();
    let mut walk = count::Walk::new(thread, rules);
    let mut entries = Vec::new();
    let mut newest = 0;
    for row in &thread.lines {
        let arrived = row.message.received_at;
        while let Some(earlier) = notes.next_if(|note| note.at < arrived) {
            entries.push(Entry::Note(note(earlier)));
        }
        if row.decision.case > newest {
            newest = row.decision.case;
            entries.push(Entry::Case(case(&thread.cases, newest)));
        }
        entries.push(Entry::Line(Box::new(line::line(&mut walk, row))));
    }
    entries.extend(notes.map(|later| Entry::Note(note(later))));
    entries
}

fn case(cases: &[CaseRow], number: u32) -> CaseHead {
    let row = cases.iter().find(|case| case.number == number);
    CaseHead {
        number,
        opened_at: row.map(|row| row.opened_at),
        stands: row.map_or("", |row| words::case(row.state)),
        solved_at: row.and_then(|row| row.resolved_at),
    }
}

fn note(row: &NoteRow) -> Note {
    Note {
        id: row.id,
        by: row.by.clone(),
        at: row.at,
        text: masked::pieces(row.text.reveal()),
    }
}

#[cfg(test)]
mod tests;
