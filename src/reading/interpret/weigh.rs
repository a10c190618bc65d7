//! What the model makes of a message, together with what the judges found. The judges' word is
//! evidence among others, unless the admin's own phrases decided: those win. Where the model is
//! not sure enough, nothing is read that would spare a customer a person.

use crate::domain::{
    reading::{
        Closing, Context, Head, Identity, IdentityKind, IdentityLevel, Reading, TextWish, WaitsFor,
    },
    vocabulary::{PhraseList, Threshold, Thresholds},
};

use super::{
    super::model::{CustomerHead, Features, Gatherer, OurHead, Side, Verdicts, Weights},
    Clues, Sign, answers,
    closing::{Facts, facts},
};

/// What in a customer's message can be thanks at all. Where none of this stands, only words that
/// the model is all but certain of are.
const CAN_CLOSE: &[Sign] = &[
    Sign::Thanks,
    Sign::ThanksFor,
    Sign::Solved,
    Sign::Came,
    Sign::Pleased,
    Sign::Praise,
    Sign::Declines,
    Sign::Ack,
    Sign::Done,
    Sign::Warm,
    Sign::WarmFarewell,
    Sign::No,
    Sign::Nothing,
];

/// Everything of a customer's message that the model weighs. `judged` is the judges' reading.
pub(super) fn customer_features(
    clues: &Clues<'_>,
    context: &Context,
    judged: &Reading,
    facts: &Facts,
) -> Features {
    let mut gatherer = Gatherer::new(clues, context);
    for fact in &facts.holds {
        gatherer.fact_if(true, fact);
    }
    gatherer.count("unexplained", facts.unexplained);
    let closing = match judged.closing {
        Some(Closing::Thanks) => "judged thanks",
        Some(Closing::Waiting(WaitsFor::Us)) => "judged waiting for us",
        Some(Closing::Waiting(WaitsFor::Customer)) => "judged waiting",
        None => "judged open",
    };
    gatherer.fact_if(true, closing);
    gatherer.size("judged odds", tenths(judged.thanks_probability));
    gatherer.fact_if(judged.wants_call, "judged call");
    gatherer.fact_if(judged.wants_text == Some(TextWish::Case), "judged text");
    gatherer.fact_if(
        judged.wants_text == Some(TextWish::Always),
        "judged text always",
    );
    gatherer.fact_if(judged.unsolved, "judged unsolved");
    gatherer.fact_if(judged.answers, "judged answer");
    gatherer.fact_if(judged.acknowledges, "judged acknowledgement");
    gatherer.fact_if(judged.needs_check, "judged needs check");
    if let Some(identity) = judged.identity {
        gatherer.fact(match (identity.kind, identity.level) {
            (IdentityKind::Offered, IdentityLevel::Identifying) => "judged offered",
            (IdentityKind::Offered, IdentityLevel::Confidential) => "judged offered secret",
            (IdentityKind::Asked | IdentityKind::Needed, _) => "judged other identity",
        });
    }
    gatherer.finish()
}

/// Everything of a message of ours that the model weighs.
pub(super) fn our_features(clues: &Clues<'_>, judged: &Reading) -> Features {
    let mut gatherer = Gatherer::new(clues, &Context::default());
    let marks = judged.marks;
    let holds = [
        (marks.asks, "asks"),
        (marks.asks_identity, "asks identity"),
        (!marks.asked_for.is_empty(), "asks for spans"),
        (marks.offers_call, "offers a call"),
        (marks.promises, "promises"),
        (marks.instructs, "instructs"),
        (marks.reports, "reports"),
        (marks.asks_anything_else, "anything else"),
    ];
    for (holds, name) in holds {
        if holds {
            gatherer.fact(name);
        }
    }
    gatherer.fact(match judged.identity.map(|identity| identity.level) {
        Some(IdentityLevel::Confidential) => "asks for secrets",
        Some(IdentityLevel::Identifying) => "asks for a name",
        None => "asks for nothing",
    });
    gatherer.finish()
}

/// A probability as one of ten sizes.
fn tenths(probability: f32) -> u8 {
    (1..=9_u8)
        .filter(|tenth| f32::from(*tenth) / 10.0 <= probability)
        .fold(0, |count, _| count + 1)
}

/// Where nothing that can be thanks stands, the model must be this sure.
const ALL_BUT_CERTAIN: f32 = 0.98;

/// Whether a probability is enough. Where the judges found the same, a quarter of the threshold is.
fn is_sure(probability: f32, sure: Threshold, judged: bool) -> bool {
    sure.is_reached(if judged {
        probability * 4.0
    } else {
        probability
    })
}

/// Whether a probability of thanks is enough. A wrong one drops a customer, so the judges count for less:
/// where they found thanks too, half of the threshold is enough.
fn is_sure_of_thanks(probability: f32, sure: Threshold, judged: bool) -> bool {
    sure.is_reached(if judged {
        probability * 2.0
    } else {
        probability
    })
}

