//! Urgent while the desk is closed: whoever is on call sees it at once, and is reminded all night.

use super::*;
use crate::{
    domain::decision::Notice,
    store::rows::desk::{Eyes, Sight},
};

/// A closed desk, with ona on call if anybody is, and something urgent.
async fn urgent_at_night(on_call: Option<&str>) -> (Setup, Bot) {
    let mut setup = with_hours(nine_to_five());
    let desk = setup.rules.desks.get_mut(&main_desk());
    desk.expect("there").on_call = on_call.map(account);
    let bot = setup.start().await;
    people(&setup, &["ona", "lee"], Role::Agent);
    people(&setup, &["sue"], Role::Supervisor);
    // Half past ten in the evening.
    setup.clock.advance(Length::minutes(11 * 60 + 30));
    let gas = "There is a smell of gas in the hall";
    let mut message = super::super::says("t1", "m1", 0, gas);
    message.at = setup.clock.now();
    bot.decided(message).await;
    (setup, bot)
}

/// What an account is shown now.
async fn seen(setup: &Setup, bot: &Bot, name: &str) -> Vec<Notice> {
    let eyes = Eyes {
        account: account(name),
        others_until: (name == "sue").then(|| setup.clock.now()),
    };
    let sight = Sight {
        eyes: Some(eyes),
        ..Sight::default()
    };
    let rows = bot.handle.store().notices(sight, 100).await;
    let notices = rows.expect("readable").into_iter().map(|row| row.notice);
    notices
        .filter(|notice| matches!(notice, Notice::UrgentOnCall | Notice::CallUnclaimed))
        .collect()
}

#[tokio::test]
async fn who_is_on_call_sees_it_at_once_and_a_supervisor_if_they_do_not_take_it() {
    let (setup, bot) = urgent_at_night(Some("ona")).await;
    assert_eq!(seen(&setup, &bot, "ona").await, [Notice::UrgentOnCall]);
    assert_eq!(seen(&setup, &bot, "lee").await, []);
    assert_eq!(seen(&setup, &bot, "sue").await, []);
    until(&setup, async || {
        seen(&setup, &bot, "sue")
            .await
            .contains(&Notice::CallUnclaimed)
    })
    .await;
    assert!(
        seen(&setup, &bot, "sue")
            .await
            .contains(&Notice::UrgentOnCall)
    );
    let opens = "2026-01-06T08:00:00Z".parse().expect("a time");
    assert!(setup.clock.now() < opens, "reminded in the night");
    let id = callbacks(&bot).await[0].id;
    let claim = bot.handle.claim(id, account("ona")).await;
    claim.expect("answered");
    assert_eq!(seen(&setup, &bot, "ona").await, [], "it is being seen to");
    bot.stop().await;
}

#[tokio::test]
async fn where_nobody_is_on_call_everybody_who_looks_sees_it_at_once() {
    for on_call in [None, Some("somebody-who-left")] {
        let (setup, bot) = urgent_at_night(on_call).await;
        for name in ["lee", "sue"] {
            let shown = seen(&setup, &bot, name).await;
            assert_eq!(shown, [Notice::UrgentOnCall], "{name}");
        }
        bot.stop().await;
    }
}
