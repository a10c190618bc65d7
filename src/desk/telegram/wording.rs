//! What agents read in Telegram beside a card, whose words are every desk's (`desk::wording`): one
//! section a part. Plain text; whoever sends it escapes it.

pub(super) mod pairing;
pub(super) mod relay;

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
/// It was thanks.
pub(super) const YES_SOLVED: &str = "Yes, solved";
/// It was not.
pub(super) const LOOK_AGAIN: &str = "No, look again";
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
/// Writes a time.
pub(super) const WRITE_TIME: &str = "Write a time…";
/// Goes home.
pub(super) const HAND_OVER: &str = "Hand over";
/// Holds back what comes from now on.
pub(super) const HOLD_NEW: &str = "New ones only";
/// Holds back also those who wait.
pub(super) const HOLD_ALL: &str = "Also those who wait";
/// Settled.
pub(super) const SOLVED: &str = "Solved";
/// There is more to it.
pub(super) const FOLLOW_UP: &str = "Follow-up";
/// They would rather stay in text.
pub(super) const DECLINED: &str = "Declined";
/// The number is not theirs.
pub(super) const WRONG_NUMBER: &str = "Wrong number";
/// They merely answer us.
pub(super) const ANSWERING: &str = "Answering";
/// It was a thank-you.
pub(super) const THANKS: &str = "Thanks";
/// Somebody is at it.
pub(super) const BEING_HANDLED: &str = "Being handled";
/// Not to be rung for a while.
pub(super) const NOT_A_CUSTOMER: &str = "Not a customer";

// Questions of dialogues.

/// Why one goes on in text.
pub(super) const ASK_WHY: &str = "Why go on in text?";
/// When to ring.
pub(super) const ASK_WHEN: &str = "When shall we ring?";
/// When to ring, in words.
pub(super) const ASK_TO_WRITE_TIME: &str = "When shall we ring? Reply to this message with a time, \
     like 15:30, tomorrow 9, Mon 14:00 or 24 Dec 10:00.";
/// When to ring again.
pub(super) const ASK_WHEN_AGAIN: &str = "When shall we ring again? Choose, or reply to this message \
     with a time, like tomorrow 9 or 24 Dec 10:00.";
/// What came of a call.
pub(super) const ASK_OUTCOME: &str = "How did the call go?";
/// A note for us.
pub(super) const ASK_NOTE: &str = "What was said? Reply to this message with a note for the team. The \
     customer does not see it.";
/// A line for the customer.
pub(super) const ASK_TOLD: &str = "A line for the customer? Reply to this message with what was agreed, \
     what happens next, and by when. You see it once more before it is sent.";
/// The line as it will be sent.
pub(super) const GOES_TO_CUSTOMER: &str = "This goes to the customer:";
/// A word for the next shift.
pub(super) const ASK_HAND_OVER: &str = "Going home? What you have claimed goes back to the queue, and \
     what you have promised stays, for the desk to keep. Reply to this message with a word for the next \
     shift, or press the button.";
/// What an incident's customers read.
pub(super) const ASK_STATUS: &str = "What shall they read, each of them once? Reply to this message \
     with the text, in the desk's language.";
/// It as they will read it.
pub(super) const STATUS_READS: &str = "Each of them reads this once:";
/// Whom to hold back.
pub(super) const ASK_WHOM_TO_HOLD: &str = "Whose callbacks are held back?";
/// It goes on in private.
pub(super) const ASKED_IN_PRIVATE: &str = "I have asked you in private.";

// Answers in dialogues.

/// A question is answered by a button.
pub(super) const PRESS_A_BUTTON: &str = "Please press one of the buttons.";
/// A question is answered in text.
pub(super) const WRITE_TEXT: &str = "Please write it as text.";
/// What was written is too long.
pub(super) const TOO_LONG: &str = "That is too long. Please write it in fewer words.";
/// It is left.
pub(super) const CANCELLED: &str = "Cancelled: nothing was changed.";
/// Nothing is asked.
pub(super) const NOTHING_TO_CANCEL: &str = "There is nothing to cancel.";
/// Its time is over.
pub(super) const QUESTION_OVER: &str =
    "That question is over. Press the button again to start anew.";
/// It asks somebody else.
pub(super) const NOT_YOUR_QUESTION: &str = "That question is for a colleague.";
/// Telegram does not answer.
pub(super) const NOT_REACHED: &str =
    "Telegram did not take my question, so nothing was changed. Please try again.";

// Answers to buttons.

