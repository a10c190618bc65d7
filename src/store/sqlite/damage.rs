//! Whether the database was found to be damaged while it was open. Damage does not heal, so what was
//! found once holds until the program ends. Mends nothing.

use tokio::sync::watch;

use crate::store::StoreError;

/// What all connections to one database know of its damage. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Damage(watch::Sender<bool>);

impl Damage {
    /// None is known.
    pub(crate) fn none() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Notes it where an error tells of it.
    pub(crate) fn note<T>(&self, result: &Result<T, StoreError>) {
        if matches!(result, Err(StoreError::Damaged)) {
            self.0
                .send_if_modified(|found| !std::mem::replace(found, true));
        }
    }

    /// Whether any was found.
    pub(crate) fn is_found(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves once any is found.
    pub(crate) async fn found(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        drop(self.0.subscribe().wait_for(|found| *found).await);
    }
}
