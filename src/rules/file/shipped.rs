//! The texts and the form that hold where a file has none of its own: those of the shipped file, so
//! that an admin can read and copy them there. Knows nothing of any other file.

use std::sync::LazyLock;

use super::{BUILT_IN, raw::RawFile, shape, tree, validate::Check};
use crate::{
    domain::reading::Language,
    rules::{Desk, forms::Form, messages::Messages},
};

/// The shipped texts.
pub(in crate::rules) fn messages() -> &'static Messages {
    &SHIPPED.0
}

/// The shipped forms.
pub(in crate::rules) fn forms() -> &'static [Form] {
    &SHIPPED.1
}

/// Read without the rest of the file, which needs them to be read.
static SHIPPED: LazyLock<(Messages, Vec<Form>)> = LazyLock::new(|| {
    let nothing = || (Messages::none(), Vec::new());
    let Ok(tree) = tree::parse(BUILT_IN) else {
        return nothing();
    };
    let Ok((_, sections)) = shape::fit::<RawFile>(&tree) else {
        return nothing();
    };
    let mut check = Check::new(BUILT_IN, None);
    let messages = check.messages(&sections.messages, Messages::none(), [&Desk::default()]);
    let forms = check.forms(&sections, Language::ENGLISH);
    (messages, forms.unwrap_or_default())
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Utterance;

    #[test]
    fn every_text_is_there_in_six_languages_and_so_is_the_form() {
        for utterance in Utterance::ALL {
            let languages: Vec<String> = messages()
                .languages(*utterance)
                .map(|language| language.to_string())
                .collect();
            assert_eq!(
                languages,
                ["de", "en", "es", "fr", "it", "pt"],
                "{utterance:?}"
            );
        }
        let [form] = forms() else { panic!("one form") };
        let texts = form
            .fields
            .iter()
            .flat_map(|field| [&field.label, &field.help]);
        for text in texts.chain([&form.title, &form.why]) {
            assert!([0, 6].contains(&text.0.len()), "{text:?}");
        }
    }
}
