//! What receivers get, byte for byte: shapes that others build on.

use serde_json::{Value, json};

use super::of;
use crate::engine::OutboxItem;

/// An item as the outbox keeps it.
fn told(event: Value) -> Value {
    let item = OutboxItem {
        id: "msg_1".to_owned(),
        created_at: "2026-01-05T10:00:00Z".parse().expect("a time"),
        attempt: 1,
        event: serde_json::from_value(event).expect("an event"),
    };
    serde_json::from_slice(&of(&item).expect("JSON")).expect("JSON")
}

fn decision(text: Option<&str>) -> Value {
    told(json!({
        "event": "decision", "at": "2026-01-05T09:59:00Z", "from": "customer",
        "visibility": "public", "text": text,
        "record": {
            "channel": "chat", "thread": "t", "id": "m", "exchange": 3, "case": 1,
            "actions": ["callback"], "soft": false, "rule": "rule_of_three", "reason": "why",
            "reading": null, "confidence": {"closing": 0.0},
        },
    }))
}

fn callback(change: Value) -> Value {
    told(due(change))
}

fn due(change: Value) -> Value {
    json!({
        "event": "callback", "id": 7, "channel": "chat", "thread": "t", "number": 1, "case": 1,
        "exchange": 3, "rule": "wants_call", "message": "m", "desk": "main", "urgent": false,
        "asked": true, "soft": false, "due_at": "2026-01-05T10:00:00Z", "change": change,
    })
}

#[test]
fn a_decision_says_that_it_follows_a_correction_and_only_then() {
    let of_event = |corrected: Option<bool>| {
        let mut event = json!({
            "event": "decision", "at": "2026-01-05T09:59:00Z", "from": "customer",
            "visibility": "public",
            "record": {
                "channel": "chat", "thread": "t", "id": "m", "exchange": 3, "case": 1,
                "actions": ["reopen"], "soft": false, "rule": "none", "reason": "why",
                "reading": null, "confidence": {"closing": 0.0},
            },
        });
        if let Some(corrected) = corrected {
            event["corrected"] = json!(corrected);
        }
        told(event)["data"]["corrected"].clone()
    };
    assert_eq!(of_event(Some(true)), json!(true));
    assert_eq!(of_event(Some(false)), Value::Null);
    assert_eq!(of_event(None), Value::Null, "what an older outbox holds");
}

#[test]
fn a_decision_is_told_as_the_api_tells_it() {
    insta::assert_json_snapshot!(decision(None), @r#"
    {
      "data": {
        "actions": [
          "callback"
        ],
        "at": "2026-01-05T09:59:00Z",
        "case": 1,
        "channel": "chat",
        "confidence": {
          "closing": 0.0
        },
        "exchange": 3,
        "from": "customer",
        "id": "m",
        "reading": null,
        "reason": "why",
        "rule": "rule_of_three",
        "soft": false,
        "thread": "t",
        "visibility": "public"
      },
      "timestamp": "2026-01-05T10:00:00Z",
      "type": "decision.made"
    }
    "#);
}

#[test]
fn the_text_is_there_only_when_the_outbox_kept_it() {
    assert_eq!(decision(None)["data"].get("text"), None);
    assert_eq!(decision(Some("hello"))["data"]["text"], "hello");
}

#[test]
fn a_callback_tells_what_happened_to_it() {
    let opened = callback(json!({"kind": "opened"}));
    assert_eq!(opened["type"], "callback.opened");
    let changed = callback(json!({"kind": "changed", "what": "turned_loud"}));
    assert_eq!(changed["type"], "callback.changed");
    assert_eq!(changed["data"]["change"], "turned_loud");
    let end = json!({"end": "done", "by": "kim", "outcome": "solved"});
    let ended = callback(json!({"kind": "ended", "what": end}));
    let ended = &ended["data"];
    assert_eq!(
        (&ended["end"], &ended["by"], &ended["outcome"]),
        (&json!("done"), &json!("kim"), &json!("solved"))
    );
}

#[test]
fn a_callback_kept_in_text_tells_who_and_why() {
    let end = json!({"end": "kept_typing", "by": "kim", "why": "being_handled"});
    let ended = callback(json!({"kind": "ended", "what": end}));
    let ended = &ended["data"];
    assert_eq!(
        (&ended["end"], &ended["by"], &ended["why"]),
        (
            &json!("kept_typing"),
            &json!("kim"),
            &json!("being_handled")
        )
    );
}

#[test]
fn a_promised_callback_tells_who_rings_and_when_and_others_are_silent_about_it() {
    let mut event = due(json!({"kind": "changed", "what": "scheduled"}));
    let silent = told(event.clone());
    assert_eq!(
        (
            silent["data"].get("claimed_by"),
            silent["data"].get("scheduled_at")
        ),
        (None, None)
    );
    event["claimed_by"] = json!("kim");
    event["scheduled_at"] = json!("2026-01-05T15:00:00Z");
    let promised = &told(event)["data"];
    assert_eq!(
        (
            &promised["change"],
            &promised["claimed_by"],
            &promised["scheduled_at"]
        ),
        (
            &json!("scheduled"),
            &json!("kim"),
            &json!("2026-01-05T15:00:00Z")
        )
    );
}

#[test]
fn a_notice_names_its_desk_and_what_it_is_about() {
    let notice = told(json!({
        "event": "notice", "channel": "chat", "thread": "t", "case": 1, "desk": "main",
        "notice": "flagged", "rule": "refunds",
    }));
    assert_eq!(notice["type"], "desk.notice");
    assert_eq!(notice["data"]["notice"], "flagged");
    assert_eq!(notice["data"]["rule"], "refunds");
}

#[test]
fn a_form_tells_how_far_it_has_come() {
    let form = json!({
        "event": "form", "id": 12, "channel": "chat", "thread": "t", "case": 1, "desk": "main",
        "purpose": "identity", "form": "identity", "state": "submitted",
    });
    let submitted = told(form);
    assert_eq!(submitted["type"], "form.submitted");
    assert_eq!(submitted["data"]["id"], 12);
    assert_eq!(submitted["data"]["form"], "identity");
    let details = told(json!({
        "event": "form", "id": 13, "channel": "chat", "thread": "t", "case": 1, "desk": "main",
        "purpose": "details", "state": "expired",
    }));
    assert_eq!(details["type"], "form.expired");
    assert_eq!(details["data"].get("form"), None);
}
