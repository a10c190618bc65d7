//! Questions that agents are asked in small dialogues, by buttons and by reply. They are kept, so that a
//! restart loses none; only whom they ask may answer; they end by themselves.

mod act;
mod answered;
mod ask;
mod rung;
mod turn;

use serde::{Deserialize, Serialize};
use teloxide::types::{ChatId, MessageId};

pub(super) use act::incident_told;
pub(super) use answered::{cancel, pressed, wrote};
pub(super) use ask::without_rows;
pub(super) use rung::Rung;

use super::{
    Agent, Came, Incoming, chat,
    press::Pressed,
    say::{Place, Told},
};
use crate::{
    desk::telegram::wording,
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

/// Under this a kept question names the update that led to it.
const AFTER: &str = "after";

/// So long a question can be answered.
const LASTS: Length = Length::minutes(15);

/// What is asked and what was answered so far, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
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

    /// The same, asked because of an update: should that come again after a kill, it answers what came
    /// before, and not this.
    fn kept_after(&self, came: &Came<'_>) -> Private<String> {
        let mut step = serde_json::to_value(self).unwrap_or_default();
        if let Some(step) = step.as_object_mut() {
            step.insert(AFTER.to_owned(), came.update.id.0.into());
        }
        Private::new(step.to_string())
    }

    /// Whether a question was asked because of this very update.
    fn is_after(dialogue: &DialogueRow, came: &Came<'_>) -> bool {
        let step = serde_json::from_str::<serde_json::Value>(dialogue.step.reveal());
        let after = step.ok().and_then(|step| step.get(AFTER)?.as_u64());
        after == Some(came.update.id.0.into())
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

    /// Whether two ask the same, and nothing was answered yet.
    fn asks_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Later {
                    callback,
                    writes: false,
                    ..
                },
                Self::Later {
                    callback: other,
                    writes: false,
                    ..
                },
            ) => callback == other,
            _ => self == other,
        }
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

/// Until when a question can be answered that is asked now.
fn lasts_until(desk: &Incoming) -> Timestamp {
    after(desk.clock.now(), LASTS)
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
        until: lasts_until(desk),
    })
}

/// Asks something of whoever pressed a button: under what they pressed, or at that place.
pub(super) async fn open(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    pressed: Option<&Pressed<'_>>,
    place: Place,
    thread: Option<ThreadKey>,
    step: Step,
) -> Result<Told, EngineError> {
    let Some(dialogue) = dialogue_with(desk, by, place, thread, &step) else {
        return Ok(Told::alert(wording::NOT_REACHED));
    };
    let is_elsewhere = pressed.is_some_and(|pressed| pressed.chat != place.chat);
    let told = Told::note(match is_elsewhere {
        true => wording::ASKED_IN_PRIVATE,
        false => "",
    });
    let other = newest(desk, by, &dialogue).await?;
    let (dialogue, step) = match asked_already(desk, other.as_ref(), &step) {
        Some(asked) => asked,
        None => {
            let once = desk.once(came, "asked");
            match once.keep_dialogue(dialogue.clone()).await {
                Ok(()) => leave(desk, other).await?,
                // It came before a kill, and what it asked was answered since.
                Err(error) if error.is_repeated() => return Ok(told),
                Err(error) => return Err(error),
            }
            (dialogue, step)
        }
    };
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
        None if spot(&dialogue).is_some() => true,
        None => ask_there(desk, by, dialogue.clone(), &step, place).await?,
    };
    if !asked {
        desk.engine.end_dialogue(dialogue.token).await?;
        return Ok(Told::alert(wording::NOT_REACHED));
    }
    Ok(told)
}

/// The question itself, where it is asked already: the button was pressed twice, or its press came twice.
fn asked_already(
    desk: &Incoming,
    other: Option<&DialogueRow>,
    step: &Step,
) -> Option<(DialogueRow, Step)> {
    let other = other.filter(|other| other.until > desk.clock.now())?;
    let asked = Step::read(other).filter(|asked| asked.asks_the_same(step))?;
    Some((other.clone(), asked))
}

/// The newest question to an agent in a chat.
async fn newest(
    desk: &Incoming,
    by: &Agent,
    new: &DialogueRow,
) -> Result<Option<DialogueRow>, EngineError> {
    let person = by.person.clone();
    let of = desk
        .engine
        .dialogue_of(Network::Telegram, new.chat.clone(), person);
    Ok(of.await?)
}

/// An agent answers one question at a time in a chat: an earlier one of ours is left.
async fn leave(desk: &Incoming, other: Option<DialogueRow>) -> Result<(), EngineError> {
    let Some(other) = other.filter(|other| Step::read(other).is_some_and(|step| step.is_ours()))
    else {
        return Ok(());
    };
    if desk.engine.end_dialogue(other.token.clone()).await?
        && let Some((chat, post)) = spot(&other)
    {
        desk.fold(chat, post).await;
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

/// Where a question stands.
fn spot(dialogue: &DialogueRow) -> Option<(ChatId, MessageId)> {
    let chat = dialogue.chat.as_str().parse().ok()?;
    let post = dialogue.post.as_ref()?.as_str().parse().ok()?;
    Some((ChatId(chat), MessageId(post)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_read_as_it_was_kept() {
        let callback = CallbackId(1);
        let text = || Private::new("a word".to_owned());
        for step in [
            Step::KeepTyping { callback },
            Step::Later {
                callback,
                times: vec!["2026-11-22T10:00:00Z".parse().unwrap()],
                writes: true,
            },
            Step::Rung(Rung::new(callback)),
            Step::HandOver,
            Step::Hold {
                incident: IncidentId(1),
                text: Some(text()),
            },
            Step::Relay { step: text() },
            Step::Pairing { step: text() },
        ] {
            let read: Step = serde_json::from_str(step.kept().reveal()).unwrap();
            assert_eq!(read, step);
        }
    }
}
