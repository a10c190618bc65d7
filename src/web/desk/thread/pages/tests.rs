//! A thread's page as a browser gets it.

use askama::Template;
use jiff::tz::TimeZone;

use super::{
    Asked, BTreeMap, Back, CustomerBox, NoticeCard, Offers, SamePerson, SignedIn, TextBox,
    ThreadPage, show,
};
use crate::{
    domain::{
        account::Role,
        form::{CallDetails, FormRequestId, FormState, Purpose},
        ids::{Author, MessageId, ShownName, ThreadKey},
        message::Party,
        private::Private,
        reading::{Evidence, Head, Identity, IdentityKind, IdentityLevel, Language, TextWish},
        thread::Hold,
        time::{Length, after},
    },
    engine::tests::played::Played,
    store::rows::{forms::FormRequestRow, people::People},
    web::{
        desk::{names::Names, tests::HOSTILE},
        pages::{Frame, Section, times::Times},
    },
};

/// The page as an agent sees it who may answer.
fn page(played: &Played) -> ThreadPage {
    let text_box = |id: &str| TextBox {
        id: id.to_owned(),
        text: String::new(),
        problem: None,
    };
    let now = after(played.thread.thread.changed_at, Length::minutes(5));
    let times = Times::new(TimeZone::UTC, now);
    let by = SignedIn::somebody("ann", Role::Agent);
    ThreadPage {
        frame: Frame {
            who: Some((ShownName::parse("Ann").expect("a name"), Role::Agent)),
            csrf: "the-csrf".to_owned(),
            section: Section::Threads,
            ..Frame::outside()
        },
        times: times.clone(),
        names: Names::default(),
        show: show(&played.thread, &played.rules, None),
        notices: played
            .thread
            .notices
            .iter()
            .map(|row| NoticeCard::new(row, &played.rules, &by, &times, Back::Thread))
            .collect(),
        card: None,
        ended: Vec::new(),
        address: "/desk/threads/chat/t1".to_owned(),
        looked_at: "chat/t1".to_owned(),
        older: None,
        is_newest: true,
        answers_form: false,
        held: Vec::new(),
        customer: CustomerBox::new(&played.thread.contact, &by, false, &times),
        people: SamePerson::new(&People::default(), &times),
        forms: Vec::new(),
        offers: Offers::new(&played.rules, "/desk/threads/chat/t1", "thread"),
        may_check: false,
        makes_links: false,
        asked_in: BTreeMap::new(),
        reply: Some(text_box("reply-1")),
        to_copy: None,
        note: text_box("note-1"),
        longest: 4_000,
    }
}

/// A thread in which everything that people write is this text.
fn full_of(text: &str) -> ThreadPage {
    let mut played = Played::under("").plays(&["c Hello", "a Hello", &format!("n {text}")]);
    let now = played.thread.thread.changed_at;
    played.says(Party::Customer, text, now);
    let author = Author::parse(text).ok();
    played.thread.thread.author.clone_from(&author);
    for line in &mut played.thread.lines {
        line.message.author.clone_from(&author);
        line.evidence.push(Evidence {
            head: Head::Identity,
            words: Private::new(text.to_owned()),
        });
        let reading = line.decision.reading.as_mut().expect("a reading");
        reading.identity = Some(Identity {
            kind: IdentityKind::Offered,
            level: IdentityLevel::Confidential,
        });
    }
    played.thread.hold = Some(Hold {
        wish: TextWish::Case,
        since: now,
        message: MessageId::parse("m1").expect("an id"),
        words: Private::new(text.to_owned()),
    });
    let mut drawn = page(&played);
    drawn.note.text = text.to_owned();
    drawn
}

#[test]
fn whatever_people_write_stays_text() {
    let tags = |html: &str| html.matches('<').count();
    let harmless = full_of("Hello").render().expect("a page");
    for hostile in HOSTILE {
        let html = full_of(hostile).render().expect("a page");
        assert_eq!(tags(&html), tags(&harmless), "{hostile}");
        if hostile.contains(['<', '"', '\'', '&']) {
            assert!(!html.contains(hostile), "{hostile}");
        }
    }
}

