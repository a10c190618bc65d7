//! What people read about who is who: codes, accounts, Business accounts.

use crate::domain::{
    account::Role,
    ids::{AccountName, DeskName},
};

// Codes.

/// Somebody who writes as the group itself.
pub(in crate::desk::telegram) const ANONYMOUS: &str = "You write as the group, so I cannot tell who you are. Turn “Remain anonymous” off and send it again.";
/// The code is wrong.
pub(in crate::desk::telegram) const UNKNOWN_CODE: &str =
    "I do not know this code. Each works once, within an hour: ask an admin for a new one.";
/// Too many wrong ones.
pub(in crate::desk::telegram) const TOO_MANY_GUESSES: &str =
    "Too many codes in a short time. Try again in an hour.";
/// The code is for a group.
pub(in crate::desk::telegram) const WANTS_GROUP: &str =
    "This code makes a group the place where a desk works. Add me to that group with this link:";
/// After a group was paired.
pub(in crate::desk::telegram) const MORE_AGENTS: &str =
    "To let a colleague work here, reply to a message of theirs with /agent.";
/// The bot may not write first.
pub(in crate::desk::telegram) const OPEN_PRIVATE: &str =
    "Open a chat with me, so that I can send you numbers to ring in private:";
/// They did.
pub(in crate::desk::telegram) const OPENED: &str =
    "Good: I can write to you here now. Numbers to ring come here when you claim a callback. /help";

// What the bot lacks in a group.

/// Privacy mode, and no administrator.
pub(in crate::desk::telegram) const SEES_NOTHING: &str = "Make me an administrator, with the rights to \
     manage topics and to pin messages: else I do not see what you answer here.";
/// No administrator.
pub(in crate::desk::telegram) const NO_ADMIN: &str = "Make me an administrator, with the rights to manage \
     topics and to pin messages: then I see your reactions, and can give each customer a topic.";
/// No right to make topics.
pub(in crate::desk::telegram) const NO_TOPICS_RIGHT: &str =
    "Give me the right to manage topics: then each customer has one of their own.";
/// No right to pin.
pub(in crate::desk::telegram) const NO_PIN_RIGHT: &str =
    "Give me the right to pin messages: then the queue card stands on top when many wait.";
/// No topics.
pub(in crate::desk::telegram) const NO_FORUM: &str = "Turn Topics on in the group's settings: then each \
     customer has one of their own. Without, answer a customer by replying to their message.";

// Agents.

/// In private.
pub(in crate::desk::telegram) const AGENT_IN_GROUP: &str =
    "Send /agent in your desk's group, as a reply to a message of your colleague's.";
/// By nobody.
pub(in crate::desk::telegram) const AGENT_BY_COLLEAGUE: &str =
    "You have no account here. A colleague who has one can reply to you with /agent.";
/// Not as a reply.
pub(in crate::desk::telegram) const AGENT_IS_REPLY: &str =
    "Send /agent as a reply to a message of whoever is to become an agent.";
/// A bot.
pub(in crate::desk::telegram) const AGENT_IS_PERSON: &str = "Only a person can be an agent.";
/// An account that is not there.
pub(in crate::desk::telegram) const NO_SUCH_ACCOUNT: &str =
    "There is no account of that name. Send /agent alone to make one.";
/// The question.
pub(in crate::desk::telegram) const AGENT_QUESTION: &str = "A new agent:";
/// The question, where the account is there.
pub(in crate::desk::telegram) const LINK_QUESTION: &str = "A Telegram identity for an account:";
/// Who answers.
pub(in crate::desk::telegram) const ADMIN_CONFIRMS: &str = "An admin confirms it.";
/// A button.
pub(in crate::desk::telegram) const YES: &str = "Yes";
/// A button.
pub(in crate::desk::telegram) const NO: &str = "No";
/// It is not to be.
pub(in crate::desk::telegram) const REFUSED: &str = "Refused by an admin.";
/// It is.
pub(in crate::desk::telegram) const DONE: &str = "Done.";
/// Somebody else pressed it.
pub(in crate::desk::telegram) const ADMINS_ONLY: &str = "An admin has to say that.";
/// What the new agent does next.
pub(in crate::desk::telegram) const NEW_AGENT: &str =
    "Welcome. Open a chat with me, so that I can send you numbers to ring in private:";

// Links.

/// By an agent.
pub(in crate::desk::telegram) const LINK_BY_SUPERVISOR: &str =
    "A supervisor or admin has to do that. /link alone tells who you are here.";
/// Not as a reply to a person in a group.
pub(in crate::desk::telegram) const LINK_IS_REPLY: &str = "Send /link with an account’s name in your \
     desk’s group, as a reply to a message of the person whose account it is. /link alone tells who you are \
     here.";
