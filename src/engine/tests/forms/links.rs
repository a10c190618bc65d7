//! One-time links: what one opens, for whom, until when, and never twice.

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;

use super::*;

#[tokio::test]
async fn a_link_opens_its_form_once_and_looking_at_it_uses_nothing_up() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.ask("t1", identity()).await;
    let until = bot.link("t1", id, LINK).await.expect("a link");
    assert_eq!(until, after(setup.clock.now(), Length::minutes(30)));
    for _ in 0..3 {
        let shown = bot.shown(&setup, LINK).await.expect("shown");
        assert_eq!((shown.id, shown.until), (id, until));
        assert_eq!((shown.state, shown.purpose), (FormState::Sent, identity()));
    }
    setup.clock.advance(Length::minutes(29));
    let opened = bot.open(LINK, SESSION).await.expect("opened");
    assert_eq!((opened.id, opened.state), (id, FormState::Opened));
    assert_eq!(opened.until, after(setup.clock.now(), Length::minutes(30)));
    assert_eq!(
        bot.in_browser(&setup, SESSION).await,
        Some(FormState::Opened)
    );

    assert_eq!(bot.open(LINK, OTHER_SESSION).await, None, "used");
    assert_eq!(bot.shown(&setup, LINK).await, None, "used");
    assert_eq!(bot.open(OTHER_LINK, OTHER_SESSION).await, None, "wrong");
    assert_eq!(bot.in_browser(&setup, OTHER_SESSION).await, None);
    assert_eq!(bot.form(id).await.state, FormState::Opened);
    assert_eq!(setup.audited(), ["kim asked_form"]);
}

#[tokio::test]
async fn a_new_link_takes_the_place_of_the_old_one_and_its_browser_that_of_the_old_browser() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.ask("t1", identity()).await;
    bot.link("t1", id, LINK).await.expect("a link");
    bot.link("t1", id, OTHER_LINK).await.expect("a link");
    assert_eq!(bot.shown(&setup, LINK).await, None);
    assert_eq!(bot.open(LINK, SESSION).await, None, "replaced");
    assert!(bot.open(OTHER_LINK, SESSION).await.is_some());

    bot.link("t1", id, LINK)
        .await
        .expect("lost, and asked for again");
    assert_eq!(
        bot.in_browser(&setup, SESSION).await,
        Some(FormState::Opened),
        "a link that nobody has opened takes nothing away"
    );
    assert!(bot.open(LINK, OTHER_SESSION).await.is_some());
    assert_eq!(bot.in_browser(&setup, SESSION).await, None);
    let sealed = || Sealed(vec![7]);
    let submitted = |session| bot.handle.submit_identity(session, sealed());
    assert!(!submitted(SESSION).await.expect("answered"));
    assert!(submitted(OTHER_SESSION).await.expect("answered"));
}

#[tokio::test]
async fn a_link_and_what_it_opened_end_at_their_time() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.ask("t1", identity()).await;
    bot.link("t1", id, LINK).await.expect("a link");
    setup.clock.advance(Length::minutes(30));
    assert_eq!(bot.shown(&setup, LINK).await, None);
    assert_eq!(bot.open(LINK, SESSION).await, None, "expired");

    bot.link("t1", id, OTHER_LINK).await.expect("another link");
    bot.open(OTHER_LINK, SESSION).await.expect("opened");
    setup.clock.advance(Length::minutes(30));
    assert_eq!(bot.in_browser(&setup, SESSION).await, None);
    let late = bot.handle.submit_identity(SESSION, Sealed(vec![7]));
    assert!(!late.await.expect("answered"));
    assert_eq!(bot.form(id).await.state, FormState::Opened);
}

#[tokio::test]
async fn a_link_opens_nothing_for_another_customer_or_once_the_form_is_taken_back() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", identity()).await;
    bot.link("t1", id, OTHER_LINK).await.expect("a link");
    setup
        .meddle(
            "INSERT INTO customers (channel, author) VALUES ('webchat', '@other');
             UPDATE threads SET customer_id = last_insert_rowid();",
        )
        .expect("meddled");
    assert_eq!(bot.shown(&setup, OTHER_LINK).await, None);
    assert_eq!(bot.open(OTHER_LINK, OTHER_SESSION).await, None);
    assert_eq!(bot.in_browser(&setup, SESSION).await, None);
    assert_eq!(bot.link("t1", id, LINK).await, None);
    let submitted = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(!submitted.expect("answered"));

    let (third, fourth) = (LinkHash([5; 32]), LinkHash([6; 32]));
    let other = bot.ask("t1", Purpose::Details).await;
    bot.link("t1", other, third).await.expect("a link");
    bot.open(third, SESSION).await.expect("opened");
    bot.link("t1", other, fourth).await.expect("a link");
    let withdrawn = || bot.handle.withdraw_form(other, account("kim"));
    assert!(withdrawn().await.expect("answered"));
    assert!(!withdrawn().await.expect("answered"), "once");
    assert_eq!(bot.form(other).await.state, FormState::Withdrawn);
    assert_eq!(bot.open(fourth, OTHER_SESSION).await, None);
    assert_eq!(bot.in_browser(&setup, SESSION).await, None);
    assert_eq!(
        setup.audited(),
        ["kim asked_form", "kim asked_form", "kim withdrew_form"]
    );
}

