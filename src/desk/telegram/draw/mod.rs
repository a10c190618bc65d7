//! Draws what agents see in Telegram: cards, notices, the queue, incidents, as Telegram's HTML with
//! buttons. Pure; it decides nothing and sends nothing.

mod calendar;
mod card;
mod desk;
mod html;
mod keyboard;
mod notice;

pub(super) use calendar::Calendar;
pub(super) use card::{Beside, Opener, card, ended, no_longer_yours, nudge};
pub(super) use desk::{digest, handed_over, incident, incident_over, queue};
pub(super) use html::Html;
pub(super) use keyboard::{
    Links, doubt_buttons, incident_buttons, notice_buttons, of_card, queue_buttons, silent_buttons,
};
pub(super) use notice::{doubt, form, notice};