#[test]
fn writing_from_right_to_left_stays_within_its_own_element() {
    let html = full_of("\u{202e}gnp.exe").render().expect("a page");
    for before in html.split('\u{202e}').collect::<Vec<_>>().windows(2) {
        let opened = before[0].rsplit_once('<').map_or("", |(_, tag)| tag);
        let isolated = opened.starts_with("bdi>")
            || opened.contains("dir=\"auto\"")
            || opened.starts_with("title>");
        assert!(isolated, "{opened}");
    }
}

#[test]
fn every_form_carries_the_token_and_nothing_is_inline() {
    let played = Played::under("").plays(&[
        "c My card is 4111 1111 1111 1111",
        "a Thanks, and the PIN?",
        "c Great, thank you!",
    ]);
    let html = page(&played).render().expect("a page");
    let forms = html.matches("<form method=\"post\"").count()
        + html
            .matches("<form class=\"stack\" method=\"post\"")
            .count();
    assert_eq!(
        html.matches("name=\"csrf\" value=\"the-csrf\"").count(),
        forms
    );
    assert!(forms > 5, "{forms}");
    for inline in [
        " style=",
        " onclick=",
        " onsubmit=",
        "<style",
        "javascript:",
    ] {
        assert!(!html.contains(inline), "{inline}");
    }
    assert!(html.contains("<span class=\"chip\">payment card hidden</span>"));
    assert!(!html.contains("4111"));
}

#[test]
fn what_could_not_be_sent_is_still_in_the_box() {
    let mut drawn = page(&Played::under("").plays(&["c Hello"]));
    drawn.answers_form = true;
    drawn.reply = Some(TextBox {
        id: "box-1".to_owned(),
        text: "What is your PIN?".to_owned(),
        problem: Some("Not sent yet.".to_owned()),
    });
    let html = drawn.render().expect("a page");
    assert!(html.contains(">What is your PIN?</textarea>"));
    assert!(html.contains("role=\"alert\">Not sent yet.</p>"));
    assert!(html.contains("<link rel=\"canonical\" href=\"/desk/threads/chat/t1\">"));
}

#[test]
fn older_messages_are_read_only() {
    let mut drawn = page(&Played::under("").plays(&["c Hello"]));
    drawn.is_newest = false;
    drawn.older = Some("/desk/threads/chat/t1?before=7&until=2026-01-05T10:00:00Z".to_owned());
    let html = drawn.render().expect("a page");
    assert!(!html.contains("<textarea"));
    assert!(html.contains("Older messages"));
    assert!(html.contains("Newest messages"));
}

/// A details form that somebody filled in, as the panel shows it.
fn filled_in(played: &Played, sees: bool) -> Asked {
    let thread = &played.thread.thread;
    let row = FormRequestRow {
        id: FormRequestId(1),
        thread: ThreadKey {
            channel: thread.channel.clone(),
            thread: thread.thread.clone(),
        },
        case: 1,
        desk: played.rules.defaults.desk.clone(),
        purpose: Purpose::Details,
        language: Language::ENGLISH,
        state: FormState::Submitted,
        asked_by: None,
        asked_at: thread.changed_at,
        until: thread.changed_at,
        submitted_at: Some(thread.changed_at),
        checked_at: None,
        checked_by: None,
        details: Some(CallDetails::Ring {
            number: Private::new("+442079460142".to_owned()),
            best_time: Private::default(),
            ring_at: None,
            zone: None,
            consent_version: "v1".to_owned(),
        }),
    };
    let times = Times::new(TimeZone::UTC, thread.changed_at);
    Asked::new(&row, sees, &played.rules, &Names::default(), &times)
}

#[test]
fn the_number_of_a_form_is_whole_only_for_whoever_has_the_call_and_supervisors() {
    let played = Played::under("").plays(&["c Hello"]);
    for sees in [true, false] {
        let mut drawn = page(&played);
        drawn.forms = vec![filled_in(&played, sees)];
        let html = drawn.render().expect("a page");
        assert_eq!(html.contains("+442079460142"), sees);
        assert_eq!(html.contains("ending 42"), !sees);
    }
    for (role, sees) in [
        (Role::Agent, false),
        (Role::Supervisor, true),
        (Role::Admin, true),
    ] {
        let by = SignedIn::somebody("ann", role);
        assert_eq!(super::sees_numbers(&by, None), sees);
    }
}
