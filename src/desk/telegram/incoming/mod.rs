//! What agents do in Telegram: buttons, commands, answers in topics, dialogues. Each update has its
//! effect once; who may do what follows the agent accounts. Here it is found what was done and by whom;
//! the parts do it.

mod dialogue;
mod pairing;
mod relay;
mod watch;
mod when;

use teloxide::types::{CallbackQuery, ChatId, Me, Message, Update, UpdateKind, User};

use crate::{
    channels::telegram::{Agents, Bot},
    domain::{
        account::Role,
        chat::Network,
        ids::{self, AccountName, PersonId, ShownName},
    },
    engine::{BoxFuture, Clock, EngineError, Handle},
};

/// Takes what agents do.
#[derive(Debug)]
pub struct Incoming {
    bot: Bot,
    engine: Handle,
    clock: Clock,
}

/// One update, and who did it.
struct Came<'a> {
    update: &'a Update,
    me: &'a Me,
    /// Who did it, if they have an account that is not disabled.
    by: Option<Agent>,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
struct Agent {
    person: PersonId,
    account: AccountName,
    shown: ShownName,
    role: Role,
}

/// What was answered to a question.
#[derive(Clone, Copy)]
enum Answer<'a> {
    /// A button of it was pressed.
    Pressed(super::button::Press, &'a CallbackQuery),
    /// It was answered in words.
    Wrote(&'a Message),
}

impl Incoming {
    /// Takes it for this engine and answers with this bot.
    #[must_use]
    pub const fn new(bot: Bot, engine: Handle, clock: Clock) -> Self {
        Self { bot, engine, clock }
    }

    /// The engine for one effect of this update: done once, however often the update comes.
    fn once(&self, came: &Came<'_>, what: &str) -> Handle {
        let event = format!("{}.{what}", came.update.id.0);
        self.engine.once("telegram", event)
    }

    /// Whose account somebody is, if it is enabled.
    async fn agent(&self, user: Option<&User>) -> Result<Option<Agent>, EngineError> {
        let Some(person) = user.and_then(person) else {
            return Ok(None);
        };
        let directory = self.engine.directory();
        let Some(account) = directory.account(Network::Telegram, &person).cloned() else {
            return Ok(None);
        };
        let row = self.engine.store().account(account.clone()).await?;
        let row = row.filter(|row| row.disabled_at.is_none());
        Ok(row.map(|row| Agent {
            person,
            account,
            shown: row.shown,
            role: row.role,
        }))
    }
}

impl Agents for Incoming {
    fn take<'a>(
        &'a self,
        update: &'a Update,
        me: &'a Me,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async move {
            let by = self.agent(update.from()).await?;
            let came = Came { update, me, by };
            match take(self, &came).await {
                // It came before, and had its effect.
                Err(error) if error.is_repeated() => Ok(()),
                taken => taken,
            }
        })
    }
}

async fn take(desk: &Incoming, came: &Came<'_>) -> Result<(), EngineError> {
    match &came.update.kind {
        UpdateKind::Message(message) => relay::message(desk, came, message).await,
        UpdateKind::EditedMessage(message) => relay::edited(desk, came, message).await,
        UpdateKind::MessageReaction(reaction) => relay::reaction(desk, came, reaction).await,
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => {
            relay::membership(desk, came, change).await
        }
        UpdateKind::BusinessConnection(connection) => {
            pairing::connection(desk, came, connection).await
        }
        _ => Ok(()),
    }
}

/// A person's id as we keep it.
fn person(user: &User) -> Option<PersonId> {
    PersonId::parse(&user.id.to_string()).ok()
}

/// A chat's id as we keep it.
fn chat(id: ChatId) -> Option<ids::ChatId> {
    ids::ChatId::parse(&id.to_string()).ok()
}
