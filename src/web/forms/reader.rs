//! Who reads a page: the languages that they understand, what their browser sends along, and under
//! which address of ours they came.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request};
use phonenumber::country;

use super::{cookie::Name, wording::Words};
use crate::{
    domain::reading::Language,
    web::{Parts, accept, token::Token},
};

/// The reader.
#[derive(Debug)]
pub(super) struct Reader {
    /// The language that they chose on the page.
    chosen: Option<&'static Words>,
    /// Those that their browser asks for, best first.
    accepted: Vec<Language>,
    /// The country that their browser names, if any.
    pub(super) country: Option<country::Id>,
    /// Our address, as the browser shows it: `https://desk.example`.
    pub(super) address: String,
    /// Whether they came by TLS.
    pub(super) is_https: bool,
    /// The token of the form that they opened.
    pub(super) session: Option<Token>,
    /// Their browser keeps cookies.
    pub(super) keeps_cookies: bool,
    /// Whose forms these are, where all desks speak for one brand.
    pub(super) only_brand: Option<String>,
}

impl Reader {
    /// The language they chose, else the conversation's, else their browser's, else the desk's.
    pub(super) fn words(&self, conversation: Language, desk: Language) -> &'static Words {
        self.best([conversation], [desk])
    }

    /// The same where no conversation is known.
    pub(super) fn words_alone(&self) -> &'static Words {
        self.best([], [])
    }

    fn best<const N: usize>(&self, before: [Language; N], after: [Language; N]) -> &'static Words {
        let accepted = self.accepted.iter().copied();
        let languages = before.into_iter().chain(accepted).chain(after);
        let mut spoken = languages.filter_map(Words::of);
        self.chosen
            .or_else(|| spoken.next())
            .unwrap_or(Words::english())
    }
}

impl FromRequestParts<Parts> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Infallible> {
        let headers = &request.headers;
        let own = parts.own_origins();
        let is_https = own.is_https(headers);
        let tags = accept::tags(headers);
        Ok(Self {
            chosen: chosen(request.uri.query()),
            accepted: tags.iter().copied().filter_map(Language::parse).collect(),
            country: tags.into_iter().find_map(country_of),
            address: own.of(headers).unwrap_or_default().to_owned(),
            is_https,
            session: Name::Session.read(headers, is_https),
            keeps_cookies: Name::Kept.read(headers, is_https).is_some(),
            only_brand: only_brand(parts),
        })
    }
}

/// `lang=` of a query, if we speak it.
fn chosen(query: Option<&str>) -> Option<&'static Words> {
    let query: Vec<(String, String)> = serde_urlencoded::from_str(query?).ok()?;
    let (_, tag) = query.into_iter().find(|(name, _)| name == "lang")?;
    Words::of(Language::parse(&tag)?)
}

/// The country in a tag such as `de-AT` or `zh-Hant-HK` (BCP 47, "region subtag").
fn country_of(tag: &str) -> Option<country::Id> {
    let region = tag.split('-').skip(1).find(|part| part.len() == 2)?;
    region.to_ascii_uppercase().parse().ok()
}

fn only_brand(parts: &Parts) -> Option<String> {
    let loaded = parts.engine.rules();
    let mut brands = loaded.rules.desks.values().map(|desk| &desk.brand);
    let first = brands.next()?;
    brands.all(|brand| brand == first).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::{Language, Reader, chosen, country_of};

    fn reader(query: &str, accepted: &[&str]) -> Reader {
        Reader {
            chosen: chosen(Some(query)),
            accepted: accepted
                .iter()
                .filter_map(|tag| Language::parse(tag))
                .collect(),
            country: None,
            address: String::new(),
            is_https: false,
            session: None,
            keeps_cookies: false,
            only_brand: None,
        }
    }

    fn words(query: &str, accepted: &[&str], conversation: &str, desk: &str) -> &'static str {
        let language = |tag| Language::parse(tag).expect("a language");
        let reader = reader(query, accepted);
        let words = reader.words(language(conversation), language(desk));
        words.language
    }

    #[test]
    fn a_choice_counts_first_then_the_conversation_the_browser_and_the_desk() {
        assert_eq!(words("lang=it", &["de"], "fr", "es"), "it");
        assert_eq!(words("lang=xx", &["de"], "fr", "es"), "fr");
        assert_eq!(words("", &["nl", "de-AT"], "ja", "es"), "de");
        assert_eq!(words("", &["nl"], "ja", "es"), "es");
        assert_eq!(words("", &[], "ja", "ja"), "en");
        assert_eq!(reader("lang=pt", &[]).words_alone().language, "pt");
    }

    #[test]
    fn a_country_is_taken_from_a_tag_that_names_one() {
        for (tag, country) in [("de-AT", "AT"), ("zh-Hant-hk", "HK"), ("en-GB", "GB")] {
            let found = country_of(tag).expect("a country");
            assert_eq!(found.as_ref(), country, "{tag}");
        }
        for tag in ["de", "es-419", "en-XX", ""] {
            assert!(country_of(tag).is_none(), "{tag}");
        }
    }
}
