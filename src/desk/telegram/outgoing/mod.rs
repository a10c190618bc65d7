//! What agents are shown in Telegram: cards, relayed messages, notices, the queue, incidents. Each time
//! it draws what stands now and changes what stands in the chat, so that a repetition does no harm.

mod callback;
mod chat;
mod desk;
mod doubt;
mod notice;
mod relay;
mod taken_down;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use callback::Why;
use chat::{Telling, To, Words};
use teloxide::payloads::GetMe;
use tokio::sync::OnceCell;

use super::draw::{Calendar, Links};
use crate::{
    channels::telegram::Bot,
    desk::links::thread_url,
    domain::{
        chat::{Network, Room},
        ids::{AccountName, ChatId, DeskName, ShownName, ThreadKey},
        time::Timestamp,
    },
    engine::{
        Attempt, BoxFuture, CallbackChange, Clock, Destination, EngineError, Handle, LoadedRules,
        OutboxEvent, OutboxItem, SendError, TELEGRAM_DESK,
    },
    rules::Desk,
    settings::Settings,
    store::{
        StoreError,
        rows::{
            account::AccountRow,
            chat::{Directory, GroupRow},
        },
    },
};

/// How many things may be under way at once; those of one thread go one by one.
const CONCURRENCY: usize = 16;
/// How long one may take: several requests.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Shows agents what there is.
#[derive(Debug)]
pub struct Outgoing {
    bot: Bot,
    settings: Arc<Settings>,
    clock: Clock,
    /// The bot's own name, once it was asked for.
    name: OnceCell<String>,
    /// The desks whose queue or incidents are just being shown: one after the other.
    busy: Mutex<HashSet<DeskName>>,
}

impl Outgoing {
    /// Shows it with this bot.
    #[must_use]
    pub fn new(bot: Bot, settings: Arc<Settings>, clock: Clock) -> Self {
        Self {
            bot,
            settings,
            clock,
            name: OnceCell::new(),
            busy: Mutex::default(),
        }
    }

    /// Where a chat with the bot is opened.
    async fn address(&self) -> Option<String> {
        let name = self.name.get_or_try_init(|| async {
            let me = self.bot.ask(GetMe::new()).await.map_err(|_| ())?;
            me.user.username.ok_or(())
        });
        let name = name.await.ok()?;
        Some(format!("https://t.me/{name}"))
    }
}

impl Destination for Outgoing {
    fn name(&self) -> &'static str {
        TELEGRAM_DESK
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        match event {
            OutboxEvent::Callback(_)
            | OutboxEvent::Card(_)
            | OutboxEvent::Form(_)
            | OutboxEvent::Desk(_)
            | OutboxEvent::NoticesOver(_)
            | OutboxEvent::Doubt(_)
            | OutboxEvent::TakeDown(_) => true,
            OutboxEvent::Notice(event) => !event.on_card,
            OutboxEvent::Decision(_)
            | OutboxEvent::Changed(_)
            | OutboxEvent::Erased(_)
            | OutboxEvent::Audit(_)
            | OutboxEvent::Dial(_)
            | OutboxEvent::Carry(_) => false,
        }
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn may_repeat(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, engine: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(self.attempt(item, engine))
    }
}

impl Outgoing {
    async fn attempt(&self, item: &OutboxItem, engine: &Handle) -> Attempt {
        let mut telling = Telling::new(&self.bot, &item.id);
        let scene = Scene::now(self, engine);
        let result = self.tell(&mut telling, &scene, item).await;
        telling.over(result)
    }

    async fn tell(
        &self,
        telling: &mut Telling<'_>,
        scene: &Scene<'_>,
        item: &OutboxItem,
    ) -> Result<(), SendError> {
        match &item.event {
            OutboxEvent::Callback(event) => {
                let why = Why {
                    change: match &event.change {
                        CallbackChange::Changed(change) => Some(*change),
                        CallbackChange::Opened | CallbackChange::Ended(_) => None,
                    },
                    silent: event.silent,
                };
                callback::show(telling, scene, event.id, why).await
            }
            OutboxEvent::Card(event) => {
                let why = Why {
                    change: None,
                    silent: event.silent,
                };
                callback::show(telling, scene, event.callback, why).await
            }
            OutboxEvent::Notice(event) => notice::show(telling, scene, event).await,
            OutboxEvent::Form(event) => notice::show_form(telling, scene, event).await,
            OutboxEvent::Desk(event) => desk::show(telling, scene, event).await,
            OutboxEvent::NoticesOver(event) => {
                let thread = ThreadKey {
                    channel: event.channel.clone(),
                    thread: event.thread.clone(),
                };
                notice::end_over(telling, scene, &thread).await
            }
            OutboxEvent::Doubt(event) => doubt::show(telling, scene, event).await,
            OutboxEvent::TakeDown(standing) => taken_down::take_down(telling, standing).await,
            OutboxEvent::Decision(_)
            | OutboxEvent::Changed(_)
            | OutboxEvent::Erased(_)
            | OutboxEvent::Audit(_)
            | OutboxEvent::Dial(_)
            | OutboxEvent::Carry(_) => Ok(()),
        }
    }
}

