//! Forms asked of customers: asking, one-time links, what is submitted, what came of the check. Each
//! is one job for the writer. Whoever makes a token keeps it to themselves: the engine sees hashes.

mod ask;
mod fill;

use ask::end;
pub(super) use ask::{ask, request_form};
pub(super) use fill::{expire, forget_links};

use super::{
    EngineError, Handle,
    apply::Shell,
    intake,
    outbound::{FormEvent, OutboxEvent},
    writer::Work,
};
use crate::{
    domain::{
        form::{AgreedWords, CallDetails, FormRequestId, FormState, Purpose},
        ids::{AccountName, ThreadKey},
        private::Private,
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::forms::{FormRequestRow, FormSessionHash, LinkHash},
        sqlite::{forms::StoredForm, threads::StoredThread},
    },
    vault::Sealed,
};

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Ringback has told the customer, in the thread.
    Told(FormRequestId),
    /// The customer must be given a link by other means: Ringback cannot offer it there itself.
    LinkWanted(FormRequestId),
    /// The newest message of the thread is public, and links never stand in public.
    Public,
    /// Nobody could open what the customer submits: no account that checks identities has a key.
    NobodyOpens,
    /// There is no such thread, or no such form in the rules.
    Unknown,
}

impl Handle {
    /// Asks a thread's customer to fill a form in. One of the same purpose that is still open is
    /// withdrawn. Where Ringback carries messages, a line of its own tells the customer.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn ask_form(
        &self,
        thread: ThreadKey,
        purpose: Purpose,
        by: AccountName,
    ) -> Result<Asked, EngineError> {
        self.with_rules(move |work, shell| ask(work, shell, &thread, &purpose, by))
            .await
    }

    /// Keeps a new link to an open form of a thread; earlier links to it no longer open it. `by` made
    /// it; nobody, if the customer's own chat did, or a program. Until when it can be opened; `None`
    /// if there is no such open form, or the customer's newest message is public.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn make_form_link(
        &self,
        thread: ThreadKey,
        request: FormRequestId,
        link: LinkHash,
        by: Option<AccountName>,
    ) -> Result<Option<Timestamp>, EngineError> {
        self.with_rules(move |work, shell| ask::make_link(work, shell, &thread, request, link, by))
            .await
    }

    /// Uses a link up: the browser with that cookie, and no other any more, may fill the form in until
    /// the `until` of the answer. `None` for a link that is wrong, used, replaced or expired.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn open_form(
        &self,
        link: LinkHash,
        session: FormSessionHash,
    ) -> Result<Option<FormRequestRow>, EngineError> {
        self.with_rules(move |work, shell| fill::open(work, shell, link, session))
            .await
    }

    /// Keeps what a customer filled in in an identity form, sealed, and tells the desk. The same again,
    /// as of a button pressed twice, is kept once. False if the session is over.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn submit_identity(
        &self,
        session: FormSessionHash,
        sealed: Sealed,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| fill::submit_identity(work, shell, session, &sealed))
            .await
    }

    /// Keeps what a customer filled in in a details form, and tells the desk; their wish about time
    /// is masked. `agreed` are the words that they agreed to if they want to be rung. The same again
    /// is kept once. False if the session is over.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn submit_details(
        &self,
        session: FormSessionHash,
        mut details: CallDetails,
        agreed: AgreedWords,
    ) -> Result<bool, EngineError> {
        if let CallDetails::Ring { best_time, .. } = &mut details {
            let masked = intake::masked(self.rules(), std::mem::take(best_time)).await?;
            *best_time = Private::new(masked);
        }
        self.with_rules(move |work, shell| {
            fill::submit_details(work, shell, session, &details, &agreed)
        })
        .await
    }

    /// Takes a form back that is still open. False if it is not.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn withdraw_form(
        &self,
        request: FormRequestId,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, shell| ask::withdraw(work, shell, request, by))
            .await
    }
}

/// Tells programs how far a form has come, and whoever looks on that something has changed.
pub(super) fn tell_form(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    stored: &StoredForm,
    state: FormState,
) -> Result<(), StoreError> {
    let form = &stored.form;
    work.wake.threads.push(form.thread.clone());
    let event = OutboxEvent::Form(Box::new(FormEvent {
        id: form.id,
        channel: form.thread.channel.clone(),
        thread: form.thread.thread.clone(),
        case: form.case,
        desk: form.desk.clone(),
        purpose: form.purpose.kind(),
        form: form.purpose.form().cloned(),
        state,
    }));
    shell.tell_of(work, stored.thread, &form.thread.channel, &event)
}

/// The thread of a form.
pub(super) fn thread_of(work: &Work<'_>, stored: &StoredForm) -> Result<StoredThread, StoreError> {
    let thread = work.store.thread_of_row(stored.thread)?;
    thread.ok_or(StoreError::Corrupt("form_requests.thread_id"))
}
