//! What a button under a post says: the post's opaque token, and one letter for what was pressed. It
//! says nothing of whom it is about, and grants nothing: whoever presses it is checked each time.

use crate::domain::ids::ButtonToken;

/// What somebody can press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Press {
    /// Card: take the callback.
    Claim,
    /// Card: go on in text; asks why.
    KeepTyping,
    /// Card: rung; asks what came of it.
    Done,
    /// Card: rung, and nobody answered.
    NoAnswer,
    /// Card: ring at another time; asks when.
    Later,
    /// Card: send the form for a call's details.
    Form,
    /// Card: show the newest messages.
    Show,
    /// Card: give it back.
    Release,
    /// Nudge: still on it.
    Renew,
    /// Queue card: take the next callback.
    TakeNext,
    /// Incident: hold its callbacks back.
    Hold,
    /// Incident: not one; let its callbacks through.
    Dismiss,
    /// Incident: it is over.
    EndIncident,
    /// Notice: seen to.
    SeenTo,
    /// Notice: send the message again that may not have arrived.
    SendAgain,
    /// Doubt: it was thanks, the case is solved.
    Solved,
    /// Doubt: it was not.
    LookAgain,
    /// Dialogue: one of the choices, from 0 to 9.
    Choice(u8),
    /// Dialogue: nothing to say.
    Skip,
    /// Dialogue: send what is shown.
    Send,
    /// Dialogue: write it anew.
    Change,
    /// Dialogue: leave it.
    Cancel,
}

impl Press {
    /// The letter of each but the choices, whose letter is their digit.
    const LETTERS: [(Self, char); 21] = [
        (Self::Claim, 'c'),
        (Self::KeepTyping, 'k'),
        (Self::Done, 'd'),
        (Self::NoAnswer, 'n'),
        (Self::Later, 'l'),
        (Self::Form, 'f'),
        (Self::Show, 's'),
        (Self::Release, 'r'),
        (Self::Renew, 'w'),
        (Self::TakeNext, 't'),
        (Self::Hold, 'h'),
        (Self::Dismiss, 'i'),
        (Self::EndIncident, 'e'),
        (Self::SeenTo, 'o'),
        (Self::SendAgain, 'a'),
        (Self::Solved, 'y'),
        (Self::LookAgain, 'g'),
        (Self::Skip, 'S'),
        (Self::Send, 'Y'),
        (Self::Change, 'C'),
        (Self::Cancel, 'X'),
    ];

    /// What the button under a post says: at most 50 bytes of the 64 that Telegram allows.
    pub(super) fn data(self, token: &ButtonToken) -> String {
        format!("{}.{}", token.as_str(), self.letter())
    }

    /// Reads what a button said. `None`: it is none of ours.
    pub(super) fn parse(data: &str) -> Option<(ButtonToken, Self)> {
        let (token, letter) = data.rsplit_once('.')?;
        let token = ButtonToken::parse(token).ok()?;
        let mut letters = letter.chars();
        let press = Self::of_letter(letters.next()?)?;
        letters.next().is_none().then_some((token, press))
    }

    fn letter(self) -> char {
        if let Self::Choice(choice) = self {
            return char::from_digit(u32::from(choice % 10), 10).unwrap_or('0');
        }
        let of = |(press, _): &&(Self, char)| *press == self;
        Self::LETTERS
            .iter()
            .find(of)
            .map_or('X', |(_, letter)| *letter)
    }

    fn of_letter(letter: char) -> Option<Self> {
        if let Some(choice) = letter.to_digit(10) {
            return Some(Self::Choice(u8::try_from(choice).ok()?));
        }
        let of = |(_, other): &&(Self, char)| *other == letter;
        Self::LETTERS.iter().find(of).map(|(press, _)| *press)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_button_has_a_letter_of_its_own() {
        let letters: HashSet<char> = Press::LETTERS.iter().map(|(_, letter)| *letter).collect();
        assert_eq!(letters.len(), Press::LETTERS.len());
        let presses: HashSet<Press> = Press::LETTERS.iter().map(|(press, _)| *press).collect();
        assert_eq!(presses.len(), Press::LETTERS.len());
    }

    #[test]
    fn what_no_button_of_ours_says_is_refused() {
        for data in [
            "", ".", ".c", "a", "a.", "a.cc", "a.?", "a b.c", "a.é", "a.11",
        ] {
            assert_eq!(Press::parse(data), None, "{data}");
        }
    }

    fn presses() -> impl Strategy<Value = Press> {
        let named = (0..Press::LETTERS.len()).prop_map(|index| Press::LETTERS[index].0);
        prop_oneof![named, (0..10_u8).prop_map(Press::Choice)]
    }

    proptest! {
        #[test]
        fn a_button_is_read_as_it_was_written(token in "[a-z0-9_]{1,48}", press in presses()) {
            let token = ButtonToken::parse(&token).unwrap();
            let data = press.data(&token);
            prop_assert!(data.len() <= 64);
            prop_assert_eq!(Press::parse(&data), Some((token, press)));
        }

        #[test]
        fn no_payload_makes_it_fail(data in "\\PC*|.*") {
            let _ = Press::parse(&data);
        }
    }
}
