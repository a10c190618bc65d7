//! Whether a call helped: asked in the chat, answered by one tap, told nobody else's chat.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::customer::{Customer, assert_refused, home, with};
use crate::support::bot::{Bot, Home};

/// A chat whose customer was rung and is asked whether that helped.
struct Rung {
    home: Home,
    bot: Bot,
    customer: Customer,
    callback: Value,
    /// The line that asks.
    asking: Value,
}

/// Settings whose rules have customers asked.
fn asking_home() -> Home {
    let home = home("");
    let settings = std::fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = format!("rules = \"rules.toml\"\n{settings}");
    std::fs::write(home.path("ringback.toml"), settings).expect("written");
    let rules = "ask_satisfaction = true\n\n[messages.satisfaction_asked]\nen = \"Did it help?\"\n";
    std::fs::write(home.path("rules.toml"), rules).expect("written");
    home.user("kim", "agent");
    home
}

async fn rung() -> Rung {
    let home = asking_home();
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    customer.say("k1", "Please call me about my bill").await;
    let client = bot.client(&home.token());
    let callbacks = client.get("/api/v1/callbacks?state=due").await.json();
    let callback = callbacks["callbacks"][0]["id"].clone();
    let path = format!("/api/v1/callbacks/{callback}");
    let kim = json!({"account": "kim", "outcome": "solved"});
    let claimed = client
        .post(&format!("{path}/claim"), &json!({"account": "kim"}))
        .await;
    assert_eq!(claimed.status, 200, "{}", claimed.text);
    let done = client.post(&format!("{path}/done"), &kim).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(bot.stop().0.success());
    // As if the call had been over for long: what is due then is asked at the start.
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let planned = database
        .execute("UPDATE satisfaction SET done_at = 0", [])
        .expect("written");
    assert_eq!(planned, 1);
    let bot = home.start();
    let customer = customer.at(&bot);
    let mut window = customer.listen("").await;
    let asking = loop {
        let told = window.next().await.expect("the line that asks");
        if told.data["text"] == "Did it help?" {
            break told.data;
        }
        assert_eq!(told.data.get("question"), None, "{}", told.data);
    };
    Rung {
        home,
        bot,
        customer,
        callback,
        asking,
    }
}

async fn tap(customer: &Customer, body: &Value) -> Response {
    let request = customer.ask(Method::POST, "/chat/shop/helped");
    with(request, body).send().await.expect("an answer")
}

#[tokio::test]
async fn one_tap_says_whether_a_call_helped_and_every_window_shows_it() {
    let rung = rung().await;
    let (customer, line) = (&rung.customer, &rung.asking["id"]);
    assert_eq!(rung.asking["question"], json!({"helped": null}));
    let mut window = customer.listen(&line.to_string()).await;
    for helped in [false, true] {
        let kept = tap(customer, &json!({"line": line, "helped": helped})).await;
        assert_eq!(kept.status(), 204);
        let told = window.next().await.expect("the line, changed");
        assert_eq!(told.name, "changed");
        assert_eq!(
            (&told.data["id"], &told.data["question"]),
            (line, &json!({"helped": helped}))
        );
    }
    let client = rung.bot.client(&rung.home.token_for(&["read"]));
    let due = client.get("/api/v1/callbacks?state=due").await.json();
    assert_eq!(due["callbacks"], json!([]), "an answer is no message");
}

#[tokio::test]
async fn a_thank_you_after_which_the_call_did_not_help_comes_out_labelled() {
    let thanks = "Great, that worked, thank you so much!";
    let rung = rung().await;
    rung.customer.say("k2", "My bill is still wrong").await;
    rung.customer.say("k3", thanks).await;
    let corrected = || {
        let ran = rung.home.run(&["corrections"]);
        assert!(ran.status.success());
        let lines = String::from_utf8(ran.stdout).expect("text");
        let read = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
        lines.lines().map(read).collect::<Vec<_>>()
    };
    let answers = |helped| json!({"line": rung.asking["id"], "helped": helped});
    assert_eq!(tap(&rung.customer, &answers(false)).await.status(), 204);
    let kept = corrected();
    let [example] = kept.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(example["text"], thanks);
    assert_eq!(example["labels"], json!({"closing": null}));
    assert_eq!(example["origin"], "customer");
    assert_eq!(example["how"], "not_helped");
    // Whoever changes their mind takes it back.
    assert_eq!(tap(&rung.customer, &answers(true)).await.status(), 204);
    assert_eq!(corrected(), [] as [Value; 0]);
}

#[tokio::test]
async fn an_answer_stands_after_an_hour() {
    let rung = rung().await;
    let (customer, line) = (&rung.customer, &rung.asking["id"]);
    let yes = json!({"line": line, "helped": true});
    assert_eq!(tap(customer, &yes).await.status(), 204);
    let database = rusqlite::Connection::open(rung.home.path("ringback.db")).expect("opened");
    database
        .execute("UPDATE satisfaction SET answered_at = 0", [])
        .expect("written");
    let no = json!({"line": line, "helped": false});
    assert_refused(&tap(customer, &no).await, 409, "too late");
    assert_eq!(tap(customer, &yes).await.status(), 204, "as it stands");
    let client = rung.bot.client(&rung.home.token_for(&["messages"]));
    let path = format!("/api/v1/callbacks/{}/satisfaction", rung.callback);
    let late = client.post(&path, &json!({"helped": false})).await;
    late.assert_problem(409, "too-late");
}

#[tokio::test]
async fn a_chat_speaks_of_its_own_calls_only() {
    let rung = rung().await;
    let (customer, line) = (&rung.customer, &rung.asking["id"]);
    let no = json!({"line": line, "helped": false});
    let other = Customer::chatting(&rung.bot).await;
    assert_refused(&tap(&other, &no).await, 404, "another's call");
    let nobody = Customer::new(&rung.bot);
    assert_refused(&tap(&nobody, &no).await, 401, "no chat");
    let own = json!({"line": 1, "helped": false});
    assert_refused(&tap(customer, &own).await, 404, "a line that asks nothing");
    for wrong in [
        json!({"line": line}),
        json!({"line": line, "helped": null}),
        json!({"line": "x", "helped": true}),
        json!({"line": line, "helped": true, "more": 1}),
    ] {
        assert_refused(&tap(customer, &wrong).await, 400, &wrong.to_string());
    }
    let foreign = customer.ask(Method::POST, "/chat/shop/helped");
    let foreign = with(foreign, &no).header("origin", "https://evil.example");
    assert_refused(&foreign.send().await.expect("an answer"), 403, "foreign");
    let mut window = customer.listen("").await;
    let asking = loop {
        let told = window.next().await.expect("a line");
        if told.data["id"] == *line {
            break told.data;
        }
    };
    assert_eq!(asking["question"], json!({"helped": null}), "nothing kept");
}

#[tokio::test]
async fn a_chat_changes_its_mind_so_often_an_hour() {
    let rung = rung().await;
    let yes = json!({"line": rung.asking["id"], "helped": true});
    for _ in 0..20 {
        assert_eq!(tap(&rung.customer, &yes).await.status(), 204);
    }
    let refused = tap(&rung.customer, &yes).await;
    assert_refused(&refused, 429, "the next one");
    assert!(refused.headers().contains_key("retry-after"));
}
