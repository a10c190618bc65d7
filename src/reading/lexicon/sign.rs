//! What a shipped phrase can be a sign of. A sign is no judgement: "thanks" in "thanks, still
//! broken" is a sign of gratitude all the same.

use crate::domain::vocabulary::PhraseList;

macro_rules! signs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(in $list:ident)?),+ $(,)?) => {
        /// What a shipped phrase is a sign of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(in crate::reading) enum Sign {
            $($(#[$doc])* $variant),+
        }

        impl Sign {
            /// How many signs there are.
            pub(in crate::reading) const COUNT: usize = [$($name),+].len();

            /// Its name in the phrase files.
            pub(in crate::reading) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The sign with this name in the phrase files.
            pub(super) fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The admin's list that this sign's phrases can be removed from.
            pub(super) const fn list(self) -> Option<PhraseList> {
                match self {
                    $(Self::$variant => signs!(@list $($list)?)),+
                }
            }
        }
    };
    (@list) => { None };
    (@list $list:ident) => { Some(PhraseList::$list) };
}

signs! {
    /// Gratitude.
    Thanks = "thanks" in Thanks,
    /// Gratitude for something or somebody that is named: "thank you for your help".
    ThanksFor = "thanks_for" in Thanks,
    /// … for what.
    ForWhat = "for_what",
    /// A word of gratitude that is none: "thanks for nothing", "thanks in advance".
    NoThanks = "no_thanks",
    /// Says that it is solved.
    Solved = "solved" in Thanks,
    /// Says that something came or came about, which the opening of a complaint says as well:
    /// "it arrived", "got in".
    Came = "came" in Thanks,
    /// Grudging or doubtful: "at least", "I guess", "hopefully".
    Grudging = "grudging",
    /// Plainly pleased: "great", "perfect".
    Pleased = "pleased",
    /// Praises us.
    Praise = "praise" in Thanks,
    /// Declines further help: "no, that's all".
    Declines = "declines" in Thanks,
    /// "Ok", "got it", 👍.
    Ack = "ack",
    /// Says to have done what we said: "done".
    Done = "done",
    /// Yes.
    Yes = "yes",
    /// No.
    No = "no",
    /// Takes leave.
    Farewell = "farewell",
    /// Takes leave warmly, as one does when content: "have a nice day".
    WarmFarewell = "warm_farewell",
    /// Greets.
    Greeting = "greeting",
    /// Says nothing by itself.
    Filler = "filler",
    /// An emoji of warmth.
    Warm = "warm",
    /// An emoji of anger or sarcasm.
    Cold = "cold",
    /// Will do something: "will try tonight".
    WillAct = "will_act" in Waiting,
    /// I will …
    IWill = "i_will",
    /// … try that.
    Act = "act" in Waiting,
    /// Settles to wait for us: "I'll wait till Friday".
    WillWait = "will_wait" in Waiting,
    /// Has sent us something elsewhere: "DM sent".
    Sent = "sent" in Waiting,
    /// Asks for a call or a person.
    WantsCall = "wants_call" in WantsCall,
    /// Wishes for …
    Wants = "wants",
    /// … a call.
    CallNoun = "call_noun",
    /// To speak to …
    Speak = "speak",
    /// … a person.
    Person = "person",
    /// Asks for …
    SeeksNumber = "seeks_number",
    /// The customer's own: "my" phone number is none of ours to ring.
    Mine = "mine",
    /// … a number to ring.
    CallNumber = "call_number",
    /// Makes what follows wished for or foreseen, not so: "if", "hope", "should be".
    Unreal = "unreal",
    /// "Please".
    Please = "please",
    /// Turns the words of a call into a refusal: "don't".
    Refusal = "refusal",
    /// What makes the words of a call a report or a reproach: "you said you'd".
    NotWantsCall = "not_wants_call",
    /// Takes up an offer: "go ahead", "any time after six".
    Accepts = "accepts",
    /// Turns an offer down for now: "can't talk now".
    NotNow = "not_now",
    /// Limits a refusal to some time or place: "at work".
    Limit = "limit",
    /// Refuses a call: "don't call me".
    RefusesCall = "refuses_call" in WantsTextAlways,
    /// Wants text in this case.
    WantsText = "wants_text" in WantsText,
    /// Wants text for good.
    WantsTextAlways = "wants_text_always" in WantsTextAlways,
    /// Not solved, back again, or not helped.
    Unsolved = "unsolved" in Unsolved,
    /// "Nothing": it did not help, or nothing more is wanted.
    Nothing = "nothing" in Unsolved,
    /// What an answer should do: "doesn't" … "help".
    WouldHelp = "would_help",
    /// Asks where we stay.
    Chases = "chases",
    /// Complains.
    Complaint = "complaint",
    /// "But".
    But = "but",
    /// "Not".
    Negation = "negation",
    /// Asks us for something.
    Request = "request",
    /// Asks, where it begins a sentence.
    Question = "question",
    /// Cannot tell us what we asked.
    CannotAnswer = "cannot_answer",
    /// Urgent.
    Urgent = "urgent" in Urgent,
    /// An urgent word in a harmless place: "fire sale".
    NotUrgent = "not_urgent",
    /// An enquiry that needs an identity check, in one phrase.
    NeedsCheck = "needs_check" in IdentityNeeded,
    /// Changing …
    Change = "change",
    /// … one's name, address, bank account.
    Changeable = "changeable",
    /// The same, where the language puts it after the name.
    ChangeAfter = "change_after",
    /// Closing …
    Close = "close",
    /// The same, where the language puts it after the account.
    CloseAfter = "close_after",
    /// … an account.
    Account = "account",
    /// Names a payment card's number.
    Card = "card",
    /// Names a bank account's number.
    Bank = "bank",
    /// Names a national identity document.
    NationalId = "national_id",
    /// Names a passport.
    Passport = "passport",
    /// Names a birth date.
    Birth = "birth",
    /// Names a password.
    Password = "password",
    /// Names a PIN.
    Pin = "pin",
    /// Names a one-time code.
    OneTimeCode = "one_time_code",
    /// Names a security answer.
    Secret = "secret",
    /// Names an e-mail address.
    EmailAddress = "email_address",
    /// Names a phone number.
    PhoneNumber = "phone_number",
    /// Names what finds a record: a booking or customer number, a user name, a full name.
    Record = "record",
    /// Names a postal address.
    Postal = "postal",
    /// Data that is never identity: an order number.
    Harmless = "harmless",
    /// The customer offers data: "I can send you".
    OffersData = "offers_data",
    /// A word of a postal address.
    Street = "street",
    /// Asks for what is named next to it.
    AsksFor = "asks_for",
    /// Could you …
    AskOpener = "ask_opener",
    /// … give us.
    Give = "give",
    /// Keeps the words next to it from being an asking: "never send us".
    NotAsksFor = "not_asks_for",
    /// Ours: asks the customer something.
    Asks = "asks",
    /// Ours: asks whether there is anything else.
    AnythingElse = "anything_else",
    /// Ours: offers a call.
    OffersCall = "offers_call",
    /// Ours: may we …
    WeOffer = "we_offer",
    /// … ring you.
    CallYou = "call_you",
    /// Ours: we will …
    WeWill = "we_will",
    /// … come back to you.
    ComeBack = "come_back",
    /// Ours: promises to come back, in one phrase.
    Promises = "promises",
    /// Ours: tells the customer to do something.
    Instructs = "instructs",
    /// Ours: please …
    YouShould = "you_should",
    /// Ours: tells the customer to do something, where it begins a sentence.
    Imperative = "imperative",
    /// Ours: a courtesy.
    Courtesy = "courtesy",
}

