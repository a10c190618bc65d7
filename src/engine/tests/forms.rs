//! Forms that customers are asked to fill in: who is asked, and what comes of it.

use super::{callbacks::the_callback, *};
use crate::{
    domain::{
        decision::Notice,
        form::{AgreedWords, CallDetails, FormKind, FormRequestId, FormState, Purpose},
        hours::Zone,
        ids::{Author, FormName},
        reading::Language,
        thread::Hold,
    },
    engine::Asked,
    rules::forms::{FieldFormat, Form, FormField, Localised},
    store::rows::{
        CallbackState,
        desk::Sight,
        forms::{FormRequestRow, FormSessionHash, LinkHash},
    },
    vault::Sealed,
};

mod chat;
mod links;

const LINK: LinkHash = LinkHash([1; 32]);
const OTHER_LINK: LinkHash = LinkHash([2; 32]);
const SESSION: FormSessionHash = FormSessionHash([3; 32]);
const OTHER_SESSION: FormSessionHash = FormSessionHash([4; 32]);

fn identity() -> Purpose {
    Purpose::Identity(FormName::parse("identity").expect("a name"))
}

fn form(name: &str) -> Form {
    Form {
        name: FormName::parse(name).expect("a name"),
        title: Localised::default(),
        why: Localised::default(),
        topics: Vec::new(),
        fields: vec![FormField {
            name: "name".to_owned(),
            label: Localised::default(),
            help: Localised::default(),
            format: FieldFormat::Text,
            optional: false,
        }],
    }
}

/// A setup whose rules have the form, with one customer who has asked something.
async fn asked_by_a_customer() -> (Setup, Bot) {
    let mut setup = Setup::new();
    setup.rules.forms = vec![form("identity")];
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    (setup, bot)
}

fn id_of(asked: Asked) -> FormRequestId {
    match asked {
        Asked::LinkWanted(id) | Asked::Told(id) => id,
        Asked::Public | Asked::NobodyOpens | Asked::Unknown => {
            panic!("a request was expected, not {asked:?}")
        }
    }
}

impl Bot {
    async fn ask(&self, thread: &str, purpose: Purpose) -> FormRequestId {
        let asked = self.handle.ask_form(key(thread), purpose, account("kim"));
        id_of(asked.await.expect("answered"))
    }

    async fn link(&self, thread: &str, id: FormRequestId, link: LinkHash) -> Option<Timestamp> {
        let made = self.handle.make_form_link(key(thread), id, link, None);
        made.await.expect("answered")
    }

    async fn open(&self, link: LinkHash, session: FormSessionHash) -> Option<FormRequestRow> {
        let opened = self.handle.open_form(link, session).await;
        opened.expect("answered")
    }

    /// Asks, and opens the form in one browser.
    async fn opened(&self, thread: &str, purpose: Purpose) -> FormRequestId {
        let id = self.ask(thread, purpose).await;
        self.link(thread, id, LINK).await.expect("a link");
        self.open(LINK, SESSION).await.expect("opened");
        id
    }

    pub(super) async fn form(&self, id: FormRequestId) -> FormRequestRow {
        let found = self.handle.store().form_request(id).await;
        found.expect("readable").expect("there")
    }

    /// What the confirm page of a link would show.
    async fn shown(&self, setup: &Setup, link: LinkHash) -> Option<FormRequestRow> {
        let now = setup.clock.now();
        let shown = self.handle.store().form_link(link, now).await;
        shown.expect("readable")
    }

    /// What a browser may fill in, or has.
    async fn in_browser(&self, setup: &Setup, session: FormSessionHash) -> Option<FormState> {
        let now = setup.clock.now();
        let found = self.handle.store().form_session(session, now).await;
        found.expect("readable").map(|form| form.state)
    }

    /// Moves the clock on, and waits until a sweep has come by.
    async fn later(&self, setup: &Setup, id: FormRequestId, length: Length, expected: FormState) {
        setup.clock.advance(length);
        let swept = async {
            while self.form(id).await.state != expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, swept)
            .await
            .expect("swept in time");
    }
}

