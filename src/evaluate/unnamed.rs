//! Takes the names out of what people wrote, so that it can be learnt from elsewhere. What is found by its
//! shape (numbers, addresses) is the reader's business.

use crate::domain::private::Private;

/// Shorter names are as often a word.
const SHORTEST: usize = 3;

/// A text in which the customer is `@customer`, whoever of ours wrote is `@agent`, and every other handle
/// is `@someone`.
pub(super) fn unnamed(
    text: &str,
    customer: &[Private<String>],
    agent: &[Private<String>],
) -> String {
    let mut text = text.to_owned();
    for (names, stands_for) in [(customer, "@customer"), (agent, "@agent")] {
        for name in names {
            text = without(&text, name.reveal(), stands_for);
        }
    }
    without_handles(&text)
}

/// The text without a name: as a whole, then each of its words.
fn without(text: &str, name: &str, stands_for: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let mut text = replace(text, name, stands_for);
    for word in name.split_whitespace().filter(|word| *word != name) {
        text = replace(&text, word, stands_for);
    }
    text
}

/// Replaces a name wherever it stands as a word of its own, with the `@` before it.
fn replace(text: &str, name: &str, stands_for: &str) -> String {
    // Where words are written without spaces between them, a short one is a name all the same.
    let runs_on = name.chars().any(|letter| letter >= '\u{2E80}');
    if name.is_empty() || (!runs_on && name.chars().count() < SHORTEST) {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        let goes_on =
            |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_');
        let before_it = before.chars().next_back().or(replaced.chars().next_back());
        if runs_on || (!goes_on(before_it) && !goes_on(after.chars().next())) {
            replaced.push_str(before.strip_suffix('@').unwrap_or(before));
            replaced.push_str(stands_for);
        } else {
            replaced.push_str(before);
            replaced.push_str(name);
        }
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Replaces every handle that names somebody else.
fn without_handles(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut pieces = text.split('@');
    replaced.extend(pieces.next());
    for piece in pieces {
        let is_of_handle = |letter: char| letter.is_alphanumeric() || letter == '_';
        let end = piece.find(|letter| !is_of_handle(letter));
        let (handle, rest) = end
            .and_then(|end| piece.split_at_checked(end))
            .unwrap_or((piece, ""));
        replaced.push('@');
        replaced.push_str(match handle {
            "" | "customer" | "agent" => handle,
            _ => "someone",
        });
        replaced.push_str(rest);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let names = |names: &[&str]| -> Vec<Private<String>> {
            let names = names.iter().map(|name| Private::new((*name).to_owned()));
            names.collect()
        };
        let customer = names(&["@kim_lee", "Kim Lee", "李明"]);
        unnamed(text, &customer, &names(&["anna", "Anna B."]))
    }

    #[test]
    fn the_customer_and_the_agent_are_named_no_more() {
        let text = "Thanks Anna! Yours, Kim (@kim_lee)";
        assert_eq!(plain(text), "Thanks @agent! Yours, @customer (@customer)");
        assert_eq!(plain("Kim Lee, kim_lee."), "@customer, @customer.");
        assert_eq!(plain("谢谢李明!"), "谢谢@customer!");
    }

    #[test]
    fn a_word_that_only_begins_like_a_name_is_left_alone() {
        assert_eq!(plain("Kimono, Annapolis, Leek"), "Kimono, Annapolis, Leek");
    }

    #[test]
    fn whoever_else_is_named_by_a_handle_is_someone() {
        assert_eq!(
            plain("@joe_77 and @Ann: 5 @ 3"),
            "@someone and @someone: 5 @ 3"
        );
    }
}
