//! Whether the customer merely answers us or acknowledges what we said.

use crate::domain::reading::{Closing, Context, Reading};

use super::{Clues, Sign, Words};

/// Words that carry a message along and leave nothing open.
pub(super) const SMALL_TALK: &[Sign] = &[
    Sign::Thanks,
    Sign::ThanksFor,
    Sign::Solved,
    Sign::Came,
    Sign::Pleased,
    Sign::Praise,
    Sign::Declines,
    Sign::Ack,
    Sign::Done,
    Sign::Yes,
    Sign::No,
    Sign::Farewell,
    Sign::WarmFarewell,
    Sign::Greeting,
    Sign::Filler,
    Sign::Please,
    Sign::Accepts,
    Sign::NotNow,
    Sign::WillAct,
    Sign::WillWait,
    Sign::Sent,
];

/// What a bare acknowledgement may be made of.
const ACKNOWLEDGEMENT: &[Sign] = &[
    Sign::Ack,
    Sign::Farewell,
    Sign::WarmFarewell,
    Sign::Greeting,
    Sign::Filler,
    Sign::Pleased,
    Sign::Thanks,
];

/// The longest message, in words nothing explains, that passes as a mere answer. Longer ones
/// tell a story, and a story may hold a complaint that no phrase of ours knows.
const LONGEST_ANSWER: usize = 25;

/// A farewell or a bare acknowledgement and nothing else.
pub(super) fn acknowledges(clues: &Clues<'_>) -> bool {
    let says_so =
        clues.has_any(&[Sign::Ack, Sign::Farewell, Sign::WarmFarewell]) || is_only_warm(clues);
    says_so
        && clues.unexplained(ACKNOWLEDGEMENT).is_empty()
        && !clues.has_any(&[Sign::But, Sign::Cold, Sign::Unsolved, Sign::NoThanks])
        && !asks(clues)
}

/// An emoji of warmth and nothing else.
pub(super) fn is_only_warm(clues: &Clues<'_>) -> bool {
    clues.has(Sign::Warm)
        && clues.words().iter().all(|word| {
            !matches!(
                word.kind,
                super::super::fold::WordKind::Plain | super::super::fold::WordKind::Code
            )
        })
}

/// Whether the message asks us anything.
pub(super) fn asks(clues: &Clues<'_>) -> bool {
    clues.scan.folded.questions.iter().any(|question| *question)
        || clues.has_any(&[Sign::Request, Sign::Chases])
        || clues
            .all(Sign::Question)
            .iter()
            // "Will try" and "can do" announce.
            .any(|words| clues.begins_clause(words) && !clues.after(Sign::Act, words, 1))
}

/// Nothing but an answer to our question, or an acknowledgement of what we said.
pub(super) fn answers(clues: &Clues<'_>, context: &Context, reading: &Reading) -> bool {
    let Some(ours) = context.ours else {
        return false;
    };
    if reading.unsolved || reading.wants_call || reading.wants_text.is_some() || asks(clues) {
        return false;
    }
    if reading.acknowledges || is_done(clues) {
        return true;
    }
    if reading.closing == Some(Closing::Thanks) || !(ours.asks || ours.asks_identity) {
        return false;
    }
    !clues.has_any(&[
        Sign::Complaint,
        Sign::CannotAnswer,
        Sign::Cold,
        Sign::NoThanks,
        Sign::But,
    ]) && !clues.words().is_empty()
        && clues.unexplained(SMALL_TALK).len() <= LONGEST_ANSWER
}

/// "Ok, done" and no word more.
pub(super) fn is_done(clues: &Clues<'_>) -> bool {
    const DONE: &[Sign] = &[
        Sign::Done,
        Sign::Ack,
        Sign::Yes,
        Sign::Filler,
        Sign::Greeting,
        Sign::Pleased,
    ];
    clues.has(Sign::Done) && clues.unexplained(DONE).is_empty()
}

/// The words of an answer: all of them, up to the first end of a sentence.
pub(super) fn answer_words(clues: &Clues<'_>) -> Option<Words> {
    clues
        .sentences()
        .first()
        .map(|sentence| sentence.words.clone())
}
