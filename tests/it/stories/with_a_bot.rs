//! The web desk's pages about Telegram, for everybody: with a screen reader, in light and dark, on a small
//! phone.

use super::people::{Agent, Team};
use crate::support::{browser::Like, telegram::Telegram};

const CHANNEL: &str = "[channels.telegram]\nkind = \"telegram\"\n";

/// Who is who, one's own identity, what an admin has to mend, and a message that did not arrive.
const PAGES: [(&str, &str, &str); 4] = [
    ("chats", "/chats", "not in its group"),
    ("account", "/account", "Telegram"),
    ("needing", "/desk/callbacks", "Telegram"),
    (
        "thread",
        "/desk/threads?state=waiting_on_customer",
        "Not delivered",
    ),
];

/// Each page in this window, once it shows all; each as a picture too.
async fn on_each_page(agent: &Agent, size: &str) {
    for (name, path, shown) in PAGES {
        agent.opens(path).await;
        if name == "thread" {
            agent.click("a[data-thread]").await;
        }
        agent.shows("main", shown).await;
        agent.assert_accessible().await;
        agent.assert_fits().await;
        for scheme in ["light", "dark"] {
            agent.prefer(scheme).await;
            agent
                .picture(&format!("telegram-{name}-{size}-{scheme}"))
                .await;
        }
    }
}

#[tokio::test]
async fn the_pages_about_telegram_are_for_everybody() {
    let telegram = Telegram::start();
    let mut team = Team::start_with(&format!("{}{CHANNEL}", telegram.settings()));
    let code = team.bot().told("  /start ");
    let care = telegram.forum("Care");
    care.adds_bot_as_admin();
    let kim = care.member("Kim");
    kim.writes_in(&care, code.trim());
    care.waits_for("works here now").await;
    let rosa = telegram.customer("Rosa");
    rosa.writes("Where is my parcel?");
    care.topic("Rosa")
        .await
        .waits_for("Where is my parcel?")
        .await;
    rosa.blocks_the_bot();

    let admin = team.agent("root", "admin").await;
    admin.opens_a_thread("waiting_on_us").await;
    admin.answers("It leaves today.").await;
    admin
        .until("it is known that it did not arrive", async || {
            admin.reload().await;
            let shown = admin.texts("main").await.concat();
            shown.contains("Not delivered").then_some(())
        })
        .await;
    care.removes_bot();
    telegram.has_been_read().await;
    on_each_page(&admin, "laptop").await;
    let phone = team.agent_like("boss", "admin", Like::PHONE).await;
    on_each_page(&phone, "phone").await;
    team.stop();
}
