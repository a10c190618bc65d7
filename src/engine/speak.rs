//! What Ringback says to a customer because the rules say so: a line of the thread, in the customer's
//! language and in the words of `[messages]`. Where it cannot or may not speak, the desk is asked to.

use super::{
    LoadedRules,
    apply::{Decided, Shell},
    checks::can_seal,
    forms::request_form,
    line,
    writer::Work,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        form::Purpose,
        ids::Topic,
    },
    rules::{forms::form_for, messages::Variables},
    store::{StoreError, sqlite::threads::StoredThread},
};

/// Says what was decided to be said of a message about this topic. `decide` has Ringback speak in
/// private only, and never on a channel that is only watched.
pub(super) fn as_decided(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    rules: &LoadedRules,
    thread: &StoredThread,
    decided: &Decided,
    topic: Option<&Topic>,
) -> Result<(), StoreError> {
    for utterance in decided.utterances() {
        say(work, shell, rules, thread, utterance, topic)?;
    }
    Ok(())
}

fn say(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    rules: &LoadedRules,
    thread: &StoredThread,
    utterance: Utterance,
    topic: Option<&Topic>,
) -> Result<(), StoreError> {
    let desk = &shell.rules.policy(&thread.key.channel).desk;
    let form = match utterance {
        Utterance::IdentityNeeded if can_seal(work, shell)? => form_for(&shell.rules.forms, topic),
        _ => None,
    };
    let variables = Variables {
        brand: line::brand(shell.rules, desk),
        form: form.is_some(),
        ..Variables::default()
    };
    let language = line::language_of(shell.rules, thread);
    let messages = &shell.rules.messages;
    let text = match messages.text(utterance, language, variables) {
        Some(text) if line::speaks_by_itself(shell, thread) => text,
        _ => {
            let notice = Notice::SayYourself { utterance };
            return shell.tell_desk(work, thread, desk, &notice);
        }
    };
    if text.is_empty() {
        // The admin wants nothing said of it.
        return Ok(());
    }
    let said = line::say(work, shell, rules, thread, text, language)?;
    if let Some(form) = form {
        let purpose = Purpose::Identity(form.name.clone());
        let request = request_form(work, shell, thread, &purpose, None)?;
        work.store.offer_form(request, said)?;
    }
    Ok(())
}
