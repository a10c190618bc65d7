//! Edits: what the author of a message has changed in it. The text that is kept is replaced, masked;
//! nothing counts and nothing is decided anew.

use super::{
    Handle, RejectReason, SubmitError,
    apply::Shell,
    intake::{self, Scanned},
    outbound::WhyChanged,
    remask,
    summary::summary,
    writer::Work,
};
use crate::{
    domain::{
        edit::Edit,
        ids::MessageId,
        message::{Message, Party, Visibility},
        private::Private,
    },
    reading::{LOOKED_BACK, mask},
    store::{
        StoreError,
        sqlite::{changes::KeptText, threads::StoredThread},
    },
};

/// Whose events these are, among all that are remembered.
const SOURCE: &str = "edits";

/// What came of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditReceipt {
    /// The new text is kept.
    Edited,
    /// It was received before, or a newer edit of the message was.
    Repeated,
    /// There is no such message.
    Unknown,
    /// It could not be taken; the others were.
    Rejected(RejectReason),
}

impl Handle {
    /// Takes edits in: commits first, answers after, one receipt an edit, in order.
    ///
    /// # Errors
    /// When the batch as a whole could not be taken; nothing of it is kept then.
    pub async fn edit(&self, edits: Vec<Edit>) -> Result<Vec<EditReceipt>, SubmitError> {
        if edits.is_empty() {
            return Ok(Vec::new());
        }
        let permit = self.places(edits.len())?;
        let (ids, messages): (Vec<MessageId>, Vec<Message>) =
            edits.into_iter().map(as_message).unzip();
        let takes = move |work: &mut Work<'_>, shell: Shell<'_>, scanned| {
            take_in(work, shell, &ids, scanned)
        };
        Ok(self.with_scanned(Some(permit), messages, takes).await?)
    }
}

/// The edited message as far as the edit tells it, and the edit's own id.
fn as_message(edit: Edit) -> (MessageId, Message) {
    let message = Message {
        thread: edit.thread,
        id: edit.message,
        from: Party::Customer,
        author: None,
        text: edit.text,
        at: edit.at,
        visibility: Visibility::Private,
        language: None,
        tags: Vec::new(),
        attachment: None,
    };
    (edit.edit, message)
}

/// Takes edits in, in order. One that fails leaves no trace; the rest stands.
fn take_in(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    ids: &[MessageId],
    scanned: Vec<Scanned>,
) -> Result<Vec<EditReceipt>, StoreError> {
    ids.iter()
        .zip(scanned)
        .map(|(id, edited)| {
            let channel = edited.message.thread.channel.clone();
            let taken = intake::one_of_many(work, |work| take_one(work, shell, id, edited))?;
            let (reason, error) = match taken {
                Ok(receipt) => return Ok(receipt),
                Err(why) => why,
            };
            let channel = channel.as_str();
            tracing::error!(channel, %error, "an edit could not be taken; the message stays as it was");
            Ok(EditReceipt::Rejected(reason))
        })
        .collect()
}

fn take_one(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    id: &MessageId,
    edited: Scanned,
) -> Result<EditReceipt, StoreError> {
    let Scanned { mut message, scan } = edited;
    let Some(scan) = scan else {
        return Err(StoreError::Refused("the scan panicked".to_owned()));
    };
    let Some(mut thread) = work.store.thread(&message.thread)? else {
        return Ok(EditReceipt::Unknown);
    };
    let Some(kept) = work.store.kept_text(thread.id, &message.id)? else {
        return Ok(EditReceipt::Unknown);
    };
    let edited_at = message.at;
    let is_outdated = kept.edited_at.is_some_and(|newer| edited_at < newer);
    let event = format!("{}/{}/{id}", thread.key.channel, thread.id);
    if is_outdated || !work.store.first_time(SOURCE, &event, work.now)? {
        return Ok(EditReceipt::Repeated);
    }
    // It stands where the message stood: among what was said then.
    message.at = kept.at;
    message.from = kept.from;
    message.visibility = kept.visibility;
    let before = work
        .store
        .counted_before(thread.id, Some(kept.id), LOOKED_BACK)?;
    let after = work.store.counted_after(thread.id, kept.id, LOOKED_BACK)?;
    let is_newest = after.is_empty() && message.from != Party::Bot;
    let others = before.into_iter().chain(after).collect();
    let completed = remask::completed_by(shell.loaded, &thread, others, &message);
    let more = completed
        .as_ref()
        .map(|completed| scan.with(&completed.new));
    let scan = more.as_ref().unwrap_or(&scan);
    let hidden = shell.rules.vocabulary.to_mask(&scan.sensitive);
    let masked = Private::new(mask(message.text.reveal(), &hidden));
    if let Some(completed) = &completed {
        remask::mask_earlier(work, shell, &mut thread, completed, message.visibility)?;
    }
    let why = WhyChanged::Edited { at: edited_at };
    remask::changed(work, shell, &thread, &kept, &masked, why)?;
    if !hidden.is_empty() && kept.visibility == Visibility::Public && !is_muted(work, &thread) {
        remask::hide_post(work, shell, &thread)?;
    }
    if is_newest {
        ends_otherwise(work, &mut thread, &kept, scan.trails())?;
    }
    Ok(EditReceipt::Edited)
}

/// An agent said that the author is no customer: no desk is told.
fn is_muted(work: &Work<'_>, thread: &StoredThread) -> bool {
    let until = thread.state.customer.muted_until;
    until.is_some_and(|until| work.now < until)
}

/// Remembers whether the next message may go on with the newest one as it is now.
fn ends_otherwise(
    work: &Work<'_>,
    thread: &mut StoredThread,
    newest: &KeptText,
    trails: bool,
) -> Result<(), StoreError> {
    let trails = trails.then_some(newest.from);
    let context = &mut thread.state.thread.context;
    if context.trails != trails {
        context.trails = trails;
        let summary = summary(&thread.state);
        work.store
            .save_thread(thread.id, &thread.state.thread, summary, work.now)?;
    }
    Ok(())
}
