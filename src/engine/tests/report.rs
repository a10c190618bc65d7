//! A month's report of stories that really happened to a running engine; the numbers are counted by
//! hand.

use super::*;
use crate::{
    domain::{
        callback::{CallResult, KeepTyping},
        ids::{Author, DeskName},
    },
    engine::{CallNotes, Claim, Finish},
    report::{NoReport, Report, month::Month},
    store::{
        report::History,
        rows::{CallbackFilter, CallbackState, Page},
    },
};

const RULES: &str = r#"
    answer_within = "30m"
    desk = "support"

    [channels.mail]
    desk = "sales"

    [desks.support]
    brand = "Acme"
    language = "en"
    zone = "Europe/Berlin"
    hours = ["mon-sun 00:00-24:00"]

    [desks.sales]
    brand = "Acme Trade"
    language = "en"

    [topics]
    billing = ["bill"]
    delivery = ["parcel"]
"#;

/// A bot to which stories happen, and the clock they happen on.
struct Stories {
    setup: Setup,
    bot: Bot,
}

impl Stories {
    async fn begin() -> Self {
        let mut setup = Setup::new();
        setup.rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid rules");
        let bot = setup.start().await;
        Self { setup, bot }
    }

    /// Plays lines such as `c 2026-01-05T10:00:00Z Where is my parcel?` on `channel/thread/author`.
    async fn play(&self, place: &str, lines: &[&str]) {
        let mut parts = place.split('/');
        let mut next = || parts.next().expect("a part");
        let (channel, thread, author) = (next(), next(), next());
        for line in lines {
            let mut words = line.splitn(3, ' ');
            let mut next = || words.next().expect("who, when and what");
            let (party, at, text) = (next(), next(), next());
            let at: Timestamp = at.parse().expect("a time");
            self.wait_until(at);
            let from_customer = party == "c";
            let from = if from_customer {
                Party::Customer
            } else {
                Party::Agent
            };
            let mut message = message(thread, &format!("{thread}-{at}"), from, 0);
            message.thread.channel = ChannelName::parse(channel).expect("a channel");
            message.author = from_customer.then(|| Author::parse(author).expect("an author"));
            message.text = Private::new(text.to_owned());
            message.at = at;
            self.bot.decided(message).await;
        }
    }

    fn wait_until(&self, at: Timestamp) {
        let clock = &self.setup.clock;
        let ahead = at.duration_since(clock.now()).as_millis();
        clock.advance(Length::milliseconds(u64::try_from(ahead).unwrap_or(0)));
    }

    async fn the_due_callback(&self) -> crate::store::CallbackId {
        let due = CallbackFilter {
            state: Some(CallbackState::Due),
            ..CallbackFilter::default()
        };
        let found = self.bot.handle.store().callbacks(due, Page::first(2)).await;
        let found = found.expect("readable").items;
        assert_eq!(found.len(), 1, "one callback is due");
        found[0].id
    }

    /// Ends the stories and counts a month of them, as CSV without its heading.
    async fn month(self, month: &str, now: &str) -> Vec<String> {
        self.bot.stop().await;
        csv(&self.setup, month, now)
    }
}

fn csv(setup: &Setup, month: &str, now: &str) -> Vec<String> {
    let now = now.parse().expect("a time");
    let mut report =
        Report::new(&setup.rules, month.parse().expect("a month"), None, now).expect("begun");
    let history = History::open(&setup.database()).expect("a database");
    let span = report.span();
    history
        .cases(span.from, span.to, |case| report.count(case))
        .expect("readable");
    let mut out = Vec::new();
    report.write_csv(&mut out).expect("memory");
    let text = String::from_utf8(out).expect("UTF-8");
    text.lines().skip(1).map(str::to_owned).collect()
}

/// The rows of a desk and channel whose value is not 0, without that desk and channel.
fn of<'r>(rows: &'r [String], place: &str) -> Vec<&'r str> {
    let place = format!("{place},");
    let rows = rows.iter().filter_map(|row| row.strip_prefix(&place));
    rows.filter(|row| !row.contains(",0,")).collect()
}

#[tokio::test]
async fn a_months_stories_come_to_the_figures_that_one_counts_by_hand() {
    let stories = Stories::begin().await;
    stories
        .play(
            "chat/ann-1/ann",
            &[
                "c 2026-01-05T10:00:00Z Where is my parcel?",
                "a 2026-01-05T10:10:00Z It arrives tomorrow.",
                "c 2026-01-05T10:20:00Z Great, thank you!",
            ],
        )
        .await;
    stories
        .play(
            "chat/bob-1/bob",
            &[
                "c 2026-01-06T11:00:00Z My bill is wrong",
                "a 2026-01-06T11:10:00Z We have sent you another one.",
                "c 2026-01-06T11:20:00Z It is still wrong",
                "a 2026-01-06T11:30:00Z Sorry, now it is right.",
                "c 2026-01-06T12:00:00Z That worked, thank you!",
            ],
        )
        .await;
    stories
        .play(
            "chat/cat-1/cat",
            &["c 2026-01-07T10:00:00Z Please call me about my bill"],
        )
        .await;
    let id = stories.the_due_callback().await;
    let claimed = stories.bot.handle.claim(id, account("kim")).await;
    assert!(matches!(claimed.expect("answered"), Claim::Won(_)));
    stories.wait_until("2026-01-07T10:30:00Z".parse().expect("a time"));
    let done = stories
        .bot
        .handle
        .done(id, account("kim"), CallResult::Solved, CallNotes::default())
        .await;
    assert!(matches!(done.expect("answered").finish, Finish::Done(_)));
    // She is back within a week, on another thread, and then falls silent.
    stories
        .play(
            "chat/cat-2/cat",
            &[
                "c 2026-01-12T10:00:00Z Where is my parcel?",
                "a 2026-01-12T10:10:00Z Please tell us the number on the slip.",
            ],
        )
        .await;
    let rows = stories.month("2026-01", "2026-02-03T08:00:00Z").await;
    assert_eq!(
        of(&rows, "support,chat"),
        [
            "cases_opened,4,cases",
            "solved_in_text_within_three,1,cases",
            "solved_in_text_later,1,cases",
            "solved_after_a_call,1,cases",
            "lapsed,1,cases",
            "rung,1,cases",
            "reached_three,1,cases",
            "reached_three:billing,1,cases",
            "calls:solved,1,calls",
            "solved:rung,1,cases",
            "back_within_7_days:rung,1,cases",
            "time_to_solved_median:rung,1800,seconds",
            "time_to_solved_p90:rung,1800,seconds",
            "messages_to_solved_median:rung,1,messages",
            "messages_to_solved_p90:rung,1,messages",
            "solved:in_text,2,cases",
            "time_to_solved_median:in_text,1200,seconds",
            "time_to_solved_p90:in_text,3600,seconds",
            "messages_to_solved_median:in_text,3,messages",
            "messages_to_solved_p90:in_text,5,messages",
        ],
    );
    assert_eq!(
        of(&rows, "support,"),
        of(&rows, "support,chat"),
        "its only channel"
    );
    assert_eq!(of(&rows, "sales,"), Vec::<&str>::new());
}

