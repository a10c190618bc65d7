//! Planted secrets: data of every kind and in several languages comes in on every way there is, and
//! is then looked for, byte for byte, in all that Ringback keeps, tells, shows and logs.
//!
//! Whoever adds a way in or out adds it here: hand in one of [`SECRETS`], and put what came out
//! before [`assert_nothing_planted`].

use std::{fs, path::Path};

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    support::{
        bot::{Bot, Home},
        client::{Answer, Client, customer},
        person::Person,
        receiver::Receiver,
    },
    webchat::customer::Customer,
};

/// What must be found nowhere: the secret itself, and a message that tells it.
pub(crate) const SECRETS: &[(&str, &str)] = &[
    ("4000 0566 5566 5556", "Charge 4000 0566 5566 5556, please"),
    ("3782-822463-10005", "it's Amex: 3782-822463-10005."),
    (
        "５５５５ ５５５５ ５５５５ ４４４４",
        "カードは ５５５５ ５５５５ ５５５５ ４４４４ です",
    ),
    (
        "DE75512108001245126199",
        "Meine IBAN: DE75512108001245126199",
    ),
    (
        "IT60 X054 2811 1010 0000 0123 456",
        "il mio IBAN è IT60 X054 2811 1010 0000 0123 456",
    ),
    ("536-22-8726", "my SSN is 536-22-8726"),
    ("JG 10 37 59 A", "NI number JG 10 37 59 A"),
    ("Zitronenfalter7", "Mein Passwort lautet Zitronenfalter7"),
    ("gato$Negro99", "mi contraseña es gato$Negro99"),
    ("83915207", "mon code PIN est 83915207"),
    ("73916402", "meu código de verificação é 73916402"),
    ("17/03/1968", "je suis née le 17/03/1968"),
    ("C01X00T47", "passport number C01X00T47"),
    ("31926819", "My bank account number is 31926819"),
];

/// A card that two messages tell together. Its first half is no secret until the second one comes.
const HALVES: [&str; 2] = ["5105 1051", "0510 5100"];

/// Something that came out: what it is, and its bytes.
type Found<'a> = (&'a str, &'a [u8]);

