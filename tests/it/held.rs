//! Answers that are held back and forms that the desk asks for, through the front door: an agent in
//! front of a browser without JavaScript, a customer in the web chat, and a server that is killed.

use rusqlite::Connection;
use serde_json::json;

use crate::{
    support::{
        bot::{Bot, Home},
        client::customer,
        person::Person,
    },
    webchat::customer::{Customer, home},
};

/// Asks for what has no place in a chat.
const ASKS: &str = "Please tell me your date of birth.";

/// A customer of the web chat who has written, and the page of their thread.
async fn chat(home: &Home, bot: &Bot) -> (Customer, String) {
    let customer = Customer::chatting(bot).await;
    customer.say("k1", "I cannot get into my account").await;
    (customer, page_of(home))
}

/// The address of the only thread.
fn page_of(home: &Home) -> String {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let thread: String = database
        .query_row("SELECT thread FROM threads", [], |row| row.get(0))
        .expect("a thread");
    format!("/desk/threads/shop/{thread}")
}

/// What an agent has typed into the answer box of a page.
async fn answer(person: &mut Person, page: &str, id: &str, text: &str) -> String {
    let path = format!("{page}/reply");
    let fields = [("id", id), ("text", text)];
    let answer = person.submit(&path, &fields).await;
    answer.location().to_owned()
}

/// The same person after the server has been killed, on a new connection.
fn still(bot: &Bot, person: &Person) -> Person {
    let mut still = Person::new(bot);
    (still.cookie, still.csrf) = (person.cookie.clone(), person.csrf.clone());
    still
}

/// How many messages and how many answers that stand there are.
fn kept(home: &Home) -> (i64, i64) {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let count = |sql| database.query_row(sql, [], |row| row.get(0)).expect("read");
    (
        count("SELECT count(*) FROM messages WHERE party = 'agent'"),
        count("SELECT count(*) FROM held_answers WHERE state IN ('held', 'returned')"),
    )
}

