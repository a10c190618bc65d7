//! A desk's queue as a whole: one card for all of it when it grows long, and the next callback for
//! whoever has a hand free.

use super::{
    CardEvent, Claim, EngineError, Handle, OutboxEvent,
    apply::Shell,
    calls,
    desk_events::{DeskEvent, QueueEvent},
    writer::Work,
};
use crate::{
    domain::{
        decision::Effect,
        ids::{AccountName, ChannelName, DeskName},
    },
    store::{
        CallbackId, StoreError,
        rows::CallbackRow,
        sqlite::{queues::QueueCard, threads::StoredThread},
    },
};

/// So many callbacks from the head of the queue are looked at for one who may be rung now.
const LOOKED_AT: u32 = 100;

/// What came of asking for the next callback of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is theirs.
    Claimed(Box<CallbackRow>),
    /// All who wait are where it is too early or too late to ring.
    AllQuiet,
    /// Nobody waits.
    Nobody,
}

impl Handle {
    /// Claims the head of a desk's queue: the first callback that nobody has, that is not shown to
    /// somebody else first, and whose customer may be rung now.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn claim_next(&self, desk: DeskName, by: AccountName) -> Result<Next, EngineError> {
        self.with_rules(move |work, shell| claim_next(work, shell, &desk, &by))
            .await
    }
}

impl Handle {
    /// Has the cards of a desk's open callbacks shown in its chat, which may be a new one, and its queue
    /// card if one stands for them.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn show_cards(&self, desk: DeskName) -> Result<(), EngineError> {
        self.with_rules(move |work, shell| {
            let card = work.store.queue_card(&desk)?;
            if card.is_pinned {
                let (due, urgent) = work.store.due_on(&desk, &watched(shell))?;
                let event = QueueEvent {
                    desk: desk.clone(),
                    pinned: true,
                    due,
                    urgent,
                };
                shell.tell_desk_wide(work, DeskEvent::Queue(event))?;
            }
            show_cards(work, shell, &desk)
        })
        .await
    }
}

fn claim_next(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
    by: &AccountName,
) -> Result<Next, StoreError> {
    let head = work.store.head_of_queue(desk, by, LOOKED_AT)?;
    let none = if head.is_empty() {
        Next::Nobody
    } else {
        Next::AllQuiet
    };
    for (id, thread) in head {
        if !may_ring(work, shell, thread, id)? {
            continue;
        }
        if let Claim::Won(row) = calls::claim(work, shell, id, by)? {
            return Ok(Next::Claimed(row));
        }
    }
    Ok(none)
}

/// Whether it is quiet nowhere where the customer may be. What is urgent is for a person to decide.
fn may_ring(
    work: &Work<'_>,
    shell: Shell<'_>,
    thread: i64,
    id: CallbackId,
) -> Result<bool, StoreError> {
    let thread = work.store.thread_of_row(thread)?;
    let Some(thread) = thread.filter(|thread| thread.callback == Some(id)) else {
        return Ok(false);
    };
    let Some(callback) = &thread.state.callback else {
        return Ok(false);
    };
    let policy = shell.rules.policy(&thread.key.channel);
    let customer = &thread.state.customer;
    let terms = shell.rules.terms(policy, &callback.desk, customer);
    Ok(callback.urgent || terms.quiet.ends_after(work.now, &terms.zones).is_none())
}

/// Looks whether a desk's cards are too many, or few enough again, after something happened to a
/// callback.
pub(super) fn follow(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    effects: &[Effect],
) -> Result<(), StoreError> {
    if shell.rules.policy(&thread.key.channel).watch {
        return Ok(());
    }
    let mut desks: Vec<DeskName> = Vec::new();
    for effect in effects {
        let desk = match effect {
            Effect::PromptDesk { desk, .. } => Some(desk.clone()),
            // What leaves the queue as it is costs no look at it.
            Effect::UpdateCard { change, .. } if !change.may_move() => None,
            Effect::UpdateCard { .. } | Effect::CloseCard { .. } => desk_of(work, thread)?,
            Effect::Speak(_) | Effect::TellDesk { .. } => None,
        };
        desks.extend(desk.filter(|desk| !desks.contains(desk)));
    }
    for desk in desks {
        look(work, shell, &desk, News::Place)?;
    }
    Ok(())
}

