//! What agents read in Telegram beside a card, whose words are every desk's (`desk::wording`): one
//! section a part. Plain text; whoever sends it escapes it.

// Buttons of cards.

/// Takes the callback.
pub(super) const CLAIM: &str = "Claim";
/// Takes a promised one before its time.
pub(super) const RING_NOW: &str = "Ring now";
/// The thread's page of the web desk.
pub(super) const OPEN_PAGE: &str = "Open on the web desk";
/// The thread's topic.
pub(super) const OPEN_TOPIC: &str = "Open the topic";
/// Goes on in text.
pub(super) const KEEP_TYPING: &str = "Keep typing";
/// It was rung.
pub(super) const DONE: &str = "Done";
/// Nobody answered.
pub(super) const NO_ANSWER: &str = "No answer";
/// At another time.
pub(super) const LATER: &str = "Later…";
/// The form for a call's details.
pub(super) const FORM: &str = "Send details form";
/// The newest messages.
pub(super) const SHOW: &str = "Show thread";
/// Gives it back.
pub(super) const RELEASE: &str = "Release";
/// Keeps it.
pub(super) const RENEW: &str = "Still on it";
/// Takes the first of the queue.
pub(super) const TAKE_NEXT: &str = "Take the next one";
/// Holds an incident's callbacks back.
pub(super) const HOLD: &str = "Hold them back";
/// Lets an incident's callbacks through.
pub(super) const DISMISS: &str = "Not an incident";
/// Ends an incident.
pub(super) const END_INCIDENT: &str = "It is over";
/// A notice was seen to.
pub(super) const SEEN_TO: &str = "Seen to";
/// Sends a message again.
pub(super) const SEND_AGAIN: &str = "Send again";

// Buttons of dialogues.

/// Says nothing.
pub(super) const SKIP: &str = "Skip";
/// Sends what is shown.
pub(super) const SEND: &str = "Send";
/// Writes it anew.
pub(super) const CHANGE: &str = "Change";
/// Leaves it.
pub(super) const CANCEL: &str = "Cancel";

// Groups that are watched.

/// It is watched from now on.
pub(super) const WATCHED: &str = "I watch this group from now on and tell the desk when somebody \
    should be rung. I say nothing here.";
/// The same, but hardly anything of it is seen.
pub(super) const WATCHED_BLIND: &str = "I watch this group from now on, but Telegram shows me only \
    commands here. Make me an administrator of this group, or turn privacy mode off (@BotFather, \
    /setprivacy) and then take me out of the group and add me again.";
/// It was before.
pub(super) const WATCHED_ALREADY: &str = "I watch this group already. /watch off ends it.";
/// Agents work there.
pub(super) const WATCH_NOT_A_DESK: &str = "A desk works in this group, so it is not one where \
    customers write.";
/// No channel for it.
pub(super) const WATCH_NO_CHANNEL: &str = "No channel is set up for groups: add one of kind \
    \"telegram_group\" to ringback.toml and restart Ringback.";
/// Not by everybody.
pub(super) const WATCH_REFUSED: &str = "Only supervisors and admins can have a group watched.";
/// Not here.
pub(super) const WATCH_IN_GROUP: &str = "Send this in the group that is to be watched.";
/// Not any more.
pub(super) const UNWATCHED: &str =
    "I no longer watch this group. What I know of it stays on the desk.";
/// Never was.
pub(super) const NOT_WATCHED: &str = "I do not watch this group.";
