//! Small things for the eye that pages are decorated with. All are hidden from screen readers:
//! they say nothing that the words beside them do not.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::web::assets::ICONS;

/// A drawing of `icons.svg`, by its id there.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Icon(pub(super) &'static str);

impl HtmlSafe for Icon {}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name) = self;
        write!(
            f,
            "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{ICONS}#{name}\"/></svg>"
        )
    }
}

/// How many colours avatars have in the style sheet.
const COLOURS: u32 = 5;

/// A name's first letter on a colour that stays the same for the name.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Avatar<'a>(pub(super) &'a str);

impl HtmlSafe for Avatar<'_> {}

impl fmt::Display for Avatar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name) = self;
        let colour = name
            .chars()
            .fold(0_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(c.into()))
            % COLOURS;
        // Alphanumeric letters need no escaping.
        let letter = name.chars().find(|c| c.is_alphanumeric());
        write!(
            f,
            "<span class=\"avatar avatar-{colour}\" aria-hidden=\"true\">"
        )?;
        for upper in letter.unwrap_or('?').to_uppercase() {
            write!(f, "{upper}")?;
        }
        f.write_str("</span>")
    }
}

#[cfg(test)]
mod tests {
    use super::Avatar;

    #[test]
    fn an_avatar_shows_a_letter_whatever_the_name_is() {
        for (name, letter) in [
            ("@kim", "K"),
            ("ömer", "Ö"),
            ("<script>", "S"),
            ("\u{202e}\"'", "?"),
            ("", "?"),
        ] {
            let shown = Avatar(name).to_string();
            assert!(shown.ends_with(&format!(">{letter}</span>")), "{shown}");
            assert_eq!(shown, Avatar(name).to_string());
        }
    }
}