/// The desk of the thread's newest callback.
fn desk_of(work: &Work<'_>, thread: &StoredThread) -> Result<Option<DeskName>, StoreError> {
    match &thread.state.callback {
        Some(callback) => Ok(Some(callback.desk.clone())),
        None => work.store.desk_of_newest_callback(thread.id),
    }
}

/// Tells the present number of the queue cards that show another. Once a minute is often enough for
/// what is read at a glance.
pub(super) fn refresh(work: &mut Work<'_>, shell: Shell<'_>, _: u32) -> Result<usize, StoreError> {
    for desk in work.store.pinned_queues()? {
        look(work, shell, &desk, News::Number)?;
    }
    Ok(0)
}

/// Tells how a desk's queue stands, whether or not that is new: somebody looks who has not seen it.
pub(super) fn tell(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
) -> Result<(), StoreError> {
    look(work, shell, desk, News::Everything)
}

/// What of a desk's queue is worth telling.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    /// That its card appears or goes.
    Place,
    /// That too, and that it shows another number.
    Number,
    /// How it stands.
    Everything,
}

/// Tells how a desk's queue stands, if that is news.
fn look(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
    news: News,
) -> Result<(), StoreError> {
    let was = work.store.queue_card(desk)?;
    let watched = watched(shell);
    // A desk that the rules no longer name has no card that could show its number.
    let most = shell
        .rules
        .desks
        .get(desk)
        .map_or(u64::MAX, |desk| u64::from(desk.cards_open));
    let goes_above = if was.is_pinned {
        gives_way_at(most)
    } else {
        most
    };
    // This is asked with every callback that opens: it must not count a flood each time.
    let is_pinned = work.store.more_due_than(desk, &watched, goes_above)?;
    if news == News::Place && is_pinned == was.is_pinned {
        return Ok(());
    }
    let (due, urgent) = work.store.due_on(desk, &watched)?;
    let is_news = match news {
        News::Number if is_pinned == was.is_pinned => is_pinned && due != was.told_due,
        News::Place | News::Number | News::Everything => true,
    };
    if is_news {
        let card = QueueCard {
            is_pinned,
            told_due: due,
        };
        work.store.keep_queue_card(desk, card)?;
        let event = QueueEvent {
            desk: desk.clone(),
            pinned: is_pinned,
            due,
            urgent,
        };
        shell.tell_desk_wide(work, DeskEvent::Queue(event))?;
        if was.is_pinned && !is_pinned {
            show_cards(work, shell, desk)?;
        }
    }
    Ok(())
}

/// Has the cards of a desk's open callbacks looked at in chats, where some may be missing. Those of
/// channels under watch have none.
fn show_cards(work: &mut Work<'_>, shell: Shell<'_>, desk: &DeskName) -> Result<(), StoreError> {
    let watched = watched(shell);
    for (callback, thread, channel) in work.store.open_on(desk)? {
        if watched.contains(&channel) {
            continue;
        }
        let event = CardEvent {
            callback,
            silent: true,
        };
        shell.tell_all(work, Some(thread), &OutboxEvent::Card(Box::new(event)))?;
    }
    Ok(())
}

/// Has the cards of what an account has claimed looked at in chats: there is more to show of them now.
pub(super) fn show_claimed(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    account: &AccountName,
) -> Result<(), StoreError> {
    for (callback, thread) in work.store.callbacks_of(account)? {
        let event = CardEvent {
            callback,
            silent: true,
        };
        shell.tell_all(work, Some(thread), &OutboxEvent::Card(Box::new(event)))?;
    }
    Ok(())
}

/// The card goes well below where it came, so that it does not come and go with every callback.
const fn gives_way_at(most: u64) -> u64 {
    most.saturating_mul(2) / 3
}

/// The channels of which nothing is told.
pub(super) fn watched(shell: Shell<'_>) -> Vec<ChannelName> {
    let channels = shell.settings.channels.keys();
    let watched = channels.filter(|channel| shell.rules.policy(channel).watch);
    watched.cloned().collect()
}
