//! The buttons under our messages to customers. What they say is an opaque token and one letter; who may
//! press, and whether it still means anything, is looked up when they are pressed. Pure.

use reqwest::Url;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::{
    buttons::Buttons,
    domain::{form::FormKind, ids::ButtonToken, reading::Language},
};

/// What a customer presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    /// The call helped.
    Helped,
    /// The call did not help.
    NotHelped,
    /// The link to the form does not open it any more.
    NewLink,
}

impl Press {
    const LETTERS: [(Self, &'static str); 3] = [
        (Self::Helped, "y"),
        (Self::NotHelped, "n"),
        (Self::NewLink, "f"),
    ];

    /// What the button says, and to which post it belongs.
    pub(super) fn parse(data: &str) -> Option<(ButtonToken, Self)> {
        let (token, letter) = data.rsplit_once('.')?;
        let mut letters = Self::LETTERS.into_iter();
        let (press, _) = letters.find(|(_, of)| *of == letter)?;
        Some((ButtonToken::parse(token).ok()?, press))
    }

    fn data(self, token: &ButtonToken) -> String {
        let mut letters = Self::LETTERS.into_iter();
        let letter = letters.find(|(of, _)| *of == self);
        format!("{token}.{}", letter.map_or("", |(_, letter)| letter))
    }
}

/// Under the question whether a call helped.
pub(super) fn helped(words: &Buttons, token: &ButtonToken) -> InlineKeyboardMarkup {
    let button = |text: &str, press: Press| InlineKeyboardButton::callback(text, press.data(token));
    InlineKeyboardMarkup::new([
        [button(words.helped_yes, Press::Helped)],
        [button(words.helped_no, Press::NotHelped)],
    ])
}

/// Under an offer of a form. A link lasts less long than the message stands, so that a new one can be
/// had in its place.
pub(super) fn form(
    words: &Buttons,
    more: &More,
    kind: FormKind,
    link: Url,
    token: &ButtonToken,
) -> InlineKeyboardMarkup {
    let open = match kind {
        FormKind::Identity => words.open_form,
        FormKind::Details => words.open_details,
    };
    let anew = Press::NewLink.data(token);
    InlineKeyboardMarkup::new([
        [InlineKeyboardButton::url(open, link)],
        [InlineKeyboardButton::callback(more.new_link, anew)],
    ])
}

/// What only these buttons say.
#[derive(Debug)]
pub(super) struct More {
    language: &'static str,
    /// Makes the link to a form anew.
    pub(super) new_link: &'static str,
    /// It was made anew.
    pub(super) link_made: &'static str,
    /// A button means nothing any more.
    pub(super) over: &'static str,
}

impl More {
    /// The words of a language, else English.
    pub(super) fn of(language: Language) -> &'static Self {
        let mut all = LANGUAGES.iter();
        all.find(|words| words.language == language.as_str())
            .copied()
            .unwrap_or(&ENGLISH)
    }
}

static LANGUAGES: [&More; 6] = [&ENGLISH, &GERMAN, &FRENCH, &SPANISH, &ITALIAN, &PORTUGUESE];

static ENGLISH: More = More {
    language: "en",
    new_link: "The link does not open: make a new one",
    link_made: "Here is a new link: press the button above.",
    over: "This button does nothing any more. Just write to us here.",
};

static GERMAN: More = More {
    language: "de",
    new_link: "Der Link geht nicht: neuen Link holen",
    link_made: "Hier ist ein neuer Link: tippen Sie auf die Schaltfläche darüber.",
    over: "Diese Schaltfläche bewirkt nichts mehr. Schreiben Sie uns einfach hier.",
};

static FRENCH: More = More {
    language: "fr",
    new_link: "Le lien ne s’ouvre pas : en obtenir un autre",
    link_made: "Voici un nouveau lien : appuyez sur le bouton au-dessus.",
    over: "Ce bouton ne sert plus à rien. Écrivez-nous simplement ici.",
};

static SPANISH: More = More {
    language: "es",
    new_link: "El enlace no se abre: pedir otro",
    link_made: "Aquí tiene un enlace nuevo: pulse el botón de arriba.",
    over: "Este botón ya no hace nada. Escríbanos aquí sin más.",
};

static ITALIAN: More = More {
    language: "it",
    new_link: "Il link non si apre: chiederne uno nuovo",
    link_made: "Ecco un nuovo link: prema il pulsante qui sopra.",
    over: "Questo pulsante non serve più. Ci scriva semplicemente qui.",
};

static PORTUGUESE: More = More {
    language: "pt",
    new_link: "A ligação não abre: pedir outra",
    link_made: "Aqui está uma nova ligação: prima o botão acima.",
    over: "Este botão já não faz nada. Escreva-nos simplesmente aqui.",
};

#[cfg(test)]
mod tests {
    use teloxide::types::InlineKeyboardButtonKind as Kind;

    use super::*;
    use crate::buttons;

    fn token() -> ButtonToken {
        ButtonToken::parse("msg_0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn what_a_button_says_is_read_again_and_fits() {
        for (press, _) in Press::LETTERS {
            let data = press.data(&token());
            assert!(data.len() <= 64, "{data}");
            assert_eq!(Press::parse(&data), Some((token(), press)));
        }
        for odd in ["", ".y", "msg_0.x", "msg_0", "msg_0.yy", "a b.y"] {
            assert_eq!(Press::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_form_can_be_opened_and_its_link_made_anew() {
        let link = Url::parse("https://help.example/form/rb_1").unwrap();
        let english = &buttons::ENGLISH;
        let keyboard = form(english, &ENGLISH, FormKind::Details, link.clone(), &token());
        let kinds: Vec<_> = keyboard.inline_keyboard.concat();
        assert_eq!(kinds[0].kind, Kind::Url(link));
        assert_eq!(kinds[0].text, english.open_details);
        assert!(matches!(&kinds[1].kind, Kind::CallbackData(data) if data.ends_with(".f")));
    }

    #[test]
    fn every_language_of_the_other_buttons_is_spoken() {
        let theirs = buttons::LANGUAGES.iter().map(|words| words.language);
        let ours: Vec<_> = LANGUAGES.iter().map(|words| words.language).collect();
        assert_eq!(theirs.collect::<Vec<_>>(), ours);
    }
}