/// The level of data of which the model says how likely it is confidential.
fn level(confidential: f32) -> IdentityLevel {
    if confidential >= 0.5 {
        IdentityLevel::Confidential
    } else {
        IdentityLevel::Identifying
    }
}

/// Puts the model's word on a customer's message over the judges'.
pub(super) struct Weighing<'a> {
    clues: &'a Clues<'a>,
    verdicts: Verdicts<'a, { CustomerHead::COUNT }>,
    facts: &'a Facts,
    sure: &'a Thresholds,
}

impl<'a> Weighing<'a> {
    pub(super) fn new(
        clues: &'a Clues<'a>,
        weights: &'a Weights,
        features: &'a Features,
        facts: &'a Facts,
        sure: &'a Thresholds,
    ) -> Self {
        Self {
            clues,
            verdicts: Verdicts::new(&weights.customer, features),
            facts,
            sure,
        }
    }

    fn of(&self, head: CustomerHead) -> f32 {
        self.verdicts.of(head as usize)
    }

    /// Whether the admin's own word on a list decides: a phrase that they added, or one that they
    /// removed, which the model would still see.
    fn is_ruled(&self, list: PhraseList) -> bool {
        self.clues.added(list).is_some() || self.clues.is_removed(list)
    }

    /// Whether a head holds: by the model alone, or with less where the judges found it too.
    fn holds(&self, head: CustomerHead, sure: Threshold, judged: bool) -> bool {
        is_sure(self.of(head), sure, judged)
    }

    /// Settles every judgement.
    pub(super) fn settle(&self, reading: &mut Reading) {
        self.wishes(reading);
        if !self.is_ruled(PhraseList::Unsolved) {
            let head = CustomerHead::Unsolved;
            reading.unsolved = self.sure.unsolved.is_reached(self.of(head));
            self.prove(reading, Head::Unsolved, head, reading.unsolved);
        }
        self.close(reading);
        self.answer(reading);
        self.offer(reading);
    }

    /// To be rung, or to stay in text: one of them at most.
    fn wishes(&self, reading: &mut Reading) {
        const ADMINS: &[PhraseList] = &[
            PhraseList::WantsCall,
            PhraseList::WantsText,
            PhraseList::WantsTextAlways,
        ];
        if ADMINS.iter().any(|list| self.is_ruled(*list)) {
            return;
        }
        let [call, text] =
            [CustomerHead::WantsCall, CustomerHead::WantsText].map(|head| self.of(head));
        let wants_call = is_sure(call, self.sure.wants_call, reading.wants_call);
        let wants_text = is_sure(text, self.sure.wants_text, reading.wants_text.is_some());
        reading.wants_call = wants_call && !(wants_text && text > call);
        let wants_text = wants_text && !reading.wants_call;
        let likely = if self.of(CustomerHead::Always) >= 0.5 {
            TextWish::Always
        } else {
            TextWish::Case
        };
        reading.wants_text = wants_text.then_some(reading.wants_text.unwrap_or(likely));
        self.prove(
            reading,
            Head::WantsCall,
            CustomerHead::WantsCall,
            reading.wants_call,
        );
        self.prove(
            reading,
            Head::WantsText,
            CustomerHead::WantsText,
            wants_text,
        );
    }

    fn close(&self, reading: &mut Reading) {
        let thanks = self.of(CustomerHead::Thanks);
        let ruled = self.is_ruled(PhraseList::Thanks) || self.is_ruled(PhraseList::Waiting);
        let judged = reading.closing;
        // What a bare "ok" means hangs on what we said alone.
        if !ruled && !self.is(facts::BARE) {
            reading.thanks_probability = thanks;
            reading.closing = self.weighed(thanks, judged);
        }
        if !ruled && (reading.wants_call || reading.unsolved) {
            reading.closing = None;
            reading.thanks_probability = reading.thanks_probability.min(0.01);
        }
        let is_thanks = reading.closing == Some(Closing::Thanks);
        self.prove(reading, Head::Thanks, CustomerHead::Thanks, is_thanks);
        self.prove(
            reading,
            Head::Waiting,
            CustomerHead::Waiting,
            reading.closing.is_some() && !is_thanks,
        );
        if reading.closing.is_none() && self.clues.has_any(&[Sign::Thanks, Sign::ThanksFor]) {
            // "but … still": what kept a word of thanks from being one.
            self.name(
                reading,
                Head::NotThanks,
                CustomerHead::Thanks,
                Side::Against,
            );
        }
    }

    fn is(&self, fact: &str) -> bool {
        self.facts.holds.contains(&fact)
    }

