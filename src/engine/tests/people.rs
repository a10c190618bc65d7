//! One customer on many channels: what a link binds, what it never does, and how it is undone.

use super::*;
use crate::{
    domain::{
        decision::Action,
        form::{AgreedWords, CallDetails, Purpose},
        ids::DeskName,
        number::PhoneNumber,
        reading::Language,
    },
    engine::{Asked, Known, Linked},
    store::rows::{
        CallbackFilter, Page,
        desk::Sight,
        forms::{FormSessionHash, LinkHash},
        people::People,
    },
};

/// Two channels of one brand, and one of another.
const RULES: &str = r#"
    [channels.webchat]
    desk = "main"
    [channels.chat]
    desk = "main"
    [channels.trade]
    desk = "trade"

    [desks.main]
    brand = "Acme"
    [desks.trade]
    brand = "Acme Trade"
"#;

fn setup() -> Setup {
    let mut setup = Setup::new();
    setup.rules = Rules::parse(RULES.as_bytes(), "rules.toml", None).expect("valid rules");
    setup
}

fn on(channel: &str, thread: &str) -> ThreadKey {
    ThreadKey {
        channel: ChannelName::parse(channel).expect("a channel"),
        thread: ThreadId::parse(thread).expect("a thread"),
    }
}

/// A customer of that thread writes.
async fn write(bot: &Bot, place: &ThreadKey, minute: u32, text: &str) -> DecisionRecord {
    let mut message = says("t", &format!("m{minute}"), minute, text);
    message.thread = place.clone();
    bot.decided(message).await
}

async fn link(bot: &Bot, one: &ThreadKey, other: &ThreadKey) -> Linked {
    let linked = bot
        .handle
        .link_customers(one.clone(), other.clone(), account("kim"));
    linked.await.expect("answered")
}

async fn unlink(bot: &Bot, one: &ThreadKey, other: &ThreadKey) {
    let parted = bot
        .handle
        .part_customers(one.clone(), other.clone(), account("kim"));
    assert!(parted.await.expect("answered"), "there are such threads");
}

async fn people(bot: &Bot, of: &ThreadKey, sight: Sight) -> (Vec<String>, Vec<String>) {
    let found = bot.handle.people(of.clone(), sight).await;
    let People { linked, suggested } = found.expect("readable").expect("there");
    let names = |threads: Vec<crate::store::rows::people::OtherThread>| {
        let name = |other: crate::store::rows::people::OtherThread| other.thread.thread.to_string();
        threads.into_iter().map(name).collect()
    };
    (names(linked), names(suggested))
}

async fn open_callbacks(bot: &Bot) -> usize {
    let all = bot
        .handle
        .store()
        .callbacks(CallbackFilter::default(), Page::first(50));
    let all = all.await.expect("readable").items;
    all.iter()
        .filter(|callback| callback.state.is_open())
        .count()
}

#[tokio::test]
async fn a_wish_never_to_be_phoned_binds_the_other_channel_once_linked_and_no_more_once_parted() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat) = (on("webchat", "w"), on("chat", "c"));
    write(&bot, &web, 0, "I'm deaf, text only please").await;
    write(&bot, &chat, 1, "Please call me").await;
    assert_eq!(
        open_callbacks(&bot).await,
        1,
        "nobody knows yet that they are one"
    );
    assert_eq!(link(&bot, &web, &chat).await, Linked::One);
    assert_eq!(open_callbacks(&bot).await, 0, "the wish binds both");
    let questions = [20, 40, 60];
    for minute in questions {
        let decided = write(&bot, &chat, minute, "Why is the lamp in my parcel blue?").await;
        assert!(!decided.actions.contains(&Action::Callback), "{decided:?}");
    }
    unlink(&bot, &chat, &web).await;
    let decided = write(&bot, &chat, 80, "Why is the lamp still blue?").await;
    assert!(
        decided.actions.contains(&Action::Callback),
        "as if they had never been linked"
    );
    let decided = write(&bot, &web, 81, "Why is the lamp in my parcel blue?").await;
    assert_eq!(
        decided.rule.as_str(),
        "held",
        "the one who said it is bound still"
    );
    let decided = write(&bot, &web, 121, "Hello? Why?").await;
    assert!(!decided.actions.contains(&Action::Callback));
    bot.stop().await;
}

#[tokio::test]
async fn who_asks_for_a_call_on_one_channel_takes_the_wish_back_on_all() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat) = (on("webchat", "w"), on("chat", "c"));
    write(&bot, &web, 0, "I'm deaf, text only please").await;
    write(&bot, &chat, 1, "Where is my parcel?").await;
    link(&bot, &web, &chat).await;
    let decided = write(&bot, &chat, 2, "Please call me").await;
    assert!(decided.actions.contains(&Action::Callback), "{decided:?}");
    unlink(&bot, &web, &chat).await;
    for minute in [20, 40, 60] {
        write(&bot, &web, minute, "Why is the lamp in my parcel blue?").await;
    }
    assert_eq!(open_callbacks(&bot).await, 2, "it was taken back for both");
    bot.stop().await;
}

