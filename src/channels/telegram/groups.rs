//! Gives to the engine what is said in watched groups, each message in the threads that it belongs to.
//! Asks Telegram who runs a group; while that is not known, nobody there is taken for a customer.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;
use teloxide::{
    payloads::GetChatAdministrators,
    types::{self, ChatMemberUpdated, Message, Update, UpdateKind, User},
};

use super::{
    Failure, Parts,
    bot::ANSWER_WITHIN,
    normalise::{
        Around, Nothing, change_of,
        group::{Staff, Talk, chat_of, handle, person, talk},
    },
};
use crate::{
    domain::{
        chat::{Network, Spot},
        edit::Edit,
        group::{Lead, Named, Whose, each_once},
        ids::{self, ChannelName, MessageId, PersonId, PostId},
        time::{Length, Timestamp, more_than},
    },
    engine::{
        SubmitError,
        chat::{InGroup, rows::Trace},
    },
    settings::ChannelKind,
};

/// So long it is believed who a group's administrators are. Telegram tells when one comes or goes.
const BELIEVED: Length = Length::minutes(10);
/// When to ask again who is staff, where Telegram did not say.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Who runs the groups that are watched, as Telegram said last.
#[derive(Debug, Default)]
pub struct Roster(Mutex<HashMap<i64, Run>>);

/// Who runs a group.
#[derive(Debug, Clone)]
struct Run {
    staff: Staff,
    at: Timestamp,
}

impl Roster {
    fn known(&self, group: types::ChatId) -> Option<Run> {
        let groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.get(&group.0).cloned()
    }

    fn keep(&self, group: types::ChatId, run: Run) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.insert(group.0, run);
    }

    /// Telegram is asked again before the next message.
    fn doubt(&self, group: types::ChatId) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.remove(&group.0);
    }
}

/// Messages of watched groups that came one after the other.
#[derive(Default)]
pub(super) struct Waiting(Vec<InGroup>);

impl Waiting {
    /// Has them taken, all in one.
    pub(super) async fn submit(&mut self, parts: &Parts) -> Result<(), SubmitError> {
        let said = std::mem::take(&mut self.0);
        parts.engine.submit_of_groups(said).await.map(drop)
    }
}

/// Takes an update of a watched group; a message waits for those that follow it. `Err(Ok(…))`: there is
/// nothing to take in it.
pub(super) async fn take(
    parts: &Parts,
    around: Around<'_>,
    update: &Update,
    waiting: &mut Waiting,
) -> Result<Result<(), Nothing>, SubmitError> {
    let Some(channel) = parts.settings.channel_of(ChannelKind::TelegramGroup) else {
        return Ok(Err(Nothing::NoChannel));
    };
    match &update.kind {
        UpdateKind::Message(message) => said(parts, around, channel, message, waiting).await,
        UpdateKind::EditedMessage(message) => {
            waiting.submit(parts).await?;
            edited(parts, around, channel, update, message, waiting).await
        }
        UpdateKind::ChatMember(change) => {
            parts.roster.doubt(change.chat.id);
            Ok(Ok(()))
        }
        UpdateKind::MyChatMember(change) => membership(parts, change).await.map(Ok),
        _ => Ok(Err(Nothing::Silent)),
    }
}

