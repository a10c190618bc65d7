//! Whether `[retention]` makes sense, and what it means.

use std::collections::BTreeMap;

use super::{
    fields::{Field, Text},
    problem::Problem,
    raw::RawRetention,
    validate::Check,
};
use crate::{
    domain::{ids::ChannelName, time::Length},
    rules::{
        Policy,
        retention::{Retention, SHORTEST},
    },
};

impl Check<'_> {
    /// How long what is kept is kept. A thread must outlive the silence that ends its case, else
    /// the customer's next message would begin from nothing.
    pub(super) fn retention(
        &mut self,
        raw: &RawRetention,
        defaults: &Policy,
        channels: &BTreeMap<ChannelName, Policy>,
    ) -> Retention {
        let usual = Retention::default();
        let retention = Retention {
            threads: self.kept_for(&raw.threads),
            audit: self.kept_for(&raw.audit).unwrap_or(usual.audit),
            notices: self.kept_for(&raw.notices).unwrap_or(usual.notices),
            chats: self.kept_for(&raw.chats).unwrap_or(usual.chats),
            rejected: self.kept_for(&raw.rejected).unwrap_or(usual.rejected),
            sent: self.kept_for(&raw.sent).unwrap_or(usual.sent),
            dead: self.kept_for(&raw.dead).unwrap_or(usual.dead),
        };
        let silences = channels.values().chain([defaults]);
        let longest = silences.map(|policy| policy.new_case_after).max();
        if let (Some(threads), Some(longest), Some(span)) =
            (retention.threads, longest, raw.threads.span())
            && threads >= SHORTEST
            && threads < longest
        {
            self.problem(
                Problem::new(format!(
                    "threads are kept for {threads}, which is shorter than `new_case_after` ({longest})"
                ))
                .at(span, "too short")
                .help("keep threads at least until their case has lapsed, such as \"365d\""),
            );
        }
        retention
    }

    fn kept_for(&mut self, field: &Field<Text<Length>>) -> Option<Length> {
        let spot = field.given()?;
        if spot.value.0 < SHORTEST {
            self.problem(
                Problem::new(format!("what is kept is kept for {SHORTEST} at least"))
                    .at(&spot.span, "too short")
                    .help("write a length of time, such as \"90d\""),
            );
        }
        Some(spot.value.0)
    }
}