#[tokio::test]
async fn who_must_not_be_rung_on_one_channel_is_not_rung_on_another() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat) = (on("webchat", "w"), on("chat", "c"));
    write(&bot, &web, 0, "Where is my parcel?").await;
    write(&bot, &chat, 1, "Please call me").await;
    link(&bot, &web, &chat).await;
    assert_eq!(open_callbacks(&bot).await, 1);
    let forbidden = bot.handle.forbid_calls(web.clone(), account("kim"));
    assert!(forbidden.await.expect("answered"));
    assert_eq!(
        open_callbacks(&bot).await,
        0,
        "the ban reaches the other channel"
    );
    unlink(&bot, &web, &chat).await;
    let decided = write(&bot, &chat, 30, "Please call me").await;
    assert!(
        decided.actions.contains(&Action::Callback),
        "who was not banned may be rung"
    );
    bot.stop().await;
}

#[tokio::test]
async fn an_answer_goes_to_the_thread_that_it_was_written_in_and_to_no_other() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat) = (on("webchat", "w"), on("chat", "c"));
    write(&bot, &web, 0, "Where is my parcel?").await;
    write(&bot, &chat, 1, "Where is my parcel?").await;
    link(&bot, &web, &chat).await;
    let mut answer = message("t", "a1", Party::Agent, 5);
    answer.thread = chat.clone();
    bot.decided(answer).await;
    let lines = |key: ThreadKey| async {
        let found = bot.handle.store().desk_thread(key, None, 100).await;
        found.expect("readable").expect("there").lines.len()
    };
    assert_eq!((lines(web).await, lines(chat).await), (1, 2));
    bot.stop().await;
}

#[tokio::test]
async fn customers_of_two_brands_are_never_one_nor_suggested_nor_stay_so_when_a_brand_changes() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat, trade) = (on("webchat", "w"), on("chat", "c"), on("trade", "b"));
    for (minute, place) in [&web, &chat, &trade].into_iter().enumerate() {
        let minute = u32::try_from(minute).expect("few");
        write(&bot, place, minute, "Where is my parcel?").await;
        knows(&bot, place, "+4930123456").await;
    }
    assert_eq!(link(&bot, &web, &trade).await, Linked::OtherBrand);
    let suggested = people(&bot, &web, Sight::default()).await.1;
    assert!(suggested.contains(&"c".to_owned()), "{suggested:?}");
    link(&bot, &web, &chat).await;
    assert_eq!(people(&bot, &web, Sight::default()).await.0, ["c"]);
    bot.stop().await;
    let mut setup = setup;
    setup
        .rules
        .channels
        .get_mut(&chat.channel)
        .expect("there")
        .desk = DeskName::parse("trade").expect("a desk");
    let bot = setup.start().await;
    assert_eq!(
        people(&bot, &web, Sight::default()).await.0,
        Vec::<String>::new()
    );
    bot.stop().await;
}

/// The channel knows the customer's number.
async fn knows(bot: &Bot, place: &ThreadKey, number: &str) {
    let known = Known {
        number: Some(PhoneNumber::parse(number).expect("a number")),
        ..Known::default()
    };
    let described = bot.handle.describe_customer(place.clone(), known).await;
    assert!(described.expect("answered"));
}

#[tokio::test]
async fn the_same_number_from_the_channels_is_suggested_never_applied_and_a_no_is_remembered() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat) = (on("webchat", "w"), on("chat", "c"));
    for (minute, place) in [(0, &web), (1, &chat)] {
        write(&bot, place, minute, "Where is my parcel?").await;
        knows(&bot, place, "+4930123456").await;
    }
    let everything = Sight::default;
    let nobody = Vec::<String>::new;
    assert_eq!(
        people(&bot, &web, everything()).await,
        (nobody(), vec!["c".to_owned()])
    );
    unlink(&bot, &web, &chat).await;
    assert_eq!(people(&bot, &web, everything()).await, (nobody(), nobody()));
    link(&bot, &web, &chat).await;
    assert_eq!(
        people(&bot, &web, everything()).await,
        (vec!["c".to_owned()], nobody())
    );
    assert_eq!(
        people(&bot, &chat, everything()).await,
        (vec!["w".to_owned()], nobody())
    );
    let audited = setup.audited();
    let of = |verb: &str| audited.iter().filter(|entry| entry.contains(verb)).count();
    assert_eq!(
        (of("unlinked"), of("linked") - of("unlinked")),
        (2, 2),
        "{audited:?}"
    );
    bot.stop().await;
}

