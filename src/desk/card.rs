//! The card of a callback, as data: who, why now, what led to it, when and on what ground they may be
//! rung, and who has it. `facts` finds what it says, `wording` says it.

use super::{facts, plain::Plain, wording};
use crate::{
    callbacks::calendar::Terms,
    domain::{
        account::Role,
        ids::{AccountName, Author, ChannelName, DeskName},
        private::Private,
        time::Timestamp,
    },
    rules::{CardDetail, Rules},
    store::{
        CallbackId,
        rows::{CallbackRow, CallbackState, desk::QueueRow, dialled::DialRow, people::Profile},
    },
};

/// What a card is drawn for: the rules, the moment, and how colleagues are called.
pub struct Desk<'a> {
    /// The rules in force.
    pub rules: &'a Rules,
    /// What time it is.
    pub now: Timestamp,
    /// Whose desk it is drawn on; `None`: a group's.
    pub viewer: Option<&'a AccountName>,
    /// How an account is shown.
    pub names: &'a dyn Fn(&AccountName) -> String,
}

/// What of a card is for certain eyes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sees {
    /// The whole number; else its end.
    pub number: bool,
    /// What came before: earlier cases and calls.
    pub history: bool,
    /// The two words that the claimer says first.
    pub words: bool,
}

impl Sees {
    /// At the web desk, where each account sees its own page: the number is for whoever has the
    /// callback, and for supervisors.
    #[must_use]
    pub fn at_web_desk(row: &CallbackRow, account: &AccountName, role: Role) -> Self {
        let has_it = holder(row) == Some(account);
        Self {
            number: has_it || role >= Role::Supervisor,
            history: true,
            words: has_it && row.state == CallbackState::Claimed,
        }
    }

    /// In a chat group, as its desk has it.
    #[must_use]
    pub const fn in_group(detail: CardDetail) -> Self {
        let all = matches!(detail, CardDetail::Group);
        Self {
            number: all,
            history: all,
            words: false,
        }
    }

    /// In private, to whoever has claimed it.
    #[must_use]
    pub const fn as_claimer() -> Self {
        Self {
            number: true,
            history: true,
            words: true,
        }
    }
}

/// The card of an open callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which callback.
    pub callback: CallbackId,
    /// Who is to be rung.
    pub head: Head,
    /// What stands out, the weighty first.
    pub marks: Vec<Mark>,
    /// What it says, in order.
    pub lines: Vec<Line>,
    /// It is quiet where the customer is: the first moment at which they may be rung.
    pub ring_at: Option<Timestamp>,
    /// The number to ring, in E.164, for whoever may see it.
    pub number: Option<Plain>,
    /// How far the program has come that rings for whoever has claimed it.
    pub dialled: Option<DialRow>,
}

/// Who is to be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The customer's name, or their handle.
    pub name: Plain,
    /// Their handle, where that is not their name.
    pub handle: Option<Plain>,
    /// Whom they write for.
    pub company: Option<Plain>,
    /// Where they wrote.
    pub channel: ChannelName,
    /// Where they are found elsewhere, such as in a CRM: a URL that begins with `https://`.
    pub link: Option<Private<String>>,
    /// The desk, where there are several.
    pub desk: Option<DeskName>,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// At the head of the queue.
    Urgent,
    /// The customer asked for the call.
    Asked,
    /// The customer was merely answering.
    Soft,
    /// A time that was promised has come.
    TimeHasCome,
    /// Rung at a promised time.
    Promised(Timestamp),
    /// Nobody answered; tried again then.
    TriedAgain(Timestamp),
    /// It is the viewer's.
    Yours,
    /// A colleague has it.
    HeldBy(Plain),
    /// Shown to the viewer first.
    FirstForYou,
    /// Shown to a colleague first.
    FirstFor(Plain),
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub kind: LineKind,
    /// What it says, one piece after the other.
    pub pieces: Vec<Piece>,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineKind {
    /// Do not ring just like that.
    Warning,
    /// Why now.
    Why,
    /// The case so far.
    Story,
    /// The customer's newest words.
    Newest,
    /// The two words to say first.
    Words,
    /// Where a video call takes place.
    Video,
    /// On which number.
    Number,
    /// What time it is where the customer is.
    TheirTime,
    /// When it suits them.
    Wish,
    /// On what ground they may be rung.
    Ground,
    /// How far the program has come that rings for them.
    Dialled,
    /// How often it was tried.
    Tried,
    /// A call before.
    Call,
    /// A case before.
    Earlier,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Our own words.
    Ours(String),
    /// What the customer wrote, in their language. Draw it isolated.
    Said(Plain),
    /// What somebody is called, or what one of ours wrote. Draw it isolated.
    Theirs(Plain),
    /// A moment by the calendar.
    At(Timestamp),
    /// How long ago something was.
    Ago(Timestamp),
    /// A number to ring, in E.164.
    Number(Plain),
    /// An address of ours or of the rules', to be followed.
    Link(Private<String>),
}

impl Piece {
    /// Our own words.
    pub(super) fn ours(words: impl Into<String>) -> Self {
        Self::Ours(words.into())
    }
}

