//! What is done on a thread's page, against a real engine on a fresh database.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::to_bytes,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::{
    super::held, CorrectForm, Named, Nothing, PageError, SignedForm, SignedIn, TextForm, pages,
};
use crate::{
    domain::{
        account::Role,
        ids::{Author, ChannelName, MessageId, ThreadId, ThreadKey},
        message::{MAX_TYPED, Message, Party, Visibility},
        private::Private,
        reading::Correction,
        time::{Length, Timestamp},
    },
    engine::{Clock, Running},
    rules::Rules,
    settings::{ChannelKind, ChannelSettings, Limits, Settings},
    vault::Vault,
    web::{Parts, pages::times::Times, tests::started},
};

/// On the desk `vip`, which works the channel `chat`, are Kim and Ann; `post` is a channel that Ringback
/// only watches.
const RULES: &str = r#"
    [desks.main]
    [desks.vip]
    members = ["kim", "ann"]
    [channels.chat]
    desk = "vip"
"#;

struct Desk {
    parts: Parts,
    running: Running,
    _folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let channel = |name: &str, kind| (channel(name), ChannelSettings { kind });
        let settings = Settings {
            database: folder.path().join("ringback.db"),
            channels: BTreeMap::from([
                channel("chat", ChannelKind::Webchat),
                channel("post", ChannelKind::Api),
            ]),
            limits: Limits {
                body_bytes: 1_000_000,
                batch: 1_000,
                queue: 1_000,
            },
            shutdown_within: Length::minutes(1),
            ..Settings::of_text("").expect("the built-in settings")
        };
        let rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid rules");
        let clock = Clock::manual(time("2026-01-05T10:00:00Z"));
        let vault = Vault::recipients_only();
        let (parts, running) = started(settings, rules, clock, vault).await;
        Self {
            parts,
            running,
            _folder: folder,
        }
    }

    /// A customer writes, and the thread has that message as `m1`, `m2` and so on.
    async fn customer(&self, channel: &str, id: &str, text: &str) {
        self.parts.clock.advance(Length::minutes(1));
        let message = Message {
            thread: key(channel),
            id: MessageId::parse(id).expect("an id"),
            from: Party::Customer,
            author: Some(Author::parse("Robin").expect("a name")),
            text: Private::new(text.to_owned()),
            at: self.parts.clock.now(),
            visibility: Visibility::Private,
            language: None,
            tags: Vec::new(),
            attachment: None,
        };
        let taken = self.parts.engine.submit(vec![message]).await;
        assert_eq!(taken.expect("taken").len(), 1);
    }

    async fn reply(&self, id: &str, text: &str) -> Answer {
        let form = TextForm {
            id: id.to_owned(),
            text: Private::new(text.to_owned()),
        };
        let sent = signed(by("kim"), form);
        self.parts.clock.advance(Length::minutes(1));
        Answer::of(super::reply(self.state(), Named(key("chat")), self.times(), sent).await).await
    }

    async fn note(&self, id: &str, text: &str) -> Answer {
        let form = TextForm {
            id: id.to_owned(),
            text: Private::new(text.to_owned()),
        };
        let sent = signed(by("kim"), form);
        Answer::of(super::note(self.state(), Named(key("chat")), self.times(), sent).await).await
    }

    async fn page(&self, name: &str, channel: &str) -> Answer {
        self.page_of(name, channel, "").await
    }

    async fn page_with(&self, name: &str, query: &str) -> Answer {
        self.page_of(name, "chat", query).await
    }

    async fn page_of(&self, name: &str, channel: &str, query: &str) -> Answer {
        let part = Query(serde_urlencoded::from_str(query).expect("a query"));
        let named = Named(key(channel));
        let page = pages::thread(self.state(), by(name), named, self.times(), part);
        Answer::of(page.await).await
    }

    async fn decide(&self, name: &str, held: i64, then: &str) -> Answer {
        let form = serde_urlencoded::from_str(&format!("held={held}&then={then}"));
        let form = signed(by(name), form.expect("a form"));
        Answer::of(held::decide(self.state(), Named(key("chat")), form).await).await
    }

    async fn ring(&self, name: &str, held: Option<i64>) -> Answer {
        let held = held.map_or_else(String::new, |held| format!("held={held}"));
        let form = serde_urlencoded::from_str(&held).expect("a form");
        let form = signed(by(name), form);
        Answer::of(held::ring(self.state(), Named(key("chat")), form).await).await
    }

    /// How many messages and how many notes there are.
    async fn kept(&self) -> (usize, usize) {
        let store = self.parts.engine.store();
        let thread = store.desk_thread(key("chat"), None, 100).await;
        let thread = thread.expect("read").expect("a thread");
        (thread.lines.len(), thread.notes.len())
    }

    fn state(&self) -> State<Parts> {
        State(self.parts.clone())
    }

    fn times(&self) -> Times {
        Times::new(TimeZone::UTC, self.parts.clock.now())
    }

    async fn stop(self) {
        drop(self.parts);
        self.running.stop(Duration::from_secs(60)).await;
    }
}

