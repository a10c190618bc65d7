//! Settings through their front door, with an environment of the tests' own.

mod mistakes;

use std::{fs, path::PathBuf};

use config::Environment;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A bot's token, of no bot.
const BOT: &str = "123456789:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";

/// A file in a folder of its own.
struct Files {
    folder: TempDir,
    config: PathBuf,
}

impl Files {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ringback.toml");
        fs::write(&path, config).unwrap();
        Self {
            config: path,
            folder,
        }
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn load_with(&self, environment: &[(&str, &str)]) -> Result<Settings, SettingsErrors> {
        layers::load(Some(&self.config), source(environment), None)
    }

    /// What is said of the file, without the folder's name.
    fn said_with(&self, environment: &[(&str, &str)]) -> String {
        match self.load_with(environment) {
            Ok(_) => "fine".to_owned(),
            Err(errors) => {
                let folder = format!("{}/", self.folder.path().display());
                errors.plain_report().replace(&folder, "")
            }
        }
    }
}

fn source(environment: &[(&str, &str)]) -> Environment {
    let variables = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    layers::environment().source(Some(variables.collect()))
}

fn load(config: &str) -> Settings {
    Files::new(config).load_with(&[]).unwrap()
}

#[test]
fn the_shipped_file_says_what_holds_without_it() {
    let shipped = load(include_str!("../../../config/ringback.toml"));
    assert_eq!(shipped.effective(), load("").effective());
    insta::assert_snapshot!(shipped.effective(), @r#"
    listen = "127.0.0.1:8080"
    database = "data/ringback.db"
    rules = "config/rules.toml"
    shutdown_within = "10s"

    [limits]
    body_bytes = 4194304
    batch = 1000
    queue = 20000

    [log]
    filter = "info"

    [channels.api]
    kind = "api"

    [channels.webchat]
    kind = "webchat"

    [webchat]
    allowed_origins = []
    new_threads_per_hour = 20

    [forms]
    sealing = "server_key"
    key_file = "keys/forms.key"
    "#);
}

#[test]
fn the_examples_in_the_shipped_file_are_valid_once_they_are_no_comments() {
    let shipped = include_str!("../../../config/ringback.toml");
    let secret_file = "secret_file = \"secrets/crm\"";
    assert!(shipped.contains(secret_file));
    let shipped = shipped.replace(secret_file, &format!("secret = \"{SECRET}\""));
    let secret_file = "secret_file = \"secrets/dialling\"";
    assert!(shipped.contains(secret_file));
    let shipped = shipped.replace(secret_file, &format!("secret = \"{SECRET}\""));
    let token_file = "token_file = \"secrets/telegram\"";
    assert!(shipped.contains(token_file));
    let shipped = shipped.replace(token_file, &format!("token = \"{BOT}\""));
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["desk.example.com".to_owned()]).unwrap();
    std::fs::write(folder.path().join("fullchain.pem"), made.cert.pem()).unwrap();
    std::fs::write(
        folder.path().join("privkey.pem"),
        made.signing_key.serialize_pem(),
    )
    .unwrap();
    let shipped = shipped.replace("\"tls/", &format!("\"{}/", folder.path().display()));
    let example = |line: &str| {
        let line = line.strip_prefix("# ")?;
        let key = line.split(" = ").next()?;
        let is_key = line != key && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_key || line.starts_with('[')).then(|| line.to_owned())
    };
    let lines = shipped
        .lines()
        .map(|line| example(line).unwrap_or_else(|| line.to_owned()));
    let settings = load(&lines.collect::<Vec<_>>().join("\n"));
    assert_eq!(settings.webhooks[0].name, "crm");
    assert!(settings.dialling.is_some());
    assert_eq!(settings.log.format, Some(LogFormat::Json));
    assert_eq!(settings.webchat.allowed_origins.len(), 1);
    assert_eq!(settings.scheme(), "https");
    let bot = settings.telegram.as_ref().unwrap();
    assert_eq!(bot.staff.len(), 1);
    // All that is said to hold without a key is so.
    let plain = load(&format!("[telegram]\ntoken = \"{BOT}\""));
    let plain = plain.telegram.unwrap();
    assert_eq!(bot.api_url, plain.api_url);
    assert_eq!(bot.transport, plain.transport);
    assert_eq!(bot.messages_per_second, plain.messages_per_second);
    assert_eq!(
        bot.group_messages_per_minute,
        plain.group_messages_per_minute
    );
    assert_eq!(settings.channels.len(), 5);
}

