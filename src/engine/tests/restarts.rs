//! A restart in every state of a callback, and a database of before: no wake-up is lost and nothing is
//! told twice.

use super::{callbacks::the_callback, *};
use crate::{
    domain::callback::{CallResult, KeepTyping},
    engine::CallNotes,
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackState, Page},
        sqlite,
    },
};

/// What was told so far of callbacks, in words.
fn told(setup: &Setup) -> Vec<String> {
    let heard = setup.recorder().heard();
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Callback(event) => Some(format!("{} {:?}", event.id, event.change)),
            OutboxEvent::Notice(event) => Some(format!("{:?}", event.notice)),
            _ => None,
        })
        .collect()
}

/// Waits until this was told last, or not long ago.
async fn hears(setup: &Setup, what: &str, times: usize) {
    let waits = async {
        let count = || {
            told(setup)
                .iter()
                .filter(|told| told.contains(what))
                .count()
        };
        while count() < times {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, waits).await;
    assert!(in_time.is_ok(), "{what} is not among {:#?}", told(setup));
}

/// A bot that is stopped and started anew after each step, or is not.
struct Life {
    setup: Setup,
    bot: Option<Bot>,
    restarts: bool,
}

impl Life {
    async fn start(restarts: bool) -> Self {
        let setup = Setup::new();
        let bot = Some(setup.start().await);
        Self {
            setup,
            bot,
            restarts,
        }
    }

    fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("it runs")
    }

    /// The step before is told of; then the restart.
    async fn then(&mut self, what: &str, times: usize) {
        hears(&self.setup, what, times).await;
        if self.restarts
            && let Some(bot) = self.bot.take()
        {
            bot.stop().await;
            self.bot = Some(self.setup.start().await);
        }
    }

    async fn pass(&mut self, minutes: u32, what: &str, times: usize) {
        self.setup.clock.advance(Length::minutes(minutes));
        self.then(what, times).await;
    }

    async fn claim(&mut self, id: CallbackId, times: usize) {
        let claim = self.bot().handle.claim(id, account("kim"));
        claim.await.expect("answered");
        self.then("Claimed", times).await;
    }

    async fn done(&mut self, id: CallbackId, result: CallResult, what: &str, times: usize) {
        let handle = &self.bot().handle;
        let done = handle.done(id, account("kim"), result, CallNotes::default());
        done.await.expect("answered");
        self.then(what, times).await;
    }
}

/// A callback in every state, one after the other; what was told of it in the end.
async fn lived(restarts: bool) -> Vec<String> {
    let mut life = Life::start(restarts).await;
    life.bot().three_questions("t1").await;
    let id = the_callback(life.bot()).await.id;
    life.then("Opened", 1).await;
    life.pass(10, "CallUnclaimed", 1).await;
    life.pass(10, "CallOverdue", 1).await;
    life.claim(id, 1).await;
    life.pass(30, "ClaimSilent", 1).await;
    life.pass(10, "ClaimReleased", 1).await;
    life.claim(id, 2).await;
    life.done(id, CallResult::NoAnswer, "Changed(NoAnswer)", 1)
        .await;
    life.pass(15, "DueAgain", 1).await;
    let at = after(life.setup.clock.now(), Length::minutes(60));
    let promised = life.bot().handle.schedule(id, account("kim"), at);
    promised.await.expect("answered");
    life.then("Scheduled", 1).await;
    life.pass(60, "DueAgain", 2).await;
    life.claim(id, 3).await;
    let at = after(life.setup.clock.now(), Length::minutes(60));
    life.done(id, CallResult::FollowUp { at }, "Opened", 2)
        .await;
    life.pass(60, "DueAgain", 3).await;
    let next = CallbackId(id.0 + 1);
    life.claim(next, 4).await;
    life.done(next, CallResult::Solved, "Solved", 1).await;
    // What would be told twice is told by now.
    life.bot().customer("t2", "m1", 400).await;
    life.setup.clock.advance(Length::minutes(30));
    life.then("AnswerDue", 1).await;
    let told = told(&life.setup);
    life.bot.take().expect("it runs").stop().await;
    told
}

