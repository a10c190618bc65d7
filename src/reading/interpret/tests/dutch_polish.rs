//! Signs found in Dutch and Polish, whatever the model weighs.

use super::{
    super::{Clues, Sign},
    READER,
};
use crate::domain::reading::Language;

const FOUND: &[(&str, &str, Sign)] = &[
    ("nl", "hartstikke bedankt hoor", Sign::Thanks),
    ("nl", "tis gelukt!", Sign::Solved),
    ("nl", "alvast bedankt", Sign::NoThanks),
    ("nl", "hij doet het nog steeds niet", Sign::Unsolved),
    ("nl", "Bel me even terug aub", Sign::WantsCall),
    ("nl", "ik ben slechthorend", Sign::WantsTextAlways),
    ("nl", "doe ik vanavond", Sign::WillAct),
    ("pl", "dzieki wielkie", Sign::Thanks),
    ("pl", "udało się", Sign::Solved),
    ("pl", "z góry dziękuję", Sign::NoThanks),
    ("pl", "dalej nie działa", Sign::Unsolved),
    ("pl", "proszę o telefon", Sign::WantsCall),
    ("pl", "jestem niesłysząca", Sign::WantsTextAlways),
    ("pl", "dam znać jutro", Sign::WillAct),
];

#[test]
fn dutch_and_polish_signs_are_found() {
    for (language, text, sign) in FOUND {
        let scan = READER.scan(text, None);
        let clues = Clues::new(&scan, Language::parse(language));
        assert!(clues.has(*sign), "{language}: {text}");
    }
}
