//! Watched groups: whom a thread is about, and what finds it.

use super::*;
use crate::{
    domain::{
        account::Role,
        chat::{Network, Room, Spot},
        ids::{ChatId, PersonId, PostId, ShownName, TopicId},
        message::Visibility,
    },
    engine::{
        Shown,
        chat::{
            InGroup, Paired,
            rows::{CodeHash, MemberRow, NewPost, PostKind, Trace},
        },
    },
    store::rows::TokenHash,
};

const NETWORK: Network = Network::Telegram;

fn chat(id: &str) -> ChatId {
    ChatId::parse(id).unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

fn room(topic: Option<&str>) -> Room {
    Room {
        network: NETWORK,
        chat: chat("-5"),
        topic: topic.map(|topic| TopicId::parse(topic).unwrap()),
    }
}

fn said(thread: &str, id: &str, from: Party, who: &str, handle: Option<&str>) -> InGroup {
    let mut message = message(thread, id, from, 0);
    message.visibility = Visibility::Public;
    let topic = thread.split(':').nth(2);
    InGroup {
        message,
        shown: Shown::default(),
        about: MemberRow {
            room: room(topic),
            person: person(who),
            handle: handle.map(str::to_owned),
        },
    }
}

async fn threads(bot: &Bot, group: &str, post: &str) -> Vec<String> {
    let spot = Spot {
        network: NETWORK,
        chat: chat(group),
        post: PostId::parse(post).unwrap(),
    };
    let found = bot.handle.group_threads_of(spot).await.expect("readable");
    found
        .into_iter()
        .map(|(key, _)| key.thread.to_string())
        .collect()
}

async fn called(bot: &Bot, handle: &str) -> Option<PersonId> {
    let found = bot
        .handle
        .member_called(NETWORK, chat("-5"), handle.to_owned());
    found.await.expect("readable")
}

#[tokio::test]
async fn a_reply_a_name_and_a_topic_find_whom_they_are_for() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let all = vec![
        said("g-5:7", "1", Party::Customer, "7", Some("sam")),
        said("g-5:8:40", "2", Party::Customer, "8", Some("lee")),
        said("g-5:7", "3", Party::Agent, "7", None),
        said("g-5:8:40", "3", Party::Agent, "8", None),
    ];
    let receipts = bot.handle.submit_of_groups(all).await.expect("taken");
    assert_eq!(receipts.len(), 4);
    assert_eq!(threads(&bot, "-5", "1").await, ["g-5:7"]);
    assert_eq!(threads(&bot, "-5", "3").await, ["g-5:7", "g-5:8:40"]);
    assert_eq!(threads(&bot, "-6", "1").await, Vec::<String>::new());
    assert_eq!(called(&bot, "sam").await, Some(person("7")));
    assert_eq!(called(&bot, "kim").await, None);
    let alone = bot
        .handle
        .alone_in_topic(room(Some("40")))
        .await
        .expect("readable");
    assert_eq!(alone, Some(person("8")));
    let joined = vec![said("g-5:7:40", "4", Party::Customer, "7", Some("sam"))];
    bot.handle.submit_of_groups(joined).await.expect("taken");
    let alone = bot
        .handle
        .alone_in_topic(room(Some("40")))
        .await
        .expect("readable");
    assert_eq!(alone, None, "two write there");
    bot.stop().await;
}

#[tokio::test]
async fn a_name_that_somebody_else_takes_is_theirs() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (thread, id, who) in [("g-5:7", "1", "7"), ("g-5:8", "2", "8")] {
        let one = vec![said(thread, id, Party::Customer, who, Some("sam"))];
        bot.handle.submit_of_groups(one).await.expect("taken");
        assert_eq!(called(&bot, "sam").await, Some(person(who)));
    }
    bot.stop().await;
}

#[tokio::test]
async fn the_customers_newest_message_is_answered_where_the_group_is_now() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let mut later = said("g-5:7", "2", Party::Customer, "7", None);
    later.message.at = after(later.message.at, Length::minutes(1));
    let all = vec![
        said("g-5:7", "1", Party::Customer, "7", None),
        later,
        said("g-5:7", "3", Party::Agent, "7", None),
    ];
    bot.handle.submit_of_groups(all).await.expect("taken");
    let place = bot
        .handle
        .group_place(key("g-5:7"))
        .await
        .expect("readable");
    let place = place.expect("a place");
    assert_eq!(place.room, room(None));
    assert_eq!(place.answers.expect("a message").as_str(), "2");
    let moved = Trace::GroupMoved {
        network: NETWORK,
        from: chat("-5"),
        to: chat("-1005"),
    };
    bot.handle.keep_traces(vec![moved]).await.expect("kept");
    let place = bot
        .handle
        .group_place(key("g-5:7"))
        .await
        .expect("readable");
    assert_eq!(place.expect("a place").room.chat, chat("-1005"));
    // Its messages begin anew there, with the same numbers.
    assert_eq!(threads(&bot, "-1005", "1").await, Vec::<String>::new());
    assert_eq!(
        bot.handle.group_place(key("t1")).await.expect("readable"),
        None
    );
    bot.stop().await;
}

#[tokio::test]
async fn the_code_of_somebody_who_was_shut_out_pairs_nothing() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let (ada, kim) = (account("ada"), account("kim"));
    let shown = ShownName::parse("Kim").expect("a name");
    bot.handle
        .add_account(
            ada.clone(),
            kim.clone(),
            shown,
            Role::Agent,
            TokenHash([1; 32]),
        )
        .await
        .expect("added");
    let code = || CodeHash([7; 32]);
    let made = bot.handle.make_code(code(), kim.clone(), None).await;
    made.expect("made");
    bot.handle
        .disable_account(ada, kim)
        .await
        .expect("disabled");
    let paired = bot.handle.pair(code(), NETWORK, person("7"), None).await;
    assert_eq!(paired.expect("answered"), Paired::Unknown);
    assert_eq!(bot.handle.directory().people, []);
    bot.stop().await;
}

#[tokio::test]
async fn what_was_posted_of_a_thread_that_is_gone_is_taken_down_again() {
    let mut setup = Setup::new();
    let downs = Recorder::new(TAKES_DOWN, &setup.clock);
    setup.recorders.push(Arc::clone(&downs));
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let spot = |post| Spot {
        network: NETWORK,
        chat: chat("-5"),
        post: PostId::parse(post).expect("an id"),
    };
    let posted = |thread, post| {
        Trace::Posted(NewPost {
            thread: Some(key(thread)),
            ..NewPost::new(spot(post), PostKind::Relayed)
        })
    };
    let traces = vec![posted("t1", "1"), posted("erased", "2")];
    bot.handle.keep_traces(traces).await.expect("kept");
    let heard = downs.hears(1).await;
    let OutboxEvent::TakeDown(standing) = &heard[0].item.event else {
        panic!("it is to be taken down");
    };
    assert_eq!(standing.posts[0].spot, spot("2"));
    let kept = bot.handle.post_at(spot("1")).await.expect("readable");
    assert!(kept.is_some());
    bot.stop().await;
}
