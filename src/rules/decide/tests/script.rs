//! Plays threads against `decide` with readings made by hand.

use crate::domain::callback::CallbackEvent;
use crate::{
    domain::{
        callback::{CallResult, Callback, KeepTyping},
        decision::{Decision, Effect, Event, Notice, Utterance, Verdict},
        hours::QuietHours,
        ids::{
            AccountName, AdminRuleName, Author, ChannelName, MessageId, RulesVersion, ThreadId,
            ThreadKey,
        },
        message::{Message, Party, Visibility},
        private::Private,
        reading::{
            Closing, Identity, IdentityKind, IdentityLevel, Language, Reading, SensitiveSpan,
            SpanKind, TextWish, WaitsFor,
        },
        thread::{CaseStatus, ReminderKind, State},
        time::{Length, Timestamp},
    },
    rules::{Desk, Rules, decide::decide},
};

pub(super) struct Thread {
    pub(super) rules: Rules,
    pub(super) state: State,
    pub(super) effects: Vec<Effect>,
    pub(super) follow_ups: usize,
    pub(super) last: Option<Verdict>,
    /// The customer's messages with their readings and places.
    pub(super) heard: Vec<(Message, Reading, (u32, u32))>,
    pub(super) now: Timestamp,
    sent: u32,
}

pub(super) trait ParseName {
    fn parse_name(&self) -> AdminRuleName;
}

impl ParseName for str {
    fn parse_name(&self) -> AdminRuleName {
        AdminRuleName::parse(self).expect("a rule's name")
    }
}

pub(super) fn channel() -> ChannelName {
    ChannelName::parse("x").expect("a name")
}

/// Always open, and nobody sleeps.
pub(super) fn rules() -> Rules {
    let desk = Desk {
        quiet_hours: QuietHours::never(),
        ..Desk::default()
    };
    Rules {
        version: RulesVersion("test".into()),
        desks: [(Desk::default_name(), desk)].into(),
        ..Rules::default()
    }
}

impl Thread {
    pub(super) fn new() -> Self {
        Self {
            rules: rules(),
            state: State::default(),
            effects: Vec::new(),
            follow_ups: 0,
            last: None,
            heard: Vec::new(),
            now: Timestamp::UNIX_EPOCH,
            sent: 0,
        }
    }

    #[track_caller]
    pub(super) fn plays(&mut self, lines: &[(&str, &str)]) {
        for (index, (line, expected)) in lines.iter().enumerate() {
            let verdict = self.hears(line);
            let told = outcome(&verdict);
            assert_eq!(told, *expected, "line {index}: {line} ({})", verdict.reason);
            self.last = Some(verdict);
        }
    }

    pub(super) fn hears(&mut self, line: &str) -> Verdict {
        let mut words = line.split(' ');
        let head = words.next().unwrap_or_default();
        let (party, at) = self.who_and_when(head);
        let mut message = self.message(party, at);
        let mut reading = Reading::blank(Language::ENGLISH);
        for word in words {
            mark(word, &mut message, &mut reading);
        }
        self.now = self.now.max(at);
        let event = Event::MessageReceived {
            message: &message,
            reading: &reading,
        };
        let decided = self.decide(&event);
        let verdict = decided.verdict.expect("a message has a verdict");
        self.heard
            .push((message, reading, (verdict.case, verdict.exchange)));
        verdict
    }

    /// An agent corrects the reading of a message, counted from 0, by marks: what it then leads to.
    pub(super) fn correct(&mut self, index: usize, marks: &str) -> Verdict {
        let (mut message, mut reading, place) = self.heard[index].clone();
        reading.closing = None;
        for word in marks.split_whitespace() {
            mark(word, &mut message, &mut reading);
        }
        let event = Event::Corrected {
            message: &message,
            place,
            reading: &reading,
        };
        let decided = self.decide(&event);
        decided.verdict.expect("a correction has a verdict")
    }

    #[track_caller]
    pub(super) fn corrects(&mut self, index: usize, marks: &str, expected: &str) {
        let verdict = self.correct(index, marks);
        assert_eq!(outcome(&verdict), expected, "{}", verdict.reason);
        let (state, effects) = (self.state.clone(), self.effects.len());
        let again = self.correct(index, marks);
        assert_eq!(again.actions, [], "a repetition changes nothing");
        assert_eq!((&self.state, self.effects.len()), (&state, effects));
        self.last = Some(verdict);
    }

    fn who_and_when(&self, head: &str) -> (Party, Timestamp) {
        let (party, delay) = head.split_at(1);
        let party = match party {
            "c" => Party::Customer,
            "a" => Party::Agent,
            _ => Party::Bot,
        };
        let length = |text: &str| text.parse::<Length>().expect("a length").as_signed();
        let at = match delay.split_at_checked(1) {
            Some(("+", delay)) => self.now + length(delay),
            Some(("@", delay)) => self.now - length(delay.trim_start_matches('-')),
            _ => self.now + Length::minutes(1).as_signed(),
        };
        (party, at)
    }

    fn message(&mut self, from: Party, at: Timestamp) -> Message {
        self.sent += 1;
        Message {
            thread: ThreadKey {
                channel: channel(),
                thread: ThreadId::parse("t").expect("an id"),
            },
            id: MessageId::parse(&format!("m{}", self.sent)).expect("an id"),
            from,
            author: None,
            text: Private::default(),
            at,
            visibility: Visibility::Private,
            language: None,
            tags: Vec::new(),
            attachment: None,
        }
    }

