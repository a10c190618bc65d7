//! A team that works with Telegram alone: one bot, one group, and Kim, who was there first.

use std::{fs, time::Duration};

use rusqlite::Connection;

use crate::support::{
    bot::{Bot, Home},
    telegram::{Group, Message, Person, Telegram},
};

/// The channels of one bot, and calls at any hour that tests run at.
const CHANNELS: &str = "[channels.telegram]\nkind = \"telegram\"\n";
const RULES: &str = "[desks.main]\nquiet_hours = \"never\"\n";

/// How much is still to be sent.
const UNSENT: &str = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'queued', 'sending')";
/// How long sending all of it may take, thousands of messages on a slow machine included.
const PATIENCE: Duration = Duration::from_secs(300);

/// A team with Ringback, which can be stopped and started again.
pub(crate) struct Team {
    pub(crate) telegram: Telegram,
    pub(crate) home: Home,
    bot: Option<Bot>,
    pub(crate) care: Group,
    pub(crate) kim: Person,
}

impl Team {
    /// In a group with topics.
    pub(crate) async fn start() -> Self {
        let telegram = Telegram::start();
        let care = telegram.forum("Care");
        Self::start_in(telegram, care, "", RULES).await
    }

    /// In a group with topics, with these settings of Ringback's.
    pub(crate) async fn start_at(settings: &str) -> Self {
        let telegram = Telegram::start();
        let care = telegram.forum("Care");
        let bots = telegram.settings();
        let settings = format!("{settings}rules = \"rules.toml\"\n{bots}{CHANNELS}");
        Self::start_with(telegram, care, &settings, RULES).await
    }

    /// In this group, with more settings of the bot's and with these rules.
    pub(crate) async fn start_in(telegram: Telegram, care: Group, more: &str, rules: &str) -> Self {
        let bots = telegram.settings();
        let settings = format!("rules = \"rules.toml\"\n{bots}{more}{CHANNELS}");
        Self::start_with(telegram, care, &settings, rules).await
    }

    /// With these settings and these rules.
    pub(crate) async fn start_with(
        telegram: Telegram,
        care: Group,
        settings: &str,
        rules: &str,
    ) -> Self {
        let home = Home::new(settings);
        fs::write(home.path("rules.toml"), rules).expect("rules written");
        let bot = home.start();
        let code = bot.told("  /start ");
        care.adds_bot_as_admin();
        let kim = care.member("Kim");
        kim.writes_in(&care, code.trim());
        care.waits_for("works here now").await;
        kim.starts();
        kim.receives("I can write to you").await;
        Self {
            telegram,
            home,
            bot: Some(bot),
            care,
            kim,
        }
    }

    pub(crate) fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("it runs")
    }

    /// Stops it in good order.
    pub(crate) fn stop(&mut self) {
        let (status, log) = self.bot.take().expect("it runs").stop();
        assert!(status.success(), "{log}");
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.bot.take().expect("it runs").kill();
    }

    pub(crate) fn start_again(&mut self) {
        self.bot = Some(self.home.start());
    }

    /// Waits for the card that can be claimed.
    pub(crate) async fn card(&self) -> Message {
        let is_card = |message: &Message| message.button("Claim").is_some();
        self.care.waits_for_message("a card", is_card).await
    }

    /// Waits until the program knows that all it had to send has arrived, which a person is too slow to
    /// come before.
    pub(crate) async fn settled(&self) {
        let database = Connection::open(self.home.path("ringback.db")).expect("opened");
        let is_settled = async {
            while database
                .query_row(UNSENT, (), |row| row.get::<_, i64>(0))
                .expect("counted")
                > 0
            {
                tokio::task::yield_now().await;
            }
        };
        let settled = tokio::time::timeout(PATIENCE, is_settled).await;
        settled.expect("all is sent in the end");
    }

    /// Waits for a question to Kim, wherever it is asked.
    pub(crate) async fn asks(&self, words: &str) -> Message {
        self.kim.receives(words).await
    }
}

impl Drop for Team {
    /// A test that fails tells what the program told.
    #[expect(clippy::print_stdout, reason = "what a failed test tells")]
    fn drop(&mut self) {
        if let Some(bot) = self.bot.take()
            && std::thread::panicking()
        {
            bot.signal("TERM");
            let (_, log) = bot.end();
            let lines = log
                .lines()
                .filter(|line| !line.contains("\"level\":\"TRACE\"") && line.contains("telegram"));
            for line in lines {
                println!("{line}");
            }
        }
    }
}
