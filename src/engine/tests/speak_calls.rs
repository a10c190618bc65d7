//! What customers hear of a callback, from the first offer to the last word, through the engine's front
//! door and on its clock.

use super::{callbacks::the_callback, speak::*, *};
use crate::{
    domain::{
        callback::CallResult,
        decision::{Notice, Utterance},
        form::Purpose,
        reading::Language,
    },
    engine::{CallNotes, Claim, Finish, Satisfaction, Video},
    rules::{Speak, messages::Variables},
    settings::ChannelKind,
    store::CallbackId,
};

const LANGUAGES: [&str; 6] = ["en", "es", "de", "fr", "pt", "it"];

/// A bot of these rules whose customer, in that language, has asked three times.
async fn rung(setup: &Setup, language: &str) -> (Bot, CallbackId) {
    let bot = setup.start().await;
    for (id, minute) in [("m1", 0), ("m2", 20), ("m3", 40)] {
        let mut message = message("t1", id, Party::Customer, minute);
        message.language = Language::parse(language);
        bot.decided(message).await;
    }
    let id = the_callback(&bot).await.id;
    (bot, id)
}

/// What Ringback itself has said so far.
async fn said(bot: &Bot) -> Vec<String> {
    let lines = lines(bot).await.into_iter();
    lines
        .filter_map(|line| line.strip_prefix("bot: ").map(str::to_owned))
        .collect()
}

async fn last(bot: &Bot) -> String {
    said(bot).await.pop().expect("something was said")
}

/// Has a number be known for the customer.
fn know_number(setup: &Setup) {
    let known = "UPDATE customers SET number = '+493090182042'";
    setup.meddle(known).expect("written");
}

async fn claim(bot: &Bot, id: CallbackId) {
    let won = bot.handle.claim(id, account("kim")).await;
    assert!(matches!(won, Ok(Claim::Won(_))), "{won:?}");
}

async fn done(bot: &Bot, id: CallbackId, result: CallResult) {
    let kim = account("kim");
    let logged = bot.handle.done(id, kim, result, CallNotes::default()).await;
    let finish = logged.expect("answered").finish;
    assert!(matches!(finish, Finish::Done(_)), "{finish:?}");
}

/// Every step of a callback's life, in each of the six languages.
#[tokio::test]
async fn every_step_is_told_in_the_customers_language() {
    for language in LANGUAGES {
        let setup = carrying();
        let begins = |utterance: Utterance| {
            let language = Language::parse(language).expect("a language");
            let messages = &setup.rules.messages;
            let text = messages.text(utterance, language, Variables::NAMES);
            let text = text.expect("a text");
            // After the sentence that says that it is automatic, up to what is filled in.
            let (_, rest) = text.split_once("⟨brand⟩. ").expect("two sentences");
            let begins = rest.split(['⟨', '.']).next().unwrap_or_default();
            begins.trim().to_owned()
        };
        let (bot, id) = rung(&setup, language).await;
        let hears = |utterance: Utterance, lines: usize| {
            let (bot, begins) = (&bot, begins(utterance));
            async move {
                let said = said(bot).await;
                assert_eq!(said.len(), lines, "{language} {utterance:?}");
                let last = said.last().expect("a line").clone();
                assert!(last.contains(&begins), "{language} {utterance:?}: {last}");
                last
            }
        };
        hears(Utterance::DetailsAsked, 1).await;
        assert_eq!(asked(&bot).await, [Purpose::Details]);
        know_number(&setup);
        claim(&bot, id).await;
        let coming = hears(Utterance::CallComing, 2).await;
        assert!(coming.contains("42"), "{coming}");
        let secrets = bot.handle.store().call_secrets(id, account("kim")).await;
        let words = secrets.expect("readable").words.expect("two words");
        assert!(coming.contains(words.reveal().as_str()), "{coming}");
        done(&bot, id, CallResult::NoAnswer).await;
        hears(Utterance::NoAnswer, 3).await;
        let at = after(setup.clock.now(), Length::hours(3));
        let promised = bot.handle.schedule(id, account("kim"), at).await;
        assert!(matches!(promised, Ok(Finish::Done(_))), "{promised:?}");
        hears(Utterance::CallScheduled, 4).await;
        claim(&bot, id).await;
        done(&bot, id, CallResult::WrongNumber).await;
        hears(Utterance::WrongNumber, 6).await;
        assert_eq!(notices_to_say(&bot).await, []);
        bot.stop().await;
    }
}

