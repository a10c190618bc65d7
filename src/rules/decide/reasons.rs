//! Why something was decided, in plain words. Never contains message text.

/// `third`, `eleventh`, `23rd`: the exchange in words.
pub(super) fn ordinal(number: u32) -> String {
    const WORDS: [&str; 13] = [
        "opening", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
        "ninth", "tenth", "eleventh", "twelfth",
    ];
    let word = usize::try_from(number)
        .ok()
        .and_then(|number| WORDS.get(number));
    word.map_or_else(
        || {
            let suffix = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{number}{suffix}")
        },
        |word| (*word).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn exchanges_are_told_in_words() {
        assert_eq!(
            [3, 12, 13, 21, 102, 111].map(ordinal).join(" "),
            "third twelfth 13th 21st 102nd 111th"
        );
    }
}
