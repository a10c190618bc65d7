//! Makes a callback's card say what stands now: in its desk's group, and in private for whoever has it.

use super::{People, Scene, Telling, To, Words, notice::SEEN_TO, unread};
use crate::{
    desk::{
        Card, Desk, Ended, Plain, Sees,
        card::holder,
        notices::told,
        telegram::draw::{self, Beside, Links, Opener},
    },
    domain::{
        chat::Spot,
        decision::{CardChange, Notice},
        ids::{AccountName, ButtonToken, ChatId, PostId, ThreadKey},
    },
    engine::SendError,
    rules::CardDetail,
    store::{
        CallbackId,
        rows::{
            CallbackState,
            chat::{GroupRow, NewPost, PostKind, PostRow},
            desk::QueueRow,
        },
    },
};

/// What a nudge says where it cannot be deleted any more.
const OVER: &str = "✓";

/// What happened to the callback, if anything did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Why {
    /// What changed on its card.
    pub(super) change: Option<CardChange>,
    /// Shown without a sound.
    pub(super) silent: bool,
}

/// What stands of a callback in chats.
#[derive(Default)]
struct Posts {
    /// Its card in its desk's group.
    card: Option<PostRow>,
    /// Cards that there is another for.
    surplus: Vec<PostRow>,
    /// What its claimer alone may see.
    private: Vec<PostRow>,
    /// What rang for it.
    nudges: Vec<PostRow>,
}

impl Posts {
    fn of(posts: Vec<PostRow>, group: Option<&GroupRow>) -> Self {
        let mut found = Self::default();
        for post in posts {
            match post.kind {
                PostKind::Card if group.is_none_or(|group| group.chat == post.spot.chat) => {
                    found.surplus.extend(found.card.replace(post));
                }
                PostKind::Card => found.surplus.push(post),
                PostKind::ForClaimer => found.private.push(post),
                PostKind::Nudge => found.nudges.push(post),
                _ => {}
            }
        }
        found
    }
}

/// One callback that is shown.
struct Shown<'a> {
    scene: &'a Scene<'a>,
    row: QueueRow,
    thread: ThreadKey,
    links: Links,
    people: People,
    /// One card stands for all of its desk's.
    is_pinned: bool,
}

/// Makes chats say how a callback stands, and takes away its thread's notices that are over.
pub(super) async fn show(
    telling: &mut Telling<'_>,
    scene: &Scene<'_>,
    id: CallbackId,
    why: Why,
) -> Result<(), SendError> {
    let found = scene.engine.callback_in_chats(id).await.map_err(unread)?;
    // It was erased.
    let Some(found) = found else { return Ok(()) };
    let people = People::from(found.accounts);
    let callback = &found.row.callback;
    let group = scene.group(&callback.desk);
    let posts = Posts::of(found.posts, group);
    let bare = format!("Callback {id}", id = id.0);
    for post in &posts.surplus {
        telling.remove(post, &bare).await?;
    }
    for post in &found.over {
        telling.remove(post, SEEN_TO).await?;
    }
    if let Some(ended) = Ended::new(callback, &|account| people.named(account)) {
        let line = draw::ended(&ended, &scene.calendar(&callback.desk));
        return end(telling, &posts, &Words::bare(line), callback.id).await;
    }
    let thread = ThreadKey {
        channel: callback.channel.clone(),
        thread: callback.thread.clone(),
    };
    let shown = Shown {
        links: scene.links(&thread, found.topic),
        is_pinned: found.is_pinned,
        people,
        scene,
        row: found.row,
        thread,
    };
    let opener = shown.show_claimer(telling, &posts).await?;
    let Some(group) = group else { return Ok(()) };
    shown.show_group(telling, &posts, group, opener, why).await
}

/// What is left of a callback that ended: one line, and nothing in private.
async fn end(
    telling: &mut Telling<'_>,
    posts: &Posts,
    line: &Words,
    id: CallbackId,
) -> Result<(), SendError> {
    if let Some(card) = &posts.card {
        telling.edit(card, line).await?;
    }
    for post in &posts.private {
        telling.remove(post, &draw::no_longer_yours(id.0)).await?;
    }
    for post in &posts.nudges {
        telling.remove(post, OVER).await?;
    }
    Ok(())
}