    fn weighed(&self, thanks: f32, judged: Option<Closing>) -> Option<Closing> {
        let judged_thanks = judged == Some(Closing::Thanks);
        let can_close = thanks >= ALL_BUT_CERTAIN || self.clues.has_any(CAN_CLOSE);
        // Nobody thanks for what they still wait for.
        let too_early = self.is(facts::OUR_TURN) && self.is(facts::IN_ADVANCE);
        if can_close && !too_early && is_sure_of_thanks(thanks, self.sure.thanks, judged_thanks) {
            return Some(Closing::Thanks);
        }
        let judged_waiting = matches!(judged, Some(Closing::Waiting(_)));
        let waits = self.holds(CustomerHead::Waiting, self.sure.waiting, judged_waiting);
        let for_us = match judged {
            Some(Closing::Waiting(whom)) => whom == WaitsFor::Us,
            _ => self.of(CustomerHead::ForUs) >= 0.5,
        };
        waits.then_some(Closing::Waiting(if for_us {
            WaitsFor::Us
        } else {
            WaitsFor::Customer
        }))
    }

    /// Nothing but an answer: never with a question or a wish of its own.
    fn answer(&self, reading: &mut Reading) {
        let more = reading.unsolved
            || reading.wants_call
            || reading.wants_text.is_some()
            || reading.closing == Some(Closing::Thanks)
            || answers::asks(self.clues);
        let head = CustomerHead::Answers;
        reading.answers = !more && self.sure.answers.is_reached(self.of(head));
        self.prove(reading, Head::Answers, head, reading.answers);
    }

    /// Identity data given or offered. What is found in the text itself is beyond doubt.
    fn offer(&self, reading: &mut Reading) {
        let judged = reading
            .identity
            .filter(|identity| identity.kind == IdentityKind::Offered);
        if judged.is_some() && !reading.sensitive.is_empty() {
            return;
        }
        let head = CustomerHead::Offered;
        let harmless = judged.is_none() && self.clues.has(Sign::Harmless);
        let offered = !harmless && self.holds(head, self.sure.identity, judged.is_some());
        if offered == judged.is_some() {
            return;
        }
        let needed = reading.needs_check.then_some(Identity::NEEDED);
        reading.identity = offered
            .then_some(Identity {
                kind: IdentityKind::Offered,
                level: level(self.of(CustomerHead::OfferedConfidential)),
            })
            .or(needed);
        reading
            .evidence
            .retain(|evidence| evidence.head != Head::Identity || needed.is_some());
        self.prove(reading, Head::Identity, CustomerHead::Offered, offered);
    }

    /// Names the words that decided a head: the judges' if they saw it too, else those that weigh
    /// most; none where it does not hold.
    fn prove(&self, reading: &mut Reading, head: Head, of: CustomerHead, holds: bool) {
        if !holds {
            reading.evidence.retain(|evidence| evidence.head != head);
        } else if !reading
            .evidence
            .iter()
            .any(|evidence| evidence.head == head)
        {
            self.name(reading, head, of, Side::For);
        }
    }

    fn name(&self, reading: &mut Reading, head: Head, of: CustomerHead, side: Side) {
        let length = self.clues.words().len();
        for words in self.verdicts.words(of as usize, side, length) {
            super::prove(reading, self.clues, head, &words);
        }
    }
}

/// Puts the model's word on a message of ours over the judges'.
pub(super) fn ours(
    clues: &Clues<'_>,
    weights: &Weights,
    features: &Features,
    sure: &Thresholds,
    reading: &mut Reading,
) {
    let verdicts = Verdicts::new(&weights.ours, features);
    let holds = |head: OurHead, sure, judged| is_sure(verdicts.of(head as usize), sure, judged);
    let does = |head, judged| holds(head, Threshold::EVEN, judged);
    let marks = &mut reading.marks;
    // An order or tracking number is no identity data, however it is asked for.
    let harmless = reading.identity.is_none() && clues.has(Sign::Harmless);
    let asked = !harmless && holds(OurHead::Asked, sure.identity, reading.identity.is_some());
    let judged = reading.identity.filter(|_| asked);
    reading.identity = asked.then(|| {
        judged.unwrap_or(Identity {
            kind: IdentityKind::Asked,
            level: level(verdicts.of(OurHead::AskedConfidential as usize)),
        })
    });
    marks.asks_identity = asked;
    marks.asks = asked || does(OurHead::Asks, marks.asks);
    marks.offers_call = does(OurHead::Offers, marks.offers_call);
    marks.promises = does(OurHead::Promises, marks.promises);
    marks.instructs = does(OurHead::Instructs, marks.instructs);
    marks.reports = does(OurHead::Reports, marks.reports);
    marks.asks_anything_else = does(OurHead::AnythingElse, marks.asks_anything_else);
    if !asked {
        reading
            .evidence
            .retain(|evidence| evidence.head != Head::Identity);
    } else if judged.is_none() {
        let words = verdicts.words(OurHead::Asked as usize, Side::For, clues.words().len());
        for words in words.iter().take(1) {
            super::prove(reading, clues, Head::Identity, words);
        }
    }
}
