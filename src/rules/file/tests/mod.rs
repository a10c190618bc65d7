//! The rules file through its front door, `Rules::parse`: what a good file means.

mod any_bytes;
mod mistakes;
mod patterns;
mod texts;

use std::collections::BTreeSet;

use jiff::civil::{date, time};

use super::*;
use crate::{
    domain::{
        account::Role,
        decision::Action,
        hours::{Holiday, QuietHours, Zone},
        ids::{AccountName, CountryCode, DeskName},
        message::{Party, Visibility},
        reading::{IdentityLevel, Language, SpanKind},
        time::Length,
        vocabulary::PhraseList,
    },
    rules::{CardDetail, Desk, DeskHours, OnSoft, Policy, Speak, Then, retention::Retention},
};

/// A file that uses every key.
pub(crate) const EVERY_KEY: &str = r#"
exchanges = 4
merge_within = "5m"
reopen_within = "12h"
new_case_after = "30d"
soft_wait = "1h30m"
text_limit = 8
answer_within = "45m"
check_back_after = "2d"
grace = 3
mute_lasts = "7d"
claim_within = "20m"
claim_lease = "1h"
attempts = 5
retry_after = ["5m", "1h"]
zone = "America/Chicago"
country = "US"
video_url = "https://meet.example.com/r/{{ room }}?lang=en"
ask_satisfaction = true
on_soft = "one_more"
watch = true
speak = "never"
desk = "sales"

[channels.webchat]
exchanges = 2
grace = 0
mute_lasts = "1h"
claim_within = "1m"
claim_lease = "2m"
attempts = 0
retry_after = "3m"
zone = "Europe/Berlin"
country = "DE"
video_url = ""
ask_satisfaction = false
on_soft = "ring"
watch = false
speak = "private"
desk = "night"

[desks.sales]
brand = "Brightwire"
language = "pt"
members = ["lee", "kim"]
zone = "America/Sao_Paulo"
holidays = ["2026-12-25", "02-29"]
quiet_hours = "never"

[desks.night]
zone = "Europe/Berlin"
hours = ["mon-tue 22:00-24:00", "sun 00:00-06:30"]
holidays = "12-24"
quiet_hours = "22:30-24:00"
on_call = "ana"
on_shift_for = "10h"
cards_open = 40
card_detail = "group"
note_prefix = "note:"
disable_link_preview = false
incident = { calls = 7, within = "1h" }

[phrases.urgent]
add = ["gas leak", "🔥"]
remove = "fire"

[topics]
warranty = "guarantee"
billing = ["bill", "invoice"]

[levels]
phone = "confidential"

[identity]
link_lasts = "10m"
ask_lasts = "2d"
keep_for = "3h"
hold_for = "5m"

[messages.data_hidden]
en = "{{ brand }} has hidden something."
nl = """
{{ brand }} heeft iets verborgen.
"""
[messages.identity_needed]
en = "{% if form %}The form, or a call?{% else %}A call?{% endif %}"
de = ""

[[forms]]
name = "close"
title = "Fechar a conta"
why = { en = "To be sure", de = "Um sicher zu sein" }
topics = ["billing"]
[[forms.fields]]
name = "who"
label = "Nome"
[[forms.fields]]
name = "born"
label = "Nascimento"
help = { en = "As in your passport" }
format = "date"
optional = true
[[forms.fields]]
name = "mail"
label = "E-mail"
format = "email"
[[forms.fields]]
name = "ring"
label = "Telefone"
format = "phone"
[[forms.fields]]
name = "six"
label = "6"
format = { digits = 6 }
[[forms.fields]]
name = "some"
label = "4-8"
format = { digits = [4, 8] }
[[forms.fields]]
name = "how"
label = "Como"
format = { choice = { post = "Correio", shop = { en = "Shop", pt = "Loja" } } }

[[forms]]
name = "any"
title = "Any"
why = "Why"
fields = [{ name = "who", label = "Who", format = "text" }]