impl Shown<'_> {
    /// Shows whoever has claimed it what is theirs alone. Says who must open a chat for that.
    async fn show_claimer(
        &self,
        telling: &mut Telling<'_>,
        posts: &Posts,
    ) -> Result<Option<Opener>, SendError> {
        let callback = &self.row.callback;
        let claimer = holder(callback).filter(|_| callback.state == CallbackState::Claimed);
        let chat = claimer.and_then(|account| self.scene.private_chat(&self.people, account));
        let mut theirs = None;
        for post in &posts.private {
            if theirs.is_none() && chat.as_ref() == Some(&post.spot.chat) {
                theirs = Some(post);
            } else {
                let bare = draw::no_longer_yours(callback.id.0);
                telling.remove(post, &bare).await?;
            }
        }
        let Some(claimer) = claimer else {
            return Ok(None);
        };
        if let Some(chat) = chat
            && self.show_private(telling, claimer, chat, theirs).await?
        {
            return Ok(None);
        }
        let desk = self.scene.desk(&callback.desk);
        if desk.is_none_or(|desk| desk.card_detail == CardDetail::Group) {
            return Ok(None);
        }
        let url = self.scene.outgoing.address().await;
        Ok(url.map(|url| Opener {
            name: Plain::name(&self.people.named(claimer)),
            url,
        }))
    }

    /// False: they cannot be written to.
    async fn show_private(
        &self,
        telling: &mut Telling<'_>,
        claimer: &AccountName,
        chat: ChatId,
        stands: Option<&PostRow>,
    ) -> Result<bool, SendError> {
        let kept = stands.and_then(|post| post.token.clone());
        let token = match kept {
            Some(token) => token,
            None => token(telling, "_p")?,
        };
        let words = self.words(Some(claimer), Sees::as_claimer(), None, &token);
        if let Some(post) = stands
            && telling.edit(post, &words).await?
        {
            return Ok(true);
        }
        let new = |spot| self.kept(spot, PostKind::ForClaimer, token);
        let posted = telling.post(To::chat(chat), &words, "private", new).await?;
        Ok(posted.is_some())
    }

    /// Shows the desk's group the card, and rings there.
    async fn show_group(
        &self,
        telling: &mut Telling<'_>,
        posts: &Posts,
        group: &GroupRow,
        opener: Option<Opener>,
        why: Why,
    ) -> Result<(), SendError> {
        let callback = &self.row.callback;
        let rings = why.change.and_then(draw::nudge);
        let is_due = callback.state == CallbackState::Due && callback.incident.is_none();
        let stands = posts.card.as_ref();
        if stands.is_none() && !self.wants_card() {
            return Ok(());
        }
        let token = match stands.and_then(|card| card.token.clone()) {
            Some(token) => token,
            None => token(telling, "")?,
        };
        let desk = self.scene.desk(&callback.desk);
        let sees = Sees::in_group(desk.map_or(CardDetail::Claimer, |desk| desk.card_detail));
        let words = self.words(None, sees, opener.as_ref(), &token);
        let is_new = match stands {
            Some(card) => !telling.edit(card, &words).await?,
            None => true,
        };
        if is_new {
            let is_news = why.change.is_none() || rings.is_some();
            let to = To::chat(group.chat.clone()).silent(why.silent || !is_due || !is_news);
            let new = |spot| self.kept(spot, PostKind::Card, token);
            telling.post(to, &words, "card", new).await?;
        }
        match (rings, stands) {
            (Some(rings), Some(card)) if is_due && !is_new => {
                let post = card.spot.post.clone();
                self.nudge(telling, posts, group, post, rings, why).await
            }
            _ if is_due && !is_new => Ok(()),
            _ => {
                for post in &posts.nudges {
                    telling.remove(post, OVER).await?;
                }
                Ok(())
            }
        }
    }

    /// Rings for it again, under its card; what rang before is gone then.
    async fn nudge(
        &self,
        telling: &mut Telling<'_>,
        posts: &Posts,
        group: &GroupRow,
        card: PostId,
        rings: &str,
        why: Why,
    ) -> Result<(), SendError> {
        let token = token(telling, "")?;
        let mut rang = false;
        for post in &posts.nudges {
            if post.token.as_ref() == Some(&token) {
                rang = true;
            } else {
                telling.remove(post, OVER).await?;
            }
        }
        if !rang {
            let to = To::chat(group.chat.clone()).silent(why.silent).under(card);
            let new = |spot| self.kept(spot, PostKind::Nudge, token);
            let words = Words::bare(rings.to_owned());
            telling.post(to, &words, "nudge", new).await?;
        }
        Ok(())
    }

    /// Whether it has a card although none stands: while one queue card stands for all of them, only what
    /// is urgent or claimed does.
    fn wants_card(&self) -> bool {
        let callback = &self.row.callback;
        match callback.state {
            CallbackState::Claimed => true,
            CallbackState::Due if callback.incident.is_some() => false,
            CallbackState::Due => callback.urgent || !self.is_pinned,
            // It has one when it is due again.
            _ => false,
        }
    }

    fn words(
        &self,
        viewer: Option<&AccountName>,
        sees: Sees,
        opener: Option<&Opener>,
        token: &ButtonToken,
    ) -> Words {
        let (scene, callback) = (self.scene, &self.row.callback);
        let names = |account: &AccountName| self.people.named(account);
        let desk = Desk {
            rules: &scene.rules.rules,
            now: scene.now,
            viewer,
            names: &names,
        };
        let card = Card::new(&self.row, &desk, sees);
        let background = &self.row.background;
        let notices = background.notices.iter();
        let to_say = notices.filter(|row| matches!(row.notice, Notice::SayYourself { .. }));
        let to_say: Vec<_> = to_say.map(|row| told(&row.notice, false).advice).collect();
        let number = background.number.as_ref().filter(|_| !sees.number);
        let beside = Beside {
            to_say: &to_say,
            hidden: number.map(|number| number.reveal().as_str()),
            opener,
        };
        let html = draw::card(&card, &scene.calendar(&callback.desk), beside);
        let keyboard = draw::of_card(callback, token, &self.links);
        Words {
            previews: scene.previews(&callback.desk),
            ..Words::with(html, keyboard)
        }
    }

    fn kept(&self, spot: Spot, kind: PostKind, token: ButtonToken) -> NewPost {
        NewPost {
            token: Some(token),
            thread: Some(self.thread.clone()),
            callback: Some(self.row.callback.id),
            desk: Some(self.row.callback.desk.clone()),
            ..NewPost::new(spot, kind)
        }
    }
}

/// What the buttons of a post say that this item posts: the same at every attempt.
pub(super) fn token(telling: &Telling<'_>, which: &str) -> Result<ButtonToken, SendError> {
    let token = format!("{}{which}", telling.item());
    ButtonToken::parse(&token).map_err(|_| SendError::Permanent {
        reason: "an item's key is no token".to_owned(),
    })
}