/// Checks that none of the secrets stands in any of these, whole.
#[track_caller]
pub(crate) fn assert_nothing_planted(places: &[Found<'_>]) {
    let secrets: Vec<&str> = SECRETS.iter().map(|(secret, _)| *secret).collect();
    assert_found_nowhere(&secrets, places);
}

#[track_caller]
fn assert_found_nowhere(secrets: &[&str], places: &[Found<'_>]) {
    let mut leaks = Vec::new();
    for (place, bytes) in places {
        assert!(!bytes.is_empty(), "{place} is empty: nothing was looked at");
        for secret in secrets {
            let mut windows = bytes.windows(secret.len());
            if let Some(at) = windows.position(|window| window == secret.as_bytes()) {
                let around = &bytes[at.saturating_sub(120)..(at + 60).min(bytes.len())];
                let around = String::from_utf8_lossy(around);
                leaks.push(format!("{secret} is in {place}: {around}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
}

/// The database's files as they are now, by name.
pub(crate) fn database_files(home: &Home) -> Vec<(String, Vec<u8>)> {
    let folder = home.path("");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(Path::new(&folder))
        .expect("a folder")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("readable"))
        })
        .filter(|(name, bytes)| name.starts_with("ringback.db") && !bytes.is_empty())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// All that came out of the running bot.
#[derive(Default)]
struct Out(Vec<(String, Vec<u8>)>);

impl Out {
    fn keep(&mut self, what: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((what.into(), bytes.into()));
    }

    fn answer(&mut self, what: impl Into<String>, answer: &Answer) {
        let headers = format!("{:?}\n{}", answer.headers, answer.text);
        self.keep(what, headers);
    }

    fn places(&self) -> Vec<Found<'_>> {
        self.0
            .iter()
            .map(|(what, bytes)| (what.as_str(), bytes.as_slice()))
            .collect()
    }
}

/// Every secret as the API takes it: from either party, one a thread, in public too.
async fn through_the_api(client: &Client, out: &mut Out) {
    for (number, (_, text)) in SECRETS.iter().enumerate() {
        let mut message = customer("api", &format!("c{number}"), text);
        message["from"] = ["customer", "agent", "bot"][number % 3].into();
        message["visibility"] = ["private", "public"][number % 2].into();
        out.answer("the API's answer", &client.messages(&message).await);
        message["id"] = "".into();
        out.answer("the API's refusal", &client.messages(&message).await);
    }
    let broken = format!("{{\"text\": \"{}\", oops}}", SECRETS[0].1);
    let answer = client.raw_messages("application/x-ndjson", broken).await;
    out.answer("the API's answer to bad JSON", &answer);
    client
        .messages(&customer("edited", "m1", "My bill is wrong"))
        .await
        .results();
    for (number, (_, text)) in SECRETS.iter().enumerate() {
        let edit = json!({"channel": "chat", "thread": "edited", "id": "m1",
            "edit": format!("e{number}"), "text": text});
        let answer = client.post("/api/v1/edits", &edit).await;
        assert_eq!(answer.results()[0]["status"], "edited");
        out.answer("the API's answer to an edit", &answer);
    }
    for (id, half) in ["h1", "h2"].iter().zip(HALVES) {
        let answer = client.messages(&customer("split", id, half)).await;
        out.answer("the API's answer to a half", &answer);
    }
    for path in [
        "/api/v1/threads/chat/api",
        "/api/v1/threads/chat/edited",
        "/api/v1/threads/chat/split",
        "/api/v1/callbacks",
        "/api/v1/threads/chat/4000%200566%205566%205556",
    ] {
        let answer = client.get(path).await;
        out.keep(
            path.replace("4000%200566%205566%205556", "a card"),
            answer.text,
        );
    }
}

/// Every secret as a customer writes it in the web chat, and what their page is told.
async fn through_the_chat(bot: &Bot, out: &mut Out) {
    let chat = Customer::chatting(bot).await;
    for (number, (_, text)) in SECRETS.iter().enumerate() {
        let line = chat.say(&format!("k{number}"), text).await;
        out.keep("the chat's answer", line.to_string());
    }
    chat.say("h1", HALVES[0]).await;
    let line = chat.say("h2", HALVES[1]).await;
    out.keep("the chat's answer to a half", line.to_string());
    let told = chat.listen("").await.texts(SECRETS.len() + 2).await;
    out.keep("the chat's stream", told.join("\n"));
}

/// Every secret as an agent types it: in answers, notes and a note of a call, and the pages.
async fn through_the_desk(kim: &mut Person, out: &mut Out) {
    let thread = "/desk/threads/chat/t1";
    for (number, (_, text)) in SECRETS.iter().enumerate() {
        let id = format!("{number:032x}");
        for act in ["reply", "note"] {
            let path = format!("{thread}/{act}");
            let answer = kim.submit(&path, &[("id", &id), ("text", text)]).await;
            out.answer(act, &answer);
            if answer.status == 303 {
                let page = answer.location().to_owned();
                out.keep("where a form leads", page.clone());
                kim.get(&page).await;
            }
        }
    }
    kim.get("/desk/callbacks").await;
    kim.submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    let done = [
        ("back", "mine"),
        ("outcome", "solved"),
        ("note", SECRETS[0].1),
    ];
    out.answer("done", &kim.submit("/desk/callbacks/1/done", &done).await);
    for correction in ["not_thanks", "not_secret"] {
        let fields = [("message", "c0"), ("correction", correction)];
        let answer = kim.submit("/desk/threads/chat/api/correct", &fields).await;
        out.answer("a correction", &answer);
    }
    let script: Vec<String> = SECRETS
        .iter()
        .map(|(_, text)| format!("customer: {text}"))
        .collect();
    let tried = [
        ("channel", "chat"),
        ("visibility", "public"),
        ("thread", &script.join("\n")),
    ];
    let answer = kim.submit("/desk/rules", &tried).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    out.answer("the Rules page", &answer);
    for page in [
        "/desk/threads/chat/t1",
        "/desk/threads/chat/t1/test",
        "/desk/threads/chat/api",
        "/desk/threads/chat/api/test",
        "/desk/threads/chat/edited",
        "/desk/threads/chat/split",
        "/desk/threads?state=waiting_on_us",
        "/desk/callbacks",
        "/desk/callbacks?view=mine",
    ] {
        let answer = kim.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        out.answer(page, &answer);
    }
}

/// The only thread of the web chat.
fn chat_thread(home: &Home) -> String {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let sql = "SELECT thread FROM threads WHERE channel = 'shop'";
    database
        .query_row(sql, [], |row| row.get(0))
        .expect("a thread")
}

/// Every secret as an agent answers with it where Ringback carries the answer: held, half of them
/// sent all the same, and the rest left where they are.
async fn through_held_answers(home: &Home, kim: &mut Person, out: &mut Out) {
    let thread = format!("/desk/threads/shop/{}", chat_thread(home));
    for (number, (_, text)) in SECRETS.iter().enumerate() {
        let id = format!("{number:032x}");
        let path = format!("{thread}/reply");
        let answer = kim.submit(&path, &[("id", &id), ("text", text)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        out.answer("a reply in the chat", &answer);
        out.answer("the page after it", &kim.get(&thread).await);
    }
    for held in (1..=SECRETS.len()).step_by(2) {
        let form = [("held", held.to_string()), ("then", "send".to_owned())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let sent = kim.submit(&format!("{thread}/held"), &form).await;
        out.answer("a held answer that was sent", &sent);
    }
    out.answer("the page with held answers", &kim.get(&thread).await);
}

/// What the command line writes of the customers' threads.
fn copies(home: &Home, out: &mut Out) {
    for thread in ["chat/t1".to_owned(), format!("shop/{}", chat_thread(home))] {
        let copy = home.run(&["export", "--thread", &thread]);
        assert!(copy.status.success());
        out.keep("a copy for the customer", copy.stdout);
        let receipt = home.run(&["erase", "--thread", &thread, "--dry-run"]);
        out.keep("what an erasure would do", receipt.stdout);
    }
    let list = home.run(&["audit", "list"]);
    out.keep("the audit", list.stdout);
}

#[tokio::test]
async fn planted_secrets_are_found_nowhere() {
    let receiver = Receiver::start().await;
    let home = Home::new(&format!(
        "{}include_text = true\n[channels.shop]\nkind = \"webchat\"\n",
        receiver.settings()
    ));
    let bot = home.start();
    let client = bot.client(&home.token());
    let mut out = Out::default();
    let asks = customer("t1", "m1", "Please call me on the phone.");
    client.messages(&asks).await.results();

    through_the_api(&client, &mut out).await;
    through_the_chat(&bot, &mut out).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "admin").await;
    through_the_desk(&mut kim, &mut out).await;
    through_held_answers(&home, &mut kim, &mut out).await;
    out.answer(
        "/metrics",
        &client.send(Method::GET, "/metrics", &[], Vec::new()).await,
    );

    // The last thing told, so that all that came before has arrived too.
    client.messages(&customer("split", "last", "hello")).await;
    let is_last = |body: &Value| body["data"]["id"] == "last";
    let hooks = receiver
        .until(|hooks| hooks.iter().any(|hook| is_last(&hook.body)))
        .await;
    for hook in &hooks {
        out.keep("a webhook", hook.body.to_string());
    }
    let masked = |hook: &&crate::support::receiver::Hook| hook.body["type"] == "message.masked";
    assert_eq!(
        hooks.iter().filter(masked).count(),
        2,
        "a copy of each first half"
    );

    let while_it_runs = database_files(&home);
    copies(&home, &mut out);
    let transcript = home.run(&["transcript", "--since", "2020-01-01"]);
    out.keep("the transcript", transcript.stdout);
    let (status, log) = bot.stop();
    assert!(status.success());
    out.keep("the log", log);
    for (name, bytes) in while_it_runs {
        out.keep(format!("{name} while it runs"), bytes);
    }
    let stopped = database_files(&home);
    for (name, bytes) in stopped.clone() {
        out.keep(name, bytes);
    }
    assert_nothing_planted(&out.places());

    // What was no secret at first must be gone as well, from wherever it is kept.
    let mut kept = Out(stopped);
    let shown = |(what, _): &&(String, Vec<u8>)| {
        what.starts_with("/desk") || what.starts_with("/api") || what == "the transcript"
    };
    kept.0.extend(out.0.iter().filter(shown).cloned());
    assert_found_nowhere(&HALVES, &kept.places());
}
