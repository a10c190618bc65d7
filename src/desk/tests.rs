//! What a card says, as a desk without pages would draw it.

use super::{Card, Desk, Ended, LineKind, Mark, Piece, Sees, card, wording};
use crate::{
    domain::{
        account::Role,
        callback::{KeepTyping, Outcome},
        decision::RuleName,
        hours::Zone,
        ids::{AccountName, Author, ChannelName, MessageId, ThreadId, Topic},
        private::Private,
        reading::{Evidence, Head},
        time::Timestamp,
    },
    rules::{CardDetail, Desk as DeskRules, Rules},
    store::{
        CallbackId,
        rows::{
            CallbackRow, CallbackState, CaseState,
            calls::{CallRow, LineState, ToldLine},
            card::{Background, EarlierCase},
            desk::QueueRow,
            numbers::Ground,
            people::Profile,
        },
    },
};

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

fn topic(name: &str) -> Option<Topic> {
    Some(Topic::parse(name).expect("a topic"))
}

fn private(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

fn callback(state: CallbackState) -> CallbackRow {
    CallbackRow {
        id: CallbackId(12),
        channel: ChannelName::parse("x").expect("a name"),
        thread: ThreadId::parse("t1").expect("an id"),
        number: 1,
        case: 2,
        exchange: 3,
        rule: RuleName::RuleOfThree,
        message: MessageId::parse("m3").expect("an id"),
        desk: DeskRules::default_name(),
        topic: None,
        state,
        urgent: false,
        asked: false,
        soft: false,
        due_at: time("2026-01-05T14:00:00Z"),
        owner: None,
        attempts: 0,
        incident: None,
        claimed_by: None,
        claimed_at: None,
        scheduled_at: None,
        outcome: None,
        why: None,
        ended_at: None,
        ended_by: None,
    }
}

/// A customer who came back for the third time.
fn queued(callback: CallbackRow) -> QueueRow {
    QueueRow {
        callback,
        author: Author::parse("@rosa").ok(),
        reason: "third exchange was not a thank-you".to_owned(),
        evidence: Vec::new(),
        text: private("It is still wrong!"),
        at: time("2026-01-05T13:57:00Z"),
        forms: Vec::new(),
        calls: Vec::new(),
        dialled: None,
        background: Background {
            opened_at: Some(time("2026-01-04T09:00:00Z")),
            topic: topic("billing"),
            answers: 2,
            number: Some(private("+4915112345642")),
            ..Background::default()
        },
    }
}

const NOON: &str = "2026-01-05T14:00:00Z";

#[test]
fn the_words_that_decided_stand_beside_the_reason() {
    let mut row = queued(callback(CallbackState::Due));
    let said = |head, words| Evidence {
        head,
        words: private(words),
    };
    row.evidence = vec![
        said(Head::NotThanks, "but"),
        said(Head::Topic, "bill"),
        said(Head::Unsolved, "<b>still</b>\u{202e}"),
    ];
    let seen = |row: &QueueRow, sees| line(&drawn(row, NOON, sees), LineKind::Why);
    let why = |row: &QueueRow| seen(row, Sees::as_claimer());
    let but_still = "Third exchange was not a thank-you: “but … <b>still</b>”.";
    assert_eq!(why(&row).as_deref(), Some(but_still));
    let of_group = |detail| seen(&row, Sees::in_group(detail));
    assert_eq!(of_group(CardDetail::Group).as_deref(), Some(but_still));
    let bare = "Third exchange was not a thank-you.";
    assert_eq!(of_group(CardDetail::Claimer).as_deref(), Some(bare));
    // What an agent chose has no words of the customer's.
    row.callback.rule = RuleName::Agent;
    row.reason.clear();
    assert_eq!(why(&row).as_deref(), Some("An agent chose to ring."));
}

fn drawn(row: &QueueRow, now: &str, sees: Sees) -> Card {
    let desk = Desk {
        rules: &Rules::default(),
        now: time(now),
        viewer: None,
        names: &|account| account.to_string(),
    };
    Card::new(row, &desk, sees)
}

/// Pieces as one line of text, with times as they are.
fn text(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(words) => words.clone(),
        Piece::Said(words) | Piece::Theirs(words) | Piece::Number(words) => words.to_string(),
        Piece::At(at) | Piece::Ago(at) => format!("{at:.0}"),
        Piece::Link(link) => link.reveal().clone(),
    };
    pieces.iter().map(piece).collect()
}

