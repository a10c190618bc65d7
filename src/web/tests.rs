//! What the tests of pages stand on, and what is answered when a route fails in a way that nobody
//! foresaw.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, header},
    response::Response,
    routing::get,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{Parts, answered_as_pages, answered_as_problems, guard::Guard};
use crate::{
    engine::{Clock, Engine, Options, Running},
    reading::Reader,
    rules::Rules,
    settings::Settings,
    telemetry,
    vault::Vault,
};

/// A Ringback that runs with these, and sends nothing anywhere.
pub(super) async fn started(
    settings: Settings,
    rules: Rules,
    clock: Clock,
    vault: Vault,
) -> (Parts, Running) {
    let settings = Arc::new(settings);
    let (engine, running) = Engine::start(Options {
        settings: Arc::clone(&settings),
        reader: Reader::new(&rules.vocabulary).expect("a reader"),
        rules,
        reload: None,
        clock: clock.clone(),
        destinations: Vec::new(),
    })
    .await
    .expect("the engine starts");
    let parts = Parts {
        engine,
        settings,
        clock,
        metrics: telemetry::metrics().expect("the only recorder"),
        address: ([127, 0, 0, 1], 8080).into(),
        stopping: CancellationToken::new(),
        vault: Arc::new(vault),
        inbox: None,
        is_demo: false,
    };
    (parts, running)
}

async fn breaks() -> &'static str {
    panic!("what a customer wrote")
}

async fn asked(routes: Router) -> (Response<()>, String) {
    let request = Request::get("/")
        .header(header::HOST, "127.0.0.1:8080")
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))))
        .body(Body::empty())
        .expect("a request");
    let answer = routes.oneshot(request).await.expect("an answer");
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let text = String::from_utf8(body.to_vec()).expect("UTF-8");
    (Response::from_parts(head, ()), text)
}

#[tokio::test]
async fn a_page_that_breaks_is_still_a_guarded_page_and_tells_nothing() {
    let settings = Settings::of_text("").expect("settings");
    let address: SocketAddr = ([127, 0, 0, 1], 8080).into();
    let guard = Guard::new(&settings, address, false);
    let routes = Router::new().route("/", get(breaks));
    let (head, text) = asked(answered_as_pages(routes, guard)).await;
    assert_eq!(head.status(), 500);
    assert_eq!(head.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(head.headers()["x-frame-options"], "DENY");
    assert_eq!(head.headers()["cache-control"], "no-store");
    assert!(text.contains("That is a bug in Ringback"), "{text}");
    assert!(!text.contains("customer wrote"), "{text}");
}

#[tokio::test]
async fn what_breaks_for_a_program_is_a_problem_and_tells_nothing() {
    let routes = Router::new().route("/", get(breaks));
    let (head, text) = asked(answered_as_problems(routes)).await;
    assert_eq!(head.status(), 500);
    assert_eq!(head.headers()["content-type"], "application/problem+json");
    assert!(!text.contains("customer wrote"), "{text}");
}
