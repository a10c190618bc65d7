//! What is so at the moment when something is to be said, and what a text may name of it.

use crate::{
    domain::{
        callback::{Callback, CallbackStatus},
        decision::Utterance,
        hours::Zone,
        ids::DeskName,
        reading::Language,
        thread::State,
        time::Timestamp,
    },
    engine::{apply::Shell, incidents, line, writer::Work},
    rules::messages::{Variables, when::when_in_words},
    store::{StoreError, rows::said::CallSecrets, sqlite::threads::StoredThread},
};

/// The desk that sees to what is said: the callback's, else the channel's.
pub(super) fn desk_of<'a>(shell: Shell<'a>, thread: &'a StoredThread) -> &'a DeskName {
    let callback = thread.state.callback.as_ref();
    callback.map_or_else(
        || &shell.rules.policy(&thread.key.channel).desk,
        |callback| &callback.desk,
    )
}

/// Whether something still is as it is about to be said: one event may undo what another one has
/// just decided.
pub(super) fn is_so(
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
    now: Timestamp,
) -> bool {
    let State {
        callback, customer, ..
    } = &thread.state;
    let is = |so: &dyn Fn(&Callback) -> bool| callback.as_ref().is_some_and(so);
    match utterance {
        Utterance::DataHidden
        | Utterance::IdentityNeeded
        | Utterance::FormSubmitted
        | Utterance::IdentityVerified => true,
        Utterance::DetailsAsked => callback.is_some() && !customer.number_known,
        Utterance::CallComing | Utterance::VideoOffered => {
            is(&|callback| matches!(callback.status, CallbackStatus::Claimed { .. }))
        }
        Utterance::CallWaits => {
            is(&|callback| callback.status == CallbackStatus::Due)
                && earliest(shell, thread, now).is_some()
        }
        Utterance::CallLate | Utterance::WrongNumber => {
            is(&|callback| callback.status == CallbackStatus::Due)
        }
        Utterance::CallScheduled => {
            is(&|callback| matches!(callback.status, CallbackStatus::Scheduled { .. }))
        }
        Utterance::NoAnswer => {
            is(&|callback| matches!(callback.status, CallbackStatus::NoAnswer { .. }))
        }
        Utterance::IncidentStatus => is(&|callback| callback.incident.is_some()),
        Utterance::CallExhausted | Utterance::SatisfactionAsked => callback.is_none(),
    }
}

/// When the customer of an open callback can be rung first, if that is not now.
fn earliest(shell: Shell<'_>, thread: &StoredThread, now: Timestamp) -> Option<Timestamp> {
    let policy = shell.rules.policy(&thread.key.channel);
    let desk = desk_of(shell, thread);
    let terms = shell.rules.terms(policy, desk, &thread.state.customer);
    Some(terms.window(now)).filter(|at| *at > now)
}

/// What a text may name, as it is now.
#[derive(Debug, Default)]
pub(super) struct Known {
    brand: String,
    number_end: Option<String>,
    secrets: CallSecrets,
    when: Option<String>,
    status: Option<String>,
}

impl Known {
    /// What is known for a text in that language.
    pub(super) fn of(
        work: &Work<'_>,
        shell: Shell<'_>,
        thread: &StoredThread,
        utterance: Utterance,
        language: Language,
    ) -> Result<Self, StoreError> {
        let brand = line::brand(shell.rules, desk_of(shell, thread)).to_owned();
        if !utterance.is_about_call() {
            return Ok(Self {
                brand,
                ..Self::default()
            });
        }
        let secrets = match thread.callback {
            Some(id) => work.store.call_secrets(id)?,
            None => CallSecrets::default(),
        };
        let number = work.store.number_of(thread.customer)?;
        let status = match utterance {
            Utterance::IncidentStatus => incidents::status_for(work, thread, language)?,
            _ => None,
        };
        let at = when(shell, thread, utterance, work.now);
        let zone = zone_of(shell, thread);
        Ok(Self {
            brand,
            number_end: number.map(|number| number.ending().to_owned()),
            secrets,
            when: at.and_then(|at| when_in_words(at, work.now, &zone, language)),
            status,
        })
    }

    /// As a text names it.
    pub(super) fn variables(&self, form: bool) -> Variables<'_> {
        let CallSecrets { words, video } = &self.secrets;
        Variables {
            brand: &self.brand,
            form,
            number_end: self.number_end.as_deref(),
            words: words.as_ref().map(|words| words.reveal().as_str()),
            when: self.when.as_deref(),
            video: video.as_ref().map(|video| video.reveal().as_str()),
            status: self.status.as_deref(),
        }
    }
}

/// The time that something is about.
fn when(
    shell: Shell<'_>,
    thread: &StoredThread,
    utterance: Utterance,
    now: Timestamp,
) -> Option<Timestamp> {
    match utterance {
        Utterance::CallScheduled | Utterance::NoAnswer => {
            let callback = thread.state.callback.as_ref();
            callback.and_then(Callback::promised_for)
        }
        Utterance::CallWaits | Utterance::DetailsAsked => earliest(shell, thread, now),
        _ => None,
    }
}

/// Whose clock times are told by: the customer's, if there is no doubt about it, else the desk's.
fn zone_of(shell: Shell<'_>, thread: &StoredThread) -> Zone {
    match thread.state.customer.whereabouts.zones.as_slice() {
        [one] => one.clone(),
        _ => {
            let desk = shell.rules.desks.get(desk_of(shell, thread));
            desk.map_or_else(
                || Zone::of(&jiff::tz::TimeZone::UTC),
                |desk| Zone::of(&desk.hours.zone),
            )
        }
    }
}
