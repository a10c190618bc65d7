//! Who is on shift, and what one shift leaves to the next.

use std::collections::BTreeMap;

use super::{
    EngineError, Handle,
    apply::Shell,
    calls,
    desk_events::{DeskEvent, HandedOverEvent},
    intake,
    writer::Work,
};
use crate::{
    domain::{
        callback::{CallbackEvent, CallbackStatus},
        decision::Event,
        ids::{AccountName, DeskName},
        private::Private,
        time::more_than,
    },
    store::{
        CallbackId, StoreError,
        rows::audit::{AuditEntry, Verb},
        sqlite::threads::StoredThread,
    },
};

/// What an account leaves word of, for each callback; `None`: nothing.
pub type Words = Vec<(CallbackId, Option<Private<String>>)>;

/// What came of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandedOver {
    /// How many callbacks were passed on.
    pub passed: usize,
    /// Callbacks of which there was something to say, but which the account had no longer: what was
    /// written of them is not kept.
    pub gone: Vec<CallbackId>,
}

/// Whether whoever promised a thread's open callback is on shift. Asked only when the time has come.
pub(super) fn owner_is_on(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
) -> Result<bool, StoreError> {
    let Some(callback) = thread.state.callback.as_ref() else {
        return Ok(false);
    };
    match &callback.status {
        CallbackStatus::Scheduled { by: Some(by), at } if *at <= work.now => {
            is_on(work, shell, &callback.desk, by)
        }
        _ => Ok(false),
    }
}

/// Whether an account works a desk now: it did something not long ago, and has not handed over since.
pub(super) fn is_on(
    work: &Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
    account: &AccountName,
) -> Result<bool, StoreError> {
    let (Some(shift), Some(desk)) = (work.store.shift_of(account)?, shell.rules.desks.get(desk))
    else {
        return Ok(false);
    };
    let Some(active_at) = shift.active_at else {
        return Ok(false);
    };
    let has_left = shift.handed_over_at.is_some_and(|left| left >= active_at);
    Ok(!has_left
        && !more_than(desk.on_shift_for, active_at, work.now)
        && desk.is_worked_by(account, shift.role))
}

impl Handle {
    /// Ends an account's shift: all that it has claimed is due again, what it has promised is the
    /// desk's to keep, and the next shift is shown both, with the account's words, which are kept as
    /// notes, masked. `whose` is another account where a supervisor hands over for somebody.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn hand_over(
        &self,
        by: AccountName,
        whose: AccountName,
        words: Words,
    ) -> Result<HandedOver, EngineError> {
        let mut masked = BTreeMap::new();
        for (id, text) in words {
            if let Some(text) = text {
                masked.insert(id, intake::masked(self.rules(), text).await?);
            }
        }
        self.with_rules(move |work, shell| hand_over(work, shell, &by, &whose, masked))
            .await
    }

    /// Marks what was left to a desk as seen, up to that line.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn see_handovers(
        &self,
        desk: DeskName,
        up_to: i64,
        by: AccountName,
    ) -> Result<(), EngineError> {
        self.with_rules(move |work, _| {
            if work.store.see_handovers(&desk, up_to, &by, work.now)? > 0 {
                work.store
                    .record(&AuditEntry::new(by, Verb::SawTo), work.now)?;
                work.wake.desks = true;
            }
            Ok(())
        })
        .await
    }
}

fn hand_over(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    by: &AccountName,
    whose: &AccountName,
    mut masked: BTreeMap<CallbackId, String>,
) -> Result<HandedOver, StoreError> {
    let mut desks: BTreeMap<DeskName, Vec<CallbackId>> = BTreeMap::new();
    let mut passed = 0;
    for (id, thread) in work.store.callbacks_of(whose)? {
        let Some(mut thread) = work.store.thread_of_row(thread)? else {
            continue;
        };
        let Some((number, desk)) = calls::open_one(&thread, id) else {
            continue;
        };
        let words = masked.remove(&id);
        work.store
            .keep_handover(id, whose, words.as_deref(), work.now)?;
        let event = Event::Callback {
            channel: thread.key.channel.clone(),
            callback: number,
            event: CallbackEvent::HandedOver { by: whose.clone() },
        };
        shell.apply(work, &mut thread, &event)?;
        let entry = AuditEntry {
            thread: Some(thread.id),
            callback: Some(id),
            ..entry(by, whose)
        };
        work.store.record(&entry, work.now)?;
        work.wake.threads.push(thread.key);
        desks.entry(desk).or_default().push(id);
        passed += 1;
    }
    if passed == 0 {
        work.store.record(&entry(by, whose), work.now)?;
    }
    // After the entries, which show that they were at work until now.
    work.store.leaves(whose, work.now)?;
    for (desk, callbacks) in desks {
        let event = DeskEvent::HandedOver(HandedOverEvent {
            desk,
            by: whose.clone(),
            callbacks,
        });
        shell.tell_desk_wide(work, event)?;
    }
    Ok(HandedOver {
        passed,
        gone: masked.into_keys().collect(),
    })
}

fn entry(by: &AccountName, whose: &AccountName) -> AuditEntry {
    AuditEntry {
        about: (by != whose).then(|| whose.clone()),
        ..AuditEntry::new(by.clone(), Verb::HandedOver)
    }
}
