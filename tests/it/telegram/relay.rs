//! Customers write to the bot and the team answers from its group: what reaches whom, and what does not.

use crate::support::{
    bot::Home,
    telegram::{Content, Fault, Message, Person, Telegram},
};

use super::team::Team;

/// Rosa writes, and her words stand in a topic of hers.
async fn rosa_writes(team: &Team, text: &str) -> (Person, Message) {
    let rosa = team.telegram.customer("Rosa");
    rosa.writes(text);
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for(text).await;
    (rosa, relayed)
}

#[tokio::test]
async fn what_both_sides_write_and_change_reaches_the_other() {
    let mut team = Team::start().await;
    let (rosa, relayed) = rosa_writes(&team, "Where is my parcel?").await;
    team.kill();
    let answer = team.kim.replies(&relayed, "It left on Monday.");
    team.start_again();
    let carried = rosa.receives("It left on Monday.").await;
    team.kim.edits(&answer, "It left on Tuesday.");
    carried
        .becomes(|carried| carried.text() == "It left on Tuesday.")
        .await;
    let asked = rosa.writes("Which day will it come?");
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for("Which day").await;
    team.telegram.fails("editMessageText", 1, &Fault::CutBefore);
    rosa.edits(&asked, "At which hour will it come?");
    relayed
        .becomes(|relayed| relayed.text().contains("At which hour"))
        .await;
    assert_eq!(team.care.topics().len(), 1, "one customer, one topic");
    team.stop();
}

#[tokio::test]
async fn pictures_are_copied_both_ways_with_what_stands_below_them() {
    let mut team = Team::start().await;
    let rosa = team.telegram.customer("Rosa");
    rosa.sends_photo("my bill");
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for("my bill").await;
    team.kim
        .replies_with(&relayed, Content::Photo("see the second line"));
    let carried = rosa.receives("see the second line").await;
    assert!(carried.as_text().contains("photo"), "{}", carried.as_text());
    rosa.sends(Content::Sticker);
    team.telegram
        .waits_for_request("copyMessage", |asked| {
            asked["chat_id"] == team.care.id() && asked.get("caption").is_none()
        })
        .await;
    team.stop();
}

#[tokio::test]
async fn a_note_stays_inside_and_a_reaction_is_no_answer() {
    let mut team = Team::start().await;
    let (rosa, relayed) = rosa_writes(&team, "Where is my parcel?").await;
    let note = team.kim.replies(&relayed, "// she called twice already");
    team.telegram
        .waits_for_request("setMessageReaction", |asked| {
            asked["message_id"] == note.id()
        })
        .await;
    team.kim.reacts(&relayed, "👀");
    team.telegram
        .waits_for_request("setMessageReaction", |asked| {
            asked["chat_id"] == rosa.id() && asked["reaction"][0]["emoji"] == "👀"
        })
        .await;
    team.kim.replies(&relayed, "On its way.");
    rosa.receives("On its way.").await;
    let hers = rosa.as_text();
    assert!(!hers.contains("called twice"), "{hers}");
    team.stop();
}

#[tokio::test]
async fn an_answer_that_asks_for_identity_data_waits_for_its_agent() {
    let mut team = Team::start().await;
    let (rosa, relayed) = rosa_writes(&team, "Please change my address").await;
    team.kim
        .replies(&relayed, "What is your date of birth and your PIN?");
    let question = team.care.waits_for("Not sent yet.").await;
    let ana = team.care.member("Ana");
    ana.presses(&question, "Send anyway").answer().await;
    team.kill();
    let press = team.kim.presses(&question, "Throw away");
    team.start_again();
    press.answer().await;
    question
        .becomes(|question| question.text().contains("Thrown away"))
        .await;
    team.kim.replies(&relayed, "May I have your date of birth?");
    let again = team
        .care
        .waits_for_message("a second question", |message| {
            message.button("Send anyway").is_some()
        })
        .await;
    team.kim.presses(&again, "Send anyway").answer().await;
    rosa.receives("May I have your date of birth?").await;
    let hers = rosa.as_text();
    assert!(!hers.contains("your PIN"), "{hers}");
    team.stop();
}

