//! A real browser, headless: Chromium, driven as a person would drive it. Each [`Window`] is a
//! browser of its own, with cookies of its own: two windows are two people.
//!
//! Nothing here sleeps for a guessed time: whatever a page does by and by is waited for, and what
//! does not come fails the test with what the page shows instead.

mod axe;
mod driver;

use std::{
    fs,
    path::Path,
    str::FromStr,
    time::{Duration, Instant},
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    error::{CmdError, ErrorStatus},
    key::Key,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};

/// How long a test waits for what must come. Far longer than it ever takes: the machine may be busy
/// with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a window is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Like {
    /// CSS pixels.
    pub(crate) width: u32,
    /// CSS pixels.
    pub(crate) height: u32,
    /// A phone: touch, and the page's own viewport.
    pub(crate) phone: bool,
    /// Runs the scripts of pages.
    pub(crate) scripts: bool,
}

impl Like {
    /// A laptop's.
    pub(crate) const LAPTOP: Self = Self {
        width: 1280,
        height: 900,
        phone: false,
        scripts: true,
    };
    /// A small phone's.
    pub(crate) const PHONE: Self = Self {
        width: 360,
        height: 740,
        phone: true,
        scripts: true,
    };
    /// With JavaScript off.
    pub(crate) const WITHOUT_SCRIPTS: Self = Self {
        scripts: false,
        ..Self::LAPTOP
    };

    fn capabilities(self) -> Value {
        let Self { width, height, .. } = self;
        let mut options = json!({
            "args": [
                "--headless=new",
                // Chromium's sandbox does not start for root, as which tests run in a container.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--no-proxy-server",
                "--lang=en-GB",
                format!("--window-size={width},{height}"),
            ],
            "prefs": {"intl.accept_languages": "en-GB,en"},
        });
        if self.phone {
            let metrics = json!({"width": width, "height": height, "pixelRatio": 2, "touch": true});
            options["mobileEmulation"] = json!({"deviceMetrics": metrics});
        }
        if !self.scripts {
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        // A dialog that a page opens stays, so that it fails the test.
        json!({"goog:chromeOptions": options, "unhandledPromptBehavior": "ignore"})
    }
}

/// A browser with one window; closed when dropped.
pub(crate) struct Window {
    client: Client,
    session: String,
}

impl Window {
    pub(crate) async fn open() -> Self {
        Self::like(Like::LAPTOP).await
    }

    pub(crate) async fn like(like: Like) -> Self {
        let Value::Object(capabilities) = like.capabilities() else {
            panic!("capabilities are an object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver::url())
            .await
            .expect("Chromium starts");
        let session = client.session_id().await.expect("an answer");
        Self {
            client,
            session: session.expect("a session"),
        }
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("a page");
    }

    pub(crate) async fn reload(&self) {
        self.client.refresh().await.expect("a page");
    }

    pub(crate) async fn url(&self) -> Url {
        self.client.current_url().await.expect("a URL")
    }

    /// Waits for an element.
    pub(crate) async fn find(&self, css: &str) -> Element {
        self.until(&format!("{css} is there"), async || {
            self.client.find(Locator::Css(css)).await.ok()
        })
        .await
    }

    /// Waits until no such element is there.
    pub(crate) async fn gone(&self, css: &str) {
        self.until(&format!("{css} is gone"), async || {
            (self.count(css).await == 0).then_some(())
        })
        .await;
    }

    /// How many such elements are there now.
    pub(crate) async fn count(&self, css: &str) -> usize {
        let found = self.client.find_all(Locator::Css(css)).await;
        found.map_or(0, |found| found.len())
    }

    /// Waits until what an element shows contains the text.
    pub(crate) async fn shows(&self, css: &str, text: &str) {
        self.until(&format!("{css} shows {text:?}"), async || {
            let shown = self.texts(css).await;
            shown.iter().any(|shown| shown.contains(text)).then_some(())
        })
        .await;
    }

    /// What such elements show now.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let found = self.client.find_all(Locator::Css(css)).await;
        let mut texts = Vec::new();
        for element in found.unwrap_or_default() {
            // One that is being swapped shows nothing.
            if let Ok(text) = element.text().await {
                texts.push(text);
            }
        }
        texts
    }

    /// Clicks an element as soon as it can be clicked.
    pub(crate) async fn click(&self, css: &str) {
        self.until(&format!("{css} can be clicked"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            match element.click().await {
                Ok(()) => Some(()),
                Err(error) if is_not_yet(&error) => {
                    // It may lie behind a bar that stays in place: a person would scroll.
                    let there = json!(css);
                    let scroll = format!(
                        "document.querySelector({there})?.scrollIntoView({{block: 'center'}})"
                    );
                    self.evaluate(&scroll).await;
                    None
                }
                Err(error) => panic!("{css} cannot be clicked: {error}"),
            }
        })
        .await;
    }

    /// Types into a field, after what stands there.
    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        self.until(&format!("{css} can be typed into"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            match element.send_keys(text).await {
                Ok(()) => Some(()),
                Err(error) if is_not_yet(&error) => None,
                Err(error) => panic!("{css} takes no text: {error}"),
            }
        })
        .await;
    }

