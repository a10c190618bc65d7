//! Messages that change after they arrived: masked once a later one completes what they began, or
//! edited by their author.

use super::*;
use crate::{
    domain::{
        decision::{Action, Notice, RuleName},
        edit::Edit,
    },
    engine::{EditReceipt, WhyChanged},
};

const CARD: [&str; 2] = ["My card is 4111 1111", "1111 1111"];
const MASKED: [&str; 2] = ["My card is ⟦payment_card⟧", "⟦payment_card⟧"];

impl Bot {
    /// The texts of a thread as they are kept.
    async fn texts(&self, thread: &str) -> Vec<String> {
        let desk = self.on_desk(thread).await;
        let text = |line: &crate::store::rows::desk::DeskLine| line.message.text.reveal().clone();
        desk.lines.iter().map(text).collect()
    }

    async fn edits(&self, edit: Edit) -> EditReceipt {
        let receipts = self.handle.edit(vec![edit]).await.expect("taken");
        receipts[0]
    }
}

/// The customer's edit of a message, so many minutes after the start.
fn edit(message: &str, edit: &str, minute: u32, text: &str) -> Edit {
    let start: Timestamp = START.parse().expect("a time");
    Edit {
        thread: key("t1"),
        message: message_id(message),
        edit: message_id(edit),
        text: Private::new(text.to_owned()),
        at: after(start, Length::minutes(minute)),
    }
}

/// What was told of a message, in the order heard: its decision's text or the changed one.
fn told_texts(heard: &[Heard], id: &str) -> Vec<String> {
    let text = |heard: &Heard| match &heard.item.event {
        OutboxEvent::Decision(event) if event.record.id.as_str() == id => event.text.clone(),
        OutboxEvent::Changed(event) if event.id.as_str() == id => event.text.clone(),
        _ => None,
    };
    let texts = heard.iter().filter_map(text);
    texts.map(Private::into_revealed).collect()
}

#[tokio::test]
async fn a_card_that_is_split_is_masked_in_both_messages_and_nowhere_kept() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD[0])).await;
    let second = bot.decided(says("t1", "m2", 1, CARD[1])).await;
    assert!(second.actions.contains(&Action::Mask));
    assert!(second.actions.contains(&Action::FlagIdentity));
    assert_eq!(bot.texts("t1").await, MASKED);
    bot.stop().await;
    // What is kept for good can lose words for that, and only for that.
    let refused = setup.meddle("UPDATE decisions SET evidence = '[]'");
    let error = refused.expect_err("refused").to_string();
    assert!(error.contains("append-only"), "{error}");
}

#[tokio::test]
async fn the_first_half_is_masked_in_the_words_that_decided() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let mut asks = message("t1", "m0", Party::Agent, 0);
    asks.text = Private::new("What is the number on the letter?".to_owned());
    bot.decided(asks).await;
    bot.decided(says("t1", "m1", 1, "the 4111 1111 1111")).await;
    let decided_by = async || {
        let desk = bot.on_desk("t1").await;
        let evidence = desk.lines[1].evidence.iter();
        let words: Vec<String> = evidence.map(|it| it.words.reveal().clone()).collect();
        words.join("|")
    };
    let before = decided_by().await;
    assert!(before.contains("1111"), "{before}");
    bot.decided(says("t1", "m2", 2, "1111")).await;
    let after = decided_by().await;
    assert!(after.contains("⟦payment_card⟧"), "{after}");
    assert!(!after.contains("1111"), "{after}");
    bot.stop().await;
}

#[tokio::test]
async fn agents_and_late_messages_are_masked_alike() {
    let setup = Setup::new();
    let bot = setup.start().await;
    for (id, text, minute) in [("m1", "Your new PIN is", 0), ("m2", "4711", 1)] {
        let mut ours = message("t1", id, Party::Agent, minute);
        ours.text = Private::new(text.to_owned());
        bot.decided(ours).await;
    }
    assert_eq!(bot.texts("t1").await, ["Your new PIN is", "⟦pin⟧"]);
    bot.decided(says("t2", "m1", 0, "4111 1111")).await;
    bot.decided(says("t2", "m3", 6, "1111")).await;
    let late = bot.decided(says("t2", "m2", 3, "1111")).await;
    assert_eq!(late.rule, RuleName::Late);
    assert!(late.actions.contains(&Action::Mask));
    assert_eq!(bot.texts("t2").await, ["⟦payment_card⟧"; 3]);
    bot.stop().await;
}

#[tokio::test]
async fn a_repetition_of_the_second_half_changes_nothing_more() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD[0])).await;
    let first = bot.decided(says("t1", "m2", 1, CARD[1])).await;
    let again = bot.handle.submit(vec![says("t1", "m2", 1, CARD[1])]).await;
    assert_eq!(again.expect("taken"), [Receipt::Repeated(first)]);
    assert_eq!(bot.texts("t1").await, MASKED);
    bot.stop().await;
}

