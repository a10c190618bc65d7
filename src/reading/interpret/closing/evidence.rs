//! What of a message speaks for thanks and what against, each in log odds by hand. It weighs; the
//! verdict is for its parent.

use super::{
    super::{super::fold::WordKind, Sign},
    Case, only_asks, will_act,
};

impl Case<'_> {
    pub(super) fn evidence_for(&self) -> f32 {
        let clues = self.clues;
        let mut odds = -0.6;
        let mut add = |holds: bool, weight: f32| {
            if holds {
                odds += weight;
            }
        };
        add(self.gratitude.is_some(), 2.4);
        let came = self.clues.has(Sign::Came) && self.unexplained.is_empty();
        add(self.solved.is_some() || came, 2.6);
        add(self.gratitude.is_some() && self.names_what(), 0.5);
        add(clues.has(Sign::Pleased), 0.6);
        add(clues.has(Sign::WarmFarewell), 0.6);
        add(clues.has(Sign::Warm), 0.4);
        add(clues.has(Sign::Praise), 1.3);
        if self.declines() {
            let asked = self.ours().is_some_and(|ours| ours.asks_anything_else);
            add(self.ours().is_some(), if asked { 3.0 } else { 2.0 });
        }
        odds
    }

    /// "No, that's all"; a mere "no" where we asked for more.
    pub(super) fn declines(&self) -> bool {
        let asked = self.ours().is_some_and(|ours| ours.asks_anything_else);
        let says_no = [Sign::No, Sign::NoThanks, Sign::Nothing, Sign::NotNow]
            .iter()
            .filter_map(|sign| self.clues.first(*sign))
            .any(|words| words.start <= 1);
        // "Yes, that's it" to a question of ours answers it.
        let confirms = !asked
            && self.ours().is_some_and(|ours| only_asks(&ours))
            && self
                .clues
                .first(Sign::Yes)
                .is_some_and(|words| words.start == 0);
        self.clues.has(Sign::Declines) && !confirms
            || asked && says_no && self.unexplained.len() <= 4
    }

    pub(super) fn evidence_against(&self) -> f32 {
        let clues = self.clues;
        let mut odds = 0.0;
        let mut add = |holds: bool, weight: f32| {
            if holds {
                odds += weight;
            }
        };
        add(self.asks, 6.0);
        add(self.reading.unsolved, 6.0);
        // "Thanks, it works now, no call needed" leaves nothing open.
        let prefers_text = self.reading.wants_text.is_some() && self.solved.is_none();
        add(prefers_text, 4.0);
        add(clues.has(Sign::NoThanks) && !self.declines(), 5.0);
        add(clues.has(Sign::Complaint), 3.5);
        add(clues.has(Sign::Cold), 4.0);
        add(clues.has(Sign::Please) && self.solved.is_none(), 2.5);
        add(clues.has(Sign::CannotAnswer), 3.0);
        add(
            will_act(clues).is_some() || clues.has_any(&[Sign::WillAct, Sign::WillWait]),
            0.8,
        );
        add(clues.has(Sign::Grudging), 2.6);
        add(self.but_says_more(), 2.6);
        add(self.comes_with_more(), 2.6);
        add(self.goes_on(), 2.2);
        add(self.has_loose_negation(), 0.9);
        add(self.is_in_advance(), 5.0);
        add(self.is_in_passing(), 2.6);
        let words = self.unexplained.len().saturating_sub(3).min(24);
        odds + 0.1 * f32::from(u8::try_from(words).unwrap_or(u8::MAX))
    }

    /// "Thanks, but …" with more behind it than thanks.
    pub(super) fn but_says_more(&self) -> bool {
        self.clues.all(Sign::But).iter().any(|but| {
            let rest = self.unexplained.iter();
            let negated = self.clues.all(Sign::Negation).iter();
            (rest.filter(|place| **place >= but.end).count() > 1
                || negated.filter(|words| words.start >= but.end).count() > 0)
                && self
                    .solved
                    .as_ref()
                    .is_none_or(|solved| solved.start < but.start)
        })
    }

    /// "It arrived torn": more is said of what came, in the same clause.
    pub(super) fn comes_with_more(&self) -> bool {
        self.clues.all(Sign::Came).iter().any(|came| {
            self.unexplained
                .iter()
                .find(|place| **place >= came.end)
                .is_some_and(|place| self.clues.is_one_clause(&(came.start..place + 1)))
        })
    }

    /// A sentence or clause after the thanks that tells something else.
    pub(super) fn goes_on(&self) -> bool {
        const CONTENT: &[Sign] = &[
            Sign::Thanks,
            Sign::ThanksFor,
            Sign::Solved,
            Sign::Came,
            Sign::Pleased,
            Sign::Praise,
            Sign::Declines,
            Sign::Farewell,
            Sign::WarmFarewell,
            Sign::Warm,
        ];
        let Some(gratitude) = &self.gratitude else {
            return false;
        };
        let words = self.clues.words();
        self.clues.sentences().iter().any(|sentence| {
            // Of the sentence that thanks, what follows its next comma.
            let opens = |place: &usize| words.get(*place).is_some_and(|word| word.opens_clause);
            let from = if sentence.words.start >= gratitude.end {
                sentence.words.start
            } else {
                let rest = gratitude.end..sentence.words.end;
                rest.clone().find(opens).unwrap_or(rest.end)
            };
            let rest = from..sentence.words.end;
            let said = self.unexplained.iter();
            said.filter(|place| rest.contains(place)).count() >= 3
                && !CONTENT.iter().any(|sign| self.clues.within(*sign, &rest))
        })
    }

    /// A "not" that no phrase explains.
    pub(super) fn has_loose_negation(&self) -> bool {
        !self.unexplained.is_empty() && self.clues.has(Sign::Negation)
    }

    /// Thanks said before there is anything to thank for.
    pub(super) fn is_in_advance(&self) -> bool {
        if self.solved.is_some() || self.declines() {
            return false;
        }
        if self.is_our_turn() {
            return true;
        }
        self.ours().is_none() && !self.names_what() && !self.unexplained.is_empty()
    }

    /// "UK, thanks": an answer to our question, politely.
    pub(super) fn is_in_passing(&self) -> bool {
        if self.solved.is_some() || self.declines() {
            return false;
        }
        let has_content = !self.reading.sensitive.is_empty()
            || self
                .clues
                .words()
                .iter()
                .any(|word| word.kind == WordKind::Code);
        self.ours().is_some_and(|ours| {
            only_asks(&ours) || (ours.asks || ours.asks_identity) && has_content
        })
    }
}
