//! Shifts through the front door: who is on one, what one leaves to the next, what a desk is told
//! when it opens, and a night on which everybody writes at once.

mod flood;
mod handover;
mod on_call;
pub(super) mod opening;

use super::{account, *};
use crate::{
    domain::{
        account::Role,
        hours::{Hours, Opening},
        ids::{DeskName, ShownName},
    },
    engine::DeskEvent,
    rules::Desk,
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackRow, Page},
    },
};
use jiff::{
    civil::{Weekday, time},
    tz::TimeZone,
};

/// Every day from nine to five, in Berlin, where it is eleven when the tests start.
pub(super) fn nine_to_five() -> Hours {
    let opening = |day| Opening {
        day,
        from: time(9, 0, 0, 0),
        to: Some(time(17, 0, 0, 0)),
    };
    Hours {
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        openings: Weekday::Monday
            .cycle_forward()
            .take(7)
            .map(opening)
            .collect(),
        holidays: Vec::new(),
    }
}

/// A desk with those hours.
pub(super) fn with_hours(hours: Hours) -> Setup {
    let mut setup = Setup::new();
    let desk = Desk {
        hours,
        ..Desk::default()
    };
    setup.rules.desks.insert(Desk::default_name(), desk);
    setup
}

fn main_desk() -> DeskName {
    Desk::default_name()
}

/// Makes accounts of that role.
fn people(setup: &Setup, names: &[&str], role: Role) {
    let mut accounts =
        crate::store::accounts::Accounts::open(&setup.database()).expect("a database");
    for name in names {
        let shown = ShownName::parse(name).expect("a name");
        let added =
            accounts.change(|book| book.add(&account(name), &shown, role, setup.clock.now()));
        assert!(added.expect("added"));
    }
}

/// Every callback, in the order they opened.
async fn callbacks(bot: &Bot) -> Vec<CallbackRow> {
    let page = Page::first(Page::MOST);
    let rows = bot
        .handle
        .store()
        .callbacks(CallbackFilter::default(), page);
    let mut rows = rows.await.expect("readable").items;
    rows.sort_unstable_by_key(|row| row.id);
    rows
}

async fn callback(bot: &Bot, id: CallbackId) -> CallbackRow {
    let row = bot.handle.store().callback(id).await;
    row.expect("readable").expect("there")
}

/// What was told of whole desks, in the order it was heard.
fn desk_events(setup: &Setup) -> Vec<DeskEvent> {
    let heard = setup.recorder().heard().into_iter();
    heard
        .filter_map(|heard| match heard.item.event {
            OutboxEvent::Desk(event) => Some(*event),
            _ => None,
        })
        .collect()
}

/// Moves the clock on by minutes until something holds.
async fn until(setup: &Setup, mut holds: impl AsyncFnMut() -> bool) {
    let moves = async {
        while !holds().await {
            setup.clock.advance(Length::minutes(1));
            tokio::task::yield_now().await;
        }
    };
    let moved = tokio::time::timeout(PATIENCE, moves);
    moved.await.expect("in time");
}

/// The same, slowly: the writer has its turn with each minute, so that sweeps come in time.
pub(super) async fn slowly_until(setup: &Setup, bot: &Bot, mut holds: impl AsyncFnMut() -> bool) {
    let moves = async {
        while !holds().await {
            setup.clock.advance(Length::milliseconds(10_000));
            let seen = bot.handle.see_digest(0, account("nobody")).await;
            assert!(!seen.expect("answered"));
        }
    };
    let moved = tokio::time::timeout(PATIENCE, moves);
    moved.await.expect("in time");
}
