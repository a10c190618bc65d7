//! Turns, on a clock of the tests' own.

use std::{collections::BTreeMap, time::Duration};

use proptest::{collection::vec, prelude::*};

use super::*;

const ROSA: ChatId = ChatId(7);
const GROUP: ChatId = ChatId(-100);

fn pace(per_second: u32, group_per_minute: u32) -> Pace {
    Pace::new(
        per_second.try_into().unwrap(),
        group_per_minute.try_into().unwrap(),
    )
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_000_000_000 + millis).unwrap()
}

/// When an item that asks again each time when it is told to may go.
fn goes(pace: &Pace, chat: ChatId, item: &str, mut now: Timestamp) -> Timestamp {
    loop {
        match pace.take(chat, item, Lane::First, now) {
            Ok(()) => return now,
            Err(after) => now = later(now, after),
        }
    }
}

#[test]
fn a_few_messages_go_to_a_person_at_once_and_then_one_a_second() {
    let pace = pace(30, 20);
    let went: Vec<_> = (0..6)
        .map(|item| goes(&pace, ROSA, &item.to_string(), at(0)))
        .collect();
    assert_eq!(went, [at(0), at(0), at(0), at(3000), at(4000), at(5000)]);
}

#[test]
fn a_clock_that_is_set_back_makes_nobody_wait_for_it() {
    let pace = pace(1, 1);
    assert!(pace.take(GROUP, "first", Lane::First, at(0)).is_ok());
    assert!(pace.take(GROUP, "second", Lane::First, at(10)).is_err());
    pace.hold(ROSA, Duration::from_secs(900), at(10));
    let an_hour_before = at(-3_600_000);
    assert!(
        pace.take(GROUP, "second", Lane::First, an_hour_before)
            .is_ok()
    );
    assert!(
        pace.take(GROUP, "third", Lane::First, an_hour_before)
            .is_err()
    );
}

#[test]
fn a_turn_is_kept_whoever_asks_in_between() {
    let pace = pace(1, 20);
    assert!(pace.take(ROSA, "first", Lane::First, at(0)).is_ok());
    let later = |millis| Err(Duration::from_millis(millis));
    assert_eq!(
        pace.take(ChatId(8), "second", Lane::First, at(100)),
        later(900)
    );
    assert_eq!(
        pace.take(ChatId(9), "third", Lane::First, at(200)),
        later(1800)
    );
    assert_eq!(
        pace.take(ChatId(8), "second", Lane::First, at(300)),
        later(700)
    );
    // It is the second's turn, and the third and whoever is new must not take it.
    assert_eq!(
        pace.take(ChatId(9), "third", Lane::First, at(1000)),
        later(1000)
    );
    assert_eq!(
        pace.take(ChatId(10), "new", Lane::First, at(1000)),
        later(2000)
    );
    assert!(
        pace.take(ChatId(8), "second", Lane::First, at(1000))
            .is_ok()
    );
    assert!(pace.take(ChatId(9), "third", Lane::First, at(2000)).is_ok());
}

#[test]
fn a_group_that_is_full_holds_nobody_else_up() {
    let pace = pace(30, 3);
    for item in ["a", "b", "c"] {
        assert_eq!(goes(&pace, GROUP, item, at(0)), at(0));
    }
    assert_eq!(goes(&pace, GROUP, "d", at(0)), at(60_000));
    assert_eq!(goes(&pace, ROSA, "e", at(10)), at(10));
}

#[test]
fn when_telegram_wants_nothing_more_the_whole_chat_waits() {
    let pace = pace(30, 20);
    pace.hold(GROUP, Duration::from_secs(40), at(0));
    let wait = Duration::from_secs(40);
    assert_eq!(pace.take(GROUP, "one", Lane::First, at(0)), Err(wait));
    assert!(
        pace.take(GROUP, "other", Lane::First, at(1))
            .is_err_and(|after| after >= wait)
    );
    assert_eq!(goes(&pace, ROSA, "hers", at(2)), at(2));
    assert_eq!(goes(&pace, GROUP, "one", at(3)), at(40_000));
}

