//! A person in front of a browser without JavaScript: keeps the cookie, follows no redirect by
//! itself, and sends forms as the pages offer them.

use reqwest::{
    Method,
    header::{COOKIE, HeaderMap, SET_COOKIE},
    redirect::Policy,
};

use super::{
    bot::{Bot, Home},
    client::Answer,
};

/// One browser.
pub(crate) struct Person {
    http: reqwest::Client,
    url: String,
    /// `name=value`, as it is sent.
    pub(crate) cookie: Option<String>,
    /// The `csrf` of the newest page that had one.
    pub(crate) csrf: String,
}

impl Person {
    pub(crate) fn new(bot: &Bot) -> Self {
        super::use_ring();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .build();
        Self {
            http: http.expect("a client"),
            url: bot.url.clone(),
            cookie: None,
            csrf: String::new(),
        }
    }

    /// Somebody with a new account, signed in by its link.
    pub(crate) async fn signed_in(home: &Home, bot: &Bot, name: &str, role: &str) -> Self {
        let link = home.user(name, role);
        let mut person = Self::new(bot);
        let answer = person.send_form(&link, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        person.get("/account").await;
        person
    }

    /// Somebody with a new account and a password, signed in.
    pub(crate) async fn with_password(
        home: &Home,
        bot: &Bot,
        name: &str,
        role: &str,
        password: &str,
    ) -> Self {
        let mut person = Self::signed_in(home, bot, name, role).await;
        let fields = [("password", password), ("again", password)];
        let answer = person.submit("/account/password", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        person.get("/account").await;
        person
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.request(Method::GET, path, &[], String::new()).await
    }

    pub(crate) async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request(Method::GET, path, headers, String::new())
            .await
    }

    /// Sends a form of a page: its fields and the page's `csrf`.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields: Vec<_> = fields
            .iter()
            .copied()
            .chain([("csrf", csrf.as_str())])
            .collect();
        self.send_form(path, &fields).await
    }

    /// Sends these fields and no others.
    pub(crate) async fn send_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let own = self.url.clone();
        self.send_form_with(path, &[("origin", &own)], fields).await
    }

    /// The same with these headers instead of the own `Origin`.
    pub(crate) async fn send_form_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Answer {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([form]).collect();
        let body = serde_urlencoded::to_string(fields).expect("a form");
        self.request(Method::POST, path, &headers, body).await
    }

    /// Proves who they are to a page that hands a file out: the headers and the file.
    pub(crate) async fn download(&mut self, path: &str, password: &str) -> (HeaderMap, Vec<u8>) {
        let fields = [
            ("password", password),
            ("opened", "0"),
            ("csrf", &self.csrf),
        ];
        let mut request = self.http.post(format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let response = request
            .header("origin", &self.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("a file");
        (headers, bytes.to_vec())
    }

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.send_form("/sign-in", &[("name", name), ("password", password)])
            .await
    }

    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.get("/account").await.status == 200
    }

    pub(crate) async fn request(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body).send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let is_stream = headers
            .get("content-type")
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        // A stream has no end to wait for.
        let text = if is_stream {
            String::new()
        } else {
            response.text().await.expect("a text")
        };
        self.keep_cookie(&headers);
        if let Some(csrf) = csrf_in(&text) {
            self.csrf = csrf.to_owned();
        }
        Answer {
            status,
            headers,
            text,
        }
    }

    fn keep_cookie(&mut self, headers: &HeaderMap) {
        if let Some(set) = headers.get(SET_COOKIE) {
            let set = set.to_str().expect("text");
            let (pair, attributes) = set.split_once(';').expect("attributes");
            let is_removal = attributes.contains("Max-Age=0");
            self.cookie = (!is_removal).then(|| pair.to_owned());
        }
    }
}

/// The `csrf` of the first form in a page.
fn csrf_in(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    Some(rest.split_once('"')?.0)
}

impl Answer {
    /// Where it leads.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers["location"].to_str().expect("text")
    }

    /// Checks that this is a page for people with that status.
    #[track_caller]
    pub(crate) fn assert_page(&self, status: u16, says: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "text/html; charset=utf-8");
        assert!(self.text.contains(says), "{says:?} is not in {}", self.text);
    }
}
