//! What the desk's pages read: lists in the order in which they are worked, each seeing only what
//! its account may see.

use super::*;
use crate::{
    domain::ids::{Author, DeskName},
    store::{
        Reads,
        rows::{
            Page,
            desk::{Queue, QueueView, Sight, ThreadList},
        },
    },
};

/// The first threads of a list.
async fn listed(reads: &Reads, list: ThreadList, sight: &Sight) -> Vec<String> {
    let page = reads
        .desk_threads(list, sight.clone(), Page::first(10))
        .await;
    let rows = page.expect("readable").items;
    rows.iter()
        .map(|row| row.thread.thread.to_string())
        .collect()
}

async fn queue(reads: &Reads, view: QueueView) -> Queue {
    let queue = reads.queue(view, Sight::default(), 10).await;
    queue.expect("readable")
}

fn threads_of(queue: &Queue) -> Vec<&str> {
    let rows = queue.rows.iter();
    rows.map(|row| row.callback.thread.as_str()).collect()
}

fn sees(channels: &[&str], desks: &[&str]) -> Sight {
    Sight {
        channels: Some(
            channels
                .iter()
                .map(|name| ChannelName::parse(name).expect("a channel"))
                .collect(),
        ),
        desks: Some(
            desks
                .iter()
                .map(|name| DeskName::parse(name).expect("a desk"))
                .collect(),
        ),
        eyes: None,
    }
}

fn on_channel(channel: &str, mut message: Message) -> Message {
    message.thread.channel = ChannelName::parse(channel).expect("a channel");
    message
}

#[tokio::test]
async fn who_waits_for_us_longest_comes_first_whoever_wrote_last() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("second", "m1", 5).await;
    bot.customer("first", "m1", 0).await;
    bot.customer("third", "m1", 10).await;
    // Chasing us is not a new wait.
    bot.customer("first", "m2", 30).await;
    bot.customer("answered", "m1", 0).await;
    bot.decided(message("answered", "m2", Party::Agent, 1))
        .await;
    let reads = bot.handle.store();
    let waiting = listed(reads, ThreadList::WaitingOnUs, &Sight::default()).await;
    assert_eq!(waiting, ["first", "second", "third"]);
    let answered = listed(reads, ThreadList::WaitingOnCustomer, &Sight::default()).await;
    assert_eq!(answered, ["answered"]);

    let mut page = Page::first(2);
    let first = reads
        .desk_threads(ThreadList::WaitingOnUs, Sight::default(), page)
        .await;
    let first = first.expect("readable");
    assert_eq!(first.items.len(), 2);
    assert_eq!(first.items[0].newest_from, Some(Party::Customer));
    assert_eq!(
        first.items[0].waiting_since,
        Some(START.parse().expect("a time"))
    );
    assert_eq!(
        first.items[0].newest_at,
        Some(message("first", "m2", Party::Customer, 30).at)
    );
    page.after = first.next;
    let rest = reads
        .desk_threads(ThreadList::WaitingOnUs, Sight::default(), page)
        .await;
    let rest = rest.expect("readable");
    assert_eq!(rest.items.len(), 1);
    assert_eq!(rest.items[0].thread.thread.as_str(), "third");
    assert_eq!(rest.next, None);
    bot.stop().await;
}

#[tokio::test]
async fn the_newest_change_comes_first_and_a_page_goes_on_where_the_one_before_ended() {
    let setup = Setup::new();
    let bot = setup.start().await;
    // All at one moment of the clock: the later one is the newer one.
    for thread in ["a", "b", "c", "d"] {
        bot.customer(thread, "m1", 0).await;
        bot.decided(says(thread, "m2", 1, "Sorted, thanks a lot!"))
            .await;
    }
    setup.clock.advance(Length::minutes(5));
    bot.decided(says("a", "m3", 2, "Thank you!")).await;
    let reads = bot.handle.store();
    let all = listed(reads, ThreadList::Solved, &Sight::default()).await;
    assert_eq!(all, ["a", "d", "c", "b"]);
    let (mut page, mut seen) = (Page::first(1), Vec::new());
    loop {
        let rows = reads
            .desk_threads(ThreadList::Solved, Sight::default(), page)
            .await;
        let rows = rows.expect("readable");
        seen.extend(rows.items.iter().map(|row| row.thread.thread.to_string()));
        match rows.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, all);
    bot.stop().await;
}

