//! What the buttons under Ringback's lines say to customers, and what comes of pressing them, in six
//! languages: the same words on every channel. What Ringback says *in* its lines is not here.

use serde::Serialize;

use crate::domain::reading::Language;

/// The words of one language.
#[derive(Debug, Serialize)]
pub struct Buttons {
    /// The language, as BCP 47 writes it.
    #[serde(skip)]
    pub language: &'static str,
    /// Opens the form for an identity check.
    pub open_form: &'static str,
    /// Opens the form for number and time of a call.
    pub open_details: &'static str,
    /// A form has expired or was taken back.
    pub form_over: &'static str,
    /// A form could not be opened.
    pub form_failed: &'static str,
    /// The call helped.
    pub helped_yes: &'static str,
    /// It did not.
    pub helped_no: &'static str,
    /// They said that it did.
    pub helped_thanks: &'static str,
    /// They said that it did not.
    pub helped_sorry: &'static str,
    /// They said otherwise too long ago.
    pub helped_stands: &'static str,
    /// What they said could not be kept.
    pub helped_failed: &'static str,
}

/// All languages; the first is where nothing else fits.
pub static LANGUAGES: &[&Buttons] = &[&ENGLISH, &GERMAN, &FRENCH, &SPANISH, &ITALIAN, &PORTUGUESE];

impl Buttons {
    /// The words of a language, else English.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        let mut all = LANGUAGES.iter();
        all.find(|words| words.language == language.as_str())
            .copied()
            .unwrap_or(&ENGLISH)
    }
}

/// English.
pub static ENGLISH: Buttons = Buttons {
    language: "en",
    open_form: "Open the secure form",
    open_details: "Choose number and time",
    form_over: "This form can no longer be filled in. If you still need it, write to us here.",
    form_failed: "The form could not be opened. Please try again.",
    helped_yes: "It helped",
    helped_no: "It did not",
    helped_thanks: "Thank you for your answer.",
    helped_sorry: "Thank you for telling us. Our team knows of it now.",
    helped_stands: "Your answer can no longer be changed. If anything is still open, write to us here.",
    helped_failed: "Your answer could not be kept. Please try again.",
};

/// German.
pub static GERMAN: Buttons = Buttons {
    language: "de",
    open_form: "Sicheres Formular öffnen",
    open_details: "Nummer und Zeit wählen",
    form_over: "Dieses Formular lässt sich nicht mehr ausfüllen. Wenn Sie es noch brauchen, schreiben Sie uns hier.",
    form_failed: "Das Formular ließ sich nicht öffnen. Bitte versuchen Sie es noch einmal.",
    helped_yes: "Es hat geholfen",
    helped_no: "Es hat nicht geholfen",
    helped_thanks: "Vielen Dank für Ihre Antwort.",
    helped_sorry: "Danke, dass Sie es uns sagen. Unser Team weiß jetzt Bescheid.",
    helped_stands: "Ihre Antwort lässt sich nicht mehr ändern. Wenn noch etwas offen ist, schreiben Sie uns hier.",
    helped_failed: "Ihre Antwort konnte nicht gespeichert werden. Bitte versuchen Sie es noch einmal.",
};

/// French.
pub static FRENCH: Buttons = Buttons {
    language: "fr",
    open_form: "Ouvrir le formulaire sécurisé",
    open_details: "Choisir le numéro et l’heure",
    form_over: "Ce formulaire ne peut plus être rempli. Si vous en avez encore besoin, écrivez-nous ici.",
    form_failed: "Le formulaire n’a pas pu s’ouvrir. Veuillez réessayer.",
    helped_yes: "Oui, cela m’a aidé",
    helped_no: "Non, cela ne m’a pas aidé",
    helped_thanks: "Merci pour votre réponse.",
    helped_sorry: "Merci de nous l’avoir dit. Notre équipe en est maintenant informée.",
    helped_stands: "Votre réponse ne peut plus être modifiée. S’il reste quelque chose à régler, écrivez-nous ici.",
    helped_failed: "Votre réponse n’a pas pu être enregistrée. Veuillez réessayer.",
};

/// Spanish.
pub static SPANISH: Buttons = Buttons {
    language: "es",
    open_form: "Abrir el formulario seguro",
    open_details: "Elegir número y hora",
    form_over: "Este formulario ya no se puede rellenar. Si aún lo necesita, escríbanos aquí.",
    form_failed: "No se pudo abrir el formulario. Inténtelo de nuevo.",
    helped_yes: "Me ha ayudado",
    helped_no: "No me ha ayudado",
    helped_thanks: "Gracias por su respuesta.",
    helped_sorry: "Gracias por decírnoslo. Nuestro equipo ya lo sabe.",
    helped_stands: "Su respuesta ya no se puede cambiar. Si queda algo pendiente, escríbanos aquí.",
    helped_failed: "No se pudo guardar su respuesta. Inténtelo de nuevo.",
};

/// Italian.
pub static ITALIAN: Buttons = Buttons {
    language: "it",
    open_form: "Apri il modulo sicuro",
    open_details: "Scegli numero e orario",
    form_over: "Questo modulo non può più essere compilato. Se le serve ancora, ci scriva qui.",
    form_failed: "Non è stato possibile aprire il modulo. Riprovi.",
    helped_yes: "Mi è stata d’aiuto",
    helped_no: "Non mi è stata d’aiuto",
    helped_thanks: "Grazie per la sua risposta.",
    helped_sorry: "Grazie di avercelo detto. Ora il nostro team lo sa.",
    helped_stands: "La sua risposta non può più essere cambiata. Se c’è ancora qualcosa da risolvere, ci scriva qui.",
    helped_failed: "Non è stato possibile salvare la sua risposta. Riprovi.",
};

/// Portuguese.
pub static PORTUGUESE: Buttons = Buttons {
    language: "pt",
    open_form: "Abrir o formulário seguro",
    open_details: "Escolher número e hora",
    form_over: "Este formulário já não pode ser preenchido. Se ainda precisar dele, escreva-nos aqui.",
    form_failed: "Não foi possível abrir o formulário. Tente de novo.",
    helped_yes: "Ajudou",
    helped_no: "Não ajudou",
    helped_thanks: "Obrigado pela sua resposta.",
    helped_sorry: "Obrigado por nos dizer. A nossa equipa já sabe.",
    helped_stands: "A sua resposta já não pode ser alterada. Se ainda houver algo por resolver, escreva-nos aqui.",
    helped_failed: "Não foi possível guardar a sua resposta. Tente de novo.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Buttons, LANGUAGES, Language};

    #[test]
    fn every_language_has_its_own_words() {
        let all: Vec<serde_json::Value> = LANGUAGES
            .iter()
            .map(|words| serde_json::to_value(words).expect("words"))
            .collect();
        let english = all[0].as_object().expect("words");
        for name in english.keys() {
            let different: BTreeSet<_> = all.iter().map(|words| words[name].as_str()).collect();
            assert_eq!(different.len(), all.len(), "{name}");
        }
    }

    #[test]
    fn a_language_that_we_do_not_speak_is_answered_in_english() {
        let of = |tag| Buttons::of(Language::parse(tag).expect("a language")).language;
        assert_eq!(["de", "pt-BR", "ja"].map(of), ["de", "pt", "en"]);
    }
}
