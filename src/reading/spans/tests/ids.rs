//! National ids and passports.

use super::{SpanKind, assert_found, assert_nothing};

#[test]
fn a_national_id_is_found_by_its_form_or_its_word_and_check() {
    assert_found(
        SpanKind::NationalId,
        &[
            "my SSN is <123-45-6789>",
            "<123-45-6789>",
            "<123 45 6789> is what they have",
            "SSN <123456789>",
            "SSN <123-45-6789> 4/5/1990",
            "<123-45-6789> <219-09-9999>",
            "my SSN is <123 45 6789> 2 people know it",
            "SSN <123456789> 1990",
            "the last four of my SSN are <6789>",
            "ssn no <6789>",
            "social security number: <123456789>",
            "the old leaflet one, <078-05-1120>, is void",
            "<219-09-9999>",
            "<１２３－４５－６７８９>",
            "NINO <AB123456C>",
            "national insurance <AB 12 34 56 C>",
            "<ab123456d>",
            "my SIN is <185 902 970>",
            "social insurance number <185-902-970>",
            "TFN <835 914 535>",
            "tax file number <835914535>",
            "BSN <616181449>",
            "Steuer-ID <11495263078>",
            "<11 495 263 078> steht auf dem Brief",
            "n° de sécurité sociale <1 85 05 78 006 084 91>",
            "<185057800608491>",
            "en Corse : <2 84 05 2A 431 081 91>",
            "mi DNI es <48291375T>",
            "<48.291.375-T>",
            "DNI <48291375 T>",
            "NIE <Y4829137W>",
            "NIE: <Y-4829137-W>",
            "codice fiscale <RSSMRA85T10A562S>",
            "<rssmra85t10a562s>",
            "CPF <482.913.756-82>",
            "meu CPF é <48291375682>",
            "aadhaar <4829 1375 6206>",
            "<4829 1375 6206>",
            "Aadhaar number <482913756206>",
        ],
    );
}

#[test]
fn what_resembles_a_national_id_is_none() {
    assert_nothing(&[
        "order 123456789",
        "000-45-6789",
        "666-45-6789",
        "900-45-6789",
        "123-00-6789",
        "123-45-0000",
        "123-45-67890",
        "1123-45-6789",
        "A123-45-6789",
        "flight AB123456",
        "BG123456C",
        "QQ123456C",
        "AB123456E",
        "AB1234567C",
        "meter 185 902 970",
        "pedido 835914535",
        "SIN 185 902 971",
        "TFN 835914536",
        "BSN 616181448",
        "Steuer-ID 11495263079",
        "Zähler 11495263078",
        "185057800608492",
        "48291375R",
        "Y4829137X",
        "RSSMRA85T10A562T",
        "It will start at 5 pm and not at 6",
        "482.913.756-83",
        "111.111.111-11",
        "ordine 48291375682",
        "4829 1375 6207",
        "aadhaar 482913756207",
        "serial 482913756206",
        "I forgot my SSN",
        "last four of my social: 6789",
        "what is your national id?",
    ]);
}

#[test]
fn a_passport_number_is_found_next_to_its_word() {
    assert_found(
        SpanKind::Passport,
        &[
            "passport number <C01X00T47>",
            "my passport is <533380006>",
            "passport no. <A1234567>",
            "passport: <AB 123456>",
            "Reisepass <C4FJX0N1K>",
            "Reisepassnummer lautet <C01X00T47>",
            "mi pasaporte es <AAB123456>",
            "passeport n° <12AB34567>",
            "o meu passaporte é <CA123456>",
            "il mio passaporto: <YA1234567>",
            "<533380006> is my passport number",
            "passport # <533380006>, thanks",
        ],
    );
}

#[test]
fn talk_of_passports_is_no_number() {
    assert_nothing(&[
        "my passport expires 2027",
        "do I need a passport for flight LH2034?",
        "passport photo 35x45",
        "the passport desk at gate B22",
        "mein Reisepass ist abgelaufen",
        "perdí el pasaporte en Madrid",
        "j'ai oublié mon passeport à l'hôtel",
        "o passaporte expirou ontem",
        "il passaporto è scaduto",
        "C01X00T47",
        "passport holders only",
        "passport was renewed",
    ]);
}