/// What a browser gets.
struct Answer {
    status: StatusCode,
    goes_to: String,
    html: String,
}

impl Answer {
    async fn of(answer: Result<Response, PageError>) -> Self {
        let response = answer.unwrap_or_else(IntoResponse::into_response);
        let goes_to = response.headers().get(header::LOCATION);
        let goes_to = goes_to.map(|to| to.to_str().expect("ASCII").to_owned());
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body");
        Self {
            status,
            goes_to: goes_to.unwrap_or_default(),
            html: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }
}

fn by(name: &str) -> SignedIn {
    let role = if name == "boss" {
        Role::Supervisor
    } else {
        Role::Agent
    };
    SignedIn::somebody(name, role)
}

fn signed<T>(by: SignedIn, form: T) -> SignedForm<T> {
    SignedForm { by, form }
}

fn channel(name: &str) -> ChannelName {
    ChannelName::parse(name).expect("a channel")
}

fn key(name: &str) -> ThreadKey {
    ThreadKey {
        channel: channel(name),
        thread: ThreadId::parse("t 1").expect("a thread"),
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[tokio::test]
async fn an_answer_that_is_sent_twice_is_one_message() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "My bill is wrong").await;
    for _ in 0..2 {
        let sent = desk.reply("box-1", "Which month is it?").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(sent.goes_to, "/desk/threads/chat/t%201?said=sent#newest");
    }
    assert_eq!(desk.kept().await, (2, 0));
    let page = desk.page("kim", "chat").await;
    assert!(page.html.contains("Which month is it?"));
    assert!(
        page.html
            .contains("One more that is not a thank-you rings.")
    );
    desk.stop().await;
}

#[tokio::test]
async fn another_text_from_the_same_box_is_not_taken_for_a_repetition() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "My bill is wrong").await;
    for text in ["Which month?", "Which month is it?", "Which month is it?"] {
        let sent = desk.reply("box-1", text).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    let sent = desk.reply("m1", "It was May, I see.").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    for text in ["Ask billing", "Billing was asked", "Billing was asked"] {
        let noted = desk.note("box-2", text).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(desk.kept().await, (4, 2));
    let page = desk.page("kim", "chat").await;
    for text in [
        "Which month?",
        "Which month is it?",
        "It was May",
        "Ask billing",
    ] {
        assert!(page.html.contains(text), "{text}");
    }
    desk.stop().await;
}

#[tokio::test]
async fn an_answer_that_asks_for_a_secret_waits_above_the_box_until_its_agent_decides() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "I cannot log in").await;
    let asks = "Please tell me your <b>password</b> and your PIN";
    let held = desk.reply("box-1", asks).await;
    assert_eq!(held.goes_to, "/desk/threads/chat/t%201?said=held#held");
    assert_eq!(desk.kept().await, (1, 0));
    let page = desk.page("kim", "chat").await.html;
    assert!(page.contains("your &#60;b&#62;password"), "{page}");
    assert!(page.contains("Send anyway") && page.contains("Ring instead"));
    assert!(
        !page.contains("value=\"box-1\""),
        "the box is free for others"
    );
    let changed = desk.page_with("kim", "change=1").await.html;
    assert!(changed.contains("value=\"box-1\""), "it stays the same box");
    let sent = desk.decide("kim", 1, "send").await;
    assert_eq!(sent.goes_to, "/desk/threads/chat/t%201?said=sent#newest");
    assert_eq!(desk.kept().await, (2, 0));
    for (then, said) in [("send", "sent_before"), ("discard", "sent_before")] {
        let again = desk.decide("kim", 1, then).await;
        assert!(again.goes_to.contains(said), "{}", again.goes_to);
    }
    assert_eq!(desk.kept().await, (2, 0));
    assert!(!desk.page("kim", "chat").await.html.contains("Send anyway"));
    desk.stop().await;
}

