//! What agents do in Telegram: buttons, commands, answers in topics, dialogues. Each update has its
//! effect once; who may do what follows the agent accounts. Here it is found what was done and by whom;
//! the parts do it.

mod call;
mod command;
mod dialogue;
mod pairing;
mod press;
mod relay;
mod say;
mod show;
mod strangers;
mod watch;
mod when;

use jiff::tz::TimeZone;
use teloxide::types::{ChatId, Me, Message, Update, UpdateKind, User};

use crate::{
    channels::telegram::{Agents, Bot},
    domain::{
        account::Role,
        chat::Network,
        ids::{self, AccountName, DeskName, PersonId, ShownName},
    },
    engine::{BoxFuture, Clock, EngineError, Handle},
    rules::Desk,
};

use command::{Menus, OthersCommand};
use pairing::Guesses;
use say::Place;
use strangers::Strangers;
use when::Times;

/// Takes what agents do.
#[derive(Debug)]
pub struct Incoming {
    bot: Bot,
    engine: Handle,
    clock: Clock,
    strangers: Strangers,
    guesses: Guesses,
    menus: Menus,
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
    Pressed(super::button::Press),
    /// It was answered in words.
    Wrote(&'a Message),
}

impl Incoming {
    /// Takes it for this engine and answers with this bot.
    #[must_use]
    pub fn new(bot: Bot, engine: Handle, clock: Clock) -> Self {
        Self {
            bot,
            engine,
            clock,
            strangers: Strangers::default(),
            guesses: Guesses::default(),
            menus: Menus::default(),
        }
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

    /// Whether an agent works a desk. One that the rules no longer name is everybody's who works all
    /// others, so that nothing on it is lost.
    fn works(&self, by: &Agent, desk: &DeskName) -> bool {
        let rules = self.engine.rules();
        let works = |desk: &Desk| desk.is_worked_by(&by.account, by.role);
        let desks = &rules.rules.desks;
        let of = desks.get(desk);
        of.map_or_else(|| desks.values().all(works), works)
    }

    /// Where an agent is written to in private, if they have opened a chat with the bot.
    fn in_private(&self, by: &Agent) -> Option<Place> {
        let directory = self.engine.directory();
        let is_open = directory.people.iter().any(|person| {
            person.network == Network::Telegram && person.person == by.person && person.writable
        });
        let chat = by.person.as_str().parse().ok().filter(|_| is_open)?;
        Some(Place::private(ChatId(chat)))
    }

    /// The first desk's clocks: with one desk, which is the rule, the desk's.
    fn times(&self) -> Times {
        let rules = self.engine.rules();
        let desk = rules.rules.desks.values().next();
        let zone = desk.map_or(TimeZone::UTC, |desk| desk.hours.zone.clone());
        Times::new(self.clock.now(), zone, |at| at)
    }
}

impl Agents for Incoming {
    /// Commands are offered at once, and not only once somebody has done something.
    fn begin(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.offer_commands().await {
                tracing::warn!(%error, "who is offered which commands in Telegram could not be read");
            }
        })
    }

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
                Err(error) if error.is_repeated() => {}
                taken => taken?,
            }
            self.offer_commands().await
        })
    }
}

async fn take(desk: &Incoming, came: &Came<'_>) -> Result<(), EngineError> {
    match &came.update.kind {
        UpdateKind::Message(message) => written(desk, came, message).await,
        UpdateKind::EditedMessage(message) => command::edited(desk, came, message).await,
        UpdateKind::CallbackQuery(query) => press::pressed(desk, came, query).await,
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

/// A command, an answer to a question, or what is the relay's.
async fn written(desk: &Incoming, came: &Came<'_>, message: &Message) -> Result<(), EngineError> {
    let read = message
        .text()
        .map_or(Ok(None), |text| command::of(text, came.me));
    match read {
        Ok(Some(commanded)) => command::commanded(desk, came, message, commanded).await,
        Err(OthersCommand) => Ok(()),
        Ok(None) if dialogue::wrote(desk, came, message).await? => Ok(()),
        Ok(None) => relay::message(desk, came, message).await,
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
