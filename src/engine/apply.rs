//! One event on one thread, inside a transaction: decide, save what changed, put what must be told
//! in the outbox, carry it on to the customer's other threads.

mod callback;

use std::sync::Arc;

pub(super) use callback::ASK_FOR_NUMBER;
use callback::{notices_over, save_callback, sayings_over};

use super::{
    LoadedRules, incidents,
    outbound::{
        CallbackChange, CallbackEvent, Destination, NoticeEvent, NoticesOverEvent, OutboxEvent,
    },
    queues, speak,
    summary::summary,
    writer::Work,
};
use crate::{
    domain::{
        callback::{Callback, CallbackEnd, IncidentId},
        decision::{Decision, Effect, Event, FollowUp, Notice, Utterance, Verdict},
        ids::{AccountName, ChannelName, DeskName, Topic},
        message::Party,
        thread::{CaseStatus, State},
        time::{Length, after},
    },
    rules::{Rules, decide::decide},
    settings::Settings,
    store::{
        CallbackId, StoreError,
        sqlite::{notices::Alone, outbox::NewEffect, threads::StoredThread},
    },
};

/// A thread that asks to be woken now, again, although it was just woken, waits this long.
const SPURIOUS_WAIT: Length = Length::minutes(1);

/// What events are applied with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell<'a> {
    /// The rules.
    pub(super) rules: &'a Rules,
    /// The same with the reader that was built from them.
    pub(super) loaded: &'a LoadedRules,
    /// Who is told what happens.
    pub(super) destinations: &'a [Arc<dyn Destination>],
    /// Which channels' messages Ringback carries itself.
    pub(super) settings: &'a Settings,
}

