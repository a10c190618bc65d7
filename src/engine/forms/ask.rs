//! Asking a customer to fill a form in: the request, the line that offers it, the link to it, and
//! taking it back.

use super::{Asked, tell_form};
use crate::{
    domain::{
        decision::Utterance,
        form::{FormRequestId, FormState, Purpose},
        ids::{AccountName, FormName, ThreadKey},
        reading::Language,
        time::{Timestamp, after},
    },
    engine::{
        apply::{Shell, case_number},
        checks::can_seal,
        desk::trace,
        line,
        writer::Work,
    },
    store::{
        StoreError,
        rows::{audit::Verb, forms::LinkHash},
        sqlite::{
            forms::{NewForm, StoredForm},
            threads::StoredThread,
        },
    },
};

/// Asks at an agent's wish.
pub(in crate::engine) fn ask(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    purpose: &Purpose,
    by: AccountName,
) -> Result<Asked, StoreError> {
    let Some(thread) = work.store.thread(key)? else {
        return Ok(Asked::Unknown);
    };
    let is_known = |name: &FormName| shell.rules.forms.iter().any(|form| form.name == *name);
    if !purpose.form().is_none_or(is_known) {
        return Ok(Asked::Unknown);
    }
    if work.store.is_public(thread.id)? {
        return Ok(Asked::Public);
    }
    if purpose.form().is_some() && !can_seal(work, shell)? {
        return Ok(Asked::NobodyOpens);
    }
    let id = request_form(work, shell, &thread, purpose, Some(&by))?;
    trace(work, by, Verb::AskedForm, thread.id)?;
    let Some((text, language)) = words_of_offer(shell, &thread, purpose) else {
        return Ok(Asked::LinkWanted(id));
    };
    let line = line::say(work, shell, &thread, text, language)?;
    work.store.offer_form(id, line)?;
    Ok(Asked::Told(id))
}

/// Keeps a new request, within whatever asks for it; one of the same kind in the same case that is
/// still open is withdrawn. Whoever tells the customer keeps with which message:
/// [`Writer::offer_form`](crate::store::sqlite::writer::Writer::offer_form).
pub(in crate::engine) fn request_form(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    purpose: &Purpose,
    by: Option<&AccountName>,
) -> Result<FormRequestId, StoreError> {
    let case = case_number(thread);
    for open in work.store.open_forms(thread.id, case, purpose.kind())? {
        end(work, shell, &open, FormState::Withdrawn)?;
    }
    let new = NewForm {
        thread: thread.id,
        customer: thread.customer,
        case,
        desk: &shell.rules.policy(&thread.key.channel).desk,
        purpose,
        language: line::language_of(shell.rules, thread),
        asked_by: by,
        until: after(work.now, shell.rules.identity.ask_lasts),
    };
    let id = work.store.insert_form(new, work.now)?;
    let kept = work.store.form(id)?;
    let kept = kept.ok_or(StoreError::Corrupt("form_requests"))?;
    tell_form(work, shell, &kept, kept.form.state)?;
    Ok(id)
}

/// Keeps a new link in place of the earlier ones: until when it can be opened.
pub(super) fn make_link(
    work: &Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    id: FormRequestId,
    link: LinkHash,
    by: Option<AccountName>,
) -> Result<Option<Timestamp>, StoreError> {
    let fillable = work.store.fillable_form(id, work.now)?;
    let Some(StoredForm { thread, form }) = fillable.filter(|found| found.form.thread == *key)
    else {
        return Ok(None);
    };
    if work.store.is_public(thread)? {
        return Ok(None);
    }
    let expires = after(work.now, shell.rules.identity.link_lasts).min(form.until);
    work.store.replace_form_link(id, link, expires)?;
    if let Some(by) = by {
        trace(work, by, Verb::MadeFormLink, thread)?;
    }
    Ok(Some(expires))
}

/// Takes a form back at an agent's wish.
pub(super) fn withdraw(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: FormRequestId,
    by: AccountName,
) -> Result<bool, StoreError> {
    let Some(stored) = work.store.form(id)? else {
        return Ok(false);
    };
    if !stored.form.state.is_open() {
        return Ok(false);
    }
    end(work, shell, &stored, FormState::Withdrawn)?;
    trace(work, by, Verb::WithdrewForm, stored.thread)?;
    Ok(true)
}

/// Ends a form that nobody has filled in.
pub(super) fn end(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: &StoredForm,
    state: FormState,
) -> Result<(), StoreError> {
    work.store.end_form(stored.form.id, state)?;
    tell_form(work, shell, stored, state)
}

/// What the customer reads above the button, where Ringback can show them one. An agent wants
/// it said, so it may be in the desk's language, or in English, before it is not said at all.
fn words_of_offer(
    shell: Shell<'_>,
    thread: &StoredThread,
    purpose: &Purpose,
) -> Option<(String, Language)> {
    if !shell.settings.offers_forms(&thread.key.channel) {
        return None;
    }
    let utterance = match purpose {
        Purpose::Identity(_) => Utterance::IdentityNeeded,
        Purpose::Details => Utterance::DetailsAsked,
    };
    let name = &shell.rules.policy(&thread.key.channel).desk;
    let desk = shell.rules.desks.get(name).map(|desk| desk.language);
    let languages = [line::language_of(shell.rules, thread)];
    languages
        .into_iter()
        .chain(desk)
        .chain([Language::ENGLISH])
        .find_map(|language| {
            let text = line::words(shell.rules, name, utterance, language, true)?;
            Some((text, language))
        })
}
