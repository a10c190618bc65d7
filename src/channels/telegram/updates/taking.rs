//! Has updates taken in their order. One that cannot be taken is left out, after it was tried as long as
//! it makes sense: it must not hold up the others for ever.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    sync::Arc,
    time::Duration,
};

use metrics::counter;
use serde::Deserialize;
use teloxide::types::{Me, Update, UpdateKind};
use tokio::{task::JoinSet, time::timeout};

use super::{
    super::{
        customers,
        route::{Whose, whose},
        wire,
    },
    Parts,
};
use crate::engine::SubmitError;

/// So often an update is tried that fails while all else works.
const TRIES: u32 = 8;
/// How long taking may last; what agents do asks several things of Telegram.
const TAKEN_WITHIN: Duration = Duration::from_secs(120);
/// So many updates are remembered as taken, until Telegram no longer brings them.
const REMEMBERED: usize = 4096;

/// What came of Telegram.
pub(super) struct Arrived {
    /// Its number, if it has one.
    pub(super) id: Option<u32>,
    /// What it says, if that can be read.
    update: Option<Box<Update>>,
}

/// Of an update that cannot be read, what can be.
#[derive(Deserialize)]
struct Number {
    update_id: u32,
}

/// Not all was taken: all of it is to be brought again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// After so long.
    For(Duration),
    /// After a while.
    Failed,
}

/// Has updates taken.
pub(super) struct Taker {
    parts: Arc<Parts>,
    me: Arc<Me>,
    taken: Taken,
    /// How often an update failed.
    failed: HashMap<u32, u32>,
}

/// What was taken of late.
#[derive(Debug, Default)]
struct Taken {
    all: HashSet<u32>,
    oldest_first: VecDeque<u32>,
}

/// Why updates were not taken.
enum Fault {
    /// It panicked.
    Panicked,
    /// It did not end.
    TookTooLong,
    /// It failed.
    Failed(SubmitError),
}

/// What customers wrote must not reach a log.
impl fmt::Debug for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrived")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Arrived {
    /// Reads an update, however odd it is.
    pub(super) fn read(update: &str) -> Self {
        let read = wire::read(update).map(Box::new);
        let id = match &read {
            Some(update) => Some(update.id.0),
            None => serde_json::from_str(update)
                .ok()
                .map(|Number { update_id }| update_id),
        };
        Self { id, update: read }
    }
}

impl Taker {
    pub(super) fn new(parts: Arc<Parts>, me: Me) -> Self {
        Self {
            parts,
            me: Arc::new(me),
            taken: Taken::default(),
            failed: HashMap::new(),
        }
    }

