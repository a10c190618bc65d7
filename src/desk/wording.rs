//! The words of a card: what agents read of a callback, at every desk the same. Sentences only; what
//! they are about is found by `facts`.

use super::card::{LineKind, Mark, Piece};
use crate::{
    desk::plain::Plain,
    domain::{
        callback::{KeepTyping, Outcome},
        decision::RuleName,
        ids::Topic,
        number::NumberSource,
        time::Timestamp,
    },
    store::rows::{
        CallbackRow, CallbackState, CaseState,
        calls::{CallRow, LineState},
        card::EarlierCase,
        dialled::{DialResult, DialRow, DialState},
    },
};

/// Who has no name.
pub const A_CUSTOMER: &str = "A customer";

/// What stands before a line, where something does.
#[must_use]
pub const fn label(kind: LineKind) -> Option<&'static str> {
    Some(match kind {
        LineKind::Warning | LineKind::Why | LineKind::Story | LineKind::Newest => return None,
        LineKind::Words => "Say first",
        LineKind::Video => "Video call",
        LineKind::Number => "Number",
        LineKind::TheirTime => "Their time",
        LineKind::Wish => "Suits them",
        LineKind::Ground => "May we ring?",
        LineKind::Dialled => "Dialler",
        LineKind::Tried => "Tried",
        LineKind::Call => "Last call",
        LineKind::Earlier => "Earlier",
    })
}

/// What a mark says.
#[must_use]
pub fn mark(mark: &Mark) -> Vec<Piece> {
    let ours = |words: &str| vec![Piece::ours(words)];
    match mark {
        Mark::Urgent => ours("Urgent"),
        Mark::Asked => ours("Asked for a call"),
        Mark::Soft => ours("Soft: may only be answering us"),
        Mark::TimeHasCome => ours("Promised: its time has come"),
        Mark::Promised(at) => vec![Piece::ours("Promised for "), Piece::At(*at)],
        Mark::TriedAgain(at) => vec![Piece::ours("No answer: again "), Piece::At(*at)],
        Mark::Yours => ours("Yours"),
        Mark::HeldBy(name) => vec![Piece::Theirs(name.clone()), Piece::ours(" has it")],
        Mark::FirstForYou => ours("First for you"),
        Mark::FirstFor(name) => vec![Piece::ours("First for "), Piece::Theirs(name.clone())],
    }
}

/// Why now. `reason` is what was decided of the message that opened it, empty where none did.
#[must_use]
pub fn why(row: &CallbackRow, reason: &str) -> String {
    if !reason.is_empty() {
        return sentence(reason);
    }
    match &row.rule {
        _ if row.asked => "The customer asks to be rung.".to_owned(),
        RuleName::Urgent => "Urgent words.".to_owned(),
        RuleName::RuleOfThree if row.soft => {
            format!("Exchange {} only answered us.", row.exchange)
        }
        RuleName::RuleOfThree => format!("Exchange {} was not a thank-you.", row.exchange),
        RuleName::FollowUp => "A call led to another one.".to_owned(),
        RuleName::Agent => "An agent chose to ring.".to_owned(),
        RuleName::Admin(name) => format!("Your rule “{name}”."),
        other => sentence(&other.as_str().replace('_', " ")),
    }
}

/// A reason as a sentence: `third exchange was …` is `Third exchange was ….`
#[must_use]
pub fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().collect();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// The case so far: when it began and about what, how often we answered, and that they came back.
pub(super) fn story(
    topic: Option<&Topic>,
    opened_at: Timestamp,
    answers: u32,
    newest_at: Timestamp,
) -> Vec<Piece> {
    let is_alone = newest_at <= opened_at;
    let began = match topic {
        Some(topic) => format!("Asked about {} ", topic.as_str().replace('_', " ")),
        None if is_alone => "Wrote ".to_owned(),
        None => "Wrote first ".to_owned(),
    };
    let mut pieces = vec![Piece::Ours(began), Piece::At(opened_at)];
    let answered = match answers {
        0 if is_alone => None,
        0 => Some("; nobody has answered yet".to_owned()),
        1 => Some("; we answered once".to_owned()),
        2 => Some("; we answered twice".to_owned()),
        many => Some(format!("; we answered {many} times")),
    };
    pieces.extend(answered.map(Piece::Ours));
    if !is_alone {
        let came = if answers == 0 {
            "; wrote again "
        } else {
            "; came back "
        };
        pieces.extend([Piece::ours(came), Piece::Ago(newest_at)]);
    }
    pieces
}

