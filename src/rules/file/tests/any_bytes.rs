//! Whatever the file holds, nothing makes the parser panic.

use proptest::prelude::*;

use super::{Rules, parse};

#[test]
fn a_file_nested_very_deep_is_refused_and_no_crash() {
    for source in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
    ] {
        assert!(parse(&source).is_err());
    }
}

/// Lines that are likely to reach deep into the reader.
const FRAGMENTS: &[&str] = &[
    "[[rules]]",
    "[rules]",
    "[[tests]]",
    "[desks.main]",
    "[channels.webchat]",
    "[topics]",
    "[levels]",
    "[phrases.thanks]",
    "name = \"x\"",
    "when = { words = [\"a\", 1] }",
    "when = 1",
    "then = \"callback\"",
    "then = [[]]",
    "desk = \"main\"",
    "exchanges = 0",
    "hours = \"mon 09:00-24:00\"",
    "zone = \"UTC\"",
    "hours = [\"sun-sat 00:00-00:01\", {}]",
    "thread = \"customer+9999999h: é\"",
    "expect = [\"none\", 1979-05-27]",
    "priority = -0x1",
    "a.b.c = 1",
    "billing = \"bill\"",
    "phone = 1",
];

proptest! {
    #[test]
    fn no_bytes_ever_panic_the_parser(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        drop(Rules::parse(&bytes, "rules.toml", None));
    }

    #[test]
    fn no_text_ever_panics_the_parser(text in "[\\PC\n\"\\[\\]{}=.,']{0,200}") {
        if let Err(errors) = parse(&text) {
            prop_assert!(!errors.problems().is_empty());
            prop_assert!(!errors.plain_report().is_empty());
        }
    }

    #[test]
    fn no_mix_of_likely_lines_ever_panics_the_parser(lines in proptest::collection::vec(proptest::sample::select(FRAGMENTS), 0..20)) {
        if let Err(errors) = parse(&lines.join("\n")) {
            prop_assert!(!errors.problems().is_empty());
            prop_assert!(!errors.plain_report().is_empty());
        }
    }
}
