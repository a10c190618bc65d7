//! Messages that Ringback carries to customers over a network: put in the outbox with the message, told
//! to the desk if they do not arrive, and sent again only when a person says so.

use crate::{
    domain::{
        decision::Notice,
        ids::{AccountName, MessageId, ThreadKey},
    },
    engine::{
        CarryChange, CarryEvent, EngineError, Handle, OutboxEvent, apply::Shell, desk::trace,
        writer::Work,
    },
    store::{
        StoreError,
        rows::{audit::Verb, chat::CarriedState},
        sqlite::{outbox::Sent, threads::StoredThread},
    },
};

/// What came of asking for a message to be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarriedAgain {
    /// It is on its way.
    Sent,
    /// It is on its way already, or has arrived.
    NotNeeded,
    /// There is no such message of ours.
    Unknown,
}

impl Handle {
    /// Sends a message to its customer again that did not arrive, or may not have.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn carry_again(
        &self,
        thread: ThreadKey,
        message: MessageId,
        by: AccountName,
    ) -> Result<CarriedAgain, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(thread) = work.store.thread(&thread)? else {
                return Ok(CarriedAgain::Unknown);
            };
            let Some(kept) = work.store.kept_message(thread.id, &message)? else {
                return Ok(CarriedAgain::Unknown);
            };
            match work.store.carried(kept.id)? {
                None => return Ok(CarriedAgain::Unknown),
                Some(CarriedState::Waiting | CarriedState::Arrived) => {
                    return Ok(CarriedAgain::NotNeeded);
                }
                Some(CarriedState::Failed | CarriedState::Unknown) => {}
            }
            work.store
                .end_not_delivered(thread.id, &message, work.now)?;
            shell.tell_over(work, &thread)?;
            carry(work, shell, &thread, kept.id, &message, CarryChange::New)?;
            work.wake.threads.push(thread.key.clone());
            trace(work, by, Verb::SentAgain, thread.id)?;
            Ok(CarriedAgain::Sent)
        })
        .await
    }
}

/// Has a message of ours carried to its customer, if Ringback carries that channel over a network.
pub(in crate::engine) fn carry(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    row: i64,
    message: &MessageId,
    change: CarryChange,
) -> Result<(), StoreError> {
    let event = OutboxEvent::Carry(Box::new(CarryEvent {
        channel: thread.key.channel.clone(),
        thread: thread.key.thread.clone(),
        message: message.clone(),
        change,
    }));
    if !shell.destinations.iter().any(|to| to.wants(&event)) {
        return Ok(());
    }
    if change == CarryChange::New {
        let state = CarriedState::Waiting;
        work.store
            .keep_carried(row, thread.id, state, None, work.now)?;
    }
    shell.tell_all(work, Some(thread.id), &event)
}

/// Keeps what came of carrying a message; the desk is told if it did not arrive, or may not have.
pub(in crate::engine) fn settled(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    event: &CarryEvent,
    sent: &Sent,
) -> Result<(), StoreError> {
    let (state, reason) = match sent {
        Sent::Again(_) | Sent::NotTried | Sent::Later(_) => return Ok(()),
        Sent::Arrived => (CarriedState::Arrived, None),
        Sent::Dead(reason) => (CarriedState::Failed, Some(reason.as_str())),
        Sent::CutOff => (CarriedState::Unknown, None),
    };
    if event.change != CarryChange::New {
        return Ok(());
    }
    let key = ThreadKey {
        channel: event.channel.clone(),
        thread: event.thread.clone(),
    };
    let Some(thread) = work.store.thread(&key)? else {
        return Ok(());
    };
    let Some(kept) = work.store.kept_message(thread.id, &event.message)? else {
        return Ok(());
    };
    work.store
        .keep_carried(kept.id, thread.id, state, reason, work.now)?;
    work.wake.threads.push(key);
    work.store
        .end_not_delivered(thread.id, &event.message, work.now)?;
    if state == CarriedState::Arrived {
        return Ok(());
    }
    let notice = Notice::NotDelivered {
        message: event.message.clone(),
        certain: state == CarriedState::Failed,
    };
    let desk = shell.rules.policy(&thread.key.channel).desk.clone();
    shell.tell_desk(work, &thread, &desk, &notice)
}
