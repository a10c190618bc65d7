//! A callback's life: every arrow by example, and what holds for every life. Told at a desk that works
//! Monday to Friday, 9:00 to 18:00 UTC, in the first weeks of January 2026; the 5th is a Monday.

mod by_people;
mod by_time;
mod properties;

use jiff::{
    civil::{Weekday, time},
    tz::TimeZone,
};

use super::{Next, Opening, calendar::Terms, open, step};
use crate::domain::{
    callback::{CallResult, Callback, CallbackEnd, CallbackEvent, CallbackStatus, KeepTyping},
    decision::{Effect, Notice, RuleName},
    hours::{self, Hours, QuietHours, Zone},
    ids::{AccountName, DeskName, MessageId},
    time::{Length, Timestamp},
};

fn account(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

/// "5 10:00" is ten o'clock on 5 January.
#[track_caller]
fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').expect("a day and a time");
    let text = format!("2026-01-{day:0>2}T{time}:00Z");
    text.parse().expect("a time")
}

fn shown(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC)
        .strftime("%-d %H:%M")
        .to_string()
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone")
}

fn week() -> Hours {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let opening = |day| hours::Opening {
        day,
        from: time(9, 0, 0, 0),
        to: Some(time(18, 0, 0, 0)),
    };
    Hours {
        zone: TimeZone::UTC,
        openings: [Monday, Tuesday, Wednesday, Thursday, Friday]
            .map(opening)
            .to_vec(),
        holidays: Vec::new(),
    }
}

/// What a callback goes by, with the lengths that are usual.
#[derive(Debug, Clone)]
struct Goes {
    hours: Hours,
    quiet: QuietHours,
    zones: Vec<Zone>,
    number_known: bool,
    on_call: bool,
    soft_wait: Length,
    claim_within: Length,
    claim_lease: Length,
    attempts: u32,
    retry_after: Vec<Length>,
}

impl Goes {
    fn usual() -> Self {
        Self {
            hours: week(),
            quiet: QuietHours::at_night(),
            zones: vec![zone("UTC")],
            number_known: true,
            on_call: false,
            soft_wait: Length::minutes(15),
            claim_within: Length::minutes(10),
            claim_lease: Length::minutes(30),
            attempts: 3,
            retry_after: vec![Length::minutes(15), Length::hours(2), Length::hours(24)],
        }
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            hours: &self.hours,
            quiet: self.quiet,
            zones: self.zones.clone(),
            number_known: self.number_known,
            on_call: self.on_call,
            soft_wait: self.soft_wait,
            claim_within: self.claim_within,
            claim_lease: self.claim_lease,
            attempts: self.attempts,
            retry_after: &self.retry_after,
        }
    }
}

/// A callback by the count, in the third exchange.
fn by_the_count() -> Opening {
    Opening {
        number: 1,
        case: 1,
        rule: RuleName::RuleOfThree,
        message: (
            MessageId::parse("m3").expect("an id"),
            Timestamp::UNIX_EPOCH,
        ),
        exchange: 3,
        desk: DeskName::parse("main").expect("a name"),
        topic: None,
        urgent: false,
        asked: false,
        soft: false,
        owner: None,
        promised_for: None,
    }
}

fn softly() -> Opening {
    Opening {
        soft: true,
        owner: Some(account("ana")),
        ..by_the_count()
    }
}

/// One life, told step by step.
struct Life {
    goes: Goes,
    /// As it is, or how it ended.
    is: Result<Callback, CallbackEnd>,
    now: Timestamp,
    /// What opening it led to.
    opened: String,
    owner_on_shift: bool,
}

impl Life {
    fn opens(opening: Opening, goes: Goes, when: &str) -> Self {
        let now = at(when);
        let (callback, effects) = open(opening, &goes.terms(), now);
        Self {
            opened: told(&effects),
            goes,
            is: Ok(callback),
            now,
            owner_on_shift: true,
        }
    }

    /// A loud one whose customer's number is known, due since Monday, ten o'clock.
    fn due() -> Self {
        Self::opens(by_the_count(), Goes::usual(), "5 10:00")
    }

    /// The same, claimed by ana at once.
    fn claimed() -> Self {
        let mut life = Self::due();
        life.does(claimed("ana"));
        life
    }

    /// The same, promised by ana for three o'clock.
    fn promised() -> Self {
        let mut life = Self::due();
        life.does(scheduled("ana", "5 15:00"));
        life
    }

    /// The same, tried once without an answer.
    fn unanswered() -> Self {
        let mut life = Self::claimed();
        life.does(rung("ana", CallResult::NoAnswer));
        life
    }

