//! A message in pieces that Telegram takes: a text that is too long goes as several, cut between lines or
//! words. Pure. Nothing is escaped: customers are sent plain text, in which nothing means anything.

use crate::{
    domain::{chat::Spot, cut, message::Attachment},
    engine::chat::rows::{LineToCarry, PostKind},
};

/// The longest text of a message, in UTF-16 units (<https://core.telegram.org/bots/api#sendmessage>).
pub(in crate::channels::telegram) const TEXT: usize = 4096;
/// The longest caption, likewise.
pub(in crate::channels::telegram) const CAPTION: usize = 1024;

/// One message of Telegram's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::channels::telegram) enum Piece {
    /// A text.
    Text(String),
    /// What an agent sent in a chat of ours, copied from there.
    Copy {
        /// Where it stands.
        from: Spot,
        /// What it is to say; `None`: it cannot say anything, or does not.
        caption: Option<String>,
    },
}

/// A message of ours in pieces; the same at every attempt. None if there is nothing to say.
pub(in crate::channels::telegram) fn pieces(line: &LineToCarry) -> Vec<Piece> {
    let text = line.text.reveal().trim();
    let answer = line.posts.iter().find(|post| post.kind == PostKind::Answer);
    let (Some(kind), Some(answer)) = (line.attachment, answer) else {
        return texts(text);
    };
    let from = answer.spot.clone();
    let has_caption = takes_caption(kind) && text != kind.in_brackets();
    let (caption, rest) = match has_caption {
        false => (None, Vec::new()),
        true if units(text) <= CAPTION => (Some(text.to_owned()), Vec::new()),
        // An empty one takes the place of the one that stands there.
        true => (Some(String::new()), texts(text)),
    };
    let copy = Piece::Copy { from, caption };
    std::iter::once(copy).chain(rest).collect()
}

/// Whether Telegram shows words under it that can be others than those that stand there.
const fn takes_caption(kind: Attachment) -> bool {
    match kind {
        Attachment::Photo
        | Attachment::Video
        | Attachment::Voice
        | Attachment::Audio
        | Attachment::Document => true,
        Attachment::Sticker | Attachment::Location | Attachment::Contact | Attachment::Other => {
            false
        }
    }
}

fn texts(text: &str) -> Vec<Piece> {
    split(text, TEXT).map(Piece::Text).collect()
}

/// A text in parts of at most so many UTF-16 units. A word is cut only if it alone is longer.
fn split(text: &str, most: usize) -> impl Iterator<Item = String> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, after) = rest.split_at_checked(cut(rest, most)).unwrap_or((rest, ""));
        rest = after.trim_start();
        Some(part.trim_end().to_owned())
    })
}

/// Where the first part ends, in bytes: at the end of a line, else of a word, else where it is full. A
/// line's end that leaves less than half of the room in use is none to end at.
fn cut(text: &str, most: usize) -> usize {
    let mut taken = 0;
    let (mut line, mut word, mut half) = (None, None, 0);
    for (at, char) in text.char_indices() {
        match char {
            '\n' => (line, word) = (Some(at), Some(at)),
            _ if char.is_whitespace() => word = Some(at),
            _ => {}
        }
        taken += char.len_utf16();
        if taken > most {
            let line = line.filter(|line| *line >= half);
            // The last word just fits.
            let word = if char.is_whitespace() { Some(at) } else { word };
            let within_word = || match cut::head(text, most, char::len_utf16).len() {
                0 => at,
                end => end,
            };
            return line.or(word).unwrap_or_else(within_word);
        }
        if taken <= most / 2 {
            half = at;
        }
    }
    text.len()
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::{
            chat::Network,
            ids::{ChatId, PostId},
            message::Party,
            private::Private,
            time::Timestamp,
        },
        engine::chat::rows::PostRow,
    };

    fn parts(text: &str, most: usize) -> Vec<String> {
        split(text, most).collect()
    }

    fn answer() -> PostRow {
        PostRow {
            id: 1,
            spot: Spot {
                network: Network::Telegram,
                chat: ChatId::parse("-100").unwrap(),
                post: PostId::parse("7").unwrap(),
            },
            topic: None,
            kind: PostKind::Answer,
            token: None,
            thread: None,
            callback: None,
            message: None,
            desk: None,
            incident: None,
            notice: None,
            shows: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn media(kind: Attachment, text: &str) -> LineToCarry {
        LineToCarry {
            from: Party::Agent,
            name: None,
            text: Private::new(text.to_owned()),
            attachment: Some(kind),
            at: Timestamp::UNIX_EPOCH,
            form: None,
            asks_helped: false,
            language: None,
            posts: vec![answer()],
        }
    }

    fn copy(caption: Option<&str>) -> Piece {
        Piece::Copy {
            from: answer().spot,
            caption: caption.map(str::to_owned),
        }
    }

    #[test]
    fn a_long_text_is_cut_between_lines_else_between_words() {
        assert_eq!(parts("one two\nthree", 9), ["one two", "three"]);
        assert_eq!(parts("one two three", 9), ["one two", "three"]);
        // A line that ends so early is no reason to waste the rest.
        assert_eq!(parts("a\nbcd efg hij", 9), ["a\nbcd efg", "hij"]);
    }

    #[test]
    fn a_word_is_cut_only_if_it_alone_is_too_long() {
        assert_eq!(parts("see abcdefgh", 8), ["see", "abcdefgh"]);
        assert_eq!(parts("abcdefghij", 8), ["abcdefgh", "ij"]);
        assert_eq!(parts("see\nabcdefghij kl", 8), ["see", "abcdefgh", "ij kl"]);
    }

    #[test]
    fn what_counts_is_how_telegram_counts() {
        // Each of them is two units.
        assert_eq!(parts("😀😀😀", 4), ["😀😀", "😀"]);
        assert_eq!(parts("😀😀😀", 5), ["😀😀", "😀"]);
    }

    #[test]
    fn a_picture_is_copied_with_what_it_says() {
        let kind = Attachment::Photo;
        assert_eq!(pieces(&media(kind, "Look")), [copy(Some("Look"))]);
        assert_eq!(pieces(&media(kind, kind.in_brackets())), [copy(None)]);
        let sticker = media(Attachment::Sticker, "👍");
        assert_eq!(pieces(&sticker), [copy(None)]);
    }

    #[test]
    fn what_is_too_long_for_a_caption_follows_as_a_text() {
        let long = "word ".repeat(300);
        let text = Piece::Text(long.trim().to_owned());
        let pieces = pieces(&media(Attachment::Document, &long));
        assert_eq!(pieces, [copy(Some("")), text]);
    }

    #[test]
    fn a_picture_that_stands_nowhere_is_told_of() {
        let mut line = media(Attachment::Photo, "[photo]");
        line.posts.clear();
        assert_eq!(pieces(&line), [Piece::Text("[photo]".to_owned())]);
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost_and_no_part_is_too_long(
            text in "[a-z😀\n ]{0,200}",
            most in 2_usize..40,
        ) {
            let parts = parts(&text, most);
            for part in &parts {
                prop_assert!(units(part) <= most && !part.is_empty());
            }
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&parts.concat()), bare(&text));
        }
    }
}
