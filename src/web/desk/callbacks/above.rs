//! What stands above the queue: what the desk is told as it opens, what the shift before left,
//! incidents, and one card in place of a flood of them.

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;

use super::View;
use crate::{
    desk::{Plain, card::called},
    domain::{
        ids::{AccountName, DeskName},
        reading::Language,
    },
    engine::Next,
    store::rows::{
        desk::{QueueRow, QueueView, Sight},
        examples::DoubtRow,
        shift::{DigestCounts, DigestRow, IncidentRow, QueueCount},
    },
    web::{
        Parts,
        account::session::{Nothing, SignedForm, SignedIn},
        desk::{
            handover::{Left, left},
            incidents::IncidentCard,
            names::Names,
            said::Said,
            sight_now, thread_url, works,
        },
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// How many callbacks a queue card names.
const NAMED: u32 = 15;

/// What stands above the queue. `desk/callbacks/above.html` shows it; it wants `above` and `frame`.
#[derive(Debug, Default)]
pub(super) struct Above {
    /// What desks are told as they open.
    pub(super) digests: Vec<Digest>,
    /// What was left to them.
    pub(super) left: Vec<Left>,
    /// Incidents that are not over.
    pub(super) incidents: Vec<IncidentCard>,
    /// One card in place of a flood, for each desk that has one.
    pub(super) queues: Vec<QueueCard>,
    /// There are several desks, so each is named.
    pub(super) several_desks: bool,
    /// The desks whose callbacks are shown by cards of their own; `None`: all that the viewer sees.
    carded: Option<Vec<DeskName>>,
}

/// What a desk is told as it opens.
#[derive(Debug)]
pub(super) struct Digest {
    /// Its number.
    pub(super) id: i64,
    /// The desk.
    pub(super) desk: DeskName,
    /// Since when it had been closed.
    pub(super) closed: Shown,
    /// What there is, a line each, the most pressing first.
    pub(super) lines: Vec<String>,
    /// Thank-yous that may have been none.
    pub(super) doubts: Vec<Doubt>,
}

/// A thank-you that has ended a case and may have been none.
#[derive(Debug)]
pub(super) struct Doubt {
    /// The customer.
    pub(super) name: String,
    /// The thread.
    pub(super) url: String,
    /// The message.
    pub(super) message: String,
    /// Its channel.
    pub(super) channel: String,
    /// When it was written.
    pub(super) at: Shown,
    /// What it says, masked.
    pub(super) text: String,
    /// The language of its thread.
    pub(super) language: Option<Language>,
}

/// One card in place of a flood.
#[derive(Debug)]
pub(super) struct QueueCard {
    /// The desk.
    pub(super) desk: DeskName,
    /// How many callbacks nobody has.
    pub(super) due: u64,
    /// How many are of which kind.
    pub(super) kinds: Vec<(&'static str, String)>,
    /// Since when the longest waiting one waits.
    pub(super) oldest: Shown,
    /// The head of it.
    pub(super) rows: Vec<QueuedLine>,
    /// How many more there are.
    pub(super) more: u64,
}

/// One callback in a queue card.
#[derive(Debug)]
pub(super) struct QueuedLine {
    /// The customer.
    pub(super) name: String,
    /// The thread.
    pub(super) url: String,
    /// Its channel.
    pub(super) channel: String,
    /// Its kind, with its badge's tone.
    pub(super) kind: Option<(&'static str, &'static str)>,
    /// Due since.
    pub(super) since: Shown,
}

impl Above {
    /// What an account sees above a view.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) async fn read(
        parts: &Parts,
        by: &SignedIn,
        times: &Times,
        view: View,
    ) -> Result<Self, PageError> {
        let several_desks = parts.engine.rules().rules.desks.len() > 1;
        if view != View::Due {
            return Ok(Self::default());
        }
        let (store, sight) = (parts.engine.store(), sight_now(parts, by));
        let digests = store.digests(sight.clone()).await?;
        let doubts = match digests.is_empty() {
            true => Vec::new(),
            false => store.doubts(sight.clone()).await?,
        };
        let incidents = store.incidents(sight.clone()).await?;
        let counts = store.queue_counts(sight.clone()).await?;
        let (pinned, others): (Vec<_>, Vec<_>) =
            counts.into_iter().partition(|count| count.is_pinned);
        let carded = others.into_iter().map(|count| count.desk).collect();
        let carded = (!pinned.is_empty()).then_some(carded);
        let mut queues = Vec::new();
        for count in pinned {
            queues.push(QueueCard::read(parts, &sight, count, times).await?);
        }
        let names = Names::read(parts, held_by(&incidents)).await?;
        let card = |row| IncidentCard::new(row, by, &names, times);
        Ok(Self {
            digests: digests
                .iter()
                .map(|row| Digest::new(row, &doubts, times))
                .collect(),
            left: left(parts, by, times).await?,
            incidents: incidents.iter().map(card).collect(),
            queues,
            several_desks,
            carded,
        })
    }

    /// The sight of the callbacks that are shown by cards of their own.
    pub(super) fn of_cards(&self, sight: Sight) -> Sight {
        match &self.carded {
            Some(desks) => Sight {
                desks: Some(desks.clone()),
                ..sight
            },
            None => sight,
        }
    }
}

fn held_by(incidents: &[IncidentRow]) -> impl Iterator<Item = &AccountName> {
    let held = incidents.iter().filter_map(|row| row.held.as_ref());
    held.map(|(_, account)| account)
}

impl Digest {
    fn new(row: &DigestRow, doubts: &[DoubtRow], times: &Times) -> Self {
        let doubts = doubts.iter().filter(|doubt| doubt.desk == row.desk);
        Self {
            id: row.id,
            desk: row.desk.clone(),
            closed: times.at(row.closed_at),
            lines: lines(&row.counts),
            doubts: doubts.map(|doubt| Doubt::new(doubt, times)).collect(),
        }
    }
}

impl Doubt {
    fn new(row: &DoubtRow, times: &Times) -> Self {
        Self {
            name: called(row.author.as_ref(), row.profile.as_ref()).to_string(),
            url: thread_url(&row.channel, &row.thread),
            message: row.message.to_string(),
            channel: row.channel.to_string(),
            at: times.at(row.at),
            text: Plain::quote(row.text.reveal()).to_string(),
            language: row.language,
        }
    }
}

/// What there is, a line each; nothing of what there is none of.
fn lines(counts: &DigestCounts) -> Vec<String> {
    let DigestCounts {
        came,
        urgent,
        promised,
        waiting,
        left_claimed,
        handed_over,
        held,
        unsure,
    } = *counts;
    let all = [
        (urgent, "urgent callback came", "urgent callbacks came"),
        (came - urgent.min(came), "callback came", "callbacks came"),
        (
            promised,
            "call is promised for today",
            "calls are promised for today",
        ),
        (
            handed_over,
            "callback was handed over",
            "callbacks were handed over",
        ),
        (
            left_claimed,
            "callback is claimed since before",
            "callbacks are claimed since before",
        ),
        (
            waiting,
            "customer waits for an answer",
            "customers wait for an answer",
        ),
        (
            held,
            "callback is held back by an incident",
            "callbacks are held back by incidents",
        ),
        (
            unsure,
            "thank-you ended a case, but may have been none",
            "thank-yous ended cases, but may have been none",
        ),
    ];
    let lines = all.into_iter().filter(|(count, ..)| *count > 0);
    lines
        .map(|(count, one, many)| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {many}"),
        })
        .collect()
}

impl QueueCard {
    async fn read(
        parts: &Parts,
        sight: &Sight,
        count: QueueCount,
        times: &Times,
    ) -> Result<Self, PageError> {
        let sight = Sight {
            desks: Some(vec![count.desk.clone()]),
            ..sight.clone()
        };
        let queue = parts.engine.store().queue(QueueView::Due, sight, NAMED);
        let queue = queue.await?;
        Ok(Self {
            due: count.due,
            kinds: kinds(&count),
            oldest: times.ago(count.oldest),
            more: queue.total.saturating_sub(queue.rows.len() as u64),
            rows: queue
                .rows
                .iter()
                .map(|row| QueuedLine::new(row, times))
                .collect(),
            desk: count.desk,
        })
    }
}

/// How many are of which kind, with the tone of its badge.
fn kinds(count: &QueueCount) -> Vec<(&'static str, String)> {
    let QueueCount {
        due,
        urgent,
        asked,
        soft,
        ..
    } = *count;
    let others = due.saturating_sub(urgent + asked + soft);
    let kinds = [
        ("badge-urgent", urgent, "urgent"),
        ("badge-accent", asked, "asked for a call"),
        ("badge-warm", others, "came back a third time"),
        ("", soft, "soft"),
    ];
    let kinds = kinds.into_iter().filter(|(_, count, _)| *count > 0);
    kinds
        .map(|(tone, count, kind)| (tone, format!("{count} {kind}")))
        .collect()
}

impl QueuedLine {
    fn new(row: &QueueRow, times: &Times) -> Self {
        let callback = &row.callback;
        let profile = row.background.contact.profile.as_ref();
        Self {
            name: called(row.author.as_ref(), profile).to_string(),
            url: thread_url(&callback.channel, &callback.thread),
            channel: callback.channel.to_string(),
            kind: if callback.urgent {
                Some(("badge-urgent", "Urgent"))
            } else if callback.asked {
                Some(("badge-accent", "Asked"))
            } else if callback.soft {
                Some(("", "Soft"))
            } else {
                None
            },
            since: times.ago(callback.due_at),
        }
    }
}

/// Of which desk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfDesk {
    desk: String,
}

