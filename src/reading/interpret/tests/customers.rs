//! What customers' messages mean, language by language.

use super::check;

#[test]
fn english_customers_are_understood() {
    let told = "It's under Account, Invoices.";
    let ask = "Which month?";
    let reset = "Please press reset.";
    let promise = "I will check with the depot and tell you today.";
    let offer = "May we call you about it?";
    check(&[
        (told, "Found it, many thanks!", "thanks !unsolved"),
        (told, "sorted, cheers 👍", "thanks"),
        (told, "Great, that worked", "thanks"),
        (told, "Thaaanks!!", "thanks"),
        (told, "🙏", "thanks ack"),
        (told, "ok", "thanks ack answers"),
        (told, "👍", "thanks ack"),
        (told, "ok, thank you", "thanks"),
        (reset, "Done, thank you", "thanks"),
        (reset, "ok", "acts ack"),
        (reset, "thanks!", "thanks"),
        (promise, "thanks!", "thanks"),
        (promise, "ok", "waits ack"),
        (ask, "ok", "acts ack"),
        (ask, "ok, done", "answers !unsolved"),
        ("-", "ok", "open ack"),
        (
            "-",
            "Just wanted to say thank you to Ana at the desk, she was great",
            "thanks",
        ),
        ("-", "My line is down since noon, thanks", "open"),
        (
            "Menu, Returns, Print. Anything else I can do?",
            "no, that's all",
            "thanks",
        ),
        ("Anything else?", "No, thanks!", "thanks"),
        ("Anything else?", "nothing, thanks", "thanks !unsolved"),
        ("Anything else?", "yes please", "open"),
        (told, "Thanks for nothing", "open"),
        (told, "thanks but it still fails", "open unsolved"),
        (told, "thanks! and do you also sell chargers?", "open"),
        (told, "thanks in advance", "open"),
        (told, "gee thanks 🙄", "open"),
        (reset, "no thanks", "open"),
        (told, "Thanks. When will it arrive", "open"),
        (told, "hopefully it will be fixed soon", "open"),
        (told, "it is not sorted", "open unsolved"),
        (reset, "will do tonight and report back", "acts !answers"),
        (reset, "thanks, will try", "acts"),
        (promise, "ok, I'll wait till Friday", "waits"),
        (ask, "DM sent, thanks", "waits"),
        (ask, "just DM'd you", "waits"),
        (ask, "RX204455", "answers open"),
        (ask, "the 4th and the 6th", "answers"),
        (ask, "the \"service\" one, for 12 dollars", "answers"),
        (
            ask,
            "RX1, and it has been three weeks, nobody answers the phone",
            "!answers !call",
        ),
        (ask, "I have no idea, it is dripping everywhere", "!answers"),
        (ask, "you tell me!", "!answers"),
        (ask, "UK, thanks", "open answers"),
        ("-", "Can you please ring me about my contract?", "call"),
        (offer, "yes please", "call"),
        (offer, "sure", "call"),
        (offer, "ok", "call"),
        (offer, "tomorrow after lunch would be best", "call"),
        (
            "Shall we call you?",
            "can't talk right now, ring me after six please",
            "call !text",
        ),
        (
            reset,
            "thank you, but could somebody call me?",
            "call !thanks",
        ),
        ("-", "I want to speak to a human", "call"),
        ("-", "let me talk to your manager", "call"),
        ("-", "what number can I ring?", "call"),
        ("-", "agent please", "call"),
        ("-", "Actually my sister is here, please call now", "call"),
        ("-", "nobody answers the phone", "!call"),
        ("-", "I called you twice yesterday", "!call"),
        ("-", "let's call it a day", "!call"),
        ("-", "you said you'd call me", "!call"),
        ("-", "you promised to call me and nobody did", "!call"),
        ("-", "Anyone there?", "!call"),
        ("-", "can someone look?", "!call"),
        (offer, "no, here is fine thanks", "text !call !thanks"),
        (offer, "no", "text !call"),
        (offer, "no thanks", "text !call !thanks"),
        (offer, "not now, later", "!text !never_call"),
        ("-", "can we keep it in chat", "text"),
        (
            "-",
            "Never phone me, I am deaf. My order is wrong.",
            "never_call !call",
        ),
        ("-", "please don't phone me", "never_call !call"),
        ("-", "don't call me at work", "text !call"),
        ("-", "don't call me at work, ring me after six", "call"),
        (reset, "did that, nothing", "unsolved !answers open"),
        (reset, "red light, same as before", "unsolved"),
        (reset, "hm no, still logs me out", "unsolved"),
        (reset, "it charged me again anyway", "unsolved"),
        (reset, "it is off again", "unsolved"),
        (told, "spoke too soon", "unsolved"),
        (told, "That's not what I asked!", "unsolved"),
        ("You're welcome!", "thanks again", "thanks !unsolved"),
        (told, "see you again", "!unsolved"),
        (told, "thanks, my other line is dead too", "open"),
        (told, "thx but no", "open"),
        (told, "yeah right, thanks", "open"),
        (reset, "great, thanks", "thanks"),
        ("-", "why don't you call me", "call !never_call"),
        ("-", "please don't hesitate to ring me", "call !never_call"),
        ("-", "don't call me, text me", "never_call"),
        ("-", "Still nothing", "unsolved"),
        (
            "-",
            "There is smoke coming out of the charger you sold me",
            "urgent",
        ),
        ("-", "my lawyer will write to you", "urgent"),
        ("-", "my gas bill is wrong", "!urgent"),
        ("-", "you should fire him", "!urgent"),
        (
            "-",
            "I would like to change the bank account on my contract",
            "check",
        ),
        ("-", "please close my account", "check"),
        ("-", "I have a new phone number", "check"),
        ("-", "how do I change my plan?", "!check"),
        (
            "What is your booking number?",
            "kim@example.com, booking KX77PL",
            "offers_id answers",
        ),
        ("-", "my order number is 77812345", "!offers_id"),
        ("-", "I can send you my passport number", "offers_secret"),
        (
            "-",
            "my booking reference is KX77PL, please move it",
            "offers_id",
        ),
        ("-", "I live at 12 Mill Road, no signal", "offers_id"),
        (
            "-",
            "it is card ⟦payment_card⟧ that was charged",
            "offers_secret",
        ),
    ]);
}

