//! One callback as the web desk draws its card: what `desk::Card` says, with times in the viewer's zone,
//! and what this viewer may do.

use super::{
    Back,
    acts::{Acts, Viewed},
};
use crate::{
    desk::{self, LineKind, Mark, Piece, Plain, card::holder, wording},
    domain::{
        decision::{Notice, RuleName, Utterance},
        ids::{AccountName, ChannelName},
        reading::Language,
    },
    rules::Rules,
    store::{CallbackId, rows::desk::QueueRow},
    web::{
        account::session::SignedIn,
        desk::{
            forms::{Marks, Offers},
            names::Names,
            notices::NoticeCard,
            thread_url,
        },
        pages::times::{Shown, Times},
    },
};

/// A card. `desk/callbacks/card.html` shows all of it, `desk/thread/card.html` what the thread's page
/// does not say itself; both want `card` and `frame`.
#[derive(Debug)]
pub(in crate::web) struct Card {
    /// The callback.
    pub(in crate::web) id: CallbackId,
    /// Who is to be rung.
    pub(in crate::web) head: desk::Head,
    /// The customer's name or handle.
    pub(in crate::web) name: String,
    /// The thread.
    pub(in crate::web) url: String,
    /// Its tone in the style sheet.
    pub(in crate::web) tone: &'static str,
    /// What stands out.
    pub(in crate::web) badges: Vec<Badge>,
    /// Why not to ring just like that.
    pub(in crate::web) warnings: Vec<Vec<Run>>,
    /// Why now.
    pub(in crate::web) why: Vec<Run>,
    /// The case so far.
    pub(in crate::web) story: Vec<Run>,
    /// The customer's newest words. They stand in their paragraph bare: a browser does not look into an
    /// isolated part for the direction of the whole.
    pub(in crate::web) newest: String,
    /// The language of their thread.
    pub(in crate::web) language: Option<Language>,
    /// What one wants to know before ringing.
    pub(in crate::web) facts: Vec<Fact>,
    /// Earlier calls and cases.
    pub(in crate::web) before: Vec<Fact>,
    /// Due since; or when it is rung next.
    pub(in crate::web) since: Shown,
    /// What the forms of its case say.
    pub(in crate::web) marks: Marks,
    /// What the desk was told about it.
    pub(in crate::web) notices: Vec<NoticeCard>,
    /// What the viewer may do.
    pub(in crate::web) acts: Acts,
    /// Where one comes back to.
    pub(in crate::web) back: &'static str,
}

/// Something that stands out.
#[derive(Debug)]
pub(in crate::web) struct Badge {
    /// Its tone in the style sheet.
    pub(in crate::web) tone: &'static str,
    /// Its drawing.
    pub(in crate::web) icon: &'static str,
    /// What it says.
    pub(in crate::web) runs: Vec<Run>,
}

/// One line with its label; several lines of one kind stand together.
#[derive(Debug)]
pub(in crate::web) struct Fact {
    /// What it is about.
    pub(in crate::web) label: &'static str,
    /// What it says.
    pub(in crate::web) lines: Vec<Vec<Run>>,
}

/// A piece of a line, as a page shows it. `desk/callbacks/runs.html` shows several; it wants `runs`.
#[derive(Debug)]
pub(in crate::web) enum Run {
    /// Our own words.
    Ours(String),
    /// What the customer wrote, and its language.
    Said(String, Option<Language>),
    /// What somebody is called, or what one of ours wrote.
    Theirs(String),
    /// A moment.
    Time(Shown),
    /// A number to ring.
    Number(String),
    /// An address to follow.
    Link(String),
}

/// What every card of a page is drawn with.
pub(in crate::web) struct Drawing<'a> {
    /// The rules in force.
    pub(in crate::web) rules: &'a Rules,
    /// Who looks.
    pub(in crate::web) by: &'a SignedIn,
    /// How colleagues are called.
    pub(in crate::web) names: &'a Names,
    /// What time it is, and where.
    pub(in crate::web) times: &'a Times,
    /// Where one comes back to.
    pub(in crate::web) back: Back,
    /// Whether Ringback itself carries what is said on the channel.
    pub(in crate::web) carries: &'a (dyn Fn(&ChannelName) -> bool + Sync),
    /// Whether another program rings for agents.
    pub(in crate::web) can_dial: bool,
}

