//! What is asked of a call, one thing after the other: what came of it, when to ring again, a note for
//! us, a line for the customer, which is shown before it is sent. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    desk::telegram::{
        button::Press,
        incoming::when::{Times, Unclear},
        wording,
    },
    domain::{
        callback::{CallResult, Outcome},
        private::Private,
        time::Timestamp,
    },
    store::CallbackId,
};

/// The longest note and the longest line, in characters.
const LONGEST: usize = 3_000;

/// What came of a call, in the order in which one chooses.
pub(super) const OUTCOMES: [(Outcome, &str); 5] = [
    (Outcome::Solved, wording::SOLVED),
    (Outcome::FollowUp, wording::FOLLOW_UP),
    (Outcome::Declined, wording::DECLINED),
    (Outcome::WrongNumber, wording::WRONG_NUMBER),
    (Outcome::NoAnswer, wording::NO_ANSWER),
];

/// What is known of a call so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::desk::telegram::incoming) struct Rung {
    /// The callback.
    pub(super) callback: CallbackId,
    /// What is asked now.
    pub(super) asks: Asks,
    /// The times that can be chosen.
    #[serde(default)]
    pub(super) times: Vec<Timestamp>,
    outcome: Option<Outcome>,
    at: Option<Timestamp>,
    /// The note for us.
    pub(super) note: Option<Private<String>>,
    /// The line for the customer.
    pub(super) told: Option<Private<String>>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Asks {
    /// What came of it.
    Outcome,
    /// When to ring again.
    When,
    /// A note for us.
    Note,
    /// A line for the customer.
    Told,
    /// Whether that line is to be sent.
    Check,
}

/// What was answered.
#[derive(Debug, Clone, Copy)]
pub(in crate::desk::telegram::incoming) enum Said<'a> {
    /// A button.
    Pressed(Press),
    /// Words.
    Wrote(&'a str),
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// The next question.
    Ask(Rung),
    /// That is all.
    Done(Rung),
    /// It is asked again: why.
    Again(String),
}

impl Rung {
    /// Nothing is known yet.
    pub(in crate::desk::telegram::incoming) const fn new(callback: CallbackId) -> Self {
        Self {
            callback,
            asks: Asks::Outcome,
            times: Vec::new(),
            outcome: None,
            at: None,
            note: None,
            told: None,
        }
    }

    /// What came of the call; `None` while that is not all said.
    pub(super) const fn result(&self) -> Option<CallResult> {
        match self.outcome {
            Some(outcome) => CallResult::of(outcome, self.at),
            None => None,
        }
    }

    /// When it is rung again.
    pub(super) const fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// Takes an answer.
    pub(super) fn next(self, said: Said<'_>, times: &Times) -> Next {
        match (self.asks, said) {
            (Asks::Outcome, Said::Pressed(Press::Choice(choice))) => self.came(choice, times),
            (Asks::When, Said::Pressed(Press::Choice(choice))) => {
                match self.times.get(usize::from(choice)).copied() {
                    Some(at) if at > times.now => self.again_at(at),
                    _ => Next::Again(Unclear::Past.to_string()),
                }
            }
            (Asks::When, Said::Wrote(text)) => match times.read(text) {
                Ok(at) => self.again_at(at),
                Err(unclear) => Next::Again(unclear.to_string()),
            },
            (Asks::Note, Said::Pressed(Press::Skip)) => self.asking(Asks::Told),
            (Asks::Note, Said::Wrote(text)) => match worth_keeping(text) {
                Ok(note) => Self {
                    note: Some(note),
                    ..self
                }
                .asking(Asks::Told),
                Err(why) => Next::Again(why.to_owned()),
            },
            (Asks::Told, Said::Pressed(Press::Skip)) => Next::Done(self),
            (Asks::Told | Asks::Check, Said::Wrote(text)) => match worth_keeping(text) {
                Ok(told) => Self {
                    told: Some(told),
                    ..self
                }
                .asking(Asks::Check),
                Err(why) => Next::Again(why.to_owned()),
            },
            (Asks::Check, Said::Pressed(Press::Send)) => Next::Done(self),
            (Asks::Check, Said::Pressed(Press::Change)) => {
                Self { told: None, ..self }.asking(Asks::Told)
            }
            (Asks::Outcome, _) | (_, Said::Pressed(_)) => {
                Next::Again(wording::PRESS_A_BUTTON.to_owned())
            }
        }
    }

    fn asking(self, asks: Asks) -> Next {
        Next::Ask(Self { asks, ..self })
    }

    fn came(self, choice: u8, times: &Times) -> Next {
        let Some((outcome, _)) = OUTCOMES.get(usize::from(choice)) else {
            return Next::Again(wording::PRESS_A_BUTTON.to_owned());
        };
        let with = Self {
            outcome: Some(*outcome),
            ..self
        };
        match outcome {
            // There was no call to tell of.
            Outcome::NoAnswer => Next::Done(with),
            Outcome::FollowUp => Self {
                times: times.choices.clone(),
                ..with
            }
            .asking(Asks::When),
            Outcome::Solved | Outcome::Declined | Outcome::WrongNumber => with.asking(Asks::Note),
        }
    }

