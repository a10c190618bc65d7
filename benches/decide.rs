//! What deciding costs, on one core, once a message is read: the pure core, without reader and database.
//!
//! `cargo bench --bench decide`. The median tells; `items/s` are messages a second. Each is the last
//! message of a thread of five: what was decided of those before is there already.

#![expect(clippy::expect_used, reason = "a benchmark may fail")]

use divan::{Bencher, black_box, counter::ItemsCount};
use jiff::{SignedDuration, Timestamp};
use ringback::{
    domain::{
        decision::Event,
        ids::{ChannelName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        thread::State,
    },
    reading::Reader,
    replay::replayer::{Incoming, Replayer, default_start},
    rules::{Rules, decide::decide},
};

/// What was said before.
const BEFORE: [(Party, &str); 4] = [
    (Party::Customer, "My last bill is wrong, I paid it twice"),
    (Party::Agent, "Sorry about that! Let me have a look."),
    (Party::Customer, "Any news of it?"),
    (Party::Agent, "We have sent the money back today."),
];

/// What is decided, by what comes of it.
const LAST: [(&str, &str); 4] = [
    ("thanks", "Perfect, it is there. Thank you!"),
    (
        "callback",
        "No, nothing is there, and it was the wrong sum too",
    ),
    ("call", "Please ring me, I cannot explain it here"),
    ("text_only", "Please do not call me, write to me here"),
];

fn main() {
    divan::main();
}

fn message(number: usize, from: Party, text: &str) -> Message {
    let minutes = i64::try_from(number).unwrap_or_default();
    Message {
        thread: ThreadKey {
            channel: ChannelName::parse("chat").expect("a name"),
            thread: ThreadId::parse("t").expect("an id"),
        },
        id: MessageId::parse(&number.to_string()).expect("an id"),
        from,
        author: None,
        text: Private::new(text.to_owned()),
        at: at(minutes),
        visibility: Visibility::default(),
        language: None,
        tags: Vec::new(),
        attachment: None,
    }
}

fn at(minutes: i64) -> Timestamp {
    default_start() + SignedDuration::from_mins(minutes)
}

/// The thread before its last message.
fn before(rules: &Rules, reader: &Reader) -> State {
    let mut replayer = Replayer::new(rules, reader);
    for (number, (from, text)) in BEFORE.into_iter().enumerate() {
        let scan = reader.scan(text, None);
        let incoming = Incoming {
            message: message(number, from, text),
            at_is_given: true,
        };
        replayer.replay(incoming, &scan);
    }
    let (_, state) = replayer.threads().next().expect("a thread");
    state.clone()
}

#[divan::bench(args = LAST.map(|(name, _)| name))]
fn of_message(bencher: Bencher<'_, '_>, name: &str) {
    let rules = Rules::built_in();
    let reader = Reader::new(&rules.vocabulary).expect("the shipped phrases are fine");
    let state = before(&rules, &reader);
    let (_, text) = LAST
        .into_iter()
        .find(|(known, _)| *known == name)
        .expect("a message");
    let message = message(BEFORE.len(), Party::Customer, text);
    let reading = reader.interpret(
        &reader.scan(text, None),
        Party::Customer,
        &state.thread.context,
    );
    let event = Event::MessageReceived {
        message: &message,
        reading: &reading,
    };
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench(|| decide(black_box(&rules), &state, &event, message.at));
}
