//! Checking identities: a submission is opened by an account that may, what came of the check is
//! kept, and then, or when its time is over, the submission is deleted. Sees ciphertext only.

use super::{
    EngineError, Handle,
    accounts::Proven,
    apply::Shell,
    desk::trace,
    forms::{tell_form, thread_of},
    intake, line,
    writer::Work,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        form::{Checked, FormRequestId, FormState, Purpose},
        ids::AccountName,
        private::Private,
    },
    settings::Sealing,
    store::{StoreError, rows::audit::Verb, sqlite::forms::StoredForm},
    vault::Sealed,
};

/// What came of opening a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedSubmission {
    /// Here it is.
    Sealed(Sealed),
    /// The account may not check identities.
    NotAllowed,
    /// It was opened since, by whomever.
    OpenedBefore,
    /// It was checked before, its time is over, or there never was one.
    Gone,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckKept {
    /// It is kept, and what was submitted is deleted.
    Done,
    /// The account may not check identities.
    NotAllowed,
    /// Nobody has opened what was submitted, so nobody can know that it is they.
    NotOpened,
    /// Somebody was faster.
    CheckedBy(AccountName),
    /// There is nothing to check: not filled in, its time is over, or no such form.
    Gone,
}

impl Handle {
    /// What a customer submitted, for an account that may check identities and has just proved to be
    /// it; that it was opened is kept in the same transaction. `opened` is how often it had been
    /// opened as far as they know, so that the same wish sent twice opens it once.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn open_submission(
        &self,
        request: FormRequestId,
        by: Proven,
        opened: u32,
    ) -> Result<OpenedSubmission, EngineError> {
        self.with_rules(move |work, _| {
            let by = by.account();
            if !may_check(work, by)? {
                return Ok(OpenedSubmission::NotAllowed);
            }
            let stored = to_check(work, request)?;
            let kept = work.store.submission(request, work.now)?;
            let Some((stored, (sealed, times))) = stored.zip(kept) else {
                return Ok(OpenedSubmission::Gone);
            };
            if times != opened {
                return Ok(OpenedSubmission::OpenedBefore);
            }
            work.store.count_opening(request)?;
            trace(work, by.clone(), Verb::OpenedSubmission, stored.thread)?;
            Ok(OpenedSubmission::Sealed(sealed))
        })
        .await
    }

    /// Keeps what came of a check, with a note for the thread, and deletes what was submitted. Only
    /// what was opened, for which somebody had to prove who they are, can be verified: a session
    /// that somebody left open or lost is not enough.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn check_form(
        &self,
        request: FormRequestId,
        by: AccountName,
        checked: Checked,
        note: Option<Private<String>>,
    ) -> Result<CheckKept, EngineError> {
        let note = match note {
            Some(note) => Some(intake::masked(self.rules(), note).await?),
            None => None,
        };
        self.with_rules(move |work, shell| {
            if !may_check(work, &by)? {
                return Ok(CheckKept::NotAllowed);
            }
            let Some(stored) = to_check(work, request)? else {
                let checked = work.store.form(request)?;
                let faster = checked.and_then(|checked| checked.form.checked_by);
                return Ok(faster.map_or(CheckKept::Gone, CheckKept::CheckedBy));
            };
            if checked == Checked::Verified {
                match work.store.submission(request, work.now)? {
                    None => return Ok(CheckKept::Gone),
                    Some((_, 0)) => return Ok(CheckKept::NotOpened),
                    Some(_) => {}
                }
            }
            keep_check(work, shell, stored, &by, checked, note.as_deref())?;
            Ok(CheckKept::Done)
        })
        .await
    }
}

/// Whether anybody could open an identity form, as the settings and the accounts are now. Where not,
/// none is to be offered.
pub(super) fn can_seal(work: &Work<'_>, shell: Shell<'_>) -> Result<bool, StoreError> {
    match shell.settings.forms.sealing {
        Sealing::ServerKey => Ok(true),
        Sealing::Recipients => Ok(!work.store.accounts().recipients()?.is_empty()),
    }
}

/// A sweep: what was submitted is deleted when its time is over. Where nobody has checked it, the
/// desk is told.
pub(super) fn purge(work: &mut Work<'_>, shell: Shell<'_>, most: u32) -> Result<usize, StoreError> {
    let overdue = work.store.overdue_submissions(work.now, most)?;
    for stored in &overdue {
        delete(work, stored)?;
        if stored.form.state != FormState::Submitted {
            continue;
        }
        work.store.end_form(stored.form.id, FormState::Expired)?;
        work.store.end_form_notice(stored, None, work.now)?;
        let request = stored.form.id;
        let thread = thread_of(work, stored)?;
        let notice = Notice::CheckExpired { request };
        shell.tell_desk(work, &thread, &stored.form.desk, &notice)?;
        tell_form(work, shell, stored, FormState::Expired)?;
    }
    Ok(overdue.len())
}

/// Whether an account may check identities now.
fn may_check(work: &Work<'_>, name: &AccountName) -> Result<bool, StoreError> {
    let account = work.store.accounts().find(name)?;
    Ok(account.is_some_and(|account| account.checks_identity && account.disabled_at.is_none()))
}

/// The identity form of that number, if it waits for a check.
fn to_check(work: &Work<'_>, id: FormRequestId) -> Result<Option<StoredForm>, StoreError> {
    let stored = work.store.form(id)?;
    Ok(stored.filter(|stored| {
        let is_identity = matches!(stored.form.purpose, Purpose::Identity(_));
        is_identity && stored.form.state == FormState::Submitted
    }))
}

/// Keeps a check of a form that waits for one, and tells everybody.
fn keep_check(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: StoredForm,
    by: &AccountName,
    checked: Checked,
    note: Option<&str>,
) -> Result<(), StoreError> {
    let state = match checked {
        Checked::Verified => FormState::Verified,
        Checked::Failed => FormState::Failed,
    };
    let id = stored.form.id;
    delete(work, &stored)?;
    work.store.end_form(id, state)?;
    work.store.form_checked(id, state, by, work.now)?;
    work.store.end_form_notice(&stored, Some(by), work.now)?;
    trace(work, by.clone(), Verb::CheckedForm, stored.thread)?;
    if let Some(note) = note {
        work.store
            .insert_note(stored.thread, None, by, note, work.now)?;
        trace(work, by.clone(), Verb::Noted, stored.thread)?;
    }
    tell_form(work, shell, &stored, state)?;
    if checked == Checked::Verified {
        tell_customer(work, shell, &stored)?;
    }
    Ok(())
}

/// Tells the customer that the check went well, or asks the desk to.
fn tell_customer(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: &StoredForm,
) -> Result<(), StoreError> {
    let utterance = Utterance::IdentityVerified;
    let thread = thread_of(work, stored)?;
    let form = &stored.form;
    if line::say_of_form(work, shell, &thread, form, utterance)? {
        return Ok(());
    }
    let notice = Notice::SayYourself { utterance };
    shell.tell_desk(work, &thread, &form.desk, &notice)
}

/// Deletes what was submitted, so that it is really gone after the commit.
fn delete(work: &mut Work<'_>, stored: &StoredForm) -> Result<(), StoreError> {
    work.store.delete_submission(stored.form.id)?;
    work.wake.purged = true;
    Ok(())
}
