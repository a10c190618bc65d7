//! The golden format, read and turned into replay input.

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// One golden thread; `T/` lines make several threads of one customer of it.
#[derive(Debug)]
pub(super) struct Thread {
    /// What it shows.
    pub(super) name: String,
    /// The rules file that it needs; empty for the built-in rules.
    pub(super) rules: String,
    /// Every message is public.
    pub(super) public: bool,
    pub(super) lines: Vec<Line>,
}

/// One message with what it must lead to.
#[derive(Debug)]
pub(super) struct Line {
    /// Names a further thread of the same customer.
    pub(super) branch: Option<char>,
    pub(super) from: &'static str,
    pub(super) time: Time,
    pub(super) id: Option<String>,
    /// Whether this line alone is public or private.
    pub(super) visibility: Option<&'static str>,
    pub(super) text: String,
    pub(super) expected: Expected,
}

/// When a message was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Time {
    /// So long after the line before.
    After(Duration),
    /// It arrives now, but was written so long before the line before.
    Before(Duration),
}

/// What a message must lead to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Expected {
    pub(super) actions: BTreeSet<String>,
    pub(super) soft: bool,
    /// The exchange and the case.
    pub(super) numbers: Option<(u32, u32)>,
    pub(super) rule: Option<String>,
}

/// Reads a golden file. Blank lines and lines that begin with `//` are passed over.
pub(super) fn parse(text: &str) -> Result<Vec<Thread>, String> {
    let mut threads: Vec<Thread> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let fail = |problem: String| format!("line {number}: {problem}");
        let line = line.trim();
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if let Some(heading) = line.strip_prefix("== ") {
            threads.push(parse_heading(heading));
            continue;
        }
        let thread = threads
            .last_mut()
            .ok_or_else(|| fail("a message before the first heading".to_owned()))?;
        if let Some(rules) = line.strip_prefix("! ") {
            thread.rules.push_str(rules);
            thread.rules.push('\n');
        } else {
            thread.lines.push(parse_line(line).map_err(fail)?);
        }
    }
    Ok(threads)
}

fn parse_heading(heading: &str) -> Thread {
    let name = heading.trim();
    let without_option = name.strip_suffix(" public");
    Thread {
        name: without_option.unwrap_or(name).to_owned(),
        rules: String::new(),
        public: without_option.is_some(),
        lines: Vec::new(),
    }
}

fn parse_line(line: &str) -> Result<Line, String> {
    let (message, expected) = line
        .rsplit_once("=>")
        .unwrap_or_else(|| line.split_at(start_of_numbers(line)));
    let (message, expected) = (message.trim_end(), parse_expected(expected)?);
    let (head, mut text) = message.split_once(' ').ok_or("a line without a text")?;
    let (branch, head) = match head.split_once('/') {
        Some((branch, head)) => (branch.chars().next(), head),
        None => (None, head),
    };
    let (from, time) = head.split_at(head.len().min(1));
    let from = match from {
        "c" => "customer",
        "a" => "agent",
        "b" => "bot",
        _ => return Err(format!("a line begins with c, a or b, not `{from}`")),
    };
    let mut id = None;
    let mut visibility = None;
    loop {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "^public" => visibility = Some("public"),
            "^private" => visibility = Some("private"),
            _ => match word.strip_prefix('#') {
                Some(given) if !rest.is_empty() && id.is_none() => id = Some(given.to_owned()),
                _ => break,
            },
        }
        text = rest;
    }
    Ok(Line {
        branch,
        from,
        time: parse_time(time)?,
        id,
        visibility,
        text: text.to_owned(),
        expected,
    })
}

