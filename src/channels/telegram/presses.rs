//! What customers press: whether a call helped, and a link to a form anew. Each press is answered; it
//! counts for nothing, and has its effect once.

use teloxide::{
    payloads::{AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText},
    types::{CallbackQuery, ChatId, InlineKeyboardMarkup, UpdateId},
};

use super::{
    Parts,
    buttons::{self, More, Press},
    deliver::{Piece, Place, chat_of, language_of, pieces, post},
    links::{NoLink, form_link},
};
use crate::{
    buttons::Buttons,
    domain::{
        ids::{ButtonToken, ThreadKey},
        reading::Language,
    },
    engine::{
        EngineError, Satisfaction,
        chat::rows::{LineToCarry, PostRow},
    },
};

/// Whose these events are, among all that are remembered.
const SOURCE: &str = "telegram";

/// Does what a customer pressed, and tells them.
///
/// # Errors
/// When the engine could not do it now; nothing is kept then.
pub(super) async fn pressed(
    parts: &Parts,
    update: UpdateId,
    query: &CallbackQuery,
) -> Result<(), EngineError> {
    let said = match found(parts, query).await? {
        Some((pressed, press)) => pressed.take(parts, update, press).await?,
        None => {
            let tag = query.from.language_code.as_deref();
            let language = tag.and_then(Language::parse);
            More::of(language.unwrap_or(Language::ENGLISH)).over
        }
    };
    let mut answer = AnswerCallbackQuery::new(query.id.clone());
    answer.text = Some(said.to_owned());
    // Nobody waits for it any more if it cannot be answered.
    if let Err(failure) = parts.bot.ask(answer).await {
        tracing::debug!(%failure, "a customer's press was not answered");
    }
    Ok(())
}

/// A message of ours whose button was pressed.
struct Pressed {
    token: ButtonToken,
    post: PostRow,
    thread: ThreadKey,
    line: LineToCarry,
    language: Language,
}

/// What was pressed, if it is still known, and whoever pressed it is its customer.
async fn found(
    parts: &Parts,
    query: &CallbackQuery,
) -> Result<Option<(Pressed, Press)>, EngineError> {
    let Some((token, press)) = query.data.as_deref().and_then(Press::parse) else {
        return Ok(None);
    };
    let Some(post) = parts.engine.pressed_post(token.clone()).await? else {
        return Ok(None);
    };
    let (Some(thread), Some(message)) = (post.thread.clone(), post.message.clone()) else {
        return Ok(None);
    };
    let line = parts.engine.line_to_carry(thread.clone(), message).await?;
    let Some(line) = line.filter(|_| is_customers(query, &thread)) else {
        return Ok(None);
    };
    let language = language_of(&line, &thread, &parts.engine);
    let pressed = Pressed {
        token,
        post,
        thread,
        line,
        language,
    };
    Ok(Some((pressed, press)))
}

/// Whether it was pressed where it stands, by the person whose private chat that is.
fn is_customers(query: &CallbackQuery, thread: &ThreadKey) -> bool {
    let at = query.message.as_ref().map(|message| message.chat().id);
    at.is_some() && at == chat_of(thread) && at == Some(ChatId::from(query.from.id))
}

impl Pressed {
    async fn take(
        self,
        parts: &Parts,
        update: UpdateId,
        press: Press,
    ) -> Result<&'static str, EngineError> {
        match press {
            Press::Helped => self.helped(parts, update, true).await,
            Press::NotHelped => self.helped(parts, update, false).await,
            Press::NewLink => self.new_link(parts).await,
        }
    }

    /// Keeps whether the call helped; the buttons go.
    async fn helped(
        self,
        parts: &Parts,
        update: UpdateId,
        helped: bool,
    ) -> Result<&'static str, EngineError> {
        let (words, more) = (Buttons::of(self.language), More::of(self.language));
        let Some(message) = self.post.message.clone() else {
            return Ok(more.over);
        };
        let engine = &parts.engine;
        let asked = engine.asked_about(self.thread.clone(), message).await?;
        let Some(callback) = asked else {
            return Ok(more.over);
        };
        let once = engine.once(SOURCE, format!("{}.helped", update.0));
        let kept = match once.answer_satisfaction(callback, helped).await {
            Err(error) if error.is_repeated() => Satisfaction::Kept,
            kept => kept?,
        };
        let said = match kept {
            Satisfaction::Kept if helped => words.helped_thanks,
            Satisfaction::Kept => words.helped_sorry,
            Satisfaction::TooLate => words.helped_stands,
            Satisfaction::NoCall | Satisfaction::Unknown => more.over,
        };
        self.says_now(parts, said).await;
        Ok(said)
    }

    /// Makes a link that opens the form, in place of the one that does not any more.
    async fn new_link(self, parts: &Parts) -> Result<&'static str, EngineError> {
        let (words, more) = (Buttons::of(self.language), More::of(self.language));
        let made = match self.line.form {
            Some(offer) => {
                let made = form_link(&parts.engine, &parts.settings, &self.thread, offer.id);
                match made.await {
                    Ok(link) => link.map(|link| (offer, link)),
                    Err(NoLink::NotKept(error)) => return Err(error),
                    Err(error @ NoLink::NoRandomBits(_)) => {
                        tracing::error!(%error, "no link to a form could be made");
                        return Ok(words.form_failed);
                    }
                }
            }
            None => None,
        };
        let (keyboard, said) = match made {
            Some((offer, link)) => (
                Some(buttons::form(words, more, offer.kind, link, &self.token)),
                more.link_made,
            ),
            None => (None, words.form_over),
        };
        let is_shown = self.shows(parts, keyboard).await;
        Ok(if is_shown { said } else { words.form_failed })
    }

    /// The message says what came of it, and has no buttons any more.
    async fn says_now(&self, parts: &Parts, said: &str) {
        let (Some(chat), Some(message)) = (chat_of(&self.thread), post(&self.post.spot.post))
        else {
            return;
        };
        let Some(Piece::Text(text)) = pieces(&self.line).pop() else {
            return;
        };
        let text = format!("{text}\n\n{said}");
        let mut edit = EditMessageText::new(chat, message, text);
        edit.business_connection_id = self.connection(parts).await;
        if let Err(failure) = parts.bot.ask(edit).await {
            tracing::debug!(%failure, "a customer's message keeps its buttons");
        }
    }

    /// The message has these buttons. False if it could not be given them.
    async fn shows(&self, parts: &Parts, keyboard: Option<InlineKeyboardMarkup>) -> bool {
        let (Some(chat), Some(message)) = (chat_of(&self.thread), post(&self.post.spot.post))
        else {
            return false;
        };
        let mut edit = EditMessageReplyMarkup::new(chat, message);
        edit.business_connection_id = self.connection(parts).await;
        edit.reply_markup = keyboard;
        match parts.bot.ask(edit).await {
            Ok(_) => true,
            Err(failure) => {
                tracing::debug!(%failure, "a customer's message keeps its buttons");
                false
            }
        }
    }

    /// The Business account's connection that the message was sent over.
    async fn connection(&self, parts: &Parts) -> Option<teloxide::types::BusinessConnectionId> {
        let channel = parts.settings.channels.get(&self.thread.channel)?;
        let place = Place::of(channel.kind, &self.thread, &parts.engine).await;
        place.ok()?.connection
    }
}
