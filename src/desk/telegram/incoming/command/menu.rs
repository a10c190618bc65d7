//! Which commands Telegram offers where: none to customers, the desk's in its group, in private what each
//! role may do. Set again whenever who is who has changed.

use std::sync::{Arc, Mutex, PoisonError};

use teloxide::{
    payloads::{DeleteMyCommands, SetMyCommands},
    types::{BotCommand, BotCommandScope, ChatId, Recipient},
};

use super::Command;
use crate::{
    channels::telegram::Failure,
    desk::telegram::incoming::Incoming,
    domain::{account::Role, chat::Network},
    engine::EngineError,
    store::rows::{account::AccountRow, chat::Directory},
};

/// For whom commands were set last.
#[derive(Debug, Default)]
pub(in crate::desk::telegram::incoming) struct Menus(Mutex<Last>);

#[derive(Debug, Default)]
struct Last {
    directory: Option<Arc<Directory>>,
    /// What was offered, if it could be.
    offered: Vec<Offer>,
}

impl Menus {
    fn are_for(&self, directory: &Arc<Directory>) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.directory
            .as_ref()
            .is_some_and(|last| Arc::ptr_eq(last, directory))
    }

    /// For whom they were before.
    fn set(&self, directory: Arc<Directory>) -> Option<Arc<Directory>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.directory.replace(directory)
    }

    /// Whether just this is offered already: who is who is read anew every minute.
    fn offer(&self, offers: &[Offer]) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.offered == offers
    }

    /// What is offered from now on.
    fn offered(&self, offers: Vec<Offer>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.offered = offers;
    }
}

impl Incoming {
    /// Offers the commands, if who is who has changed since they were offered. What fails is offered
    /// again after the next change or start: a command that is not offered can be typed.
    pub(in crate::desk::telegram::incoming) async fn offer_commands(
        &self,
    ) -> Result<(), EngineError> {
        let directory = self.engine.directory();
        if self.menus.are_for(&directory) {
            return Ok(());
        }
        let before = self.menus.set(Arc::clone(&directory));
        let accounts = self.engine.store().accounts().await?;
        let offered = offers(&directory, before.as_deref(), &accounts);
        if self.menus.offer(&offered) {
            return Ok(());
        }
        match self.offer(&offered).await {
            Ok(()) => self.menus.offered(offered),
            Err(error) => {
                self.menus.offered(Vec::new());
                tracing::warn!(%error, "the commands could not be offered in Telegram");
            }
        }
        Ok(())
    }

    async fn offer(&self, offers: &[Offer]) -> Result<(), Failure> {
        for Offer { scope, commands } in offers {
            let (scope, commands) = (scope.clone(), commands.clone());
            let set = match commands.is_empty() {
                true => {
                    let mut payload = DeleteMyCommands::new();
                    payload.scope = Some(scope);
                    self.bot.ask(payload).await
                }
                false => {
                    let mut payload = SetMyCommands::new(commands);
                    payload.scope = Some(scope);
                    self.bot.ask(payload).await
                }
            };
            match set {
                // Of one chat alone.
                Ok(_) | Err(Failure::ChatGone | Failure::Blocked | Failure::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Which commands are offered somewhere; none: they are taken away.
#[derive(Debug, PartialEq, Eq)]
struct Offer {
    scope: BotCommandScope,
    commands: Vec<BotCommand>,
}

/// What is to be offered now, where it is to be taken away that was offered before.
fn offers(
    directory: &Directory,
    before: Option<&Directory>,
    accounts: &[AccountRow],
) -> Vec<Offer> {
    let mut offers = vec![Offer {
        scope: BotCommandScope::Default,
        commands: Vec::new(),
    }];
    let now = chats(directory, accounts);
    let gone = before
        .map(|before| chats(before, accounts))
        .unwrap_or_default();
    let gone = gone
        .into_iter()
        .filter(|(chat, _)| now.iter().all(|(other, _)| other != chat));
    offers.extend(gone.map(|(chat, _)| offer(chat, Vec::new())));
    offers.extend(
        now.iter()
            .map(|(chat, role)| offer(*chat, commands(*role, chat.0 < 0))),
    );
    offers
}

/// Desks' groups and persons whom the bot may write to, each with a role.
fn chats(directory: &Directory, accounts: &[AccountRow]) -> Vec<(ChatId, Role)> {
    let groups = directory
        .groups
        .iter()
        .filter(|group| group.network == Network::Telegram && group.lost_at.is_none())
        .filter(|group| group.desk.is_some())
        .filter_map(|group| Some((chat(group.chat.as_str())?, Role::Agent)));
    let people = directory
        .people
        .iter()
        .filter(|person| person.network == Network::Telegram && person.writable)
        .filter_map(|person| {
            let is_theirs = |account: &&AccountRow| {
                account.name == person.account && account.disabled_at.is_none()
            };
            let account = accounts.iter().find(is_theirs)?;
            Some((chat(person.person.as_str())?, account.role))
        });
    groups.chain(people).collect()
}

fn chat(id: &str) -> Option<ChatId> {
    id.parse().ok().map(ChatId)
}

fn offer(chat: ChatId, commands: Vec<BotCommand>) -> Offer {
    let scope = BotCommandScope::Chat {
        chat_id: Recipient::Id(chat),
    };
    Offer { scope, commands }
}

/// In a group those of agents, and what only makes sense there.
fn commands(role: Role, is_group: bool) -> Vec<BotCommand> {
    let is_offered = |command: Command| match command {
        Command::Start | Command::Watch | Command::Unwatch => false,
        Command::Agent => is_group,
        Command::Link => is_group || role >= command.from(),
        other => role >= other.from(),
    };
    Command::ALL
        .into_iter()
        .filter(|(command, _)| is_offered(*command))
        .map(|(command, name)| BotCommand::new(name, command.describes()))
        .collect()
}

#[cfg(test)]
mod tests;