/// Claimed.
pub(super) const CLAIMED: &str = "It is yours.";
/// After a colleague's name.
pub(super) const HAS_IT: &str = "has it.";
/// Nobody's.
pub(super) const NOBODY_HAS_IT: &str = "Nobody has it just now.";
/// What is only for whoever has it.
pub(super) const CLAIM_FIRST: &str = "It is not yours: claim it first.";
/// Given back.
pub(super) const RELEASED: &str = "It is back in the queue.";
/// Kept.
pub(super) const RENEWED: &str = "It stays yours.";
/// Went on in text; the reason follows.
pub(super) const KEPT_TYPING: &str = "Kept typing";
/// A time follows.
pub(super) const PROMISED: &str = "To be rung";
/// A time follows.
pub(super) const RINGS_AGAIN: &str = "To be rung again";
/// It is another time than was wished.
pub(super) const MOVED: &str =
    "the first moment after that at which the desk works and it is not quiet for them.";
/// The outcome follows.
pub(super) const KEPT_CALL: &str = "Kept";
/// They must not be rung.
pub(super) const NO_FOLLOW_UP: &str = "No other call is planned: they are on the do-not-call list.";
/// Nobody answered.
pub(super) const NOBODY_ANSWERED: &str = "Kept: no answer. The card says what happens next.";
/// Nobody answered for the last time.
pub(super) const TRIED_OFTEN_ENOUGH: &str =
    "That was the last attempt: they are told, and a supervisor has it.";
/// The line for the customer is on its way.
pub(super) const LINE_SENT: &str = "Your line is on its way to them.";
/// The line for the customer is held.
pub(super) const LINE_HELD: &str =
    "Your line is held back, since it asks for identity data: decide in the thread.";
/// The line for the customer is not carried.
pub(super) const LINE_NOT_SENT: &str =
    "Your line is kept, but I cannot send it there: please send it yourself.";
/// The form was sent.
pub(super) const FORM_SENT: &str = "They are asked to fill the form in.";
/// A form whose link must be sent by hand.
pub(super) const LINK_WANTED: &str =
    "I cannot write to them there. Make the link on the web desk and send it yourself.";
/// No links in public.
pub(super) const IS_PUBLIC: &str = "They wrote in public, where no link may stand.";
/// Shown where others do not read it.
pub(super) const SHOWN_IN_PRIVATE: &str = "I have sent it to you in private.";
/// It can only be shown in private.
pub(super) const OPEN_PRIVATE: &str =
    "I may show that only in private. Open a chat with me, press Start, and try again.";
/// Nobody waits.
pub(super) const NOBODY_WAITS: &str = "Nobody waits: the queue is empty.";
/// Nobody may be rung.
pub(super) const ALL_QUIET: &str = "All who wait are where it is too early or too late to ring.";
/// An incident holds back.
pub(super) const HELD: &str = "They are held back, and told so. Say when it is over.";
/// An incident ended.
pub(super) const INCIDENT_ENDED: &str = "It is over: all that it held back is in the queue again.";
/// An incident had ended.
pub(super) const INCIDENT_OVER: &str = "It is over already.";
/// A notice was seen to.
pub(super) const SEEN: &str = "Seen to.";
/// A notice had been seen to.
pub(super) const SEEN_BEFORE: &str = "Somebody has seen to it already.";
/// A message is on its way again.
pub(super) const SENT_AGAIN: &str = "It is on its way again.";
/// A message need not be sent again.
pub(super) const HAS_ARRIVED: &str = "It is on its way already, or has arrived.";
/// It was thanks.
pub(super) const CHECKED_SOLVED: &str = "✓ Solved.";
/// It was not thanks, and the rules have looked at it again.
pub(super) const LOOKED_AGAIN: &str = "↩️ Not solved: Ringback has looked at it again.";
/// Somebody had said so before.
pub(super) const CHECKED_BEFORE: &str = "Somebody has said so already.";
/// The update came twice.
pub(super) const DONE_BEFORE: &str = "That is done.";
/// What it is about is not there any more.
pub(super) const GONE: &str = "That is not there any more.";
/// A button that is none of ours, or of a card that was replaced.
pub(super) const UNKNOWN_BUTTON: &str =
    "This button is out of date. Look for the newest card, or send /queue.";
/// A repeated card.
pub(super) const FOLDED: &str = "This card was shown twice. Look at the other one.";
/// Another desk's.
pub(super) const NOT_YOUR_DESK: &str = "You do not work this desk. An admin can change that.";
/// Not an agent's.
pub(super) const FOR_SUPERVISORS: &str = "That is for supervisors.";
/// Whoever has no account pressed a button.
pub(super) const STRANGER_PRESSED: &str =
    "These buttons are for the team. If you are one of it, ask an admin to link your account.";

