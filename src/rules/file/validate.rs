//! Whether a file that fits its shape makes sense as a whole, and the `Rules` that it means.
//! Notes every problem and goes on; reads nothing but what it is given.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Range, RangeInclusive},
};

use super::{
    fields::{Field, Keyed, Many, Spot, Text},
    problem::{Problem, nearest},
    raw::{RawFile, RawPhrases, RawPolicy, RawReading, RawSections},
    words::Phrase,
};
use crate::{
    domain::{
        hours::Zone,
        ids::{ChannelName, DeskName, RulesVersion, Topic},
        reading::Language,
        time::Length,
        vocabulary::{PhraseChanges, PhraseList, Threshold, Thresholds, Vocabulary},
    },
    rules::{Desk, Policy, Rules, forms, messages::Messages},
};

/// The highest exchange that a setting may name; conversations do not go on that long.
pub(super) const MOST_EXCHANGES: u32 = 1000;
/// The most often a call is tried again; more is pestering.
const MOST_ATTEMPTS: u32 = 20;
/// The most lengths between attempts.
const MOST_WAITS: usize = 20;

/// Makes `Rules` of a file.
///
/// # Errors
/// Everything that makes no sense; never an empty list.
pub(super) fn validate(
    (policy, sections): &RawFile,
    source: &str,
    version: RulesVersion,
    channels: Option<&BTreeSet<ChannelName>>,
) -> Result<Rules, Vec<Problem>> {
    let mut check = Check::new(source, channels);
    let desks = check.desks(&sections.desks);
    let built_in = Policy {
        desk: check.main_desk(policy, &desks, &sections.desks),
        ..Policy::default()
    };
    let defaults = check.policy(policy, &built_in, &desks);
    let mut overrides = BTreeMap::new();
    for (name, raw) in &sections.channels.0 {
        check.channel(&name.value, &name.span);
        let policy = check.policy(raw, &defaults, &desks);
        overrides.insert(name.value.clone(), policy);
    }
    let retention = check.retention(&sections.retention, &defaults, &overrides);
    let mut vocabulary = check.vocabulary(sections);
    let rules = check.rules(sections, &desks, &mut vocabulary.word_lists);
    let tests = check.tests(sections);
    let main_language = desks.get(&defaults.desk).map(|desk| desk.language);
    let forms = check.forms(sections, main_language.unwrap_or(Language::ENGLISH));
    let identity = check.identity(&sections.identity);
    let messages = check.messages(&sections.messages, Messages::default(), desks.values());
    if check.problems.is_empty() {
        Ok(Rules {
            version,
            defaults,
            channels: overrides,
            desks,
            rules,
            forms: forms.unwrap_or_else(forms::shipped),
            identity,
            messages,
            retention,
            vocabulary,
            tests,
        })
    } else {
        Err(check.problems)
    }
}

/// A file being checked.
pub(super) struct Check<'a> {
    /// The channels there are; `None` if any name will do.
    pub(super) channels: Option<&'a BTreeSet<ChannelName>>,
    pub(super) source: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    /// Of a file with the text `source`.
    pub(super) const fn new(source: &'a str, channels: Option<&'a BTreeSet<ChannelName>>) -> Self {
        Self {
            channels,
            source,
            problems: Vec::new(),
        }
    }
}