    fn again_at(self, at: Timestamp) -> Next {
        Self {
            at: Some(at),
            ..self
        }
        .asking(Asks::Note)
    }
}

/// What was written, if there is something and not too much.
fn worth_keeping(text: &str) -> Result<Private<String>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        Err(wording::WRITE_TEXT)
    } else if text.chars().count() > LONGEST {
        Err(wording::TOO_LONG)
    } else {
        Ok(Private::new(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn times() -> Times {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        Times::new(now, jiff::tz::TimeZone::UTC, |at| at)
    }

    /// Answers one after the other; what is known then, and whether that is all.
    fn after(answers: &[Said<'_>]) -> (Rung, bool) {
        let mut rung = Rung::new(CallbackId(1));
        for said in answers {
            match rung.clone().next(*said, &times()) {
                Next::Ask(next) => rung = next,
                Next::Done(done) => return (done, true),
                Next::Again(_) => {}
            }
        }
        (rung, false)
    }

    const SOLVED: Said<'_> = Said::Pressed(Press::Choice(0));
    const FOLLOW_UP: Said<'_> = Said::Pressed(Press::Choice(1));
    const NO_ANSWER: Said<'_> = Said::Pressed(Press::Choice(4));
    const SKIP: Said<'_> = Said::Pressed(Press::Skip);
    const SEND: Said<'_> = Said::Pressed(Press::Send);
    const CHANGE: Said<'_> = Said::Pressed(Press::Change);

    #[test]
    fn a_call_is_solved_with_a_note_and_a_line_that_was_seen_before_it_is_sent() {
        let (rung, done) = after(&[
            SOLVED,
            Said::Wrote(" Cable was loose. "),
            Said::Wrote("Glad it wroks"),
        ]);
        assert!(!done);
        assert_eq!(rung.asks, Asks::Check);
        let (rung, done) = after(&[
            SOLVED,
            Said::Wrote("Cable was loose."),
            Said::Wrote("Glad it wroks"),
            CHANGE,
            Said::Wrote("Glad it works"),
            SEND,
        ]);
        assert!(done);
        assert_eq!(rung.result(), Some(CallResult::Solved));
        assert_eq!(rung.note.unwrap().reveal(), "Cable was loose.");
        assert_eq!(rung.told.unwrap().reveal(), "Glad it works");
    }

    #[test]
    fn nothing_need_be_written() {
        let (rung, done) = after(&[SOLVED, SKIP, SKIP]);
        assert!(done);
        assert_eq!((rung.note, rung.told), (None, None));
        let (rung, done) = after(&[NO_ANSWER]);
        assert!(done);
        assert_eq!(rung.result(), Some(CallResult::NoAnswer));
    }

    #[test]
    fn a_follow_up_wants_its_time() {
        let (rung, done) = after(&[FOLLOW_UP, SKIP, Said::Wrote("soon"), SKIP, SKIP]);
        assert!(!done);
        assert_eq!((rung.asks, rung.result()), (Asks::When, None));
        let (rung, done) = after(&[FOLLOW_UP, Said::Wrote("tomorrow 9"), SKIP, SKIP]);
        assert!(done);
        let at = "2026-11-23T09:00:00Z".parse().unwrap();
        assert_eq!(rung.result(), Some(CallResult::FollowUp { at }));
        let (rung, _) = after(&[FOLLOW_UP, Said::Pressed(Press::Choice(1)), SKIP, SKIP]);
        assert_eq!(rung.at(), Some("2026-11-22T11:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_too_long_is_asked_for_again() {
        let long = "x".repeat(LONGEST + 1);
        let (rung, _) = after(&[SOLVED, Said::Wrote(&long)]);
        assert_eq!(rung.asks, Asks::Note);
        assert_eq!(rung.note, None);
    }

    fn said() -> impl Strategy<Value = (Option<u8>, String)> {
        (prop::option::of(0..15_u8), "[a-z0-9: ]{0,12}")
    }

    proptest! {
        #[test]
        fn only_what_was_shown_is_sent_and_what_is_done_has_a_result(
            answers in prop::collection::vec(said(), 0..12),
        ) {
            let others = [Press::Skip, Press::Send, Press::Change, Press::Cancel, Press::Claim];
            let mut rung = Rung::new(CallbackId(1));
            for (press, text) in &answers {
                let said = match press {
                    Some(choice @ 0..10) => Said::Pressed(Press::Choice(*choice)),
                    Some(other) => Said::Pressed(others[usize::from(other - 10)]),
                    None => Said::Wrote(text),
                };
                let before = rung.clone();
                match rung.clone().next(said, &times()) {
                    Next::Ask(next) => rung = next,
                    Next::Again(why) => prop_assert!(!why.is_empty()),
                    Next::Done(done) => {
                        prop_assert!(done.result().is_some());
                        prop_assert!(done.told.is_none() || before.asks == Asks::Check);
                        break;
                    }
                }
            }
        }

        #[test]
        fn it_is_kept_as_it_was(text in "\\PC{1,40}") {
            let (rung, _) = after(&[SOLVED, Said::Wrote(&text)]);
            let kept = serde_json::to_string(&rung).unwrap();
            prop_assert_eq!(serde_json::from_str::<Rung>(&kept).unwrap(), rung);
        }
    }
}
