//! The two words of a call: picked when somebody claims the callback, known to them and to the
//! customer, forgotten when the claim is over.

use crate::{
    domain::callback::{Callback, CallbackStatus},
    engine::{
        apply::{Decided, Shell},
        line,
        writer::Work,
    },
    rules::two_words::words_of,
    store::{StoreError, sqlite::threads::StoredThread},
};

/// Picks the words of a claim that is new, and forgets those of one that is over.
pub(super) fn keep(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    decided: &Decided,
) -> Result<(), StoreError> {
    let claim = |callback: &Callback| match &callback.status {
        status @ CallbackStatus::Claimed { .. } => Some((callback.number, status.clone())),
        _ => None,
    };
    let before = decided.callback_before.as_ref();
    let before = before.and_then(|(id, callback)| Some((*id, claim(callback)?)));
    let now = thread.callback.zip(thread.state.callback.as_ref());
    let now = now.and_then(|(id, callback)| Some((id, claim(callback)?)));
    if before == now {
        return Ok(());
    }
    if let Some((id, _)) = before {
        work.store.set_call_words(id, None)?;
    }
    if let Some((id, _)) = now {
        work.store.set_call_words(id, Some(&pick(shell, thread)))?;
    }
    Ok(())
}

/// Two words in the customer's language, else in the desk's.
fn pick(shell: Shell<'_>, thread: &StoredThread) -> String {
    let desk = shell.rules.desks.get(super::known::desk_of(shell, thread));
    let customers = line::language_of(shell.rules, thread);
    let languages: Vec<_> = [customers]
        .into_iter()
        .chain(desk.map(|desk| desk.language))
        .collect();
    let words = words_of(&languages);
    let two = rand::seq::index::sample(&mut rand::rng(), words.len(), 2);
    let two: Vec<&str> = two
        .iter()
        .filter_map(|place| words.get(place).copied())
        .collect();
    two.join(" ")
}
