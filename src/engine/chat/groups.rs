//! What is said in watched groups: messages with whom their threads are about, and what tells whose a
//! message is. Knows no network's format.

use crate::{
    domain::{
        chat::{Network, Room, Spot},
        ids::{ChatId, PersonId, ThreadKey},
        message::Message,
    },
    engine::{Handle, Receipt, Shown, SubmitError, writer::Work},
    store::{
        StoreError,
        rows::chat::{GroupPlace, MemberRow},
    },
};

/// A message of a watched group, and whom its thread is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InGroup {
    /// The message.
    pub message: Message,
    /// What the network shows of its thread's customer, as far as this message tells.
    pub shown: Shown,
    /// The customer of its thread.
    pub about: MemberRow,
}

impl Handle {
    /// Takes messages of watched groups in, as [`Handle::submit_shown`] does, and remembers whom their
    /// threads are about.
    ///
    /// # Errors
    /// When the batch as a whole could not be taken; nothing of it is kept then.
    pub async fn submit_of_groups(&self, said: Vec<InGroup>) -> Result<Vec<Receipt>, SubmitError> {
        let (mut messages, mut shown, mut about) = (Vec::new(), Vec::new(), Vec::new());
        for one in said {
            about.push((one.message.thread.clone(), one.about));
            messages.push(one.message);
            shown.push(one.shown);
        }
        let keeps = move |work: &mut Work<'_>| {
            about
                .iter()
                .try_for_each(|(thread, member)| work.store.keep_member(thread, member))
        };
        self.submit_with(messages, shown, keeps).await
    }

    /// The customer in a watched group who goes by a name: in lower case, without `@`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn member_called(
        &self,
        network: Network,
        chat: ChatId,
        handle: String,
    ) -> Result<Option<PersonId>, StoreError> {
        self.store().member_called(network, chat, handle).await
    }

    /// The one customer who has written in a topic of a watched group; `None` if there are several, or
    /// nobody has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn alone_in_topic(&self, room: Room) -> Result<Option<PersonId>, StoreError> {
        let mut members = self.store().members_in_topic(room).await?.into_iter();
        let first = members.next();
        Ok(first.filter(|_| members.next().is_none()))
    }

    /// The threads of a watched group that a message is in, each with whom it is about.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn group_threads_of(
        &self,
        spot: Spot,
    ) -> Result<Vec<(ThreadKey, PersonId)>, StoreError> {
        self.store().group_threads_of(spot).await
    }

    /// Where in a watched group something is said to the customer of a thread: which chat and topic,
    /// and in answer to what. `None` if the thread is of no such group.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn group_place(&self, thread: ThreadKey) -> Result<Option<GroupPlace>, StoreError> {
        self.store().group_place(thread).await
    }
}