#[tokio::test]
async fn only_its_agent_decides_on_a_held_answer_and_only_supervisors_see_it_too() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "I cannot log in").await;
    desk.reply("box-1", "Please tell me your password").await;
    for then in ["send", "discard"] {
        let refused = desk.decide("boss", 1, then).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
    let boss = desk.page("boss", "chat").await.html;
    assert!(boss.contains("kim has not sent this yet"), "{boss}");
    assert!(!boss.contains("Send anyway"));
    let ann = desk.page("ann", "chat").await.html;
    assert!(!ann.contains("tell me your password"), "{ann}");
    assert_eq!(desk.kept().await, (1, 0));
    desk.stop().await;
}

#[tokio::test]
async fn what_nobody_decided_on_in_time_is_back_in_its_agents_box() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "I cannot log in").await;
    desk.reply("box-1", "Please tell me your password").await;
    desk.parts.clock.advance(Length::minutes(15));
    let late = desk.decide("kim", 1, "send").await;
    assert!(
        late.goes_to.contains("said=held_too_late"),
        "{}",
        late.goes_to
    );
    let page = desk.page("kim", "chat").await.html;
    for says in [
        "Your answer came back, unsent",
        "Your answer was not sent",
        "value=\"box-1\"",
        ">Please tell me your password</textarea>",
    ] {
        assert!(page.contains(says), "{says} is not in {page}");
    }
    let boss = desk.page("boss", "chat").await.html;
    assert!(!boss.contains("was not sent"), "{boss}");
    let sent = desk.reply("box-1", "We ring you.").await;
    assert!(sent.goes_to.contains("said=sent"));
    let page = desk.page("kim", "chat").await.html;
    assert!(
        !page.contains("unsent") && !page.contains("was not sent"),
        "{page}"
    );
    assert_eq!(desk.kept().await, (2, 0));
    desk.stop().await;
}

#[tokio::test]
async fn ringing_instead_ends_the_held_answer_and_says_what_came_of_it() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "I cannot log in").await;
    desk.reply("box-1", "Please tell me your password").await;
    let rings = desk.ring("kim", Some(1)).await;
    assert!(
        rings.goes_to.contains("said=will_ring"),
        "{}",
        rings.goes_to
    );
    let page = desk.page("kim", "chat").await.html;
    assert!(page.contains("An agent chose to ring."), "{page}");
    assert!(!page.contains("tell me your password"));
    let again = desk.ring("kim", None).await;
    assert!(again.goes_to.contains("said=rings"));
    desk.stop().await;
}

#[tokio::test]
async fn nothing_and_too_much_are_not_sent() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "Hello").await;
    let empty = desk.reply("box-1", " \r\n ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.html.contains("Write something first."));
    let long = "x".repeat(MAX_TYPED + 1);
    let long = desk.reply("box-1", &long).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        long.html
            .contains("This is 4001 characters long; 4000 is the most.")
    );
    let note = desk.note("box-2", "").await;
    assert_eq!(note.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.kept().await, (1, 0));
    desk.stop().await;
}

