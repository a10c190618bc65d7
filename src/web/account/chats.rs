//! Which chats and persons of Telegram are whose: groups of desks, identities of accounts, Business
//! accounts. All of it for admins; their own identities for everybody.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{Redirect, Response},
};
use serde::Deserialize;

use super::session::{Nothing, SignedForm, SignedIn, failed};
use crate::{
    domain::{
        account::Role,
        chat::Network,
        ids::{AccountName, ChatId, ConnectionId, DeskName, PersonId},
    },
    engine::chat::{
        PairingCode,
        rows::{ConnectionRow, ConnectionState, Directory, GroupRow, PersonRow},
    },
    web::{
        Parts,
        desk::frame,
        pages::{Frame, PageError, Section, Told, Tone, page},
    },
};

#[derive(Template)]
#[template(path = "account/chats.html")]
struct ChatsPage<'a> {
    frame: Frame,
    has_bot: bool,
    desks: Vec<DeskLine<'a>>,
    people: Vec<&'a PersonRow>,
    connections: Vec<ConnectionLine<'a>>,
}

/// A desk and its group.
struct DeskLine<'a> {
    name: &'a DeskName,
    group: Option<&'a GroupRow>,
}

/// A Business account, and what can be said of it.
struct ConnectionLine<'a> {
    row: &'a ConnectionRow,
    whose: &'a str,
    state: &'static str,
    is_good: bool,
    may_accept: bool,
    may_refuse: bool,
}

impl<'a> ConnectionLine<'a> {
    fn new(row: &'a ConnectionRow, directory: &'a Directory) -> Self {
        let account = directory.account(row.network, &row.person);
        let (state, is_good) = match (row.state, row.is_enabled, row.may_reply) {
            (ConnectionState::Pending, ..) => ("is it yours?", false),
            (ConnectionState::Refused, ..) => ("not yours", false),
            (ConnectionState::Accepted, false, _) => ("has taken the bot away", false),
            (ConnectionState::Accepted, true, false) => ("does not let the bot answer", false),
            (ConnectionState::Accepted, true, true) => ("connected", true),
        };
        Self {
            row,
            whose: account.map_or("Somebody without an account here", AccountName::as_str),
            state,
            is_good,
            may_accept: row.state != ConnectionState::Accepted,
            may_refuse: row.state != ConnectionState::Refused,
        }
    }
}

#[derive(Template)]
#[template(path = "account/chat_code.html")]
struct CodePage<'a> {
    frame: Frame,
    by: &'a AccountName,
    desk: Option<&'a DeskName>,
    code: &'a str,
    link: Option<String>,
}

/// What the page before says was done.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

impl Said {
    fn told(&self) -> Option<Told> {
        let words = match self.said.as_deref()? {
            "unpaired" => "The desk has no group any more.",
            "unlinked" => "That person is nobody’s any more.",
            "ours" => "It is yours: what customers write there counts from now on.",
            "not-ours" => "It is not yours: nothing in its chats is looked at.",
            "gone" => return Some(Told::new(Tone::Bad, "It was gone before.")),
            _ => return None,
        };
        Some(Told::new(Tone::Good, words))
    }
}

