//! More agents: somebody replies to a colleague's message with `/agent`, and an admin says yes. The
//! account is made with the link, and its name follows the person's.

use serde::{Deserialize, Serialize};
use teloxide::types::{
    ChatId, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageId, User,
};

use super::{Question, bot_name};
use crate::{
    desk::{
        Plain,
        telegram::{
            button::Press,
            draw::Html,
            incoming::{
                Agent, Came, Incoming, chat,
                dialogue::{Step, fresh_token},
                person,
                say::Place,
            },
            wording::pairing as words,
        },
    },
    domain::{
        chat::Network,
        ids::{AccountName, DeskName, PersonId, PostId, ShownName},
        private::Private,
        time::{Length, after},
    },
    engine::{EngineError, chat::rows::PersonRow},
    store::rows::chat::DialogueRow,
};

/// So long an admin can say yes.
const LASTS: Length = Length::hours(24);
/// Yes.
const YES: u8 = 0;
/// No.
const NO: u8 = 1;
/// The longest account name that is made of a person's.
const LONGEST: usize = 40;

/// Who is proposed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Proposed {
    person: PersonId,
    shown: ShownName,
    name: AccountName,
    /// The account is there already: it is only linked.
    exists: bool,
    /// The desk of the group where it was asked.
    desk: Option<DeskName>,
}

/// `/agent`, as a reply to whom it is about.
pub(super) async fn propose(
    desk: &Incoming,
    came: &Came<'_>,
    message: &Message,
    arguments: &str,
) -> Result<(), EngineError> {
    let place = Place::under(message);
    if came.by.is_none() || message.chat.is_private() {
        let refused = match came.by.is_some() {
            true => words::AGENT_IN_GROUP,
            false => words::AGENT_BY_COLLEAGUE,
        };
        let who = message.from.as_ref().and_then(person);
        let now = desk.clock.now();
        if came.by.is_some() || who.is_some_and(|who| desk.strangers.may_tell(&who, now)) {
            desk.tell(place, refused.to_owned()).await;
        }
        return Ok(());
    }
    let about = message.reply_to_message();
    let is_service = about.is_some_and(|about| about.forum_topic_created().is_some());
    let about = about.filter(|about| !is_service && about.sender_chat.is_none());
    let Some(user) = about.and_then(|about| about.from.as_ref()) else {
        desk.tell(place, words::AGENT_IS_REPLY.to_owned()).await;
        return Ok(());
    };
    let Some(who) = person(user).filter(|_| !user.is_bot) else {
        desk.tell(place, words::AGENT_IS_PERSON.to_owned()).await;
        return Ok(());
    };
    let directory = desk.engine.directory();
    if let Some(account) = directory.account(Network::Telegram, &who) {
        desk.tell(place, words::is_agent_already(account)).await;
        return Ok(());
    }
    let Some(shown) = shown_name(user) else {
        return Ok(());
    };
    let name = match arguments.split_whitespace().next() {
        None => account_name(user),
        Some(named) => {
            let named = AccountName::parse(named).ok();
            let known = match &named {
                Some(named) => desk.engine.store().account(named.clone()).await?,
                None => None,
            };
            let Some(known) = known else {
                desk.tell(place, words::NO_SUCH_ACCOUNT.to_owned()).await;
                return Ok(());
            };
            known.name
        }
    };
    let group = chat(message.chat.id);
    let group = group.and_then(|chat| directory.group(Network::Telegram, &chat)?.desk.clone());
    let proposed = Proposed {
        person: who,
        shown,
        name,
        exists: !arguments.trim().is_empty(),
        desk: group,
    };
    ask(desk, place, proposed).await
}

async fn ask(desk: &Incoming, place: Place, proposed: Proposed) -> Result<(), EngineError> {
    let (Some(token), Some(chat)) = (fresh_token(), chat(place.chat)) else {
        return Ok(());
    };
    let mut html = Html::message();
    html.ours(match proposed.exists {
        true => words::LINK_QUESTION,
        false => words::AGENT_QUESTION,
    });
    html.ours(" ").within_bold(|html| {
        html.theirs(&Plain::name(proposed.shown.as_str()));
    });
    html.ours(&words::as_account(&proposed.name));
    html.line().ours(words::ADMIN_CONFIRMS);
    let key =
        |words, choice| InlineKeyboardButton::callback(words, Press::Choice(choice).data(&token));
    let keys = InlineKeyboardMarkup::new([[key(words::YES, YES), key(words::NO, NO)]]);
    // Made of ids and a name: it can always be written.
    let step = serde_json::to_string(&Question::Agent(proposed)).unwrap_or_default();
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
    if let Ok(post) = desk.say(place, html.finish(), Some(keys)).await {
        let post = PostId::parse(&post.0.to_string()).ok();
        desk.engine
            .keep_dialogue(DialogueRow { post, ..dialogue })
            .await?;
    }
    Ok(())
}

