//! A thread's newest messages, in one message: in private, or where the desk shows everything to its
//! group.

use super::{Incoming, call::zone_of, press::Pressed, say::Told, when::Times};
use crate::{
    desk::{
        Plain,
        telegram::{draw::Html, wording},
    },
    domain::{cut, message::Party},
    engine::EngineError,
    rules::CardDetail,
    store::rows::{CallbackRow, desk::DeskLine},
};

/// So many messages are looked at.
const MESSAGES: u32 = 20;
/// So many characters of them are shown, the newest ones.
const SHOWN: usize = 3_000;
/// So many characters of one.
const OF_ONE: usize = 700;

/// Shows the thread of a callback to whoever pressed the button.
pub(super) async fn thread(
    desk: &Incoming,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let rules = desk.engine.rules();
    let of_desk = rules.rules.desks.get(&row.desk);
    let is_for_all = of_desk.is_some_and(|desk| desk.card_detail == CardDetail::Group);
    let place = match desk.in_private(pressed.by) {
        Some(private) => private,
        None if is_for_all => pressed.place(),
        None => return Ok(Told::alert(wording::OPEN_PRIVATE)),
    };
    let store = desk.engine.store();
    let Some(thread) = store.desk_thread(row.key(), None, MESSAGES).await? else {
        return Ok(Told::alert(wording::GONE));
    };
    let times = Times::new(desk.clock.now(), zone_of(&rules.rules, &row.desk), |at| at);
    let html = drawn(row, &thread.lines, thread.older.is_some(), &times);
    Ok(match desk.say(place, html, None).await {
        Ok(_) if place.chat != pressed.chat => Told::note(wording::SHOWN_IN_PRIVATE),
        Ok(_) => Told::note(""),
        Err(_) => Told::alert(wording::NOT_REACHED),
    })
}

fn drawn(row: &CallbackRow, lines: &[DeskLine], has_older: bool, times: &Times) -> String {
    let newest = newest(lines);
    let mut html = Html::message();
    html.bold(&format!("callback {}", row.id));
    html.ours(&format!(" · {}", row.channel));
    if has_older || newest.len() < lines.len() {
        html.line().ours(wording::OLDER_LEFT_OUT);
    }
    for line in newest {
        let message = &line.message;
        html.line();
        match (message.from, &message.author) {
            (Party::Customer, _) => html.ours(wording::CUSTOMER),
            (_, Some(author)) => html.theirs(&Plain::name(author.reveal())),
            (_, None) => html.ours(wording::WE),
        };
        html.ours(&format!(" · {}", times.said(message.at)));
        html.quote(|html| {
            html.text(&cut::shortened(message.text.reveal(), OF_ONE));
        });
    }
    html.finish()
}

/// The newest ones that fit.
fn newest(lines: &[DeskLine]) -> &[DeskLine] {
    let mut left = SHOWN;
    let fits = |line: &&DeskLine| {
        let long = line.message.text.reveal().chars().count().min(OF_ONE) + 60;
        let is_room = long <= left;
        left = left.saturating_sub(long);
        is_room
    };
    let count = lines.iter().rev().take_while(fits).count();
    lines.get(lines.len() - count..).unwrap_or(lines)
}