/// What programs were told of forms, in order.
fn told(heard: &[Heard]) -> Vec<(FormKind, FormState)> {
    heard
        .iter()
        .filter_map(|heard| match &heard.item.event {
            OutboxEvent::Form(form) => Some((form.purpose, form.state)),
            _ => None,
        })
        .collect()
}

/// What programs were told of forms, once it is so much.
async fn told_in_all(setup: &Setup, count: usize) -> Vec<(FormKind, FormState)> {
    let mut heard = setup.recorder().heard.subscribe();
    let enough = heard.wait_for(|heard| told(heard).len() >= count);
    let heard = tokio::time::timeout(PATIENCE, enough).await;
    told(&heard.expect("heard in time").expect("the recorder lives"))
}

fn ring(best_time: &str) -> CallDetails {
    CallDetails::Ring {
        number: Private::new("+4915112345678".to_owned()),
        best_time: Private::new(best_time.to_owned()),
        ring_at: None,
        zone: None,
        consent_version: "v1".to_owned(),
    }
}

/// The words that a customer agrees to when they want to be rung.
fn agreed() -> AgreedWords {
    AgreedWords {
        version: "v1".to_owned(),
        language: Language::ENGLISH,
        words: "Ringback may ring me on this number.".to_owned(),
    }
}

/// Asks for details, and has the customer fill them in.
pub(super) async fn opened_details(bot: &Bot, thread: &str) {
    bot.opened(thread, Purpose::Details).await;
    let submitted = bot.handle.submit_details(SESSION, ring(""), agreed()).await;
    assert!(submitted.expect("answered"));
}

#[tokio::test]
async fn a_form_that_is_not_filled_in_in_time_expires() {
    let (setup, bot) = asked_by_a_customer().await;
    let idle = bot.ask("t1", Purpose::Details).await;
    bot.later(&setup, idle, Length::hours(24), FormState::Expired)
        .await;
    assert_eq!(bot.link("t1", idle, LINK).await, None);

    let id = bot.ask("t1", identity()).await;
    setup.clock.advance(Length::minutes(24 * 60 - 1));
    let until = bot.link("t1", id, LINK).await.expect("a link");
    let end = after(setup.clock.now(), Length::minutes(1));
    assert_eq!(until, end, "no link outlives what it is to");
    bot.open(LINK, SESSION).await.expect("opened");
    bot.later(&setup, id, Length::minutes(30), FormState::Expired)
        .await;
    assert_eq!(bot.in_browser(&setup, SESSION).await, None);
    assert_eq!(
        told_in_all(&setup, 5).await,
        [
            (FormKind::Details, FormState::Sent),
            (FormKind::Details, FormState::Expired),
            (FormKind::Identity, FormState::Sent),
            (FormKind::Identity, FormState::Opened),
            (FormKind::Identity, FormState::Expired),
        ]
    );
}

#[tokio::test]
async fn a_customer_in_the_middle_of_a_form_is_not_swept_away() {
    let (setup, bot) = asked_by_a_customer().await;
    let swept = bot.ask("t1", Purpose::Details).await;
    let id = bot.ask("t1", identity()).await;
    setup.clock.advance(Length::minutes(24 * 60 - 1));
    bot.link("t1", id, LINK).await.expect("a link");
    bot.open(LINK, SESSION).await.expect("opened");
    // The details form tells that the sweep has come by.
    bot.later(&setup, swept, Length::minutes(1), FormState::Expired)
        .await;
    assert_eq!(bot.form(id).await.state, FormState::Opened);
    let submitted = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(submitted.expect("answered"));
}

#[tokio::test]
async fn a_form_stays_its_customers_when_they_turn_out_to_be_known() {
    let (setup, bot) = asked_by_a_customer().await;
    let mut known = message("t2", "m1", Party::Customer, 0);
    known.author = Some(Author::parse("@pat").expect("a handle"));
    bot.decided(known.clone()).await;
    let id = bot.ask("t1", identity()).await;
    bot.link("t1", id, LINK).await.expect("a link");
    known.thread = key("t1");
    known.id = message_id("m2");
    bot.decided(known).await;
    assert!(bot.shown(&setup, LINK).await.is_some());
    assert_eq!(bot.open(LINK, SESSION).await.map(|form| form.id), Some(id));
}

