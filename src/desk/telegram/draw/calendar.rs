//! Times as a whole group reads them: by the calendar of its desk, never "3 minutes ago", since a message
//! stands for long.

use jiff::tz::TimeZone;

use crate::domain::time::Timestamp;

/// A desk's calendar.
#[derive(Debug, Clone)]
pub(in crate::desk::telegram) struct Calendar {
    zone: TimeZone,
    now: Timestamp,
}

impl Calendar {
    /// Of that zone. `now` tells which year need not be named.
    pub(in crate::desk::telegram) const fn new(zone: TimeZone, now: Timestamp) -> Self {
        Self { zone, now }
    }

    /// "Mon 5 Jan 14:05", in other years "5 Jan 2025 14:05".
    pub(in crate::desk::telegram) fn at(&self, at: Timestamp) -> String {
        let then = at.to_zoned(self.zone.clone());
        let format = match then.year() == self.now.to_zoned(self.zone.clone()).year() {
            true => "%a %-d %b %H:%M",
            false => "%-d %b %Y %H:%M",
        };
        then.strftime(format).to_string()
    }
}
