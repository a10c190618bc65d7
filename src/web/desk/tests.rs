//! Made-up rows for the tests of the desk's pages, and who may see what.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::{SignedIn, may_see, sight, works};
use crate::{
    domain::{
        account::Role,
        decision::RuleName,
        ids::{
            AccountName, Author, ChannelName, DeskName, MessageId, RulesVersion, ThreadId,
            ThreadKey,
        },
        private::Private,
        time::Timestamp,
    },
    rules::{Desk, Policy, Rules},
    store::{
        CallbackId,
        rows::{CallbackRow, CallbackState, card::Background, desk::QueueRow},
    },
    web::pages::times::Times,
};

/// What customers may call themselves and write, so that no page may take it for its own.
pub(super) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</bdi></blockquote></article><h1>Signed out</h1>",
    "\u{202e}gnp.exe\u{2066}",
    "{{ frame.csrf }}",
    "&lt;b&gt; &amp;",
];

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Half past two on a Monday, in UTC.
pub(super) fn times() -> Times {
    Times::new(TimeZone::UTC, time("2026-01-05T14:30:00Z"))
}

pub(super) fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

pub(super) fn by(name: &str, role: Role) -> SignedIn {
    SignedIn::somebody(name, role)
}

fn channel(name: &str) -> ChannelName {
    ChannelName::parse(name).expect("a name")
}

pub(super) fn desk(name: &str) -> DeskName {
    DeskName::parse(name).expect("a name")
}

/// The desk `main` is everybody's; `vip`, which works the channel `gold`, is Kim's.
pub(super) fn rules() -> Rules {
    let vip = Desk {
        members: BTreeSet::from([account("kim")]),
        ..Desk::default()
    };
    let gold = Policy {
        desk: desk("vip"),
        ..Policy::default()
    };
    Rules {
        version: RulesVersion("0123456789ab".into()),
        channels: [(channel("gold"), gold)].into(),
        desks: [(Desk::default_name(), Desk::default()), (desk("vip"), vip)].into(),
        ..Rules::default()
    }
}

pub(super) fn callback(id: i64, state: CallbackState) -> CallbackRow {
    CallbackRow {
        id: CallbackId(id),
        channel: channel("x"),
        thread: ThreadId::parse(&format!("t{id}")).expect("an id"),
        number: 1,
        case: 1,
        exchange: 3,
        rule: RuleName::RuleOfThree,
        message: MessageId::parse("m3").expect("an id"),
        desk: Desk::default_name(),
        topic: None,
        owner: None,
        attempts: 0,
        incident: None,
        state,
        urgent: false,
        asked: false,
        soft: false,
        due_at: time("2026-01-05T14:18:00Z"),
        claimed_by: None,
        claimed_at: None,
        scheduled_at: None,
        ended_by: None,
        why: None,
        outcome: None,
        ended_at: None,
    }
}

pub(super) fn queued(callback: CallbackRow, name: &str, text: &str) -> QueueRow {
    QueueRow {
        calls: Vec::new(),
        dialled: None,
        background: Background::default(),
        callback,
        author: Author::parse(name).ok(),
        reason: "third exchange was not a thank-you".to_owned(),
        evidence: Vec::new(),
        text: Private::new(text.to_owned()),
        at: time("2026-01-05T14:18:00Z"),
        forms: Vec::new(),
    }
}

fn thread(channel_name: &str) -> ThreadKey {
    ThreadKey {
        channel: channel(channel_name),
        thread: ThreadId::parse("t1").expect("an id"),
    }
}

#[test]
fn an_agent_sees_the_desks_they_work_and_a_supervisor_all() {
    let rules = rules();
    let channels = [channel("x"), channel("gold")];
    let seen = |by: &SignedIn| sight(&rules, channels.iter(), by);
    let lee = seen(&by("lee", Role::Agent));
    assert_eq!(lee.channels, Some(vec![channel("x")]));
    assert_eq!(lee.desks, Some(vec![Desk::default_name()]));
    for all in [by("kim", Role::Agent), by("lee", Role::Supervisor)] {
        assert_eq!(seen(&all), super::Sight::default());
    }
}

#[test]
fn a_thread_of_another_desk_is_seen_only_through_a_callback() {
    let rules = rules();
    let lee = by("lee", Role::Agent);
    let (main, vip) = (Desk::default_name(), desk("vip"));
    let sees = |channel: &str, callbacks: &[&DeskName]| {
        may_see(&rules, &lee, &thread(channel), callbacks.iter().copied())
    };
    assert!(sees("x", &[]));
    assert!(!sees("gold", &[]));
    assert!(!sees("gold", &[&vip]));
    assert!(sees("gold", &[&vip, &main]));
}

#[test]
fn a_desk_that_the_rules_no_longer_name_is_not_forgotten() {
    let rules = rules();
    let gone = desk("gone");
    assert!(!works(&rules, &by("lee", Role::Agent), &gone));
    assert!(works(&rules, &by("kim", Role::Agent), &gone));
    assert!(works(&rules, &by("lee", Role::Supervisor), &gone));
}