#[test]
fn spanish_customers_are_understood() {
    let told = "Está en Cuenta, Facturas.";
    let ask = "¿Qué mes?";
    let reset = "Por favor reinicia el router.";
    let offer = "¿Podemos llamarte?";
    check(&[
        (told, "¡Muchas gracias!", "thanks"),
        (told, "ya funciona, gracias", "thanks"),
        (told, "Solucionado 👍", "thanks"),
        (told, "vale", "thanks ack"),
        (reset, "vale", "acts ack"),
        ("¿Algo más?", "no, eso es todo", "thanks"),
        ("¿Algo más?", "no, gracias", "thanks"),
        (told, "gracias por nada", "open"),
        (told, "gracias pero sigue sin funcionar", "open unsolved"),
        (told, "gracias, ¿y cuándo llega?", "open"),
        (told, "gracias de antemano", "open"),
        (reset, "luego lo pruebo y os cuento", "acts"),
        (reset, "no funciona", "unsolved"),
        (reset, "otra vez lo mismo", "unsolved"),
        (ask, "marzo y abril", "answers"),
        (ask, "ni idea", "!answers"),
        ("-", "¿Me pueden llamar por favor?", "call"),
        ("-", "quiero hablar con una persona", "call"),
        (offer, "sí, por favor", "call"),
        (offer, "no, por aquí está bien", "text !call"),
        ("-", "dijeron que me llamarían", "!call"),
        ("-", "no me llamen nunca, soy sordo", "never_call !call"),
        ("-", "huele a gas en la cocina", "urgent"),
        ("-", "la factura del gas está mal", "!urgent"),
        ("-", "quiero cambiar la cuenta bancaria", "check"),
        ("-", "quiero cerrar mi cuenta", "check"),
        ("-", "mi número de reserva es KX77PL", "offers_id"),
    ]);
}

