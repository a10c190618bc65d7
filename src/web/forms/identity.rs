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
