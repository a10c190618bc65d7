//! What a viewer may do with an open callback, and what leads: one button of a card is the main one.

use super::card::Drawing;
use crate::{
    desk::Plain,
    domain::{
        account::Role,
        callback::Outcome,
        ids::AccountName,
        time::{Length, Timestamp, after},
    },
    store::rows::{
        CallbackRow, CallbackState,
        dialled::{DialRow, DialState},
    },
    web::{
        desk::forms::Offers,
        pages::times::{Shown, Times},
    },
};

/// An open callback in the eyes of its viewer.
pub(super) struct Viewed<'a> {
    /// The callback.
    pub(super) row: &'a CallbackRow,
    /// The number, if the viewer may see it.
    pub(super) number: Option<&'a Plain>,
    /// It is quiet where the customer is, until then.
    pub(super) ring_at: Option<Timestamp>,
    /// How far the program has come that rings for the viewer.
    pub(super) dialled: Option<&'a DialRow>,
    /// A video call was offered already.
    pub(super) has_video: bool,
    /// Who has it.
    pub(super) holder: Option<&'a AccountName>,
}

/// What leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Lead {
    /// To take it.
    Claim,
    /// To ring once it is quiet no more.
    RingLater,
    /// To go on in text.
    KeepTyping,
    /// To ring.
    Ring,
    /// To say how it went.
    Done,
    /// To say that nobody answered.
    NoAnswer,
    /// Nothing: it is somebody else's.
    Nothing,
}

/// What may be done. `desk/callbacks/actions.html` shows it; it wants `card` and `frame`.
#[derive(Debug)]
pub(in crate::web) struct Acts {
    /// What leads.
    pub(in crate::web) lead: Lead,
    /// What the button says that takes it, if the viewer may.
    pub(in crate::web) claim: Option<&'static str>,
    /// The viewer has claimed it, and so says how it went.
    pub(in crate::web) is_claimed: bool,
    /// It is nobody's or the viewer's: they may go on in text, promise a time, send a form.
    pub(in crate::web) is_free: bool,
    /// The number to ring.
    pub(in crate::web) number: Option<String>,
    /// Another program rings; the press of this very button.
    pub(in crate::web) press: Option<String>,
    /// A video call can be offered instead.
    pub(in crate::web) may_offer_video: bool,
    /// The end of quiet hours, in words and as a field holds it.
    pub(in crate::web) ring_later: Option<(Shown, String)>,
    /// Whether the viewer may give it up, and from whom they would take it.
    pub(in crate::web) release: Option<Release>,
    /// How long *Not a customer* mutes.
    pub(in crate::web) mute_lasts: String,
    /// Times to promise, with their labels, as a field holds them.
    pub(in crate::web) laters: Vec<(String, String)>,
    /// The zone of those.
    pub(in crate::web) zone: String,
    /// What was typed about a call.
    pub(in crate::web) done: CallSheet,
    /// The forms that the customer can be asked to fill in.
    pub(in crate::web) offers: Offers,
}

/// Giving a callback up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Release {
    /// Who has it; `None`: the viewer.
    pub(in crate::web) from: Option<String>,
}

/// What was typed about a call, so that a mistake in it loses nothing. `desk/callbacks/done.html`
/// shows it; it wants `card` and `frame`.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct CallSheet {
    /// What came of it.
    pub(in crate::web) outcome: Option<&'static str>,
    /// When to ring again.
    pub(in crate::web) at: String,
    /// The note.
    pub(in crate::web) note: String,
    /// The line for the customer.
    pub(in crate::web) told: String,
    /// Ringback sends that line.
    pub(in crate::web) is_sent: bool,
    /// What is wrong with it.
    pub(in crate::web) problem: Option<&'static str>,
}

impl CallSheet {
    /// Whether this outcome is chosen; the first is, where none is yet.
    pub(in crate::web) fn has(&self, outcome: &str) -> bool {
        self.outcome.unwrap_or("solved") == outcome
    }
}

impl Acts {
    pub(super) fn new(viewed: &Viewed<'_>, with: &Drawing<'_>, offers: Offers) -> Self {
        let row = viewed.row;
        let policy = with.rules.policy(&row.channel);
        let is_mine = viewed.holder == Some(&with.by.name);
        let is_free = is_mine || viewed.holder.is_none();
        let is_claimed = is_mine && row.state == CallbackState::Claimed;
        let claim = match row.state {
            _ if !is_free || is_claimed => None,
            CallbackState::Scheduled => Some("Ring now"),
            CallbackState::NoAnswer => Some("Try now"),
            _ => Some("Claim"),
        };
        let number = viewed.number.map(ToString::to_string);
        let quiet = viewed.ring_at.filter(|_| is_free);
        let may_force = with.by.role >= Role::Supervisor;
        let from = viewed.holder.filter(|_| !is_mine);
        let release = match from {
            None => is_mine.then_some(Release { from: None }),
            Some(holder) => may_force.then(|| Release {
                from: Some(with.names.of(holder)),
            }),
        };
        Self {
            lead: match row.state {
                _ if !is_free => Lead::Nothing,
                CallbackState::Due | CallbackState::Claimed if quiet.is_some() => Lead::RingLater,
                CallbackState::Due if row.soft => Lead::KeepTyping,
                CallbackState::Claimed => claimed_lead(viewed),
                _ => Lead::Claim,
            },
            claim,
            is_claimed,
            is_free,
            press: (with.can_dial && rings_for_them(viewed.dialled)).then(fresh_press),
            number: number.filter(|_| is_claimed),
            may_offer_video: is_claimed && !viewed.has_video && policy.video_url.is_some(),
            ring_later: quiet.map(|at| (with.times.at(at), with.times.for_field(at))),
            release,
            mute_lasts: mute_lasts(policy.mute_lasts),
            laters: laters(with.times),
            zone: with.times.zone().to_owned(),
            done: CallSheet {
                is_sent: (with.carries)(&row.channel),
                ..CallSheet::default()
            },
            offers,
        }
    }

    /// Whether that leads.
    pub(in crate::web) fn leads(&self, lead: Lead) -> bool {
        self.lead == lead
    }
}

/// What leads once it is claimed: to ring, and after the call what seems to have come of it.
fn claimed_lead(viewed: &Viewed<'_>) -> Lead {
    let dialled = viewed.dialled;
    match dialled.map(|dialled| dialled.state) {
        Some(DialState::Ended) => match dialled.and_then(DialRow::suggests) {
            Some(Outcome::NoAnswer) => Lead::NoAnswer,
            _ => Lead::Done,
        },
        Some(DialState::Asked | DialState::Taken) => Lead::Done,
        Some(DialState::GivenUp) | None if viewed.number.is_some() => Lead::Ring,
        Some(DialState::GivenUp) | None => Lead::Done,
    }
}

/// Whether the other program is to be asked (again). Where it could not be reached, its agent rings.
fn rings_for_them(dialled: Option<&DialRow>) -> bool {
    dialled.is_none_or(|dialled| dialled.state != DialState::GivenUp)
}

/// Another one each time a button is shown: pressed twice, it is still one press.
fn fresh_press() -> String {
    format!("press-{:032x}", rand::random::<u128>())
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
