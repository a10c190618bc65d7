//! What we write and Telegram carries: it arrives once, in pieces if it must; what does not arrive is told
//! and can be sent again; nothing is sent twice by a kill.

use std::time::Duration;

use serde_json::json;

use super::team::Team;
use crate::support::{
    bot::{Bot, Home},
    person::Person,
    telegram::{Content, Fault, Message, Person as Customer, Telegram},
};

/// Customers write to the bot.
const CHANNELS: &str = "[channels.telegram]\nkind = \"telegram\"\n";

/// Ringback on Telegram, with a customer who has written and an agent at the web desk.
struct Scene {
    telegram: Telegram,
    home: Home,
    bot: Bot,
    rosa: Customer,
    kim: Person,
    /// The thread's page.
    page: String,
}

impl Scene {
    async fn new() -> Self {
        let telegram = Telegram::start();
        let settings = format!("{}{CHANNELS}", telegram.settings());
        let home = Home::new(&settings);
        let bot = home.start();
        let rosa = telegram.customer("Rosa");
        rosa.starts();
        rosa.writes("My order is late");
        telegram.has_been_read().await;
        let kim = Person::signed_in(&home, &bot, "kim", "supervisor").await;
        let page = format!("/desk/threads/telegram/{}", rosa.id());
        Self {
            telegram,
            home,
            bot,
            rosa,
            kim,
            page,
        }
    }

    /// Kim answers.
    async fn answers(&mut self, id: &str, text: &str) {
        let path = format!("{}/reply", self.page);
        let answer = self.kim.submit(&path, &[("id", id), ("text", text)]).await;
        assert!(
            answer.location().contains("said=sent"),
            "{} {}",
            answer.location(),
            answer.text
        );
    }

    /// The thread's page, once it says something, or says it no more.
    async fn shows(&mut self, what: &str, is_there: bool) -> String {
        let looking = async {
            loop {
                let page = self.kim.get(&self.page).await.text;
                if page.contains(what) == is_there {
                    return page;
                }
            }
        };
        let shown = tokio::time::timeout(Duration::from_secs(60), looking).await;
        shown.unwrap_or_else(|_| panic!("{what:?} stays {}", !is_there))
    }

    async fn sends_again(&mut self, id: &str) {
        let path = format!("{}/again", self.page);
        let answer = self.kim.submit(&path, &[("message", id)]).await;
        assert!(answer.location().contains("said=sent_again"));
    }

    /// What of ours stands in the customer's chat.
    fn received(&self) -> Vec<String> {
        let messages = self.rosa.messages().into_iter();
        let ours = messages.filter(|message| message.is_bots());
        ours.map(|message| message.text().to_owned()).collect()
    }
}

#[tokio::test]
async fn an_answer_reaches_the_customer_and_nothing_more_is_said_of_it() {
    let mut scene = Scene::new().await;
    scene
        .answers("a1", "It leaves today. <b>Sorry</b> & thanks")
        .await;
    let came = scene.rosa.receives("It leaves today").await;
    assert_eq!(came.text(), "It leaves today. <b>Sorry</b> & thanks");
    scene.shows("On its way", false).await;
    assert_eq!(scene.received().len(), 1);
}

#[tokio::test]
async fn a_long_answer_comes_in_pieces_between_words() {
    let mut scene = Scene::new().await;
    // Telegram counts each of these faces twice.
    let text = "It leaves today 😀😀😀😀 ".repeat(180);
    scene.answers("a1", text.trim()).await;
    scene.shows("On its way", false).await;
    let received = scene.received();
    assert_eq!(received.len(), 2);
    let words = ["It", "leaves", "today", "😀😀😀😀"];
    let is_whole = |piece: &String| words.iter().any(|word| piece.ends_with(word));
    assert!(received.iter().all(is_whole));
    assert_eq!(received.join(" "), text.trim());
}

#[tokio::test]
async fn what_a_blocked_bot_wrote_is_told_and_goes_again_once_it_may() {
    let mut scene = Scene::new().await;
    scene.rosa.blocks_the_bot();
    scene.answers("a1", "It leaves today.").await;
    let page = scene.shows("Not delivered", true).await;
    assert!(page.contains("The customer has blocked the bot"), "{page}");
    assert!(page.contains("A message did not arrive"), "{page}");
    assert!(page.contains("Has blocked the bot"), "{page}");
    scene.rosa.unblocks_the_bot();
    scene.sends_again("a1").await;
    scene.rosa.receives("It leaves today").await;
    scene.shows("Not delivered", false).await;
    let page = scene.shows("A message did not arrive", false).await;
    assert!(!page.contains("Send again"), "{page}");
}

