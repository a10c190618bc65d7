//! The addresses of the web desk, which other desks lead to.

use crate::domain::ids::{ChannelName, ThreadId};

/// Where a thread is shown: a path.
#[must_use]
pub fn thread_url(channel: &ChannelName, thread: &ThreadId) -> String {
    format!(
        "/desk/threads/{}/{}",
        encoded(channel.as_str()),
        encoded(thread.as_str())
    )
}

/// A text as one piece of a path: all but the unreserved characters of RFC 3986 percent-encoded.
fn encoded(text: &str) -> String {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes()
        .map(|byte| match is_unreserved(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ChannelName, ThreadId, thread_url};

    #[test]
    fn any_thread_has_an_address_of_one_piece() {
        let url = |thread| {
            let channel = ChannelName::parse("x").expect("a name");
            thread_url(&channel, &ThreadId::parse(thread).expect("an id"))
        };
        assert_eq!(url("t1"), "/desk/threads/x/t1");
        assert_eq!(
            url("a/b?c#d é\"<"),
            "/desk/threads/x/a%2Fb%3Fc%23d%20%C3%A9%22%3C"
        );
    }
}
