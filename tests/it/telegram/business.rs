//! A Business account's chats: the team answers them from its group, in the account's name; an answer
//! that the account does not let through is told and goes once it does.

use crate::support::telegram::{Business, Message, Person, Telegram};

use super::team::Team;

const RULES: &str = "[desks.main]\nquiet_hours = \"never\"\n";
const CHANNEL: &str = "[channels.business]\nkind = \"telegram_business\"\n";

/// A team whose Business account Rosa has written to.
struct Scene {
    team: Team,
    business: Business,
    rosa: Person,
    /// Her words in the team's group.
    relayed: Message,
}

impl Scene {
    async fn new() -> Self {
        let telegram = Telegram::start();
        let care = telegram.forum("Care");
        let team = Team::start_in(telegram, care, CHANNEL, RULES).await;
        let (olga, rosa) = (team.telegram.person("Olga"), team.telegram.person("Rosa"));
        let business = team.telegram.business(&olga);
        let asked = team.asks("Is it one of yours?").await;
        let asked = asked.becomes(|asked| !asked.buttons().is_empty()).await;
        let told = team.kim.presses(&asked, "It is ours").answer().await;
        assert!(told.starts_with("It is ours"), "{told}");
        business.hears(&rosa, "Where is my order?");
        let topic = team.care.topic("Rosa").await;
        let relayed = topic.waits_for("Where is my order?").await;
        Self {
            team,
            business,
            rosa,
            relayed,
        }
    }

    fn answers(&self, text: &str) -> Message {
        self.team.kim.replies(&self.relayed, text)
    }

    /// Waits until the team is told that an answer did not arrive.
    async fn is_told(&self) -> Message {
        let is_it = |message: &Message| message.button("Send again").is_some();
        let notice = self.team.care.waits_for_message("the notice", is_it).await;
        let says = notice.text();
        assert!(says.contains("A message did not arrive"), "{says}");
        notice
    }

    fn has(&self, words: &str) -> bool {
        self.business.as_text(&self.rosa).contains(words)
    }
}

#[tokio::test]
async fn what_the_team_answers_comes_in_the_accounts_name_and_changes_with_it() {
    let mut scene = Scene::new().await;
    let answer = scene.answers("It left on Monday.");
    let came = scene.business.waits_for(&scene.rosa, "It left on").await;
    let sent = scene
        .team
        .telegram
        .waits_for_request("sendMessage", |sent| sent["text"] == "It left on Monday.")
        .await;
    assert_eq!(sent["business_connection_id"], scene.business.id());
    scene.team.settled().await;
    scene.team.kim.edits(&answer, "It left on Tuesday.");
    came.becomes(|came| came.text() == "It left on Tuesday.")
        .await;
    scene.business.hears(&scene.rosa, "And when is it here?");
    scene.team.care.waits_for("And when is it here?").await;
    scene.team.stop();
}

#[tokio::test]
async fn an_answer_over_a_connection_that_was_taken_away_is_told_and_goes_when_it_is_back() {
    let mut scene = Scene::new().await;
    scene.business.disconnects();
    scene.team.asks("has taken its connection away").await;
    scene.answers("It left on Monday.");
    let notice = scene.is_told().await;
    assert!(!scene.has("It left on Monday."));
    scene.business.connects_again();
    scene.team.asks("The Business account is connected").await;
    scene.team.settled().await;
    scene.team.kim.presses(&notice, "Send again");
    scene.business.waits_for(&scene.rosa, "It left on").await;
    notice.disappears().await;
    scene.team.stop();
}

#[tokio::test]
async fn an_answer_that_the_account_does_not_allow_is_told_and_goes_once_it_does() {
    let mut scene = Scene::new().await;
    scene.business.lets_answer(false);
    scene.team.asks("no longer lets me answer").await;
    scene.answers("It left on Monday.");
    let notice = scene.is_told().await;
    assert!(!scene.has("It left on Monday."));
    scene.business.lets_answer(true);
    scene.team.asks("The Business account is connected").await;
    scene.team.settled().await;
    scene.team.kim.presses(&notice, "Send again");
    scene.business.waits_for(&scene.rosa, "It left on").await;
    notice.disappears().await;
    scene.team.stop();
}
