//! The checks of national identity numbers, on digits alone. Each is a few lines that no
//! well-kept crate offers for all of these countries.

use super::numbers::is_luhn_valid;

/// US social security number: nine digits whose area, group and serial were or may be issued
/// (SSA, randomised since 2011). Numbers that were voided, such as those once printed in
/// advertisements, still look real to everybody and count.
pub(super) fn is_us_ssn(digits: &[u8]) -> bool {
    let &[a, b, c, d, e, f, g, h, i] = digits else {
        return false;
    };
    let area = number(&[a, b, c]);
    (1..900).contains(&area) && area != 666 && (d, e) != (0, 0) && number(&[f, g, h, i]) != 0
}

/// Canadian social insurance number: nine digits, Luhn; 0 and 8 are not issued to people.
pub(super) fn is_ca_sin(digits: &[u8]) -> bool {
    digits.len() == 9 && !matches!(digits.first(), Some(0 | 8)) && is_luhn_valid(digits)
}

/// Australian tax file number: nine digits, weights of the ATO, modulo 11.
pub(super) fn is_au_tfn(digits: &[u8]) -> bool {
    digits.len() == 9 && is_weighed(digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10])
}

/// Dutch burgerservicenummer: nine digits, the "elfproef".
pub(super) fn is_nl_bsn(digits: &[u8]) -> bool {
    digits.len() == 9 && is_weighed(digits, &[9, 8, 7, 6, 5, 4, 3, 2, -1])
}

/// Whether the weighted sum is a multiple of eleven other than zero.
fn is_weighed(digits: &[u8], weights: &[i32]) -> bool {
    let weighed = digits.iter().zip(weights);
    let sum: i32 = weighed
        .map(|(digit, weight)| i32::from(*digit) * weight)
        .sum();
    sum != 0 && sum % 11 == 0
}

