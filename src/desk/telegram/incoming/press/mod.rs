//! A button was pressed: which one, under what, by whom. Whatever comes of it, the button is answered;
//! one that is out of date says what happened instead.

mod card;
mod desk;

use teloxide::types::{CallbackQuery, ChatId, Message, MessageId, ThreadId};

use super::{
    Agent, Came, Incoming, chat, dialogue,
    say::{Place, Told},
};
use crate::{
    desk::telegram::{button::Press, wording},
    domain::ids::ButtonToken,
    engine::EngineError,
    store::rows::chat::PostRow,
};

/// A button that was pressed by somebody with an account.
pub(super) struct Pressed<'a> {
    /// Who.
    pub(super) by: &'a Agent,
    /// What.
    pub(super) press: Press,
    /// In which chat.
    pub(super) chat: ChatId,
    /// Under which message.
    pub(super) id: MessageId,
    /// That message, where Telegram tells of it and it still stands.
    pub(super) message: Option<&'a Message>,
    /// In which topic.
    topic: Option<ThreadId>,
}

impl Pressed<'_> {
    /// Where it was pressed.
    pub(super) const fn place(&self) -> Place {
        let under = match self.message {
            Some(message) => Some(message.id),
            None => None,
        };
        Place {
            chat: self.chat,
            topic: self.topic,
            under,
        }
    }
}

/// Does what a button says, and answers it.
pub(super) async fn pressed(
    desk: &Incoming,
    came: &Came<'_>,
    query: &CallbackQuery,
) -> Result<(), EngineError> {
    let told = match told(desk, came, query).await {
        // It came before, and had its effect.
        Err(error) if error.is_repeated() => Told::note(wording::DONE_BEFORE),
        told => told?,
    };
    desk.answer(query, told).await;
    Ok(())
}

async fn told(
    desk: &Incoming,
    came: &Came<'_>,
    query: &CallbackQuery,
) -> Result<Told, EngineError> {
    let Some(by) = &came.by else {
        // Only whoever pressed it sees that.
        tracing::info!("somebody without an account pressed a button in Telegram");
        return Ok(Told::alert(wording::STRANGER_PRESSED));
    };
    let read = query.data.as_deref().and_then(Press::parse);
    let (Some((token, press)), Some(under)) = (read, &query.message) else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    let message = under.regular_message();
    let mut pressed = Pressed {
        by,
        press,
        chat: under.chat().id,
        id: under.id(),
        message,
        topic: message.and_then(|message| message.thread_id.filter(|_| message.is_topic_message)),
    };
    if let Some(dialogue) = desk.engine.dialogue(token.clone()).await? {
        return dialogue::pressed(desk, came, &pressed, dialogue).await;
    }
    let Some(post) = post_here(desk, &pressed, token.clone()).await? else {
        return Ok(out_of_date(desk, &pressed, &token).await);
    };
    if post.spot.post.as_str() != pressed.id.to_string() {
        // Posted twice, because its sending was cut off: one of them is enough.
        desk.fold(pressed.chat, pressed.id).await;
        pressed.message = None;
    }
    under_post(desk, came, &pressed, &post).await
}

/// The post whose button it is, if it stands in that chat.
async fn post_here(
    desk: &Incoming,
    pressed: &Pressed<'_>,
    token: ButtonToken,
) -> Result<Option<PostRow>, EngineError> {
    let post = desk.engine.pressed_post(token).await?;
    let here = chat(pressed.chat);
    Ok(post.filter(|post| Some(&post.spot.chat) == here.as_ref()))
}

/// Nothing is known of such a button. One of a question that is over is taken away.
async fn out_of_date(desk: &Incoming, pressed: &Pressed<'_>, token: &ButtonToken) -> Told {
    let is_question = token.as_str().starts_with(dialogue::TOKEN);
    if let Some(message) = pressed.message.filter(|_| is_question) {
        let keys = dialogue::without_rows(message, token);
        if let Err(error) = desk.change_keys(pressed.chat, pressed.id, keys).await {
            tracing::debug!(%error, "a question in Telegram could not be taken away");
        }
        return Told::alert(wording::QUESTION_OVER);
    }
    Told::alert(wording::UNKNOWN_BUTTON)
}

async fn under_post(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    post: &PostRow,
) -> Result<Told, EngineError> {
    match (pressed.press, post.callback) {
        (Press::SeenTo | Press::SendAgain, _) => desk::notice(desk, came, pressed, post).await,
        (Press::Solved | Press::LookAgain, _) => desk::doubt(desk, came, pressed, post).await,
        (Press::TakeNext, _) => desk::take_next(desk, came, pressed, post).await,
        (Press::Hold | Press::Dismiss | Press::EndIncident, _) => {
            desk::incident(desk, came, pressed, post).await
        }
        (_, Some(callback)) => card::pressed(desk, came, pressed, callback).await,
        (_, None) => Ok(Told::alert(wording::UNKNOWN_BUTTON)),
    }
}
