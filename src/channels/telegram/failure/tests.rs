//! What Telegram's own words mean. The descriptions are those that the Bot API answers with, as programs
//! have reported them.

use super::*;

fn meant(code: u16, description: &str) -> Failure {
    of_answer(code, description, None)
}

#[test]
fn each_refusal_means_what_is_to_be_done_next() {
    use Failure::*;
    let table: &[(u16, &str, Failure)] = &[
        (401, "Unauthorized", WrongToken),
        (404, "Not Found", WrongToken),
        (403, "Forbidden: bot was blocked by the user", Blocked),
        (403, "Forbidden: user is deactivated", Blocked),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            Blocked,
        ),
        (
            403,
            "Forbidden: bot was kicked from the group chat",
            ChatGone,
        ),
        (
            403,
            "Forbidden: bot was kicked from the supergroup chat",
            ChatGone,
        ),
        (
            403,
            "Forbidden: bot is not a member of the supergroup chat",
            ChatGone,
        ),
        (403, "Forbidden: the group chat was deleted", ChatGone),
        (400, "Bad Request: chat not found", ChatGone),
        (400, "Bad Request: CHANNEL_PRIVATE", ChatGone),
        (400, "Bad Request: PEER_ID_INVALID", ChatGone),
        (403, "Forbidden: MESSAGE_DELETE_FORBIDDEN", RightMissing),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", RightMissing),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", RightMissing),
        (
            400,
            "Bad Request: have no rights to send a message",
            RightMissing,
        ),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            RightMissing,
        ),
        (
            400,
            "Bad Request: not enough rights to manage pinned messages in the chat",
            RightMissing,
        ),
        (
            400,
            "Bad Request: need administrator rights in the channel chat",
            RightMissing,
        ),
        (
            400,
            "Bad Request: BUSINESS_PEER_USAGE_MISSING",
            RightMissing,
        ),
        (
            400,
            "Bad Request: business connection not found",
            RightMissing,
        ),
        (400, "Bad Request: message thread not found", TopicGone),
        (400, "Bad Request: TOPIC_DELETED", TopicGone),
        (400, "Bad Request: TOPIC_ID_INVALID", TopicGone),
        (400, "Bad Request: TOPIC_CLOSED", TopicClosed),
        (400, "Bad Request: TOPIC_NOT_MODIFIED", NotModified),
        (
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
            NotModified,
        ),
        (400, "Bad Request: message to edit not found", MessageGone),
        (400, "Bad Request: message to delete not found", MessageGone),
        (400, "Bad Request: message to copy not found", MessageGone),
        (
            400,
            "Bad Request: message to be replied not found",
            MessageGone,
        ),
        (400, "Bad Request: reply message not found", MessageGone),
        (400, "Bad Request: message can't be edited", MessageGone),
        (
            400,
            "Bad Request: message can't be deleted for everyone",
            MessageGone,
        ),
        (400, "Bad Request: MESSAGE_ID_INVALID", MessageGone),
        (
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            QueryGone,
        ),
        (
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            Conflict,
        ),
        (
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            WebhookSet,
        ),
        (
            400,
            "Bad Request: message is too long",
            Refused("it is too long"),
        ),
        (
            400,
            "Bad Request: MESSAGE_TOO_LONG",
            Refused("it is too long"),
        ),
        (
            400,
            "Bad Request: message caption is too long",
            Refused("it is too long"),
        ),
        (
            400,
            "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0",
            Refused("its markup cannot be read"),
        ),
        (413, "Request Entity Too Large", Refused("it is too large")),
        (500, "Internal Server Error", Unreachable),
        (502, "Bad Gateway", Unreachable),
        (429, "Too Many Requests", Later(Duration::from_secs(1))),
    ];
    for (code, description, failure) in table {
        assert_eq!(meant(*code, description), *failure, "{code} {description}");
    }
}

#[test]
fn what_telegram_says_beside_its_words_counts_first() {
    let parameters = |json: &str| serde_json::from_str(json).unwrap();
    let words = "Bad Request: group chat was upgraded to a supergroup chat";
    let moved = of_answer(400, words, parameters(r#"{"migrate_to_chat_id": -1001}"#));
    assert_eq!(moved, Failure::Moved(ChatId(-1001)));
    let words = "Too Many Requests: retry after 9";
    let later = of_answer(429, words, parameters(r#"{"retry_after": 9}"#));
    assert_eq!(later, Failure::Later(Duration::from_secs(9)));
}

#[test]
fn telegrams_own_words_never_leave_with_a_failure() {
    for code in [400, 401, 403, 404, 409, 413, 418, 429, 500] {
        let failure = meant(code, "Bad Request: message \"Rosa, 555-0100\" too long");
        assert!(!format!("{failure:?} {failure}").contains("Rosa"));
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_a_failure_only_where_nothing_was_done() {
    assert_eq!(of_unreadable(StatusCode::BAD_GATEWAY), Failure::Unreachable);
    assert_eq!(of_unreadable(StatusCode::OK), Failure::Unknown);
    let later = of_unreadable(StatusCode::TOO_MANY_REQUESTS);
    assert!(matches!(later, Failure::Later(_)));
}

#[test]
fn the_outbox_tries_again_only_what_was_surely_not_done() {
    let sent = |failure: Failure| SendError::from(failure);
    assert!(matches!(
        sent(Failure::Unreachable),
        SendError::Retry { .. }
    ));
    assert!(matches!(sent(Failure::WrongToken), SendError::Retry { .. }));
    assert!(matches!(sent(Failure::Unknown), SendError::Unknown));
    assert!(matches!(
        sent(Failure::Blocked),
        SendError::Permanent { .. }
    ));
    let wait = Duration::from_secs(3);
    assert!(matches!(sent(Failure::Later(wait)), SendError::Later { after } if after == wait));
}
