//! What is typed into the box is decided as it would be live, and mistakes are told by their line.

use std::fmt::Write;

use super::{Asked, Fault, Line, MOST_BYTES, MOST_LINES, Tried, any_channel};
use crate::{
    domain::{message::Visibility, private::Private, time::Timestamp},
    engine::LoadedRules,
    reading::Reader,
    rules::Rules,
};

fn tried(thread: &str, visibility: Visibility) -> Result<Vec<Line>, Vec<Fault>> {
    let rules = Rules::built_in();
    let loaded = LoadedRules {
        reader: Reader::new(&rules.vocabulary).expect("a reader"),
        rules,
        loaded_at: Timestamp::default(),
    };
    let asked = Asked {
        channel: any_channel(),
        visibility,
        thread: Private::new(thread.to_owned()),
    };
    Tried::new(&loaded, asked).came
}

fn in_private(thread: &str) -> Vec<Line> {
    tried(thread, Visibility::Private).expect("a thread that can be tried")
}

/// What a line shows, in one.
fn words(line: &Line) -> String {
    let mut words = format!("+{} {} [{}]", line.after, line.who, line.turn);
    for done in &line.actions {
        write!(words, " {}", done.name).expect("written");
    }
    if let Some(rule) = &line.rule {
        write!(words, " ({rule}: {})", line.reason).expect("written");
    }
    for heard in &line.heard {
        write!(words, " | {}", heard.what).expect("written");
        for said in &heard.words {
            write!(words, " {:?}", said.reveal()).expect("written");
        }
    }
    for told in line.told.iter().chain(&line.hears) {
        write!(words, " > {told}").expect("written");
    }
    words
}

fn all(thread: &str) -> String {
    let lines: Vec<String> = in_private(thread).iter().map(words).collect();
    lines.join("\n")
}

#[test]
fn the_example_shows_both_endings() {
    insta::assert_snapshot!(all(super::EXAMPLE), @r#"
    +1m customer [1 of 3] | topic: billing "bill"
    +5m agent [2] | topic: billing "Bills"
    +20m customer [3 of 3] callback (rule_of_three: third exchange was not a thank-you) | not solved "That is not what" | topic: billing "charged" > A callback appears on desk main. > The customer hears: This is an automatic message from Ringback. A person of ours would like to ring you about this. With the button below you can tell us which number to ring and when it suits you, or that you would rather stay here in the chat.
    +10m agent [4]
    +30m customer [5] withdraw callback resolve (thanks: fifth exchange was a thank-you) | thanks "that worked" > The callback is withdrawn.
    "#);
}

#[test]
fn a_bot_does_not_count_and_a_mere_answer_rings_softly() {
    let thread = "customer: My parcel has not arrived\nbot: We are on it\n\
                  agent: What is the tracking number?\ncustomer: RX880144";
    insta::assert_snapshot!(all(thread), @r#"
    +1m customer [1 of 3] | topic: delivery "parcel"
    +1m bot [–]
    +1m agent [2]
    +1m customer [3 of 3] soft callback (rule_of_three: third exchange only answered us) | answers us "RX880144" > A callback appears on desk main.
    "#);
}

#[test]
fn what_is_confidential_is_hidden_with_the_words_that_told_it() {
    let thread = "customer: My card is 5555 5555 5555 4444";
    let lines = tried(thread, Visibility::Public).expect("a thread that can be tried");
    let line = lines.first().expect("a line");
    assert_eq!(line.text.reveal(), "My card is ⟦payment_card⟧");
    let shown = words(line);
    assert!(
        shown.contains("offers identity data (confidential: payment card)"),
        "{shown}"
    );
    assert!(!shown.contains("5555"), "{shown}");
    assert!(shown.contains("hide the post"), "{shown}");
}

#[test]
fn lines_may_be_parted_by_empty_ones_and_end_as_browsers_end_them() {
    let lines = in_private("customer: hello\r\n\r\n  agent+2h: Hello, what is it?\r\n");
    let shown: Vec<String> = lines
        .iter()
        .map(|line| format!("+{} {}", line.after, line.who))
        .collect();
    assert_eq!(shown, ["+1m customer", "+2h agent"]);
}

#[test]
fn every_wrong_line_is_told_by_its_place_in_the_box() {
    let thread = "customer: hello\n\nhello\nagnet: hello\nagent+soon: hello\ncustomer:";
    let faults = tried(thread, Visibility::Private).expect_err("wrong lines");
    let told: Vec<String> = faults
        .iter()
        .map(|fault| format!("{} {}", fault.line.unwrap_or_default(), fault.message))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    3 must say who writes: write who writes, a colon and the text: "customer: My bill is wrong"
    4 cannot be `agnet`: did you mean `agent`?
    5 cannot be `soon`: write a length of time with its unit, such as "90s", "10m", "24h" or "30d"
    6 must have a text after the colon: write who writes, a colon and the text: "customer: My bill is wrong"
    "#);
}

#[test]
fn an_empty_box_a_long_text_and_too_many_lines_are_refused() {
    let refused = |thread: &str| {
        let faults = tried(thread, Visibility::Private).expect_err("refused");
        let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        messages.join("\n")
    };
    assert!(refused(" \n\n").contains("no line to try"));
    assert!(refused(&"x".repeat(MOST_BYTES + 1)).contains("longer than 64 KiB"));
    assert!(refused(&"customer: hello\n".repeat(MOST_LINES + 1)).contains("201 lines"));
    assert_eq!(
        in_private(&"customer: hello\n".repeat(MOST_LINES)).len(),
        MOST_LINES
    );
}

#[test]
fn of_many_wrong_lines_the_first_are_told() {
    let faults = tried(&"hello\n".repeat(100), Visibility::Private).expect_err("wrong lines");
    assert_eq!(faults.len(), super::MOST_FAULTS);
}

#[test]
fn the_box_shows_what_the_customer_would_hear_in_their_language() {
    insta::assert_snapshot!(all("customer: Hola, quiero cerrar mi cuenta, mi tarjeta es 5555 5555 5555 4444"), @r#"
    +1m customer [1 of 3] mask warn identity flag identity | offers identity data (confidential: payment card) | topic: account "cuenta" > The customer hears: Este es un mensaje automático de Ringback. Una parte de lo que nos ha escrito parecía confidencial, así que la hemos ocultado y no guardamos ninguna copia. Por favor, no envíe datos así por este chat. Puede seguir aquí con toda tranquilidad; si prefiere hablar con una persona, escriba «llámeme». > The customer hears: Este es un mensaje automático de Ringback. Para lo que nos pide, primero necesitamos estar seguros de que es usted. Por favor, no envíe datos personales por este chat. Usted elige: rellene nuestro formulario seguro con el botón de abajo o escriba «llámeme» y una persona le llamará.
    "#);
}

#[test]
fn in_public_the_customer_hears_nothing() {
    let thread = "customer: I want to close my account, my card is 5555 5555 5555 4444";
    let lines = tried(thread, Visibility::Public).expect("a thread that can be tried");
    let line = lines.first().expect("a line");
    assert!(line.hears.is_empty(), "{:?}", line.hears);
    let told = line.told.join(" ");
    assert!(
        told.contains("please tell the customer: this needs an identity check"),
        "{told}"
    );
}
