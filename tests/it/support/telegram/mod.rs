//! A strict stand-in of the Telegram Bot API on this machine (<https://core.telegram.org/bots/api>), and
//! the people who use it: customers, agents, groups, Business accounts. It runs on a thread of its own,
//! so that a test may block. What a program asks for that Telegram's documents do not know is kept as a
//! violation, for which the test fails at its end.
//!
//! ```ignore
//! let telegram = Telegram::start();
//! let care = telegram.forum("Care");
//! care.adds_bot_as_admin();
//! let kim = care.member("Kim");
//! let rosa = telegram.customer("Rosa");
//! rosa.writes("My order is late");
//! let card = care.waits_for("Rosa").await;
//! kim.presses(&card, "Claim").answer().await;
//! insta::assert_snapshot!(care.as_text(), @"");
//! ```

#![expect(
    dead_code,
    unused_imports,
    reason = "people can do more than the tests have them do so far"
)]

mod business;
mod commands;
mod faults;
mod flood;
mod group;
mod html;
mod message;
mod methods;
mod multipart;
mod params;
mod person;
mod picture;
mod record;
mod refusal;
mod server;
mod updates;
mod webhook;
mod world;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

pub(crate) use business::Business;
pub(crate) use faults::Fault;
pub(crate) use flood::Limit;
pub(crate) use group::{Group, Topic};
pub(crate) use message::{Message, Press};
pub(crate) use person::{Content, Person, Spot};
use record::Record;
use serde_json::Value;
use tokio::{runtime::Runtime, sync::watch, task::JoinHandle};
pub(crate) use world::Request;
use world::{User, World};

/// How long a test waits for something before it fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all parts look at.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<()>,
}

impl Shared {
    /// Changes something, and lets everybody who waits look again.
    fn act<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let done = self.look_mut(act);
        self.changed.send_replace(());
        done
    }

    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().expect("not poisoned"))
    }

    /// Changes something that nobody waits for.
    fn look_mut<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().expect("not poisoned"))
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Waits until there is what is looked for.
    async fn until<T>(&self, what: &str, look: impl FnMut(&World) -> Option<T>) -> T {
        self.until_within(PATIENCE, what, look).await
    }

    async fn until_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut(&World) -> Option<T>,
    ) -> T {
        let mut changes = self.changes();
        let found = async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = self.look(&mut look) {
                    return found;
                }
                changes.changed().await.expect("there is a Telegram");
            }
        };
        match tokio::time::timeout(patience, found).await {
            Ok(found) => found,
            Err(_) => panic!("{what} never came:\n{}", self.look(World::dump)),
        }
    }
}

/// Telegram, until it is dropped.
pub(crate) struct Telegram {
    shared: Arc<Shared>,
    address: SocketAddr,
    serving: Mutex<Option<JoinHandle<()>>>,
    runtime: Option<Runtime>,
}

impl Telegram {
    /// Starts it. Everything that passes is kept for others' types to check.
    pub(crate) fn start() -> Self {
        Self::with(Record::of_this_test())
    }

    /// Starts it for a test that asks for wrong things on purpose.
    pub(crate) fn unrecorded() -> Self {
        Self::with(Record::nowhere())
    }

