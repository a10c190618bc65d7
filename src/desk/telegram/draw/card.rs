//! A callback's card: the same lines as at every desk. In a group without what is for its claimer alone.

use super::{Calendar, Html};
use crate::{
    desk::{Card, Ended, Head, LineKind, Plain, wording as words},
    domain::decision::CardChange,
};

/// Who cannot be written to in private, and where they would change that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::desk::telegram) struct Opener {
    /// Whoever has the callback.
    pub(in crate::desk::telegram) name: Plain,
    /// A link that opens a chat with the bot.
    pub(in crate::desk::telegram) url: String,
}

/// What stands on a card beside what every desk's has.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::desk::telegram) struct Beside<'a> {
    /// What is to be told to the customer by whoever works it.
    pub(in crate::desk::telegram) to_say: &'a [&'static str],
    /// The telephone number that must not be told, whoever wrote it.
    pub(in crate::desk::telegram) hidden: Option<&'a str>,
    /// What the card leaves out could not be told in private.
    pub(in crate::desk::telegram) opener: Option<&'a Opener>,
}

/// The card of an open callback.
pub(in crate::desk::telegram) fn card(
    card: &Card,
    calendar: &Calendar,
    beside: Beside<'_>,
) -> String {
    let mut html = Html::message().hiding(beside.hidden);
    head(&mut html, card.callback.0, &card.head);
    for (place, mark) in card.marks.iter().enumerate() {
        let before = if place == 0 { "\n" } else { " · " };
        html.ours(before);
        html.pieces(&words::mark(mark), calendar);
    }
    for line in &card.lines {
        match line.kind {
            LineKind::Warning => html.ours("\n⚠️ ").pieces(&line.pieces, calendar),
            LineKind::Newest => html.line().quote(|html| {
                html.pieces(&line.pieces, calendar);
            }),
            kind => {
                html.line();
                if let Some(label) = words::label(kind) {
                    html.bold(label).ours(": ");
                }
                html.pieces(&line.pieces, calendar)
            }
        };
    }
    for words in beside.to_say {
        html.ours("\n✍️ ").ours(words);
    }
    if let Some(opener) = beside.opener {
        html.line()
            .theirs(&opener.name)
            .ours(", for the number and the rest ");
        html.link(&opener.url, "open a chat with me")
            .ours(" and press Start.");
    }
    html.finish()
}

fn head(html: &mut Html, id: i64, head: &Head) {
    html.ours("☎️ ").within_bold(|html| {
        html.theirs(&head.name);
    });
    let also: Vec<&Plain> = head.handle.iter().chain(&head.company).collect();
    for (place, also) in also.iter().enumerate() {
        html.ours(if place == 0 { " (" } else { ", " }).theirs(also);
    }
    if !also.is_empty() {
        html.ours(")");
    }
    html.ours(&format!(" · {}", head.channel));
    if let Some(desk) = &head.desk {
        html.ours(&format!(" · desk {desk}"));
    }
    html.ours(&format!(" · callback {id}"));
}

/// What is left of a card: one line.
pub(in crate::desk::telegram) fn ended(ended: &Ended, calendar: &Calendar) -> String {
    let mut html = Html::message();
    html.pieces(&ended.pieces, calendar);
    html.finish()
}

/// What is left in private, where it cannot be deleted any more.
pub(in crate::desk::telegram) fn no_longer_yours(id: i64) -> String {
    format!("Callback {id} is not yours any more.")
}

/// What rings for a callback again. `None`: that change does not.
pub(in crate::desk::telegram) const fn nudge(change: CardChange) -> Option<&'static str> {
    Some(match change {
        CardChange::TurnedLoud => "They wrote again: this call is due now.",
        CardChange::Asked => "They ask to be rung now.",
        CardChange::TurnedUrgent => "This one is urgent now.",
        CardChange::DueAgain => "It is time: please ring them.",
        CardChange::Reminded => "Nobody has claimed this call yet.",
        CardChange::Released => "Nobody has it any more: please claim it.",
        CardChange::HandedOver => "Left by the shift before: please claim it.",
        CardChange::WrongNumber => "The number was not theirs: it is due again.",
        CardChange::MessageAdded
        | CardChange::Claimed
        | CardChange::Scheduled
        | CardChange::Thanked
        | CardChange::WantsText
        | CardChange::TimeChosen
        | CardChange::Renewed
        | CardChange::NoAnswer
        | CardChange::NumberFound
        | CardChange::DoNotCall
        | CardChange::Parked
        | CardChange::Unparked => return None,
    })
}
