//! Who plays in the stories, and where.

use std::{fs, ops::Deref};

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::support::{
    bot::{Bot, Home},
    browser::{Like, Window},
};

/// The web chat, beside the API's channel that every home has.
const CHAT: &str = "[channels.webchat]\nkind = \"webchat\"\n";

/// A team with Ringback, which can be stopped and started again.
pub(super) struct Team {
    pub(super) home: Home,
    bot: Option<Bot>,
    pub(super) url: String,
}

impl Team {
    pub(super) fn start() -> Self {
        Self::start_with("")
    }

    /// With more settings.
    pub(super) fn start_with(more: &str) -> Self {
        Self::of(Home::new(&format!("{more}{CHAT}")))
    }

    /// With a rules file of its own.
    pub(super) fn start_with_rules(rules: &str) -> Self {
        let home = Home::new(&format!("rules = \"rules.toml\"\n{CHAT}"));
        fs::write(home.path("rules.toml"), rules).expect("rules written");
        Self::of(home)
    }

    fn of(home: Home) -> Self {
        let bot = home.start();
        Self {
            home,
            url: bot.url.clone(),
            bot: Some(bot),
        }
    }

    pub(super) fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("it runs")
    }

    /// Stops it in good order.
    pub(super) fn stop(&mut self) {
        let (status, log) = self.bot.take().expect("it runs").stop();
        assert!(status.success(), "{log}");
    }

    /// SIGKILL.
    pub(super) fn kill(&mut self) {
        self.bot.take().expect("it runs").kill();
    }

    /// Starts it again where it was.
    pub(super) fn start_again(&mut self) {
        let listen = self.url.trim_start_matches("http://");
        self.bot = Some(self.home.start_at(listen));
    }

    /// A customer with the chat open.
    pub(super) async fn customer(&self) -> Customer {
        self.customer_like(Like::LAPTOP).await
    }

    pub(super) async fn customer_like(&self, like: Like) -> Customer {
        let window = Window::like(like).await;
        window.goto(&format!("{}/chat", self.url)).await;
        Customer { window }
    }

    /// Somebody of ours, signed in by a link of their own.
    pub(super) async fn agent(&self, name: &str, role: &str) -> Agent {
        self.agent_like(name, role, Like::LAPTOP).await
    }

    pub(super) async fn agent_like(&self, name: &str, role: &str, like: Like) -> Agent {
        let link = self.link(name, role);
        let window = Window::like(like).await;
        window.goto(&link).await;
        window.click("form[action^='/sign-in/link'] button").await;
        window.gone("form[action^='/sign-in/link']").await;
        self.at_desk(window)
    }

    /// Somebody who has signed in already.
    pub(super) fn at_desk(&self, window: Window) -> Agent {
        Agent {
            window,
            url: self.url.clone(),
        }
    }

    /// Makes an account, and its link.
    pub(super) fn link(&self, name: &str, role: &str) -> String {
        format!("{}{}", self.url, self.home.user(name, role))
    }
}

/// A customer on the chat page.
pub(super) struct Customer {
    window: Window,
}

impl Deref for Customer {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

impl Customer {
    /// Writes, and waits until it has arrived.
    pub(super) async fn writes(&self, text: &str) {
        self.types(text).await;
        self.shows("#chat-lines [data-id]", text).await;
    }

    /// Writes, whether it arrives or not.
    pub(super) async fn types(&self, text: &str) {
        self.type_into("#chat-text", text).await;
        self.click("#chat-send").await;
    }

    /// Writes what no keyboard has, and waits until it has arrived.
    pub(super) async fn writes_by_script(&self, text: &str) {
        let before = self.count("#chat-lines [data-id]").await;
        let fill = format!(
            "document.querySelector('#chat-text').value = {};
             document.querySelector('#chat-send').click();",
            json!(text)
        );
        self.evaluate(&fill).await;
        self.until("the line has arrived", async || {
            (self.count("#chat-lines [data-id]").await > before).then_some(())
        })
        .await;
    }

    /// Waits for a line.
    pub(super) async fn reads(&self, text: &str) {
        self.shows("#chat-lines", text).await;
    }

    /// Each line once, in order, as they stand now.
    pub(super) async fn lines(&self) -> Vec<String> {
        self.texts("#chat-lines .text").await
    }
}

/// Somebody of ours at the web desk.
pub(super) struct Agent {
    window: Window,
    url: String,
}

impl Deref for Agent {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

impl Agent {
    pub(super) async fn opens(&self, path: &str) {
        self.goto(&format!("{}{path}", self.url)).await;
    }

    /// Opens the first thread of a list.
    pub(super) async fn opens_a_thread(&self, state: &str) {
        self.opens(&format!("/desk/threads?state={state}")).await;
        self.click("a[data-thread]").await;
        self.find("#reply-text").await;
    }

    /// Sets a first password, with which they prove later who they are.
    pub(super) async fn sets_password(&self, password: &str) {
        self.opens("/account").await;
        self.type_into("#new", password).await;
        self.type_into("#again", password).await;
        self.click("form[action='/account/password'] button").await;
        self.find("#present").await;
    }

    /// When the page was loaded: another one after each load.
    pub(super) async fn stamp(&self) -> Value {
        self.evaluate("return performance.timeOrigin").await
    }

    /// Answers in the thread that is open, and waits until the answer stands in it.
    pub(super) async fn answers(&self, text: &str) {
        self.type_into("#reply-text", text).await;
        self.click("#reply-send").await;
        self.shows("main", text).await;
    }

    /// Answers without the mouse.
    pub(super) async fn answers_by_keys(&self, text: &str) {
        self.tab_to("#reply-text").await;
        self.press(text).await;
        self.tab_to("#reply-send").await;
        self.press(&Key::Enter.to_string()).await;
        self.shows("main", text).await;
    }
}
