//! Shows a desk's group what customers write and what was answered elsewhere: in a topic of the
//! customer's own where the group is a forum, else as messages that agents answer by replying. Texts are
//! what is kept (masked), never what came in.

mod room;
mod words;

use teloxide::{
    payloads::{CopyMessage, EditMessageCaption, EditMessageText, SendMessage},
    types::{ChatId, LinkPreviewOptions, MessageId, ParseMode},
};

use super::Outgoing;
use crate::{
    channels::telegram::Failure,
    domain::{
        chat::{Network, Spot},
        decision::Action,
        ids::{self, PostId, ThreadKey},
        message::{Attachment, Party},
        time::Timestamp,
    },
    engine::{
        Attempt, ChangedEvent, DecisionEvent, Handle, OutboxEvent, OutboxItem, SendError,
        chat::rows::{GroupRow, LineToCarry, NewPost, PostKind, PostRow, Trace},
    },
    rules::Desk,
    settings::ChannelKind,
    store::StoreError,
};
use room::Room;

/// What of a relayed message a post shows, as its `shows` says: what is to be done to edit it.
mod shows {
    /// Its text.
    pub(super) const TEXT: &str = "text";
    /// The thing itself, with the text under it.
    pub(super) const CAPTIONED: &str = "captioned";
    /// The thing itself, which can have no text.
    pub(super) const MEDIA: &str = "media";
}

/// How somebody sees it.
struct Shown<'a> {
    thread: &'a ThreadKey,
    kind: ChannelKind,
    line: &'a LineToCarry,
    silent: bool,
    /// The group does not draw pictures of where links lead.
    no_preview: bool,
}

impl Outgoing {
    /// Whether a group is shown this.
    pub(super) fn wants_relayed(&self, event: &OutboxEvent) -> bool {
        let channel = match event {
            // What was corrected stands there already.
            OutboxEvent::Decision(event) if !event.corrected => &event.record.channel,
            OutboxEvent::Changed(event) => &event.channel,
            _ => return false,
        };
        self.relayed_way(channel).is_some()
    }

    /// The way that a channel's messages come, if a group is shown them.
    fn relayed_way(&self, channel: &ids::ChannelName) -> Option<ChannelKind> {
        match self.settings.channels.get(channel)?.kind {
            kind @ (ChannelKind::Telegram | ChannelKind::TelegramBusiness) => Some(kind),
            ChannelKind::TelegramGroup | ChannelKind::Api | ChannelKind::Webchat => None,
        }
    }

    /// Shows a message that was decided, or one that changed.
    pub(super) async fn relay(&self, item: &OutboxItem, engine: &Handle) -> Attempt {
        let mut traces = Vec::new();
        let result = match &item.event {
            OutboxEvent::Decision(event) => self.show(item, event, engine, &mut traces).await,
            OutboxEvent::Changed(event) => self.follow(event, engine).await,
            _ => Ok(()),
        };
        Attempt { result, traces }
    }

    async fn show(
        &self,
        item: &OutboxItem,
        event: &DecisionEvent,
        engine: &Handle,
        traces: &mut Vec<Trace>,
    ) -> Result<(), SendError> {
        let record = &event.record;
        let Some(kind) = self.relayed_way(&record.channel) else {
            return Ok(());
        };
        let thread = ThreadKey {
            channel: record.channel.clone(),
            thread: record.thread.clone(),
        };
        let rules = engine.rules();
        let name = &rules.rules.policy(&record.channel).desk;
        let directory = engine.directory();
        let group = directory.group_of(Network::Telegram, name);
        let Some(group) = group.filter(|group| group.lost_at.is_none()) else {
            return Ok(());
        };
        let line = engine.line_to_carry(thread.clone(), record.id.clone());
        let Some(line) = line.await.map_err(unread)? else {
            return Ok(());
        };
        let stands = line.posts.iter().filter(|post| stands_in(post, group));
        let stands: Vec<&str> = stands
            .map(|post| post.shows.as_deref().unwrap_or(shows::CAPTIONED))
            .collect();
        let desk = rules.rules.desks.get(name);
        let shown = Shown {
            thread: &thread,
            kind,
            silent: line.from != Party::Customer || is_quiet(event, desk, self.clock.now()),
            no_preview: desk.is_none_or(|desk| desk.disable_link_preview),
            line: &line,
        };
        match (stands.as_slice(), with_media(kind, &line)) {
            ([], None) => self.say(item, engine, group, &shown, traces).await,
            ([], Some(attachment)) if has_caption(attachment) => {
                self.copy(item, engine, group, &shown, true, traces).await
            }
            ([], Some(_)) => {
                self.say(item, engine, group, &shown, traces).await?;
                self.copy(item, engine, group, &shown, false, traces).await
            }
            // Cut off between the two.
            ([shows::TEXT], Some(attachment)) if !has_caption(attachment) => {
                self.copy(item, engine, group, &shown, false, traces).await
            }
            _ => Ok(()),
        }
    }

