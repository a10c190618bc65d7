//! Style sheets, scripts and drawings, inside the binary. Each has its content's hash in its URL,
//! so that browsers keep it for a year and a new Ringback is still seen at once.
//!
//! To add a file: a `static` like those below, and its line in [`ALL`]. Templates name its URL as
//! `{{ crate::web::assets::DESK_CSS }}`.

use std::{fmt, sync::OnceLock};

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

use super::Parts;

/// Looks of the desk, of signing in and of errors.
pub(in crate::web) static DESK_CSS: Asset = Asset::new(
    "desk",
    "css",
    concat!(
        include_str!("base.css"),
        include_str!("frame.css"),
        include_str!("desk.css"),
        include_str!("thread.css")
    ),
);
/// What the desk's pages can do besides: stay current, tell times in the viewer's zone, shortcuts.
pub(in crate::web) static DESK_JS: Asset = Asset::new("desk", "js", include_str!("desk.js"));
/// The Rules page.
pub(in crate::web) static RULES_CSS: Asset = Asset::new("rules", "css", include_str!("rules.css"));
/// The demo's page.
pub(in crate::web) static DEMO_CSS: Asset =
    Asset::new("demo", "css", include_str!("../demo/demo.css"));
/// Plays the demo's stories.
pub(in crate::web) static DEMO_JS: Asset =
    Asset::new("demo", "js", include_str!("../demo/demo.js"));
/// Looks of the customer's chat.
pub(in crate::web) static CHAT_CSS: Asset = Asset::new(
    "chat",
    "css",
    concat!(
        include_str!("base.css"),
        include_str!("../webchat/chat.css")
    ),
);
/// The customer's chat.
pub(in crate::web) static CHAT_JS: Asset =
    Asset::new("chat", "js", include_str!("../webchat/chat.js"));
/// Looks of the forms that customers fill in.
pub(in crate::web) static FORM_CSS: Asset = Asset::new(
    "form",
    "css",
    concat!(include_str!("base.css"), include_str!("../forms/form.css")),
);
/// The product's mark; the browser's tab shows it too.
pub(in crate::web) static LOGO: Asset = Asset::new("logo", "svg", include_str!("logo.svg"));
/// The drawings that [`super::pages::icon`] shows.
pub(in crate::web) static ICONS: Asset = Asset::new("icons", "svg", include_str!("icons.svg"));

/// Everything that is served.
static ALL: &[&Asset] = &[
    &DESK_CSS, &DESK_JS, &RULES_CSS, &DEMO_CSS, &DEMO_JS, &CHAT_CSS, &CHAT_JS, &FORM_CSS, &LOGO,
    &ICONS,
];

/// How long a browser keeps what never changes under its URL.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

/// One file. Displays as its URL.
#[derive(Debug)]
pub(in crate::web) struct Asset {
    name: &'static str,
    extension: &'static str,
    content: &'static str,
    url: OnceLock<String>,
}

impl Asset {
    /// A file of that name, such as `desk` and `css`.
    pub(in crate::web) const fn new(
        name: &'static str,
        extension: &'static str,
        content: &'static str,
    ) -> Self {
        Self {
            name,
            extension,
            content,
            url: OnceLock::new(),
        }
    }

    /// Where it is served.
    pub(in crate::web) fn url(&self) -> &str {
        self.url.get_or_init(|| {
            let hash: String = hex::encode(Sha256::digest(self.content))
                .chars()
                .take(12)
                .collect();
            format!("/assets/{}-{hash}.{}", self.name, self.extension)
        })
    }

    fn media_type(&self) -> &'static str {
        match self.extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "application/octet-stream",
        }
    }

    /// The answer that carries it, to be kept as `cache` says. For URLs without a hash, such as a
    /// script that other sites name.
    pub(in crate::web) fn answer(&self, cache: &'static str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.media_type()),
            (header::CACHE_CONTROL, cache),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, self.content).into_response()
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url())
    }
}

/// The files under `/assets`.
pub(in crate::web) fn routes() -> Router<Parts> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Response {
    let named = |asset: &&&Asset| asset.url().strip_prefix("/assets/") == Some(&*file);
    match ALL.iter().find(named) {
        Some(asset) => asset.answer(FOR_A_YEAR),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::{extract::Path, http::StatusCode};

    use super::{ALL, DESK_CSS, DESK_JS, ICONS, serve};

    #[test]
    fn every_file_has_a_url_of_its_own() {
        let urls: BTreeSet<&str> = ALL.iter().map(|asset| asset.url()).collect();
        assert_eq!(urls.len(), ALL.len());
        assert!(DESK_CSS.url().starts_with("/assets/desk-"));
        assert!(DESK_CSS.url().ends_with(".css"));
    }

    #[tokio::test]
    async fn a_file_is_kept_for_a_year_and_only_under_its_hash() {
        let file = |url: &str| Path(url.trim_start_matches("/assets/").to_owned());
        let found = serve(file(DESK_JS.url())).await;
        assert_eq!(found.status(), StatusCode::OK);
        assert_eq!(
            found.headers()["cache-control"],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(
            found.headers()["content-type"],
            "text/javascript; charset=utf-8"
        );
        for other in ["desk.js", "desk-000000000000.js", "../mod.rs", ""] {
            assert_eq!(serve(file(other)).await.status(), StatusCode::NOT_FOUND);
        }
    }

    /// The strict content security policy would block them, without anybody noticing.
    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for asset in ALL {
            let content = asset.content.replace("http://www.w3.org/2000/svg", "");
            assert!(!content.contains("://"), "{}", asset.url());
            assert!(!content.contains("@import"), "{}", asset.url());
        }
    }

    #[test]
    fn the_drawings_are_never_used_without_being_drawn() {
        let used = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web"))
            .into_iter()
            .map(|entry| entry.expect("a readable folder"))
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "html"))
            .flat_map(|entry| {
                let page = std::fs::read_to_string(entry.path()).expect("a readable file");
                page.split("icon(\"")
                    .skip(1)
                    .filter_map(|rest| rest.split_once('"').map(|(name, _)| name.to_owned()))
                    .collect::<Vec<_>>()
            })
            .collect::<BTreeSet<_>>();
        assert!(used.contains("leave"));
        let led_to = ["callbacks", "threads", "rules", "accounts"];
        for name in used.iter().map(String::as_str).chain(led_to) {
            assert!(
                ICONS.content.contains(&format!("id=\"{name}\"")),
                "{name} is not in icons.svg"
            );
        }
    }
}
