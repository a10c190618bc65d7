//! How a question reads, and its buttons. Pure, but for the customer's name.

use jiff::tz::TimeZone;
use teloxide::types::{
    InlineKeyboardButton, InlineKeyboardButtonKind, InlineKeyboardMarkup, Message,
};

use super::{
    Step, TOKEN,
    rung::{Asks, OUTCOMES, Rung},
};
use crate::{
    desk::{
        Plain,
        telegram::{
            button::Press,
            draw::Html,
            incoming::{Agent, Incoming, when::Times},
            wording,
        },
    },
    domain::{callback::KeepTyping, ids::ButtonToken},
    engine::EngineError,
    store::{CallbackId, rows::chat::DialogueRow},
};

/// Why one goes on in text, in the order in which one chooses.
pub(super) const WHYS: [(KeepTyping, &str); 4] = [
    (KeepTyping::Answering, wording::ANSWERING),
    (KeepTyping::Thanks, wording::THANKS),
    (KeepTyping::BeingHandled, wording::BEING_HANDLED),
    (KeepTyping::NotACustomer, wording::NOT_A_CUSTOMER),
];

type Rows = Vec<Vec<(String, Press)>>;

/// What a question is drawn with.
pub(super) struct About {
    /// The customer whom it is about.
    name: Option<Plain>,
    /// By which clocks.
    times: Times,
}

impl About {
    /// Of a question.
    pub(super) async fn of(desk: &Incoming, step: &Step) -> Result<Self, EngineError> {
        let call = match callback_of(step) {
            Some(callback) => desk.call(callback).await?,
            None => None,
        };
        Ok(match call {
            Some(call) => Self {
                name: Some(call.name()),
                times: call.times(desk.clock.now()),
            },
            None => Self {
                name: None,
                times: Times::new(desk.clock.now(), TimeZone::UTC, |at| at),
            },
        })
    }
}

const fn callback_of(step: &Step) -> Option<CallbackId> {
    match step {
        Step::KeepTyping { callback } | Step::Later { callback, .. } => Some(*callback),
        Step::Rung(rung) => Some(rung.callback),
        Step::HandOver | Step::Hold { .. } | Step::Relay { .. } | Step::Pairing { .. } => None,
    }
}

/// A question in a message of its own.
pub(super) fn question(
    by: &Agent,
    dialogue: &DialogueRow,
    step: &Step,
    about: &About,
) -> (String, InlineKeyboardMarkup) {
    let mut html = Html::message();
    if dialogue.chat.as_str() != by.person.as_str() {
        let whom = format!("tg://user?id={}", by.person);
        html.link(&whom, by.shown.as_str()).ours(", ");
    }
    if let Some(callback) = callback_of(step) {
        html.bold(&format!("callback {callback}"));
        if let Some(name) = &about.name {
            html.ours(" · ").theirs(name);
        }
        html.line();
    }
    words(&mut html, step);
    (
        html.finish(),
        keyboard(&dialogue.token, rows(step, &about.times)),
    )
}

fn words(html: &mut Html, step: &Step) {
    match step {
        Step::KeepTyping { .. } => html.ours(wording::ASK_WHY),
        Step::Later { writes: true, .. } => html.ours(wording::ASK_TO_WRITE_TIME),
        Step::Later { writes: false, .. } => html.ours(wording::ASK_WHEN),
        Step::Rung(rung) => words_of_call(html, rung),
        Step::HandOver => html.ours(wording::ASK_HAND_OVER),
        Step::Hold { text: None, .. } => html.ours(wording::ASK_STATUS),
        Step::Hold {
            text: Some(text), ..
        } => html
            .ours(wording::STATUS_READS)
            .quote(|html| {
                html.text(text.reveal());
            })
            .ours(wording::ASK_WHOM_TO_HOLD),
        Step::Relay { .. } | Step::Pairing { .. } => html,
    };
}

fn words_of_call<'a>(html: &'a mut Html, rung: &Rung) -> &'a mut Html {
    match (rung.asks, &rung.told) {
        (Asks::Outcome, _) => html.ours(wording::ASK_OUTCOME),
        (Asks::When, _) => html.ours(wording::ASK_WHEN_AGAIN),
        (Asks::Note, _) => html.ours(wording::ASK_NOTE),
        (Asks::Check, Some(told)) => html.ours(wording::GOES_TO_CUSTOMER).quote(|html| {
            html.text(told.reveal());
        }),
        (Asks::Told | Asks::Check, _) => html.ours(wording::ASK_TOLD),
    }
}

