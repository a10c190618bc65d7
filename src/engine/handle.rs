//! How everybody else talks to the engine.

use std::{fmt, sync::Arc, time::Duration};

use tokio::sync::OwnedSemaphorePermit;

use super::{
    Claim, EngineError, Finish, Health, Inner, LoadedRules, Receipt, RulesStatus, SubmitError,
    apply::Shell,
    calls,
    clock::Stopwatch,
    gauges,
    intake::{self, Scanned},
    reload,
    shown::{self, Shown},
    writer::{CallError, Work},
};
use crate::{
    domain::{
        callback::KeepTyping,
        ids::{AccountName, ChannelName},
        message::Message,
        time::Timestamp,
    },
    settings::ChannelKind,
    store::{CallbackId, Reads, StoreError},
};

/// When to try again where too many messages wait. The writer takes thousands a second.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Talks to the engine. Cheap to clone.
#[derive(Clone)]
pub struct Handle(pub(super) Arc<Inner>, Option<Arc<InboundEvent>>);

/// An event from outside that has its effect once, however often it comes.
#[derive(Debug)]
struct InboundEvent {
    source: &'static str,
    event: String,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.0.reads).finish()
    }
}

impl Handle {
    pub(super) const fn new(inner: Arc<Inner>) -> Self {
        Self(inner, None)
    }

    /// The same engine, for what one event from outside asks for: whatever is done through it is done
    /// once, in the transaction that remembers the event; the second time it
    /// [is repeated](EngineError::is_repeated). For one effect only. `source` and `event` name it for good.
    #[must_use]
    pub fn once(&self, source: &'static str, event: String) -> Self {
        Self(
            Arc::clone(&self.0),
            Some(Arc::new(InboundEvent { source, event })),
        )
    }

    /// Takes messages in: commits first, answers after, one receipt per message, in order.
    ///
    /// # Errors
    /// When the batch as a whole could not be taken; nothing of it is kept then.
    pub async fn submit(&self, messages: Vec<Message>) -> Result<Vec<Receipt>, SubmitError> {
        self.submit_shown(messages, Vec::new()).await
    }

    /// The same, with what the network shows of the customer beside each message, in the same order; kept
    /// with the message, so that whoever is told of it knows who wrote.
    ///
    /// # Errors
    /// When the batch as a whole could not be taken; nothing of it is kept then.
    pub async fn submit_shown(
        &self,
        messages: Vec<Message>,
        shown: Vec<Shown>,
    ) -> Result<Vec<Receipt>, SubmitError> {
        self.submit_with(messages, shown, |_| Ok(())).await
    }

    /// The same, with something else that is kept in the same transaction.
    pub(super) async fn submit_with(
        &self,
        messages: Vec<Message>,
        shown: Vec<Shown>,
        keeps: impl FnOnce(&mut Work<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Vec<Receipt>, SubmitError> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        let stopwatch = Stopwatch::start();
        let permit = self.places(messages.len())?;
        let channels: Vec<_> = messages
            .iter()
            .map(|message| message.thread.channel.clone())
            .collect();
        let rules = self.rules();
        let (shown, scanned) = tokio::try_join!(
            shown::masked(Arc::clone(&rules), shown),
            intake::scan(Arc::clone(&rules), messages),
        )?;
        let takes = move |work: &mut Work<'_>, shell: Shell<'_>, scanned: Vec<_>| {
            let receipts = intake::take_in_shown(work, shell, &scanned, &shown)?;
            keeps(work)?;
            Ok(receipts)
        };
        let receipts = self.with_scans(rules, Some(permit), scanned, takes).await?;
        gauges::count(&channels, &receipts, stopwatch.elapsed());
        Ok(receipts)
    }

    /// Has a job done with messages, each with what its text alone tells, which is found before the
    /// writer has to do with them. `permit` is freed when the job is over.
    pub(super) async fn with_scanned<T: Send + 'static>(
        &self,
        permit: Option<OwnedSemaphorePermit>,
        messages: Vec<Message>,
        job: impl FnOnce(&mut Work<'_>, Shell<'_>, Vec<Scanned>) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> Result<T, CallError> {
        let rules = self.rules();
        let scanned = intake::scan(Arc::clone(&rules), messages).await?;
        self.with_scans(rules, permit, scanned, job).await
    }

    /// The same with messages that these rules' reader has scanned.
    async fn with_scans<T: Send + 'static>(
        &self,
        rules: Arc<LoadedRules>,
        permit: Option<OwnedSemaphorePermit>,
        scanned: Vec<Scanned>,
        job: impl FnOnce(&mut Work<'_>, Shell<'_>, Vec<Scanned>) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> Result<T, CallError> {
        let inner = &self.0;
        let shared = Arc::clone(inner);
        let event = self.1.clone();
        inner
            .jobs
            .call(scanned.len(), permit, move |work| {
                first_time(work, event.as_deref())?;
                job(work, shared.shell(&rules), scanned)
            })
            .await
    }

    /// Places for so many messages among those that wait to be written.
    pub(super) fn places(&self, count: usize) -> Result<OwnedSemaphorePermit, SubmitError> {
        let inner = &self.0;
        if inner.stopping.is_cancelled() {
            return Err(SubmitError::Stopping);
        }
        // A batch larger than the queue may still come when nothing else waits.
        let places = u32::try_from(count.min(inner.queue_size)).unwrap_or(u32::MAX);
        Arc::clone(&inner.queue)
            .try_acquire_many_owned(places)
            .map_err(|_| SubmitError::Busy {
                retry_after: BUSY_RETRY_AFTER,
            })
    }

    /// Claims a callback for an agent. Of two at once, one wins.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn claim(&self, id: CallbackId, by: AccountName) -> Result<Claim, EngineError> {
        self.with_rules(move |work, shell| calls::claim(work, shell, id, &by))
            .await
    }

