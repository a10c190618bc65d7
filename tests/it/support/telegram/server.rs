//! The HTTP side: who asks, for what, in JSON, a form or multipart; faults; recording.

use std::{convert::Infallible, io, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    Shared,
    faults::Fault,
    methods, multipart,
    params::{self, Method, Params},
    refusal::{Done, Refusal},
    updates, world,
};

/// The largest request that Telegram takes: a file of 50 MB and what stands around it.
const LARGEST: usize = 51 << 20;

/// The routes of the Bot API.
pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    Router::new().fallback(answer).with_state(shared)
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let Some((token, name)) = path
        .strip_prefix("/bot")
        .and_then(|path| path.split_once('/'))
    else {
        return Refusal::not_found().into_response();
    };
    if let Err(refusal) = shared.look(|world| is_token(world, token)) {
        return refusal.into_response();
    }
    let Some(method) = params::method(name) else {
        shared.act(|world| world.violation(format!("there is no method {name}")));
        let refusal = Refusal {
            description: "Not Found: method not found".to_owned(),
            ..Refusal::not_found()
        };
        return refusal.into_response();
    };
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), LARGEST).await;
    let read = match body {
        Ok(body) => read(&headers, &query, &body).await,
        Err(_) => Err(Refusal::too_large()),
    };
    match read {
        Ok(params) => faulty(shared, method, params).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn is_token(world: &world::World, token: &str) -> Result<(), Refusal> {
    let looks_like_one = token
        .split_once(':')
        .is_some_and(|(id, secret)| id.parse::<i64>().is_ok() && !secret.is_empty());
    match token == world.token {
        true => Ok(()),
        false if looks_like_one => Err(Refusal::unauthorized()),
        false => Err(Refusal::not_found()),
    }
}

/// What a request asks for, in whichever of Telegram's four ways it says so.
async fn read(headers: &HeaderMap, query: &str, body: &Bytes) -> Result<Params, Refusal> {
    let mut params = Params::default();
    let pairs = |from: &[u8]| -> Map<String, Value> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(from).unwrap_or_default();
        pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect()
    };
    params.values = pairs(query.as_bytes());
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        if !body.is_empty() {
            let object: Map<String, Value> = serde_json::from_slice(body)
                .map_err(|_| Refusal::bad("can't parse JSON object"))?;
            params.values.extend(object);
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        params.values.extend(pairs(body));
    } else if kind.starts_with("multipart/form-data") {
        multipart::read(kind, body, &mut params)?;
    }
    Ok(params)
}

/// Does it, unless it is to go wrong.
async fn faulty(shared: Arc<Shared>, method: &'static Method, params: Params) -> Response {
    let fault = shared.act(|world| world.faults.of(method.name, &params.values));
    match fault {
        None => {
            let done = done(&shared, method, params).await;
            match shared.look(|world| world.faults.is_cut) {
                true => cut(),
                false => respond(done),
            }
        }
        Some(Fault::Status(code)) => Refusal::internal(code).into_response(),
        Some(Fault::TooMany(after)) => Refusal::too_many(after).into_response(),
        Some(Fault::Garbage(code)) => garbage(code),
        Some(Fault::GarbageAfter) => {
            drop(done(&shared, method, params).await);
            garbage(200)
        }
        Some(Fault::CutBefore) => cut(),
        Some(Fault::CutAfter) => {
            drop(done(&shared, method, params).await);
            cut()
        }
        Some(Fault::Hang) => {
            drop(done(&shared, method, params).await);
            std::future::pending().await
        }
        Some(Fault::Slow(by)) => {
            tokio::time::sleep(by).await;
            respond(done(&shared, method, params).await)
        }
        Some(Fault::SlowAfter(by)) => {
            let done = done(&shared, method, params).await;
            tokio::time::sleep(by).await;
            respond(done)
        }
    }
}

fn respond(done: Done) -> Response {
    match done {
        Ok(result) => axum::Json(json!({ "ok": true, "result": result })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn garbage(code: u16) -> Response {
    let status = StatusCode::from_u16(code).expect("a status");
    (status, "<html><body>nginx</body></html>").into_response()
}

/// Breaks the connection off in the middle of an answer.
fn cut() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Bytes, io::Error>(io::ErrorKind::ConnectionReset.into())
    });
    let mut response = Response::new(Body::from_stream(broken));
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, 100.into());
    response
}

/// Does what is asked, and keeps what was asked and what came of it.
async fn done(shared: &Arc<Shared>, method: &'static Method, mut params: Params) -> Done {
    let wrong = params.check(method);
    shared.act(|world| {
        let parameters = Value::Object(params.values.clone());
        world.record.request(method.name, &parameters);
        world.requests.push(world::Request {
            method: method.name.to_owned(),
            parameters,
        });
        for wrong in wrong {
            world.violation(wrong);
        }
    });
    let done = if method.name == "getUpdates" {
        updates::wait(shared, &params).await
    } else {
        shared.act(|world| methods::answer(world, method.name, &params))
    };
    if let Ok(result) = &done {
        // Updates were kept when they came about.
        if method.name != "getUpdates" {
            shared.act(|world| world.record.result(method.name, result));
        }
    }
    done
}

/// Serves until the task is dropped.
pub(crate) async fn serve(listener: tokio::net::TcpListener, routes: Router) {
    let served: Result<(), Infallible> = axum::serve(listener, routes)
        .await
        .map_or_else(|_| Ok(()), |()| Ok(()));
    let Ok(()) = served;
}