/// A case before.
pub(super) fn earlier(case: &EarlierCase) -> Vec<Piece> {
    let topic = case.topic.as_ref();
    let topic = topic.map_or_else(String::new, |topic| {
        format!(" · {}", topic.as_str().replace('_', " "))
    });
    let ended = match (case.rung, case.state) {
        (Some(Outcome::Solved), _) => "solved by phone",
        (Some(Outcome::Declined), _) => "rung, went on in text",
        (Some(_), _) => "rung",
        (None, CaseState::Resolved) => "solved in text",
        (None, CaseState::Lapsed) => "the customer fell silent",
        (None, CaseState::Open) => "not ended",
    };
    vec![
        Piece::At(case.opened_at),
        Piece::ours(format!("{topic} · {ended}")),
    ]
}

/// What was said of a call: what came of it, with the note for us; and what the customer was told.
#[must_use]
pub fn call(call: &CallRow, by: &str) -> Vec<Vec<Piece>> {
    let quoted = |text: &str| {
        [
            Piece::ours("“"),
            Piece::Theirs(Plain::quote(text)),
            Piece::ours("”"),
        ]
    };
    let mut came = vec![
        Piece::At(call.at),
        Piece::ours(format!(" · {} · ", outcome(call.outcome))),
        Piece::Theirs(Plain::name(by)),
    ];
    if let Some(next) = call.next_at {
        came.extend([Piece::ours(", again "), Piece::At(next)]);
    }
    if let Some(note) = &call.note {
        came.push(Piece::ours(": "));
        came.extend(quoted(note.reveal()));
    }
    let told = call.told.as_ref().map(|told| {
        let says = match told.state {
            LineState::Sent => "They were told: ",
            LineState::Held => "Held back for them: ",
            LineState::NotSent => "To be sent to them by hand: ",
        };
        let mut line = vec![Piece::ours(says)];
        line.extend(quoted(told.text.reveal()));
        line
    });
    std::iter::once(came).chain(told).collect()
}

/// What came of a call.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "solved",
        Outcome::FollowUp => "more to follow",
        Outcome::Declined => "back to text",
        Outcome::WrongNumber => "wrong number",
        Outcome::NoAnswer => "no answer",
    }
}

/// Why an agent went on in text, after "kept typing: ".
#[must_use]
pub const fn kept_typing(why: KeepTyping) -> &'static str {
    match why {
        KeepTyping::Answering => "just answering us",
        KeepTyping::Thanks => "it was a thank-you",
        KeepTyping::BeingHandled => "it is being handled",
        KeepTyping::NotACustomer => "not a customer",
    }
}

/// How a callback ended, and by whom; `None` while it is open.
pub(super) fn ended(row: &CallbackRow, by: Option<Plain>) -> Option<Vec<Piece>> {
    let how = match (row.state, row.outcome, row.why) {
        (CallbackState::Done, Some(came), _) => outcome(came).to_owned(),
        (CallbackState::Done, None, _) => "done".to_owned(),
        (CallbackState::Withdrawn, _, Some(why)) => format!("kept typing: {}", kept_typing(why)),
        (CallbackState::Withdrawn, _, None) => "no call needed any more".to_owned(),
        (CallbackState::Exhausted, _, _) => "nobody answered: with a supervisor".to_owned(),
        _ => return None,
    };
    let mut pieces = vec![Piece::Ours(how)];
    if let Some(by) = by {
        pieces.extend([Piece::ours(" by "), Piece::Theirs(by)]);
    }
    Some(pieces)
}

/// Where a number comes from, after "given".
pub(super) const fn given(source: NumberSource) -> &'static str {
    match source {
        NumberSource::Channel => "by the channel",
        NumberSource::Message => "in a message",
        NumberSource::Form => "in the details form",
        NumberSource::Agent => "by an agent",
    }
}

/// How far the program has come that rings.
pub(super) fn dialled(row: &DialRow) -> String {
    let ended = match (row.state, row.end) {
        (DialState::Asked, _) => return "is being asked to ring".to_owned(),
        (DialState::Taken, _) => return "rings them now".to_owned(),
        (DialState::GivenUp, _) => return "cannot be reached: ring them yourself".to_owned(),
        (DialState::Ended, None) => return "the call is over".to_owned(),
        (DialState::Ended, Some(ended)) => ended,
    };
    let how = match ended.result {
        DialResult::Answered => "they answered",
        DialResult::NoAnswer => "nobody answered",
        DialResult::Busy => "the line was busy",
        DialResult::Failed => "the call could not be made: ring them yourself",
    };
    match ended.seconds {
        Some(seconds) if ended.result == DialResult::Answered => {
            format!("{how}, {} min {:02} s", seconds / 60, seconds % 60)
        }
        _ => how.to_owned(),
    }
}

/// How often nobody answered.
pub(super) fn tried(attempts: u32) -> String {
    match attempts {
        1 => "once, and nobody answered".to_owned(),
        2 => "twice, and nobody answered".to_owned(),
        many => format!("{many} times, and nobody answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_reason_becomes_a_sentence() {
        assert_eq!(sentence("an urgent word"), "An urgent word.");
        assert_eq!(sentence("éxito!"), "Éxito!");
        assert_eq!(sentence(""), "");
    }
}
