//! A thread's page as a browser gets it.

use askama::Template;
use jiff::tz::TimeZone;

use super::{Back, NoticeCard, TextBox, ThreadPage, show};
use crate::{
    domain::{
        account::Role,
        ids::{Author, ShownName},
        message::Party,
        private::Private,
        time::{Length, after},
    },
    web::{
        desk::thread::played::Played,
        pages::{Frame, Section, times::Times},
    },
};

/// The page as an agent sees it who may answer.
fn page(played: &Played) -> ThreadPage {
    let text_box = |id: &str| TextBox {
        id: id.to_owned(),
        text: String::new(),
        problem: None,
        may_confirm: false,
    };
    let now = after(played.thread.thread.changed_at, Length::minutes(5));
    let times = Times::new(TimeZone::UTC, now);
    ThreadPage {
        frame: Frame {
            who: Some((ShownName::parse("Ann").expect("a name"), Role::Agent)),
            csrf: "the-csrf".to_owned(),
            section: Section::Threads,
            ..Frame::outside()
        },
        times: times.clone(),
        show: show(&played.thread, &played.rules, None),
        notices: played
            .thread
            .notices
            .iter()
            .map(|row| NoticeCard::new(row, &times, Back::Thread))
            .collect(),
        card: None,
        address: "/desk/threads/chat/t1".to_owned(),
        looked_at: "chat/t1".to_owned(),
        older: None,
        is_newest: true,
        reply: Some(text_box("reply-1")),
        note: text_box("note-1"),
        longest: 4_000,
    }
}
#[test]
fn dump() {
    let mut played = Played::under("").plays(&[
        "c How do I cancel the trial?",
        "a Settings, Plan, Cancel.",
        "c Great, that worked, thank you!",
        "a You're welcome!",
        "c+3d My bill is wrong",
        "c+20s I am charged twice, card 4111 1111 1111 1111",
        "b Thanks for your message, we will answer soon.",
        "a You can see each item under Account, Bills. Is it one of those that you mean? We had a double booking in May that is already paid back.",
        "n Looks like the double booking of May",
        "c+1h That's not what I asked! Why am I charged twice?",
    ]);
    played.thread.muted_until = Some(after(played.thread.thread.changed_at, Length::hours(200)));
    let html = page(&played).render().unwrap();
    let css = crate::web::assets::DESK_CSS.url().to_owned();
    let html = html
        .replace(&css, "/tmp/thread-dump/desk.css")
        .replace("/assets/", "/tmp/thread-dump/");
    std::fs::create_dir_all("/tmp/thread-dump").unwrap();
    std::fs::write(
        "/tmp/thread-dump/page.html",
        html.replace("=\"/tmp", "=\"file:///tmp"),
    )
    .unwrap();
    let all = [
        include_str!("../../../assets/base.css"),
        include_str!("../../../assets/frame.css"),
        include_str!("../../../assets/desk.css"),
        include_str!("../../../assets/thread.css"),
    ]
    .concat();
    std::fs::write("/tmp/thread-dump/desk.css", all).unwrap();
}
