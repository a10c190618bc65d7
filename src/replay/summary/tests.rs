//! The summary adds up, and reads well.

use super::{Summary, bar, share};
use crate::{
    reading::Reader,
    replay::{
        input::{Format, Lines, Source},
        replayer::Replayer,
        tally::Tally,
    },
    rules::Rules,
};

/// Replays lines of `thread party day hour text` of January 2026.
fn replay(script: &str) -> Tally {
    let rules = Rules::built_in();
    let reader = Reader::new(&rules.vocabulary).expect("a reader");
    let mut replayer = Replayer::new(&rules, &reader);
    let mut tally = Tally::default();
    let mut input = String::new();
    for line in script.lines() {
        let [thread, from, day, hour, text] = line.splitn(5, ' ').collect::<Vec<_>>()[..] else {
            panic!("not a line: {line}")
        };
        let message = serde_json::json!({
            "channel": "x", "thread": thread, "from": from, "text": text,
            "at": format!("2026-01-{day}T{hour}:00:00Z"),
        });
        input.push_str(&format!("{message}\n"));
    }
    let source = Source {
        format: Format::Jsonl,
        reader: Box::new(std::io::Cursor::new(input)),
    };
    for line in Lines::new(vec![source]) {
        let incoming = line.into_incoming().expect("a message");
        let scan = reader.scan(incoming.message.text.reveal(), None);
        tally.count(&rules, &replayer.replay(incoming, &scan));
    }
    tally.finish(&replayer);
    tally
}

#[test]
fn every_case_has_one_outcome_and_a_lapsed_one_is_not_solved() {
    let tally = replay(
        "rung customer 05 10 My bill is wrong\n\
         rung customer 05 11 My bill is wrong\n\
         rung customer 05 12 My bill is wrong\n\
         lapsed customer 05 10 My bill is wrong\n\
         lapsed agent 05 11 Which month?\n\
         lapsed customer 09 11 My bill is wrong\n\
         silent customer 05 10 My bill is wrong\n\
         silent agent 05 11 Which month?\n\
         asked customer 09 10 My bill is wrong\n\
         asked agent 09 11 Which month?\n\
         robot bot 09 11 Hello\n",
    );
    let outcomes = tally.outcomes;
    assert_eq!(tally.threads, 5);
    assert_eq!(outcomes.rung, 1);
    assert_eq!(outcomes.lapsed, 2, "left behind, or silent at the end");
    assert_eq!(outcomes.waiting_on_us, 1, "the new case of `lapsed`");
    assert_eq!(outcomes.waiting_on_customer, 1);
    assert_eq!(outcomes.solved, 0);
    assert_eq!(outcomes.cases(), 5);
}

#[test]
fn the_summary_fits_a_terminal_and_says_what_matters() {
    let mut script = String::new();
    for thread in 0..12 {
        for hour in [9, 10, 11] {
            script.push_str(&format!(
                "t{thread} customer 05 {hour:02} My bill is wrong\n"
            ));
        }
    }
    script.push_str("calm customer 07 12 My bill is wrong\n");
    let summary = Summary(&replay(&script)).to_string();
    insta::assert_snapshot!(summary, @r"
    13 threads, 13 cases, 37 messages, 2026-01-05 to 2026-01-07

    How the cases went
      Solved in text                  0
      Rung                           12   92 %  12 loud, 0 soft
      Waiting on us                   1    8 %  the customer wrote last
      Waiting on the customer         0
      Lapsed                          0         the customer fell silent; not solved
      Also: 24 late answers of ours

    Why callbacks opened
      rule_of_three                  12  100 %  exchanges without a thank-you
      Topics: billing 12

    When they opened (UTC)
           0     3     6     9     12    15    18    21       sum
      Mon  · · · · · · · · · · · █ · · · · · · · · · · · ·     12
      Tue  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Wed  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Thu  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Fri  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Sat  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Sun  · · · · · · · · · · · · · · · · · · · · · · · ·      0
      Busiest: Mon 11:00 (12)
    ");
    let widest = summary.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?} columns");
}

#[test]
fn shares_are_rounded_and_never_hide_the_few() {
    assert_eq!(share(0, 10), "");
    assert_eq!(share(1, 1000), "<1 %");
    assert_eq!(share(1, 8), "13 %");
    assert_eq!(share(8, 8), "100 %");
    assert_eq!(share(1, 0), "");
}

#[test]
fn bars_grow_with_the_count() {
    let bars: String = [0, 1, 25, 50, 99, 100]
        .map(|count| bar(count, 100))
        .iter()
        .collect();
    assert_eq!(bars, "·▁▂▄██");
    assert_eq!(bar(3, 0), '·');
}
