//! Whether the message closes: thanks, waiting, or neither. Weighs what speaks for thanks
//! against everything that leaves something open; in doubt it is not thanks, because a wrong
//! "thanks" silently drops a customer.

mod evidence;

use crate::domain::{
    reading::{Closing, Context, Marks, Reading, WaitsFor},
    vocabulary::PhraseList,
};

use super::{
    Clues, Sign, Words,
    answers::{self, SMALL_TALK},
};

/// What the message closes with.
pub(super) struct Verdict {
    /// How it closes.
    pub(super) closing: Option<Closing>,
    /// The probability of thanks.
    pub(super) probability: f32,
    /// The words that decided.
    pub(super) words: Option<Words>,
    /// What was found on the way, for the model to weigh.
    pub(super) facts: Facts,
}

/// What of a message bears on its closing.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What holds, by name.
    pub(super) holds: Vec<&'static str>,
    /// How many words nothing explains.
    pub(super) unexplained: usize,
}

/// Names of facts that more than the model looks at.
pub(super) mod facts {
    /// Nothing but an "ok", a 👍, a pleased word or a warm farewell.
    pub(in super::super) const BARE: &str = "bare";
    /// The customer waits for what we say next.
    pub(in super::super) const OUR_TURN: &str = "our turn";
    /// Thanks said before there is anything to thank for.
    pub(in super::super) const IN_ADVANCE: &str = "in advance";
}

impl Verdict {
    fn new(closing: Option<Closing>, probability: f32, words: Option<Words>) -> Self {
        Self {
            closing,
            probability,
            words,
            facts: Facts::default(),
        }
    }
}

/// Says that it is not solved, has come back, or that our answer did not help.
pub(super) fn unsolved(clues: &Clues<'_>, context: &Context) -> Option<Words> {
    // "Anything else?" "Nothing, thanks."
    let nothing = || {
        let asked = context.ours.is_some_and(|ours| ours.asks_anything_else);
        clues.first(Sign::Nothing).filter(|_| !asked)
    };
    clues.added(PhraseList::Unsolved).or_else(|| {
        clues
            .first(Sign::Unsolved)
            .or_else(nothing)
            .or_else(|| clues.pair(Sign::Negation, Sign::WouldHelp, 1))
            .or_else(|| {
                clues
                    .all(Sign::Solved)
                    .iter()
                    .find(|words| is_negated(clues, words))
                    .cloned()
            })
    })
}

fn is_negated(clues: &Clues<'_>, words: &Words) -> bool {
    clues.before(Sign::Negation, words, 3)
}

/// Whether the words that say "solved" say so of what is, not of what should be.
fn is_real(clues: &Clues<'_>, words: &Words) -> bool {
    !is_negated(clues, words) && !clues.before(Sign::Unreal, words, 3) && !clues.in_question(words)
}

/// Reads the closing. The other heads of `reading` that are needed are already filled in.
pub(super) fn verdict(clues: &Clues<'_>, context: &Context, reading: &Reading) -> Verdict {
    if reading.wants_call {
        return Verdict::new(None, 0.01, None);
    }
    if clues.added(PhraseList::Unsolved).is_none() {
        if let Some(words) = clues.added(PhraseList::Thanks) {
            return Verdict::new(Some(Closing::Thanks), 0.99, Some(words));
        }
        if let Some(words) = clues.added(PhraseList::Waiting) {
            let promised = context.ours.is_some_and(|ours| ours.promises);
            let whom = if promised {
                WaitsFor::Us
            } else {
                WaitsFor::Customer
            };
            return Verdict::new(Some(Closing::Waiting(whom)), 0.02, Some(words));
        }
    }
    let case = Case::of(clues, context, reading);
    Verdict {
        facts: case.facts(),
        ..case.verdict()
    }
}

/// What speaks for and against.
struct Case<'a> {
    clues: &'a Clues<'a>,
    context: &'a Context,
    reading: &'a Reading,
    gratitude: Option<Words>,
    solved: Option<Words>,
    /// The words that nothing explains.
    unexplained: Vec<usize>,
    /// Asks us something.
    asks: bool,
}