#[tokio::test]
async fn who_works_one_desk_sees_no_thread_of_another_through_a_link() {
    let mut setup = setup();
    // One brand with two desks.
    let trade = DeskName::parse("trade").expect("a desk");
    setup.rules.desks.get_mut(&trade).expect("there").brand = "Acme".to_owned();
    let bot = setup.start().await;
    let (web, trade) = (on("webchat", "w"), on("trade", "b"));
    write(&bot, &web, 0, "Where is my parcel?").await;
    write(&bot, &trade, 1, "Where is my parcel?").await;
    link(&bot, &web, &trade).await;
    let sight = Sight {
        channels: Some(vec![web.channel.clone()]),
        ..Sight::default()
    };
    assert_eq!(people(&bot, &web, Sight::default()).await.0, ["b"]);
    assert_eq!(people(&bot, &web, sight).await.0, Vec::<String>::new());
    bot.stop().await;
}

#[tokio::test]
async fn of_three_who_are_one_a_no_takes_out_the_one_it_is_said_of() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat, third) = (on("webchat", "w"), on("chat", "c"), on("chat", "d"));
    for (minute, place) in [(0, &web), (1, &chat), (2, &third)] {
        write(&bot, place, minute, "Where is my parcel?").await;
    }
    link(&bot, &web, &chat).await;
    link(&bot, &chat, &third).await;
    assert_eq!(people(&bot, &web, Sight::default()).await.0, ["d", "c"]);
    unlink(&bot, &web, &third).await;
    assert_eq!(people(&bot, &web, Sight::default()).await.0, ["c"]);
    assert_eq!(
        people(&bot, &third, Sight::default()).await.0,
        Vec::<String>::new()
    );
    bot.stop().await;
}

/// The customer of a thread gives a number in a details form of their own.
async fn gives_in_form(bot: &Bot, place: &ThreadKey, browser: u8, number: &str) {
    let asked = bot
        .handle
        .ask_form(place.clone(), Purpose::Details, account("kim"));
    let asked = match asked.await.expect("answered") {
        Asked::LinkWanted(id) | Asked::Told(id) => id,
        other => panic!("a request was expected, not {other:?}"),
    };
    let (link, session) = (LinkHash([browser; 32]), FormSessionHash([browser; 32]));
    let made = bot
        .handle
        .make_form_link(place.clone(), asked, link, None)
        .await;
    made.expect("answered").expect("a link");
    let opened = bot.handle.open_form(link, session).await;
    opened.expect("answered").expect("opened");
    let details = CallDetails::Ring {
        number: Private::new(number.to_owned()),
        best_time: Private::new(String::new()),
        ring_at: None,
        zone: None,
        consent_version: "v1".to_owned(),
    };
    let agreed = AgreedWords {
        version: "v1".to_owned(),
        language: Language::ENGLISH,
        words: "Acme may ring me on this number.".to_owned(),
    };
    let submitted = bot.handle.submit_details(session, details, agreed).await;
    assert!(submitted.expect("answered"));
}

#[tokio::test]
async fn the_same_number_in_a_form_on_both_links_but_not_against_somebodys_word_or_across_brands() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat, trade) = (on("webchat", "w"), on("chat", "c"), on("trade", "b"));
    for (minute, place) in [(0, &web), (1, &chat), (2, &trade)] {
        write(&bot, place, minute, "Where is my parcel?").await;
    }
    gives_in_form(&bot, &web, 1, "+4930123456").await;
    let of_web = || people(&bot, &web, Sight::default());
    assert_eq!(of_web().await.0, Vec::<String>::new());
    gives_in_form(&bot, &trade, 2, "+4930123456").await;
    gives_in_form(&bot, &chat, 3, "+4930123456").await;
    assert_eq!(of_web().await.0, ["c"], "of the brand only");
    unlink(&bot, &web, &chat).await;
    gives_in_form(&bot, &chat, 4, "+4930123456").await;
    assert_eq!(of_web().await, (Vec::new(), Vec::new()), "a no stays a no");
    bot.stop().await;
}

#[tokio::test]
async fn who_was_linked_is_alone_once_the_other_is_erased() {
    let setup = setup();
    let bot = setup.start().await;
    let (web, chat, third) = (on("webchat", "w"), on("chat", "c"), on("chat", "d"));
    for (minute, place) in [(0, &web), (1, &chat), (2, &third)] {
        write(&bot, place, minute, "Where is my parcel?").await;
    }
    link(&bot, &web, &chat).await;
    link(&bot, &chat, &third).await;
    bot.stop().await;
    let mut rights = crate::store::rights::Rights::open(&setup.database()).expect("a database");
    let subject = crate::store::rows::rights::Subject::Thread(chat.clone());
    for thread in rights.threads(&subject).expect("readable").expect("there") {
        let mut gone = crate::store::rows::rights::Gone::new();
        let now = setup.clock.now();
        crate::engine::erasure::erase(&mut rights, &thread, &[], now, &mut gone).expect("erased");
    }
    drop(rights);
    let bot = setup.start().await;
    for place in [&web, &third] {
        let alone = people(&bot, place, Sight::default()).await.0;
        assert_eq!(
            alone,
            Vec::<String>::new(),
            "the link went with the middle one"
        );
    }
    bot.stop().await;
}
