//! Where late messages go.

use super::{count, count_late, current};
use crate::domain::{
    message::Party::{self, Agent, Customer},
    thread::{EXCHANGES_KEPT, ThreadState},
    time::{Length, Timestamp},
};

const MERGE: Length = Length::minutes(10);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).expect("in range")
}

fn thread(messages: &[(u32, Party, i64)]) -> ThreadState {
    let mut thread = ThreadState::default();
    for (case, party, minute) in messages {
        count(&mut thread, *case, *party, at(*minute), MERGE);
    }
    thread
}

fn numbers(thread: &ThreadState) -> Vec<(u32, u32)> {
    thread
        .exchanges
        .iter()
        .map(|exchange| (exchange.case, exchange.number))
        .collect()
}

#[test]
fn a_late_message_joins_the_turn_beside_it() {
    let mut before = thread(&[(1, Customer, 0), (1, Agent, 30)]);
    assert_eq!(count_late(&mut before, Customer, at(9), MERGE), (1, 1));
    let mut after = thread(&[(1, Customer, 0), (1, Agent, 30), (1, Customer, 60)]);
    assert_eq!(count_late(&mut after, Customer, at(55), MERGE), (1, 3));
    assert_eq!(numbers(&after), [(1, 1), (1, 2), (1, 3)]);
}

#[test]
fn a_late_message_between_two_turns_renumbers_what_follows() {
    let mut thread = thread(&[(1, Customer, 0), (1, Agent, 30), (1, Customer, 60)]);
    assert_eq!(count_late(&mut thread, Customer, at(45), MERGE), (1, 3));
    assert_eq!(numbers(&thread), [(1, 1), (1, 2), (1, 3), (1, 4)]);
    assert_eq!(current(&thread), 4);
}

#[test]
fn a_late_message_splits_a_turn_of_the_other_party() {
    let mut thread = thread(&[(1, Customer, 0), (1, Customer, 8)]);
    assert_eq!(count_late(&mut thread, Agent, at(4), MERGE), (1, 2));
    assert_eq!(numbers(&thread), [(1, 1), (1, 2), (1, 3)]);
}

#[test]
fn a_late_message_never_joins_two_turns_that_were_apart() {
    let mut thread = thread(&[(1, Customer, 0), (1, Customer, 15), (1, Agent, 20)]);
    assert_eq!(count_late(&mut thread, Customer, at(8), MERGE), (1, 1));
    assert_eq!(numbers(&thread), [(1, 1), (1, 2), (1, 3)]);
}

#[test]
fn between_two_cases_the_nearer_one_has_it() {
    let cases = [(1, Customer, 0), (1, Agent, 10), (2, Customer, 6_000)];
    let mut near_first = thread(&cases);
    assert_eq!(
        count_late(&mut near_first, Customer, at(100), MERGE),
        (1, 3)
    );
    let mut near_second = thread(&cases);
    assert_eq!(
        count_late(&mut near_second, Customer, at(5_900), MERGE),
        (2, 1)
    );
    assert_eq!(numbers(&near_second), [(1, 1), (1, 2), (2, 1), (2, 2)]);
}

#[test]
fn before_everything_a_customers_message_is_the_first_and_ours_stays_zero() {
    let mut customer = thread(&[(1, Customer, 60), (1, Agent, 90)]);
    assert_eq!(count_late(&mut customer, Customer, at(0), MERGE), (1, 1));
    assert_eq!(numbers(&customer), [(1, 1), (1, 2), (1, 3)]);
    let mut ours = thread(&[(1, Customer, 60), (1, Agent, 90)]);
    assert_eq!(count_late(&mut ours, Agent, at(0), MERGE), (1, 0));
    assert_eq!(numbers(&ours), [(1, 0), (1, 1), (1, 2)]);
}

#[test]
fn only_the_newest_exchanges_are_kept_and_numbers_go_on() {
    let long: Vec<(u32, Party, i64)> = (0..200)
        .map(|turn| (1, if turn % 2 == 0 { Customer } else { Agent }, turn))
        .collect();
    let mut thread = thread(&long);
    assert_eq!(thread.exchanges.len(), EXCHANGES_KEPT);
    assert_eq!(current(&thread), 200);
    assert_eq!(count_late(&mut thread, Customer, at(0), MERGE), (1, 137));
    assert_eq!(current(&thread), 201);
}
