//! Whatever a customer writes stays text.

use proptest::prelude::*;

use super::{CAPTION, Html, MESSAGE, units};
use crate::{desk::Plain, desk::telegram::draw::Calendar, domain::time::Timestamp};

fn theirs(text: &str) -> String {
    let mut html = Html::message();
    html.theirs(&Plain::quote(text));
    html.finish()
}

/// What Telegram shows of a markup, with what stands in `<code>` taken out: what it looks for links in.
/// Fails where the markup is not balanced.
fn seen(markup: &str) -> (String, String) {
    let (mut open, mut all, mut linked) = (Vec::new(), String::new(), String::new());
    let mut rest = markup;
    while let Some(letter) = rest.chars().next() {
        let text = match letter {
            '<' => {
                let (tag, after) = rest.split_at(1).1.split_once('>').expect("a tag ends");
                match tag.strip_prefix('/') {
                    Some(name) => assert_eq!(open.pop(), Some(name.to_owned())),
                    None => {
                        let name = tag.split(' ').next().expect("a name").to_owned();
                        assert!(["b", "blockquote", "code", "a"].contains(&name.as_str()));
                        assert!(open.last().is_none_or(|last| last != "code"));
                        open.push(name);
                    }
                }
                rest = after;
                continue;
            }
            '&' => {
                let (entity, after) = rest.split_at(1).1.split_once(';').expect("an entity ends");
                rest = after;
                match entity {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("not an entity of Telegram's: {other}"),
                }
            }
            other => {
                assert_ne!(other, '>');
                rest = rest.split_at(other.len_utf8()).1;
                other
            }
        };
        all.push(text);
        linked.push(if open.last().is_some_and(|tag| tag == "code") {
            '\u{0}'
        } else {
            text
        });
    }
    assert!(open.is_empty(), "{open:?} stay open");
    (all, linked)
}

/// Whether Telegram would make something of a text, by the simplest patterns of each kind.
fn is_linked(text: &str) -> bool {
    let after = |sign: char| {
        text.split(sign)
            .skip(1)
            .any(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
    };
    let is_domain = |word: &str| {
        word.split_once('.').is_some_and(|(host, end)| {
            host.ends_with(char::is_alphanumeric) && end.starts_with(char::is_alphanumeric)
        })
    };
    let commands = text.split_whitespace().any(|word| {
        let word = word.trim_start_matches(['\u{2068}', '(', '"']);
        word.strip_prefix('/')
            .is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_alphanumeric()))
    });
    let telephone = text
        .split(|letter: char| !(letter.is_numeric() || "+- ()".contains(letter)))
        .any(|run| run.chars().filter(char::is_ascii_digit).count() >= 7);
    after('@')
        || after('#')
        || after('$')
        || text.split_whitespace().any(is_domain)
        || commands
        || telephone
}

#[test]
fn markup_is_only_text() {
    assert_eq!(
        theirs("<b>Kim & \"co\" &lt;"),
        "\u{2068}&lt;b&gt;Kim &amp; &quot;co&quot; &amp;lt;\u{2069}"
    );
}

#[test]
fn nothing_is_linked_that_a_customer_wrote() {
    for text in [
        "@boss please approve",
        "see t.me/evil and https://evil.example/x",
        "/claim (/done@bot",
        "#urgent $USD",
        "ring +49 151 1234 5642 now",
        "+49 151 12… cut",
        "tel:+49 151 12!",
        "kim@example.com",
        "4915112345642",
        "evil.com.",
    ] {
        let (shown, linked) = seen(&theirs(text));
        assert!(!is_linked(&linked), "{text}: {linked}");
        assert_eq!(shown, format!("\u{2068}{text}\u{2069}"));
        assert!(is_linked(text), "{text} would be linked");
    }
}

#[test]
fn what_telegram_does_not_link_reads_as_usual() {
    for text in ["and/or: 12:30, 10 of 24.", "Still wrong!", "It's 3,50 €…"] {
        assert!(!theirs(text).contains("<code>"), "{text}");
    }
}

#[test]
fn a_number_that_is_not_told_is_told_in_no_spelling() {
    for text in [
        "+49 1512 3456789",
        "01512/3456789",
        "(01512) 345 67 89",
        "tel:+4915123456789!",
    ] {
        let mut html = Html::message().hiding(Some("+4915123456789"));
        html.theirs(&Plain::quote(&format!(
            "ring {text} about order 20260105, please"
        )));
        let markup = html.finish();
        assert!(
            !markup.contains("789") && !markup.contains("67"),
            "{markup}"
        );
        assert!(
            markup.contains("order <code>20260105,</code> please"),
            "{markup}"
        );
    }
}

#[test]
fn lines_of_a_message_stay_lines() {
    let mut html = Html::message();
    html.text("one\n  <two>\u{202e}\n@three");
    assert_eq!(
        html.finish(),
        "\u{2068}one\u{2069}\n\u{2068}  &lt;two&gt;\u{2069}\n\u{2068}<code>@three</code>\u{2069}"
    );
}

#[test]
fn what_is_too_long_is_cut_between_words() {
    let mut html = Html::caption();
    html.quote(|html| {
        html.text(&"worded ".repeat(1000));
    });
    html.ours("left out");
    let markup = html.finish();
    assert!(markup.ends_with("worded…\u{2069}</blockquote>"), "{markup}");
    let (shown, _) = seen(&markup);
    assert!(units(&shown) <= CAPTION);
}

#[test]
fn a_time_is_a_day_and_an_hour() {
    let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let calendar = Calendar::new(zone, time("2026-01-05T14:00:00Z"));
    assert_eq!(calendar.at(time("2026-01-05T13:05:00Z")), "Mon 5 Jan 14:05");
    assert_eq!(
        calendar.at(time("2025-12-31T22:59:00Z")),
        "31 Dec 2025 23:59"
    );
}

fn nasty() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        "\\PC{0,12}",
        Just("@kim".to_owned()),
        Just(" /claim ".to_owned()),
        Just("<a href=\"tg://user?id=1\">".to_owned()),
        Just("&lt;/code&gt;</code>".to_owned()),
        Just("x.com".to_owned()),
        Just("+49 151 12 34 56 78".to_owned()),
        Just("\n\u{2069}\u{202e}".to_owned()),
        Just("👩\u{200d}🚒".to_owned()),
        "[a-z]{50,90}",
    ];
    prop::collection::vec(bit, 0..400).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn any_text_is_balanced_bounded_and_unlinked(text in nasty(), caption: bool) {
        let mut html = if caption { Html::caption() } else { Html::message() };
        html.bold("From ").quote(|html| { html.text(&text); });
        html.line().theirs(&Plain::name(&text)).ours(" the end");
        let markup = html.finish();
        let (shown, linked) = seen(&markup);
        let most = if caption { CAPTION } else { MESSAGE };
        prop_assert!(units(&shown) <= most);
        prop_assert!(!is_linked(&linked), "{}", linked);
        let isolates = |mark| shown.chars().filter(|letter| *letter == mark).count();
        prop_assert_eq!(isolates('\u{2068}'), isolates('\u{2069}'));
    }
}