/// Takes the head of a desk's queue.
pub(super) async fn next(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<OfDesk>,
) -> Result<Redirect, PageError> {
    let desk = DeskName::parse(&form.desk).map_err(|_| PageError::not_found())?;
    if !works(&parts.engine.rules().rules, &by, &desk) {
        return Err(PageError::not_found());
    }
    let (view, said) = match parts.engine.claim_next(desk, by.name).await? {
        Next::Claimed(_) => (View::Mine, Said::Claimed),
        Next::AllQuiet => (View::Due, Said::AllQuiet),
        Next::Nobody => (View::Due, Said::NobodyWaits),
    };
    let view = view.as_str();
    Ok(Redirect::to(&format!(
        "/desk/callbacks?view={view}&said={said}"
    )))
}

/// Marks what a desk is told as it opens as seen.
pub(super) async fn see_digest(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Redirect, PageError> {
    let id: i64 = id.parse().map_err(|_| PageError::not_found())?;
    let seen = parts.engine.store().digests(sight_now(&parts, &by)).await?;
    // Whether it is another desk's or was seen before is not told.
    let is_theirs = seen.iter().any(|digest| digest.id == id);
    let said = match is_theirs && parts.engine.see_digest(id, by.name).await? {
        true => Said::Seen,
        false => Said::SeenBefore,
    };
    Ok(Redirect::to(&format!("/desk/callbacks?said={said}")))
}

#[cfg(test)]
mod tests {
    use super::{DigestCounts, lines};

    #[test]
    fn a_digest_names_the_urgent_ones_first_and_nothing_that_is_not_there() {
        let counts = DigestCounts {
            came: 4,
            urgent: 1,
            waiting: 2,
            ..DigestCounts::default()
        };
        assert_eq!(
            lines(&counts),
            [
                "1 urgent callback came",
                "3 callbacks came",
                "2 customers wait for an answer"
            ]
        );
        assert_eq!(lines(&DigestCounts::default()), [""; 0]);
    }
}