#[tokio::test]
async fn holds_reminders_and_reasons_to_keep_typing_are_counted() {
    let stories = Stories::begin().await;
    let question = ["c 2026-01-05T10:00:00Z I'm deaf, text only please: where is my parcel?"];
    stories.play("chat/dan-1/dan", &question).await;
    stories
        .play(
            "mail/eve-1/eve",
            &[
                "c 2026-01-05T10:01:00Z Why is the lamp in my parcel blue?",
                "a 2026-01-05T10:02:00Z Which one is it?",
                "c 2026-01-05T10:03:00Z That is not what I asked!",
            ],
        )
        .await;
    let id = stories.the_due_callback().await;
    let kept = stories
        .bot
        .handle
        .keep_typing(id, account("kim"), KeepTyping::BeingHandled)
        .await;
    kept.expect("answered");
    let answer = ["a 2026-01-05T10:04:00Z Blue is the colour of that lamp."];
    stories.play("mail/eve-1/eve", &answer).await;
    let recorder = stories.setup.recorder();
    let is_reminder = |heard: &Heard| {
        matches!(&heard.item.event,
        OutboxEvent::Notice(notice) if notice.notice == crate::domain::decision::Notice::AnswerDue)
    };
    while !recorder.heard().iter().any(is_reminder) {
        recorder.hears_later(recorder.heard().len() + 1).await;
    }
    let rows = stories.month("2026-01", "2026-01-05T12:00:00Z").await;
    assert_eq!(
        of(&rows, "support,chat"),
        [
            "cases_opened,1,cases",
            "still_open,1,cases",
            "held,1,cases",
            "waited_too_long,1,cases",
        ],
    );
    assert_eq!(
        of(&rows, "sales,mail"),
        [
            "cases_opened,1,cases",
            "still_open,1,cases",
            "reached_three,1,cases",
            "reached_three:delivery,1,cases",
            "kept_typing:being_handled,1,callbacks",
        ],
    );
}

#[tokio::test]
async fn a_case_counts_in_the_month_that_the_desks_own_clock_shows() {
    let stories = Stories::begin().await;
    // In Berlin it is February already at the second one; in the sales desk's zone it is not.
    let times = [
        ("chat/t1/ann", "c 2026-01-31T22:59:59Z Where is my parcel?"),
        ("chat/t2/bob", "c 2026-01-31T23:00:00Z Where is my parcel?"),
        ("mail/t3/cat", "c 2026-01-31T23:00:01Z Where is my parcel?"),
    ];
    for (place, line) in times {
        stories.play(place, &[line]).await;
    }
    let setup = stories.setup;
    stories.bot.stop().await;
    let opened = |month, place: &str| {
        let rows = csv(&setup, month, "2026-03-01T00:00:00Z");
        let of_desk = of(&rows, place);
        of_desk.first().map(|row| (*row).to_owned())
    };
    let one = Some("cases_opened,1,cases".to_owned());
    assert_eq!(opened("2026-01", "support,"), one);
    assert_eq!(opened("2026-01", "sales,"), one);
    assert_eq!(opened("2026-02", "support,"), one);
    assert_eq!(opened("2026-02", "sales,"), None);
}

#[test]
fn a_month_that_has_not_begun_and_a_desk_that_is_not_there_are_said_so() {
    let rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid rules");
    let january: Month = "2026-01".parse().expect("a month");
    let new = |only: Option<&str>, now: &str| {
        let only = only.map(|name| DeskName::parse(name).expect("a desk"));
        let now = now.parse().expect("a time");
        Report::new(&rules, january, only.as_ref(), now).map(|_| ())
    };
    assert_eq!(
        new(None, "2025-12-31T22:59:59Z"),
        Err(NoReport::Future(january))
    );
    assert_eq!(
        new(None, "2025-12-31T23:00:00Z"),
        Ok(()),
        "it is January in Berlin"
    );
    assert_eq!(
        new(Some("sales"), "2025-12-31T23:00:00Z"),
        Err(NoReport::Future(january)),
    );
    let unknown = new(Some("night"), "2026-01-05T10:00:00Z").expect_err("no such desk");
    assert_eq!(
        unknown.to_string(),
        "there is no desk night in the rules; there is sales, support",
    );
}
