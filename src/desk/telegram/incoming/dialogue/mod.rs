//! Questions that agents are asked in small dialogues, by buttons and by reply. They are kept, so that a
//! restart loses none; only whom they ask may answer; they end by themselves.

mod act;
mod ask;
mod rung;
mod turn;

use serde::{Deserialize, Serialize};
use teloxide::types::{ChatId, Message, MessageId};

pub(super) use act::incident_told;
pub(super) use ask::without_rows;
pub(super) use rung::Rung;
use rung::Said;
use turn::Turn;

use super::{
    Agent, Answer, Came, Incoming, chat, pairing,
    press::Pressed,
    relay,
    say::{Place, Told},
};
use crate::{
    desk::telegram::{button::Press, draw::Html, wording},
    domain::{
        callback::IncidentId,
        chat::Network,
        ids::{ButtonToken, PostId, ThreadKey},
        private::Private,
        time::{Length, Timestamp, after},
    },
    engine::EngineError,
    store::{CallbackId, rows::chat::DialogueRow},
};

/// What every token of a dialogue begins with.
pub(super) const TOKEN: &str = "ask_";

/// So long a question can be answered.
const LASTS: Length = Length::minutes(15);

/// What is asked and what was answered so far, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
pub(super) enum Step {
    /// Why one goes on in text.
    KeepTyping {
        /// Of which callback.
        callback: CallbackId,
    },
    /// When to ring instead.
    Later {
        /// Which callback.
        callback: CallbackId,
        /// The times that can be chosen.
        times: Vec<Timestamp>,
        /// It is to be written.
        writes: bool,
    },
    /// How a call went.
    Rung(Rung),
    /// A word for the next shift.
    HandOver,
    /// What customers read while an incident holds their callbacks back.
    Hold {
        /// Which incident.
        incident: IncidentId,
        /// The text, once written.
        text: Option<Private<String>>,
    },
    /// The relay asks; `step` is its own.
    Relay {
        /// In the relay's own format.
        step: Private<String>,
    },
    /// The pairing asks; `step` is its own.
    Pairing {
        /// In the pairing's own format.
        step: Private<String>,
    },
}

impl Step {
    /// As it is kept.
    pub(super) fn kept(&self) -> Private<String> {
        // Made of text and numbers: it can always be written.
        Private::new(serde_json::to_string(self).unwrap_or_default())
    }

    fn read(dialogue: &DialogueRow) -> Option<Self> {
        serde_json::from_str(dialogue.step.reveal()).ok()
    }

    /// Whether its buttons stand under what was pressed, instead of in a message of its own.
    const fn is_rows(&self) -> bool {
        matches!(
            self,
            Self::KeepTyping { .. } | Self::Later { writes: false, .. }
        )
    }

    /// Whether it is one of those that stand here, of which an agent has one at a time in a chat.
    const fn is_ours(&self) -> bool {
        !matches!(self, Self::Relay { .. } | Self::Pairing { .. })
    }
}

/// A token for a dialogue's buttons.
pub(super) fn fresh_token() -> Option<ButtonToken> {
    ButtonToken::parse(&format!("{TOKEN}{:032x}", rand::random::<u128>())).ok()
}

/// A dialogue with one agent in a chat, not yet kept.
pub(super) fn dialogue_with(
    desk: &Incoming,
    by: &Agent,
    place: Place,
    thread: Option<ThreadKey>,
    step: &Step,
) -> Option<DialogueRow> {
    Some(DialogueRow {
        token: fresh_token()?,
        network: Network::Telegram,
        chat: chat(place.chat)?,
        person: Some(by.person.clone()),
        post: None,
        thread,
        step: step.kept(),
        until: after(desk.clock.now(), LASTS),
    })
}

/// Asks something of whoever pressed a button: under what they pressed, or at that place.
pub(super) async fn open(
    desk: &Incoming,
    by: &Agent,
    pressed: Option<&Pressed<'_>>,
    place: Place,
    thread: Option<ThreadKey>,
    step: Step,
) -> Result<Told, EngineError> {
    let Some(dialogue) = dialogue_with(desk, by, place, thread, &step) else {
        return Ok(Told::alert(wording::NOT_REACHED));
    };
    leave_other(desk, by, &dialogue).await?;
    desk.engine.keep_dialogue(dialogue.clone()).await?;
    let under = pressed
        .and_then(|pressed| pressed.message)
        .filter(|message| step.is_rows() && message.chat.id == place.chat);
    let asked = match under {
        Some(message) => {
            let about = ask::About::of(desk, &step).await?;
            let keys = ask::with_rows(message, &dialogue, &step, &about);
            let asked = desk.change_keys(message.chat.id, message.id, keys).await;
            asked.is_ok()
        }
        None => ask_there(desk, by, dialogue.clone(), &step, place).await?,
    };
    if !asked {
        desk.engine.end_dialogue(dialogue.token).await?;
        return Ok(Told::alert(wording::NOT_REACHED));
    }
    let is_elsewhere = pressed.is_some_and(|pressed| pressed.chat != place.chat);
    Ok(Told::note(match is_elsewhere {
        true => wording::ASKED_IN_PRIVATE,
        false => "",
    }))
}