#[tokio::test]
async fn a_restart_in_any_state_loses_no_wake_up_and_repeats_nothing() {
    let (without, with) = (lived(false).await, lived(true).await);
    assert_eq!(with, without);
    assert!(without.len() > 15, "{without:#?}");
}

#[tokio::test]
async fn what_came_due_while_the_bot_was_down_is_told_once_at_its_start() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    hears(&setup, "Opened", 1).await;
    bot.stop().await;
    setup.clock.advance(Length::minutes(11));
    for _ in 0..2 {
        let bot = setup.start().await;
        hears(&setup, "CallUnclaimed", 1).await;
        bot.stop().await;
    }
    let reminders = told(&setup);
    let reminders = reminders
        .iter()
        .filter(|told| told.contains("CallUnclaimed"));
    assert_eq!(reminders.count(), 1);
}

/// A database as version 10 left it, with a callback in each state that there was; 1 January 1970 is
/// the time of all that is past.
fn of_version_10(setup: &Setup) {
    let state = serde_json::to_string(&crate::domain::thread::ThreadState::default());
    let state = state.expect("JSON");
    let soon = after(setup.clock.now(), Length::minutes(60)).as_microsecond();
    let callbacks = [
        "'due', 0, NULL, NULL, NULL, NULL".to_owned(),
        "'due', 1, 7, NULL, NULL, NULL".to_owned(),
        "'claimed', 0, NULL, 'kim', 8, NULL".to_owned(),
        "'scheduled', 0, NULL, 'kim', NULL, 9".to_owned(),
        format!("'scheduled', 0, NULL, 'kim', NULL, {soon}"),
        "'done', 0, NULL, 'kim', 8, NULL".to_owned(),
    ];
    let rows = callbacks.iter().enumerate().map(|(n, callback)| {
        let n = n + 1;
        format!(
            "INSERT INTO customers (id, channel) VALUES ({n}, 'webchat');
             INSERT INTO threads (id, channel, thread, customer_id, state, triage, case_number,
                 exchange, held, created_at, changed_at)
             VALUES ({n}, 'webchat', 't{n}', {n}, '{state}', 'needs_call', 1, 3, 0, 1, 1);
             INSERT INTO callbacks (id, thread_id, number, case_number, exchange, rule, message,
                 message_at, desk, urgent, asked, due_at, state, soft, soft_until, claimed_by,
                 claimed_at, scheduled_at)
             VALUES ({n}, {n}, 1, 1, 3, 'rule_of_three', 'm3', 1, 'main', 0, 0, 6, {callback});"
        )
    });
    let sql: String = rows.collect();
    sqlite::of_version(&setup.database(), 10, &sql).expect("made");
}

#[tokio::test]
async fn callbacks_of_a_database_of_before_go_on_at_once_and_none_is_lost() {
    let setup = Setup::new();
    of_version_10(&setup);
    let bot = setup.start().await;
    for (what, times) in [
        ("CallUnclaimed", 1),
        ("TurnedLoud", 1),
        ("ClaimSilent", 1),
        ("DueAgain", 1),
    ] {
        hears(&setup, what, times).await;
    }
    let callbacks = bot
        .handle
        .store()
        .callbacks(CallbackFilter::default(), Page::first(9));
    let rows = callbacks.await.expect("readable").items;
    let states: Vec<_> = rows.iter().rev().map(|row| row.state).collect();
    use CallbackState::{Claimed, Done, Due, Scheduled};
    assert_eq!(states, [Due, Due, Claimed, Due, Scheduled, Done]);
    // What is due is reminded of, and the customer of what turned loud is asked for a number.
    assert_eq!(told(&setup).len(), 4 + 2, "{:#?}", told(&setup));
    setup.clock.advance(Length::minutes(60));
    hears(&setup, "DueAgain", 2).await;
    let typed = bot
        .handle
        .keep_typing(CallbackId(1), account("kim"), KeepTyping::Answering);
    assert!(typed.await.is_ok(), "each can be worked as ever");
    bot.stop().await;
}