async fn notices_to_say(bot: &Bot) -> Vec<Utterance> {
    let thread = bot.on_desk("t1").await;
    let notices = thread.notices.iter();
    notices
        .filter_map(|row| match row.notice {
            Notice::SayYourself { utterance } => Some(utterance),
            _ => None,
        })
        .collect()
}

/// What the desk is asked to say in place of Ringback, from the first offer to a call without an answer.
async fn left_to_the_desk(setup: &Setup) -> Vec<Vec<Utterance>> {
    let (bot, id) = rung(setup, "en").await;
    let mut asked = vec![notices_to_say(&bot).await];
    know_number(setup);
    claim(&bot, id).await;
    asked.push(notices_to_say(&bot).await);
    done(&bot, id, CallResult::NoAnswer).await;
    asked.push(notices_to_say(&bot).await);
    assert_eq!(said(&bot).await, Vec::<String>::new());
    bot.stop().await;
    asked
}

#[tokio::test]
async fn where_ringback_may_not_speak_the_desk_is_asked_to_say_what_is_so_now_and_nothing_older() {
    let steps = [
        Utterance::DetailsAsked,
        Utterance::CallComing,
        Utterance::NoAnswer,
    ];
    let expected = steps.map(|utterance| vec![utterance]);
    let mut never = carrying();
    never.rules.defaults.speak = Speak::Never;
    assert_eq!(left_to_the_desk(&never).await, expected);
    assert_eq!(left_to_the_desk(&Setup::new()).await, expected);
}

#[tokio::test]
async fn on_a_channel_that_is_only_watched_nobody_is_asked_to_say_anything() {
    let mut setup = carrying();
    setup.rules.defaults.watch = true;
    assert_eq!(left_to_the_desk(&setup).await, [vec![], vec![], vec![]]);
}

#[tokio::test]
async fn in_public_nothing_is_said_of_a_callback() {
    let setup = carrying();
    let bot = setup.start().await;
    for (id, minute) in [("m1", 0), ("m2", 20), ("m3", 40)] {
        let mut message = message("t1", id, Party::Customer, minute);
        message.visibility = Visibility::Public;
        bot.decided(message).await;
    }
    let id = the_callback(&bot).await.id;
    know_number(&setup);
    claim(&bot, id).await;
    assert_eq!(said(&bot).await, Vec::<String>::new());
    assert_eq!(notices_to_say(&bot).await, [Utterance::CallComing]);
    bot.stop().await;
}

#[tokio::test]
async fn a_customer_without_a_text_in_their_language_gets_a_draft_for_the_agent_and_no_other_language()
 {
    let mut setup = carrying();
    ruled(
        &mut setup,
        "[desks.main]\nlanguage = \"fr\"\nbrand = \"Brightwire\"",
    );
    let (bot, id) = rung(&setup, "nl").await;
    know_number(&setup);
    claim(&bot, id).await;
    assert_eq!(said(&bot).await, Vec::<String>::new());
    let thread = bot.on_desk("t1").await;
    let notice = thread.notices.first().expect("a notice").id;
    let draft = bot.handle.draft(key("t1"), notice).await.expect("answered");
    let draft = draft.expect("a draft").into_revealed();
    assert!(
        draft.starts_with("Ceci est un message automatique de Brightwire."),
        "{draft}"
    );
    assert!(draft.contains("42"), "{draft}");
    let elsewhere = bot.handle.draft(key("t2"), notice).await.expect("answered");
    assert_eq!(elsewhere, None);

    // What the claim was about is over: there is nothing to say of it any more.
    done(&bot, id, CallResult::Solved).await;
    let over = bot.handle.draft(key("t1"), notice).await.expect("answered");
    assert_eq!(over, None);
    assert_eq!(notices_to_say(&bot).await, []);
    bot.stop().await;
}

