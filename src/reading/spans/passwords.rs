//! Passwords: the token that a password word leads to, unless it is what people say of passwords.
//! "I forgot my password" has no value, and neither has "my password is wrong".

use std::{collections::HashSet, sync::LazyLock};

use super::{
    beside::{self, is_not_measured},
    cues::Sign,
    fillers::{self, words},
    folded::{Folded, HIDDEN, SYMBOL, is_word},
};

/// What follows a password word.
pub(super) fn beside_word(folded: &Folded, sign: &Sign) -> Option<(usize, usize)> {
    let (at, link) = password_landing(folded, sign.end);
    let (start, end) = token(folded, at);
    let fits = match link {
        Some(link) => is_possible_password(folded, start, end, link),
        None if is_in_brackets(folded, start, end) => {
            is_possible_password(folded, start, end, Link::Word)
        }
        None => looks_secret(folded.slice(start, end)) && is_not_measured(folded, end),
    };
    if fits {
        return Some((start, end));
    }
    let end = fillers::before_fillers(folded, sign.start)?;
    beside::ending_at(folded, end, secret_at).or_else(|| used_as(folded, end))
}

/// Whether a token is all that stands in brackets: "my password (moonlight)".
fn is_in_brackets(folded: &Folded, start: usize, end: usize) -> bool {
    folded.before(start) == b'(' && folded.at(end) == b')'
}

/// "I use moonlight as my password": the word that ends here, where "use" leads to it.
fn used_as(folded: &Folded, end: usize) -> Option<(usize, usize)> {
    let word_before = |end: usize| {
        let mut start = end;
        while is_word(folded.before(start)) && end - start < LONGEST {
            start -= 1;
        }
        start
    };
    let start = word_before(end);
    let use_end = start
        .checked_sub(1)
        .filter(|_| folded.before(start) == b' ')?;
    let uses = USES.contains(folded.slice(word_before(use_end), use_end));
    (uses && is_possible_password(folded, start, end, Link::Word)).then_some((start, end))
}

static USES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| words("use used using uso usaba usando utilise benutze verwende nutze nehme"));

/// "pass: …", "clave = …", where no other word makes it a boarding pass.
pub(super) fn behind_label(folded: &Folded, sign: &Sign) -> Option<(usize, usize)> {
    let after = folded.after(sign.end, |byte| byte == b' ');
    let mut before = sign.start;
    while folded.before(before) == b' ' {
        before -= 1;
    }
    let qualified = is_word(folded.before(before)) && before < sign.start;
    let own = ["my", "mi", "tu", "la", "and", "y"]
        .iter()
        .any(|word| folded.slice(before.saturating_sub(word.len()), before) == *word);
    if qualified && !own {
        return None;
    }
    if fillers::is_link(folded.slice(after, folded.word_end(after))) {
        let at = folded.after(folded.word_end(after), is_around);
        return Some((at, secret_at(folded, at)?));
    }
    if !matches!(folded.at(after), b':' | b'=') {
        return None;
    }
    let (start, end) = token(folded, folded.after(after + 1, is_around));
    is_possible_password(folded, start, end, Link::Mark).then_some((start, end))
}

/// What leads from a password word to its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// "is", "lautet", "es" and their like.
    Word,
    /// A colon, `=` or an arrow.
    Mark,
}

/// The most words between a password word and its "is" ("the password for my account is …").
const MOST_WORDS: usize = 6;