[retention]
threads = "400d"
audit = "365d"
notices = "30d"
chats = "60d"
rejected = "14d"
sent = "2d"
dead = "3d"
[[patterns]]
name = "members"
regex = '\bM\d{8}\b'
kind = "passport"
finds = ["my number is M20240017"]
leaves = "M2024"

[[rules]]
name = "second"
when = { words = "refund" }
then = "flag"

[[rules]]
name = "first"
when = { exchange = 2, channels = "webchat", visibility = "public", topics = ["billing"], words = ["money back"], languages = ["pt-BR", "en"], tags = "vip", hours = "closed" }
then = "callback"
desk = "night"
priority = 10

[[tests]]
name = "shown when it fails"
channel = "webchat"
visibility = "public"
thread = ["customer: My bill: it is wrong", "agent+2h: Which month?", "bot: We are closed", "customer + 90s: you tell me!"]
expect = ["callback", "mask"]
soft = false
rule = "first"

[[tests]]
thread = "customer: Hello"
expect = "none"
"#;

fn parse(source: &str) -> Result<Rules, RulesErrors> {
    let channels = ["webchat", "whatsapp"];
    let channels: BTreeSet<ChannelName> = channels
        .into_iter()
        .map(|name| ChannelName::parse(name).unwrap())
        .collect();
    Rules::parse(source.as_bytes(), "rules.toml", Some(&channels))
}

#[test]
fn an_empty_file_means_the_shipped_policies() {
    let (empty, shipped) = (parse("").unwrap(), Rules::built_in());
    assert_eq!(empty.defaults, Policy::default());
    assert_eq!(empty.defaults, shipped.defaults);
    assert_eq!(empty.channels, shipped.channels);
    assert_eq!(empty.desks, shipped.desks);
    assert_eq!(empty.rules, shipped.rules);
    assert_eq!(empty.vocabulary.phrases, shipped.vocabulary.phrases);
    assert_eq!(empty.vocabulary.levels, shipped.vocabulary.levels);
}

#[test]
fn the_shipped_file_is_valid_for_any_channels_and_has_tests() {
    let shipped = parse(BUILT_IN).unwrap();
    assert!(shipped.tests.len() >= 5);
    assert_eq!(shipped, Rules::built_in());
}

#[test]
fn the_examples_in_the_shipped_file_are_valid_once_they_are_no_comments() {
    let example = |line: &str| {
        let line = line.strip_prefix("# ")?;
        let key = line.split(" = ").next()?;
        let is_key = line != key && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_key || line.starts_with('[')).then(|| line.to_owned())
    };
    let lines = BUILT_IN
        .lines()
        .map(|line| example(line).unwrap_or_else(|| line.to_owned()));
    let rules = parse(&lines.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(rules.rules.len(), 1);
    assert_eq!(
        (rules.channels.len(), rules.vocabulary.levels.len()),
        (1, 1)
    );
    assert_eq!(rules.vocabulary.phrases.len(), 1);
}

#[test]
fn the_examples_in_the_manual_are_valid() {
    let manual = include_str!("../../../../docs/RULES.md");
    let examples: Vec<&str> = manual
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(examples.len() > 6);
    for example in examples {
        let around = [
            ("[topics]", "billing = \"bill\""),
            ("[desks.night]", ""),
            ("[desks.main]", ""),
        ];
        let missing = around.iter().filter(|(table, _)| !example.contains(table));
        let around: String = missing
            .map(|(table, keys)| format!("{table}\n{keys}\n"))
            .collect();
        if let Err(errors) = parse(&format!("{example}\n{around}")) {
            panic!("{}", errors.plain_report());
        }
    }
}

