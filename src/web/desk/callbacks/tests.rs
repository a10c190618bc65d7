//! What a queue looks like to its viewer.

use askama::Template;

use super::{Back, CallbacksPage, Card, Drawing, Lead, View};
use crate::{
    domain::{account::Role, decision::Notice},
    engine::troubles::{Standing, Trouble},
    store::rows::{
        CallbackRow, CallbackState,
        desk::{DeskCounts, QueueRow},
    },
    web::{
        account::session::SignedIn,
        desk::{
            names::Names,
            notices::{NoticeCard, notice_row},
            tests::{HOSTILE, account, by, callback, queued, rules, time, times},
            troubles::TroubleCard,
        },
        pages::{Frame, Section, times::Times},
    },
};

fn card(row: CallbackRow, by: &SignedIn) -> Card {
    drawn(&queued(row, "@kim_doe", "It still does not work!"), by)
}

fn drawn(row: &QueueRow, by: &SignedIn) -> Card {
    drawn_with(row, by, &Names::default())
}

fn drawn_with(row: &QueueRow, by: &SignedIn, names: &Names) -> Card {
    drawn_at(row, by, names, &times())
}

fn drawn_at(row: &QueueRow, by: &SignedIn, names: &Names, times: &Times) -> Card {
    let drawing = Drawing {
        rules: &rules(),
        by,
        names,
        times,
        back: Back::Due,
        carries: &|_| true,
        can_dial: false,
    };
    Card::new(row, &drawing)
}

fn held_by(name: &str, state: CallbackState) -> CallbackRow {
    CallbackRow {
        claimed_by: Some(account(name)),
        scheduled_at: Some(time("2026-01-05T16:00:00Z")),
        ..callback(7, state)
    }
}

fn shown(by: &SignedIn, cards: Vec<Card>, notices: Vec<NoticeCard>) -> String {
    page(by, cards, notices).render().expect("a page")
}

fn page(by: &SignedIn, cards: Vec<Card>, notices: Vec<NoticeCard>) -> CallbacksPage {
    let counts = DeskCounts {
        due: cards.len() as u64,
        notices: notices.len() as u64,
        ..DeskCounts::default()
    };
    CallbacksPage {
        above: super::Above::default(),
        frame: Frame {
            counts,
            ..by.frame(Section::Callbacks)
        },
        view: View::Due,
        cards,
        more: 0,
        troubles: Vec::new(),
        notices,
    }
}

fn forms(html: &str) -> Vec<&str> {
    html.split("action=\"/desk/callbacks/7/")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(act, _)| act))
        .collect()
}

#[test]
fn what_hinders_ringback_stands_first_with_how_to_mend_it() {
    let trouble = Standing {
        trouble: Trouble::PolledElsewhere,
        since: time("2026-01-05T15:00:00Z"),
    };
    let mut page = page(&by("boss", Role::Supervisor), Vec::new(), Vec::new());
    page.troubles = vec![TroubleCard::new(trouble, &times())];
    let html = page.render().expect("a page");
    let (_, attention) = html.split_once("Needs attention").expect("the heading");
    assert!(html.contains("1 thing needs attention"));
    assert!(attention.contains("Another program polls this bot"));
    assert!(attention.contains("Stop it: a second Ringback"));
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
    assert_eq!(
        acts(own, &lee),
        "done done renew release later later keep-typing"
    );
    let promised = held_by("lee", CallbackState::Scheduled);
    assert_eq!(
        acts(promised, &lee),
        "claim keep-typing release later later"
    );
    let of_anybody = CallbackRow {
        claimed_by: None,
        ..held_by("lee", CallbackState::Scheduled)
    };
    assert_eq!(acts(of_anybody, &lee), "claim keep-typing later later");
    let tried = CallbackRow {
        claimed_by: None,
        ..held_by("lee", CallbackState::NoAnswer)
    };
    assert_eq!(acts(tried, &lee), "claim keep-typing later later");
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
    let card = drawn_with(&row, &boss, &names);
    let html = shown(&boss, vec![card], Vec::new());
    assert!(html.contains("<bdi>Kim Doe</bdi> has it"));
    assert!(html.contains("take it from Kim Doe"));
}

#[test]
fn a_claim_of_long_ago_is_nobodys() {
    let lee = by("lee", Role::Agent);
    let released = held_by("lee", CallbackState::Due);
    let card = card(released, &lee);
    assert!(!card.acts.is_claimed && card.acts.is_free);
    assert_eq!(card.acts.release, None);
}