#[tokio::test]
async fn asking_again_takes_back_what_is_open_of_the_same_kind_only() {
    let (_setup, bot) = asked_by_a_customer().await;
    let details = bot.ask("t1", Purpose::Details).await;
    let first = bot.opened("t1", identity()).await;
    bot.link("t1", first, OTHER_LINK).await.expect("a link");
    let second = bot.ask("t1", identity()).await;
    assert_eq!(bot.open(OTHER_LINK, OTHER_SESSION).await, None);
    let forms = bot.handle.store().form_requests_of(key("t1")).await;
    let states: Vec<_> = forms
        .expect("readable")
        .into_iter()
        .map(|form| (form.id, form.state))
        .collect();
    assert_eq!(
        states,
        [
            (second, FormState::Sent),
            (first, FormState::Withdrawn),
            (details, FormState::Sent),
        ]
    );
}

#[tokio::test]
async fn nobody_is_asked_in_public_nor_with_a_form_that_is_not_there() {
    let (_setup, bot) = asked_by_a_customer().await;
    let kim = || account("kim");
    let asked = |thread, purpose| bot.handle.ask_form(key(thread), purpose, kim());
    let unknown = Purpose::Identity(FormName::parse("other").expect("a name"));
    assert_eq!(asked("t1", unknown).await.unwrap(), Asked::Unknown);
    assert_eq!(asked("nowhere", identity()).await.unwrap(), Asked::Unknown);

    let id = bot.ask("t1", identity()).await;
    let mut post = message("t1", "m2", Party::Customer, 5);
    post.visibility = Visibility::Public;
    bot.decided(post).await;
    let mut ours = message("t1", "m3", Party::Agent, 6);
    ours.visibility = Visibility::Private;
    bot.decided(ours).await;
    assert!(bot.handle.store().is_public(key("t1")).await.unwrap());
    assert_eq!(bot.link("t1", id, LINK).await, None);
    assert_eq!(asked("t1", identity()).await.unwrap(), Asked::Public);
    assert_eq!(bot.form(id).await.state, FormState::Sent);
    bot.decided(message("t1", "m4", Party::Customer, 7)).await;
    assert!(bot.link("t1", id, LINK).await.is_some());
}

#[tokio::test]
async fn what_is_sealed_is_kept_once_and_everybody_is_told_that_it_came() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", identity()).await;
    bot.link("t1", id, OTHER_LINK).await.expect("a link");
    let details = bot
        .handle
        .submit_details(SESSION, CallDetails::StayInText, agreed());
    assert!(!details.await.expect("answered"), "another kind of form");
    for sealed in [vec![7, 7], vec![8]] {
        let submitted = bot.handle.submit_identity(SESSION, Sealed(sealed)).await;
        assert!(submitted.expect("answered"));
    }
    let form = bot.form(id).await;
    assert_eq!(form.state, FormState::Submitted);
    assert_eq!(form.submitted_at, Some(setup.clock.now()));
    assert_eq!(
        bot.in_browser(&setup, SESSION).await,
        Some(FormState::Submitted),
        "that browser may be told so again"
    );
    assert_eq!(bot.open(OTHER_LINK, OTHER_SESSION).await, None);
    assert_eq!(bot.link("t1", id, LINK).await, None);

    let notices = bot.on_desk("t1").await.notices;
    let notices: Vec<_> = notices.into_iter().map(|notice| notice.notice).collect();
    assert_eq!(notices, [Notice::FormSubmitted { request: id }]);
    let to_check = bot.handle.store().forms_to_check(Sight::default(), 10);
    assert_eq!(to_check.await.expect("readable"), [form]);
    assert_eq!(
        told_in_all(&setup, 3).await,
        [
            (FormKind::Identity, FormState::Sent),
            (FormKind::Identity, FormState::Opened),
            (FormKind::Identity, FormState::Submitted),
        ]
    );
    bot.stop().await;
    let kept = crate::store::sqlite::submissions::submitted(&setup.database());
    assert_eq!(kept.expect("readable"), [vec![7, 7]]);
}

