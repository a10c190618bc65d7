//! An identity form: its fields, and what was typed into them.

use jiff::civil;

use super::{
    fields::{Field, id_of},
    typed::Typed,
    wording::Words,
};
use crate::{
    domain::private::Private,
    rules::forms::{FieldProblem, Form},
    vault::Answers,
};

/// What is wrong with each field, in the form's order.
pub(super) type Problems = Vec<Option<FieldProblem>>;

/// The answers, as they are sealed.
///
/// # Errors
/// What is wrong, if anything is.
pub(super) fn check(
    form: &Form,
    typed: &Typed,
    words: &Words,
    today: civil::Date,
) -> Result<Answers, Problems> {
    let mut answers = Vec::new();
    let mut problems = Problems::new();
    for field in &form.fields {
        let checked = field.check(typed.of(&id_of(&field.name)), words.spoken(), today);
        problems.push(checked.as_ref().err().copied());
        if let Ok(answer) = checked {
            answers.push((field.name.clone(), Private::new(answer)));
        }
    }
    if problems.iter().any(Option::is_some) {
        return Err(problems);
    }
    Ok(Answers(answers))
}

/// The fields as the page shows them.
pub(super) fn fields<'a>(
    form: &'a Form,
    typed: &'a Typed,
    words: &'static Words,
    problems: &[Option<FieldProblem>],
) -> Vec<Field<'a>> {
    let problems = problems.iter().copied().chain(std::iter::repeat(None));
    let fields = form.fields.iter().zip(problems);
    fields
        .map(|(field, problem)| Field::of(field, words, typed, problem))
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        domain::ids::FormName,
        rules::forms::{FieldFormat, FormField, Localised},
    };

    fn form() -> Form {
        let field = |name: &str, format, optional| FormField {
            name: name.to_owned(),
            label: Localised::default(),
            help: Localised::default(),
            format,
            optional,
        };
        Form {
            name: FormName::parse("identity").expect("a name"),
            title: Localised::default(),
            why: Localised::default(),
            topics: Vec::new(),
            fields: vec![
                // An admin may call a field as a form calls its own.
                field("csrf", FieldFormat::Text, false),
                field("birth_date", FieldFormat::Date, false),
                field("email", FieldFormat::Email, true),
            ],
        }
    }

    fn checked(fields: &[(&str, &str)]) -> Result<Answers, Problems> {
        let mut typed = Typed::default();
        for (name, value) in fields {
            typed.replace(name, (*value).to_owned());
        }
        check(&form(), &typed, Words::english(), date(2026, 3, 1))
    }

    #[test]
    fn right_answers_are_kept_in_the_form_s_order_and_one_way_of_writing() {
        let right = [
            ("csrf", "of the page"),
            ("f-birth_date", " 4 May  1990"),
            ("f-csrf", "Robin"),
            ("f-more", "that nobody asked for"),
        ];
        let kept = |name: &str, value: &str| (name.to_owned(), value.to_owned().into());
        let answers = Answers(vec![
            kept("csrf", "Robin"),
            kept("birth_date", "1990-05-04"),
            kept("email", ""),
        ]);
        assert_eq!(checked(&right), Ok(answers));
    }

    #[test]
    fn each_wrong_answer_is_told_at_its_own_field() {
        let wrong = [
            ("f-csrf", "Robin"),
            ("f-birth_date", "soon"),
            ("f-email", "@"),
        ];
        let problems = vec![
            None,
            Some(FieldProblem::NotADate),
            Some(FieldProblem::NotAnEmail),
        ];
        assert_eq!(checked(&wrong), Err(problems));
    }
}
