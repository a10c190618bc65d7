//! What customers read: texts and forms through the file's front door, good and bad.

use super::{EVERY_KEY, Rules, parse};
use crate::{
    domain::{decision::Utterance, ids::Topic, reading::Language, time::Length},
    rules::{
        forms::{FieldFormat, IdentityPolicy, form_for},
        messages::Variables,
    },
};

fn language(code: &str) -> Language {
    Language::parse(code).unwrap()
}

fn text(rules: &Rules, utterance: Utterance, code: &str, form: bool) -> Option<String> {
    let brand = "Brightwire";
    let variables = Variables {
        brand,
        form,
        ..Variables::NAMES
    };
    rules.messages.text(utterance, language(code), variables)
}

/// What is said of a file, without its name.
fn said(source: &str) -> String {
    match parse(source) {
        Ok(_) => "fine".to_owned(),
        Err(errors) => errors.to_string().replace("rules.toml: ", ""),
    }
}

#[test]
fn a_text_of_the_file_takes_the_place_of_the_shipped_one_in_its_language_alone() {
    let rules = parse(EVERY_KEY).unwrap();
    let hidden = |code| text(&rules, Utterance::DataHidden, code, false);
    assert_eq!(
        hidden("en").as_deref(),
        Some("Brightwire has hidden something.")
    );
    assert_eq!(
        hidden("nl").as_deref(),
        Some("Brightwire heeft iets verborgen.")
    );
    assert!(
        hidden("es")
            .unwrap()
            .starts_with("Este es un mensaje automático")
    );
    assert_eq!(hidden("ja"), None, "never another language's");

    let needed = |code, form| text(&rules, Utterance::IdentityNeeded, code, form);
    assert_eq!(needed("en", true).as_deref(), Some("The form, or a call?"));
    assert_eq!(needed("en", false).as_deref(), Some("A call?"));
    assert_eq!(
        needed("de", false).as_deref(),
        Some(""),
        "nothing is to be said"
    );
    let languages = rules.messages.languages(Utterance::IdentityNeeded);
    let languages: Vec<String> = languages.map(|language| language.to_string()).collect();
    assert_eq!(languages, ["en", "es", "fr", "it", "pt"]);
}

#[test]
fn a_brand_is_said_as_it_is() {
    let rules = parse("[desks.main]\nbrand = \"Tom & <Jerry>\"").unwrap();
    let variables = Variables {
        brand: "Tom & <Jerry>",
        ..Variables::NAMES
    };
    let said = rules
        .messages
        .text(Utterance::DataHidden, Language::ENGLISH, variables);
    assert!(said.unwrap().contains("from Tom & <Jerry>."));
}

#[test]
fn forms_keep_their_fields_in_order_with_formats_and_languages() {
    let rules = parse(EVERY_KEY).unwrap();
    let [close, any] = rules.forms.as_slice() else {
        panic!("two forms")
    };
    let billing = Topic::parse("billing").unwrap();
    assert_eq!(form_for(&rules.forms, Some(&billing)), Some(close));
    assert_eq!(form_for(&rules.forms, None), Some(any));
    assert_eq!(
        close.title.0,
        [(language("pt"), "Fechar a conta".to_owned())].into()
    );
    assert_eq!(close.why.in_language(language("de")), "Um sicher zu sein");
    assert_eq!(close.why.in_language(language("fr")), "To be sure");
    let formats: Vec<(&str, &FieldFormat, bool)> = close
        .fields
        .iter()
        .map(|field| (field.name.as_str(), &field.format, field.optional))
        .collect();
    let choice = FieldFormat::Choice(vec![
        ("post".to_owned(), localised(&[("pt", "Correio")])),
        (
            "shop".to_owned(),
            localised(&[("en", "Shop"), ("pt", "Loja")]),
        ),
    ]);
    assert_eq!(
        formats,
        [
            ("who", &FieldFormat::Text, false),
            ("born", &FieldFormat::Date, true),
            ("mail", &FieldFormat::Email, false),
            ("ring", &FieldFormat::Phone, false),
            ("six", &FieldFormat::Digits { least: 6, most: 6 }, false),
            ("some", &FieldFormat::Digits { least: 4, most: 8 }, false),
            ("how", &choice, false),
        ]
    );
    let expected = IdentityPolicy {
        link_lasts: Length::minutes(10),
        ask_lasts: Length::hours(48),
        keep_for: Length::hours(3),
        hold_for: Length::minutes(5),
    };
    assert_eq!(rules.identity, expected);
}