    /// Takes updates, in their order; what was taken before is not taken again.
    ///
    /// # Errors
    /// When one cannot be taken now. Those before it are taken, those after it not.
    pub(super) async fn take(&mut self, arrived: Vec<Arrived>) -> Result<(), Pause> {
        let updates = self.readable(arrived);
        let mut rest = updates.as_slice();
        while let Some((first, others)) = rest.split_first() {
            let directory = self.parts.engine.directory();
            let is_agents = |update: &Update| whose(update, &directory) == Whose::Agents;
            if is_agents(first) {
                self.one(first).await?;
                rest = others;
                continue;
            }
            let count = rest.iter().take_while(|update| !is_agents(update)).count();
            let (together, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let is_somebodys = |update: &&Update| whose(update, &directory) != Whose::Nobodys;
            let used: Vec<Update> = together.iter().filter(is_somebodys).cloned().collect();
            self.together(used).await?;
            for update in together {
                let is_new = self.taken.remember(update.id.0);
                if is_new {
                    count_as("unused");
                }
            }
            rest = others;
        }
        Ok(())
    }

    /// The updates that say something and were not taken yet.
    fn readable(&mut self, arrived: Vec<Arrived>) -> Vec<Update> {
        let mut readable = Vec::new();
        for Arrived { id, update } in arrived {
            if id.is_some_and(|id| self.taken.all.contains(&id)) {
                continue;
            }
            match update {
                Some(update) if !matches!(update.kind, UpdateKind::Error(_)) => {
                    readable.push(*update);
                }
                _ => {
                    tracing::warn!("an update of Telegram cannot be read and is left out");
                    count_as("unreadable");
                    id.map(|id| self.taken.remember(id));
                }
            }
        }
        readable
    }

    /// Has customers' updates taken together; one by one if that does not work.
    async fn together(&mut self, updates: Vec<Update>) -> Result<(), Pause> {
        if let [one] = updates.as_slice() {
            return self.one(one).await;
        }
        if updates.is_empty() {
            return Ok(());
        }
        let ids: Vec<u32> = updates.iter().map(|update| update.id.0).collect();
        match self.attempt(updates.clone(), false).await {
            Ok(()) => {
                for id in ids {
                    self.is_taken(id);
                }
                Ok(())
            }
            Err(fault) if self.is_its_own(&fault) => {
                for update in &updates {
                    self.one(update).await?;
                }
                Ok(())
            }
            Err(fault) => Err(pause(&fault)),
        }
    }

    /// Has one update taken, or left out if it will never be.
    async fn one(&mut self, update: &Update) -> Result<(), Pause> {
        let is_agents = whose(update, &self.parts.engine.directory()) == Whose::Agents;
        let id = update.id.0;
        let fault = match self.attempt(vec![update.clone()], is_agents).await {
            Ok(()) => {
                self.is_taken(id);
                return Ok(());
            }
            Err(Fault::Failed(error)) if error.is_repeated() => {
                self.is_taken(id);
                return Ok(());
            }
            Err(fault) => fault,
        };
        if !self.is_its_own(&fault) {
            return Err(pause(&fault));
        }
        let failed = self.failed.entry(id).or_default();
        *failed += 1;
        if matches!(fault, Fault::Failed(_)) && *failed < TRIES {
            return Err(pause(&fault));
        }
        self.failed.remove(&id);
        self.taken.remember(id);
        count_as("failed");
        let kind = kind(&update.kind);
        match fault {
            Fault::Panicked => tracing::error!(
                kind,
                "taking an update of Telegram panicked; it is left out"
            ),
            Fault::TookTooLong => {
                tracing::error!(
                    kind,
                    "taking an update of Telegram does not end; it is left out"
                );
            }
            Fault::Failed(error) => {
                tracing::error!(kind, %error, "an update of Telegram fails again and again; it is left out");
            }
        }
        Ok(())
    }

    /// Tries once, where a panic does no harm.
    async fn attempt(&self, updates: Vec<Update>, is_agents: bool) -> Result<(), Fault> {
        let (parts, me) = (Arc::clone(&self.parts), Arc::clone(&self.me));
        let mut task = JoinSet::new();
        task.spawn(async move {
            match updates.as_slice() {
                [one] if is_agents => Ok(parts.agents.take(one, &me).await?),
                all => customers::take(&parts, &me, all).await,
            }
        });
        match timeout(TAKEN_WITHIN, task.join_next()).await {
            Ok(Some(Ok(done))) => done.map_err(Fault::Failed),
            Ok(Some(Err(_)) | None) => Err(Fault::Panicked),
            Err(_) => Err(Fault::TookTooLong),
        }
    }

    /// Whether a fault is the update's own, and not of everything.
    fn is_its_own(&self, fault: &Fault) -> bool {
        match fault {
            Fault::Panicked | Fault::TookTooLong => true,
            Fault::Failed(SubmitError::Busy { .. } | SubmitError::Stopping) => false,
            Fault::Failed(SubmitError::Storage(_)) => self.parts.engine.health().is_ready(),
        }
    }

    fn is_taken(&mut self, id: u32) {
        self.failed.remove(&id);
        if self.taken.remember(id) {
            count_as("taken");
        }
    }
}

impl Taken {
    /// False if it is known already.
    fn remember(&mut self, id: u32) -> bool {
        let is_new = self.all.insert(id);
        if is_new {
            self.oldest_first.push_back(id);
            if self.oldest_first.len() > REMEMBERED
                && let Some(oldest) = self.oldest_first.pop_front()
            {
                self.all.remove(&oldest);
            }
        }
        is_new
    }
}

const fn pause(fault: &Fault) -> Pause {
    match fault {
        Fault::Failed(SubmitError::Busy { retry_after }) => Pause::For(*retry_after),
        Fault::Failed(_) | Fault::Panicked | Fault::TookTooLong => Pause::Failed,
    }
}

fn count_as(result: &'static str) {
    counter!("ringback_telegram_updates_total", "result" => result).increment(1);
}

/// What kind of update it is, for the log.
const fn kind(kind: &UpdateKind) -> &'static str {
    match kind {
        UpdateKind::Message(_) => "message",
        UpdateKind::EditedMessage(_) => "edited_message",
        UpdateKind::MessageReaction(_) => "message_reaction",
        UpdateKind::CallbackQuery(_) => "callback_query",
        UpdateKind::MyChatMember(_) => "my_chat_member",
        UpdateKind::ChatMember(_) => "chat_member",
        UpdateKind::BusinessConnection(_) => "business_connection",
        UpdateKind::BusinessMessage(_) => "business_message",
        UpdateKind::EditedBusinessMessage(_) => "edited_business_message",
        UpdateKind::DeletedBusinessMessages(_) => "deleted_business_messages",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
