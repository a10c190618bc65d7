//! Threads in scripts that run from right to left, or without spaces: each says its language, and stands
//! where it belongs, on a small phone and on a laptop.

use serde_json::json;

use super::people::{Agent, Team};
use crate::support::browser::{Like, Window};

/// A language, and what a customer of it writes, with a card number among it.
const THREADS: &[(&str, [&str; 2])] = &[
    (
        "ar",
        [
            "مرحبا، فاتورتي لهذا الشهر غير صحيحة وقد دفعت المبلغ مرتين",
            "رقم بطاقتي هو 4111 1111 1111 1111 من فضلكم اتصلوا بي اليوم",
        ],
    ),
    (
        "hi",
        [
            "नमस्ते, मेरा इस महीने का बिल गलत है और पैसे दो बार कट गए",
            "मेरा कार्ड 4111 1111 1111 1111 है, कृपया मुझे फ़ोन करें",
        ],
    ),
    (
        "ja",
        [
            "今月の請求書が間違っています。二回も引き落とされました",
            "カード番号は 4111 1111 1111 1111 です。電話してください",
        ],
    ),
    (
        "zh",
        [
            "你好，我这个月的账单不对，被扣了两次款，请帮我看一下",
            "我的卡号是 4111 1111 1111 1111 ，请给我打电话",
        ],
    ),
];

#[tokio::test]
async fn each_script_stands_where_it_belongs_and_says_its_language() {
    let team = Team::start();
    for (name, like) in [("360", Like::PHONE), ("1280", Like::LAPTOP)] {
        let agent = team.agent_like(&format!("kim{name}"), "agent", like).await;
        for (language, texts) in THREADS {
            let customer = team.customer_like(like).await;
            for text in texts {
                customer.writes_by_script(text).await;
            }
            customer.reload().await;
            let line = format!("#chat-lines .text[lang='{language}']");
            stands_right(&customer, language, &line).await;
            customer.picture(&format!("chat-{language}-{name}")).await;
            at_the_desk(&agent, language, name).await;
        }
    }
}

async fn at_the_desk(agent: &Agent, language: &str, name: &str) {
    agent.opens("/desk/callbacks").await;
    let quote = format!("blockquote[lang='{language}']");
    stands_right(agent, language, &quote).await;
    agent.find(&format!("bdi[lang='{language}']")).await;
    agent.picture(&format!("queue-{language}-{name}")).await;
    agent.opens("/desk/threads?state=needs_call").await;
    let newest = format!("#threads bdi.cut[lang='{language}']");
    stands_right(agent, language, &newest).await;
    agent.picture(&format!("threads-{language}-{name}")).await;
    // The newest stands first.
    agent.click("#threads a.item").await;
    agent.find("#talk .bubble .chip").await;
    let bubble = format!("#talk .bubble[lang='{language}']");
    stands_right(agent, language, &bubble).await;
    agent.picture(&format!("thread-{language}-{name}")).await;
}

/// The element is there, runs as its language does, and nothing on its page sticks out.
async fn stands_right(window: &Window, language: &str, css: &str) {
    window.find(css).await;
    let script = format!(
        "const found = document.querySelector({});
         found.scrollIntoView();
         return getComputedStyle(found).direction;",
        json!(css)
    );
    let direction = if language == "ar" { "rtl" } else { "ltr" };
    assert_eq!(window.evaluate(&script).await, direction, "{css}");
    window.assert_fits().await;
}