    /// Shows the text.
    async fn say(
        &self,
        item: &OutboxItem,
        engine: &Handle,
        group: &GroupRow,
        shown: &Shown<'_>,
        traces: &mut Vec<Trace>,
    ) -> Result<(), SendError> {
        let name = words::name_of(engine, shown.thread).await?;
        let sent = self
            .in_room(item, engine, group, shown, traces, |room| {
                let text = words::text(shown.line, &name, room.is_own());
                let mut payload = SendMessage::new(room.chat, text);
                payload.message_thread_id = room.topic;
                payload.parse_mode = Some(ParseMode::Html);
                payload.disable_notification = Some(shown.silent);
                payload.link_preview_options = Some(preview(shown.no_preview));
                payload
            })
            .await?;
        if let Some((message, room)) = sent {
            traces.extend(trace(shown, &room, message.id, shows::TEXT, item));
        }
        Ok(())
    }

    /// Shows the thing that came with it, copied from the customer's chat. What cannot be copied is named.
    async fn copy(
        &self,
        item: &OutboxItem,
        engine: &Handle,
        group: &GroupRow,
        shown: &Shown<'_>,
        with_caption: bool,
        traces: &mut Vec<Trace>,
    ) -> Result<(), SendError> {
        let Some((from, message)) = origin(shown, item) else {
            return Ok(());
        };
        let name = words::name_of(engine, shown.thread).await?;
        let sent = self
            .in_room(item, engine, group, shown, traces, |room| {
                let mut payload = CopyMessage::new(room.chat, from, message);
                payload.message_thread_id = room.topic;
                payload.disable_notification = Some(shown.silent || !with_caption);
                if with_caption {
                    payload.caption = Some(words::caption(shown.line, &name, room.is_own()));
                    payload.parse_mode = Some(ParseMode::Html);
                }
                payload
            })
            .await;
        match sent {
            Ok(Some((copy, room))) => {
                let shows = match with_caption {
                    true => shows::CAPTIONED,
                    false => shows::MEDIA,
                };
                traces.extend(trace(shown, &room, copy, shows, item));
                Ok(())
            }
            Ok(None) => Ok(()),
            // It was deleted meanwhile, or is of a kind that cannot be copied.
            Err(SendError::Permanent { .. }) if with_caption => {
                self.say(item, engine, group, shown, traces).await
            }
            Err(SendError::Permanent { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Changes what stands of a message that changed.
    async fn follow(&self, event: &ChangedEvent, engine: &Handle) -> Result<(), SendError> {
        let thread = ThreadKey {
            channel: event.channel.clone(),
            thread: event.thread.clone(),
        };
        let line = engine.line_to_carry(thread.clone(), event.id.clone());
        let Some(line) = line.await.map_err(unread)? else {
            return Ok(());
        };
        let rules = engine.rules();
        let desk = &rules.rules.policy(&event.channel).desk;
        let directory = engine.directory();
        let Some(group) = directory.group_of(Network::Telegram, desk) else {
            return Ok(());
        };
        let desk = rules.rules.desks.get(desk);
        let no_preview = desk.is_none_or(|desk| desk.disable_link_preview);
        let is_shown = |post: &&PostRow| post.kind == PostKind::Relayed && stands_in(post, group);
        for post in line.posts.iter().filter(is_shown) {
            let Some((chat, message)) = place(&post.spot) else {
                continue;
            };
            let name = words::name_of(engine, &thread).await?;
            let is_own = post.topic.is_some();
            let changed = match post.shows.as_deref() {
                Some(shows::TEXT) => {
                    let text = words::text(&line, &name, is_own);
                    let mut payload = EditMessageText::new(chat, message, text);
                    payload.parse_mode = Some(ParseMode::Html);
                    payload.link_preview_options = Some(preview(no_preview));
                    self.bot.ask(payload).await.map(drop)
                }
                Some(shows::CAPTIONED) => {
                    let mut payload = EditMessageCaption::new(chat, message);
                    payload.caption = Some(words::caption(&line, &name, is_own));
                    payload.parse_mode = Some(ParseMode::Html);
                    self.bot.ask(payload).await.map(drop)
                }
                _ => Ok(()),
            };
            match changed {
                // It is not there any more, or nobody can see it.
                Ok(())
                | Err(
                    Failure::NotModified
                    | Failure::MessageGone
                    | Failure::ChatGone
                    | Failure::TopicGone
                    | Failure::TopicClosed
                    | Failure::Moved(_),
                ) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }
}

/// Whether a message need not be heard: it asks nothing of us, a card rings for it, or the desk is closed.
fn is_quiet(event: &DecisionEvent, desk: Option<&Desk>, now: Timestamp) -> bool {
    let does = |action| event.record.actions.contains(&action);
    does(Action::Resolve)
        || does(Action::Wait)
        || does(Action::Callback)
        || desk.is_some_and(|desk| !desk.hours.is_open(now))
}

/// Whether a post shows a message in this group: ours, or as an agent wrote it there.
fn stands_in(post: &PostRow, group: &GroupRow) -> bool {
    let shows = matches!(post.kind, PostKind::Relayed | PostKind::Answer);
    shows && post.spot.network == group.network && post.spot.chat == group.chat
}

/// What came with a customer's message and can be copied. A number is nobody's but the claimer's; a
/// Business account's chats are closed to the bot in this.
fn with_media(kind: ChannelKind, line: &LineToCarry) -> Option<Attachment> {
    let is_theirs = line.from == Party::Customer && kind == ChannelKind::Telegram;
    line.attachment
        .filter(|attachment| is_theirs && *attachment != Attachment::Contact)
}

/// Whether a text can stand under it.
const fn has_caption(attachment: Attachment) -> bool {
    match attachment {
        Attachment::Photo
        | Attachment::Video
        | Attachment::Voice
        | Attachment::Audio
        | Attachment::Document => true,
        Attachment::Sticker | Attachment::Location | Attachment::Contact | Attachment::Other => {
            false
        }
    }
}

/// Where the customer wrote it.
fn origin(shown: &Shown<'_>, item: &OutboxItem) -> Option<(ChatId, MessageId)> {
    let OutboxEvent::Decision(event) = &item.event else {
        return None;
    };
    let chat = shown.thread.thread.as_str().parse().ok()?;
    let message = event.record.id.as_str().parse().ok()?;
    Some((ChatId(chat), MessageId(message)))
}

fn trace(
    shown: &Shown<'_>,
    room: &Room,
    message: MessageId,
    shows: &str,
    item: &OutboxItem,
) -> Option<Trace> {
    let OutboxEvent::Decision(event) = &item.event else {
        return None;
    };
    let spot = Spot {
        network: Network::Telegram,
        chat: ids::ChatId::parse(&room.chat.to_string()).ok()?,
        post: PostId::parse(&message.0.to_string()).ok()?,
    };
    Some(Trace::Posted(NewPost {
        topic: room.topic_id(),
        thread: Some(shown.thread.clone()),
        message: Some(event.record.id.clone()),
        shows: Some(shows.to_owned()),
        ..NewPost::new(spot, PostKind::Relayed)
    }))
}

/// Where a post stands, in Telegram's ids.
fn place(spot: &Spot) -> Option<(ChatId, MessageId)> {
    let chat = spot.chat.as_str().parse().ok()?;
    let message = spot.post.as_str().parse().ok()?;
    Some((ChatId(chat), MessageId(message)))
}

const fn preview(disabled: bool) -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: disabled,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// The database cannot be read just now.
fn unread(_: StoreError) -> SendError {
    SendError::Retry { after: None }
}

#[cfg(test)]
mod tests;
