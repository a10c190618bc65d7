//! What goes wrong on purpose.

use std::{collections::VecDeque, time::Duration};

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
}

/// Which requests go wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: VecDeque<(String, Fault)>,
    /// Nothing gets through.
    pub(crate) is_cut: bool,
}

impl Faults {
    /// The next `times` requests of a method; `*`: of any but `getUpdates`.
    pub(crate) fn plan(&mut self, method: &str, times: usize, fault: &Fault) {
        for _ in 0..times {
            self.planned.push_back((method.to_owned(), fault.clone()));
        }
    }

    /// What becomes of this one.
    pub(crate) fn of(&mut self, method: &str) -> Option<Fault> {
        if self.is_cut {
            return Some(Fault::CutBefore);
        }
        let is_meant = |planned: &str| match planned {
            "*" => method != "getUpdates",
            name => name == method,
        };
        let at = self.planned.iter().position(|(name, _)| is_meant(name))?;
        self.planned.remove(at).map(|(_, fault)| fault)
    }

    /// How many are still to come.
    pub(crate) fn left(&self) -> usize {
        self.planned.len()
    }
}
