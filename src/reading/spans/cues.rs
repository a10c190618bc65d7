//! The words that say what the value next to them is ("PIN", "née le", "Kontonummer"). Must not
//! judge whether there is a value.
//!
//! All are folded as [`Folded`] folds: lower case, no accents. English, Spanish, German, French,
//! Portuguese and Italian, with the names of ids that people use in any language.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::folded::Folded;

/// What a word announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// A password.
    Password,
    /// A password, but only where a colon or `=` follows ("pass: …").
    PasswordLabel,
    /// A PIN or a card's security number.
    Pin,
    /// A one-time code.
    OneTimeCode,
    /// A bare "code", which may be anything.
    Code,
    /// A bank account.
    BankAccount,
    /// A bank account if the text speaks of a bank elsewhere ("account number").
    Account,
    /// A US routing number.
    Routing,
    /// A bank, without an account.
    Bank,
    /// A passport.
    Passport,
    /// A birth.
    Birth,
    /// A birthday, which may be a party.
    Birthday,
    /// A US social security number.
    SocialSecurity,
    /// Any other national id.
    NationalId,
    /// A payment card.
    Card,
    /// A phone.
    Phone,
    /// A record of ours, so no phone number: an order, a parcel, a meter.
    Record,
}

/// One such word in a text, as a stretch of folded bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub(super) cue: Cue,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Separated by commas.
const WORDS: &[(Cue, &str)] = &[
    (
        Cue::Password,
        "password, passwords, pass word, passwort, kennwort, passcode, passphrase, pwd, pw, psw, \
         passwd, pword, passw, contrasena, contrasenya, mot de passe, mdp, senha, palavra-passe, palavra passe, \
         parola d'ordine, parola chiave",
    ),
    (Cue::PasswordLabel, "pass, clave"),
    (
        Cue::Pin,
        "pin, pins, pincode, pin code, pin-code, pin number, pin-nummer, pinnummer, geheimzahl, \
         geheimnummer, codigo pin, numero pin, clave pin, code pin, code secret, codice pin, cvv, \
         cvv2, cvc, cvc2, card security code, prufziffer, kartenprufnummer, cryptogramme",
    ),
    (
        Cue::OneTimeCode,
        "otp, otp code, one-time code, one time code, one-time password, one time password, \
         one-time passcode, one time passcode, one-time pin, one time pin, verification code, \
         verification number, security code, authentication code, authenticator code, auth code, \
         login code, log-in code, sign-in code, access code, sms code, 2fa code, 2fa, mfa code, \
         tan, mtan, sms-tan, einmalcode, einmalpasswort, bestatigungscode, sicherheitscode, \
         verifizierungscode, anmeldecode, zugangscode, sms-code, codigo de verificacion, \
         codigo de seguridad, codigo de acceso, codigo de un solo uso, codigo sms, codigo otp, \
         code de verification, code de securite, code d'acces, code a usage unique, code sms, \
         code otp, codigo de verificacao, codigo de seguranca, codigo de acesso, \
         codigo de uso unico, codice di verifica, codice di sicurezza, codice di accesso, \
         codice usa e getta, codice otp, codice sms",
    ),
    (Cue::Code, "code, codigo, codice"),
    (
        Cue::BankAccount,
        "bank account, bank acct, bank account number, bank account no, checking account, \
         checking account number, savings account, savings account number, sort code, sortcode, \
         bank details, bank acc, bank acc no, bsb, iban, bankkonto, bankkontonummer, kontonummer, kontonr, konto-nr, \
         bankverbindung, blz, bankleitzahl, cuenta bancaria, cuenta corriente, cuenta de ahorros, \
         numero de cuenta bancaria, clabe, cbu, compte bancaire, compte courant, \
         numero de compte bancaire, rib, conta bancaria, conta corrente, conta poupanca, nib, \
         conto corrente, conto bancario, numero di conto, numero di conto corrente, \
         coordinate bancarie",
    ),
    (
        Cue::Account,
        "account, account number, account no, account num, acct, acct number, acct no, acc, acc number, acc no, a/c, kto, kto-nr, \
         konto, cuenta, numero de cuenta, compte, numero de compte, conta, numero da conta, \
         conto, agencia",
    ),
    (
        Cue::Routing,
        "routing, routing number, routing no, routing num, aba, aba number, aba routing number, \
         transit number, rtn",
    ),
    (
        Cue::Bank,
        "bank, banking, banco, banque, banca, swift, bic, direct debit, lastschrift, uberweisung, \
         transferencia, virement, bonifico, wire transfer, direct deposit",
    ),
    (
        Cue::Passport,
        "passport, passport number, passport no, reisepass, reisepasses, reisepassnummer, passnummer, pass-nr, \
         pasaporte, passeport, passaporte, passaporto",
    ),
    (
        Cue::Birth,
        "born, dob, d.o.b, birth, date of birth, birth date, birthdate, d o b, \
         geboren, geb, geb.dat, geb.-dat, geb.-datum, gebdat, geb-datum, \
         geburtsdatum, geburtstag, f nac, f. nac, fec nac, fec. nac, fecha nac, fecha nacimiento, \
         fecha de nac, ddn, date de naiss, date naiss, date naissance, data nasc, \
         data nascimento, data de nasc, dt nasc, dt nascimento, dt. nasc, \
         nacido, nacida, naci, nacio, fecha de nacimiento, nacimiento, \
         ne le, nee le, ne a, nee a, date de naissance, naissance, nascido, nascida, nasci, nasceu, \
         data de nascimento, nascimento, nato, nata, nato il, nata il, data di nascita, nascita",
    ),
    (
        Cue::Birthday,
        "birthday, bday, b-day, cumpleanos, anniversaire, aniversario, compleanno",
    ),
    (
        Cue::SocialSecurity,
        "ssn, ss#, ss number, social security, social security number, soc sec, social",
    ),
    (
        Cue::NationalId,
        "national id, national insurance, nino, ni number, identity number, id number, \
         identity card, id card, tax id, tax number, taxpayer, tin, sin, social insurance, \
         social insurance number, tfn, tax file number, tax file, steuer-id, steuerid, \
         steueridentifikationsnummer, steuer-identifikationsnummer, identifikationsnummer, \
         steuernummer, idnr, nir, numero de securite sociale, securite sociale, numero secu, dni, \
         nie, nif, codice fiscale, bsn, burgerservicenummer, sofinummer, cpf, aadhaar, aadhar, \
         adhaar, uidai, uid, personnummer, documento de identidad",
    ),
    (
        Cue::Card,
        "card, card number, credit card, debit card, visa, mastercard, amex, karte, kreditkarte, \
         kartennummer, kreditkartennummer, tarjeta, carte, carte bancaire, cartao, carta, \
         carta di credito",
    ),
    (
        Cue::Phone,
        "phone, phone number, telephone, tel, mobile, cell, cellphone, call, call me, call me on, \
         ring, ring me, whatsapp, reach me, contact number, my number, handy, handynummer, \
         telefon, telefonnummer, mobil, rufnummer, anrufen, meine nummer, telefono, movil, \
         celular, llamar, llamadme, llamame, mi numero, portable, appeler, appelez, appelez-moi, \
         mon numero, telefone, telemovel, ligar, ligue, liguem, meu numero, cellulare, chiamare, \
         chiamatemi, mio numero",
    ),
    (
        Cue::Record,
        "order, tracking, booking, reservation, ticket, invoice, reference, ref, meter, case, \
         policy, parcel, shipment, flight, serial, imei, sku, item, product, model, customer, \
         member, membership, loyalty, confirmation, pnr, contract, claim, id, bestellung, \
         bestellnummer, sendungsnummer, auftrag, auftragsnummer, rechnung, rechnungsnummer, \
         kundennummer, kundennr, bestellnr, rechnungsnr, auftragsnr, vertragsnr, vertragsnummer, \
         buchung, buchungsnummer, zahler, zahlernummer, zahlerstand, pedido, seguimiento, \
         factura, reserva, contador, commande, suivi, facture, dossier, compteur, colis, \
         encomenda, rastreio, fatura, ordine, spedizione, tracciamento, fattura, prenotazione, \
         contatore, price, version, batch, isbn, barcode, ean, gtin, voucher, siret, siren, cnpj, \
         vat, iva, tva, tracking number, tracking no, order number, order no, points, puntos, \
         punkte, punti, pontos, referencia, referenz, protocolo, matricula, matricola, iccid",
    ),
];

