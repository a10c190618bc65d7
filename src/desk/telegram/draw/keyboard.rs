//! The buttons under what is posted: which ones, by how a callback stands. What a button may do is
//! checked when it is pressed.

use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::{
    desk::{
        card::holder,
        telegram::{
            button::Press::{self, *},
            wording,
        },
    },
    domain::ids::ButtonToken,
    store::rows::{CallbackRow, CallbackState},
};

/// Where more is to be seen.
#[derive(Debug, Clone, Default)]
pub(in crate::desk::telegram) struct Links {
    /// The thread's page of the web desk, where that can be opened from anywhere.
    pub(in crate::desk::telegram) page: Option<String>,
    /// The topic that the thread is relayed in.
    pub(in crate::desk::telegram) topic: Option<String>,
}

impl Links {
    fn row(&self) -> Vec<InlineKeyboardButton> {
        let button = |words: &str, url: &Option<String>| {
            let url = url.as_ref()?.parse().ok()?;
            Some(InlineKeyboardButton::url(words, url))
        };
        [
            button(wording::OPEN_TOPIC, &self.topic),
            button(wording::OPEN_PAGE, &self.page),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Under the card of an open callback.
pub(in crate::desk::telegram) fn of_card(
    row: &CallbackRow,
    token: &ButtonToken,
    links: &Links,
) -> InlineKeyboardMarkup {
    let is_held = holder(row).is_some();
    let rows: &[&[(Press, &str)]] = match row.state {
        _ if row.incident.is_some() => &[&[(Show, wording::SHOW)]],
        CallbackState::Claimed => &[
            &[(Done, wording::DONE), (NoAnswer, wording::NO_ANSWER)],
            &[(Later, wording::LATER), (Release, wording::RELEASE)],
            &[(KeepTyping, wording::KEEP_TYPING), (Form, wording::FORM)],
            &[(Show, wording::SHOW)],
        ],
        CallbackState::Scheduled if is_held => &[
            &[(Claim, wording::RING_NOW), (Later, wording::LATER)],
            &[
                (KeepTyping, wording::KEEP_TYPING),
                (Release, wording::RELEASE),
            ],
            &[(Show, wording::SHOW)],
        ],
        CallbackState::Scheduled | CallbackState::NoAnswer => &[
            &[(Claim, wording::RING_NOW), (Later, wording::LATER)],
            &[(KeepTyping, wording::KEEP_TYPING), (Form, wording::FORM)],
            &[(Show, wording::SHOW)],
        ],
        CallbackState::Due if row.soft => &[
            &[(KeepTyping, wording::KEEP_TYPING), (Claim, wording::CLAIM)],
            &[(Later, wording::LATER), (Form, wording::FORM)],
            &[(Show, wording::SHOW)],
        ],
        CallbackState::Due => &[
            &[(Claim, wording::CLAIM), (KeepTyping, wording::KEEP_TYPING)],
            &[(Later, wording::LATER), (Form, wording::FORM)],
            &[(Show, wording::SHOW)],
        ],
        CallbackState::Done | CallbackState::Withdrawn | CallbackState::Exhausted => &[],
    };
    let mut keyboard = buttons(token, rows);
    let links = links.row();
    if !rows.is_empty() && !links.is_empty() {
        keyboard.inline_keyboard.push(links);
    }
    keyboard
}

/// Under the question whether a silent claim is still worked on.
pub(in crate::desk::telegram) fn silent_buttons(token: &ButtonToken) -> InlineKeyboardMarkup {
    buttons(
        token,
        &[&[(Renew, wording::RENEW), (Release, wording::RELEASE)]],
    )
}

/// Under a desk's queue card.
pub(in crate::desk::telegram) fn queue_buttons(token: &ButtonToken) -> InlineKeyboardMarkup {
    buttons(token, &[&[(TakeNext, wording::TAKE_NEXT)]])
}

/// Under an incident's card.
pub(in crate::desk::telegram) fn incident_buttons(
    token: &ButtonToken,
    is_held: bool,
) -> InlineKeyboardMarkup {
    match is_held {
        true => buttons(token, &[&[(EndIncident, wording::END_INCIDENT)]]),
        false => buttons(
            token,
            &[&[(Hold, wording::HOLD), (Dismiss, wording::DISMISS)]],
        ),
    }
}

/// Under what a desk is told of a thread. `may_repeat`: a message can be sent again.
pub(in crate::desk::telegram) fn notice_buttons(
    token: &ButtonToken,
    may_repeat: bool,
    links: &Links,
) -> InlineKeyboardMarkup {
    let mut keyboard = match may_repeat {
        true => buttons(
            token,
            &[&[(SendAgain, wording::SEND_AGAIN), (SeenTo, wording::SEEN_TO)]],
        ),
        false => buttons(token, &[&[(SeenTo, wording::SEEN_TO)]]),
    };
    let links = links.row();
    if !links.is_empty() {
        keyboard.inline_keyboard.push(links);
    }
    keyboard
}

/// Under the question whether a message was thanks; `None`: nothing can be done about it from there.
pub(in crate::desk::telegram) fn doubt_buttons(
    token: &ButtonToken,
    may_say: bool,
    links: &Links,
) -> Option<InlineKeyboardMarkup> {
    let mut keyboard = match may_say {
        true => buttons(
            token,
            &[&[
                (Solved, wording::YES_SOLVED),
                (LookAgain, wording::LOOK_AGAIN),
            ]],
        ),
        false => buttons(token, &[]),
    };
    let links = links.row();
    if !links.is_empty() {
        keyboard.inline_keyboard.push(links);
    }
    (!keyboard.inline_keyboard.is_empty()).then_some(keyboard)
}

fn buttons(token: &ButtonToken, rows: &[&[(Press, &str)]]) -> InlineKeyboardMarkup {
    let button =
        |(press, words): &(Press, &str)| InlineKeyboardButton::callback(*words, press.data(token));
    InlineKeyboardMarkup::new(rows.iter().map(|row| row.iter().map(button)))
}