#[tokio::test]
async fn what_is_not_sent_yet_is_sent_masked_and_a_copy_that_was_sent_is_told_of() {
    let mut setup = Setup::new();
    let mut curious = Recorder::loose("curious", &setup.clock);
    curious.wants_text = true;
    setup.recorders = vec![Arc::new(curious)];
    let hook = setup.recorder();
    hook.answer(Answer::Fail(SendError::Retry { after: None }));
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD[0])).await;
    hook.hears(1).await;
    bot.decided(says("t1", "m2", 1, CARD[1])).await;
    let heard = hook.hears_later(4).await;
    assert_eq!(told_texts(&heard, "m1"), [CARD[0], MASKED[0], MASKED[0]]);
    assert_eq!(told_texts(&heard, "m2"), [MASKED[1]]);
    let why = heard.iter().find_map(|heard| match &heard.item.event {
        OutboxEvent::Changed(event) => Some(event.why),
        _ => None,
    });
    assert_eq!(why, Some(WhyChanged::Masked));
    bot.stop().await;
}

#[tokio::test]
async fn half_a_card_in_public_has_the_desk_hide_the_post() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let mut first = says("t1", "m1", 0, CARD[0]);
    first.visibility = Visibility::Public;
    bot.decided(first).await;
    assert_eq!(bot.on_desk("t1").await.notices.len(), 0);
    bot.decided(says("t1", "m2", 1, CARD[1])).await;
    let desk = bot.on_desk("t1").await;
    let notices: Vec<_> = desk.notices.iter().map(|notice| &notice.notice).collect();
    assert!(notices.contains(&&Notice::HidePost), "{notices:?}");
    bot.stop().await;
}

#[tokio::test]
async fn an_edit_replaces_the_text_masked_and_decides_nothing() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "My bill is wrong")).await;
    let before = bot.on_desk("t1").await;
    let text = "My bill is wrong, card 4111 1111 1111 1111";
    let receipt = bot.edits(edit("m1", "e1", 5, text)).await;
    assert_eq!(receipt, EditReceipt::Edited);
    let desk = bot.on_desk("t1").await;
    let line = &desk.lines[0];
    assert_eq!(
        line.message.text.reveal(),
        "My bill is wrong, card ⟦payment_card⟧"
    );
    assert_eq!(line.message.edited_at, Some(edit("m1", "e1", 5, "").at));
    assert_eq!(line.decision, before.lines[0].decision);
    assert_eq!(desk.thread, before.thread);
    assert!(desk.notices.is_empty(), "nobody else can see it");
    bot.stop().await;
}

#[tokio::test]
async fn an_edit_counts_once_and_an_older_one_never_wins() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "first")).await;
    for (change, receipt) in [
        (edit("m1", "e2", 6, "newer"), EditReceipt::Edited),
        (edit("m1", "e1", 5, "older"), EditReceipt::Repeated),
        (edit("m1", "e2", 6, "other words"), EditReceipt::Repeated),
        (edit("m9", "e3", 7, "of nothing"), EditReceipt::Unknown),
    ] {
        assert_eq!(bot.edits(change).await, receipt);
    }
    assert_eq!(bot.texts("t1").await, ["newer"]);
    bot.stop().await;
}

#[tokio::test]
async fn an_edit_in_public_that_adds_a_secret_has_the_desk_hide_the_post() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let mut post = says("t1", "m1", 0, "My bill is wrong");
    post.visibility = Visibility::Public;
    bot.decided(post).await;
    bot.edits(edit("m1", "e1", 5, "My PIN is 4711")).await;
    let desk = bot.on_desk("t1").await;
    assert_eq!(desk.notices.len(), 1);
    assert_eq!(desk.notices[0].notice, Notice::HidePost);
    bot.stop().await;
}

#[tokio::test]
async fn an_edit_completes_what_stands_beside_its_message() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD[0])).await;
    bot.decided(says("t1", "m2", 1, "sorry")).await;
    bot.edits(edit("m2", "e1", 2, CARD[1])).await;
    assert_eq!(bot.texts("t1").await, MASKED);
    // And what comes next goes on with what the edit ends with.
    bot.decided(says("t2", "m1", 0, "hello")).await;
    let ends = Edit {
        thread: key("t2"),
        ..edit("m1", "e1", 1, "my PIN is")
    };
    bot.edits(ends).await;
    bot.decided(says("t2", "m2", 2, "4711")).await;
    assert_eq!(bot.texts("t2").await, ["my PIN is", "⟦pin⟧"]);
    bot.stop().await;
}
