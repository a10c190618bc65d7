//! Threads for tests: plays messages through the real reader and the real rules, and keeps of them
//! what the desk's queries would find.

use crate::domain::callback::CallbackEvent;
use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        callback::{CallResult, Callback, CallbackEnd, CallbackStatus},
        decision::{Effect, Event, Notice, Verdict},
        ids::{AccountName, Author, ChannelName, MessageId, ThreadId, ThreadKey},
        message::{Message, Party, Visibility},
        private::Private,
        reading::{Correction, Evidence},
        record::DecisionRecord,
        thread::{CaseStatus, State},
        time::{Length, Timestamp, after},
    },
    reading::{Reader, mask},
    rules::{Rules, decide::decide},
    store::{
        CallbackId,
        rows::{
            CallbackRow, CallbackState, CaseRow, CaseState, MessageRow, ThreadRow, Triage,
            desk::{CorrectionRow, DeskLine, DeskThread, NoteRow, NoticeRow},
            numbers::Contact,
        },
    },
};

/// A thread that is being played.
pub(crate) struct Played {
    pub(crate) rules: Rules,
    pub(crate) reader: Arc<Reader>,
    state: State,
    now: Timestamp,
    visibility: Visibility,
    pub(crate) thread: DeskThread,
    /// The cases' own states, by number.
    cases: BTreeMap<u32, CaseRow>,
}

pub(crate) fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("an account")
}

impl Played {
    /// Nothing said yet, under these rules; `""` for the shipped ones.
    pub(crate) fn under(rules: &str) -> Self {
        let rules = if rules.is_empty() {
            Rules::built_in()
        } else {
            Rules::parse(rules.as_bytes(), "rules.toml", None).expect("valid rules")
        };
        let reader = Reader::new(&rules.vocabulary).expect("a reader");
        Self::with(rules, Arc::new(reader))
    }

    fn with(rules: Rules, reader: Arc<Reader>) -> Self {
        let now = "2026-01-05T10:00:00Z".parse().expect("a time");
        Self {
            reader,
            rules,
            state: State::default(),
            now,
            visibility: Visibility::Private,
            thread: empty(now),
            cases: BTreeMap::new(),
        }
    }

    /// Another thread under the same rules.
    pub(crate) fn another(&self) -> Self {
        Self::with(self.rules.clone(), Arc::clone(&self.reader))
    }

    /// Plays lines such as `c My bill is wrong`, `a+2h Which month?`, `b We will answer soon`;
    /// `n Ask billing` is an internal note.
    pub(crate) fn plays(mut self, lines: &[&str]) -> Self {
        for line in lines {
            let (head, text) = line.split_once(' ').expect("who and what");
            let (party, gap) = head.split_once('+').unwrap_or((head, "1m"));
            self.now = after(self.now, gap.parse::<Length>().expect("a length"));
            match party {
                "n" => self.note(text),
                "c" => self.says(Party::Customer, text, self.now),
                "a" => self.says(Party::Agent, text, self.now),
                "b" => self.says(Party::Bot, text, self.now),
                other => panic!("nobody is called {other}"),
            }
        }
        self
    }

    /// From here on everybody can read along.
    pub(crate) fn in_public(mut self) -> Self {
        self.visibility = Visibility::Public;
        self
    }

    /// A customer's message arrives that was written so long ago.
    pub(crate) fn plays_late(mut self, ago: &str, text: &str) -> Self {
        let ago = ago.parse::<Length>().expect("a length");
        let at = self.now.checked_sub(ago.as_signed()).expect("a time");
        self.says(Party::Customer, text, at);
        self
    }

    pub(crate) fn says(&mut self, from: Party, text: &str, at: Timestamp) {
        let key = ThreadKey {
            channel: self.thread.thread.channel.clone(),
            thread: self.thread.thread.thread.clone(),
        };
        let id = format!("m{}", self.thread.lines.len() + 1);
        let message = Message {
            thread: key,
            id: MessageId::parse(&id).expect("an id"),
            from,
            author: (from == Party::Customer).then(|| Author::parse("Kim").expect("a name")),
            text: Private::new(text.to_owned()),
            at,
            visibility: self.visibility,
            language: None,
            tags: Vec::new(),
            attachment: None,
        };
        let scan = self.reader.scan(text, None);
        let reading = self
            .reader
            .interpret(&scan, from, &self.state.thread.context);
        let event = Event::MessageReceived {
            message: &message,
            reading: &reading,
        };
        let verdict = self.happens(&event).expect("a message has a verdict");
        let record = DecisionRecord::new(&message, &reading, verdict);
        let spans = self.rules.vocabulary.to_mask(&reading.sensitive);
        let line = self.line(&message, mask(text, &spans), record, reading.evidence);
        self.thread.lines.push(line);
    }

