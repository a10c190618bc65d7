//! Tells a desk what concerns a thread: in its topic if it has one, privately what is for one agent
//! alone. What nobody need see to any more is taken away when something else happens to the thread.

use super::{
    Scene, Telling, To, Why, Words,
    callback::{self, token},
    unread,
};
use crate::{
    desk::{
        Plain,
        card::called,
        notices::{Told, Weight, told},
        telegram::draw,
    },
    domain::{
        chat::Spot,
        decision::Notice,
        ids::{ChatId, DeskName, PostId, ThreadKey},
    },
    engine::{FormEvent, NoticeEvent, SendError},
    store::{
        CallbackId,
        rows::{
            chat::{GroupRow, NewPost, PostKind},
            desk::{DeskThread, NoticeRow},
        },
    },
};

/// What stands where a notice cannot be deleted any more.
pub(super) const SEEN_TO: &str = "✓ Seen to.";

/// Takes away what told a thread's notices that are over.
pub(super) async fn end_over(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    thread: &ThreadKey,
) -> Result<(), SendError> {
    let posts = scene.engine.store().posts_of_over_notices(thread.clone());
    for post in posts.await.map_err(unread)? {
        telling.remove(&post, SEEN_TO).await?;
    }
    Ok(())
}

/// Tells a notice, if it still stands.
pub(super) async fn show(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &NoticeEvent,
) -> Result<(), SendError> {
    let key = ThreadKey {
        channel: event.channel.clone(),
        thread: event.thread.clone(),
    };
    end_over(telling, scene, &key).await?;
    if is_told_otherwise(&event.notice) {
        return Ok(());
    }
    let store = scene.engine.store();
    let row = store.notice_saying(key.clone(), event.notice.clone()).await;
    let thread = store.desk_thread(key.clone(), None, 1).await;
    let (Some(row), Some(thread)) = (row.map_err(unread)?, thread.map_err(unread)?) else {
        return Ok(());
    };
    let token = token(telling, "")?;
    let told_before = scene.engine.post_of_token(token.clone()).await;
    if told_before.map_err(unread)?.is_some() {
        return Ok(());
    }
    if let Notice::SayYourself { utterance } = &event.notice
        && utterance.is_of_open_callback()
        && let Some(open) = thread.callbacks.last()
    {
        // It stands on the card.
        let why = Why {
            change: None,
            silent: true,
        };
        return callback::show(telling, scene, open.id, why).await;
    }
    let about = About {
        scene,
        row,
        thread,
        key,
    };
    let telling_it = about.place().await?;
    let Some((to, alone)) = telling_it else {
        return Ok(());
    };
    let words = about.words(&token, alone).await?;
    let new = |spot: Spot| NewPost {
        token: Some(token),
        thread: Some(about.key.clone()),
        callback: about.callback(),
        message: match &about.row.notice {
            Notice::NotDelivered { message, .. } | Notice::AskedForIdentity { message } => {
                Some(message.clone())
            }
            _ => None,
        },
        desk: Some(about.row.desk.clone()),
        notice: Some(about.row.id),
        ..NewPost::new(spot, PostKind::Notice)
    };
    telling.post(to, &words, "notice", new).await?;
    Ok(())
}

/// What a card, its nudge or a form's own line tells already.
const fn is_told_otherwise(notice: &Notice) -> bool {
    matches!(
        notice,
        Notice::CallUnclaimed | Notice::ClaimReleased { .. } | Notice::FormSubmitted { .. }
    )
}

/// A notice, and the thread that it is about.
struct About<'a> {
    scene: &'a Scene<'a>,
    row: NoticeRow,
    thread: DeskThread,
    key: ThreadKey,
}

