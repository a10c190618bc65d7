//! What is said of each mistake in a rules file.

use super::{MAX_BYTES, Rules, parse};

/// What is said of a file, without its name.
pub(super) fn said(source: &str) -> String {
    match parse(source) {
        Ok(_) => "fine".to_owned(),
        Err(errors) => errors.to_string().replace("rules.toml: ", ""),
    }
}

#[test]
fn five_mistakes_of_different_sorts_are_all_told_with_line_column_and_the_nearest_name() {
    let errors = parse(
        r#"exchange = 3
merge_within = "10"
watch = "yes"

[[rules]]
name = "vip"
when = { tag = "vip" }
then = "cal"
"#,
    )
    .unwrap_err();
    assert_eq!(errors.problems().len(), 5);
    insta::assert_snapshot!(errors.plain_report(), @r#"
      x `exchange` is not a known key
       ,-[rules.toml:1:1]
     1 | exchange = 3
       : ^^^^^^^^
     2 | merge_within = "10"
       `----
      help: did you mean `exchanges`?

      x `merge_within` cannot be `10`
       ,-[rules.toml:2:16]
     1 | exchange = 3
     2 | merge_within = "10"
       :                ^^^^
     3 | watch = "yes"
       `----
      help: write a length of time with its unit, such as "90s", "10m", "24h" or "30d"

      x `watch` must be true or false, not text
       ,-[rules.toml:3:9]
     2 | merge_within = "10"
     3 | watch = "yes"
       :         ^^^^^
     4 | 
       `----

      x `rules[0].when.tag` is not a known key
       ,-[rules.toml:7:10]
     6 | name = "vip"
     7 | when = { tag = "vip" }
       :          ^^^
     8 | then = "cal"
       `----
      help: did you mean `tags`?

      x `rules[0].then` cannot be `cal`
       ,-[rules.toml:8:8]
     7 | when = { tag = "vip" }
     8 | then = "cal"
       :        ^^^^^
       `----
      help: did you mean `callback`?

    rules.toml: 5 errors
    "#);
}

#[test]
fn every_syntax_error_is_told_at_once() {
    insta::assert_snapshot!(said(
        "exchanges = \nwatch = maybe\n[desks.main\ndesk = \"a\"\ndesk = \"b\""
    ), @"3 errors: line 1, column 13: not valid TOML: string values must be quoted, expected literal string; line 2, column 9: not valid TOML: string values must be quoted, expected literal string; line 3, column 12: not valid TOML: unclosed table, expected `]`");
}

#[test]
fn a_mistake_of_shape_is_told_in_plain_words() {
    let cases = [
        "exchanges = \"3\"",
        "exchanges = -3",
        "exchanges = 3.5",
        "exchanges = 99999999999999999999",
        "merge_within = 10",
        "merge_within = 2026-01-05",
        "on_soft = true",
        "desk = { name = \"main\" }",
        "channels = 5",
        "desks = [\"main\"]",
        "[desks.\"VIP desk\"]",
        "[desks.main]\nzone = \"Europe/Berln\"",
        "[desks.main]\nzone = \"Mars\"",
        "[desks.main]\nzone = \"UTC\"\nhours = [\"09:00-18:00\", \"mon-fry 09:00-18:00\", \"fri 22:00-06:00\", \"fri 9:00-10:00\", 5]",
        "[desks.main]\nholidays = [\"25.12.2026\", \"02-30\", \"2026-02-29\", \"1-1\", 2026-12-25, \"2026-+1-01\"]",
        "[desks.main]\nquiet_hours = \"21-8\"\ncard_detail = \"all\"\non_call = \"Kim\"\nincident = 20",
        "[desks.main]\nnote_prefix = \"/\"",
        "[desks.main]\nnote_prefix = \"note\"\ndisable_link_preview = 1",
        "[desks.main]\nquiet_hours = \"08:00-08:00\"\nincident = { call = 20 }",
        "[desks.main]\nquiet_hours = \"00:00-24:00\"",
        "retry_after = [\"15\", 2]\nattempts = \"3\"\nask_satisfaction = \"yes\"",
        "zone = \"Berlin\"\ncountry = \"de\"",
        "country = \"Germany\"",
        "country = \"ZZ\"",
        "video_url = \"http://meet.example.com/{{ room }}\"",
        "video_url = \"https://meet.example.com/\"",
        "video_url = \"https://{{ room }}.example.com/\"",
        "video_url = \"https://meet.example.com/{{ name }}\"",
        "video_url = \"https://meet.example.com/{{ room }}/{{ room }}\"",
        "video_url = \"https://a@meet.example.com/{{ room }}\"",
        "[topics]\nbilling = [\"\", \"...\"]",
        "[phrases.thank]",
        "[phrases.thanks]\nadded = []",
        "[levels]\nphon = \"identifying\"\nemail = \"secret\"",
        "[[rules]]",
        "[[rules]]\nname = \"a b\"\nwhen = { languages = \"english\", hours = \"shut\", visibility = \"all\" }\nthen = \"callback\"",
        "[[tests]]\nthread = [\"hello\", \"costumer: hello\", \"agent+2: hello\", \"agent:\"]\nexpect = \"call\"",
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|case| format!("{case}\n=> {}\n", said(case)))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    exchanges = "3"
    => 1 error: line 1, column 13: `exchanges` must be a whole number, not text

    exchanges = -3
    => 1 error: line 1, column 13: `exchanges` is too small

    exchanges = 3.5
    => 1 error: line 1, column 13: `exchanges` must be a whole number, not a number with a point

    exchanges = 99999999999999999999
    => 1 error: line 1, column 13: `exchanges` must be a whole number, not a number that is too large

    merge_within = 10
    => 1 error: line 1, column 16: `merge_within` must be a length of time in quotes, such as "10m", not a whole number

    merge_within = 2026-01-05
    => 1 error: line 1, column 16: `merge_within` must be a length of time in quotes, such as "10m", not a date or time without quotes

    on_soft = true
    => 1 error: line 1, column 11: `on_soft` must be "quiet" or "ring" or "one_more", not true or false

    desk = { name = "main" }
    => 1 error: line 1, column 8: `desk` must be text in quotes, not a table

    channels = 5
    => 1 error: line 1, column 12: `channels` must be a table, not a whole number

    desks = ["main"]
    => 1 error: line 1, column 9: `desks` must be a table, not a list

    [desks."VIP desk"]
    => 1 error: line 1, column 8: `desks.VIP desk` may contain only lower-case letters, digits, `-`, `_` and `.` (write `vip-desk`)

    [desks.main]
    zone = "Europe/Berln"
    => 1 error: line 2, column 8: `desks.main.zone` cannot be `Europe/Berln` (did you mean `Europe/Berlin`?)

    [desks.main]
    zone = "Mars"
    => 1 error: line 2, column 8: `desks.main.zone` cannot be `Mars` (write an IANA zone, such as `Europe/Berlin`)

    [desks.main]
    zone = "UTC"
    hours = ["09:00-18:00", "mon-fry 09:00-18:00", "fri 22:00-06:00", "fri 9:00-10:00", 5]
    => 5 errors: line 3, column 10: `desks.main.hours[0]` cannot be `09:00-18:00` (write days and times, such as "mon-fri 09:00-18:00" or "sat 10:00-14:00"); line 3, column 25: `desks.main.hours[1]` cannot be `mon-fry 09:00-18:00` (write days and times, such as "mon-fri 09:00-18:00" or "sat 10:00-14:00"); line 3, column 48: `desks.main.hours[2]` cannot be `fri 22:00-06:00` (it closes before it opens: write hours past midnight as two, "fri 22:00-24:00" and "sat 00:00-06:00"); line 3, column 67: `desks.main.hours[3]` cannot be `fri 9:00-10:00` (write days and times, such as "mon-fri 09:00-18:00" or "sat 10:00-14:00"); line 3, column 85: `desks.main.hours[4]` must be text in quotes, not a whole number

    [desks.main]
    holidays = ["25.12.2026", "02-30", "2026-02-29", "1-1", 2026-12-25, "2026-+1-01"]
    => 6 errors: line 2, column 13: `desks.main.holidays[0]` cannot be `25.12.2026` (write a day as "2026-12-25", or one of every year as "12-25"); line 2, column 27: `desks.main.holidays[1]` cannot be `02-30` (write a day as "2026-12-25", or one of every year as "12-25"); line 2, column 36: `desks.main.holidays[2]` cannot be `2026-02-29` (write a day as "2026-12-25", or one of every year as "12-25"); line 2, column 50: `desks.main.holidays[3]` cannot be `1-1` (write a day as "2026-12-25", or one of every year as "12-25"); line 2, column 57: `desks.main.holidays[4]` must be a day in quotes, such as "2026-12-25" or, every year, "12-25", not a date or time without quotes; line 2, column 69: `desks.main.holidays[5]` cannot be `2026-+1-01` (write a day as "2026-12-25", or one of every year as "12-25")

    [desks.main]
    quiet_hours = "21-8"
    card_detail = "all"
    on_call = "Kim"
    incident = 20
    => 4 errors: line 2, column 15: `desks.main.quiet_hours` cannot be `21-8` (write when it begins and ends, such as "21:00-08:00", or "never"); line 3, column 15: `desks.main.card_detail` cannot be `all` (valid: `claimer`, `group`); line 4, column 11: `desks.main.on_call` may contain only lower-case letters, digits, `-`, `_` and `.` (write `kim`); line 5, column 12: `desks.main.incident` must be a table, not a whole number

    [desks.main]
    note_prefix = "/"
    => 1 error: line 2, column 15: `desks.main.note_prefix` cannot be `/` (write 1 to 8 characters without a space that are no word and no command, such as "//")

    [desks.main]
    note_prefix = "note"
    disable_link_preview = 1
    => 2 errors: line 2, column 15: `desks.main.note_prefix` cannot be `note` (write 1 to 8 characters without a space that are no word and no command, such as "//"); line 3, column 24: `desks.main.disable_link_preview` must be true or false, not a whole number

    [desks.main]
    quiet_hours = "08:00-08:00"
    incident = { call = 20 }
    => 2 errors: line 2, column 15: `desks.main.quiet_hours` cannot be `08:00-08:00` (nobody would ever be rung: write "never" if it is never quiet); line 3, column 14: `desks.main.incident.call` is not a known key (did you mean `calls`?)

    [desks.main]
    quiet_hours = "00:00-24:00"
    => 1 error: line 2, column 15: `desks.main.quiet_hours` cannot be `00:00-24:00` (nobody would ever be rung: write "never" if it is never quiet)

    retry_after = ["15", 2]
    attempts = "3"
    ask_satisfaction = "yes"
    => 4 errors: line 1, column 16: `retry_after[0]` cannot be `15` (write a length of time with its unit, such as "90s", "10m", "24h" or "30d"); line 1, column 22: `retry_after[1]` must be a length of time in quotes, such as "10m", not a whole number; line 2, column 12: `attempts` must be a whole number, not text; line 3, column 20: `ask_satisfaction` must be true or false, not text

    zone = "Berlin"
    country = "de"
    => 2 errors: line 1, column 8: `zone` cannot be `Berlin` (write an IANA zone, such as `Europe/Berlin`); line 2, column 11: `country` cannot be `de` (write `DE`)

    country = "Germany"
    => 1 error: line 1, column 11: `country` cannot be `Germany` (write a country's two capital letters, such as `DE`)

    country = "ZZ"
    => 1 error: line 1, column 11: `country` cannot be `ZZ` (write a country's two capital letters, such as `DE`)

    video_url = "http://meet.example.com/{{ room }}"
    => 1 error: line 1, column 13: `video_url` cannot be `http://meet.example.com/{{ room }}` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    video_url = "https://meet.example.com/"
    => 1 error: line 1, column 13: `video_url` cannot be `https://meet.example.com/` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    video_url = "https://{{ room }}.example.com/"
    => 1 error: line 1, column 13: `video_url` cannot be `https://{{ room }}.example.com/` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    video_url = "https://meet.example.com/{{ name }}"
    => 1 error: line 1, column 13: `video_url` cannot be `https://meet.example.com/{{ name }}` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    video_url = "https://meet.example.com/{{ room }}/{{ room }}"
    => 1 error: line 1, column 13: `video_url` cannot be `https://meet.example.com/{{ room }}/{{ r…` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    video_url = "https://a@meet.example.com/{{ room }}"
    => 1 error: line 1, column 13: `video_url` cannot be `https://a@meet.example.com/{{ room }}` (write an https URL that has `{{ room }}` once, after the host: "https://meet.example.com/{{ room }}")

    [topics]
    billing = ["", "..."]
    => 2 errors: line 2, column 12: `topics.billing[0]` must have a letter, a digit or an emoji to look for; line 2, column 16: `topics.billing[1]` must have a letter, a digit or an emoji to look for

    [phrases.thank]
    => 1 error: line 1, column 10: `phrases.thank` is not a known key (did you mean `thanks`?)

    [phrases.thanks]
    added = []
    => 1 error: line 2, column 1: `phrases.thanks.added` is not a known key (did you mean `add`?)

    [levels]
    phon = "identifying"
    email = "secret"
    => 2 errors: line 2, column 1: `levels.phon` is not a known key (did you mean `phone`?); line 3, column 9: `levels.email` cannot be `secret` (valid: `identifying`, `confidential`)

    [[rules]]
    => 3 errors: line 1, column 1: `rules[0].name` is missing; line 1, column 1: `rules[0].when` is missing; line 1, column 1: `rules[0].then` is missing

    [[rules]]
    name = "a b"
    when = { languages = "english", hours = "shut", visibility = "all" }
    then = "callback"
    => 4 errors: line 2, column 8: `rules[0].name` may contain only lower-case letters, digits, `-`, `_` and `.` (write `a-b`); line 3, column 22: `rules[0].when.languages[0]` cannot be `english` (write a language's code, such as `en` or `pt`); line 3, column 41: `rules[0].when.hours` cannot be `shut` (valid: `open`, `closed`); line 3, column 62: `rules[0].when.visibility` cannot be `all` (valid: `public`, `private`)

    [[tests]]
    thread = ["hello", "costumer: hello", "agent+2: hello", "agent:"]
    expect = "call"
    => 5 errors: line 2, column 11: `tests[0].thread[0]` must say who writes (write who writes, a colon and the text: "customer: My bill is wrong"); line 2, column 20: `tests[0].thread[1]` cannot be `costumer` (did you mean `customer`?); line 2, column 39: `tests[0].thread[2]` cannot be `2` (write a length of time with its unit, such as "90s", "10m", "24h" or "30d"); line 2, column 57: `tests[0].thread[3]` must have a text after the colon (write who writes, a colon and the text: "customer: My bill is wrong"); line 3, column 10: `tests[0].expect[0]` cannot be `call` (did you mean `callback`?)
    "#);
}

#[test]
fn what_makes_no_sense_as_a_whole_is_told_with_a_way_to_mend_it() {
    let rule = "[[rules]]\nname = \"mine\"\nwhen = { exchange = 2 }\nthen = \"callback\"\n";
    let cases = [
        "exchanges = 0\ntext_limit = 1001".to_owned(),
        "merge_within = \"72h\"".to_owned(),
        "merge_within = \"1h\"\nnew_case_after = \"1h\"".to_owned(),
        "[channels.webchat]\nnew_case_after = \"5m\"".to_owned(),
        "answer_within = \"0s\"".to_owned(),
        "[channels.webchst]".to_owned(),
        "desk = \"sale\"\n[desks.sales]".to_owned(),
        "desk = \"x\"".to_owned(),
        "[desks.one]\n[desks.two]".to_owned(),
        "[desks.main]\nhours = \"mon 09:00-10:00\"".to_owned(),
        "grace = 1001\nmute_lasts = \"0s\"".to_owned(),
        "[desks.main]\nzone = \"UTC\"".to_owned(),
        "[desks.main]\nholidays = \"12-25\"".to_owned(),
        "[desks.main]\nzone = \"UTC\"\nholidays = []".to_owned(),
        "claim_within = \"0s\"\nclaim_lease = \"0s\"\nattempts = 21\nretry_after = [\"15m\", \"0s\"]".to_owned(),
        "[channels.webchat]\nretry_after = []".to_owned(),
        format!("retry_after = [{}]", "\"1m\", ".repeat(21)),
        "[desks.main]\non_shift_for = \"0s\"\ncards_open = 0\nincident = { calls = 1, within = \"0s\" }".to_owned(),
        "[desks.main]\nmembers = []".to_owned(),
        "[desks.main]\nmembers = [\"kim\", \"lee\", \"kim\"]".to_owned(),
        "[desks.main]\nzone = \"UTC\"\nhours = []".to_owned(),
        "[desks.main]\nzone = \"UTC\"\nhours = [\"mon-fri 09:00-18:00\", \"fri 17:00-24:00\"]".to_owned(),
        "[phrases.urgent]\nadd = [\"Fire\"]\nremove = [\"fire\"]".to_owned(),
        "[topics]\nbilling = []".to_owned(),
        format!("{rule}{rule}"),
        rule.replace("mine", "thanks"),
        rule.replace("exchange = 2", ""),
        rule.replace("exchange = 2", "words = []"),
        rule.replace("exchange = 2", "exchange = 0"),
        rule.replace("exchange = 2", "topics = \"biling\"") + "[topics]\nbilling = \"bill\"",
        rule.replace("exchange = 2", "topics = \"billing\""),
        rule.replace("exchange = 2", "channels = [\"webchat\", \"web\"]"),
        rule.replace("\"callback\"", "\"none\"\ndesk = \"main\""),
        "[[tests]]\nchannel = \"x\"\nthread = []\nexpect = [\"none\", \"wait\"]\nsoft = true\nrule = \"thank\"".to_owned(),
        format!("{rule}[[tests]]\nthread = \"customer: hi\"\nexpect = \"none\"\nrule = \"mind\""),
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|case| format!("{case}\n=> {}\n", said(case)))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    exchanges = 0
    text_limit = 1001
    => 2 errors: line 1, column 13: exchanges count from 1 to 1000 (the customer's first turn is exchange 1, our answer 2, their next 3); line 2, column 14: exchanges count from 1 to 1000 (the customer's first turn is exchange 1, our answer 2, their next 3)

    merge_within = "72h"
    => 1 error: line 1, column 16: `merge_within` (3d) must be shorter than `new_case_after` (3d) (messages of one turn lie minutes apart, cases days: "10m" and "72h")

    merge_within = "1h"
    new_case_after = "1h"
    => 1 error: line 1, column 16: `merge_within` (1h) must be shorter than `new_case_after` (1h) (messages of one turn lie minutes apart, cases days: "10m" and "72h")

    [channels.webchat]
    new_case_after = "5m"
    => 1 error: line 2, column 18: `merge_within` (10m) must be shorter than `new_case_after` (5m) (messages of one turn lie minutes apart, cases days: "10m" and "72h")

    answer_within = "0s"
    => 1 error: line 1, column 17: a reminder needs some time to pass (write a length of time, such as "30m")

    [channels.webchst]
    => 1 error: line 1, column 11: the settings have no channel `webchst` (did you mean `webchat`?)

    desk = "sale"
    [desks.sales]
    => 1 error: line 1, column 8: there is no desk `sale` (did you mean `sales`?)

    desk = "x"
    => 1 error: line 1, column 8: there is no desk `x` (valid: `main`)

    [desks.one]
    [desks.two]
    => 1 error: line 1, column 8: it is not said which desk works the channels (put desk = "…" at the top of the file, or call one desk `main`)

    [desks.main]
    hours = "mon 09:00-10:00"
    => 1 error: line 2, column 9: the hours of desk `main` have no time zone (add `zone`, such as zone = "Europe/Berlin")

    grace = 1001
    mute_lasts = "0s"
    => 2 errors: line 1, column 9: the exchanges of `grace` must be 0 to 1000 (2 lets our answer and the customer's next turn pass); line 2, column 14: a mute needs some time to last (write a length of time, such as "30d")

    [desks.main]
    zone = "UTC"
    => 1 error: line 2, column 8: the zone of desk `main` does nothing without hours or holidays (add `hours`, such as hours = ["mon-fri 09:00-18:00"], or leave out `zone`)

    [desks.main]
    holidays = "12-25"
    => 1 error: line 2, column 12: the holidays of desk `main` have no time zone (add `zone`, such as zone = "Europe/Berlin")

    [desks.main]
    zone = "UTC"
    holidays = []
    => 1 error: line 3, column 12: an empty list does nothing (put something in it or leave the key out)

    claim_within = "0s"
    claim_lease = "0s"
    attempts = 21
    retry_after = ["15m", "0s"]
    => 4 errors: line 1, column 16: a reminder needs some time to pass (write a length of time, such as "10m"); line 2, column 15: a reminder needs some time to pass (write a length of time, such as "30m"); line 3, column 12: `attempts` must be 0 to 20 (3 tries it again three times; 0 gives up after the first call); line 4, column 23: a call is not tried again at once (write a length of time, such as "15m")

    [channels.webchat]
    retry_after = []
    => 1 error: line 2, column 15: an empty list does nothing (put something in it or leave the key out)

    retry_after = ["1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", ]
    => 1 error: line 1, column 15: `retry_after` has at most 20 lengths (the last one holds for all further attempts)

    [desks.main]
    on_shift_for = "0s"
    cards_open = 0
    incident = { calls = 1, within = "0s" }
    => 4 errors: line 2, column 16: a shift needs some time to last (write a length of time, such as "8h"); line 3, column 14: `cards_open` must be 1 to 1000 (15 fit on a screen); line 4, column 22: the calls of an incident must be 2 to 1000 (one customer alone is no incident: 20 is a good start); line 4, column 34: an incident needs some time to show (write a length of time, such as "30m")

    [desks.main]
    members = []
    => 1 error: line 2, column 11: an empty list does nothing (put something in it or leave the key out)

    [desks.main]
    members = ["kim", "lee", "kim"]
    => 1 error: line 2, column 26: desk `main` names the member `kim` twice (leave it out once)

    [desks.main]
    zone = "UTC"
    hours = []
    => 1 error: line 3, column 9: an empty list does nothing (put something in it or leave the key out)

    [desks.main]
    zone = "UTC"
    hours = ["mon-fri 09:00-18:00", "fri 17:00-24:00"]
    => 1 error: line 3, column 9: the hours of desk `main` overlap (write each stretch of time once)

    [phrases.urgent]
    add = ["Fire"]
    remove = ["fire"]
    => 1 error: line 3, column 11: a phrase cannot be both added and removed (leave it in one of the two)

    [topics]
    billing = []
    => 1 error: line 2, column 1: the topic `billing` has no words (give it words to look for, or leave it out)

    [[rules]]
    name = "mine"
    when = { exchange = 2 }
    then = "callback"
    [[rules]]
    name = "mine"
    when = { exchange = 2 }
    then = "callback"

    => 1 error: line 6, column 8: there are two rules called `mine` (give each rule a name of its own)

    [[rules]]
    name = "thanks"
    when = { exchange = 2 }
    then = "callback"

    => 1 error: line 2, column 8: `thanks` is the name of a built-in rule (give your rule a name of its own: it is shown with each decision)

    [[rules]]
    name = "mine"
    when = {  }
    then = "callback"

    => 1 error: line 3, column 8: this rule would match every message (give it a condition; `exchange = 1` if every message is really meant)

    [[rules]]
    name = "mine"
    when = { words = [] }
    then = "callback"

    => 1 error: line 3, column 18: an empty list does nothing (put something in it or leave the key out)

    [[rules]]
    name = "mine"
    when = { exchange = 0 }
    then = "callback"

    => 1 error: line 3, column 21: exchanges count from 1 to 1000 (the customer's first turn is exchange 1, our answer 2, their next 3)

    [[rules]]
    name = "mine"
    when = { topics = "biling" }
    then = "callback"
    [topics]
    billing = "bill"
    => 1 error: line 3, column 19: there is no topic `biling` (did you mean `billing`?)

    [[rules]]
    name = "mine"
    when = { topics = "billing" }
    then = "callback"

    => 1 error: line 3, column 19: there is no topic `billing` (add its words under `[topics]`: billing = ["…"])

    [[rules]]
    name = "mine"
    when = { channels = ["webchat", "web"] }
    then = "callback"

    => 1 error: line 3, column 33: the settings have no channel `web` (did you mean `webchat`?)

    [[rules]]
    name = "mine"
    when = { exchange = 2 }
    then = "none"
    desk = "main"

    => 1 error: line 5, column 8: a rule that does nothing needs no desk (leave out `desk`)

    [[tests]]
    channel = "x"
    thread = []
    expect = ["none", "wait"]
    soft = true
    rule = "thank"
    => 5 errors: line 2, column 11: the settings have no channel `x` (valid: `webchat`, `whatsapp`); line 3, column 10: an empty list does nothing (put something in it or leave the key out); line 4, column 11: `none` and an action cannot both be expected (leave `none` out, or the actions); line 5, column 8: `soft` is about a callback, and this test expects none (expect "callback", or leave out `soft`); line 6, column 8: there is no rule `thank` (did you mean `thanks`?)

    [[rules]]
    name = "mine"
    when = { exchange = 2 }
    then = "callback"
    [[tests]]
    thread = "customer: hi"
    expect = "none"
    rule = "mind"
    => 1 error: line 8, column 8: there is no rule `mind` (did you mean `mine`?)
    "#);
}

#[test]
fn a_file_that_is_no_text_or_far_too_large_is_refused() {
    let not_utf8 = Rules::parse(b"exchanges = 3 # caf\xe9", "rules.toml", None).unwrap_err();
    insta::assert_snapshot!(not_utf8, @"rules.toml: 1 error: the file is not UTF-8 text: byte 19 is not valid (save it as UTF-8 in your editor)");
    let large = Rules::parse(&vec![b'#'; MAX_BYTES + 1], "rules.toml", None).unwrap_err();
    insta::assert_snapshot!(large, @"rules.toml: 1 error: the file is larger than 1024 KiB (is it really this file that is meant?)");
    assert!(Rules::parse(&vec![b'#'; MAX_BYTES], "rules.toml", None).is_ok());
}

#[test]
fn of_very_many_errors_the_first_hundred_are_told() {
    let source: String = (0..250).map(|n| format!("k{n} = 1\n")).collect();
    let errors = parse(&source).unwrap_err();
    assert_eq!(errors.problems().len(), 100);
    assert!(
        errors
            .to_string()
            .starts_with("rules.toml: 250 errors, 100 of them shown: line 1,")
    );
}

#[test]
fn what_is_told_stays_on_one_line_and_cuts_what_is_long() {
    let long = "x".repeat(500);
    let said = said(&format!("\"a\\nb\" = 1\non_soft = \"line\\nbreak {long}\""));
    assert!(said.contains("`a b` is not a known key"), "{said}");
    assert!(
        said.contains("`on_soft` cannot be `line break xxx"),
        "{said}"
    );
    assert!(!said.contains('\n') && !said.contains(&long), "{said}");
}

#[test]
fn nothing_is_forgotten_within_a_day_and_no_thread_before_its_case_can_lapse() {
    insta::assert_snapshot!(said("[retention]\nthreads = \"1m\"\nsent = \"23h\"\n"), @r#"2 errors: line 2, column 11: what is kept is kept for 1d at least (write a length of time, such as "90d"); line 3, column 8: what is kept is kept for 1d at least (write a length of time, such as "90d")"#);
    insta::assert_snapshot!(
        said("[channels.webchat]\nnew_case_after = \"30d\"\n[retention]\nthreads = \"20d\"\n"),
        @r#"1 error: line 4, column 11: threads are kept for 20d, which is shorter than `new_case_after` (30d) (keep threads at least until their case has lapsed, such as "365d")"#
    );
    assert_eq!(said("[retention]\nthreads = \"3d\"\n"), "fine");
}
