//! Sensitive data that only the question before it gives away: "What is your date of birth?"
//! "04.05.1980". An answer is looked at as if it stood next to its word, where the message is
//! little more than such an answer. Must not look at who asked, or when.

use std::{collections::HashSet, sync::LazyLock};

use crate::domain::reading::{SensitiveSpan, SpanKind, SpanKinds};

use super::{
    ROUNDS, bank,
    beside::{self, is_not_measured},
    compact::Compact,
    cues::{self, Cue, Sign},
    dates,
    fillers::words,
    folded::{Folded, HIDDEN},
    passwords::{self, Link},
    secrets, settle,
};

/// The most words beside an answer in its sentence: "it is 4711 as far as I know". A longer one
/// tells of something, and its numbers may be anything.
const MOST_WORDS: usize = 8;
/// The most digits of an answer that is a PIN: where longer numbers stand, customers' numbers do.
const LONGEST_PIN: usize = 6;

/// The spans of a text, with those added that answer a question for such data; `None` if there
/// are none to add. `found` is what the text alone shows.
pub(in crate::reading) fn with_answers(
    text: &str,
    found: &[SensitiveSpan],
    asked_for: SpanKinds,
) -> Option<Vec<SensitiveSpan>> {
    if !ANSWERED.iter().any(|kind| asked_for.contains(*kind)) {
        return None;
    }
    // A number that we asked for as an account's is no phone number, unless we asked for both.
    let stays =
        |span: &&SensitiveSpan| span.kind != SpanKind::Phone || asked_for.contains(span.kind);
    let (mut known, unsure): (Vec<_>, Vec<_>) = found.iter().partition(stays);
    // What is found is hidden and the rest looked at again, as in `find`.
    for _ in 0..ROUNDS {
        let answers = answers(&Folded::new(text, &known), asked_for);
        if answers.is_empty() {
            break;
        }
        known.extend(answers);
        known.sort_unstable_by_key(|span| span.start);
    }
    let is_apart = |span: &SensitiveSpan| {
        let touches = |other: &SensitiveSpan| span.start < other.end && other.start < span.end;
        !known.iter().any(touches)
    };
    let phones: Vec<SensitiveSpan> = unsure.into_iter().filter(is_apart).collect();
    known.extend(phones);
    known.sort_unstable_by_key(|span| span.start);
    (known != found).then_some(known)
}

/// The kinds whose answers are looked for. A card, an IBAN and an address give themselves away;
/// a card's last digits are what people may say.
const ANSWERED: &[SpanKind] = &[
    SpanKind::BankAccount,
    SpanKind::NationalId,
    SpanKind::Passport,
    SpanKind::BirthDate,
    SpanKind::Password,
    SpanKind::Pin,
    SpanKind::OneTimeCode,
];

fn answers(folded: &Folded, asked_for: SpanKinds) -> Vec<SensitiveSpan> {
    if asked_for.contains(SpanKind::Password)
        && let Some(span) = password(folded)
    {
        return vec![span];
    }
    if !folded.has_digit {
        return Vec::new();
    }
    let signs = cues::find(folded);
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let mut words = 0;
        let mut said = Vec::new();
        while at < folded.len() && !ends_sentence(folded, at) {
            let kinds = ANSWERED.iter().filter(|kind| asked_for.contains(**kind));
            let value = kinds
                .filter(|_| folded.is_free_before(at))
                .find_map(|kind| Some((*kind, value_of(*kind, folded, &signs, at)?)));
            if let Some((kind, end)) = value {
                said.extend(folded.span(kind, at, end));
                at = end;
                continue;
            }
            let end = dates::date_at(folded, at).map_or(folded.word_end(at), |date| date.end);
            words += usize::from(end > at && !folded.at(at).is_ascii_digit());
            at = end.max(at + 1);
        }
        if words <= MOST_WORDS {
            found.append(&mut said);
        }
        at += 1;
    }
    settle(found)
}

