//! What agents do at a desk besides working callbacks: answer, note, correct, see to a notice. Each
//! is one job for the writer, and leaves its trace with the account that did it.

use super::{EngineError, Handle, Receipt, SubmitError};
use crate::domain::{
    ids::{AccountName, MessageId, ThreadKey},
    private::Private,
    reading::Correction,
    record::DecisionRecord,
};

/// An agent's message that Ringback itself carries.
#[derive(Debug, Clone)]
pub struct Reply {
    /// To which thread.
    pub thread: ThreadKey,
    /// The message's id, made when the reply box was shown: the same box sent twice is one message.
    pub id: MessageId,
    /// Who answers.
    pub by: AccountName,
    /// The text as typed.
    pub text: Private<String>,
}

impl Handle {
    /// Takes an agent's answer in as a message of the thread.
    ///
    /// # Errors
    /// When it could not be taken; nothing of it is kept then.
    pub async fn reply(&self, _reply: Reply) -> Result<Receipt, SubmitError> {
        Err(SubmitError::Stopping)
    }

    /// Keeps what agents say among themselves about a thread, masked. `key` makes the same form sent
    /// twice one note. False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn note(
        &self,
        _thread: ThreadKey,
        _key: MessageId,
        _by: AccountName,
        _text: Private<String>,
    ) -> Result<bool, EngineError> {
        Err(EngineError::Stopping)
    }

    /// Corrects the reading of a customer's message: keeps the example, and has the rules look at
    /// it again. What was decided then; `None` if there is no such message of a customer.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn correct(
        &self,
        _thread: ThreadKey,
        _message: MessageId,
        _correction: Correction,
        _by: AccountName,
    ) -> Result<Option<DecisionRecord>, EngineError> {
        Err(EngineError::Stopping)
    }

    /// Ends what *Keep typing: not a customer* began. False if there is no such thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn unmute(&self, _thread: ThreadKey, _by: AccountName) -> Result<bool, EngineError> {
        Err(EngineError::Stopping)
    }

    /// Marks a notice as seen to. False if there is none of that number, or it was seen to before.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn see_to(&self, _notice: i64, _by: AccountName) -> Result<bool, EngineError> {
        Err(EngineError::Stopping)
    }

    /// Records that an account looked at a thread.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn viewed(&self, _thread: ThreadKey, _by: AccountName) -> Result<(), EngineError> {
        Err(EngineError::Stopping)
    }
}
