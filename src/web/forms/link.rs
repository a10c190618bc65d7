//! The page behind a one-time link. Looking at it uses nothing up, for whoever previews links in a
//! chat looks too; only its button does. A link that is wrong, used, replaced or too old is answered
//! with the same bytes, after the same query.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    cookie::Name,
    limits::FormLimits,
    notices::Notice,
    reader::Reader,
    sheet::{Sheet, Worded},
    wording::Words,
};
use crate::{
    domain::form::Purpose,
    rules::{Desk, Rules, forms::Form},
    settings::ChannelKind,
    store::rows::forms::{FormRequestRow, FormSessionHash, LinkHash},
    web::{Parts, caller::Caller, pages, token::Token},
};

#[derive(Template)]
#[template(path = "forms/link.html")]
struct LinkPage<'a> {
    sheet: Sheet<'a>,
    title: String,
    /// What it is called and why we ask.
    form: Worded<'a>,
    why: Worded<'a>,
    conversation: String,
    asks: Vec<Worded<'a>>,
    stays_open: String,
    genuine_address: String,
}

/// Shows who asks, why, and how to tell that it is they.
pub(super) async fn show(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<FormLimits>>,
    caller: Caller,
    reader: Reader,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let link = hash(token);
    let looked = async {
        let store = parts.engine.store();
        let request = store.form_link(link, parts.clock.now()).await;
        let request = request.map_err(|error| unreadable(&error))?;
        let Some(request) = request else {
            limits.wrong(caller)?;
            return Err(Notice::Gone);
        };
        limits.link(&link)?;
        page(&parts, &reader, &request)
    };
    looked.await.unwrap_or_else(|notice| notice.page(&reader))
}

/// Uses the link up and lets this browser fill the form in.
pub(super) async fn open(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<FormLimits>>,
    caller: Caller,
    reader: Reader,
    headers: HeaderMap,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let link = hash(token);
    let opened = async {
        let own = parts.own_origins();
        own.must_have_sent(&headers).map_err(|_| Notice::Refused)?;
        limits.pressed(caller)?;
        // Without cookies the link would be used up for nothing.
        if !reader.keeps_cookies {
            return Err(Notice::Cookies);
        }
        let session = Token::generate().map_err(|error| {
            tracing::error!(%error, "the operating system gives no random bits");
            Notice::Failed
        })?;
        let opens = parts
            .engine
            .open_form(link, FormSessionHash(session.sha256()))
            .await;
        let Some(request) = opens.map_err(|error| unreadable(&error))? else {
            limits.wrong(caller)?;
            return Err(Notice::Gone);
        };
        let loaded = parts.engine.rules();
        let words = words_for(&reader, &request, &desk_of(&loaded.rules, &request));
        let mut response = Redirect::to(&format!("/form?lang={}", words.language)).into_response();
        let cookie = Name::Session.give(session.reveal(), reader.is_https);
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    };
    opened.await.unwrap_or_else(|notice| notice.page(&reader))
}

fn page(parts: &Parts, reader: &Reader, request: &FormRequestRow) -> Result<Response, Notice> {
    let loaded = parts.engine.rules();
    let rules = &loaded.rules;
    let desk = desk_of(rules, request);
    let words = words_for(reader, request, &desk);
    let sheet = Sheet {
        words,
        brand: Some(&desk.brand),
    };
    let (title, form, why, asks) = match &request.purpose {
        Purpose::Identity(_) => {
            let form = form_of(rules, request).ok_or(Notice::Closed)?;
            let labels = form.fields.iter().map(|field| &field.label);
            let asks = labels.map(|label| Worded::of(label, words)).collect();
            (
                words.identity_title,
                Worded::of(&form.title, words),
                Worded::of(&form.why, words),
                asks,
            )
        }
        Purpose::Details => (
            words.call_title,
            Worded::ours(words.call_form),
            Worded::ours(words.call_why),
            vec![Worded::ours(words.number), Worded::ours(words.ring_at)],
        ),
    };
    let channel = &request.thread.channel;
    let is_chat = parts
        .settings
        .channels
        .get(channel)
        .is_some_and(|channel| channel.kind == ChannelKind::Webchat);
    let channel = if is_chat {
        words.chat
    } else {
        channel.as_str()
    };
    let date = words.day(request.asked_at, desk.hours.zone.clone());
    let conversation = words
        .conversation
        .replace("{channel}", channel)
        .replace("{date}", &date);
    let lasts = words.length(rules.identity.link_lasts);
    let mut response = pages::page(&LinkPage {
        title: sheet.filled(title),
        form,
        why,
        conversation,
        asks,
        stays_open: words.stays_open.replace("{time}", &lasts),
        genuine_address: words.genuine_address.replace("{address}", &reader.address),
        sheet,
    });
    let cookie = Name::Kept.give("1", reader.is_https);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The form of an identity check, if the rules still have it.
pub(super) fn form_of<'a>(rules: &'a Rules, request: &FormRequestRow) -> Option<&'a Form> {
    let Purpose::Identity(name) = &request.purpose else {
        return None;
    };
    let form = rules.forms.iter().find(|form| form.name == *name);
    if form.is_none() {
        tracing::warn!("a customer was asked for a form that the rules file no longer has");
    }
    form
}

/// The desk that asks, as it is now.
pub(super) fn desk_of(rules: &Rules, request: &FormRequestRow) -> Desk {
    rules.desks.get(&request.desk).cloned().unwrap_or_default()
}

/// The page's words.
pub(super) fn words_for(reader: &Reader, request: &FormRequestRow, desk: &Desk) -> &'static Words {
    reader.words(request.language, desk.language)
}

/// What is looked for. A path that is no text is a link that opens nothing.
fn hash(token: Result<Path<String>, PathRejection>) -> LinkHash {
    let token = token.map(|Path(token)| token).unwrap_or_default();
    LinkHash(Token::of_caller(&token).sha256())
}

/// It does not work now; why is in the log.
pub(super) fn unreadable(error: &impl std::fmt::Display) -> Notice {
    tracing::error!(%error, "a customer's form could not be read or kept");
    Notice::Failed
}
