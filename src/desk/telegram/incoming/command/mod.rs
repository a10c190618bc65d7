//! Commands: which ones there are, for whom, and what they do. One with another bot's name is not ours,
//! and an edited one does nothing.

mod lists;
mod menu;

use teloxide::types::{Me, Message};

pub(super) use menu::Menus;

use super::{
    Agent, Came, Incoming,
    call::html,
    chat,
    dialogue::{self, Step},
    pairing, relay,
    say::Place,
    watch,
};
use crate::{
    desk::telegram::wording,
    domain::{account::Role, chat::Network},
    engine::EngineError,
    store::rows::{
        Page,
        desk::{QueueView, Sight},
    },
};

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Command {
    Start,
    Agent,
    Link,
    Watch,
    Unwatch,
    Queue,
    Mine,
    HandOver,
    Rules,
    Help,
    Cancel,
}

use Command::{
    Agent as AgentCommand, Cancel, HandOver, Help, Link, Mine, Queue, Rules, Start, Unwatch, Watch,
};

impl Command {
    const ALL: [(Self, &str); 11] = [
        (Queue, "queue"),
        (Mine, "mine"),
        (HandOver, "handover"),
        (Rules, "rules"),
        (Link, "link"),
        (AgentCommand, "agent"),
        (Watch, "watch"),
        (Unwatch, "unwatch"),
        (Cancel, "cancel"),
        (Help, "help"),
        (Start, "start"),
    ];

    fn named(name: &str) -> Option<Self> {
        let of = |(_, other): &&(Self, &str)| *other == name;
        Self::ALL.iter().find(of).map(|(command, _)| *command)
    }

    const fn describes(self) -> &'static str {
        match self {
            Queue => wording::ABOUT_QUEUE,
            Mine => wording::ABOUT_MINE,
            HandOver => wording::ABOUT_HAND_OVER,
            Rules => wording::ABOUT_RULES,
            Link => wording::ABOUT_LINK,
            AgentCommand => wording::ABOUT_AGENT,
            Watch => wording::ABOUT_WATCH,
            Unwatch => wording::ABOUT_UNWATCH,
            Cancel => wording::ABOUT_CANCEL,
            Help => wording::ABOUT_HELP,
            Start => wording::ABOUT_START,
        }
    }

    /// From which role on it is offered. What it may do is checked when it comes.
    const fn from(self) -> Role {
        match self {
            Queue | Mine | HandOver | Link | Cancel | Help | Start => Role::Agent,
            Rules | Watch | Unwatch => Role::Supervisor,
            AgentCommand => Role::Admin,
        }
    }
}

/// What was commanded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commanded<'a> {
    /// `None`: something that we do not know.
    command: Option<Command>,
    arguments: &'a str,
}

/// The command of a message. `Err`: it is for another bot.
pub(super) fn of<'a>(text: &'a str, me: &Me) -> Result<Option<Commanded<'a>>, OthersCommand> {
    let Some(rest) = text.strip_prefix('/') else {
        return Ok(None);
    };
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (named, arguments) = rest.split_at(end);
    let (name, whose) = named
        .split_once('@')
        .map_or((named, None), |(name, whose)| (name, Some(whose)));
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    // `//` begins a note, and `/` alone is a slash.
    if name.is_empty() || !name.chars().all(is_name) {
        return Ok(None);
    }
    let ours = me.user.username.as_deref().unwrap_or_default();
    if whose.is_some_and(|whose| !whose.eq_ignore_ascii_case(ours)) {
        return Err(OthersCommand);
    }
    Ok(Some(Commanded {
        command: Command::named(&name.to_ascii_lowercase()),
        arguments: arguments.trim(),
    }))
}

/// A command for another bot.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OthersCommand;

/// Does what was commanded.
pub(super) async fn commanded(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    commanded: Commanded<'_>,
) -> Result<(), EngineError> {
    let arguments = commanded.arguments;
    match commanded.command {
        // These are anybody's who has a code, or are checked by themselves.
        Some(Start) => return pairing::start(desk, came, message, arguments).await,
        Some(Watch) => return watch::command(desk, came, message, arguments).await,
        Some(Unwatch) => return watch::stop(desk, came, message).await,
        // Customers may read along, and other bots may be meant.
        command if is_among_others(desk, message) => {
            if let Some(by) = came.by.as_ref().filter(|_| command.is_some()) {
                not_here(desk, by).await;
            }
            return Ok(());
        }
        Some(AgentCommand) => return pairing::agent(desk, came, message, arguments).await,
        _ => {}
    }
    let Some(by) = &came.by else {
        refuse(desk, message).await;
        return Ok(());
    };
    match commanded.command {
        Some(Link) => pairing::link(desk, came, message, arguments).await,
        Some(Cancel) => dialogue::cancel(desk, by, message).await,
        Some(HandOver) => hand_over(desk, came, by, message).await,
        Some(Queue) => lists::queue(desk, by, message).await,
        Some(Mine) => lists::mine(desk, by, message).await,
        Some(Rules) => rules(desk, by, message).await,
        Some(Help | Start | AgentCommand | Watch | Unwatch) => {
            desk.tell(Place::under(message), help(by.role)).await;
            Ok(())
        }
        None => {
            desk.tell(Place::under(message), html(wording::UNKNOWN_COMMAND))
                .await;
            Ok(())
        }
    }
}

/// Whether a message stands in a group that is no desk's.
fn is_among_others(desk: &Incoming, message: &Message) -> bool {
    let directory = desk.engine.directory();
    let group = chat(message.chat.id);
    let group = group.and_then(|chat| directory.group(Network::Telegram, &chat));
    !message.chat.is_private() && group.is_none_or(|group| group.desk.is_none())
}

