//! What an agent could write where Ringback may not or cannot speak: a proposal in the desk's language,
//! for their answer box. Sends nothing, keeps nothing.

use crate::{
    domain::{decision::Utterance, ids::ThreadKey, private::Private, reading::Language},
    engine::{EngineError, Handle, apply::Shell, writer::Work},
    store::{StoreError, sqlite::threads::StoredThread},
};

use super::known::{Known, desk_of, is_so};

impl Handle {
    /// The words for what a notice asks the desk to say, in the desk's language: for an agent's answer
    /// box, never sent by itself. `None` if the thread has no such notice that stands, if it is so no
    /// more, or if there are no words for it in that language.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn draft(
        &self,
        thread: ThreadKey,
        notice: i64,
    ) -> Result<Option<Private<String>>, EngineError> {
        self.with_rules(move |work, shell| draft(work, shell, &thread, notice))
            .await
    }
}

fn draft(
    work: &Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    notice: i64,
) -> Result<Option<Private<String>>, StoreError> {
    let Some(thread) = work.store.thread(key)? else {
        return Ok(None);
    };
    let Some(utterance) = work.store.unsaid(thread.id, notice)? else {
        return Ok(None);
    };
    if !is_so(shell, &thread, utterance, work.now) {
        return Ok(None);
    }
    let words = proposed(work, shell, &thread, utterance)?;
    Ok(words.filter(|words| !words.is_empty()).map(Private::new))
}

fn proposed(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
) -> Result<Option<String>, StoreError> {
    let desk = shell.rules.desks.get(desk_of(shell, thread));
    let language = desk.map_or(Language::ENGLISH, |desk| desk.language);
    let known = Known::of(work, shell, thread, utterance, language)?;
    let messages = &shell.rules.messages;
    Ok(messages.text(utterance, language, known.variables(false)))
}
