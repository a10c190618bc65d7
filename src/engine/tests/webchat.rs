//! Chats of the web chat: who opens which, and what a customer sees of a thread.

use super::*;
use crate::{
    domain::ids::{Author, ShownName},
    store::rows::webchat::{ChatHash, ChatId},
};

const HASH: ChatHash = ChatHash([7; 32]);

fn thread(name: &str) -> ThreadKey {
    ThreadKey {
        channel: ChannelName::parse("shop").unwrap(),
        thread: ThreadId::parse(name).unwrap(),
    }
}

fn line(thread_name: &str, id: &str, from: Party, text: &str) -> Message {
    Message {
        thread: thread(thread_name),
        id: MessageId::parse(id).unwrap(),
        from,
        author: (from == Party::Agent).then(|| Author::parse("kim").unwrap()),
        text: Private::new(text.to_owned()),
        at: START.parse().unwrap(),
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    }
}

#[tokio::test]
async fn a_chat_is_opened_by_its_hash_alone_and_says_when_it_was_last_seen() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let chat = |hash| {
        let handle = bot.handle.clone();
        async move { handle.store().chat(hash).await.unwrap() }
    };
    assert_eq!(chat(HASH).await, None);
    bot.handle.start_chat(HASH, thread("t")).await.unwrap();
    let started = chat(HASH).await.expect("there");
    assert_eq!(started.thread, thread("t"));
    assert_eq!(started.seen_at, setup.clock.now());
    assert_eq!(chat(ChatHash([8; 32])).await, None);

    setup.clock.advance(Length::hours(2));
    bot.handle.chat_seen(started.id).await.unwrap();
    let seen = chat(HASH).await.expect("there");
    assert_eq!(seen.seen_at, setup.clock.now());
    bot.handle.chat_seen(ChatId(99)).await.unwrap();

    let again = bot.handle.start_chat(HASH, thread("other")).await;
    assert!(again.is_err(), "a token opens one chat");
}

#[tokio::test]
async fn a_customer_sees_the_lines_of_their_own_thread_in_order_of_arrival() {
    let setup = Setup::new();
    let bot = setup.start().await;
    setup
        .meddle(
            "INSERT INTO accounts (name, shown_as, role, created_at)
             VALUES ('kim', 'Kim Doe', 'agent', 0)",
        )
        .unwrap();
    let messages = vec![
        line(
            "t",
            "1",
            Party::Customer,
            "My card 5555 5555 5555 4444 was charged",
        ),
        line("other", "1", Party::Customer, "not yours"),
        line("t", "2", Party::Bot, "We have your message."),
        line("t", "3", Party::Agent, "Which month?"),
    ];
    bot.handle.submit(messages).await.unwrap();
    let lines = |after, limit| {
        let handle = bot.handle.clone();
        async move {
            let lines = handle.store().chat_lines(thread("t"), after, limit).await;
            lines.unwrap()
        }
    };
    let all = lines(0, 10).await;
    let shown: Vec<_> = all
        .iter()
        .map(|line| {
            let name = line.name.as_ref().map(ShownName::as_str);
            (line.from, name, line.text.reveal().as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [
            (Party::Customer, None, "My card ⟦payment_card⟧ was charged"),
            (Party::Bot, None, "We have your message."),
            (Party::Agent, Some("Kim Doe"), "Which month?"),
        ]
    );
    assert!(all.is_sorted_by_key(|line| line.id));
    for had in 0..3 {
        let rest = lines(all[had].id, 10).await;
        assert_eq!(rest, all[had + 1..], "after {had}");
        assert_eq!(lines(0, u32::try_from(had).unwrap()).await, all[..had]);
    }
    let id = MessageId::parse("2").unwrap();
    let one = bot.handle.store().chat_line(thread("t"), id.clone()).await;
    assert_eq!(one.unwrap().as_ref(), Some(&all[1]));
    let none = bot.handle.store().chat_line(thread("other"), id).await;
    assert_eq!(none.unwrap(), None);
}
