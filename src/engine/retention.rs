//! What was kept long enough goes, in small steps between messages, as `[retention]` says; and the
//! audit gets its checkpoint once a day. Each is a sweep of `upkeep`: it looks at what is due by the
//! job's time, so one too many does nothing, and a restart loses nothing.

use super::{
    apply::Shell,
    erasure,
    outbound::{AuditEvent, OutboxEvent, TELEGRAM_DESK},
    writer::Work,
};
use crate::{
    domain::time::{Length, Timestamp, after},
    rules::retention::Retention,
    store::{StoreError, rows::chat::Standing},
};

/// How often the audit gets a checkpoint, and how often all threads are looked at.
const DAY: Length = Length::hours(24);

/// The audit's newest entry becomes a checkpoint and is told to the outside, a day after the last
/// one did, or after the first entry was written.
pub(super) fn make_checkpoint(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    _: u32,
) -> Result<usize, StoreError> {
    let since = match work.store.newest_checkpoint()? {
        Some(last) => Some(last.at),
        None => work.store.audited_since()?,
    };
    if since.is_none_or(|since| after(since, DAY) > work.now) {
        return Ok(0);
    }
    if let Some(checkpoint) = work.store.make_checkpoint(work.now)? {
        let event = OutboxEvent::Audit(AuditEvent {
            entry: checkpoint.entry,
            hash: checkpoint.hash.to_string(),
        });
        shell.tell_all(work, None, &event)?;
    }
    Ok(0)
}

/// What another program of ours has put in the outbox is looked for: nothing else tells of it.
pub(super) fn look_for_others(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    _: u32,
) -> Result<usize, StoreError> {
    work.wake.destinations.extend(0..shell.destinations.len());
    Ok(0)
}

/// Threads on which nothing has happened for long go, with all that belongs to them.
pub(super) fn forget_threads(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let Some(kept) = retention(shell).threads else {
        return Ok(0);
    };
    let (before, next) = (ago(work, kept), after(work.now, DAY));
    let take_down = |standing: &Standing| {
        let is_told = |name: &&str| *name == TELEGRAM_DESK;
        let names = shell.destinations.iter().map(|to| to.name());
        erasure::take_down(standing, names.filter(is_told))
    };
    let forget = work
        .store
        .forget_threads(before, most, work.now, next, &take_down);
    let (looked_at, gone) = forget?;
    work.wake.purged |= gone > 0;
    Ok(looked_at)
}

/// The audit is cut at an old checkpoint.
pub(super) fn cut_audit(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).audit);
    work.store.cut_audit(before, most, work.now)
}

/// Notices that ended long ago go.
pub(super) fn forget_notices(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).notices);
    let gone = work.store.forget_notices(before, most)?;
    Ok(purged(work, gone))
}

/// Web chats whose customers have not come back go.
pub(super) fn forget_chats(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).chats);
    let gone = work.store.forget_chats(before, most)?;
    Ok(purged(work, gone))
}

/// That messages could not be taken long ago is forgotten.
pub(super) fn forget_rejected(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).rejected);
    work.store.forget_rejected(before, most)
}

/// Effects that arrived long ago are forgotten.
pub(super) fn forget_sent(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).sent);
    work.store.prune_sent(before, most)
}

/// That a thread was erased need not be kept once it was told.
pub(super) fn forget_last_words(
    work: &mut Work<'_>,
    _: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let gone = work.store.prune_last_words(most)?;
    Ok(purged(work, gone))
}

/// Effects that were given up long ago are forgotten.
pub(super) fn forget_dead(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = ago(work, retention(shell).dead);
    work.store.prune_dead(before, most)
}

/// Has the write-ahead log cut off where something is gone, so that it stands in no file.
fn purged(work: &mut Work<'_>, gone: usize) -> usize {
    work.wake.purged |= gone > 0;
    gone
}

const fn retention(shell: Shell<'_>) -> &Retention {
    &shell.rules.retention
}

fn ago(work: &Work<'_>, length: Length) -> Timestamp {
    let then = work.now.saturating_sub(length.as_signed());
    then.unwrap_or(Timestamp::MIN)
}
