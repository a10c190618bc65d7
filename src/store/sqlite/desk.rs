//! What the desk's pages read.

use super::reads::Reads;
use crate::{
    domain::ids::{AccountName, ThreadKey},
    store::{
        StoreError,
        rows::{
            Cursor, Page, Paged,
            desk::{
                DeskCounts, DeskThread, ListedThread, NoticeRow, Queue, QueueView, Sight,
                ThreadList,
            },
        },
    },
};

impl Reads {
    /// Callbacks in the order in which they are to be worked, at most `limit` of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queue(
        &self,
        _view: QueueView,
        _sight: Sight,
        _limit: u32,
    ) -> Result<Queue, StoreError> {
        Err(StoreError::Closed)
    }

    /// Threads as a team sorts its day.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_threads(
        &self,
        _list: ThreadList,
        _sight: Sight,
        _page: Page,
    ) -> Result<Paged<ListedThread>, StoreError> {
        Err(StoreError::Closed)
    }

    /// One thread with its newest messages, at most `limit`, those before `before` if given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_thread(
        &self,
        _key: ThreadKey,
        _before: Option<Cursor>,
        _limit: u32,
    ) -> Result<Option<DeskThread>, StoreError> {
        Err(StoreError::Closed)
    }

    /// How much there is to do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_counts(
        &self,
        _account: AccountName,
        _sight: Sight,
    ) -> Result<DeskCounts, StoreError> {
        Err(StoreError::Closed)
    }

    /// What desks were told and nobody has seen to, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices(&self, _sight: Sight, _limit: u32) -> Result<Vec<NoticeRow>, StoreError> {
        Err(StoreError::Closed)
    }
}
