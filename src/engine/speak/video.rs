//! A video call in place of a phone call: an agent who has a callback offers the customer a room of its
//! own, made for this one call.

use crate::{
    domain::{
        callback::{Callback, CallbackStatus},
        decision::Utterance,
        ids::AccountName,
        private::Private,
    },
    engine::{EngineError, Handle, apply::Shell, desk::trace, writer::Work},
    rules::messages::video_link,
    store::{CallbackId, StoreError, rows::audit::Verb},
};

/// How many letters a room's name has: more than anybody guesses.
const ROOM_LETTERS: usize = 24;

/// What came of offering a video call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Video {
    /// The customer was told, where Ringback speaks to them; else the desk is asked to. Here is where
    /// it takes place, the same again if it was offered before.
    Offered(Private<String>),
    /// The rules have no `video_url` for the channel.
    NotSet,
    /// Nobody has claimed the callback.
    NotClaimed,
    /// Somebody else has it.
    HeldBy(AccountName),
    /// It has ended, or there is none.
    Ended,
}

impl Handle {
    /// Offers the customer of a callback a video call, at the wish of the account that has claimed it.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn offer_video(&self, id: CallbackId, by: AccountName) -> Result<Video, EngineError> {
        self.with_rules(move |work, shell| offer(work, shell, id, by))
            .await
    }
}

fn offer(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: AccountName,
) -> Result<Video, StoreError> {
    let Some((row, _)) = work.store.callback(id)? else {
        return Ok(Video::Ended);
    };
    let thread = work.store.thread_of_row(row)?;
    let Some(thread) = thread.filter(|thread| thread.callback == Some(id)) else {
        return Ok(Video::Ended);
    };
    let callback = thread.state.callback.as_ref();
    match callback.and_then(Callback::holder) {
        Some(holder) if *holder != by => return Ok(Video::HeldBy(holder.clone())),
        _ => {}
    }
    let is_claimed =
        |callback: &Callback| matches!(callback.status, CallbackStatus::Claimed { .. });
    if !callback.is_some_and(is_claimed) {
        return Ok(Video::NotClaimed);
    }
    if let Some(known) = work.store.call_secrets(id)?.video {
        return Ok(Video::Offered(known));
    }
    let template = shell.rules.policy(&thread.key.channel).video_url.as_deref();
    let Some(link) = template.map(|template| video_link(template, &room())) else {
        return Ok(Video::NotSet);
    };
    work.store.set_video(id, &link)?;
    super::say(work, shell, &thread, Utterance::VideoOffered, None)?;
    trace(work, by, Verb::OfferedVideo, thread.id)?;
    work.wake.threads.push(thread.key);
    Ok(Video::Offered(Private::new(link)))
}

/// A name for a room that nobody guesses. Letters only, so that no digits of it look like data.
fn room() -> String {
    let letter = || char::from(rand::random_range(b'a'..=b'z'));
    std::iter::repeat_with(letter).take(ROOM_LETTERS).collect()
}