    #[track_caller]
    fn callback(&self) -> &Callback {
        self.is.as_ref().expect("an open callback")
    }

    /// What an event leads to.
    #[track_caller]
    fn does(&mut self, event: CallbackEvent) -> String {
        let step = step(self.callback(), &event, &self.goes.terms(), self.now);
        self.is = match step.next {
            Next::Open(next) => Ok(*next),
            Next::Ended(end) => Err(end),
        };
        told(&step.effects)
    }

    #[track_caller]
    fn does_at(&mut self, when: &str, event: CallbackEvent) -> String {
        assert!(at(when) >= self.now, "time goes on");
        self.now = at(when);
        self.does(event)
    }

    /// Lets time pass until then: what happened by itself, each with its time.
    #[track_caller]
    fn passes_until(&mut self, when: &str) -> Vec<String> {
        let mut happened = Vec::new();
        while let Ok(callback) = &self.is
            && callback.wake_at <= at(when)
        {
            self.now = callback.wake_at;
            let owner_on_shift = self.owner_on_shift;
            let told = self.does(CallbackEvent::Ticked { owner_on_shift });
            happened.push(format!("{}: {told}", shown(self.now)));
            assert!(happened.len() < 50, "{happened:#?}");
        }
        self.now = at(when);
        happened
    }

    /// Where it stands: "claimed by ana", "scheduled by ana 5 15:00".
    fn stands(&self) -> String {
        match &self.is {
            Err(end) => ended(end),
            Ok(callback) => match &callback.status {
                CallbackStatus::Due => "due".to_owned(),
                CallbackStatus::Claimed { by, .. } => format!("claimed by {by}"),
                CallbackStatus::NoAnswer { until } => format!("no answer until {}", shown(*until)),
                CallbackStatus::Scheduled { by, at } => {
                    let by = by.as_ref().map_or("the desk", AccountName::as_str);
                    format!("scheduled by {by} for {}", shown(*at))
                }
            },
        }
    }
}

/// Effects in a line: what the card shows, what is said, what the desk is told, how it ended.
fn told(effects: &[Effect]) -> String {
    let words = effects.iter().map(|effect| match effect {
        Effect::PromptDesk { .. } => "prompt".to_owned(),
        Effect::UpdateCard { change, .. } => format!("{change:?}"),
        Effect::CloseCard { end, .. } => ended(end),
        Effect::Speak(utterance) => format!("says {}", utterance.as_str()),
        Effect::TellDesk { notice, .. } => match notice {
            Notice::ClaimSilent { by } => format!("tells ClaimSilent {by}"),
            Notice::ClaimReleased { by } => format!("tells ClaimReleased {by}"),
            notice => format!("tells {notice:?}"),
        },
    });
    words.collect::<Vec<_>>().join(", ")
}

fn ended(end: &CallbackEnd) -> String {
    match end {
        CallbackEnd::Done { by, outcome } => format!("done by {by} {outcome:?}"),
        CallbackEnd::Withdrawn => "withdrawn".to_owned(),
        CallbackEnd::KeptTyping { by, why } => format!("{by} keeps typing {why:?}"),
        CallbackEnd::Exhausted => "exhausted".to_owned(),
    }
}

fn claimed(by: &str) -> CallbackEvent {
    CallbackEvent::Claimed { by: account(by) }
}

fn scheduled(by: &str, when: &str) -> CallbackEvent {
    CallbackEvent::Scheduled {
        by: account(by),
        at: at(when),
    }
}

fn typing_kept(by: &str) -> CallbackEvent {
    CallbackEvent::TypingKept {
        by: account(by),
        why: KeepTyping::BeingHandled,
    }
}

fn rung(by: &str, result: CallResult) -> CallbackEvent {
    CallbackEvent::Rung {
        by: account(by),
        result,
    }
}

fn handed_over(by: &str) -> CallbackEvent {
    CallbackEvent::HandedOver { by: account(by) }
}

fn renewed(by: &str) -> CallbackEvent {
    CallbackEvent::Renewed { by: account(by) }
}

fn we_answered(by: &str) -> CallbackEvent {
    CallbackEvent::WeAnswered {
        by: Some(account(by)),
    }
}

fn wrote(exchange: u32, answers: bool) -> CallbackEvent {
    CallbackEvent::CustomerWrote { exchange, answers }
}

fn time_chosen(when: &str) -> CallbackEvent {
    CallbackEvent::TimeChosen { at: at(when) }
}

/// Every status that an open callback can have.
fn each_status() -> [(&'static str, Life); 4] {
    [
        ("due", Life::due()),
        ("claimed", Life::claimed()),
        ("promised", Life::promised()),
        ("unanswered", Life::unanswered()),
    ]
}