/// An account that is not there, or not let in.
pub(in crate::desk::telegram) const LINK_NO_ACCOUNT: &str = "No account of that name is let in. An admin finds all of them on the web desk, on the page Accounts.";
/// An account of a higher role.
pub(in crate::desk::telegram) const LINK_TOO_HIGH: &str =
    "That account may do more than yours: an admin has to link it.";

// Who one is.

/// Before the name.
pub(in crate::desk::telegram) const YOU_ARE: &str = "You are ";
/// Before their names.
pub(in crate::desk::telegram) const SUPERVISORS: &str = "Supervisors:";
/// Before their names.
pub(in crate::desk::telegram) const ADMINS: &str = "Admins:";

// Business accounts.

/// The question.
pub(in crate::desk::telegram) const BUSINESS_QUESTION: &str =
    "A Telegram Business account has connected me:";
/// What follows.
pub(in crate::desk::telegram) const BUSINESS_QUESTION_HELP: &str = "Is it one of yours? Until you say so \
     I look at nothing in its chats. Anybody can connect a bot.";
/// A button.
pub(in crate::desk::telegram) const IS_OURS: &str = "It is ours";
/// A button.
pub(in crate::desk::telegram) const IS_NOT_OURS: &str = "It is not";
/// It is.
pub(in crate::desk::telegram) const BUSINESS_ACCEPTED: &str =
    "It is ours: what customers write there counts from now on.";
/// It is not.
pub(in crate::desk::telegram) const BUSINESS_REFUSED: &str =
    "It is not ours: nothing in its chats is looked at.";
/// It went meanwhile.
pub(in crate::desk::telegram) const BUSINESS_GONE: &str = "This connection is not there any more.";
/// It works.
pub(in crate::desk::telegram) const BUSINESS_STANDS: &str =
    "The Business account is connected: customers who write there are heard and answered";
/// The bot may not answer.
pub(in crate::desk::telegram) const BUSINESS_MUTE: &str =
    "The Business account no longer lets me answer";
/// How to mend it.
pub(in crate::desk::telegram) const BUSINESS_MUTE_HELP: &str = "In its Telegram: Settings, Telegram \
     Business, Chatbots: let the bot reply to messages. Until then answers from here do not arrive.";
/// It is gone.
pub(in crate::desk::telegram) const BUSINESS_LOST: &str =
    "The Business account has taken its connection away";
/// How to mend it.
pub(in crate::desk::telegram) const BUSINESS_LOST_HELP: &str = "I hear nothing of its customers now. In its \
     Telegram: Settings, Telegram Business, Chatbots: add the bot again.";

/// A group was paired.
pub(in crate::desk::telegram) fn group_paired(desk: &DeskName) -> String {
    format!("Desk {desk} works here now.")
}

/// The rules have no such desk.
pub(in crate::desk::telegram) fn no_such_desk(desk: &DeskName) -> String {
    format!("There is no desk {desk} in rules.toml any more: make a new code.")
}

/// Who paired it.
pub(in crate::desk::telegram) fn linked_to(account: &AccountName) -> String {
    format!(" You are {account}.")
}

/// A person was paired.
pub(in crate::desk::telegram) fn person_paired(account: &AccountName) -> String {
    format!("You are {account} now. Numbers to ring come here when you claim a callback. /help")
}

/// Who one is, and where one works.
pub(in crate::desk::telegram) fn account(
    account: &AccountName,
    role: Role,
    desks: &[&str],
) -> String {
    let works = match desks {
        [] => "You work no desk.".to_owned(),
        [one] => format!("You work desk {one}."),
        many => format!("You work desks {}.", many.join(", ")),
    };
    format!(": account {account}, {role}. {works}")
}

/// Which account somebody gets.
pub(in crate::desk::telegram) fn as_account(account: &AccountName) -> String {
    format!(", account {account}.")
}

/// Somebody has one.
pub(in crate::desk::telegram) fn is_agent_already(account: &AccountName) -> String {
    format!("They are account {account} already.")
}

/// Somebody is one, and stays it.
pub(in crate::desk::telegram) fn is_linked_already(account: &AccountName) -> String {
    format!(
        "They are account {account} already. To change that, an admin first unlinks them on the web desk \
         (Accounts, Telegram)."
    )
}

/// Somebody has one now.
pub(in crate::desk::telegram) fn is_now(account: &AccountName) -> String {
    format!(" is account {account} now.")
}

/// The desk lists its members.
pub(in crate::desk::telegram) fn not_a_member(account: &AccountName) -> String {
    format!(
        "This desk lists its members: an admin adds \"{account}\" to them in rules.toml, or they \
         cannot work here."
    )
}

/// Opens a chat with the bot.
pub(in crate::desk::telegram) fn private_chat(bot: &str) -> String {
    format!("https://t.me/{bot}?start=desk")
}

/// Adds the bot to a group, with a code.
pub(in crate::desk::telegram) fn add_to_group(bot: &str, code: &str) -> String {
    format!("https://t.me/{bot}?startgroup={code}")
}
