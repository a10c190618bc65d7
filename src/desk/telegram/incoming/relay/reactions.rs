//! An agent's reaction to a customer's message: set on the message in the customer's chat, and noted. It
//! counts as no answer.

use teloxide::{
    payloads::SetMessageReaction,
    types::{ChatId, MessageId, MessageReactionUpdated, ReactionType},
};

use crate::{
    desk::telegram::{
        incoming::{Agent, Came, Incoming, chat},
        wording::relay as words,
    },
    domain::{
        chat::{Network, Spot},
        ids::{self, PostId},
        private::Private,
    },
    engine::{EngineError, chat::rows::PostKind},
};

/// Takes it.
pub(super) async fn take(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    reaction: &MessageReactionUpdated,
) -> Result<(), EngineError> {
    let (Some(chat), Ok(post)) = (
        chat(reaction.chat.id),
        PostId::parse(&reaction.message_id.0.to_string()),
    ) else {
        return Ok(());
    };
    let spot = Spot {
        network: Network::Telegram,
        chat,
        post,
    };
    let post = desk.engine.post_at(spot).await?;
    let post = post.filter(|post| post.kind == PostKind::Relayed);
    let Some((thread, message)) = post.and_then(|post| post.thread.zip(post.message)) else {
        return Ok(());
    };
    // The chats of a Business account are closed to the bot in this, and what we said has other ids.
    let (Ok(customer), Ok(message)) = (
        thread.thread.as_str().parse().map(ChatId),
        message.as_str().parse().map(MessageId),
    ) else {
        return Ok(());
    };
    let rules = desk.engine.rules();
    let its = &rules.rules.policy(&thread.channel).desk;
    let its = rules.rules.desks.get(its);
    if !its.is_some_and(|its| its.is_worked_by(&by.account, by.role)) {
        return Ok(());
    }
    let emoji = reaction.new_reaction.iter().find_map(ReactionType::emoji);
    if emoji.is_none() && !reaction.new_reaction.is_empty() {
        // One that only this group has.
        return Ok(());
    }
    let mut set = SetMessageReaction::new(customer, message);
    set.reaction = Some(emoji.into_iter().cloned().map(as_reaction).collect());
    if let Err(error) = desk.bot.ask(set).await {
        tracing::warn!(%error, "a reaction could not be set in a customer's chat");
        return Ok(());
    }
    let note = match emoji {
        Some(emoji) => format!("{} {emoji}", words::REACTED),
        None => words::UNREACTED.to_owned(),
    };
    let Ok(key) = ids::MessageId::parse(&format!("reaction-{}", came.update.id.0)) else {
        return Ok(());
    };
    desk.once(came, "reaction")
        .note(thread, key, by.account.clone(), Private::new(note))
        .await?;
    Ok(())
}

const fn as_reaction(emoji: String) -> ReactionType {
    ReactionType::Emoji { emoji }
}
