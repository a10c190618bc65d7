//! What goes into `decide` and what comes out.

mod utterance;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::{
    callback::{CallbackEnd, CallbackEvent, CallbackNumber},
    form::FormRequestId,
    ids::{AccountName, AdminRuleName, ChannelName, DeskName, MessageId},
    message::Message,
    reading::{Head, Reading},
    thread::State,
    time::Timestamp,
};

pub use utterance::Utterance;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Something decided. The order is the order of SPEC's replay format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $($(#[$doc])* $variant),+
        }

        impl Action {
            /// Every action, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

actions! {
    /// Confidential data is masked.
    Mask = "mask",
    /// The customer is told that this needs an identity check.
    WarnIdentity = "warn_identity",
    /// Identity data was asked for or offered where it should not be.
    FlagIdentity = "flag_identity",
    /// The customer wishes to stay in text.
    HoldText = "hold_text",
    /// An unclaimed callback is no longer needed.
    WithdrawCallback = "withdraw_callback",
    /// A resolved case goes on.
    Reopen = "reopen",
    /// The case is solved.
    Resolve = "resolve",
    /// The customer waits or acts; nothing to do now.
    Wait = "wait",
    /// A callback opens.
    Callback = "callback",
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! built_in_rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The rule that decided.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum RuleName {
            $($(#[$doc])* $variant,)+
            /// One of the admin's `[[rules]]`.
            Admin(AdminRuleName),
        }

        impl RuleName {
            /// The names of the built-in rules, which an admin's rule may not take.
            pub const BUILT_IN: &[&'static str] = &[$($name),+];

            /// The name in files and answers.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $name,)+ Self::Admin(name) => name.as_str() }
            }

            /// The rule of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => AdminRuleName::parse(name).ok().map(Self::Admin),
                }
            }
        }
    };
}

built_in_rules! {
    /// The customer asked for a call.
    WantsCall = "wants_call",
    /// An urgent word.
    Urgent = "urgent",
    /// A thank-you.
    Thanks = "thanks",
    /// The customer wants to stay in text.
    WantsText = "wants_text",
    /// The customer settles to wait.
    Waiting = "waiting",
    /// A callback is open already.
    CallbackOpen = "callback_open",
    /// The customer holds to text.
    Held = "held",
    /// A call led to another one.
    FollowUp = "follow_up",
    /// The count.
    RuleOfThree = "rule_of_three",
    /// An agent chose to ring.
    Agent = "agent",
    /// A message older than the newest.
    Late = "late",
    /// A repetition.
    Duplicate = "duplicate",
    /// Nothing to decide.
    None = "none",
}

impl RuleName {
    /// Which heads of a message's reading led to the rule. `closes`: it was read as thanks or waiting, so
    /// no "but" of its is why a rule that counts decided.
    #[must_use]
    pub const fn told_by(&self, closes: bool) -> &'static [Head] {
        match self {
            Self::Thanks => &[Head::Thanks],
            Self::Waiting => &[Head::Waiting],
            Self::WantsCall => &[Head::WantsCall],
            Self::WantsText => &[Head::WantsText],
            Self::Urgent => &[Head::Urgent],
            Self::Agent | Self::FollowUp | Self::None => &[],
            _ if closes => &[],
            _ => &[Head::NotThanks, Head::Unsolved],
        }
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RuleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("not a rule's name"))
    }
}