fn localised(texts: &[(&str, &str)]) -> crate::rules::forms::Localised {
    let texts = texts.iter();
    crate::rules::forms::Localised(
        texts
            .map(|(code, text)| (language(code), (*text).to_owned()))
            .collect(),
    )
}

#[test]
fn a_file_without_forms_has_the_shipped_one_and_one_may_want_none() {
    let names = |source: &str| {
        let forms = parse(source).unwrap().forms;
        let names = forms.iter().map(|form| form.name.to_string());
        names.collect::<Vec<String>>()
    };
    assert_eq!(names(""), ["identity"]);
    assert_eq!(names("forms = []"), Vec::<String>::new());
    assert_eq!(Rules::default().forms, Rules::built_in().forms);
    assert_eq!(Rules::default().messages, Rules::built_in().messages);
}

#[test]
fn every_mistake_in_what_customers_read_is_told_with_its_place_and_a_way_to_mend_it() {
    let cases = [
        "[messages.data_hiden]\nen = \"x\"",
        "[messages.data_hidden]\nenglish = \"x\"\nsp = \"x\"\nen-GB = \"x\"\nxx = \"x\"",
        "[messages]\ndata_hidden = \"x\"",
        "[messages.data_hidden]\nen = \"{{ bran }} and {{ name }}\"",
        "[messages.data_hidden]\nen = \"{{ brand\"\nde = \"{% if form %}x\"\nfr = \"{{ brand | upper }}\"\nes = \"{{ brand.name }}\"",
        "[messages.call_waits]\nen = \"{{ when }} {{ words }}\"\nde = \"{{ number_end }}\"",
        "[messages.details_asked]\nen = \"{% if form %}{{ when }}{% endif %}\"\nde = \"{% if when %}{{ when }}{% else %}now{% endif %}\"",
        "[messages.data_hidden]\nen = 5",
        "speak = \"publicly\"",
        "[identity]\nlink_lasts = \"1m\"\nkeep_for = \"90d\"\nhold_for = \"2d\"",
        "[identity]\nlink_lasts = \"2h\"\nask_lasts = \"1h\"",
        "[[forms]]\nname = \"My form\"",
        "[[forms]]\nname = \"x\"\ntitle = \"\"\nwhy = {}\nfields = []",
        "[[forms]]\nname = \"x\"\ntitle = \"x\"\nwhy = 5\ntopics = [\"nothing\"]\nfields = { name = \"a b\", label = \"x\" }",
        "[[forms]]\nname = \"x\"\ntitle = \"x\"\nwhy = { ger = \"x\" }\nfields = [{ name = \"a\", label = \"x\" }, { name = \"a\", label = \"x\", format = \"number\" }]",
        "[[forms]]\nname = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfields = [{ name = \"a\", label = \"x\", format = \"digits\" }, { name = \"b\", label = \"x\", format = 5 }]",
        "[[forms]]\nname = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfields = [{ name = \"a\", label = \"x\", format = {} }, { name = \"b\", label = \"x\", format = { digits = [8, 4] } }, { name = \"c\", label = \"x\", format = { choice = { yes = \"Yes\" } } }]\n[[forms]]\nname = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfields = { name = \"a\", label = \"x\" }",
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|case| format!("{case}\n=> {}\n", said(case)))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    [messages.data_hiden]
    en = "x"
    => 1 error: line 1, column 11: `messages.data_hiden` is not a known key (did you mean `data_hidden`?)

    [messages.data_hidden]
    english = "x"
    sp = "x"
    en-GB = "x"
    xx = "x"
    => 4 errors: line 2, column 1: `messages.data_hidden.english` is no language (did you mean `en`?); line 3, column 1: `messages.data_hidden.sp` is no language (did you mean `es`?); line 4, column 1: `messages.data_hidden.en-GB` is no language (did you mean `en`?); line 5, column 1: `messages.data_hidden.xx` is no language (write a language's code of two letters, such as `en`)

    [messages]
    data_hidden = "x"
    => 1 error: line 2, column 15: `messages.data_hidden` must be a table, not text

    [messages.data_hidden]
    en = "{{ bran }} and {{ name }}"
    => 2 errors: line 2, column 6: a text of `data_hidden` cannot name `bran` (did you mean `brand`?); line 2, column 6: a text of `data_hidden` cannot name `name` (valid: `brand`, `form`)

    [messages.data_hidden]
    en = "{{ brand"
    de = "{% if form %}x"
    fr = "{{ brand | upper }}"
    es = "{{ brand.name }}"
    => 4 errors: line 2, column 6: this text cannot be said: unexpected end of input, expected end of variable block (write `{{ brand }}` for the brand, and `{% if form %}…{% else %}…{% endif %}` to choose by whether a form comes along); line 3, column 6: this text cannot be said: unexpected end of input, expected end of block (write `{{ brand }}` for the brand, and `{% if form %}…{% else %}…{% endif %}` to choose by whether a form comes along); line 4, column 6: this text cannot be said: filter upper is unknown (write `{{ brand }}` for the brand, and `{% if form %}…{% else %}…{% endif %}` to choose by whether a form comes along); line 5, column 6: this text cannot be said: undefined value (write `{{ brand }}` for the brand, and `{% if form %}…{% else %}…{% endif %}` to choose by whether a form comes along)

    [messages.call_waits]
    en = "{{ when }} {{ words }}"
    de = "{{ number_end }}"
    => 2 errors: line 2, column 6: a text of `call_waits` cannot name `words` (valid: `brand`, `form`, `when`, `number_end`); line 3, column 6: this text cannot be said when `number_end` is not known (ask for it first: `{% if number_end %}…{{ number_end }}…{% endif %}`)

    [messages.details_asked]
    en = "{% if form %}{{ when }}{% endif %}"
    de = "{% if when %}{{ when }}{% else %}now{% endif %}"
    => 1 error: line 2, column 6: this text cannot be said when `when` is not known (ask for it first: `{% if when %}…{{ when }}…{% endif %}`)

    [messages.data_hidden]
    en = 5
    => 1 error: line 2, column 6: `messages.data_hidden.en` must be text in quotes, not a whole number

    speak = "publicly"
    => 1 error: line 1, column 9: `speak` cannot be `publicly` (did you mean `public`?)

    [identity]
    link_lasts = "1m"
    keep_for = "90d"
    hold_for = "2d"
    => 3 errors: line 2, column 14: `link_lasts` must be between 5m and 1d (a person needs some minutes to find a number, and a link lies about as long as it lasts); line 3, column 12: `keep_for` must be between 1h and 30d (somebody must have the time to check it, and nothing is safer than what is deleted); line 4, column 12: `hold_for` must be between 1m and 1d (an agent must have the time to decide, and the customer waits)

    [identity]
    link_lasts = "2h"
    ask_lasts = "1h"
    => 1 error: line 2, column 14: `ask_lasts` (1h) must not be shorter than `link_lasts` (2h) (a link must not outlive what it is for)

    [[forms]]
    name = "My form"
    => 4 errors: line 1, column 1: `forms[0].title` is missing; line 1, column 1: `forms[0].why` is missing; line 1, column 1: `forms[0].fields` is missing; line 2, column 8: `forms[0].name` may contain only lower-case letters, digits, `-`, `_` and `.` (write `my-form`)

    [[forms]]
    name = "x"
    title = ""
    why = {}
    fields = []
    => 3 errors: line 3, column 9: a customer would read nothing here (write a text, or one per language: { en = "…", de = "…" }); line 4, column 7: a customer would read nothing here (write a text, or one per language: { en = "…", de = "…" }); line 5, column 10: a form has 1 to 20 fields (ask for what you check and for nothing else)

    [[forms]]
    name = "x"
    title = "x"
    why = 5
    topics = ["nothing"]
    fields = { name = "a b", label = "x" }
    => 2 errors: line 4, column 7: `forms[0].why` must be text in quotes, not a whole number; line 6, column 19: `forms[0].fields[0].name` cannot be `a b` (write `a_b`)

    [[forms]]
    name = "x"
    title = "x"
    why = { ger = "x" }
    fields = [{ name = "a", label = "x" }, { name = "a", label = "x", format = "number" }]
    => 2 errors: line 4, column 9: `forms[0].why.ger` is no language (did you mean `de`?); line 5, column 76: `forms[0].fields[1].format` cannot be `number` (valid: `text`, `date`, `email`, `phone`)

    [[forms]]
    name = "x"
    title = "x"
    why = "x"
    fields = [{ name = "a", label = "x", format = "digits" }, { name = "b", label = "x", format = 5 }]
    => 2 errors: line 5, column 47: `forms[0].fields[0].format` cannot be `digits` (write { digits = 6 }, or { digits = [4, 8] }); line 5, column 95: `forms[0].fields[1].format` must be "text", "date", "email", "phone", or a table such as { digits = 6 }, not a whole number

    [[forms]]
    name = "x"
    title = "x"
    why = "x"
    fields = [{ name = "a", label = "x", format = {} }, { name = "b", label = "x", format = { digits = [8, 4] } }, { name = "c", label = "x", format = { choice = { yes = "Yes" } } }]
    [[forms]]
    name = "x"
    title = "x"
    why = "x"
    fields = { name = "a", label = "x" }
    => 4 errors: line 5, column 47: a format is either `digits` or `choice` (write { digits = 6 }, or { choice = { yes = "Yes", no = "No" } }); line 5, column 100: a field has 1 to 50 digits (write { digits = 6 }, or { digits = [4, 8] } for at least 4 and at most 8); line 5, column 159: a choice needs two things to choose from (add one, or use another format); line 7, column 8: there are two forms called `x` (give each a name of its own)
    "#);
}

#[test]
fn every_shipped_text_says_that_it_is_automatic_and_names_the_brand_and_no_number() {
    let rules = Rules::built_in();
    let known = Variables {
        brand: "Brightwire",
        ..Variables::NAMES
    };
    let unknown = Variables {
        number_end: None,
        ..known
    };
    for utterance in Utterance::ALL {
        for language in rules.messages.languages(*utterance) {
            for variables in [known, unknown] {
                for form in [true, false] {
                    let variables = Variables { form, ..variables };
                    let text = rules.messages.text(*utterance, language, variables);
                    let text = text.unwrap();
                    let says = |words: &str| text.contains(words);
                    assert!(says("Brightwire") && says("autom"), "{text}");
                    assert!(
                        !text.contains(|c: char| c.is_ascii_digit() || c == '\n'),
                        "{text}"
                    );
                    assert!(!says("  ") && !says("{") && !says(" ,"), "{text}");
                }
            }
        }
    }
}

#[test]
fn every_shipped_text_says_what_only_it_is_about() {
    let rules = Rules::built_in();
    for utterance in Utterance::ALL {
        for language in rules.messages.languages(*utterance) {
            let text = |variables| rules.messages.text(*utterance, language, variables);
            let text = text(Variables::NAMES).unwrap();
            let example = Variables::NAMES.known(*utterance);
            for (name, value) in example.iter().filter(|(name, _)| **name != "form") {
                let value = value.as_str().unwrap();
                assert!(
                    text.contains(value),
                    "{utterance:?} {language} names no {name}"
                );
            }
        }
    }
}

#[test]
fn a_text_is_not_said_while_what_it_is_about_is_not_known() {
    let rules = Rules::built_in();
    let said = |variables| {
        let messages = &rules.messages;
        messages.text(Utterance::CallComing, Language::ENGLISH, variables)
    };
    let words = None;
    assert_eq!(
        said(Variables {
            words,
            ..Variables::NAMES
        }),
        None
    );
    let number_end = None;
    let without_number = said(Variables {
        number_end,
        ..Variables::NAMES
    })
    .unwrap();
    assert!(
        without_number.contains("about to ring you. So that"),
        "{without_number}"
    );
}
