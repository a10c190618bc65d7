//! The questions that are asked of every letter, answered at once for the scripts that most
//! messages are written in; the standard library's tables are slow beyond Latin. It must answer
//! exactly as they do.

/// Whether it is a letter: [`char::is_alphabetic`].
pub(super) fn is_letter(char: char) -> bool {
    match char {
        '\0'..='\u{7f}' => char.is_ascii_alphabetic(),
        _ if is_plain_letter(char) => true,
        '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2c1}'
        | '\u{3a3}'..='\u{3f5}'
        | '\u{400}'..='\u{481}'
        | '\u{620}'..='\u{657}'
        | '\u{900}'..='\u{93b}'
        | '\u{93d}'..='\u{94c}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{ac00}'..='\u{d7a3}' => true,
        '\u{2000}'..='\u{2070}' | '\u{3000}'..='\u{3004}' | '\u{1f300}'..='\u{1faff}' => false,
        _ => char.is_alphabetic(),
    }
}

/// Whether it is a letter or a digit: [`char::is_alphanumeric`].
pub(super) fn is_letter_or_digit(char: char) -> bool {
    match char {
        '\0'..='\u{7f}' => char.is_ascii_alphanumeric(),
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{1f300}'..='\u{1faff}' => false,
        _ => is_letter(char) || char.is_numeric(),
    }
}

/// A letter that folding leaves as it is: it has no case, no accent and no other form. Says no of
/// many such letters.
pub(super) const fn is_plain_letter(char: char) -> bool {
    match char {
        '\u{3041}'..='\u{3096}' => !is_voiced(char as u32),
        '\u{30a1}'..='\u{30f6}' => !is_voiced(char as u32 - HIRAGANA_TO_KATAKANA),
        '\u{627}'..='\u{63a}'
        | '\u{641}'..='\u{64a}'
        | '\u{905}'..='\u{928}'
        | '\u{92a}'..='\u{930}'
        | '\u{935}'..='\u{939}'
        | '\u{4e00}'..='\u{9fff}' => true,
        _ => false,
    }
}

/// How far a letter of katakana stands behind the same one of hiragana.
const HIRAGANA_TO_KATAKANA: u32 = 0x60;

/// A letter of hiragana with a mark of voice, which folding takes apart. From "ga" to "do" they
/// alternate with those without; in the row of "ha" two in three are such.
const fn is_voiced(hiragana: u32) -> bool {
    matches!(
        hiragana,
        0x304c
            | 0x304e
            | 0x3050
            | 0x3052
            | 0x3054
            | 0x3056
            | 0x3058
            | 0x305a
            | 0x305c
            | 0x305e
            | 0x3060
            | 0x3062
            | 0x3065
            | 0x3067
            | 0x3069
            | 0x3070..=0x3071
            | 0x3073..=0x3074
            | 0x3076..=0x3077
            | 0x3079..=0x307a
            | 0x307c..=0x307d
            | 0x3094
    )
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::{decompose_compatible, is_combining_mark};

    use super::{is_letter, is_letter_or_digit, is_plain_letter};

    #[test]
    fn the_answers_are_those_of_unicode() {
        for char in '\0'..=char::MAX {
            assert_eq!(is_letter(char), char.is_alphabetic(), "{char:?}");
            assert_eq!(is_letter_or_digit(char), char.is_alphanumeric(), "{char:?}");
        }
    }

    #[test]
    fn a_plain_letter_has_no_other_form() {
        for char in ('\0'..=char::MAX).filter(|char| is_plain_letter(*char)) {
            let mut parts = Vec::new();
            decompose_compatible(char, |part| parts.push(part));
            assert_eq!(parts, [char]);
            assert!(char.to_lowercase().eq([char]) && !char.is_uppercase());
            assert!(!is_combining_mark(char) && !char.is_numeric());
        }
    }
}
