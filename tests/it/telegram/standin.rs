//! The stand-in of the Bot API is as strict as Telegram: a test that passes here means something.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    telegram::{Content, Fault, Limit, Person, Telegram},
    use_ring,
};

/// A program that asks.
struct Asker {
    client: reqwest::Client,
    url: String,
}

impl Asker {
    fn of(telegram: &Telegram) -> Self {
        use_ring();
        Self {
            client: reqwest::Client::new(),
            url: format!("{}/bot{}", telegram.url(), telegram.token()),
        }
    }

    async fn try_ask(&self, method: &str, parameters: &Value) -> Result<Value, reqwest::Error> {
        let request = self
            .client
            .post(format!("{}/{method}", self.url))
            .header("content-type", "application/json")
            .body(parameters.to_string());
        let text = request.send().await?.text().await?;
        Ok(serde_json::from_str(&text).expect("JSON"))
    }

    async fn ask(&self, method: &str, parameters: Value) -> Value {
        self.try_ask(method, &parameters).await.expect("an answer")
    }

    async fn done(&self, method: &str, parameters: Value) -> Value {
        let answer = self.ask(method, parameters).await;
        assert_eq!(answer["ok"], true, "{answer}");
        answer["result"].clone()
    }

    async fn refused(&self, method: &str, parameters: Value) -> String {
        let answer = self.ask(method, parameters).await;
        let text = answer["description"].as_str();
        text.unwrap_or_else(|| panic!("it did it: {answer}"))
            .to_owned()
    }

    async fn says(&self, to: &Person, html: &str) -> String {
        let message = json!({ "chat_id": to.id(), "text": html, "parse_mode": "HTML" });
        let answer = self.ask("sendMessage", message).await;
        match answer["ok"] == true {
            true => answer["result"]["entities"].to_string(),
            false => answer["description"].to_string(),
        }
    }

    async fn updates(&self, offset: i64) -> Vec<Value> {
        let updates = self.done("getUpdates", json!({ "offset": offset })).await;
        updates.as_array().expect("a list").clone()
    }
}

#[tokio::test]
async fn what_is_below_the_offset_is_forgotten_and_nothing_else() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.writes("One");
    rosa.writes("Two");
    let both = asker.updates(0).await;
    assert_eq!(both.len(), 2);
    assert_eq!(
        asker.updates(0).await,
        both,
        "they come until they are confirmed"
    );
    let second = both[1]["update_id"].as_i64().expect("a number");
    assert_eq!(asker.updates(second).await, both[1..]);
    assert!(asker.updates(second + 1).await.is_empty());
    telegram.has_been_read().await;
}

#[tokio::test]
async fn whoever_asks_later_sends_the_earlier_poller_away() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let wait = json!({ "timeout": 50 });
    let first = asker.refused("getUpdates", wait);
    let second = async {
        telegram.waits_for_request("getUpdates", |_| true).await;
        let updates = asker.done("getUpdates", json!({ "timeout": 50, "offset": 1 }));
        let write = async {
            let is_second = |parameters: &Value| parameters["offset"] == 1;
            telegram.waits_for_request("getUpdates", is_second).await;
            telegram.customer("Rosa").writes("Hello");
        };
        tokio::join!(updates, write).0
    };
    let (conflict, updates) = tokio::join!(first, second);
    assert!(conflict.starts_with("Conflict: terminated by other getUpdates"));
    assert_eq!(updates[0]["message"]["text"], "Hello");
}

