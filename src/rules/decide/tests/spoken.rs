//! When Ringback says something to the customer by itself, and when it leaves that to the desk.

use super::script::Thread;
use crate::domain::{
    callback::CallResult,
    decision::{
        Notice,
        Utterance::{self, DataHidden, DetailsAsked, IdentityNeeded},
    },
    thread::ReminderKind,
};

/// What is said in a thread of these lines, whose customer's number is known.
fn said(lines: &[&str]) -> Vec<Utterance> {
    let mut thread = Thread::new();
    thread.state.customer.number_known = true;
    for line in lines {
        thread.hears(line);
    }
    thread.spoken()
}

#[test]
fn hidden_data_is_told_once_a_turn_of_the_customers() {
    assert_eq!(said(&["c confidential"]), [DataHidden]);
    assert_eq!(
        said(&["c", "c confidential", "c confidential"]),
        [DataHidden]
    );
    assert_eq!(
        said(&["c confidential", "a", "c confidential"]),
        [DataHidden, DataHidden]
    );
    assert_eq!(said(&["c identifying"]), []);
    assert_eq!(said(&["c", "a confidential"]), [], "of ours nobody is told");
}

#[test]
fn hidden_data_is_told_after_the_case_is_solved_and_when_it_comes_late() {
    assert_eq!(
        said(&["c", "a", "c thanks", "c confidential thanks"]),
        [DataHidden]
    );
    assert_eq!(said(&["c", "a", "c@-10m confidential"]), [DataHidden]);
}

#[test]
fn a_check_is_told_once_a_case() {
    let lines = ["c needed", "a", "c needed"];
    assert_eq!(said(&lines), [IdentityNeeded]);
    assert_eq!(
        said(&["c needed confidential"]),
        [DataHidden, IdentityNeeded]
    );
    let next_case = ["c needed", "a", "c thanks", "c+80h needed"];
    assert_eq!(said(&next_case), [IdentityNeeded, IdentityNeeded]);
}

#[test]
fn in_public_nothing_is_said_and_the_desk_is_asked_to() {
    let mut thread = Thread::new();
    thread.hears("c public needed confidential");
    assert_eq!(thread.spoken(), []);
    assert!(thread.told(&Notice::HidePost));
    let utterance = IdentityNeeded;
    assert!(thread.told(&Notice::SayYourself { utterance }));
    thread.hears("c confidential");
    assert_eq!(
        thread.spoken(),
        [DataHidden],
        "the same turn, now in private"
    );
}

#[test]
fn strangers_and_whoever_is_no_customer_hear_nothing() {
    assert_eq!(said(&["c by=@kim", "c by=@lee confidential needed"]), []);
}

#[test]
fn a_channel_that_is_only_watched_hears_nothing() {
    let mut thread = Thread::new();
    thread.rules.defaults.watch = true;
    thread.hears("c confidential needed");
    assert_eq!(thread.spoken(), []);
}

#[test]
fn a_line_of_ringbacks_own_answers_nothing() {
    let mut thread = Thread::new();
    thread.hears("c");
    let before = thread.state.clone();
    thread.plays(&[("b own asks promises reports", "[1.1] none")]);
    assert_eq!(thread.state, before);
    assert!(before.thread.context.unanswered);
    assert_eq!(thread.reminder(), Some(ReminderKind::Answer));
    thread.hears("b reports");
    assert!(!thread.state.thread.context.unanswered, "another bot may");
}

#[test]
fn a_call_is_offered_when_it_is_loud() {
    let loud = ["c", "a", "c"];
    let hears = |lines: &[&str]| {
        let mut thread = Thread::new();
        for line in lines {
            thread.hears(line);
        }
        thread
    };
    assert_eq!(hears(&loud).spoken(), [DetailsAsked]);
    assert_eq!(hears(&["c", "a asks", "c answers"]).spoken(), []);
    let mut watched = Thread::new();
    watched.rules.defaults.watch = true;
    for line in loud {
        watched.hears(line);
    }
    assert_eq!(watched.spoken(), []);
}

#[test]
fn who_holds_to_text_is_offered_no_call_by_whatever_an_agent_does() {
    let mut thread = Thread::new();
    thread.state.customer.number_known = true;
    thread.plays(&[("c call", "callback [1.1] wants_call")]);
    thread.claim("ana");
    assert_eq!(thread.spoken(), [Utterance::CallComing]);
    thread.plays(&[("c text", "hold_text [1.1] wants_text")]);
    thread.schedule("ana", "2h");
    thread.claim("ana");
    thread.finish("ana", CallResult::NoAnswer);
    assert_eq!(thread.spoken(), [Utterance::CallComing]);
    assert!(thread.state.callback.is_none(), "it is nobody's now");
}
