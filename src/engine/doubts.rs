//! What people show of readings besides correcting them, kept as labelled examples: customers who come
//! back, agents who go on in text because it was thanks, and what desks are asked to check as they open:
//! the cases that were solved by a thank-you of which the reading was least sure.

use super::{
    EngineError, Handle, OutboxEvent,
    apply::Shell,
    desk::{correct::correct, trace},
    outbound::DoubtEvent,
    writer::Work,
};
use crate::{
    domain::{
        ids::{AccountName, ChannelName, DeskName, MessageId, ThreadKey},
        reading::Correction,
        thread::{CaseStatus, State},
        time::{Length, Timestamp},
    },
    store::{
        StoreError,
        rows::{audit::Verb, examples::ExampleSource},
    },
};

/// So many messages a desk is asked about in a day.
const MOST_A_DAY: u32 = 5;
/// Nobody remembers what was solved longer ago than this.
const WORTH_ASKING: Length = Length::hours(7 * 24);

/// What came of checking whether a message was thanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It was, and that is kept.
    Solved,
    /// It was not, and the rules have looked at it again.
    LookedAgain,
    /// Somebody has said so before.
    Before,
    /// Nobody was asked about it.
    Unknown,
}

impl Handle {
    /// Keeps whether a message was thanks that a desk was asked about. If not, it is a correction.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn check_solved(
        &self,
        thread: ThreadKey,
        message: MessageId,
        solved: bool,
        by: AccountName,
    ) -> Result<Checked, EngineError> {
        self.with_rules(move |work, shell| {
            let Some(row) = work.store.thread_number(&thread)? else {
                return Ok(Checked::Unknown);
            };
            match work.store.is_doubted(row, &message)? {
                None => return Ok(Checked::Unknown),
                Some(false) => return Ok(Checked::Before),
                Some(true) => {}
            }
            work.wake.desks = true;
            if !solved {
                let correction = Correction::NotThanks;
                let corrected = correct(work, shell, &thread, &message, correction, by)?;
                return Ok(corrected.map_or(Checked::Unknown, |_| Checked::LookedAgain));
            }
            let source = ExampleSource::Checked;
            work.store
                .keep_example(row, &message, source, Some(&by), work.now)?;
            trace(work, by, Verb::Confirmed, row)?;
            Ok(Checked::Solved)
        })
        .await
    }
}

/// The message whose thanks has resolved the case of a thread, if one has.
pub(super) fn solved_by(state: &State) -> Option<&MessageId> {
    let case = state.thread.case.as_ref()?;
    let by_a_message = matches!(
        case.status,
        CaseStatus::Resolved {
            exchange: Some(_),
            ..
        }
    );
    let newest = case.newest.as_ref().filter(|newest| newest.thanks);
    newest
        .filter(|_| by_a_message)
        .map(|newest| &newest.message)
}

/// Asks a desk that opens about what was solved since it was last told. Gives how many messages.
pub(super) fn ask(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    desk: &DeskName,
    channels: &[ChannelName],
    last: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let oldest = work.now.saturating_sub(WORTH_ASKING.as_signed());
    let oldest = oldest.unwrap_or(work.now);
    let since = last.map_or(oldest, |last| last.max(oldest));
    let times = (since, work.now);
    let doubted = work.store.doubt(desk, channels, times, MOST_A_DAY)?;
    let count = doubted.len();
    for (row, key, message) in doubted {
        let event = OutboxEvent::Doubt(Box::new(DoubtEvent {
            channel: key.channel.clone(),
            thread: key.thread,
            message,
            desk: desk.clone(),
        }));
        shell.tell_of(work, row, &key.channel, &event)?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}
