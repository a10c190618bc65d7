//! Who the threads of watched groups are about, so that a reply, a mention or a topic finds them.

use rusqlite::Row;

use crate::{
    domain::{
        chat::{Network, Room, Spot},
        ids::{ChatId, MessageId, PersonId, ThreadKey, TopicId},
    },
    store::{
        StoreError,
        rows::chat::{GroupPlace, MemberRow},
        sqlite::{
            reads::{Reads, all, first},
            words::{Columns, Word},
            writer::Writer,
        },
    },
};

impl Writer {
    /// Keeps who a thread is about; nothing if there is no such thread. A name that somebody else of
    /// the group went by is theirs no more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_member(
        &self,
        thread: &ThreadKey,
        member: &MemberRow,
    ) -> Result<(), StoreError> {
        let Room {
            network,
            chat,
            topic,
        } = &member.room;
        let changed = self.run(
            "INSERT INTO group_threads (thread_id, network, chat, topic, person, handle)
             SELECT id, ?3, ?4, ?5, ?6, ?7 FROM threads WHERE channel = ?1 AND thread = ?2
             ON CONFLICT (thread_id) DO UPDATE SET handle = excluded.handle
                 WHERE excluded.handle IS NOT NULL AND handle IS NOT excluded.handle",
            (
                thread.channel.as_str(),
                thread.thread.as_str(),
                network.word(),
                chat.as_str(),
                topic.as_ref().map(TopicId::as_str),
                member.person.as_str(),
                member.handle.as_deref(),
            ),
        )?;
        if changed > 0 && member.handle.is_some() {
            self.run(
                "UPDATE group_threads SET handle = NULL
                 WHERE network = ?1 AND chat = ?2 AND handle = ?3 AND person <> ?4",
                (
                    network.word(),
                    chat.as_str(),
                    member.handle.as_deref(),
                    member.person.as_str(),
                ),
            )?;
        }
        Ok(())
    }
}

impl Reads {
    /// The member of a group who goes by a name (in lower case, without `@`), if a thread is about them.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn member_called(
        &self,
        network: Network,
        chat: ChatId,
        handle: String,
    ) -> Result<Option<PersonId>, StoreError> {
        self.query(move |db| {
            let sql = "SELECT person FROM group_threads
                 WHERE network = ?1 AND chat = ?2 AND handle = ?3 LIMIT 1";
            let named = (network.word(), chat.as_str(), handle.as_str());
            first(db, sql, named, |row| row.id("person"))
        })
        .await
    }

    /// Whom the threads of a topic are about: at most two of them, which is enough to know whether
    /// somebody is alone in it.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn members_in_topic(&self, room: Room) -> Result<Vec<PersonId>, StoreError> {
        self.query(move |db| {
            let sql = "SELECT DISTINCT person FROM group_threads
                 WHERE network = ?1 AND chat = ?2 AND topic = ?3 LIMIT 2";
            let of = (
                room.network.word(),
                room.chat.as_str(),
                room.topic.as_ref().map(TopicId::as_str),
            );
            all(db, sql, of, |row: &Row<'_>| row.id("person"))
        })
        .await
    }

    /// The threads of a watched group that a message is in: one that somebody wrote there, or one of
    /// ours that was carried there. Each with whom it is about.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn group_threads_of(
        &self,
        spot: Spot,
    ) -> Result<Vec<(ThreadKey, PersonId)>, StoreError> {
        self.query(move |db| {
            let of = (spot.network.word(), spot.chat.as_str(), spot.post.as_str());
            all(db, THREADS_OF, of, |row: &Row<'_>| {
                let key = ThreadKey {
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                };
                Ok((key, row.id("person")?))
            })
        })
        .await
    }

    /// Where in a watched group something is said to the customer of a thread; `None` if the thread is
    /// of no such group.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn group_place(&self, thread: ThreadKey) -> Result<Option<GroupPlace>, StoreError> {
        self.query(move |db| {
            let of = (thread.channel.as_str(), thread.thread.as_str());
            first(db, PLACE, of, |row| {
                Ok(GroupPlace {
                    room: Room {
                        network: row.word("network")?,
                        chat: row.id("chat")?,
                        topic: row.id_if_any("topic")?,
                    },
                    answers: row.id_if_any::<MessageId>("newest")?,
                })
            })
        })
        .await
    }
}

/// A group that became another kind begins its messages anew, and its old threads keep the old id in
/// their names: what they hold is no message of the group as it is now.
const THREADS_OF: &str = "SELECT t.channel, t.thread, g.person
     FROM group_threads g JOIN threads t ON t.id = g.thread_id
     JOIN messages m ON m.thread_id = g.thread_id AND m.message = ?3
     WHERE g.network = ?1 AND g.chat = ?2 AND substr(t.thread, 1, length(?2) + 2) = 'g' || ?2 || ':'
     UNION
     SELECT t.channel, t.thread, g.person
     FROM posts p JOIN group_threads g ON g.thread_id = p.thread_id JOIN threads t ON t.id = p.thread_id
     WHERE p.network = ?1 AND p.chat = ?2 AND p.message = ?3";

const PLACE: &str = "SELECT g.network, g.chat, g.topic,
         (SELECT m.message FROM messages m WHERE m.thread_id = t.id AND m.party = 'customer'
          ORDER BY m.at DESC, m.id DESC LIMIT 1) AS newest
     FROM threads t JOIN group_threads g ON g.thread_id = t.id
     WHERE t.channel = ?1 AND t.thread = ?2";
