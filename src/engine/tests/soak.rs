//! A month of callbacks with random events, faults and restarts: each ends, none twice, none silent.
//!
//! `cargo test` plays twelve days with 150 of them; with the variable `RINGBACK_SOAK` set to 10000,
//! `cargo test --release --lib soak -- --nocapture` plays a month and prints its table.

use std::{collections::HashMap, fmt::Write as _};

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    domain::{
        callback::{CallResult, CallbackEnd, KeepTyping, Outcome},
        decision::{CardChange, Notice, Utterance},
        hours::{Holiday, Hours},
    },
    engine::{CallNotes, CallbackChange, Claim, Finish},
    rules::Desk,
    store::{
        CallbackId,
        rows::{CallbackFilter, CallbackRow, CallbackState, Page},
    },
};

/// In the twelve days from here on are the night on which Berlin's clocks go forward, and a holiday.
const FIRST: &str = "2026-03-24T00:00:00Z";
const STEP: u32 = 5;
const STEPS_A_DAY: u32 = 24 * 60 / STEP;
/// What is open after the month is worked off in this time at the latest.
const DAYS_AFTER: u32 = 30;
const AGENTS: [&str; 4] = ["ana", "ben", "kim", "lee"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_callback_of_a_month_ends_once_and_none_falls_silent() {
    let (callbacks, days) = how_many().map_or((150, 12), |many| (many, 30));
    let month = Month::play(callbacks, days).await;
    month.each_ended_once();
    month.none_was_silent();
    println!("{}", month.table());
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to play is said on the command line of a test"
)]
fn how_many() -> Option<u32> {
    let asked = std::env::var("RINGBACK_SOAK").ok()?;
    Some(
        asked
            .parse()
            .expect("RINGBACK_SOAK is a number of callbacks"),
    )
}

/// A desk with hours, a weekend and a holiday.
fn desk_rules() -> Rules {
    let mut rules = rules("soak");
    let opening = |day| crate::domain::hours::Opening {
        day,
        from: jiff::civil::time(9, 0, 0, 0),
        to: Some(jiff::civil::time(18, 0, 0, 0)),
    };
    use jiff::civil::Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let hours = Hours {
        zone: jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone"),
        openings: [Monday, Tuesday, Wednesday, Thursday, Friday]
            .map(opening)
            .to_vec(),
        holidays: vec![Holiday::On(jiff::civil::date(2026, 4, 3))],
    };
    let desk = Desk {
        hours,
        on_call: Some(account("ana")),
        ..Desk::default()
    };
    rules.desks = [(Desk::default_name(), desk)].into();
    rules
}

/// A month, and what came of it.
struct Month {
    setup: Setup,
    chance: StdRng,
    bot: Option<Bot>,
    opened: u32,
    restarts: u32,
    faults: u32,
    lost_races: u32,
    log: Vec<(CallbackId, Outcome)>,
}

impl Month {
    async fn play(callbacks: u32, days: u32) -> Self {
        let clock = Clock::manual(FIRST.parse().expect("a time"));
        let setup = Setup {
            recorders: vec![Recorder::new("hook", &clock)],
            clock,
            rules: desk_rules(),
            queue: 20_000,
            ..Setup::new()
        };
        let bot = setup.start().await;
        let mut month = Self {
            setup,
            chance: StdRng::seed_from_u64(5),
            bot: Some(bot),
            opened: 0,
            restarts: 0,
            faults: 0,
            lost_races: 0,
            log: Vec::new(),
        };
        let steps = days * STEPS_A_DAY;
        for step in 0..steps {
            let due = callbacks * (step + 1) / steps;
            month.customers_come(due).await;
            month.step().await;
        }
        for _ in 0..DAYS_AFTER * STEPS_A_DAY {
            if month.open().await.is_empty() {
                break;
            }
            month.step().await;
        }
        month.all_is_told().await;
        month
    }

    fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("it runs")
    }

    /// Five minutes: the clock moves on, and whoever is there does something.
    async fn step(&mut self) {
        self.setup.clock.advance(Length::minutes(STEP));
        self.settles().await;
        if self.happens(1, 1_500) {
            self.restarts += 1;
            self.bot.take().expect("it runs").stop().await;
            self.setup.clock.advance(Length::minutes(STEP));
            self.bot = Some(self.setup.start().await);
            self.settles().await;
        }
        if self.happens(1, 40) {
            self.faults += 1;
            let fault = match self.chance.random_range(0..3) {
                0 => SendError::Unknown,
                _ => SendError::Retry { after: None },
            };
            self.setup.recorder().answer(Answer::Fail(fault));
        }
        let open = self.open().await;
        let looks = self.happens(1, 12);
        for row in open {
            if looks {
                self.waits_for_something(&row).await;
            }
            self.customer_acts(&row).await;
            self.agent_acts(&row).await;
        }
    }

    /// Waits until everything that is due has been looked at.
    async fn settles(&self) {
        let mut timers = self.bot().handle.0.timers.subscribe();
        let now = self.setup.clock.now();
        let settled = timers.wait_for(|due| due.is_none_or(|due| due > now));
        let settled = tokio::time::timeout(PATIENCE, settled).await;
        settled.expect("settled in time").expect("the engine lives");
    }

    /// Customers who come back a third time, until so many have.
    async fn customers_come(&mut self, until: u32) {
        while self.opened < until {
            self.opened += 1;
            let thread = format!("t{}", self.opened);
            let words = match self.chance.random_range(0..10) {
                0 => "Please call me",
                1 => "There is smoke coming out of it",
                _ => "Why is the lamp in my parcel blue?",
            };
            let knows_number = self.happens(2, 3);
            let now = self.setup.clock.now();
            let ago = |minutes| Length::minutes(minutes).as_signed();
            let messages = [("m1", 60), ("m2", 30), ("m3", 0)].map(|(id, minutes)| {
                let text = match minutes {
                    0 => words,
                    60 if knows_number => "Where is my lamp? My number is +44 20 7946 0142",
                    _ => "Where is my lamp?",
                };
                let mut message = says(&thread, id, 0, text);
                message.at = now.saturating_sub(ago(minutes)).expect("a time");
                message
            });
            let taken = self.bot().handle.submit(messages.to_vec()).await;
            assert_eq!(taken.expect("taken").len(), 3);
        }
    }

    async fn customer_acts(&mut self, row: &CallbackRow) {
        let words = match self.chance.random_range(0..4_000) {
            0..6 => "It works now, thank you so much!",
            6..10 => "No call please, let us do it here in text",
            10..20 => "Please call me",
            20..60 => "And the second lamp is green",
            _ => return,
        };
        let id = format!("c{:x}", self.chance.random::<u64>());
        let mut message = says(row.thread.as_str(), &id, 0, words);
        message.at = self.setup.clock.now();
        self.bot().decided(message).await;
    }

    async fn agent_acts(&mut self, row: &CallbackRow) {
        let desk = &self.setup.rules.desks[&row.desk];
        let is_open = desk.hours.is_open(self.setup.clock.now());
        if !is_open && !self.happens(1, 200) {
            return;
        }
        match row.state {
            CallbackState::Due if self.happens(1, 8) => self.take(row).await,
            CallbackState::Claimed if self.happens(1, 5) => self.work(row).await,
            CallbackState::Scheduled if self.happens(1, 200) => self.take(row).await,
            _ => {}
        }
    }

    /// Somebody claims it, or two at once; or it is settled without a call.
    async fn take(&mut self, row: &CallbackRow) {
        let (one, other) = (self.anybody(), self.anybody());
        let (what, at) = (self.chance_of(20), self.later());
        let handle = &self.bot().handle;
        match what {
            0 => drop(
                handle
                    .keep_typing(row.id, one, KeepTyping::BeingHandled)
                    .await,
            ),
            1 => drop(handle.schedule(row.id, one, at).await),
            2..6 if one != other => {
                let (a, b) = tokio::join!(handle.claim(row.id, one), handle.claim(row.id, other));
                let claims = [a.expect("answered"), b.expect("answered")];
                let won = claims.iter().filter(|claim| matches!(claim, Claim::Won(_)));
                assert!(won.count() <= 1, "{claims:?}");
                self.lost_races += 1;
            }
            _ => drop(handle.claim(row.id, one).await),
        }
    }

    /// Whoever has it rings, or forgets about it.
    async fn work(&mut self, row: &CallbackRow) {
        let by = row.claimed_by.clone().expect("claimed");
        let result = match self.chance_of(20) {
            0..8 => CallResult::Solved,
            8..11 => CallResult::NoAnswer,
            11 | 12 => CallResult::FollowUp { at: self.later() },
            13 => CallResult::Declined,
            14 => CallResult::WrongNumber,
            15 => return drop(self.bot().handle.release(row.id, by, false).await),
            16 => return drop(self.bot().handle.renew(row.id, by).await),
            _ => return,
        };
        let done = self
            .bot()
            .handle
            .done(row.id, by, result, CallNotes::default());
        let done = done.await.expect("answered");
        if let Finish::Done(_) = done.finish {
            self.log.push((row.id, result.outcome()));
        }
    }

    async fn waits_for_something(&self, row: &CallbackRow) {
        let thread = self.bot().on_desk(row.thread.as_str()).await.thread;
        let wake = thread
            .wake_at
            .expect("an open callback waits for something");
        assert!(wake > self.setup.clock.now(), "{row:?} overslept");
    }

    async fn open(&self) -> Vec<CallbackRow> {
        let mut open = Vec::new();
        for state in [
            CallbackState::Due,
            CallbackState::Claimed,
            CallbackState::NoAnswer,
            CallbackState::Scheduled,
        ] {
            let filter = CallbackFilter {
                state: Some(state),
                ..CallbackFilter::default()
            };
            let page = self
                .bot()
                .handle
                .store()
                .callbacks(filter, Page::first(500));
            open.extend(page.await.expect("readable").items);
        }
        open
    }

    /// Waits until the outbox is empty.
    async fn all_is_told(&self) {
        let told = async {
            loop {
                self.setup.clock.advance(Length::minutes(STEP));
                self.settles().await;
                let counts = self.bot().handle.store().counts().await.expect("readable");
                if counts.outbox.is_empty() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let told = tokio::time::timeout(PATIENCE * 5, told).await;
        told.expect("told in time");
    }

    fn later(&mut self) -> Timestamp {
        let minutes = self.chance.random_range(30..5 * 24 * 60);
        after(self.setup.clock.now(), Length::minutes(minutes))
    }

    fn anybody(&mut self) -> AccountName {
        account(AGENTS[self.chance.random_range(0..AGENTS.len())])
    }

    fn happens(&mut self, times: u32, of: u32) -> bool {
        self.chance.random_range(0..of) < times
    }

    fn chance_of(&mut self, of: u32) -> u32 {
        self.chance.random_range(0..of)
    }
}

impl Month {
    /// What was told, each delivery once however often it was tried.
    fn told(&self) -> Vec<OutboxEvent> {
        let mut seen = std::collections::HashSet::new();
        let heard = self.setup.recorder().heard().into_iter();
        heard
            .filter(|heard| seen.insert(heard.item.id.clone()))
            .map(|heard| heard.item.event)
            .collect()
    }

    fn ends(&self) -> HashMap<CallbackId, Vec<CallbackEnd>> {
        let mut ends: HashMap<_, Vec<_>> = HashMap::new();
        for event in self.told() {
            let OutboxEvent::Callback(event) = event else {
                continue;
            };
            let ended = ends.entry(event.id).or_default();
            if let CallbackChange::Ended(end) = event.change {
                ended.push(end);
            }
        }
        ends
    }

    fn each_ended_once(&self) {
        let ends = self.ends();
        assert!(
            ends.len() >= self.opened as usize,
            "every customer's and what followed"
        );
        for (id, ended) in ends {
            assert_eq!(ended.len(), 1, "callback {id}: {ended:?}");
        }
    }

    /// Whoever was kept waiting so long that a supervisor was told has been told too, once.
    fn none_was_silent(&self) {
        let mut waited: HashMap<_, (u32, u32)> = HashMap::new();
        for event in self.told() {
            let OutboxEvent::Notice(notice) = event else {
                continue;
            };
            let (overdue, told) = waited.entry(notice.thread.clone()).or_default();
            match notice.notice {
                Notice::CallOverdue => *overdue += 1,
                // Whose number we do not know was asked for it.
                Notice::SayYourself {
                    utterance:
                        Utterance::CallLate | Utterance::DetailsAsked | Utterance::WrongNumber,
                } => *told += 1,
                _ => {}
            }
        }
        for (thread, (overdue, told)) in waited {
            assert!(
                overdue == 0 || told > 0,
                "{thread} was kept waiting and not told: {:#?}",
                self.story(thread.as_str())
            );
        }
    }

    /// All that was told of a thread.
    fn story(&self, thread: &str) -> Vec<String> {
        let of_thread = self.told().into_iter().filter_map(|event| match event {
            OutboxEvent::Callback(event) if event.thread.as_str() == thread => {
                Some(format!("{} {:?}", event.number, event.change))
            }
            OutboxEvent::Notice(event) if event.thread.as_str() == thread => {
                Some(format!("{:?}", event.notice))
            }
            _ => None,
        });
        of_thread.collect()
    }

    fn table(&self) -> String {
        let mut rows: Vec<(String, usize)> = Vec::new();
        let mut count = |name: String| match rows.iter_mut().find(|(of, _)| *of == name) {
            Some((_, n)) => *n += 1,
            None => rows.push((name, 1)),
        };
        for event in self.told() {
            match event {
                OutboxEvent::Callback(event) => match event.change {
                    CallbackChange::Opened => count("opened".to_owned()),
                    CallbackChange::Ended(CallbackEnd::Done { outcome, .. }) => {
                        count(format!("ended: done, {outcome:?}"));
                    }
                    CallbackChange::Ended(CallbackEnd::KeptTyping { .. }) => {
                        count("ended: kept typing".to_owned());
                    }
                    CallbackChange::Ended(end) => count(format!("ended: {end:?}")),
                    CallbackChange::Changed(CardChange::MessageAdded) => {}
                    CallbackChange::Changed(change) => count(format!("card: {change:?}")),
                },
                OutboxEvent::Notice(notice) => {
                    let name = format!("{:?}", notice.notice);
                    let name = name.split(" { by").next().unwrap_or_default();
                    count(format!("told: {name}"));
                }
                _ => {}
            }
        }
        rows.sort();
        let mut table = format!(
            "{} customers, {} restarts, {} faults of a destination, {} races\n",
            self.opened, self.restarts, self.faults, self.lost_races
        );
        for (name, n) in rows {
            writeln!(table, "{n:>8}  {name}").expect("written");
        }
        table
    }
}