#[tokio::test]
async fn html_is_read_as_telegram_reads_it() {
    let telegram = Telegram::unrecorded();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let mut said = String::new();
    for html in [
        "<b>bold <i>both</i></b> a &lt; b &amp; c",
        "😀 <code>+4366012345678</code>",
        "<b>open",
        "<b>crossed</i>",
        "a < b",
        "<script>alert(1)</script>",
        "<a href=\"tg://user?id=1\">nobody</a> <a href=\"https://example.com\">link</a>",
        "/start @somebody",
    ] {
        said.push_str(&format!("{html}\n  {}\n", asker.says(&rosa, html).await));
    }
    insta::assert_snapshot!(said, @r#"
    <b>bold <i>both</i></b> a &lt; b &amp; c
      [{"length":9,"offset":0,"type":"bold"},{"length":4,"offset":5,"type":"italic"}]
    😀 <code>+4366012345678</code>
      [{"length":14,"offset":3,"type":"code"}]
    <b>open
      "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    <b>crossed</i>
      "Bad Request: can't parse entities: Unmatched end tag at byte offset 10, expected \"</b>\", found \"</i>\""
    a < b
      "Bad Request: can't parse entities: Unclosed start tag at byte offset 2"
    <script>alert(1)</script>
      "Bad Request: can't parse entities: Unsupported start tag \"script\" at byte offset 0"
    <a href="tg://user?id=1">nobody</a> <a href="https://example.com">link</a>
      [{"length":4,"offset":7,"type":"text_link","url":"https://example.com"}]
    /start @somebody
      [{"length":6,"offset":0,"type":"bot_command"},{"length":9,"offset":7,"type":"mention"}]
    "#);
}

#[tokio::test]
async fn limits_count_utf_16_units_after_the_markup_is_read() {
    let telegram = Telegram::unrecorded();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let fits = format!("<b>{}</b>", "x".repeat(4096));
    assert!(asker.says(&rosa, &fits).await.contains("bold"));
    let smileys = "😀".repeat(2049);
    assert_eq!(
        asker.says(&rosa, &smileys).await,
        "\"Bad Request: message is too long\""
    );
}

#[tokio::test]
async fn buttons_that_telegram_refuses_are_refused() {
    let telegram = Telegram::unrecorded();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let mut said = String::new();
    for button in [
        json!({ "text": "Call", "url": "tel:+4366012345678" }),
        json!({ "text": "Press", "callback_data": "x".repeat(65) }),
        json!({ "text": "Press", "callback_data": "" }),
        json!({ "text": "Nothing" }),
        json!({ "text": "Fine", "callback_data": "x".repeat(64) }),
    ] {
        let message = json!({
            "chat_id": rosa.id(), "text": "Hello",
            "reply_markup": { "inline_keyboard": [[button]] },
        });
        let answer = asker.ask("sendMessage", message).await;
        said.push_str(&format!("{}\n", answer["description"]));
    }
    insta::assert_snapshot!(said, @r#"
    "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL"
    "Bad Request: BUTTON_DATA_INVALID"
    "Bad Request: BUTTON_DATA_INVALID"
    "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    null
    "#);
}

#[tokio::test]
async fn edits_and_deletions_need_a_message_of_the_bots_own() {
    let telegram = Telegram::unrecorded();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    let hers = rosa.writes("Hello").id();
    let text = json!({ "chat_id": rosa.id(), "text": "Good morning" });
    let ours = asker.done("sendMessage", text).await["message_id"].clone();
    let edit =
        |id: &Value, text: &str| json!({ "chat_id": rosa.id(), "message_id": id, "text": text });
    let mut said = String::new();
    for parameters in [
        edit(&ours, "Good morning"),
        edit(&json!(hers), "Mine"),
        edit(&json!(99), "Gone"),
    ] {
        let refused = asker.refused("editMessageText", parameters).await;
        said.push_str(&format!("{refused}\n"));
    }
    insta::assert_snapshot!(said, @"
    Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message
    Bad Request: message can't be edited
    Bad Request: message to edit not found
    ");
    asker
        .done("editMessageText", edit(&ours, "Good night"))
        .await;
    telegram.time_passes(Duration::from_secs(49 * 60 * 60));
    let delete = json!({ "chat_id": rosa.id(), "message_id": ours });
    let refused = asker.refused("deleteMessage", delete).await;
    assert_eq!(refused, "Bad Request: message can't be deleted");
}

#[tokio::test]
async fn a_bot_that_is_no_administrator_sees_only_what_is_meant_for_it() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let group = telegram.group("Care");
    let kim = group.member("Kim");
    group.adds_bot();
    let text = json!({ "chat_id": group.id(), "text": "I am here" });
    asker.done("sendMessage", text).await;
    let ours = group.waits_for("I am here").await;
    kim.writes_in(&group, "not for the bot");
    kim.writes_in(&group, "/queue");
    kim.writes_in(&group, "/queue@another_bot");
    kim.writes_in(&group, "hey @ringback_test_bot");
    kim.replies(&ours, "thanks");
    group.promotes_bot();
    kim.writes_in(&group, "everything");
    let updates = asker.updates(0).await;
    let texts: Vec<&str> = updates
        .iter()
        .filter_map(|update| update["message"]["text"].as_str())
        .collect();
    assert_eq!(
        texts,
        ["/queue", "hey @ringback_test_bot", "thanks", "everything"]
    );
}

#[tokio::test]
async fn topics_open_close_and_vanish() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let forum = telegram.forum("Care");
    forum.adds_bot_as_admin();
    let kim = forum.member("Kim");
    let topic = json!({ "chat_id": forum.id(), "name": "Rosa" });
    let id = asker.done("createForumTopic", topic).await["message_thread_id"].clone();
    let text = json!({ "chat_id": forum.id(), "message_thread_id": id, "text": "Hello" });
    asker.done("sendMessage", text.clone()).await;
    let rosa = forum.topic("Rosa").await;
    kim.writes_in(&rosa, "I am on it");
    let updates = asker.updates(0).await;
    let message = &updates.last().expect("an update")["message"];
    assert_eq!(message["text"], "I am on it");
    assert!(message["reply_to_message"]["forum_topic_created"].is_object());
    insta::assert_snapshot!(forum.as_text(), @"
    # Rosa
    Ringback: Hello
    Kim: I am on it
    ");
    rosa.is_deleted_by_hand();
    let refused = asker.refused("sendMessage", text).await;
    assert_eq!(refused, "Bad Request: message thread not found");
}

#[tokio::test]
async fn a_press_is_answered_once() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let text = json!({
        "chat_id": rosa.id(), "text": "Did it help?",
        "reply_markup": { "inline_keyboard": [[{ "text": "Yes", "callback_data": "abc.y" }]] },
    });
    asker.done("sendMessage", text).await;
    let message = rosa.receives("help").await;
    let press = rosa.presses(&message, "Yes");
    let updates = asker.updates(0).await;
    let query = &updates.last().expect("an update")["callback_query"];
    assert_eq!(query["data"], "abc.y");
    let answer = json!({ "callback_query_id": query["id"], "text": "Good" });
    asker.done("answerCallbackQuery", answer.clone()).await;
    assert_eq!(press.answer().await, "Good");
    let refused = asker.refused("answerCallbackQuery", answer).await;
    assert!(refused.contains("query is too old"));
}

#[tokio::test]
async fn who_cannot_be_written_to_is_told_apart() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let stranger = telegram.person("Stranger");
    let blocker = telegram.customer("Blocker");
    blocker.starts();
    blocker.blocks_the_bot();
    let group = telegram.basic_group("Old");
    group.adds_bot();
    let kicked = telegram.group("Kicked");
    kicked.adds_bot();
    kicked.removes_bot();
    let moved = group.becomes_supergroup(false);
    for (chat, says) in [
        (
            stranger.id(),
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (blocker.id(), "Forbidden: bot was blocked by the user"),
        (
            kicked.id(),
            "Forbidden: bot was kicked from the supergroup chat",
        ),
        (-12, "Bad Request: chat not found"),
        (
            group.id(),
            "Bad Request: group chat was upgraded to a supergroup chat",
        ),
    ] {
        let text = json!({ "chat_id": chat, "text": "Hello" });
        let answer = asker.ask("sendMessage", text).await;
        assert_eq!(answer["description"], says);
        if chat == group.id() {
            assert_eq!(answer["parameters"]["migrate_to_chat_id"], moved.id());
        }
    }
}

#[tokio::test]
async fn a_business_account_is_answered_while_it_allows() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let (owner, rosa) = (telegram.person("Olga"), telegram.person("Rosa"));
    let business = telegram.business(&owner);
    business.hears(&rosa, "Are you open?");
    let answer = json!({
        "chat_id": rosa.id(), "text": "Until six", "business_connection_id": business.id(),
    });
    asker.done("sendMessage", answer.clone()).await;
    insta::assert_snapshot!(business.as_text(&rosa), @"
    Rosa: Are you open?
    Olga (the bot): Until six
    ");
    business.lets_answer(false);
    let refused = asker.refused("sendMessage", answer.clone()).await;
    assert_eq!(refused, "Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED");
    business.lets_answer(true);
    telegram.time_passes(Duration::from_secs(25 * 60 * 60));
    let refused = asker.refused("sendMessage", answer.clone()).await;
    assert_eq!(refused, "Bad Request: BUSINESS_PEER_USAGE_MISSING");
    business.disconnects();
    let refused = asker.refused("sendMessage", answer).await;
    assert_eq!(refused, "Bad Request: business connection not found");
    let updates = asker.updates(0).await;
    assert!(
        updates
            .iter()
            .any(|update| update["business_connection"]["is_enabled"] == false),
        "{updates:#?}"
    );
}

#[tokio::test]
async fn what_goes_wrong_goes_wrong_as_asked() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let text = |text: &str| json!({ "chat_id": rosa.id(), "text": text });
    telegram.fails("sendMessage", 1, &Fault::CutBefore);
    asker
        .try_ask("sendMessage", &text("one"))
        .await
        .expect_err("cut off");
    telegram.fails("sendMessage", 1, &Fault::CutAfter);
    asker
        .try_ask("sendMessage", &text("two"))
        .await
        .expect_err("cut off");
    telegram.fails("sendMessage", 1, &Fault::TooMany(7));
    let answer = asker.ask("sendMessage", text("three")).await;
    assert_eq!(answer["parameters"]["retry_after"], 7);
    telegram.goes_away();
    asker
        .try_ask("sendMessage", &text("four"))
        .await
        .expect_err("away");
    telegram.comes_back();
    asker.done("sendMessage", text("five")).await;
    insta::assert_snapshot!(rosa.as_text(), @"
    Rosa: /start
    Ringback: two
    Ringback: five
    ");
}

#[tokio::test]
async fn too_much_at_once_must_wait() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let limit = |messages, seconds| Limit { messages, seconds };
    telegram.limits(limit(30, 1), limit(20, 60), limit(2, 60));
    let rosa = telegram.customer("Rosa");
    rosa.starts();
    let text = json!({ "chat_id": rosa.id(), "text": "Hello" });
    asker.done("sendMessage", text.clone()).await;
    asker.done("sendMessage", text.clone()).await;
    let answer = asker.ask("sendMessage", text.clone()).await;
    assert_eq!(answer["error_code"], 429);
    telegram.time_passes(Duration::from_secs(60));
    asker.done("sendMessage", text).await;
    assert_eq!(telegram.too_many(), 1);
}

