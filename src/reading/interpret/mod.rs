//! What a scanned message means after what was said before it. One judge a head; where they
//! contradict each other the one that brings in a person wins. No judge knows the rules.

mod answers;
mod calls;
mod closing;
mod identity;
mod marks;
mod weigh;

use crate::domain::{
    message::Party,
    private::Private,
    reading::{Closing, Context, Evidence, Head, Identity, IdentityKind, Language, Reading},
    vocabulary::{PhraseList, Vocabulary},
};

use super::{
    Scan,
    clues::{Clues, Words},
    lexicon::{Lexicon, Meaning, Sign},
    model::{Features, Weights},
    spans,
};

use closing::Facts;

/// What a message is read with.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) lexicon: &'a Lexicon,
    /// None for the judges alone.
    pub(super) weights: Option<&'a Weights>,
}

/// Understands a message.
pub(super) fn interpret(means: Means<'_>, scan: &Scan, party: Party, context: &Context) -> Reading {
    read(means, scan, party, context).0
}

/// Understands a message, and tells what the model weighed.
pub(super) fn read(
    means: Means<'_>,
    scan: &Scan,
    party: Party,
    context: &Context,
) -> (Reading, Features) {
    let Means {
        vocabulary,
        lexicon,
        weights,
    } = means;
    let answered = (party == Party::Customer)
        .then(|| with_answers(scan, context))
        .flatten();
    let scan = answered.as_ref().unwrap_or(scan);
    let known = scan.language.or(context.language);
    let mut reading = Reading {
        language: known.unwrap_or(Language::ENGLISH),
        language_is_sure: scan.language.is_some(),
        sensitive: scan.sensitive.clone(),
        trails: scan.trails,
        ..Reading::blank(Language::ENGLISH)
    };
    let clues = Clues::new(scan, known);
    match party {
        Party::Customer => {
            let judge = Judge {
                vocabulary,
                lexicon,
                clues: &clues,
                context,
            };
            let facts = judge.customer(&mut reading);
            let features = weigh::customer_features(&clues, context, &reading, &facts);
            if let Some(weights) = weights {
                weigh::Weighing::new(&clues, weights, &features, &facts, &vocabulary.sure)
                    .settle(&mut reading);
            }
            (reading, features)
        }
        Party::Agent | Party::Bot => {
            ours(vocabulary, &clues, &mut reading);
            let features = weigh::our_features(&clues, &reading);
            if let Some(weights) = weights {
                weigh::ours(&clues, weights, &features, &vocabulary.sure, &mut reading);
            }
            (reading, features)
        }
    }
}

/// The scan with what only our question makes sensitive: "What is your date of birth?" "4/5/1990".
fn with_answers(scan: &Scan, context: &Context) -> Option<Scan> {
    let asked_for = context.ours?.asked_for;
    let sensitive = spans::with_answers(scan.text.reveal(), &scan.sensitive, asked_for)?;
    Some(Scan {
        sensitive,
        ..scan.clone()
    })
}

/// Reads a message of ours: what it asks, offers and promises, and the identity data it asks for.
fn ours(vocabulary: &Vocabulary, clues: &Clues<'_>, reading: &mut Reading) {
    let asked = identity::asked(vocabulary, clues);
    reading.marks = marks::marks(clues);
    if let Some(asked) = asked {
        reading.marks.asks = true;
        reading.marks.asks_identity = true;
        reading.marks.asked_for = asked.kinds;
        reading.identity = Some(Identity {
            kind: IdentityKind::Asked,
            level: asked.level,
        });
        prove(reading, clues, Head::Identity, &asked.words);
    }
    lists(vocabulary, clues, reading);
}

/// All that the judges of a customer's message need.
struct Judge<'a> {
    vocabulary: &'a Vocabulary,
    lexicon: &'a Lexicon,
    clues: &'a Clues<'a>,
    context: &'a Context,
}

impl Judge<'_> {
    fn customer(&self, reading: &mut Reading) -> Facts {
        let Self { clues, context, .. } = *self;
        let has_phone = reading
            .sensitive
            .iter()
            .any(|span| span.kind == crate::domain::reading::SpanKind::Phone);
        let wishes = calls::wishes(clues, context, has_phone);
        if let Some(words) = &wishes.call {
            reading.wants_call = true;
            prove(reading, clues, Head::WantsCall, words);
        }
        if let Some((wish, words)) = &wishes.text {
            reading.wants_text = Some(*wish);
            prove(reading, clues, Head::WantsText, words);
        }
        if let Some(words) = closing::unsolved(clues, context) {
            reading.unsolved = true;
            prove(reading, clues, Head::Unsolved, &words);
        }
        reading.acknowledges = answers::acknowledges(clues);
        let facts = self.close(reading);
        reading.answers = answers::answers(clues, context, reading);
        if reading.answers
            && let Some(words) = answers::answer_words(clues)
        {
            prove(reading, clues, Head::Answers, &words);
        }
        self.identify(reading);
        let urgent = clues
            .added(PhraseList::Urgent)
            .or_else(|| clues.first(Sign::Urgent));
        if let Some(words) = urgent {
            reading.urgent = true;
            prove(reading, clues, Head::Urgent, &words);
        }
        lists(self.vocabulary, clues, reading);
        facts
    }

    fn close(&self, reading: &mut Reading) -> Facts {
        let verdict = closing::verdict(self.clues, self.context, reading);
        reading.closing = verdict.closing;
        reading.thanks_probability = verdict.probability;
        let head = match verdict.closing {
            Some(Closing::Thanks) => Head::Thanks,
            Some(Closing::Waiting(_)) => Head::Waiting,
            None => return verdict.facts,
        };
        if let Some(words) = verdict.words {
            prove(reading, self.clues, head, &words);
        }
        verdict.facts
    }

    fn identify(&self, reading: &mut Reading) {
        let needed = identity::needed(self.lexicon, self.clues);
        reading.needs_check = needed.is_some();
        let offered = identity::offered(self.vocabulary, self.clues, self.context);
        if let Some((level, words)) = offered {
            reading.identity = Some(Identity {
                kind: IdentityKind::Offered,
                level,
            });
            if let Some(words) = words {
                prove(reading, self.clues, Head::Identity, &words);
            }
        } else if let Some(words) = needed {
            reading.identity = Some(Identity::NEEDED);
            prove(reading, self.clues, Head::Identity, &words);
        }
    }
}

/// The admin's topics and word lists.
fn lists(vocabulary: &Vocabulary, clues: &Clues<'_>, reading: &mut Reading) {
    let topic = clues
        .hits()
        .iter()
        .filter_map(|hit| match hit.meaning {
            Meaning::Topic(place) => Some((place, hit.words.clone())),
            _ => None,
        })
        .min_by_key(|(place, _)| *place);
    if let Some((place, words)) = topic {
        reading.topic = vocabulary.topics.get(place).map(|(topic, _)| topic.clone());
        prove(reading, clues, Head::Topic, &words);
    }
    reading.word_lists = clues
        .hits()
        .iter()
        .filter_map(|hit| match hit.meaning {
            Meaning::WordList(place) => Some(place),
            _ => None,
        })
        .collect();
    reading.word_lists.sort_unstable();
    reading.word_lists.dedup();
}

fn prove(reading: &mut Reading, clues: &Clues<'_>, head: Head, words: &Words) {
    let written = clues.written(words);
    if !written.is_empty() {
        reading.evidence.push(Evidence {
            head,
            words: Private::new(written),
        });
    }
}

#[cfg(test)]
mod tests;
