//! What becomes of updates, with agents who take, fail and panic as they are told to.

use std::sync::Mutex;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    channels::telegram::{Agents, Bot},
    domain::{ids::AccountName, time::Timestamp},
    engine::{
        BoxFuture, Clock, Engine, EngineError, Handle, Options, Running, chat::rows::CodeHash,
    },
    reading::Reader,
    rules::Rules,
    settings::Settings,
};

/// Agents who do what the command that they are given says.
struct Obedient {
    engine: Handle,
    took: Arc<Mutex<Vec<u32>>>,
}

impl Agents for Obedient {
    fn take<'a>(&'a self, update: &'a Update, _: &'a Me) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async move {
            let UpdateKind::Message(message) = &update.kind else {
                panic!("agents are given messages here")
            };
            self.took.lock().unwrap().push(update.id.0);
            match message.text() {
                Some("/fails") => fails(&self.engine).await,
                Some("/panics") => panic!("as it was told to"),
                Some("/stops") => Err(EngineError::Stopping),
                Some("/repeats") => {
                    // The second of these had its effect with the first.
                    for _ in 0..2 {
                        let once = self.engine.once("test", update.id.0.to_string());
                        once.keep_traces(Vec::new()).await?;
                    }
                    Ok(())
                }
                _ => Ok(()),
            }
        })
    }
}

/// A job of the engine that fails, though the engine is well: the code is there already.
async fn fails(engine: &Handle) -> Result<(), EngineError> {
    let admin = AccountName::parse("ada").unwrap();
    engine.make_code(CodeHash([7; 32]), admin, None).await?;
    Ok(())
}

struct Bench {
    taker: Taker,
    took: Arc<Mutex<Vec<u32>>>,
    engine: Handle,
    _running: Running,
    _folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "database = {:?}\n[telegram]\ntoken = \"1:AbCdEfGhIjKlMnOpQrStUvWxYz\"\n",
            folder.path().join("ringback.db")
        );
        let settings = Arc::new(Settings::of_text(&text).unwrap());
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let rules = Rules::default();
        let (engine, running) = Engine::start(Options {
            settings: Arc::clone(&settings),
            reader: Reader::new(&rules.vocabulary).unwrap(),
            rules,
            reload: None,
            clock: clock.clone(),
            destinations: Vec::new(),
        })
        .await
        .unwrap();
        fails(&engine).await.unwrap();
        let took = Arc::default();
        let agents = Obedient {
            engine: engine.clone(),
            took: Arc::clone(&took),
        };
        let parts = Parts {
            bot: Bot::new(settings.telegram.as_ref().unwrap(), clock.clone()).unwrap(),
            engine: engine.clone(),
            agents: Arc::new(agents),
            roster: crate::channels::telegram::Roster::default(),
            settings,
            clock,
        };
        Self {
            taker: Taker::new(Arc::new(parts), me()),
            took,
            engine,
            _running: running,
            _folder: folder,
        }
    }

    async fn takes(&mut self, updates: &[Value]) -> Result<(), Pause> {
        let arrived = updates.iter().map(arrived).collect();
        self.taker.take(arrived).await
    }

    fn took(&self) -> Vec<u32> {
        self.took.lock().unwrap().clone()
    }
}

fn arrived(update: &Value) -> Arrived {
    Arrived::read(&update.to_string())
}

fn me() -> Me {
    serde_json::from_str(
        r#"{"id":1,"is_bot":true,"first_name":"Care","username":"care_bot","can_join_groups":true,
        "can_read_all_group_messages":false,"supports_inline_queries":false,"has_main_web_app":false}"#,
    )
    .unwrap()
}

/// A command in a group that has no role yet: it is the agents'.
fn command(id: u32, text: &str) -> Value {
    json!({ "update_id": id, "message": {
        "message_id": id, "date": 1_700_000_000, "text": text,
        "chat": { "id": -100, "type": "supergroup", "title": "Care" },
        "from": { "id": 5, "is_bot": false, "first_name": "Kim" },
    }})
}

#[tokio::test]
async fn an_update_that_panics_is_left_out_and_holds_nobody_up() {
    let mut bench = Bench::new().await;
    let updates = [command(1, "/a"), command(2, "/panics"), command(3, "/b")];
    assert_eq!(bench.takes(&updates).await, Ok(()));
    assert_eq!(bench.took(), [1, 2, 3]);
    // Telegram may bring them again: they are known.
    assert_eq!(bench.takes(&updates).await, Ok(()));
    assert_eq!(bench.took(), [1, 2, 3]);
}

#[tokio::test]
async fn an_update_that_fails_is_tried_again_before_those_after_it_and_left_out_in_the_end() {
    let mut bench = Bench::new().await;
    let updates = [command(1, "/a"), command(2, "/fails"), command(3, "/b")];
    for _ in 1..TRIES {
        assert_eq!(bench.takes(&updates).await, Err(Pause::Failed));
    }
    let tries = usize::try_from(TRIES).unwrap();
    assert_eq!(bench.took(), [vec![1], vec![2; tries - 1]].concat());
    assert_eq!(bench.takes(&updates).await, Ok(()));
    assert_eq!(bench.took(), [vec![1], vec![2; tries], vec![3]].concat());
    assert!(bench.engine.health().is_ready());
}

#[tokio::test]
async fn an_update_is_not_left_out_while_nothing_can_be_taken() {
    let mut bench = Bench::new().await;
    for _ in 0..3 * TRIES {
        let taken = bench.takes(&[command(1, "/stops")]).await;
        assert_eq!(taken, Err(Pause::Failed));
    }
}

#[tokio::test]
async fn what_had_its_effect_before_is_done() {
    let mut bench = Bench::new().await;
    let updates = [command(1, "/repeats"), command(2, "/a")];
    assert_eq!(bench.takes(&updates).await, Ok(()));
    assert_eq!(bench.took(), [1, 2]);
}

#[test]
fn only_so_much_is_remembered_of_what_was_taken() {
    let mut taken = Taken::default();
    for id in 0..10_000 {
        assert!(taken.remember(id));
        assert!(!taken.remember(id));
    }
    assert_eq!(taken.all.len(), REMEMBERED);
    assert_eq!(taken.oldest_first.len(), REMEMBERED);
    assert!(taken.all.contains(&9_999));
}

#[test]
fn an_update_of_a_kind_that_is_not_known_still_has_its_number() {
    let unread = arrived(&json!({ "update_id": 7, "some_day": { "a": 1 } }));
    assert_eq!(unread.id, Some(7));
    let readable = arrived(&command(8, "hello"));
    assert!(matches!(
        readable.update.unwrap().kind,
        UpdateKind::Message(_)
    ));
}