impl<'a> Case<'a> {
    fn of(clues: &'a Clues<'a>, context: &'a Context, reading: &'a Reading) -> Self {
        Self {
            clues,
            context,
            reading,
            gratitude: clues
                .first_of(&[Sign::ThanksFor, Sign::Thanks])
                .filter(|words| !clues.in_question(words)),
            solved: clues
                .all(Sign::Solved)
                .iter()
                .find(|words| is_real(clues, words))
                .cloned(),
            unexplained: clues.unexplained(SMALL_TALK),
            asks: answers::asks(clues),
        }
    }

    fn verdict(&self) -> Verdict {
        if let Some((whom, words)) = self.waiting() {
            return Verdict::new(Some(Closing::Waiting(whom)), 0.1, Some(words));
        }
        if self.is_bare() {
            return self.bare_reply();
        }
        let probability = self.probability();
        if probability >= 0.5 {
            Verdict::new(Some(Closing::Thanks), probability, self.words())
        } else {
            Verdict::new(None, probability, None)
        }
    }

    fn facts(&self) -> Facts {
        let holds = [
            (self.asks, "asks"),
            (self.gratitude.is_some(), "gratitude"),
            (self.solved.is_some(), "solved"),
            (self.is_plainly_solved(), "plainly solved"),
            (self.says_thanks(), "says thanks"),
            (self.names_what(), "names what"),
            (self.declines(), "declines"),
            (self.is_bare(), facts::BARE),
            (self.is_our_turn(), facts::OUR_TURN),
            (self.but_says_more(), "but more"),
            (self.comes_with_more(), "comes with more"),
            (self.goes_on(), "goes on"),
            (self.has_loose_negation(), "loose negation"),
            (self.is_in_advance(), facts::IN_ADVANCE),
            (self.is_in_passing(), "in passing"),
        ];
        Facts {
            holds: holds
                .into_iter()
                .filter_map(|(holds, name)| holds.then_some(name))
                .collect(),
            unexplained: self.unexplained.len(),
        }
    }

    fn ours(&self) -> Option<Marks> {
        self.context.ours
    }

    /// Asks, complains, or says that it is not solved.
    fn leaves_open(&self) -> bool {
        self.asks
            || self.reading.unsolved
            || self
                .clues
                .has_any(&[Sign::Complaint, Sign::Cold, Sign::CannotAnswer])
    }

    fn waiting(&self) -> Option<(WaitsFor, Words)> {
        let real = |sign: Sign| {
            self.clues
                .all(sign)
                .iter()
                .find(|words| !is_negated(self.clues, words) && !self.clues.in_question(words))
                .cloned()
        };
        let hard = self.reading.unsolved
            || self.asks
            || self
                .clues
                .has_any(&[Sign::Complaint, Sign::Cold, Sign::NoThanks]);
        if hard || self.reading.wants_text.is_some() {
            return None;
        }
        if let Some(words) = real(Sign::Sent).filter(|_| self.unexplained.len() <= 8) {
            return Some((WaitsFor::Us, words));
        }
        self.ours()?;
        if self.solved.is_some() || self.unexplained.len() > 14 {
            return None;
        }
        let will = will_act(self.clues);
        if let Some(words) = real(Sign::WillAct).or(will) {
            return Some((WaitsFor::Customer, words));
        }
        if let Some(words) = real(Sign::WillWait) {
            return Some((WaitsFor::Us, words));
        }
        // "Ok thanks" to a bare question: they will go and look.
        let asked_only = self.ours().is_some_and(|ours| only_asks(&ours));
        let acks = self
            .clues
            .first(Sign::Ack)
            .filter(|_| asked_only && self.gratitude.is_some() && self.unexplained.is_empty());
        acks.map(|words| (WaitsFor::Customer, words))
    }

    /// The customer waits for what we say next: they asked, or gave what we asked for.
    fn is_our_turn(&self) -> bool {
        let asked = self.ours().is_some_and(|ours| ours.asks);
        self.context.unanswered || self.context.answered && asked
    }

    /// Thanks for something that is named.
    fn names_what(&self) -> bool {
        self.clues.has_any(&[Sign::ThanksFor, Sign::Praise])
            || self.clues.pair(Sign::Thanks, Sign::ForWhat, 2).is_some()
    }

