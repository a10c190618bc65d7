//! What a queue looks like to its viewer.

use askama::Template;

use super::{Back, CallbacksPage, Card, View};
use crate::{
    domain::{account::Role, decision::Notice},
    store::rows::{CallbackRow, CallbackState, desk::DeskCounts},
    web::{
        account::session::SignedIn,
        desk::{
            names::Names,
            notices::{NoticeCard, notice_row},
            tests::{HOSTILE, account, by, callback, queued, rules, time, times},
        },
        pages::{Frame, Section},
    },
};

fn card(row: CallbackRow, by: &SignedIn) -> Card {
    let row = queued(row, "@kim_doe", "It still does not work!");
    Card::new(row, &rules(), by, &Names::default(), &times(), Back::Due)
}

fn held_by(name: &str, state: CallbackState) -> CallbackRow {
    CallbackRow {
        claimed_by: Some(account(name)),
        scheduled_at: Some(time("2026-01-05T16:00:00Z")),
        ..callback(7, state)
    }
}

fn shown(by: &SignedIn, cards: Vec<Card>, notices: Vec<NoticeCard>) -> String {
    let counts = DeskCounts {
        due: cards.len() as u64,
        notices: notices.len() as u64,
        ..DeskCounts::default()
    };
    let page = CallbacksPage {
        frame: Frame {
            counts,
            ..by.frame(Section::Callbacks)
        },
        view: View::Due,
        cards,
        more: 0,
        notices,
    };
    page.render().expect("a page")
}

fn forms(html: &str) -> Vec<&str> {
    html.split("action=\"/desk/callbacks/7/")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(act, _)| act))
        .collect()
}

#[test]
fn what_may_be_done_depends_on_who_has_it() {
    let (lee, boss) = (by("lee", Role::Agent), by("boss", Role::Supervisor));
    let acts = |row: CallbackRow, by: &SignedIn| {
        let html = shown(by, vec![card(row, by)], Vec::new());
        forms(&html).join(" ")
    };
    let due = callback(7, CallbackState::Due);
    assert_eq!(acts(due, &lee), "claim keep-typing later later");
    let own = held_by("lee", CallbackState::Claimed);
    assert_eq!(acts(own, &lee), "done keep-typing later later release");
    let promised = held_by("lee", CallbackState::Scheduled);
    assert_eq!(
        acts(promised, &lee),
        "claim keep-typing later later release"
    );
    let others = held_by("kim", CallbackState::Claimed);
    assert_eq!(acts(others.clone(), &lee), "");
    assert_eq!(acts(others, &boss), "release");
}

#[test]
fn colleagues_are_called_by_their_names() {
    let boss = by("boss", Role::Supervisor);
    let row = held_by("kim", CallbackState::Claimed);
    let row = queued(row, "@customer", "It still does not work!");
    let names = Names::from_iter([(account("kim"), "Kim Doe")]);
    let card = Card::new(row, &rules(), &boss, &names, &times(), Back::Due);
    let html = shown(&boss, vec![card], Vec::new());
    assert!(html.contains("Kim Doe has it"));
    assert!(html.contains("take it from Kim Doe"));
}

#[test]
fn a_claim_of_long_ago_is_nobodys() {
    let lee = by("lee", Role::Agent);
    let released = held_by("lee", CallbackState::Due);
    let card = card(released, &lee);
    assert!(!card.is_mine);
    assert_eq!(card.holder, None);
}

#[test]
fn a_soft_callback_leads_with_keep_typing() {
    let lee = by("lee", Role::Agent);
    let soft = CallbackRow {
        soft: true,
        ..callback(7, CallbackState::Due)
    };
    let main = |row| {
        let html = shown(&lee, vec![card(row, &lee)], Vec::new());
        let (_, rest) = html.split_once("button-main\"").expect("a main button");
        let (_, words) = rest.split_once("</svg>").expect("its drawing");
        words.split_once('<').map(|(words, _)| words.to_owned())
    };
    assert_eq!(main(soft).as_deref(), Some("Keep typing"));
    let loud = callback(7, CallbackState::Due);
    assert_eq!(main(loud).as_deref(), Some("Claim"));
}

#[test]
fn nothing_that_a_customer_writes_becomes_part_of_the_page() {
    let lee = by("lee", Role::Agent);
    let plain = shown(
        &lee,
        vec![Card::new(
            queued(callback(7, CallbackState::Due), "a", "a"),
            &rules(),
            &lee,
            &Names::default(),
            &times(),
            Back::Due,
        )],
        vec![NoticeCard::new(
            &notice_row(1, "a", Notice::AnswerDue),
            &rules(),
            &by("lee", Role::Agent),
            &times(),
            Back::Due,
        )],
    );
    let long = "w".repeat(200);
    for text in HOSTILE.iter().copied().chain([long.as_str()]) {
        let row = queued(callback(7, CallbackState::Due), text, text);
        let card = Card::new(row, &rules(), &lee, &Names::default(), &times(), Back::Due);
        let notice = notice_row(1, text, Notice::AnswerDue);
        let notice = NoticeCard::new(
            &notice,
            &rules(),
            &by("lee", Role::Agent),
            &times(),
            Back::Due,
        );
        let html = shown(&lee, vec![card], vec![notice]);
        for mark in ["<", ">", "\""] {
            assert_eq!(
                html.matches(mark).count(),
                plain.matches(mark).count(),
                "{text}: {mark}"
            );
        }
        assert!(!html.contains("the-csrf\" onmouseover"), "{text}");
    }
}

#[test]
fn every_form_carries_what_proves_that_it_is_ours() {
    let lee = by("lee", Role::Agent);
    let cards = vec![
        card(callback(7, CallbackState::Due), &lee),
        card(held_by("lee", CallbackState::Claimed), &lee),
    ];
    let notice = notice_row(1, "@kim", Notice::HidePost);
    let notices = vec![NoticeCard::new(
        &notice,
        &rules(),
        &by("lee", Role::Agent),
        &times(),
        Back::Due,
    )];
    let html = shown(&lee, cards, notices);
    assert_eq!(
        html.matches("method=\"post\"").count(),
        html.matches("name=\"csrf\" value=\"the-csrf\"").count()
    );
}

/// The content security policy forbids them, so they would silently not work.
#[test]
fn no_page_has_inline_styles_or_scripts() {
    let boss = by("boss", Role::Admin);
    let html = shown(
        &boss,
        vec![card(held_by("kim", CallbackState::Claimed), &boss)],
        Vec::new(),
    );
    for forbidden in [" style=", "<style", " onclick=", "javascript:"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("<script src=\"/assets/desk-"));
}

#[test]
fn times_to_promise_are_those_of_the_viewers_calendar() {
    let card = card(callback(7, CallbackState::Due), &by("lee", Role::Agent));
    let times: Vec<&str> = card.laters.iter().map(|(_, at)| at.as_str()).collect();
    assert_eq!(
        times,
        [
            "2026-01-05T15:00",
            "2026-01-05T15:30",
            "2026-01-05T17:30",
            "2026-01-06T09:00"
        ]
    );
}
