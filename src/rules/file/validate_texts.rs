//! What customers read: `[messages]`, `[[forms]]` and `[identity]`: whether they make sense, and what
//! they mean.

use std::{collections::BTreeSet, ops::Range};

use super::{
    fields::{Field, Keyed, Spot, Text, TextOr},
    problem::{Problem, nearest, one_line},
    raw::{RawForm, RawFormField, RawFormat, RawIdentity, RawSections},
    texts::{ForCustomers, NamedFormat, OneLanguage, PlainName, Texts},
    validate::Check,
};
use crate::{
    domain::{decision::Utterance, reading::Language, time::Length},
    rules::{
        Desk,
        forms::{FieldFormat, Form, FormField, IdentityPolicy, Localised},
        messages::{Known, Messages, Named, Variables, named, render, unknown_variables},
    },
};

/// The most fields of a form: nobody fills more in on a phone.
const MOST_FIELDS: usize = 20;
/// The most digits that a field may ask for.
const MOST_DIGITS: u32 = 50;

impl Check<'_> {
    /// The file's texts over those that hold without it. Each is said once with the brand of every
    /// desk, with a form and without, and without each thing that may not be known, so that it cannot
    /// fail later.
    pub(super) fn messages<'d>(
        &mut self,
        raw: &Keyed<Utterance, Keyed<OneLanguage, Spot<Text<ForCustomers>>>>,
        base: Messages,
        desks: impl IntoIterator<Item = &'d Desk>,
    ) -> Messages {
        let brands: BTreeSet<&str> = desks.into_iter().map(|desk| desk.brand.as_str()).collect();
        let mut messages = base;
        for (utterance, texts) in &raw.0 {
            for (language, text) in &texts.0 {
                let source = &text.value.0.0;
                self.template(utterance.value, source, &text.span, &brands);
                let place = (utterance.value, language.value.0);
                messages.0.insert(place, source.clone());
            }
        }
        messages
    }

    /// Notes what would make a text fail when it is said.
    fn template(
        &mut self,
        utterance: Utterance,
        source: &str,
        span: &Range<usize>,
        brands: &BTreeSet<&str>,
    ) {
        let unknown = match unknown_variables(source, utterance) {
            Ok(unknown) => unknown,
            Err(error) => return self.broken_template(&error, span),
        };
        for name in &unknown {
            self.problem(
                Problem::new(format!(
                    "a text of `{}` cannot name `{}`",
                    utterance.as_str(),
                    one_line(name)
                ))
                .at(span, "not known here")
                .maybe_help(nearest(name, named(utterance))),
            );
        }
        if !unknown.is_empty() {
            return;
        }
        let said = brands.iter().find_map(|brand| {
            let example = Variables {
                brand,
                ..Variables::NAMES
            };
            [true, false].into_iter().find_map(|form| {
                let known = Variables { form, ..example }.known(utterance);
                fails(source, &known, Named::by(utterance).sometimes)
            })
        });
        match said {
            Some(Failure::Broken(error)) => self.broken_template(&error, span),
            Some(Failure::Without(name)) => self.problem(
                Problem::new(format!(
                    "this text cannot be said when `{name}` is not known"
                ))
                .at(span, "broken then")
                .help(format!(
                    "ask for it first: `{{% if {name} %}}…{{{{ {name} }}}}…{{% endif %}}`"
                )),
            ),
            None => {}
        }
    }

    fn broken_template(&mut self, error: &minijinja::Error, span: &Range<usize>) {
        let why = error.detail().map_or_else(
            || error.kind().to_string(),
            |detail| one_line(detail).trim_end_matches('.').to_owned(),
        );
        let line = match error.line() {
            None | Some(0 | 1) => String::new(),
            Some(line) => format!(" in line {line} of it"),
        };
        self.problem(
            Problem::new(format!("this text cannot be said{line}: {why}"))
                .at(span, "broken")
                .help(
                    "write `{{ brand }}` for the brand, and \
                     `{% if form %}…{% else %}…{% endif %}` to choose by whether a form comes along",
                ),
        );
    }

    /// The file's forms; `None` if it says nothing of forms. A text without a language is in `main`.
    pub(super) fn forms(&mut self, sections: &RawSections, main: Language) -> Option<Vec<Form>> {
        let raw = sections.forms.value()?;
        let mut names = BTreeSet::new();
        let forms = raw.0.iter().filter_map(|form| {
            let form = &form.value;
            if let Some(name) = form.name.given()
                && !names.insert(name.value.0.clone())
            {
                self.named_twice("forms", name.value.0.as_str(), &name.span);
            }
            self.form(form, sections, main)
        });
        Some(forms.collect())
    }

    fn form(&mut self, raw: &RawForm, sections: &RawSections, main: Language) -> Option<Form> {
        for topic in self.list(&raw.topics) {
            self.topic(topic, sections);
        }
        let title = self.texts(&raw.title, main);
        let why = self.texts(&raw.why, main);
        let fields = self.form_fields(raw, main);
        Some(Form {
            name: raw.name.meaning()?.clone(),
            title,
            why,
            topics: raw
                .topics
                .items()
                .iter()
                .map(|topic| topic.value.0.clone())
                .collect(),
            fields,
        })
    }

    fn form_fields(&mut self, raw: &RawForm, main: Language) -> Vec<FormField> {
        let spots = raw.fields.items();
        if let Some(span) = raw.fields.span()
            && !(1..=MOST_FIELDS).contains(&spots.len())
        {
            self.problem(
                Problem::new(format!("a form has 1 to {MOST_FIELDS} fields"))
                    .at(span, None)
                    .help("ask for what you check and for nothing else"),
            );
        }
        let mut names = BTreeSet::new();
        let fields = spots.iter().filter_map(|field| {
            let field = &field.value;
            if let Some(name) = field.name.given()
                && !names.insert(name.value.0.0.clone())
            {
                self.named_twice("fields", &name.value.0.0, &name.span);
            }
            let format = self.format(field, main);
            Some(FormField {
                label: self.texts(&field.label, main),
                help: self.texts(&field.help, main),
                name: field.name.meaning()?.0.clone(),
                format,
                optional: field.optional.value().copied().unwrap_or_default(),
            })
        });
        fields.collect()
    }

    fn named_twice(&mut self, what: &str, name: &str, span: &Range<usize>) {
        self.problem(
            Problem::new(format!("there are two {what} called `{name}`"))
                .at(span, "the second")
                .help("give each a name of its own"),
        );
    }

    fn format(&mut self, field: &RawFormField, main: Language) -> FieldFormat {
        let Some(spot) = field.format.given() else {
            return FieldFormat::Text;
        };
        match &spot.value {
            TextOr::Text(Text(NamedFormat::Text)) => FieldFormat::Text,
            TextOr::Text(Text(NamedFormat::Date)) => FieldFormat::Date,
            TextOr::Text(Text(NamedFormat::Email)) => FieldFormat::Email,
            TextOr::Text(Text(NamedFormat::Phone)) => FieldFormat::Phone,
            TextOr::Table(RawFormat { digits, choice }) => match (digits.given(), choice.given()) {
                (Some(digits), None) => self.digits(&digits.value.0, &digits.span),
                (None, Some(choice)) => self.choice(&choice.value, &choice.span, main),
                _ => {
                    self.problem(
                        Problem::new("a format is either `digits` or `choice`")
                            .at(&spot.span, None)
                            .help("write { digits = 6 }, or { choice = { yes = \"Yes\", no = \"No\" } }"),
                    );
                    FieldFormat::Text
                }
            },
        }
    }

    fn digits(&mut self, numbers: &[Spot<u32>], span: &Range<usize>) -> FieldFormat {
        let bounds = match numbers {
            [exactly] => Some((exactly.value, exactly.value)),
            [least, most] => Some((least.value, most.value)),
            _ => None,
        };
        let bounds =
            bounds.filter(|(least, most)| 1 <= *least && least <= most && *most <= MOST_DIGITS);
        let Some((least, most)) = bounds else {
            self.problem(
                Problem::new(format!("a field has 1 to {MOST_DIGITS} digits"))
                    .at(span, None)
                    .help(
                        "write { digits = 6 }, or { digits = [4, 8] } for at least 4 and at most 8",
                    ),
            );
            return FieldFormat::Text;
        };
        FieldFormat::Digits { least, most }
    }

    fn choice(
        &mut self,
        raw: &Keyed<PlainName, Texts>,
        span: &Range<usize>,
        main: Language,
    ) -> FieldFormat {
        if raw.0.len() < 2 {
            self.problem(
                Problem::new("a choice needs two things to choose from")
                    .at(span, None)
                    .help("add one, or use another format"),
            );
        }
        let choices = raw.0.iter().map(|(name, texts)| {
            let texts = self.localised(texts, &name.span, main);
            (name.value.0.clone(), texts)
        });
        FieldFormat::Choice(choices.collect())
    }

    fn texts<const REQUIRED: bool>(
        &mut self,
        texts: &Field<Texts, REQUIRED>,
        main: Language,
    ) -> Localised {
        texts.given().map_or_else(Localised::default, |spot| {
            self.localised(&spot.value, &spot.span, main)
        })
    }

    /// A text in its languages; an empty one is noted, because a page without words helps nobody.
    fn localised(&mut self, texts: &Texts, span: &Range<usize>, main: Language) -> Localised {
        let localised: Vec<(Language, &Range<usize>, &String)> = match texts {
            TextOr::Text(Text(ForCustomers(text))) => vec![(main, span, text)],
            TextOr::Table(texts) => texts
                .0
                .iter()
                .map(|(language, text)| (language.value.0, &text.span, &text.value.0.0))
                .collect(),
        };
        if localised.is_empty() {
            self.empty_text(span);
        }
        for (_, span, text) in &localised {
            if text.is_empty() {
                self.empty_text(span);
            }
        }
        let localised = localised.into_iter();
        Localised(
            localised
                .map(|(language, _, text)| (language, text.clone()))
                .collect(),
        )
    }

    fn empty_text(&mut self, span: &Range<usize>) {
        self.problem(
            Problem::new("a customer would read nothing here")
                .at(span, "empty")
                .help("write a text, or one per language: { en = \"…\", de = \"…\" }"),
        );
    }

    /// How long what belongs to identity checks lasts.
    pub(super) fn identity(&mut self, raw: &RawIdentity) -> IdentityPolicy {
        let base = IdentityPolicy::default();
        let policy = IdentityPolicy {
            link_lasts: self.lasts(&raw.link_lasts, base.link_lasts, LINK_LASTS),
            ask_lasts: self.lasts(&raw.ask_lasts, base.ask_lasts, ASK_LASTS),
            keep_for: self.lasts(&raw.keep_for, base.keep_for, KEEP_FOR),
            hold_for: self.lasts(&raw.hold_for, base.hold_for, HOLD_FOR),
        };
        let spans = [raw.link_lasts.span(), raw.ask_lasts.span()];
        let mut spans = spans.into_iter().flatten().peekable();
        if spans.peek().is_some() && policy.ask_lasts < policy.link_lasts {
            let problem = Problem::new(format!(
                "`ask_lasts` ({}) must not be shorter than `link_lasts` ({})",
                policy.ask_lasts, policy.link_lasts
            ))
            .help("a link must not outlive what it is for");
            self.problem(spans.fold(problem, |problem, span| problem.at(span, None)));
        }
        policy
    }

    fn lasts(&mut self, field: &Field<Text<Length>>, base: Length, bounds: Bounds) -> Length {
        let Some(spot) = field.given() else {
            return base;
        };
        let Bounds {
            key,
            least,
            most,
            why,
        } = bounds;
        let length = spot.value.0;
        if length < least || most < length {
            self.problem(
                Problem::new(format!("`{key}` must be between {least} and {most}"))
                    .at(&spot.span, None)
                    .help(why),
            );
        }
        length
    }
}

