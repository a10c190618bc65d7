//! The do-not-call list: whom it names is not rung, at once and when they come back.

use super::{
    callbacks::the_callback,
    numbers::{number, told_until},
    *,
};
use crate::{
    domain::{
        callback::CallbackEnd,
        decision::{CardChange, Notice},
        ids::Author,
    },
    engine::CallbackChange,
    store::{
        do_not_call::DoNotCall,
        rows::{
            CallbackState,
            do_not_call::{Listed, Reason},
            numbers::Ground,
        },
    },
};

const ASKS: &str = "Please call me on +442079460142";

impl Setup {
    /// What the command line does beside the running bot.
    fn list(&self, listed: Listed) {
        let mut list = DoNotCall::open(&self.database()).expect("open");
        let entries = [(listed, Reason::default())];
        assert_eq!(list.add(&entries, self.clock.now()), Ok(1));
        assert_eq!(list.add(&entries, self.clock.now()), Ok(0), "once");
    }

    fn take_off(&self, listed: &Listed) {
        let mut list = DoNotCall::open(&self.database()).expect("open");
        assert_eq!(list.remove(listed), Ok(true));
        assert_eq!(list.remove(listed), Ok(false));
    }
}

impl Bot {
    /// Moves the clock on until a sweep has come by.
    async fn until_forbidden(&self, setup: &Setup, thread: &str, forbidden: bool) {
        setup.clock.advance(Length::minutes(1));
        let swept = async {
            while self.on_desk(thread).await.do_not_call != forbidden {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, swept)
            .await
            .expect("swept in time");
    }

    async fn told_of_list(&self, thread: &str) -> Vec<Notice> {
        let notices = self.on_desk(thread).await.notices;
        notices.into_iter().map(|notice| notice.notice).collect()
    }
}

fn london() -> Listed {
    Listed::Number(number("+442079460142"))
}

#[tokio::test]
async fn a_supervisor_forbids_a_call_and_it_is_not_made() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    let sam = || account("sam");
    assert!(bot.handle.forbid_calls(key("t1"), sam()).await.unwrap());
    assert_eq!(the_callback(&bot).await.state, CallbackState::Withdrawn);
    assert_eq!(bot.told_of_list("t1").await, [Notice::DoNotCall]);
    let ground = bot.contact("t1").await.ground;
    assert!(matches!(ground, Ground::Forbidden { ref reason, .. } if reason == "asked"));
    let again = bot.decided(says("t1", "m2", 5, "Please call me!")).await;
    assert_eq!(again.rule.to_string(), "wants_call");
    assert_eq!(again.actions, []);

    assert!(bot.handle.allow_calls(key("t1"), sam()).await.unwrap());
    assert!(!bot.on_desk("t1").await.do_not_call);
    let again = bot.decided(says("t1", "m3", 6, "Please call me!")).await;
    assert_eq!(again.actions, [crate::domain::decision::Action::Callback]);
    bot.stop().await;
    assert_eq!(setup.audited(), ["sam forbade_calls", "sam allowed_calls"]);
    let list = DoNotCall::open(&setup.database()).expect("open");
    assert_eq!(list.entries(), Ok(Vec::new()));
}

#[tokio::test]
async fn whoever_has_the_call_is_told_on_its_card() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    let due = the_callback(&bot).await.id;
    bot.handle.claim(due, account("kim")).await.unwrap();
    bot.handle
        .forbid_calls(key("t1"), account("sam"))
        .await
        .unwrap();
    assert_eq!(the_callback(&bot).await.state, CallbackState::Claimed);
    bot.handle
        .release(due, account("kim"), false)
        .await
        .unwrap();
    assert_eq!(the_callback(&bot).await.state, CallbackState::Withdrawn);
    let ended = CallbackChange::Ended(CallbackEnd::Withdrawn);
    let told = told_until(&setup, |told| told.last() == Some(&ended)).await;
    assert!(told.contains(&CallbackChange::Changed(CardChange::DoNotCall)));
}

#[tokio::test]
async fn what_the_command_line_lists_is_in_force_within_a_minute() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    setup.list(london());
    bot.until_forbidden(&setup, "t1", true).await;
    assert_eq!(the_callback(&bot).await.state, CallbackState::Withdrawn);
    setup.take_off(&london());
    bot.until_forbidden(&setup, "t1", false).await;
}

#[tokio::test]
async fn who_gives_a_listed_number_or_has_a_listed_name_is_not_rung() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t0", "m1", 0).await;
    let author = Author::parse("@kim").expect("a handle");
    setup.list(london());
    setup.list(Listed::Customer(key("t1").channel, author.clone()));
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    assert_eq!(bot.told_of_list("t1").await, [Notice::DoNotCall]);
    let mut named = says("t2", "m1", 0, "Please call me");
    named.author = Some(author);
    bot.decided(named).await;
    assert_eq!(bot.told_of_list("t2").await, [Notice::DoNotCall]);
    bot.decided(says("t3", "m1", 0, "Please call me on +442079460143"))
        .await;
    assert_eq!(bot.told_of_list("t3").await, []);
}

#[tokio::test]
async fn a_due_call_ends_when_the_number_that_comes_is_a_listed_one() {
    let setup = Setup::new();
    let bot = setup.start().await;
    setup.list(london());
    bot.three_questions("t1").await;
    bot.decided(says("t1", "m4", 50, "My number is +442079460142"))
        .await;
    assert_eq!(the_callback(&bot).await.state, CallbackState::Withdrawn);
    let told = bot.told_of_list("t1").await;
    assert_eq!(told.last(), Some(&Notice::DoNotCall));
}

#[tokio::test]
async fn who_has_neither_name_nor_number_is_listed_by_their_thread() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    bot.handle
        .forbid_calls(key("t1"), account("sam"))
        .await
        .unwrap();
    assert!(bot.on_desk("t1").await.do_not_call);
    bot.stop().await;
    let list = DoNotCall::open(&setup.database()).expect("open");
    let entries = list.entries().expect("readable");
    let listed: Vec<Listed> = entries.into_iter().map(|row| row.listed).collect();
    assert_eq!(listed, [Listed::Thread(key("t1"))]);
}

#[tokio::test]
async fn who_is_taken_off_the_list_takes_nobody_off_whose_number_was_mistaken_for_theirs() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    let given = bot.contact("t1").await.number.expect("known").at;
    let wrong = bot
        .handle
        .number_was_wrong(key("t1"), account("sam"), given);
    assert!(wrong.await.unwrap());
    setup.list(london());
    let allowed = bot.handle.allow_calls(key("t1"), account("sam"));
    assert!(allowed.await.unwrap());
    bot.stop().await;
    let list = DoNotCall::open(&setup.database()).expect("open");
    assert!(list.find(&london()).expect("readable").is_some());
}

#[tokio::test]
async fn a_damaged_thread_keeps_the_list_from_nobody_else() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("broken", "m1", 0, ASKS)).await;
    bot.decided(says("t1", "m1", 0, ASKS)).await;
    setup
        .meddle("UPDATE threads SET state = '{' WHERE thread = 'broken'")
        .expect("changed");
    let forbidden = bot.handle.forbid_calls(key("t1"), account("sam"));
    assert!(forbidden.await.expect("answered"));
    assert!(bot.on_desk("t1").await.do_not_call);
    bot.stop().await;
}
