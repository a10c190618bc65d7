//! What lists show of a thread, from what the state machine remembers. Pure.

use crate::{
    domain::{
        message::Party,
        reading::WaitsFor,
        thread::{Case, CaseStatus, State},
        time::Timestamp,
    },
    store::{rows::Triage, sqlite::threads::Summary},
};

/// The summary of a thread.
pub(super) fn summary(state: &State) -> Summary {
    let case = state.thread.case.as_ref();
    let number = case.map_or(0, |case| case.number);
    let exchange = state
        .thread
        .exchanges
        .iter()
        .rev()
        .find(|exchange| exchange.case == number)
        .map_or(0, |exchange| exchange.number);
    let triage = triage(state, case);
    Summary {
        triage,
        case: number,
        exchange,
        held: case.is_some_and(|case| case.hold.is_some()),
        waiting_since: case
            .filter(|_| triage == Triage::WaitingOnUs)
            .map(|case| waiting_since(state, case)),
    }
}

/// When the customer wrote the first message of the case that we have not answered.
fn waiting_since(state: &State, case: &Case) -> Timestamp {
    let exchanges = state.thread.exchanges.iter().rev();
    exchanges
        .take_while(|exchange| exchange.case == case.number && exchange.party == Party::Customer)
        .last()
        .map_or(case.opened_at, |exchange| exchange.first_at)
}

/// Where a thread stands: who has to act next.
fn triage(state: &State, case: Option<&Case>) -> Triage {
    if state.callback.is_some() {
        return Triage::NeedsCall;
    }
    if state.customer.muted_until.is_some() {
        // No customer wrote, as far as agents say.
        return Triage::Quiet;
    }
    let Some(case) = case else {
        return Triage::Quiet;
    };
    match (&case.status, case.waits_for) {
        (CaseStatus::Resolved { .. }, _) => Triage::Solved,
        (CaseStatus::Open, Some(WaitsFor::Customer)) => Triage::WaitingOnCustomer,
        (CaseStatus::Open, Some(WaitsFor::Us)) => Triage::WaitingOnUs,
        (CaseStatus::Open, None) => match state.thread.exchanges.last() {
            Some(exchange) if exchange.party == Party::Customer => Triage::WaitingOnUs,
            _ => Triage::WaitingOnCustomer,
        },
    }
}