impl Card {
    /// Of a callback that is open.
    pub(in crate::web) fn new(row: &QueueRow, with: &Drawing<'_>) -> Self {
        let callback = &row.callback;
        let names = |account: &AccountName| with.names.of(account);
        let desk = desk::Desk {
            rules: with.rules,
            now: with.times.now(),
            viewer: Some(&with.by.name),
            names: &names,
        };
        let sees = desk::Sees::at_web_desk(callback, &with.by.name, with.by.role);
        let drawn = desk::Card::new(row, &desk, sees);
        let url = thread_url(&callback.channel, &callback.thread);
        let language = row.background.language;
        let lines = |kind| {
            drawn
                .of(kind)
                .map(|line| spoken(&line.pieces, with.times, language))
        };
        let line = |kind| lines(kind).next().unwrap_or_default();
        let mut marks = Marks::new(&row.forms, callback.case, with.times);
        // The number and what they agreed to are told among the facts.
        marks.told.take_if(|told| told.number.is_some());
        marks.details_asked &= drawn.of(LineKind::Wish).next().is_none();
        let viewed = Viewed {
            row: callback,
            number: drawn.number.as_ref(),
            ring_at: drawn.ring_at,
            dialled: drawn.dialled.as_ref(),
            has_video: row.background.video.is_some(),
            holder: holder(callback),
        };
        let has_number = row.background.number.is_some();
        let notice = |row| NoticeCard::new(row, with.rules, with.by, with.times, with.back);
        Self {
            id: callback.id,
            name: drawn.head.name.to_string(),
            tone: tone(&drawn),
            badges: drawn
                .marks
                .iter()
                .map(|mark| badge(mark, with.times))
                .collect(),
            warnings: lines(LineKind::Warning).collect(),
            // The badge says it, but not with which words.
            why: match callback.rule {
                RuleName::WantsCall if callback.asked && row.evidence.is_empty() => Vec::new(),
                _ => line(LineKind::Why),
            },
            story: line(LineKind::Story),
            newest: drawn.newest().map(Plain::to_string).unwrap_or_default(),
            language,
            facts: facts(
                &drawn,
                with.times,
                language,
                &[
                    LineKind::Words,
                    LineKind::Video,
                    LineKind::Number,
                    LineKind::TheirTime,
                    LineKind::Wish,
                    LineKind::Ground,
                    LineKind::Dialled,
                    LineKind::Tried,
                ],
            ),
            before: facts(
                &drawn,
                with.times,
                language,
                &[LineKind::Call, LineKind::Earlier],
            ),
            since: match callback.scheduled_at.filter(|_| drawn.is_promised()) {
                Some(at) => with.times.at(at),
                None => with.times.ago(callback.due_at),
            },
            marks,
            notices: row
                .background
                .notices
                .iter()
                .filter(|row| !(has_number && asks_for_number(&row.notice)))
                .map(notice)
                .collect(),
            acts: Acts::new(
                &viewed,
                with,
                Offers::new(with.rules, &url, with.back.as_str()),
            ),
            back: with.back.as_str(),
            head: drawn.head,
            url,
        }
    }
}

/// Asks for a number, which may have come by another way since.
fn asks_for_number(notice: &Notice) -> bool {
    let utterance = Utterance::DetailsAsked;
    *notice == Notice::SayYourself { utterance }
}

/// Those kinds that the card has lines of, in this order.
fn facts(
    card: &desk::Card,
    times: &Times,
    language: Option<Language>,
    kinds: &[LineKind],
) -> Vec<Fact> {
    kinds
        .iter()
        .filter_map(|kind| {
            let lines: Vec<_> = card
                .of(*kind)
                .map(|line| spoken(&line.pieces, times, language))
                .collect();
            let label = wording::label(*kind)?;
            (!lines.is_empty()).then_some(Fact { label, lines })
        })
        .collect()
}

/// Pieces of a line as a page shows them.
pub(in crate::web) fn runs(pieces: &[Piece], times: &Times) -> Vec<Run> {
    spoken(pieces, times, None)
}

/// The same, of a customer whose language is known.
fn spoken(pieces: &[Piece], times: &Times, language: Option<Language>) -> Vec<Run> {
    let run = |piece: &Piece| match piece {
        Piece::Said(words) => Run::Said(words.to_string(), language),
        Piece::Ours(words) => Run::Ours(words.clone()),
        Piece::Theirs(words) => Run::Theirs(words.to_string()),
        Piece::At(at) => Run::Time(times.at(*at)),
        Piece::Ago(at) => Run::Time(times.ago(*at)),
        Piece::Number(number) => Run::Number(number.to_string()),
        Piece::Link(link) => Run::Link(link.reveal().clone()),
    };
    pieces.iter().map(run).collect()
}

fn badge(mark: &Mark, times: &Times) -> Badge {
    let (tone, icon) = match mark {
        Mark::Urgent => ("badge-urgent", "warn"),
        Mark::Asked => ("badge-accent", "callbacks"),
        Mark::Soft => ("", "pen"),
        Mark::TimeHasCome | Mark::Promised(_) => ("badge-cool", "clock"),
        Mark::TriedAgain(_) => ("badge-warm", "clock"),
        Mark::Yours | Mark::FirstForYou => ("badge-accent", "person"),
        Mark::HeldBy(_) | Mark::FirstFor(_) => ("badge-note", "person"),
    };
    Badge {
        tone,
        icon,
        runs: runs(&wording::mark(mark), times),
    }
}

fn tone(card: &desk::Card) -> &'static str {
    let has = |wanted: &Mark| card.marks.contains(wanted);
    if has(&Mark::Urgent) {
        "card-urgent"
    } else if has(&Mark::Yours) {
        "card-mine"
    } else if has(&Mark::Soft) {
        "card-soft"
    } else if has(&Mark::Asked) {
        "card-asked"
    } else {
        "card-warm"
    }
}
