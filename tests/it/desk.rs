//! The desk's pages from outside, as a browser without JavaScript uses them, and the stream that
//! tells an open page to look again.

use std::{fs, time::Duration};

use reqwest::header::COOKIE;

use crate::support::{
    bot::{Bot, Home},
    client::customer,
    person::Person,
};

/// How long nothing may come before a test that waits for more fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A customer asks for a call: callback 1 is due.
async fn somebody_asks_for_a_call(home: &Home, bot: &Bot) {
    let client = bot.client(&home.token());
    let asks = customer("t1", "m1", "Please call me on the phone.");
    let results = client.messages(&asks).await.results();
    assert_eq!(results[0]["decision"]["rule"], "wants_call", "{results:?}");
}

#[tokio::test]
async fn of_two_who_claim_one_wins_and_the_other_is_told_who() {
    let home = Home::new("");
    let bot = home.start();
    somebody_asks_for_a_call(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let mut lee = Person::signed_in(&home, &bot, "lee", "agent").await;
    for agent in [&mut kim, &mut lee] {
        let page = agent.get("/desk/callbacks").await;
        page.assert_page(200, "action=\"/desk/callbacks/1/claim\"");
    }

    let won = kim
        .submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    kim.get(won.location())
        .await
        .assert_page(200, "It is yours.");
    let lost = lee
        .submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    lee.get(lost.location())
        .await
        .assert_page(200, "kim has it.");

    let stolen = lee
        .submit("/desk/callbacks/1/release", &[("back", "due")])
        .await;
    lee.get(stolen.location())
        .await
        .assert_page(200, "kim has it.");
    let done = [
        ("back", "mine"),
        ("outcome", "solved"),
        ("note", "All is well."),
    ];
    let done = kim.submit("/desk/callbacks/1/done", &done).await;
    kim.get(done.location())
        .await
        .assert_page(200, "the case is solved");
}

#[tokio::test]
async fn a_supervisor_takes_a_callback_out_of_somebodys_hands() {
    let home = Home::new("");
    let bot = home.start();
    somebody_asks_for_a_call(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let mut boss = Person::signed_in(&home, &bot, "boss", "supervisor").await;
    kim.submit("/desk/callbacks/1/claim", &[("back", "due")])
        .await;
    let released = boss
        .submit("/desk/callbacks/1/release", &[("back", "due")])
        .await;
    let page = boss.get(released.location()).await;
    page.assert_page(200, "it is due again");
    page.assert_page(200, "action=\"/desk/callbacks/1/claim\"");
}

#[tokio::test]
async fn a_promised_time_must_be_to_come() {
    let home = Home::new("");
    let bot = home.start();
    somebody_asks_for_a_call(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    for at in ["2020-01-05T14:00", "9999-01-05T14:00", "tomorrow", ""] {
        let later = [("back", "due"), ("at", at), ("zone", "Europe/Berlin")];
        let answer = kim.submit("/desk/callbacks/1/later", &later).await;
        let page = kim.get(answer.location()).await;
        page.assert_page(200, "Choose a time that is still to come");
    }
    let page = kim.get("/desk/callbacks").await.text;
    let (_, rest) = page.split_once("name=\"at\" value=\"").expect("a time");
    let (at, _) = rest.split_once('"').expect("its end");
    let later = [("back", "due"), ("at", at), ("zone", "UTC")];
    let promised = kim.submit("/desk/callbacks/1/later", &later).await;
    kim.get(promised.location())
        .await
        .assert_page(200, "it is due again at that time");
    let scheduled = kim.get("/desk/callbacks?view=scheduled").await;
    scheduled.assert_page(200, "Promised for");
}

#[tokio::test]
async fn who_does_not_work_a_desk_sees_and_does_nothing_on_it() {
    let home = Home::new("rules = \"rules.toml\"");
    let rules = "[desks.main]\nmembers = [\"kim\"]\n";
    fs::write(home.path("rules.toml"), rules).expect("rules written");
    let bot = home.start();
    somebody_asks_for_a_call(&home, &bot).await;
    let mut lee = Person::signed_in(&home, &bot, "lee", "agent").await;
    lee.get("/desk/callbacks")
        .await
        .assert_page(200, "Nobody waits for a call");
    lee.get("/desk/threads?state=needs_call")
        .await
        .assert_page(200, "Text is doing its job");
    let live = lee.get("/desk/live?thread=chat%2Ft1").await;
    live.assert_page(404, "Nothing here");
    for act in ["claim", "release"] {
        let path = format!("/desk/callbacks/1/{act}");
        let answer = lee.submit(&path, &[("back", "due")]).await;
        answer.assert_page(404, "Nothing here");
    }
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    kim.get("/desk/callbacks")
        .await
        .assert_page(200, "/desk/callbacks/1/claim");
}

#[tokio::test]
async fn of_very_many_notices_the_newest_can_be_seen_to_as_well() {
    let home = Home::new("");
    let bot = home.start();
    let exposes = |number: usize| {
        let mut message = customer("t1", &format!("m{number}"), "My card: 4111 1111 1111 1111");
        message["visibility"] = "public".into();
        message
    };
    let many: Vec<_> = (1..=600).map(exposes).collect();
    let client = bot.client(&home.token());
    let taken = client.messages(&many.into()).await.results();
    assert_eq!(taken.len(), 600);
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    for said in ["seen", "seen_before"] {
        let answer = kim
            .submit("/desk/notices/600/seen", &[("back", "due")])
            .await;
        let to = format!("/desk/callbacks?view=due&said={said}");
        assert_eq!(answer.location(), to);
    }
}

#[tokio::test]
async fn an_open_page_is_told_that_something_changed_until_the_server_stops() {
    let home = Home::new("");
    let bot = home.start();
    let kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let http = reqwest::Client::builder().no_proxy().build();
    let request = http
        .expect("a client")
        .get(format!("{}/desk/live", bot.url));
    let cookie = kim.cookie.clone().expect("signed in");
    let mut stream = request
        .header(COOKIE, cookie)
        .send()
        .await
        .expect("an answer");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");

    somebody_asks_for_a_call(&home, &bot).await;
    let mut received = String::new();
    let told = async {
        // Without data a browser would not hear it.
        while !received.contains("event: changed\ndata: changed\n\n") {
            let piece = stream
                .chunk()
                .await
                .expect("a piece")
                .expect("more to come");
            received.push_str(&String::from_utf8_lossy(&piece));
        }
    };
    tokio::time::timeout(PATIENCE, told)
        .await
        .expect("told in time");
    assert!(!received.contains("t1"), "it says what changed: {received}");

    bot.signal("TERM");
    let ends = async { while let Ok(Some(_)) = stream.chunk().await {} };
    tokio::time::timeout(PATIENCE, ends)
        .await
        .expect("ended in time");
    assert!(bot.end().0.success());
}

/// Where a page's link to a draft leads, without its fragment.
#[track_caller]
fn draft_link(page: &str) -> String {
    let (_, behind) = page.split_once("?draft=").expect("a link to a draft");
    let notice: String = behind.chars().take_while(char::is_ascii_digit).collect();
    assert!(behind.starts_with(&format!("{notice}#reply")), "{behind}");
    format!("?draft={notice}")
}

#[tokio::test]
async fn what_an_agent_is_asked_to_say_stands_in_their_box_and_is_sent_by_nobody_else() {
    let home = crate::webchat::customer::home("");
    let settings = fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = format!("rules = \"rules.toml\"\n{settings}");
    fs::write(home.path("ringback.toml"), settings).expect("written");
    let words = "Which number may we ring?";
    let rules = format!("speak = \"never\"\n\n[messages.details_asked]\nen = \"{words}\"\n");
    fs::write(home.path("rules.toml"), rules).expect("written");
    let bot = home.start();
    let chat = crate::webchat::customer::Customer::chatting(&bot).await;
    chat.say("k1", "Please call me on the phone.").await;
    somebody_asks_for_a_call(&home, &bot).await;
    let client = bot.client(&home.token_for(&["read"]));
    let listed = client.get("/api/v1/threads?channel=shop").await.json();
    let thread = listed["threads"][0]["thread"].as_str().expect("an id");
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let mut lee = Person::signed_in(&home, &bot, "lee", "agent").await;
    let queue = kim.get("/desk/callbacks").await;
    queue.assert_page(200, "Write it");
    for (address, label) in [
        (format!("/desk/threads/shop/{thread}"), "Your answer"),
        (
            "/desk/threads/chat/t1".to_owned(),
            "What you could write there",
        ),
    ] {
        let page = kim.get(&address).await;
        page.assert_page(200, "Write it");
        assert!(!page.text.contains(words), "nobody has wished for it");
        let draft = draft_link(&page.text);
        let page = kim.get(&format!("{address}{draft}")).await;
        page.assert_page(200, label);
        page.assert_page(200, &format!(">{words}</textarea>"));
        let other = kim.get(&format!("{address}?draft=999")).await;
        assert!(!other.text.contains(words), "no such notice");
    }
    let messages = format!("/api/v1/threads/shop/{thread}");
    let messages = client.get(&messages).await;
    assert!(!messages.text.contains(words), "nothing is said by itself");

    let page = kim.get("/desk/threads/chat/t1").await;
    let draft = draft_link(&page.text);
    let callbacks = client.get("/api/v1/callbacks?channel=chat").await.json();
    let claim = format!(
        "/desk/callbacks/{}/claim",
        callbacks["callbacks"][0]["id"].as_i64().expect("a number")
    );
    lee.submit(&claim, &[("back", "thread")]).await;
    let page = kim.get("/desk/threads/chat/t1").await;
    assert!(!page.text.contains("Write it"), "it is lee's now");
    let page = kim.get(&format!("/desk/threads/chat/t1{draft}")).await;
    assert!(!page.text.contains(words), "it is lee's now");
}