#[tokio::test]
async fn a_list_shows_only_the_channels_that_the_account_may_see() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (channel, thread, minute) in [("x", "t1", 4), ("y", "t2", 2), ("z", "t3", 0)] {
        bot.decided(on_channel(
            channel,
            message(thread, "m1", Party::Customer, minute),
        ))
        .await;
    }
    let reads = bot.handle.store();
    let some = sees(&["x", "y", "unused"], &["main"]);
    assert_eq!(
        listed(reads, ThreadList::WaitingOnUs, &some).await,
        ["t2", "t1"]
    );
    assert!(
        listed(reads, ThreadList::WaitingOnUs, &sees(&[], &[]))
            .await
            .is_empty()
    );
    let everything = Sight::default();
    assert_eq!(
        listed(reads, ThreadList::WaitingOnUs, &everything).await,
        ["t3", "t2", "t1"]
    );
    bot.stop().await;
}

#[tokio::test]
async fn held_threads_are_those_of_the_case_and_all_of_who_never_wants_to_be_phoned() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let by_kim = |mut message: Message| {
        message.author = Some(Author::parse("@kim").expect("a handle"));
        message
    };
    let reads = bot.handle.store().clone();
    let held = || async { listed(&reads, ThreadList::Held, &Sight::default()).await };
    bot.decided(by_kim(message("older", "m1", Party::Customer, 0)))
        .await;
    bot.customer("nobody", "m1", 0).await;
    assert!(held().await.is_empty());
    bot.decided(says(
        "case",
        "m1",
        1,
        "My lamp is broken. I'd rather stay here in chat, no calls please.",
    ))
    .await;
    bot.decided(by_kim(says("wish", "m1", 2, "Please never phone me.")))
        .await;
    bot.decided(by_kim(message("newer", "m1", Party::Customer, 3)))
        .await;
    // One that was nobody's until its customer was named.
    bot.customer("named", "m1", 4).await;
    bot.decided(by_kim(message("named", "m2", Party::Customer, 5)))
        .await;
    let mut threads = held().await;
    threads.sort_unstable();
    assert_eq!(threads, ["case", "named", "newer", "older", "wish"]);
    bot.decided(by_kim(says(
        "wish",
        "m2",
        6,
        "I changed my mind, please call me.",
    )))
    .await;
    assert_eq!(held().await, ["case"]);
    bot.stop().await;
}

#[tokio::test]
async fn the_queue_is_worked_urgent_first_then_asked_for_then_longest_waiting() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("count").await;
    setup.clock.advance(Length::minutes(1));
    bot.three_questions("later").await;
    setup.clock.advance(Length::minutes(1));
    bot.decided(says("asked", "m1", 0, "Please call me.")).await;
    setup.clock.advance(Length::minutes(1));
    bot.decided(says("urgent", "m1", 0, "There is smoke in my flat!"))
        .await;
    let reads = bot.handle.store();
    let due = queue(reads, QueueView::Due).await;
    assert_eq!(threads_of(&due), ["urgent", "asked", "count", "later"]);
    assert_eq!(due.total, 4);
    assert_eq!(due.rows[1].text.reveal(), "Please call me.");
    assert_eq!(due.rows[2].reason, "third exchange was not a thank-you");
    assert_eq!(
        due.rows[2].at,
        message("count", "m3", Party::Customer, 40).at
    );
    let short = reads.queue(QueueView::Due, Sight::default(), 1).await;
    let short = short.expect("readable");
    assert_eq!((threads_of(&short), short.total), (vec!["urgent"], 4));
    let elsewhere = reads
        .queue(QueueView::Due, sees(&["webchat"], &["other"]), 9)
        .await;
    assert_eq!(elsewhere.expect("readable").total, 0);

    let kim = account("kim");
    let id = due.rows[2].callback.id;
    bot.handle.claim(id, kim.clone()).await.expect("answered");
    assert_eq!(
        threads_of(&queue(reads, QueueView::Mine(kim.clone())).await),
        ["count"]
    );
    let lee = account("lee");
    assert_eq!(queue(reads, QueueView::Mine(lee)).await.total, 0);
    assert_eq!(queue(reads, QueueView::Due).await.total, 3);
    assert_eq!(queue(reads, QueueView::Scheduled).await.total, 0);
    bot.customer("waits", "m1", 0).await;
    let counts = reads.desk_counts(kim.clone(), Sight::default()).await;
    let counts = counts.expect("readable");
    assert_eq!((counts.due, counts.mine, counts.scheduled), (3, 1, 0));
    assert_eq!((counts.waiting_on_us, counts.notices), (1, 0));
    let none = reads.desk_counts(kim, sees(&[], &[])).await;
    assert_eq!(none.expect("readable"), Default::default());
    bot.stop().await;
}

