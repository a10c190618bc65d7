//! What customers hear from Ringback itself, through the engine's front door.

use super::*;
use crate::{
    domain::{
        decision::{Notice, Utterance},
        form::Purpose,
        ids::FormName,
        reading::{Context, Language},
    },
    rules::{Speak, messages::Variables},
    settings::{ChannelKind, Sealing},
    store::rows::desk::Sight,
};

const CARD: &str = "Here is my card: 4111 1111 1111 1111, why is it charged twice?";

/// A bot that carries the messages of the web chat.
pub(super) fn carrying() -> Setup {
    let mut setup = Setup::new();
    let kind = ChannelKind::Webchat;
    setup.channels = BTreeMap::from([(key("t").channel, ChannelSettings { kind })]);
    setup
}

/// Rules of a file with these lines.
pub(super) fn ruled(setup: &mut Setup, file: &str) {
    setup.rules = Rules::parse(file.as_bytes(), "rules.toml", None).expect("valid rules");
}

/// Every line of the thread, as `from: text`.
pub(super) async fn lines(bot: &Bot) -> Vec<String> {
    let thread = bot.on_desk("t1").await;
    let lines = thread.lines.iter().map(|line| {
        let from = match line.message.from {
            Party::Customer => "customer",
            Party::Agent => "agent",
            Party::Bot => "bot",
        };
        format!("{from}: {}", line.message.text.reveal())
    });
    lines.collect()
}

/// The forms that the customer was asked for.
pub(super) async fn asked(bot: &Bot) -> Vec<Purpose> {
    let forms = bot.handle.store().form_requests_of(key("t1")).await;
    let forms = forms.expect("readable");
    forms.into_iter().map(|form| form.purpose).collect()
}

pub(super) async fn notices(bot: &Bot) -> Vec<Notice> {
    let rows = bot.handle.store().notices(Sight::default(), 100).await;
    let rows = rows.expect("readable");
    rows.into_iter().map(|row| row.notice).collect()
}

pub(super) fn say_yourself(utterance: Utterance) -> Notice {
    Notice::SayYourself { utterance }
}

#[tokio::test]
async fn a_customer_who_sends_a_card_is_told_kindly_and_once() {
    let mut setup = carrying();
    ruled(&mut setup, "[desks.main]\nbrand = \"Brightwire\"");
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    bot.decided(says("t1", "m2", 1, "And the other: 5555 5555 5555 4444"))
        .await;
    insta::assert_snapshot!(lines(&bot).await.join("\n"), @r#"
    customer: Here is my card: ⟦payment_card⟧, why is it charged twice?
    bot: This is an automatic message from Brightwire. Part of what you wrote looked confidential, so we have hidden it and kept no copy. Please do not send such details in this chat. You can simply go on here; if you would rather talk to a person, write “call me”.
    customer: And the other: ⟦payment_card⟧
    "#);
    assert_eq!(notices(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn they_are_told_in_their_own_language() {
    let setup = carrying();
    let bot = setup.start().await;
    let spanish = "Buenas tardes, mi tarjeta es 4111 1111 1111 1111 y me han cobrado dos veces";
    bot.decided(says("t1", "m1", 0, spanish)).await;
    let told = lines(&bot).await.pop().expect("a line");
    assert!(
        told.starts_with("bot: Este es un mensaje automático de Ringback."),
        "{told}"
    );
    bot.stop().await;
}

#[tokio::test]
async fn they_are_told_in_the_desks_language_while_theirs_is_not_known() {
    let mut setup = carrying();
    ruled(&mut setup, "[desks.main]\nlanguage = \"de\"");
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "4111 1111 1111 1111"))
        .await;
    let told = lines(&bot).await.pop().expect("a line");
    assert!(
        told.starts_with("bot: Dies ist eine automatische"),
        "{told}"
    );
    bot.stop().await;
}

#[tokio::test]
async fn the_line_is_the_customers_to_see_and_moves_nothing() {
    let setup = carrying();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    let seen = bot.handle.store().chat_lines(key("t1"), 0, 10).await;
    let seen = seen.expect("readable");
    let line = seen.last().expect("a line");
    assert_eq!((line.from, line.name.as_ref()), (Party::Bot, None));
    assert!(line.message.as_str().starts_with("ringback-"));

    // Bare thanks for a kind word of a bot's solves nothing: nobody has answered yet.
    let thanks = bot.decided(says("t1", "m2", 1, "ok, thank you")).await;
    assert!(
        !thanks
            .actions
            .contains(&crate::domain::decision::Action::Resolve)
    );
    assert_eq!((thanks.case, thanks.exchange), (1, 1));
    bot.stop().await;
}

#[tokio::test]
async fn an_enquiry_that_needs_a_check_is_offered_the_form_or_a_call_once_a_case() {
    let setup = carrying();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "I want to close my account"))
        .await;
    bot.decided(says("t1", "m2", 20, "Please close my account now"))
        .await;
    insta::assert_snapshot!(lines(&bot).await.join("\n"), @r#"
    customer: I want to close my account
    bot: This is an automatic message from Ringback. For what you ask, we first need to be sure that it is really you. Please do not send personal details in this chat. The choice is yours: fill in our secure form with the button below, or write “call me” and a person will ring you.
    customer: Please close my account now
    "#);
    let identity = FormName::parse("identity").expect("a name");
    assert_eq!(asked(&bot).await, [Purpose::Identity(identity)]);
    bot.stop().await;
}

#[tokio::test]
async fn no_form_is_offered_that_nobody_could_open() {
    let mut setup = carrying();
    setup.sealing = Sealing::Recipients;
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "I want to close my account"))
        .await;
    let told = lines(&bot).await.pop().expect("a line");
    assert!(told.contains("We do this by phone"), "{told}");
    assert_eq!(asked(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn where_there_is_no_form_they_are_offered_the_call_alone() {
    let mut setup = carrying();
    ruled(&mut setup, "forms = []");
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, "I want to close my account"))
        .await;
    insta::assert_snapshot!(lines(&bot).await.pop().expect("a line"), @"bot: This is an automatic message from Ringback. For what you ask, we first need to be sure that it is really you. Please do not send personal details in this chat. We do this by phone: write “call me” and a person will ring you. If you cannot take a call, tell us here and we will find another way.");
    assert_eq!(asked(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn in_public_nothing_is_said_and_the_desk_is_asked_to_act() {
    let setup = carrying();
    let bot = setup.start().await;
    let mut public = says("t1", "m1", 0, CARD);
    public.visibility = Visibility::Public;
    bot.decided(public).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, [Notice::HidePost]);

    let mut public = says("t1", "m2", 1, "I want to close my account");
    public.visibility = Visibility::Public;
    bot.decided(public).await;
    assert_eq!(lines(&bot).await.len(), 2);
    let asked = say_yourself(Utterance::IdentityNeeded);
    assert_eq!(notices(&bot).await, [Notice::HidePost, asked]);
    bot.stop().await;
}

#[tokio::test]
async fn without_words_in_their_language_the_desk_is_asked_to_tell_them() {
    let setup = carrying();
    let bot = setup.start().await;
    let mut dutch = says("t1", "m1", 0, CARD);
    dutch.language = Language::parse("nl");
    bot.decided(dutch).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, [say_yourself(Utterance::DataHidden)]);
    bot.stop().await;
}

#[tokio::test]
async fn where_ringback_carries_nothing_the_desk_is_asked_to_tell_them() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, [say_yourself(Utterance::DataHidden)]);
    bot.stop().await;
}

