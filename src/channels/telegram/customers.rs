//! Gives to the engine what customers do, in the order in which they did it: in private with the bot,
//! in watched groups, in a Business account's chats. What they write one after the other is taken
//! together. Whatever may come twice, after a kill, has its effect once.

use metrics::counter;
use teloxide::types::{Me, Update, UpdateKind};

use super::{
    Parts, groups,
    normalise::{Around, Inbound, Nothing, Said, normalise},
    presses,
    route::{Whose, whose},
};
use crate::{
    domain::{
        chat::{Network, Spot},
        edit::Edit,
        ids::{self, MessageId, PostId, ThreadKey},
        message::Message,
        private::Private,
        time::Timestamp,
    },
    engine::{
        EditReceipt, EngineError, Handle, Shown, SubmitError,
        chat::{Reaction, rows::Directory},
    },
};

/// Whose these events are, among all that are remembered.
const SOURCE: &str = "telegram";
/// What stands in the place of a message that was taken back.
const DELETED: &str = "[deleted]";

/// Takes updates that followed each other. An error means that they are to be brought again, all of
/// them: what was kept already is known by its key.
pub(super) async fn take(parts: &Parts, me: &Me, updates: &[Update]) -> Result<(), SubmitError> {
    let directory = parts.engine.directory();
    let around = Around {
        me,
        directory: &directory,
        settings: &parts.settings,
        now: parts.clock.now(),
    };
    let mut waiting = Waiting::default();
    let mut in_groups = groups::Waiting::default();
    for update in updates {
        if let UpdateKind::CallbackQuery(query) = &update.kind {
            waiting.submit(&parts.engine).await?;
            settled(presses::pressed(parts, update.id, query).await)?;
            continue;
        }
        if whose(update, &directory) == Whose::Groups {
            if let Err(nothing) = groups::take(parts, around, update, &mut in_groups).await? {
                skipped(nothing.name());
            }
            continue;
        }
        match what_is(update, &directory, around) {
            Ok(Inbound::Said(said)) => waiting.add(*said),
            Ok(other) => {
                waiting.submit(&parts.engine).await?;
                one(&parts.engine, update, other).await?;
            }
            Err(nothing) => skipped(nothing.name()),
        }
    }
    in_groups.submit(parts).await?;
    waiting.submit(&parts.engine).await
}

/// What an update is.
fn what_is(update: &Update, directory: &Directory, around: Around<'_>) -> Result<Inbound, Nothing> {
    match whose(update, directory) {
        Whose::Customers | Whose::Businesses => normalise(update, around),
        Whose::Groups | Whose::Agents | Whose::Nobodys => Err(Nothing::Silent),
    }
}

/// Messages that came one after the other.
#[derive(Default)]
struct Waiting {
    messages: Vec<Message>,
    shown: Vec<Shown>,
}

impl Waiting {
    fn add(&mut self, said: Said) {
        self.messages.push(said.message);
        self.shown.push(said.shown);
    }

    /// Has them taken, all in one. One that cannot be taken is recorded, the others are.
    async fn submit(&mut self, engine: &Handle) -> Result<(), SubmitError> {
        let Self { messages, shown } = std::mem::take(self);
        engine.submit_shown(messages, shown).await.map(drop)
    }
}

/// Takes what is no new message.
async fn one(engine: &Handle, update: &Update, inbound: Inbound) -> Result<(), SubmitError> {
    let once = |what| engine.once(SOURCE, format!("{}.{what}", update.id.0));
    match inbound {
        Inbound::Said(said) => {
            let mut alone = Waiting::default();
            alone.add(*said);
            alone.submit(engine).await
        }
        Inbound::Edited { now, edit, at } => edited(engine, *now, edit, at).await,
        Inbound::Deleted {
            thread,
            messages,
            at,
        } => deleted(engine, &thread, messages, at).await,
        Inbound::Blocked { thread, is_blocked } => {
            let done = once("blocked").set_blocked(thread, is_blocked).await;
            settled(done)
        }
        Inbound::Reacted {
            thread,
            message,
            added,
            taken,
        } => {
            let Some(spot) = spot(&thread, &message) else {
                return Ok(());
            };
            let reaction = Reaction {
                spot,
                message,
                added,
                taken,
            };
            settled(once("reaction").note_reaction(thread, reaction).await)
        }
    }
}

/// Takes an edit. Of a message that we do not have, what it says now is the message: it may have come to
/// the chat while we were not there, or said nothing at first.
async fn edited(
    engine: &Handle,
    now: Said,
    edit: MessageId,
    at: Timestamp,
) -> Result<(), SubmitError> {
    let edits = vec![Edit {
        thread: now.message.thread.clone(),
        message: now.message.id.clone(),
        edit,
        text: now.message.text.clone(),
        at,
    }];
    if engine.edit(edits).await?.contains(&EditReceipt::Unknown) {
        let mut alone = Waiting::default();
        alone.add(now);
        alone.submit(engine).await?;
    }
    Ok(())
}

/// Takes messages back: what they said is gone, what it led to stays.
async fn deleted(
    engine: &Handle,
    thread: &ThreadKey,
    messages: Vec<(MessageId, MessageId)>,
    at: Timestamp,
) -> Result<(), SubmitError> {
    let edits = messages.into_iter().map(|(message, edit)| Edit {
        thread: thread.clone(),
        message,
        edit,
        text: Private::new(DELETED.to_owned()),
        at,
    });
    engine.edit(edits.collect()).await.map(drop)
}

/// Where a message of a chat with the bot stands.
fn spot(thread: &ThreadKey, message: &MessageId) -> Option<Spot> {
    Some(Spot {
        network: Network::Telegram,
        chat: ids::ChatId::parse(thread.thread.as_str()).ok()?,
        post: PostId::parse(message.as_str()).ok()?,
    })
}

/// What is done once was done, now or before.
fn settled<T>(done: Result<T, EngineError>) -> Result<(), SubmitError> {
    match done {
        Err(error) if !error.is_repeated() => Err(error.into()),
        _ => Ok(()),
    }
}

fn skipped(why: &'static str) {
    counter!("ringback_telegram_skipped_total", "why" => why).increment(1);
}

#[cfg(test)]
mod tests;