impl Card {
    /// Draws a callback that is open.
    #[must_use]
    pub fn new(row: &QueueRow, desk: &Desk<'_>, sees: Sees) -> Self {
        let callback = &row.callback;
        let policy = desk.rules.policy(&callback.channel);
        let customer = &row.background.customer;
        let terms = desk.rules.terms(policy, &callback.desk, customer);
        let number = facts::number(row);
        Self {
            callback: callback.id,
            head: head(row, desk),
            marks: marks(callback, row.background.was_promised, desk),
            lines: facts::lines(row, desk, &terms, sees),
            ring_at: ring_at(&terms, desk.now),
            number: number.filter(|_| sees.number),
            dialled: facts::dialled(row).cloned(),
        }
    }

    /// Whether it is rung at a time still to come.
    #[must_use]
    pub fn is_promised(&self) -> bool {
        let is_later = |mark: &Mark| matches!(mark, Mark::Promised(_) | Mark::TriedAgain(_));
        self.marks.iter().any(is_later)
    }

    /// The customer's newest words, if they have any.
    #[must_use]
    pub fn newest(&self) -> Option<&Plain> {
        self.of(LineKind::Newest)
            .flat_map(|line| &line.pieces)
            .find_map(|piece| match piece {
                Piece::Said(words) => Some(words),
                _ => None,
            })
    }

    /// The lines of a kind.
    pub fn of(&self, kind: LineKind) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.kind == kind)
    }
}

/// Who has an open callback. Who had one that is due again or has ended is history.
#[must_use]
pub const fn holder(row: &CallbackRow) -> Option<&AccountName> {
    match row.state {
        CallbackState::Claimed | CallbackState::Scheduled => row.claimed_by.as_ref(),
        CallbackState::Due
        | CallbackState::NoAnswer
        | CallbackState::Done
        | CallbackState::Withdrawn
        | CallbackState::Exhausted => None,
    }
}

/// What the customer is called: their name, else their handle.
#[must_use]
pub fn called(author: Option<&Author>, profile: Option<&Profile>) -> Plain {
    let name = profile.and_then(|profile| profile.name.as_ref());
    name.and_then(|name| seen(name.reveal()))
        .or_else(|| author.and_then(|author| seen(author.reveal())))
        .unwrap_or_else(|| Plain::name(wording::A_CUSTOMER))
}

fn seen(text: &str) -> Option<Plain> {
    Some(Plain::name(text)).filter(|text| !text.is_empty())
}

fn head(row: &QueueRow, desk: &Desk<'_>) -> Head {
    let handle = row.author.as_ref().and_then(|author| seen(author.reveal()));
    let profile = row.background.contact.profile.as_ref();
    let of_profile = |text: Option<&Private<String>>| text.and_then(|text| seen(text.reveal()));
    let name = of_profile(profile.and_then(|profile| profile.name.as_ref()));
    let link = profile.and_then(|profile| profile.link.as_ref());
    let link = link.filter(|link| link.reveal().starts_with("https://"));
    Head {
        handle: handle.filter(|_| name.is_some()),
        name: called(row.author.as_ref(), profile),
        company: of_profile(profile.and_then(|profile| profile.company.as_ref())),
        channel: row.callback.channel.clone(),
        link: link.cloned(),
        desk: (desk.rules.desks.len() > 1).then(|| row.callback.desk.clone()),
    }
}

fn marks(row: &CallbackRow, was_promised: bool, desk: &Desk<'_>) -> Vec<Mark> {
    let named = |account: &AccountName| Plain::name(&(desk.names)(account));
    let is_viewer = |account: &AccountName| desk.viewer == Some(account);
    let held = holder(row).map(|account| match is_viewer(account) {
        true => Mark::Yours,
        false => Mark::HeldBy(named(account)),
    });
    let first = row
        .owner
        .as_ref()
        .filter(|_| row.state == CallbackState::Due);
    let first = first.map(|account| match is_viewer(account) {
        true => Mark::FirstForYou,
        false => Mark::FirstFor(named(account)),
    });
    let then = match row.state {
        CallbackState::Scheduled => row.scheduled_at.map(Mark::Promised),
        CallbackState::NoAnswer => row.scheduled_at.map(Mark::TriedAgain),
        CallbackState::Due if was_promised => Some(Mark::TimeHasCome),
        _ => None,
    };
    [
        row.urgent.then_some(Mark::Urgent),
        row.asked.then_some(Mark::Asked),
        row.soft.then_some(Mark::Soft),
        then,
        held,
        first,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Only where it is quiet: that the desk is closed, whoever looks at the card knows.
fn ring_at(terms: &Terms<'_>, now: Timestamp) -> Option<Timestamp> {
    terms.quiet.ends_after(now, &terms.zones)?;
    Some(terms.window(now)).filter(|at| *at > now)
}

/// All that is left of the card of a callback that ended: nothing about its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which callback.
    pub callback: CallbackId,
    /// How it ended, by whom, when: one line.
    pub pieces: Vec<Piece>,
}

impl Ended {
    /// Of a callback that is over; `None` while it is not.
    #[must_use]
    pub fn new(row: &CallbackRow, names: &dyn Fn(&AccountName) -> String) -> Option<Self> {
        let at = row.ended_at?;
        let by = row.ended_by.as_ref().map(|by| Plain::name(&names(by)));
        let how = wording::ended(row, by)?;
        let mut pieces = vec![Piece::ours(format!("Callback {} · ", row.id))];
        pieces.extend(how);
        pieces.extend([Piece::ours(" · "), Piece::At(at)]);
        Some(Self {
            callback: row.id,
            pieces,
        })
    }
}
