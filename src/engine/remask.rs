//! Data that a message completes which an earlier one began: both are masked in one transaction,
//! and so is whatever else holds the earlier one's words. Also what every change of a kept text
//! leads to. What decides is not asked again: earlier decisions stay as they are.

use super::{
    CarryChange, LoadedRules,
    apply::{Shell, payload as payload_of},
    chat,
    outbound::{ChangedEvent, OutboxEvent, WhyChanged},
    summary::summary,
    writer::Work,
};
use crate::{
    domain::{
        decision::Notice,
        ids::MessageId,
        message::{Message, Visibility},
        private::Private,
        reading::{Evidence, Head, SensitiveSpan},
        thread::Hold,
    },
    reading::{Joint, LOOKED_BACK, Said, mask, mask_evidence},
    store::{
        StoreError,
        sqlite::{changes::KeptText, threads::StoredThread},
    },
};

/// What a message shows together with earlier ones.
pub(super) struct Completed {
    /// What of it stands in the new text.
    pub(super) new: Vec<SensitiveSpan>,
    /// What of it stands in earlier messages.
    earlier: Vec<(KeptText, Vec<SensitiveSpan>)>,
}

/// What a new message completes. Asks the database only where the message before it ended in the
/// middle of something, or where it came late.
pub(super) fn completed(
    work: &Work<'_>,
    rules: &LoadedRules,
    thread: &StoredThread,
    message: &Message,
) -> Result<Option<Completed>, StoreError> {
    if !thread.state.thread.may_go_on(message.from, message.at) {
        return Ok(None);
    }
    let earlier = work.store.counted_before(thread.id, None, LOOKED_BACK)?;
    Ok(completed_by(rules, thread, earlier, message))
}

/// What a text completes that stands among other messages.
pub(super) fn completed_by(
    rules: &LoadedRules,
    thread: &StoredThread,
    others: Vec<KeptText>,
    message: &Message,
) -> Option<Completed> {
    let said: Vec<Said<'_>> = others
        .iter()
        .map(|kept| Said {
            from: kept.from,
            at: kept.at,
            text: kept.text.reveal(),
        })
        .collect();
    let new = Said {
        from: message.from,
        at: message.at,
        text: message.text.reveal(),
    };
    let merge_within = rules.rules.policy(&thread.key.channel).merge_within;
    let Joint { new, earlier } = rules.reader.across(&said, new, merge_within)?;
    let vocabulary = &rules.rules.vocabulary;
    let earlier = earlier
        .into_iter()
        .filter_map(|(place, spans)| {
            let spans = vocabulary.to_mask(&spans);
            let kept = others.get(place)?.clone();
            (!spans.is_empty()).then_some((kept, spans))
        })
        .collect();
    Some(Completed { new, earlier })
}

/// Masks the earlier messages. `visibility` is the new one's: what it leads to, it asks for itself.
pub(super) fn mask_earlier(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &mut StoredThread,
    completed: &Completed,
    visibility: Visibility,
) -> Result<(), StoreError> {
    let mut in_public = false;
    for (kept, spans) in &completed.earlier {
        let text = kept.text.reveal();
        let masked = Private::new(mask(text, spans));
        mask_what_decided(work, thread, kept, spans)?;
        in_public |= kept.visibility == Visibility::Public;
        changed(work, shell, thread, kept, &masked, WhyChanged::Masked)?;
    }
    if in_public && visibility == Visibility::Private {
        hide_post(work, shell, thread)?;
    }
    Ok(())
}

/// Asks the desk to hide a post of the thread.
pub(super) fn hide_post(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
) -> Result<(), StoreError> {
    let desk = &shell.rules.policy(&thread.key.channel).desk;
    shell.tell_desk(work, thread, desk, &Notice::HidePost)
}

/// Replaces the text of a message, masked, wherever it is kept or still to be sent, and tells
/// whoever may have a copy.
pub(super) fn changed(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    thread: &StoredThread,
    kept: &KeptText,
    masked: &Private<String>,
    why: WhyChanged,
) -> Result<(), StoreError> {
    let edited_at = match why {
        WhyChanged::Masked => None,
        WhyChanged::Edited { at } => Some(at),
    };
    work.store
        .change_text(kept.id, masked.reveal(), edited_at)?;
    // What must not be kept is not to stand in the database's log either.
    work.wake.purged |= why == WhyChanged::Masked;
    rewrite_outbox(work, thread, &kept.message, masked)?;
    work.wake.threads.push(thread.key.clone());
    let event = OutboxEvent::Changed(Box::new(ChangedEvent {
        channel: thread.key.channel.clone(),
        thread: thread.key.thread.clone(),
        id: kept.message.clone(),
        why,
        text: Some(masked.clone()),
    }));
    shell.tell(work, thread, &event)?;
    if work.store.carried(kept.id)?.is_some() {
        // The copy that the customer has follows.
        chat::carry(
            work,
            shell,
            thread,
            kept.id,
            &kept.message,
            CarryChange::Edited,
        )?;
    }
    Ok(())
}

/// What the outbox holds of the message gets the new text; what was sent already too, which is kept
/// for a while.
fn rewrite_outbox(
    work: &Work<'_>,
    thread: &StoredThread,
    message: &MessageId,
    masked: &Private<String>,
) -> Result<(), StoreError> {
    for (row, payload) in work.store.payloads(thread.id)? {
        let mut event: OutboxEvent =
            serde_json::from_str(&payload).map_err(|_| StoreError::Corrupt("outbox.payload"))?;
        if let Some((about, Some(text))) = event.text_mut()
            && about == message
        {
            text.clone_from(masked);
            work.store.replace_payload(row, &payload_of(&event)?)?;
        }
    }
    Ok(())
}

/// The words that decided the message lose what is masked, wherever they are kept.
fn mask_what_decided(
    work: &Work<'_>,
    thread: &mut StoredThread,
    kept: &KeptText,
    spans: &[SensitiveSpan],
) -> Result<(), StoreError> {
    let text = kept.text.reveal();
    let known = work.store.evidence(kept.id)?;
    let mut evidence = known.clone();
    mask_evidence(&mut evidence, text, spans);
    if evidence != known {
        work.store.forgetting(thread.id, |store| {
            store.replace_evidence(kept.id, &evidence)
        })?;
    }
    let state = &mut thread.state;
    let in_case = state
        .thread
        .case
        .as_mut()
        .and_then(|case| case.hold.as_mut());
    if masks_hold(in_case, &kept.message, text, spans) {
        let summary = summary(state);
        work.store
            .save_thread(thread.id, &state.thread, summary, work.now)?;
    }
    let own = &mut thread.own;
    if masks_hold(own.text_always.as_mut(), &kept.message, text, spans) {
        work.store.save_customer(thread.customer, own)?;
        work.store.unite(thread)?;
    }
    Ok(())
}

/// Masks the words that a wish for text was read from, if they are this message's.
fn masks_hold(
    hold: Option<&mut Hold>,
    message: &MessageId,
    text: &str,
    spans: &[SensitiveSpan],
) -> bool {
    let Some(hold) = hold.filter(|hold| hold.message == *message) else {
        return false;
    };
    let mut words = [Evidence {
        head: Head::WantsText,
        words: hold.words.clone(),
    }];
    mask_evidence(&mut words, text, spans);
    let [Evidence { words, .. }] = words;
    let changes = words != hold.words;
    hold.words = words;
    changes
}
