//! Asks a desk whether a message was thanks that has ended its case. Where the group must not see what
//! customers write, it is only told where to look.

use super::{Scene, Telling, To, Words, callback::token, unread};
use crate::{
    desk::{card::called, telegram::draw},
    domain::{chat::Spot, ids::ThreadKey},
    engine::{DoubtEvent, SendError},
    rules::CardDetail,
    store::rows::chat::{NewPost, PostKind},
};

/// Asks, unless somebody has said by now.
pub(super) async fn show(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &DoubtEvent,
) -> Result<(), SendError> {
    let key = ThreadKey {
        channel: event.channel.clone(),
        thread: event.thread.clone(),
    };
    let store = scene.engine.store();
    let doubt = store.doubt(key.clone(), event.message.clone()).await;
    let (Some(doubt), Some(group)) = (doubt.map_err(unread)?, scene.group(&event.desk)) else {
        return Ok(());
    };
    let token = token(telling, "")?;
    let told_before = scene.engine.post_of_token(token.clone()).await;
    if told_before.map_err(unread)?.is_some() {
        return Ok(());
    }
    let topic = scene.topic(&key).await?;
    let links = scene.links(&key, topic);
    let shows_text = scene
        .desk(&event.desk)
        .is_some_and(|desk| desk.card_detail == CardDetail::Group);
    let Some(keyboard) = draw::doubt_buttons(&token, shows_text, &links) else {
        // It stands on the web desk, and the digest has said so.
        return Ok(());
    };
    let name = called(doubt.author.as_ref(), doubt.profile.as_ref());
    let html = draw::doubt(
        &name,
        &event.channel,
        (doubt.at, &scene.calendar(&event.desk)),
        shows_text.then(|| doubt.text.reveal().as_str()),
    );
    let new = |spot: Spot| NewPost {
        token: Some(token),
        thread: Some(key),
        message: Some(event.message.clone()),
        desk: Some(event.desk.clone()),
        ..NewPost::new(spot, PostKind::Doubt)
    };
    let to = To::chat(group.chat.clone()).silent(true);
    let words = Words::with(html, keyboard);
    telling.post(to, &words, "doubt", new).await?;
    Ok(())
}
