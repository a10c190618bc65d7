//! What a network shows of a customer beside each message: kept with the message, in one transaction, so
//! that whoever is told of it knows at once who wrote. What a program said of them stands before it.

use std::sync::Arc;

use super::{
    LoadedRules, chat,
    writer::{CallError, Work},
};
use crate::{
    domain::{message::Message, number::PhoneNumber, private::Private},
    reading::mask,
    store::{
        StoreError,
        sqlite::{
            numbers::{Changed, NewNumber, NumberFrom},
            threads::StoredThread,
        },
    },
};

/// What a network shows of a thread's customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The name that they go by there.
    pub name: Option<Private<String>>,
    /// Where more is to be seen of them: an https URL.
    pub link: Option<Private<String>>,
    /// Their own number, if they share it with this very message.
    pub number: Option<PhoneNumber>,
}

/// The same with the names masked, as a message's text would be.
///
/// # Errors
/// When the runtime is ending, or the scan itself fails.
pub(super) async fn masked(
    rules: Arc<LoadedRules>,
    mut shown: Vec<Shown>,
) -> Result<Vec<Shown>, CallError> {
    if shown.is_empty() {
        return Ok(shown);
    }
    let mask_all = move || {
        for name in shown.iter_mut().filter_map(|shown| shown.name.as_mut()) {
            let found = rules.reader.scan(name.reveal(), None).sensitive;
            let spans = rules.rules.vocabulary.to_mask(&found);
            *name = Private::new(mask(name.reveal(), &spans));
        }
        shown
    };
    let masked = tokio::task::spawn_blocking(mask_all).await;
    masked.map_err(|error| match error.is_panic() {
        true => CallError::Storage(StoreError::Refused("the scan panicked".to_owned())),
        false => CallError::Stopping,
    })
}

/// Keeps what is shown beside a message. Says what that changed of the number to ring.
pub(super) fn keep(
    work: &Work<'_>,
    thread: &mut StoredThread,
    message: &Message,
    shown: &Shown,
) -> Result<Changed, StoreError> {
    let text = |text: Option<&Private<String>>| text.map(|text| text.reveal().clone());
    let (name, link) = (text(shown.name.as_ref()), text(shown.link.as_ref()));
    work.store
        .save_shown(thread.id, name.as_deref(), link.as_deref(), work.now)?;
    chat::writes_again(work, thread, message)?;
    let Some(number) = &shown.number else {
        return Ok(Changed::default());
    };
    let new = NewNumber {
        number,
        from: NumberFrom::Channel,
        at: message.at,
        zone: None,
    };
    work.store.learn_number(thread.id, &new)?;
    work.store.choose_number(thread)
}