/// `GET /chats`
pub(super) async fn list(
    State(parts): State<Parts>,
    Query(said): Query<Said>,
    by: SignedIn,
) -> Result<Response, PageError> {
    by.must_be(Role::Admin)?;
    let directory = parts.engine.directory();
    let rules = parts.engine.rules();
    let desks = rules.rules.desks.keys().map(|name| DeskLine {
        name,
        group: directory.group_of(Network::Telegram, name),
    });
    let mut people: Vec<&PersonRow> = directory.people.iter().collect();
    people.sort_by(|one, other| one.account.cmp(&other.account));
    let connections = directory.connections.iter();
    Ok(page(&ChatsPage {
        frame: frame(&parts, &by, Section::Accounts)
            .await?
            .telling(said.told()),
        has_bot: parts.settings.telegram.is_some(),
        desks: desks.collect(),
        people,
        connections: connections
            .map(|row| ConnectionLine::new(row, &directory))
            .collect(),
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeForm {
    desk: String,
}

/// `POST /chats/code`: a code that makes a group a desk's.
pub(super) async fn make_code(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<CodeForm>,
) -> Result<Response, PageError> {
    by.must_be(Role::Admin)?;
    let desk = DeskName::parse(&form.desk).map_err(|_| PageError::not_found())?;
    if !parts.engine.rules().rules.desks.contains_key(&desk) {
        return Err(PageError::not_found());
    }
    code_page(&parts, &by, Section::Accounts, Some(desk)).await
}

/// `POST /account/telegram`: a code that links whoever uses it to the own account.
pub(super) async fn link(
    State(parts): State<Parts>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Response, PageError> {
    by.session()?;
    code_page(&parts, &by, Section::Account, None).await
}

async fn code_page(
    parts: &Parts,
    by: &SignedIn,
    section: Section,
    desk: Option<DeskName>,
) -> Result<Response, PageError> {
    let code = PairingCode::generate().map_err(failed)?;
    let made = parts
        .engine
        .make_code(code.hash(), by.name.clone(), desk.clone());
    made.await.map_err(failed)?;
    let parameter = match desk {
        Some(_) => "startgroup",
        None => "start",
    };
    let bot = parts.engine.bot_name();
    Ok(page(&CodePage {
        frame: frame(parts, by, section).await?,
        by: &by.name,
        desk: desk.as_ref(),
        code: code.reveal(),
        link: bot.map(|bot| format!("https://t.me/{bot}?{parameter}={}", code.reveal())),
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnpairForm {
    chat: String,
}

/// `POST /chats/unpair`
pub(super) async fn unpair(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<UnpairForm>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let chat = ChatId::parse(&form.chat).map_err(|_| PageError::not_found())?;
    let was = parts.engine.drop_group(Network::Telegram, chat, by.name);
    Ok(back(was.await.map_err(failed)?, "/chats", "unpaired"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlinkForm {
    person: String,
}

impl UnlinkForm {
    fn person(&self) -> Result<PersonId, PageError> {
        PersonId::parse(&self.person).map_err(|_| PageError::not_found())
    }
}

/// `POST /chats/unlink`
pub(super) async fn unlink(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<UnlinkForm>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let (network, person) = (Network::Telegram, form.person()?);
    let was = parts.engine.unlink_person(network, person, by.name).await;
    Ok(back(was.map_err(failed)?, "/chats", "unlinked"))
}

/// `POST /account/telegram/unlink`: one of the own identities.
pub(super) async fn unlink_own(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<UnlinkForm>,
) -> Result<Redirect, PageError> {
    by.session()?;
    let (network, person) = (Network::Telegram, form.person()?);
    let directory = parts.engine.directory();
    if directory.account(network, &person) != Some(&by.name) {
        return Err(PageError::not_found());
    }
    let was = parts.engine.unlink_person(network, person, by.name).await;
    Ok(back(was.map_err(failed)?, "/account", "unlinked"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessForm {
    connection: String,
    ours: bool,
}

/// `POST /chats/business`
pub(super) async fn decide(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<BusinessForm>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let connection = ConnectionId::parse(&form.connection).map_err(|_| PageError::not_found())?;
    let (state, said) = match form.ours {
        true => (ConnectionState::Accepted, "ours"),
        false => (ConnectionState::Refused, "not-ours"),
    };
    let decided = parts
        .engine
        .decide_connection(Network::Telegram, connection, state);
    Ok(back(decided.await.map_err(failed)?, "/chats", said))
}

fn back(was: bool, page: &str, said: &str) -> Redirect {
    let said = if was { said } else { "gone" };
    Redirect::to(&format!("{page}?said={said}"))
}
