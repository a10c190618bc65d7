//! The thread view: what customer and team have said, and beside each message how it counts, what
//! was understood and what was decided. Everything that is done on it is a form.
//!
//! `show` turns what is kept into what the page says, and `kept` into a test for the rules file;
//! both are pure. `pages` draws, `actions` takes the forms.

mod actions;
mod kept;
mod pages;
#[cfg(test)]
mod played;
mod show;
mod words;

use std::fmt::Write;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request,
    routing::{get, post},
};

use crate::{
    domain::ids::{ChannelName, ThreadId, ThreadKey},
    web::{Parts, account::session::SignedIn, pages::PageError},
};

/// The pages and forms of one thread.
pub(super) fn routes() -> Router<Parts> {
    let at = "/desk/threads/{channel}/{thread}";
    Router::new()
        .route(at, get(pages::thread))
        .route(&format!("{at}/test"), get(pages::test))
        .route(&format!("{at}/reply"), post(actions::reply))
        .route(&format!("{at}/note"), post(actions::note))
        .route(&format!("{at}/correct"), post(actions::correct))
        .route(&format!("{at}/unmute"), post(actions::unmute))
        .route(&format!("{at}/typing"), post(actions::typing))
}

/// Where a thread's page is.
pub(super) fn address(key: &ThreadKey) -> String {
    let mut path = format!("/desk/threads/{}/", key.channel);
    for byte in key.thread.as_str().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                path.push(char::from(byte));
            }
            // A dot too: `..` alone would name another page.
            _ => {
                // Writing to a string cannot fail.
                let _written: std::fmt::Result = write!(path, "%{byte:02X}");
            }
        }
    }
    path
}

/// The thread that a URL names. Says nothing of whether it is there, or who may see it.
#[derive(Debug, Clone)]
struct Named(ThreadKey);

impl FromRequestParts<Parts> for Named {
    type Rejection = PageError;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, PageError> {
        let path = Path::<(String, String)>::from_request_parts(request, parts).await;
        let Path((channel, thread)) = path.map_err(|_| PageError::not_found())?;
        let key = ChannelName::parse(&channel)
            .and_then(|channel| {
                let thread = ThreadId::parse(&thread)?;
                Ok(ThreadKey { channel, thread })
            })
            .map_err(|_| PageError::not_found())?;
        Ok(Self(key))
    }
}

impl Named {
    /// The thread, if the account may see it.
    fn for_eyes_of(self, by: &SignedIn, parts: &Parts) -> Result<ThreadKey, PageError> {
        let Self(key) = self;
        let loaded = parts.engine.rules();
        let desk = &loaded.rules.policy(&key.channel).desk;
        let works = loaded
            .rules
            .desks
            .get(desk)
            .is_some_and(|desk| desk.is_worked_by(&by.name, by.role));
        works.then_some(key).ok_or_else(PageError::not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::domain::ids::{ChannelName, ThreadId, ThreadKey};

    #[test]
    fn no_id_of_a_network_leads_out_of_the_thread_view() {
        let address = |thread: &str| {
            address(&ThreadKey {
                channel: ChannelName::parse("x").expect("a channel"),
                thread: ThreadId::parse(thread).expect("a thread"),
            })
        };
        assert_eq!(address("t-1_A"), "/desk/threads/x/t-1_A");
        assert_eq!(address(".."), "/desk/threads/x/%2E%2E");
        assert_eq!(
            address("a/b?c#d%é"),
            "/desk/threads/x/a%2Fb%3Fc%23d%25%C3%A9"
        );
    }
}
