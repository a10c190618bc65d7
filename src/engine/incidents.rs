//! Incidents: many callbacks by the count, of one topic on one desk, are one thing to see to. A
//! supervisor may have further ones held back, each customer hearing once how it stands, until it is
//! over. Who asks for a call or writes an urgent word is never held back: `callbacks` sees to that.

use super::{
    EngineError, Handle,
    apply::Shell,
    calls,
    desk_events::{DeskEvent, IncidentChange, IncidentEvent},
    writer::{Work, alone},
};
use crate::{
    domain::{
        callback::{CallbackEvent, IncidentId},
        decision::{Effect, Event, RuleName, Utterance},
        ids::{AccountName, DeskName, Topic},
        reading::Language,
        time::{Length, Timestamp, after},
    },
    store::{
        CallbackId, StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            shift::{IncidentRow, StatusText, Tally},
        },
        sqlite::threads::StoredThread,
    },
};

/// Supervisors are reminded of an incident that nobody ends after so long, in the desk's hours.
const REMINDED_EVERY: Length = Length::hours(1);
/// It is told when somebody has been held back for so long, and again after as long.
const LONG: Length = Length::hours(24);
/// So many callbacks are held back or released in one transaction, so that messages need not wait.
const AT_ONCE: u32 = 50;

/// What came of holding an incident's callbacks back, or of ending it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentAnswer {
    /// It is as wished.
    Done,
    /// It was over before.
    Over,
    /// There is none of that number.
    Unknown,
}

impl Handle {
    /// Holds back what the count opens for an incident's topic from now on; with `older` also what it
    /// has opened since it began and nobody has claimed. Each customer hears `texts` once, in their
    /// language. Again, to change the texts.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn hold_incident(
        &self,
        id: IncidentId,
        by: AccountName,
        texts: Vec<StatusText>,
        older: bool,
    ) -> Result<IncidentAnswer, EngineError> {
        let held = self
            .with_rules(move |work, shell| hold(work, shell, id, &by, &texts, older))
            .await?;
        if older {
            self.sweep_now(hold_older).await?;
        }
        Ok(held)
    }

    /// Ends an incident: all that it holds back is released, in the order it came.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn end_incident(
        &self,
        id: IncidentId,
        by: AccountName,
    ) -> Result<IncidentAnswer, EngineError> {
        let ended = self
            .with_rules(move |work, shell| end(work, shell, id, &by))
            .await?;
        self.sweep_now(release).await?;
        Ok(ended)
    }

    /// Does at once what a sweep would do within a minute, in as many transactions as it takes.
    async fn sweep_now(
        &self,
        sweep: fn(&mut Work<'_>, Shell<'_>, u32) -> Result<usize, StoreError>,
    ) -> Result<(), EngineError> {
        while self
            .with_rules(move |work, shell| sweep(work, shell, AT_ONCE))
            .await?
            > 0
        {}
        Ok(())
    }
}

/// How the incident that holds a thread's callback back stands, in exactly that language and in a
/// supervisor's words.
pub(super) fn status_for(
    work: &Work<'_>,
    thread: &StoredThread,
    language: Language,
) -> Result<Option<String>, StoreError> {
    let callback = thread.state.callback.as_ref();
    match callback.and_then(|callback| callback.incident) {
        Some(incident) => work.store.incident_status(incident, language),
        None => Ok(None),
    }
}

/// A callback has opened in the thread: counts it, and says which incident is to hold it back.
pub(super) fn holds(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    effects: &[Effect],
) -> Result<Option<IncidentId>, StoreError> {
    let opens = |effect: &Effect| matches!(effect, Effect::PromptDesk { .. });
    let Some(callback) = thread.state.callback.as_ref() else {
        return Ok(None);
    };
    let Some(topic) = callback.topic.clone() else {
        return Ok(None);
    };
    let counts = callback.rule == RuleName::RuleOfThree && effects.iter().any(opens);
    if !counts || shell.rules.policy(&thread.key.channel).watch {
        return Ok(None);
    }
    let desk = callback.desk.clone();
    match work.store.open_incident(&desk, &topic)? {
        Some((incident, true)) => Ok(Some(incident)),
        Some((_, false)) => Ok(None),
        None => {
            begin_if_many(work, shell, &desk, &topic)?;
            Ok(None)
        }
    }
}

