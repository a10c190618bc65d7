//! Shows a desk's group what concerns the desk as a whole: its queue card, incidents, the digest, a
//! hand-over. Such things come in no order, so each draws what stands now, one at a time for each desk,
//! and keeps what it posted before the next may look.

use std::{sync::PoisonError, time::Duration};

use teloxide::payloads::{PinChatMessage, UnpinChatMessage};

use super::{
    Outgoing, Scene, Telling, To, Words,
    callback::token,
    chat::{message_id, number},
    unkept, unread,
};
use crate::{
    desk::{Plain, telegram::draw},
    domain::{
        chat::Spot,
        ids::{AccountName, DeskName},
    },
    engine::{DeskEvent, DigestEvent, HandedOverEvent, IncidentChange, IncidentEvent, SendError},
    store::rows::{
        chat::{GroupRow, NewPost, PostKind, PostRow},
        desk::Sight,
        shift::IncidentRow,
    },
};

/// How soon to look again whether another is over that is shown just now.
const SOON: Duration = Duration::from_millis(500);

/// What is left of a queue card that cannot be deleted any more.
const CARDS_AGAIN: &str = "Each callback has a card of its own again.";

/// While it stands nothing else is shown of that desk as a whole.
struct Busy<'a> {
    outgoing: &'a Outgoing,
    desk: &'a DeskName,
}

