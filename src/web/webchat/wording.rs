//! Every word that a customer reads on the chat page and its widget, in six languages. What Ringback
//! says *in* a chat is not here.

use serde::Serialize;

use crate::{
    buttons::{self, Buttons},
    domain::reading::Language,
};

/// The words of one language. The page's script is handed all of them.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    /// The language, as BCP 47 writes it.
    pub(super) language: &'static str,
    /// The page's heading; `{brand}` stands for the brand.
    pub(super) title: &'static str,
    /// What stands above the first line.
    pub(super) greeting: &'static str,
    /// What not to send.
    pub(super) careful: &'static str,
    /// Names the list of lines to a screen reader.
    pub(super) conversation: &'static str,
    /// Names the box to write in.
    pub(super) your_message: &'static str,
    /// The button that sends.
    pub(super) send: &'static str,
    /// The button that starts another chat.
    pub(super) new_chat: &'static str,
    /// The button that closes the frame.
    pub(super) close: &'static str,
    /// The widget's button.
    pub(super) open: &'static str,
    /// Where scripts are off.
    pub(super) needs_script: &'static str,
    /// The customer's own lines, to a screen reader.
    you: &'static str,
    /// A line on its way.
    sending: &'static str,
    /// A line that is kept.
    sent: &'static str,
    /// A line that will be sent again.
    not_sent: &'static str,
    /// A line that is given up.
    failed: &'static str,
    /// We are typing.
    typing: &'static str,
    /// No connection at all.
    offline: &'static str,
    /// Ringback does not answer.
    connecting: &'static str,
    /// The desk is closed; `{time}` stands for a weekday and time.
    closed: &'static str,
    /// The token is not known.
    ended: &'static str,
    /// Too many chats were started.
    too_many: &'static str,
    /// Another chat was started.
    started: &'static str,
    /// Undoes that.
    back: &'static str,
    /// Stands for what was masked.
    hidden: &'static str,
    /// Its writer changed the line.
    edited: &'static str,
    /// A form is filled in.
    form_done: &'static str,
    /// Names the two buttons that say whether a call helped.
    helped_asked: &'static str,
    /// What buttons under lines say, and what comes of them.
    #[serde(flatten)]
    buttons: &'static Buttons,
    /// New lines are below; the widget's button has news.
    pub(super) news: &'static str,
}

/// All languages; the first is where nothing else fits.
pub(super) static LANGUAGES: &[&Words] =
    &[&ENGLISH, &GERMAN, &FRENCH, &SPANISH, &ITALIAN, &PORTUGUESE];

static ENGLISH: Words = Words {
    language: "en",
    title: "Chat with {brand}",
    greeting: "Hello! How can we help you? A person of ours will answer you here.",
    careful: "Please do not send card numbers or passwords here.",
    conversation: "Conversation",
    your_message: "Your message",
    send: "Send",
    new_chat: "New chat",
    close: "Close chat",
    open: "Open chat",
    needs_script: "This chat needs JavaScript. Please switch it on in your browser and load this page again.",
    you: "You",
    sending: "Sending…",
    sent: "Sent",
    not_sent: "Not sent yet",
    failed: "Could not be sent",
    typing: "We are typing…",
    offline: "You are offline. We send your messages when you are back.",
    connecting: "Connecting… What you write is sent as soon as it works.",
    closed: "We are away at the moment. We answer again on {time}.",
    ended: "This chat can no longer be opened. Your next message starts a new one.",
    too_many: "Too many new chats came from your network. We try again in a while.",
    started: "Your next message starts a new chat.",
    back: "Back to the previous one",
    hidden: "hidden for your safety",
    edited: "edited",
    form_done: "Filled in. Thank you.",
    helped_asked: "Did the call help you?",
    buttons: &buttons::ENGLISH,
    news: "New messages",
};

static GERMAN: Words = Words {
    language: "de",
    title: "Chat mit {brand}",
    greeting: "Hallo! Wie können wir Ihnen helfen? Hier antwortet Ihnen ein Mensch.",
    careful: "Bitte senden Sie hier keine Kartennummern oder Passwörter.",
    conversation: "Unterhaltung",
    your_message: "Ihre Nachricht",
    send: "Senden",
    new_chat: "Neuer Chat",
    close: "Chat schließen",
    open: "Chat öffnen",
    needs_script: "Dieser Chat braucht JavaScript. Bitte schalten Sie es im Browser ein und laden Sie die Seite neu.",
    you: "Sie",
    sending: "Wird gesendet…",
    sent: "Gesendet",
    not_sent: "Noch nicht gesendet",
    failed: "Konnte nicht gesendet werden",
    typing: "Wir schreiben gerade…",
    offline: "Sie sind offline. Wir senden Ihre Nachrichten, sobald Sie wieder verbunden sind.",
    connecting: "Verbindung wird aufgebaut… Was Sie schreiben, wird gesendet, sobald es geht.",
    closed: "Wir sind gerade nicht da. Wir antworten wieder am {time}.",
    ended: "Dieser Chat lässt sich nicht mehr öffnen. Ihre nächste Nachricht beginnt einen neuen.",
    too_many: "Aus Ihrem Netz kamen zu viele neue Chats. Wir versuchen es in einer Weile wieder.",
    started: "Ihre nächste Nachricht beginnt einen neuen Chat.",
    back: "Zurück zum vorigen",
    hidden: "zu Ihrer Sicherheit ausgeblendet",
    edited: "bearbeitet",
    form_done: "Formular gesendet. Vielen Dank.",
    helped_asked: "Hat Ihnen der Anruf geholfen?",
    buttons: &buttons::GERMAN,
    news: "Neue Nachrichten",
};

