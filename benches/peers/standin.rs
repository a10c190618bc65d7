//! A stand-in of Telegram's Bot API for measuring: long polling by offset, and messages that are taken
//! note of. It answers everything else with `true`. It is as quick as it can be and checks little; the
//! strict one, of the tests, is in `tests/it/support/telegram`.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::any,
    serve::ListenerExt,
};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};

use crate::load::{self, MOST, Written};

/// What the bots say that they are.
pub(crate) const TOKEN: &str = "123456789:AAbenchbenchbenchbenchbenchbenchben";

/// Telegram.
pub(crate) struct StandIn {
    shared: Arc<Shared>,
    pub(crate) url: String,
    _serving: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    world: Mutex<World>,
    news: Notify,
}

#[derive(Default)]
struct World {
    queue: VecDeque<(i64, Arc<str>)>,
    next: i64,
    posted: i64,
    seen: Seen,
    late: Duration,
    sending: usize,
    /// When the update came that prompts a thread.
    due: HashMap<usize, Instant>,
    prompted: HashMap<usize, u32>,
}

/// What was seen of a bot.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    /// When it first got updates.
    pub(crate) first: Option<Instant>,
    /// When its last prompt was answered.
    pub(crate) last: Option<Instant>,
    /// The update before which it said that it has all.
    pub(crate) offset: i64,
    /// Threads that it prompted for.
    pub(crate) prompts: usize,
    /// Prompts for a thread that had been prompted for.
    pub(crate) again: usize,
    /// Messages of other sorts.
    pub(crate) others: usize,
    /// Requests that were neither messages nor for updates.
    pub(crate) requests: usize,
    /// The most messages that were under way at once.
    pub(crate) most_sending: usize,
    /// From an update to its prompt.
    pub(crate) waits: Vec<Duration>,
}

