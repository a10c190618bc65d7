//! The rules: what an admin tunes, and `decide`, the pure state machine that applies it.
//! Knows `domain` and `callbacks` only; no IO, no clock, no logging.

pub mod decide;
pub mod explain;
pub mod file;
pub mod forms;
pub mod messages;
pub mod retention;
pub mod schema;
pub mod two_words;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use crate::{
    callbacks::calendar::Terms,
    domain::{
        account::Role,
        callback::Callback,
        decision::Action,
        hours::{Hours, QuietHours, Zone},
        ids::{
            AccountName, AdminRuleName, ChannelName, CountryCode, DeskName, RulesVersion, Tag,
            Topic,
        },
        message::{Party, Visibility},
        reading::Language,
        thread::CustomerState,
        time::{Length, Timestamp},
        vocabulary::Vocabulary,
    },
};

/// The desk of a callback whose own is in the rules no more.
static NO_DESK: LazyLock<Desk> = LazyLock::new(Desk::default);

/// A whole, valid rules file.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Which file this is.
    pub version: RulesVersion,
    /// What holds on channels that have no settings of their own.
    pub defaults: Policy,
    /// What holds on the channels that have, defaults filled in.
    pub channels: BTreeMap<ChannelName, Policy>,
    /// The desks; never empty.
    pub desks: BTreeMap<DeskName, Desk>,
    /// The admin's `[[rules]]`, in the order they are tried.
    pub rules: Vec<AdminRule>,
    /// The admin's `[[forms]]`, in file order; the shipped one where the file has none.
    pub forms: Vec<forms::Form>,
    /// How long what belongs to identity checks lasts.
    pub identity: forms::IdentityPolicy,
    /// What customers hear from Ringback itself.
    pub messages: messages::Messages,
    /// How long what is kept is kept.
    pub retention: retention::Retention,
    /// What the reader is told.
    pub vocabulary: Vocabulary,
    /// The file's own tests.
    pub tests: Vec<RuleTest>,
}

impl Default for Rules {
    /// Only what is built in, with the shipped texts and form and without any topic.
    fn default() -> Self {
        Self {
            version: RulesVersion("built-in".into()),
            defaults: Policy::default(),
            channels: BTreeMap::new(),
            desks: BTreeMap::from([(Desk::default_name(), Desk::default())]),
            rules: Vec::new(),
            forms: forms::shipped(),
            identity: forms::IdentityPolicy::default(),
            messages: messages::Messages::default(),
            retention: retention::Retention::default(),
            vocabulary: Vocabulary::default(),
            tests: Vec::new(),
        }
    }
}

impl Rules {
    /// What holds on a channel.
    #[must_use]
    pub fn policy(&self, channel: &ChannelName) -> &Policy {
        self.channels.get(channel).unwrap_or(&self.defaults)
    }

    /// The brand that a channel's customers write to: that of its desk.
    #[must_use]
    pub fn brand(&self, channel: &ChannelName) -> &str {
        let desk = self.desks.get(&self.policy(channel).desk);
        &desk.unwrap_or(&NO_DESK).brand
    }

    /// What an open callback of a customer goes by.
    #[must_use]
    pub fn terms<'a>(
        &'a self,
        policy: &'a Policy,
        desk: &DeskName,
        customer: &CustomerState,
    ) -> Terms<'a> {
        let desk = self.desks.get(desk).unwrap_or(&NO_DESK);
        let zones = match customer.whereabouts.zones.as_slice() {
            [] => vec![
                policy
                    .zone
                    .clone()
                    .unwrap_or_else(|| Zone::of(&desk.hours.zone)),
            ],
            known => known.to_vec(),
        };
        Terms {
            hours: &desk.hours,
            quiet: desk.quiet_hours,
            zones,
            number_known: customer.number_known,
            on_call: desk.on_call.is_some(),
            soft_wait: policy.soft_wait,
            claim_within: policy.claim_within,
            claim_lease: policy.claim_lease,
            attempts: policy.attempts,
            retry_after: &policy.retry_after,
        }
    }
}

