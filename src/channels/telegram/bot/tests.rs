//! Requests against a server of the tests' own.

use std::sync::Arc;

use axum::{Router, body::Bytes, extract::Path, http::StatusCode, response::IntoResponse};
use teloxide::payloads::{GetMe, SendMessage};
use tokio::net::TcpListener;

use super::*;
use crate::{domain::time::Timestamp, settings::Settings};

const TOKEN: &str = "123456789:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";

/// A bot whose API answers each request with what comes next.
async fn bot_of(answers: Vec<(StatusCode, &'static str)>) -> Bot {
    let answers = Arc::new(std::sync::Mutex::new(answers.into_iter()));
    let answer = move |Path((token, _)): Path<(String, String)>, _: Bytes| {
        let next = answers.lock().unwrap().next();
        async move {
            assert_eq!(token, format!("bot{TOKEN}"));
            next.expect("no more is asked").into_response()
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/{token}/{method}", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    bot_at(&format!("http://{address}"))
}

fn bot_at(api_url: &str) -> Bot {
    drop(rustls::crypto::ring::default_provider().install_default());
    let text = format!("[telegram]\ntoken = \"{TOKEN}\"\napi_url = \"{api_url}\"");
    let settings = Settings::of_text(&text).unwrap();
    let clock = Clock::manual(Timestamp::UNIX_EPOCH);
    Bot::new(settings.telegram.as_ref().unwrap(), clock).unwrap()
}

const ME: &str = r#"{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Care","username":"care_bot",
    "can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false,
    "has_main_web_app":false}}"#;

#[tokio::test]
async fn an_answer_is_read_and_a_refusal_is_a_failure() {
    let bot = bot_of(vec![
        (StatusCode::OK, ME),
        (
            StatusCode::FORBIDDEN,
            r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#,
        ),
        (StatusCode::BAD_GATEWAY, "<html>Bad Gateway</html>"),
        (StatusCode::OK, "not JSON"),
        (StatusCode::OK, r#"{"ok":true,"result":"not a Me"}"#),
    ])
    .await;
    let me = bot.ask(GetMe::new()).await.unwrap();
    assert_eq!(me.user.username.as_deref(), Some("care_bot"));
    for failure in [
        Failure::Blocked,
        Failure::Unreachable,
        Failure::Unknown,
        Failure::Unknown,
    ] {
        assert_eq!(bot.ask(GetMe::new()).await, Err(failure));
    }
}

#[tokio::test]
async fn nobody_writes_to_a_chat_while_telegram_wants_nothing_there() {
    let flood = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 30","parameters":{"retry_after":30}}"#;
    let bot = bot_of(vec![(StatusCode::TOO_MANY_REQUESTS, flood)]).await;
    let chat = ChatId(-100);
    let message = || SendMessage::new(chat, "Hello");
    let asked = Failure::Later(Duration::from_secs(30));
    let one = Turn {
        chat,
        item: "one",
        lane: Lane::First,
    };
    assert_eq!(bot.send(one, message()).await, Err(asked.clone()));
    // These ask nobody any more: they know.
    let other = Turn {
        chat,
        item: "other",
        lane: Lane::First,
    };
    assert_eq!(bot.send(other, message()).await, Err(asked));
    assert!(matches!(
        bot.say(chat, message()).await,
        Err(Failure::Later(_))
    ));
}

#[tokio::test]
async fn a_message_that_was_posted_is_known_however_odd_it_looks() {
    let posted = r#"{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":5,"type":"private"},
        "from":{"id":1,"is_bot":true,"first_name":"Care"},"text":"Hello",
        "entities":[{"type":"made_up_tomorrow","offset":0,"length":2}]}}"#;
    let bot = bot_of(vec![(StatusCode::OK, posted)]).await;
    let sent = bot.ask(SendMessage::new(ChatId(5), "Hello")).await;
    assert_eq!(sent.unwrap().id.0, 7);
}

#[tokio::test]
async fn the_token_stands_in_no_error_and_no_debug_text() {
    let bot = bot_of(vec![(StatusCode::NOT_FOUND, TOKEN)]).await;
    let mut said = format!("{bot:?}");
    for bot in [bot, bot_at("http://127.0.0.1:1")] {
        let failure = bot.ask(GetMe::new()).await.unwrap_err();
        said.push_str(&format!(
            "{failure:?} {failure} {:?}",
            crate::engine::SendError::from(failure.clone())
        ));
    }
    assert!(!said.contains("AbCdEfGh"), "{said}");
}

#[tokio::test]
async fn what_never_arrived_is_told_from_what_may_have() {
    let nobody_listens = bot_at("http://127.0.0.1:1");
    let failure = nobody_listens.ask(GetMe::new()).await;
    assert_eq!(failure, Err(Failure::Unreachable));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hangs_up = async { drop(listener.accept().await.unwrap()) };
    let bot = bot_at(&format!("http://{address}"));
    let (failure, ()) = tokio::join!(bot.ask(GetMe::new()), hangs_up);
    assert_eq!(failure, Err(Failure::Unknown));
}