fn whole(card: &Card) -> String {
    let marks = card.marks.iter().map(|mark| text(&wording::mark(mark)));
    let marks: Vec<String> = marks.collect();
    let lines = card.lines.iter().map(|line| {
        let label =
            wording::label(line.kind).map_or_else(String::new, |label| format!("{label}: "));
        format!("\n{label}{}", text(&line.pieces))
    });
    let lines: String = lines.collect();
    let also = card.head.handle.iter().chain(&card.head.company);
    let also: Vec<&str> = also.map(|text| text.as_str()).collect();
    let also = match also.as_slice() {
        [] => String::new(),
        also => format!(" ({})", also.join(", ")),
    };
    format!(
        "{}{also} on {} [{}]{lines}",
        card.head.name,
        card.head.channel,
        marks.join("] [")
    )
}

fn line(card: &Card, kind: LineKind) -> Option<String> {
    card.of(kind).next().map(|line| text(&line.pieces))
}

#[test]
fn whoever_rings_is_prepared() {
    let mut row = queued(CallbackRow {
        state: CallbackState::Claimed,
        claimed_by: Some(account("kim")),
        asked: true,
        attempts: 1,
        ..callback(CallbackState::Due)
    });
    row.background.words = Some(private("amber falcon"));
    row.background.customer.whereabouts.zones = vec![Zone::parse("Europe/Berlin").expect("a zone")];
    row.background.contact.ground = Ground::Asked {
        text: private("Can you ring me after six?"),
        at: time("2026-01-05T13:50:00Z"),
    };
    row.background.contact.profile = Some(Profile {
        name: Some(private("Rosa Lindqvist")),
        company: Some(private("Fjord Hotels")),
        email: None,
        zone: None,
        link: Some(private("javascript:alert(1)")),
        at: time("2025-12-01T10:00:00Z"),
    });
    row.background.earlier = vec![EarlierCase {
        number: 1,
        opened_at: time("2025-12-20T10:00:00Z"),
        topic: topic("parcel"),
        state: CaseState::Resolved,
        rung: Some(Outcome::Solved),
    }];
    row.calls = vec![CallRow {
        id: 1,
        callback: CallbackId(12),
        case: 2,
        by: account("lee"),
        at: time("2026-01-05T13:40:00Z"),
        outcome: Outcome::NoAnswer,
        note: Some(private("Voice mail, left no message")),
        told: Some(ToldLine {
            text: private("We try again at four."),
            state: LineState::Sent,
        }),
        next_at: None,
    }];
    insta::assert_snapshot!(whole(&drawn(&row, NOON, Sees::as_claimer())), @r"
    Rosa Lindqvist (@rosa, Fjord Hotels) on x [Asked for a call] [kim has it]
    Third exchange was not a thank-you.
    Asked about billing 2026-01-04T09:00:00Z; we answered twice; came back 2026-01-05T13:57:00Z
    It is still wrong!
    Say first: amber falcon
    Number: +4915112345642
    Their time: 15:00
    May we ring?: Yes: asked for it 2026-01-05T13:50:00Z: “Can you ring me after six?”
    Tried: once, and nobody answered
    Last call: 2026-01-05T13:40:00Z · no answer · lee: “Voice mail, left no message”
    Last call: They were told: “We try again at four.”
    Earlier: 2025-12-20T10:00:00Z · parcel · solved by phone
    ");
}

#[test]
fn before_the_claim_a_group_sees_neither_number_nor_history() {
    let mut row = queued(callback(CallbackState::Due));
    row.background.words = Some(private("amber falcon"));
    row.background.earlier = vec![EarlierCase {
        number: 1,
        opened_at: time("2025-12-20T10:00:00Z"),
        topic: None,
        state: CaseState::Lapsed,
        rung: None,
    }];
    insta::assert_snapshot!(
        whole(&drawn(&row, NOON, Sees::in_group(CardDetail::Claimer))), @r"
    @rosa on x []
    Third exchange was not a thank-you.
    Asked about billing 2026-01-04T09:00:00Z; we answered twice; came back 2026-01-05T13:57:00Z
    It is still wrong!
    Number: ending 42
    Their time: 14:00 (zone guessed)
    May we ring?: Not yet: offer a call first
    ");
    let small_team = whole(&drawn(&row, NOON, Sees::in_group(CardDetail::Group)));
    assert!(small_team.contains("+4915112345642") && small_team.contains("fell silent"));
    assert!(!small_team.contains("amber falcon"));
}

#[test]
fn at_the_web_desk_the_number_is_the_holders_and_supervisors() {
    let row = CallbackRow {
        claimed_by: Some(account("kim")),
        ..callback(CallbackState::Claimed)
    };
    let sees = |name, role| Sees::at_web_desk(&row, &account(name), role);
    let kim = sees("kim", Role::Agent);
    assert!(kim.number && kim.words);
    let lee = sees("lee", Role::Agent);
    assert!(!lee.number && !lee.words && lee.history);
    let boss = sees("boss", Role::Supervisor);
    assert!(boss.number && !boss.words);
    // Who had it once has it no more.
    let due = CallbackRow {
        state: CallbackState::Due,
        ..row
    };
    assert_eq!(card::holder(&due), None);
    assert!(!Sees::at_web_desk(&due, &account("kim"), Role::Agent).number);
}

#[test]
fn a_night_anywhere_they_may_be_is_told() {
    let mut row = queued(callback(CallbackState::Due));
    let zone = |name| Zone::parse(name).expect("a zone");
    row.background.customer.whereabouts.zones = vec![zone("America/New_York"), zone("Asia/Tokyo")];
    row.background.customer.whereabouts.guessed = true;
    let card = drawn(&row, NOON, Sees::default());
    let warning = line(&card, LineKind::Warning);
    assert_eq!(
        warning.as_deref(),
        Some("It is 23:00 there: quiet until 08:00.")
    );
    let there = line(&card, LineKind::TheirTime);
    assert_eq!(there.as_deref(), Some("09:00 to 23:00 (zone guessed)"));
    // Eight in Tokyo is the evening before in New York, and not yet nine.
    assert_eq!(card.ring_at, Some(time("2026-01-05T23:00:00Z")));
}

#[test]
fn by_day_nothing_warns() {
    let card = drawn(&queued(callback(CallbackState::Due)), NOON, Sees::default());
    assert_eq!(card.of(LineKind::Warning).count(), 0);
    assert_eq!(card.ring_at, None);
}

#[test]
fn only_a_link_that_a_browser_may_follow_is_one() {
    let mut row = queued(callback(CallbackState::Due));
    let mut linked = |link: &str| {
        row.background.contact.profile = Some(Profile {
            name: None,
            company: None,
            email: None,
            zone: None,
            link: Some(private(link)),
            at: time(NOON),
        });
        drawn(&row, NOON, Sees::default()).head.link.is_some()
    };
    assert!(linked("https://crm.example/1"));
    assert!(!linked("javascript:alert(1)"));
    assert!(!linked("http://crm.example/1"));
}

#[test]
fn a_promised_time_that_has_come_stands_out() {
    let mut row = queued(callback(CallbackState::Due));
    row.background.was_promised = true;
    let card = drawn(&row, NOON, Sees::default());
    assert_eq!(card.marks, [Mark::TimeHasCome]);
}

#[test]
fn who_must_not_be_rung_is_told_first() {
    let mut row = queued(callback(CallbackState::Claimed));
    row.background.customer.do_not_call = true;
    let card = drawn(&row, NOON, Sees::default());
    assert_eq!(
        card.lines.first().map(|line| line.kind),
        Some(LineKind::Warning)
    );
}

#[test]
fn the_story_tells_what_happened_and_no_more() {
    let story = |answers, opened: &str, topic: Option<Topic>| {
        let mut row = queued(callback(CallbackState::Due));
        row.background.answers = answers;
        row.background.opened_at = Some(time(opened));
        row.background.topic = topic;
        line(&drawn(&row, NOON, Sees::default()), LineKind::Story).expect("a story")
    };
    let (before, same) = ("2026-01-04T09:00:00Z", "2026-01-05T13:57:00Z");
    assert_eq!(story(0, same, None), "Wrote 2026-01-05T13:57:00Z");
    assert_eq!(
        story(0, before, topic("late_parcel")),
        "Asked about late parcel 2026-01-04T09:00:00Z; nobody has answered yet; wrote again \
         2026-01-05T13:57:00Z"
    );
    assert_eq!(
        story(4, before, None),
        "Wrote first 2026-01-04T09:00:00Z; we answered 4 times; came back 2026-01-05T13:57:00Z"
    );
}

#[test]
fn a_name_or_a_message_can_forge_nothing() {
    let long = "x".repeat(10_000);
    for hostile in [
        "\u{202e}gnp.exe\u{2066}",
        "Rosa\nClaimed by boss",
        "Rosa\u{2028}Number: +490000",
        "🇩🇪🇩🇪 “Urgent”",
        "Z\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}",
        long.as_str(),
    ] {
        let mut row = queued(callback(CallbackState::Due));
        row.author = Author::parse(hostile).ok();
        row.text = private(hostile);
        let card = drawn(&row, NOON, Sees::as_claimer());
        let plain = drawn(
            &queued(callback(CallbackState::Due)),
            NOON,
            Sees::as_claimer(),
        );
        let shape = |card: &Card| card.lines.iter().map(|line| line.kind).collect::<Vec<_>>();
        assert_eq!(shape(&card), shape(&plain));
        assert_eq!(card.marks, plain.marks);
        let newest = line(&card, LineKind::Newest).expect("their words");
        for theirs in [card.head.name.as_str(), newest.as_str()] {
            assert!(theirs.chars().count() <= 281);
            assert!(!theirs.contains(['\n', '\u{2028}', '\u{202e}', '\u{2066}', '“', '”']));
        }
    }
    let mut nobody = queued(callback(CallbackState::Due));
    nobody.author = Author::parse("\u{200b}\u{202e}").ok();
    let card = drawn(&nobody, NOON, Sees::default());
    assert_eq!(card.head.name.as_str(), wording::A_CUSTOMER);
}

#[test]
fn what_is_over_is_one_line_without_its_customer() {
    let over = CallbackRow {
        ended_at: Some(time("2026-01-05T14:05:00Z")),
        ended_by: Some(account("kim")),
        ..callback(CallbackState::Done)
    };
    let said = |row: CallbackRow| {
        let ended = Ended::new(&row, &|account| account.to_string());
        ended.map(|ended| text(&ended.pieces))
    };
    let done = |outcome| CallbackRow {
        outcome: Some(outcome),
        ..over.clone()
    };
    let at = "2026-01-05T14:05:00Z";
    assert_eq!(
        said(done(Outcome::Solved)),
        Some(format!("Callback 12 · solved by kim · {at}"))
    );
    let kept = CallbackRow {
        state: CallbackState::Withdrawn,
        why: Some(KeepTyping::Thanks),
        ..over.clone()
    };
    assert_eq!(
        said(kept),
        Some(format!(
            "Callback 12 · kept typing: it was a thank-you by kim · {at}"
        ))
    );
    let exhausted = CallbackRow {
        state: CallbackState::Exhausted,
        ended_by: None,
        ..over
    };
    assert_eq!(
        said(exhausted),
        Some(format!(
            "Callback 12 · nobody answered: with a supervisor · {at}"
        ))
    );
    assert_eq!(said(callback(CallbackState::Due)), None);
}
