//! A customer with a browser, and the Ringback that asks them to fill a form in.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::{
    domain::{
        form::{FormRequestId, FormState, Purpose},
        ids::{AccountName, Author, ChannelName, FormName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        reading::Language,
        time::Length,
    },
    engine::{Asked, Clock, Running},
    rules::{
        Rules,
        forms::{FieldFormat, Form, FormField, Localised},
    },
    settings::Settings,
    store::rows::forms::{FormRequestRow, LinkHash},
    vault::Vault,
    web::{self, Parts, tests::started, token::Token},
};

const HOST: &str = "127.0.0.1:8080";
pub(super) const ORIGIN: &str = "http://127.0.0.1:8080";

/// A Ringback on a fresh database.
pub(super) struct Bot {
    pub(super) parts: Parts,
    running: Running,
    folder: TempDir,
}

impl Bot {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::of_text("[channels.shop]\nkind = \"webchat\"").expect("valid");
        settings.database = folder.path().join("ringback.db");
        let mut rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid");
        rules.forms = vec![form()];
        let clock = Clock::manual("2026-01-05T10:00:00Z".parse().expect("a time"));
        let vault = Vault::with_key_file(folder.path().join("keys/forms.key"), clock.now());
        let (parts, running) = started(settings, rules, clock, vault.expect("a key")).await;
        let bot = Self {
            parts,
            running,
            folder,
        };
        bot.customer_writes("Please change the address of my account")
            .await;
        bot
    }

    async fn customer_writes(&self, text: &str) {
        let message = Message {
            thread: thread(),
            id: MessageId::parse("m1").expect("an id"),
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

    /// Asks for the identity form.
    pub(super) async fn ask(&self) -> FormRequestId {
        self.ask_for(Purpose::Identity(name())).await
    }

    pub(super) async fn ask_for(&self, purpose: Purpose) -> FormRequestId {
        let by = AccountName::parse("kim").expect("a name");
        let asked = self.parts.engine.ask_form(thread(), purpose, by).await;
        match asked.expect("asked") {
            Asked::Told(id) | Asked::LinkWanted(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Makes a link: its path.
    pub(super) async fn link(&self, id: FormRequestId) -> String {
        let token = Token::generate().expect("random bits");
        let hash = LinkHash(token.sha256());
        let made = self.parts.engine.make_form_link(thread(), id, hash, None);
        made.await.expect("kept").expect("it is open");
        format!("/form/{}", token.reveal())
    }

    pub(super) async fn request(&self, id: FormRequestId) -> FormRequestRow {
        let found = self.parts.engine.store().form_request(id).await;
        found.expect("read").expect("a form")
    }

    pub(super) async fn state(&self, id: FormRequestId) -> FormState {
        self.request(id).await.state
    }

    pub(super) fn later(&self, length: Length) {
        self.parts.clock.advance(length);
    }

    /// The files of the database, for looking for bytes that must not be there.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        files
            .map(|file| file.expect("a file").path())
            .filter(|path| path.is_file())
            .collect()
    }

    pub(super) async fn stop(self) {
        drop(self.parts);
        self.running.stop(Duration::from_secs(60)).await;
    }
}

/// The desk's brand is one that a page must escape.
const RULES: &str = "[desks.main]\nbrand = \"Smith & Daughters\"\n";

fn name() -> FormName {
    FormName::parse("identity").expect("a name")
}

fn thread() -> ThreadKey {
    ThreadKey {
        channel: ChannelName::parse("shop").expect("a channel"),
        thread: ThreadId::parse("t1").expect("a thread"),
    }
}

fn texts(english: &str, german: &str) -> Localised {
    let german = (
        Language::parse("de").expect("a language"),
        german.to_owned(),
    );
    Localised(BTreeMap::from([
        (Language::ENGLISH, english.to_owned()),
        german,
    ]))
}

/// A form with a field of each format.
fn form() -> Form {
    let none = || Localised(BTreeMap::new());
    let field = |name: &str, label: Localised, format, optional| FormField {
        name: name.to_owned(),
        label,
        help: none(),
        format,
        optional,
    };
    let choices = |count: u32| {
        let choice = |number| {
            (
                format!("c{number}"),
                texts(&format!("Choice {number}"), "Wahl"),
            )
        };
        FieldFormat::Choice((1..=count).map(choice).collect())
    };
    let digits = FieldFormat::Digits { least: 4, most: 4 };
    Form {
        name: name(),
        title: texts(
            "Before we change your address",
            "Bevor wir Ihre Adresse ändern",
        ),
        why: texts(
            "So that nobody else can do it.",
            "Damit es niemand sonst kann.",
        ),
        topics: Vec::new(),
        fields: vec![
            field(
                "full_name",
                texts("Full name", "Name"),
                FieldFormat::Text,
                false,
            ),
            field(
                "birth_date",
                texts("Date of birth", "Geburtsdatum"),
                FieldFormat::Date,
                false,
            ),
            field(
                "customer_number",
                texts("Last four digits", "Letzte vier Ziffern"),
                digits,
                false,
            ),
            field("email", texts("E-mail", "E-Mail"), FieldFormat::Email, true),
            field(
                "how",
                texts("Which contract?", "Welcher Vertrag?"),
                choices(2),
                false,
            ),
            field(
                "where",
                texts("Which shop?", "Welcher Laden?"),
                choices(9),
                true,
            ),
        ],
    }
}

/// A browser without scripts, that keeps cookies if it is told to.
pub(super) struct Browser<'a> {
    routes: Router,
    cookies: BTreeMap<String, String>,
    pub(super) keeps_cookies: bool,
    pub(super) headers: Vec<(&'static str, &'static str)>,
    _bot: &'a Bot,
}

/// What it gets.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl<'a> Browser<'a> {
    pub(super) fn new(bot: &'a Bot) -> Self {
        Self {
            routes: web::routes(bot.parts.clone()),
            cookies: BTreeMap::new(),
            keeps_cookies: true,
            headers: Vec::new(),
            _bot: bot,
        }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    /// Presses the button of a link's page.
    pub(super) async fn press(&mut self, path: &str) -> Answer {
        self.ask(Method::POST, path, "").await
    }

    /// Opens a link and follows it to the form.
    pub(super) async fn open(&mut self, path: &str) -> Answer {
        assert_eq!(self.get(path).await.status, 200);
        let pressed = self.press(path).await;
        let to = pressed.location().to_owned();
        self.get(&to).await
    }

    /// Sends the form with these fields and the page's `csrf`.
    pub(super) async fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let csrf = page.csrf();
        let fields = fields.iter().copied().chain([("csrf", csrf)]);
        let body = serde_urlencoded::to_string(fields.collect::<Vec<_>>()).expect("a form");
        self.ask(Method::POST, "/form", &body).await
    }

    pub(super) async fn ask(&mut self, method: Method, path: &str, body: &str) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let peer: SocketAddr = ([127, 0, 0, 1], 1).into();
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, HOST)
            .extension(ConnectInfo(peer));
        let is_named = |name: &str| self.headers.iter().any(|(named, _)| *named == name);
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if !is_named("origin") {
                request = request.header(header::ORIGIN, ORIGIN);
            }
        }
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let response = self
            .routes
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let answer = Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).expect("UTF-8"),
        };
        if self.keeps_cookies {
            self.keep(&answer.headers);
        }
        answer
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("text");
            let (name, rest) = set.split_once('=').expect("a name");
            let (value, _) = rest.split_once(';').expect("attributes");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    /// Where it leads.
    #[track_caller]
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers["location"].to_str().expect("text")
    }

    fn csrf(&self) -> &str {
        let (_, rest) = self
            .text
            .split_once("name=\"csrf\" value=\"")
            .expect("a form");
        rest.split_once('"').expect("a value").0
    }

    /// Checks that this is a page with that heading.
    #[track_caller]
    pub(super) fn assert_titled(&self, status: u16, title: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        let heading = format!("<h1>{title}</h1>");
        assert!(
            self.text.contains(&heading),
            "{title} is not in {}",
            self.text
        );
    }
}

/// What is typed into the form where all is right.
pub(super) const RIGHT: &[(&str, &str)] = &[
    ("f-full_name", "Robin Quillfeather"),
    ("f-birth_date", "4 May 1990"),
    ("f-customer_number", "12 34"),
    ("f-email", ""),
    ("f-how", "c2"),
    ("f-where", ""),
];
