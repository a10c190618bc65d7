//! What holds for every life, whatever happens in it and whatever the rules are.

use proptest::prelude::*;

use super::*;
use crate::domain::{callback::IncidentId, decision::Utterance, time::after};

const ACCOUNTS: [&str; 3] = ["ana", "ben", "cy"];

fn any_event() -> impl Strategy<Value = CallbackEvent> {
    let who = || prop::sample::select(ACCOUNTS.to_vec()).prop_map(account);
    let when = || (0u32..20_000).prop_map(minute);
    let why = prop::sample::select(vec![KeepTyping::Answering, KeepTyping::NotACustomer]);
    let result = prop_oneof![
        6 => Just(CallResult::NoAnswer),
        2 => Just(CallResult::WrongNumber),
        1 => Just(CallResult::Solved),
        1 => Just(CallResult::Declined),
        1 => when().prop_map(|at| CallResult::FollowUp { at }),
    ];
    prop_oneof![
        4 => (3u32..9, any::<bool>())
            .prop_map(|(exchange, answers)| CallbackEvent::CustomerWrote { exchange, answers }),
        2 => Just(CallbackEvent::CallAsked),
        2 => Just(CallbackEvent::BecameUrgent),
        4 => prop::option::of(who()).prop_map(|by| CallbackEvent::WeAnswered { by }),
        1 => Just(CallbackEvent::Thanked),
        1 => Just(CallbackEvent::TextWished),
        1 => Just(CallbackEvent::CallsForbidden),
        1 => Just(CallbackEvent::NumberFound),
        4 => when().prop_map(|at| CallbackEvent::TimeChosen { at }),
        12 => who().prop_map(|by| CallbackEvent::Claimed { by }),
        3 => who().prop_map(|by| CallbackEvent::Renewed { by }),
        3 => Just(CallbackEvent::Released),
        3 => who().prop_map(|by| CallbackEvent::HandedOver { by }),
        6 => (who(), when()).prop_map(|(by, at)| CallbackEvent::Scheduled { by, at }),
        1 => (who(), why).prop_map(|(by, why)| CallbackEvent::TypingKept { by, why }),
        12 => (who(), result).prop_map(|(by, result)| CallbackEvent::Rung { by, result }),
        2 => Just(CallbackEvent::Parked { incident: IncidentId(7) }),
        2 => Just(CallbackEvent::Unparked),
        4 => any::<bool>().prop_map(|owner_on_shift| CallbackEvent::Ticked { owner_on_shift }),
    ]
}

/// So many minutes after New Year 2026.
fn minute(minutes: u32) -> Timestamp {
    after(at("1 00:00"), Length::minutes(minutes))
}

fn any_terms() -> impl Strategy<Value = Goes> {
    let places = [
        vec!["UTC"],
        vec!["America/New_York"],
        vec!["America/New_York", "America/Los_Angeles"],
        vec!["Asia/Kolkata", "Pacific/Auckland"],
        // It is always quiet somewhere.
        vec!["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"],
    ];
    let quiet = [QuietHours::at_night(), QuietHours::never()];
    (
        prop::sample::select(places.to_vec()),
        prop::sample::select(quiet.to_vec()),
        any::<(bool, bool, bool)>(),
        (1u32..120, 1u32..120, 1u32..120),
        0u32..5,
        prop::collection::vec((1u32..3_000).prop_map(Length::minutes), 1..4),
    )
        .prop_map(|(zones, quiet, flags, lengths, attempts, retry_after)| {
            let (number_known, on_call, always_open) = flags;
            let (soft_wait, claim_within, claim_lease) = lengths;
            Goes {
                hours: if always_open { Hours::always() } else { week() },
                quiet,
                zones: zones.into_iter().map(zone).collect(),
                number_known,
                on_call,
                soft_wait: Length::minutes(soft_wait),
                claim_within: Length::minutes(claim_within),
                claim_lease: Length::minutes(claim_lease),
                attempts,
                retry_after,
            }
        })
}

/// How it opens, what it goes by, what happens after so many minutes each.
type Told = (Opening, Goes, Vec<(u32, CallbackEvent)>);

fn any_opening() -> impl Strategy<Value = Opening> {
    (any::<(bool, bool, bool)>(), prop::option::of(0u32..9_000)).prop_map(
        |((soft, asked, urgent), promised)| Opening {
            soft: soft && promised.is_none(),
            asked,
            urgent,
            owner: promised.map(|_| account("ana")),
            promised_for: promised.map(minute),
            ..by_the_count()
        },
    )
}

fn any_life() -> impl Strategy<Value = Told> {
    let happens = (0u32..600, any_event());
    let events = prop::collection::vec(happens, 0..30);
    (any_opening(), any_terms(), events)
}

/// One step of a life.
struct Moved<'a> {
    before: &'a Callback,
    event: &'a CallbackEvent,
    next: &'a Next,
    effects: &'a [Effect],
    terms: &'a Terms<'a>,
    now: Timestamp,
}

