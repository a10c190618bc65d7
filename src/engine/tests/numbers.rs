//! Which number is rung: where it is read, what shows it, and what makes it wrong.

use super::{
    callbacks::{changes, the_callback},
    forms::opened_details,
    *,
};
use crate::{
    domain::{
        callback::CallResult,
        decision::CardChange,
        hours::Zone,
        ids::{Author, CountryCode},
        number::{NumberSource, PhoneNumber},
        thread::Whereabouts,
    },
    engine::{CallNotes, CallbackChange, Known},
    store::rows::numbers::{Contact, Ground},
};

const LONDON: &str = "+442079460142";

impl Bot {
    pub(super) async fn contact(&self, thread: &str) -> Contact {
        self.on_desk(thread).await.contact
    }

    /// The number to ring, and where it comes from.
    async fn rung_on(&self, thread: &str) -> Option<(String, NumberSource)> {
        let known = self.contact(thread).await.number?;
        Some((known.number.reveal().to_owned(), known.source))
    }

    async fn says(&self, thread: &str, id: &str, minute: u32, text: &str) {
        self.decided(says(thread, id, minute, text)).await;
    }
}

/// What was told of callbacks, once it is so.
pub(super) async fn told_until(
    setup: &Setup,
    is_so: impl Fn(&[CallbackChange]) -> bool,
) -> Vec<CallbackChange> {
    let mut heard = setup.recorder().heard.subscribe();
    let heard = heard.wait_for(|heard| is_so(&changes(heard)));
    let heard = tokio::time::timeout(PATIENCE, heard).await;
    changes(&heard.expect("heard in time").expect("the recorder lives"))
}

pub(super) fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).expect("a number")
}

fn written(text: &str) -> Option<(String, NumberSource)> {
    Some((text.to_owned(), NumberSource::Message))
}

#[tokio::test]
async fn a_number_that_the_customer_writes_in_private_is_the_one_to_ring() {
    let mut setup = Setup::new();
    setup.rules.defaults.country = CountryCode::parse("GB").ok();
    let bot = setup.start().await;
    bot.says("t1", "m1", 0, "It is +44 (0)20 7946 0142, thanks")
        .await;
    assert_eq!(bot.rung_on("t1").await, written(LONDON));
    bot.says("t1", "m2", 1, "Or rather my number is 020 7946 0199")
        .await;
    assert_eq!(bot.rung_on("t1").await, written("+442079460199"));
    bot.says("t2", "m1", 0, "Two: +442079460101 or +442079460102")
        .await;
    assert_eq!(
        bot.rung_on("t2").await,
        written("+442079460101"),
        "the first"
    );
    assert_eq!(bot.contact("t2").await.others.len(), 1);
}

#[tokio::test]
async fn a_number_without_its_countrys_code_is_a_guess_that_nobody_makes() {
    let bot = Setup::new().start().await;
    bot.says("t1", "m1", 0, "My phone number is 020 7946 0142")
        .await;
    assert_eq!(bot.rung_on("t1").await, None);
}

#[tokio::test]
async fn what_stands_in_public_or_is_said_by_others_is_nobodys_number() {
    let bot = Setup::new().start().await;
    let by = |name: &str, mut message: Message| {
        message.author = Author::parse(name).ok();
        message
    };
    let text = "Ring me on +44 20 7946 0142";
    let mut post = by("@kim", says("t1", "m1", 0, text));
    post.visibility = Visibility::Public;
    bot.decided(post).await;
    bot.decided(by("@lee", says("t1", "m2", 1, text))).await;
    let mut ours = says("t1", "m3", 2, text);
    ours.from = Party::Agent;
    bot.decided(ours).await;
    assert_eq!(bot.rung_on("t1").await, None);
    bot.decided(by("@kim", says("t1", "m4", 3, text))).await;
    assert_eq!(bot.rung_on("t1").await, written(LONDON));
    let mut elsewhere = by("@kim", says("t2", "m1", 4, "Hello?"));
    elsewhere.visibility = Visibility::Public;
    bot.decided(elsewhere).await;
    assert_eq!(
        bot.rung_on("t2").await,
        written(LONDON),
        "it is theirs anywhere"
    );
}

#[tokio::test]
async fn a_number_that_comes_while_a_call_is_due_shows_on_its_card() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    bot.says("t1", "m4", 50, "You can ring me on +442079460142")
        .await;
    bot.says("t1", "m5", 60, "As I said, +442079460142").await;
    bot.says("t1", "m6", 70, "No, sorry: +442079460143").await;
    let found = CallbackChange::Changed(CardChange::NumberFound);
    let last = CallbackChange::Changed(CardChange::MessageAdded);
    let told = told_until(&setup, |told| {
        told.iter().filter(|change| **change == last).count() == 3 && told.last() == Some(&found)
    });
    let told = told.await;
    let times = told.iter().filter(|change| **change == found).count();
    assert_eq!(times, 2, "another number each time: {told:?}");
}

#[tokio::test]
async fn a_call_that_a_number_came_with_needs_no_second_card() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.says("t1", "m1", 0, "Please call me on +442079460142")
        .await;
    let contact = bot.contact("t1").await;
    the_callback(&bot).await;
    assert!(contact.number.is_some());
    setup.recorder().hears(2).await;
    bot.stop().await;
    let told = changes(&setup.recorder().heard());
    assert_eq!(told, [CallbackChange::Opened]);
}

