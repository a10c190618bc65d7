//! The admin's `[[rules]]` and `[[tests]]`: whether they make sense, and what they mean.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    fields::Spot,
    problem::{Problem, line_and_column, nearest},
    raw::{RawRule, RawSections, RawTest, RawWhen},
    validate::{Check, phrases},
};
use crate::{
    domain::{
        decision::{Action, RuleName},
        ids::{ChannelName, DeskName},
    },
    rules::{AdminRule, Desk, RuleTest, Then, When},
};

/// The channel of tests that name none. It need not exist: only the top-level settings hold there.
const TEST_CHANNEL: &str = "test";

impl Check<'_> {
    /// The rules in the order they are tried; their words go to `word_lists`.
    pub(super) fn rules(
        &mut self,
        sections: &RawSections,
        desks: &BTreeMap<DeskName, Desk>,
        word_lists: &mut Vec<Vec<String>>,
    ) -> Vec<AdminRule> {
        let mut names = BTreeSet::new();
        let mut rules = Vec::new();
        for raw in sections.rules.items() {
            let raw = &raw.value;
            let desk = self.desk(&raw.desk, desks);
            self.rule_name(raw, &mut names);
            let (Some(name), Some(when), Some(then)) =
                (raw.name.meaning(), raw.when.given(), raw.then.meaning())
            else {
                continue;
            };
            if let Some(span) = raw.desk.span().filter(|_| *then == Then::None) {
                self.problem(
                    Problem::new("a rule that does nothing needs no desk")
                        .at(span, "not used")
                        .help("leave out `desk`"),
                );
            }
            rules.push(AdminRule {
                name: name.clone(),
                when: self.when(when, sections, word_lists),
                then: *then,
                desk,
                priority: raw.priority.value().copied().unwrap_or_default(),
            });
        }
        rules.sort_by_key(|rule| Reverse(rule.priority));
        rules
    }

    fn rule_name<'r>(&mut self, raw: &'r RawRule, names: &mut BTreeSet<&'r str>) {
        let Some(name) = raw.name.given() else {
            return;
        };
        let (text, span) = (name.value.0.as_str(), &name.span);
        if RuleName::BUILT_IN.contains(&text) {
            self.problem(
                Problem::new(format!("`{text}` is the name of a built-in rule"))
                    .at(span, "taken")
                    .help("give your rule a name of its own: it is shown with each decision"),
            );
        }
        if !names.insert(text) {
            self.problem(
                Problem::new(format!("there are two rules called `{text}`"))
                    .at(span, "the second")
                    .help("give each rule a name of its own"),
            );
        }
    }

    fn when(
        &mut self,
        raw: &Spot<RawWhen>,
        sections: &RawSections,
        word_lists: &mut Vec<Vec<String>>,
    ) -> When {
        let (raw, span) = (&raw.value, &raw.span);
        let problems = self.problems.len();
        for channel in self.list(&raw.channels) {
            self.channel(&channel.value.0, &channel.span);
        }
        for topic in self.list(&raw.topics) {
            self.topic(topic, sections);
        }
        let words = phrases(self.list(&raw.words));
        let words = (!words.is_empty()).then(|| {
            word_lists.push(words);
            word_lists.len() - 1
        });
        let languages = self.list(&raw.languages).iter().map(|spot| spot.value.0);
        let when = When {
            exchange: self.exchange(&raw.exchange),
            channels: meanings(raw.channels.items()),
            visibility: raw.visibility.meaning().copied(),
            topics: meanings(raw.topics.items()),
            words,
            languages: languages.collect(),
            tags: meanings(self.list(&raw.tags)),
            hours: raw.hours.meaning().copied(),
        };
        // An empty list leaves no condition either, but that is noted already.
        if when == When::default() && self.problems.len() == problems {
            self.problem(
                Problem::new("this rule would match every message")
                    .at(span, "no condition")
                    .help("give it a condition; `exchange = 1` if every message is really meant"),
            );
        }
        when
    }

    /// The tests, in file order.
    pub(super) fn tests(&mut self, sections: &RawSections) -> Vec<RuleTest> {
        let tests = sections.tests.items().iter();
        tests.filter_map(|raw| self.test(raw, sections)).collect()
    }

    fn test(&mut self, raw: &Spot<RawTest>, sections: &RawSections) -> Option<RuleTest> {
        let (raw, span) = (&raw.value, &raw.span);
        if let Some(channel) = raw.channel.given() {
            self.channel(&channel.value.0, &channel.span);
        }
        let expect = self.expected(raw);
        let name = match raw.name.meaning() {
            Some(name) => name.0.clone(),
            None => {
                let at = raw.thread.span().unwrap_or(span);
                format!(
                    "the test at line {}",
                    line_and_column(self.source, at.start).0
                )
            }
        };
        Some(RuleTest {
            name,
            channel: match raw.channel.meaning() {
                Some(channel) => channel.clone(),
                None => ChannelName::parse(TEST_CHANNEL).ok()?,
            },
            visibility: raw.visibility.meaning().copied().unwrap_or_default(),
            tags: meanings(self.list(&raw.tags)),
            thread: meanings(self.list(&raw.thread)),
            expect,
            soft: raw.soft.value().copied(),
            rule: self.test_rule(raw, sections),
        })
    }

    /// The actions that a test expects.
    fn expected(&mut self, raw: &RawTest) -> Vec<Action> {
        let items = raw.expect.items();
        let actions: BTreeSet<Action> = items.iter().filter_map(|item| item.value.0.0).collect();
        let none = items.iter().find(|item| item.value.0.0.is_none());
        if let Some(none) = none.filter(|_| !actions.is_empty()) {
            self.problem(
                Problem::new("`none` and an action cannot both be expected")
                    .at(&none.span, None)
                    .help("leave `none` out, or the actions"),
            );
        }
        let rings = actions.contains(&Action::Callback);
        if let Some(span) = raw.soft.span().filter(|_| !rings) {
            self.problem(
                Problem::new("`soft` is about a callback, and this test expects none")
                    .at(span, None)
                    .help("expect \"callback\", or leave out `soft`"),
            );
        }
        actions.into_iter().collect()
    }

    /// The rule that a test expects to decide.
    fn test_rule(&mut self, raw: &RawTest, sections: &RawSections) -> Option<String> {
        let rule = raw.rule.given()?;
        let name = rule.value.0.0.as_str();
        let own = sections.rules.items().iter();
        let own = own.filter_map(|rule| Some(rule.value.name.meaning()?.as_str()));
        let valid: Vec<&str> = RuleName::BUILT_IN.iter().copied().chain(own).collect();
        if !valid.contains(&name) {
            self.problem(
                Problem::new(format!("there is no rule `{name}`"))
                    .at(&rule.span, "unknown rule")
                    .maybe_help(nearest(name, valid)),
            );
        }
        Some(name.to_owned())
    }
}

/// What the texts of a list mean.
fn meanings<T: Clone>(spots: &[Spot<super::fields::Text<T>>]) -> Vec<T> {
    spots.iter().map(|spot| spot.value.0.clone()).collect()
}
