//! A customer who tries to break out of what they write: into the desk's pages, or into another
//! customer's.

use serde_json::json;

use super::people::Team;

/// What breaks out where a page forgets to escape: text, attributes, URLs, scripts.
const ATTACKS: &[&str] = &[
    "<script>window.broken = 1</script>",
    "<img src=x onerror=\"window.broken = 1\">",
    "\"><svg onload=window.broken=1>",
    "' onfocus='window.broken=1' autofocus='",
    "</textarea></title></style><script>window.broken=1</script>",
    "javascript:window.broken=1",
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "<b id=injected>bold</b>",
    "\u{202e}evil\u{2066}text",
    "\u{1f469}\u{200d}\u{1f692}\u{1f1e9}\u{1f1ea} e\u{301}\u{301}\u{301} \u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "]]> --> */ ` \\u003cscript\\u003e",
];

/// What must not be there, whatever a customer wrote.
const UNTOUCHED: &str = "return window.broken === undefined
    && document.querySelector('#injected, main script, [onerror], [onload], [onfocus]') === null";

#[tokio::test]
async fn whatever_a_customer_writes_is_shown_as_they_wrote_it_and_does_nothing() {
    let team = Team::start();
    let customer = team.customer().await;
    for attack in ATTACKS {
        customer.writes_by_script(attack).await;
    }
    assert_eq!(customer.evaluate(UNTOUCHED).await, true, "the chat");
    // Again from the server, as it was kept.
    customer.reload().await;
    customer.reads("bold").await;
    assert_eq!(customer.evaluate(UNTOUCHED).await, true, "the chat");

    let agent = team.agent("kim", "admin").await;
    agent.opens_a_thread("waiting_on_us").await;
    for attack in ATTACKS {
        let inside = json!(attack);
        let script =
            format!("return document.querySelector('main').textContent.includes({inside})");
        assert_eq!(agent.evaluate(&script).await, true, "{attack}");
    }
    for path in ["/desk/threads?state=waiting_on_us", "/desk/callbacks"] {
        assert_eq!(agent.evaluate(UNTOUCHED).await, true, "before {path}");
        agent.opens(path).await;
    }
    assert_eq!(agent.evaluate(UNTOUCHED).await, true);
}

#[tokio::test]
async fn names_and_ids_from_other_networks_do_nothing_either() {
    let team = Team::start();
    let api = team.bot().client(&team.home.token());
    for (number, attack) in ATTACKS.iter().enumerate() {
        for (id, text) in [("1", "Please ring me"), (*attack, *attack)] {
            let sent = json!({
                "channel": "chat", "thread": format!("{number} {attack}"), "id": id,
                "from": "customer", "author": attack, "text": text, "visibility": "public",
            });
            let answer = api.messages(&sent).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }
    let agent = team.agent("kim", "admin").await;
    for path in ["/desk/callbacks", "/desk/threads?state=needs_call"] {
        agent.opens(path).await;
        agent.shows("main", "<b id=injected>bold</b>").await;
        assert_eq!(agent.evaluate(UNTOUCHED).await, true, "{path}");
        agent.assert_fits().await;
    }
    let threads = agent
        .evaluate("return [...document.querySelectorAll('a[data-thread]')].map((a) => a.getAttribute('href'))")
        .await;
    let threads = threads.as_array().expect("links");
    assert!(!threads.is_empty());
    for thread in threads {
        let thread = thread.as_str().expect("a path");
        agent.opens(thread).await;
        agent.shows("main", "Please ring me").await;
        assert_eq!(agent.evaluate(UNTOUCHED).await, true, "{thread}");
    }
}