/// Where a password may start, and what leads to it.
fn password_landing(folded: &Folded, cue_end: usize) -> (usize, Option<Link>) {
    let mut at = cue_end;
    let mut link = None;
    for word_number in 0..=MOST_WORDS {
        let gap_start = at;
        at = folded.after(at, |byte| {
            is_around(byte) || matches!(byte, b':' | b'=' | b'-' | b'>' | b'?')
        });
        let gap = folded.slice(gap_start, at);
        if gap.contains([':', '=']) || gap.contains("->") {
            link = Some(Link::Mark);
        }
        let end = folded.word_end(at);
        let word = folded.slice(at, end);
        let next = folded.at(end);
        let phrase_goes_on = match word_number {
            0 => fillers::LEADING.contains(word),
            // Once a phrase has begun, any word may belong to it.
            _ => fillers::is_phrase(folded, cue_end, at),
        };
        if fillers::is_link(word) && (is_around(next) || matches!(next, b':' | b'=')) {
            link = link.or(Some(Link::Word));
        } else if link.is_some() && STEPPED_OVER.contains(word) {
            // "is still hunter2", "es la siguiente: …"
        } else if link.is_some() || word.is_empty() || looks_secret(word) || !phrase_goes_on {
            break;
        }
        at = end;
    }
    (at, link)
}

/// Words between "is" and the password itself.
static STEPPED_OVER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "still now currently actually just simply the following as follows jetzt noch immer \
         fruher einfach die der das folgende ahora todavia simplemente la el siguiente \
         maintenant toujours simplement le suivant agora ainda sempre a o seguinte adesso ancora \
         sempre il seguente",
    )
});

/// What may stand between a link and a password without belonging to it.
fn is_around(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\n' | b'"' | b'\'' | b'`' | b'*' | b'(' | SYMBOL
    )
}

/// Where a token ends that starts at a position and looks like no word.
pub(super) fn secret_at(folded: &Folded, at: usize) -> Option<usize> {
    let (start, end) = token(folded, at);
    (start == at && looks_secret(folded.slice(start, end))).then_some(end)
}

/// The longest password looked at, in bytes; longer ones are masked as far as that.
const LONGEST: usize = 128;

/// The stretch from a position to the next space, without the punctuation that closes a sentence
/// or a quotation.
pub(super) fn token(folded: &Folded, at: usize) -> (usize, usize) {
    if let Some(end) = quotation_end(folded, at) {
        return (at, end);
    }
    let mut end = at;
    while end - at < LONGEST && !matches!(folded.at(end), 0 | b' ' | b'\n' | HIDDEN) {
        end += 1;
    }
    while end > at
        && matches!(
            folded.before(end),
            b'.' | b',' | b';' | b':' | b'?' | b')' | b'"' | b'\'' | b'`' | SYMBOL
        )
    {
        end -= 1;
    }
    (at, end)
}

/// Where the quotation ends that starts right before a position.
fn quotation_end(folded: &Folded, at: usize) -> Option<usize> {
    let quote = folded.before(at);
    if !matches!(quote, b'"' | b'`') {
        return None;
    }
    let end = (at..at + LONGEST)
        .find(|end| matches!(folded.at(*end), 0 | b'\n' | HIDDEN) || folded.at(*end) == quote)?;
    (folded.at(end) == quote).then_some(end)
}

/// Whether a word behind "is" can be a password rather than what is wrong with it.
pub(super) fn is_possible_password(folded: &Folded, start: usize, end: usize, link: Link) -> bool {
    let word = folded.slice(start, end);
    let bare = word.trim_end_matches('!');
    let quoted = matches!(folded.before(start), b'"' | b'\'' | b'`');
    if bare.is_empty() || bare == "n/a" || bare.contains("://") || !bare.bytes().any(is_word) {
        return false;
    }
    if quoted || looks_secret(word) {
        return true;
    }
    // "xxxx" hides one already, "kim's birthday" only hints.
    if bare.len() > 2 && bare.bytes().all(|byte| byte == b'x') || bare.ends_with("'s") {
        return false;
    }
    let plain = bare
        .bytes()
        .all(|byte| is_word(byte) || byte == b'\'' || byte == b'-');
    let participle = || {
        let ends = |ending: &&str| bare.ends_with(*ending);
        link == Link::Word && bare.len() >= 7 && SAID_ENDINGS.iter().any(ends)
    };
    !(plain && (NOT_PASSWORDS.contains(bare) || participle()))
}