#[test]
fn with_a_bot_there_are_its_channels_too_unless_channels_are_named() {
    let names = |config: &str| {
        let settings = Files::new(config)
            .load_with(&[("RINGBACK__TELEGRAM__TOKEN", BOT)])
            .unwrap();
        let names = settings.channels.keys().map(ToString::to_string);
        names.collect::<Vec<_>>()
    };
    let all = [
        "api",
        "telegram",
        "telegram_business",
        "telegram_group",
        "webchat",
    ];
    assert_eq!(names(""), all);
    assert_eq!(names(include_str!("../../../config/ringback.toml")), all);
    assert_eq!(
        names("[channels.support]\nkind = \"telegram\""),
        ["support"]
    );
    assert_eq!(load("").channels.len(), 2);
}

#[test]
fn each_key_of_the_bot_reaches_the_settings_and_its_token_is_never_shown() {
    let files = Files::new("public_url = \"https://desk.example.com\"\n[telegram]\n");
    let path = files.write("token", &format!(" {BOT}\n"));
    let settings = files
        .load_with(&[
            ("RINGBACK__TELEGRAM__TOKEN_FILE", &path),
            ("RINGBACK__TELEGRAM__TRANSPORT", "webhook"),
            ("RINGBACK__TELEGRAM__STAFF", "17,18"),
            ("RINGBACK__TELEGRAM__MESSAGES_PER_SECOND", "5"),
            ("RINGBACK__TELEGRAM__GROUP_MESSAGES_PER_MINUTE", "6"),
            ("RINGBACK__TELEGRAM__API_URL", "http://127.0.0.1:8081/"),
        ])
        .unwrap();
    let effective = settings.effective();
    let (_, shown) = effective.split_once("[telegram]").unwrap();
    insta::assert_snapshot!(shown, @r#"
    token = "(hidden)"
    api_url = "http://127.0.0.1:8081/"
    transport = "webhook"
    staff = ["17", "18"]
    messages_per_second = 5
    group_messages_per_minute = 6
    "#);
    let bot = settings.telegram.as_ref().unwrap();
    assert_eq!(bot.token.expose_secret(), BOT);
    assert!(!format!("{settings:?}").contains(BOT));
}

#[test]
fn each_key_of_the_file_reaches_the_settings() {
    let settings = load(&format!(
        r#"
listen = "[::1]:9999"
database = "/var/lib/ringback.db"
rules = "r.toml"
shutdown_within = "1m"
[channels.x]
kind = "api"
[channels.shop]
kind = "webchat"
[webchat]
allowed_origins = ["https://shop.example", "http://127.0.0.1:3000"]
new_threads_per_hour = 7
[forms]
sealing = "recipients"
key_file = "/var/keys/forms.key"
[webhooks.crm]
url = "https://crm.example.com/ringback"
secret = "{SECRET}"
events = ["notice", "decision.quiet", "notice"]
include_text = true
timeout = "3s"
concurrency = 2
[limits]
body_bytes = 2000
batch = 10
queue = 20
[log]
filter = "warn,ringback=debug"
format = "json"
"#
    ));
    insta::assert_snapshot!(settings.effective(), @r#"
    listen = "[::1]:9999"
    database = "/var/lib/ringback.db"
    rules = "r.toml"
    shutdown_within = "1m"

    [limits]
    body_bytes = 2000
    batch = 10
    queue = 20

    [log]
    filter = "warn,ringback=debug"
    format = "json"

    [channels.shop]
    kind = "webchat"

    [channels.x]
    kind = "api"

    [webchat]
    allowed_origins = ["https://shop.example", "http://127.0.0.1:3000"]
    new_threads_per_hour = 7

    [forms]
    sealing = "recipients"
    key_file = "/var/keys/forms.key"

    [webhooks.crm]
    url = "https://crm.example.com/ringback"
    secret = "(hidden)"
    events = ["decision.quiet", "notice"]
    include_text = true
    timeout = "3s"
    concurrency = 2
    "#);
    let [webhook] = settings.webhooks.as_slice() else {
        panic!("one webhook")
    };
    assert_eq!(webhook.secret.expose_secret(), SECRET);
}

#[test]
fn the_environment_wins_over_the_file_and_numbers_switches_and_lists_may_be_plain_text() {
    let files = Files::new(
        "listen = \"127.0.0.1:1\"\n[limits]\nbatch = 5\n[webhooks.crm]\nurl = \"https://a.example\"\nconcurrency = 3",
    );
    let settings = files
        .load_with(&[
            ("RINGBACK__LISTEN", "127.0.0.1:2"),
            ("RINGBACK__LIMITS__BATCH", "6"),
            ("RINGBACK__WEBHOOKS__CRM__SECRET", SECRET),
            ("RINGBACK__WEBHOOKS__CRM__INCLUDE_TEXT", "true"),
            ("RINGBACK__WEBHOOKS__CRM__EVENTS", "decision, callback"),
            ("RINGBACK__CHANNELS__X__KIND", "api"),
            (
                "RINGBACK__WEBCHAT__ALLOWED_ORIGINS",
                "https://a.example,https://b.example",
            ),
            ("RINGBACK_CONFIG", "not ours"),
            ("OTHER__LISTEN", "not ours"),
        ])
        .unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.limits.batch, 6);
    let webhook = &settings.webhooks[0];
    assert_eq!(webhook.secret.expose_secret(), SECRET);
    assert!(webhook.include_text);
    assert_eq!(settings.webchat.allowed_origins.len(), 2);
    assert_eq!(
        webhook.events,
        [WebhookEvent::Decision, WebhookEvent::Callback]
    );
    assert_eq!(
        webhook.concurrency, 3,
        "what the environment does not say stays"
    );
    assert_eq!(
        settings
            .channels
            .keys()
            .map(|name| name.as_str())
            .collect::<Vec<_>>(),
        ["x"]
    );
}

#[test]
fn the_flag_wins_over_the_environment() {
    let files = Files::new("rules = \"file.toml\"");
    let environment = || source(&[("RINGBACK__RULES", "environment.toml")]);
    let load = |flag| {
        layers::load(Some(&files.config), environment(), flag)
            .unwrap()
            .rules
    };
    assert_eq!(load(None), Some("environment.toml".into()));
    assert_eq!(load(Some(Path::new("flag.toml"))), Some("flag.toml".into()));
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let files = Files::new("");
    let path = files.write("secret", &format!("{SECRET}\n"));
    let settings = files
        .load_with(&[
            ("RINGBACK__WEBHOOKS__CRM__URL", "http://127.0.0.1:9/hook"),
            ("RINGBACK__WEBHOOKS__CRM__SECRET_FILE", &path),
        ])
        .unwrap();
    assert_eq!(settings.webhooks[0].secret.expose_secret(), SECRET);
    assert!(!settings.effective().contains("MfKQ"));
    assert!(!format!("{settings:?}").contains("MfKQ"));
}

#[test]
fn a_rules_file_goes_live_only_if_it_is_valid_and_its_tests_pass() {
    let files = Files::new("");
    let channels = load("").channels.into_keys().collect();
    let load = |rules: &str| {
        let path = files.write("rules.toml", rules);
        rules_file::load(Some(Path::new(&path)), &channels)
    };
    let (rules, _reader) = load("exchanges = 5").unwrap();
    assert_eq!(rules.defaults.exchanges, 5);
    assert!(matches!(
        load("exchanges = 0"),
        Err(rules_file::RulesFileError::Invalid(_))
    ));
    assert!(matches!(
        load("[channels.other]"),
        Err(rules_file::RulesFileError::Invalid(_))
    ));
    let empty = load("").unwrap_err().report();
    assert!(empty.contains("rules.toml is empty"), "{empty}");
    assert!(empty.contains("still being written"), "{empty}");
    let missing = rules_file::load(Some(Path::new("/nowhere/rules.toml")), &channels);
    assert!(matches!(
        missing,
        Err(rules_file::RulesFileError::Invalid(_))
    ));
    let failing = load(
        "[[tests]]\nname = \"fails\"\nthread = \"customer: My bill is wrong\"\nexpect = \"callback\"",
    );
    let failing = failing.unwrap_err();
    insta::assert_snapshot!(failing, @"1 of the rules' 1 tests failed: fails");
    assert!(failing.report().starts_with("test failed: fails\n  "));
    assert!(
        rules_file::load(None, &channels).is_ok(),
        "the built-in rules pass their tests"
    );
}
