//! What a message of ours did, sentence by sentence, so that a short reply to it can be
//! understood.

use crate::domain::reading::Marks;

use super::{super::clues::Sentence, Clues, Sign};

/// Words of ours that report nothing.
const COURTESY: &[Sign] = &[
    Sign::Courtesy,
    Sign::Greeting,
    Sign::Filler,
    Sign::Thanks,
    Sign::ThanksFor,
    Sign::Farewell,
    Sign::WarmFarewell,
    Sign::Please,
    Sign::Ack,
    Sign::Pleased,
];

/// Reads a whole message of ours.
pub(super) fn marks(clues: &Clues<'_>) -> Marks {
    let mut marks = Marks::default();
    let unexplained = clues.unexplained(COURTESY);
    for sentence in clues.sentences() {
        let from = unexplained.partition_point(|place| *place < sentence.words.start);
        let to = unexplained.partition_point(|place| *place < sentence.words.end);
        mark(clues, &sentence, to - from, &mut marks);
    }
    marks
}

/// Adds what one sentence does; `said` is how many of its words are more than courtesy.
fn mark(clues: &Clues<'_>, sentence: &Sentence, said: usize, marks: &mut Marks) {
    let has = |sign| clues.in_sentence(sign, sentence);
    if has(Sign::AnythingElse) {
        marks.asks_anything_else = true;
        return;
    }
    let offers = has(Sign::OffersCall)
        || clues
            .pair_in(Sign::WeOffer, Sign::CallYou, 4, sentence)
            .is_some();
    let asks = sentence.question || has(Sign::Asks);
    let instructs = has(Sign::Instructs)
        || clues
            .pair_in(Sign::YouShould, Sign::Imperative, 1, sentence)
            .is_some()
        || clues
            .first_in(Sign::Imperative, sentence)
            .is_some_and(|words| clues.begins_sentence(&words));
    // "Send us the number and we will check" promises nothing until they do.
    let promises = !offers
        && !asks
        && (has(Sign::Promises)
            || clues
                .pair_in(Sign::WeWill, Sign::ComeBack, 4, sentence)
                .is_some());
    marks.offers_call |= offers;
    marks.asks |= asks;
    marks.instructs |= instructs;
    marks.promises |= promises;
    let enough = if has(Sign::Courtesy) { 4 } else { 1 };
    marks.reports |= !offers && !asks && !instructs && !promises && said >= enough;
}