/// What customers and we write, shown beside all that: a destination of its own, so that no card waits for
/// its turn behind the messages of its thread.
#[derive(Debug)]
pub struct Relayed(Arc<Outgoing>);

impl Relayed {
    /// Shows it as the rest is shown.
    #[must_use]
    pub const fn new(outgoing: Arc<Outgoing>) -> Self {
        Self(outgoing)
    }
}

impl Destination for Relayed {
    fn name(&self) -> &'static str {
        "telegram-relay"
    }

    fn wants(&self, event: &OutboxEvent) -> bool {
        self.0.wants_relayed(event)
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn may_repeat(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, item: &'a OutboxItem, engine: &'a Handle) -> BoxFuture<'a, Attempt> {
        Box::pin(self.0.relay(item, engine))
    }
}

/// What everything is drawn with.
struct Scene<'a> {
    outgoing: &'a Outgoing,
    engine: &'a Handle,
    rules: Arc<LoadedRules>,
    directory: Arc<Directory>,
    /// Read when somebody is to be named or written to.
    people: OnceCell<People>,
    now: Timestamp,
}

/// The accounts, as far as chats are concerned.
struct People {
    names: BTreeMap<AccountName, ShownName>,
    /// Those that are let in.
    enabled: HashSet<AccountName>,
}

impl From<Vec<AccountRow>> for People {
    fn from(accounts: Vec<AccountRow>) -> Self {
        let enabled = accounts.iter().filter(|row| row.disabled_at.is_none());
        Self {
            enabled: enabled.map(|row| row.name.clone()).collect(),
            names: accounts
                .into_iter()
                .map(|row| (row.name, row.shown))
                .collect(),
        }
    }
}

impl People {
    /// How an account is shown.
    fn named(&self, account: &AccountName) -> String {
        let shown = self.names.get(account);
        shown.map_or_else(|| account.to_string(), ToString::to_string)
    }
}

impl<'a> Scene<'a> {
    fn now(outgoing: &'a Outgoing, engine: &'a Handle) -> Self {
        Self {
            outgoing,
            engine,
            rules: engine.rules(),
            directory: engine.directory(),
            people: OnceCell::new(),
            now: outgoing.clock.now(),
        }
    }

    /// The accounts.
    async fn people(&self) -> Result<&People, SendError> {
        let read = async || Ok(self.engine.store().accounts().await.map_err(unread)?.into());
        self.people.get_or_try_init(read).await
    }

    /// Where an account is written to alone; nowhere once it is disabled.
    fn private_chat(&self, people: &People, account: &AccountName) -> Option<ChatId> {
        let is_enabled = people.enabled.contains(account);
        let person = self.directory.writable(Network::Telegram, account);
        ChatId::parse(person.filter(|_| is_enabled)?.person.as_str()).ok()
    }

    /// A desk of the rules.
    fn desk(&self, desk: &DeskName) -> Option<&Desk> {
        self.rules.rules.desks.get(desk)
    }

    /// Where a desk works, if it has a group that the bot is in.
    fn group(&self, desk: &DeskName) -> Option<&GroupRow> {
        let group = self.directory.group_of(Network::Telegram, desk);
        group.filter(|group| group.lost_at.is_none())
    }

    /// The times of a desk.
    fn calendar(&self, desk: &DeskName) -> Calendar {
        let zone = self.desk(desk).map(|desk| desk.hours.zone.clone());
        Calendar::new(zone.unwrap_or(jiff::tz::TimeZone::UTC), self.now)
    }

    /// Whether a desk previews links.
    fn previews(&self, desk: &DeskName) -> bool {
        self.desk(desk)
            .is_some_and(|desk| !desk.disable_link_preview)
    }

    /// The topic that a thread is relayed in.
    async fn topic(&self, thread: &ThreadKey) -> Result<Option<Room>, SendError> {
        self.engine.topic_of(thread.clone()).await.map_err(unread)
    }

    /// Where more of a thread is to be seen, which is relayed in that topic if in one.
    fn links(&self, thread: &ThreadKey, topic: Option<Room>) -> Links {
        let topic = topic.and_then(|room| {
            // A supergroup's number in links is without the -100 that the Bot API puts before it.
            let group = room.chat.as_str().strip_prefix("-100")?.to_owned();
            Some(format!("https://t.me/c/{group}/{}", room.topic?.as_str()))
        });
        let page = thread_url(&thread.channel, &thread.thread);
        let origin = self.outgoing.settings.public_url.as_ref();
        let origin = origin.map(|origin| origin.as_str());
        // Telegram takes no other addresses in buttons.
        let origin = origin.filter(|origin| origin.starts_with("https://"));
        Links {
            page: origin.map(|origin| format!("{origin}{page}")),
            topic,
        }
    }
}

/// The database could not be read: tried again.
fn unread(_: StoreError) -> SendError {
    SendError::Retry { after: None }
}

/// The engine stops, or its database fails: tried again.
fn unkept(_: EngineError) -> SendError {
    SendError::Retry { after: None }
}
