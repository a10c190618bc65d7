//! Business accounts that connect the bot. Anybody can, so one that no admin of ours owns is looked at
//! only once an admin has said that it is ours. What it loses is told, once, and when it is back.

use teloxide::types::{BusinessConnection, InlineKeyboardButton, InlineKeyboardMarkup};

use super::{Question, agents::close, where_admins_are};
use crate::{
    desk::{
        Plain,
        telegram::{
            button::Press,
            draw::Html,
            incoming::{
                Came, Incoming, chat,
                dialogue::{Step, fresh_token},
                person,
                say::Place,
            },
            wording::pairing as words,
        },
    },
    domain::{
        account::Role,
        chat::Network,
        ids::{self, ConnectionId, PersonId, PostId},
        private::Private,
        time::{Length, after},
    },
    engine::{
        EngineError,
        chat::rows::{ConnectionRow, ConnectionState, Directory},
    },
    store::rows::chat::DialogueRow,
};

/// So long an admin can say whether it is ours.
const LASTS: Length = Length::hours(7 * 24);
/// It is.
const OURS: u8 = 0;
/// It is not.
const NOT_OURS: u8 = 1;

/// A connection came, changed or went.
pub(super) async fn changed(
    desk: &Incoming,
    came: &Came<'_>,
    connection: &BusinessConnection,
) -> Result<(), EngineError> {
    let (Ok(id), Some(owner), Ok(private)) = (
        ConnectionId::parse(&connection.id.0),
        person(&connection.user),
        ids::ChatId::parse(&connection.user_chat_id.to_string()),
    ) else {
        return Ok(());
    };
    let directory = desk.engine.directory();
    let before = directory.connection(Network::Telegram, &id).cloned();
    let known = known_of(&directory, &owner);
    let is_admins = came.by.as_ref().is_some_and(|by| by.role == Role::Admin);
    let state = match (&before, known) {
        (Some(before), _) if before.state != ConnectionState::Pending || !is_admins => before.state,
        (None, Some(ConnectionState::Refused)) if !is_admins => ConnectionState::Refused,
        (_, Some(ConnectionState::Accepted)) => ConnectionState::Accepted,
        _ if is_admins => ConnectionState::Accepted,
        _ => ConnectionState::Pending,
    };
    let may_reply = connection
        .rights
        .as_ref()
        .is_some_and(|rights| rights.can_reply);
    let row = ConnectionRow {
        network: Network::Telegram,
        connection: id.clone(),
        person: owner,
        chat: private,
        state,
        is_enabled: connection.is_enabled,
        may_reply,
        at: desk.clock.now(),
    };
    desk.engine.keep_connection(row.clone()).await?;
    let was = before.as_ref().map(|before| before.state);
    if was.is_some_and(|was| was != state) {
        let network = Network::Telegram;
        desk.engine
            .decide_connection(network, id.clone(), state)
            .await?;
    }
    match state {
        ConnectionState::Pending if was.is_none() && row.is_enabled && known.is_none() => {
            ask(desk, connection, id).await
        }
        ConnectionState::Accepted => tell(desk, before.as_ref(), &row).await,
        ConnectionState::Pending | ConnectionState::Refused => Ok(()),
    }
}

/// What was decided of a person's connections so far.
fn known_of(directory: &Directory, owner: &PersonId) -> Option<ConnectionState> {
    let theirs = directory
        .connections
        .iter()
        .filter(|row| row.network == Network::Telegram && row.person == *owner);
    theirs.max_by_key(|row| row.at).map(|row| row.state)
}

/// Tells admins how an account of ours stands now, if it stood otherwise.
async fn tell(
    desk: &Incoming,
    before: Option<&ConnectionRow>,
    now: &ConnectionRow,
) -> Result<(), EngineError> {
    let how = |row: &ConnectionRow| (row.is_enabled, row.may_reply);
    if before.map(how) == Some(how(now)) {
        return Ok(());
    }
    let (sign, words, help) = match how(now) {
        (true, true) => ("✅ ", words::BUSINESS_STANDS, ""),
        (true, false) => ("❗ ", words::BUSINESS_MUTE, words::BUSINESS_MUTE_HELP),
        (false, _) => ("❗ ", words::BUSINESS_LOST, words::BUSINESS_LOST_HELP),
    };
    let mut html = Html::message();
    html.ours(sign).bold(words);
    if !help.is_empty() {
        html.line().ours(help);
    }
    let html = html.finish();
    for chat in where_admins_are(desk).await? {
        desk.tell(Place::private(chat), html.clone()).await;
    }
    Ok(())
}

/// Asks admins whether an account is ours.
async fn ask(
    desk: &Incoming,
    connection: &BusinessConnection,
    id: ConnectionId,
) -> Result<(), EngineError> {
    let user = &connection.user;
    let mut html = Html::message();
    html.ours(words::BUSINESS_QUESTION)
        .ours(" ")
        .within_bold(|html| {
            html.theirs(&Plain::name(&user.full_name()));
        });
    if let Some(username) = &user.username {
        html.ours(" ").theirs(&Plain::name(&format!("@{username}")));
    }
    html.line().ours(words::BUSINESS_QUESTION_HELP);
    let html = html.finish();
    for place in where_admins_are(desk).await? {
        let (Some(token), Some(chat)) = (fresh_token(), chat(place)) else {
            continue;
        };
        let key = |words, choice| {
            InlineKeyboardButton::callback(words, Press::Choice(choice).data(&token))
        };
        let keys = [[key(words::IS_OURS, OURS), key(words::IS_NOT_OURS, NOT_OURS)]];
        let question = Question::Business {
            connection: id.clone(),
        };
        // Made of an id: it can always be written.
        let step = serde_json::to_string(&question).unwrap_or_default();
        let step = Step::Pairing {
            step: Private::new(step),
        };
        let dialogue = DialogueRow {
            token: token.clone(),
            network: Network::Telegram,
            chat,
            person: None,
            post: None,
            thread: None,
            step: step.kept(),
            until: after(desk.clock.now(), LASTS),
        };
        desk.engine.keep_dialogue(dialogue.clone()).await?;
        let keys = InlineKeyboardMarkup::new(keys);
        let asked = desk.say(Place::private(place), html.clone(), Some(keys));
        if let Ok(post) = asked.await {
            let post = PostId::parse(&post.0.to_string()).ok();
            desk.engine
                .keep_dialogue(DialogueRow { post, ..dialogue })
                .await?;
        }
    }
    Ok(())
}

/// An admin has decided.
pub(super) async fn decided(
    desk: &Incoming,
    came: &Came<'_>,
    dialogue: &DialogueRow,
    connection: ConnectionId,
    press: Press,
) -> Result<Option<&'static str>, EngineError> {
    let (state, said) = match press {
        Press::Choice(OURS) => (ConnectionState::Accepted, words::BUSINESS_ACCEPTED),
        Press::Choice(NOT_OURS) => (ConnectionState::Refused, words::BUSINESS_REFUSED),
        _ => return Ok(None),
    };
    let decided = desk
        .once(came, "business")
        .decide_connection(Network::Telegram, connection, state)
        .await;
    match decided {
        Ok(true) => {}
        Ok(false) => return Ok(Some(words::BUSINESS_GONE)),
        Err(error) if error.is_repeated() => {}
        Err(error) => return Err(error),
    }
    close(desk, dialogue, said.to_owned()).await?;
    Ok(Some(said))
}