/// What a callback is told that is held back from its first moment on.
pub(super) fn parked(thread: &StoredThread, incident: IncidentId) -> Option<Event<'static>> {
    let callback = thread.state.callback.as_ref()?;
    Some(Event::Callback {
        channel: thread.key.channel.clone(),
        callback: callback.number,
        event: CallbackEvent::Parked { incident },
    })
}

/// Whether an effect of opening a callback is pointless once it is held back: nobody is to ring yet.
pub(super) const fn is_of_the_prompt(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::PromptDesk { .. } | Effect::Speak(Utterance::DetailsAsked | Utterance::CallWaits)
    )
}

fn begin_if_many(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
    topic: &Topic,
) -> Result<(), StoreError> {
    let Some((calls, within)) = shell.rules.desks.get(desk).map(|desk| desk.incident) else {
        return Ok(());
    };
    let since = work.now.saturating_sub(within.as_signed());
    let since = since.unwrap_or(Timestamp::MIN);
    let (counted, since) = work.store.counted_since(desk, topic, since, calls)?;
    if counted < calls {
        return Ok(());
    }
    let id = work.store.begin_incident(desk, topic, since, work.now)?;
    tell(work, shell, id, IncidentChange::Opened)
}

fn hold(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: IncidentId,
    by: &AccountName,
    texts: &[StatusText],
    older: bool,
) -> Result<IncidentAnswer, StoreError> {
    let incident = match open(work, id)? {
        Ok(incident) => incident,
        Err(answer) => return Ok(answer),
    };
    for StatusText { language, text } in texts {
        work.store.keep_status(id, *language, text.reveal())?;
    }
    work.store.hold_incident(id, by, older, work.now)?;
    let entry = AuditEntry::new(by.clone(), Verb::HeldIncident);
    work.store.record(&entry, work.now)?;
    if incident.held.is_none() {
        tell(work, shell, id, IncidentChange::Held)?;
    }
    work.wake.desks = true;
    Ok(IncidentAnswer::Done)
}

fn end(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: IncidentId,
    by: &AccountName,
) -> Result<IncidentAnswer, StoreError> {
    if let Err(answer) = open(work, id)? {
        return Ok(answer);
    }
    work.store.end_incident(id, by, work.now)?;
    let entry = AuditEntry::new(by.clone(), Verb::EndedIncident);
    work.store.record(&entry, work.now)?;
    tell(work, shell, id, IncidentChange::Ended)?;
    Ok(IncidentAnswer::Done)
}

/// An incident that is not over, or what to answer instead.
fn open(
    work: &Work<'_>,
    id: IncidentId,
) -> Result<Result<IncidentRow, IncidentAnswer>, StoreError> {
    Ok(match work.store.incident(id)? {
        None => Err(IncidentAnswer::Unknown),
        Some(incident) if incident.ended.is_some() => Err(IncidentAnswer::Over),
        Some(incident) => Ok(incident),
    })
}

/// Holds back what incidents are to hold back of what came before they did. Says how many it were.
pub(super) fn hold_older(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let Some(older) = work.store.older_to_hold(most.min(AT_ONCE))? else {
        return Ok(0);
    };
    let incident = older.incident;
    let mut held = 0;
    for (id, thread) in &older.callbacks {
        let event = CallbackEvent::Parked { incident };
        held += usize::from(moved(work, shell, *id, *thread, &event)?);
    }
    // Where none could be moved, none ever will.
    if held == 0 {
        work.store.older_are_held(incident)?;
    }
    Ok(counted(older.callbacks.len(), most))
}

