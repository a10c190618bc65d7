//! Questions that agents are asked in small dialogues, by buttons and by reply. They are kept, so that a
//! restart loses none, and end by themselves.

use serde::{Deserialize, Serialize};

use crate::domain::private::Private;

/// What is asked and what was answered so far, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
pub(super) enum Step {
    /// The relay asks; `step` is its own.
    Relay {
        /// In the relay's own format.
        step: Private<String>,
    },
    /// The pairing asks; `step` is its own.
    Pairing {
        /// In the pairing's own format.
        step: Private<String>,
    },
}