    /// An agent claims the open callback and the customer is content afterwards.
    pub(crate) fn rings_and_solves(mut self) -> Self {
        let number = self.state.callback.as_ref().expect("an open one").number;
        self.now = after(self.now, Length::minutes(1));
        let by = account("ann");
        let claimed = CallbackEvent::Claimed { by: by.clone() };
        let result = CallResult::Solved;
        for event in [claimed, CallbackEvent::Rung { by, result }] {
            self.happens(&Event::Callback {
                channel: self.thread.thread.channel.clone(),
                callback: number,
                event,
            });
        }
        self
    }

    /// An agent corrects the newest message; the rest is `decided` of it then.
    pub(crate) fn corrected(
        mut self,
        correction: Correction,
        decided: impl FnOnce(&mut DecisionRecord),
    ) -> Self {
        let line = self.thread.lines.last_mut().expect("a message");
        let mut decision = line.decision.clone();
        decided(&mut decision);
        line.correction = Some(CorrectionRow {
            correction,
            by: account("ann"),
            at: after(self.now, Length::minutes(1)),
            decision,
        });
        self
    }

    fn note(&mut self, text: &str) {
        let id = i64::try_from(self.thread.notes.len()).expect("few notes");
        self.thread.notes.push(NoteRow {
            id,
            by: account("ann"),
            text: Private::new(text.to_owned()),
            at: self.now,
        });
    }

    fn happens(&mut self, event: &Event<'_>) -> Option<Verdict> {
        let decision = decide(&self.rules, &self.state, event, self.now);
        self.state = decision.state;
        for effect in &decision.effects {
            self.carry_out(effect);
        }
        if let Some(open) = self.state.callback.clone() {
            let row = self.row(&open);
            match self.thread.callbacks.last_mut() {
                Some(last) if last.number == row.number => *last = row,
                _ => self.thread.callbacks.push(row),
            }
        }
        self.summarise(decision.verdict.as_ref());
        decision.verdict
    }

    fn carry_out(&mut self, effect: &Effect) {
        match effect {
            Effect::CloseCard { end, .. } => {
                let now = self.now;
                let row = self.thread.callbacks.last_mut().expect("an open one");
                row.ended_at = Some(now);
                row.state = CallbackState::Withdrawn;
                if let CallbackEnd::Done { outcome, .. } = end {
                    row.state = CallbackState::Done;
                    row.outcome = Some(*outcome);
                }
            }
            Effect::TellDesk { notice, .. } => self.told(notice.clone()),
            _ => {}
        }
    }

    fn told(&mut self, notice: Notice) {
        let id = i64::try_from(self.thread.notices.len()).expect("few notices");
        let row = &self.thread.thread;
        self.thread.notices.push(NoticeRow {
            id,
            channel: row.channel.clone(),
            thread: row.thread.clone(),
            author: row.author.clone(),
            case: row.case,
            desk: self.rules.policy(&row.channel).desk.clone(),
            notice,
            at: self.now,
            account: None,
            alone_until: None,
        });
    }

