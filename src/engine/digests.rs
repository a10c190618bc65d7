//! What a desk is told when it opens: once for each opening, also after a downtime, and only if there
//! is something to tell.

use jiff::SignedDuration;

use super::{
    EngineError, Handle,
    apply::Shell,
    desk_events::{DeskEvent, DigestEvent},
    doubts,
    queues::watched,
    writer::Work,
};
use crate::{
    domain::{
        hours::Hours,
        ids::{AccountName, ChannelName, DeskName},
        time::{Length, Timestamp, after},
    },
    rules::Desk,
    store::{
        StoreError,
        rows::audit::{AuditEntry, Verb},
    },
};

impl Handle {
    /// Marks what a desk was told when it opened as seen. False if it was before.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn see_digest(&self, digest: i64, by: AccountName) -> Result<bool, EngineError> {
        self.with_rules(move |work, _| {
            let seen = work.store.see_digest(digest, &by, work.now)?;
            if seen.is_some() {
                let entry = AuditEntry::new(by, Verb::SawTo);
                work.store.record(&entry, work.now)?;
                work.wake.desks = true;
            }
            Ok(seen.is_some())
        })
        .await
    }
}

/// Tells the desks that have opened since they were last told.
pub(super) fn at_opening(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    _: u32,
) -> Result<usize, StoreError> {
    for (name, desk) in &shell.rules.desks {
        let Some(opened) = desk.hours.opened_at(work.now) else {
            continue;
        };
        let last = work.store.newest_digest(name)?;
        // One that was made since it opened stands for this opening, whatever the rules say by now.
        if last.is_none_or(|last| last < opened) {
            let since = since(&desk.hours, opened, last);
            tell(work, shell, (name, desk), (since, opened), last)?;
        }
    }
    Ok(0)
}

/// Since when the desk has been told nothing: it closed then, or was told last, if it opened and closed
/// again while the bot was down.
fn since(hours: &Hours, opened: Timestamp, last: Option<Timestamp>) -> Timestamp {
    let closed = hours.closed_at(opened).unwrap_or(opened);
    let before = closed.checked_sub(SignedDuration::from_micros(1));
    let opened_before = before.ok().and_then(|before| hours.opened_at(before));
    match (last, opened_before) {
        (Some(last), Some(before)) if last < before => last,
        _ => closed,
    }
}

fn tell(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    (name, desk): (&DeskName, &Desk),
    (closed, opened): (Timestamp, Timestamp),
    last: Option<Timestamp>,
) -> Result<(), StoreError> {
    let watched = watched(shell);
    let waiting = channels_of(shell, name, &watched);
    let times = (closed, opened, today_ends(desk, work.now));
    let mut counts = work.store.digest_counts(name, times, &waiting, &watched)?;
    counts.unsure = doubts::ask(work, shell, name, &waiting, last)?;
    work.store
        .keep_digest(name, (closed, opened), &counts, work.now)?;
    if counts.is_empty() {
        return Ok(());
    }
    let event = DigestEvent {
        desk: name.clone(),
        opened_at: opened,
        closed_at: closed,
        counts,
    };
    shell.tell_desk_wide(work, DeskEvent::Digest(event))
}

/// The channels that a desk works, but those of which nothing is told.
fn channels_of(shell: Shell<'_>, desk: &DeskName, watched: &[ChannelName]) -> Vec<ChannelName> {
    let channels = shell.settings.channels.keys();
    let its = channels.filter(|channel| shell.rules.policy(channel).desk == *desk);
    its.filter(|channel| !watched.contains(channel))
        .cloned()
        .collect()
}

/// Midnight where the desk is.
fn today_ends(desk: &Desk, now: Timestamp) -> Timestamp {
    let today = now.to_zoned(desk.hours.zone.clone());
    let tomorrow = today.tomorrow().and_then(|next| next.start_of_day());
    tomorrow.map_or_else(|_| after(now, Length::hours(24)), |next| next.timestamp())
}