#[test]
fn each_key_of_the_policy_reaches_the_rules() {
    let rules = parse(EVERY_KEY).unwrap();
    let desk = |name| crate::domain::ids::DeskName::parse(name).unwrap();
    let defaults = Policy {
        exchanges: 4,
        merge_within: Length::minutes(5),
        reopen_within: Length::hours(12),
        new_case_after: Length::hours(30 * 24),
        soft_wait: Length::minutes(90),
        text_limit: 8,
        answer_within: Length::minutes(45),
        check_back_after: Length::hours(48),
        grace: 3,
        mute_lasts: Length::hours(7 * 24),
        claim_within: Length::minutes(20),
        claim_lease: Length::hours(1),
        attempts: 5,
        retry_after: vec![Length::minutes(5), Length::hours(1)],
        zone: Some(Zone::parse("America/Chicago").unwrap()),
        country: Some(CountryCode::parse("US").unwrap()),
        video_url: Some("https://meet.example.com/r/{{ room }}?lang=en".to_owned()),
        ask_satisfaction: true,
        on_soft: OnSoft::OneMore,
        watch: true,
        speak: Speak::Never,
        desk: desk("sales"),
    };
    let webchat = Policy {
        exchanges: 2,
        grace: 0,
        mute_lasts: Length::hours(1),
        claim_within: Length::minutes(1),
        claim_lease: Length::minutes(2),
        attempts: 0,
        retry_after: vec![Length::minutes(3)],
        zone: Some(Zone::parse("Europe/Berlin").unwrap()),
        country: Some(CountryCode::parse("DE").unwrap()),
        video_url: None,
        ask_satisfaction: false,
        on_soft: OnSoft::Ring,
        watch: false,
        speak: Speak::Private,
        desk: desk("night"),
        ..defaults.clone()
    };
    assert_eq!(rules.defaults, defaults);
    let channel = |name| ChannelName::parse(name).unwrap();
    assert_eq!(rules.policy(&channel("webchat")), &webchat);
    assert_eq!(rules.policy(&channel("whatsapp")), &defaults);
}

#[test]
fn how_long_what_is_kept_is_kept_reaches_the_rules() {
    let days = |days: u32| Length::hours(days * 24);
    let said = Retention {
        threads: Some(days(400)),
        audit: days(365),
        notices: days(30),
        chats: days(60),
        rejected: days(14),
        sent: days(2),
        dead: days(3),
    };
    assert_eq!(parse(EVERY_KEY).unwrap().retention, said);
    assert_eq!(parse("").unwrap().retention, Retention::default());
}

#[test]
fn desks_words_topics_and_levels_reach_the_rules() {
    let rules = parse(EVERY_KEY).unwrap();
    let night = &rules.desks[&crate::domain::ids::DeskName::parse("night").unwrap()].hours;
    let open = |at: &str| night.is_open(at.parse().unwrap());
    assert!(
        open("2026-01-05T22:30:00Z"),
        "Monday half past eleven at night in Berlin"
    );
    assert!(
        !open("2026-01-05T23:30:00Z"),
        "Tuesday half past midnight in Berlin"
    );
    assert!(open("2026-01-04T05:29:00Z") && !open("2026-01-04T05:30:00Z"));

    let words = &rules.vocabulary;
    let topics: Vec<&str> = words
        .topics
        .iter()
        .map(|(topic, _)| topic.as_str())
        .collect();
    assert_eq!(topics, ["warranty", "billing"], "in file order");
    assert_eq!(
        words.topics[0].1,
        ["guarantee"],
        "one word need not be a list"
    );
    let urgent = &words.phrases[&PhraseList::Urgent];
    assert_eq!(urgent.add, ["gas leak", "🔥"]);
    assert_eq!(urgent.remove, ["fire"]);
    assert_eq!(words.level(SpanKind::Phone), IdentityLevel::Confidential);
    assert_eq!(words.level(SpanKind::Pin), IdentityLevel::Confidential);
}

