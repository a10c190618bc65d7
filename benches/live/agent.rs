//! An agent at the web desk: signs in by a link and answers, as the desk's pages do.

use reqwest::{Client, redirect::Policy};

use crate::bot::Bot;

/// What pages send forms as.
const FORM: &str = "application/x-www-form-urlencoded";

/// A signed-in agent.
pub(crate) struct Agent {
    http: Client,
    origin: String,
    cookie: String,
    csrf: String,
}

impl Agent {
    pub(crate) async fn sign_in(bot: &Bot) -> Self {
        let link = bot.command(&["user", "add", "kim", "--role", "supervisor"]);
        let path = link
            .split_whitespace()
            .find_map(|word| word.find("/sign-in/").and_then(|at| word.get(at..)))
            .expect("a link");
        let http = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .expect("a client");
        let origin = format!("http://{}", bot.address);
        let entered = http
            .post(format!("{origin}{path}"))
            .header("origin", &origin)
            .header("content-type", FORM)
            .send()
            .await
            .expect("an answer");
        let cookie = entered.headers().get("set-cookie").expect("a session");
        let cookie = cookie.to_str().expect("text");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let page = http
            .get(format!("{origin}/desk/callbacks"))
            .header("cookie", &cookie)
            .send()
            .await
            .expect("the desk");
        let page = page.text().await.expect("the whole page");
        let (_, after) = page.split_once("name=\"csrf\" value=\"").expect("a form");
        let (csrf, _) = after.split_once('"').expect("its end");
        Self {
            http,
            cookie,
            csrf: csrf.to_owned(),
            origin,
        }
    }

    /// Answers in a thread; returns when the answer is kept.
    pub(crate) async fn answer(&self, thread: &str, text: &str) {
        let form = [
            ("csrf", self.csrf.as_str()),
            ("id", &format!("{:032x}", rand::random::<u128>())),
            ("text", text),
        ];
        let answer = self
            .http
            .post(format!(
                "{}/desk/threads/webchat/{thread}/reply",
                self.origin
            ))
            .header("origin", &self.origin)
            .header("cookie", &self.cookie)
            .header("content-type", FORM)
            .body(serde_urlencoded::to_string(form).expect("a form"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 303, "the desk takes the answer");
        answer.bytes().await.expect("the whole answer");
    }
}
