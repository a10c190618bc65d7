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
        private::Private,
        thread::{Hold, Whereabouts},
        time::Timestamp,
    },
    store::rows::{card::AskedWords, desk::QueueRow},
};

/// How many calls a card tells of.
const CALLS: usize = 3;

/// How much of a message is quoted within a line, in characters.
const WORDS: usize = 120;

/// What the customer told us in the details form.
struct Details<'a> {
    number: &'a Private<String>,
    best_time: &'a str,
    ring_at: Option<Timestamp>,
    consent: &'a str,
    at: Option<Timestamp>,
}

/// Everything that a card says.
pub(super) fn lines(row: &QueueRow, desk: &Desk<'_>, terms: &Terms<'_>, sees: Sees) -> Vec<Line> {
    let background = &row.background;
    let mut lines = Lines(Vec::new());
    warnings(&mut lines, row, desk, terms);
    let why = wording::why(&row.callback, &row.reason);
    lines.ours(LineKind::Why, why);
    if let Some(opened_at) = background.opened_at {
        let topic = background.topic.as_ref();
        let story = wording::story(topic, opened_at, background.answers, row.at);
        lines.push(LineKind::Story, story);
    }
    let newest = Plain::quote(row.text.reveal());
    if !newest.is_empty() {
        lines.push(LineKind::Newest, vec![Piece::Theirs(newest)]);
    }
    if let Some(words) = background.words.as_ref().filter(|_| sees.words) {
        let words = Plain::name(words.reveal());
        lines.push(LineKind::Words, vec![Piece::Theirs(words)]);
    }
    about_ringing(&mut lines, row, desk, terms, sees);
    if row.callback.attempts > 0 {
        lines.ours(LineKind::Tried, wording::tried(row.callback.attempts));
    }
    if sees.history {
        history(&mut lines, row, desk);
    }
    lines.0
}

/// The number to ring: as the customer's row has it, else as they wrote it in the details form.
pub(super) fn number(row: &QueueRow) -> Option<Plain> {
    let known = row.background.number.as_ref();
    let told = details(row).map(|details| details.number);
    let number = known.or(told)?;
    Some(Plain::new(number.reveal(), 20))
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
    if let Some(words) = quiet(terms, desk.now) {
        lines.ours(LineKind::Warning, words);
    }
}

fn stays_in_text(hold: &Hold) -> Vec<Piece> {
    let words = Plain::new(hold.words.reveal(), WORDS);
    let mut pieces = vec![Piece::ours("Asked to stay in text")];
    if !words.is_empty() {
        pieces.extend([Piece::ours(": “"), Piece::Theirs(words), Piece::ours("”")]);
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
            lines.push(LineKind::Number, vec![Piece::Number(number)]);
        }
        Some(number) => lines.ours(LineKind::Number, ending(&number)),
        None => lines.ours(LineKind::Number, "not known yet"),
    }
    let whereabouts = &row.background.customer.whereabouts;
    lines.ours(
        LineKind::TheirTime,
        their_time(whereabouts, terms, desk.now),
    );
    let details = details(row);
    let wish = details.as_ref().map(wish).unwrap_or_default();
    if !wish.is_empty() {
        lines.push(LineKind::Wish, wish);
    }
    let asked = row.background.asked.as_ref();
    lines.push(LineKind::Ground, ground(details.as_ref(), asked));
}

/// When it suits them: the time that they chose and what they say of it.
fn wish(details: &Details<'_>) -> Vec<Piece> {
    let chosen = details.ring_at.map(Piece::At);
    let words = Some(details.best_time).filter(|words| !words.trim().is_empty());
    let words = words.map(|words| Piece::Theirs(Plain::new(words, WORDS)));
    let between = (chosen.is_some() && words.is_some()).then(|| Piece::ours(" · "));
    [chosen, between, words].into_iter().flatten().collect()
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

/// On what ground they may be rung, the strongest first.
fn ground(details: Option<&Details<'_>>, asked: Option<&AskedWords>) -> Vec<Piece> {
    if let Some(details) = details {
        let mut pieces = vec![Piece::ours("Yes: agreed to be rung")];
        if let Some(at) = details.at {
            pieces.extend([Piece::ours(" "), Piece::At(at)]);
        }
        let consent = Plain::name(details.consent);
        pieces.extend([Piece::ours(", wording "), Piece::Theirs(consent)]);
        return pieces;
    }
    match asked {
        Some(asked) => vec![
            Piece::ours("Yes: asked for it "),
            Piece::At(asked.at),
            Piece::ours(": “"),
            Piece::Theirs(Plain::new(asked.text.reveal(), WORDS)),
            Piece::ours("”"),
        ],
        None => vec![Piece::ours("Not yet: offer a call first")],
    }
}

/// The newest details that the customer gave for this case.
fn details(row: &QueueRow) -> Option<Details<'_>> {
    row.forms
        .iter()
        .find_map(|form| match form.details.as_ref()? {
            CallDetails::Ring {
                number,
                best_time,
                ring_at,
                zone: _,
                consent_version,
            } => Some(Details {
                number,
                best_time: best_time.reveal(),
                ring_at: *ring_at,
                consent: consent_version,
                at: form.submitted_at,
            }),
            CallDetails::StayInText => None,
        })
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
