//! Answers that are held back, on the virtual clock: they wait for their agent and for nobody else,
//! and end once, whatever happens in between.

use super::{desk::reply, *};
use crate::{
    domain::{
        account::Role,
        chat::{Network, Spot, Written},
        decision::{NoCall, Notice, RuleName},
        ids::{Author, ChatId, PostId, ShownName},
        message::Attachment,
    },
    engine::{CallChoice, Replied, Reply, Unheld, chat::rows::PostKind},
    store::rows::{
        TokenHash,
        desk::{Eyes, NoticeRow, Sight},
        held::{HeldId, HeldRow, HeldState},
    },
};

/// Asks for what has no place in a chat.
const ASKS: &str = "Please tell me your date of birth and your PIN";

impl Bot {
    /// Kim answers in the thread `t1` from the box `r1`.
    async fn kim_says(&self, text: &str) -> Replied {
        let replied = self.handle.reply(reply("t1", "r1", text)).await;
        replied.expect("answered")
    }

    /// What stands, held or back with its agent.
    async fn standing(&self) -> Vec<HeldRow> {
        self.on_desk("t1").await.held
    }

    async fn send_held(&self, id: HeldId) -> Unheld {
        let sent = self.handle.send_held(key("t1"), id, account("kim")).await;
        sent.expect("answered")
    }

    /// What an account is told, as a supervisor if so.
    async fn told(&self, name: &str, at: Option<Timestamp>) -> Vec<Notice> {
        let sight = Sight {
            eyes: Some(Eyes {
                account: account(name),
                others_until: at,
            }),
            ..Sight::default()
        };
        let store = self.handle.store();
        let counts = store.desk_counts(account(name), sight.clone()).await;
        let rows: Vec<NoticeRow> = store.notices(sight, 100).await.expect("readable");
        assert_eq!(counts.expect("readable").notices, rows.len() as u64);
        rows.into_iter().map(|row| row.notice).collect()
    }
}

/// Waits until the sweep has given back what stands.
async fn given_back(bot: &Bot) {
    let mut look = bot.handle.look_at(&key("t1"));
    let waits = async {
        while bot.standing().await[0].state == HeldState::Held {
            look.news().await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.expect("swept");
}

#[tokio::test]
async fn an_answer_that_asks_for_a_secret_is_held_and_no_message_until_it_is_sent() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    for _ in 0..2 {
        assert_eq!(bot.kim_says(ASKS).await, Replied::Held);
    }
    let thread = bot.on_desk("t1").await;
    assert_eq!((thread.lines.len(), thread.thread.exchange), (1, 1));
    let [held] = thread.held.as_slice() else {
        panic!("one is held, not {:?}", thread.held);
    };
    assert!(held.asks);
    assert_eq!(held.text.reveal(), ASKS);

    // Later messages do not wait for it.
    setup.clock.advance(Length::minutes(12));
    assert_eq!(bot.customer("t1", "m2", 12).await.exchange, 2);
    assert_eq!(bot.send_held(held.id).await, Unheld::Done);
    assert_eq!(
        bot.send_held(held.id).await,
        Unheld::Ended(HeldState::Sent),
        "a button pressed twice"
    );
    let thread = bot.on_desk("t1").await;
    assert!(thread.held.is_empty());
    let sent = &thread.lines[2];
    assert_eq!(sent.message.id, message_id("r1"));
    assert_eq!(sent.message.at, setup.clock.now(), "when it was delivered");
    assert_eq!(sent.decision.exchange, 3);
    assert_eq!(
        setup.audited(),
        ["kim was_held", "kim replied r1", "kim sent_anyway r1"]
    );
    let told = bot.told("boss", Some(Timestamp::MAX)).await;
    assert!(told.is_empty(), "who sent it knows already: {told:?}");
    bot.stop().await;
}

#[tokio::test]
async fn an_answer_that_was_held_still_knows_where_it_was_written() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let spot = Spot {
        network: Network::Telegram,
        chat: ChatId::parse("-1001").expect("an id"),
        post: PostId::parse("7").expect("an id"),
    };
    let written = Written {
        spot: spot.clone(),
        topic: None,
    };
    let answer = Reply {
        attachment: Some(Attachment::Photo),
        written: Some(written.clone()),
        ..reply("t1", "r1", ASKS)
    };
    let replied = bot.handle.reply(answer).await;
    assert_eq!(replied.expect("answered"), Replied::Held);
    let held = bot.standing().await.remove(0);
    assert_eq!(held.written, Some(written));
    let nothing = bot.handle.post_at(spot.clone()).await.expect("readable");
    assert_eq!(nothing, None, "it is no message yet");
    assert_eq!(bot.send_held(held.id).await, Unheld::Done);
    let post = bot.handle.post_at(spot).await.expect("readable");
    let post = post.expect("it is one now");
    assert_eq!(post.kind, PostKind::Answer);
    assert_eq!(post.message, Some(message_id("r1")));
    let line = bot.handle.line_to_carry(key("t1"), message_id("r1")).await;
    let line = line.expect("readable").expect("there");
    assert_eq!(line.attachment, Some(Attachment::Photo));
    let told = bot.on_desk("t1").await.language;
    assert!(told.is_some() && line.language == told, "{told:?}");
    bot.stop().await;
}