/// An admin has decided.
pub(super) async fn decided(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    dialogue: &DialogueRow,
    proposed: Proposed,
    press: Press,
) -> Result<Option<&'static str>, EngineError> {
    let Proposed {
        person,
        shown,
        name,
        exists,
        desk: of,
    } = proposed;
    if press == Press::Choice(NO) {
        close(desk, dialogue, words::REFUSED.to_owned()).await?;
        return Ok(Some(words::REFUSED));
    }
    if press != Press::Choice(YES) {
        return Ok(None);
    }
    let engine = desk.once(came, "agent");
    let account = match exists {
        true => {
            let row = PersonRow {
                network: Network::Telegram,
                person: person.clone(),
                account: name.clone(),
                writable: false,
                at: desk.clock.now(),
            };
            engine
                .link_person(row, by.account.clone())
                .await
                .map(|()| name)
        }
        false => {
            let network = Network::Telegram;
            engine
                .add_agent(
                    network,
                    person.clone(),
                    name,
                    shown.clone(),
                    by.account.clone(),
                )
                .await
        }
    };
    let account = match account {
        // Cut off before it was said.
        Err(error) if error.is_repeated() => {
            let directory = desk.engine.directory();
            let account = directory.account(Network::Telegram, &person).cloned();
            let Some(account) = account else {
                return Ok(None);
            };
            account
        }
        account => account?,
    };
    let mut html = Html::message();
    html.ours("✅ ").within_bold(|html| {
        html.theirs(&Plain::name(shown.as_str()));
    });
    html.ours(&words::is_now(&account));
    if lists_members(desk, of.as_ref(), &account) {
        html.line().ours(&words::not_a_member(&account));
    }
    let url = words::private_chat(bot_name(came.me));
    html.line()
        .ours(words::NEW_AGENT)
        .ours(" ")
        .link(&url, &url);
    close(desk, dialogue, html.finish()).await?;
    Ok(Some(words::DONE))
}

/// Whether the desk's members are listed and this account is not among them.
fn lists_members(desk: &Incoming, of: Option<&DeskName>, account: &AccountName) -> bool {
    let rules = desk.engine.rules();
    let its = of.and_then(|of| rules.rules.desks.get(of));
    its.is_some_and(|its| !its.members.is_empty() && !its.members.contains(account))
}

/// The question says what came of it.
pub(super) async fn close(
    desk: &Incoming,
    dialogue: &DialogueRow,
    html: String,
) -> Result<(), EngineError> {
    desk.engine.end_dialogue(dialogue.token.clone()).await?;
    let chat = dialogue.chat.as_str().parse().map(ChatId);
    let post = dialogue
        .post
        .as_ref()
        .and_then(|post| post.as_str().parse().ok());
    if let (Ok(chat), Some(post)) = (chat, post) {
        let changed = desk.change(chat, MessageId(post), html, None).await;
        if let Err(error) = changed {
            tracing::debug!(%error, "a question in Telegram could not be closed");
        }
    }
    Ok(())
}

/// A person's name as colleagues see it.
pub(super) fn shown_name(user: &User) -> Option<ShownName> {
    let full = match &user.last_name {
        Some(last) => format!("{} {last}", user.first_name),
        None => user.first_name.clone(),
    };
    let full = Plain::new(&full, LONGEST);
    let name = ShownName::parse(full.as_str()).ok();
    // In a script of four bytes a letter it may be too long.
    name.or_else(|| ShownName::parse(account_name(user).as_str()).ok())
}

/// An account's name for a person: their username, else their name as far as it is in plain letters,
/// else their number.
fn account_name(user: &User) -> AccountName {
    let username = user.username.as_deref().map(plain);
    let name = username.filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| plain(&user.first_name));
    let name = match name.is_empty() {
        true => format!("agent-{}", user.id),
        false => name,
    };
    AccountName::parse(&name).unwrap_or_else(|_| crate::domain::account::first_account().0)
}

fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let letters = lower.chars().map(|letter| match letter {
        ' ' => '-',
        other => other,
    });
    let is_plain =
        |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let plain: String = letters.filter(is_plain).take(LONGEST).collect();
    plain.trim_matches(['-', '.', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use teloxide::types::{User, UserId};

    use super::{account_name, shown_name};

    fn user(username: Option<&str>, first: &str, last: Option<&str>) -> User {
        User {
            id: UserId(77),
            is_bot: false,
            first_name: first.to_owned(),
            last_name: last.map(str::to_owned),
            username: username.map(str::to_owned),
            language_code: None,
            is_premium: false,
            added_to_attachment_menu: false,
        }
    }

    #[test]
    fn an_account_is_named_after_its_person() {
        let named = |user: &User| account_name(user).to_string();
        assert_eq!(named(&user(Some("Kim_Doe"), "Kim", None)), "kim_doe");
        assert_eq!(named(&user(None, "Anna Maria", None)), "anna-maria");
        assert_eq!(named(&user(None, "Ляна", None)), "agent-77");
        assert_eq!(named(&user(Some("___"), "--", None)), "agent-77");
    }

    #[test]
    fn a_person_is_shown_by_their_whole_name() {
        let shown = |user: &User| shown_name(user).unwrap().to_string();
        assert_eq!(shown(&user(None, "Kim", Some("Doe"))), "Kim Doe");
        assert_eq!(shown(&user(None, "Kim\u{202e}\nDoe", None)), "Kim Doe");
        assert_eq!(shown(&user(Some("kim"), &"𝕂".repeat(64), None)), "kim");
        assert_eq!(shown(&user(None, "\u{200b}", None)), "agent-77");
    }
}
