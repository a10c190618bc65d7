//! What a card says of its callback, found in what is kept: line by line, the same at every desk.

use super::{
    card::{Desk, Line, LineKind, Piece, Sees},
    plain::Plain,
    wording,
};
use crate::{
    callbacks::calendar::Terms,
    domain::{
        form::CallDetails,
        hours::Zone,
        reading::Evidence,
        thread::{Hold, Whereabouts},
        time::Timestamp,
    },
    store::rows::{CallbackState, desk::QueueRow, dialled::DialRow, numbers::Ground},
};

/// How many calls a card tells of.
const CALLS: usize = 3;

/// How much of a message is quoted within a line, in characters.
const WORDS: usize = 120;

/// Everything that a card says.
pub(super) fn lines(row: &QueueRow, desk: &Desk<'_>, terms: &Terms<'_>, sees: Sees) -> Vec<Line> {
    let background = &row.background;
    let mut lines = Lines(Vec::new());
    warnings(&mut lines, row, desk, terms);
    lines.push(LineKind::Why, why(row, sees));
    if let Some(opened_at) = background.opened_at {
        let topic = background.topic.as_ref();
        let story = wording::story(topic, opened_at, background.answers, row.at);
        lines.push(LineKind::Story, story);
    }
    let newest = Plain::quote(row.text.reveal());
    if !newest.is_empty() {
        lines.push(LineKind::Newest, vec![Piece::Said(newest)]);
    }
    if let Some(words) = background.words.as_ref().filter(|_| sees.words) {
        let words = Plain::name(words.reveal());
        lines.push(LineKind::Words, vec![Piece::Theirs(words)]);
    }
    if let Some(video) = background.video.as_ref().filter(|_| sees.words) {
        lines.push(LineKind::Video, vec![Piece::Link(video.clone())]);
    }
    about_ringing(&mut lines, row, desk, terms, sees);
    if let Some(dialled) = dialled(row) {
        lines.ours(LineKind::Dialled, wording::dialled(dialled));
    }
    if row.callback.attempts > 0 {
        lines.ours(LineKind::Tried, wording::tried(row.callback.attempts));
    }
    if sees.history {
        history(&mut lines, row, desk);
    }
    lines.0
}

/// The number to ring.
pub(super) fn number(row: &QueueRow) -> Option<Plain> {
    let number = row.background.number.as_ref()?;
    Some(Plain::new(number.reveal(), 20))
}

/// What another program does for whoever has claimed it; what it did for one before is over.
pub(super) fn dialled(row: &QueueRow) -> Option<&DialRow> {
    let since = row.callback.claimed_at?;
    let is_claimed = row.callback.state == CallbackState::Claimed;
    let dialled = row.dialled.as_ref();
    dialled.filter(|dialled| is_claimed && dialled.at >= since)
}

/// Why now, and with which words of the customer's: `Third exchange was not a thank-you: “but … still”.`
/// They may be of an earlier message than the newest, so they are for whoever may see what came before.
fn why(row: &QueueRow, sees: Sees) -> Vec<Piece> {
    let why = wording::why(&row.callback, &row.reason);
    // No callback opens by the count where a message closes its case.
    let words = Evidence::words_of(&row.evidence, row.callback.rule.told_by(false));
    let words = Plain::new(words.reveal(), WORDS);
    if words.is_empty() || !sees.history {
        return vec![Piece::ours(why)];
    }
    let why = why.strip_suffix('.').unwrap_or(&why);
    vec![
        Piece::ours(format!("{why}: “")),
        Piece::Said(words),
        Piece::ours("”."),
    ]
}

struct Lines(Vec<Line>);

impl Lines {
    fn push(&mut self, kind: LineKind, pieces: Vec<Piece>) {
        self.0.push(Line { kind, pieces });
    }

    fn ours(&mut self, kind: LineKind, words: impl Into<String>) {
        self.push(kind, vec![Piece::ours(words)]);
    }
}

fn warnings(lines: &mut Lines, row: &QueueRow, desk: &Desk<'_>, terms: &Terms<'_>) {
    let background = &row.background;
    if background.customer.do_not_call {
        let words = "On the do-not-call list: do not ring, answer in text.";
        lines.ours(LineKind::Warning, words);
    }
    let held = background.customer.text_always.as_ref();
    if let Some(hold) = held.or(background.hold.as_ref()) {
        lines.push(LineKind::Warning, stays_in_text(hold));
    }
    if row.callback.incident.is_some() {
        let words = "Held back by an incident: it comes into the queue when that is over.";
        lines.ours(LineKind::Warning, words);
    }
    if let Some(words) = quiet(terms, desk.now) {
        lines.ours(LineKind::Warning, words);
    }
}

fn stays_in_text(hold: &Hold) -> Vec<Piece> {
    let words = Plain::new(hold.words.reveal(), WORDS);
    let mut pieces = vec![Piece::ours("Asked to stay in text")];
    if !words.is_empty() {
        pieces.extend([Piece::ours(": “"), Piece::Said(words), Piece::ours("”")]);
    }
    pieces
}

/// "It is 23:10 there: quiet until 08:00.", where it is quiet longest.
fn quiet(terms: &Terms<'_>, now: Timestamp) -> Option<String> {
    let ends = |zone: &Zone| {
        let ends = terms.quiet.ends_after(now, std::slice::from_ref(zone))?;
        Some((ends, zone.clone()))
    };
    let (ends, zone) = terms
        .zones
        .iter()
        .filter_map(ends)
        .max_by_key(|(ends, _)| *ends)?;
    let (now, ends) = (clock(now, &zone), clock(ends, &zone));
    Some(format!("It is {now} there: quiet until {ends}."))
}

