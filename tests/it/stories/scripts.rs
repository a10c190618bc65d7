//! Threads in scripts that run from right to left, or without spaces: each says its language, and stands
//! where it belongs, on a small phone and on a laptop.

use super::people::Team;
use crate::support::browser::Like;

/// A language, and what a customer of it writes, with a card number among it.
const THREADS: &[(&str, [&str; 2])] = &[
    (
        "ar",
        [
            "مرحبا، فاتورتي لهذا الشهر غير صحيحة وقد دفعت المبلغ مرتين",
            "رقم بطاقتي هو 4111 1111 1111 1111 وأرجو الاتصال بي اليوم",
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
    for (place, (language, texts)) in THREADS.iter().enumerate() {
        for (like, size) in [(Like::PHONE, "360"), (Like::LAPTOP, "1280")] {
            let customer = team.customer_like(like).await;
            for text in texts {
                customer.writes_by_script(text).await;
            }
            customer.reload().await;
            customer.find(&format!("#chat-lines [lang='{language}']")).await;
            customer.assert_fits().await;
            customer.picture(&format!("chat-{language}-{size}")).await;

            let agent = team
                .agent_like(&format!("kim{place}-{size}"), "agent", like)
                .await;
            agent.opens("/desk/callbacks").await;
            agent.find(&format!("blockquote[lang='{language}']")).await;
            agent.assert_fits().await;
            agent.picture(&format!("queue-{language}-{size}")).await;
            agent.opens("/desk/threads?state=needs_call").await;
            agent.find(&format!("bdi[lang='{language}']")).await;
            agent.assert_fits().await;
            // The newest stands first.
            agent.click("#threads a.item").await;
            agent
                .find(&format!("#talk .bubble[lang='{language}'][dir='auto']"))
                .await;
            agent.find("#talk .bubble .chip").await;
            agent.assert_fits().await;
            agent.picture(&format!("thread-{language}-{size}")).await;
        }
    }
}