#[tokio::test]
async fn a_topic_deleted_by_hand_is_made_anew() {
    let mut team = Team::start().await;
    let (rosa, _) = rosa_writes(&team, "Where is my parcel?").await;
    team.care.topic("Rosa").await.is_deleted_by_hand();
    rosa.writes("Are you there?");
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for("Are you there?").await;
    team.kim.replies(&relayed, "Yes!");
    rosa.receives("Yes!").await;
    team.stop();
}

#[tokio::test]
async fn a_group_without_topics_answers_by_replying() {
    let telegram = Telegram::start();
    let care = telegram.group("Care");
    let mut team = Team::start_in(telegram, care, "", "[desks.main]\n").await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Where is my parcel?");
    let relayed = team.care.waits_for("Where is my parcel?").await;
    assert!(relayed.text().contains("Rosa"), "{}", relayed.text());
    team.kim.writes_in(&team.care, "anybody for this?");
    team.kim.replies(&relayed, "It left on Monday.");
    rosa.receives("It left on Monday.").await;
    let hers = rosa.as_text();
    assert!(!hers.contains("anybody"), "{hers}");
    team.stop();
}

#[tokio::test]
async fn a_group_that_becomes_a_supergroup_goes_on() {
    let telegram = Telegram::start();
    let care = telegram.basic_group("Care");
    let mut team = Team::start_in(telegram, care, "", "[desks.main]\n").await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Where is my parcel?");
    team.care.waits_for("Where is my parcel?").await;
    team.kill();
    let moved = team.care.becomes_supergroup(false);
    rosa.writes("Are you there?");
    team.start_again();
    let relayed = moved.waits_for("Are you there?").await;
    team.kim.replies(&relayed, "Yes!");
    rosa.receives("Yes!").await;
    team.stop();
}

#[tokio::test]
async fn a_bot_that_was_taken_out_and_added_again_goes_on() {
    let mut team = Team::start().await;
    let (rosa, _) = rosa_writes(&team, "Where is my parcel?").await;
    team.care.removes_bot();
    team.kim
        .receives("taken out of the group of desk main")
        .await;
    rosa.writes("Are you there?");
    team.telegram.has_been_read().await;
    team.care.adds_bot_as_admin();
    team.care.waits_for("I am back").await;
    rosa.writes("Hello?");
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for("Hello?").await;
    team.kim.replies(&relayed, "Here I am.");
    rosa.receives("Here I am.").await;
    team.stop();
}

#[tokio::test]
async fn whoever_has_no_account_is_told_once_that_nothing_was_sent() {
    let mut team = Team::start().await;
    let (rosa, relayed) = rosa_writes(&team, "Where is my parcel?").await;
    let eve = team.care.member("Eve");
    eve.replies(&relayed, "Give me your PIN");
    team.care.waits_for("Not sent: you have no account").await;
    eve.replies(&relayed, "Come on, your PIN");
    team.kim.replies(&relayed, "On its way.");
    rosa.receives("On its way.").await;
    let hers = rosa.as_text();
    assert!(!hers.contains("PIN"), "{hers}");
    let messages = team.care.messages();
    let told = messages
        .iter()
        .filter(|message| message.is_bots() && message.text().contains("you have no account"));
    assert_eq!(told.count(), 1);
    team.stop();
}

#[tokio::test]
async fn a_colleague_becomes_an_agent_when_an_admin_says_so() {
    let mut team = Team::start().await;
    let (rosa, relayed) = rosa_writes(&team, "Where is my parcel?").await;
    let ana = team.care.member("Ana");
    let said = ana.writes_in(&team.care, "hello all");
    team.kim.replies(&said, "/agent");
    let question = team.care.waits_for("A new agent:").await;
    let refused = ana.presses(&question, "Yes").answer().await;
    assert!(!refused.is_empty());
    team.kill();
    let press = team.kim.presses(&question, "Yes");
    team.start_again();
    press.answer().await;
    question
        .becomes(|question| question.text().contains("is account ana now"))
        .await;
    ana.replies(&relayed, "It left on Monday.");
    rosa.receives("It left on Monday.").await;
    team.stop();
}