/// The numbers and switches of the rule of three on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The exchange at which the count rings.
    pub exchanges: u32,
    /// Messages of one party this close together are one exchange.
    pub merge_within: Length,
    /// A complaint this soon after `resolve` reopens the case.
    pub reopen_within: Length,
    /// Silence of the customer longer than this ends the case.
    pub new_case_after: Length,
    /// A soft callback turns loud after this long without our answer.
    pub soft_wait: Length,
    /// At this exchange of a held case a supervisor is asked to join.
    pub text_limit: u32,
    /// The desk is reminded of a customer who waits this long, in the desk's hours.
    pub answer_within: Length,
    /// The desk looks again this long after the customer settled to wait.
    pub check_back_after: Length,
    /// So many further exchanges are let pass after *Keep typing* before the count rings again.
    pub grace: u32,
    /// For so long an author who is no customer opens no callback.
    pub mute_lasts: Length,
    /// Nobody has claimed a callback for so long, in the desk's hours: the desk is reminded, then a
    /// supervisor.
    pub claim_within: Length,
    /// A claim is silent for so long, in the desk's hours: its agent is asked, then it is released.
    pub claim_lease: Length,
    /// How often a call that nobody answered is tried again.
    pub attempts: u32,
    /// How long after the one before each time; the last one again if there are more.
    pub retry_after: Vec<Length>,
    /// Where customers are if nothing else is known; the desk's zone if not set.
    pub zone: Option<Zone>,
    /// The country whose phone numbers customers write without a country code: two capital letters.
    pub country: Option<CountryCode>,
    /// Where a video call takes place instead of a phone call: a URL with `{{ room }}` in it.
    pub video_url: Option<String>,
    /// Whether customers are asked if a call helped.
    pub ask_satisfaction: bool,
    /// What happens when the count is reached by a mere answer.
    pub on_soft: OnSoft,
    /// Read, decide and report, but tell nobody.
    pub watch: bool,
    /// Where Ringback says something to customers by itself.
    pub speak: Speak,
    /// The desk that works the channel.
    pub desk: DeskName,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            exchanges: 3,
            merge_within: Length::minutes(10),
            reopen_within: Length::hours(24),
            new_case_after: Length::hours(72),
            soft_wait: Length::minutes(15),
            text_limit: 6,
            answer_within: Length::minutes(30),
            check_back_after: Length::hours(24),
            grace: 2,
            mute_lasts: Length::hours(30 * 24),
            claim_within: Length::minutes(10),
            claim_lease: Length::minutes(30),
            attempts: 3,
            retry_after: vec![Length::minutes(15), Length::hours(2), Length::hours(24)],
            zone: None,
            country: None,
            video_url: None,
            ask_satisfaction: false,
            on_soft: OnSoft::Quiet,
            watch: false,
            speak: Speak::Private,
            desk: Desk::default_name(),
        }
    }
}

/// What happens when the count is reached by a message that only answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OnSoft {
    /// A soft callback.
    #[default]
    Quiet,
    /// A loud one: the rule to the letter.
    Ring,
    /// Nothing now; the customer's next turn that is not thanks opens it.
    OneMore,
}

/// Where Ringback says something to customers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Speak {
    /// In private only.
    #[default]
    Private,
    /// In public too, where what it says may be heard by everybody.
    Public,
    /// Nowhere: the desk is asked to.
    Never,
}

/// Where agents of one team work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Whose name customers read.
    pub brand: String,
    /// The language it speaks where the customer's is not known.
    pub language: Language,
    /// When it works.
    pub hours: Hours,
    /// Who works it; empty: every account. Supervisors and admins work every desk.
    pub members: BTreeSet<AccountName>,
    /// When its customers are not rung, where they are.
    pub quiet_hours: QuietHours,
    /// Who is told of what is urgent while the desk is closed.
    pub on_call: Option<AccountName>,
    /// An account is on shift for so long after it last did something, unless it handed over.
    pub on_shift_for: Length,
    /// Above so many due callbacks, one queue card takes the place of the cards.
    pub cards_open: u32,
    /// Who sees number and history in a chat group.
    pub card_detail: CardDetail,
    /// What agents write in a chat group after this is a note among them: 1 to 8 characters.
    pub note_prefix: String,
    /// Links in a chat are shown without a picture of where they lead, to agents and customers.
    pub disable_link_preview: bool,
    /// So many callbacks by the count, of one topic, within so long are an incident.
    pub incident: (u32, Length),
}

