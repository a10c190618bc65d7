//! An agent's answer that is held: what is to become of it is asked under it, of its agent alone. The
//! message in the group stays where it is; the customer has nothing of it.

use serde::{Deserialize, Serialize};
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::{
    desk::telegram::{
        button::Press,
        draw::Html,
        incoming::{
            Agent, Came, Incoming, chat,
            dialogue::{Step, fresh_token},
            say::Place,
        },
        wording::relay as words,
    },
    domain::{
        chat::Network,
        decision::NoCall,
        form::Purpose,
        ids::{ButtonToken, FormName, MessageId, PostId, ThreadKey},
        private::Private,
    },
    engine::{Asked, CallChoice, EngineError, Unheld, chat::rows::DialogueRow},
    store::rows::held::HeldState,
};

/// The most forms that are offered.
const FORMS: usize = 7;
/// It goes out as it is.
const SEND: u8 = 0;
/// The customer is rung instead.
const RING: u8 = 1;
/// It is thrown away.
const DISCARD: u8 = 2;
/// The first of the forms that can be sent instead.
const FIRST_FORM: u8 = 3;

/// What is asked about.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    /// The answer's key.
    key: MessageId,
    /// The forms that can be sent instead, in the order of their buttons.
    forms: Vec<FormName>,
}

/// Asks what is to become of an answer that is held; nothing if it is not, or not any more.
pub(super) async fn ask(
    desk: &Incoming,
    by: &Agent,
    place: Place,
    thread: &ThreadKey,
    key: MessageId,
) -> Result<(), EngineError> {
    let store = desk.engine.store();
    let held = store.held_of_box(thread.clone(), by.account.clone(), key.clone());
    let held = held.await?.filter(|held| held.state == HeldState::Held);
    let Some(held) = held else {
        return Ok(());
    };
    let rules = desk.engine.rules();
    let forms = rules.rules.forms.iter().take(FORMS);
    let question = Question {
        key,
        forms: forms.map(|form| form.name.clone()).collect(),
    };
    let (Some(token), Some(chat)) = (fresh_token(), chat(place.chat)) else {
        return Ok(());
    };
    let keys = keys(&token, &question.forms);
    // Made of ids: it can always be written.
    let step = serde_json::to_string(&question).unwrap_or_default();
    let step = Step::Relay {
        step: Private::new(step),
    };
    let dialogue = DialogueRow {
        token,
        network: Network::Telegram,
        chat,
        person: Some(by.person.clone()),
        post: None,
        thread: Some(thread.clone()),
        step: step.kept(),
        until: held.until,
    };
    desk.engine.keep_dialogue(dialogue.clone()).await?;
    let told = match held.asks {
        true => words::HELD_ASKS,
        false => words::HELD_CONTAINS,
    };
    let mut html = Html::message();
    html.bold(words::HELD).ours(" ").ours(told);
    if let Ok(post) = desk.say(place, html.finish(), Some(keys)).await {
        let post = PostId::parse(&post.0.to_string()).ok();
        let dialogue = DialogueRow { post, ..dialogue };
        desk.engine.keep_dialogue(dialogue).await?;
    }
    Ok(())
}

