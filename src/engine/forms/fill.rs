//! What customers do with a form: open it by its link, once, and fill it in.

use super::{end, tell_form, thread_of};
use crate::{
    domain::{
        callback::CallbackEvent,
        decision::{Event, Notice, Utterance},
        form::{AgreedWords, CallDetails, FormState, Purpose},
        hours::Zone,
        number::PhoneNumber,
        private::Private,
        time::after,
    },
    engine::{
        apply::{Shell, case_number},
        line, numbers, people,
        writer::Work,
    },
    store::{
        StoreError,
        rows::forms::{FormRequestRow, FormSessionHash, LinkHash},
        sqlite::{
            forms::StoredForm,
            numbers::{NewNumber, NumberFrom},
            threads::StoredThread,
        },
    },
    vault::Sealed,
};

/// Uses a link up, and lets the browser that did so fill the form in.
pub(super) fn open(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    link: LinkHash,
    session: FormSessionHash,
) -> Result<Option<FormRequestRow>, StoreError> {
    let Some(id) = work.store.use_form_link(link, work.now)? else {
        return Ok(None);
    };
    let stored = work.store.form(id)?;
    let mut stored = stored.ok_or(StoreError::Corrupt("form_links.request_id"))?;
    let until = after(work.now, shell.rules.identity.link_lasts);
    work.store
        .start_form_session(id, session, work.now, until)?;
    if stored.form.state != FormState::Opened {
        tell_form(work, shell, &stored, FormState::Opened)?;
    }
    stored.form.state = FormState::Opened;
    stored.form.until = until;
    Ok(Some(stored.form))
}

/// Keeps what was filled in in an identity form.
pub(super) fn submit_identity(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    session: FormSessionHash,
    sealed: &Sealed,
) -> Result<bool, StoreError> {
    let found = work.store.form_of_session(session, work.now)?;
    let Some(stored) = found.filter(|found| matches!(found.form.purpose, Purpose::Identity(_)))
    else {
        return Ok(false);
    };
    if !stored.form.state.is_open() {
        return Ok(true);
    }
    let delete_at = after(work.now, shell.rules.identity.keep_for);
    work.store
        .insert_submission(stored.form.id, sealed, work.now, delete_at)?;
    let thread = thread_of(work, &stored)?;
    submitted(work, shell, &stored, &thread)?;
    Ok(true)
}

/// Keeps what was filled in in a details form, masked already.
pub(super) fn submit_details(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    session: FormSessionHash,
    details: &CallDetails,
    agreed: &AgreedWords,
) -> Result<bool, StoreError> {
    let found = work.store.form_of_session(session, work.now)?;
    let Some(stored) = found.filter(|found| found.form.purpose == Purpose::Details) else {
        return Ok(false);
    };
    if !stored.form.state.is_open() {
        return Ok(true);
    }
    work.store
        .insert_call_details(stored.form.id, details, work.now)?;
    let mut thread = thread_of(work, &stored)?;
    match details {
        CallDetails::Ring { number, zone, .. } => {
            let zone = zone.as_ref();
            give_number(work, shell, &stored, &mut thread, (number, zone), agreed)?;
        }
        CallDetails::StayInText => work.store.withdraw_consents(thread.customer, work.now)?,
    }
    choose_time(work, shell, &mut thread, details)?;
    // A wish of an earlier case says nothing of the one that is open now.
    if *details == CallDetails::StayInText && case_number(&thread) == stored.form.case {
        let channel = thread.key.channel.clone();
        shell.apply(work, &mut thread, &Event::TextChosen { channel })?;
    }
    submitted(work, shell, &stored, &thread)?;
    Ok(true)
}

/// The time that a customer chose is the open callback's, once it is known where they are. Without one
/// their wish is kept, for the next card.
fn choose_time(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    details: &CallDetails,
) -> Result<(), StoreError> {
    let (
        CallDetails::Ring {
            ring_at: Some(at), ..
        },
        Some(callback),
    ) = (details, &thread.state.callback)
    else {
        return Ok(());
    };
    let event = Event::Callback {
        channel: thread.key.channel.clone(),
        callback: callback.number,
        event: CallbackEvent::TimeChosen { at: *at },
    };
    shell.apply(work, thread, &event)
}

/// Keeps the number that a customer gave and where they say they are, and that they agreed to be rung on it.
fn give_number(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: &StoredForm,
    thread: &mut StoredThread,
    (number, zone): (&Private<String>, Option<&Zone>),
    agreed: &AgreedWords,
) -> Result<(), StoreError> {
    let Ok(number) = PhoneNumber::parse(number.reveal()) else {
        return Ok(());
    };
    let form = stored.form.id;
    let new = NewNumber {
        number: &number,
        from: NumberFrom::Form(form),
        at: work.now,
        zone,
    };
    work.store.learn_number(thread.id, &new)?;
    work.store
        .keep_consent(form, thread.id, agreed, &number, work.now)?;
    people::link_by_number(work, shell, thread, &number)?;
    numbers::chosen(work, shell, thread)
}

/// Ends the way to a form that was filled in, and tells everybody.
fn submitted(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: &StoredForm,
    thread: &StoredThread,
) -> Result<(), StoreError> {
    let form = &stored.form;
    work.store.form_submitted(form.id, work.now)?;
    tell_form(work, shell, stored, FormState::Submitted)?;
    let notice = Notice::FormSubmitted { request: form.id };
    shell.tell_desk(work, thread, &form.desk, &notice)?;
    line::say_of_form(work, shell, thread, form, Utterance::FormSubmitted)?;
    Ok(())
}

/// A sweep: forms that were not filled in in time have expired.
pub(in crate::engine) fn expire(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let overdue = work.store.overdue_forms(work.now, most)?;
    for stored in &overdue {
        end(work, shell, stored, FormState::Expired)?;
    }
    Ok(overdue.len())
}

/// A sweep: links and sessions that are over are forgotten.
pub(in crate::engine) fn forget_links(
    work: &mut Work<'_>,
    _: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    work.store.forget_form_links(work.now, most)
}