/// Something that happened to a thread.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A message arrived that the thread has not seen before.
    MessageReceived {
        /// The message.
        message: &'a Message,
        /// What was understood of it.
        reading: &'a Reading,
    },
    /// In another thread, this customer asked never to be phoned.
    TextAlwaysWished {
        /// This thread's channel.
        channel: ChannelName,
    },
    /// Something happened to the thread's open callback.
    Callback {
        /// The thread's channel.
        channel: ChannelName,
        /// Which one; a stale number does nothing.
        callback: CallbackNumber,
        /// What. One that does not fit does nothing.
        event: CallbackEvent,
    },
    /// An agent would rather ring than ask for identity data in text. Opens a callback, unless
    /// [`NoCall`] says why not.
    CallChosen {
        /// The thread's channel.
        channel: ChannelName,
        /// The thread's newest message, and when it was written.
        newest: (MessageId, Timestamp),
    },
    /// In the details form the customer chose to stay in text, for this case.
    TextChosen {
        /// The thread's channel.
        channel: ChannelName,
    },
    /// The customer must not be rung any more: they are on the do-not-call list now.
    CallsForbidden {
        /// The thread's channel.
        channel: ChannelName,
    },
    /// The author is a customer after all: ends what *Not a customer* began.
    Unmuted {
        /// The thread's channel.
        channel: ChannelName,
    },
    /// An agent corrected the reading of a customer's message. The count is kept; the rules look
    /// at the message again if the thread has not moved on since.
    Corrected {
        /// The message, its text masked.
        message: &'a Message,
        /// The case and the exchange it was counted in.
        place: (u32, u32),
        /// The corrected reading.
        reading: &'a Reading,
    },
    /// Something may be due, or the rules changed. A spurious one does nothing.
    Tick {
        /// The thread's channel.
        channel: ChannelName,
        /// The owner of the open callback is on shift.
        owner_on_shift: bool,
    },
}

impl Event<'_> {
    /// The channel of the thread that it is for.
    #[must_use]
    pub const fn channel(&self) -> &ChannelName {
        match self {
            Self::MessageReceived { message, .. } | Self::Corrected { message, .. } => {
                &message.thread.channel
            }
            Self::TextAlwaysWished { channel }
            | Self::Callback { channel, .. }
            | Self::CallChosen { channel, .. }
            | Self::TextChosen { channel }
            | Self::CallsForbidden { channel }
            | Self::Unmuted { channel }
            | Self::Tick { channel, .. } => channel,
        }
    }
}

/// Why no callback opens although an agent would rather ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCall {
    /// There is nothing yet to ring about.
    NoCase,
    /// One is open already.
    AlreadyOpen,
    /// The customer is on the do-not-call list.
    DoNotCall,
    /// The customer holds to text.
    HoldsToText,
    /// An agent said that the author is no customer.
    Muted,
}

/// Something for the shell to do, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Show a new callback on its desk.
    PromptDesk {
        /// Which one.
        callback: CallbackNumber,
        /// On which desk.
        desk: DeskName,
    },
    /// Show on a callback's card what changed.
    UpdateCard {
        /// Which one.
        callback: CallbackNumber,
        /// What changed.
        change: CardChange,
    },
    /// Shrink the card of a callback that ended.
    CloseCard {
        /// Which one.
        callback: CallbackNumber,
        /// How it ended.
        end: CallbackEnd,
    },
    /// Say something to the customer, where Ringback carries messages to them in private.
    Speak(Utterance),
    /// Tell the desk something about the thread.
    TellDesk {
        /// What.
        notice: Notice,
        /// Which desk.
        desk: DeskName,
    },
}

/// What changed on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardChange {
    /// The customer wrote more.
    MessageAdded,
    /// A soft callback turned loud.
    TurnedLoud,
    /// The customer now asks for the call.
    Asked,
    /// Moved to the head of the queue.
    TurnedUrgent,
    /// Somebody claimed it.
    Claimed,
    /// The claim was given up: it is due again.
    Released,
    /// Somebody promised to ring at a time.
    Scheduled,
    /// The promised time has come.
    DueAgain,
    /// The customer thanked us while an agent has the callback.
    Thanked,
    /// The customer asked to stay in text while an agent has the callback.
    WantsText,
    /// The customer chose a time.
    TimeChosen,
    /// Nobody claims it: the desk is reminded.
    Reminded,
    /// Whoever has it is still on it.
    Renewed,
    /// Whoever had it went home: it is the desk's.
    HandedOver,
    /// Nobody answered; tried again later.
    NoAnswer,
    /// The number was not theirs.
    WrongNumber,
    /// A number to ring is known now, or another one than before.
    NumberFound,
    /// The customer must not be rung, while an agent has the callback.
    DoNotCall,
    /// An incident holds it back.
    Parked,
    /// The incident is over.
    Unparked,
}

impl CardChange {
    /// Whether the callback may be in another place after it: in the queue, or in it no more.
    #[must_use]
    pub const fn may_move(self) -> bool {
        !matches!(
            self,
            Self::MessageAdded
                | Self::TurnedLoud
                | Self::Asked
                | Self::Thanked
                | Self::WantsText
                | Self::Reminded
                | Self::Renewed
                | Self::NumberFound
                | Self::DoNotCall
        )
    }
}

