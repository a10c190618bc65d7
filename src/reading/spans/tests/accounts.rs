//! IBANs and other bank accounts.

use super::{SpanKind, assert_found, assert_nothing};

#[test]
fn an_iban_is_found_in_any_spelling() {
    assert_found(
        SpanKind::Iban,
        &[
            "please pay to <DE44 5001 0517 5407 3249 31> thanks",
            "<DE44500105175407324931>",
            "meine IBAN lautet <de44 5001 0517 5407 3249 31>.",
            "IBAN: <DE44-5001-0517-5407-3249-31>",
            "mi cuenta es <ES91 2100 0418 4502 0005 1332>, gracias",
            "mon RIB : <FR14 2004 1010 0505 0001 3M02 606>",
            "l'IBAN è <IT60X0542811101000000123456>",
            "o meu IBAN é <PT50 0002 0123 1234 5678 9015 4> obrigado",
            "<GB29 NWBK 6016 1331 9268 19> is my account",
            "<NL91ABNA0417164300> en bedankt",
            "<NO93 8601 1117 947> is short",
            "<DE4\u{200b}4 5001 0517 5407 3249 31>",
            "<ＤＥ４４５００１０５１７５４０７３２４９３１>",
            "<DE44 500 105 175 407 324 931> in threes",
            "<DE 44 5001 0517 5407 3249 31> with one space more",
        ],
    );
}

#[test]
fn what_resembles_an_iban_is_none() {
    assert_nothing(&[
        "DE44 5001 0517 5407 3249 32",
        "DE44 5001 0517 5407 3249",
        "XDE44500105175407324931",
        "DE44500105175407324931X",
        "ZZ44 5001 0517 5407 3249 31",
        "booking DE44 and seat 5001",
        "voucher GB29NWBK60161331926810",
        "LH 2034 from MUC",
        "FR14 est le code du produit",
        "IT60 è il volo",
        "PT50 is a product",
        "my IBAN is not working",
        "welche IBAN habt ihr?",
        "ES91 was the gate",
    ]);
}

#[test]
fn digits_next_to_a_bank_account_word_are_an_account() {
    assert_found(
        SpanKind::BankAccount,
        &[
            "my bank account is <12345678>",
            "bank account number: <0012345678>",
            "sort code <12-34-56>",
            "sort code <20-00-00> and account <55779911>",
            "checking account <000123456789> please",
            "Kontonummer <1234567>, BLZ <50010517>",
            "Kontonr. <1234567>",
            "meine Bankverbindung: <532013000>",
            "cuenta bancaria <2100 0418 4502 0005 1332>",
            "mi cuenta corriente es <0182123456>",
            "compte bancaire n° <00012345678>",
            "conta corrente <12345-6>",
            "conta bancária: <0012345-X>",
            "conto corrente <000000123456>",
            "il numero di conto è <123456789>",
            "bank of ours, account number <12345678>",
            "routing number <021000021>",
            "ABA <021000021>, account <123456789>",
            "routing no. <011401533>",
            "<12345678> is my bank account number",
        ],
    );
}

#[test]
fn numbers_of_ours_are_no_bank_account() {
    assert_nothing(&[
        "my account number is 12345678",
        "account 55779911 cannot log in",
        "routing number 021000022",
        "routing 12345",
        "bank holiday on 25 12 2024",
        "the bank charged me 12345 twice",
        "mein Kundenkonto 1234567",
        "Konto 1234567 gesperrt",
        "cuenta 12345678 de la app",
        "compte client 12345678",
        "conta 12345678 bloqueada",
        "bank account 12",
        "I opened a bank account in 2019 with you",
        "I changed my bank account, order 12345678",
        "which bank account do you want?",
        "meter 55779911",
        "sort code please",
        "conto 12345678 del ristorante",
        "021000021",
        "order 021000021",
    ]);
}