struct Matcher {
    words: AhoCorasick,
    cues: Vec<Cue>,
}

#[expect(clippy::expect_used, reason = "a constant list that every test builds")]
static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
    let (cues, words): (Vec<Cue>, Vec<&str>) = WORDS
        .iter()
        .flat_map(|(cue, words)| words.split(", ").map(move |word| (*cue, word)))
        .unzip();
    let words = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .expect("a few hundred short words");
    Matcher { words, cues }
});

/// The words of a text that announce something, in order.
pub(super) fn find(folded: &Folded) -> Vec<Sign> {
    let sign = |found: aho_corasick::Match| {
        let cue = *MATCHER.cues.get(found.pattern().as_usize())?;
        let whole = folded.is_free(found.start(), found.end());
        whole.then_some(Sign {
            cue,
            start: found.start(),
            end: found.end(),
        })
    };
    MATCHER
        .words
        .find_iter(folded.text())
        .filter_map(sign)
        .collect()
}

/// Whether one of the words stands close to a value: at most 48 bytes before it or 24 after it.
pub(super) fn is_near(signs: &[Sign], wanted: Cue, start: usize, end: usize) -> bool {
    nearby(signs, start.saturating_sub(48), end + 24)
        .iter()
        .any(|sign| sign.cue == wanted)
}

/// The signs that lie between two positions.
pub(super) fn nearby(signs: &[Sign], from: usize, to: usize) -> &[Sign] {
    let first = signs.partition_point(|sign| sign.start < from);
    let last = signs.partition_point(|sign| sign.start < to);
    signs.get(first..last).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Folded, WORDS};

    #[test]
    fn every_word_is_written_as_folding_leaves_it() {
        for word in WORDS.iter().flat_map(|(_, words)| words.split(", ")) {
            assert_eq!(Folded::new(word, &[]).text(), word);
        }
    }
}
