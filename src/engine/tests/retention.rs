//! What was kept long enough goes by the clock, while the bot runs.

use super::*;
use crate::{
    rules::retention::Retention,
    store::{
        audit::AuditLog,
        rows::audit::{AuditHash, Chain, Found},
    },
};

/// Moves the clock on by minutes until something holds.
async fn until(setup: &Setup, mut holds: impl AsyncFnMut() -> bool) {
    let moves = async {
        while !holds().await {
            setup.clock.advance(Length::minutes(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, moves)
        .await
        .expect("in time");
}

#[tokio::test]
async fn the_audits_newest_hash_is_published_a_day_after_its_first_entry() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    for name in ["kim", "lee"] {
        let viewed = bot.handle.viewed(key("t1"), account(name)).await;
        viewed.expect("kept");
    }
    setup.clock.advance(Length::hours(24));
    let published = || {
        setup
            .recorder()
            .heard()
            .into_iter()
            .find_map(|heard| match heard.item.event {
                OutboxEvent::Audit(audit) => Some(audit),
                _ => None,
            })
    };
    until(&setup, async || published().is_some()).await;
    let audit = published().expect("heard");
    let shown = bot.handle.store().checkpoints(9).await.expect("read");
    bot.stop().await;
    assert_eq!(audit.entry, 2);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].hash.to_string(), audit.hash);
    let log = AuditLog::open(&setup.database()).expect("opened");
    let whole = log.verify(AuditHash::parse(&audit.hash)).expect("read");
    assert!(
        matches!(
            whole,
            Chain::Whole {
                found: Some(Found::Entry(2)),
                ..
            }
        ),
        "{whole:?}"
    );
}

#[tokio::test]
async fn a_thread_goes_after_its_time_over_a_restart_too_and_one_with_an_open_callback_stays() {
    let mut setup = Setup::new();
    setup.rules.retention = Retention {
        threads: Some(Length::hours(5 * 24)),
        ..Retention::default()
    };
    let bot = setup.start().await;
    bot.customer("quiet", "m1", 0).await;
    bot.three_questions("open").await;
    // All its reminders come, which are something that happens on it.
    let heard = setup.recorder().hears_later(7).await;
    assert!(heard.len() >= 7);
    bot.stop().await;
    setup.clock.advance(Length::hours(6 * 24));
    let bot = setup.start().await;
    let is_gone = async || {
        let thread = bot.handle.store().desk_thread(key("quiet"), None, 1).await;
        thread.expect("read").is_none()
    };
    until(&setup, is_gone).await;
    let open = bot.handle.store().desk_thread(key("open"), None, 1).await;
    assert!(open.expect("read").is_some());
    bot.stop().await;
}
