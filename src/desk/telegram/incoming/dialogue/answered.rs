//! Questions are answered: by a button, in words, or by leaving them.

use teloxide::types::Message;

use super::{
    Agent, Came, Incoming, Place, Pressed, Step, Told, ask, ask_there, chat, lasts_until,
    rung::Said,
    spot,
    turn::{self, Turn},
};
use crate::{
    desk::telegram::{
        button::Press,
        incoming::{Answer, call::html, pairing, relay},
        wording,
    },
    domain::{chat::Network, ids::PostId},
    engine::EngineError,
    store::rows::chat::DialogueRow,
};

/// A button of a dialogue was pressed.
pub(in crate::desk::telegram::incoming) async fn pressed(
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
    // What comes of a choice may change the card at once; its buttons must not come back after that.
    let is_stripped = step.is_rows() && matches!(pressed.press, Press::Choice(_));
    if is_stripped {
        strip(desk, pressed, &dialogue).await;
    }
    let turn = match &step {
        Step::Relay { step } => {
            let answer = Answer::Pressed(pressed.press);
            let said = relay::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return Ok(Told::note(said.unwrap_or_default()));
        }
        Step::Pairing { step } => {
            let answer = Answer::Pressed(pressed.press);
            let said = pairing::answered(desk, came, &dialogue, step.reveal(), answer).await?;
            return Ok(Told::note(said.unwrap_or_default()));
        }
        _ if Step::is_after(&dialogue, came) => {
            return shown_again(desk, pressed, dialogue, &step).await;
        }
        _ if pressed.press == Press::Cancel => Turn::Ended(Told::note(wording::CANCELLED)),
        _ => turn::next(desk, came, by, step.clone(), Said::Pressed(pressed.press)).await?,
    };
    match turn {
        Turn::Again(why) => Ok(Told::alert(why)),
        Turn::Ask(next) => {
            let dialogue = renewed(desk, came, dialogue, &next);
            desk.engine.keep_dialogue(dialogue.clone()).await?;
            ask_next(desk, pressed, dialogue, &step, &next).await
        }
        Turn::Ended(told) => {
            desk.engine.end_dialogue(dialogue.token.clone()).await?;
            if !is_stripped {
                close(desk, pressed, &dialogue, told.text()).await;
            }
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

/// The question to which this press has led already, before a kill: it is shown, if it is not yet.
async fn shown_again(
    desk: &Incoming,
    pressed: &Pressed<'_>,
    dialogue: DialogueRow,
    step: &Step,
) -> Result<Told, EngineError> {
    let asked = match spot(&dialogue) {
        Some((_, post)) if post != pressed.id => return Ok(Told::note("")),
        Some(_) => {
            let about = ask::About::of(desk, step).await?;
            let (html, keys) = ask::question(pressed.by, &dialogue, step, &about);
            let changed = desk.change(pressed.chat, pressed.id, html, Some(keys));
            changed.await.is_ok()
        }
        None => {
            strip(desk, pressed, &dialogue).await;
            ask_there(desk, pressed.by, dialogue, step, pressed.place()).await?
        }
    };
    Ok(match asked {
        true => Told::note(""),
        false => Told::alert(wording::NOT_REACHED),
    })
}

fn renewed(desk: &Incoming, came: &Came<'_>, dialogue: DialogueRow, step: &Step) -> DialogueRow {
    DialogueRow {
        step: step.kept_after(came),
        until: lasts_until(desk),
        ..dialogue
    }
}

/// Takes a question away: its rows, or its message, which says what came of it.
async fn close(desk: &Incoming, pressed: &Pressed<'_>, dialogue: &DialogueRow, words: &str) {
    if dialogue.post.is_none() {
        strip(desk, pressed, dialogue).await;
        return;
    }
    let changed = desk.change(pressed.chat, pressed.id, html(words), None);
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
pub(in crate::desk::telegram::incoming) async fn wrote(
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
        desk.tell(place, html(wording::NOT_YOUR_QUESTION)).await;
        return Ok(true);
    }
    let step = Step::read(&dialogue);
    let Some(step) = step.filter(|_| dialogue.until > desk.clock.now()) else {
        desk.engine.end_dialogue(dialogue.token).await?;
        desk.tell(place, html(wording::QUESTION_OVER)).await;
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
        // It answered what was asked before; what was asked then may not have got there.
        _ if Step::is_after(&dialogue, came) => Turn::Ask(step),
        _ => match message.text() {
            Some(text) => turn::next(desk, came, by, step, Said::Wrote(text)).await?,
            None => Turn::Again(wording::WRITE_TEXT.to_owned()),
        },
    };
    match turn {
        Turn::Again(why) => desk.tell(place, html(&why)).await,
        Turn::Ask(next) => {
            let dialogue = renewed(desk, came, dialogue, &next);
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
            desk.tell(place, html(said.text())).await;
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
        desk.tell(place, html(said)).await;
    }
    Ok(true)
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
pub(in crate::desk::telegram::incoming) async fn cancel(
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
    desk.tell(place, html(words)).await;
    Ok(())
}
