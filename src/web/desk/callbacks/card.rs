//! One callback as its card tells it: who, why now, since when, and what this viewer may do.

use crate::{
    domain::{
        account::Role,
        ids::AccountName,
        time::{Length, Timestamp, after},
    },
    rules::Rules,
    store::{
        CallbackId,
        rows::{CallbackRow, CallbackState, desk::QueueRow},
    },
    web::{
        account::session::SignedIn,
        desk::{
            forms::{Marks, Offers},
            names::Names,
            thread_url, words,
        },
        pages::times::{Shown, Times},
    },
};

use super::Back;

/// What is left of a card when a thread shows it: the callback's marks and what may be done with it.
/// `desk/callbacks/actions.html` shows the latter; it wants `card` and `frame`.
#[derive(Debug)]
pub(in crate::web) struct Card {
    /// The callback.
    pub(in crate::web) id: CallbackId,
    /// The customer's name or handle.
    pub(in crate::web) name: String,
    /// The channel's name.
    pub(in crate::web) channel: String,
    /// The desk's name, where there are several.
    pub(in crate::web) desk: Option<String>,
    /// The thread.
    pub(in crate::web) url: String,
    /// Why now, as a sentence.
    pub(in crate::web) why: String,
    /// Which exchange of the case opened it.
    pub(in crate::web) exchange: u32,
    /// The customer's newest words, masked.
    pub(in crate::web) text: String,
    /// When they were written.
    pub(in crate::web) text_at: Option<Shown>,
    /// At the head of the queue.
    pub(in crate::web) is_urgent: bool,
    /// The customer asked for the call.
    pub(in crate::web) is_asked: bool,
    /// The customer was merely answering.
    pub(in crate::web) is_soft: bool,
    /// Due since; or for a scheduled one, when.
    pub(in crate::web) since: Shown,
    /// Where it stands.
    pub(in crate::web) state: CallbackState,
    /// Who has it, as colleagues know them; `None` when it is nobody's or the viewer's.
    pub(in crate::web) holder: Option<String>,
    /// Whether it is the viewer's.
    pub(in crate::web) is_mine: bool,
    /// Whether the viewer may take it out of others' hands.
    pub(in crate::web) may_force: bool,
    /// How long *Not a customer* mutes.
    pub(in crate::web) mute_lasts: String,
    /// Times to promise, with their labels, as a field holds them.
    pub(in crate::web) laters: Vec<(String, String)>,
    /// The zone of those.
    pub(in crate::web) zone: String,
    /// Where one comes back to.
    pub(in crate::web) back: &'static str,
    /// What the forms of its case say.
    pub(in crate::web) marks: Marks,
    /// The forms that the customer can be asked to fill in.
    pub(in crate::web) offers: Offers,
}

impl Card {
    /// Of a callback in the queue.
    pub(in crate::web) fn new(
        row: QueueRow,
        rules: &Rules,
        by: &SignedIn,
        names: &Names,
        times: &Times,
        back: Back,
    ) -> Self {
        let name = row.author.as_ref().map(|author| author.reveal().to_owned());
        Self {
            name: name.unwrap_or_else(|| "A customer".to_owned()),
            why: match row.reason.as_str() {
                "" => words::why(&row.callback),
                reason => words::sentence(reason),
            },
            marks: Marks::new(&row.forms, row.callback.case, times),
            text: row.text.into_revealed(),
            text_at: Some(times.ago(row.at)),
            ..Self::of_callback(&row.callback, rules, by, names, times, back)
        }
    }

    /// Of a callback alone, for a page that tells the rest itself.
    pub(in crate::web) fn of_callback(
        row: &CallbackRow,
        rules: &Rules,
        by: &SignedIn,
        names: &Names,
        times: &Times,
        back: Back,
    ) -> Self {
        let holder = holder(row);
        let is_mine = holder == Some(&by.name);
        Self {
            id: row.id,
            name: String::new(),
            channel: row.channel.to_string(),
            desk: (rules.desks.len() > 1).then(|| row.desk.to_string()),
            url: thread_url(&row.channel, &row.thread),
            why: String::new(),
            exchange: row.exchange,
            text: String::new(),
            text_at: None,
            is_urgent: row.urgent,
            is_asked: row.asked,
            is_soft: row.soft,
            since: since(row, times),
            state: row.state,
            holder: holder.filter(|_| !is_mine).map(|holder| names.of(holder)),
            is_mine,
            may_force: by.role >= Role::Supervisor,
            mute_lasts: mute_lasts(rules.policy(&row.channel).mute_lasts),
            laters: laters(times),
            zone: times.zone().to_owned(),
            back: back.as_str(),
            marks: Marks::default(),
            offers: Offers::new(rules, &thread_url(&row.channel, &row.thread), back.as_str()),
        }
    }

