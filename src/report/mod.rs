//! A month's figures, from the cases as they were kept: for each desk and each of its channels.
//!
//! Pure: no database, no clock, no log. It counts cases; it never says who of us did what, or how
//! long anybody was on the phone.

mod csv;
mod duration;
pub mod figures;
pub mod month;
mod page;

use std::{collections::BTreeMap, io};

use jiff::tz::TimeZone;

use crate::{
    domain::{
        ids::{ChannelName, DeskName},
        time::{Length, Timestamp},
    },
    rules::Rules,
    store::rows::report::CaseHistory,
};
use figures::Figures;
use month::{Month, Span};

/// What a month came to.
#[derive(Debug)]
pub struct Report<'r> {
    rules: &'r Rules,
    month: Month,
    now: Timestamp,
    desks: BTreeMap<DeskName, DeskMonth>,
}

/// What a month came to on one desk.
#[derive(Debug)]
pub struct DeskMonth {
    /// Whose name customers read.
    brand: String,
    /// Where it is.
    zone: TimeZone,
    /// The month there.
    span: Span,
    /// All of its channels together.
    all: Figures,
    /// Each channel on which a case was opened.
    channels: BTreeMap<ChannelName, Figures>,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReport {
    /// The rules have no such desk.
    #[error("there is no desk {desk} in the rules; there is {}", known.join(", "))]
    NoSuchDesk {
        /// The desk that was asked for.
        desk: DeskName,
        /// The desks there are.
        known: Vec<String>,
    },
    /// It is still to come, on every desk.
    #[error("{0} has not begun yet: ask for a month that is over, or for the present one")]
    Future(Month),
}

impl<'r> Report<'r> {
    /// Nothing counted yet, of one desk or of all, as the rules at hand have them.
    ///
    /// # Errors
    /// [`NoReport`].
    pub fn new(
        rules: &'r Rules,
        month: Month,
        only: Option<&DeskName>,
        now: Timestamp,
    ) -> Result<Self, NoReport> {
        let wanted = |name: &DeskName| only.is_none_or(|only| only == name);
        let desks: BTreeMap<DeskName, DeskMonth> = rules
            .desks
            .iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, desk)| {
                let month = DeskMonth {
                    brand: desk.brand.clone(),
                    zone: desk.hours.zone.clone(),
                    span: month.span(&desk.hours.zone),
                    all: Figures::default(),
                    channels: BTreeMap::new(),
                };
                (name.clone(), month)
            })
            .collect();
        if let Some(desk) = only
            && desks.is_empty()
        {
            return Err(NoReport::NoSuchDesk {
                desk: desk.clone(),
                known: rules.desks.keys().map(ToString::to_string).collect(),
            });
        }
        if desks.values().all(|desk| desk.span.from > now) {
            return Err(NoReport::Future(month));
        }
        Ok(Self {
            rules,
            month,
            now,
            desks,
        })
    }

    /// The stretch of time that holds the month of every desk, wherever they are.
    #[must_use]
    pub fn span(&self) -> Span {
        let spans = || self.desks.values().map(|desk| &desk.span);
        Span {
            from: spans().map(|span| span.from).min().unwrap_or(self.now),
            to: spans().map(|span| span.to).max().unwrap_or(self.now),
        }
    }

    /// Counts a case, on the desk of its channel, if it was opened in the month as that desk has it.
    pub fn count(&mut self, case: &CaseHistory) {
        let policy = self.rules.policy(&case.channel);
        let Some(desk) = self.desks.get_mut(&policy.desk) else {
            return;
        };
        if !desk.span.holds(case.opened_at) {
            return;
        }
        desk.all.count(case, policy.new_case_after, self.now);
        let channel = desk.channels.entry(case.channel.clone()).or_default();
        channel.count(case, policy.new_case_after, self.now);
    }

    /// Writes one self-contained page of HTML: one printed page a desk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_html(&self, out: &mut impl io::Write) -> io::Result<()> {
        page::write(self, out)
    }

    /// Writes a row a figure: `desk,channel,figure,value,unit`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_csv(&self, out: &mut impl io::Write) -> io::Result<()> {
        csv::write(self, out)
    }

    /// How long what desks were told is kept, and so for how long the figure of it is whole.
    const fn reminders_kept(&self) -> Length {
        self.rules.retention.notices
    }
}

#[cfg(test)]
mod tests;
