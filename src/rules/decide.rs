//! `decide`: the rule of three, whole and pure.

use super::Rules;
use crate::domain::{
    decision::{Decision, Event},
    thread::State,
    time::Timestamp,
};

/// What the rules make of an event.
#[must_use]
pub fn decide(_rules: &Rules, state: &State, _event: &Event, _now: Timestamp) -> Decision {
    Decision {
        state: state.clone(),
        verdict: None,
        effects: Vec::new(),
        follow_ups: Vec::new(),
    }
}
