//! `rules.toml` as it is written. These types are the file's shape, for the parser and for the
//! printed JSON Schema alike, so the two cannot drift apart; their comments are what an editor
//! shows. What the values mean together is `validate`'s business.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    fields::{Field, Keyed, Many, Required, Spot, Text, TextOr},
    hours::OpeningLine,
    places::VideoUrl,
    texts::{ForCustomers, NamedFormat, OneLanguage, PlainName, Texts},
    words::{Expected, Expression, Free, NotePrefix, Phrase},
};
use crate::{
    domain::{
        decision::Utterance,
        hours::{Holiday, QuietHours},
        ids::{
            AccountName, AdminRuleName, ChannelName, CountryCode, DeskName, FormName, PatternName,
            Tag, Topic,
        },
        message::Visibility,
        reading::{IdentityLevel, Language, SpanKind},
        time::Length,
        vocabulary::PhraseList,
    },
    rules::{CardDetail, DeskHours, OnSoft, Speak, TestLine, Then},
};

/// A whole file: its top-level table holds the keys of both.
pub(crate) type RawFile = (RawPolicy, RawSections);

/// The numbers and switches of the rule of three, at the top of the file for every channel or
/// under `[channels.NAME]` for one.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Policy", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawPolicy {
    /// The exchange at which a person rings, if the customer has not thanked us by then.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) exchanges: Field<u32>,
    /// Messages of one party at most this far apart are one exchange.
    pub(crate) merge_within: Field<Text<Length>>,
    /// A complaint this soon after a case was solved reopens it.
    pub(crate) reopen_within: Field<Text<Length>>,
    /// A customer silent for longer than this after our last message starts a new case.
    pub(crate) new_case_after: Field<Text<Length>>,
    /// A soft callback turns loud after this long without our answer.
    pub(crate) soft_wait: Field<Text<Length>>,
    /// A supervisor is asked to join a customer who stays in text at this exchange.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) text_limit: Field<u32>,
    /// The desk is reminded of a customer who has waited this long, in its hours.
    pub(crate) answer_within: Field<Text<Length>>,
    /// The desk looks again this long after the customer settled to wait.
    pub(crate) check_back_after: Field<Text<Length>>,
    /// So many more exchanges are let pass after *Keep typing* before the count rings again.
    #[schemars(range(min = 0, max = 1000))]
    pub(crate) grace: Field<u32>,
    /// An author who is no customer opens no callback for this long.
    pub(crate) mute_lasts: Field<Text<Length>>,
    /// The desk is reminded of a callback that nobody has claimed for this long, in its hours; after
    /// as long again, a supervisor.
    pub(crate) claim_within: Field<Text<Length>>,
    /// An agent who has claimed a callback and is silent for this long is asked; then it is released.
    pub(crate) claim_lease: Field<Text<Length>>,
    /// A call that nobody answers is tried again so often.
    #[schemars(range(min = 0, max = 20))]
    pub(crate) attempts: Field<u32>,
    /// How long after a call that nobody answered it is tried again; the last one again if there are
    /// more attempts.
    pub(crate) retry_after: Field<Many<Text<Length>>>,
    /// The IANA time zone of customers of whom nothing else is known; the desk's if left out.
    pub(crate) zone: Field<Text<TimeZone>>,
    /// The country whose phone numbers customers write without a country code.
    pub(crate) country: Field<Text<CountryCode>>,
    /// Where a video call takes place instead of a phone call, with `{{ room }}` in it; empty: nowhere.
    pub(crate) video_url: Field<Text<VideoUrl>>,
    /// Ask customers whether a call helped.
    pub(crate) ask_satisfaction: Field<bool>,
    /// When the count is reached by a mere answer: `quiet` shows a soft callback, `ring` a loud
    /// one, `one_more` waits for the customer's next turn.
    pub(crate) on_soft: Field<Text<OnSoft>>,
    /// Read, decide and report, but tell nobody.
    pub(crate) watch: Field<bool>,
    /// Where Ringback says something to a customer by itself: in `private` only, in `public` too where
    /// everybody may hear it, or `never`.
    pub(crate) speak: Field<Text<Speak>>,
    /// The desk that works the callbacks.
    pub(crate) desk: Field<Text<DeskName>>,
}

/// The rest of the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Sections", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawSections {
    /// What differs on one channel.
    pub(crate) channels: Keyed<ChannelName, RawPolicy>,
    /// The desks, each with its brand, hours and members.
    pub(crate) desks: Keyed<DeskName, RawDesk>,
    /// Changes to the phrases that the reader looks for.
    pub(crate) phrases: Keyed<PhraseList, RawPhrases>,
    /// Contact reasons with their words; the first with a word in the message is its topic.
    pub(crate) topics: Keyed<Topic, Many<Text<Phrase>>>,
    /// How much each kind of data gives away.
    pub(crate) levels: Keyed<SpanKind, Field<Text<IdentityLevel>>>,
    /// How sure the reader must be of what it reads, in percent.
    pub(crate) reading: RawReading,
    /// How long what belongs to identity checks lasts.
    pub(crate) identity: RawIdentity,
    /// What customers hear from Ringback itself, per language.
    pub(crate) messages: Keyed<Utterance, Keyed<OneLanguage, Spot<Text<ForCustomers>>>>,
    /// The forms for identity checks.
    pub(crate) forms: Field<Many<RawForm>>,
    /// How long what is kept is kept.
    pub(crate) retention: RawRetention,
    /// Data of your own to mask, by its form.
    pub(crate) patterns: Field<Many<RawPattern>>,
    /// Rules of your own.
    pub(crate) rules: Field<Many<RawRule>>,
    /// Threads with what their last message must lead to.
    pub(crate) tests: Field<Many<RawTest>>,
}

