//! Birth dates.

use super::{SpanKind, assert_found, assert_nothing};

#[test]
fn a_date_next_to_a_birth_word_is_a_birth_date() {
    assert_found(
        SpanKind::BirthDate,
        &[
            "I was born on <4 May 1990>",
            "I was born <4/5/1990>",
            "born in Port Louis on <4 May 1990>",
            "DOB <04/05/1990>",
            "DOB: <1990-05-04>",
            "d.o.b. <4.5.90>",
            "dob <19900504>",
            "DOB <040590>",
            "DOB <04-May-1990>",
            "date of birth (dd/mm/yyyy): <04/05/1990>",
            "date of birth is <May 4th 1990>",
            "Date of birth - <May 4, 1990>",
            "date of birth\n<04 05 1990>",
            "my birthday is <4th of May>",
            "birthday: <4 May>",
            "her birthday is on <04/05/1990>",
            "<4/5/1990> is my date of birth",
            "Kim Doe, <4/5/1990> (DOB)",
            "geboren am <4. Mai 1990>",
            "ich bin am <04.05.1990> geboren",
            "ich wurde am <4. Mai 1990> in Bonn geboren",
            "Geburtsdatum: <04.05.90>",
            "geb. <4.5.1990>",
            "Geburtstag ist der <3. März 1985>",
            "nací el <4 de mayo de 1990>",
            "nacida el <04/05/1990>",
            "fecha de nacimiento: <4-5-1990>",
            "mi cumpleaños es el <4 de mayo>",
            "né le <4 mai 1990>",
            "je suis née le <1er août 1990>",
            "date de naissance : <04/05/1990>",
            "nasci em <4 de maio de 1990>",
            "data de nascimento <04/05/1990>",
            "nato il <4 maggio 1990>",
            "data di nascita: <4/5/1990>",
            "sono nata a Napoli il <4 maggio 1990>",
            "DOB <٠٤/٠٥/١٩٩٠>",
        ],
    );
}

#[test]
fn a_bare_date_or_a_party_is_no_birth_date() {
    assert_nothing(&[
        "on 4 May 1990",
        "delivered 04/05/2024",
        "my flight is on May 4th",
        "am 04.05.2024 bestellt",
        "el 4 de mayo compré dos",
        "le 4 mai à Paris",
        "em 4 de maio",
        "il 4 maggio",
        "born in 1990",
        "a born leader since 2019",
        "my birthday was ruined. I ordered on 4/5/2024",
        "the birthday cake came on 4/5/2024",
        "birthday voucher 20240504",
        "birth certificate sent by post on 4/5/2024",
        "what is your date of birth?",
        "geboren in Berlin",
        "nacido para correr",
        "je ne le 4",
        "DOB 99/99/1990",
        "DOB 4/",
        "I am 34 years old",
        "date of birth 123456789",
        "aniversario de la tienda: 20 % off",
        "version 4.5.1990",
    ]);
}