#[tokio::test]
async fn what_telegram_does_not_know_is_a_violation() {
    let telegram = Telegram::unrecorded();
    let asker = Asker::of(&telegram);
    asker
        .ask(
            "sendmessage",
            json!({ "chat_id": "x", "text": 5, "loud": true }),
        )
        .await;
    asker.ask("sendTelepathy", json!({})).await;
    assert_eq!(
        telegram.violations(),
        [
            "chat_id of sendMessage is no chat",
            "sendMessage has no parameter loud",
            "text of sendMessage is no string",
            "there is no method sendTelepathy",
        ]
    );
}

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let telegram = Telegram::unrecorded();
    let mut asker = Asker::of(&telegram);
    asker.url = format!("{}/bot7000001:wrong", telegram.url());
    assert_eq!(asker.refused("getMe", json!({})).await, "Unauthorized");
    asker.url = format!("{}/botnonsense", telegram.url());
    assert_eq!(asker.refused("getMe", json!({})).await, "Not Found");
}

#[tokio::test]
async fn files_are_sent_by_id_or_along_with_the_request() {
    let telegram = Telegram::start();
    let asker = Asker::of(&telegram);
    let rosa = telegram.customer("Rosa");
    let photo = rosa.sends(Content::Photo("My screen"));
    let id = photo.json["photo"][0]["file_id"].clone();
    let by_id = json!({ "chat_id": rosa.id(), "photo": id, "caption": "Yours" });
    asker.done("sendPhoto", by_id).await;
    let wrong = json!({ "chat_id": rosa.id(), "voice": id });
    let refused = asker.refused("sendVoice", wrong).await;
    assert_eq!(
        refused,
        "Bad Request: can't use file of type photo as voice"
    );
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n",
        rosa.id()
    );
    let sent = asker
        .client
        .post(format!("{}/sendDocument", asker.url))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert!(sent.status().is_success());
    let copy = json!({
        "chat_id": rosa.id(), "from_chat_id": rosa.id(), "message_id": photo.id(),
    });
    asker.done("copyMessage", copy).await;
    insta::assert_snapshot!(rosa.as_text(), @"
    Rosa: <photo> My screen
    Ringback: <photo> Yours
    Ringback: <document>
    Ringback: <photo> My screen
    ");
}
