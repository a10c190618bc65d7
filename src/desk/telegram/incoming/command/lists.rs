//! `/queue` and `/mine`: callbacks in lines. Without numbers and without what customers wrote, since a
//! whole group may read them.

use teloxide::types::Message;

use crate::{
    desk::{
        Card, Desk, Mark, Sees,
        telegram::{
            draw::{Calendar, Html},
            incoming::{
                Agent, Incoming,
                call::{html, zone_of},
                chat,
                say::Place,
            },
            wording,
        },
        wording as words,
    },
    domain::{
        chat::Network,
        ids::{AccountName, DeskName},
    },
    engine::{EngineError, LoadedRules},
    store::rows::desk::{Queue, QueueRow, QueueView, Sight},
};

/// So many callbacks are shown.
const SHOWN: u32 = 20;

/// The queue: of the group's desk, in private of every desk that the agent works.
pub(super) async fn queue(
    desk: &Incoming,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let place = Place::under(message);
    let rules = desk.engine.rules();
    let desks = match desk_here(desk, message) {
        Some(of) if desk.works(by, &of) => vec![of],
        Some(_) => {
            desk.tell(place, html(wording::NOT_YOUR_DESK)).await;
            return Ok(());
        }
        None => {
            let all = rules.rules.desks.keys().cloned();
            all.filter(|of| desk.works(by, of)).collect()
        }
    };
    let sight = Sight {
        desks: Some(desks),
        ..Sight::default()
    };
    let store = desk.engine.store();
    let queue = store.queue(QueueView::Due, sight, SHOWN).await?;
    let drawn = drawn(desk, &rules, &queue, wording::QUEUE, wording::QUEUE_EMPTY).await?;
    desk.tell(place, drawn).await;
    Ok(())
}

/// What the agent has claimed or promised.
pub(super) async fn mine(
    desk: &Incoming,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let view = QueueView::Mine(by.account.clone());
    let store = desk.engine.store();
    let queue = store.queue(view, Sight::default(), SHOWN).await?;
    let rules = desk.engine.rules();
    let drawn = drawn(desk, &rules, &queue, wording::MINE, wording::MINE_EMPTY).await?;
    desk.tell(Place::under(message), drawn).await;
    Ok(())
}

fn desk_here(desk: &Incoming, message: &Message) -> Option<DeskName> {
    let directory = desk.engine.directory();
    let here = chat(message.chat.id)?;
    directory.group(Network::Telegram, &here)?.desk.clone()
}

async fn drawn(
    desk: &Incoming,
    rules: &LoadedRules,
    queue: &Queue,
    title: &str,
    empty: &str,
) -> Result<String, EngineError> {
    if queue.rows.is_empty() {
        return Ok(html(empty));
    }
    let accounts = desk.engine.store().accounts().await?;
    let names = |name: &AccountName| {
        let found = accounts.iter().find(|account| account.name == *name);
        found.map_or_else(|| name.to_string(), |account| account.shown.to_string())
    };
    let now = desk.clock.now();
    let drawing = Desk {
        rules: &rules.rules,
        now,
        viewer: None,
        names: &names,
    };
    let mut html = Html::message();
    html.bold(&format!("{title}: {}", queue.total));
    for row in &queue.rows {
        let zone = zone_of(&rules.rules, &row.callback.desk);
        line(&mut html, row, &drawing, &Calendar::new(zone, now));
    }
    let shown = u64::try_from(queue.rows.len()).unwrap_or(queue.total);
    if let Some(more) = queue.total.checked_sub(shown).filter(|more| *more > 0) {
        html.line().ours(&format!("… {} {more}", wording::AND_MORE));
    }
    Ok(html.finish())
}

/// "12 · Kim · chat · Urgent · since Mon 5 Jan 14:05".
fn line(html: &mut Html, row: &QueueRow, desk: &Desk<'_>, calendar: &Calendar) {
    let card = Card::new(row, desk, Sees::default());
    html.line().ours(&format!("{} · ", card.callback));
    html.theirs(&card.head.name);
    html.ours(&format!(" · {}", card.head.channel));
    for mark in card
        .marks
        .iter()
        .filter(|mark| !matches!(mark, Mark::Yours))
    {
        html.ours(" · ").pieces(&words::mark(mark), calendar);
    }
    html.ours(&format!(" · since {}", calendar.at(row.callback.due_at)));
}