    /// Its tone in the style sheet.
    pub(in crate::web) const fn tone(&self) -> &'static str {
        if self.is_urgent {
            "card-urgent"
        } else if self.is_mine {
            "card-mine"
        } else if self.is_soft {
            "card-soft"
        } else if self.is_asked {
            "card-asked"
        } else {
            "card-warm"
        }
    }

    /// Nobody has it.
    pub(in crate::web) fn is_due(&self) -> bool {
        self.state == CallbackState::Due
    }

    /// Somebody rings at a promised time.
    pub(in crate::web) fn is_scheduled(&self) -> bool {
        self.state == CallbackState::Scheduled
    }
}

/// Who has a callback. Who had one that is due again or has ended is history.
pub(in crate::web) fn holder(row: &CallbackRow) -> Option<&AccountName> {
    match row.state {
        CallbackState::Claimed | CallbackState::Scheduled => row.claimed_by.as_ref(),
        CallbackState::Due
        | CallbackState::NoAnswer
        | CallbackState::Done
        | CallbackState::Withdrawn
        | CallbackState::Exhausted => None,
    }
}

fn since(row: &CallbackRow, times: &Times) -> Shown {
    match row.state {
        CallbackState::Scheduled => times.at(row.scheduled_at.unwrap_or(row.due_at)),
        _ => times.ago(row.due_at),
    }
}

/// "30 days", or the length as the rules write it.
fn mute_lasts(length: Length) -> String {
    const DAY: i64 = 24 * 3_600_000;
    let millis = length.as_milliseconds();
    match (millis / DAY, millis % DAY) {
        (1, 0) => "a day".to_owned(),
        (days, 0) if days > 1 => format!("{days} days"),
        _ => length.to_string(),
    }
}

/// Times that one likes to promise, on the five minutes.
fn laters(times: &Times) -> Vec<(String, String)> {
    let now = times.now();
    let soon = [
        ("In 30 minutes", Length::minutes(30)),
        ("In an hour", Length::hours(1)),
        ("In three hours", Length::hours(3)),
    ];
    soon.into_iter()
        .map(|(label, length)| (label, on_the_five_minutes(after(now, length))))
        .chain(times.tomorrow_at_nine().map(|at| ("Tomorrow at nine", at)))
        .map(|(label, at)| (label.to_owned(), times.for_field(at)))
        .collect()
}

fn on_the_five_minutes(at: Timestamp) -> Timestamp {
    const FIVE_MINUTES: i64 = 300;
    let seconds = at.as_second();
    let round = seconds.saturating_add((-seconds).rem_euclid(FIVE_MINUTES));
    Timestamp::from_second(round).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::{Length, Timestamp, mute_lasts, on_the_five_minutes};

    #[test]
    fn promised_times_are_round() {
        let round = |text: &str| {
            let at: Timestamp = text.parse().expect("a time");
            on_the_five_minutes(at).to_string()
        };
        assert_eq!(round("2026-01-05T10:00:00Z"), "2026-01-05T10:00:00Z");
        assert_eq!(round("2026-01-05T10:00:01Z"), "2026-01-05T10:05:00Z");
        assert_eq!(round("2026-01-05T10:59:59Z"), "2026-01-05T11:00:00Z");
    }

    #[test]
    fn how_long_one_is_muted_reads_well() {
        assert_eq!(mute_lasts(Length::hours(720)), "30 days");
        assert_eq!(mute_lasts(Length::hours(24)), "a day");
        assert_eq!(mute_lasts(Length::hours(36)), "1d12h");
    }
}