    pub(super) fn decide(&mut self, event: &Event<'_>) -> Decision {
        let decision = decide(&self.rules, &self.state, event, self.now);
        self.state = decision.state.clone();
        self.effects.extend(decision.effects.clone());
        self.follow_ups += decision.follow_ups.len();
        decision
    }

    pub(super) fn tick_after(&mut self, length: &str) {
        self.now += length.parse::<Length>().expect("a length").as_signed();
        self.decide(&Event::Tick {
            channel: channel(),
            owner_on_shift: true,
        });
    }

    /// Something happens to the open callback.
    pub(super) fn happens(&mut self, event: CallbackEvent) {
        let (channel, callback) = (channel(), self.callback().number);
        self.decide(&Event::Callback {
            channel,
            callback,
            event,
        });
    }

    pub(super) fn claim(&mut self, by: &str) {
        let by = AccountName::parse(by).expect("a name");
        self.happens(CallbackEvent::Claimed { by });
    }

    pub(super) fn finish(&mut self, by: &str, result: CallResult) {
        let by = AccountName::parse(by).expect("a name");
        self.happens(CallbackEvent::Rung { by, result });
    }

    pub(super) fn release(&mut self) {
        self.happens(CallbackEvent::Released);
    }

    pub(super) fn schedule(&mut self, by: &str, after: &str) {
        let by = AccountName::parse(by).expect("a name");
        let at = self.now + after.parse::<Length>().expect("a length").as_signed();
        self.happens(CallbackEvent::Scheduled { by, at });
    }

    /// The customer chooses to stay in text, in the details form.
    pub(super) fn choose_text(&mut self) {
        self.decide(&Event::TextChosen { channel: channel() });
    }

    pub(super) fn keep_typing(&mut self, by: &str, why: KeepTyping) {
        let by = AccountName::parse(by).expect("a name");
        self.happens(CallbackEvent::TypingKept { by, why });
    }

    /// An agent would rather ring; the newest message is one of the customer's.
    pub(super) fn choose_call(&mut self) {
        let newest = self.heard.iter().rev();
        let newest = newest
            .map(|(message, ..)| (message.id.clone(), message.at))
            .next();
        let Some(newest) = newest else { return };
        let channel = channel();
        self.decide(&Event::CallChosen { channel, newest });
    }

    pub(super) fn reminder(&self) -> Option<ReminderKind> {
        let reminder = self.state.thread.reminder.as_ref();
        reminder.map(|reminder| reminder.kind)
    }

    pub(super) fn status(&self) -> Option<&CaseStatus> {
        self.state.thread.case.as_ref().map(|case| &case.status)
    }

    pub(super) fn callback(&self) -> &Callback {
        self.state.callback.as_ref().expect("an open callback")
    }

    /// What the customer was told so far.
    pub(super) fn spoken(&self) -> Vec<Utterance> {
        let effects = self.effects.iter();
        let spoken = effects.filter_map(|effect| match effect {
            Effect::Speak(utterance) => Some(*utterance),
            _ => None,
        });
        spoken.collect()
    }

    pub(super) fn told(&self, notice: &Notice) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::TellDesk { notice: told, .. } if told == notice))
    }
}

fn outcome(verdict: &Verdict) -> String {
    let actions = verdict.actions.iter().map(|action| action.as_str());
    let mut told: Vec<&str> = actions.collect();
    if verdict.soft {
        told.push("soft");
    }
    let numbers = format!("[{}.{}]", verdict.exchange, verdict.case);
    told.extend([numbers.as_str(), verdict.rule.as_str()]);
    told.join(" ")
}

fn mark(word: &str, message: &mut Message, reading: &mut Reading) {
    let identity = |kind, level| Some(Identity { kind, level });
    match word {
        "public" => message.visibility = Visibility::Public,
        "own" => {
            let own = format!("{}{}", Message::OF_RINGBACK, message.id);
            message.id = MessageId::parse(&own).expect("an id");
        }
        "thanks" => reading.closing = Some(Closing::Thanks),
        "waiting" => reading.closing = Some(Closing::Waiting(WaitsFor::Customer)),
        "waiting_us" => reading.closing = Some(Closing::Waiting(WaitsFor::Us)),
        "ack" => reading.acknowledges = true,
        "call" => reading.wants_call = true,
        "text" => reading.wants_text = Some(TextWish::Case),
        "always" => reading.wants_text = Some(TextWish::Always),
        "unsolved" => reading.unsolved = true,
        "answers" => reading.answers = true,
        "urgent" => reading.urgent = true,
        "needed" => {
            reading.needs_check = true;
            reading.identity = identity(IdentityKind::Needed, IdentityLevel::Confidential);
        }
        "confidential" => {
            reading.identity = identity(IdentityKind::Offered, IdentityLevel::Confidential);
            reading.sensitive = vec![SensitiveSpan {
                kind: SpanKind::PaymentCard,
                start: 0,
                end: 16,
            }];
        }
        "identifying" => {
            reading.identity = identity(IdentityKind::Offered, IdentityLevel::Identifying);
        }
        "asks_confidential" => {
            reading.identity = identity(IdentityKind::Asked, IdentityLevel::Confidential);
        }
        "asks_identifying" => {
            reading.identity = identity(IdentityKind::Asked, IdentityLevel::Identifying);
        }
        "asks" => reading.marks.asks = true,
        "promises" => reading.marks.promises = true,
        "reports" => reading.marks.reports = true,
        word => {
            let author = word
                .strip_prefix("by=")
                .unwrap_or_else(|| panic!("no mark {word}"));
            message.author = Some(Author::parse(author).expect("an author"));
        }
    }
}