/// Signs whose longer phrases take the shorter ones in them away: "thanks for nothing" takes
/// "thanks". Words of ours take none of the customer's away, nor do parts of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Group {
    /// What the message says as a whole.
    Talk,
    /// Calls and text.
    Calls,
    /// Names of data.
    Data,
    /// Urgent words.
    Urgent,
    /// What we do.
    Ours,
    /// How we ask for data.
    Asking,
}

impl Group {
    /// How many groups there are.
    pub(in crate::reading) const COUNT: usize = 6;
}

impl Sign {
    /// The group it belongs to; none for what is only ever part of a pair.
    pub(in crate::reading) const fn group(self) -> Option<Group> {
        Some(match self {
            Self::Wants
            | Self::CallNoun
            | Self::Speak
            | Self::Person
            | Self::SeeksNumber
            | Self::CallNumber
            | Self::Mine
            | Self::Limit
            | Self::Unreal
            | Self::Please
            | Self::ForWhat
            | Self::IWill
            | Self::WouldHelp
            | Self::AskOpener
            | Self::Give
            | Self::YouShould
            | Self::Imperative
            | Self::WeOffer
            | Self::CallYou
            | Self::WeWill
            | Self::ComeBack
            | Self::Change
            | Self::ChangeAfter
            | Self::Close
            | Self::CloseAfter
            | Self::Account
            | Self::Changeable
            | Self::Filler => return None,
            Self::WantsCall
            | Self::NotWantsCall
            | Self::Refusal
            | Self::NotNow
            | Self::RefusesCall
            | Self::WantsText
            | Self::WantsTextAlways => Group::Calls,
            Self::Card
            | Self::Bank
            | Self::NationalId
            | Self::Passport
            | Self::Birth
            | Self::Password
            | Self::Pin
            | Self::OneTimeCode
            | Self::Secret
            | Self::EmailAddress
            | Self::PhoneNumber
            | Self::Record
            | Self::Postal
            | Self::Harmless
            | Self::OffersData
            | Self::NeedsCheck
            | Self::Street => Group::Data,
            Self::Urgent | Self::NotUrgent => Group::Urgent,
            Self::AsksFor | Self::NotAsksFor => Group::Asking,
            Self::Asks
            | Self::AnythingElse
            | Self::OffersCall
            | Self::Promises
            | Self::Instructs
            | Self::Courtesy => Group::Ours,
            _ => Group::Talk,
        })
    }
}