#[tokio::test]
async fn an_answer_that_asks_for_a_secret_is_neither_lost_nor_sent_twice_by_a_kill() {
    let home = home("");
    let bot = home.start();
    let (_, page) = chat(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let held = answer(&mut kim, &page, "box-1", ASKS).await;
    assert_eq!(held, format!("{page}?said=held#held"));
    assert_eq!(kept(&home), (0, 1));
    let address = bot.url.trim_start_matches("http://").to_owned();
    bot.kill();

    let bot = home.start_at(&address);
    let mut kim = still(&bot, &kim);
    let shown = kim.get(&page).await;
    shown.assert_page(200, "Not sent yet");
    shown.assert_page(200, ASKS);
    let send = [("held", "1"), ("then", "send")];
    let sent = kim.submit(&format!("{page}/held"), &send).await;
    assert_eq!(sent.location(), format!("{page}?said=sent#newest"));
    bot.kill();

    let bot = home.start_at(&address);
    let mut kim = still(&bot, &kim);
    assert_eq!(kept(&home), (1, 0));
    let again = kim.submit(&format!("{page}/held"), &send).await;
    kim.get(again.location())
        .await
        .assert_page(200, "It had been sent already.");
    assert_eq!(
        answer(&mut kim, &page, "box-1", ASKS).await,
        sent.location()
    );
    assert_eq!(kept(&home), (1, 0), "the box's own form, sent again");
    drop(bot);
}

#[tokio::test]
async fn what_is_changed_takes_the_place_of_what_is_held_and_is_sent() {
    let home = home("");
    let bot = home.start();
    let (_, page) = chat(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let text = "The refund goes to 4111 1111 1111 1111.";
    answer(&mut kim, &page, "box-1", text).await;
    let shown = kim.get(&page).await;
    shown.assert_page(200, "payment card hidden");
    assert!(!shown.text.contains("4111"), "{}", shown.text);
    let changing = kim.get(&format!("{page}?change=1")).await;
    changing.assert_page(200, "The refund goes to ⟦payment_card⟧.</textarea>");
    changing.assert_page(200, "value=\"box-1\"");
    let sent = answer(&mut kim, &page, "box-1", "The refund is on its way.").await;
    assert!(sent.contains("said=sent"), "{sent}");
    assert_eq!(kept(&home), (1, 0));
    let late = [("held", "1"), ("then", "send")];
    let late = kim.submit(&format!("{page}/held"), &late).await;
    kim.get(late.location())
        .await
        .assert_page(200, "not held any more");
}

#[tokio::test]
async fn a_held_answer_gives_way_to_a_form_or_a_call() {
    let home = home("");
    let bot = home.start();
    let (_, page) = chat(&home, &bot).await;
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    answer(&mut kim, &page, "box-1", ASKS).await;
    let rings = kim.submit(&format!("{page}/ring"), &[("held", "1")]).await;
    let shown = kim.get(rings.location()).await;
    shown.assert_page(200, "A callback is open");
    shown.assert_page(200, "An agent chose to ring.");
    assert!(!shown.text.contains("Not sent yet"));
    kim.get("/desk/callbacks")
        .await
        .assert_page(200, "An agent chose to ring.");

    answer(&mut kim, &page, "box-2", ASKS).await;
    let form = [("details", "yes"), ("held", "2"), ("back", "thread")];
    let asked = kim.submit(&format!("{page}/forms"), &form).await;
    let shown = kim.get(asked.location()).await;
    shown.assert_page(200, "Details for a call");
    shown.assert_page(200, "not opened yet");
    assert!(!shown.text.contains("Not sent yet"));
    kim.get("/desk/callbacks")
        .await
        .assert_page(200, "Asked for their number");
    assert_eq!(kept(&home), (0, 0));
}

#[tokio::test]
async fn where_ringback_carries_nothing_a_link_is_shown_once_and_never_in_an_address() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let asks = customer("t", "m1", "I cannot get into my account");
    assert_eq!(client.messages(&asks).await.results().len(), 1);
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let page = "/desk/threads/chat/t";
    let form = [("details", "yes"), ("back", "due")];
    let asked = kim.submit(&format!("{page}/forms"), &form).await;
    assert_eq!(
        asked.location(),
        format!("{page}?said=link_wanted#thread-forms")
    );
    let shown = kim.get(asked.location()).await;
    shown.assert_page(200, "Make a link");
    assert!(!shown.text.contains("/form/"));
    let mut links = Vec::new();
    for _ in 0..2 {
        let link = kim.submit(&format!("{page}/forms/1/link"), &[]).await;
        link.assert_page(200, "It is not shown again");
        assert_eq!(link.headers["cache-control"], "no-store");
        let (_, rest) = link.text.split_once("/form/").expect("a link");
        let (token, _) = rest.split_once('"').expect("its end");
        links.push(token.to_owned());
    }
    assert_ne!(links[0], links[1], "each is new");
    let (_, log) = bot.stop();
    for link in &links {
        assert!(!log.contains(link.as_str()), "a link is in the log");
        let kept = std::fs::read(home.path("ringback.db")).expect("read");
        let link = link.as_bytes();
        assert!(!kept.windows(link.len()).any(|part| part == link));
    }
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "ann", "agent").await;
    let back = kim.submit(&format!("{page}/forms/1/withdraw"), &[]).await;
    kim.get(back.location())
        .await
        .assert_page(200, "Taken back");
    let gone = kim.submit(&format!("{page}/forms/1/link"), &[]).await;
    kim.get(gone.location())
        .await
        .assert_page(200, "not open any more");
    let other = kim.submit("/desk/threads/chat/t/forms/9/link", &[]).await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn no_form_is_offered_to_who_wrote_in_public_last() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    let mut asks = customer("t", "m1", "I cannot get into my account");
    asks["visibility"] = json!("public");
    assert_eq!(client.messages(&asks).await.results().len(), 1);
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let form = [("details", "yes"), ("back", "thread")];
    let refused = kim.submit("/desk/threads/chat/t/forms", &form).await;
    kim.get(refused.location())
        .await
        .assert_page(200, "they wrote in public last");
    let unclear = [("details", "yes"), ("identity", "check"), ("back", "due")];
    let unclear = kim.submit("/desk/threads/chat/t/forms", &unclear).await;
    assert_eq!(unclear.status, 400);
}

#[tokio::test]
async fn who_asked_for_a_secret_from_elsewhere_is_told_alone_with_better_ways_at_hand() {
    let home = Home::new("");
    let bot = home.start();
    let mut kim = Person::signed_in(&home, &bot, "kim", "agent").await;
    let mut lee = Person::signed_in(&home, &bot, "lee", "agent").await;
    let client = bot.client(&home.token());
    let mut asks = customer("t", "a1", ASKS);
    (asks["from"], asks["author"]) = (json!("agent"), json!("Kim"));
    let opens = customer("t", "m1", "I cannot get into my account");
    for message in [opens, asks] {
        assert_eq!(client.messages(&message).await.results().len(), 1);
    }
    let told = "You asked for identity data";
    let others = lee.get("/desk/callbacks").await;
    assert!(!others.text.contains("asked for identity data"));
    let own = kim.get("/desk/callbacks").await;
    own.assert_page(200, told);
    let seen = lee.submit("/desk/notices/1/seen", &[("back", "due")]).await;
    lee.get(seen.location())
        .await
        .assert_page(200, "Somebody had seen to it");
    kim.get("/desk/callbacks").await.assert_page(200, told);
    let ring = [("notice", "1")];
    let rings = kim.submit("/desk/threads/chat/t/ring", &ring).await;
    kim.get(rings.location())
        .await
        .assert_page(200, "A callback is open");
    let after = kim.get("/desk/callbacks").await;
    assert!(!after.text.contains(told), "it is seen to");
}
