//! Carries messages of ours to customers: what agents answer and what Ringback says by itself. A message
//! that may have arrived is not sent again; the desk is asked. What stands of a message that was sent in
//! pieces is not sent again either.

mod pieces;
mod place;

pub(super) use pieces::{Piece, pieces};
pub(super) use place::{Place, chat_of, post};

use std::{sync::Arc, time::Duration};

use place::permanent;
use teloxide::{
    payloads::{
        CopyMessage, DeleteBusinessMessages, DeleteMessage, EditMessageCaption, EditMessageText,
        SendMessage,
    },
    types::{ChatId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, Recipient, ReplyMarkup},
};

use super::{
    Bot, Failure, Lane, Turn,
    buttons::{self, More},
    links::form_link,
};
use crate::{
    buttons::Buttons,
    domain::{
        chat::{Network, Spot},
        ids::{self, ButtonToken, PostId, ThreadKey},
        reading::Language,
    },
    engine::{
        Attempt, BoxFuture, CarryChange, CarryEvent, Destination, Handle, OutboxEvent, OutboxItem,
        SendError,
        chat::rows::{LineToCarry, NewPost, PostKind, PostRow, Trace},
    },
    settings::{ChannelKind, Settings},
};

/// How many messages may be under way at once; those of one customer go one by one.
const CONCURRENCY: usize = 16;
/// How long one may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Brings messages to Telegram's customers.
#[derive(Debug)]
pub struct Deliver {
    bot: Bot,
    settings: Arc<Settings>,
}

impl Deliver {
    /// Brings them with this bot.
    #[must_use]
    pub const fn new(bot: Bot, settings: Arc<Settings>) -> Self {
        Self { bot, settings }
    }

    /// Over which of the bot's ways a channel's customers are reached; `None`: over none.
    fn way(&self, event: &OutboxEvent) -> Option<ChannelKind> {
        let OutboxEvent::Carry(event) = event else {
            return None;
        };
        let kind = self.settings.channels.get(&event.channel)?.kind;
        match kind {
            ChannelKind::Telegram | ChannelKind::TelegramGroup | ChannelKind::TelegramBusiness => {
                Some(kind)
            }
            ChannelKind::Api | ChannelKind::Webchat => None,
        }
    }
}

impl Destination for Deliver {
    fn name(&self) -> &'static str {
        "telegram"
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        self.way(event).is_some()
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn may_repeat(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, engine: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let (OutboxEvent::Carry(event), Some(kind)) = (&item.event, self.way(&item.event))
            else {
                return Ok(()).into();
            };
            let mut traces = Vec::new();
            let result = match self.delivery(item, event, kind, engine).await {
                Ok(Some(delivery)) => delivery.bring(event.change, &mut traces).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
            Attempt { result, traces }
        })
    }
}

impl Deliver {
    /// All that is needed to bring a message; `None` if there is nothing to bring.
    async fn delivery<'a>(
        &'a self,
        item: &'a OutboxItem,
        event: &CarryEvent,
        kind: ChannelKind,
        engine: &'a Handle,
    ) -> Result<Option<Delivery<'a>>, SendError> {
        let thread = ThreadKey {
            channel: event.channel.clone(),
            thread: event.thread.clone(),
        };
        let line = engine.line_to_carry(thread.clone(), event.message.clone());
        // What cannot be read now may be read later.
        let line = line.await.map_err(|_| SendError::Retry { after: None })?;
        let Some(line) = line else {
            return match event.change {
                CarryChange::New => Err(permanent("the message is not kept any more")),
                CarryChange::Edited => Ok(None),
            };
        };
        let place = Place::of(kind, &thread, engine).await?;
        Ok(Some(Delivery {
            deliver: self,
            engine,
            item,
            thread,
            message: event.message.clone(),
            kind,
            line,
            place,
        }))
    }
}

/// One message on its way.
struct Delivery<'a> {
    deliver: &'a Deliver,
    engine: &'a Handle,
    item: &'a OutboxItem,
    thread: ThreadKey,
    message: ids::MessageId,
    kind: ChannelKind,
    line: LineToCarry,
    place: Place,
}