#[tokio::test]
async fn what_an_answer_is_changed_to_is_held_to_the_same() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    for (text, is_held) in [(ASKS, true), ("Which month?", false)] {
        let would = bot.handle.would_hold(reply("t1", "r1", text)).await;
        assert_eq!(would.expect("answered"), is_held, "{text}");
    }
    bot.stop().await;
}

#[tokio::test]
async fn an_answer_with_a_secret_in_it_is_held_masked_and_sent_masked() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let said = bot.kim_says("We refund to 4111 1111 1111 1111.").await;
    assert_eq!(said, Replied::Held);
    let held = bot.standing().await.remove(0);
    assert!(!held.asks);
    assert_eq!(held.text.reveal(), "We refund to ⟦payment_card⟧.");
    assert_eq!(bot.send_held(held.id).await, Unheld::Done);
    let thread = bot.on_desk("t1").await;
    let sent = thread.lines[1].message.text.reveal();
    assert_eq!(sent, "We refund to ⟦payment_card⟧.");
    let kept = std::fs::read(setup.database()).expect("readable");
    bot.stop().await;
    let found = |bytes: &[u8]| bytes.windows(9).any(|part| part == b"1111 1111");
    assert!(!found(&kept) && !found(&std::fs::read(setup.database()).expect("readable")));
}

#[tokio::test]
async fn what_is_written_another_way_takes_the_place_of_what_was_held() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.kim_says(ASKS).await;
    let first = bot.standing().await.remove(0);
    setup.clock.advance(Length::minutes(10));
    assert_eq!(bot.kim_says("What is your PIN?").await, Replied::Held);
    let second = bot.standing().await;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].text.reveal(), "What is your PIN?");
    assert!(second[0].until > first.until, "its time begins anew");
    // The button of a page that still shows the first one.
    assert_eq!(
        bot.send_held(first.id).await,
        Unheld::Ended(HeldState::Replaced)
    );
    let sent = bot.kim_says("We ring you.").await;
    assert!(
        matches!(sent, Replied::Sent(Receipt::Decided(_))),
        "{sent:?}"
    );
    assert!(bot.standing().await.is_empty());
    assert_eq!(
        bot.send_held(second[0].id).await,
        Unheld::Ended(HeldState::Replaced)
    );
    // The other window sends what it has: another text, so another message.
    bot.kim_says(ASKS).await;
    let again = bot.standing().await.remove(0);
    assert_eq!(bot.send_held(again.id).await, Unheld::Done);
    let lines = bot.on_desk("t1").await.lines;
    let texts: Vec<_> = lines.iter().map(|line| line.message.id.as_str()).collect();
    assert_eq!(texts, ["m1", "r1", "r1-2"]);
    bot.stop().await;
}

#[tokio::test]
async fn nobody_decided_in_time_so_it_goes_back_to_its_agent_who_alone_is_told() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.kim_says(ASKS).await;
    let held = bot.standing().await.remove(0);
    setup.clock.advance(Length::minutes(15));
    given_back(&bot).await;
    let back = bot.standing().await.remove(0);
    assert_eq!(back.text.reveal(), ASKS, "its words are not lost");
    assert_eq!(bot.told("kim", None).await, [Notice::ReplyReturned]);
    assert_eq!(bot.told("lee", None).await, []);
    assert_eq!(bot.told("boss", Some(Timestamp::MAX)).await, []);
    assert_eq!(bot.send_held(held.id).await, Unheld::Returned, "too late");
    assert_eq!(bot.on_desk("t1").await.lines.len(), 1);
    // Sent again, it is held again.
    assert_eq!(bot.kim_says(ASKS).await, Replied::Held);
    assert_eq!(bot.told("kim", None).await, []);
    let again = bot.standing().await.remove(0);
    let discarded = bot
        .handle
        .discard_held(key("t1"), again.id, account("kim"))
        .await;
    assert_eq!(discarded.expect("answered"), Unheld::Done);
    assert!(bot.standing().await.is_empty());
    bot.stop().await;
    let kept = std::fs::read(setup.database()).expect("readable");
    let asks = ASKS.as_bytes();
    assert!(
        !kept.windows(asks.len()).any(|part| part == asks),
        "nothing is left of what was thrown away"
    );
}

