//! Short conversations and what their last line must mean, per language. A row is what we said
//! last (`-` if nothing yet), what the customer writes, and the heads that must and (with `!`)
//! must not be read.

use std::sync::LazyLock;

use proptest::prelude::*;

use crate::{
    domain::{
        ids::Topic,
        message::Party,
        reading::{
            Closing, Context, Head, IdentityKind, IdentityLevel, Marks, Reading, SpanKind,
            TextWish, WaitsFor,
        },
        vocabulary::{PhraseChanges, PhraseList, Threshold, Vocabulary},
    },
    reading::Reader,
};

mod asked;
mod customers;
mod dutch_polish;
mod marks;
mod tempting;

static READER: LazyLock<Reader> =
    LazyLock::new(|| Reader::new(&Vocabulary::default()).expect("the shipped phrases fit"));

fn marks(text: &str) -> Marks {
    ours(text).marks
}

fn ours(text: &str) -> Reading {
    judged(Party::Agent, &Context::default(), text)
}

/// What the judges alone say: the model's word on our own messages is measured by `ringback eval`.
fn judged(party: Party, context: &Context, text: &str) -> Reading {
    let means = super::Means {
        weights: None,
        ..READER.means()
    };
    super::interpret(means, &READER.scan(text, None), party, context)
}

fn after(prev: &str) -> Context {
    Context {
        ours: (prev != "-").then(|| marks(prev)),
        ..Context::default()
    }
}

fn read(prev: &str, text: &str) -> Reading {
    judged(Party::Customer, &after(prev), text)
}

/// Judges and model together.
fn read_in(context: &Context, text: &str) -> Reading {
    READER.interpret(&READER.scan(text, None), Party::Customer, context)
}

/// The heads of a reading, in the words of the tables.
fn heads(reading: &Reading) -> Vec<&'static str> {
    let identity = |kind, level| {
        reading
            .identity
            .is_some_and(|identity| identity.kind == kind && identity.level == level)
    };
    let heads = [
        (reading.closing == Some(Closing::Thanks), "thanks"),
        (
            reading.closing == Some(Closing::Waiting(WaitsFor::Customer)),
            "acts",
        ),
        (
            reading.closing == Some(Closing::Waiting(WaitsFor::Us)),
            "waits",
        ),
        (reading.closing.is_none(), "open"),
        (reading.wants_call, "call"),
        (reading.wants_text == Some(TextWish::Case), "text"),
        (reading.wants_text == Some(TextWish::Always), "never_call"),
        (reading.unsolved, "unsolved"),
        (reading.answers, "answers"),
        (reading.acknowledges, "ack"),
        (reading.urgent, "urgent"),
        (reading.needs_check, "check"),
        (
            identity(IdentityKind::Offered, IdentityLevel::Identifying),
            "offers_id",
        ),
        (
            identity(IdentityKind::Offered, IdentityLevel::Confidential),
            "offers_secret",
        ),
    ];
    heads
        .into_iter()
        .filter_map(|(holds, name)| holds.then_some(name))
        .collect()
}

