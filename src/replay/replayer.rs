//! One set of rules over a stream of messages. Keeps of each thread what the store would keep of
//! it, and a clock that only its messages move.

use std::{
    collections::{HashMap, VecDeque},
    hash::BuildHasher,
};

use crate::{
    domain::{
        callback::Callback,
        decision::{Effect, Event, FollowUp, Verdict},
        ids::{CustomerKey, ThreadKey},
        message::{Message, Party},
        reading::{Evidence, SensitiveSpan},
        record::DecisionRecord,
        thread::{CustomerState, State},
        time::{Length, Timestamp, after},
    },
    reading::{Reader, Scan, mask_evidence},
    rules::{Rules, decide::decide},
};

use super::recent::Recent;

/// How many of a thread's newest ids are remembered, to know a repetition.
const IDS_KEPT: usize = 256;
/// A message without `at` was written this long after the one before it.
const DEFAULT_STEP: Length = Length::minutes(1);
/// When a thread starts whose first message has no `at`: 2000-01-01T00:00:00Z, in seconds.
const DEFAULT_START_SECONDS: i64 = 946_684_800;

/// The moment of a thread's first message where it gives none.
#[must_use]
pub fn default_start() -> Timestamp {
    Timestamp::from_second(DEFAULT_START_SECONDS).unwrap_or_default()
}

/// A message as it arrives.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The message.
    pub message: Message,
    /// Whether `message.at` was given; if not, the thread's previous message tells it.
    pub at_is_given: bool,
}

/// What came of one message.
#[derive(Debug)]
pub struct Replayed {
    /// The thread's place among [`Replayer::threads`].
    pub thread: usize,
    /// The message, its `at` filled in.
    pub message: Message,
    /// Whether `at` was given and not made up.
    pub at_is_given: bool,
    /// Sensitive data in it.
    pub sensitive: Vec<SensitiveSpan>,
    /// The words that decided its reading.
    pub evidence: Vec<Evidence>,
    /// What was decided.
    pub record: DecisionRecord,
    /// The case before this one was left because its customer fell silent.
    pub lapsed: bool,
    /// What the bot would have done, for this message and for whatever came due before it, in
    /// this thread and in the customer's others.
    pub effects: Vec<Effect>,
}

impl Replayed {
    /// The words that decided its reading, with confidential data masked.
    #[must_use]
    pub fn masked_evidence(&self, rules: &Rules) -> Vec<Evidence> {
        let mut evidence = self.evidence.clone();
        if !evidence.is_empty() {
            let confidential = rules.vocabulary.to_mask(&self.sensitive);
            mask_evidence(&mut evidence, self.message.text.reveal(), &confidential);
        }
        evidence
    }
}

/// Replays messages under one set of rules.
#[derive(Debug)]
pub struct Replayer<'r> {
    rules: &'r Rules,
    reader: &'r Reader,
    places: HashMap<ThreadKey, usize>,
    threads: Vec<Thread>,
    customer_places: HashMap<CustomerKey, usize>,
    customers: Vec<Customer>,
}

/// What is kept of a thread.
#[derive(Debug)]
struct Thread {
    key: ThreadKey,
    state: State,
    /// The newest `at` seen, which is this thread's clock.
    now: Timestamp,
    /// `at` of the message that arrived last.
    arrived_at: Option<Timestamp>,
    /// The newest ids, oldest first.
    seen: VecDeque<Seen>,
    /// Once a message of theirs named them.
    customer: Option<usize>,
    /// What a datum may have begun in.
    recent: Recent,
}

/// A message that was decided.
#[derive(Debug)]
struct Seen {
    id_hash: u64,
    exchange: u32,
    case: u32,
}

/// What lives across one author's threads on one channel.
#[derive(Debug, Default)]
struct Customer {
    state: CustomerState,
    threads: Vec<usize>,
}

/// A message in its place.
struct Arrived {
    place: usize,
    id_hash: u64,
    message: Message,
    at_is_given: bool,
}

impl<'r> Replayer<'r> {
    /// Starts with nothing seen.
    #[must_use]
    pub fn new(rules: &'r Rules, reader: &'r Reader) -> Self {
        Self {
            rules,
            reader,
            places: HashMap::new(),
            threads: Vec::new(),
            customer_places: HashMap::new(),
            customers: Vec::new(),
        }
    }