/// Why a text cannot be said.
enum Failure {
    /// Never.
    Broken(minijinja::Error),
    /// Not while this is not known.
    Without(&'static str),
}

/// Whether a text fails with what is known, or without any of what may not be.
fn fails(source: &str, known: &Known, sometimes: &[&'static str]) -> Option<Failure> {
    if let Err(error) = render(source, known) {
        return Some(Failure::Broken(error));
    }
    let (name, others) = sometimes.split_first()?;
    let mut without = known.clone();
    without.remove(name);
    if render(source, &without).is_err() {
        return Some(Failure::Without(name));
    }
    fails(source, known, others).or_else(|| fails(source, &without, others))
}

/// How long something may last.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    key: &'static str,
    least: Length,
    most: Length,
    /// Why not shorter or longer.
    why: &'static str,
}

const LINK_LASTS: Bounds = Bounds {
    key: "link_lasts",
    least: Length::minutes(5),
    most: Length::hours(24),
    why: "a person needs some minutes to find a number, and a link lies about as long as it lasts",
};
const ASK_LASTS: Bounds = Bounds {
    key: "ask_lasts",
    least: Length::minutes(5),
    most: Length::hours(7 * 24),
    why: "a customer may come back the next day; after a week it is another enquiry",
};
const KEEP_FOR: Bounds = Bounds {
    key: "keep_for",
    least: Length::hours(1),
    most: Length::hours(30 * 24),
    why: "somebody must have the time to check it, and nothing is safer than what is deleted",
};
const HOLD_FOR: Bounds = Bounds {
    key: "hold_for",
    least: Length::minutes(1),
    most: Length::hours(24),
    why: "an agent must have the time to decide, and the customer waits",
};