/// Every row that does not read as it says, so that one run shows them all.
fn check(rows: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(prev, text, expected)| {
            let found = heads(&read(prev, text));
            let agrees = expected
                .split(' ')
                .all(|head| match head.strip_prefix('!') {
                    Some(absent) => !found.contains(&absent),
                    None => found.contains(&head),
                });
            (!agrees).then(|| format!("{prev} / {text}: {expected}, not {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn judges_and_model_together_read_what_neither_may_get_wrong() {
    let told = "It's under Account.";
    for (prev, text, thanks) in [
        (told, "thanks so much for your help, have a great day", true),
        ("La fattura si trova in Conto.", "è arrivato, grazie", true),
        ("We have reset it.", "thаnks, it works again!", true), // a Cyrillic "а"
        (
            "設定を戻しました。",
            "直りました！ありがとうございます",
            true,
        ),
        ("تم الحل", "شكراً جزيلاً، اشتغل الحين", true),
        (told, "thanks but it still does not work", false),
        (told, "thanks for nothing", false),
        (
            "We fixed it.",
            "Thanks, it works now, no call needed!",
            true,
        ),
        ("Which country are you in?", "UK, thanks", false),
        (
            "Wir haben es behoben.",
            "Danke, aber es geht immer noch nicht",
            false,
        ),
        ("我们已经处理好了。", "谢谢，但还是不行", false),
    ] {
        let closing = read_in(&full(prev), text).closing;
        assert_eq!(closing == Some(Closing::Thanks), thanks, "{prev} / {text}");
    }
}

/// What the whole reader makes of what we said last.
fn full(prev: &str) -> Context {
    let scan = READER.scan(prev, None);
    let ours = READER.interpret(&scan, Party::Agent, &Context::default());
    Context {
        ours: Some(ours.marks),
        ours_is_last: true,
        ..Context::default()
    }
}

#[test]
fn the_admins_phrases_win_however_sure_the_reader_must_be() {
    let mut vocabulary = Vocabulary::default();
    for (list, phrase) in [
        (PhraseList::Thanks, "chapeau bas"),
        (PhraseList::WantsCall, "dispatch plz"),
        (PhraseList::Unsolved, "wobbles"),
    ] {
        vocabulary.phrases.entry(list).or_default().add = vec![phrase.to_owned()];
    }
    for percent in [1, 99] {
        let threshold = Threshold::parse(percent).expect("a threshold");
        vocabulary.sure.thanks = threshold;
        vocabulary.sure.wants_call = threshold;
        vocabulary.sure.unsolved = threshold;
        let reader = Reader::new(&vocabulary).expect("fits");
        let read = |text: &str| {
            let scan = reader.scan(text, None);
            reader.interpret(&scan, Party::Customer, &after("We sent it."))
        };
        assert_eq!(read("chapeau bas").closing, Some(Closing::Thanks));
        assert!(read("dispatch plz").wants_call);
        assert!(read("it wobbles").unsolved);
    }
}

#[test]
fn thanks_before_an_answer_are_thanks_in_advance() {
    let context = Context {
        unanswered: true,
        ..after("Please press reset.")
    };
    assert_eq!(read_in(&context, "thanks").closing, None);
    assert_eq!(
        read_in(&context, "all fine now, thank you").closing,
        Some(Closing::Thanks)
    );
}

#[test]
fn thanks_behind_an_answer_to_our_question_wait_for_what_we_say() {
    let context = Context {
        answered: true,
        ..after("Please restart it and tell us what the light does.")
    };
    for text in ["thanks!", "ok", "👍"] {
        assert_eq!(read_in(&context, text).closing, None, "{text}");
    }
    assert_eq!(
        read_in(&context, "oh, it works now, thanks!").closing,
        Some(Closing::Thanks)
    );
}

#[test]
fn the_probability_of_thanks_agrees_with_the_verdict_and_is_graded() {
    let sure = read(
        "We have sent it again.",
        "Found it, works now, many thanks!",
    );
    let less = read(
        "We have sent it again.",
        "thanks, the blue one was what my mother wanted to have",
    );
    let not = read("We have sent it again.", "thanks but it still fails");
    assert!(sure.thanks_probability > less.thanks_probability);
    assert!(less.thanks_probability > not.thanks_probability);
    for reading in [sure, less, not] {
        assert_eq!(
            reading.thanks_probability >= 0.5,
            reading.closing == Some(Closing::Thanks)
        );
    }
}

#[test]
fn the_deciding_words_are_kept_as_written() {
    let reading = read("-", "Please RING me about my contract");
    let words: Vec<_> = reading
        .evidence
        .iter()
        .filter(|evidence| evidence.head == Head::WantsCall)
        .map(|evidence| evidence.words.reveal().as_str())
        .collect();
    assert_eq!(words, ["Please RING"]);
}

#[test]
fn the_admins_phrases_win_and_removed_ones_no_longer_count() {
    let mut vocabulary = Vocabulary::default();
    let mut add = |list, add: &[&str], remove: &[&str]| {
        let own = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        vocabulary.phrases.insert(
            list,
            PhraseChanges {
                add: own(add),
                remove: own(remove),
            },
        );
    };
    add(PhraseList::Thanks, &["Chapeau bas, still the best"], &[]);
    add(PhraseList::WantsCall, &["dispatch plz"], &["call me"]);
    add(PhraseList::Urgent, &["Wasserrohr"], &["smoke"]);
    add(
        PhraseList::IdentityNeeded,
        &["sim swap"],
        &["change address"],
    );
    let reader = Reader::new(&vocabulary).expect("fits");
    let read = |text: &str| {
        reader.interpret(
            &reader.scan(text, None),
            Party::Customer,
            &after("We sent it."),
        )
    };
    assert_eq!(
        read("chapeau BAS still the best").closing,
        Some(Closing::Thanks)
    );
    assert!(read("dispatch plz").wants_call);
    assert!(!read("call me").wants_call);
    assert!(read("Das wasserrohr!").urgent);
    assert!(!read("smoke everywhere").urgent);
    assert!(read("I need a SIM swap").needs_check);
    assert!(!read("I want to change my address").needs_check);
    assert!(read("I want to change my surname").needs_check);
}

#[test]
fn topics_word_lists_and_levels_come_from_the_admin() {
    let vocabulary = Vocabulary {
        topics: vec![
            (
                Topic::parse("billing").expect("a topic"),
                vec!["facture".into(), "bill".into()],
            ),
            (
                Topic::parse("delivery").expect("a topic"),
                vec!["colis".into(), "parcel".into()],
            ),
        ],
        word_lists: vec![
            vec!["press".into()],
            vec!["journaliste".into(), "bill".into()],
        ],
        levels: [(SpanKind::Email, IdentityLevel::Confidential)].into(),
        ..Vocabulary::default()
    };
    let reader = Reader::new(&vocabulary).expect("fits");
    let read =
        |party, text: &str| reader.interpret(&reader.scan(text, None), party, &Context::default());
    let reading = read(Party::Customer, "My parcel came with a wrong BILL");
    assert_eq!(
        reading.topic.map(|t| t.to_string()),
        Some("billing".to_owned())
    );
    assert_eq!(reading.word_lists, [1]);
    let reading = read(Party::Customer, "billing and pressing");
    assert_eq!((reading.topic, reading.word_lists), (None, vec![]));
    let asked = read(Party::Agent, "What is your e-mail address?").identity;
    assert_eq!(
        asked.map(|identity| identity.level),
        Some(IdentityLevel::Confidential)
    );
}

#[test]
fn a_scan_shows_no_word_of_the_message() {
    let shown = format!("{:?}", READER.scan("my name is Kim Doe", None));
    assert!(!shown.contains("Kim") && !shown.contains("kim"), "{shown}");
}

#[test]
fn a_long_flood_of_words_is_read() {
    let flood = "thanks call me not my 12345 address? ".repeat(7_000);
    assert!(read_in(&after("Which number?"), &flood).closing.is_none());
}

proptest! {
    #[test]
    fn any_text_is_read_and_no_reading_contradicts_itself(
        text in r"(\PC{0,8}|thanks|call me|still|ok|RX20445|\?|please|don't|[\u{300}-\u{330}]| |\n){0,30}",
        asks: bool, offers_call: bool, reports: bool, unanswered: bool, spoke: bool,
    ) {
        let context = Context {
            ours: spoke.then(|| Marks { asks, offers_call, reports, ..Marks::default() }),
            unanswered,
            ..Context::default()
        };
        let reading = read_in(&context, &text);
        prop_assert!(!(reading.wants_call && reading.closing == Some(Closing::Thanks)));
        prop_assert!(!(reading.answers && reading.unsolved));
        prop_assert!((0.0..=1.0).contains(&reading.thanks_probability));
        let sure = READER.vocabulary.sure.thanks;
        prop_assert!(
            reading.closing != Some(Closing::Thanks)
                || sure.is_reached(reading.thanks_probability * 4.0)
        );
        let agent = READER.interpret(&READER.scan(&text, None), Party::Agent, &context);
        prop_assert!(agent.closing.is_none() && !agent.wants_call);
    }
}