/// Whether a sentence, or what stands before a comma, ends here.
fn ends_sentence(folded: &Folded, at: usize) -> bool {
    match folded.at(at) {
        b'\n' | b'!' | b'?' | b';' => true,
        b'.' | b',' => matches!(folded.at(at + 1), 0 | b' ' | b'\n'),
        _ => false,
    }
}

/// Where the answer of a kind ends that starts at a position.
fn value_of(kind: SpanKind, folded: &Folded, signs: &[Sign], at: usize) -> Option<usize> {
    if is_called_a_record(folded, signs, at) {
        return None;
    }
    let end = match kind {
        SpanKind::BirthDate => dates::birth_at(folded, at),
        SpanKind::Pin => secrets::pin(folded, at).filter(|end| end - at <= LONGEST_PIN),
        SpanKind::OneTimeCode => secrets::any_code(folded, at),
        SpanKind::Passport => secrets::passport(folded, at),
        SpanKind::BankAccount => bank::account_number(folded, at),
        SpanKind::NationalId => national_id(folded, at),
        SpanKind::Password => passwords::secret_at(folded, at),
        _ => None,
    }?;
    let is_date = kind != SpanKind::BirthDate && dates::date_at(folded, at).is_some();
    (!is_date && is_not_measured(folded, end)).then_some(end)
}

/// Whether the nearest word before a value makes it an order's or a parcel's.
fn is_called_a_record(folded: &Folded, signs: &[Sign], at: usize) -> bool {
    let before = cues::nearby(signs, at.saturating_sub(24), at);
    before.last().is_some_and(|sign| {
        let is_next = !folded
            .slice(sign.end, at)
            .bytes()
            .any(|byte| byte.is_ascii_digit());
        is_next && matches!(sign.cue, Cue::Record | Cue::Phone | Cue::Card)
    })
}

/// Any country's number, or its last four digits: six to sixteen letters and digits, four of them
/// digits at least.
fn national_id(folded: &Folded, at: usize) -> Option<usize> {
    let digits = beside::grouped_digits(folded, at, b" .-", 6..=15)
        .or_else(|| beside::grouped_digits(folded, at, b"", 4..=4));
    digits.or_else(|| {
        let compact = Compact::read(folded, at, b".-", 16);
        let (text, end) = compact.ends().last()?;
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        (text.len() >= 6 && digits >= 4).then_some(end)
    })
}

/// The password that is the whole message, but for words that lead to it.
fn password(folded: &Folded) -> Option<SensitiveSpan> {
    let mut at = 0;
    loop {
        at = folded.after(at, |byte| b" \n\"'`:=>,-".contains(&byte));
        let end = folded.word_end(at);
        let word = folded.slice(at, end);
        let is_last = matches!(folded.at(end), 0) || folded.at(at) == HIDDEN;
        if is_last || !LEADS.contains(word) {
            break;
        }
        at = end;
    }
    let (start, end) = passwords::token(folded, at);
    let rest = folded.after(end, |byte| !byte.is_ascii_alphanumeric() && byte < 0x80);
    let word = folded.slice(start, end);
    let is_whole = start == at && rest == folded.len() && folded.at(end) != b'?';
    let is_secret = passwords::looks_secret(word)
        || !REPLIES.contains(word)
            && word.len() > 3
            && passwords::is_possible_password(folded, start, end, Link::Word);
    (is_whole && !word.is_empty() && is_secret)
        .then(|| folded.span(SpanKind::Password, start, end))?
}

/// What leads to a password: "it is", "es ist", "my password is".
static LEADS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "it its s is my the password passwort kennwort contrasena senha mot de passe sure ok okay \
         yes here that's it's mein es ist das lautet si claro mi la el oui c'est c est mon le sim \
         minha a e mia parola chiave ja ecco voila aqui",
    )
});

/// One word that answers a question and is no password.
static REPLIES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "sure hello thanks sorry what who yes nope help agent human operator never okay done sent \
         wait cannot please later maybe none hola gracias claro perdon nunca quien danke hallo \
         nein bitte warum welches bonjour merci jamais pourquoi quoi quel obrigado obrigada nunca \
         porque qual ciao grazie perche quale certo okay really seriously unsure forgot",
    )
});