    /// Presses keys, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("a focus");
        focused.send_keys(keys).await.expect("pressed");
    }

    /// Presses Tab until the focus is on such an element, as somebody without a mouse does.
    pub(crate) async fn tab_to(&self, css: &str) {
        self.find(css).await;
        let on_it = format!("return document.activeElement.matches({})", json!(css));
        for _ in 0..200 {
            if self.evaluate(&on_it).await == true {
                return;
            }
            self.press(&Key::Tab.to_string()).await;
        }
        panic!("Tab never reaches {css}");
    }

    /// What a script of the test's own returns.
    pub(crate) async fn evaluate(&self, script: &str) -> Value {
        let value = self.client.execute(script, Vec::new()).await;
        value.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Has pages shown in the dark, or in the light.
    pub(crate) async fn prefer(&self, scheme: &str) {
        self.media("prefers-color-scheme", scheme).await;
    }

    /// Asks pages not to move.
    pub(crate) async fn calm(&self) {
        self.media("prefers-reduced-motion", "reduce").await;
    }

    async fn media(&self, feature: &str, value: &str) {
        let features = json!([{"name": feature, "value": value}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}))
            .await;
    }

    /// Cuts the window off the network, or joins it again.
    pub(crate) async fn offline(&self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// The page as a screen reader is told it: Chromium's accessibility nodes, in order.
    pub(crate) async fn accessibility_tree(&self) -> Vec<Value> {
        let tree = self
            .devtools("Accessibility.getFullAXTree", json!({}))
            .await;
        let nodes = tree["nodes"].as_array().expect("nodes");
        nodes
            .iter()
            .filter(|node| node["ignored"] == false)
            .cloned()
            .collect()
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = DevTools(json!({"cmd": command, "params": parameters}));
        self.client.issue_cmd(command).await.expect("obeyed")
    }

    /// Goes on in the tab that a click has opened.
    pub(crate) async fn enter_new_tab(&self) {
        let tab = self
            .until("there is a second tab", async || {
                let tabs = self.client.windows().await.ok()?;
                (tabs.len() > 1).then(|| tabs.last().cloned())?
            })
            .await;
        self.client.switch_to_window(tab).await.expect("in the tab");
    }

    /// Goes back to the tab that was there first.
    pub(crate) async fn back_to_first_tab(&self) {
        let tabs = self.client.windows().await.expect("tabs");
        let first = tabs.into_iter().next().expect("a tab");
        self.client
            .switch_to_window(first)
            .await
            .expect("in the tab");
    }

    /// Goes into a frame.
    pub(crate) async fn enter(&self, css: &str) {
        let frame = self.find(css).await;
        frame.enter_frame().await.expect("in the frame");
    }

    /// Checks that nothing sticks out sideways.
    pub(crate) async fn assert_fits(&self) {
        let script = "const root = document.documentElement;
            const wide = [...document.body.querySelectorAll('*')]
                .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
                .map((element) => element.tagName + '.' + element.className);
            return { shown: innerWidth, needed: root.scrollWidth, wide: wide.slice(0, 5) };";
        let width = self.evaluate(script).await;
        let (shown, needed) = (width["shown"].as_u64(), width["needed"].as_u64());
        assert!(needed <= shown, "{} sticks out: {width}", self.url().await);
    }

    /// Keeps a picture of the window as `target/screenshots/NAME.png`.
    pub(crate) async fn picture(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
        fs::create_dir_all(&folder).expect("a folder");
        let picture = self.client.screenshot().await.expect("a picture");
        fs::write(folder.join(format!("{name}.png")), picture).expect("kept");
    }

    /// Asks until there is an answer.
    pub(crate) async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        let began = now();
        while began.elapsed() < PATIENCE {
            if let Some(answer) = ask().await {
                return answer;
            }
            looks.tick().await;
        }
        let shown = self.texts("body").await.concat();
        panic!(
            "waited in vain until {what}; {} shows:\n{shown}",
            self.url().await
        );
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        driver::end(&self.session);
    }
}

/// The clock, for giving up alone.
#[expect(clippy::disallowed_methods, reason = "a test waits in bounded time")]
fn now() -> Instant {
    Instant::now()
}

/// Whether the page may yet come to it: the element is being swapped, covered or moved.
fn is_not_yet(error: &CmdError) -> bool {
    let CmdError::Standard(error) = error else {
        return false;
    };
    matches!(
        error.error,
        ErrorStatus::StaleElementReference
            | ErrorStatus::NoSuchElement
            | ErrorStatus::ElementNotInteractable
            | ErrorStatus::ElementClickIntercepted
    )
}

/// A command of Chromium's own, beyond WebDriver.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}