#[tokio::test]
async fn a_message_that_was_cut_off_is_not_sent_twice_but_asked_about() {
    let mut scene = Scene::new().await;
    scene.telegram.fails("sendMessage", 1, &Fault::CutAfter);
    scene.answers("a1", "It leaves today.").await;
    let page = scene.shows("May not have arrived", true).await;
    assert!(page.contains("A message may not have arrived"), "{page}");
    assert_eq!(scene.received(), ["It leaves today."]);
    // What comes after it is not held up.
    scene.answers("a2", "You get a message when it does.").await;
    scene.rosa.receives("You get a message").await;
    assert_eq!(scene.received().len(), 2);
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_message_does_not_send_it_twice() {
    let mut scene = Scene::new().await;
    scene.telegram.fails("sendMessage", 1, &Fault::Hang);
    scene.answers("a1", "It leaves today.").await;
    scene.rosa.receives("It leaves today").await;
    let address = scene.bot.url.trim_start_matches("http://").to_owned();
    scene.bot.kill();
    scene.bot = scene.home.start_at(&address);
    let mut kim = Person::new(&scene.bot);
    (kim.cookie, kim.csrf) = (scene.kim.cookie.clone(), scene.kim.csrf.clone());
    scene.kim = kim;
    scene.shows("May not have arrived", true).await;
    assert_eq!(scene.received(), ["It leaves today."]);
}

#[tokio::test]
async fn what_telegram_did_not_take_is_sent_until_it_does() {
    let mut scene = Scene::new().await;
    scene.telegram.fails("sendMessage", 1, &Fault::Status(502));
    scene.telegram.fails("sendMessage", 1, &Fault::TooMany(1));
    scene.answers("a1", "It leaves today.").await;
    scene.shows("On its way", false).await;
    assert_eq!(scene.received(), ["It leaves today."]);
}

#[tokio::test]
async fn a_form_is_a_button_whose_link_can_be_made_anew() {
    let telegram = Telegram::start();
    let settings = format!("{}{CHANNELS}", telegram.settings());
    let home = Home::new(&format!(
        "public_url = \"https://help.example\"\n{settings}"
    ));
    home.user("kim", "agent");
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    rosa.writes("My order is late");
    telegram.has_been_read().await;
    let wanted = json!({
        "channel": "telegram",
        "thread": rosa.id().to_string(),
        "purpose": "details",
        "account": "kim",
    });
    let asked = bot
        .client(&home.token())
        .post("/api/v1/forms", &wanted)
        .await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let offer = rosa
        .waits_for_message("the offer", |message| {
            message.button("Choose number").is_some()
        })
        .await;
    let link =
        |message: &Message| message.button("Choose number").expect("a button")["url"].clone();
    has_arrived(&home).await;
    let first = link(&offer);
    let address = first.as_str().expect("a link");
    assert!(
        address.starts_with("https://help.example/form/rb_"),
        "{address}"
    );
    let told = rosa.presses(&offer, "make a new one").answer().await;
    assert_eq!(told, "Here is a new link: press the button above.");
    let now = offer.becomes(|message| link(message) != first).await;
    assert_eq!(now.buttons().len(), 2);
    // Somebody's invention does nothing.
    let told = rosa.presses_data(&offer, "msg_0.y").answer().await;
    assert!(
        told.starts_with("This button does nothing any more"),
        "{told}"
    );
}

/// Waits until it is kept that everything has arrived: then its buttons are known.
async fn has_arrived(home: &Home) {
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let waiting = "SELECT count(*) FROM carried WHERE state = 'waiting'";
    let looking = async {
        loop {
            let left = database.query_row(waiting, [], |row| row.get::<_, i64>(0));
            if left.expect("read") == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(60), looking).await;
    arrived.expect("everything arrives");
}

/// As if the call had been over for long: what is due then is asked at the start.
fn call_was_long_ago(home: &Home) {
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let planned = database.execute("UPDATE satisfaction SET done_at = 0", []);
    assert_eq!(planned.expect("written"), 1);
}

#[tokio::test]
async fn whether_a_call_helped_is_said_with_one_tap() {
    let telegram = Telegram::start();
    let settings = format!("{}{CHANNELS}", telegram.settings());
    let home = Home::new(&format!("rules = \"rules.toml\"\n{settings}"));
    let rules = "ask_satisfaction = true\n\n[messages.satisfaction_asked]\nen = \"Did it help?\"\n";
    std::fs::write(home.path("rules.toml"), rules).expect("written");
    home.user("kim", "agent");
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    rosa.writes("Please call me about my bill");
    telegram.has_been_read().await;
    let client = bot.client(&home.token());
    let kim = json!({"account": "kim", "outcome": "solved"});
    let claims = json!({"account": "kim"});
    let claim = client.post("/api/v1/callbacks/1/claim", &claims).await;
    assert_eq!(claim.status, 200);
    assert_eq!(
        client.post("/api/v1/callbacks/1/done", &kim).await.status,
        200
    );
    assert!(bot.stop().0.success());
    call_was_long_ago(&home);

    let _bot = home.start();
    let asking = rosa.receives("Did it help?").await;
    has_arrived(&home).await;
    let stranger = telegram.customer("Ivo");
    let told = stranger.presses(&asking, "It helped").answer().await;
    assert!(
        told.starts_with("This button does nothing any more"),
        "{told}"
    );
    let told = rosa.presses(&asking, "It did not").answer().await;
    let now = asking.becomes(|message| message.buttons().is_empty()).await;
    assert_eq!(now.text(), format!("Did it help?\n\n{told}"));
    let database = rusqlite::Connection::open(home.path("ringback.db")).expect("opened");
    let kept = database.query_row("SELECT helped FROM satisfaction", [], |row| row.get(0));
    assert_eq!(kept, Ok(Some(false)));
}

#[tokio::test]
async fn what_an_agent_edits_in_the_group_changes_for_the_customer() {
    let team = Team::start().await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Where is my order?");
    let topic = team.care.topic("Rosa").await;
    let answer = team.kim.writes_in(&topic, "It leaves tomorow.");
    let came = rosa.receives("It leaves tomorow.").await;
    team.kim.edits(&answer, "It leaves tomorrow.");
    came.becomes(|message| message.text() == "It leaves tomorrow.")
        .await;
}

#[tokio::test]
async fn a_picture_comes_with_what_the_agent_wrote_under_it() {
    let team = Team::start().await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Where do I find it?");
    let topic = team.care.topic("Rosa").await;
    let picture = Content::Photo("Here, at the top");
    team.kim.sends_to(&topic, picture);
    let came = rosa.receives("Here, at the top").await;
    assert!(came.json.get("photo").is_some(), "{came:?}");
}
