//! How the writer wakes the tasks around it after a commit.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

use super::live::Live;
use crate::domain::time::Timestamp;

/// The bells that the writer rings. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Signals {
    /// When the next timer is due.
    pub(super) timers: Arc<watch::Sender<Option<Timestamp>>>,
    /// One for each destination: it has something new to send.
    pub(super) destinations: Arc<[Arc<Notify>]>,
    /// Those who look at threads.
    pub(super) live: Arc<Live>,
}

impl Signals {
    /// Bells for so many destinations.
    pub(super) fn new(destinations: usize) -> Self {
        Self {
            timers: Arc::new(watch::Sender::new(None)),
            live: Live::new(),
            destinations: (0..destinations).map(|_| Arc::default()).collect(),
        }
    }
}
