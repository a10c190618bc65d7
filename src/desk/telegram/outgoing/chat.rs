//! One attempt to make chats say what they should: posts, edits and removes, copes with what Telegram
//! says about it, and remembers what stands there then.

use hex::encode;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use teloxide::{
    payloads::{DeleteMessage, EditMessageCaption, EditMessageText, SendMessage},
    requests::Payload,
    types::{
        ChatId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode, ReplyMarkup,
        ReplyParameters, ThreadId,
    },
};

use crate::{
    channels::telegram::{Bot, Failure, Lane, Turn},
    domain::{
        chat::{Network, Room, Spot},
        ids::{self, PersonId, PostId, TopicId},
    },
    engine::{Attempt, SendError},
    store::rows::chat::{NewPost, PostRow, Trace},
};

/// What an admin can do about what cannot be deleted.
const MUST_DELETE: &str =
    "make the bot an administrator of the desk's group who may delete messages";

/// So often a message is tried anew, elsewhere, within one attempt.
const TRIES: u32 = 4;

/// What a message says.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// Its text, as HTML.
    pub(super) html: String,
    /// Its buttons.
    pub(super) keyboard: Option<InlineKeyboardMarkup>,
    /// Whether links in it are previewed.
    pub(super) previews: bool,
}

impl Words {
    /// Words without buttons.
    pub(super) const fn bare(html: String) -> Self {
        Self {
            html,
            keyboard: None,
            previews: false,
        }
    }

    /// With these buttons.
    pub(super) fn with(html: String, keyboard: InlineKeyboardMarkup) -> Self {
        Self {
            keyboard: Some(keyboard),
            ..Self::bare(html)
        }
    }

    /// A digest of what it says.
    pub(super) fn shows(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.html.as_bytes());
        if let Some(keyboard) = &self.keyboard {
            hash.update([0]);
            hash.update(serde_json::to_vec(keyboard).unwrap_or_default());
        }
        let mut shows = encode(hash.finalize());
        shows.truncate(32);
        shows
    }

    fn preview(&self) -> LinkPreviewOptions {
        LinkPreviewOptions {
            is_disabled: !self.previews,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        }
    }
}

/// Where and how a message is posted.
#[derive(Debug, Clone)]
pub(super) struct To {
    /// The chat, and the topic in it.
    pub(super) room: Room,
    /// Without a sound.
    pub(super) silent: bool,
    /// Under which message.
    pub(super) under: Option<PostId>,
}

impl To {
    /// To a group or a person.
    pub(super) const fn chat(chat: ids::ChatId) -> Self {
        Self {
            room: Room {
                network: Network::Telegram,
                chat,
                topic: None,
            },
            silent: true,
            under: None,
        }
    }

    /// With or without a sound.
    pub(super) const fn silent(mut self, silent: bool) -> Self {
        self.silent = silent;
        self
    }

    /// Under a message.
    pub(super) fn under(mut self, post: PostId) -> Self {
        self.under = Some(post);
        self
    }
}

/// One attempt.
#[derive(Debug)]
pub(super) struct Telling<'a> {
    bot: &'a Bot,
    item: &'a str,
    /// What came of it so far.
    pub(super) traces: Vec<Trace>,
}

impl<'a> Telling<'a> {
    pub(super) const fn new(bot: &'a Bot, item: &'a str) -> Self {
        Self {
            bot,
            item,
            traces: Vec::new(),
        }
    }

    /// The item that it is for.
    pub(super) const fn item(&self) -> &str {
        self.item
    }