#[test]
fn a_desk_has_its_brand_language_and_members_and_without_members_everybody_works_it() {
    let rules = parse(EVERY_KEY).unwrap();
    let desk = |name| &rules.desks[&DeskName::parse(name).unwrap()];
    let (sales, night) = (desk("sales"), desk("night"));
    assert_eq!(
        (sales.brand.as_str(), sales.language.as_str()),
        ("Brightwire", "pt")
    );
    assert_eq!(
        (night.brand.as_str(), night.language),
        ("Ringback", Language::ENGLISH)
    );
    let works =
        |desk: &Desk, name, role| desk.is_worked_by(&AccountName::parse(name).unwrap(), role);
    assert!(works(sales, "kim", Role::Agent) && !works(sales, "ana", Role::Agent));
    assert!(works(sales, "ana", Role::Supervisor) && works(night, "ana", Role::Agent));
}

#[test]
fn when_and_whom_a_desk_rings_reaches_the_rules() {
    let rules = parse(EVERY_KEY).unwrap();
    let desk = |name| &rules.desks[&DeskName::parse(name).unwrap()];
    let (sales, night) = (desk("sales"), desk("night"));
    assert_eq!(
        sales.hours.zone.iana_name(),
        Some("America/Sao_Paulo"),
        "holidays have a zone without hours too"
    );
    assert!(sales.hours.openings.is_empty());
    let once = Holiday::On(date(2026, 12, 25));
    let yearly = |month, day| Holiday::Yearly { month, day };
    assert_eq!(sales.hours.holidays, [once, yearly(2, 29)]);
    assert_eq!(night.hours.holidays, [yearly(12, 24)]);
    assert_eq!(sales.quiet_hours, QuietHours::never());
    let late = QuietHours {
        from: time(22, 30, 0, 0),
        to: time(0, 0, 0, 0),
    };
    assert_eq!(night.quiet_hours, late);

    let of = |desk: &Desk| {
        let on_call = desk.on_call.as_ref().map(ToString::to_string);
        (
            on_call,
            desk.on_shift_for,
            desk.cards_open,
            desk.card_detail,
            desk.incident,
        )
    };
    let (hour, shift) = (Length::hours(1), Length::hours(10));
    let ana = Some("ana".to_owned());
    assert_eq!(of(night), (ana, shift, 40, CardDetail::Group, (7, hour)));
    assert_eq!(of(sales), of(&Desk::default()));
    let in_chat = |desk: &Desk| (desk.note_prefix.clone(), desk.disable_link_preview);
    assert_eq!(in_chat(night), ("note:".to_owned(), false));
    assert_eq!(in_chat(sales), ("//".to_owned(), true));
}

#[test]
fn an_incident_can_be_told_by_one_of_its_numbers() {
    let rules = parse("[desks.main.incident]\ncalls = 5").unwrap();
    let incident = rules.desks[&Desk::default_name()].incident;
    assert_eq!(incident, (5, Length::minutes(30)));
}

#[test]
fn rules_are_tried_by_priority_and_keep_all_their_conditions() {
    let rules = parse(EVERY_KEY).unwrap();
    let [first, second] = rules.rules.as_slice() else {
        panic!("two rules")
    };
    assert_eq!(
        (first.name.as_str(), second.name.as_str()),
        ("first", "second")
    );
    assert_eq!((first.then, second.then), (Then::Callback, Then::Flag));
    assert_eq!(first.desk.as_ref().map(|desk| desk.as_str()), Some("night"));
    let when = &first.when;
    assert_eq!(when.exchange, Some(2));
    assert_eq!(when.channels[0].as_str(), "webchat");
    assert_eq!(when.visibility, Some(Visibility::Public));
    assert_eq!(when.topics[0].as_str(), "billing");
    assert_eq!(
        when.languages
            .iter()
            .map(|l| l.as_str())
            .collect::<Vec<_>>(),
        ["pt", "en"]
    );
    assert_eq!(when.tags[0].as_str(), "vip");
    assert_eq!(when.hours, Some(DeskHours::Closed));
    let words = |rule: &crate::rules::AdminRule| {
        rules.vocabulary.word_lists[rule.when.words.unwrap()].clone()
    };
    assert_eq!(words(first), ["money back"]);
    assert_eq!(words(second), ["refund"]);
}