#[tokio::test]
async fn details_are_kept_with_the_wish_about_time_masked() {
    let (_setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", Purpose::Details).await;
    let sealed = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(!sealed.expect("answered"), "another kind of form");
    for words in ["after six, my card is 4111 1111 1111 1111", "never"] {
        let submitted = bot
            .handle
            .submit_details(SESSION, ring(words), agreed())
            .await;
        assert!(submitted.expect("answered"));
    }
    let form = bot.form(id).await;
    let expected = ring("after six, my card is ⟦payment_card⟧");
    assert_eq!(
        (form.state, form.details),
        (FormState::Submitted, Some(expected))
    );
}

/// As [`ring`], at a time that the customer chose, who is in Nepal.
fn ring_at(at: &str) -> CallDetails {
    let CallDetails::Ring {
        number,
        best_time,
        consent_version,
        ..
    } = ring("after tea")
    else {
        unreachable!("it rings");
    };
    CallDetails::Ring {
        number,
        best_time,
        ring_at: Some(at.parse().expect("a time")),
        zone: Some(Zone::parse("Asia/Kathmandu").expect("a zone")),
        consent_version,
    }
}

#[tokio::test]
async fn a_time_that_the_customer_chose_is_promised_but_never_one_in_their_night() {
    // What they chose, and what is promised: 21:30 in Nepal is quiet until 08:00.
    for (chosen, promised) in [
        ("2026-01-06T09:00:00Z", "2026-01-06T09:00:00Z"),
        ("2026-01-06T15:45:00Z", "2026-01-07T02:15:00Z"),
    ] {
        let (_setup, bot) = asked_by_a_customer().await;
        bot.three_questions("t2").await;
        let id = bot.opened("t2", Purpose::Details).await;
        let kept = bot
            .handle
            .submit_details(SESSION, ring_at(chosen), agreed());
        assert!(kept.await.expect("answered"));
        assert_eq!(bot.form(id).await.details, Some(ring_at(chosen)));
        let callback = the_callback(&bot).await;
        assert_eq!(callback.state, CallbackState::Scheduled);
        assert_eq!(callback.scheduled_at, promised.parse().ok());
        let key = bot.form(id).await.thread;
        let place = bot.handle.store().whereabouts(key).await.expect("readable");
        let names: Vec<_> = place.zones.iter().map(Zone::name).collect();
        assert_eq!((names, place.guessed), (vec!["Asia/Kathmandu"], false));
    }
}

#[tokio::test]
async fn a_time_that_was_chosen_without_an_open_callback_is_kept_for_the_next_card() {
    let (_setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", Purpose::Details).await;
    let wish = ring_at("2026-01-06T09:00:00Z");
    let kept = bot.handle.submit_details(SESSION, wish.clone(), agreed());
    assert!(kept.await.expect("answered"));
    assert_eq!(bot.form(id).await.details, Some(wish));
}

#[tokio::test]
async fn who_chooses_to_stay_in_text_is_not_rung_in_that_case() {
    let (setup, bot) = asked_by_a_customer().await;
    bot.three_questions("t2").await;
    let due = the_callback(&bot).await;
    let id = bot.opened("t2", Purpose::Details).await;
    let stays = || {
        bot.handle
            .submit_details(SESSION, CallDetails::StayInText, agreed())
    };
    assert!(stays().await.expect("answered"));
    assert_eq!(bot.form(id).await.details, Some(CallDetails::StayInText));
    let after = bot.handle.store().callback(due.id).await;
    let after = after.expect("readable").expect("there");
    assert_eq!(after.state, CallbackState::Withdrawn);
    let words = |hold: Hold| hold.words.into_revealed();
    let held = bot.on_desk("t2").await.hold.map(words);
    assert_eq!(held.as_deref(), Some("chosen in the details form"));
    assert_eq!(setup.audited(), ["kim asked_form"]);
}
