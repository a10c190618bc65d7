//! Telegram's HTML (<https://core.telegram.org/bots/api#html-style>), so that it is always balanced and
//! never too long, and so that nothing in it that a customer wrote becomes more than text: no markup, no
//! mention, no command, no link. What Telegram would turn into one by itself stands in `<code>`, where it
//! does not, and whence it is copied as it was written.

use crate::{
    desk::{Piece, Plain, plain},
    domain::cut,
};

use super::Calendar;

/// The longest text of a message, in UTF-16 units of what is seen.
pub(in crate::desk::telegram) const MESSAGE: usize = 4096;
/// The longest caption of a photo or file, likewise.
pub(in crate::desk::telegram) const CAPTION: usize = 1024;

/// Keeps what is between it and the next from turning the direction of what stands around it.
const ISOLATE: char = '\u{2068}';
/// Ends that.
const END_ISOLATE: char = '\u{2069}';
/// Stands where something was left out.
const CUT: char = '…';
/// Stands for a part of a number that is not told.
const HIDDEN: &str = "••";
/// A word may be cut if it is longer, in UTF-16 units: nobody writes such a word.
const LONGEST_WORD: usize = 64;
/// From so many digits on Telegram may take them for a telephone number.
const TELEPHONE: usize = 7;

/// A text in the making.
#[derive(Debug)]
pub(in crate::desk::telegram) struct Html {
    markup: String,
    left: usize,
    is_full: bool,
    /// The digits of a telephone number that this text must not tell.
    hidden: Option<String>,
}

impl Html {
    /// An empty message.
    pub(in crate::desk::telegram) const fn message() -> Self {
        Self::of(MESSAGE)
    }

    /// An empty caption.
    pub(in crate::desk::telegram) const fn caption() -> Self {
        Self::of(CAPTION)
    }

    const fn of(most: usize) -> Self {
        Self {
            markup: String::new(),
            // One for the sign that something was left out.
            left: most - 1,
            is_full: false,
            hidden: None,
        }
    }

    /// Without this telephone number, whoever wrote it and however.
    pub(in crate::desk::telegram) fn hiding(mut self, number: Option<&str>) -> Self {
        let digits = number.map(|number| number.chars().filter(char::is_ascii_digit));
        let digits: Option<String> = digits.map(Iterator::collect);
        let national = |digits: String| {
            let start = digits.len().checked_sub(TELEPHONE)?;
            digits.get(start..).map(str::to_owned)
        };
        self.hidden = digits.and_then(national);
        self
    }

    /// The markup.
    pub(in crate::desk::telegram) fn finish(self) -> String {
        self.markup
    }

    /// Our own words.
    pub(in crate::desk::telegram) fn ours(&mut self, words: &str) -> &mut Self {
        for (word, _) in words_of(words, None) {
            self.word(word, false);
        }
        self
    }

    /// Our own words, in bold.
    pub(in crate::desk::telegram) fn bold(&mut self, words: &str) -> &mut Self {
        self.within("b", |html| {
            html.ours(words);
        })
    }

    /// In bold.
    pub(in crate::desk::telegram) fn within_bold(
        &mut self,
        fill: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.within("b", fill)
    }

    /// What somebody wrote or is called, on one line.
    pub(in crate::desk::telegram) fn theirs(&mut self, words: &Plain) -> &mut Self {
        self.isolated(words.as_str());
        self
    }

    /// What somebody wrote, with its line breaks.
    pub(in crate::desk::telegram) fn text(&mut self, text: &str) -> &mut Self {
        let mut is_first = true;
        for line in text.lines() {
            if !std::mem::take(&mut is_first) {
                self.line();
            }
            self.isolated(&plain::visible(line));
        }
        self
    }

    /// The next line.
    pub(in crate::desk::telegram) fn line(&mut self) -> &mut Self {
        self.word("\n", false);
        self
    }

    /// As a quotation.
    pub(in crate::desk::telegram) fn quote(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.within("blockquote", fill)
    }

    /// As a link to an address of ours or of the rules'.
    pub(in crate::desk::telegram) fn link(&mut self, url: &str, words: &str) -> &mut Self {
        if !self.is_full {
            self.markup.push_str("<a href=\"");
            escape(&mut self.markup, url);
            self.markup.push_str("\">");
            for (word, _) in words_of(words, None) {
                self.word(word, false);
            }
            self.markup.push_str("</a>");
        }
        self
    }

