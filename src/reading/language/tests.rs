//! What tells a language and what does not. All messages are our own.

use super::detect;

fn assert_language(code: &str, texts: &[&str]) {
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let found = detect(text).map(|language| language.to_string());
            (found.as_deref() != Some(code)).then(|| format!("{text} -> {found:?}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        texts.len(),
        wrong.join("\n")
    );
}

#[test]
fn short_english_is_told() {
    assert_language(
        "en",
        &[
            "thanks",
            "Thank you!",
            "cheers 👍",
            "my bill is wrong",
            "still nothing",
            "it is off again",
            "No internet since this morning",
            "can someone call me",
            "where is my parcel?",
            "I can’t log in",
            "that's not what I asked",
            "did that, nothing",
            "How do I cancel the trial?",
            "please ring me after six",
            "the red light, same as before",
            "I am waiting for three weeks",
            "you charged me twice",
            "@brand it doesn't work #fail",
        ],
    );
}

#[test]
fn short_spanish_is_told() {
    assert_language(
        "es",
        &[
            "gracias",
            "¡Muchas gracias!",
            "hola, mi factura está mal",
            "sigue sin funcionar",
            "no tengo internet desde esta mañana",
            "¿dónde está mi pedido?",
            "necesito que me llamen",
            "ya no hace falta, gracias",
            "nadie contesta el teléfono",
            "me han cobrado dos veces",
            "quiero hablar con una persona",
            "lo pruebo y os digo",
            "eso no es lo que pregunté",
            "perfecto, solucionado",
            "llevo tres semanas esperando",
            "buenos días",
            "no puedo entrar en mi cuenta",
        ],
    );
}

#[test]
fn short_german_is_told() {
    assert_language(
        "de",
        &[
            "danke",
            "Vielen Dank!",
            "meine Rechnung stimmt nicht",
            "geht immer noch nicht",
            "seit heute früh kein Internet",
            "wo ist mein Paket?",
            "bitte rufen Sie mich an",
            "ich warte seit drei Wochen",
            "das habe ich nicht gefragt",
            "alles klar, danke",
            "hat geklappt, super",
            "niemand geht ans Telefon",
            "ihr habt mir zweimal abgebucht",
            "ich probiere es und melde mich",
            "kann mich jemand anrufen",
            "Guten Tag",
            "das Gerät ist schon wieder aus",
        ],
    );
}

#[test]
fn short_french_is_told() {
    assert_language(
        "fr",
        &[
            "merci",
            "Merci beaucoup !",
            "ma facture est fausse",
            "ça ne marche toujours pas",
            "plus d'internet depuis ce matin",
            "où est mon colis ?",
            "pouvez-vous m'appeler",
            "j'attends depuis trois semaines",
            "ce n'est pas ce que j'ai demandé",
            "c'est bon, parfait",
            "personne ne répond au téléphone",
            "vous m'avez débité deux fois",
            "j’essaie et je vous dis",
            "je veux parler à quelqu'un",
            "d'accord",
            "bonjour",
            "le code n'arrive pas dans mes mails",
        ],
    );
}

#[test]
fn short_portuguese_is_told() {
    assert_language(
        "pt",
        &[
            "obrigado",
            "Muito obrigada!",
            "a minha fatura está errada",
            "continua sem funcionar",
            "sem internet desde esta manhã",
            "onde está a minha encomenda?",
            "podem ligar para mim",
            "estou à espera há três semanas",
            "não foi isso que perguntei",
            "tudo certo, valeu",
            "ninguém atende o telefone",
            "cobraram duas vezes",
            "vou tentar e já digo",
            "quero falar com uma pessoa",
            "bom dia",
            "não consigo entrar na conta",
            "ainda não chegou nada",
        ],
    );
}

#[test]
fn short_italian_is_told() {
    assert_language(
        "it",
        &[
            "grazie",
            "Grazie mille!",
            "la mia fattura è sbagliata",
            "non funziona ancora",
            "niente internet da stamattina",
            "dov'è il mio pacco?",
            "potete chiamarmi",
            "aspetto da tre settimane",
            "non è quello che ho chiesto",
            "perfetto, risolto",
            "nessuno risponde al telefono",
            "mi avete addebitato due volte",
            "provo e vi faccio sapere",
            "voglio parlare con una persona",
            "buongiorno",
            "non riesco a entrare nel mio conto",
            "si è spento di nuovo",
        ],
    );
}

#[test]
fn other_languages_are_told_by_script_or_length() {
    assert_language(
        "ru",
        &["спасибо", "до сих пор не работает", "где мой заказ?"],
    );
    assert_language("uk", &["дякую, усе працює і все гаразд"]);
    assert_language("ar", &["شكرا", "الطلب لم يصل حتى الآن"]);
    assert_language("hi", &["धन्यवाद", "मेरा ऑर्डर अभी तक नहीं आया"]);
    assert_language(
        "ja",
        &["ありがとう", "まだ届いていません", "電話してください"],
    );
    assert_language("zh", &["谢谢", "我的包裹还没到"]);
    assert_language("ko", &["감사합니다"]);
    assert_language(
        "nl",
        &["bedankt", "mijn bestelling is nog steeds niet aangekomen"],
    );
    assert_language("pl", &["dziękuję", "moje zamówienie nadal nie dotarło"]);
    assert_language("tr", &["teşekkürler", "siparişim hâlâ gelmedi, neden?"]);
}

#[test]
fn what_tells_no_language_is_left_open() {
    for text in [
        "",
        "ok",
        "OK!",
        "👍",
        "no",
        "hi",
        "RX204455",
        "1234",
        "4 and",
        "Ana Martin",
        "KX77PL",
        "@danke",
        "#gracias",
        "https://example.com/merci/pour/tout",
        "⟦phone⟧",
        "kim@danke.de",
        "hmm",
        "lol",
        "???",
        "Will",
        "Berlin",
        "SUMMER10",
        "ok ok",
        "PIN 4711",
        "super",
        "internet",
    ] {
        assert_eq!(detect(text), None, "{text}");
    }
}

#[test]
fn handles_links_and_masks_do_not_sway() {
    assert_language(
        "de",
        &[
            "@thanks_and_please_help danke",
            "danke https://example.com/where/is/the/order",
        ],
    );
    assert_language("en", &["thanks ⟦phone⟧ @die_und_der"]);
}

#[test]
fn short_dutch_polish_turkish_and_romanised_hindi_are_told() {
    assert_language(
        "nl",
        &[
            "bedankt!",
            "het werkt nog steeds niet",
            "waar is mijn pakket",
        ],
    );
    assert_language(
        "pl",
        &[
            "dziękuję bardzo",
            "wciąż nie działa",
            "gdzie jest moja paczka",
        ],
    );
    assert_language(
        "tr",
        &["teşekkürler", "kargo hâlâ gelmedi", "çok bekliyorum"],
    );
    assert_language(
        "hi",
        &[
            "abhi tak nahi hua",
            "mera paisa kab aayega bhai",
            "kya hua yaar",
        ],
    );
}