/// What a sweep says of so many, in steps shorter than it asked for: there may be more.
fn counted(done: usize, most: u32) -> usize {
    let as_count = |number| usize::try_from(number).unwrap_or(usize::MAX);
    if done < as_count(AT_ONCE.min(most)) {
        done
    } else {
        as_count(most)
    }
}

/// Releases what incidents that are over still hold back. Says how many it were.
pub(super) fn release(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let held = work.store.still_held(most.min(AT_ONCE))?;
    for (id, thread) in &held {
        if !moved(work, shell, *id, *thread, &CallbackEvent::Unparked)? {
            // Better in the queue as it is than nowhere.
            work.store.let_go(*id)?;
        }
    }
    Ok(counted(held.len(), most))
}

/// Whether an event changed a callback. One whose thread cannot be read stays as it is.
fn moved(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: CallbackId,
    thread: i64,
    event: &CallbackEvent,
) -> Result<bool, StoreError> {
    let applied = alone(work, |work| {
        let thread = work.store.thread_of_row(thread)?;
        let Some(mut thread) = thread.filter(|thread| thread.callback == Some(id)) else {
            return Ok(false);
        };
        let Some((callback, _)) = calls::open_one(&thread, id) else {
            return Ok(false);
        };
        let before = thread.state.callback.clone();
        let event = Event::Callback {
            channel: thread.key.channel.clone(),
            callback,
            event: event.clone(),
        };
        shell.apply(work, &mut thread, &event)?;
        Ok(thread.state.callback != before)
    });
    match applied {
        Err(error) if error.loses_transaction() => Err(error),
        Err(error) => {
            tracing::error!(row = thread, %error, "a thread of an incident cannot be read");
            Ok(false)
        }
        moved => moved,
    }
}

/// Reminds supervisors of incidents that nobody ends, and tells the tallies that have changed.
pub(super) fn remind(work: &mut Work<'_>, shell: Shell<'_>, _: u32) -> Result<usize, StoreError> {
    for incident in work.store.open_incidents()? {
        let hours = shell
            .rules
            .desks
            .get(&incident.desk)
            .map(|desk| &desk.hours);
        let due = hours.map_or_else(
            || after(incident.reminded_at, REMINDED_EVERY),
            |hours| hours.worked(incident.reminded_at, REMINDED_EVERY),
        );
        if due <= work.now {
            work.store.incident_reminded(incident.id, work.now)?;
            tell(work, shell, incident.id, IncidentChange::Reminded)?;
        }
        let long = after(last_told_long(work, &incident)?, LONG);
        if incident.tally.held > 0 && long <= work.now {
            work.store.incident_told_long(incident.id, work.now)?;
            tell(work, shell, incident.id, IncidentChange::HeldForLong)?;
        }
        // What was told above has told the tally too.
        let told = work.store.incident(incident.id)?;
        if told.is_some_and(|now| now.tally != now.told) {
            tell(work, shell, incident.id, IncidentChange::Counted)?;
        }
    }
    Ok(0)
}

/// When it was last told how long they wait; before that, since when the first one does.
fn last_told_long(work: &Work<'_>, incident: &IncidentRow) -> Result<Timestamp, StoreError> {
    let since = match incident.told_long_at {
        Some(told) => Some(told),
        None => work.store.held_since(incident.id)?,
    };
    Ok(since.unwrap_or(work.now))
}

fn tell(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: IncidentId,
    change: IncidentChange,
) -> Result<(), StoreError> {
    let Some(incident) = work.store.incident(id)? else {
        return Ok(());
    };
    let Tally { came, held } = incident.tally;
    work.store.keep_told_tally(id, incident.tally)?;
    let event = IncidentEvent {
        id,
        desk: incident.desk,
        topic: incident.topic,
        change,
        came,
        held,
    };
    shell.tell_desk_wide(work, DeskEvent::Incident(event))
}
