//! Forms that customers are asked to fill in: one-time links, who may open them, what comes of it.

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;

use super::{callbacks::the_callback, *};
use crate::{
    domain::{
        decision::Notice,
        form::{CallDetails, FormKind, FormRequestId, FormState, Purpose},
        ids::{Author, FormName},
        thread::Hold,
    },
    engine::Asked,
    rules::{
        Speak,
        forms::{FieldFormat, Form, FormField, Localised},
    },
    settings::ChannelKind,
    store::rows::{
        CallbackState,
        desk::Sight,
        forms::{FormRequestRow, FormSessionHash, LinkHash, OfferedForm},
    },
    vault::Sealed,
};

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
        consent_version: "v1".to_owned(),
    }
}

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
async fn what_is_sealed_is_kept_once_and_everybody_is_told_that_it_came() {
    let (setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", identity()).await;
    bot.link("t1", id, OTHER_LINK).await.expect("a link");
    let details = bot.handle.submit_details(SESSION, CallDetails::StayInText);
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
    let kept = crate::store::sqlite::forms::submitted(&setup.database());
    assert_eq!(kept.expect("readable"), [vec![7, 7]]);
}

#[tokio::test]
async fn details_are_kept_with_the_wish_about_time_masked() {
    let (_setup, bot) = asked_by_a_customer().await;
    let id = bot.opened("t1", Purpose::Details).await;
    let sealed = bot.handle.submit_identity(SESSION, Sealed(vec![7])).await;
    assert!(!sealed.expect("answered"), "another kind of form");
    for words in ["after six, my card is 4111 1111 1111 1111", "never"] {
        let submitted = bot.handle.submit_details(SESSION, ring(words)).await;
        assert!(submitted.expect("answered"));
    }
    let form = bot.form(id).await;
    let expected = ring("after six, my card is ⟦payment_card⟧");
    assert_eq!(
        (form.state, form.details),
        (FormState::Submitted, Some(expected))
    );
}

#[tokio::test]
async fn who_chooses_to_stay_in_text_is_not_rung_in_that_case() {
    let (setup, bot) = asked_by_a_customer().await;
    bot.three_questions("t2").await;
    let due = the_callback(&bot).await;
    let id = bot.opened("t2", Purpose::Details).await;
    let stays = || bot.handle.submit_details(SESSION, CallDetails::StayInText);
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
    let offered = |state| (Party::Bot, Some(OfferedForm { id, state }));
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
    let offered = |id, state| (Party::Bot, Some(OfferedForm { id, state }));
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
    let submitted = bot.handle.submit_details(SESSION, ring("")).await;
    assert!(submitted.expect("answered"));
    // An agent wanted the form to be offered; nobody wanted more to be said.
    let state = FormState::Submitted;
    assert_eq!(
        chat(&bot, "t1").await[1..],
        [(Party::Bot, Some(OfferedForm { id, state }))]
    );
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
