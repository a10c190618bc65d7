//! One customer on two channels: suggested, linked by somebody's word, undone; and never shown to who
//! does not work the other desk.

use serde_json::{Value, json};

use super::people::{Agent, Team};
use crate::support::client::{Client, customer};

/// One brand; its letters are worked by Kim alone, its web chat by Lee too.
const RULES: &str = r#"
    [channels.chat]
    desk = "letters"
    [channels.webchat]
    desk = "main"

    [desks.letters]
    brand = "Acme"
    members = ["kim"]
    [desks.main]
    brand = "Acme"
    members = ["kim", "lee"]
"#;

const NUMBER: &str = "+442079460142";

/// The id of the web chat's only thread.
async fn chat_of(client: &Client) -> String {
    let threads = client.get("/api/v1/threads").await.json();
    let threads = threads["threads"].as_array().expect("a list").clone();
    let is_chat = |thread: &&Value| thread["channel"] == "webchat";
    let chat = threads.iter().find(is_chat).expect("the web chat");
    chat["thread"].as_str().expect("an id").to_owned()
}

async fn knows_number(client: &Client, channel: &str, thread: &str) {
    let path = format!("/api/v1/threads/{channel}/{thread}/customer");
    let known = client.put(&path, &json!({"number": NUMBER})).await;
    assert_eq!(known.status, 204);
}

async fn links_by_hand(agent: &Agent, typed: &str) {
    agent.click("#people-link > summary").await;
    agent.type_into("#people-link-text", typed).await;
    agent.click("#people-link form button").await;
}

#[tokio::test]
async fn who_is_the_same_person_is_suggested_linked_shown_and_undone() {
    let team = Team::start_with_rules(RULES);
    let robin = team.customer().await;
    robin.writes("Where is my parcel?").await;
    let client = team.bot().client(&team.home.token());
    let letter = customer(
        "letter-7",
        "m1",
        "I am deaf, please text only, never ring me",
    );
    assert_eq!(client.messages(&letter).await.status, 200);
    let chat = chat_of(&client).await;
    knows_number(&client, "webchat", &chat).await;
    knows_number(&client, "chat", "letter-7").await;
    let page = format!("/desk/threads/webchat/{chat}");

    let kim = team.agent("kim", "agent").await;
    let lee = team.agent("lee", "agent").await;
    kim.opens(&page).await;
    kim.shows("[data-suggested]", "waiting on us").await;
    lee.opens(&page).await;
    lee.find("#people-link").await;
    assert_eq!(lee.count("[data-suggested], [data-linked]").await, 0);
    links_by_hand(&lee, "chat/letter-7").await;
    lee.shows(
        "[role=status]",
        "There is no such thread, or you do not work its desk",
    )
    .await;

    kim.click("[data-suggested] form[action$='/people/link'] button")
        .await;
    kim.shows("[role=status]", "Linked: they are one person")
        .await;
    kim.find("[data-linked] a[href='/desk/threads/chat/letter-7']")
        .await;
    kim.shows(
        "#thread-top",
        "Never wants to be rung, as they said on another channel",
    )
    .await;
    kim.assert_accessible().await;
    kim.picture("one-person").await;
    // Lee is told what binds the thread, and nothing of where it was said.
    lee.opens(&page).await;
    lee.shows("#thread-top", "as they said on another channel")
        .await;
    assert_eq!(lee.count("[data-linked], a[href*='letter-7']").await, 0);

    kim.click("[data-linked] form[action$='/people/part'] button")
        .await;
    kim.shows("[role=status]", "they are not the same person")
        .await;
    kim.gone("[data-linked], [data-suggested], .wish").await;

    links_by_hand(
        &kim,
        &format!("{}/desk/threads/chat/letter-7?said=noted#main", team.url),
    )
    .await;
    kim.find("[data-linked]").await;
    links_by_hand(&kim, "chat/letter-7").await;
    kim.shows("[role=status]", "They are one person already")
        .await;
}