#[tokio::test]
async fn promised_calls_are_listed_by_their_time_and_are_their_agents_after_the_claimed_ones() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for thread in ["late", "soon", "now"] {
        bot.three_questions(thread).await;
    }
    let reads = bot.handle.store();
    let due = queue(reads, QueueView::Due).await;
    let id = |thread: &str| {
        let mut rows = due.rows.iter();
        let row = rows.find(|row| row.callback.thread.as_str() == thread);
        row.expect("due").callback.id
    };
    let (kim, lee) = (account("kim"), account("lee"));
    let at = |hours| after(setup.clock.now(), Length::hours(hours));
    let handle = &bot.handle;
    handle
        .schedule(id("late"), kim.clone(), at(2))
        .await
        .expect("answered");
    handle
        .schedule(id("soon"), lee, at(1))
        .await
        .expect("answered");
    handle
        .claim(id("now"), kim.clone())
        .await
        .expect("answered");
    assert_eq!(
        threads_of(&queue(reads, QueueView::Scheduled).await),
        ["soon", "late"]
    );
    assert_eq!(
        threads_of(&queue(reads, QueueView::Mine(kim.clone())).await),
        ["now", "late"]
    );
    let counts = reads.desk_counts(kim, Sight::default()).await;
    let counts = counts.expect("readable");
    assert_eq!((counts.due, counts.mine, counts.scheduled), (0, 2, 2));
    bot.stop().await;
}

#[tokio::test]
async fn a_thread_shows_its_newest_lines_and_where_the_older_ones_are() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (id, minute) in [("m1", 0), ("m2", 1), ("m3", 2), ("m4", 3), ("m5", 4)] {
        bot.customer("t1", id, minute).await;
    }
    bot.decided(says(
        "t1",
        "m6",
        5,
        "Please call me, my card is 4111 1111 1111 1111.",
    ))
    .await;
    let reads = bot.handle.store();
    let ids = |thread: &crate::store::rows::desk::DeskThread| {
        let lines = thread.lines.iter();
        lines
            .map(|line| line.message.id.to_string())
            .collect::<Vec<_>>()
    };
    let newest = reads.desk_thread(key("t1"), None, 4).await;
    let newest = newest.expect("readable").expect("there");
    assert_eq!(ids(&newest), ["m3", "m4", "m5", "m6"]);
    let last = &newest.lines[3];
    assert_eq!(
        last.message.text.reveal(),
        "Please call me, my card is ⟦payment_card⟧."
    );
    let words: Vec<&str> = last
        .evidence
        .iter()
        .map(|e| e.words.reveal().as_str())
        .collect();
    assert_eq!(words, ["Please call"]);
    assert_eq!(newest.callbacks.len(), 1);
    assert_eq!(newest.cases.len(), 1);
    let older = reads.desk_thread(key("t1"), newest.older, 4).await;
    let older = older.expect("readable").expect("there");
    assert_eq!(ids(&older), ["m1", "m2"]);
    assert_eq!(older.older, None);
    let exact = reads.desk_thread(key("t1"), None, 6).await;
    assert_eq!(exact.expect("readable").expect("there").older, None);
    assert_eq!(
        reads
            .desk_thread(key("t2"), None, 4)
            .await
            .expect("readable"),
        None
    );
    bot.stop().await;
}
