//! How long something took, in as few words as tell it.

/// A length of time in its two greatest units: `2 d 4 h`, `3 h 20 min`, `45 min`, `under 1 min`.
pub(super) fn in_words(seconds: i64) -> String {
    let minutes = seconds / 60;
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    match (days, hours, minutes % 60) {
        (0, 0, 0) => "under 1 min".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn lengths_are_told_in_their_two_greatest_units() {
        for (seconds, words) in [
            (0, "under 1 min"),
            (59, "under 1 min"),
            (60, "1 min"),
            (7_200, "2 h"),
            (12_000, "3 h 20 min"),
            (86_400, "1 d"),
            (86_400 + 59 * 60, "1 d"),
            (187_200, "2 d 4 h"),
        ] {
            assert_eq!(in_words(seconds), words);
        }
    }
}