async fn words_for(bot: &Bot, id: CallbackId, by: &str) -> Option<String> {
    let secrets = bot.handle.store().call_secrets(id, account(by)).await;
    let words = secrets.expect("readable").words;
    words.map(|words| words.reveal().clone())
}

#[tokio::test]
async fn the_two_words_are_the_claimers_alone_and_new_with_each_claim() {
    let setup = carrying();
    let (bot, id) = rung(&setup, "en").await;
    assert_eq!(words_for(&bot, id, "kim").await, None);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..4 {
        claim(&bot, id).await;
        let words = words_for(&bot, id, "kim").await.expect("two words");
        assert_eq!(words.split(' ').count(), 2, "{words}");
        assert_eq!(words_for(&bot, id, "lee").await, None, "not theirs");
        seen.insert(words);
        let released = bot.handle.release(id, account("kim"), false).await;
        assert!(matches!(released, Ok(Finish::Done(_))), "{released:?}");
        assert_eq!(words_for(&bot, id, "kim").await, None, "forgotten");
    }
    assert!(seen.len() > 1, "{seen:?}");
    bot.stop().await;
}

#[tokio::test]
async fn who_has_the_form_already_is_not_asked_again() {
    let setup = carrying();
    let (bot, id) = rung(&setup, "en").await;
    let kim = account("kim");
    let why = crate::domain::callback::KeepTyping::Answering;
    let kept = bot.handle.keep_typing(id, kim, why).await;
    assert!(matches!(kept, Ok(Finish::Done(_))), "{kept:?}");
    for (id, minute) in [("m4", 60), ("m5", 80), ("m6", 100)] {
        bot.customer("t1", id, minute).await;
    }
    let callbacks = bot.on_desk("t1").await.callbacks;
    assert_eq!(callbacks.len(), 2, "the count rang again");
    assert_eq!(said(&bot).await.len(), 1);
    assert_eq!(asked(&bot).await, [Purpose::Details]);
    bot.stop().await;
}

#[tokio::test]
async fn who_has_a_callback_may_offer_a_video_call_in_a_room_of_its_own() {
    let mut setup = carrying();
    let (bot, id) = rung(&setup, "en").await;
    claim(&bot, id).await;
    let offer = |by: &str| bot.handle.offer_video(id, account(by));
    assert_eq!(offer("kim").await.expect("answered"), Video::NotSet);
    bot.stop().await;

    setup.rules.defaults.video_url = Some("https://meet.example/{{ room }}".to_owned());
    let bot = setup.start().await;
    let offer = |by: &str| bot.handle.offer_video(id, account(by));
    let other = offer("lee").await.expect("answered");
    assert_eq!(other, Video::HeldBy(account("kim")));
    let Video::Offered(link) = offer("kim").await.expect("answered") else {
        panic!("it is offered");
    };
    let room = link
        .reveal()
        .strip_prefix("https://meet.example/")
        .expect("the rules' place");
    assert_eq!(room.len(), 24);
    assert!(
        last(&bot).await.ends_with(link.reveal()),
        "the customer is told"
    );
    let lines = said(&bot).await.len();
    assert_eq!(offer("kim").await.expect("answered"), Video::Offered(link));
    assert_eq!(said(&bot).await.len(), lines, "once");
    done(&bot, id, CallResult::Solved).await;
    assert_eq!(offer("kim").await.expect("answered"), Video::Ended);
    bot.stop().await;
}

/// A bot that asks whether calls helped, with a call that is over.
async fn solved(setup: &mut Setup) -> (Bot, CallbackId) {
    setup.rules.defaults.ask_satisfaction = true;
    let (bot, id) = rung(setup, "en").await;
    claim(&bot, id).await;
    done(&bot, id, CallResult::Solved).await;
    (bot, id)
}

