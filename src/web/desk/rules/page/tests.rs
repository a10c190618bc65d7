//! What the Rules page shows to whom.

use askama::Template;
use jiff::tz::TimeZone;

use super::{RulesPage, Said, Standing};
use crate::{
    domain::{
        account::Role,
        ids::{AccountName, ChannelName, RulesVersion, ShownName},
        message::Visibility,
        private::Private,
        time::Timestamp,
    },
    engine::{LoadedRules, ReloadError, RulesStatus},
    reading::Reader,
    rules::Rules,
    settings::Settings,
    store::rows::{account::AccountRow, desk::Undelivered},
    web::{
        desk::rules::tried::{Asked, Tried},
        pages::{Frame, Section, times::Times},
    },
};

const RULES: &str = r#"
exchanges = 4
[desks.main]
zone = "Europe/Berlin"
hours = ["mon-fri 09:00-18:00"]
members = ["kim", "lee", "sam"]
[phrases.urgent]
add = ["<b>gas</b> leak"]
[[tests]]
thread = "customer: hello"
expect = "none"
"#;

fn loaded() -> LoadedRules {
    let rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("rules");
    LoadedRules {
        reader: Reader::new(&rules.vocabulary).expect("a reader"),
        rules,
        loaded_at: Timestamp::default(),
    }
}

fn frame(role: Role) -> Frame {
    Frame {
        who: Some((ShownName::parse("Kim").expect("a name"), role)),
        csrf: "a-secret".to_owned(),
        section: Section::Rules,
        ..Frame::outside()
    }
}

fn account(name: &str) -> AccountRow {
    AccountRow {
        name: AccountName::parse(name).expect("a name"),
        shown: ShownName::parse(name).expect("a name"),
        role: Role::Agent,
        has_password: true,
        checks_identity: false,
        recipient: None,
        has_second_factor: false,
        created_at: Timestamp::default(),
        signed_in_at: None,
        disabled_at: (name == "lee").then(Timestamp::default),
    }
}

/// The page with `thread` in its box.
fn page(role: Role, refused: Option<&str>, thread: &str) -> String {
    let loaded = loaded();
    let settings = Settings {
        rules: Some("/etc/ringback/rules.toml".into()),
        ..Settings::load(None, None).expect("settings")
    };
    let last_error = refused.map(|message| ReloadError {
        at: Timestamp::default(),
        message: message.to_owned(),
    });
    let standing = Standing {
        settings: &settings,
        rules: &loaded.rules,
        accounts: &[account("kim"), account("lee")],
        troubles: Vec::new(),
        undelivered: vec![Undelivered {
            destination: "crm".to_owned(),
            count: 2,
            reason: "HTTP 410".to_owned(),
            at: Timestamp::default(),
        }],
        times: &Times::new(TimeZone::UTC, Timestamp::default()),
        status: RulesStatus {
            version: RulesVersion("0123456789ab".into()),
            loaded_at: Timestamp::default(),
            last_error,
        },
    };
    let asked = Asked {
        channel: ChannelName::parse("api").expect("a name"),
        visibility: Visibility::Public,
        thread: Private::new(thread.to_owned()),
    };
    let tried = Tried::new(&loaded, asked);
    let page = RulesPage::new(standing, frame(role), tried, Some(Said::Loaded));
    page.render().expect("a page")
}

#[test]
fn the_rules_stand_there_as_sentences_with_their_version_and_desks() {
    let page = page(Role::Supervisor, None, "customer: hello");
    for wanted in [
        "A person rings the customer back at exchange 4, unless it is thanks.",
        "<code>0123456789ab</code>",
        "1, passed",
        "open mon 09:00-18:00, tue 09:00-18:00, wed 09:00-18:00, thu 09:00-18:00, fri 09:00-18:00 in Europe/Berlin",
        "The new rules are in force.",
        "exchange 1 of 4",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    assert!(!page.contains("was refused"), "{page}");
}

#[test]
fn members_who_cannot_work_their_desk_are_marked() {
    let page = page(Role::Supervisor, None, "customer: hello");
    let members = "kim, lee <span class=\"badge badge-note\">disabled</span>, \
                   sam <span class=\"badge badge-note\">no account</span>";
    assert!(page.contains(members), "{page}");
}

#[test]
fn what_could_not_be_delivered_is_told_with_its_reason() {
    let page = page(Role::Supervisor, None, "customer: hello");
    assert!(
        page.contains("<strong>crm</strong>: 2 deliveries given up"),
        "{page}"
    );
    assert!(page.contains("HTTP 410"), "{page}");
}

#[test]
fn only_an_admin_reads_where_the_file_is_and_may_load_it_again() {
    let why = "/etc/ringback/rules.toml: 1 error: line 3, column 7: `exchanges` must be a number";
    let admin = page(Role::Admin, Some(why), "customer: hello");
    assert!(
        admin.contains("<code>/etc/ringback/rules.toml</code>"),
        "{admin}"
    );
    assert!(admin.contains("action=\"/desk/rules/reload\""), "{admin}");
    let supervisor = page(Role::Supervisor, Some(why), "customer: hello");
    assert!(!supervisor.contains("/etc/"), "{supervisor}");
    assert!(!supervisor.contains("/desk/rules/reload"), "{supervisor}");
    for page in [admin, supervisor] {
        assert!(page.contains("line 3, column 7"), "{page}");
    }
}

#[test]
fn nothing_that_is_typed_or_configured_becomes_markup() {
    let hostile = "customer: </textarea><script>alert(1)</script> \"' \u{202e}";
    for thread in [hostile, "<script>alert(1)</script>"] {
        let page = page(Role::Admin, Some("<i>bad</i>"), thread);
        for never in ["<script>alert", "</textarea><script", "<i>bad", "<b>gas"] {
            assert!(!page.contains(never), "{never} is in\n{page}");
        }
    }
}

#[test]
fn what_was_typed_stays_in_the_box_beside_its_faults() {
    let page = page(Role::Supervisor, None, "hello &amp; goodbye");
    assert!(page.contains("hello &#38;amp; goodbye"), "{page}");
    assert!(page.contains("aria-invalid=\"true\""), "{page}");
    assert!(page.contains("Line 1 must say who writes"), "{page}");
}

#[test]
fn every_form_carries_the_secret_that_only_our_pages_know() {
    let page = page(Role::Admin, None, "customer: hello");
    let forms = page
        .matches("<form method=\"post\" action=\"/desk/rules")
        .count();
    assert_eq!(forms, 2);
    assert!(page.matches("name=\"csrf\" value=\"a-secret\"").count() >= forms);
}

#[test]
fn what_the_address_says_is_one_of_a_few_words() {
    for said in [Said::Loaded, Said::Unchanged, Said::Refused] {
        let word = said.page().split('=').next_back().expect("a word");
        assert_eq!(Said::parse(word), Some(said));
    }
    assert_eq!(Said::parse("<script>"), None);
}
