//! Phone numbers and e-mail addresses.

use super::{SpanKind, assert_found, assert_nothing};

#[test]
fn a_phone_number_is_found_in_the_forms_people_use() {
    assert_found(
        SpanKind::Phone,
        &[
            "call me on <+49 30 1234567>",
            "<+49301234567>",
            "<+49 (0)30 1234567> please",
            "<0049 30 1234567>",
            "<+1 650 253 0000>",
            "<+1 (650) 253-0000>",
            "<(650) 253-0000>",
            "<650-253-0000>",
            "<650.253.0000>",
            "phone <6502530000>",
            "call me on <650-253-0000> 2pm",
            "<+1 650 253 0000> 2 times",
            "call me at <555-123-4567>",
            "ring me on <07700 900123>",
            "my number is <+44 7700 900123>",
            "<1-650-253-0000>",
            "<+44 20 7946 0018>",
            "<020 7946 0018>",
            "my number is <07912 345678>",
            "<0170 1234567>",
            "Handy: <01701234567>",
            "Tel. <030/1234567>",
            "mi número es <612 345 678>",
            "mi móvil: <612345678>",
            "<612 345 678>, por la tarde",
            "<+34 612 34 56 78>",
            "<06 12 34 56 78>",
            "mon portable : <06.12.34.56.78>",
            "o meu número é <912 345 678>",
            "telemóvel <912345678>",
            "il mio numero è <347 123 4567>",
            "cellulare <+39 347 123 4567>",
            "whatsapp <+55 11 91234-5678>",
            "<+٤٩٣٠١٢٣٤٥٦٧>",
        ],
    );
}

#[test]
fn other_numbers_are_no_phone_numbers() {
    assert_nothing(&[
        "order 6502530000",
        "order number 650-253-0000",
        "555-123-4567 points",
        "tracking 0170 1234567",
        "1234567",
        "04.05.2024",
        "04 05 2024",
        "2024-05-04 10:20",
        "192.168.100.101",
        "it cost 1.234.567",
        "it cost 1,234,567.00",
        "$650 253 0000",
        "flight LH 2034",
        "RX204455",
        "meter 0301234567",
        "Kundennr. 030 1234567",
        "Kundennummer 0301234567",
        "pedido 612 345 678",
        "commande 06 12 34 56 78",
        "0340434161094042557",
        "https://example.com/p/6502530000",
        "#6502530000",
        "room 101 202 303",
        "5555 5555 5555 4445",
        "version 1.2.3",
        "from 10-12 to 14-16",
        "10 20 30 40 50",
        "ISBN 978-3-16-148410-0",
        "+1 2530000",
        "call me after 6",
        "invoice 2024-000123-77",
    ]);
}

#[test]
fn an_email_address_is_found() {
    assert_found(
        SpanKind::Email,
        &[
            "<kim@example.com>",
            "mail <kim.doe+shop@mail.example.co.uk>, thanks",
            "(<kim@example.com>)",
            "<KIM@EXAMPLE.COM>.",
            "mailto:<kim@example.com>",
            "<kim_doe-2@ex-ample.org>!",
            "escríbeme a <josé@correo.es>",
            "<kim@bücher.example>",
            "E-Mail <kim@example.de>?",
            "<a@b.cd> <e@f.gh>",
        ],
    );
}

#[test]
fn what_only_has_an_at_sign_is_no_email_address() {
    assert_nothing(&[
        "@kim thanks",
        "meet @ noon",
        "kim@localhost",
        "kim@example.c",
        "kim@.com",
        "kim@@example.com",
        "@kim@social.example",
        "5 kg @ 3.20",
        "kim @ example.com",
        "kim@example..com",
        "price@10.50",
        "@",
    ]);
}
