//! Click-to-call: another program is asked to ring a customer for the agent who has the callback, and
//! tells how that call ended. The number goes through the outbox to that one destination and nowhere
//! else.

use super::{
    EngineError, Handle,
    apply::{Shell, new_key, payload},
    calls::{self, Blocked},
    outbound::{DIALLING, DialEvent, OutboxEvent},
    writer::Work,
};
use crate::{
    domain::ids::{AccountName, MessageId},
    store::{
        CallbackId, StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            dialled::{DialEnd, DialResult, DialState},
        },
        sqlite::{dialled::NewDial, outbox::NewEffect},
    },
};

/// What came of pressing "Ring".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialled {
    /// The other program is being asked.
    Asked,
    /// It is being asked already, by another press.
    UnderWay,
    /// The account has not claimed the callback, or its claim is over.
    NotClaimed,
    /// Somebody else has it.
    HeldBy(AccountName),
    /// Nobody knows a number.
    NoNumber,
    /// The customer is on the do-not-call list.
    DoNotCall,
    /// There is nobody to ask: the settings have no `[dialling]`.
    NotSet,
    /// The callback has ended.
    Ended,
    /// There is no such callback.
    Unknown,
}

impl Handle {
    /// Whether agents can have another program ring.
    #[must_use]
    pub fn can_dial(&self) -> bool {
        place(&self.0.destinations).is_some()
    }

    /// Has another program ring the customer of a callback, for the agent who has claimed it. `press`
    /// is the button's own, made when it was shown: the same one pressed twice rings once.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn dial(
        &self,
        id: CallbackId,
        by: AccountName,
        press: MessageId,
    ) -> Result<Dialled, EngineError> {
        self.with_rules(move |work, shell| dial(work, shell, id, &by, &press))
            .await
    }

    /// Keeps how a call ended that another program was asked to make; the first that is told counts.
    /// `event` is the id under which it was told: told again, it does nothing, not even to another
    /// call. False if there is no such call.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn dial_ended(
        &self,
        call: String,
        event: String,
        result: DialResult,
        seconds: Option<u32>,
    ) -> Result<bool, EngineError> {
        self.with_rules(move |work, _| {
            let end = DialEnd {
                result,
                seconds,
                at: work.now,
            };
            let thread = work.store.dial_ended(&call, &event, &end)?;
            let is_known = thread.is_some();
            work.wake.threads.extend(thread);
            Ok(is_known)
        })
        .await
    }
}

fn dial(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    by: &AccountName,
    press: &MessageId,
) -> Result<Dialled, StoreError> {
    let Some(place) = place(shell.destinations) else {
        return Ok(Dialled::NotSet);
    };
    let thread = match calls::claimed(work, id, by)? {
        Ok(thread) => thread,
        Err(Blocked::NotClaimed) => return Ok(Dialled::NotClaimed),
        Err(Blocked::HeldBy(other)) => return Ok(Dialled::HeldBy(other)),
        Err(Blocked::Ended) => return Ok(Dialled::Ended),
        Err(Blocked::Unknown) => return Ok(Dialled::Unknown),
    };
    if thread.state.customer.do_not_call {
        return Ok(Dialled::DoNotCall);
    }
    let Some(number) = work.store.number_of(thread.customer)? else {
        return Ok(Dialled::NoNumber);
    };
    let newest = work.store.newest_dial(id)?;
    let is_asked = newest.is_some_and(|newest| newest.state == DialState::Asked);
    let call = new_key();
    let new = NewDial {
        call: &call,
        callback: id,
        thread: thread.id,
        by,
        press,
    };
    if is_asked {
        return Ok(Dialled::UnderWay);
    }
    if !work.store.insert_dial(&new, work.now)? {
        return Ok(Dialled::Asked);
    }
    let event = OutboxEvent::Dial(Box::new(DialEvent {
        callback: id,
        account: by.clone(),
        number,
    }));
    let effect = NewEffect {
        key: &call,
        destination: DIALLING,
        thread: Some(thread.id),
        payload: &payload(&event)?,
    };
    work.store.queue(&effect, work.now)?;
    work.wake.destinations.push(place);
    work.wake.threads.push(thread.key.clone());
    let entry = AuditEntry {
        thread: Some(thread.id),
        callback: Some(id),
        ..AuditEntry::new(by.clone(), Verb::Dialled)
    };
    work.store.record(&entry, work.now)?;
    Ok(Dialled::Asked)
}

/// Which destination dials, if one does.
fn place(destinations: &[std::sync::Arc<dyn super::Destination>]) -> Option<usize> {
    destinations
        .iter()
        .position(|destination| destination.name() == DIALLING)
}