/// Tells an agent, in private alone, where commands are answered.
async fn not_here(desk: &Incoming, by: &Agent) {
    if let Some(place) = desk.in_private(by) {
        desk.tell(place, html(wording::NOT_AMONG_OTHERS)).await;
    }
}

/// Tells a stranger once a day that there is nothing here for them.
async fn refuse(desk: &Incoming, message: &Message) {
    let Some(person) = message.from.as_ref().and_then(super::person) else {
        return;
    };
    if desk.strangers.may_tell(&person, desk.clock.now()) {
        tracing::info!("somebody without an account sent a command in Telegram");
        desk.tell(Place::under(message), html(wording::STRANGER))
            .await;
    }
}

async fn hand_over(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    message: &Message,
) -> Result<(), EngineError> {
    let view = QueueView::Mine(by.account.clone());
    let store = desk.engine.store();
    let mine = store.queue(view, Sight::default(), Page::MOST).await?;
    let here = Place::under(message);
    if mine.total == 0 {
        desk.tell(here, html(wording::NOTHING_TO_HAND_OVER)).await;
        return Ok(());
    }
    // A word for the next shift may be about a customer.
    let place = desk.in_private(by).unwrap_or(here);
    let told = dialogue::open(desk, came, by, None, place, None, Step::HandOver).await?;
    if place.chat != here.chat || told.is_alert() {
        let words = match told.is_alert() {
            true => wording::NOT_REACHED,
            false => wording::ASKED_IN_PRIVATE,
        };
        desk.tell(here, html(words)).await;
    }
    Ok(())
}

async fn rules(desk: &Incoming, by: &Agent, message: &Message) -> Result<(), EngineError> {
    let words = if by.role < Role::Supervisor {
        wording::FOR_SUPERVISORS.to_owned()
    } else {
        let status = desk.engine.rules_status();
        let times = desk.times();
        let failed = status.last_error.as_ref();
        let failed = failed.map(|error| (times.said(error.at), &error.message));
        wording::rules(
            &status.version.0,
            &times.said(status.loaded_at),
            failed
                .as_ref()
                .map(|(at, message)| (at.as_str(), message.as_str())),
        )
    };
    desk.tell(Place::under(message), html(&words)).await;
    Ok(())
}

/// What there is for a role, a line each.
fn help(role: Role) -> String {
    let lines = Command::ALL
        .iter()
        .filter(|(command, _)| *command != Start && command.from() <= role)
        .map(|(command, name)| format!("/{name} · {}", command.describes()));
    let lines: Vec<String> = lines.collect();
    html(&format!(
        "{}\n{}\n{}",
        wording::HELP,
        lines.join("\n"),
        wording::HELP_MORE
    ))
}

/// A command that has no effect because it was edited, and what is no command at all, is the relay's.
pub(super) async fn edited(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
) -> Result<(), EngineError> {
    match message.text().map_or(Ok(None), |text| of(text, came.me)) {
        Ok(None) => relay::edited(desk, came, message).await,
        Ok(Some(_)) | Err(OthersCommand) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn me() -> Me {
        serde_json::from_value(serde_json::json!({
            "id": 1, "is_bot": true, "first_name": "Care", "username": "CareBot",
            "can_join_groups": true, "can_read_all_group_messages": false,
            "supports_inline_queries": false, "has_main_web_app": false,
            "can_connect_to_business": true
        }))
        .unwrap()
    }

    fn read(text: &str) -> Result<Option<(Option<Command>, &str)>, OthersCommand> {
        let read = of(text, &me())?;
        Ok(read.map(|read| (read.command, read.arguments)))
    }

    #[test]
    fn a_command_is_read_with_what_follows() {
        assert_eq!(read("/queue"), Ok(Some((Some(Queue), ""))));
        assert_eq!(read("/Queue@carebot"), Ok(Some((Some(Queue), ""))));
        assert_eq!(read("/start  AB-12 "), Ok(Some((Some(Start), "AB-12"))));
        assert_eq!(read("/link\nkim"), Ok(Some((Some(Link), "kim"))));
        assert_eq!(read("/dance"), Ok(Some((None, ""))));
    }

    #[test]
    fn what_is_no_command_is_left_to_others() {
        for text in [
            "",
            "queue",
            "// a note",
            "/",
            "/ queue",
            "//queue",
            "/über",
            "see /queue",
        ] {
            assert_eq!(read(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn another_bots_command_is_not_ours() {
        assert_eq!(read("/queue@OtherBot"), Err(OthersCommand));
        assert_eq!(read("/dance@OtherBot x"), Err(OthersCommand));
    }

    #[test]
    fn help_tells_each_role_what_it_may_do() {
        let help = |role| super::help(role);
        assert!(help(Role::Agent).contains("/queue"));
        assert!(!help(Role::Agent).contains("/rules"));
        assert!(help(Role::Supervisor).contains("/rules"));
        assert!(help(Role::Supervisor).contains("/watch"));
        assert!(!help(Role::Supervisor).contains("/agent"));
        assert!(help(Role::Admin).contains("/agent"));
    }

    #[test]
    fn telegram_takes_every_command_and_its_description() {
        for (command, name) in Command::ALL {
            assert!((1..=32).contains(&name.len()));
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()));
            assert!(
                (3..=256).contains(&command.describes().chars().count()),
                "{name}"
            );
        }
    }
}