    fn row(&self, open: &Callback) -> CallbackRow {
        let (state, claim) = match &open.status {
            CallbackStatus::Due => (CallbackState::Due, None),
            CallbackStatus::Claimed { by, at } => (CallbackState::Claimed, Some((by, at))),
            CallbackStatus::NoAnswer { .. } => (CallbackState::NoAnswer, None),
            CallbackStatus::Scheduled { by, at } => {
                let by = by.as_ref().map(|by| (by, at));
                (CallbackState::Scheduled, by)
            }
        };
        CallbackRow {
            id: CallbackId(i64::from(open.number) + 40),
            channel: self.thread.thread.channel.clone(),
            thread: self.thread.thread.thread.clone(),
            number: open.number,
            case: open.case,
            exchange: open.exchange,
            rule: open.rule.clone(),
            message: open.message.clone(),
            desk: open.desk.clone(),
            topic: open.topic.clone(),
            owner: open.owner.clone(),
            attempts: open.attempts,
            incident: open.incident,
            state,
            urgent: open.urgent,
            asked: open.asked,
            soft: open.soft.is_some(),
            due_at: open.due_at,
            claimed_by: claim.map(|(by, _)| by.clone()),
            claimed_at: claim.map(|(_, at)| *at),
            scheduled_at: None,
            outcome: None,
            why: None,
            ended_at: None,
            ended_by: None,
        }
    }

    fn summarise(&mut self, verdict: Option<&Verdict>) {
        if let Some(case) = &self.state.thread.case {
            if let Some(before) = case.number.checked_sub(1)
                && verdict.is_some_and(|verdict| verdict.lapsed)
                && let Some(row) = self.cases.get_mut(&before)
            {
                row.state = CaseState::Lapsed;
            }
            let resolved_at = match case.status {
                CaseStatus::Open => None,
                CaseStatus::Resolved { at, .. } => Some(at),
            };
            let row = CaseRow {
                channel: self.thread.thread.channel.clone(),
                thread: self.thread.thread.thread.clone(),
                number: case.number,
                opened_at: case.opened_at,
                state: if resolved_at.is_some() {
                    CaseState::Resolved
                } else {
                    CaseState::Open
                },
                resolved_at,
                hold: case.hold.as_ref().map(|hold| hold.wish),
            };
            self.cases.insert(case.number, row);
            self.thread.hold = case.hold.clone();
        }
        let exchanges = &self.state.thread.exchanges;
        let row = &mut self.thread.thread;
        row.author = self.state.thread.author.clone();
        row.case = self
            .state
            .thread
            .case
            .as_ref()
            .map_or(0, |case| case.number);
        row.exchange = exchanges.last().map_or(0, |last| last.number);
        row.triage = match &self.state.callback {
            Some(_) => Triage::NeedsCall,
            None => match self.cases.get(&row.case).map(|case| case.state) {
                None => Triage::Quiet,
                Some(CaseState::Resolved) => Triage::Solved,
                Some(_) => match exchanges.last().map(|last| last.party) {
                    Some(Party::Customer) => Triage::WaitingOnUs,
                    _ => Triage::WaitingOnCustomer,
                },
            },
        };
        row.changed_at = self.now;
        self.thread.text_always = self.state.customer.text_always.clone();
        self.thread.cases = self.cases.values().cloned().collect();
    }

    fn line(
        &self,
        message: &Message,
        masked: String,
        decision: DecisionRecord,
        evidence: Vec<Evidence>,
    ) -> DeskLine {
        DeskLine {
            carried: None,
            message: MessageRow {
                channel: message.thread.channel.clone(),
                thread: message.thread.thread.clone(),
                id: message.id.clone(),
                from: message.from,
                author: message.author.clone(),
                text: Private::new(masked),
                at: message.at,
                visibility: message.visibility,
                language: message.language,
                tags: message.tags.clone(),
                received_at: self.now,
                edited_at: None,
                attachment: None,
            },
            decision,
            evidence,
            rules_version: self.rules.version.clone(),
            correction: None,
        }
    }
}

fn empty(now: Timestamp) -> DeskThread {
    DeskThread {
        thread: ThreadRow {
            channel: ChannelName::parse("chat").expect("a channel"),
            thread: ThreadId::parse("t1").expect("a thread"),
            author: None,
            triage: Triage::Quiet,
            case: 0,
            exchange: 0,
            held: false,
            created_at: now,
            changed_at: now,
            wake_at: None,
        },
        language: None,
        text_always: None,
        hold: None,
        do_not_call: false,
        elsewhere: crate::store::rows::people::Elsewhere::default(),
        contact: Contact::default(),
        muted_until: None,
        cases: Vec::new(),
        callbacks: Vec::new(),
        calls: Vec::new(),
        dialled: None,
        lines: Vec::new(),
        older: None,
        notes: Vec::new(),
        notices: Vec::new(),
        held: Vec::new(),
    }
}