/// Who sees number and history on a card in a chat group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CardDetail {
    /// The claimer, in private.
    #[default]
    Claimer,
    /// Everybody in the group.
    Group,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            brand: "Ringback".to_owned(),
            language: Language::ENGLISH,
            hours: Hours::always(),
            members: BTreeSet::new(),
            quiet_hours: QuietHours::at_night(),
            on_call: None,
            on_shift_for: Length::hours(8),
            cards_open: 15,
            card_detail: CardDetail::Claimer,
            note_prefix: "//".to_owned(),
            disable_link_preview: true,
            incident: (20, Length::minutes(30)),
        }
    }
}

impl Desk {
    /// The desk that is there when the file names none.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a constant that parses")]
    pub fn default_name() -> DeskName {
        DeskName::parse("main").expect("a valid name")
    }

    /// Whether the card of a callback comes without a sound: a soft one, one that an incident holds
    /// back, and one that comes while the desk is closed and can wait for the morning.
    #[must_use]
    pub fn is_silent(&self, callback: &Callback, now: Timestamp) -> bool {
        callback.soft.is_some()
            || callback.incident.is_some()
            || (!callback.urgent && !self.hours.is_open(now))
    }

    /// Whether an account works this desk.
    #[must_use]
    pub fn is_worked_by(&self, account: &AccountName, role: Role) -> bool {
        role > Role::Agent || self.members.is_empty() || self.members.contains(account)
    }
}

/// One of the admin's `[[rules]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminRule {
    /// Its name in decisions.
    pub name: AdminRuleName,
    /// When it matches.
    pub when: When,
    /// What it does.
    pub then: Then,
    /// The desk that works what it opens, instead of the channel's.
    pub desk: Option<DeskName>,
    /// Higher ones are tried first; equal ones in file order.
    pub priority: i32,
}

/// When an admin's rule matches: everything that is set must hold; of a list, one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// The case's exchange is at least this.
    pub exchange: Option<u32>,
    /// The channel is one of these.
    pub channels: Vec<ChannelName>,
    /// Who can see the message.
    pub visibility: Option<Visibility>,
    /// The topic is one of these.
    pub topics: Vec<Topic>,
    /// The message has a word of this list of [`Vocabulary::word_lists`].
    pub words: Option<usize>,
    /// The language is one of these.
    pub languages: Vec<Language>,
    /// The message has one of these tags.
    pub tags: Vec<Tag>,
    /// The desk is open or closed when the message was written.
    pub hours: Option<DeskHours>,
}

/// Whether a desk works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeskHours {
    /// It does.
    Open,
    /// It does not.
    Closed,
}

/// What an admin's rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Then {
    /// Opens a callback, unless the customer holds to text.
    Callback,
    /// Waits.
    Wait,
    /// Tells the desk.
    Flag,
    /// Nothing.
    None,
}

/// One of the file's `[[tests]]`: a thread, and what its last line must lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTest {
    /// What it shows; shown when it fails.
    pub name: String,
    /// The channel the thread is on.
    pub channel: ChannelName,
    /// Who can see the messages.
    pub visibility: Visibility,
    /// What the channel marked the messages with.
    pub tags: Vec<Tag>,
    /// The thread.
    pub thread: Vec<TestLine>,
    /// The actions of the last line, as a set.
    pub expect: Vec<Action>,
    /// Whether the callback that opens is soft; unset: either.
    pub soft: Option<bool>,
    /// The rule that decides the last line; unset: any.
    pub rule: Option<String>,
}

/// One line of a [`RuleTest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestLine {
    /// Who writes.
    pub from: Party,
    /// How long after the line before.
    pub after: Length,
    /// What.
    pub text: String,
}