    /// Says that the agent who has a callback is still on it.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn renew(&self, id: CallbackId, by: AccountName) -> Result<Finish, EngineError> {
        self.with_rules(move |work, shell| calls::renew(work, shell, id, &by))
            .await
    }

    /// Gives the claim on a callback up: it is due again. The claimer may, and whoever may take it
    /// out of others' hands (`force`).
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn release(
        &self,
        id: CallbackId,
        by: AccountName,
        force: bool,
    ) -> Result<Finish, EngineError> {
        self.with_rules(move |work, shell| calls::release(work, shell, id, &by, force))
            .await
    }

    /// Promises to ring at a time; takes an unclaimed callback. One in the past is due at once.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn schedule(
        &self,
        id: CallbackId,
        by: AccountName,
        at: Timestamp,
    ) -> Result<Finish, EngineError> {
        self.with_rules(move |work, shell| calls::schedule(work, shell, id, &by, at))
            .await
    }

    /// Goes on in text instead of ringing; takes an unclaimed callback.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn keep_typing(
        &self,
        id: CallbackId,
        by: AccountName,
        why: KeepTyping,
    ) -> Result<Finish, EngineError> {
        self.with_rules(move |work, shell| calls::keep_typing(work, shell, id, &by, why))
            .await
    }

    /// Loads the rules file again, as on SIGHUP, and says how the rules stand then.
    pub async fn reload(&self) -> RulesStatus {
        reload::reload(&self.0).await;
        self.rules_status()
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> Arc<LoadedRules> {
        self.0.rules.current()
    }

    /// How the rules stand.
    #[must_use]
    pub fn rules_status(&self) -> RulesStatus {
        self.0.rules.status()
    }

    /// The channel of a kind of which there is one at most.
    #[must_use]
    pub fn channel_of(&self, kind: ChannelKind) -> Option<&ChannelName> {
        self.0.settings.channel_of(kind)
    }

    /// Read-only queries.
    #[must_use]
    pub fn store(&self) -> &Reads {
        &self.0.reads
    }

    /// How the engine is, for `/readyz`.
    #[must_use]
    pub fn health(&self) -> Health {
        Health {
            writer_alive: self.0.jobs.is_alive(),
            last_commit_ok: *self.0.jobs.commits().borrow(),
            is_damaged: self.0.reads.damage().is_found(),
        }
    }

    /// Sets the gauges from the database; to be called at a scrape.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh_gauges(&self) -> Result<(), StoreError> {
        let inner = &self.0;
        let counts = inner.reads.counts().await?;
        let names: Vec<&str> = inner.destinations.iter().map(|to| to.name()).collect();
        let reload_failed = self.rules_status().last_error.is_some();
        gauges::set(&counts, &names, inner.clock.now(), reload_failed);
        Ok(())
    }

    /// Has a job done that decides something.
    pub(super) async fn with_rules<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Work<'_>, Shell<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let inner = &self.0;
        if inner.stopping.is_cancelled() {
            return Err(EngineError::Stopping);
        }
        let shared = Arc::clone(inner);
        let event = self.1.clone();
        let result = inner
            .jobs
            .call(1, None, move |work| {
                first_time(work, event.as_deref())?;
                let rules = shared.rules.current();
                job(work, shared.shell(&rules))
            })
            .await?;
        Ok(result)
    }
}

/// Remembers the event that something is done for; fails if it came before.
fn first_time(work: &Work<'_>, event: Option<&InboundEvent>) -> Result<(), StoreError> {
    match event {
        Some(InboundEvent { source, event })
            if !work.store.first_time(source, event, work.now)? =>
        {
            Err(StoreError::Repeated)
        }
        _ => Ok(()),
    }
}

impl From<CallError> for SubmitError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopping => Self::Stopping,
            CallError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<CallError> for EngineError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopping => Self::Stopping,
            CallError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<EngineError> for SubmitError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Stopping => Self::Stopping,
            EngineError::Storage(error) => Self::Storage(error),
        }
    }
}