#[tokio::test]
async fn a_desk_that_wants_to_speak_itself_is_asked_to() {
    let mut setup = carrying();
    setup.rules.defaults.speak = Speak::Never;
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, [say_yourself(Utterance::DataHidden)]);
    bot.stop().await;
}

#[tokio::test]
async fn an_empty_text_says_nothing_and_asks_nobody() {
    let mut setup = carrying();
    ruled(&mut setup, "[messages.data_hidden]\nen = \"\"");
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn a_channel_that_is_only_watched_hears_nothing() {
    let mut setup = carrying();
    setup.rules.defaults.watch = true;
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    assert_eq!(lines(&bot).await.len(), 1);
    assert_eq!(notices(&bot).await, []);
    bot.stop().await;
}

#[tokio::test]
async fn a_repeated_message_is_answered_once() {
    let setup = carrying();
    let bot = setup.start().await;
    bot.decided(says("t1", "m1", 0, CARD)).await;
    let again = bot.handle.submit(vec![says("t1", "m1", 0, CARD)]).await;
    assert!(matches!(
        again.expect("taken").as_slice(),
        [Receipt::Repeated(_)]
    ));
    assert_eq!(lines(&bot).await.len(), 2);
    bot.stop().await;
}

#[test]
fn what_a_text_tells_the_customer_to_write_is_understood() {
    let rules = Rules::built_in();
    let reader = Reader::new(&rules.vocabulary).expect("a reader");
    let mut tried = 0;
    for utterance in Utterance::ALL {
        for language in rules.messages.languages(*utterance) {
            let variables = Variables {
                form: false,
                ..Variables::NAMES
            };
            let text = rules.messages.text(*utterance, language, variables);
            let text = text.expect("a text");
            let Some((_, rest)) = text.split_once(['“', '«', '„']) else {
                continue;
            };
            let (words, _) = rest.split_once(['“', '”', '»']).expect("quoted words");
            if Some(words.trim()) == variables.words {
                continue;
            }
            let scan = reader.scan(words.trim(), Some(language));
            let reading = reader.interpret(&scan, Party::Customer, &Context::default());
            assert!(reading.wants_call, "{language}: {words}");
            tried += 1;
        }
    }
    assert_eq!(tried, 36, "six of the texts, in six languages");
}