/// What a desk is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "notice")]
pub enum Notice {
    /// The customer asked for a call, or one was due, but they are on the do-not-call list.
    DoNotCall,
    /// A supervisor should join in text: urgent under a hold, or the hold's limit is reached.
    SupervisorInText,
    /// One of the admin's rules flags the message.
    Flagged {
        /// Which rule.
        rule: AdminRuleName,
    },
    /// Confidential data stands in public: hide the post.
    HidePost,
    /// An agent asked for identity data in the channel. For that agent first, and alone.
    AskedForIdentity {
        /// The message that asks.
        message: MessageId,
    },
    /// Ringback may not or cannot say this to the customer here: an agent should.
    SayYourself {
        /// What.
        utterance: Utterance,
    },
    /// A customer has filled a form in: look at it.
    FormSubmitted {
        /// Which one.
        request: FormRequestId,
    },
    /// Nobody has checked in time what a customer filled in in an identity form: it is deleted.
    CheckExpired {
        /// Which one.
        request: FormRequestId,
    },
    /// An answer that was held went back to its agent, unsent. For that agent alone.
    ReplyReturned,
    /// The customer has waited for our answer.
    AnswerDue,
    /// The customer still waits: for a supervisor.
    AnswerOverdue,
    /// The customer settled to wait: look whether it is done.
    CheckBack,
    /// Nobody has claimed the callback in time.
    CallUnclaimed,
    /// Still nobody has: for a supervisor.
    CallOverdue,
    /// An urgent callback while the desk is closed. For the one who is on call, alone at first.
    UrgentOnCall,
    /// A claim has been silent: is its agent still on it? For that agent alone.
    ClaimSilent {
        /// Who has it.
        by: AccountName,
    },
    /// A silent claim was taken back: the callback is due again.
    ClaimReleased {
        /// Who had it.
        by: AccountName,
    },
    /// Nobody answered, as often as we try: a supervisor has it now.
    CallExhausted,
    /// The customer says that the call did not help.
    Dissatisfied,
    /// A message of ours did not reach the customer, or may not have.
    NotDelivered {
        /// Which one.
        message: MessageId,
        /// It surely did not; else nobody knows.
        certain: bool,
    },
    /// The customer has blocked the bot: nothing that we write reaches them there.
    Blocked,
}

/// An event for the customer's other threads, applied in the same transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// [`Event::TextAlwaysWished`] for every other thread of this customer.
    TextAlwaysWished,
}

/// What the rules make of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What to remember from now on.
    pub state: State,
    /// What was decided of a message; `None` for other events.
    pub verdict: Option<Verdict>,
    /// What to do.
    pub effects: Vec<Effect>,
    /// What the customer's other threads must hear.
    pub follow_ups: Vec<FollowUp>,
}

/// What was decided of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The exchange it falls in; 0 before the customer's first.
    pub exchange: u32,
    /// The case it falls in; 0 before any.
    pub case: u32,
    /// The actions, in order.
    pub actions: Vec<Action>,
    /// The callback that opened is soft.
    pub soft: bool,
    /// The rule that decided.
    pub rule: RuleName,
    /// Why, in plain words. Never contains message text.
    pub reason: String,
    /// The case that this one follows was left because its customer fell silent.
    pub lapsed: bool,
}

impl Verdict {
    /// Of a message that the rules say nothing of.
    #[must_use]
    pub fn none() -> Self {
        Self {
            exchange: 0,
            case: 0,
            actions: Vec::new(),
            soft: false,
            rule: RuleName::None,
            reason: "nothing to decide".to_owned(),
            lapsed: false,
        }
    }

    /// Takes note of what the message led to in the customer's other threads: a wish never to be
    /// phoned withdraws callbacks there too, and the action stands on the message that asked.
    pub fn note_elsewhere<'a>(&mut self, effects: impl IntoIterator<Item = &'a Effect>) {
        let withdrawn = effects.into_iter().any(|effect| {
            let end = CallbackEnd::Withdrawn;
            matches!(effect, Effect::CloseCard { end: how, .. } if *how == end)
        });
        if withdrawn && !self.actions.contains(&Action::WithdrawCallback) {
            self.actions.push(Action::WithdrawCallback);
            self.actions.sort_unstable();
        }
    }
}
