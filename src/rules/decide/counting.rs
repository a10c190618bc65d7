//! Counting: which exchange a message falls in, in order or late.

use crate::domain::{
    message::Party,
    thread::{EXCHANGES_KEPT, Exchange, ThreadState},
    time::{Length, Timestamp, more_than},
};

/// The `at` of the thread's newest counted message.
pub(super) fn newest(thread: &ThreadState) -> Option<Timestamp> {
    thread.exchanges.last().map(|exchange| exchange.last_at)
}

/// The number of the thread's newest exchange; 0 before any.
pub(super) fn current(thread: &ThreadState) -> u32 {
    thread
        .exchanges
        .last()
        .map_or(0, |exchange| exchange.number)
}

/// Whether a message of `party` at `at`, in order, would continue the thread's newest exchange.
pub(super) fn continues(
    thread: &ThreadState,
    party: Party,
    at: Timestamp,
    merge_within: Length,
) -> bool {
    thread
        .exchanges
        .last()
        .is_some_and(|last| last.party == party && !more_than(merge_within, last.last_at, at))
}

/// Counts a message that is not late into `case` and gives its exchange's number.
pub(super) fn count(
    thread: &mut ThreadState,
    case: u32,
    party: Party,
    at: Timestamp,
    merge_within: Length,
) -> u32 {
    let merges = continues(thread, party, at, merge_within);
    if let Some(last) = thread.exchanges.last_mut()
        && merges
        && last.case == case
    {
        last.last_at = at;
        return last.number;
    }
    let before = thread.exchanges.last().filter(|last| last.case == case);
    let number = number_after(before.map_or(0, |last| last.number), party);
    thread.exchanges.push(exchange(case, number, party, at));
    forget_oldest(thread);
    number
}

/// Counts a late message: in the case that covers its moment, else the nearest. Later exchanges
/// of that case renumber. Gives the case and the exchange's number.
///
/// A late message may join an exchange beside it or split one of the other party's, but never
/// joins two that were apart: numbers never fall within a case.
pub(super) fn count_late(
    thread: &mut ThreadState,
    party: Party,
    at: Timestamp,
    merge_within: Length,
) -> (u32, u32) {
    let index = thread
        .exchanges
        .partition_point(|exchange| exchange.first_at <= at);
    if let Some(place) = join(thread, index, party, at, merge_within) {
        return place;
    }
    let index = split(thread, index, at);
    let (before, after) = neighbours(thread, index);
    let case = nearest_case(before, after, at);
    let before = before
        .filter(|exchange| exchange.case == case)
        .map(|exchange| exchange.number);
    // Where older exchanges of the case are no longer kept, the first kept one tells the number.
    let number = match before {
        Some(number) => number_after(number, party),
        None => {
            let first = after
                .filter(|next| next.case == case)
                .map_or(0, |next| next.number);
            if party == Party::Agent && first <= 1 {
                0
            } else {
                first.max(1)
            }
        }
    };
    thread
        .exchanges
        .insert(index, exchange(case, number, party, at));
    renumber(thread, case);
    forget_oldest(thread);
    (case, number)
}

fn exchange(case: u32, number: u32, party: Party, at: Timestamp) -> Exchange {
    Exchange {
        case,
        number,
        party,
        first_at: at,
        last_at: at,
        warned: false,
        told_hidden: false,
    }
}

/// Our messages before the customer's first are exchange 0.
const fn number_after(number: u32, party: Party) -> u32 {
    match party {
        Party::Agent if number == 0 => 0,
        _ => number.saturating_add(1),
    }
}

fn forget_oldest(thread: &mut ThreadState) {
    let surplus = thread.exchanges.len().saturating_sub(EXCHANGES_KEPT);
    thread.exchanges.drain(..surplus);
}

fn neighbours(thread: &ThreadState, index: usize) -> (Option<&Exchange>, Option<&Exchange>) {
    let before = index
        .checked_sub(1)
        .and_then(|before| thread.exchanges.get(before));
    (before, thread.exchanges.get(index))
}

/// Puts a late message into the exchange before or after it, if it belongs there.
fn join(
    thread: &mut ThreadState,
    index: usize,
    party: Party,
    at: Timestamp,
    merge_within: Length,
) -> Option<(u32, u32)> {
    let close = |from, to| !more_than(merge_within, from, to);
    if let Some(before) = index
        .checked_sub(1)
        .and_then(|before| thread.exchanges.get_mut(before))
        && before.party == party
        && close(before.last_at, at)
    {
        before.last_at = before.last_at.max(at);
        return Some((before.case, before.number));
    }
    let inside_other = index
        .checked_sub(1)
        .and_then(|before| thread.exchanges.get(before))
        .is_some_and(|before| before.last_at > at);
    let after = thread.exchanges.get_mut(index)?;
    if after.party == party && close(at, after.first_at) && !inside_other {
        after.first_at = at;
        return Some((after.case, after.number));
    }
    None
}

/// Makes room at `at`: an exchange of the other party that spans it becomes two. Gives the index
/// at which the late message goes.
fn split(thread: &mut ThreadState, index: usize, at: Timestamp) -> usize {
    let Some(before) = index
        .checked_sub(1)
        .and_then(|before| thread.exchanges.get_mut(before))
    else {
        return index;
    };
    if before.last_at <= at {
        return index;
    }
    let mut rest = before.clone();
    before.last_at = at;
    rest.first_at = at;
    rest.warned = false;
    rest.told_hidden = false;
    thread.exchanges.insert(index, rest);
    index
}

fn nearest_case(before: Option<&Exchange>, after: Option<&Exchange>, at: Timestamp) -> u32 {
    match (before, after) {
        (Some(before), Some(after)) if before.case != after.case => {
            let since = at.duration_since(before.last_at);
            let until = after.first_at.duration_since(at);
            if since <= until {
                before.case
            } else {
                after.case
            }
        }
        (Some(near), _) | (None, Some(near)) => near.case,
        (None, None) => 0,
    }
}

/// Gives the exchanges of a case their numbers anew, from its first kept one on. Never lowers
/// one.
fn renumber(thread: &mut ThreadState, case: u32) {
    let mut before: Option<u32> = None;
    for exchange in thread
        .exchanges
        .iter_mut()
        .filter(|exchange| exchange.case == case)
    {
        if let Some(before) = before {
            exchange.number = exchange.number.max(number_after(before, exchange.party));
        }
        before = Some(exchange.number);
    }
}

#[cfg(test)]
mod tests;
