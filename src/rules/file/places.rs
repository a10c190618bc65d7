//! Where customers are and where they are met, as it is written: a country, the address of a video
//! call.

use phonenumber::country;
use schemars::{Schema, json_schema};

use super::{fields::Word, problem::cannot_be};
use crate::domain::ids::CountryCode;

/// What stands in a video call's address for the room of that one call.
const ROOM: &str = "{{ room }}";

impl Word for CountryCode {
    const WANTED: &'static str = "a country's two letters in quotes, such as \"DE\"";

    fn read(text: &str) -> Result<Self, String> {
        let known = |text: &str| {
            text.parse::<country::Id>().ok()?;
            Self::parse(text).ok()
        };
        known(text).ok_or_else(|| match known(&text.trim().to_uppercase()) {
            Some(country) => cannot_be(text, &format!("write `{country}`")),
            None => cannot_be(text, "write a country's two capital letters, such as `DE`"),
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{2}$", "examples": ["DE", "US"] })
    }
}

/// Where video calls take place; `None`: nowhere.
#[derive(Debug, Clone)]
pub(crate) struct VideoUrl(pub(crate) Option<String>);

impl Word for VideoUrl {
    const WANTED: &'static str = "a URL in quotes, such as \"https://meet.example.com/{{ room }}\"";

    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || is_video_url(text) {
            return Ok(Self((!text.is_empty()).then(|| text.to_owned())));
        }
        Err(cannot_be(
            text,
            "write an https URL that has `{{ room }}` once, after the host: \
             \"https://meet.example.com/{{ room }}\"",
        ))
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^\\s*$|^\\s*https://[^{}]+/[^{}]*\\{\\{ room \\}\\}[^{}]*$",
            "examples": ["https://meet.example.com/{{ room }}", ""]
        })
    }
}

/// Whether whatever takes the place of the room gives a URL of the same host.
fn is_video_url(text: &str) -> bool {
    let parts = || {
        let (host, path) = text.strip_prefix("https://")?.split_once('/')?;
        let (before, after) = path.split_once(ROOM)?;
        Some((host, before, after))
    };
    let in_host = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    let in_path = |c: char| c.is_ascii_graphic() && !"{}<>\"\\^`|".contains(c);
    parts().is_some_and(|(host, before, after)| {
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.chars().all(in_host)
            && before.chars().all(in_path)
            && after.chars().all(in_path)
    })
}