/// The number that the callback's customer is rung on.
fn with_number(row: CallbackRow) -> QueueRow {
    let mut row = queued(row, "@kim_doe", "Please ring me");
    row.background.number = Some("+442079460142".to_owned().into());
    row
}

#[test]
fn one_button_of_a_card_leads() {
    let lee = by("lee", Role::Agent);
    let soft = CallbackRow {
        soft: true,
        ..callback(7, CallbackState::Due)
    };
    let claimed = held_by("lee", CallbackState::Claimed);
    let day = times();
    let night = Times::new(jiff::tz::TimeZone::UTC, time("2026-01-05T23:10:00Z"));
    for (row, now, lead) in [
        (
            with_number(callback(7, CallbackState::Due)),
            &day,
            Lead::Claim,
        ),
        (with_number(soft), &day, Lead::KeepTyping),
        (with_number(claimed.clone()), &day, Lead::Ring),
        (queued(claimed.clone(), "@kim", "Hm"), &day, Lead::Done),
        (
            with_number(callback(7, CallbackState::Due)),
            &night,
            Lead::RingLater,
        ),
        (with_number(claimed), &night, Lead::RingLater),
        (
            with_number(held_by("lee", CallbackState::Scheduled)),
            &day,
            Lead::Claim,
        ),
        (
            with_number(held_by("kim", CallbackState::Claimed)),
            &night,
            Lead::Nothing,
        ),
    ] {
        let card = drawn_at(&row, &lee, &Names::default(), now);
        assert_eq!(card.acts.lead, lead);
        let html = shown(&lee, vec![card], Vec::new());
        // Beside it only the sheet of a call has one, which is folded away.
        let saves = html.matches("button-main\">Save<").count();
        let shortcuts = html.matches("button-main\">Close<").count();
        let leads = html.matches("button-main").count() - saves - shortcuts;
        assert_eq!(leads, usize::from(lead != Lead::Nothing), "{lead:?}");
    }
}

#[test]
fn in_their_night_a_card_offers_the_morning_and_warns() {
    let lee = by("lee", Role::Agent);
    let night = Times::new(jiff::tz::TimeZone::UTC, time("2026-01-05T23:10:00Z"));
    let row = with_number(callback(7, CallbackState::Due));
    let card = drawn_at(&row, &lee, &Names::default(), &night);
    let (_, at) = card.acts.ring_later.as_ref().expect("a time");
    assert_eq!(at, "2026-01-06T08:00");
    let html = shown(&lee, vec![card], Vec::new());
    assert!(html.contains("It is 23:10 there: quiet until 08:00."));
    assert!(html.contains("name=\"at\" value=\"2026-01-06T08:00\""));
}

#[test]
fn the_number_is_for_whoever_has_the_callback_and_for_supervisors() {
    let (lee, kim) = (by("lee", Role::Agent), by("kim", Role::Agent));
    let boss = by("boss", Role::Supervisor);
    let html = |row: &QueueRow, by: &SignedIn| shown(by, vec![drawn(row, by)], Vec::new());
    let due = with_number(callback(7, CallbackState::Due));
    assert!(!html(&due, &lee).contains("+442079460142"));
    assert!(html(&due, &lee).contains("ending 42"));
    assert!(html(&due, &boss).contains("+442079460142"));
    let claimed = with_number(held_by("lee", CallbackState::Claimed));
    assert!(html(&claimed, &lee).contains("href=\"tel:+442079460142\""));
    assert!(!html(&claimed, &kim).contains("+442079460142"));
}

#[test]
fn the_two_words_are_for_the_claimer_alone() {
    let mut row = with_number(held_by("lee", CallbackState::Claimed));
    row.background.words = Some("amber falcon".to_owned().into());
    let html = |by: &SignedIn| shown(by, vec![drawn(&row, by)], Vec::new());
    assert!(html(&by("lee", Role::Agent)).contains("amber falcon"));
    assert!(!html(&by("kim", Role::Agent)).contains("amber falcon"));
    assert!(!html(&by("boss", Role::Admin)).contains("amber falcon"));
}

#[test]
fn nothing_that_a_customer_writes_becomes_part_of_the_page() {
    let lee = by("lee", Role::Agent);
    let plain = shown(
        &lee,
        vec![drawn(
            &queued(callback(7, CallbackState::Due), "a", "a"),
            &lee,
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
        let card = drawn(&row, &lee);
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
    let times: Vec<&str> = card.acts.laters.iter().map(|(_, at)| at.as_str()).collect();
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