    /// The rules it decides by.
    #[must_use]
    pub const fn rules(&self) -> &'r Rules {
        self.rules
    }

    /// Every thread seen with its state, in order of their first messages.
    pub fn threads(&self) -> impl Iterator<Item = (&ThreadKey, &State)> {
        self.threads
            .iter()
            .map(|thread| (&thread.key, &thread.state))
    }

    /// Decides one message. `scan` is this reader's scan of its text.
    pub fn replay(&mut self, incoming: Incoming, scan: &Scan) -> Replayed {
        let Incoming {
            mut message,
            at_is_given,
        } = incoming;
        let place = self.place(&message.thread);
        let id_hash = self.places.hasher().hash_one(&message.id);
        let thread = self.thread(place);
        message.at = thread.arrives(at_is_given.then_some(message.at));
        let known = thread.seen_as(id_hash);
        let arrived = Arrived {
            place,
            id_hash,
            message,
            at_is_given,
        };
        match known {
            Some(numbers) => self.repeat(arrived, scan, numbers),
            None => self.decide_message(arrived, scan),
        }
    }

    /// What a repetition leads to: the exchange and case of the first one, and nothing done.
    fn repeat(&mut self, arrived: Arrived, scan: &Scan, (exchange, case): (u32, u32)) -> Replayed {
        let reader = self.reader;
        let message = arrived.message;
        let context = &self.thread(arrived.place).state.thread.context;
        let reading = reader.interpret(scan, message.from, context);
        Replayed {
            thread: arrived.place,
            record: DecisionRecord::duplicate(&message, &reading, exchange, case),
            message,
            at_is_given: arrived.at_is_given,
            sensitive: reading.sensitive,
            evidence: reading.evidence,
            lapsed: false,
            effects: Vec::new(),
        }
    }

    fn decide_message(&mut self, arrived: Arrived, scan: &Scan) -> Replayed {
        let Arrived {
            place,
            id_hash,
            message,
            at_is_given,
        } = arrived;
        let reader = self.reader;
        let thread = self.thread(place);
        thread.now = thread.now.max(message.at);
        let now = thread.now;
        self.meet_customer(place, &message);
        let mut effects = self.tick(place);
        let rules = self.rules;
        let Thread { state, recent, .. } = self.thread(place);
        let more = recent.completed(rules, reader, &state.thread, &message, scan);
        let scan = more.as_ref().unwrap_or(scan);
        let reading = reader.interpret(scan, message.from, &state.thread.context);
        recent.remember(rules, &message, &reading.sensitive);
        let event = Event::MessageReceived {
            message: &message,
            reading: &reading,
        };
        let (verdict, follow_ups) = self.settle(place, &event, now, &mut effects);
        let mut verdict = verdict.unwrap_or_else(Verdict::none);
        let mut elsewhere = Vec::new();
        for follow_up in follow_ups {
            self.follow_up(place, follow_up, now, &mut elsewhere);
        }
        verdict.note_elsewhere(&elsewhere);
        effects.extend(elsewhere);
        let lapsed = verdict.lapsed;
        let record = DecisionRecord::new(&message, &reading, verdict);
        self.thread(place)
            .remember(id_hash, record.exchange, record.case);
        Replayed {
            thread: place,
            message,
            at_is_given,
            sensitive: reading.sensitive,
            evidence: reading.evidence,
            record,
            lapsed,
            effects,
        }
    }

    /// Lets everything happen that was due before the thread's clock moved on. Nobody works callbacks
    /// here, so nobody is reminded of one: of all that time does to them, only a soft one turns loud.
    fn tick(&mut self, place: usize) -> Vec<Effect> {
        let mut effects = Vec::new();
        let thread = self.thread(place);
        let now = thread.now;
        let tick = Event::Tick {
            channel: thread.key.channel.clone(),
            owner_on_shift: false,
        };
        let mut last = None;
        loop {
            let state = &mut self.thread(place).state;
            let turns_loud_at = state.callback.as_ref().and_then(turns_loud_at);
            let reminder = state.thread.reminder.as_ref().map(|reminder| reminder.due);
            let Some(due) = turns_loud_at.into_iter().chain(reminder).min() else {
                break;
            };
            // A tick that settles nothing asks for the same moment again: one is enough.
            if due > now || last.is_some_and(|last| due <= last) {
                break;
            }
            let put_aside = match turns_loud_at {
                Some(at) if at <= due => None,
                _ => state.callback.take(),
            };
            self.settle(place, &tick, due, &mut effects);
            if put_aside.is_some() {
                self.thread(place).state.callback = put_aside;
            }
            last = Some(due);
        }
        effects
    }

    /// Decides an event of one thread and remembers what came of it.
    fn settle(
        &mut self,
        place: usize,
        event: &Event<'_>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> (Option<Verdict>, Vec<FollowUp>) {
        let customer = self.thread(place).customer;
        if let Some(known) = customer.and_then(|customer| self.customers.get(customer)) {
            let state = known.state.clone();
            self.thread(place).state.customer = state;
        }
        let decision = decide(self.rules, &self.thread(place).state, event, now);
        if let Some(known) = customer.and_then(|customer| self.customers.get_mut(customer)) {
            known.state.clone_from(&decision.state.customer);
        }
        self.thread(place).state = decision.state;
        effects.extend(decision.effects);
        (decision.verdict, decision.follow_ups)
    }

    /// Tells the customer's other threads. Only an open callback of theirs can be touched by it;
    /// the wish itself lives with the customer.
    fn follow_up(
        &mut self,
        place: usize,
        follow_up: FollowUp,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let FollowUp::TextAlwaysWished = follow_up;
        let customer = self.thread(place).customer;
        let threads = customer
            .and_then(|customer| self.customers.get(customer))
            .map(|known| known.threads.clone())
            .unwrap_or_default();
        for other in threads.into_iter().filter(|other| *other != place) {
            let thread = self.thread(other);
            if thread.state.callback.is_some() {
                let now = now.max(thread.now);
                let channel = thread.key.channel.clone();
                self.settle(other, &Event::TextAlwaysWished { channel }, now, effects);
            }
        }
    }

    /// Gives a thread to its customer, once a message of theirs names them. What the thread knew
    /// of its customer until then becomes theirs.
    fn meet_customer(&mut self, place: usize, message: &Message) {
        if self.thread(place).customer.is_some() || message.from != Party::Customer {
            return;
        }
        let Some(author) = message.author.clone() else {
            return;
        };
        let key = CustomerKey {
            channel: message.thread.channel.clone(),
            author,
        };
        let next = self.customers.len();
        let customer = *self.customer_places.entry(key).or_insert(next);
        if customer == next {
            self.customers.push(Customer::default());
        }
        let thread = self.thread(place);
        thread.customer = Some(customer);
        let until_now = std::mem::take(&mut thread.state.customer);
        if let Some(known) = self.customers.get_mut(customer) {
            known.threads.push(place);
            known.state.do_not_call |= until_now.do_not_call;
            known.state.text_always = known.state.text_always.take().or(until_now.text_always);
        }
    }

    /// The place of a thread, new or known.
    fn place(&mut self, key: &ThreadKey) -> usize {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.threads.len();
        self.places.insert(key.clone(), place);
        self.threads.push(Thread {
            key: key.clone(),
            state: State::default(),
            now: Timestamp::MIN,
            arrived_at: None,
            seen: VecDeque::new(),
            customer: None,
            recent: Recent::default(),
        });
        place
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a place is given out with its thread, and threads are never taken away"
    )]
    fn thread(&mut self, place: usize) -> &mut Thread {
        &mut self.threads[place]
    }
}

/// When a soft callback turns loud, unless we answer.
fn turns_loud_at(callback: &Callback) -> Option<Timestamp> {
    callback.soft.as_ref()?.until
}

impl Thread {
    /// The `at` of a message that arrives now, given or not.
    fn arrives(&mut self, given: Option<Timestamp>) -> Timestamp {
        let at = given.unwrap_or_else(|| {
            self.arrived_at
                .map_or_else(default_start, |last| after(last, DEFAULT_STEP))
        });
        self.arrived_at = Some(at);
        at
    }

    /// The exchange and case of the message that this one repeats.
    fn seen_as(&self, id_hash: u64) -> Option<(u32, u32)> {
        let same = |seen: &&Seen| seen.id_hash == id_hash;
        self.seen
            .iter()
            .rfind(same)
            .map(|seen| (seen.exchange, seen.case))
    }

    fn remember(&mut self, id_hash: u64, exchange: u32, case: u32) {
        if self.seen.len() == IDS_KEPT {
            self.seen.pop_front();
        }
        self.seen.push_back(Seen {
            id_hash,
            exchange,
            case,
        });
    }
}
#[cfg(test)]
mod tests;