#[tokio::test]
async fn a_supervisor_links_a_colleague_to_no_higher_account_than_their_own() {
    let mut team = Team::start().await;
    for (name, role) in [("sue", "supervisor"), ("ana", "agent")] {
        team.home.user(name, role);
    }
    let (rosa, relayed) = rosa_writes(&team, "Where is my parcel?").await;
    let sue = team.care.member("Sue");
    let ana = team.care.member("Ana");
    let sues = sue.writes_in(&team.care, "hello all");
    let anas = ana.writes_in(&team.care, "good morning");
    team.kim.writes_in(&team.care, "/link sue");
    team.care.waits_for("as a reply to a message").await;
    team.kim.replies(&sues, "/link sue");
    team.care.waits_for("is account sue now").await;
    sue.replies(&anas, "/link admin");
    team.care.waits_for("may do more than yours").await;
    sue.replies(&anas, "/link nobody");
    team.care.waits_for("No account of that name").await;
    sue.replies(&anas, "/link ana");
    team.care.waits_for("is account ana now").await;
    ana.replies(&sues, "/link ana");
    team.care.waits_for("A supervisor or admin has to").await;
    sue.replies(&anas, "/link sue");
    team.care.waits_for("They are account ana already").await;
    ana.replies(&relayed, "It left on Monday.");
    rosa.receives("It left on Monday.").await;
    ringback(&team.home, &["telegram", "unpair", "main"]);
    let done = ringback(&team.home, &["audit", "list"]);
    for what in [
        "linked a chat identity",
        "paired a group",
        "unpaired a group",
    ] {
        assert!(done.contains(what), "{what}: {done}");
    }
    team.stop();
}

#[tokio::test]
async fn a_business_account_counts_once_an_admin_says_that_it_is_ours() {
    let telegram = Telegram::start();
    let care = telegram.forum("Care");
    let more = "[channels.shop]\nkind = \"telegram_business\"\n";
    let mut team = Team::start_in(telegram, care, more, "[desks.main]\n").await;
    let owner = team.telegram.person("Olga");
    let shop = team.telegram.business(&owner);
    let question = team.kim.receives("has connected me").await;
    let rosa = team.telegram.person("Rosa");
    shop.hears(&rosa, "unheard");
    team.telegram.has_been_read().await;
    team.kim.presses(&question, "It is ours").answer().await;
    shop.hears(&rosa, "Where is my parcel?");
    let topic = team.care.topic("Rosa").await;
    let relayed = topic.waits_for("Where is my parcel?").await;
    assert!(!team.care.as_text().contains("unheard"));
    team.kim.replies(&relayed, "It left on Monday.");
    team.telegram
        .waits_for_request("sendMessage", |asked| {
            asked["business_connection_id"] == shop.id() && asked["text"] == "It left on Monday."
        })
        .await;
    shop.lets_answer(false);
    team.kim.receives("no longer lets me answer").await;
    shop.lets_answer(true);
    team.kim.receives("heard and answered").await;
    shop.disconnects();
    team.kim.receives("taken its connection away").await;
    team.stop();
}

#[tokio::test]
async fn a_code_pairs_once_and_guesses_are_few() {
    let telegram = Telegram::start();
    let care = telegram.forum("Care");
    let mut team = Team::start_in(telegram, care, "", "[desks.main]\n").await;
    let eve = team.telegram.person("Eve");
    for guess in 0..7 {
        eve.writes(&format!("/start ABCDEF{guess}9"));
    }
    eve.receives("Too many codes").await;
    let told = eve.messages();
    let told = told.iter().filter(|message| message.is_bots());
    assert_eq!(told.count(), 6);
    let code = ringback(&team.home, &["telegram", "code", "--account", "admin"]);
    let kims_phone = team.telegram.person("Kim’s phone");
    kims_phone.writes(code.trim());
    kims_phone.receives("You are admin now").await;
    let second = team.telegram.person("Second");
    second.writes(code.trim());
    second.receives("I do not know this code").await;
    let listed = ringback(&team.home, &["telegram", "list"]);
    assert!(listed.contains(&kims_phone.id().to_string()), "{listed}");
    assert!(listed.contains("desk main"), "{listed}");
    let number = kims_phone.id().to_string();
    ringback(&team.home, &["telegram", "unlink", &number]);
    let listed = ringback(&team.home, &["telegram", "list"]);
    assert!(!listed.contains(&number), "{listed}");
    team.stop();
}

/// What the real program prints in this home; it must succeed.
fn ringback(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}{err}");
    out
}
