//! PINs, one-time codes and passport numbers, and where passwords are asked for: values that only
//! the word next to them gives away. The span is the value alone.

use std::{collections::HashSet, sync::LazyLock};

use crate::domain::reading::{SensitiveSpan, SpanKind};

use super::{
    beside::{self, is_not_measured},
    cues::{Cue, Sign},
    fillers::{self, words},
    folded::{Folded, is_word},
    passwords,
};

/// The secrets of a text.
pub(super) fn find(folded: &Folded, signs: &[Sign]) -> Vec<SensitiveSpan> {
    signs
        .iter()
        .filter_map(|sign| {
            let (kind, value) = match sign.cue {
                Cue::Password => (SpanKind::Password, passwords::beside_word(folded, sign)),
                Cue::PasswordLabel => (SpanKind::Password, passwords::behind_label(folded, sign)),
                Cue::Pin => (SpanKind::Pin, beside::value(folded, sign, pin)),
                Cue::OneTimeCode => (SpanKind::OneTimeCode, beside::value(folded, sign, any_code)),
                Cue::Code => (SpanKind::OneTimeCode, bare_code(folded, sign)),
                Cue::Passport => (SpanKind::Passport, beside::value(folded, sign, passport)),
                _ => return None,
            };
            let (start, end) = value?;
            folded.span(kind, start, end)
        })
        .collect()
}

/// Three to twelve digits (ISO 9564 has four to twelve; a card's security number has three).
pub(super) fn pin(folded: &Folded, at: usize) -> Option<usize> {
    // One by one: "4-7-1-1".
    let single = |end: &usize| end - at == 2 * folded.digits(at, *end).len() - 1;
    let end = beside::grouped_digits(folded, at, b"", 3..=12)
        .or_else(|| beside::grouped_digits(folded, at, b" -.", 4..=6).filter(single))
        .or_else(|| beside::grouped_digits(folded, at, b" ", 4..=8).filter(|end| end - at > 5))?;
    is_not_measured(folded, end).then_some(end)
}

/// Four to eight digits, perhaps in two groups, or as many letters and digits.
pub(super) fn any_code(folded: &Folded, at: usize) -> Option<usize> {
    code_digits(folded, at).or_else(|| {
        let end = folded.word_end(at);
        let word = folded.slice(at, end).as_bytes();
        let mixed = word.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2;
        (mixed && word.is_ascii() && (5..=10).contains(&word.len())).then_some(end)
    })
}

fn code_digits(folded: &Folded, at: usize) -> Option<usize> {
    // Some senders put a letter before the code: "G-482913".
    let prefixed = folded.at(at).is_ascii_lowercase() && folded.at(at + 1) == b'-';
    let start = if prefixed { at + 2 } else { at };
    let end = beside::grouped_digits(folded, start, b" -", 4..=8)?;
    is_not_measured(folded, end).then_some(end)
}

/// A bare "code" says what it is only where nothing qualifies it ("my code is 482913", never
/// "promo code" or "postal code") and something leads to the value; or the value leads to it.
fn bare_code(folded: &Folded, sign: &Sign) -> Option<(usize, usize)> {
    let mut start = sign.start;
    while folded.before(start) == b' ' {
        start -= 1;
    }
    let word_end = start;
    while is_word(folded.before(start)) && word_end - start < 16 {
        start -= 1;
    }
    let word = folded.slice(start, word_end);
    if !word.is_empty() && !DETERMINERS.contains(word) {
        return None;
    }
    let landing = fillers::after_fillers(folded, sign.end);
    if let Some(end) = code_digits(folded, landing.at) {
        // Without a link, only what looks like nothing else: "my code 482913".
        let six_digits = !word.is_empty() && end - landing.at == 6;
        return (landing.linked || six_digits).then_some((landing.at, end));
    }
    if let Some(at) = fillers::after_phrase(folded, sign.end)
        && says_received(folded.slice(sign.end, at))
        && let Some(end) = code_digits(folded, at)
    {
        return Some((at, end));
    }
    let end = fillers::before_fillers(folded, sign.start)?;
    // "482913 is your code", but not "482913 is your code for 10 % off".
    let qualified = matches!(
        folded.slice(sign.end + 1, folded.word_end(sign.end + 1)),
        "for" | "de" | "postal" | "promo" | "fur" | "per" | "pour" | "para"
    );
    let is_short = folded.slice(sign.start, sign.end).len() >= 4 && !qualified;
    is_short.then(|| beside::ending_at(folded, end, code_digits))?
}

/// Whether a phrase says that something was sent or got: "the code I got by SMS is …".
fn says_received(phrase: &str) -> bool {
    phrase
        .split(|char: char| !char.is_alphanumeric())
        .any(|word| RECEIVED.contains(word))
}

static RECEIVED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "digits digit stellen chiffres cifre digitos got received sent sms text texted recibi recibido llego llegado enviado enviasteis bekommen erhalten \
         geschickt recu envoye recebi recebido enviaram ricevuto inviato arrivato",
    )
});

static DETERMINERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "digit stellige stelliger the my your this a and that is got received der mein ihr dein el mi tu su le mon votre \
         ton o meu seu teu il mio tuo suo",
    )
});

/// `LH1234`, `BA0443`: two letters and at most four digits.
fn is_flight(word: &[u8]) -> bool {
    let (airline, number) = word.split_at(word.len().min(2));
    airline.iter().all(u8::is_ascii_lowercase)
        && (1..=4).contains(&number.len())
        && number.iter().all(u8::is_ascii_digit)
}

/// A passport number: six to ten letters and digits, at least two of them digits (ICAO Doc 9303
/// allows nine; some people write a check digit behind).
pub(super) fn passport(folded: &Folded, at: usize) -> Option<usize> {
    let end = folded.word_end(at);
    let word = folded.slice(at, end).as_bytes();
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let plain = word.iter().all(u8::is_ascii_alphanumeric);
    if is_flight(word) {
        return None;
    }
    if plain && (6..=10).contains(&word.len()) && digits >= 2 {
        return Some(end);
    }
    // "AB 123456", "12 345 6789"
    let letters = folded.after(at, |byte| byte.is_ascii_lowercase());
    let start = if letters > at && letters - at <= 3 && folded.at(letters) == b' ' {
        letters + 1
    } else {
        at
    };
    beside::grouped_digits(folded, start, b" ", 6..=9)
}