    /// Pieces of a card's line.
    pub(in crate::desk::telegram) fn pieces(
        &mut self,
        pieces: &[Piece],
        calendar: &Calendar,
    ) -> &mut Self {
        for piece in pieces {
            match piece {
                Piece::Ours(words) => self.ours(words),
                Piece::Said(words) | Piece::Theirs(words) => self.theirs(words),
                // To be tapped: Telegram makes it a telephone number.
                Piece::Number(number) => self.ours(number.as_str()),
                Piece::At(at) | Piece::Ago(at) => self.ours(&calendar.at(*at)),
                Piece::Link(url) => self.link(url.reveal(), url.reveal()),
            };
        }
        self
    }

    fn within(&mut self, tag: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        if !self.is_full {
            self.markup.push('<');
            self.markup.push_str(tag);
            self.markup.push('>');
            fill(self);
            self.markup.push_str("</");
            self.markup.push_str(tag);
            self.markup.push('>');
        }
        self
    }

    fn isolated(&mut self, words: &str) {
        if self.is_full || words.is_empty() {
            return;
        }
        let Some(left) = self.left.checked_sub(2).filter(|left| *left > 0) else {
            return self.fill_up();
        };
        self.left = left;
        self.markup.push(ISOLATE);
        let hidden = self.hidden.clone();
        for (word, is_linked) in words_of(words, hidden.as_deref()) {
            self.word(word, is_linked);
        }
        self.markup.push(END_ISOLATE);
    }

    /// One word, or what stands between two, whole or not at all.
    fn word(&mut self, word: &str, as_code: bool) {
        if self.is_full {
            return;
        }
        let long = units(word);
        let fits = long <= self.left;
        let word = match fits {
            true => word,
            false if long > LONGEST_WORD => cut::head(word, self.left, char::len_utf16),
            false => "",
        };
        if !word.is_empty() {
            let (open, close) = if as_code {
                ("<code>", "</code>")
            } else {
                ("", "")
            };
            self.markup.push_str(open);
            escape(&mut self.markup, word);
            self.markup.push_str(close);
        }
        self.left = self.left.saturating_sub(long);
        if !fits {
            self.fill_up();
        }
    }

    fn fill_up(&mut self) {
        if !self.is_full {
            self.markup.push(CUT);
            self.is_full = true;
        }
    }
}

fn escape(markup: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            other => markup.push(other),
        }
    }
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The words of a text and what stands between them, each with whether Telegram might link it. Those of
/// a `hidden` telephone number are left out.
fn words_of<'a>(text: &'a str, hidden: Option<&str>) -> Vec<(&'a str, bool)> {
    let mut words: Vec<(&str, bool)> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_gap = first.is_whitespace();
        let end = rest.find(|letter: char| letter.is_whitespace() != is_gap);
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push((word, !is_gap && may_link(word)));
        rest = after;
    }
    mark_numbers(&mut words, hidden);
    words
}

/// A telephone number may be written in several words, and something may stand before or behind it
/// without a space: only a letter ends it.
fn mark_numbers(words: &mut [(&str, bool)], hidden: Option<&str>) {
    let goes_on = |one: &str, next: &str| {
        !one.ends_with(char::is_alphabetic) && !next.starts_with(char::is_alphabetic)
    };
    for run in words.chunk_by_mut(|(one, _), (next, _)| goes_on(one, next)) {
        let all = run.iter().flat_map(|(word, _)| word.chars());
        let all: String = all.filter(|letter| letter.is_numeric()).collect();
        let is_hidden = hidden.is_some_and(|hidden| all.contains(hidden));
        for (word, is_linked) in run.iter_mut().filter(|(word, _)| digits(word) > 0) {
            if is_hidden {
                (*word, *is_linked) = (HIDDEN, false);
            } else {
                *is_linked |= all.chars().count() >= TELEPHONE;
            }
        }
    }
}

fn digits(word: &str) -> usize {
    word.chars().filter(|letter| letter.is_numeric()).count()
}

/// Whether Telegram might make a mention, a tag, a command, a link or a telephone number of a word, as
/// TDLib's `find_entities` does, and rather too often.
fn may_link(word: &str) -> bool {
    if word.contains(['@', '#', '$']) || word.contains("://") || digits(word) >= TELEPHONE {
        return true;
    }
    let mut before: Option<char> = None;
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let follows = next.is_some_and(|next| next.is_alphanumeric() || next == '_');
        let is_within = before.is_some_and(char::is_alphanumeric);
        match letter {
            '/' if follows && !is_within => return true,
            '.' if follows && before.is_some() => return true,
            _ => before = Some(letter),
        }
    }
    false
}

#[cfg(test)]
mod tests;
