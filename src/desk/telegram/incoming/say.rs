//! How agents are answered: in a chat, by changing what stands there, at a button. An answer that does
//! not reach Telegram is lost, and only that: what it tells of is done, and is done once.

use teloxide::{
    payloads::{
        AnswerCallbackQuery, DeleteMessage, EditMessageReplyMarkup, EditMessageText, SendMessage,
    },
    types::{
        CallbackQuery, ChatId, InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageId,
        ParseMode, ReplyParameters, ThreadId,
    },
};

use super::Incoming;
use crate::{channels::telegram::Failure, desk::telegram::wording, domain::cut};

/// The longest answer to a button, in UTF-16 units.
const LONGEST_ANSWER: usize = 200;

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) chat: ChatId,
    pub(super) topic: Option<ThreadId>,
    /// Under that message.
    pub(super) under: Option<MessageId>,
}

impl Place {
    /// Where a message stands, and under it.
    pub(super) fn under(message: &Message) -> Self {
        Self {
            chat: message.chat.id,
            topic: message.thread_id.filter(|_| message.is_topic_message),
            under: (!message.chat.is_private()).then_some(message.id),
        }
    }

    /// In private.
    pub(super) const fn private(chat: ChatId) -> Self {
        Self {
            chat,
            topic: None,
            under: None,
        }
    }
}

/// What whoever pressed a button is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    text: String,
    /// It is to be confirmed: it went otherwise than wished.
    is_alert: bool,
    /// What is opened: a chat with the bot.
    opens: Option<String>,
}

impl Told {
    /// It went as wished.
    pub(super) fn note(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_alert: false,
            opens: None,
        }
    }

    /// It went otherwise.
    pub(super) fn alert(text: impl Into<String>) -> Self {
        Self {
            is_alert: true,
            ..Self::note(text)
        }
    }

    /// What it says.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it went otherwise than wished.
    pub(super) const fn is_alert(&self) -> bool {
        self.is_alert
    }

    /// A chat with the bot is opened instead.
    pub(super) fn opening(username: &str) -> Self {
        Self {
            opens: Some(format!("https://t.me/{username}?start=desk")),
            ..Self::note("")
        }
    }
}

impl Incoming {
    /// Says something, in Telegram's HTML.
    ///
    /// # Errors
    /// When it does not stand there, or may not.
    pub(super) async fn say(
        &self,
        place: Place,
        html: String,
        keys: Option<InlineKeyboardMarkup>,
    ) -> Result<MessageId, Failure> {
        let mut payload = SendMessage::new(place.chat, html);
        payload.parse_mode = Some(ParseMode::Html);
        payload.link_preview_options = Some(no_preview());
        payload.message_thread_id = place.topic;
        payload.reply_parameters = place
            .under
            .map(|message| ReplyParameters::new(message).allow_sending_without_reply());
        payload.reply_markup = keys.map(Into::into);
        let sent = self.bot.say(place.chat, payload).await;
        if let Err(error) = &sent {
            tracing::warn!(%error, "an agent could not be answered in Telegram");
        }
        Ok(sent?.id)
    }

    /// Says something that nothing depends on.
    pub(super) async fn tell(&self, place: Place, html: String) {
        // Its failure is logged, and the agent can ask again.
        drop(self.say(place, html, None).await);
    }

    /// Changes what a message of ours says.
    pub(super) async fn change(
        &self,
        chat: ChatId,
        message: MessageId,
        html: String,
        keys: Option<InlineKeyboardMarkup>,
    ) -> Result<(), Failure> {
        let mut payload = EditMessageText::new(chat, message, html);
        payload.parse_mode = Some(ParseMode::Html);
        payload.link_preview_options = Some(no_preview());
        payload.reply_markup = keys;
        done(self.bot.ask(payload).await.map(drop))
    }

    /// Changes the buttons under a message of ours.
    pub(super) async fn change_keys(
        &self,
        chat: ChatId,
        message: MessageId,
        keys: InlineKeyboardMarkup,
    ) -> Result<(), Failure> {
        let mut payload = EditMessageReplyMarkup::new(chat, message);
        payload.reply_markup = Some(keys);
        done(self.bot.ask(payload).await.map(drop))
    }

    /// Takes a message of ours away; where that is too late, it becomes one line.
    pub(super) async fn fold(&self, chat: ChatId, message: MessageId) {
        let deleted = self.bot.ask(DeleteMessage::new(chat, message)).await;
        if deleted.is_err() {
            let folded = self.change(chat, message, wording::FOLDED.to_owned(), None);
            if let Err(error) = folded.await {
                tracing::debug!(%error, "a message in Telegram could not be folded away");
            }
        }
    }

    /// Answers a button.
    pub(super) async fn answer(&self, query: &CallbackQuery, told: Told) {
        let mut payload = AnswerCallbackQuery::new(query.id.clone());
        let text = short(&told.text);
        payload.text = (!text.is_empty()).then_some(text);
        payload.show_alert = told.is_alert.then_some(true);
        payload.url = told.opens.and_then(|url| url.parse().ok());
        match self.bot.ask(payload).await {
            // Whoever pressed it looks elsewhere by now.
            Ok(_) | Err(Failure::QueryGone) => {}
            Err(error) => tracing::debug!(%error, "a button in Telegram could not be answered"),
        }
    }
}

/// What says so already, or is not there any more, needs no change.
fn done(changed: Result<(), Failure>) -> Result<(), Failure> {
    match changed {
        Err(Failure::NotModified) => Ok(()),
        other => other,
    }
}

const fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// As much of a text as an answer to a button may have.
fn short(text: &str) -> String {
    // One for the sign that something was left out.
    let head = cut::head(text, LONGEST_ANSWER - 1, char::len_utf16);
    let sign = if head.len() < text.len() { "…" } else { "" };
    format!("{head}{sign}")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_ANSWER, short};

    #[test]
    fn an_answer_is_no_longer_than_telegram_takes() {
        assert_eq!(short("It is yours."), "It is yours.");
        for letter in ["x", "é", "😀"] {
            let short = short(&letter.repeat(500));
            assert!(short.ends_with('…'));
            assert!(short.encode_utf16().count() <= LONGEST_ANSWER);
        }
    }
}