/// Its agent has decided.
pub(super) async fn decided(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    dialogue: &DialogueRow,
    step: &str,
    press: Press,
) -> Result<Option<&'static str>, EngineError> {
    let (Some(thread), Ok(question), Press::Choice(choice)) = (
        dialogue.thread.clone(),
        serde_json::from_str::<Question>(step),
        press,
    ) else {
        return Ok(None);
    };
    let store = desk.engine.store();
    let held = store.held_of_box(thread.clone(), by.account.clone(), question.key.clone());
    let Some(held) = held.await? else {
        close(desk, dialogue, words::DECIDED).await?;
        return Ok(Some(words::DECIDED));
    };
    let account = by.account.clone();
    let engine = desk.once(came, "held");
    let (said, is_over) = match choice {
        SEND => after(
            engine.send_held(thread, held.id, account).await?,
            words::SENT,
        ),
        DISCARD => {
            let discarded = engine.discard_held(thread, held.id, account).await?;
            after(discarded, words::DISCARDED)
        }
        RING => rung(engine.choose_call(thread, account, Some(held.id)).await?),
        form => {
            let form = form.checked_sub(FIRST_FORM).map(usize::from);
            let Some(form) = form.and_then(|form| question.forms.get(form)) else {
                return Ok(None);
            };
            let purpose = Purpose::Identity(form.clone());
            let asked = engine.ask_form_instead(thread, held.id, purpose, account);
            sent_form(&asked.await?)
        }
    };
    if is_over {
        close(desk, dialogue, said).await?;
    }
    Ok(Some(said))
}

const fn after(unheld: Unheld, done: &'static str) -> (&'static str, bool) {
    match unheld {
        Unheld::Done => (done, true),
        Unheld::Rejected(_) => (words::NOT_TAKEN, false),
        Unheld::Returned => (words::TOO_LATE, true),
        Unheld::Ended(_) | Unheld::Unknown => (words::DECIDED, true),
    }
}

const fn rung(choice: CallChoice) -> (&'static str, bool) {
    match choice {
        CallChoice::Opened | CallChoice::Not(NoCall::AlreadyOpen) => (words::WILL_RING, true),
        CallChoice::Not(NoCall::HoldsToText) => (words::HOLDS_TO_TEXT, false),
        CallChoice::Not(NoCall::DoNotCall) => (words::DO_NOT_CALL, false),
        CallChoice::Not(NoCall::NoCase | NoCall::Muted) => (words::NOTHING_TO_RING, false),
        CallChoice::Unknown => (words::DECIDED, true),
    }
}

const fn sent_form(asked: &Asked) -> (&'static str, bool) {
    match asked {
        Asked::Told(_) => (words::FORM_SENT, true),
        Asked::LinkWanted(_) => (words::LINK_WANTED, true),
        Asked::Public => (words::FORM_PUBLIC, false),
        Asked::NobodyOpens => (words::FORM_UNOPENABLE, false),
        Asked::Unknown => (words::FORM_UNKNOWN, false),
    }
}

/// The question says what came of it.
async fn close(desk: &Incoming, dialogue: &DialogueRow, said: &str) -> Result<(), EngineError> {
    desk.engine.end_dialogue(dialogue.token.clone()).await?;
    let post = dialogue
        .post
        .as_ref()
        .and_then(|post| post.as_str().parse().ok());
    if let (Ok(chat), Some(post)) = (dialogue.chat.as_str().parse(), post) {
        let mut html = Html::message();
        html.ours(said);
        let (chat, post) = (
            teloxide::types::ChatId(chat),
            teloxide::types::MessageId(post),
        );
        let changed = desk.change(chat, post, html.finish(), None).await;
        if let Err(error) = changed {
            tracing::debug!(%error, "a question in Telegram could not be closed");
        }
    }
    Ok(())
}

fn keys(token: &ButtonToken, forms: &[FormName]) -> InlineKeyboardMarkup {
    let key = |words: &str, choice| {
        InlineKeyboardButton::callback(words, Press::Choice(choice).data(token))
    };
    let mut rows = vec![vec![key(words::SEND_ANYWAY, SEND)]];
    match forms {
        [_] => rows.push(vec![key(words::SEND_FORM, FIRST_FORM)]),
        forms => rows.extend(
            forms
                .iter()
                .zip(FIRST_FORM..)
                .map(|(form, choice)| vec![key(&format!("{}: {form}", words::SEND_FORM), choice)]),
        ),
    }
    rows.push(vec![
        key(words::RING_INSTEAD, RING),
        key(words::THROW_AWAY, DISCARD),
    ]);
    InlineKeyboardMarkup::new(rows)
}
