//! Who is on shift, and what one shift leaves to the next.

use super::{apply::Shell, writer::Work};
use crate::store::{StoreError, sqlite::threads::StoredThread};

/// Whether whoever promised a thread's open callback is on shift.
pub(super) fn owner_is_on(
    _: &Work<'_>,
    _: Shell<'_>,
    thread: &StoredThread,
) -> Result<bool, StoreError> {
    let callback = thread.state.callback.as_ref();
    Ok(callback.is_some_and(|callback| callback.holder().is_some()))
}