// A thread that is shown.

/// Who writes to us.
pub(super) const CUSTOMER: &str = "Customer";
/// Who answers.
pub(super) const WE: &str = "We";
/// There is more.
pub(super) const OLDER_LEFT_OUT: &str = "The newest messages; older ones are on the web desk.";

// Commands.

/// Who has no account.
pub(super) const STRANGER: &str =
    "I only work for the team here. If you are one of it, ask an admin to link your account.";
/// A command that there is not.
pub(super) const UNKNOWN_COMMAND: &str =
    "I do not know that command, so nothing was done or sent. /help says what I know.";
/// A command where customers may read the answer.
pub(super) const NOT_AMONG_OTHERS: &str = "Customers may read along in that group, so I do not answer \
    there. Send it here, or in the desk's group.";
/// `/queue`.
pub(super) const ABOUT_QUEUE: &str = "Who waits to be rung";
/// `/mine`.
pub(super) const ABOUT_MINE: &str = "What you have claimed or promised";
/// `/handover`.
pub(super) const ABOUT_HAND_OVER: &str = "Go home, and leave your callbacks to the next shift";
/// `/rules`.
pub(super) const ABOUT_RULES: &str = "Which rules are in force, and what is wrong with newer ones";
/// `/link`.
pub(super) const ABOUT_LINK: &str =
    "Who you are here; a supervisor’s reply with an account’s name links its writer to it";
/// `/agent`.
pub(super) const ABOUT_AGENT: &str = "As a reply: link a colleague to their account";
/// `/watch`.
pub(super) const ABOUT_WATCH: &str = "In a group with customers: watch it";
/// `/unwatch`.
pub(super) const ABOUT_UNWATCH: &str = "In a group with customers: watch it no longer";
/// `/cancel`.
pub(super) const ABOUT_CANCEL: &str = "Leave the question that I asked you";
/// `/help`.
pub(super) const ABOUT_HELP: &str = "What I can do for you";
/// `/start`.
pub(super) const ABOUT_START: &str = "With a code: link this group or yourself";
/// Before the commands.
pub(super) const HELP: &str = "This is what I can do for you:";
/// After the commands.
pub(super) const HELP_MORE: &str = "Buttons under a card do the rest. What you write in reply to a \
     question of mine answers it.";
/// Before how many there are.
pub(super) const QUEUE: &str = "Due";
/// There are none.
pub(super) const QUEUE_EMPTY: &str = "Nobody waits to be rung.";
/// Before how many there are.
pub(super) const MINE: &str = "Yours";
/// There are none.
pub(super) const MINE_EMPTY: &str = "You have no callbacks.";
/// Before how many more there are.
pub(super) const AND_MORE: &str = "and more:";
/// Nothing to leave.
pub(super) const NOTHING_TO_HAND_OVER: &str = "You have no callbacks to hand over.";
/// Nothing was left, since somebody else did.
pub(super) const OFF_SHIFT: &str = "You are off shift. There was nothing to hand over.";
/// One was left.
pub(super) const HANDED_ONE_OVER: &str = "One callback is handed over. Have a good rest.";
/// After how many were left.
pub(super) const HANDED_OVER: &str = "callbacks are handed over. Have a good rest.";

/// How the rules stand: the version, since when, and the first line of what is wrong with newer ones.
pub(super) fn rules(version: &str, loaded: &str, error: Option<(&str, &str)>) -> String {
    let stand = format!("Rules {version}, in force since {loaded}.");
    match error {
        None => format!("{stand} Nothing is wrong with the file."),
        Some((at, message)) => {
            let first = message.lines().next().unwrap_or_default();
            format!("{stand}\nThe file was changed and not taken ({at}): {first}")
        }
    }
}

// Groups that are watched.

/// It is watched from now on.
pub(super) const WATCHED: &str = "I watch this group from now on and tell the desk when somebody \
    should be rung. I say nothing here.";
/// The same, but hardly anything of it is seen.
pub(super) const WATCHED_BLIND: &str = "I watch this group from now on, but Telegram shows me only \
    commands here. Make me an administrator of this group, or turn privacy mode off (@BotFather, \
    /setprivacy) and then take me out of the group and add me again.";
/// It was before.
pub(super) const WATCHED_ALREADY: &str = "I watch this group already. /unwatch ends it.";
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
