//! How pages travel: by TLS of our own, by a proxy that the settings name, or not at all.

use std::fs;

use reqwest::{Certificate, StatusCode, redirect::Policy};

use crate::support::{
    bot::{Bot, Home},
    person::Person,
};

/// A certificate for this machine, with its key, in PEM.
struct Pair {
    certificate: String,
    key: String,
}

impl Pair {
    fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("made");
        Self {
            certificate: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
        }
    }

    fn write(&self, home: &Home) {
        fs::write(home.path("certificate.pem"), &self.certificate).expect("written");
        fs::write(home.path("key.pem"), &self.key).expect("written");
    }

    /// A browser that trusts this certificate and no other.
    fn trusted(&self) -> reqwest::Client {
        crate::support::use_ring();
        let root = Certificate::from_pem(self.certificate.as_bytes()).expect("PEM");
        reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([root])
            .redirect(Policy::none())
            .build()
            .expect("a client")
    }
}

fn serving(pair: &Pair) -> (Home, Bot) {
    let home = Home::new("[tls]\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"");
    pair.write(&home);
    let bot = home.start();
    (home, bot)
}

fn https(bot: &Bot, path: &str) -> String {
    format!("{}{path}", bot.url.replace("http://", "https://"))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_certificate_everything_goes_by_tls_and_nothing_in_the_clear() {
    let pair = Pair::new();
    let (home, bot) = serving(&pair);
    let client = pair.trusted();
    let page = client
        .get(https(&bot, "/sign-in"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(
        page.headers()["strict-transport-security"],
        "max-age=31536000"
    );
    let link = home.user("kim", "agent");
    let origin = https(&bot, "");
    let sent = client
        .post(https(&bot, &link))
        .header("origin", origin)
        .header("content-type", "application/x-www-form-urlencoded")
        .send();
    let signed_in = sent.await.expect("an answer");
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-ringback=rb_"), "{cookie}");
    let refused = reqwest::get(format!("{}/sign-in", bot.url)).await;
    assert!(refused.is_err(), "plain HTTP is not answered");
    let listen = bot.url.trim_start_matches("http://").to_owned();
    let health = home
        .command()
        .env("RINGBACK__LISTEN", listen)
        .arg("health")
        .output();
    assert!(health.expect("it runs").status.success(), "it asks by TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_served_without_a_restart_and_a_bad_one_never() {
    let (first, second) = (Pair::new(), Pair::new());
    let (home, bot) = serving(&first);
    let before = first.trusted();
    let asks = |client: &reqwest::Client| client.get(https(&bot, "/healthz")).send();
    assert!(asks(&before).await.is_ok());
    fs::write(home.path("key.pem"), &second.key).expect("written");
    bot.signal("HUP");
    bot.told("tls.key does not belong to the certificate");
    assert!(
        asks(&first.trusted()).await.is_ok(),
        "the one before still serves"
    );
    second.write(&home);
    bot.signal("HUP");
    bot.told("the renewed certificate is in use");
    assert!(asks(&second.trusted()).await.is_ok());
    assert!(asks(&first.trusted()).await.is_err());
    assert!(asks(&before).await.is_ok(), "its open connection goes on");
}

#[tokio::test]
async fn a_proxy_is_believed_only_if_the_settings_name_it() {
    let url = "public_url = \"https://desk.example\"";
    let ours = ("host", "desk.example");
    let by_tls = [ours, ("x-forwarded-proto", "https")];
    let in_the_clear = [ours, ("x-forwarded-proto", "http")];

    let home = Home::new(&format!("{url}\ntrusted_proxies = \"127.0.0.1\""));
    let bot = home.start();
    let mut person = Person::new(&bot);
    assert_eq!(person.get_with("/sign-in", &by_tls).await.status, 200);
    let refused = person.get_with("/sign-in", &in_the_clear).await;
    refused.assert_page(403, "does not say that it came by TLS");
    assert!(!refused.headers.contains_key("set-cookie"));
    person
        .get_with("/chat", &[ours])
        .await
        .assert_page(403, "`X-Forwarded-Proto`");
    assert_eq!(person.get("/sign-in").await.status, 200, "on this machine");
    drop(bot);

    let home = Home::new(url);
    let bot = home.start();
    let mut person = Person::new(&bot);
    for path in ["/sign-in", "/desk", "/chat", "/form/rb_0"] {
        let refused = person.get_with(path, &by_tls).await;
        refused.assert_page(403, "`trusted_proxies`");
    }
    let health = person.get_with("/healthz", &by_tls).await;
    assert_eq!(health.status, 200, "whoever watches it may");
}

#[test]
fn whoever_listens_to_everybody_in_the_clear_is_told_that_pages_are_refused() {
    let home = Home::new("public_url = \"https://desk.example\"");
    let bot = home.start_at("0.0.0.0:0");
    let told = bot.told("refused to everybody beyond this machine");
    assert!(told.contains("trusted_proxies"), "{told}");
    let check = home
        .command()
        .env("RINGBACK__LISTEN", "0.0.0.0:8080")
        .arg("check")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(
        said.contains("refused to everybody beyond this machine"),
        "{said}"
    );
}