/// Where `[3.1]` and `{rule}` begin at the end of a line without `=>`.
fn start_of_numbers(line: &str) -> usize {
    let mut start = line.len();
    for (place, _) in line.rmatch_indices(' ') {
        let word = line[place..start].trim();
        let is_number = |word: &str| {
            let inner = word
                .strip_prefix('[')
                .and_then(|word| word.strip_suffix(']'));
            inner.is_some_and(|inner| inner.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        let is_rule = word.starts_with('{') && word.ends_with('}');
        if !is_number(word) && !is_rule {
            break;
        }
        start = place;
    }
    start
}

fn parse_time(time: &str) -> Result<Time, String> {
    let length = |text: &str| {
        text.parse::<SignedDuration>()
            .map(SignedDuration::unsigned_abs)
            .or_else(|_| days(text))
            .map_err(|_| format!("`{text}` is no length of time"))
    };
    if time.is_empty() {
        Ok(Time::After(Duration::from_secs(60)))
    } else if let Some(delay) = time.strip_prefix('+') {
        Ok(Time::After(length(delay)?))
    } else if let Some(delay) = time.strip_prefix("@-") {
        Ok(Time::Before(length(delay)?))
    } else {
        Err(format!("`{time}` is no time; write +2h or @-50m"))
    }
}

/// Days of 24 hours, which durations do not know.
fn days(text: &str) -> Result<Duration, ()> {
    let days: u64 = text.strip_suffix('d').ok_or(())?.parse().map_err(drop)?;
    Ok(Duration::from_secs(days * 86_400))
}

fn parse_expected(text: &str) -> Result<Expected, String> {
    let mut expected = Expected::default();
    for word in text.split_whitespace() {
        let within = |open, close| word.strip_prefix(open)?.strip_suffix(close);
        if let Some(numbers) = within('[', ']') {
            let numbers = numbers
                .split_once('.')
                .and_then(|(exchange, case)| Some((exchange.parse().ok()?, case.parse().ok()?)));
            expected.numbers = Some(numbers.ok_or_else(|| format!("`{word}` is not [3.1]"))?);
        } else if let Some(rule) = within('{', '}') {
            expected.rule = Some(rule.to_owned());
        } else if word == "soft" {
            expected.soft = true;
        } else {
            expected.actions.insert(word.to_owned());
        }
    }
    Ok(expected)
}

/// The thread as replay input. `number` keeps it and its customer apart from all others.
pub(super) fn to_replay_input(number: usize, thread: &Thread) -> String {
    // A Monday morning.
    let mut now: Timestamp = "2026-01-05T10:00:00Z".parse().expect("a time");
    let mut input = String::new();
    for (line_number, line) in (1..).zip(&thread.lines) {
        let at = match line.time {
            Time::After(delay) => {
                now += delay;
                now
            }
            Time::Before(delay) => now - delay,
        };
        let branch = line.branch.map(String::from).unwrap_or_default();
        let everywhere = if thread.public { "public" } else { "private" };
        let mut message = json!({
            "channel": "x",
            "thread": format!("t{number}{branch}"),
            "id": line.id.clone().unwrap_or_else(|| format!("m{line_number}")),
            "from": line.from,
            "text": line.text,
            "at": at.to_string(),
            "visibility": line.visibility.unwrap_or(everywhere),
        });
        if line.from == "customer" {
            message["author"] = json!(format!("@customer{number}"));
        }
        input.push_str(&message.to_string());
        input.push('\n');
    }
    input
}

#[cfg(test)]
mod tests {
    use super::{Time, parse, to_replay_input};
    use std::time::Duration;

    #[test]
    fn a_line_has_a_thread_a_party_a_time_an_id_a_text_and_what_it_leads_to() {
        let threads = parse(
            "== in the open public\n! exchanges = 2\n\
             B/c+3d #7 ^private a => b, \"why\" => callback soft [3.1] {rule_of_three}\n",
        )
        .expect("a golden file");
        let [thread] = threads.as_slice() else {
            panic!("one thread")
        };
        assert_eq!(thread.name, "in the open");
        assert!(thread.public);
        assert_eq!(thread.rules, "exchanges = 2\n");
        let line = &thread.lines[0];
        assert_eq!(line.branch, Some('B'));
        assert_eq!(line.time, Time::After(Duration::from_secs(3 * 86_400)));
        assert_eq!(line.id.as_deref(), Some("7"));
        assert_eq!(line.text, "a => b, \"why\"");
        assert!(line.expected.soft);
        assert_eq!(line.expected.numbers, Some((3, 1)));
        assert_eq!(line.expected.rule.as_deref(), Some("rule_of_three"));
        let input = to_replay_input(4, thread);
        assert!(input.contains(r#""at":"2026-01-08T10:00:00Z""#), "{input}");
        assert!(input.contains(r#""thread":"t4B""#), "{input}");
        assert!(input.contains(r#""visibility":"private""#), "{input}");
    }

    #[test]
    fn numbers_may_stand_at_the_end_of_a_line_that_leads_to_nothing() {
        let threads = parse("== x\na Which fee? [2.1] {none}\na In [brackets]\n").expect("golden");
        let [numbered, plain] = threads[0].lines.as_slice() else {
            panic!("two lines")
        };
        assert_eq!(numbered.text, "Which fee?");
        assert_eq!(numbered.expected.numbers, Some((2, 1)));
        assert_eq!(numbered.expected.rule.as_deref(), Some("none"));
        assert_eq!(plain.text, "In [brackets]");
    }

    #[test]
    fn a_late_line_does_not_move_the_clock() {
        let threads = parse("== late\nc one\nc@-30m two\nc three\n").expect("a golden file");
        let input = to_replay_input(0, &threads[0]);
        let times: Vec<&str> = input
            .lines()
            .filter_map(|line| line.split_once("2026-01-05T")?.1.split_once('Z'))
            .map(|(time, _)| time)
            .collect();
        assert_eq!(times, ["10:01:00", "09:31:00", "10:02:00"]);
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (text, problem) in [
            ("c hello", "line 1: a message before the first heading"),
            ("== x\nz hello", "line 2: a line begins with c, a or b"),
            ("== x\nc+soon hello", "line 2: `soon` is no length of time"),
            ("== x\nc hello => [3]", "line 2: `[3]` is not [3.1]"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