impl Check<'_> {
    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes a channel that is not there.
    pub(super) fn channel(&mut self, channel: &ChannelName, span: &Range<usize>) {
        let Some(channels) = self.channels else {
            return;
        };
        if !channels.contains(channel) {
            let valid = channels.iter().map(ChannelName::as_str);
            self.problem(
                Problem::new(format!("the settings have no channel `{channel}`"))
                    .at(span, "unknown channel")
                    .maybe_help(nearest(channel.as_str(), valid)),
            );
        }
    }

    /// The desk of that name, noted if it is not there.
    pub(super) fn desk(
        &mut self,
        name: &Field<Text<DeskName>>,
        desks: &BTreeMap<DeskName, Desk>,
    ) -> Option<DeskName> {
        let name = name.given()?;
        let desk = &name.value.0;
        if !desks.contains_key(desk) {
            let valid = desks.keys().map(DeskName::as_str);
            let help = nearest(desk.as_str(), valid)
                .unwrap_or_else(|| format!("add a table `[desks.{desk}]`"));
            self.problem(
                Problem::new(format!("there is no desk `{desk}`"))
                    .at(&name.span, "unknown desk")
                    .help(help),
            );
        }
        Some(desk.clone())
    }

    /// An exchange that a setting names.
    pub(super) fn exchange(&mut self, exchange: &Field<u32>) -> Option<u32> {
        let exchange = exchange.given()?;
        if !(1..=MOST_EXCHANGES).contains(&exchange.value) {
            self.problem(
                Problem::new(format!("exchanges count from 1 to {MOST_EXCHANGES}"))
                    .at(&exchange.span, "not an exchange")
                    .help("the customer's first turn is exchange 1, our answer 2, their next 3"),
            );
        }
        Some(exchange.value)
    }

    /// A number that must lie in a range. `what` begins the sentence that says so.
    pub(super) fn count(
        &mut self,
        number: &Field<u32>,
        range: RangeInclusive<u32>,
        what: &str,
        help: &str,
    ) -> Option<u32> {
        let number = number.given()?;
        if !range.contains(&number.value) {
            let is_many = number.value > *range.end();
            let (least, most) = range.into_inner();
            self.problem(
                Problem::new(format!("{what} must be {least} to {most}"))
                    .at(&number.span, if is_many { "too many" } else { "too few" })
                    .help(help),
            );
        }
        Some(number.value)
    }

    /// A length of time that must not be zero. `problem` says why not, `such_as` what would do.
    pub(super) fn some_time(
        &mut self,
        length: &Field<Text<Length>>,
        problem: &str,
        such_as: &str,
    ) -> Option<Length> {
        let spot = length.given()?;
        self.not_zero(spot, problem, such_as);
        Some(spot.value.0)
    }

    fn not_zero(&mut self, spot: &Spot<Text<Length>>, problem: &str, such_as: &str) {
        if spot.value.0 == Length::minutes(0) {
            self.problem(
                Problem::new(problem)
                    .at(&spot.span, "no time at all")
                    .help(format!("write a length of time, such as \"{such_as}\"")),
            );
        }
    }

    /// A list that must not be empty, because an empty one would never match.
    pub(super) fn list<'f, T, const REQUIRED: bool>(
        &mut self,
        list: &'f Field<Many<T>, REQUIRED>,
    ) -> &'f [Spot<T>] {
        if let Some(span) = list.span().filter(|_| list.items().is_empty()) {
            self.problem(
                Problem::new("an empty list does nothing")
                    .at(span, "empty")
                    .help("put something in it or leave the key out"),
            );
        }
        list.items()
    }

    /// What a table of policy keys means over what holds without it.
    fn policy(
        &mut self,
        raw: &RawPolicy,
        base: &Policy,
        desks: &BTreeMap<DeskName, Desk>,
    ) -> Policy {
        let length = |field: &Field<Text<Length>>, base| field.meaning().copied().unwrap_or(base);
        let reminder = |check: &mut Self, field: &Field<Text<Length>>, such_as, base| {
            let problem = "a reminder needs some time to pass";
            check.some_time(field, problem, such_as).unwrap_or(base)
        };
        let policy = Policy {
            exchanges: self.exchange(&raw.exchanges).unwrap_or(base.exchanges),
            merge_within: length(&raw.merge_within, base.merge_within),
            reopen_within: length(&raw.reopen_within, base.reopen_within),
            new_case_after: length(&raw.new_case_after, base.new_case_after),
            soft_wait: length(&raw.soft_wait, base.soft_wait),
            text_limit: self.exchange(&raw.text_limit).unwrap_or(base.text_limit),
            answer_within: reminder(self, &raw.answer_within, "30m", base.answer_within),
            check_back_after: reminder(self, &raw.check_back_after, "24h", base.check_back_after),
            grace: self
                .count(
                    &raw.grace,
                    0..=MOST_EXCHANGES,
                    "the exchanges of `grace`",
                    "2 lets our answer and the customer's next turn pass",
                )
                .unwrap_or(base.grace),
            mute_lasts: self
                .some_time(&raw.mute_lasts, "a mute needs some time to last", "30d")
                .unwrap_or(base.mute_lasts),
            claim_within: reminder(self, &raw.claim_within, "10m", base.claim_within),
            claim_lease: reminder(self, &raw.claim_lease, "30m", base.claim_lease),
            attempts: self
                .count(
                    &raw.attempts,
                    0..=MOST_ATTEMPTS,
                    "`attempts`",
                    "3 tries it again three times; 0 gives up after the first call",
                )
                .unwrap_or(base.attempts),
            retry_after: self
                .retry_after(&raw.retry_after)
                .unwrap_or_else(|| base.retry_after.clone()),
            zone: raw
                .zone
                .meaning()
                .map(Zone::of)
                .or_else(|| base.zone.clone()),
            country: raw.country.meaning().or(base.country.as_ref()).cloned(),
            video_url: match raw.video_url.meaning() {
                Some(given) => given.0.clone(),
                None => base.video_url.clone(),
            },
            ask_satisfaction: raw
                .ask_satisfaction
                .value()
                .copied()
                .unwrap_or(base.ask_satisfaction),
            on_soft: raw.on_soft.meaning().copied().unwrap_or(base.on_soft),
            watch: raw.watch.value().copied().unwrap_or(base.watch),
            speak: raw.speak.meaning().copied().unwrap_or(base.speak),
            desk: self
                .desk(&raw.desk, desks)
                .unwrap_or_else(|| base.desk.clone()),
        };
        let spans = [raw.merge_within.span(), raw.new_case_after.span()];
        let mut spans = spans.into_iter().flatten().peekable();
        if spans.peek().is_some() && policy.merge_within >= policy.new_case_after {
            let mut problem = Problem::new(format!(
                "`merge_within` ({}) must be shorter than `new_case_after` ({})",
                policy.merge_within, policy.new_case_after
            ))
            .help("messages of one turn lie minutes apart, cases days: \"10m\" and \"72h\"");
            for span in spans {
                problem = problem.at(span, None);
            }
            self.problem(problem);
        }
        policy
    }

    /// How long after each call that nobody answered.
    fn retry_after(&mut self, waits: &Field<Many<Text<Length>>>) -> Option<Vec<Length>> {
        let span = waits.span()?;
        let spots = self.list(waits);
        if spots.len() > MOST_WAITS {
            self.problem(
                Problem::new(format!("`retry_after` has at most {MOST_WAITS} lengths"))
                    .at(span, "too many")
                    .help("the last one holds for all further attempts"),
            );
        }
        for spot in spots {
            self.not_zero(spot, "a call is not tried again at once", "15m");
        }
        Some(spots.iter().map(|spot| spot.value.0).collect())
    }

    fn vocabulary(&mut self, sections: &RawSections) -> Vocabulary {
        let mut topics = Vec::new();
        for (topic, words) in &sections.topics.0 {
            let words = phrases(&words.0);
            if words.is_empty() {
                self.problem(
                    Problem::new(format!("the topic `{}` has no words", topic.value))
                        .at(&topic.span, "no words")
                        .help("give it words to look for, or leave it out"),
                );
            }
            topics.push((topic.value.clone(), words));
        }
        let levels = sections.levels.0.iter();
        let levels = levels.filter_map(|(kind, level)| Some((kind.value, *level.meaning()?)));
        Vocabulary {
            phrases: self.phrase_changes(&sections.phrases),
            topics,
            word_lists: Vec::new(),
            patterns: self.patterns(sections),
            levels: levels.collect(),
            sure: self.thresholds(&sections.reading),
        }
    }

    fn thresholds(&mut self, raw: &RawReading) -> Thresholds {
        let built_in = Thresholds::default();
        let mut read = |number: &Field<u32>, shipped: Threshold, key: &str| {
            let what = format!("`reading.{key}`, in percent,");
            let help = format!("shipped is {shipped}: more is stricter");
            let number = self.count(number, Threshold::RANGE, &what, &help);
            number.and_then(Threshold::parse).unwrap_or(shipped)
        };
        Thresholds {
            thanks: read(&raw.thanks, built_in.thanks, "thanks"),
            waiting: read(&raw.waiting, built_in.waiting, "waiting"),
            wants_call: read(&raw.wants_call, built_in.wants_call, "wants_call"),
            wants_text: read(&raw.wants_text, built_in.wants_text, "wants_text"),
            unsolved: read(&raw.unsolved, built_in.unsolved, "unsolved"),
            answers: read(&raw.answers, built_in.answers, "answers"),
            identity: read(&raw.identity, built_in.identity, "identity"),
        }
    }

    fn phrase_changes(
        &mut self,
        raw: &Keyed<PhraseList, RawPhrases>,
    ) -> BTreeMap<PhraseList, PhraseChanges> {
        let mut lists = BTreeMap::new();
        for (list, changes) in &raw.0 {
            let add = phrases(changes.add.items());
            let added: BTreeSet<String> = add.iter().map(|phrase| phrase.to_lowercase()).collect();
            for removed in changes.remove.items() {
                if added.contains(&removed.value.0.0.to_lowercase()) {
                    self.problem(
                        Problem::new("a phrase cannot be both added and removed")
                            .at(&removed.span, "added above")
                            .help("leave it in one of the two"),
                    );
                }
            }
            let remove = phrases(changes.remove.items());
            lists.insert(list.value, PhraseChanges { add, remove });
        }
        lists
    }

    /// Notes a reference to a topic that the file does not have.
    pub(super) fn topic(&mut self, topic: &Spot<Text<Topic>>, sections: &RawSections) {
        let valid = || {
            let topics = sections.topics.0.iter();
            topics.map(|(topic, _)| topic.value.as_str())
        };
        let name = topic.value.0.as_str();
        if !valid().any(|topic| topic == name) {
            let help = nearest(name, valid())
                .unwrap_or_else(|| format!("add its words under `[topics]`: {name} = [\"…\"]"));
            self.problem(
                Problem::new(format!("there is no topic `{name}`"))
                    .at(&topic.span, "unknown topic")
                    .help(help),
            );
        }
    }
}

/// The phrases themselves.
pub(super) fn phrases(spots: &[Spot<Text<Phrase>>]) -> Vec<String> {
    spots.iter().map(|spot| spot.value.0.0.clone()).collect()
}