/// An agent answers one question at a time in a chat: an earlier one of ours is left.
async fn leave_other(desk: &Incoming, by: &Agent, new: &DialogueRow) -> Result<(), EngineError> {
    let other = desk
        .engine
        .dialogue_of(Network::Telegram, new.chat.clone(), by.person.clone())
        .await?;
    let Some(other) = other.filter(|other| Step::read(other).is_some_and(|step| step.is_ours()))
    else {
        return Ok(());
    };
    if desk.engine.end_dialogue(other.token.clone()).await? {
        if let Some((chat, post)) = spot(&other) {
            desk.fold(chat, post).await;
        }
    }
    Ok(())
}

/// Asks in a message of its own. False if it does not stand there.
async fn ask_there(
    desk: &Incoming,
    by: &Agent,
    dialogue: DialogueRow,
    step: &Step,
    place: Place,
) -> Result<bool, EngineError> {
    let about = ask::About::of(desk, step).await?;
    let (html, keys) = ask::question(by, &dialogue, step, &about);
    let Ok(post) = desk.say(place, html, Some(keys)).await else {
        return Ok(false);
    };
    let post = PostId::parse(&post.to_string()).ok();
    desk.engine
        .keep_dialogue(DialogueRow { post, ..dialogue })
        .await?;
    Ok(true)
}

/// A button of a dialogue was pressed.
pub(super) async fn pressed(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    dialogue: DialogueRow,
) -> Result<Told, EngineError> {
    let by = pressed.by;
    if chat(pressed.chat).as_ref() != Some(&dialogue.chat) {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    }
    if dialogue
        .person
        .as_ref()
        .is_some_and(|person| *person != by.person)
    {
        return Ok(Told::alert(wording::NOT_YOUR_QUESTION));
    }
    let step = Step::read(&dialogue);
    let Some(step) = step.filter(|_| dialogue.until > desk.clock.now()) else {
        desk.engine.end_dialogue(dialogue.token.clone()).await?;
        close(desk, pressed, &dialogue, wording::QUESTION_OVER).await;
        return Ok(Told::alert(wording::QUESTION_OVER));
    };
    let turn = match &step {
        Step::Relay { step } => {
            let answer = Answer::Pressed(pressed.press, pressed.query);
            let said = relay::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return Ok(Told::note(said.unwrap_or_default()));
        }
        Step::Pairing { step } => {
            let answer = Answer::Pressed(pressed.press, pressed.query);
            let said = pairing::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return Ok(Told::note(said.unwrap_or_default()));
        }
        _ if pressed.press == Press::Cancel => Turn::Ended(Told::note(wording::CANCELLED)),
        _ => turn::next(desk, came, by, step.clone(), Said::Pressed(pressed.press)).await?,
    };
    match turn {
        Turn::Again(why) => Ok(Told::alert(why)),
        Turn::Ask(next) => ask_next(desk, pressed, dialogue, &step, &next).await,
        Turn::Ended(told) => {
            desk.engine.end_dialogue(dialogue.token.clone()).await?;
            close(desk, pressed, &dialogue, told.text()).await;
            Ok(told)
        }
    }
}

/// The next question, in the place of the one whose button was pressed.
async fn ask_next(
    desk: &Incoming,
    pressed: &Pressed<'_>,
    dialogue: DialogueRow,
    before: &Step,
    next: &Step,
) -> Result<Told, EngineError> {
    let dialogue = renewed(desk, dialogue, next);
    desk.engine.keep_dialogue(dialogue.clone()).await?;
    if before.is_rows() {
        strip(desk, pressed, &dialogue).await;
        let place = pressed.place();
        let asked = ask_there(desk, pressed.by, dialogue, next, place).await?;
        return Ok(match asked {
            true => Told::note(""),
            false => Told::alert(wording::NOT_REACHED),
        });
    }
    let about = ask::About::of(desk, next).await?;
    let (html, keys) = ask::question(pressed.by, &dialogue, next, &about);
    let changed = desk
        .change(pressed.chat, pressed.id, html, Some(keys))
        .await;
    Ok(match changed {
        Ok(()) => Told::note(""),
        Err(_) => Told::alert(wording::NOT_REACHED),
    })
}

fn renewed(desk: &Incoming, dialogue: DialogueRow, step: &Step) -> DialogueRow {
    DialogueRow {
        step: step.kept(),
        until: after(desk.clock.now(), LASTS),
        ..dialogue
    }
}

/// Takes a question away: its rows, or its message, which says what came of it.
async fn close(desk: &Incoming, pressed: &Pressed<'_>, dialogue: &DialogueRow, words: &str) {
    if dialogue.post.is_none() {
        strip(desk, pressed, dialogue).await;
        return;
    }
    let mut html = Html::message();
    html.ours(words);
    let changed = desk.change(pressed.chat, pressed.id, html.finish(), None);
    if let Err(error) = changed.await {
        tracing::debug!(%error, "a question in Telegram could not be closed");
    }
}