static FRENCH: Words = Words {
    language: "fr",
    title: "Discuter avec {brand}",
    greeting: "Bonjour ! Comment pouvons-nous vous aider ? Une personne de notre équipe vous répondra ici.",
    careful: "Merci de ne pas envoyer ici de numéros de carte ni de mots de passe.",
    conversation: "Conversation",
    your_message: "Votre message",
    send: "Envoyer",
    new_chat: "Nouvelle discussion",
    close: "Fermer la discussion",
    open: "Ouvrir la discussion",
    needs_script: "Cette discussion a besoin de JavaScript. Activez-le dans votre navigateur, puis rechargez la page.",
    you: "Vous",
    sending: "Envoi…",
    sent: "Envoyé",
    not_sent: "Pas encore envoyé",
    failed: "N’a pas pu être envoyé",
    typing: "Nous écrivons…",
    offline: "Vous êtes hors ligne. Nous enverrons vos messages à votre retour.",
    connecting: "Connexion… Ce que vous écrivez partira dès que possible.",
    closed: "Nous sommes absents pour le moment. Nous répondrons à nouveau {time}.",
    ended: "Cette discussion ne peut plus être ouverte. Votre prochain message en commencera une nouvelle.",
    too_many: "Trop de nouvelles discussions viennent de votre réseau. Nous réessayerons dans un moment.",
    started: "Votre prochain message commencera une nouvelle discussion.",
    back: "Revenir à la précédente",
    hidden: "masqué pour votre sécurité",
    edited: "modifié",
    form_done: "Formulaire envoyé. Merci.",
    helped_asked: "L’appel vous a-t-il aidé ?",
    buttons: &buttons::FRENCH,
    news: "Nouveaux messages",
};

static SPANISH: Words = Words {
    language: "es",
    title: "Chat con {brand}",
    greeting: "¡Hola! ¿En qué podemos ayudarle? Una persona de nuestro equipo le responderá aquí.",
    careful: "Por favor, no envíe aquí números de tarjeta ni contraseñas.",
    conversation: "Conversación",
    your_message: "Su mensaje",
    send: "Enviar",
    new_chat: "Nuevo chat",
    close: "Cerrar el chat",
    open: "Abrir el chat",
    needs_script: "Este chat necesita JavaScript. Actívelo en su navegador y vuelva a cargar la página.",
    you: "Usted",
    sending: "Enviando…",
    sent: "Enviado",
    not_sent: "Aún no enviado",
    failed: "No se pudo enviar",
    typing: "Estamos escribiendo…",
    offline: "No tiene conexión. Enviaremos sus mensajes cuando vuelva.",
    connecting: "Conectando… Lo que escriba se enviará en cuanto sea posible.",
    closed: "Ahora no estamos. Volveremos a responder: {time}.",
    ended: "Este chat ya no se puede abrir. Su próximo mensaje empezará uno nuevo.",
    too_many: "Llegaron demasiados chats nuevos desde su red. Lo intentaremos de nuevo en un rato.",
    started: "Su próximo mensaje empezará un chat nuevo.",
    back: "Volver al anterior",
    hidden: "oculto por su seguridad",
    edited: "editado",
    form_done: "Formulario enviado. Gracias.",
    helped_asked: "¿Le ha ayudado la llamada?",
    buttons: &buttons::SPANISH,
    news: "Mensajes nuevos",
};

