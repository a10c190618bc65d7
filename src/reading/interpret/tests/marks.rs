//! What our own messages do, and the identity data they ask for.

use super::{IdentityLevel, marks, ours};

fn names(text: &str) -> String {
    let marks = marks(text);
    [
        (marks.asks, "asks"),
        (marks.asks_identity, "identity"),
        (marks.offers_call, "offers"),
        (marks.promises, "promises"),
        (marks.instructs, "instructs"),
        (marks.reports, "reports"),
        (marks.asks_anything_else, "else"),
    ]
    .into_iter()
    .filter_map(|(holds, name)| holds.then_some(name))
    .collect::<Vec<_>>()
    .join(" ")
}

#[test]
fn messages_of_ours_are_told_apart() {
    let rows = [
        ("You're welcome!", ""),
        ("Have a great day!", ""),
        ("We will ring you at five today.", "promises"),
        (
            "I will check with the depot and tell you today.",
            "promises",
        ),
        ("A mast is down, it will be fixed by Friday.", "reports"),
        ("Please press reset.", "instructs"),
        (
            "Please restart it and tell us what the light does.",
            "asks instructs",
        ),
        ("May we call you about it?", "asks offers"),
        ("Shall we call you?", "asks offers"),
        ("Would you like us to give you a ring?", "asks offers"),
        ("What is the tracking number?", "asks"),
        ("Sorry! What is the tracking number?", "asks"),
        ("You can find your bill under Account, Invoices.", "reports"),
        (
            "Menu, Returns, Print. Anything else I can do?",
            "reports else",
        ),
        ("Let us know if you need anything else.", "else"),
        (
            "What is your e-mail address and booking number?",
            "asks identity",
        ),
        ("De nada!", ""),
        ("Te llamaremos hoy a las cinco.", "promises"),
        ("¿Podemos llamarte?", "asks offers"),
        ("Por favor reinicia el router.", "instructs"),
        ("El paquete sale mañana del almacén.", "reports"),
        ("¿Algo más?", "else"),
        ("Gern geschehen!", ""),
        ("Wir werden Sie heute um fünf anrufen.", "promises"),
        ("Dürfen wir Sie anrufen?", "asks offers"),
        ("Bitte starten Sie den Router neu.", "instructs"),
        (
            "Der Mast ist ausgefallen, bis Freitag ist er repariert.",
            "reports",
        ),
        ("Kann ich sonst noch etwas für Sie tun?", "else"),
        ("Je vous en prie !", ""),
        ("Nous vous rappellerons demain.", "promises"),
        ("Pouvons-nous vous appeler ?", "asks offers"),
        ("Veuillez redémarrer la box.", "instructs"),
        ("Le colis part demain matin.", "reports"),
        ("De nada!", ""),
        ("Vamos verificar e retornamos ainda hoje.", "promises"),
        ("Podemos te ligar?", "asks offers"),
        ("Por favor reinicie o modem.", "instructs"),
        ("Prego!", ""),
        ("La richiameremo domani.", "promises"),
        ("Possiamo chiamarla?", "asks offers"),
        ("Per favore riavvii il modem.", "instructs"),
        ("Il pacco parte domani mattina.", "reports"),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(text, expected)| names(text) != *expected)
        .map(|(text, expected)| format!("{text}: {expected}, not {}", names(text)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn identity_data_is_asked_for_in_many_ways() {
    use IdentityLevel::{Confidential, Identifying};
    let rows = [
        (
            "Please tell me your date of birth and your PIN.",
            Some(Confidential),
        ),
        (
            "Can you confirm the last four digits of your card?",
            Some(Confidential),
        ),
        ("What's your mother's maiden name?", Some(Confidential)),
        ("Could you DM us your passport number?", Some(Confidential)),
        (
            "We need your account number and sort code.",
            Some(Confidential),
        ),
        (
            "For security, what is the code we sent you? Please send us the verification code.",
            Some(Confidential),
        ),
        ("May I have your booking reference?", Some(Identifying)),
        ("Please send us your e-mail address.", Some(Identifying)),
        ("Booking number please?", Some(Identifying)),
        (
            "Full name, address and phone number, please.",
            Some(Identifying),
        ),
        ("Do you have a case number?", Some(Identifying)),
        ("What is the tracking number?", None),
        ("Please send us the order number.", None),
        ("We will never ask for your PIN.", None),
        ("Never send us your password here.", None),
        ("You can change your password under Account.", None),
        ("Please give us your birth date in the secure form.", None),
        ("Your booking is confirmed.", None),
        ("¿Cuál es tu fecha de nacimiento?", Some(Confidential)),
        (
            "Indíquenos su número de reserva, por favor.",
            Some(Identifying),
        ),
        ("Nunca te pediremos tu contraseña.", None),
        ("¿Cuál es el número de pedido?", None),
        ("Wie lautet Ihr Geburtsdatum?", Some(Confidential)),
        (
            "Bitte schicken Sie uns Ihre Kundennummer.",
            Some(Identifying),
        ),
        ("Wir fragen nie nach Ihrem Passwort.", None),
        ("Wie lautet die Sendungsnummer?", None),
        ("Quelle est votre date de naissance ?", Some(Confidential)),
        (
            "Pouvez-vous nous communiquer votre numéro de client ?",
            Some(Identifying),
        ),
        ("Ne communiquez jamais votre mot de passe.", None),
        ("Qual é a sua data de nascimento?", Some(Confidential)),
        ("Me informe o CPF, por favor.", Some(Confidential)),
        ("Pode enviar o número da reserva?", Some(Identifying)),
        ("Nunca pedimos a sua senha.", None),
        ("Qual è la sua data di nascita?", Some(Confidential)),
        (
            "Ci indichi il codice fiscale, per favore.",
            Some(Confidential),
        ),
        ("Può inviarci il codice cliente?", Some(Identifying)),
        ("Non chiediamo mai la password.", None),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(text, level)| ours(text).identity.map(|found| found.level) != *level)
        .map(|(text, level)| format!("{text}: {level:?}, not {:?}", ours(text).identity))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