impl Shell<'_> {
    /// Applies an event that is not a message: a claim, a tick.
    pub(super) fn apply(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        event: &Event<'_>,
    ) -> Result<(), StoreError> {
        let decided = self.decide(work, thread, event)?;
        self.carry_out(work, thread, &decided)
    }

    /// Applies `Tick`. A thread that still is due afterwards is asked again later, not at once.
    pub(super) fn tick(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
    ) -> Result<(), StoreError> {
        let channel = thread.key.channel.clone();
        let tick = Event::Tick {
            channel,
            owner_on_shift: super::shifts::owner_is_on(work, self, thread)?,
        };
        self.apply(work, thread, &tick)?;
        if thread.wake_at.is_some_and(|due| due <= work.now) {
            let later = after(work.now, SPURIOUS_WAIT);
            work.store.set_timer(thread.id, Some(later))?;
        }
        Ok(())
    }

    /// Decides and saves, in the customer's other threads too; the thread is then as saved. What
    /// must be told is not told yet.
    pub(super) fn decide(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        event: &Event<'_>,
    ) -> Result<Decided, StoreError> {
        let Decision {
            state,
            verdict,
            effects,
            follow_ups,
        } = decide(self.rules, &thread.state, event, work.now);
        let callback_before = thread.callback.zip(thread.state.callback.clone());
        save(work, thread, state, &effects)?;
        work.wake.threads.push(thread.key.clone());
        let mut decided = Decided {
            callback_before,
            topic: match event {
                Event::MessageReceived { reading, .. } | Event::Corrected { reading, .. } => {
                    reading.topic.clone()
                }
                _ => None,
            },
            verdict,
            effects,
            elsewhere: Vec::new(),
        };
        if let Some(incident) = incidents::holds(work, self, thread, &decided.effects)? {
            self.hold_back(work, thread, incident, &mut decided)?;
        }
        for FollowUp::TextAlwaysWished in follow_ups {
            decided.elsewhere.extend(self.hold_elsewhere(work, thread)?);
        }
        if let Some(verdict) = &mut decided.verdict {
            let elsewhere = decided.elsewhere.iter();
            verdict.note_elsewhere(elsewhere.flat_map(|(_, there)| &there.effects));
        }
        Ok(decided)
    }

    /// Has an incident hold a callback back that has just opened: nobody is prompted, and its customer
    /// hears how the disturbance stands instead.
    fn hold_back(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        incident: IncidentId,
        decided: &mut Decided,
    ) -> Result<(), StoreError> {
        if let Some(event) = incidents::parked(thread, incident) {
            let held = self.decide(work, thread, &event)?;
            let callback = thread.state.callback.as_ref();
            if callback.is_none_or(|callback| callback.incident != Some(incident)) {
                // It is not one to hold back: its prompt stands.
                return Ok(());
            }
            let effects = &mut decided.effects;
            effects.retain(|effect| !incidents::is_of_the_prompt(effect));
            effects.extend(held.effects);
        }
        Ok(())
    }

    /// Lets the customer's other threads know that they never want to be phoned. Only an open
    /// callback can be touched by it; the wish itself lives with the customer.
    fn hold_elsewhere(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
    ) -> Result<Vec<(StoredThread, Decided)>, StoreError> {
        let others = work
            .store
            .other_threads_with_callback(thread.customer, thread.id)?;
        let mut elsewhere = Vec::new();
        for other in others {
            if let Some(mut other) = work.store.thread_of_row(other)? {
                let channel = other.key.channel.clone();
                let decided =
                    self.decide(work, &mut other, &Event::TextAlwaysWished { channel })?;
                elsewhere.push((other, decided));
            }
        }
        Ok(elsewhere)
    }

    /// Tells what must be told of a decision, here and in the customer's other threads: desks and
    /// programs first, then the customer.
    pub(super) fn carry_out(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        for effect in &decided.effects {
            if let Effect::TellDesk { notice, desk } = effect {
                self.keep_notice(work, thread, desk, notice)?;
            }
            if let Some(event) = self.told(work.now, thread, decided, effect) {
                self.tell(work, thread, &event)?;
            }
        }
        queues::follow(work, self, thread, &decided.effects)?;
        speak::as_decided(work, self, thread, decided)?;
        for (other, decided) in &decided.elsewhere {
            self.carry_out(work, other, decided)?;
        }
        Ok(())
    }

    /// Tells a desk something that no decision says.
    pub(super) fn tell_desk(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
        desk: &DeskName,
        notice: &Notice,
    ) -> Result<(), StoreError> {
        self.keep_notice(work, thread, desk, notice)?;
        let event = OutboxEvent::Notice(Box::new(notice_event(thread, desk, notice)));
        self.tell(work, thread, &event)
    }

    /// The same of what stands on its callback's card too, which is told in this transaction.
    pub(super) fn tell_desk_on_card(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
        desk: &DeskName,
        notice: &Notice,
    ) -> Result<(), StoreError> {
        self.keep_notice(work, thread, desk, notice)?;
        let event = OutboxEvent::Notice(Box::new(NoticeEvent {
            on_card: true,
            ..notice_event(thread, desk, notice)
        }));
        self.tell(work, thread, &event)
    }

    /// Keeps what a desk is told, for its pages; nothing on a channel that is only watched.
    fn keep_notice(
        self,
        work: &Work<'_>,
        thread: &StoredThread,
        desk: &DeskName,
        notice: &Notice,
    ) -> Result<(), StoreError> {
        if self.rules.policy(&thread.key.channel).watch {
            return Ok(());
        }
        let case = case_number(thread);
        let alone = self.addressee(work, thread, desk, notice)?;
        work.store
            .keep_notice(thread.id, case, desk, notice, alone.as_ref(), work.now)
    }

    /// Who is told first and alone, if an account of their name works the desk; else everybody is.
    ///
    /// Whoever asked a customer for identity data: supervisors hear of it once that one had time to
    /// mend it. Whoever is on call, of what is urgent: supervisors hear of it if they do not take it
    /// in time. Whoever is silent on a claim: everybody hears of it once it is taken back.
    fn addressee(
        self,
        work: &Work<'_>,
        thread: &StoredThread,
        desk: &DeskName,
        notice: &Notice,
    ) -> Result<Option<Alone>, StoreError> {
        let within = |length| Some(after(work.now, length));
        let (account, until) = match notice {
            Notice::AskedForIdentity { message } => {
                let author = work.store.author_of(thread.id, message)?;
                let name = author.map(|author| author.reveal().to_ascii_lowercase());
                let name = name.and_then(|name| AccountName::parse(&name).ok());
                (name, within(self.rules.identity.hold_for))
            }
            Notice::ClaimSilent { by } => (Some(by.clone()), None),
            Notice::UrgentOnCall => {
                let desk = self.rules.desks.get(desk);
                let policy = self.rules.policy(&thread.key.channel);
                let on_call = desk.and_then(|desk| desk.on_call.clone());
                (on_call, within(policy.claim_within))
            }
            _ => return Ok(None),
        };
        let Some(account) = account else {
            return Ok(None);
        };
        let found = work.store.accounts().find(&account)?;
        let desk = self.rules.desks.get(desk);
        let works = found.is_some_and(|found| {
            found.disabled_at.is_none()
                && desk.is_none_or(|desk| desk.is_worked_by(&account, found.role))
        });
        Ok(works.then_some(Alone { account, until }))
    }

    /// Puts an event in the outbox of every destination that wants it; nothing on a channel that
    /// is only watched.
    pub(super) fn tell(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
        event: &OutboxEvent,
    ) -> Result<(), StoreError> {
        self.tell_of(work, thread.id, &thread.key.channel, event)
    }

    /// The same of a thread that was not loaded, by its row.
    pub(super) fn tell_of(
        self,
        work: &mut Work<'_>,
        thread: i64,
        channel: &ChannelName,
        event: &OutboxEvent,
    ) -> Result<(), StoreError> {
        if self.rules.policy(channel).watch {
            return Ok(());
        }
        self.tell_all(work, Some(thread), event)
    }

    /// Tells chats if notices of a thread have just ended, in this transaction.
    pub(super) fn tell_over(
        self,
        work: &mut Work<'_>,
        thread: &StoredThread,
    ) -> Result<(), StoreError> {
        if !work.store.notices_ended(thread.id, work.now)? {
            return Ok(());
        }
        let over = OutboxEvent::NoticesOver(Box::new(NoticesOverEvent {
            channel: thread.key.channel.clone(),
            thread: thread.key.thread.clone(),
        }));
        self.tell(work, thread, &over)
    }

    /// Puts an event in the outbox of every destination that wants it, in the order of a thread or
    /// in none.
    pub(super) fn tell_all(
        self,
        work: &mut Work<'_>,
        thread: Option<i64>,
        event: &OutboxEvent,
    ) -> Result<(), StoreError> {
        for (place, destination) in self.destinations.iter().enumerate() {
            if !destination.wants(event) {
                continue;
            }
            let payload = if destination.wants_text() {
                payload(event)?
            } else {
                let mut event = event.clone();
                if let Some((_, text)) = event.text_mut() {
                    *text = None;
                }
                payload(&event)?
            };
            let effect = NewEffect {
                key: &new_key(),
                destination: destination.name(),
                thread,
                payload: &payload,
            };
            work.store.queue(&effect, work.now)?;
            if !work.wake.destinations.contains(&place) {
                work.wake.destinations.push(place);
            }
        }
        Ok(())
    }
}

