//! What customers hear and fill in, as sentences.

use super::Part;
use crate::{
    domain::decision::Utterance,
    rules::{
        Rules,
        forms::{FieldFormat, Form, FormField, IdentityPolicy},
        messages::Variables,
    },
};

/// What Ringback says by itself, in the words of the desk of channels that name none.
pub(super) fn messages(rules: &Rules) -> Part {
    let sentences = Utterance::ALL
        .iter()
        .map(|utterance| said(rules, *utterance));
    Part::list(
        "What customers hear from Ringback, in private",
        sentences.collect(),
    )
}

fn said(rules: &Rules, utterance: Utterance) -> String {
    let name = utterance.as_str();
    let languages: Vec<_> = rules.messages.languages(utterance).collect();
    let desk = rules.desks.get(&rules.defaults.desk);
    let shown = desk
        .filter(|desk| languages.contains(&desk.language))
        .map(|desk| (desk.language, desk.brand.as_str()))
        .or_else(|| Some((*languages.first()?, desk?.brand.as_str())));
    let Some((language, brand)) = shown else {
        return format!("{name}: nothing.");
    };
    let variables = Variables {
        brand,
        ..Variables::NAMES
    };
    let text = rules.messages.text(utterance, language, variables);
    let others: Vec<String> = languages
        .iter()
        .filter(|other| **other != language)
        .map(ToString::to_string)
        .collect();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!(", and in {}", others.join(", ")),
    };
    format!("{name} ({language}{others}): {}", text.unwrap_or_default())
}

/// The forms, and how long what belongs to them lasts.
pub(super) fn forms(rules: &Rules) -> Part {
    let mut sentences: Vec<String> = rules.forms.iter().map(form).collect();
    if sentences.is_empty() {
        sentences.push("There is no form: identity is checked by phone.".to_owned());
    }
    let IdentityPolicy {
        link_lasts,
        ask_lasts,
        keep_for,
        hold_for,
    } = rules.identity;
    sentences.push(format!(
        "A link to a form can be opened for {link_lasts}, and asked for within {ask_lasts}."
    ));
    sentences.push(format!("What was filled in is deleted after {keep_for}."));
    sentences.push(format!(
        "An answer of ours that asks for identity data goes back to its agent after {hold_for}."
    ));
    Part::list("Identity checks", sentences)
}

fn form(form: &Form) -> String {
    let topics: Vec<&str> = form.topics.iter().map(|topic| topic.as_str()).collect();
    let offered = match topics.as_slice() {
        [] => "where no other is".to_owned(),
        topics => format!("where the topic is {}", topics.join(" or ")),
    };
    let fields: Vec<String> = form.fields.iter().map(field).collect();
    format!(
        "The form {} is offered {offered}; it asks for {}.",
        form.name,
        fields.join(", ")
    )
}

fn field(field: &FormField) -> String {
    let format = match &field.format {
        FieldFormat::Text => None,
        FieldFormat::Date => Some("a date".to_owned()),
        FieldFormat::Email => Some("an e-mail address".to_owned()),
        FieldFormat::Phone => Some("a phone number".to_owned()),
        FieldFormat::Digits { least, most } if least == most => Some(format!("{least} digits")),
        FieldFormat::Digits { least, most } => Some(format!("{least} to {most} digits")),
        FieldFormat::Choice(choices) => {
            let names: Vec<&str> = choices.iter().map(|(name, _)| name.as_str()).collect();
            Some(names.join(" or "))
        }
    };
    let optional = field.optional.then(|| "may be left empty".to_owned());
    let notes: Vec<String> = format.into_iter().chain(optional).collect();
    match notes.as_slice() {
        [] => field.name.clone(),
        notes => format!("{} ({})", field.name, notes.join("; ")),
    }
}
