//! What agents read about answers that they write in a group, and about the group itself.

use crate::domain::ids::DeskName;

// What was not sent.

/// A reply to a card or notice.
pub(in crate::desk::telegram) const BESIDE: &str = "Not sent: this is a reply to my own message. Reply to what the customer wrote, or write in their topic.";
/// A reply to something that we do not know any more.
pub(in crate::desk::telegram) const LOST: &str =
    "Not sent: I cannot tell which customer this is for. Reply to the newest message of theirs.";
/// A message to the bot alone.
pub(in crate::desk::telegram) const IN_PRIVATE: &str =
    "Nobody but me sees this. Answer customers in your desk's group. Here I take commands: /help";
/// No account.
pub(in crate::desk::telegram) const NO_ACCOUNT: &str = "Not sent: you have no account here. A colleague \
     who has one can reply to you with /agent, and an admin confirms it.";
/// An anonymous administrator.
pub(in crate::desk::telegram) const ANONYMOUS: &str =
    "Not sent: you write as the group, so I cannot tell who you are. Turn “Remain anonymous” off.";
/// Somebody else's desk.
pub(in crate::desk::telegram) const OTHER_DESK: &str =
    "Not sent: you do not work this desk. An admin can add you to its members in rules.toml.";
/// A poll, a game …
pub(in crate::desk::telegram) const NOT_CARRIED: &str = "Not sent: this kind of message cannot be carried. \
     Text, photos, films, voice, music, files, stickers, places and contacts can.";
/// A picture as a note.
pub(in crate::desk::telegram) const NOTES_ARE_TEXT: &str =
    "Not sent, and not kept: notes are text only.";
/// Something else than text, to a Business account's customer.
pub(in crate::desk::telegram) const BUSINESS_TAKES_TEXT: &str = "Not sent: I can only bring text to \
     customers of a Business account. Send it in the Business account itself.";
/// The engine refused it.
pub(in crate::desk::telegram) const NOT_TAKEN: &str =
    "Not sent: it could not be taken. Send it again; if it fails again, tell your admin.";
/// An edit that was refused.
pub(in crate::desk::telegram) const EDIT_NOT_TAKEN: &str =
    "The customer still sees it as it was: the change could not be taken.";
/// An edit that asks for identity data or contains it.
pub(in crate::desk::telegram) const EDIT_HELD: &str = "The customer still sees it as it was: what you changed \
     asks for identity data or contains it. Write it as a new message, and you can choose a form instead.";
/// A sent answer cannot become a note.
pub(in crate::desk::telegram) const SENT_ALREADY: &str =
    "The customer has this already, as it was before: it cannot become a note.";

// What is held.

/// First.
pub(in crate::desk::telegram) const HELD: &str = "Not sent yet.";
/// Why.
pub(in crate::desk::telegram) const HELD_ASKS: &str = "It asks for what proves who somebody is, and that \
     has no place in a chat. Colleagues in this group see it here all the same.";
/// Why.
pub(in crate::desk::telegram) const HELD_CONTAINS: &str = "It contains confidential data, which the \
     customer would read hidden. Colleagues in this group see it here: you may want to delete it.";
/// A button.
pub(in crate::desk::telegram) const SEND_ANYWAY: &str = "Send anyway";
/// A button.
pub(in crate::desk::telegram) const SEND_FORM: &str = "Send the secure form";
/// A button.
pub(in crate::desk::telegram) const RING_INSTEAD: &str = "Ring instead";
/// A button.
pub(in crate::desk::telegram) const THROW_AWAY: &str = "Throw away";
/// It was sent.
pub(in crate::desk::telegram) const SENT: &str = "Sent to the customer as it is.";
/// It was thrown away.
pub(in crate::desk::telegram) const DISCARDED: &str =
    "Thrown away: the customer has nothing of it.";
/// A callback has opened.
pub(in crate::desk::telegram) const WILL_RING: &str =
    "Not sent: the customer is to be rung instead.";
/// A form was offered.
pub(in crate::desk::telegram) const FORM_SENT: &str =
    "Not sent: the customer has the secure form instead.";
/// A link must be given.
pub(in crate::desk::telegram) const LINK_WANTED: &str =
    "Not sent. Make the form's link on the web desk and give it to the customer.";
/// No form in public.
pub(in crate::desk::telegram) const FORM_PUBLIC: &str = "No form goes where everybody can read.";
/// Nobody has a key.
pub(in crate::desk::telegram) const FORM_UNOPENABLE: &str =
    "Nobody here could open what they fill in: an admin must let an account check identities.";
/// It is not in the rules any more.
pub(in crate::desk::telegram) const FORM_UNKNOWN: &str = "There is no such form any more.";
/// No call.
pub(in crate::desk::telegram) const HOLDS_TO_TEXT: &str =
    "They asked to stay in text: they are not rung.";
/// No call.
pub(in crate::desk::telegram) const DO_NOT_CALL: &str = "They are on the do-not-call list.";
/// No call.
pub(in crate::desk::telegram) const NOTHING_TO_RING: &str = "There is nothing to ring them about.";
/// Its time was over.
pub(in crate::desk::telegram) const TOO_LATE: &str = "Too late: it was not sent. Write it again.";
/// It was decided before.
pub(in crate::desk::telegram) const DECIDED: &str = "That was decided before.";

// Reactions, as notes.

/// Before the emoji.
pub(in crate::desk::telegram) const REACTED: &str = "Reacted in the customer's chat with";
/// Taken back.
pub(in crate::desk::telegram) const UNREACTED: &str =
    "Took the reaction in the customer's chat back";

// The group.

/// Said when the bot is added to a group that is nobody's.
pub(in crate::desk::telegram) const HOW_TO_PAIR: &str = "Hello. To make this group the place where a desk \
     works, an admin makes a code on the web desk (Accounts, Telegram) or with “ringback telegram code”, \
     and writes here: /start CODE";
/// Said in private to one of ours who has added the bot to a group that is nobody's.
pub(in crate::desk::telegram) const WHAT_IT_IS: &str = "I am in a group that I do not know yet. If it is \
     for the team: make a code on the web desk (Accounts, Telegram) or with “ringback telegram code”, \
     and write there: /start CODE. If customers write there and I am to watch it: /watch";
/// Said when it is back.
pub(in crate::desk::telegram) const BACK: &str =
    "I am back. What came meanwhile is on the web desk; /queue shows who is to be rung.";
/// What to do about it.
pub(in crate::desk::telegram) const GROUP_LOST_HELP: &str =
    "Its agents see nothing in Telegram now. Add me to the group again, or pair another one.";

/// The bot was taken out of a desk's group.
pub(in crate::desk::telegram) fn group_lost(desk: &DeskName) -> String {
    format!("I was taken out of the group of desk {desk}")
}
