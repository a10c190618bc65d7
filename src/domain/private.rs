//! A wrapper for what customers and agents wrote and who they are, so that it cannot slip into a
//! log, an error or a panic message.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text or a name that a person may read on the desk but that no log, error or metric may show.
///
/// `Debug` and `Display` print `[private]`; the value comes out only through [`Private::reveal`],
/// which is easy to search for. It serialises as the bare value, because the database, the API's
/// authorised answers and replay's output are where it belongs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Whoever calls this answers for where it goes.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Takes the value out.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl<T> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn neither_debug_nor_display_shows_the_value() {
        let name = Private::new("Kim Doe".to_owned());
        assert_eq!(format!("{name} {name:?}"), "[private] [private]");
        assert_eq!(name.reveal(), "Kim Doe");
    }
}