    /// Asks for something that is no message, such as to pin one; that it cannot be had is no matter.
    pub(super) async fn try_to<P>(&self, payload: P) -> Result<(), SendError>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        match self.bot.ask(payload).await {
            Err(failure) if is_passing(&failure) => Err(failure.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// What came of it.
    pub(super) fn over(self, result: Result<(), SendError>) -> Attempt {
        Attempt {
            result,
            traces: self.traces,
        }
    }

    /// Posts a message and keeps it as `new` has it. `None`: the bot cannot write there any more, which is
    /// kept. `what` tells the messages of one item apart.
    pub(super) async fn post(
        &mut self,
        to: To,
        words: &Words,
        what: &str,
        new: impl FnOnce(Spot) -> NewPost,
    ) -> Result<Option<Spot>, SendError> {
        let Some((spot, topic)) = self.say(to, words, what).await? else {
            return Ok(None);
        };
        let post = NewPost {
            topic,
            shows: Some(words.shows()),
            ..new(spot.clone())
        };
        self.traces.push(Trace::Posted(post));
        Ok(Some(spot))
    }

    /// The same of a message that is of no interest once it stands there: says where it does.
    pub(super) async fn say(
        &mut self,
        mut to: To,
        words: &Words,
        what: &str,
    ) -> Result<Option<(Spot, Option<TopicId>)>, SendError> {
        let turn = format!("{}.{what}", self.item);
        for _ in 0..TRIES {
            let chat = number(&to.room.chat)?;
            let payload = message(chat, &to, words)?;
            let turn = Turn {
                chat,
                item: &turn,
                lane: Lane::First,
            };
            match self.bot.send(turn, payload).await {
                Ok(sent) => return Ok(Some((spot(&to.room.chat, sent.id)?, to.room.topic))),
                Err(Failure::Moved(id)) => to.room.chat = self.moved(to.room.chat, id)?,
                Err(Failure::TopicGone | Failure::TopicClosed) if to.room.topic.is_some() => {
                    to.room.topic = None;
                }
                // What it should stand under is gone.
                Err(Failure::MessageGone) if to.under.is_some() => to.under = None,
                Err(failure) if self.lost(&to.room.chat, &failure) => return Ok(None),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(SendError::Retry { after: None })
    }

    /// Makes a post say something else. False if it is not there any more, which is kept.
    pub(super) async fn edit(&mut self, post: &PostRow, words: &Words) -> Result<bool, SendError> {
        if post.shows.as_deref() == Some(words.shows().as_str()) {
            return Ok(true);
        }
        let mut payload = EditMessageText::new(
            number(&post.spot.chat)?,
            message_id(&post.spot.post)?,
            words.html.clone(),
        );
        payload.parse_mode = Some(ParseMode::Html);
        payload.link_preview_options = Some(words.preview());
        payload.reply_markup = words.keyboard.clone();
        match self.bot.ask(payload).await {
            Ok(_) | Err(Failure::NotModified) => {
                self.traces.push(Trace::Shows {
                    post: post.id,
                    shows: words.shows(),
                });
                Ok(true)
            }
            // In a group that moved, messages have other ids, or none.
            Err(Failure::Moved(id)) => {
                self.moved(post.spot.chat.clone(), id)?;
                self.gone(post);
                Ok(false)
            }
            Err(Failure::MessageGone) => {
                self.gone(post);
                Ok(false)
            }
            Err(failure) if self.lost(&post.spot.chat, &failure) => Ok(true),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Takes a post away; where that cannot be done any more, `bare` stands there.
    pub(super) async fn remove(&mut self, post: &PostRow, bare: &str) -> Result<(), SendError> {
        self.take_down(&post.spot, Some(bare)).await?;
        self.gone(post);
        Ok(())
    }

    /// Deletes a message, or at least what it says. What cannot be reached any more is as good as gone.
    pub(super) async fn take_down(
        &mut self,
        spot: &Spot,
        bare: Option<&str>,
    ) -> Result<(), SendError> {
        let (chat, id) = (number(&spot.chat)?, message_id(&spot.post)?);
        match self.bot.ask(DeleteMessage::new(chat, id)).await {
            Ok(_) => return Ok(()),
            Err(failure) if is_passing(&failure) => return Err(failure.into()),
            // Older than Telegram lets a bot delete it, or somebody else's.
            Err(_) => {}
        }
        let Some(bare) = bare else {
            tracing::warn!("an agent's message in Telegram may still stand: {MUST_DELETE}");
            return Ok(());
        };
        match self.bot.ask(EditMessageText::new(chat, id, bare)).await {
            Ok(_) | Err(Failure::NotModified) => return Ok(()),
            Err(failure) if is_passing(&failure) => return Err(failure.into()),
            Err(Failure::MessageGone | Failure::ChatGone | Failure::Blocked) => return Ok(()),
            Err(_) => {}
        }
        // What is no text may have some under it.
        let mut caption = EditMessageCaption::new(chat, id);
        caption.caption = Some(bare.to_owned());
        tracing::warn!("a picture or file in Telegram could not be deleted: {MUST_DELETE}");
        self.try_to(caption).await
    }

    /// A post is there no more.
    pub(super) fn gone(&mut self, post: &PostRow) {
        self.traces.push(Trace::Gone { post: post.id });
    }

    /// Keeps that a group has another id now, and says it.
    fn moved(&mut self, from: ids::ChatId, to: ChatId) -> Result<ids::ChatId, SendError> {
        let to = ids::ChatId::parse(&to.to_string()).map_err(|_| unreadable())?;
        self.traces.push(Trace::GroupMoved {
            network: Network::Telegram,
            from,
            to: to.clone(),
        });
        Ok(to)
    }

    /// Keeps that the bot cannot write to a chat any more. False if it is something else.
    fn lost(&mut self, chat: &ids::ChatId, failure: &Failure) -> bool {
        if !matches!(failure, Failure::ChatGone | Failure::Blocked) {
            return false;
        }
        let network = Network::Telegram;
        // A person's chat has the person's number; a group's is negative.
        let person = PersonId::parse(chat.as_str()).ok();
        self.traces
            .push(match person.filter(|_| !chat.as_str().starts_with('-')) {
                Some(person) => Trace::PersonLost { network, person },
                None => Trace::GroupLost {
                    network,
                    chat: chat.clone(),
                },
            });
        true
    }
}

fn message(chat: ChatId, to: &To, words: &Words) -> Result<SendMessage, SendError> {
    let mut message = SendMessage::new(chat, words.html.clone());
    message.parse_mode = Some(ParseMode::Html);
    message.link_preview_options = Some(words.preview());
    message.disable_notification = to.silent.then_some(true);
    let topic = to.room.topic.as_ref();
    let topic = topic.map(|topic| topic.as_str().parse().map_err(|_| unreadable()));
    message.message_thread_id = topic.transpose()?.map(|topic| ThreadId(MessageId(topic)));
    if let Some(under) = &to.under {
        let under = ReplyParameters::new(message_id(under)?);
        message.reply_parameters = Some(under.allow_sending_without_reply());
    }
    message.reply_markup = words.keyboard.clone().map(ReplyMarkup::InlineKeyboard);
    Ok(message)
}

/// Whether it may go better another time.
const fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Later(_)
            | Failure::Unreachable
            | Failure::Unknown
            | Failure::WrongToken
            | Failure::Conflict
            | Failure::WebhookSet
    )
}

pub(super) fn number(chat: &ids::ChatId) -> Result<ChatId, SendError> {
    chat.as_str().parse().map(ChatId).map_err(|_| unreadable())
}

pub(super) fn message_id(post: &PostId) -> Result<MessageId, SendError> {
    let id = post.as_str().parse().map_err(|_| unreadable())?;
    Ok(MessageId(id))
}

fn spot(chat: &ids::ChatId, id: MessageId) -> Result<Spot, SendError> {
    Ok(Spot {
        network: Network::Telegram,
        chat: chat.clone(),
        post: PostId::parse(&id.0.to_string()).map_err(|_| unreadable())?,
    })
}

fn unreadable() -> SendError {
    SendError::Permanent {
        reason: "an id is none of Telegram's".to_owned(),
    }
}