#[test]
fn german_customers_are_understood() {
    let told = "Die Rechnung liegt unter Konto, Rechnungen.";
    let ask = "Welcher Monat?";
    let reset = "Bitte starten Sie den Router neu.";
    let offer = "Dürfen wir Sie anrufen?";
    check(&[
        (told, "Vielen Dank!", "thanks"),
        (told, "Jetzt geht es wieder, danke", "thanks"),
        (told, "Super, hat geklappt", "thanks"),
        (told, "alles klar", "thanks ack"),
        (reset, "ok", "acts ack"),
        (
            "Kann ich sonst noch etwas für Sie tun?",
            "nein, das war alles",
            "thanks",
        ),
        (
            "Kann ich sonst noch etwas für Sie tun?",
            "Nein danke",
            "thanks",
        ),
        (told, "Danke für nichts", "open"),
        (
            told,
            "Danke, aber es geht immer noch nicht",
            "open unsolved",
        ),
        (told, "danke, und wann kommt das Paket?", "open"),
        (told, "Vielen Dank im Voraus", "open"),
        (reset, "probiere ich heute Abend und melde mich", "acts"),
        (reset, "schon wieder abgestürzt", "unsolved"),
        (reset, "funktioniert nicht", "unsolved"),
        (ask, "März und April", "answers"),
        (ask, "keine Ahnung", "!answers"),
        ("-", "Können Sie mich bitte anrufen?", "call"),
        ("-", "Rufen Sie mich bitte zurück", "call"),
        ("-", "ich möchte mit einem Menschen sprechen", "call"),
        (offer, "ja gerne", "call"),
        (offer, "nein, hier ist gut", "text !call"),
        ("-", "Sie haben versprochen mich anzurufen", "!call"),
        ("-", "bitte nicht anrufen", "never_call !call"),
        ("-", "ich bin gehörlos, bitte schreiben", "never_call"),
        ("-", "Aus dem Ladegerät kommt Rauch", "urgent"),
        ("-", "mein Anwalt meldet sich", "urgent"),
        ("-", "Ich möchte meine Bankverbindung ändern", "check"),
        ("-", "Bitte mein Konto löschen", "check"),
        ("-", "meine Kundennummer ist 44556677", "offers_id"),
    ]);
}

#[test]
fn french_customers_are_understood() {
    let told = "La facture est dans Compte, Factures.";
    let ask = "Quel mois ?";
    let reset = "Veuillez redémarrer la box.";
    let offer = "Pouvons-nous vous appeler ?";
    check(&[
        (told, "Merci beaucoup !", "thanks"),
        (told, "ça marche maintenant, merci", "thanks"),
        (told, "c'est réglé", "thanks"),
        (told, "d'accord", "thanks ack"),
        (reset, "d'accord", "acts ack"),
        (
            "Avez-vous besoin d'autre chose ?",
            "non, c'est tout",
            "thanks",
        ),
        (told, "merci pour rien", "open"),
        (
            told,
            "merci mais ça ne marche toujours pas",
            "open unsolved",
        ),
        (told, "merci, et quand arrive le colis ?", "open"),
        (told, "merci d'avance", "open"),
        (
            reset,
            "j'essaie ce soir et je vous tiens au courant",
            "acts",
        ),
        (reset, "toujours rien", "unsolved"),
        (reset, "ça recommence", "unsolved"),
        (ask, "mars et avril", "answers"),
        (ask, "aucune idée", "!answers"),
        ("-", "Pouvez-vous me rappeler ?", "call"),
        ("-", "je veux parler à un conseiller", "call"),
        (offer, "oui volontiers", "call"),
        (offer, "non, ici c'est bien", "text !call"),
        ("-", "vous aviez promis de me rappeler", "!call"),
        (
            "-",
            "ne m'appelez jamais, je suis sourde",
            "never_call !call",
        ),
        ("-", "il y a une odeur de gaz", "urgent"),
        ("-", "je veux changer mon adresse", "check"),
        ("-", "je souhaite fermer mon compte", "check"),
        ("-", "mon numéro de client est 44556677", "offers_id"),
    ]);
}

