//! What several messages of one turn show, and what they do not.

use super::{Joint, LOOKED_AT, Reader, Said};
use crate::{
    domain::{
        message::Party,
        time::{Length, Timestamp, after},
        vocabulary::Vocabulary,
    },
    reading::mask,
};

fn reader() -> Reader {
    Reader::new(&Vocabulary::default()).expect("a reader")
}

fn at(minute: u32) -> Timestamp {
    after(Timestamp::UNIX_EPOCH, Length::minutes(minute))
}

/// The customer's messages, a minute apart, the last one new: as they are kept then.
fn kept(texts: &[&str]) -> Vec<String> {
    let said: Vec<Said<'_>> = texts
        .iter()
        .zip(0..)
        .map(|(text, minute)| Said {
            from: Party::Customer,
            at: at(minute),
            text,
        })
        .collect();
    let (new, earlier) = said.split_last().expect("a message");
    let joint = reader().across(earlier, *new, Length::minutes(10));
    as_kept(earlier, *new, &joint.unwrap_or_default())
}

fn as_kept(earlier: &[Said<'_>], new: Said<'_>, joint: &Joint) -> Vec<String> {
    let mut kept: Vec<String> = earlier.iter().map(|said| said.text.to_owned()).collect();
    for (place, spans) in &joint.earlier {
        kept[*place] = mask(&kept[*place], spans);
    }
    kept.push(mask(new.text, &joint.new));
    kept
}

#[test]
fn a_number_that_is_split_is_masked_on_both_sides() {
    for (texts, masked) in [
        (
            &["My card is 4111 1111", "1111 1111, expires in May"][..],
            &[
                "My card is ⟦payment_card⟧",
                "⟦payment_card⟧, expires in May",
            ][..],
        ),
        (
            &["4111", "1111", "1111", "1111"],
            &[
                "⟦payment_card⟧",
                "⟦payment_card⟧",
                "⟦payment_card⟧",
                "⟦payment_card⟧",
            ],
        ),
        (
            &["it's 411111111111", "1111"],
            &["it's ⟦payment_card⟧", "⟦payment_card⟧"],
        ),
        (
            &["4111-1111-", "1111-1111"],
            &["⟦payment_card⟧", "⟦payment_card⟧"],
        ),
        (
            &["４１１１ １１１１", "１１１１ １１１１"],
            &["⟦payment_card⟧", "⟦payment_card⟧"],
        ),
        (
            &["GB29 NWBK 6016", "1331 9268 19 is the account"],
            &["⟦iban⟧", "⟦iban⟧ is the account"],
        ),
        (
            &["my SSN is 219-09", "9999"],
            &["my SSN is ⟦national_id⟧", "⟦national_id⟧"],
        ),
    ] {
        assert_eq!(kept(texts), masked, "{texts:?}");
    }
}

#[test]
fn a_value_is_masked_where_its_word_stands_in_the_message_beside_it() {
    for (texts, masked) in [
        (
            ["my password is", "hunter2"],
            ["my password is", "⟦password⟧"],
        ),
        (
            ["My password is:", "swordfish"],
            ["My password is:", "⟦password⟧"],
        ),
        (
            ["Mein Passwort lautet", "Sommer2024!"],
            ["Mein Passwort lautet", "⟦password⟧"],
        ),
        (
            ["mi contraseña es", "gatito99"],
            ["mi contraseña es", "⟦password⟧"],
        ),
        (["PIN:", "4711"], ["PIN:", "⟦pin⟧"]),
        (["4711", "is my PIN"], ["⟦pin⟧", "is my PIN"]),
        (
            ["the verification code is", "482913"],
            ["the verification code is", "⟦one_time_code⟧"],
        ),
        (["born on", "12.05.1980"], ["born on", "⟦birth_date⟧"]),
        (
            ["Passport number", "C01X00T47"],
            ["Passport number", "⟦passport⟧"],
        ),
    ] {
        assert_eq!(kept(&texts), masked, "{texts:?}");
    }
}

#[test]
fn messages_that_merely_stand_beside_each_other_stay_as_they_are() {
    for texts in [
        &[
            "My order number is 4111 1111",
            "1111 1111 is what you answered",
        ][..],
        &["order 411111111111", "1111 euros is too much"],
        &["I have paid 4111 1111 1111", "1111 € more than last year"],
        &["tracking 4111 1111 1111", "1111"],
        &[
            "my number is 4111 1111 1111 11",
            "11 days and nothing happens",
        ],
        &["I was born in 1980", "my flight is LH 1234"],
        &["I forgot my password", "Can you help me?"],
        &["my password is", "not accepted any more"],
        &["My password is", "thanks for your patience, it works now"],
        &["I forgot my PIN", "4711 is my order number"],
        &["What about my PIN", "2 weeks and no answer"],
        &["the code is", "broken"],
        &["Ring me on 0170 1234567", "4 o'clock is fine"],
        &["It happens at 10", "30 people saw it"],
        &["flight BA 2490", "4217 was the seat"],
        &["ok", "thanks"],
    ] {
        assert_eq!(kept(texts), texts, "{texts:?}");
    }
}

#[test]
fn only_one_turn_of_one_party_goes_on() {
    let said = |from, minute, text| Said {
        from,
        at: at(minute),
        text,
    };
    let reader = reader();
    let across = |earlier: &[Said<'_>], new| reader.across(earlier, new, Length::minutes(10));
    let (customer, agent) = (Party::Customer, Party::Agent);
    let half = said(customer, 0, "4111 1111");
    let rest = "1111 1111";
    assert!(across(&[half], said(customer, 10, rest)).is_some());
    assert!(across(&[half], said(customer, 11, rest)).is_none());
    assert!(across(&[half], said(agent, 1, rest)).is_none());
    let between = said(agent, 1, "Which card is it?");
    assert!(across(&[half, between], said(customer, 2, rest)).is_none());
    assert!(across(&[], said(customer, 2, "4111 1111 1111 1111")).is_none());
    let ours = [said(agent, 0, "Your PIN is")];
    assert!(across(&ours, said(agent, 1, "4711")).is_some());
}

#[test]
fn a_late_message_completes_what_stands_before_and_behind_it() {
    let said = |minute, text| Said {
        from: Party::Customer,
        at: at(minute),
        text,
    };
    let earlier = [said(0, "4111 1111"), said(4, "1111")];
    let late = said(2, "1111");
    let joint = reader().across(&earlier, late, Length::minutes(10));
    let masked = as_kept(&earlier, late, &joint.expect("a card"));
    assert_eq!(masked, ["⟦payment_card⟧"; 3]);
    let first = said(0, "my PIN is");
    let behind = [said(1, "4711")];
    let joint = reader().across(&behind, first, Length::minutes(10));
    let masked = as_kept(&behind, first, &joint.expect("a PIN"));
    assert_eq!(masked, ["⟦pin⟧", "my PIN is"]);
}

#[test]
fn the_seam_of_a_long_message_is_looked_at_wherever_it_stands() {
    let long = "It is a long story. ".repeat(LOOKED_AT / 10);
    let before = format!("{long}My card is 4111 1111");
    let behind = format!("1111 1111. {long}");
    assert_eq!(
        kept(&[&before, &behind]),
        [
            format!("{long}My card is ⟦payment_card⟧"),
            format!("⟦payment_card⟧. {long}"),
        ]
    );
}

#[test]
fn what_is_masked_already_is_not_found_again() {
    let texts = ["My card is ⟦payment_card⟧", "1111 1111"];
    assert_eq!(kept(&texts), texts);
    let texts = ["my PIN is ⟦pin⟧", "4712"];
    assert_eq!(kept(&texts), texts);
}
