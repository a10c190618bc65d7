//! What replay keeps of a thread's newest texts, masked, so that a datum which is split over
//! messages is found as it is live. Bounded; never more than the reader looks back.

use std::collections::VecDeque;

use crate::{
    domain::{
        message::{Message, Party},
        reading::SensitiveSpan,
        thread::ThreadState,
        time::Timestamp,
    },
    reading::{Joint, LOOKED_AT, LOOKED_BACK, Reader, Said, Scan, mask},
    rules::Rules,
};

/// A thread's newest counted messages, in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<Kept>);

#[derive(Debug)]
struct Kept {
    from: Party,
    at: Timestamp,
    /// Its end, masked.
    text: String,
}

impl Recent {
    /// The scan of a message in the light of those before it; `None` where they change nothing.
    /// What the message completes is masked in them.
    pub(super) fn completed(
        &mut self,
        rules: &Rules,
        reader: &Reader,
        state: &ThreadState,
        message: &Message,
        scan: &Scan,
    ) -> Option<Scan> {
        if !state.may_go_on(message.from, message.at) {
            return None;
        }
        let said: Vec<Said<'_>> = self
            .0
            .iter()
            .map(|kept| Said {
                from: kept.from,
                at: kept.at,
                text: &kept.text,
            })
            .collect();
        let new = Said {
            from: message.from,
            at: message.at,
            text: message.text.reveal(),
        };
        let merge_within = rules.policy(&message.thread.channel).merge_within;
        let Joint { new, earlier } = reader.across(&said, new, merge_within)?;
        for (place, spans) in earlier {
            if let Some(kept) = self.0.get_mut(place) {
                kept.text = mask(&kept.text, &rules.vocabulary.to_mask(&spans));
            }
        }
        Some(scan.with(&new))
    }

    /// Keeps a message in which these spans were found.
    pub(super) fn remember(&mut self, rules: &Rules, message: &Message, found: &[SensitiveSpan]) {
        if message.from == Party::Bot {
            return;
        }
        let mut masked = mask(message.text.reveal(), &rules.vocabulary.to_mask(found));
        if let Some((cut, _)) = masked.char_indices().rev().nth(LOOKED_AT - 1) {
            masked.drain(..cut);
            masked.shrink_to_fit();
        }
        if self.0.len() == LOOKED_BACK {
            self.0.pop_front();
        }
        self.0.push_back(Kept {
            from: message.from,
            at: message.at,
            text: masked,
        });
    }
}
