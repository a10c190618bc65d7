//! What holds for every history.

use proptest::prelude::*;

use super::{
    super::no_call,
    script::{Thread, channel},
};
use crate::domain::{
    callback::{CallResult, CallbackStatus, KeepTyping},
    decision::{Action, Effect, Event, NoCall, RuleName},
    thread::{EXCHANGES_KEPT, State},
};

#[derive(Debug, Clone)]
enum Happens {
    Line(String),
    Tick(u32),
    Claim(&'static str),
    Release,
    Schedule(&'static str, u32),
    KeepTyping(&'static str, KeepTyping),
    Unmute,
    ChooseCall,
    ChooseText,
    Correct(usize, &'static str),
    Done(CallResult),
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

fn corrections() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "thanks", "answers", "ack", "thanks urgent"])
}

fn history() -> impl Strategy<Value = Vec<Happens>> {
    let who = || prop::sample::select(vec!["ana", "ben"]);
    let why = prop::sample::select(vec![KeepTyping::Answering, KeepTyping::NotACustomer]);
    let happens = prop_oneof![
        8 => line(),
        1 => (0u32..2_000).prop_map(Happens::Tick),
        1 => who().prop_map(Happens::Claim),
        1 => Just(Happens::Release),
        1 => (who(), 0u32..600).prop_map(|(by, minutes)| Happens::Schedule(by, minutes)),
        1 => (who(), why).prop_map(|(by, why)| Happens::KeepTyping(by, why)),
        1 => Just(Happens::Unmute),
        1 => Just(Happens::ChooseCall),
        1 => Just(Happens::ChooseText),
        2 => (0usize..6, corrections()).prop_map(|(back, marks)| Happens::Correct(back, marks)),
        1 => prop::sample::select(vec![CallResult::Solved, CallResult::Declined]).prop_map(Happens::Done),
    ];
    prop::collection::vec(happens, 1..120)
}

/// How things stood just before a line.
struct Before {
    held: bool,
    effects: usize,
}

/// Plays a history and shows each line's verdict to `check`.
fn play(
    history: &[Happens],
    mut check: impl FnMut(&Thread, &crate::domain::decision::Verdict, Before),
) -> Thread {
    let mut thread = Thread::new();
    for happens in history {
        match happens {
            Happens::Line(line) => {
                let before = Before {
                    held: is_held(&thread),
                    effects: thread.effects.len(),
                };
                let verdict = thread.hears(line);
                check(&thread, &verdict, before);
            }
            Happens::Tick(minutes) => thread.tick_after(&format!("{minutes}m")),
            Happens::Unmute => {
                thread.decide(&Event::Unmuted { channel: channel() });
            }
            Happens::ChooseCall => {
                let (barred, open) = (is_barred(&thread), thread.state.callback.clone());
                thread.choose_call();
                let now_open = &thread.state.callback;
                assert!(
                    !barred || *now_open == open,
                    "rung against a wish: {now_open:?}"
                );
                assert!(
                    open.is_none() || *now_open == open,
                    "one was open: {now_open:?}"
                );
            }
            Happens::ChooseText => thread.choose_text(),
            Happens::Correct(back, marks) => {
                if let Some(index) = thread.heard.len().checked_sub(back + 1) {
                    thread.correct(index, marks);
                }
            }
            at_the_desk if thread.state.callback.is_some() => works(&mut thread, at_the_desk),
            _ => {}
        }
    }
    thread
}

/// An agent does something with the open callback.
fn works(thread: &mut Thread, happens: &Happens) {
    match happens {
        Happens::Claim(by) => thread.claim(by),
        Happens::Release => thread.release(),
        Happens::Schedule(by, minutes) => thread.schedule(by, &format!("{minutes}m")),
        Happens::KeepTyping(by, why) => thread.keep_typing(by, *why),
        Happens::Done(outcome) => thread.finish("ana", *outcome),
        Happens::Line(_)
        | Happens::Tick(_)
        | Happens::Unmute
        | Happens::ChooseCall
        | Happens::ChooseText
        | Happens::Correct(..) => {}
    }
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

/// Nobody may ring this customer.
fn is_barred(thread: &Thread) -> bool {
    let customer = &thread.state.customer;
    is_held(thread)
        || customer.do_not_call
        || matches!(no_call(&thread.state, thread.now), Some(NoCall::Muted))
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
            let decision = thread.decide(&Event::Tick { channel: channel(), owner_on_shift: true });
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
                Effect::PromptDesk { .. } => open += 1,
                Effect::CloseCard { .. } => open -= 1,
                _ => {}
            }
            prop_assert!((0..=1).contains(&open));
        }
        prop_assert_eq!(open == 1, thread.state.callback.is_some());
    }

    #[test]
    fn a_hold_is_broken_by_nothing_but_the_customers_own_wish(history in history()) {
        play(&history, |_, verdict, before| {
            if before.held && verdict.actions.contains(&Action::Callback) {
                // A new case may have ended a hold that bound the old one only.
                assert!(verdict.rule == RuleName::WantsCall || verdict.exchange == 1);
            }
        });
    }