/// A decision that is saved but not told yet.
#[derive(Debug)]
pub(super) struct Decided {
    /// The open callback that the decision may have ended.
    pub(super) callback_before: Option<(CallbackId, Callback)>,
    /// What the message is about that led to it.
    pub(super) topic: Option<Topic>,
    /// What was decided of a message.
    pub(super) verdict: Option<Verdict>,
    effects: Vec<Effect>,
    /// What it led to in the customer's other threads.
    elsewhere: Vec<(StoredThread, Decided)>,
}

impl Decided {
    /// Whether the callback that was open before is over.
    pub(super) fn ended_callback(&self, thread: &StoredThread) -> bool {
        let before = self.callback_before.as_ref();
        before.is_some_and(|(id, _)| thread.callback != Some(*id))
    }

    /// How a callback of the thread ended by it, if one did.
    pub(super) fn end(&self) -> Option<&CallbackEnd> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::CloseCard { end, .. } => Some(end),
            _ => None,
        })
    }

    /// Whether a callback's card is told because of it.
    pub(super) fn tells_card(&self) -> bool {
        let is_of_card = |effect: &Effect| {
            matches!(
                effect,
                Effect::PromptDesk { .. } | Effect::UpdateCard { .. }
            )
        };
        self.effects.iter().any(is_of_card)
    }

    /// What is to be said to the customer, in order.
    pub(super) fn utterances(&self) -> impl Iterator<Item = Utterance> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Speak(utterance) => Some(*utterance),
            _ => None,
        })
    }
}