/// Waits until the customer was asked.
async fn asked_whether_it_helped(setup: &Setup, bot: &Bot) {
    setup.clock.advance(Length::minutes(2));
    let asked = async {
        while !last(bot).await.contains("Did that help you?") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .expect("asked in time");
}

#[tokio::test]
async fn who_says_that_a_call_did_not_help_is_the_desks_at_once_and_may_change_their_mind() {
    let mut setup = carrying();
    let (bot, id) = solved(&mut setup).await;
    asked_whether_it_helped(&setup, &bot).await;
    let answer = |helped| bot.handle.answer_satisfaction(id, helped);
    let dissatisfied = || async {
        let thread = bot.on_desk("t1").await;
        let mut notices = thread.notices.iter();
        notices.any(|row| row.notice == Notice::Dissatisfied)
    };
    assert_eq!(answer(true).await.expect("answered"), Satisfaction::Kept);
    assert!(!dissatisfied().await);
    assert_eq!(answer(false).await.expect("answered"), Satisfaction::Kept);
    assert!(dissatisfied().await);
    assert_eq!(answer(true).await.expect("answered"), Satisfaction::Kept);
    assert!(!dissatisfied().await, "they take it back");
    setup.clock.advance(Length::minutes(61));
    assert_eq!(
        answer(false).await.expect("answered"),
        Satisfaction::TooLate
    );
    assert_eq!(answer(true).await.expect("answered"), Satisfaction::Kept);
    let case = bot.on_desk("t1").await.cases.pop().expect("a case");
    assert_eq!(
        case.state,
        crate::store::rows::CaseState::Resolved,
        "it moves nothing"
    );
    bot.stop().await;
}

#[tokio::test]
async fn nobody_is_asked_whether_a_call_helped_where_there_was_none() {
    let mut setup = carrying();
    setup.rules.defaults.ask_satisfaction = true;
    let (bot, id) = rung(&setup, "en").await;
    let open = bot.handle.answer_satisfaction(id, true).await;
    assert_eq!(open.expect("answered"), Satisfaction::NoCall);
    let unknown = bot
        .handle
        .answer_satisfaction(CallbackId(id.0 + 1), true)
        .await;
    assert_eq!(unknown.expect("answered"), Satisfaction::Unknown);
    bot.stop().await;
}

/// What the customer of a public thread hears by the time nobody has reached them, and what the desk is
/// left to say.
async fn nobody_reached_in_public(speak: Speak) -> (Vec<String>, Vec<Utterance>) {
    let mut setup = carrying();
    setup.channels = BTreeMap::from([(
        key("t").channel,
        ChannelSettings {
            kind: ChannelKind::TelegramGroup,
        },
    )]);
    setup.rules.defaults.speak = speak;
    setup.rules.defaults.attempts = 0;
    let bot = setup.start().await;
    for (id, minute) in [("m1", 0), ("m2", 20), ("m3", 40)] {
        let mut message = message("t1", id, Party::Customer, minute);
        message.visibility = Visibility::Public;
        bot.decided(message).await;
    }
    let id = the_callback(&bot).await.id;
    know_number(&setup);
    claim(&bot, id).await;
    let left = notices_to_say(&bot).await;
    done(&bot, id, CallResult::NoAnswer).await;
    let said = said(&bot).await;
    bot.stop().await;
    (said, left)
}

#[tokio::test]
async fn in_public_only_what_everybody_may_hear_is_said_and_only_where_the_rules_say_so() {
    let (said, left) = nobody_reached_in_public(Speak::Public).await;
    let [exhausted] = said.as_slice() else {
        panic!("{said:?}");
    };
    assert!(exhausted.contains("could not reach you"), "{exhausted}");
    assert_eq!(left, [Utterance::CallComing]);
    let (said, left) = nobody_reached_in_public(Speak::Private).await;
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(left, [Utterance::CallComing]);
}

#[test]
fn what_may_be_said_in_public_names_nothing_but_the_brand_and_how_a_disturbance_stands() {
    let messages = Rules::built_in().messages;
    for utterance in Utterance::ALL.iter().filter(|one| one.may_be_public()) {
        for language in LANGUAGES {
            let language = Language::parse(language).expect("a language");
            let shown = |form| {
                let names = Variables {
                    form,
                    ..Variables::NAMES
                };
                messages.text(*utterance, language, names).expect("a text")
            };
            let text = shown(true);
            let telling = ["⟨number_end⟩", "⟨words⟩", "⟨when⟩", "⟨video⟩"];
            assert!(!telling.iter().any(|name| text.contains(name)), "{text}");
            assert_eq!(text, shown(false), "it needs no form");
        }
    }
}