#[test]
fn portuguese_customers_are_understood() {
    let told = "A fatura fica em Conta, Faturas.";
    let ask = "Qual mês?";
    let reset = "Por favor reinicie o modem.";
    let offer = "Podemos te ligar?";
    check(&[
        (told, "Muito obrigada!", "thanks"),
        (told, "agora funciona, obrigado", "thanks"),
        (told, "resolvido, valeu", "thanks"),
        (told, "tá bom", "thanks ack"),
        (reset, "tá bom", "acts ack"),
        ("Posso ajudar em algo mais?", "não, é só isso", "thanks"),
        (told, "obrigado por nada", "open"),
        (told, "obrigado mas continua sem funcionar", "open unsolved"),
        (told, "obrigada, e quando chega?", "open"),
        (told, "desde já obrigado", "open"),
        (reset, "vou tentar e aviso vocês depois", "acts"),
        (reset, "não funcionou", "unsolved"),
        (reset, "caiu de novo", "unsolved"),
        (ask, "março e abril", "answers"),
        (ask, "não faço ideia", "!answers"),
        ("-", "Podem me ligar por favor?", "call"),
        ("-", "quero falar com um atendente", "call"),
        (offer, "sim, por favor", "call"),
        (offer, "não, por aqui está bom", "text !call"),
        ("-", "disseram que iam me ligar", "!call"),
        ("-", "nunca me liguem, sou surda", "never_call !call"),
        ("-", "tem cheiro de gás em casa", "urgent"),
        ("-", "quero mudar o meu endereço", "check"),
        ("-", "quero encerrar minha conta", "check"),
        ("-", "o número da reserva é KX77PL", "offers_id"),
    ]);
}

#[test]
fn italian_customers_are_understood() {
    let told = "La fattura si trova in Conto, Fatture.";
    let ask = "Quale mese?";
    let reset = "Per favore riavvii il modem.";
    let offer = "Possiamo chiamarla?";
    check(&[
        (told, "Grazie mille!", "thanks"),
        (told, "ora funziona, grazie", "thanks"),
        (told, "risolto 👍", "thanks"),
        (told, "va bene", "thanks ack"),
        (reset, "va bene", "acts ack"),
        ("Posso aiutarla in altro?", "no, è tutto", "thanks"),
        (told, "grazie per niente", "open"),
        (told, "grazie ma ancora non funziona", "open unsolved"),
        (told, "grazie, e quando arriva?", "open"),
        (told, "grazie in anticipo", "open"),
        (told, "grazie, ma il pacco dov'è", "open"),
        (reset, "provo stasera e vi faccio sapere", "acts"),
        (reset, "non funziona", "unsolved"),
        (reset, "di nuovo lo stesso errore", "unsolved"),
        (ask, "marzo e aprile", "answers"),
        (ask, "non ne ho idea", "!answers"),
        ("-", "Potete chiamarmi per favore?", "call"),
        ("-", "voglio parlare con un operatore", "call"),
        (offer, "sì, volentieri", "call"),
        (offer, "no, qui va bene", "text !call"),
        ("-", "avevate promesso di chiamarmi", "!call"),
        ("-", "non chiamatemi mai, sono sorda", "never_call !call"),
        ("-", "c'è odore di gas in cucina", "urgent"),
        ("-", "vorrei cambiare l'indirizzo", "check"),
        ("-", "voglio chiudere il mio conto", "check"),
        ("-", "il numero di prenotazione è KX77PL", "offers_id"),
    ]);
}
