//! Forms in a chat that Ringback itself carries: a line of ours offers them.

use super::*;
use crate::{rules::Speak, settings::ChannelKind, store::rows::forms::OfferedForm};

/// A setup whose threads are chats that Ringback itself carries.
fn in_a_chat() -> Setup {
    let mut setup = Setup::new();
    let kind = ChannelKind::Webchat;
    setup.channels = BTreeMap::from([(key("t").channel, ChannelSettings { kind })]);
    setup.rules.forms = vec![form("identity")];
    setup
}

/// The customer's lines as the chat page has them: who wrote them, and the form that they offer.
async fn chat(bot: &Bot, thread: &str) -> Vec<(Party, Option<OfferedForm>)> {
    let lines = bot.handle.store().chat_lines(key(thread), 0, 100).await;
    let lines = lines.expect("readable").into_iter();
    lines.map(|line| (line.from, line.form)).collect()
}

#[tokio::test]
async fn in_a_chat_a_line_of_ours_offers_the_form_and_tells_when_it_came() {
    let setup = in_a_chat();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let asked = bot.handle.ask_form(key("t1"), identity(), account("kim"));
    let Asked::Told(id) = asked.await.expect("answered") else {
        panic!("Ringback carries the chat");
    };
    let kind = FormKind::Identity;
    let offered = |state| (Party::Bot, Some(OfferedForm { id, kind, state }));
    assert_eq!(
        chat(&bot, "t1").await,
        [(Party::Customer, None), offered(FormState::Sent)]
    );
    let texts = bot.handle.store().chat_lines(key("t1"), 0, 100).await;
    let offer = texts.expect("readable").pop().expect("the offer");
    assert!(!offer.text.reveal().is_empty());
    assert_eq!(offer.change, 0, "as it arrived");

    bot.link("t1", id, LINK).await.expect("a link");
    bot.open(LINK, SESSION).await.expect("opened");
    let submitted = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(submitted.expect("answered"));
    assert_eq!(
        chat(&bot, "t1").await,
        [
            (Party::Customer, None),
            offered(FormState::Submitted),
            (Party::Bot, None),
        ]
    );
    let changed = bot.handle.store();
    let changed = changed.changed_chat_lines(key("t1"), 0, offer.id, 10).await;
    let changed = changed.expect("readable");
    assert_eq!(changed.len(), 1, "open pages show it anew");
    assert_eq!(changed[0].id, offer.id);
}

#[tokio::test]
async fn a_form_that_another_takes_the_place_of_is_over_on_open_pages() {
    let setup = in_a_chat();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let (first, second) = (
        bot.ask("t1", identity()).await,
        bot.ask("t1", identity()).await,
    );
    let kind = FormKind::Identity;
    let offered = |id, state| (Party::Bot, Some(OfferedForm { id, kind, state }));
    assert_eq!(
        chat(&bot, "t1").await[1..],
        [
            offered(first, FormState::Withdrawn),
            offered(second, FormState::Sent),
        ]
    );
}

#[tokio::test]
async fn nothing_is_said_of_a_form_that_came_where_ringback_is_to_be_silent() {
    let mut setup = in_a_chat();
    setup.rules.defaults.speak = Speak::Never;
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.opened("t1", Purpose::Details).await;
    let submitted = bot.handle.submit_details(SESSION, ring(""), agreed()).await;
    assert!(submitted.expect("answered"));
    // An agent wanted the form to be offered; nobody wanted more to be said.
    let (kind, state) = (FormKind::Details, FormState::Submitted);
    assert_eq!(
        chat(&bot, "t1").await[1..],
        [(Party::Bot, Some(OfferedForm { id, kind, state }))]
    );
}
