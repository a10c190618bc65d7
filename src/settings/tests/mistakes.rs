//! What is said of each mistake in the settings, and what is never said: a secret.

use std::path::Path;

use super::{BOT, Files, SECRET, layers, source};

#[test]
fn all_mistakes_are_told_at_once_wherever_they_were_made() {
    let files = Files::new(
        r#"lissten = "127.0.0.1:8080"
listen = 8080
database = ""
shutdown_within = "10"
[channels."Web Chat"]
kind = "api"
[channels.x]
[log]
filter = "a=b=c"
format = "xml"
"#,
    );
    insta::assert_snapshot!(files.said_with(&[
        ("RINGBACK__LIMITS__BATCH", "many"),
        ("RINGBACK__LIMIT__QUEUE", "5"),
        ("RINGBACK__WEBHOOKS__CRM__URL", "ftp://example.com"),
    ]), @r#"
      x RINGBACK__LIMIT is not a known key
      help: did you mean `limits`?

      x RINGBACK__WEBHOOKS__CRM__URL must begin with https://
      help: plain http is for this machine only, such as "http://127.0.0.1:9000/"

      x RINGBACK__LIMITS__BATCH must be a whole number, not text

      x `lissten` is not a known key
       ,-[ringback.toml:1:1]
     1 | lissten = "127.0.0.1:8080"
       : ^^^^^^^
     2 | listen = 8080
       `----
      help: did you mean `listen`?

      x `listen` must be an address and port in quotes, such as "127.0.0.1:8080", not a whole number
       ,-[ringback.toml:2:10]
     1 | lissten = "127.0.0.1:8080"
     2 | listen = 8080
       :          ^^^^
     3 | database = ""
       `----

      x `database` must be a path, not empty
       ,-[ringback.toml:3:12]
     2 | listen = 8080
     3 | database = ""
       :            ^^
     4 | shutdown_within = "10"
       `----

      x `shutdown_within` cannot be `10`
       ,-[ringback.toml:4:19]
     3 | database = ""
     4 | shutdown_within = "10"
       :                   ^^^^
     5 | [channels."Web Chat"]
       `----
      help: write a length of time with its unit, such as "90s", "10m", "24h" or "30d"

      x `channels.Web Chat` may contain only lower-case letters, digits, `-`, `_` and `.`
       ,-[ringback.toml:5:11]
     4 | shutdown_within = "10"
     5 | [channels."Web Chat"]
       :           ^^^^^^^^^^
     6 | kind = "api"
       `----
      help: write `web-chat`

      x `channels.x.kind` is missing
       ,-[ringback.toml:7:1]
     6 | kind = "api"
     7 | [channels.x]
       : ^^^^^^^^^^^^
     8 | [log]
       `----

      x `log.filter` cannot be `a=b=c`
        ,-[ringback.toml:9:10]
      8 | [log]
      9 | filter = "a=b=c"
        :          ^^^^^^^
     10 | format = "xml"
        `----
      help: write a level (error, warn, info, debug, trace) or "info,ringback=debug"

      x `log.format` cannot be `xml`
        ,-[ringback.toml:10:10]
      9 | filter = "a=b=c"
     10 | format = "xml"
        :          ^^^^^
        `----
      help: valid: `human`, `json`

    ringback.toml: 11 errors
    "#);
}

#[test]
fn what_makes_no_sense_is_told_at_once_too() {
    let files = Files::new(&format!(
        r#"shutdown_within = "0s"
[limits]
batch = 1001
body_bytes = 0
[webhooks.a]
url = "https://a.example"
events = []
timeout = "1h"
concurrency = 0
[webhooks.b]
url = "https://b.example"
secret = "{SECRET}"
secret_file = "b"
[webhooks.c]
url = "https://c.example"
secret_file = "/nowhere/c"
"#
    ));
    insta::assert_snapshot!(files.said_with(&[("RINGBACK__LIMITS__QUEUE", "0")]), @r#"
      x RINGBACK__LIMITS__QUEUE cannot be 0
      help: write a number from 1 to 1000000

      x `shutdown_within` cannot be 0s
       ,-[ringback.toml:1:19]
     1 | shutdown_within = "0s"
       :                   ^^^^
     2 | [limits]
       `----
      help: write a length of time up to "10m"

      x `limits.batch` cannot be 1001
       ,-[ringback.toml:3:9]
     2 | [limits]
     3 | batch = 1001
       :         ^^^^
     4 | body_bytes = 0
       `----
      help: write a number from 1 to 1000

      x `limits.body_bytes` cannot be 0
       ,-[ringback.toml:4:14]
     3 | batch = 1001
     4 | body_bytes = 0
       :              ^
     5 | [webhooks.a]
       `----
      help: write a number from 1024 to 67108864

      x `webhooks.a.secret` is missing
       ,-[ringback.toml:6:7]
     5 | [webhooks.a]
     6 | url = "https://a.example"
       :       ^^^^^^^^^^^^^^^^^^^
     7 | events = []
       `----
      help: give `secret` or, better, `secret_file`: deliveries are signed with it

      x `webhooks.a.events` must not be empty
       ,-[ringback.toml:7:10]
     6 | url = "https://a.example"
     7 | events = []
       :          ^^
     8 | timeout = "1h"
       `----
      help: name an event, or leave `events` out for decision, callback, notice, desk, form and erased

      x `webhooks.a.timeout` cannot be 1h
       ,-[ringback.toml:8:11]
     7 | events = []
     8 | timeout = "1h"
       :           ^^^^
     9 | concurrency = 0
       `----
      help: write a length of time up to "10m"

      x `webhooks.a.concurrency` cannot be 0
        ,-[ringback.toml:9:15]
      8 | timeout = "1h"
      9 | concurrency = 0
        :               ^
     10 | [webhooks.b]
        `----
      help: write a number from 1 to 64

      x `webhooks.b.secret_file` is a second secret
        ,-[ringback.toml:13:15]
     12 | secret = ****************************************
     13 | secret_file = "b"
        :               ^^^
     14 | [webhooks.c]
        `----
      help: give `secret` or `secret_file`, not both

      x `webhooks.c.secret_file` cannot be read: No such file or directory (os error 2)
        ,-[ringback.toml:16:15]
     15 | url = "https://c.example"
     16 | secret_file = "/nowhere/c"
        :               ^^^^^^^^^^^^
        `----
      help: check the path and who may read the file

    ringback.toml: 10 errors
    "#);
}

#[test]
fn webhooks_go_over_https_or_stay_on_this_machine() {
    let is_fine = |url: &str| {
        let config = format!("[webhooks.a]\nurl = \"{url}\"\nsecret = \"{SECRET}\"");
        Files::new(&config).load_with(&[]).is_ok()
    };
    for url in [
        "https://example.com/x",
        "http://localhost:9",
        "http://127.0.0.1/",
        "http://[::1]:8/",
    ] {
        assert!(is_fine(url), "{url}");
    }
    for url in [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "ftp://localhost",
        "example.com",
        "https://me:pw@example.com",
        "",
    ] {
        assert!(!is_fine(url), "{url}");
    }
}

#[test]
fn a_secret_is_never_shown_even_when_it_is_wrong() {
    let long = "QUJD".repeat(22);
    for secret in [
        "hunter2-hunter2",
        "whsec_hunter2",
        "whsec_aHVudGVyMg==",
        &format!("whsec_{long}"),
    ] {
        for config in [
            format!("[webhooks.a]\nurl = 5\nsecret = \"{secret}\""),
            format!("[webhooks.a]\nsecret = \"{secret}\"\nsecret = \"{secret}\""),
            format!("webhooks.a = {{ url = \"https://a.example\", secret = \"{secret}\", x = 1 }}"),
            format!("[webhooks.a]\nurl = \"https://a.example\"\nsecret = \"{secret}"),
        ] {
            let said = Files::new(&config).said_with(&[]);
            assert_ne!(said, "fine", "{config}");
            for part in ["hunter2", "aHVu", "QUJD"] {
                assert!(!said.contains(part), "{said}");
            }
        }
    }
    let misspelt = Files::new(&format!(
        "[webhooks.a]\nurl = \"https://a.example\"\nsecrte = \"{SECRET}\""
    ));
    let said = misspelt.said_with(&[("RINGBACK__WEBHOOKS__A__SECRET", "whsec_hunter2")]);
    assert!(said.contains("did you mean `secret`?"), "{said}");
    assert!(
        !said.contains("MfKQ") && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn secrets_are_24_to_64_bytes_long() {
    let is_fine = |bytes: usize| {
        let base64 = ["", "QQ==", "QUE="][bytes % 3];
        let secret = format!("whsec_{}{base64}", "QUFB".repeat(bytes / 3));
        let config = format!("[webhooks.a]\nurl = \"https://a.example\"\nsecret = \"{secret}\"");
        Files::new(&config).load_with(&[]).is_ok()
    };
    assert_eq!(
        [23, 24, 25, 63, 64, 65].map(is_fine),
        [false, true, true, true, true, false]
    );
}

#[test]
fn syntax_errors_are_told_by_their_places() {
    insta::assert_snapshot!(Files::new("listen = \n[log\nfilter = 5").said_with(&[]), @r#"
      x line 1, column 10: not valid TOML: string values must be quoted, expected literal string

      x line 2, column 5: not valid TOML: unclosed table, expected `]`

    ringback.toml: 2 errors
    "#);
}

#[test]
fn a_named_file_must_be_there() {
    let missing = layers::load(Some(Path::new("/nowhere/ringback.toml")), source(&[]), None);
    insta::assert_snapshot!(missing.unwrap_err(), @"/nowhere/ringback.toml: 1 error: cannot read the settings file /nowhere/ringback.toml: No such file or directory (os error 2) (check the path; without --config the built-in settings will do)");
}

#[test]
fn a_site_is_named_by_its_origin() {
    let files = Files::new(
        "[webchat]\nallowed_origins = [\"https://shop.example/\", \"*\"]\nnew_threads_per_hour = 0\n[channels.x]\nkind = \"web-chat\"",
    );
    insta::assert_snapshot!(files.said_with(&[]), @r#"
      x `webchat.allowed_origins[0]` must be scheme, host and port only, as browsers write them
       ,-[ringback.toml:2:20]
     1 | [webchat]
     2 | allowed_origins = ["https://shop.example/", "*"]
       :                    ^^^^^^^^^^^^^^^^^^^^^^^
     3 | new_threads_per_hour = 0
       `----
      help: write "https://shop.example"

      x `webchat.allowed_origins[1]` must be a site's origin
       ,-[ringback.toml:2:45]
     1 | [webchat]
     2 | allowed_origins = ["https://shop.example/", "*"]
       :                                             ^^^
     3 | new_threads_per_hour = 0
       `----
      help: write scheme, host and port, such as "https://shop.example"

      x `channels.x.kind` cannot be `web-chat`
       ,-[ringback.toml:5:8]
     4 | [channels.x]
     5 | kind = "web-chat"
       :        ^^^^^^^^^^
       `----
      help: did you mean `webchat`?

    ringback.toml: 3 errors
    "#);
}

#[test]
fn a_public_address_is_scheme_host_and_port_and_no_more() {
    let read = |url: &str| {
        let files = Files::new(&format!("public_url = \"{url}\"\n"));
        let settings = files.load_with(&[]);
        settings.map(|settings| settings.public_url.map(|url| url.as_str().to_owned()))
    };
    for (url, origin) in [
        ("https://desk.example", "https://desk.example"),
        ("https://Desk.Example:443/", "https://desk.example"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ] {
        let read = read(url).expect("settings");
        assert_eq!(read.as_deref(), Some(origin));
    }
    for url in [
        "desk.example",
        "ftp://desk.example",
        "http://desk.example",
        "https://desk.example/ringback",
        "https://desk.example/?a",
        "https://kim@desk.example",
        "",
    ] {
        assert!(read(url).is_err(), "{url}");
    }
}

#[test]
fn a_certificate_needs_its_key_and_a_proxy_is_one_address() {
    let files = Files::new(
        "trusted_proxies = [\"10.0.0.0/8\", \"proxy\"]\n[tls]\ncertificate = \"nowhere.pem\"\n",
    );
    let said = files.said_with(&[]);
    assert!(said.contains("cannot be `10.0.0.0/8`"), "{said}");
    assert!(said.contains("cannot be `proxy`"), "{said}");
    let files = Files::new("[tls]\ncertificate = \"nowhere.pem\"\n");
    let said = files.said_with(&[]);
    assert!(said.contains("`tls.key` is missing"), "{said}");
    let files = Files::new("[tls]\ncertificate = \"nowhere.pem\"\nkey = \"nowhere.key\"\n");
    let said = files.said_with(&[]);
    assert!(said.contains("`tls.certificate` cannot be read"), "{said}");
}

#[test]
fn a_key_file_beside_the_database_is_refused_wherever_its_path_leads() {
    let said = |database: &str, key: &str| {
        let text = format!("database = {database:?}\n[forms]\nkey_file = {key:?}\n");
        Files::new(&text).said_with(&[])
    };
    for key in [
        "data/forms.key",
        "./data/keys/forms.key",
        "keys/../data/forms.key",
    ] {
        let said = said("data/ringback.db", key);
        assert!(said.contains("in the folder of the database"), "{said}");
        assert!(said.contains("ringback.toml:3:12"), "{said}");
    }
    for key in ["keys/forms.key", "data/../keys/forms.key", "/etc/data/k"] {
        assert_eq!(said("data/ringback.db", key), "fine");
    }
    assert!(said("ringback.db", "keys/forms.key").contains("in the folder of the database"));
}

#[test]
fn without_a_server_key_no_file_is_asked_for() {
    let files = Files::new("database = \"ringback.db\"\nforms.sealing = \"recipients\"");
    assert_eq!(files.said_with(&[]), "fine");
}

#[test]
fn a_program_that_rings_needs_an_address_and_a_secret_and_its_name() {
    let nowhere = Files::new("[dialling]\ntimeout = \"5s\"\n").said_with(&[]);
    assert!(nowhere.contains("`dialling.url` is missing"), "{nowhere}");
    let unsigned = Files::new("[dialling]\nurl = \"https://pbx.example\"\n").said_with(&[]);
    assert!(
        unsigned.contains("`dialling.secret` is missing"),
        "{unsigned}"
    );
    let webhook =
        format!("[webhooks.dialling]\nurl = \"https://crm.example\"\nsecret = \"{SECRET}\"\n");
    let taken = Files::new(&webhook).said_with(&[]);
    assert!(taken.contains("has a name that is taken"), "{taken}");
}

#[test]
fn each_mistake_about_the_bot_is_told_with_how_to_mend_it() {
    let files = Files::new(
        r#"[channels.a]
kind = "telegram"
[telegram]
token = "no token"
transport = "webhook"
staff = ["kim"]
messages_per_second = 0
api_url = "http://example.com"
"#,
    );
    insta::assert_snapshot!(files.said_with(&[]), @r#"
      x `telegram.token` must be a bot's token
       ,-[ringback.toml:4:9]
     3 | [telegram]
     4 | token = "no token"
       :         ^^^^^^^^^^
     5 | transport = "webhook"
       `----
      help: write it as BotFather gives it: a number, `:` and letters

      x `telegram.staff[0]` cannot be `kim`
       ,-[ringback.toml:6:10]
     5 | transport = "webhook"
     6 | staff = ["kim"]
       :          ^^^^^
     7 | messages_per_second = 0
       `----
      help: write a person's number, such as "123456789"

      x `telegram.api_url` must begin with https://
       ,-[ringback.toml:8:11]
     7 | messages_per_second = 0
     8 | api_url = "http://example.com"
       :           ^^^^^^^^^^^^^^^^^^^^
       `----
      help: plain http is for this machine only, such as "http://127.0.0.1:9000/"

    ringback.toml: 3 errors
    "#);
}

#[test]
fn there_is_one_bot_and_it_needs_an_address_to_be_brought_updates() {
    let files = Files::new(
        r#"[channels.a]
kind = "telegram"
[channels.b]
kind = "telegram"
[telegram]
transport = "webhook"
messages_per_second = 0
"#,
    );
    let said = files.said_with(&[("RINGBACK__TELEGRAM__TOKEN", BOT)]);
    for told in [
        "`channels.b.kind` is there twice",
        "leave one of the two out: there is one bot",
        "`telegram.transport` cannot be \"webhook\" without an address",
        "set `public_url`, or leave `transport` out",
        "`telegram.messages_per_second`",
        "3 errors",
    ] {
        assert!(said.contains(told), "{told} in {said}");
    }
}

#[test]
fn a_bot_needs_a_token_and_channels_of_telegrams_need_a_bot() {
    let files = Files::new("[channels.a]\nkind = \"telegram\"\n[telegram]\nstaff = [\"1\"]\n");
    insta::assert_snapshot!(files.said_with(&[]), @r#"
      x `channels.a.kind` needs a bot
       ,-[ringback.toml:2:8]
     1 | [channels.a]
     2 | kind = "telegram"
       :        ^^^^^^^^^^
     3 | [telegram]
       `----
      help: set `token_file` under `[telegram]`

      x `telegram` has no token
       ,-[ringback.toml:4:9]
     3 | [telegram]
     4 | staff = ["1"]
       :         ^^^^^
       `----
      help: set `token_file` to a file that holds what BotFather gave

    ringback.toml: 2 errors
    "#);
}

#[test]
fn two_tokens_and_an_empty_file_are_told_and_never_shown() {
    let files = Files::new("[telegram]\n");
    let path = files.write("token", "123:short\n");
    let said = files.said_with(&[("RINGBACK__TELEGRAM__TOKEN_FILE", &path)]);
    assert!(!said.contains("short"));
    insta::assert_snapshot!(said, @r#"
      x RINGBACK__TELEGRAM__TOKEN_FILE names a file whose content must be a bot's token
      help: write it as BotFather gives it: a number, `:` and letters

    ringback.toml: 1 error
    "#);
    let both = [
        ("RINGBACK__TELEGRAM__TOKEN_FILE", path.as_str()),
        ("RINGBACK__TELEGRAM__TOKEN", BOT),
    ];
    let said = files.said_with(&both);
    assert!(!said.contains(BOT));
    insta::assert_snapshot!(said, @r#"
      x RINGBACK__TELEGRAM__TOKEN is given beside `token_file`
      help: leave one of the two out

    ringback.toml: 1 error
    "#);
}

#[test]
fn telegram_brings_updates_to_some_addresses_only() {
    let said = |url: &str, more: &str| {
        let files = Files::new(&format!(
            "public_url = \"{url}\"\n[telegram]\ntransport = \"webhook\"\n{more}"
        ));
        files.said_with(&[("RINGBACK__TELEGRAM__TOKEN", BOT)])
    };
    assert_eq!(said("https://desk.example.com", ""), "fine");
    assert_eq!(said("https://desk.example.com:8443", ""), "fine");
    insta::assert_snapshot!(said("https://desk.example.com:8080", ""), @r#"
      x `telegram.transport` cannot be "webhook" with this `public_url`: Telegram does not go there
       ,-[ringback.toml:3:13]
     2 | [telegram]
     3 | transport = "webhook"
       :             ^^^^^^^^^
       `----
      help: have `public_url` begin with https:// and use port 443, 80, 88 or 8443, or leave
            `transport` out to have Ringback ask for updates

    ringback.toml: 1 error
    "#);
    let own = "api_url = \"http://127.0.0.1:8081\"";
    assert_eq!(said("http://localhost:8080", own), "fine");
}