#[tokio::test]
async fn an_answer_is_still_held_after_a_restart_and_goes_back_if_its_time_went_by() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.kim_says(ASKS).await;
    bot.stop().await;
    let bot = setup.start().await;
    assert_eq!(bot.standing().await.len(), 1);
    bot.stop().await;
    setup.clock.advance(Length::hours(2));
    let bot = setup.start().await;
    given_back(&bot).await;
    let told = bot.told("kim", None).await;
    assert!(told.contains(&Notice::ReplyReturned), "{told:?}");
    bot.stop().await;
}

#[tokio::test]
async fn a_held_answer_is_nobody_elses() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.customer("t2", "m1", 0).await;
    bot.kim_says(ASKS).await;
    let held = bot.standing().await.remove(0).id;
    for (thread, name) in [("t1", "lee"), ("t2", "kim"), ("t3", "kim")] {
        let sent = bot.handle.send_held(key(thread), held, account(name)).await;
        assert_eq!(sent.expect("answered"), Unheld::Unknown);
        let thrown = bot
            .handle
            .discard_held(key(thread), held, account(name))
            .await;
        assert_eq!(thrown.expect("answered"), Unheld::Unknown);
    }
    assert_eq!(bot.standing().await.len(), 1);
    bot.stop().await;
}

#[tokio::test]
async fn ringing_instead_opens_a_callback_and_ends_the_held_answer() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.kim_says(ASKS).await;
    let held = bot.standing().await.remove(0).id;
    let choose = async |held| {
        let chosen = bot
            .handle
            .choose_call(key("t1"), account("kim"), held)
            .await;
        chosen.expect("answered")
    };
    assert_eq!(choose(Some(held)).await, CallChoice::Opened);
    let thread = bot.on_desk("t1").await;
    assert!(thread.held.is_empty());
    assert_eq!(thread.callbacks[0].rule, RuleName::Agent);
    assert_eq!(thread.callbacks[0].message, message_id("m1"));
    assert_eq!(bot.send_held(held).await, Unheld::Ended(HeldState::Swapped));
    assert_eq!(choose(None).await, CallChoice::Not(NoCall::AlreadyOpen));
    assert_eq!(setup.audited(), ["kim was_held", "kim chose_call 1"]);
    bot.stop().await;
}

#[tokio::test]
async fn who_asked_elsewhere_for_a_secret_is_told_first_and_alone_then_supervisors_are() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let shown = ShownName::parse("Kim").expect("a name");
    let link = TokenHash([0; 32]);
    let added = bot
        .handle
        .add_account(account("boss"), account("kim"), shown, Role::Agent, link);
    assert!(added.await.expect("answered"));
    bot.customer("t1", "m1", 0).await;
    let asks = |id: &str, author: &str| Message {
        author: Author::parse(author).ok(),
        from: Party::Agent,
        ..says("t1", id, 1, ASKS)
    };
    bot.decided(asks("a1", "Kim")).await;
    let (now, told) = (
        setup.clock.now(),
        Notice::AskedForIdentity {
            message: message_id("a1"),
        },
    );
    assert_eq!(bot.told("kim", None).await, std::slice::from_ref(&told));
    assert_eq!(bot.told("lee", None).await, []);
    assert_eq!(bot.told("boss", Some(now)).await, []);
    let later = after(now, Length::minutes(15));
    assert_eq!(bot.told("boss", Some(later)).await, [told]);
    assert_eq!(bot.told("lee", None).await, []);
    // Of somebody without an account, everybody hears at once.
    bot.decided(asks("a2", "Somebody else")).await;
    assert_eq!(bot.told("lee", None).await.len(), 1);
    bot.stop().await;
}