impl About<'_> {
    /// Where it is told, and whether alone to the one whom it is for. `None`: nowhere.
    async fn place(&self) -> Result<Option<(To, bool)>, SendError> {
        let row = &self.row;
        let silent = self.is_silent();
        if let Some(account) = &row.account {
            let people = self.scene.people().await?;
            if let Some(chat) = self.scene.private_chat(people, account) {
                return Ok(Some((To::chat(chat).silent(silent), true)));
            }
            if row.notice == Notice::ReplyReturned {
                return Ok(None);
            }
        }
        let Some(group) = self.scene.group(&row.desk) else {
            return Ok(None);
        };
        if self.callback().is_some() {
            // Without a card, one queue card stands for it.
            let card = self.card(group).await?;
            let under = |card| To::chat(group.chat.clone()).silent(silent).under(card);
            return Ok(card.map(|card| (under(card), false)));
        }
        let to = in_topic(self.scene, group, &self.key).await?;
        Ok(Some((to.silent(silent), false)))
    }

    /// Silent while the desk is closed, unless it is urgent.
    fn is_silent(&self) -> bool {
        let desk = self.scene.desk(&self.row.desk);
        let is_open = desk.is_some_and(|desk| desk.hours.is_open(self.scene.now));
        !is_open && told(&self.row.notice, false).weight < Weight::Urgent
    }

    /// The callback that it is about, while one is open.
    fn callback(&self) -> Option<CallbackId> {
        let is_of_call = self.row.is_about_call();
        let newest = self.thread.callbacks.last().filter(|_| is_of_call)?;
        newest.ended_at.is_none().then_some(newest.id)
    }

    /// The card that it stands under.
    async fn card(&self, group: &GroupRow) -> Result<Option<PostId>, SendError> {
        let Some(callback) = self.callback() else {
            return Ok(None);
        };
        let posts = self.scene.engine.posts_of_callback(callback).await;
        let posts = posts.map_err(unread)?;
        let is_card = |kind, chat: &ChatId| kind == PostKind::Card && *chat == group.chat;
        let card = posts
            .into_iter()
            .rfind(|post| is_card(post.kind, &post.spot.chat));
        Ok(card.map(|card| card.spot.post))
    }

    async fn words(
        &self,
        token: &crate::domain::ids::ButtonToken,
        alone: bool,
    ) -> Result<Words, SendError> {
        let (scene, row) = (self.scene, &self.row);
        let topic = scene.topic(&self.key).await?;
        let links = scene.links(&self.key, topic);
        let mut told: Told = told(&row.notice, alone);
        if let Some(account) = row.account.as_ref().filter(|_| !alone) {
            told.title = format!("{}: {}", scene.people().await?.named(account), told.title);
        }
        let draft = match &row.notice {
            // What is told of a call to come is between its claimer and the customer.
            Notice::SayYourself { utterance } if alone || !utterance.is_of_open_callback() => {
                let draft = scene.engine.draft(self.key.clone(), row.id).await;
                draft.map_err(super::unkept)?
            }
            _ => None,
        };
        let html = draw::notice(
            &told,
            &self.name(),
            &row.channel,
            (row.at, &scene.calendar(&row.desk)),
            draft.as_ref().map(|draft| draft.reveal().as_str()),
        );
        let may_repeat = matches!(row.notice, Notice::NotDelivered { .. });
        let keyboard = match &row.notice {
            Notice::ClaimSilent { .. } => draw::silent_buttons(token),
            _ => draw::notice_buttons(token, may_repeat, &links),
        };
        Ok(Words {
            previews: scene.previews(&row.desk),
            ..Words::with(html, keyboard)
        })
    }

    fn name(&self) -> Plain {
        name(&self.thread)
    }
}

fn name(thread: &DeskThread) -> Plain {
    called(
        thread.thread.author.as_ref(),
        thread.contact.profile.as_ref(),
    )
}

/// Tells how far a form has come that a customer was asked to fill in.
pub(super) async fn show_form(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    event: &FormEvent,
) -> Result<(), SendError> {
    let key = ThreadKey {
        channel: event.channel.clone(),
        thread: event.thread.clone(),
    };
    end_over(telling, scene, &key).await?;
    let Some(group) = scene.group(&event.desk) else {
        return Ok(());
    };
    let thread = scene.engine.store().desk_thread(key.clone(), None, 1).await;
    let Some(thread) = thread.map_err(unread)? else {
        return Ok(());
    };
    let Some(html) = draw::form(event.purpose, event.state, &name(&thread), &event.channel) else {
        return Ok(());
    };
    let token = token(telling, "")?;
    let told_before = scene.engine.post_of_token(token.clone()).await;
    if told_before.map_err(unread)?.is_some() {
        return Ok(());
    }
    let to = in_topic(scene, group, &key).await?;
    let to = to.silent(!is_open(scene, &event.desk));
    let new = |spot: Spot| NewPost {
        token: Some(token),
        thread: Some(key.clone()),
        desk: Some(event.desk.clone()),
        ..NewPost::new(spot, PostKind::Notice)
    };
    telling.post(to, &Words::bare(html), "form", new).await?;
    Ok(())
}

fn is_open(scene: &Scene<'_>, desk: &DeskName) -> bool {
    let desk = scene.desk(desk);
    desk.is_some_and(|desk| desk.hours.is_open(scene.now))
}

/// To the thread's topic in the desk's group, else to the group.
async fn in_topic(
    scene: &Scene<'_>,
    group: &GroupRow,
    thread: &ThreadKey,
) -> Result<To, SendError> {
    let topic = scene.topic(thread).await?;
    let mut to = To::chat(group.chat.clone());
    to.room.topic = topic
        .filter(|room| room.chat == group.chat)
        .and_then(|room| room.topic);
    Ok(to)
}
