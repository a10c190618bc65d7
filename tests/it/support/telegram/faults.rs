//! What goes wrong on purpose.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Map, Value};

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not done; this status and a body as Telegram's.
    Status(u16),
    /// Not done; to be tried again after so many seconds.
    TooMany(u64),
    /// Not done; the answer is no JSON, with this status.
    Garbage(u16),
    /// Done, but the answer is no JSON.
    GarbageAfter,
    /// The connection breaks off before it is done.
    CutBefore,
    /// The connection breaks off after it is done.
    CutAfter,
    /// Done, and never answered.
    Hang,
    /// Done and answered, after so long.
    Slow(Duration),
    /// Done at once, and answered after so long.
    SlowAfter(Duration),
}

/// What is to go wrong.
#[derive(Debug)]
struct Planned {
    method: String,
    /// Only a request that says this.
    words: String,
    fault: Fault,
}

/// Which requests go wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: VecDeque<Planned>,
    /// Nothing gets through.
    pub(crate) is_cut: bool,
}

impl Faults {
    /// The next `times` requests of a method that hold these words; `*`: of any but `getUpdates`.
    pub(crate) fn plan(&mut self, method: &str, words: &str, times: usize, fault: &Fault) {
        for _ in 0..times {
            self.planned.push_back(Planned {
                method: method.to_owned(),
                words: words.to_owned(),
                fault: fault.clone(),
            });
        }
    }

    /// What becomes of this one.
    pub(crate) fn of(&mut self, method: &str, parameters: &Map<String, Value>) -> Option<Fault> {
        if self.is_cut {
            return Some(Fault::CutBefore);
        }
        let says = |words: &str| {
            let text = || Value::Object(parameters.clone()).to_string();
            words.is_empty() || text().contains(words)
        };
        let is_meant = |planned: &Planned| {
            let is_method = match planned.method.as_str() {
                "*" => method != "getUpdates",
                name => name == method,
            };
            is_method && says(&planned.words)
        };
        let at = self.planned.iter().position(is_meant)?;
        self.planned.remove(at).map(|planned| planned.fault)
    }

    /// How many are still to come.
    pub(crate) fn left(&self) -> usize {
        self.planned.len()
    }
}