/// The number, when, and on what ground.
fn about_ringing(
    lines: &mut Lines,
    row: &QueueRow,
    desk: &Desk<'_>,
    terms: &Terms<'_>,
    sees: Sees,
) {
    match number(row) {
        Some(number) if sees.number => {
            let mut pieces = vec![Piece::Number(number)];
            if let Some(known) = &row.background.contact.number {
                let from = wording::given(known.source);
                pieces.push(Piece::ours(format!(", given {from}")));
            }
            lines.push(LineKind::Number, pieces);
        }
        Some(number) => lines.ours(LineKind::Number, ending(&number)),
        None => lines.ours(LineKind::Number, "not known yet"),
    }
    let whereabouts = &row.background.customer.whereabouts;
    lines.ours(
        LineKind::TheirTime,
        their_time(whereabouts, terms, desk.now),
    );
    let wish = wish(row);
    if !wish.is_empty() {
        lines.push(LineKind::Wish, wish);
    }
    lines.push(LineKind::Ground, ground(row));
}

/// "ending 42".
fn ending(number: &Plain) -> String {
    let mut end: Vec<char> = number.as_str().chars().rev().take(2).collect();
    end.reverse();
    let end: String = end.into_iter().collect();
    format!("ending {end}")
}

/// "20:15", or from the earliest to the latest where they may be in several zones.
fn their_time(whereabouts: &Whereabouts, terms: &Terms<'_>, now: Timestamp) -> String {
    let mut times: Vec<_> = terms
        .zones
        .iter()
        .map(|zone| now.to_zoned(zone.as_tz().clone()).datetime())
        .collect();
    times.sort_unstable();
    times.dedup();
    let time = match (times.first(), times.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} to {}", first.strftime("%H:%M"), last.strftime("%H:%M"))
        }
        (Some(only), _) => only.strftime("%H:%M").to_string(),
        (None, _) => clock(now, &Zone::of(&terms.hours.zone)),
    };
    let is_sure = !whereabouts.guessed && !whereabouts.zones.is_empty();
    if is_sure {
        time
    } else {
        format!("{time} (zone guessed)")
    }
}

fn clock(at: Timestamp, zone: &Zone) -> String {
    let local = at.to_zoned(zone.as_tz().clone());
    local.strftime("%H:%M").to_string()
}

/// On what ground they may be rung.
fn ground(row: &QueueRow) -> Vec<Piece> {
    match &row.background.contact.ground {
        Ground::Forbidden { reason, since } => vec![
            Piece::ours("No: on the do-not-call list since "),
            Piece::At(*since),
            Piece::ours(" ("),
            Piece::Theirs(Plain::name(reason)),
            Piece::ours(")"),
        ],
        Ground::ForbiddenElsewhere => {
            vec![Piece::ours(
                "No: on the do-not-call list, on another channel of theirs",
            )]
        }
        // Their newest words stand on the card already.
        Ground::Asked { at, .. } if *at == row.at => {
            vec![Piece::ours("Yes: asked for it "), Piece::At(*at)]
        }
        Ground::Asked { text, at } => vec![
            Piece::ours("Yes: asked for it "),
            Piece::At(*at),
            Piece::ours(": “"),
            Piece::Said(Plain::new(text.reveal(), WORDS)),
            Piece::ours("”"),
        ],
        Ground::Consented(consent) => {
            let mut pieces = vec![
                Piece::ours("Yes: agreed to it "),
                Piece::At(consent.at),
                Piece::ours(format!(" on {}", consent.channel)),
            ];
            if let Some(words) = &consent.words {
                pieces.extend([
                    Piece::ours(": “"),
                    Piece::Theirs(Plain::new(words, WORDS)),
                    Piece::ours("”"),
                ]);
            }
            pieces
        }
        Ground::Given { source, at } => vec![
            Piece::ours(format!("Gave the number {} ", wording::given(*source))),
            Piece::At(*at),
            Piece::ours(", agreed to nothing: ask first"),
        ],
        Ground::NotYet => vec![Piece::ours("Not yet: offer a call first")],
    }
}

/// When it suits them, as the newest details form of the case says: the time that they chose, and what
/// they say of it.
fn wish(row: &QueueRow) -> Vec<Piece> {
    let details = row.forms.iter().find_map(|form| form.details.as_ref());
    let Some(CallDetails::Ring {
        best_time, ring_at, ..
    }) = details
    else {
        return Vec::new();
    };
    let chosen = ring_at.map(Piece::At);
    let words = Plain::new(best_time.reveal(), WORDS);
    let words = Some(words).filter(|words| !words.is_empty());
    let between = (chosen.is_some() && words.is_some()).then(|| Piece::ours(" · "));
    let words = words.map(Piece::Said);
    [chosen, between, words].into_iter().flatten().collect()
}

/// Earlier calls and cases, the newest first.
fn history(lines: &mut Lines, row: &QueueRow, desk: &Desk<'_>) {
    for call in row.calls.iter().take(CALLS) {
        for line in wording::call(call, &(desk.names)(&call.by)) {
            lines.push(LineKind::Call, line);
        }
    }
    for case in &row.background.earlier {
        lines.push(LineKind::Earlier, wording::earlier(case));
    }
}