fn rows(step: &Step, times: &Times) -> Rows {
    let row = |buttons: &[(&str, Press)]| -> Vec<(String, Press)> {
        let button = |(words, press): &(&str, Press)| ((*words).to_owned(), *press);
        buttons.iter().map(button).collect()
    };
    let cancel = (wording::CANCEL, Press::Cancel);
    match step {
        Step::KeepTyping { .. } => {
            let mut rows = choices(WHYS.map(|(_, words)| words.to_owned()));
            rows.push(row(&[cancel]));
            rows
        }
        Step::Later {
            times: offered,
            writes: false,
            ..
        } => {
            let mut rows = choices(offered.iter().map(|at| times.said(*at)));
            rows.push(row(&[(wording::WRITE_TIME, Press::Change), cancel]));
            rows
        }
        Step::Rung(rung) => {
            let mut rows = match rung.asks {
                Asks::Outcome => choices(OUTCOMES.map(|(_, words)| words.to_owned())),
                Asks::When => choices(rung.times.iter().map(|at| times.said(*at))),
                Asks::Note | Asks::Told => vec![row(&[(wording::SKIP, Press::Skip)])],
                Asks::Check => vec![row(&[
                    (wording::SEND, Press::Send),
                    (wording::CHANGE, Press::Change),
                ])],
            };
            match rows.last_mut().filter(|last| last.len() == 1) {
                Some(last) => last.extend(row(&[cancel])),
                None => rows.push(row(&[cancel])),
            }
            rows
        }
        Step::HandOver => vec![row(&[(wording::HAND_OVER, Press::Send), cancel])],
        Step::Hold { text: Some(_), .. } => vec![
            row(&[
                (wording::HOLD_NEW, Press::Choice(0)),
                (wording::HOLD_ALL, Press::Choice(1)),
            ]),
            row(&[(wording::CHANGE, Press::Change), cancel]),
        ],
        Step::Later { writes: true, .. }
        | Step::Hold { text: None, .. }
        | Step::Relay { .. }
        | Step::Pairing { .. } => vec![row(&[cancel])],
    }
}

/// Two to a row.
fn choices(words: impl IntoIterator<Item = String>) -> Rows {
    let words: Vec<String> = words.into_iter().take(10).collect();
    let numbered: Vec<(String, Press)> = words
        .into_iter()
        .zip(0..)
        .map(|(words, choice)| (words, Press::Choice(choice)))
        .collect();
    numbered.chunks(2).map(<[_]>::to_vec).collect()
}

fn keyboard(token: &ButtonToken, rows: Rows) -> InlineKeyboardMarkup {
    let button =
        |(words, press): (String, Press)| InlineKeyboardButton::callback(words, press.data(token));
    InlineKeyboardMarkup::new(
        rows.into_iter()
            .map(|row| row.into_iter().map(button).collect::<Vec<_>>()),
    )
}

/// The buttons of a post with a question's above them, so that colleagues still have theirs.
pub(super) fn with_rows(
    message: &Message,
    dialogue: &DialogueRow,
    step: &Step,
    about: &About,
) -> InlineKeyboardMarkup {
    let mut keys = keyboard(&dialogue.token, rows(step, &about.times));
    let below = message.reply_markup().cloned().unwrap_or_default();
    // Rows of a question that was left are taken away with it.
    let is_question =
        |row: &Vec<InlineKeyboardButton>| row.iter().any(|button| is_of(button, TOKEN));
    let below = below
        .inline_keyboard
        .into_iter()
        .filter(|row| !is_question(row));
    keys.inline_keyboard.extend(below);
    keys
}

/// The buttons of a post without a question's.
pub(in crate::desk::telegram::incoming) fn without_rows(
    message: &Message,
    token: &ButtonToken,
) -> InlineKeyboardMarkup {
    let mut keys = message.reply_markup().cloned().unwrap_or_default();
    let is_question =
        |row: &Vec<InlineKeyboardButton>| row.iter().any(|button| is_of(button, token.as_str()));
    keys.inline_keyboard.retain(|row| !is_question(row));
    keys
}

fn is_of(button: &InlineKeyboardButton, token: &str) -> bool {
    matches!(&button.kind, InlineKeyboardButtonKind::CallbackData(data) if data.starts_with(token))
}