#[tokio::test]
async fn a_note_that_is_kept_twice_is_one_note_and_no_message() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "My bill is wrong").await;
    for _ in 0..2 {
        let noted = desk.note("box-1", "Billing knows of this").await;
        assert_eq!(noted.goes_to, "/desk/threads/chat/t%201?said=noted#newest");
    }
    assert_eq!(desk.kept().await, (1, 1));
    let page = desk.page("kim", "chat").await;
    assert!(page.html.contains("Billing knows of this"));
    desk.stop().await;
}

#[tokio::test]
async fn a_correction_is_told_under_its_message() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "How do I cancel the trial?")
        .await;
    desk.reply("box-1", "Settings, Plan, Cancel.").await;
    desk.customer("chat", "m2", "Great, thanks a lot!").await;
    let form = CorrectForm {
        message: "m2".to_owned(),
        correction: Correction::NotThanks,
    };
    let sent = signed(by("kim"), form);
    let corrected = super::correct(desk.state(), Named(key("chat")), sent).await;
    let corrected = Answer::of(corrected).await;
    let anchor = "/desk/threads/chat/t%201?said=corrected#m-6d32";
    assert_eq!(corrected.goes_to, anchor);
    let page = desk.page("kim", "chat").await;
    assert!(page.html.contains("id=\"m-6d32\""));
    assert!(
        page.html.contains("<strong>kim</strong> said: not thanks"),
        "{}",
        page.html
    );
    desk.stop().await;
}

#[tokio::test]
async fn what_ringback_only_watches_is_answered_elsewhere() {
    let desk = Desk::new().await;
    desk.customer("post", "m1", "My bill is wrong").await;
    let page = desk.page("kim", "post").await;
    assert!(
        page.html
            .contains("Answer on post: Ringback only watches it.")
    );
    assert!(!page.html.contains("reply-text"));
    let form = TextForm {
        id: "box-1".to_owned(),
        text: Private::new("Which month?".to_owned()),
    };
    let sent = signed(by("kim"), form);
    let refused = super::reply(desk.state(), Named(key("post")), desk.times(), sent).await;
    assert_eq!(Answer::of(refused).await.status, StatusCode::BAD_REQUEST);
    desk.stop().await;
}

#[tokio::test]
async fn who_does_not_work_the_desk_finds_nothing_and_changes_nothing() {
    let desk = Desk::new().await;
    desk.customer("chat", "m1", "My bill is wrong").await;
    let text = || TextForm {
        id: "box-1".to_owned(),
        text: Private::new("I may not be here".to_owned()),
    };
    let correct = CorrectForm {
        message: "m1".to_owned(),
        correction: Correction::Thanks,
    };
    let (state, here, lee) = (|| desk.state(), || Named(key("chat")), || by("lee"));
    let part = Query(pages::Part::default());
    let answers = [
        pages::thread(state(), lee(), here(), desk.times(), part).await,
        pages::test(state(), lee(), here()).await,
        super::reply(state(), here(), desk.times(), signed(lee(), text())).await,
        super::note(state(), here(), desk.times(), signed(lee(), text())).await,
        super::correct(state(), here(), signed(lee(), correct)).await,
        super::unmute(state(), here(), signed(lee(), Nothing {})).await,
        super::typing(state(), here(), signed(lee(), Nothing {})).await,
    ];
    for answer in answers {
        let answer = Answer::of(answer).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(!answer.html.contains("bill"));
    }
    assert_eq!(desk.kept().await, (1, 0));
    assert_eq!(desk.page("kim", "chat").await.status, StatusCode::OK);
    desk.stop().await;
}

#[tokio::test]
async fn a_thread_that_is_not_there_is_not_found() {
    let desk = Desk::new().await;
    assert_eq!(desk.page("kim", "chat").await.status, StatusCode::NOT_FOUND);
    let reply = desk.reply("box-1", "Anybody?").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    let note = desk.note("box-1", "Nobody").await;
    assert_eq!(note.status, StatusCode::NOT_FOUND);
    desk.stop().await;
}