#[test]
fn rules_of_one_priority_keep_their_order() {
    let rule = |name: &str, priority: i32| {
        format!(
            "[[rules]]\nname = \"{name}\"\nwhen = {{ exchange = 1 }}\nthen = \"none\"\npriority = {priority}\n"
        )
    };
    let source = [rule("b", 0), rule("low", -1), rule("a", 0), rule("high", 1)].concat();
    let rules = parse(&source).unwrap();
    let names: Vec<&str> = rules.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["high", "b", "a", "low"]);
}

#[test]
fn a_test_reads_as_a_chat() {
    let rules = parse(EVERY_KEY).unwrap();
    let [chat, hello] = rules.tests.as_slice() else {
        panic!("two tests")
    };
    let lines: Vec<(Party, Length, &str)> = chat
        .thread
        .iter()
        .map(|line| (line.from, line.after, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (Party::Customer, Length::minutes(1), "My bill: it is wrong"),
            (Party::Agent, Length::hours(2), "Which month?"),
            (Party::Bot, Length::minutes(1), "We are closed"),
            (
                Party::Customer,
                Length::milliseconds(90_000),
                "you tell me!"
            ),
        ]
    );
    assert_eq!(
        chat.expect,
        [Action::Mask, Action::Callback],
        "in SPEC's order"
    );
    assert_eq!(
        (chat.soft, chat.rule.as_deref()),
        (Some(false), Some("first"))
    );
    assert_eq!(chat.visibility, Visibility::Public);
    assert!(hello.expect.is_empty());
    assert_eq!((hello.soft, hello.rule.as_deref()), (None, None));
    let before = EVERY_KEY.split("thread = \"customer: Hello\"").next();
    let line = before.unwrap().lines().count();
    assert_eq!(hello.name, format!("the test at line {}", line + 1));
}

#[test]
fn the_only_desk_works_the_channels() {
    let rules = parse("[desks.sales]").unwrap();
    assert_eq!(rules.defaults.desk.as_str(), "sales");
    let rules = parse("[desks.a]\n[desks.main]").unwrap();
    assert_eq!(rules.defaults.desk.as_str(), "main");
}

#[test]
fn the_version_is_that_of_the_bytes() {
    let version = |source| parse(source).unwrap().version.to_string();
    assert_eq!(version(""), "e3b0c44298fc", "SHA-256 of nothing");
    assert_ne!(version("# a"), version("# b"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let rules = parse("\u{feff}exchanges = 5\r\n[desks.main]\r\n").unwrap();
    assert_eq!(rules.defaults.exchanges, 5);
}

#[test]
fn how_sure_the_reader_must_be_is_said_in_percent_and_shipped_as_built_in() {
    use crate::domain::vocabulary::{Threshold, Thresholds};
    let shipped = Rules::parse(BUILT_IN.as_bytes(), "rules.toml", None).expect("good");
    assert_eq!(shipped.vocabulary.sure, Thresholds::default());
    let stricter = Rules::parse(b"[reading]\nthanks = 90", "rules.toml", None).expect("good");
    let sure = stricter.vocabulary.sure;
    assert_eq!(Some(sure.thanks), Threshold::parse(90));
    assert_eq!(sure.waiting, Thresholds::default().waiting);
    let wrong = Rules::parse(b"[reading]\nthanks = 100\nthank = 9", "rules.toml", None);
    let told = wrong.expect_err("an unknown key").to_string();
    assert!(told.contains("reading.thank"), "{told}");
    let wrong = Rules::parse(b"[reading]\nthanks = 100", "rules.toml", None);
    let told = wrong.expect_err("too much").to_string();
    assert!(told.contains("must be 1 to 99"), "{told}");
}