/// German tax identification number: eleven digits, no leading zero, one digit two or three times
/// and no other twice among the first ten, ISO 7064 MOD 11,10.
pub(super) fn is_de_tax_id(digits: &[u8]) -> bool {
    if digits.len() != 11 || digits.first() == Some(&0) {
        return false;
    }
    let body = || digits.iter().take(10);
    let times = |wanted: u8| body().filter(|digit| **digit == wanted).count();
    let mut repeated = (0..10).map(times).filter(|times| *times > 1);
    let one_repeats = matches!(repeated.next(), Some(2 | 3)) && repeated.next().is_none();
    let product = body().fold(10, |product, digit| {
        let sum = (u32::from(*digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    one_repeats && digits.last().map(|check| u32::from(*check)) == Some((11 - product) % 10)
}

/// Brazilian CPF: nine digits and two check digits, modulo 11; all the same is no number.
pub(super) fn is_br_cpf(digits: &[u8]) -> bool {
    let check = |length: usize| {
        let weights = (2..=length as u32 + 1).rev();
        let sum: u32 = digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| u32::from(*digit) * weight)
            .sum();
        let expected = sum * 10 % 11 % 10;
        digits.get(length).map(|digit| u32::from(*digit)) == Some(expected)
    };
    let varied = digits.iter().any(|digit| Some(digit) != digits.first());
    digits.len() == 11 && varied && check(9) && check(10)
}

/// Indian Aadhaar: twelve digits, the first 2 to 9, Verhoeff's check.
pub(super) fn is_in_aadhaar(digits: &[u8]) -> bool {
    digits.len() == 12 && matches!(digits.first(), Some(2..)) && verhoeff(digits) == Some(0)
}

/// Verhoeff's check ("Error Detecting Decimal Codes", 1969): 0 for a valid number.
fn verhoeff(digits: &[u8]) -> Option<u8> {
    const MULTIPLY: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTE: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    digits
        .iter()
        .rev()
        .enumerate()
        .try_fold(0, |check, (place, digit)| {
            let permuted = *PERMUTE.get(place % 8)?.get(usize::from(*digit))?;
            MULTIPLY
                .get(usize::from(check))?
                .get(usize::from(permuted))
                .copied()
        })
}

/// French NIR with its key: sex, year, month, department, commune, order and `97 - n mod 97`
/// (INSEE). Corsica's `2a` and `2b` count as 19 and 18.
pub(super) fn is_fr_nir(text: &str) -> bool {
    let plain = match text.get(5..7) {
        Some("2a") => text.replacen("2a", "19", 1),
        Some("2b") => text.replacen("2b", "18", 1),
        _ => text.to_owned(),
    };
    let (Some(body), Some(key)) = (plain.get(..13), plain.get(13..)) else {
        return false;
    };
    let (Ok(body_value), Ok(key)) = (body.parse::<u64>(), key.parse::<u64>()) else {
        return false;
    };
    let month = body.get(3..5).and_then(|month| month.parse::<u8>().ok());
    plain.len() == 15
        && matches!(body.bytes().next(), Some(b'1'..=b'4' | b'7' | b'8'))
        && matches!(month, Some(1..=12 | 20 | 30..=42 | 50..=99))
        && key == 97 - body_value % 97
}

/// Spanish DNI (eight digits and a letter) or NIE (X, Y or Z, seven digits, a letter); the letter
/// is the number modulo 23.
pub(super) fn is_es_dni_or_nie(text: &str) -> bool {
    const LETTERS: &[u8; 23] = b"trwagmyfpdxbnjzsqvhlcke";
    let (Some(body), Some(letter)) = (text.get(..8), text.as_bytes().get(8).copied()) else {
        return false;
    };
    let digits = match body.as_bytes() {
        [b'x', rest @ ..] => [b"0", rest].concat(),
        [b'y', rest @ ..] => [b"1", rest].concat(),
        [b'z', rest @ ..] => [b"2", rest].concat(),
        all => all.to_vec(),
    };
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + usize::from(digit & 0xf));
    text.len() == 9 && all_digits && LETTERS.get(value % 23) == Some(&letter)
}

/// Italian codice fiscale: the shape of its sixteen characters (with the letters that replace
/// digits where two people would share a code, four digits left at least, or English sentences
/// would pass) and its check letter (DM 23 December 1976).
pub(super) fn is_it_codice_fiscale(text: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let bytes = text.as_bytes();
    let shaped = bytes
        .iter()
        .zip(b"aaaaaa00a00a000a")
        .all(|(byte, shape)| match shape {
            b'a' => byte.is_ascii_lowercase(),
            _ => byte.is_ascii_digit() || b"lmnpqrstuv".contains(byte),
        });
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if bytes.len() != 16
        || digits < 4
        || !shaped
        || !bytes
            .get(8)
            .is_some_and(|month| b"abcdehlmprst".contains(month))
    {
        return false;
    }
    let value = |byte: u8| match byte {
        b'0'..=b'9' => usize::from(byte - b'0'),
        _ => usize::from(byte.saturating_sub(b'a')),
    };
    let sum: u32 = bytes
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, byte)| match place % 2 {
            0 => ODD.get(value(*byte)).copied().unwrap_or(0),
            _ => value(*byte) as u32,
        })
        .sum();
    bytes.last().map(|check| u32::from(check - b'a')) == Some(sum % 26)
}

/// UK national insurance number with its suffix letter: HMRC's allowed prefixes, six digits, A-D.
pub(super) fn is_uk_nino(text: &str) -> bool {
    let &[first, second, ref digits @ .., suffix] = text.as_bytes() else {
        return false;
    };
    digits.len() == 6
        && digits.iter().all(u8::is_ascii_digit)
        && first.is_ascii_lowercase()
        && second.is_ascii_lowercase()
        && !b"dfiquv".contains(&first)
        && !b"dfioquv".contains(&second)
        && !matches!(
            &[first, second],
            b"bg" | b"gb" | b"kn" | b"nk" | b"nt" | b"tn" | b"zz"
        )
        && matches!(suffix, b'a'..=b'd')
}

fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u32::from(*digit))
}
