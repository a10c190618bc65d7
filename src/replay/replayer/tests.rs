//! What a replay owes to every stream of messages.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Incoming, Replayed, Replayer, default_start};
use crate::{
    domain::{
        decision::RuleName,
        ids::{Author, ChannelName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        thread::State,
        time::{Length, after},
    },
    reading::Reader,
    rules::Rules,
};

static RULES: LazyLock<Rules> = LazyLock::new(Rules::built_in);
static READER: LazyLock<Reader> =
    LazyLock::new(|| Reader::new(&RULES.vocabulary).expect("a reader"));

const TEXTS: &[(Party, &str)] = &[
    (Party::Customer, "My bill is wrong"),
    (Party::Customer, "It still does not work"),
    (Party::Customer, "Found it, many thanks!"),
    (Party::Customer, "Please call me"),
    (Party::Customer, "Never phone me, I am deaf"),
    (Party::Customer, "it is card 5555 5555 5555 4444"),
    (Party::Customer, "ok"),
    (Party::Agent, "Which month?"),
    (Party::Agent, "We will ring you at five today."),
    (Party::Bot, "Thanks for your message, we will answer soon."),
];

/// Messages of two threads of one customer, each up to three hours apart, some of them late.
fn stream() -> impl Strategy<Value = Vec<Message>> {
    let message = (0usize..TEXTS.len(), 0u32..2, 0u32..180, 0u32..30);
    prop::collection::vec(message, 1..40).prop_map(|drawn| {
        let mut at = default_start();
        let messages = drawn.into_iter().enumerate();
        messages
            .map(|(number, (text, thread, minutes, late))| {
                at = after(at, Length::minutes(minutes));
                let (from, text) = TEXTS[text];
                let at = if late == 0 { default_start() } else { at };
                Message {
                    thread: ThreadKey {
                        channel: ChannelName::parse("x").expect("a name"),
                        thread: ThreadId::parse(&format!("t{thread}")).expect("an id"),
                    },
                    id: MessageId::parse(&format!("m{number}")).expect("an id"),
                    from,
                    author: Some(Author::parse(name_of(from)).expect("an author")),
                    text: Private::new(text.to_owned()),
                    at,
                    visibility: Visibility::Private,
                    language: None,
                    tags: Vec::new(),
                    attachment: None,
                }
            })
            .collect()
    })
}

fn name_of(party: Party) -> &'static str {
    match party {
        Party::Customer => "@kim",
        Party::Agent => "Ana",
        Party::Bot => "Robo",
    }
}

fn replay(replayer: &mut Replayer<'_>, message: &Message) -> Replayed {
    let scan = READER.scan(message.text.reveal(), None);
    let incoming = Incoming {
        message: message.clone(),
        at_is_given: true,
    };
    replayer.replay(incoming, &scan)
}

fn states(replayer: &Replayer<'_>) -> Vec<State> {
    replayer.threads().map(|(_, state)| state.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_message_that_comes_again_adds_nothing(stream in stream()) {
        let mut once = Replayer::new(&RULES, &READER);
        let mut twice = Replayer::new(&RULES, &READER);
        let mut first = Vec::new();
        for message in &stream {
            let decided = replay(&mut once, message).record;
            prop_assert_eq!(&replay(&mut twice, message).record, &decided);
            let again = replay(&mut twice, message);
            prop_assert_eq!(again.record.rule, RuleName::Duplicate);
            prop_assert!(again.record.actions.is_empty() && again.effects.is_empty());
            first.push((decided.exchange, decided.case));
        }
        for (message, numbers) in stream.iter().zip(first) {
            let again = replay(&mut twice, message);
            prop_assert_eq!((again.record.exchange, again.record.case), numbers);
            prop_assert!(again.record.actions.is_empty() && again.effects.is_empty());
        }
        prop_assert_eq!(states(&once), states(&twice));
    }
}
