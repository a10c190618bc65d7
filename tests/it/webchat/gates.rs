//! Who may ask and who may show the chat: our page, and the sites of the settings.

use reqwest::{Method, Response};
use serde_json::json;

use super::customer::{Customer, assert_refused, home, with};

const SHOP: &str = "https://shop.example";

/// What our page asks for: with a chat's token each is answered 2xx.
const ASKED: &[(Method, &str)] = &[
    (Method::POST, "/chat/shop/threads"),
    (Method::GET, "/chat/shop/stream"),
    (Method::POST, "/chat/shop/messages"),
    (Method::POST, "/chat/shop/typing"),
];

/// What a browser opens.
const OPENED: &[&str] = &["/chat/shop", "/chat/shop/embed", "/chat/widget.js"];

/// Asks for one of [`ASKED`] in good order but for these headers.
async fn ask(
    customer: &Customer,
    (method, path): &(Method, &str),
    headers: &[(&str, &str)],
) -> Response {
    let mut request = customer.ask(method.clone(), path);
    request = request.header("idempotency-key", "k1");
    if method == Method::POST {
        request = with(request, &json!({"text": "hello"}));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_foreign_page_is_refused_on_every_route() {
    let home = home(&format!("allowed_origins = [\"{SHOP}\"]"));
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    for route in ASKED {
        for foreign in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "https://shop.example.evil.example")],
            &[("origin", "http://shop.example")],
            &[("origin", "")],
            &[("origin", SHOP), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            let answer = ask(&customer, route, foreign).await;
            assert_refused(&answer, 403, &format!("{route:?} {foreign:?}"));
        }
        for ours in [
            &[][..],
            &[
                ("origin", bot.url.as_str()),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("origin", SHOP), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-origin")],
        ] {
            let answer = ask(&customer, route, ours).await;
            let cors = "access-control-allow-origin";
            assert!(!answer.headers().contains_key(cors), "{route:?}");
            assert!(answer.status().is_success(), "{route:?} {ours:?}");
        }
    }
    for path in OPENED {
        let route = (Method::GET, *path);
        let answer = ask(&customer, &route, &[("origin", "https://evil.example")]).await;
        assert_refused(&answer, 403, path);
        // As a link or a frame on any site opens it.
        let answer = ask(&customer, &route, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(answer.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_page_is_refused_before_its_token_is_looked_at() {
    let home = home("");
    let bot = home.start();
    let nobody = Customer::new(&bot);
    for route in ASKED {
        let answer = ask(&nobody, route, &[("origin", "https://evil.example")]).await;
        assert_refused(&answer, 403, &format!("{route:?}"));
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_alone_and_on_its_own_channel() {
    let home = home("");
    let settings = std::fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = format!("{settings}[channels.other]\nkind = \"webchat\"\n");
    std::fs::write(home.path("ringback.toml"), settings).expect("written");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let nobody = Customer::new(&bot);
    let api = Customer {
        token: home.token(),
        ..nobody.clone()
    };
    let token = customer.token.as_str();
    let cookie = format!("token={token}; chat={token}; authorization={token}");
    for (method, path) in &ASKED[1..] {
        let in_query = format!("{path}?token={token}&access_token={token}");
        let elsewhere = (method.clone(), path.replace("shop", "other"));
        for (asks, path, cookie, why) in [
            (&nobody, *path, "", "none"),
            (&nobody, &in_query, "", "in the query"),
            (&nobody, *path, cookie.as_str(), "in a cookie"),
            (&api, *path, "", "of the API"),
            (&customer, elsewhere.1.as_str(), "", "on another channel"),
        ] {
            let answer = ask(asks, &(method.clone(), path), &[("cookie", cookie)]).await;
            assert_refused(&answer, 401, why);
        }
    }
}

#[tokio::test]
async fn only_the_frame_is_shown_on_other_sites_and_only_on_those_of_the_settings() {
    let home = home(&format!("allowed_origins = [\"{SHOP}\"]"));
    let bot = home.start();
    let customer = Customer::new(&bot);
    for (path, ancestors) in [
        ("/chat/shop", "frame-ancestors 'none'".to_owned()),
        ("/chat/shop/embed", format!("frame-ancestors 'self' {SHOP}")),
    ] {
        let page = customer.get(path).await;
        assert_eq!(page.status(), 200);
        let policy = page.headers()["content-security-policy"].to_str();
        let policy = policy.expect("text").to_owned();
        assert!(policy.ends_with(&ancestors), "{path}: {policy}");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        let for_old_browsers = page.headers().contains_key("x-frame-options");
        assert_eq!(for_old_browsers, path == "/chat/shop", "{path}");
        let html = page.text().await.expect("a page");
        for inline in ["<style", " style=", " onclick=", "<script>"] {
            assert!(!html.contains(inline), "{path}: {inline}");
        }
    }
}

#[tokio::test]
async fn the_page_speaks_the_readers_language_or_the_desks() {
    let home = home("");
    let settings = std::fs::read_to_string(home.path("ringback.toml")).expect("settings");
    let settings = format!("rules = \"rules.toml\"\n{settings}");
    std::fs::write(home.path("ringback.toml"), settings).expect("written");
    let rules = "exchanges = 3\n";
    std::fs::write(home.path("rules.toml"), rules).expect("written");
    let bot = home.start();
    let customer = Customer::new(&bot);
    for (accept, language, title) in [
        ("de-AT, en;q=0.5", "de", "Chat mit Ringback"),
        ("ja", "en", "Chat with Ringback"),
    ] {
        let request = customer.ask(Method::GET, "/chat/shop/embed");
        let request = request.header("accept-language", accept);
        let page = request.send().await.expect("an answer");
        assert_eq!(page.headers()["vary"], "accept-language");
        let html = page.text().await.expect("a page");
        assert!(
            html.contains(&format!("<html lang=\"{language}\">")),
            "{html}"
        );
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
    }
}

#[tokio::test]
async fn only_channels_of_this_kind_have_a_page() {
    let home = home("");
    let bot = home.start();
    let customer = Customer::chatting(&bot).await;
    let first = customer.get("/chat").await;
    assert_eq!(first.status(), 307);
    assert_eq!(first.headers()["location"], "/chat/shop");
    for path in [
        "/chat/chat",
        "/chat/nowhere",
        "/chat/nowhere/embed",
        "/chat/%ff",
    ] {
        assert_eq!(customer.get(path).await.status(), 404, "{path}");
    }
    for (method, path) in ASKED {
        let path = path.replace("shop", "chat");
        let answer = ask(&customer, &(method.clone(), &path), &[]).await;
        assert_refused(&answer, 404, &path);
    }
    let widget = customer.get("/chat/widget.js").await;
    let headers = widget.headers().clone();
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    let script = widget.text().await.expect("a script");
    assert!(script.contains("dataset.channel || \"shop\";"));
}
