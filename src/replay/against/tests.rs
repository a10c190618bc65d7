//! What changes is shown once a thread, with what was decided before and after.

use super::{Differences, Report};
use crate::{
    domain::{
        ids::{ChannelName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        time::{Length, Timestamp, after},
    },
    reading::Reader,
    replay::{
        replayer::{Incoming, Replayer, default_start},
        tally::Tally,
    },
    rules::{Policy, Rules},
};

fn message(thread: &str, number: u32, at: Timestamp) -> Incoming {
    let message = Message {
        thread: ThreadKey {
            channel: ChannelName::parse("x").expect("a name"),
            thread: ThreadId::parse(thread).expect("an id"),
        },
        id: MessageId::parse(&format!("m{number}")).expect("an id"),
        from: Party::Customer,
        author: None,
        text: Private::new("My bill is wrong".to_owned()),
        at,
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    };
    Incoming {
        message,
        at_is_given: true,
    }
}

/// One thread chases three times, the other writes once.
fn compare(before: &Rules, after_rules: &Rules) -> String {
    let reader = Reader::new(&before.vocabulary).expect("a reader");
    let mut old = (Replayer::new(before, &reader), Tally::default());
    let mut new = (Replayer::new(after_rules, &reader), Tally::default());
    let mut differences = Differences::default();
    let mut at = default_start();
    for (thread, number) in [("chases", 1), ("calm", 1), ("chases", 2), ("chases", 3)] {
        at = after(at, Length::hours(1));
        let incoming = message(thread, number, at);
        let scan = reader.scan(incoming.message.text.reveal(), None);
        let one = old.0.replay(incoming.clone(), &scan);
        let other = new.0.replay(incoming, &scan);
        old.1.count(before, &one);
        new.1.count(after_rules, &other);
        differences.compare(&one, &other);
    }
    old.1.finish(&old.0);
    new.1.finish(&new.0);
    let report = Report {
        differences: &differences,
        before: &old.1,
        after: &new.1,
    };
    report.to_string()
}

#[test]
fn the_first_decision_that_differs_stands_for_its_thread() {
    let before = Rules::built_in();
    let sooner = Rules {
        defaults: Policy {
            exchanges: 2,
            ..Policy::default()
        },
        ..Rules::built_in()
    };
    insta::assert_snapshot!(compare(&before, &sooner), @r"
    x chases, from message m2 on
      before  nothing (none)
      after   callback (rule_of_three)

    1 of 2 threads change, 2 decisions in all

                                 before   after   change
      Cases                           2       2        ·
      Solved in text                  0       0        ·
      Rung                            1       1        ·
      Waiting on us                   1       1        ·
      Waiting on the customer         0       0        ·
      Lapsed                          0       0        ·
      Held to text                    0       0        ·
      Loud callbacks                  1       1        ·
      Soft callbacks                  0       0        ·
    ");
}

#[test]
fn rules_that_lead_to_the_same_change_nothing() {
    let report = compare(&Rules::built_in(), &Rules::built_in());
    assert!(report.starts_with("Nothing changes."), "{report}");
    assert!(!report.contains('+') && !report.contains('−'), "{report}");
}
