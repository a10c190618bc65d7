//! Who a customer is, as far as the channel or the program behind it knows. Plain data; it knows no
//! SQL.

use crate::domain::{hours::Zone, private::Private, time::Timestamp};

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