    #[test]
    fn who_chooses_text_in_a_form_is_rung_only_by_who_has_the_callback_already(history in history()) {
        let mut thread = play(&history, |_, _, _| {});
        let counted = thread.state.thread.exchanges.clone();
        let has_case = thread.state.thread.case.is_some();
        thread.choose_text();
        let callback = thread.state.callback.as_ref();
        prop_assert!(callback.is_none_or(|callback| !callback.is_unclaimed()));
        prop_assert_eq!(is_held(&thread), has_case || thread.state.customer.text_always.is_some());
        prop_assert_eq!(&thread.state.thread.exchanges, &counted);
        let effects = thread.effects.len();
        let state = thread.state.clone();
        thread.choose_text();
        prop_assert_eq!(&thread.state, &state);
        let tells_its_agent = |effect: &Effect| matches!(effect, Effect::UpdateCard { .. });
        prop_assert!(thread.effects[effects..].iter().all(tells_its_agent));
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
    fn a_callback_is_somebodys_or_shown_to_all_or_wakes_up(history in history()) {
        let thread = play(&history, |_, _, _| {});
        if let Some(callback) = &thread.state.callback {
            let wakes = thread.state.wake_at();
            match callback.status {
                CallbackStatus::Due => prop_assert!(!is_held(&thread) || !callback.is_unclaimed()),
                CallbackStatus::Claimed { .. } => {}
                CallbackStatus::NoAnswer { until: at } | CallbackStatus::Scheduled { at, .. } => prop_assert!(wakes.is_some_and(|wakes| wakes <= at)),
            }
        }
    }

    #[test]
    fn nobody_is_rung_and_no_desk_is_told_while_the_author_is_muted(history in history()) {
        play(&history, |thread, verdict, before| {
            if verdict.reason == "an agent said that the author is no customer" {
                assert!(!verdict.actions.contains(&Action::Callback));
                let newly = &thread.effects[before.effects..];
                let tells = |effect: &Effect| matches!(effect, Effect::PromptDesk { .. } | Effect::TellDesk { .. });
                assert!(!newly.iter().any(tells));
            }
        });
    }

    #[test]
    fn a_correction_keeps_the_count_and_its_repetition_changes_nothing_more(
        history in history(), back in 0usize..9, marks in corrections(),
    ) {
        let mut thread = play(&history, |_, _, _| {});
        let Some(index) = thread.heard.len().checked_sub(back + 1) else { return Ok(()) };
        let counted = thread.state.thread.exchanges.clone();
        let case = thread.state.thread.case.as_ref().map(|case| case.number);
        let verdict = thread.correct(index, marks);
        prop_assert_eq!(thread.heard[index].2, (verdict.case, verdict.exchange));
        let (state, effects) = (thread.state.clone(), thread.effects.len());
        thread.correct(index, marks);
        prop_assert_eq!((&thread.state, thread.effects.len()), (&state, effects));
        prop_assert_eq!(state.thread.exchanges, counted);
        prop_assert_eq!(state.thread.case.map(|case| case.number), case);
    }

    #[test]
    fn a_corrected_thread_stands_as_if_the_newest_message_had_been_read_so_at_first(
        history in history(), was_thanks in any::<bool>(), kind in prop::sample::select(vec!["", " answers", " ack"]),
        ours in prop::sample::select(vec![None, Some("a"), Some("a reports")]),
    ) {
        let (thanks, other) = (format!("c{kind} thanks"), format!("c{kind}"));
        let play_on = |line: &str| {
            let mut thread = play(&history, |_, _, _| {});
            let verdict = thread.hears(line);
            ours.map(|ours| thread.hears(ours));
            (thread, verdict)
        };
        let (read, expected) = if was_thanks { (&thanks, &other) } else { (&other, &thanks) };
        let (mut corrected, first) = play_on(read);
        let (expected, at_first) = play_on(expected);
        // Where the other reading would have begun another case, the numbers stay all the same;
        // and after the end of a case a courtesy is no new thanks.
        let counts = (first.case, first.exchange) == (at_first.case, at_first.exchange);
        let decided = [&first, &at_first].iter().any(|verdict| verdict.rule == RuleName::Thanks);
        if !counts || !decided {
            return Ok(());
        }
        let index = corrected.heard.len() - if ours.is_some() { 2 } else { 1 };
        corrected.correct(index, if was_thanks { "" } else { "thanks" });
        let (is, should) = (&corrected.state, &expected.state);
        prop_assert_eq!(&is.thread.context, &should.thread.context);
        prop_assert_eq!(&is.thread.reminder, &should.thread.reminder);
        let status = |state: &State| state.thread.case.as_ref().map(|case| (case.status.clone(), case.waits_for, case.let_pass));
        prop_assert_eq!(status(is), status(should));
        let rings = |state: &State| state.callback.as_ref().map(|callback| (callback.asked, callback.urgent));
        prop_assert_eq!(rings(is), rings(should));
        // A card that has rung cannot be made not to have rung.
        let is_soft = |state: &State| state.callback.as_ref().is_some_and(|callback| callback.soft.is_some());
        prop_assert!(!is_soft(is) || is_soft(should));
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