/// Takes a dialogue's rows from under a post.
async fn strip(desk: &Incoming, pressed: &Pressed<'_>, dialogue: &DialogueRow) {
    let Some(message) = pressed.message else {
        return;
    };
    let keys = ask::without_rows(message, &dialogue.token);
    if let Err(error) = desk.change_keys(pressed.chat, pressed.id, keys).await {
        tracing::debug!(%error, "a question in Telegram could not be taken away");
    }
}

/// Somebody wrote something: it may answer a question. False if it does not.
pub(super) async fn wrote(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<bool, EngineError> {
    let Some((by, dialogue)) = asked(desk, came, message).await? else {
        return Ok(false);
    };
    let place = Place::under(message);
    if dialogue
        .person
        .as_ref()
        .is_some_and(|person| *person != by.person)
    {
        desk.tell(place, wording::NOT_YOUR_QUESTION.to_owned())
            .await;
        return Ok(true);
    }
    let step = Step::read(&dialogue);
    let Some(step) = step.filter(|_| dialogue.until > desk.clock.now()) else {
        desk.engine.end_dialogue(dialogue.token).await?;
        desk.tell(place, wording::QUESTION_OVER.to_owned()).await;
        return Ok(true);
    };
    let answer = Answer::Wrote(message);
    let turn = match &step {
        Step::Relay { step } => {
            let said = relay::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return told(desk, place, said).await;
        }
        Step::Pairing { step } => {
            let said = pairing::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return told(desk, place, said).await;
        }
        _ => match message.text() {
            Some(text) => turn::next(desk, came, by, step, Said::Wrote(text)).await?,
            None => Turn::Again(wording::WRITE_TEXT.to_owned()),
        },
    };
    match turn {
        Turn::Again(why) => desk.tell(place, escaped(&why)).await,
        Turn::Ask(next) => {
            let dialogue = renewed(desk, dialogue, &next);
            let asked_before = spot(&dialogue);
            desk.engine.keep_dialogue(dialogue.clone()).await?;
            // What was asked stays answerable if this one does not get there.
            if ask_there(desk, by, dialogue, &next, place).await?
                && let Some((chat, post)) = asked_before
            {
                desk.fold(chat, post).await;
            }
        }
        Turn::Ended(said) => {
            desk.engine.end_dialogue(dialogue.token.clone()).await?;
            if let Some((chat, post)) = spot(&dialogue) {
                desk.fold(chat, post).await;
            }
            desk.tell(place, escaped(said.text())).await;
        }
    }
    Ok(true)
}

async fn told(
    desk: &Incoming,
    place: Place,
    said: Option<&'static str>,
) -> Result<bool, EngineError> {
    if let Some(said) = said {
        desk.tell(place, escaped(said)).await;
    }
    Ok(true)
}

fn escaped(words: &str) -> String {
    let mut html = Html::message();
    html.ours(words);
    html.finish()
}

/// The question that a message answers: the one that it is a reply to; in private the newest one.
async fn asked<'a>(
    desk: &Incoming,
    came: &'a Came<'_>,
    message: &Message,
) -> Result<Option<(&'a Agent, DialogueRow)>, EngineError> {
    let (Some(by), Some(chat)) = (&came.by, chat(message.chat.id)) else {
        return Ok(None);
    };
    let network = Network::Telegram;
    if let Some(replied) = message.reply_to_message()
        && let Ok(post) = PostId::parse(&replied.id.to_string())
    {
        let found = desk.engine.dialogue_at(network, chat.clone(), post).await?;
        if let Some(dialogue) = found {
            return Ok(Some((by, dialogue)));
        }
    }
    if !message.chat.is_private() {
        return Ok(None);
    }
    let person = by.person.clone();
    let newest = desk.engine.dialogue_of(network, chat, person).await?;
    let newest = newest.filter(|newest| newest.post.is_some() && newest.until > desk.clock.now());
    Ok(newest.map(|dialogue| (by, dialogue)))
}

/// `/cancel`: leaves the question that is open here.
pub(super) async fn cancel(
    desk: &Incoming,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let Some(chat) = chat(message.chat.id) else {
        return Ok(());
    };
    let place = Place::under(message);
    let person = by.person.clone();
    let open = desk
        .engine
        .dialogue_of(Network::Telegram, chat, person)
        .await?;
    let open = open.filter(|open| Step::read(open).is_some_and(|step| step.is_ours()));
    let was_open = match open {
        Some(open) => {
            let is_in_time = open.until > desk.clock.now();
            let ended = desk.engine.end_dialogue(open.token.clone()).await?;
            if let Some((chat, post)) = spot(&open) {
                desk.fold(chat, post).await;
            }
            ended && is_in_time
        }
        None => false,
    };
    let words = match was_open {
        true => wording::CANCELLED,
        false => wording::NOTHING_TO_CANCEL,
    };
    desk.tell(place, words.to_owned()).await;
    Ok(())
}

/// Where a question stands.
fn spot(dialogue: &DialogueRow) -> Option<(ChatId, MessageId)> {
    let chat = dialogue.chat.as_str().parse().ok()?;
    let post = dialogue.post.as_ref()?.as_str().parse().ok()?;
    Some((ChatId(chat), MessageId(post)))
}