impl<'a> Busy<'a> {
    fn with(outgoing: &'a Outgoing, desk: &'a DeskName) -> Result<Self, SendError> {
        let mut busy = outgoing.busy.lock().unwrap_or_else(PoisonError::into_inner);
        match busy.insert(desk.clone()) {
            true => Ok(Self { outgoing, desk }),
            false => Err(SendError::Later { after: SOON }),
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let busy = &self.outgoing.busy;
        let mut busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.remove(self.desk);
    }
}

pub(super) async fn show(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &DeskEvent,
) -> Result<(), SendError> {
    let desk = match event {
        DeskEvent::Digest(event) => return digest(telling, scene, event).await,
        DeskEvent::HandedOver(event) => return handed_over(telling, scene, event).await,
        DeskEvent::Queue(event) => &event.desk,
        DeskEvent::Incident(event) => &event.desk,
    };
    let busy = Busy::with(scene.outgoing, desk)?;
    let shown = match event {
        DeskEvent::Incident(event) => incident(telling, scene, event).await,
        _ => queue(telling, scene, desk).await,
    };
    // Also what stands already when the rest could not be done.
    let traces = std::mem::take(&mut telling.traces);
    if !traces.is_empty() {
        scene.engine.keep_traces(traces).await.map_err(unkept)?;
    }
    drop(busy);
    shown
}

/// The queue card: one that is edited, pinned once, and removed when cards take its place again.
async fn queue(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    desk: &DeskName,
) -> Result<(), SendError> {
    let sight = Sight {
        desks: Some(vec![desk.clone()]),
        ..Sight::default()
    };
    let store = scene.engine.store();
    let counts = store.queue_counts(sight).await.map_err(unread)?;
    let pinned = counts
        .iter()
        .find(|count| count.desk == *desk && count.is_pinned);
    let posts = scene.engine.posts_of_desk(desk.clone(), PostKind::Queue);
    let mut posts = posts.await.map_err(unread)?;
    let stands = match (pinned, scene.group(desk)) {
        (Some(_), Some(group)) => {
            let here = posts.iter().rposition(|post| post.spot.chat == group.chat);
            here.map(|here| posts.remove(here))
        }
        _ => None,
    };
    for post in &posts {
        unpin(telling, post).await?;
        telling.remove(post, CARDS_AGAIN).await?;
    }
    let (Some(count), Some(group)) = (pinned, scene.group(desk)) else {
        return Ok(());
    };
    let token = match stands.as_ref().and_then(|post| post.token.clone()) {
        Some(token) => token,
        None => token(telling, "")?,
    };
    let html = draw::queue(count, &scene.calendar(desk));
    let words = Words::with(html, draw::queue_buttons(&token));
    if let Some(post) = &stands
        && telling.edit(post, &words).await?
    {
        return Ok(());
    }
    let new = |spot: Spot| NewPost {
        token: Some(token),
        desk: Some(desk.clone()),
        ..NewPost::new(spot, PostKind::Queue)
    };
    let to = to(scene, group, desk);
    if let Some(spot) = telling.post(to, &words, "queue", new).await? {
        // Without the right to pin it still stands there.
        let mut pin = PinChatMessage::new(number(&spot.chat)?, message_id(&spot.post)?);
        pin.disable_notification = Some(true);
        telling.try_to(pin).await?;
    }
    Ok(())
}

async fn unpin(telling: &Telling<'_>, post: &PostRow) -> Result<(), SendError> {
    let mut unpin = UnpinChatMessage::new(number(&post.spot.chat)?);
    unpin.message_id = Some(message_id(&post.spot.post)?);
    telling.try_to(unpin).await
}

/// An incident's card, edited as it goes on, and one line when it is over.
async fn incident(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &IncidentEvent,
) -> Result<(), SendError> {
    let store = scene.engine.store();
    let row = store.incident(event.id).await;
    let Some((row, _)) = row.map_err(unread)? else {
        return Ok(());
    };
    let Some(group) = scene.group(&row.desk) else {
        return Ok(());
    };
    let posts = scene
        .engine
        .posts_of_desk(row.desk.clone(), PostKind::Incident);
    let posts = posts.await.map_err(unread)?;
    let of_it = |post: &&PostRow| post.incident == Some(row.id) && post.spot.chat == group.chat;
    let stands = posts.iter().rfind(of_it);
    let calendar = scene.calendar(&row.desk);
    if row.ended.is_some() {
        if let Some(post) = stands {
            let words = Words::bare(draw::incident_over(&row, &calendar));
            telling.edit(post, &words).await?;
            telling.gone(post);
        }
        return Ok(());
    }
    let stands = show_incident(telling, scene, group, &row, stands).await?;
    let reminds = matches!(
        event.change,
        IncidentChange::Reminded | IncidentChange::HeldForLong
    );
    if let (true, Some(spot)) = (reminds, stands) {
        let words = Words::bare(match event.change {
            IncidentChange::HeldForLong => {
                "Somebody has been held back for more than a day. A supervisor: is it over?"
                    .to_owned()
            }
            _ => "It goes on. A supervisor: is it over?".to_owned(),
        });
        let to = to(scene, group, &row.desk).under(spot.post);
        telling.say(to, &words, "reminder").await?;
    }
    Ok(())
}

/// Says where its card stands.
async fn show_incident(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    group: &GroupRow,
    row: &IncidentRow,
    stands: Option<&PostRow>,
) -> Result<Option<Spot>, SendError> {
    let token = match stands.and_then(|post| post.token.clone()) {
        Some(token) => token,
        None => token(telling, "")?,
    };
    let people = scene.people().await?;
    let names = |account: &AccountName| people.named(account);
    let html = draw::incident(row, &names, &scene.calendar(&row.desk));
    let words = Words::with(html, draw::incident_buttons(&token, row.held.is_some()));
    if let Some(post) = stands
        && telling.edit(post, &words).await?
    {
        return Ok(Some(post.spot.clone()));
    }
    let new = |spot: Spot| NewPost {
        token: Some(token),
        desk: Some(row.desk.clone()),
        incident: Some(row.id),
        ..NewPost::new(spot, PostKind::Incident)
    };
    let to = to(scene, group, &row.desk);
    telling.post(to, &words, "incident", new).await
}

async fn digest(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &DigestEvent,
) -> Result<(), SendError> {
    let Some(group) = scene
        .group(&event.desk)
        .filter(|_| !event.counts.is_empty())
    else {
        return Ok(());
    };
    let words = Words::bare(draw::digest(&event.desk, &event.counts));
    let to = to(scene, group, &event.desk);
    telling.say(to, &words, "digest").await?;
    Ok(())
}

async fn handed_over(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &HandedOverEvent,
) -> Result<(), SendError> {
    let Some(group) = scene
        .group(&event.desk)
        .filter(|_| !event.callbacks.is_empty())
    else {
        return Ok(());
    };
    let by = Plain::name(&scene.people().await?.named(&event.by));
    let html = draw::handed_over(&by, &event.desk, event.callbacks.len());
    let to = To::chat(group.chat.clone());
    telling.say(to, &Words::bare(html), "handover").await?;
    Ok(())
}

/// To a desk's group, with a sound while the desk is open.
fn to(scene: &Scene<'_>, group: &GroupRow, desk: &DeskName) -> To {
    let is_open = scene
        .desk(desk)
        .is_some_and(|desk| desk.hours.is_open(scene.now));
    To::chat(group.chat.clone()).silent(!is_open)
}