/// A desk. Without `hours` it is always open, without `members` everybody works it.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Desk", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawDesk {
    /// The name that customers know you by.
    pub(crate) brand: Field<Text<Free>>,
    /// The language it speaks where the customer's is not known.
    pub(crate) language: Field<Text<Language>>,
    /// The accounts of those who work it; supervisors and admins work every desk.
    pub(crate) members: Field<Many<Text<AccountName>>>,
    /// The IANA time zone that `hours` and `holidays` are in.
    pub(crate) zone: Field<Text<TimeZone>>,
    /// When the desk works.
    pub(crate) hours: Field<Many<Text<OpeningLine>>>,
    /// Days on which it is closed: once, `2026-12-25`, or every year, `12-25`.
    pub(crate) holidays: Field<Many<Text<Holiday>>>,
    /// When its customers are not rung, where they are; `never` for at any hour.
    pub(crate) quiet_hours: Field<Text<QuietHours>>,
    /// The account that is told of what is urgent while the desk is closed.
    pub(crate) on_call: Field<Text<AccountName>>,
    /// An account is on shift for this long after it last did something, unless it handed over.
    pub(crate) on_shift_for: Field<Text<Length>>,
    /// Above so many due callbacks, one queue card takes the place of the cards in a chat group.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) cards_open: Field<u32>,
    /// Who sees number and history in a chat group: the `claimer`, in private, or the whole `group`.
    pub(crate) card_detail: Field<Text<CardDetail>>,
    /// What agents write in a chat group after this is a note among them, and not carried.
    pub(crate) note_prefix: Field<Text<NotePrefix>>,
    /// Links in a chat are shown without a picture of where they lead.
    pub(crate) disable_link_preview: Field<bool>,
    /// What counts as an incident.
    pub(crate) incident: RawIncident,
}

/// So many callbacks by the count, of one topic, within so long are an incident.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Incident", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawIncident {
    /// So many.
    #[schemars(range(min = 2, max = 1000))]
    pub(crate) calls: Field<u32>,
    /// Within so long.
    pub(crate) within: Field<Text<Length>>,
}

/// How sure the reader must be of each judgement, in percent.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Reading", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawReading {
    /// That a message closes with thanks.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) thanks: Field<u32>,
    /// That the customer settles to wait.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) waiting: Field<u32>,
    /// That the customer asks for a call.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) wants_call: Field<u32>,
    /// That the customer would rather stay in text.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) wants_text: Field<u32>,
    /// That it is not solved.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) unsolved: Field<u32>,
    /// That the message only answers us.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) answers: Field<u32>,
    /// That identity data is asked for or offered.
    #[schemars(range(min = 1, max = 99))]
    pub(crate) identity: Field<u32>,
}

/// Changes to one list of phrases.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Phrases", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawPhrases {
    /// Phrases that count from now on.
    pub(crate) add: Field<Many<Text<Phrase>>>,
    /// Shipped phrases that no longer count.
    pub(crate) remove: Field<Many<Text<Phrase>>>,
}

/// How long what belongs to identity checks lasts.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Identity", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawIdentity {
    /// A one-time link can be opened for this long, and what it opened be filled in as long again.
    pub(crate) link_lasts: Field<Text<Length>>,
    /// A customer can ask for a link for this long after they were asked to fill a form in.
    pub(crate) ask_lasts: Field<Text<Length>>,
    /// What was filled in is deleted after this long, checked or not.
    pub(crate) keep_for: Field<Text<Length>>,
    /// An answer that asks for identity data goes back to its agent, unsent, after this long.
    pub(crate) hold_for: Field<Text<Length>>,
}

/// A form for identity checks.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Form", deny_unknown_fields, extend("required" = ["name", "title", "why", "fields"]))]
pub(crate) struct RawForm {
    /// Its name on the desk.
    pub(crate) name: Required<Text<FormName>>,
    /// What it is called on the page.
    pub(crate) title: Required<Texts>,
    /// Why you ask, for the customer.
    pub(crate) why: Required<Texts>,
    /// Offered where the enquiry is about one of these; without, where no other form is.
    pub(crate) topics: Field<Many<Text<Topic>>>,
    /// What is asked, in order.
    pub(crate) fields: Required<Many<RawFormField>>,
}