/// Whether a token looks like no word of any language: digits among letters, four digits or more,
/// or marks inside.
pub(super) fn looks_secret(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token
        .bytes()
        .filter(|byte| is_word(*byte) && !byte.is_ascii_digit())
        .count();
    let marks = token.bytes().any(|byte| b"!$%^&_+~|@#".contains(&byte));
    let long =
        token.chars().count() >= 4 && !token.contains("://") && !token.starts_with(['@', '#']);
    let is_ordinal = ["st", "nd", "rd", "th"]
        .iter()
        .any(|end| token.ends_with(end))
        && letters == 2;
    long && !is_ordinal
        && (digits >= 4 || digits > 0 && letters > 1 || marks && digits + letters > 3 && digits > 0)
}

/// How words end that say what happened to a password ("is expired", "está bloqueada").
const SAID_ENDINGS: &[&str] = &[
    "ed", "ing", "ible", "able", "ado", "ada", "ido", "ida", "ato", "ata", "ito", "uto", "iert",
    "ando",
];

/// What people say of a password after "is" and its like, folded.
static NOT_PASSWORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "great important see useless terrible annoying obvious public blank visible outdated \
         ready active obligatoria obligatorio siehe sul sulla sui nel nella dal dalla al alla seit \
         vom beim bei zum nach vor laut giusta giusto sobre segun voir chez selon vide na pelo \
         asking saying giving going trying coming valid quella quello denied declined failed \
         disabled refused shared listed lapsed typed added hidden found shown given taken \
         written locked hacked leaked saved needed asked stored wiped used tied a about after \
         all almost already also always an and any as at bad because being broken but by can \
         case correct different down due empty enough even fine for forgotten from gone good \
         hard help here how i impossible in incorrect invalid it just kept known like long lost \
         me missing my never new no not now of off ok okay old on one only or out over please \
         plz pls private probably ready really right safe same secret secure sent set short \
         simple so some something still stolen strong such suddenly that the their then there \
         this to too under unknown up very weak what when where why wrong yes your you again \
         there's you're won't doesn't isn't necessary temporary unique mine is if will we well \
         way with without forgot required reset asap hunted longer somewhere between \
         case-sensitive fault optional mandatory confidential nowhere everywhere true false \
         null none falsch richtig nicht abgelaufen gesperrt vergessen ungultig gultig weg immer \
         noch jetzt neu alt zu kurz lang sicher unsicher ein eine der die das mein mir mich ich \
         wieder leider schon auch nur bitte korrekt unbekannt gleich geheim geandert verloren \
         kaputt nie niemals aber und oder im auf bei mehr zuruckgesetzt hier wie was incorrecta \
         incorrecto correcta correcto invalida mal mala erronea nueva vieja muy la el lo un una \
         mi que para por porque siempre nunca ya aun todavia tambien segura debil corta larga \
         necesaria secreta misma demasiado favor imposible facil dificil en de se y o pero como \
         cuando otra valida mauvais faux fausse bon pas ne n'est trop oublie expire invalide \
         bloque le les des du mon ma toujours encore perdu inconnu valide errone refuse change \
         juste tres plus deja aussi merci sur sous dans celui celle et ou mais avec sans bien \
         reinitialise demande il elle c'est s'il incorreta errada errado correta nao muito \
         minha meu sempre ainda tambem fraca curta longa mesma nova velha os um uma com sem mas \
         em esqueci ja obrigado obrigada invalido sbagliata errata corretta non scaduta scaduto \
         sicura debole stessa nuova vecchia troppo molto ancora anche mia mio stata persa che \
         perche con senza piu gia grazie",
    )
});

#[cfg(test)]
mod tests {
    use super::{Folded, NOT_PASSWORDS};

    #[test]
    fn every_word_is_written_as_folding_leaves_it() {
        for word in NOT_PASSWORDS.iter() {
            assert_eq!(Folded::new(word, &[]).text(), *word);
        }
    }
}
