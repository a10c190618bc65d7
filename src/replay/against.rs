//! Two sets of rules over the same stream: in which threads they part, and what that adds up to.

use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

use crate::domain::{
    decision::Effect,
    ids::{DeskName, MessageId, ThreadKey},
};

use super::{replayer::Replayed, summary::counted, table, tally::Tally};

/// Where the two part, thread by thread.
#[derive(Debug, Default)]
pub struct Differences {
    threads: BTreeMap<usize, Difference>,
    decisions: u64,
}

/// The first decision of a thread on which the two part.
#[derive(Debug)]
struct Difference {
    thread: ThreadKey,
    message: MessageId,
    before: Decided,
    after: Decided,
}

/// What a person sees of a decision.
#[derive(Debug, PartialEq, Eq)]
struct Decided {
    actions: String,
    rule: String,
    desk: Option<DeskName>,
}

impl Decided {
    fn of(replayed: &Replayed) -> Self {
        let desk = replayed.effects.iter().find_map(|effect| match effect {
            Effect::PromptDesk { desk, .. } => Some(desk.clone()),
            Effect::UpdateCard { .. }
            | Effect::CloseCard { .. }
            | Effect::Speak(_)
            | Effect::TellDesk { .. } => None,
        });
        Self {
            actions: table::decision(&replayed.record),
            rule: replayed.record.rule.to_string(),
            desk,
        }
    }

    /// Another rule that leads to the same is no difference.
    fn does_the_same_as(&self, other: &Self) -> bool {
        self.actions == other.actions && self.desk == other.desk
    }

    fn describe(&self, show_desk: bool) -> String {
        let actions = match self.actions.as_str() {
            "" => "nothing",
            actions => actions,
        };
        match &self.desk {
            Some(desk) if show_desk => format!("{actions} ({}) at desk {desk}", self.rule),
            _ => format!("{actions} ({})", self.rule),
        }
    }
}

impl Differences {
    /// Compares what the two made of one message.
    pub fn compare(&mut self, before: &Replayed, after: &Replayed) {
        let decided = (Decided::of(before), Decided::of(after));
        if decided.0.does_the_same_as(&decided.1) {
            return;
        }
        self.decisions += 1;
        self.threads
            .entry(before.thread)
            .or_insert_with(|| Difference {
                thread: before.message.thread.clone(),
                message: before.message.id.clone(),
                before: decided.0,
                after: decided.1,
            });
    }
}

/// Shows what changes from one set of rules to the other.
#[derive(Debug, Clone, Copy)]
pub struct Report<'d> {
    /// Where they part.
    pub differences: &'d Differences,
    /// What came of the first.
    pub before: &'d Tally,
    /// What came of the second.
    pub after: &'d Tally,
}

impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for difference in self.differences.threads.values() {
            let (before, after) = (&difference.before, &difference.after);
            // A desk stands where both ring, but not at the same one.
            let show_desk =
                before.desk.is_some() && after.desk.is_some() && before.desk != after.desk;
            writeln!(
                f,
                "{} {}, from message {} on",
                difference.thread.channel, difference.thread.thread, difference.message
            )?;
            writeln!(f, "  before  {}", before.describe(show_desk))?;
            writeln!(f, "  after   {}", after.describe(show_desk))?;
        }
        let threads = self.differences.threads.len() as u64;
        if threads == 0 {
            writeln!(f, "Nothing changes.")?;
        } else {
            writeln!(
                f,
                "\n{} of {} change, {} in all",
                threads,
                counted(self.before.threads, "thread"),
                counted(self.differences.decisions, "decision"),
            )?;
        }
        self.side_by_side(f)
    }
}

/// Takes one number of a tally.
type Count = fn(&Tally) -> u64;

impl Report<'_> {
    fn side_by_side(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n  {:<25}{:>8}{:>8}{:>9}",
            "", "before", "after", "change"
        )?;
        let rows: [(&str, Count); 9] = [
            ("Cases", |tally| tally.outcomes.cases()),
            ("Solved in text", |tally| tally.outcomes.solved),
            ("Rung", |tally| tally.outcomes.rung),
            ("Waiting on us", |tally| tally.outcomes.waiting_on_us),
            ("Waiting on the customer", |tally| {
                tally.outcomes.waiting_on_customer
            }),
            ("Lapsed", |tally| tally.outcomes.lapsed),
            ("Held to text", |tally| tally.held),
            ("Loud callbacks", |tally| tally.callbacks.loud),
            ("Soft callbacks", |tally| tally.callbacks.soft),
        ];
        for (name, count) in rows {
            let (before, after) = (count(self.before), count(self.after));
            let change = match before.cmp(&after) {
                std::cmp::Ordering::Less => format!("+{}", after - before),
                std::cmp::Ordering::Equal => "·".to_owned(),
                std::cmp::Ordering::Greater => format!("−{}", before - after),
            };
            writeln!(f, "  {name:<25}{before:>8}{after:>8}{change:>9}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