#[tokio::test]
async fn an_agent_types_a_number_and_says_that_one_is_wrong() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.says("t1", "m1", 0, "I am on +442079460142").await;
    let kim = || account("kim");
    let typed = number("+442079460199");
    let set = bot.handle.set_number(key("t1"), kim(), typed.clone());
    assert!(set.await.expect("answered"));
    let by_agent = Some((typed.reveal().to_owned(), NumberSource::Agent));
    assert_eq!(bot.rung_on("t1").await, by_agent);
    let wrong = |given| bot.handle.number_was_wrong(key("t1"), kim(), given);
    let shown = bot.contact("t1").await.number.expect("known").at;
    let before = after(shown, Length::minutes(1));
    assert!(
        !wrong(before).await.expect("answered"),
        "not the one to ring"
    );
    assert!(wrong(shown).await.expect("answered"));
    assert_eq!(bot.rung_on("t1").await, written(LONDON), "the one before");
    let shown = bot.contact("t1").await.number.expect("known").at;
    assert!(wrong(shown).await.expect("answered"));
    assert_eq!(bot.rung_on("t1").await, None);
    setup.clock.advance(Length::minutes(5));
    bot.says("t1", "m2", 5, "It is +442079460142, believe me")
        .await;
    assert_eq!(
        bot.rung_on("t1").await,
        written(LONDON),
        "they say so again"
    );
    let unknown = bot.handle.set_number(key("nowhere"), kim(), typed);
    assert!(!unknown.await.expect("answered"));
    assert_eq!(setup.audited(), ["kim set_number"; 3]);
}

#[tokio::test]
async fn a_call_to_a_wrong_number_is_due_again_without_it() {
    let bot = Setup::new().start().await;
    bot.says("t1", "m1", 0, "Please call me on +442079460142")
        .await;
    let due = the_callback(&bot).await.id;
    let kim = account("kim");
    bot.handle.claim(due, kim.clone()).await.expect("answered");
    let (result, notes) = (CallResult::WrongNumber, CallNotes::default());
    let done = bot.handle.done(due, kim, result, notes);
    done.await.expect("answered");
    let contact = bot.contact("t1").await;
    assert_eq!(contact.number, None);
    assert!(contact.others.iter().all(|known| known.wrong_at.is_some()));
}

#[tokio::test]
async fn what_a_crm_knows_stands_with_the_customer_until_they_say_otherwise() {
    let bot = Setup::new().start().await;
    bot.customer("t1", "m1", 0).await;
    let zone = Zone::parse("Australia/Sydney").expect("a zone");
    let known = Known {
        name: Some(Private::new("Kim 4111 1111 1111 1111".to_owned())),
        zone: Some(zone.clone()),
        number: Some(number("+61255501234")),
        ..Known::default()
    };
    let says = |thread, known| bot.handle.describe_customer(key(thread), known);
    assert!(says("t1", known.clone()).await.expect("answered"));
    assert!(!says("nowhere", known).await.expect("answered"));
    let contact = bot.contact("t1").await;
    let name = contact.profile.expect("known").name.expect("a name");
    assert_eq!(name.reveal(), "Kim ⟦payment_card⟧");
    assert_eq!(contact.ground, Ground::NotYet, "nobody asked the customer");
    let there = Whereabouts {
        zones: vec![zone],
        guessed: false,
    };
    assert_eq!(contact.whereabouts, there);
    assert_eq!(
        bot.rung_on("t1").await,
        Some(("+61255501234".to_owned(), NumberSource::Channel))
    );
    bot.says("t1", "m2", 5, "Use +442079460142 please").await;
    assert_eq!(bot.rung_on("t1").await, written(LONDON));
    assert!(says("t1", Known::default()).await.expect("answered"));
    let contact = bot.contact("t1").await;
    assert_eq!((contact.profile, contact.others), (None, Vec::new()));
}

#[tokio::test]
async fn why_we_may_ring_is_what_the_customer_did_last() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    assert_eq!(bot.contact("t1").await.ground, Ground::NotYet);
    bot.says("t1", "m2", 1, "I am on +442079460142").await;
    let Ground::Given { source, .. } = bot.contact("t1").await.ground else {
        panic!("they gave it themselves");
    };
    assert_eq!(source, NumberSource::Message);
    setup.clock.advance(Length::minutes(2));
    opened_details(&bot, "t1").await;
    let Ground::Consented(consent) = bot.contact("t1").await.ground else {
        panic!("they agreed");
    };
    assert_eq!(
        consent.words.as_deref(),
        Some("Ringback may ring me on this number.")
    );
    assert_eq!(consent.number, number("+4915112345678"));
    assert_eq!(consent.at, setup.clock.now());
    bot.says("t1", "m3", 2, "Please never phone me.").await;
    let ground = bot.contact("t1").await.ground;
    assert!(
        matches!(ground, Ground::Given { .. }),
        "taken back: {ground:?}"
    );
}

#[tokio::test]
async fn the_card_says_with_which_words_a_call_was_asked_for() {
    let bot = Setup::new().start().await;
    bot.says("t1", "m1", 0, "Please call me, PIN 4711, on +442079460142")
        .await;
    let queue = bot.handle.store().queue(
        crate::store::rows::desk::QueueView::Due,
        crate::store::rows::desk::Sight::default(),
        10,
    );
    let queue = queue.await.expect("readable");
    let Ground::Asked { text, .. } = &queue.rows[0].background.contact.ground else {
        panic!("they asked");
    };
    assert!(text.reveal().starts_with("Please call me"));
    assert!(!text.reveal().contains("4711"));
}
