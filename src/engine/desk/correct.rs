//! Corrections: what is kept of a message is read again, the agent's word put over it, and the
//! rules look at it anew. Earlier decisions stay as they are.

use super::super::{
    LoadedRules,
    apply::Shell,
    outbound::{DecisionEvent, OutboxEvent},
    writer::Work,
};
use crate::{
    domain::{
        decision::{Event, Verdict},
        ids::{AccountName, MessageId, ThreadKey},
        message::{Message, Party},
        reading::{
            Closing, Context, Correction, Head, Identity, IdentityKind, IdentityLevel, Reading,
            WaitsFor,
        },
        record::{ClosingName, DecisionRecord, ReadingRecord},
        vocabulary::Vocabulary,
    },
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            desk::CorrectionRow,
        },
        sqlite::corrections::KeptMessage,
    },
};

/// Corrects the reading of a customer's message and decides again.
pub(in crate::engine) fn correct(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    key: &ThreadKey,
    message: &MessageId,
    correction: Correction,
    by: AccountName,
) -> Result<Option<DecisionRecord>, StoreError> {
    let Some(mut thread) = work.store.thread(key)? else {
        return Ok(None);
    };
    let Some(kept) = work.store.kept_message(thread.id, message)? else {
        return Ok(None);
    };
    if kept.message.from != Party::Customer {
        return Ok(None);
    }
    if let Some(newest) = &kept.correction
        && newest.correction == correction
    {
        return Ok(Some(newest.decision.clone()));
    }
    let Some(wrong) = newest_decision(&kept).reading.clone() else {
        return Ok(None);
    };
    let message = as_message(&kept);
    let mut reading = read_again(shell.loaded, &message, &kept, &wrong);
    put_right(&mut reading, correction, &shell.rules.vocabulary);
    let event = Event::Corrected {
        message: &message,
        place: (kept.decision.case, kept.decision.exchange),
        reading: &reading,
    };
    let mut decided = shell.decide(work, &mut thread, &event)?;
    let verdict = decided.verdict.take().unwrap_or_else(Verdict::none);
    let row = CorrectionRow {
        correction,
        by,
        at: work.now,
        decision: DecisionRecord::new(&message, &reading, verdict),
    };
    let version = &shell.rules.version.0;
    work.store
        .insert_correction(kept.id, &row, &wrong, version)?;
    let entry = AuditEntry {
        thread: Some(thread.id),
        message: Some(message.id.clone()),
        ..AuditEntry::new(row.by, Verb::Corrected)
    };
    work.store.record(&entry, work.now)?;
    let told = OutboxEvent::Decision(Box::new(DecisionEvent {
        record: row.decision.clone(),
        at: message.at,
        from: message.from,
        visibility: message.visibility,
        text: Some(message.text),
        corrected: true,
    }));
    shell.tell(work, &thread, &told)?;
    shell.carry_out(work, &thread, &decided)?;
    Ok(Some(row.decision))
}

/// What was decided of a message last: when it arrived, or when it was corrected.
fn newest_decision(kept: &KeptMessage) -> &DecisionRecord {
    let corrected = kept.correction.as_ref();
    corrected.map_or(&kept.decision, |newest| &newest.decision)
}

/// The message as it is kept: masked.
fn as_message(kept: &KeptMessage) -> Message {
    let row = &kept.message;
    Message {
        thread: ThreadKey {
            channel: row.channel.clone(),
            thread: row.thread.clone(),
        },
        id: row.id.clone(),
        from: row.from,
        author: row.author.clone(),
        text: row.text.clone(),
        at: row.at,
        visibility: row.visibility,
        language: row.language,
        tags: row.tags.clone(),
        attachment: row.attachment,
    }
}

/// What was understood of a message so far. What its words alone tell is read again; what was said
/// before it is not known any more, so that every judgement that needed it is taken from what is
/// kept.
fn read_again(
    rules: &LoadedRules,
    message: &Message,
    kept: &KeptMessage,
    wrong: &ReadingRecord,
) -> Reading {
    let scan = rules.reader.scan(message.text.reveal(), message.language);
    let fresh = rules
        .reader
        .interpret(&scan, message.from, &Context::default());
    let closing = wrong.closing.map(|closing| match (closing, fresh.closing) {
        (ClosingName::Thanks, _) => Closing::Thanks,
        (ClosingName::Waiting, Some(waiting @ Closing::Waiting(_))) => waiting,
        (ClosingName::Waiting, _) => Closing::Waiting(WaitsFor::Customer),
    });
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a probability that was rounded to two decimals"
    )]
    let thanks_probability = newest_decision(kept).confidence.closing as f32;
    Reading {
        closing,
        thanks_probability,
        wants_call: wrong.wants_call,
        wants_text: wrong.wants_text,
        unsolved: wrong.unsolved,
        answers: wrong.answers,
        identity: wrong.identity,
        sensitive: wrong.sensitive.clone(),
        urgent: wrong.urgent,
        topic: wrong.topic.clone(),
        language: wrong.language,
        evidence: kept.evidence.clone(),
        ..fresh
    }
}

/// Puts the agent's word over a reading.
fn put_right(reading: &mut Reading, correction: Correction, vocabulary: &Vocabulary) {
    match correction {
        Correction::NotThanks => {
            reading.closing = None;
            reading.thanks_probability = 0.0;
            forget(reading, &[Head::Thanks]);
        }
        Correction::Thanks => {
            reading.closing = Some(Closing::Thanks);
            reading.thanks_probability = 1.0;
            reading.wants_call = false;
            reading.unsolved = false;
            reading.answers = false;
            let contrary = [
                Head::Waiting,
                Head::WantsCall,
                Head::Unsolved,
                Head::Answers,
            ];
            forget(reading, &contrary);
        }
        Correction::NotSecret => {
            reading
                .sensitive
                .retain(|span| !vocabulary.masks(span.kind));
            let offers = |identity: Identity| identity.kind == IdentityKind::Offered;
            if reading.identity.is_some_and(offers) {
                reading.identity = identity_left(reading);
                forget(reading, &[Head::Identity]);
            }
        }
    }
}

/// What a reading shows of identity data once nothing in the text is secret: data that finds a
/// person, if there is any, or what the enquiry itself needs.
fn identity_left(reading: &Reading) -> Option<Identity> {
    if !reading.sensitive.is_empty() {
        return Some(Identity {
            kind: IdentityKind::Offered,
            level: IdentityLevel::Identifying,
        });
    }
    reading.needs_check.then_some(Identity::NEEDED)
}

/// Words that decided something which is not so.
fn forget(reading: &mut Reading, heads: &[Head]) {
    reading
        .evidence
        .retain(|evidence| !heads.contains(&evidence.head));
}