impl StandIn {
    /// Starts it on a port of its own.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::<Shared>::default();
        let routes = Router::new()
            .route("/{bot}/{method}", any(answer))
            .with_state(Arc::clone(&shared));
        let listener = listener.tap_io(|stream| {
            stream.set_nodelay(true).expect("set");
        });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, routes).await.expect("served") });
        Self {
            shared,
            url,
            _serving: serving,
        }
    }

    /// Forgets everything; from now on messages are answered so late. Says the next update's number.
    pub(crate) fn begin(&self, late: Duration) -> i64 {
        let mut world = self.shared.world();
        let next = world.next.max(1);
        *world = World {
            next,
            posted: world.posted.max(1_000_000_000),
            late,
            ..World::default()
        };
        next
    }

    /// Brings updates.
    #[expect(clippy::disallowed_methods, reason = "measures")]
    pub(crate) fn bring(&self, written: &[Written]) {
        let now = Instant::now();
        let mut world = self.shared.world();
        for Written { update, prompts } in written {
            let id = world.next;
            world.next += 1;
            world.queue.push_back((id, Arc::from(update.as_str())));
            if let Some(thread) = prompts {
                world.due.insert(*thread, now);
            }
        }
        drop(world);
        self.shared.news.notify_waiters();
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Seen {
        self.shared.world().seen.clone()
    }

    /// How far a bot is: its prompts, and the updates that it has not said to have.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let world = self.shared.world();
        (world.seen.prompts, world.queue.len())
    }
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    Path((_, method)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields = fields(&headers, &query.unwrap_or_default(), &body);
    match method.to_ascii_lowercase().as_str() {
        "getupdates" => updates(&shared, &fields).await,
        "sendmessage" => message(&shared, &fields).await,
        "getme" => ok(&me().to_string()),
        "getwebhookinfo" => {
            ok(r#"{"url":"","has_custom_certificate":false,"pending_update_count":0}"#)
        }
        _ => {
            shared.world().seen.requests += 1;
            ok("true")
        }
    }
}

fn me() -> Value {
    json!({
        "id": 123_456_789, "is_bot": true, "first_name": "Bot", "username": "bench_bot",
        "can_join_groups": true, "can_read_all_group_messages": true,
        "supports_inline_queries": false, "can_connect_to_business": true,
        "has_main_web_app": false, "has_topics_enabled": false,
        "allows_users_to_create_topics": false, "can_manage_bots": false,
    })
}

fn ok(result: &str) -> Response {
    let body = format!(r#"{{"ok":true,"result":{result}}}"#);
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// Gives what waits, or waits for it as long as asked. What is below the offset is forgotten.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn updates(shared: &Shared, fields: &Map<String, Value>) -> Response {
    let offset = integer(fields.get("offset")).unwrap_or(0);
    let most = integer(fields.get("limit")).and_then(|limit| usize::try_from(limit).ok());
    let most = most.unwrap_or(MOST).clamp(1, MOST);
    let wait = integer(fields.get("timeout")).and_then(|wait| u64::try_from(wait).ok());
    let end = Instant::now() + Duration::from_secs(wait.unwrap_or(0));
    loop {
        let news = shared.news.notified();
        {
            let mut world = shared.world();
            while world.queue.front().is_some_and(|(id, _)| *id < offset) {
                world.queue.pop_front();
            }
            world.seen.offset = world.seen.offset.max(offset);
            if !world.queue.is_empty() {
                world.seen.first.get_or_insert_with(Instant::now);
                let given: Vec<&str> = world
                    .queue
                    .iter()
                    .take(most)
                    .map(|(_, update)| &**update)
                    .collect();
                return ok(&format!("[{}]", given.join(",")));
            }
        }
        if tokio::time::timeout_at(end.into(), news).await.is_err() {
            return ok("[]");
        }
    }
}

/// Takes note of a message and answers, late if it is to.
#[expect(clippy::disallowed_methods, reason = "measures")]
async fn message(shared: &Shared, fields: &Map<String, Value>) -> Response {
    let text = fields
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let chat = integer(fields.get("chat_id")).unwrap_or_default();
    let has_buttons = fields.contains_key("reply_markup");
    let thread = load::named_in(text).filter(|_| has_buttons);
    let is_right = |thread: &usize| chat == load::agents_group(thread % load::SHOPS);
    let (late, id) = {
        let mut world = shared.world();
        world.sending += 1;
        world.seen.most_sending = world.seen.most_sending.max(world.sending);
        world.posted += 1;
        (world.late, world.posted)
    };
    if !late.is_zero() {
        tokio::time::sleep(late).await;
    }
    let now = Instant::now();
    {
        let mut world = shared.world();
        world.sending -= 1;
        match thread.filter(is_right) {
            Some(thread) => {
                let times = world.prompted.entry(thread).or_default();
                *times += 1;
                if *times == 1 {
                    world.seen.prompts += 1;
                    world.seen.last = Some(now);
                    if let Some(due) = world.due.get(&thread).copied() {
                        world.seen.waits.push(now - due);
                    }
                } else {
                    world.seen.again += 1;
                }
            }
            None => world.seen.others += 1,
        }
    }
    let sent = json!({
        "message_id": id, "date": 1_760_000_000, "text": text,
        "chat": {"id": chat, "type": "supergroup", "title": "Agents"},
        "from": {"id": 123_456_789, "is_bot": true, "first_name": "Bot", "username": "bench_bot"},
    });
    ok(&sent.to_string())
}

/// What a request asks for, in whichever way the library says it.
fn fields(headers: &HeaderMap, query: &str, body: &[u8]) -> Map<String, Value> {
    let pairs = |from: &[u8]| -> Map<String, Value> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(from).unwrap_or_default();
        pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect()
    };
    let mut fields = pairs(query.as_bytes());
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    match kind.unwrap_or_default() {
        kind if kind.starts_with("application/json") => {
            let object: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
            fields.extend(object.unwrap_or_default());
        }
        kind if kind.starts_with("multipart/form-data") => fields.extend(parts(kind, body)),
        _ => fields.extend(pairs(body)),
    }
    fields
}

/// The plain fields of a multipart body.
fn parts(kind: &str, body: &[u8]) -> Map<String, Value> {
    let body = String::from_utf8_lossy(body);
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return Map::new();
    };
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let part = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        let value = value.strip_suffix("\r\n").unwrap_or(value);
        Some((name.to_owned(), Value::String(value.to_owned())))
    };
    body.split(&boundary).filter_map(part).collect()
}

fn integer(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