static ITALIAN: Words = Words {
    language: "it",
    title: "Chat con {brand}",
    greeting: "Buongiorno! Come possiamo aiutarla? Qui le risponderà una persona del nostro team.",
    careful: "Per favore, non invii qui numeri di carta o password.",
    conversation: "Conversazione",
    your_message: "Il suo messaggio",
    send: "Invia",
    new_chat: "Nuova chat",
    close: "Chiudi la chat",
    open: "Apri la chat",
    needs_script: "Questa chat ha bisogno di JavaScript. Lo attivi nel browser e ricarichi la pagina.",
    you: "Lei",
    sending: "Invio…",
    sent: "Inviato",
    not_sent: "Non ancora inviato",
    failed: "Impossibile inviare",
    typing: "Stiamo scrivendo…",
    offline: "Non è in linea. Invieremo i suoi messaggi quando tornerà.",
    connecting: "Connessione… Ciò che scrive sarà inviato appena possibile.",
    closed: "Al momento non ci siamo. Risponderemo di nuovo: {time}.",
    ended: "Questa chat non si può più aprire. Il suo prossimo messaggio ne inizierà una nuova.",
    too_many: "Troppe nuove chat dalla sua rete. Riproveremo tra un po’.",
    started: "Il suo prossimo messaggio inizierà una nuova chat.",
    back: "Torna alla precedente",
    hidden: "nascosto per la sua sicurezza",
    edited: "modificato",
    form_done: "Modulo inviato. Grazie.",
    helped_asked: "La telefonata le è stata d’aiuto?",
    buttons: &buttons::ITALIAN,
    news: "Nuovi messaggi",
};

static PORTUGUESE: Words = Words {
    language: "pt",
    title: "Conversa com {brand}",
    greeting: "Olá! Como podemos ajudar? Uma pessoa da nossa equipa vai responder aqui.",
    careful: "Por favor, não envie aqui números de cartão nem palavras-passe.",
    conversation: "Conversa",
    your_message: "A sua mensagem",
    send: "Enviar",
    new_chat: "Nova conversa",
    close: "Fechar a conversa",
    open: "Abrir a conversa",
    needs_script: "Esta conversa precisa de JavaScript. Ative-o no navegador e recarregue a página.",
    you: "Você",
    sending: "A enviar…",
    sent: "Enviada",
    not_sent: "Ainda não enviada",
    failed: "Não foi possível enviar",
    typing: "Estamos a escrever…",
    offline: "Está sem ligação. Enviaremos as suas mensagens quando voltar.",
    connecting: "A ligar… O que escrever será enviado assim que for possível.",
    closed: "De momento não estamos. Voltamos a responder: {time}.",
    ended: "Esta conversa já não pode ser aberta. A sua próxima mensagem inicia uma nova.",
    too_many: "Chegaram demasiadas conversas novas da sua rede. Tentaremos de novo daqui a pouco.",
    started: "A sua próxima mensagem inicia uma nova conversa.",
    back: "Voltar à anterior",
    hidden: "oculto para sua segurança",
    edited: "editada",
    form_done: "Formulário enviado. Obrigado.",
    helped_asked: "A chamada ajudou?",
    buttons: &buttons::PORTUGUESE,
    news: "Mensagens novas",
};

impl Words {
    /// The first language of the reader's wishes that we speak, else the desk's, else English.
    pub(super) fn for_reader(wishes: &[&str], desk: Language) -> &'static Self {
        wishes
            .iter()
            .copied()
            .filter_map(Language::parse)
            .chain([desk])
            .find_map(Self::of)
            .unwrap_or(&ENGLISH)
    }

    fn of(language: Language) -> Option<&'static Self> {
        let mut all = LANGUAGES.iter();
        all.find(|words| words.language == language.as_str())
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{LANGUAGES, Language, Words};

    fn chosen(wishes: &[&str], desk: &str) -> &'static str {
        let desk = Language::parse(desk).expect("a language");
        Words::for_reader(wishes, desk).language
    }

    #[test]
    fn every_language_says_everything_in_its_own_words() {
        let all: Vec<_> = LANGUAGES
            .iter()
            .map(|words| match serde_json::to_value(words) {
                Ok(Value::Object(words)) => words,
                other => panic!("no words: {other:?}"),
            })
            .collect();
        let english = &all[0];
        // What is the same word in two of the languages.
        let shared = ["conversation", "send", "title"];
        for words in &all {
            assert_eq!(
                words.keys().collect::<Vec<_>>(),
                english.keys().collect::<Vec<_>>()
            );
            for (name, text) in words {
                let text = text.as_str().expect("text");
                assert!(!text.trim().is_empty(), "{name}");
                for hole in ["{brand}", "{time}"] {
                    let in_english = english[name].as_str().expect("text");
                    assert_eq!(text.contains(hole), in_english.contains(hole), "{name}");
                }
            }
        }
        for name in english
            .keys()
            .filter(|name| !shared.contains(&name.as_str()))
        {
            let different: BTreeSet<_> = all.iter().map(|words| words[name].as_str()).collect();
            assert_eq!(different.len(), all.len(), "{name}");
        }
    }

    #[test]
    fn the_reader_has_their_best_language_then_the_desks_then_english() {
        assert_eq!(chosen(&["de-AT", "de", "en"], "fr"), "de");
        assert_eq!(chosen(&["pt-BR", "en"], "fr"), "pt");
        assert_eq!(chosen(&["ja", "nl"], "fr"), "fr");
        assert_eq!(chosen(&["ja", "it"], "fr"), "it");
        assert_eq!(chosen(&[], "ja"), "en");
        assert_eq!(chosen(&["*"], "es"), "es");
    }
}
