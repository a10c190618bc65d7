//! A web origin: scheme, host and port, as browsers write it in `Origin` (RFC 6454).

use std::fmt;

use reqwest::Url;

/// Where pages come from, such as `https://shop.example` or `http://127.0.0.1:3000`, in the one
/// spelling that browsers use: lower case, no default port, no path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// Parses the text.
    ///
    /// # Errors
    /// What is wrong with it and, on a second line, how to mend it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let help = "write scheme, host and port, such as \"https://shop.example\"";
        // To the parser `*` and `;` are good host names; in a header they would say something else.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/[]".contains(c);
        let origin = match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                url.origin().ascii_serialization()
            }
            _ => String::new(),
        };
        if origin.is_empty() || !origin.chars().all(is_plain) {
            return Err(format!("must be a site's origin\n{help}"));
        }
        if text == origin {
            Ok(Self(origin))
        } else {
            Err(format!(
                "must be scheme, host and port only, as browsers write them\nwrite \"{origin}\""
            ))
        }
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn an_origin_is_taken_as_browsers_write_it() {
        for text in [
            "https://shop.example",
            "https://shop.example:8443",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert_eq!(Origin::parse(text).map(|o| o.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_to_write_instead() {
        for (text, help) in [
            ("https://shop.example/", "write \"https://shop.example\""),
            ("https://Shop.example", "write \"https://shop.example\""),
            ("https://shop.example:443", "write \"https://shop.example\""),
            ("https://shop.example/a?b", "write \"https://shop.example\""),
            (
                "https://me:pw@shop.example",
                "write \"https://shop.example\"",
            ),
            ("shop.example", "such as \"https://shop.example\""),
            ("https://*.example", "such as \"https://shop.example\""),
            ("https://a.example https://b.example", "such as"),
            ("https://a.example;script-src", "such as"),
            ("ftp://shop.example", "such as"),
            ("null", "such as"),
            ("", "such as"),
        ] {
            let told = Origin::parse(text).expect_err(text);
            assert!(told.contains(help), "{text}: {told}");
        }
    }
}
