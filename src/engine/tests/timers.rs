//! What comes due comes due, over a restart too.

use super::*;
use crate::domain::decision::Notice;

/// What desks were told, in the order heard.
fn notices(heard: &[Heard]) -> Vec<Notice> {
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Notice(notice) => Some(notice.notice.clone()),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn the_desk_is_reminded_of_a_customer_who_waits_then_a_supervisor_is() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    setup.recorder().hears(1).await;
    let heard = setup.recorder().hears_later(3).await;
    bot.stop().await;
    assert_eq!(notices(&heard), [Notice::AnswerDue, Notice::AnswerOverdue]);
    let waited = heard[1].at.duration_since(heard[0].at);
    assert!(waited.as_mins() >= 30, "{waited:?}");
}

#[tokio::test]
async fn a_reminder_that_came_due_while_the_bot_was_down_is_given_at_the_start() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    setup.recorder().hears(1).await;
    bot.stop().await;
    setup.clock.advance(Length::minutes(31));
    let bot = setup.start().await;
    let heard = setup.recorder().hears(2).await;
    bot.stop().await;
    assert_eq!(notices(&heard), [Notice::AnswerDue]);
}

#[tokio::test]
async fn a_thread_that_cannot_be_read_does_not_keep_the_others_from_waking() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("broken", "m1", 0).await;
    bot.customer("good", "m1", 0).await;
    setup.recorder().hears(2).await;
    setup
        .meddle("UPDATE threads SET state = '{' WHERE thread = 'broken'")
        .expect("changed");
    let heard = setup.recorder().hears_later(4).await;
    bot.stop().await;
    assert_eq!(notices(&heard), [Notice::AnswerDue, Notice::AnswerOverdue]);
}
