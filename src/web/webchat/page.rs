//! The chat page, whole or in a frame, and the widget that puts the frame on any site.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    access::{ChatChannel, channels},
    gate,
    wording::Words,
};
use crate::{
    domain::{ids::ChannelName, message::MAX_TYPED, time::Timestamp},
    rules::{Desk, Rules},
    web::{
        Parts, accept,
        api::problem::Problem,
        pages::{self, PageError},
    },
};

#[derive(Template)]
#[template(path = "webchat/chat.html")]
struct ChatPage<'a> {
    title: &'a str,
    brand: &'a str,
    channel: &'a ChannelName,
    words: &'static Words,
    /// All words again, for the script.
    words_json: &'a str,
    /// When the desk opens, if it is closed.
    opens_at: Option<Timestamp>,
    longest: usize,
    is_framed: bool,
}

/// The site's one line of HTML loads this.
#[derive(Template)]
#[template(path = "webchat/widget.js", escape = "none")]
struct Widget<'a> {
    /// The words, as JSON.
    words_json: &'a str,
    /// The channel where the site names none, as JSON.
    channel_json: &'a str,
}

/// Shows the first chat.
pub(super) async fn first(State(parts): State<Parts>) -> Response {
    match channels(&parts.settings).next() {
        Some(channel) => Redirect::temporary(&format!("/chat/{channel}")).into_response(),
        None => no_chat().into_response(),
    }
}

/// The chat as a page of its own.
pub(super) async fn whole(
    State(parts): State<Parts>,
    channel: Result<ChatChannel, Problem>,
    headers: HeaderMap,
) -> Response {
    show(&parts, channel, &headers, false)
}

/// The chat as other sites show it.
pub(super) async fn framed(
    State(parts): State<Parts>,
    channel: Result<ChatChannel, Problem>,
    headers: HeaderMap,
) -> Response {
    let mut page = show(&parts, channel, &headers, true);
    gate::may_be_framed(&mut page, &parts.settings);
    page
}

fn show(
    parts: &Parts,
    channel: Result<ChatChannel, Problem>,
    headers: &HeaderMap,
    is_framed: bool,
) -> Response {
    let Ok(ChatChannel(channel)) = channel else {
        return no_chat().into_response();
    };
    let loaded = parts.engine.rules();
    let desk = desk_of(&loaded.rules, &channel);
    let words = Words::for_reader(&accept::tags(headers), desk.language);
    let mut page = pages::page(&ChatPage {
        title: &words.title.replace("{brand}", &desk.brand),
        brand: &desk.brand,
        channel: &channel,
        words,
        words_json: &serde_json::to_string(words).unwrap_or_default(),
        opens_at: desk.hours.opens_after(parts.clock.now()),
        longest: MAX_TYPED,
        is_framed,
    });
    let by_language = HeaderValue::from_static("accept-language");
    page.headers_mut().insert(header::VARY, by_language);
    page
}

/// The widget's script.
pub(super) async fn widget(State(parts): State<Parts>, headers: HeaderMap) -> Response {
    let Some(channel) = channels(&parts.settings).next() else {
        return no_chat().into_response();
    };
    let desk = desk_of(&parts.engine.rules().rules, channel);
    let words = Words::for_reader(&accept::tags(&headers), desk.language);
    let words = serde_json::json!({
        "open": words.open,
        "close": words.close,
        "news": words.news,
        "language": words.language,
    });
    let script = Widget {
        words_json: &words.to_string(),
        channel_json: &serde_json::json!(channel).to_string(),
    };
    let Ok(script) = script.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::VARY, "accept-language"),
        // It is made to be loaded by other sites.
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    (headers, script).into_response()
}

/// When the desk of a channel opens, if it is closed now.
pub(super) fn opens_at(rules: &Rules, channel: &ChannelName, now: Timestamp) -> Option<Timestamp> {
    desk_of(rules, channel).hours.opens_after(now)
}

fn desk_of(rules: &Rules, channel: &ChannelName) -> Desk {
    let desk = rules.desks.get(&rules.policy(channel).desk);
    desk.cloned().unwrap_or_default()
}

fn no_chat() -> PageError {
    PageError {
        status: StatusCode::NOT_FOUND,
        message: "There is no such chat here.".to_owned(),
    }
}