#[tokio::test]
async fn a_link_is_made_for_the_thread_that_was_asked_and_an_agents_is_kept_in_the_audit() {
    let (setup, bot) = asked_by_a_customer().await;
    bot.customer("t2", "m1", 0).await;
    let id = bot.ask("t1", identity()).await;
    assert_eq!(bot.link("t2", id, LINK).await, None);
    assert_eq!(bot.link("t1", FormRequestId(99), LINK).await, None);
    let by = Some(account("lee"));
    let made = bot.handle.make_form_link(key("t1"), id, LINK, by).await;
    assert!(made.expect("answered").is_some());
    assert_eq!(setup.audited(), ["kim asked_form", "lee made_form_link"]);
}

#[tokio::test]
async fn links_and_forms_in_browsers_outlive_a_restart() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.ask("t1", identity()).await;
    bot.link("t1", id, LINK).await.expect("a link");
    bot.stop().await;
    let bot = setup.start().await;
    bot.open(LINK, SESSION).await.expect("opened");
    bot.stop().await;
    let bot = setup.start().await;
    let submitted = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(submitted.expect("answered"));
    assert_eq!(bot.form(id).await.state, FormState::Submitted);
}

/// What can happen to two forms of one customer and three links.
#[derive(Debug, Clone, Copy)]
enum Step {
    Ask(bool),
    Link(usize),
    Open(usize),
    Submit,
    Withdraw,
    Wait(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<bool>().prop_map(Step::Ask),
        (0..3_usize).prop_map(Step::Link),
        (0..3_usize).prop_map(Step::Open),
        (0..3_usize).prop_map(Step::Open),
        Just(Step::Submit),
        Just(Step::Withdraw),
        (1..40_u32).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..40)
}

/// Plays the steps; no link may open anything twice, and one that opens is the newest of its form.
async fn play(setup: &Setup, bot: &Bot, played: u32, steps: &[Step]) {
    let thread = &format!("p{played}");
    bot.customer(thread, "m1", 0).await;
    let hash = |link: u32| {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&played.to_be_bytes());
        hash[4..8].copy_from_slice(&link.to_be_bytes());
        LinkHash(hash)
    };
    let mut next = 0;
    // Each place holds the newest link made for it: its number, its form and its end.
    let mut links: [Option<(u32, FormRequestId, Timestamp)>; 3] = [None; 3];
    let mut newest: Option<(u32, FormRequestId)> = None;
    let mut used = Vec::new();
    let mut form = bot.ask(thread, identity()).await;
    for step in steps {
        match *step {
            Step::Ask(is_identity) => {
                let purpose = if is_identity {
                    identity()
                } else {
                    Purpose::Details
                };
                form = bot.ask(thread, purpose).await;
            }
            Step::Link(place) => {
                next += 1;
                if let Some(until) = bot.link(thread, form, hash(next)).await {
                    links[place] = Some((next, form, until));
                    newest = Some((next, form));
                }
            }
            Step::Open(place) => {
                let Some((link, of, until)) = links[place] else {
                    continue;
                };
                let opened = bot.open(hash(link), SESSION).await;
                if let Some(opened) = opened {
                    assert_eq!(opened.id, of);
                    assert!(!used.contains(&link), "opened twice");
                    // By the time of the transaction that opened it.
                    let in_time = after(until, Length::minutes(30));
                    assert!(opened.until < in_time, "opened too late");
                    let replaced =
                        newest.is_some_and(|(newest, form)| form == of && newest != link);
                    assert!(!replaced, "opened although replaced");
                    used.push(link);
                }
            }
            Step::Submit => {
                let sealed = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
                sealed.expect("answered");
            }
            Step::Withdraw => {
                let withdrawn = bot.handle.withdraw_form(form, account("kim")).await;
                withdrawn.expect("answered");
            }
            Step::Wait(minutes) => setup.clock.advance(Length::minutes(minutes)),
        }
    }
}

#[test]
fn no_sequence_of_events_opens_a_link_twice() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (setup, bot) = runtime.block_on(asked_by_a_customer());
    let played = AtomicU32::new(0);
    let config = ProptestConfig {
        cases: 64,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| {
        let nth = played.fetch_add(1, Ordering::Relaxed);
        runtime.block_on(play(&setup, &bot, nth, &steps));
    });
    runtime.block_on(bot.stop());
}
