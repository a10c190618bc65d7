//! Which thread somebody means by what they type or paste.

use super::read;

fn meant(typed: &str) -> Option<(String, String)> {
    let key = read(typed)?;
    Some((key.channel.to_string(), key.thread.to_string()))
}

#[test]
fn a_thread_is_meant_by_its_address_however_it_was_copied() {
    let is = |typed: &str, channel: &str, thread: &str| {
        let expected = Some((channel.to_owned(), thread.to_owned()));
        assert_eq!(meant(typed), expected, "{typed}");
    };
    is("/desk/threads/chat/t1", "chat", "t1");
    is(
        " https://desk.example.com/desk/threads/chat/t1?said=noted#newest ",
        "chat",
        "t1",
    );
    is(
        "http://[::1]:8080/desk/threads/chat/a%2Fb%20%C3%A9+c%26d=e",
        "chat",
        "a/b é+c&d=e",
    );
    is("/desk/threads/chat/t1/", "chat", "t1");
    is("chat/t1", "chat", "t1");
    is("chat/100%/x?y", "chat", "100%/x?y");
}

#[test]
fn what_names_no_thread_is_none() {
    for typed in [
        "",
        "t1",
        "/desk/threads/",
        "/desk/threads/chat",
        "chat/",
        "/t1",
        "No Channel/t1",
    ] {
        assert_eq!(meant(typed), None, "{typed}");
    }
}
