//! Forms asked of customers: asking, one-time links, what is submitted, what came of the check. Each
//! is one job for the writer. Whoever makes a token keeps it to themselves: the engine sees hashes.

use super::{EngineError, Handle};
use crate::{
    domain::{
        form::{CallDetails, Checked, FormRequestId, Purpose},
        ids::{AccountName, ThreadKey},
        private::Private,
    },
    store::rows::forms::{FormRequestRow, FormSessionHash, LinkHash},
    vault::Sealed,
};

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Ringback has told the customer, in the thread.
    Told(FormRequestId),
    /// The customer must be given a link by other means: Ringback carries no messages there.
    LinkWanted(FormRequestId),
    /// The newest message of the thread is public, and links never stand in public.
    Public,
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
        drop((thread, purpose, by));
        Err(EngineError::Stopping)
    }

    /// Keeps a new link to an open form of a thread; earlier links to it no longer open it. Until
    /// when it can be opened; `None` if there is no such open form.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn make_form_link(
        &self,
        thread: ThreadKey,
        request: FormRequestId,
        link: LinkHash,
    ) -> Result<Option<crate::domain::time::Timestamp>, EngineError> {
        drop((thread, request, link));
        Err(EngineError::Stopping)
    }

    /// Uses a link up: the browser with that cookie may fill the form in from now on. `None` for a
    /// link that is wrong, used, replaced or expired.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn open_form(
        &self,
        link: LinkHash,
        session: FormSessionHash,
    ) -> Result<Option<FormRequestRow>, EngineError> {
        drop((link, session));
        Err(EngineError::Stopping)
    }

    /// Keeps what a customer filled in in an identity form, sealed, and tells the desk. False if the
    /// session is over.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn submit_identity(
        &self,
        session: FormSessionHash,
        sealed: Sealed,
    ) -> Result<bool, EngineError> {
        drop((session, sealed));
        Err(EngineError::Stopping)
    }

    /// Keeps what a customer filled in in a details form, and tells the desk. False if the session
    /// is over.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn submit_details(
        &self,
        session: FormSessionHash,
        details: CallDetails,
    ) -> Result<bool, EngineError> {
        drop((session, details));
        Err(EngineError::Stopping)
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
        drop((request, by));
        Err(EngineError::Stopping)
    }

    /// What a customer submitted, for an account that may check identities; that it was opened is
    /// kept in the same transaction. `None` if there is nothing, or no longer.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn open_submission(
        &self,
        request: FormRequestId,
        by: AccountName,
    ) -> Result<Option<Sealed>, EngineError> {
        drop((request, by));
        Err(EngineError::Stopping)
    }

    /// Keeps what came of a check, and deletes what was submitted. False if it was not there to
    /// check any more.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn check_form(
        &self,
        request: FormRequestId,
        by: AccountName,
        checked: Checked,
        note: Option<Private<String>>,
    ) -> Result<bool, EngineError> {
        drop((request, by, checked, note));
        Err(EngineError::Stopping)
    }
}
