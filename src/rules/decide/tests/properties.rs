//! What holds for every history.

use proptest::prelude::*;

use super::script::{Thread, channel};
use crate::domain::{
    callback::Outcome,
    decision::{Action, Event, RuleName},
    thread::EXCHANGES_KEPT,
};

#[derive(Debug, Clone)]
enum Happens {
    Line(String),
    Tick(u32),
    Claim,
    Done(Outcome),
}

fn line() -> impl Strategy<Value = Happens> {
    let delay = prop_oneof![
        4 => Just(String::new()),
        2 => (1u32..120).prop_map(|minutes| format!("+{minutes}m")),
        1 => (1u32..200).prop_map(|hours| format!("+{hours}h")),
        1 => (1u32..300).prop_map(|minutes| format!("@-{minutes}m")),
    ];
    let customers = prop::sample::select(vec![
        "",
        " thanks",
        " waiting",
        " waiting_us",
        " call",
        " text",
        " always",
        " unsolved",
        " answers",
        " ack",
        " urgent",
        " needed",
        " confidential",
        " thanks urgent",
        " text unsolved",
        " call confidential",
    ]);
    let agents = prop::sample::select(vec![
        "",
        " asks",
        " promises",
        " reports",
        " asks_confidential",
    ]);
    (0u8..5, delay, customers, agents).prop_map(|(party, delay, customer, agent)| {
        Happens::Line(match party {
            0..=2 => format!("c{delay}{customer}"),
            3 => format!("a{delay}{agent}"),
            _ => format!("b{delay}{agent}"),
        })
    })
}

fn history() -> impl Strategy<Value = Vec<Happens>> {
    let happens = prop_oneof![
        8 => line(),
        1 => (0u32..2_000).prop_map(Happens::Tick),
        1 => Just(Happens::Claim),
        1 => prop::sample::select(vec![Outcome::Solved, Outcome::Declined]).prop_map(Happens::Done),
    ];
    prop::collection::vec(happens, 1..120)
}

/// Plays a history and shows each line's verdict to `check`.
fn play(
    history: &[Happens],
    mut check: impl FnMut(&Thread, &crate::domain::decision::Verdict, bool),
) -> Thread {
    let mut thread = Thread::new();
    for happens in history {
        match happens {
            Happens::Line(line) => {
                let held = is_held(&thread);
                let verdict = thread.hears(line);
                check(&thread, &verdict, held);
            }
            Happens::Tick(minutes) => thread.tick_after(&format!("{minutes}m")),
            Happens::Claim if thread.state.callback.is_some() => thread.claim("ana"),
            Happens::Done(outcome) if thread.state.callback.is_some() => {
                thread.finish("ana", *outcome)
            }
            Happens::Claim | Happens::Done(_) => {}
        }
    }
    thread
}

fn is_held(thread: &Thread) -> bool {
    thread.state.customer.text_always.is_some()
        || thread
            .state
            .thread
            .case
            .as_ref()
            .is_some_and(|case| case.hold.is_some())
}

proptest! {
    #[test]
    fn a_spurious_tick_does_nothing(history in history()) {
        let mut thread = play(&history, |_, _, _| {});
        thread.tick_after("0s");
        let (state, effects) = (thread.state.clone(), thread.effects.len());
        for _ in 0..3 {
            if thread.state.wake_at().is_none() {
                break;
            }
            let decision = thread.decide(&Event::Tick { channel: channel() });
            prop_assert_eq!(&decision.state, &state);
        }
        prop_assert_eq!(thread.effects.len(), effects);
    }

    #[test]
    fn a_case_has_at_most_one_open_callback(history in history()) {
        let mut open_before = false;
        play(&history, |thread, verdict, _| {
            let opened = verdict.actions.contains(&Action::Callback);
            let withdrawn = verdict.actions.contains(&Action::WithdrawCallback);
            assert!(!opened || thread.state.callback.is_some());
            assert!(!withdrawn || thread.state.callback.is_none());
            open_before = thread.state.callback.is_some();
        });
        let mut open = 0i32;
        let thread = play(&history, |_, _, _| {});
        for effect in &thread.effects {
            match effect {
                crate::domain::decision::Effect::PromptDesk { .. } => open += 1,
                crate::domain::decision::Effect::CloseCard { .. } => open -= 1,
                _ => {}
            }
            prop_assert!((0..=1).contains(&open));
        }
        prop_assert_eq!(open == 1, thread.state.callback.is_some());
    }

    #[test]
    fn a_hold_is_broken_by_nothing_but_the_customers_own_wish(history in history()) {
        play(&history, |_, verdict, held| {
            if held && verdict.actions.contains(&Action::Callback) {
                // A new case may have ended a hold that bound the old one only.
                assert!(verdict.rule == RuleName::WantsCall || verdict.exchange == 1);
            }
        });
    }

    #[test]
    fn exchange_numbers_never_fall_within_a_case(history in history()) {
        let mut newest = (0, 0);
        play(&history, |thread, verdict, _| {
            let newest_now = thread.state.thread.exchanges.last().map_or((0, 0), |last| (last.case, last.number));
            assert!(newest_now >= newest, "{newest_now:?} after {newest:?}");
            assert!((verdict.case, verdict.exchange) <= newest_now);
            newest = newest_now;
        });
    }

    #[test]
    fn exchanges_stay_in_order_and_bounded(history in history()) {
        play(&history, |thread, _, _| {
            let exchanges = &thread.state.thread.exchanges;
            assert!(exchanges.len() <= EXCHANGES_KEPT);
            for pair in exchanges.windows(2) {
                assert!(pair[0].last_at <= pair[1].first_at, "{pair:?}");
                assert!((pair[0].case, pair[0].number) <= (pair[1].case, pair[1].number), "{pair:?}");
            }
        });
    }

    #[test]
    fn a_late_message_resolves_reopens_and_rings_by_count_never(history in history()) {
        play(&history, |_, verdict, _| {
            if verdict.rule == RuleName::Late {
                let allowed = [Action::Mask, Action::FlagIdentity, Action::WarnIdentity, Action::HoldText, Action::WithdrawCallback];
                assert!(verdict.actions.iter().all(|action| allowed.contains(action)));
            }
        });
    }

    #[test]
    fn a_resolved_case_never_prompts_by_the_count(history in history()) {
        play(&history, |thread, verdict, _| {
            if verdict.actions.contains(&Action::Resolve) {
                assert!(thread.state.callback.as_ref().is_none_or(|callback| !callback.is_unclaimed()));
                assert!(!verdict.actions.contains(&Action::Callback));
            }
        });
    }

    #[test]
    fn the_same_history_decides_the_same(history in history()) {
        let mut verdicts = Vec::new();
        let first = play(&history, |_, verdict, _| verdicts.push(verdict.clone()));
        let mut again = verdicts.iter();
        let second = play(&history, |_, verdict, _| assert_eq!(again.next(), Some(verdict)));
        prop_assert_eq!(first.state, second.state);
    }

    #[test]
    fn the_state_survives_being_stored(history in history()) {
        let thread = play(&history, |_, _, _| {});
        let json = serde_json::to_string(&thread.state.thread).expect("serialises");
        let back: crate::domain::thread::ThreadState = serde_json::from_str(&json).expect("parses");
        prop_assert_eq!(back, thread.state.thread);
    }
}
