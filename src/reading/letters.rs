//! What a single letter or mark is to the folding. Tables only; it folds nothing itself.

use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// A mark that carries no meaning of its own: an accent, a vowel point.
pub(super) fn is_accent(letter: char) -> bool {
    letter == 'ـ' || !is_sign_of_a_letter(letter) && is_combining_mark(letter)
}

/// The vowel signs of Indic scripts are letters in all but name, and Japanese marks of voice make
/// another letter.
pub(super) const fn is_sign_of_a_letter(letter: char) -> bool {
    matches!(
        letter,
        '\u{900}'..='\u{903}'
            | '\u{93a}'..='\u{93b}'
            | '\u{93e}'..='\u{94f}'
            | '\u{955}'..='\u{957}'
            | '\u{980}'..='\u{dff}'
            | '\u{3099}'
            | '\u{309a}'
    )
}

/// The letter that one is written for as often as not, if there is one.
pub(super) const fn twin(letter: char) -> Option<char> {
    match letter {
        'ı' => Some('i'),
        'ł' => Some('l'),
        'ø' => Some('o'),
        'ة' => Some('ه'),
        'ى' => Some('ي'),
        'ँ' => Some('ं'),
        _ => None,
    }
}

pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '＇')
}

/// What the eye does not see: joiners, soft hyphens, variation selectors, marks of direction.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

pub(super) fn is_emoji(letter: char) -> bool {
    matches!(
        letter,
        '\u{2600}'..='\u{27bf}'
            | '\u{2b50}'
            | '\u{1f300}'..='\u{1f3fa}'
            | '\u{1f400}'..='\u{1faff}'
    )
}

/// A letter of a script that puts no spaces between words: Chinese, Japanese.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(
        letter,
        '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{309f}'
            | '\u{30a1}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// An emoticon that a text begins with, by its length in bytes and the emoji it stands for.
pub(super) fn emoticon(text: &str) -> Option<(usize, char)> {
    const HEARTS: &[(&str, char)] = &[("<3", '❤'), ("</3", '💔')];
    let bytes = text.as_bytes();
    let ends = |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    for (heart, emoji) in HEARTS {
        if text.starts_with(heart) && ends(heart.len()) {
            return Some((heart.len(), *emoji));
        }
    }
    let eyes = bytes.first().filter(|eyes| b":;=".contains(eyes))?;
    let nose = bytes
        .get(1)
        .is_some_and(|nose| matches!(nose, b'-' | b'\'' | b'o' | b'^'));
    let at = if nose { 2 } else { 1 };
    let emoji = match (eyes, bytes.get(at)?) {
        (b';', b')' | b'D' | b']' | b'p' | b'P') => '😉',
        (_, b')' | b']' | b'3' | b'*') => '🙂',
        (_, b'D') => '😄',
        (_, b'p' | b'P') => '😛',
        (b':' | b'=', b'(' | b'[' | b'C' | b'c') => '🙁',
        (b':' | b'=', b'/' | b'\\' | b'|') => '😕',
        _ => return None,
    };
    // ":)))" is one smile.
    let mouths = bytes
        .iter()
        .skip(at)
        .take_while(|mouth| bytes.get(at).is_some_and(|first| first == *mouth));
    let end = at + mouths.count();
    ends(end).then_some((end, emoji))
}

/// The plain letter that a letter of another script looks like, if it looks like one.
pub(super) fn look_alike(letter: char) -> Option<char> {
    let mut written = [0; 4];
    let mut seen = skeleton(letter.encode_utf8(&mut written));
    let plain = seen.next().filter(char::is_ascii_alphabetic)?;
    seen.next().is_none().then_some(plain)
}

/// Whether a word of Latin letters has letters of another script among them, as those have that
/// are to deceive: "thаnks" with a Cyrillic "а".
pub(super) fn is_mixed(word: &str) -> bool {
    !word.is_ascii()
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && word.chars().any(is_greek_or_cyrillic)
}

pub(super) const fn is_greek_or_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{370}'..='\u{52f}')
}