    fn with(record: Record) -> Self {
        let secret: u128 = rand::random();
        let token = format!("{}:{secret:032x}", world::BOT);
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(token, record)),
            changed: watch::Sender::new(()),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("telegram")
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.spawn(webhook::bring(Arc::downgrade(&shared)));
        let mut telegram = Self {
            shared,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            serving: Mutex::new(None),
            runtime: Some(runtime),
        };
        telegram.address = telegram.listen();
        telegram
    }

    fn listen(&self) -> SocketAddr {
        let listener = std::net::TcpListener::bind(self.address).expect("a port");
        listener.set_nonblocking(true).expect("set");
        let address = listener.local_addr().expect("an address");
        let runtime = self.runtime.as_ref().expect("running");
        let routes = server::routes(Arc::clone(&self.shared));
        let serving = runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            server::serve(listener, routes).await;
        });
        let mut handle = self.serving.lock().expect("not poisoned");
        *handle = Some(serving);
        address
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bot's token.
    pub(crate) fn token(&self) -> String {
        self.shared.look(|world| world.token.clone())
    }

    /// The section of the settings that leads a program here.
    pub(crate) fn settings(&self) -> String {
        format!(
            "[telegram]\ntoken = \"{}\"\napi_url = \"{}\"\n",
            self.token(),
            self.url()
        )
    }

    /// Somebody whom the bot has never met.
    pub(crate) fn person(&self, name: &str) -> Person {
        let id = self.shared.act(|world| add_user(world, name, None));
        Person::new(&self.shared, id)
    }

    /// Somebody who may write to the bot as a customer does.
    pub(crate) fn customer(&self, name: &str) -> Person {
        self.person(name)
    }

    /// Somebody with a user name.
    pub(crate) fn person_called(&self, name: &str, username: &str) -> Person {
        let id = self
            .shared
            .act(|world| add_user(world, name, Some(username.to_owned())));
        Person::new(&self.shared, id)
    }

    /// A supergroup without topics, in which the bot is not yet.
    pub(crate) fn group(&self, title: &str) -> Group {
        Group::found(
            &self.shared,
            title,
            world::Kind::Supergroup { is_forum: false },
        )
    }

    /// A supergroup with topics.
    pub(crate) fn forum(&self, title: &str) -> Group {
        Group::found(
            &self.shared,
            title,
            world::Kind::Supergroup { is_forum: true },
        )
    }

    /// A small group, which may become a supergroup.
    pub(crate) fn basic_group(&self, title: &str) -> Group {
        Group::found(&self.shared, title, world::Kind::Group)
    }

    /// The bot gets connected to somebody's Business account, with the right to answer.
    pub(crate) fn business(&self, owner: &Person) -> Business {
        Business::connect(&self.shared, owner.id())
    }

    /// The next so many requests of a method go wrong; `*`: of any but `getUpdates`.
    pub(crate) fn fails(&self, method: &str, times: usize, fault: &Fault) {
        self.shared
            .act(|world| world.faults.plan(method, "", times, fault));
    }

    /// The next request of a method that holds these words goes wrong.
    pub(crate) fn fails_at(&self, method: &str, words: &str, fault: &Fault) {
        self.shared
            .act(|world| world.faults.plan(method, words, 1, fault));
    }

    /// Waits until everything that was to go wrong has.
    pub(crate) async fn has_failed(&self) {
        let until = |world: &World| (world.faults.left() == 0).then_some(());
        self.shared.until("a request that fails", until).await;
    }

    /// The network is cut: whoever is connected is cut off, and nobody gets through.
    pub(crate) fn goes_away(&self) {
        if let Some(serving) = self.serving.lock().expect("not poisoned").take() {
            serving.abort();
            // Its port is free only then.
            while !serving.is_finished() {
                std::thread::yield_now();
            }
        }
        self.shared.act(|world| world.faults.is_cut = true);
    }

    /// The network is there again.
    pub(crate) fn comes_back(&self) {
        self.shared.act(|world| world.faults.is_cut = false);
        self.listen();
    }

    /// Time passes at Telegram.
    pub(crate) fn time_passes(&self, by: Duration) {
        self.shared.act(|world| world.ahead += by);
    }

    /// Flood control: how much Telegram takes over all, to a group, to a person.
    pub(crate) fn limits(&self, over_all: Limit, to_group: Limit, to_person: Limit) {
        self.shared.act(|world| {
            world.flood.over_all = Some(over_all);
            world.flood.to_group = Some(to_group);
            world.flood.to_person = Some(to_person);
        });
    }

    /// How often it was too much.
    pub(crate) fn too_many(&self) -> usize {
        self.shared.look(|world| world.flood.refused)
    }

    /// Whether the bot sees in groups only what is meant for it; it does unless told otherwise.
    pub(crate) fn privacy(&self, is_on: bool) {
        self.shared.act(|world| world.has_privacy = is_on);
    }

    /// The requests of a method so far.
    pub(crate) fn requests(&self, method: &str) -> Vec<Value> {
        self.shared.look(|world| {
            let of = world.requests.iter();
            of.filter(|request| request.method == method)
                .map(|request| request.parameters.clone())
                .collect()
        })
    }

    /// Waits until there is such a request; gives its parameters.
    pub(crate) async fn waits_for_request(
        &self,
        method: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Value {
        let look = |world: &World| {
            let mut of = world.requests.iter().rev();
            of.find(|request| request.method == method && is_it(&request.parameters))
                .map(|request| request.parameters.clone())
        };
        self.shared.until(method, look).await
    }

    /// Waits until a method was asked for so often in all.
    pub(crate) async fn waits_for_requests(&self, method: &str, times: usize) {
        let look = |world: &World| {
            let of = world.requests.iter();
            let asked = of.filter(|request| request.method == method).count();
            (asked >= times).then_some(())
        };
        self.shared.until(method, look).await;
    }

    /// How many updates wait.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.look(|world| world.queue.len())
    }

    /// Waits until the bot has taken every update: the offset is past the last.
    pub(crate) async fn has_been_read(&self) {
        self.has_been_read_but(0, PATIENCE).await;
    }

    /// Waits until no more than so many updates are left, for so long at most.
    pub(crate) async fn has_been_read_but(&self, left: usize, patience: Duration) {
        let until = |world: &World| (world.queue.len() <= left).then_some(());
        self.shared
            .until_within(patience, "the last update's end", until)
            .await;
    }

    /// Brings an update of a kind that nothing here makes.
    pub(crate) fn brings(&self, kind: &str, what: Value) {
        self.shared.act(|world| world.tell(kind, what));
    }

    /// The commands that are offered: a line a scope.
    pub(crate) fn commands(&self) -> String {
        self.shared.look(|world| world.commands.as_text())
    }

    /// What was not as it should be so far; forgotten with that.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.shared
            .act(|world| std::mem::take(&mut world.violations))
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        let violations = self
            .shared
            .world
            .lock()
            .map(|mut world| {
                world.record.flush();
                world.violations.clone()
            })
            .unwrap_or_default();
        assert!(
            violations.is_empty() || std::thread::panicking(),
            "asked of Telegram what it does not know: {violations:#?}"
        );
    }
}

fn add_user(world: &mut World, name: &str, username: Option<String>) -> i64 {
    let id = 1_000_000_000 + world.number();
    let user = User {
        id,
        first_name: name.to_owned(),
        username,
        has_started: false,
        blocks_bot: false,
        is_gone: false,
    };
    world.users.insert(id, user);
    id
}
