//! Who a customer is, as far as the channel or the program behind it knows. Plain data; it knows no
//! SQL.

use super::{CaseRow, ThreadRow};
use crate::domain::{hours::Zone, ids::Topic, private::Private, time::Timestamp};

/// What the channel, or the program behind it, knows of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Their name.
    pub name: Option<Private<String>>,
    /// Whom they write for.
    pub company: Option<Private<String>>,
    /// Their e-mail address.
    pub email: Option<Private<String>>,
    /// Where they are.
    pub zone: Option<Zone>,
    /// Where more is known of them: an https URL, such as their page in a CRM.
    pub link: Option<Private<String>>,
    /// When that was said.
    pub at: Timestamp,
}

impl Profile {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.name.is_none()
            && self.company.is_none()
            && self.email.is_none()
            && self.zone.is_none()
            && self.link.is_none()
    }
}

/// Who else may be the customer of a thread.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    /// Threads of whoever is one person with them, the newest change first; their own other threads
    /// too.
    pub linked: Vec<OtherThread>,
    /// Threads of whoever may be: the same number or e-mail address is known of both, and nobody has
    /// said whether they are one.
    pub suggested: Vec<OtherThread>,
}

/// Another thread of what is, or may be, the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherThread {
    /// The thread.
    pub thread: ThreadRow,
    /// What the channel knows of its customer.
    pub profile: Option<Profile>,
    /// Its customer is the same by their own handle, not by a link: it cannot be undone.
    pub is_own: bool,
    /// Its cases, newest first, at most a few.
    pub cases: Vec<CaseRow>,
    /// What the newest of them is about, if its newest messages tell.
    pub topic: Option<Topic>,
}

/// What binds a customer because it binds somebody who is one person with them. Without the words
/// that it was said in: not everybody who sees the one thread may see the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Since when they wish never to be phoned.
    pub text_always: Option<Timestamp>,
    /// They are on the do-not-call list.
    pub do_not_call: bool,
    /// They are no customer, until then.
    pub muted_until: Option<Timestamp>,
}