async fn said(
    parts: &Parts,
    around: Around<'_>,
    channel: &ChannelName,
    message: &Message,
    waiting: &mut Waiting,
) -> Result<Result<(), Nothing>, SubmitError> {
    if let Some(to) = message.migrate_to_chat_id() {
        return moved(parts, message.chat.id, *to).await.map(Ok);
    }
    let Some(staff) = staff(parts, around, message.chat.id).await? else {
        return Ok(Err(Nothing::NoCustomer));
    };
    let talk = match talk(message, &staff, around) {
        Ok(talk) => talk,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let customers = customers(parts, &talk, waiting).await?;
    if customers.is_empty() {
        return Ok(Err(Nothing::NoCustomer));
    }
    for customer in customers {
        match talk.with(message, &customer, channel, around) {
            Ok(in_group) => waiting.0.push(in_group),
            Err(nothing) => return Ok(Err(nothing)),
        }
    }
    Ok(Ok(()))
}

/// The customers in whose threads a message is. What only the database tells is asked of it after all
/// that came before is there.
async fn customers(
    parts: &Parts,
    talk: &Talk,
    waiting: &mut Waiting,
) -> Result<Vec<PersonId>, SubmitError> {
    match talk.said.whose() {
        Whose::Nobodys => Ok(Vec::new()),
        Whose::Own(person) => Ok(vec![person]),
        Whose::OwnUnless(person, handles) => {
            waiting.submit(parts).await?;
            for handle in handles {
                let named = Named::Handle(handle);
                if called(parts, talk, &named).await?.is_none() {
                    return Ok(vec![person]);
                }
            }
            Ok(Vec::new())
        }
        Whose::Led(leads) => {
            for lead in &leads {
                if !matches!(lead, Lead::To(_)) {
                    waiting.submit(parts).await?;
                }
                let people = follow(parts, talk, lead).await?;
                if !people.is_empty() {
                    return Ok(each_once(people));
                }
            }
            Ok(Vec::new())
        }
    }
}

/// The customers to whom something leads.
async fn follow(parts: &Parts, talk: &Talk, lead: &Lead) -> Result<Vec<PersonId>, SubmitError> {
    match lead {
        Lead::To(person) => Ok(vec![person.clone()]),
        Lead::SameAs(post) => {
            let spot = Spot {
                network: Network::Telegram,
                chat: talk.room.chat.clone(),
                post: post.clone(),
            };
            let threads = parts.engine.group_threads_of(spot).await?;
            Ok(threads.into_iter().map(|(_, person)| person).collect())
        }
        Lead::Named(named) => {
            let mut people = Vec::new();
            for whom in named {
                people.extend(called(parts, talk, whom).await?);
            }
            Ok(people)
        }
        Lead::AloneInTopic => {
            let alone = parts.engine.alone_in_topic(talk.room.clone()).await?;
            Ok(alone.into_iter().collect())
        }
    }
}

/// The customer who is named so.
async fn called(parts: &Parts, talk: &Talk, whom: &Named) -> Result<Option<PersonId>, SubmitError> {
    match whom {
        Named::Customer(person) => Ok(Some(person.clone())),
        Named::Ours => Ok(None),
        Named::Handle(handle) => {
            let chat = talk.room.chat.clone();
            let network = Network::Telegram;
            let member = parts.engine.member_called(network, chat, handle.clone());
            Ok(member.await?)
        }
    }
}

/// Takes an edit in every thread that the message is in. One that is in none may have said nothing to
/// anybody before: what it says now is the message.
async fn edited(
    parts: &Parts,
    around: Around<'_>,
    channel: &ChannelName,
    update: &Update,
    message: &Message,
    waiting: &mut Waiting,
) -> Result<Result<(), Nothing>, SubmitError> {
    if message.location().is_some() {
        return Ok(Err(Nothing::Silent));
    }
    let (Some(spot), Ok(edit)) = (spot(message), change_of(update.id, message.id)) else {
        return Ok(Err(Nothing::Silent));
    };
    let threads = parts.engine.group_threads_of(spot).await?;
    if threads.is_empty() {
        return said(parts, around, channel, message, waiting).await;
    }
    let edits = threads.into_iter().filter_map(|(thread, person)| {
        // Who wrote it does not matter any more.
        let talk = talk(message, &Staff::default(), around).ok()?;
        let now = talk.with(message, &person, channel, around).ok()?.message;
        let at = message.edit_date().map_or(around.now, |date| {
            Timestamp::from_second(date.timestamp()).map_or(around.now, |at| at.min(around.now))
        });
        Some(Edit {
            thread,
            message: MessageId::parse(&message.id.to_string()).ok()?,
            edit: edit.clone(),
            text: now.text,
            at,
        })
    });
    parts.engine.edit(edits.collect()).await?;
    Ok(Ok(()))
}

fn spot(message: &Message) -> Option<Spot> {
    Some(Spot {
        network: Network::Telegram,
        chat: chat_of(message)?,
        post: PostId::parse(&message.id.to_string()).ok()?,
    })
}

/// The bot was taken out of a group, or is back; or may see who runs it now.
async fn membership(parts: &Parts, change: &ChatMemberUpdated) -> Result<(), SubmitError> {
    parts.roster.doubt(change.chat.id);
    let Ok(chat) = ids::ChatId::parse(&change.chat.id.to_string()) else {
        return Ok(());
    };
    let network = Network::Telegram;
    if change.new_chat_member.is_present() {
        parts.engine.group_is_back(network, chat).await?;
    } else {
        tracing::warn!("the bot was taken out of a group that it watches");
        let lost = Trace::GroupLost { network, chat };
        parts.engine.keep_traces(vec![lost]).await?;
    }
    Ok(())
}

/// A group became a supergroup, which has another id.
async fn moved(parts: &Parts, from: types::ChatId, to: types::ChatId) -> Result<(), SubmitError> {
    let as_kept = |id: types::ChatId| ids::ChatId::parse(&id.to_string());
    if let (Ok(from), Ok(to)) = (as_kept(from), as_kept(to)) {
        let network = Network::Telegram;
        let moved = Trace::GroupMoved { network, from, to };
        parts.engine.keep_traces(vec![moved]).await?;
    }
    Ok(())
}

/// Who of a group is ours: the settings' staff, else its administrators; and whoever has an account.
/// `None` if that will never be known.
///
/// # Errors
/// When it is not known yet: nothing of the group can be taken before.
async fn staff(
    parts: &Parts,
    around: Around<'_>,
    group: types::ChatId,
) -> Result<Option<Staff>, SubmitError> {
    let listed = parts.settings.telegram.as_ref().map(|bot| &bot.staff);
    let mut staff = match listed {
        Some(listed) if !listed.is_empty() => Staff {
            people: listed.iter().cloned().collect(),
            ..Staff::default()
        },
        _ => match administrators(parts, around.now, group).await? {
            Some(staff) => staff,
            None => return Ok(None),
        },
    };
    let people = around.directory.people.iter();
    let ours = people.filter(|row| row.network == Network::Telegram);
    staff.people.extend(ours.map(|row| row.person.clone()));
    Ok(Some(staff))
}

async fn administrators(
    parts: &Parts,
    now: Timestamp,
    group: types::ChatId,
) -> Result<Option<Staff>, SubmitError> {
    let known = parts.roster.known(group);
    if let Some(run) = &known
        && !more_than(BELIEVED, run.at, now)
    {
        return Ok(Some(run.staff.clone()));
    }
    let asked = GetChatAdministrators::new(group);
    let asked = parts.bot.ask_as::<_, Vec<Value>>(asked, ANSWER_WITHIN);
    match asked.await {
        Ok(members) => {
            // Of what they may do there nothing matters here, and what is not known of it must not hold
            // everything up.
            let users = members.iter().filter_map(|member| member.get("user"));
            let users: Vec<User> = users
                .filter_map(|user| User::deserialize(user).ok())
                .collect();
            let users = users.iter().filter(|user| !user.is_bot);
            let staff = Staff {
                people: users.clone().filter_map(person).collect(),
                handles: users.filter_map(handle).collect(),
            };
            let run = Run {
                staff: staff.clone(),
                at: now,
            };
            parts.roster.keep(group, run);
            Ok(Some(staff))
        }
        Err(failure) => {
            tracing::warn!(%failure, "Telegram does not say who runs a group that is watched");
            match known {
                // They seldom change.
                Some(run) => Ok(Some(run.staff)),
                None if is_for_good(&failure) => Ok(None),
                None => Err(SubmitError::Busy {
                    retry_after: retry_after(&failure),
                }),
            }
        }
    }
}

/// Whether asking again will not help.
const fn is_for_good(failure: &Failure) -> bool {
    match failure {
        Failure::Later(_)
        | Failure::Conflict
        | Failure::WebhookSet
        | Failure::WrongToken
        | Failure::Unreachable
        | Failure::Unknown => false,
        Failure::Blocked
        | Failure::ChatGone
        | Failure::TopicGone
        | Failure::TopicClosed
        | Failure::Moved(_)
        | Failure::NotModified
        | Failure::MessageGone
        | Failure::QueryGone
        | Failure::RightMissing
        | Failure::Refused(_) => true,
    }
}

const fn retry_after(failure: &Failure) -> Duration {
    match failure {
        Failure::Later(wait) => *wait,
        _ => ASK_AGAIN,
    }
}
