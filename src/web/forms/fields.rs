//! How a field looks: its label, its help, what was typed and what is wrong with it.

use super::{sheet::Worded, typed::Typed, wording::Words};
use crate::rules::forms::{FieldFormat, FieldProblem, FormField, Localised};

/// From so many choices on they are a list to open.
const LONG_LIST: usize = 7;

/// One field of a page.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// Its name in the page, and its id.
    pub(super) id: String,
    pub(super) label: Worded<'a>,
    /// What stands below it.
    pub(super) help: Option<Worded<'a>>,
    pub(super) optional: bool,
    pub(super) input: Input<'a>,
    /// What stands in it.
    pub(super) typed: &'a str,
    /// What is wrong with that, in the page's language.
    pub(super) problem: Option<String>,
}

/// What one types into or chooses from.
#[derive(Debug)]
pub(super) enum Input<'a> {
    /// One line.
    Line(Line),
    /// A few choices, all to be seen.
    Few(Vec<Choice<'a>>),
    /// Many, as a list to open.
    Many(Vec<Choice<'a>>),
    /// Times or time zones, as a list to open.
    Times(&'a Times),
}

/// Times or time zones to choose from, in the page's language.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// The entry for none of them.
    pub(super) none: Option<&'static str>,
    /// The rest, under a heading where they have one.
    pub(super) groups: Vec<(Option<String>, Vec<Time>)>,
}

/// One of [`Times`].
#[derive(Debug)]
pub(super) struct Time {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

/// How a line is typed: `type`, `inputmode` and `autocomplete` of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) kind: &'static str,
    pub(super) keyboard: &'static str,
    pub(super) autocomplete: &'static str,
}

/// One choice.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) name: &'a str,
    pub(super) label: Worded<'a>,
    pub(super) is_chosen: bool,
}

impl<'a> Field<'a> {
    /// A field of an admin's form.
    pub(super) fn of(
        field: &'a FormField,
        words: &'static Words,
        typed: &'a Typed,
        problem: Option<FieldProblem>,
    ) -> Self {
        let id = id_of(&field.name);
        let typed = typed.of(&id);
        let help = (!field.help.in_language(words.spoken()).is_empty())
            .then(|| Worded::of(&field.help, words))
            .or_else(|| example(&field.format, words));
        Self {
            label: Worded::of(&field.label, words),
            help,
            optional: field.optional,
            input: input(field, words, typed),
            typed,
            problem: problem.map(|problem| words.problem(&problem, &field.format)),
            id,
        }
    }

    /// What describes it, by ids, for a screen reader.
    pub(super) fn described_by(&self) -> Option<String> {
        let help = self.help.map(|_| format!("{}-help", self.id));
        let problem = self.problem.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<String> = help.into_iter().chain(problem).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A field's name in the page. None of ours begins so.
pub(super) fn id_of(name: &str) -> String {
    format!("f-{name}")
}

/// How it may be typed, where the admin does not say.
const fn example(format: &FieldFormat, words: &Words) -> Option<Worded<'static>> {
    match format {
        FieldFormat::Date => Some(Worded::ours(words.date_example)),
        FieldFormat::Phone => Some(Worded::ours(words.phone_example)),
        _ => None,
    }
}

fn input<'a>(field: &'a FormField, words: &Words, typed: &str) -> Input<'a> {
    let autocomplete = autocomplete(&field.name);
    let line = |kind, keyboard, usual| {
        Input::Line(Line {
            kind,
            keyboard,
            autocomplete: autocomplete.unwrap_or(usual),
        })
    };
    match &field.format {
        FieldFormat::Text => line("text", "text", "off"),
        FieldFormat::Date => line("text", "text", "off"),
        FieldFormat::Digits { .. } => line("text", "numeric", "off"),
        FieldFormat::Email => line("email", "email", "email"),
        FieldFormat::Phone => line("tel", "tel", "tel"),
        FieldFormat::Choice(choices) => {
            let choices: Vec<Choice<'a>> = choices
                .iter()
                .map(|(name, label)| choice(name, label, words, typed))
                .collect();
            if choices.len() < LONG_LIST {
                Input::Few(choices)
            } else {
                Input::Many(choices)
            }
        }
    }
}

fn choice<'a>(name: &'a str, label: &'a Localised, words: &Words, typed: &str) -> Choice<'a> {
    Choice {
        name,
        label: Worded::of(label, words),
        is_chosen: name == typed,
    }
}

/// What a browser may fill in by itself, by the usual names of such fields (WCAG 2.2, 1.3.5; HTML,
/// "Autofill").
fn autocomplete(name: &str) -> Option<&'static str> {
    let value = match name {
        "name" | "full_name" => "name",
        "first_name" | "given_name" => "given-name",
        "last_name" | "family_name" | "surname" => "family-name",
        "birth_date" | "date_of_birth" | "birthday" => "bday",
        "postal_code" | "postcode" | "zip" | "zip_code" => "postal-code",
        "street" | "street_address" | "address" => "street-address",
        "city" | "town" => "address-level2",
        "country" => "country-name",
        "company" | "organization" | "organisation" => "organization",
        _ => return None,
    };
    Some(value)
}

impl Words {
    /// What is wrong, in words.
    pub(super) fn problem(&self, problem: &FieldProblem, format: &FieldFormat) -> String {
        let words = &self.problems;
        let text = match problem {
            FieldProblem::Missing if matches!(format, FieldFormat::Choice(_)) => words.not_chosen,
            FieldProblem::Missing => words.missing,
            FieldProblem::TooLong { .. } => words.too_long,
            FieldProblem::NotADate => words.not_a_date,
            FieldProblem::UnclearDate => words.unclear_date,
            FieldProblem::DateAhead => words.date_ahead,
            FieldProblem::DateTooLongAgo => words.date_too_long_ago,
            FieldProblem::NotAnEmail => words.not_an_email,
            FieldProblem::NotAPhone => words.not_a_phone,
            FieldProblem::NoCountryCode => words.no_country_code,
            FieldProblem::NotSoManyDigits { least, most } if least == most => words.digits,
            FieldProblem::NotSoManyDigits { .. } => words.digits_between,
            FieldProblem::NotAChoice => words.not_chosen,
        };
        match *problem {
            FieldProblem::TooLong { most } => text.replace("{most}", &most.to_string()),
            FieldProblem::NotSoManyDigits { least, most } => text
                .replace("{least}", &least.to_string())
                .replace("{most}", &most.to_string()),
            _ => text.to_owned(),
        }
    }
}