/// Lives a life, time and all, and shows each step to `check`. The callback and the time at its end,
/// if it is still open then.
fn lives(told: &Told, mut check: impl FnMut(&Moved<'_>)) -> Option<(Callback, Timestamp)> {
    let (opening, goes, events) = told;
    let terms = goes.terms();
    let mut now = minute(0);
    let (mut callback, _) = open(opening.clone(), &terms, now);
    let mut moves = |callback: &mut Callback, event: &CallbackEvent, now| {
        let step = step(callback, event, &terms, now);
        check(&Moved {
            before: callback,
            event,
            next: &step.next,
            effects: &step.effects,
            terms: &terms,
            now,
        });
        match step.next {
            Next::Open(next) => *callback = *next,
            Next::Ended(_) => return false,
        }
        true
    };
    for (minutes, event) in events {
        let next = after(now, Length::minutes(*minutes));
        while callback.wake_at <= next {
            now = now.max(callback.wake_at);
            let tick = CallbackEvent::Ticked {
                owner_on_shift: minutes % 2 == 0,
            };
            moves(&mut callback, &tick, now);
            assert!(callback.wake_at > now, "time stands still: {callback:?}");
        }
        now = next;
        if !moves(&mut callback, event, now) {
            return None;
        }
    }
    Some((callback, now))
}

proptest! {
    #[test]
    fn an_open_callback_always_wakes_up_and_each_time_moves_it_on(life in any_life()) {
        if let Some((mut callback, now)) = lives(&life, |_| {}) {
            let terms = life.1.terms();
            let tick = CallbackEvent::Ticked { owner_on_shift: true };
            let mut now = now;
            for _ in 0..20 {
                now = now.max(callback.wake_at);
                let Next::Open(next) = step(&callback, &tick, &terms, now).next else {
                    return Err(TestCaseError::fail("time alone ends none"));
                };
                callback = *next;
                prop_assert!(callback.wake_at > now, "{callback:?}");
            }
        }
    }

    #[test]
    fn nobody_takes_what_another_has(life in any_life()) {
        lives(&life, |moved| {
            let Some(holder) = moved.before.holder() else { return };
            match moved.next {
                Next::Open(next) => assert!(next.holder().is_none_or(|now| now == holder)),
                Next::Ended(CallbackEnd::Done { by, .. } | CallbackEnd::KeptTyping { by, .. }) => {
                    assert_eq!(by, holder);
                }
                Next::Ended(CallbackEnd::Exhausted) => {
                    let by_them = matches!(moved.event, CallbackEvent::Rung { by, .. } if by == holder);
                    assert!(by_them);
                }
                Next::Ended(CallbackEnd::Withdrawn) => panic!("{holder} has it"),
            }
        });
    }

    #[test]
    fn attempts_never_exceed_the_limit(life in any_life()) {
        lives(&life, |moved| {
            if let Next::Open(next) = moved.next {
                assert!(next.attempts <= moved.terms.attempts);
                assert!(next.attempts >= moved.before.attempts);
            }
        });
    }

    #[test]
    fn a_spurious_tick_does_nothing(life in any_life(), owner_on_shift in any::<bool>()) {
        let tick = CallbackEvent::Ticked { owner_on_shift };
        if let Some((callback, now)) = lives(&life, |_| {}) && callback.wake_at > now {
            let step = step(&callback, &tick, &life.1.terms(), now);
            prop_assert_eq!(step.next, Next::Open(Box::new(callback)));
            prop_assert_eq!(step.effects, []);
        }
    }

    #[test]
    fn what_happens_twice_changes_nothing_the_second_time(life in any_life(), event in any_event()) {
        let Some((callback, now)) = lives(&life, |_| {}) else { return Ok(()) };
        let terms = life.1.terms();
        let Next::Open(once) = step(&callback, &event, &terms, now).next else { return Ok(()) };
        let again = step(&once, &event, &terms, now);
        prop_assert_eq!(again.next, Next::Open(once));
        let by_the_customer = matches!(
            event,
            CallbackEvent::CustomerWrote { .. } | CallbackEvent::Thanked
                | CallbackEvent::CallsForbidden | CallbackEvent::NumberFound
                | CallbackEvent::TextWished | CallbackEvent::TimeChosen { .. }
        );
        for effect in again.effects {
            let shows = matches!(effect, Effect::UpdateCard { .. })
                || effect == Effect::Speak(Utterance::CallComing)
                    && event == CallbackEvent::NumberFound;
            prop_assert!(by_the_customer && shows, "{effect:?}");
        }
    }

    #[test]
    fn a_call_is_never_announced_while_the_customer_may_be_asleep(life in any_life()) {
        lives(&life, |moved| {
            if moved.effects.contains(&Effect::Speak(Utterance::CallComing)) {
                let terms = moved.terms;
                assert_eq!(terms.quiet.ends_after(moved.now, &terms.zones), None);
                assert!(terms.number_known);
            }
        });
    }

    #[test]
    fn a_promised_time_is_within_the_window(life in any_life()) {
        lives(&life, |moved| {
            let Next::Open(next) = moved.next else { return };
            if let Some(at) = next.promised_for() {
                assert_eq!(moved.terms.window(at), at);
                assert!(next.wake_at <= at);
            }
        });
    }

    #[test]
    fn no_incident_holds_back_what_somebody_has_or_asked_for(life in any_life()) {
        lives(&life, |moved| {
            if let Next::Open(next) = moved.next && next.incident.is_some() {
                assert!(next.is_unclaimed() && !next.asked && !next.urgent);
            }
        });
    }

    #[test]
    fn what_ends_says_so_first_and_once(life in any_life()) {
        lives(&life, |moved| {
            let closes = |effect: &&Effect| matches!(effect, Effect::CloseCard { .. });
            let closed = moved.effects.iter().filter(closes).count();
            match moved.next {
                Next::Open(_) => assert_eq!(closed, 0),
                Next::Ended(_) => {
                    assert_eq!(closed, 1);
                    assert!(moved.effects.first().is_some_and(|first| closes(&first)));
                }
            }
        });
    }
}