impl Delivery<'_> {
    async fn bring(
        mut self,
        change: CarryChange,
        traces: &mut Vec<Trace>,
    ) -> Result<(), SendError> {
        let pieces = pieces(&self.line);
        let standing: Vec<PostRow> = self.line.posts.iter().filter(is_ours).cloned().collect();
        let done = match change {
            CarryChange::New => self.send_from(&pieces, standing.len(), traces).await,
            // What never arrived has no copy to change.
            CarryChange::Edited if standing.is_empty() => Ok(()),
            CarryChange::Edited => self.edit(&pieces, &standing, traces).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(Trouble::Error(error)) => Err(error),
            Err(Trouble::Failure(failure)) => self.failed(failure, traces).await,
        }
    }

    /// Sends the pieces from one on: those before it stand already.
    async fn send_from(
        &mut self,
        pieces: &[Piece],
        first: usize,
        traces: &mut Vec<Trace>,
    ) -> Result<(), Trouble> {
        for (number, piece) in pieces.iter().enumerate().skip(first) {
            let is_last = number + 1 == pieces.len();
            let keyboard = match is_last {
                true => self.keyboard().await?,
                false => None,
            };
            let (token, markup) = keyboard.unzip();
            let sent = match self.send(piece, markup.clone()).await {
                Err(Failure::Moved(to)) => {
                    traces.push(moved(self.place.chat, to)?);
                    self.place.chat = to;
                    self.send(piece, markup).await
                }
                sent => sent,
            }?;
            traces.push(Trace::Posted(self.posted(sent, token)?));
        }
        Ok(())
    }

    async fn send(
        &self,
        piece: &Piece,
        markup: Option<InlineKeyboardMarkup>,
    ) -> Result<MessageId, Failure> {
        let bot = &self.deliver.bot;
        let turn = Turn {
            chat: self.place.chat,
            item: &self.item.id,
            lane: Lane::First,
        };
        let to = self.place.recipient();
        let markup = markup.map(ReplyMarkup::InlineKeyboard);
        match piece {
            Piece::Text(text) => {
                let mut payload = SendMessage::new(to, text);
                payload.business_connection_id = self.place.connection.clone();
                payload.message_thread_id = self.place.topic;
                payload.reply_parameters = self.place.reply();
                payload.link_preview_options = self.previews();
                payload.reply_markup = markup;
                Ok(bot.send(turn, payload).await?.id)
            }
            Piece::Copy { .. } if self.place.connection.is_some() => Err(Failure::Refused(
                "what is no text cannot be sent over a Business account: send it from there",
            )),
            Piece::Copy { from, caption } => {
                let (Some(chat), Some(message)) = (chat(from), post(&from.post)) else {
                    return Err(Failure::MessageGone);
                };
                let mut payload = CopyMessage::new(to, Recipient::Id(chat), message);
                payload.message_thread_id = self.place.topic;
                payload.reply_parameters = self.place.reply();
                payload.caption.clone_from(caption);
                payload.reply_markup = markup;
                bot.send(turn, payload).await
            }
        }
    }

    /// Makes the customer's copy say what the message says now.
    async fn edit(
        &mut self,
        pieces: &[Piece],
        standing: &[PostRow],
        traces: &mut Vec<Trace>,
    ) -> Result<(), Trouble> {
        let keyboard = self.keyboard().await?.map(|(_, keyboard)| keyboard);
        for (number, (piece, post)) in pieces.iter().zip(standing).enumerate() {
            let is_last = number + 1 == pieces.len();
            let markup = keyboard.clone().filter(|_| is_last);
            match self.rewrite(piece, post, markup).await {
                // It says so already; or nobody can see it any more.
                Ok(()) | Err(Failure::NotModified | Failure::MessageGone) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        for surplus in standing.iter().skip(pieces.len()) {
            match self.delete(surplus).await {
                Ok(()) | Err(Failure::MessageGone) => {
                    traces.push(Trace::Gone { post: surplus.id });
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        self.send_from(pieces, standing.len(), traces).await
    }

    async fn rewrite(
        &self,
        piece: &Piece,
        row: &PostRow,
        markup: Option<InlineKeyboardMarkup>,
    ) -> Result<(), Failure> {
        let (chat, Some(message)) = (self.place.chat, post(&row.spot.post)) else {
            return Err(Failure::MessageGone);
        };
        let bot = &self.deliver.bot;
        match piece {
            Piece::Text(text) => {
                let mut payload = EditMessageText::new(chat, message, text);
                payload.business_connection_id = self.place.connection.clone();
                payload.link_preview_options = self.previews();
                payload.reply_markup = markup;
                bot.ask(payload).await.map(drop)
            }
            Piece::Copy { caption: None, .. } => Ok(()),
            Piece::Copy {
                caption: Some(caption),
                ..
            } => {
                let mut payload = EditMessageCaption::new(chat, message);
                payload.business_connection_id = self.place.connection.clone();
                payload.caption = Some(caption.clone());
                payload.reply_markup = markup;
                bot.ask(payload).await.map(drop)
            }
        }
    }

    async fn delete(&self, row: &PostRow) -> Result<(), Failure> {
        let (chat, Some(message)) = (self.place.chat, post(&row.spot.post)) else {
            return Err(Failure::MessageGone);
        };
        let bot = &self.deliver.bot;
        match &self.place.connection {
            Some(connection) => {
                let payload = DeleteBusinessMessages::new(connection.clone(), [message]);
                bot.ask(payload).await.map(drop)
            }
            None => bot.ask(DeleteMessage::new(chat, message)).await.map(drop),
        }
    }

    /// The buttons of the message, with what they say. None where others could press them.
    async fn keyboard(&self) -> Result<Option<(ButtonToken, InlineKeyboardMarkup)>, Trouble> {
        if self.kind == ChannelKind::TelegramGroup {
            return Ok(None);
        }
        let kept = self.line.posts.iter().filter(is_ours);
        let kept = kept.filter_map(|post| post.token.clone()).next_back();
        let token = match kept {
            Some(token) => token,
            None => ButtonToken::parse(&self.item.id).map_err(|_| corrupt())?,
        };
        let language = language_of(&self.line, &self.thread, self.engine);
        let words = Buttons::of(language);
        if self.line.asks_helped {
            let keyboard = buttons::helped(words, &token);
            return Ok(Some((token, keyboard)));
        }
        let Some(offer) = self.line.form else {
            return Ok(None);
        };
        let made = form_link(self.engine, &self.deliver.settings, &self.thread, offer.id);
        let made = made.await.map_err(|_| SendError::Retry { after: None })?;
        Ok(made.map(|link| {
            let keyboard = buttons::form(words, More::of(language), offer.kind, link, &token);
            (token, keyboard)
        }))
    }

    /// Whether links in the text are previewed: never, unless the desk wants it.
    fn previews(&self) -> Option<LinkPreviewOptions> {
        let loaded = self.engine.rules();
        let rules = &loaded.rules;
        let desk = rules.desks.get(&rules.policy(&self.thread.channel).desk);
        let is_disabled = desk.is_none_or(|desk| desk.disable_link_preview);
        is_disabled.then_some(LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        })
    }

    fn posted(&self, sent: MessageId, token: Option<ButtonToken>) -> Result<NewPost, SendError> {
        let chat = match self.kind {
            // It goes by the customer's number there too, and counts its messages anew.
            ChannelKind::TelegramBusiness => ids::ChatId::parse(self.thread.thread.as_str()),
            _ => ids::ChatId::parse(&self.place.chat.to_string()),
        };
        let spot = Spot {
            network: Network::Telegram,
            chat: chat.map_err(|_| corrupt())?,
            post: PostId::parse(&sent.to_string()).map_err(|_| corrupt())?,
        };
        let topic = self.place.topic.map(|topic| topic.to_string());
        Ok(NewPost {
            topic: topic.and_then(|topic| ids::TopicId::parse(&topic).ok()),
            token,
            thread: Some(self.thread.clone()),
            message: Some(self.message.clone()),
            ..NewPost::new(spot, PostKind::Carried)
        })
    }

    /// What follows from a failure besides.
    async fn failed(self, failure: Failure, traces: &mut Vec<Trace>) -> Result<(), SendError> {
        match (&failure, self.kind) {
            (Failure::Blocked, _) => {
                let told = self.engine.set_blocked(self.thread, true).await;
                told.map_err(|_| SendError::Retry { after: None })?;
                Err(permanent("the customer has blocked the bot"))
            }
            (Failure::ChatGone, ChannelKind::TelegramGroup) => {
                traces.push(Trace::GroupLost {
                    network: Network::Telegram,
                    chat: id_of(self.place.chat)?,
                });
                Err(permanent("the bot is not in this group any more"))
            }
            (Failure::RightMissing, ChannelKind::TelegramBusiness) => Err(permanent(
                "the bot may not write in this chat of the Business account: it must be allowed to \
                 reply, and the customer must have written within the last 24 hours",
            )),
            (Failure::RightMissing, _) => Err(permanent("the bot may not write in this chat")),
            (Failure::MessageGone, _) => Err(permanent(
                "the message to send was deleted in the desk's group before it could be sent",
            )),
            _ => Err(failure.into()),
        }
    }
}

/// Why a message could not be brought.
enum Trouble {
    Failure(Failure),
    Error(SendError),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<SendError> for Trouble {
    fn from(error: SendError) -> Self {
        Self::Error(error)
    }
}

/// The language of a message's buttons: its thread's, else its desk's.
pub(super) fn language_of(line: &LineToCarry, thread: &ThreadKey, engine: &Handle) -> Language {
    line.language.unwrap_or_else(|| {
        let loaded = engine.rules();
        let rules = &loaded.rules;
        let desk = rules.desks.get(&rules.policy(&thread.channel).desk);
        desk.map_or(Language::ENGLISH, |desk| desk.language)
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a filter is given a reference to what it looks at"
)]
fn is_ours(post: &&PostRow) -> bool {
    post.kind == PostKind::Carried
}

fn moved(from: ChatId, to: ChatId) -> Result<Trace, SendError> {
    Ok(Trace::GroupMoved {
        network: Network::Telegram,
        from: id_of(from)?,
        to: id_of(to)?,
    })
}

/// The chat of a spot, as Telegram's; not of a Business account's chat.
fn chat(spot: &Spot) -> Option<ChatId> {
    spot.chat.as_str().parse().ok().map(ChatId)
}

fn id_of(chat: ChatId) -> Result<ids::ChatId, SendError> {
    ids::ChatId::parse(&chat.to_string()).map_err(|_| corrupt())
}

fn corrupt() -> SendError {
    permanent("an id of Telegram's cannot be kept")
}