/// One thing that a form asks.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "FormField", deny_unknown_fields, extend("required" = ["name", "label"]))]
pub(crate) struct RawFormField {
    /// Its name: lower-case letters, digits and `_`.
    pub(crate) name: Required<Text<PlainName>>,
    /// What stands above it.
    pub(crate) label: Required<Texts>,
    /// What stands below it.
    pub(crate) help: Field<Texts>,
    /// What may be typed; `text` if left out.
    pub(crate) format: Field<TextOr<NamedFormat, RawFormat>>,
    /// It may be left empty.
    pub(crate) optional: Field<bool>,
}

/// A format that is more than a name: one of the two.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Format", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawFormat {
    /// So many digits, or at least and at most so many.
    pub(crate) digits: Field<Many<u32>>,
    /// One of these, each with what the customer reads.
    pub(crate) choice: Field<Keyed<PlainName, Texts>>,
}

/// How long what is kept is kept; at least a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Retention", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawRetention {
    /// Threads, with all that belongs to them, after the last that happened on them. Left out:
    /// for ever.
    pub(crate) threads: Field<Text<Length>>,
    /// The audit: who did what.
    pub(crate) audit: Field<Text<Length>>,
    /// What desks were told, once it has ended.
    pub(crate) notices: Field<Text<Length>>,
    /// Web chats that their customers have not opened since; the threads stay.
    pub(crate) chats: Field<Text<Length>>,
    /// That messages could not be taken.
    pub(crate) rejected: Field<Text<Length>>,
    /// What webhooks were told and have taken.
    pub(crate) sent: Field<Text<Length>>,
    /// What webhooks could not be told.
    pub(crate) dead: Field<Text<Length>>,
}

/// Data that only you know by its form, such as your members' numbers.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Pattern", deny_unknown_fields, extend("required" = ["name", "regex"]))]
pub(crate) struct RawPattern {
    /// Its name.
    pub(crate) name: Required<Text<PatternName>>,
    /// A regular expression; what it matches is the data, from the first to the last character.
    pub(crate) regex: Required<Text<Expression>>,
    /// What kind of data it finds: `custom` if left out.
    pub(crate) kind: Field<Text<SpanKind>>,
    /// Texts of your own in each of which it must find something.
    pub(crate) finds: Field<Many<Text<Free>>>,
    /// Texts of your own in which it must find nothing.
    pub(crate) leaves: Field<Many<Text<Free>>>,
}

/// A rule of the admin's.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Rule", deny_unknown_fields, extend("required" = ["name", "when", "then"]))]
pub(crate) struct RawRule {
    /// Its name in decisions and reports.
    pub(crate) name: Required<Text<AdminRuleName>>,
    /// When it matches: everything that is set must hold, of a list one entry.
    pub(crate) when: Required<RawWhen>,
    /// What it does.
    pub(crate) then: Required<Text<Then>>,
    /// The desk, if another than the channel's.
    pub(crate) desk: Field<Text<DeskName>>,
    /// Higher ones are tried first; equal ones in file order.
    pub(crate) priority: Field<i32>,
}

/// When a rule matches.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "When", deny_unknown_fields, extend("required" = []))]
pub(crate) struct RawWhen {
    /// The case has reached at least this exchange.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) exchange: Field<u32>,
    /// The message came in on one of these channels.
    pub(crate) channels: Field<Many<Text<ChannelName>>>,
    /// Everybody can see the message, or only the customer and we.
    pub(crate) visibility: Field<Text<Visibility>>,
    /// The message is about one of these.
    pub(crate) topics: Field<Many<Text<Topic>>>,
    /// The message has one of these words or phrases.
    pub(crate) words: Field<Many<Text<Phrase>>>,
    /// The message is in one of these languages.
    pub(crate) languages: Field<Many<Text<Language>>>,
    /// The channel set one of these tags.
    pub(crate) tags: Field<Many<Text<Tag>>>,
    /// The desk is open or closed when the message is written.
    pub(crate) hours: Field<Text<DeskHours>>,
}

/// A thread and what its last message must lead to.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Test", deny_unknown_fields, extend("required" = ["thread", "expect"]))]
pub(crate) struct RawTest {
    /// What it shows.
    pub(crate) name: Field<Text<Free>>,
    /// The channel it is on; without one, only what stands at the top of the file counts.
    pub(crate) channel: Field<Text<ChannelName>>,
    /// Everybody can see the messages, or only the customer and we (the default).
    pub(crate) visibility: Field<Text<Visibility>>,
    /// What the channel marked the messages with.
    pub(crate) tags: Field<Many<Text<Tag>>>,
    /// Who writes what, one minute apart or as `agent+2h: …` says.
    pub(crate) thread: Required<Many<Text<TestLine>>>,
    /// The actions of the last message, or `none`.
    pub(crate) expect: Required<Many<Text<Expected>>>,
    /// Whether the callback is soft.
    pub(crate) soft: Field<bool>,
    /// The rule that decides the last message.
    pub(crate) rule: Field<Text<Free>>,
}