    /// Nothing but an "ok", a 👍, a pleased word or a warm farewell.
    fn is_bare(&self) -> bool {
        let says_so = self
            .clues
            .has_any(&[Sign::Ack, Sign::Pleased, Sign::WarmFarewell])
            || answers::is_only_warm(self.clues)
            || answers::is_done(self.clues);
        let says_more = [
            Sign::Thanks,
            Sign::ThanksFor,
            Sign::Solved,
            Sign::Came,
            Sign::Praise,
            Sign::Declines,
        ]
        .iter()
        .any(|sign| self.clues.has(*sign));
        says_so
            && !says_more
            && self.unexplained.is_empty()
            && !self.leaves_open()
            && !self.clues.has_any(&[Sign::NoThanks, Sign::But, Sign::No])
    }

    /// What a bare "ok" means is up to what we said last.
    fn bare_reply(&self) -> Verdict {
        let words = Some(0..self.clues.words().len());
        let waiting = |whom| Verdict::new(Some(Closing::Waiting(whom)), 0.2, words.clone());
        let null = Verdict::new(None, 0.2, None);
        let Some(ours) = self.ours() else { return null };
        if self.is_our_turn() {
            return null;
        }
        if answers::is_done(self.clues) {
            return if ours.asks && !ours.instructs {
                waiting(WaitsFor::Us)
            } else {
                null
            };
        }
        let says_yes = self.clues.has(Sign::Yes) && !self.clues.has(Sign::Ack);
        if ours.asks {
            return if says_yes {
                null
            } else {
                waiting(WaitsFor::Customer)
            };
        }
        if ours.promises {
            return waiting(WaitsFor::Us);
        }
        if ours.instructs {
            return waiting(WaitsFor::Customer);
        }
        if says_yes && ours.asks_anything_else {
            return null;
        }
        if ours.reports || ours.asks_anything_else {
            return Verdict::new(Some(Closing::Thanks), 0.75, words);
        }
        null
    }

    /// The words that speak most for thanks.
    fn words(&self) -> Option<Words> {
        self.solved
            .clone()
            .or_else(|| self.gratitude.clone())
            .or_else(|| {
                self.clues
                    .first_of(&[Sign::Declines, Sign::Praise, Sign::Came, Sign::Pleased])
            })
    }

    /// The probability of thanks: evidence for and against in log odds, by hand. The weights
    /// say what outweighs what. The model has the last word.
    fn probability(&self) -> f32 {
        let odds = self.evidence_for() - self.evidence_against();
        let probability = 1.0 / (1.0 + (-odds).exp());
        // A pleased word or a flower among other words is no thanks by itself.
        if self.says_thanks() {
            probability
        } else {
            probability.min(0.45)
        }
    }

    /// Grateful, solved, content with us, or declining more help.
    fn says_thanks(&self) -> bool {
        // Before we have spoken, praise with more behind it is mostly mockery.
        let little = if self.ours().is_some() { 4 } else { 1 };
        let praised = self.clues.has(Sign::Praise) && self.unexplained.len() <= little;
        self.gratitude.is_some() || self.is_plainly_solved() || self.declines() || praised
    }

    /// Satisfaction without a word of gratitude is thanks only in reply to us, and only where
    /// the words around it add nothing: "my internet works again" closes, "it works but is
    /// slow" does not. "It arrived" opens a complaint as readily, and must stand alone.
    fn is_plainly_solved(&self) -> bool {
        let Some(ours) = self.ours() else {
            return false;
        };
        if self.clues.has_any(&[Sign::But, Sign::Negation]) {
            return false;
        }
        if let Some(solved) = &self.solved {
            let first = self.unexplained.first().copied().unwrap_or(solved.start);
            return self.unexplained.len() <= 3
                && self.unexplained.iter().all(|place| *place < solved.end)
                && self.clues.is_one_clause(&(first..solved.end));
        }
        let came = |words: &Words| is_real(self.clues, words);
        self.clues.all(Sign::Came).iter().any(came)
            && self.unexplained.is_empty()
            && !(ours.asks || ours.instructs)
    }
}

/// "I'll try that."
fn will_act(clues: &Clues<'_>) -> Option<Words> {
    clues
        .pairs(Sign::IWill, Sign::Act, 2)
        .find(|words| !clues.in_question(words) && !is_negated(clues, words))
}

/// We asked, and said nothing else.
fn only_asks(ours: &Marks) -> bool {
    (ours.asks || ours.asks_identity)
        && !(ours.reports || ours.instructs || ours.promises || ours.asks_anything_else)
}