#[test]
fn a_turn_that_is_given_back_or_never_taken_does_no_harm() {
    let pace = pace(1, 20);
    assert!(pace.take(ROSA, "first", Lane::First, at(0)).is_ok());
    assert!(pace.take(ROSA, "dropped", Lane::First, at(0)).is_err());
    pace.leave("dropped");
    assert!(pace.take(ROSA, "lost", Lane::First, at(0)).is_err());
    assert!(goes(&pace, ROSA, "new", at(0)) <= at(3000));
}

#[test]
fn nothing_is_remembered_of_chats_that_rest_and_turns_that_nobody_takes() {
    let pace = pace(100, 20);
    for chat in 0..500 {
        let _turn = pace.take(ChatId(chat), &format!("item {chat}"), Lane::First, at(chat));
    }
    let _turn = pace.take(ROSA, "the last", Lane::First, at(1_000_000));
    let turns = pace.turns.lock().unwrap();
    assert_eq!(turns.chats.len(), 1);
    assert!(turns.given.is_empty());
    assert_eq!(turns.over_all.sent.len(), 1);
}

/// The most of these in any span.
fn most_within(mut went: Vec<Timestamp>, span: Duration) -> usize {
    went.sort_unstable();
    let in_span = |(first, start): (usize, &Timestamp)| {
        let end = later(*start, span);
        went.iter().skip(first).take_while(|at| **at < end).count()
    };
    went.iter().enumerate().map(in_span).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn the_limits_hold_whatever_is_written_and_everything_goes_in_the_end(
        writes in vec((0_i64..4, 0_i64..20_000, 0_i64..3000), 1..80),
        per_second in 1_u32..8,
        group_per_minute in 1_u32..12,
    ) {
        let pace = pace(per_second, group_per_minute);
        // Each comes at its time, and asks again when it is told to, or a little late.
        let mut asks: BTreeMap<(Timestamp, usize), (ChatId, i64)> = writes
            .iter()
            .enumerate()
            .map(|(item, (chat, start, late))| ((at(*start), item), (ChatId(chat - 2), *late)))
            .collect();
        let mut went: BTreeMap<i64, Vec<Timestamp>> = BTreeMap::new();
        let mut asked = 0;
        while let Some(((now, item), (chat, late))) = asks.pop_first() {
            asked += 1;
            prop_assert!(asked < 100 * writes.len(), "somebody asks for ever");
            match pace.take(chat, &item.to_string(), Lane::First, now) {
                Ok(()) => went.entry(chat.0).or_default().push(now),
                Err(after) => {
                    prop_assert!(!after.is_zero());
                    let next = later(now, after + Duration::from_millis(late.unsigned_abs()));
                    asks.insert((next, item), (chat, late));
                }
            }
        }
        let all: Vec<_> = went.values().flatten().copied().collect();
        prop_assert_eq!(all.len(), writes.len());
        prop_assert!(most_within(all, SECOND) <= per_second as usize);
        for (chat, went) in went {
            prop_assert!(most_within(went.clone(), SECOND * BURST) <= BURST as usize);
            if chat < 0 {
                prop_assert!(most_within(went, MINUTE) <= group_per_minute as usize);
            }
        }
    }
}

#[test]
fn a_card_does_not_wait_behind_what_customers_wrote() {
    let pace = pace(30, 20);
    let now = at(50_000);
    // Far more wait than may go in many minutes, and each asks again when it is told to.
    let mut waiting: BTreeMap<(Timestamp, u32), ()> =
        (0..200).map(|item| ((at(0), item), ())).collect();
    let mut relayed = 0;
    while let Some(((when, item), ())) = waiting.pop_first()
        && when < now
    {
        match pace.take(GROUP, &format!("relayed {item}"), Lane::Behind, when) {
            Ok(()) => relayed += 1,
            Err(after) => drop(waiting.insert((later(when, after), item), ())),
        }
    }
    assert_eq!(relayed, 15, "a quarter of the minute is left free");
    assert!(pace.take(GROUP, "card", Lane::First, now).is_ok());
    assert!(pace.take(GROUP, "one more", Lane::Behind, now).is_err());
}

#[test]
fn a_limit_that_is_lifted_holds_nobody_up() {
    let pace = pace(100_000, 1_000_000);
    for item in 0..1_000 {
        assert!(
            pace.take(GROUP, &item.to_string(), Lane::Behind, at(item))
                .is_ok()
        );
    }
}
