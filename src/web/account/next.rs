//! Where to go after signing in: a page of ours, whatever a link says.

/// Where people go who came for nothing else.
const HOME: &str = "/desk";

/// The longest address that is taken along, in bytes.
const LONGEST: usize = 2_048;

/// The page that was asked for, if it is one of ours; else the desk.
pub(super) fn safe(next: Option<&str>) -> &str {
    next.filter(|next| is_own(next)).unwrap_or(HOME)
}

/// A path that every browser takes for one: `//host`, `/\host` and a tab or line break between
/// slashes lead elsewhere (WHATWG URL, "relative slash state").
fn is_own(next: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && c != '\\';
    next.len() <= LONGEST
        && next.starts_with('/')
        && !next.starts_with("//")
        && next.chars().all(is_plain)
        && !next.starts_with("/sign-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::Url;

    use super::{HOME, safe};

    #[test]
    fn paths_of_ours_are_kept() {
        for path in [
            "/",
            "/desk",
            "/desk/threads/chat/t%201?said=claimed#new",
            "/a//b",
        ] {
            assert_eq!(safe(Some(path)), path);
        }
        assert_eq!(safe(None), HOME);
    }

    #[test]
    fn whatever_leads_elsewhere_is_not() {
        for elsewhere in [
            "",
            "desk",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "\u{2028}//evil.example",
            "/de\u{202e}sk",
            "/sign-out",
            "/sign-in?next=/",
        ] {
            assert_eq!(safe(Some(elsewhere)), HOME, "{elsewhere:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_kept_leaves_our_origin(next in "[/\\\\\\t\\n :.@a-z]{0,12}") {
            let own = Url::parse("https://own.example/sign-in").expect("a URL");
            let gone_to = own.join(safe(Some(&next))).expect("a URL");
            prop_assert_eq!(gone_to.origin(), own.origin());
        }
    }
}
