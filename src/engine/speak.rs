//! What Ringback says to a customer because the rules say so: a line of the thread, in the customer's
//! language and in the words of `[messages]`. Where it cannot or may not speak, the desk is asked to.
//! Says only what is so at that moment, and nothing twice.

mod draft;
mod known;
mod two_words;
mod video;

pub use video::Video;

use super::{
    apply::{Decided, Shell, case_number},
    checks::can_seal,
    forms::request_form,
    line, satisfaction,
    writer::Work,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        form::{FormKind, Purpose},
    },
    rules::forms::form_for,
    store::{StoreError, sqlite::threads::StoredThread},
};
use known::Known;

/// Says what was decided to be said, and keeps the secrets of a claim. `decide` says nothing on a
/// channel that is only watched.
pub(super) fn as_decided(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    decided: &Decided,
) -> Result<(), StoreError> {
    two_words::keep(work, shell, thread, decided)?;
    if decided.ended_callback(thread) {
        work.store.end_unsaid(thread.id, None, work.now)?;
    }
    for utterance in decided.utterances() {
        say(work, shell, thread, utterance, Some(decided))?;
    }
    satisfaction::plan(work, shell, thread, decided)
}

/// Says something, if it is so, in the customer's language; else has the desk say it. `decided`: because
/// of this decision. The line's row if it was said.
pub(super) fn say(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
    decided: Option<&Decided>,
) -> Result<Option<i64>, StoreError> {
    if !known::is_so(shell, thread, utterance, work.now) {
        return Ok(None);
    }
    let case = case_number(thread);
    let is_asked = wants_details(utterance)
        && !work
            .store
            .open_forms(thread.id, case, FormKind::Details)?
            .is_empty();
    if is_asked && utterance == Utterance::DetailsAsked {
        // They have the form already, and have not filled it in.
        return Ok(None);
    }
    let speaks = line::is_said(work, shell, thread, utterance)?;
    let form = match utterance {
        _ if !shell.settings.offers_forms(&thread.key.channel) => None,
        Utterance::IdentityNeeded if can_seal(work, shell)? => {
            let topic = decided.and_then(|decided| decided.topic.as_ref());
            form_for(&shell.rules.forms, topic).map(|form| Purpose::Identity(form.name.clone()))
        }
        _ if wants_details(utterance) && !is_asked => Some(Purpose::Details),
        _ => None,
    };
    let has_button = form.is_some() || utterance == Utterance::SatisfactionAsked;
    let language = line::language_of(shell.rules, thread);
    let known = Known::of(work, shell, thread, utterance, language)?;
    let messages = &shell.rules.messages;
    let text = match messages.text(utterance, language, known.variables(has_button)) {
        Some(text) if speaks => text,
        _ => {
            have_it_said(work, shell, thread, utterance, decided)?;
            return Ok(None);
        }
    };
    // An empty text: the admin wants nothing said of it.
    let is_call = utterance.is_about_call();
    let repeats = is_call && work.store.would_repeat(thread.id, case, utterance, &text)?;
    if text.is_empty() || repeats {
        return Ok(None);
    }
    let said = line::say(work, shell, thread, text, language)?;
    if is_call {
        work.store.end_unsaid(thread.id, None, work.now)?;
        work.store.keep_said(said, thread.id, case, utterance)?;
    }
    if let Some(purpose) = form {
        let request = request_form(work, shell, thread, &purpose, None)?;
        work.store.offer_form(request, said)?;
    }
    Ok(Some(said))
}

/// Whether a text asks for number and time, so that the details form comes with it.
const fn wants_details(utterance: Utterance) -> bool {
    matches!(
        utterance,
        Utterance::DetailsAsked | Utterance::NoAnswer | Utterance::WrongNumber
    )
}

/// Asks the desk to say it. What it was asked before of a callback, and has not said, is so no more;
/// the same is not asked twice. Whether a call helped is for Ringback to ask or for nobody.
fn have_it_said(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
    decided: Option<&Decided>,
) -> Result<(), StoreError> {
    if utterance == Utterance::SatisfactionAsked {
        return Ok(());
    }
    if is_asked_of_desk(work, thread, utterance)? {
        return Ok(());
    }
    let desk = known::desk_of(shell, thread);
    let notice = Notice::SayYourself { utterance };
    if utterance.is_of_open_callback() && decided.is_some_and(Decided::tells_card) {
        return shell.tell_desk_on_card(work, thread, desk, &notice);
    }
    shell.tell_desk(work, thread, desk, &notice)
}

/// Whether the desk was asked already to say just this of a callback. What else it was asked to say of
/// one, and has not said, is so no more.
fn is_asked_of_desk(
    work: &Work<'_>,
    thread: &StoredThread,
    utterance: Utterance,
) -> Result<bool, StoreError> {
    if !utterance.is_about_call() {
        return Ok(false);
    }
    work.store.end_unsaid(thread.id, Some(utterance), work.now)
}
