//! A line of Ringback's own in a thread that it carries: a bot's message that is kept and shown like
//! any other, and changes nothing in what was decided.

use super::{
    CarryChange, Receipt,
    apply::Shell,
    chat,
    intake::{self, Scanned},
    writer::Work,
};
use crate::{
    domain::{
        decision::Utterance,
        ids::{DeskName, MessageId},
        message::{Message, Party},
        private::Private,
        reading::Language,
    },
    rules::{Rules, Speak, messages::Variables},
    store::{StoreError, rows::forms::FormRequestRow, sqlite::threads::StoredThread},
};

/// Whether Ringback says this in this thread by itself, as the rules stand and the thread is now.
pub(super) fn is_said(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
) -> Result<bool, StoreError> {
    if !speaks_by_itself(shell, thread) {
        return Ok(false);
    }
    let policy = shell.rules.policy(&thread.key.channel);
    let may_be_public = policy.speak == Speak::Public && utterance.may_be_public();
    Ok(may_be_public || !work.store.is_public(thread.id)?)
}

/// Whether Ringback says anything in this thread by itself, as the rules stand.
pub(super) fn speaks_by_itself(shell: Shell<'_>, thread: &StoredThread) -> bool {
    let policy = shell.rules.policy(&thread.key.channel);
    shell.settings.carries(&thread.key.channel) && policy.speak != Speak::Never && !policy.watch
}

/// The words for an utterance in exactly that language, if there are any.
pub(super) fn words(
    rules: &Rules,
    desk: &DeskName,
    utterance: Utterance,
    language: Language,
    form: bool,
) -> Option<String> {
    let variables = Variables {
        brand: brand(rules, desk),
        form,
        ..Variables::default()
    };
    rules
        .messages
        .text(utterance, language, variables)
        .filter(|text| !text.is_empty())
}

/// Whose name customers read.
pub(super) fn brand<'r>(rules: &'r Rules, desk: &DeskName) -> &'r str {
    rules.desks.get(desk).map_or("", |desk| &desk.brand)
}

/// The thread's language, as far as it is known; else the desk's.
pub(super) fn language_of(rules: &Rules, thread: &StoredThread) -> Language {
    let desk = rules.desks.get(&rules.policy(&thread.key.channel).desk);
    let known = thread.state.thread.context.language;
    known.unwrap_or_else(|| desk.map_or(Language::ENGLISH, |desk| desk.language))
}

/// Says something about a form, in the form's language, to the customer of its thread. False where
/// Ringback does not speak by itself, where the thread is public now, and where there are no words.
pub(super) fn say_of_form(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    form: &FormRequestRow,
    utterance: Utterance,
) -> Result<bool, StoreError> {
    if !is_said(work, shell, thread, utterance)? {
        return Ok(false);
    }
    let Some(text) = words(shell.rules, &form.desk, utterance, form.language, false) else {
        return Ok(false);
    };
    say(work, shell, thread, text, form.language)?;
    Ok(true)
}

/// Says a line to the customer of a thread: the message's row.
pub(super) fn say(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    text: String,
    language: Language,
) -> Result<i64, StoreError> {
    let id = format!("{}{:032x}", Message::OF_RINGBACK, rand::random::<u128>());
    let message = Message {
        thread: thread.key.clone(),
        id: MessageId::parse(&id).map_err(|_| StoreError::Corrupt("messages.message"))?,
        from: Party::Bot,
        author: None,
        text: Private::new(text),
        at: work.now,
        visibility: shell.settings.visibility_of(&thread.key.channel),
        language: Some(language),
        tags: Vec::new(),
        attachment: None,
    };
    let scan = shell
        .loaded
        .reader
        .scan(message.text.reveal(), message.language);
    let line = [Scanned {
        message,
        scan: Some(scan),
    }];
    let receipts = intake::take_in(work, shell, &line)?;
    let [Scanned { message, .. }] = line;
    let said = match receipts.as_slice() {
        [Receipt::Decided(_)] => work.store.kept_message(thread.id, &message.id)?,
        _ => None,
    };
    let said =
        said.ok_or_else(|| StoreError::Refused("a line of ours could not be kept".to_owned()))?;
    chat::carry(work, shell, thread, said.id, &message.id, CarryChange::New)?;
    Ok(said.id)
}