/// Saves everything in which `state` differs from the thread as loaded.
fn save(
    work: &mut Work<'_>,
    thread: &mut StoredThread,
    state: State,
    effects: &[Effect],
) -> Result<(), StoreError> {
    if state == thread.state {
        return Ok(());
    }
    let store = &mut *work.store;
    let old = std::mem::replace(&mut thread.state, state);
    let new = &thread.state;
    store.save_thread(thread.id, &new.thread, summary(new), work.now)?;
    if old.customer != new.customer {
        store.save_wishes(thread, &old.customer)?;
        let new = &thread.state;
        if old.customer.text_always.is_none() && new.customer.text_always.is_some() {
            store.withdraw_consents(thread.customer, work.now)?;
        }
    }
    let new = &thread.state;
    if let Some(case) = &new.thread.case
        && old.thread.case.as_ref() != Some(case)
    {
        let left = old
            .thread
            .case
            .as_ref()
            .filter(|left| left.number != case.number && left.status == CaseStatus::Open);
        if let Some(left) = left {
            store.lapse_case(thread.id, left.number)?;
        }
        store.save_case(thread.id, case)?;
    }
    if ends_reminders(&old, new) {
        store.end_reminders(thread.id, work.now)?;
    }
    let over = notices_over(old.callback.as_ref(), new.callback.as_ref());
    if !over.is_empty() {
        store.end_notices(thread.id, &over, work.now)?;
    }
    let over = sayings_over(&old, new);
    if !over.is_empty() {
        store.end_sayings(thread.id, &over, work.now)?;
    }
    thread.callback = save_callback(work, thread, old.callback.as_ref(), effects)?;
    let wake_at = thread.state.wake_at();
    if wake_at != thread.wake_at {
        work.store.set_timer(thread.id, wake_at)?;
        work.wake.timers = true;
        thread.wake_at = wake_at;
    }
    Ok(())
}

/// Whether what the desk was reminded of is over: we have answered, the case is resolved, or a
/// callback opened, which has reminders of its own, or the author is no customer.
fn ends_reminders(old: &State, new: &State) -> bool {
    let answered = new.thread.ours_at > old.thread.ours_at
        && new
            .thread
            .exchanges
            .last()
            .is_some_and(|last| last.party == Party::Agent);
    let resolved = |state: &State| {
        let case = state.thread.case.as_ref();
        case.filter(|case| case.status != CaseStatus::Open)
            .map(|case| case.number)
    };
    let callback = |state: &State| state.callback.as_ref().map(|callback| callback.number);
    let changed = |of: &dyn Fn(&State) -> Option<u32>| of(new).is_some() && of(new) != of(old);
    let muted = new.customer.muted_until.is_some() && old.customer.muted_until.is_none();
    answered || muted || changed(&resolved) || changed(&callback)
}

fn notice_event(thread: &StoredThread, desk: &DeskName, notice: &Notice) -> NoticeEvent {
    NoticeEvent {
        channel: thread.key.channel.clone(),
        thread: thread.key.thread.clone(),
        case: case_number(thread),
        desk: desk.clone(),
        notice: notice.clone(),
        on_card: false,
    }
}

/// The newest case; 0 before any.
pub(super) fn case_number(thread: &StoredThread) -> u32 {
    let case = thread.state.thread.case.as_ref();
    case.map_or(0, |case| case.number)
}

/// An idempotency key for a new effect.
pub(super) fn new_key() -> String {
    format!("msg_{:032x}", rand::random::<u128>())
}

pub(super) fn payload(event: &OutboxEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|_| StoreError::Corrupt("outbox.payload"))
}
