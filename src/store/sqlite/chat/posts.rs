//! What stands in a chat that belongs to something here.

use rusqlite::{Connection, Row};

use crate::{
    domain::{
        callback::IncidentId,
        chat::{Network, Room, Spot},
        ids::{ButtonToken, DeskName, MessageId, ThreadKey, TopicId},
        private::Private,
        time::Timestamp,
    },
    store::{
        CallbackId, StoreError,
        rows::chat::{CallbackInChats, NewPost, PostKind, PostRow, StandingPost, Trace},
        sqlite::{
            accounts, desk, queues,
            reads::{Reads, all, first},
            words::{Columns, Word, micros},
            writer::Writer,
        },
    },
};

/// Every column that [`post_row`] wants of the posts `p`.
macro_rules! post {
    ($where:literal) => {
        concat!(
            "SELECT p.*, t.channel AS of_channel, t.thread AS of_thread, m.message AS message_id
             FROM posts p LEFT JOIN threads t ON t.id = p.thread_id
                 LEFT JOIN messages m ON m.id = p.of_message ",
            $where
        )
    };
}

/// The topic that a thread is relayed in.
const TOPIC: &str = "SELECT o.* FROM topics o JOIN threads t ON t.id = o.thread_id
     WHERE t.channel = ?1 AND t.thread = ?2";

fn of_callback(db: &Connection, id: CallbackId) -> Result<Vec<PostRow>, StoreError> {
    all(
        db,
        post!("WHERE p.callback_id = ?1 ORDER BY p.id"),
        [id.0],
        post_row,
    )
}

fn of_over_notices(db: &Connection, thread: (&str, &str)) -> Result<Vec<PostRow>, StoreError> {
    let sql = post!(
        "WHERE p.thread_id = (SELECT id FROM threads WHERE channel = ?1 AND thread = ?2)
             AND p.notice_id IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM notices n WHERE n.id = p.notice_id AND n.ended_at IS NULL)
         ORDER BY p.id"
    );
    all(db, sql, thread, post_row)
}

impl Reads {
    /// What stands at a spot.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn post_at(&self, spot: Spot) -> Result<Option<PostRow>, StoreError> {
        self.query(move |db| {
            let sql = post!("WHERE p.network = ?1 AND p.chat = ?2 AND p.message = ?3");
            let at = (spot.network.word(), spot.chat.as_str(), spot.post.as_str());
            first(db, sql, at, post_row)
        })
        .await
    }

    /// The post whose buttons say so.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn post_of_token(&self, token: ButtonToken) -> Result<Option<PostRow>, StoreError> {
        self.query(move |db| first(db, post!("WHERE p.token = ?1"), [token.as_str()], post_row))
            .await
    }

    /// What stands anywhere about a callback, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn posts_of_callback(&self, id: CallbackId) -> Result<Vec<PostRow>, StoreError> {
        self.query(move |db| of_callback(db, id)).await
    }

    /// A callback with all that its chats need to know. Asked in one go: for each card of a crowd.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn callback_in_chats(
        &self,
        id: CallbackId,
    ) -> Result<Option<CallbackInChats>, StoreError> {
        self.query(move |db| {
            let snapshot = db.unchecked_transaction()?;
            let Some(row) = desk::callback(&snapshot, id)? else {
                return Ok(None);
            };
            let thread = (row.callback.channel.as_str(), row.callback.thread.as_str());
            Ok(Some(CallbackInChats {
                posts: of_callback(&snapshot, id)?,
                over: of_over_notices(&snapshot, thread)?,
                topic: first(&snapshot, TOPIC, thread, room)?,
                is_pinned: queues::is_pinned(&snapshot, &row.callback.desk)?,
                accounts: accounts::list(&snapshot)?,
                row,
            }))
        })
        .await
    }

    /// What stands anywhere of a message, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn posts_of_message(
        &self,
        thread: ThreadKey,
        message: MessageId,
    ) -> Result<Vec<PostRow>, StoreError> {
        self.query(move |db| {
            let sql = post!(
                "WHERE p.of_message = (SELECT m.id FROM messages m JOIN threads t ON t.id = m.thread_id
                     WHERE t.channel = ?1 AND t.thread = ?2 AND m.message = ?3) ORDER BY p.id"
            );
            let of = (
                thread.channel.as_str(),
                thread.thread.as_str(),
                message.as_str(),
            );
            all(db, sql, of, post_row)
        })
        .await
    }

    /// What tells a thread's notices that nobody need see to any more.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn posts_of_over_notices(
        &self,
        thread: ThreadKey,
    ) -> Result<Vec<PostRow>, StoreError> {
        self.query(move |db| of_over_notices(db, (thread.channel.as_str(), thread.thread.as_str())))
            .await
    }

    /// What stands of a desk as a whole, of one kind, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn posts_of_desk(
        &self,
        desk: DeskName,
        kind: PostKind,
    ) -> Result<Vec<PostRow>, StoreError> {
        self.query(move |db| {
            let sql =
                post!("WHERE p.desk = ?1 AND p.kind = ?2 AND p.thread_id IS NULL ORDER BY p.id");
            all(db, sql, (desk.as_str(), kind.word()), post_row)
        })
        .await
    }

    /// A customer's name, as the channel of any of their threads told it last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn customer_name(
        &self,
        thread: ThreadKey,
    ) -> Result<Option<Private<String>>, StoreError> {
        self.query(move |db| {
            let sql = "SELECT p.name FROM threads t JOIN threads o ON o.customer_id = t.customer_id
                 JOIN profiles p ON p.thread_id = o.id
                 WHERE t.channel = ?1 AND t.thread = ?2 AND p.name IS NOT NULL
                 ORDER BY o.id = t.id DESC, p.at DESC LIMIT 1";
            let of = (thread.channel.as_str(), thread.thread.as_str());
            first(db, sql, of, |row| Ok(Private::new(row.get("name")?)))
        })
        .await
    }

    /// The topic that a thread is relayed in.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn topic_of(&self, thread: ThreadKey) -> Result<Option<Room>, StoreError> {
        self.query(move |db| {
            let of = (thread.channel.as_str(), thread.thread.as_str());
            first(db, TOPIC, of, room)
        })
        .await
    }

    /// The thread that is relayed in a topic.
    ///
    /// # Errors
    /// When the database cannot be read or the row is damaged.
    pub async fn thread_of_topic(&self, room: Room) -> Result<Option<ThreadKey>, StoreError> {
        self.query(move |db| {
            let sql =
                "SELECT t.channel, t.thread FROM topics o JOIN threads t ON t.id = o.thread_id
                 WHERE o.network = ?1 AND o.chat = ?2 AND o.topic = ?3";
            let topic = room.topic.as_ref().map(TopicId::as_str);
            let of = (room.network.word(), room.chat.as_str(), topic);
            first(db, sql, of, |row| {
                Ok(ThreadKey {
                    channel: row.id("channel")?,
                    thread: row.id("thread")?,
                })
            })
        })
        .await
    }
}

impl Writer {
    /// The message of a thread that stands at a spot, if it is one that we know of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn message_at(
        &self,
        thread: i64,
        spot: &Spot,
    ) -> Result<Option<MessageId>, StoreError> {
        self.first(
            "SELECT m.message FROM posts p JOIN messages m ON m.id = p.of_message
             WHERE p.network = ?1 AND p.chat = ?2 AND p.message = ?3 AND p.thread_id = ?4",
            (
                spot.network.word(),
                spot.chat.as_str(),
                spot.post.as_str(),
                thread,
            ),
            |row| row.id("message"),
        )
    }

    /// Keeps what came of speaking to a chat. What belongs to a thread, callback or message that was
    /// erased meanwhile is not kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_trace(&self, trace: &Trace, now: Timestamp) -> Result<(), StoreError> {
        match trace {
            Trace::Posted(post) => self.insert_post(post, now),
            Trace::Shows { post, shows } => {
                self.run("UPDATE posts SET shows = ?2 WHERE id = ?1", (post, shows))?;
                Ok(())
            }
            Trace::Gone { post } => {
                self.run("DELETE FROM posts WHERE id = ?1", [post])?;
                Ok(())
            }
            Trace::Topic { thread, room } => self.keep_topic(thread, room),
            Trace::TopicGone { thread } => {
                self.run(
                    "DELETE FROM topics WHERE thread_id =
                         (SELECT id FROM threads WHERE channel = ?1 AND thread = ?2)",
                    (thread.channel.as_str(), thread.thread.as_str()),
                )?;
                Ok(())
            }
            Trace::GroupMoved { network, from, to } => self.move_group(*network, from, to),
            Trace::GroupLost { network, chat } => self.set_group_lost(*network, chat, Some(now)),
            Trace::PersonLost { network, person } => self.set_writable(*network, person, false),
        }
    }

    /// Forgets what tells a notice, and says what that was, for whoever takes it down there.
    ///
    /// # Errors
    /// When the database cannot be used or a row is damaged.
    pub(crate) fn take_posts_of_notice(
        &self,
        notice: i64,
    ) -> Result<Vec<StandingPost>, StoreError> {
        self.all(
            "DELETE FROM posts WHERE notice_id = ?1 RETURNING network, chat, message, topic",
            [notice],
            |row| {
                Ok(StandingPost {
                    spot: Spot {
                        network: row.word("network")?,
                        chat: row.id("chat")?,
                        post: row.id("message")?,
                    },
                    topic: row.id_if_any("topic")?,
                    ours: true,
                })
            },
        )
    }

    fn insert_post(&self, post: &NewPost, now: Timestamp) -> Result<(), StoreError> {
        let thread = post.thread.as_ref();
        self.run(
            "INSERT OR REPLACE INTO posts (network, chat, message, topic, kind, token, thread_id,
                 callback_id, of_message, desk, incident_id, shows, at, notice_id)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, (SELECT id FROM threads WHERE channel = ?7 AND thread = ?8),
                 (SELECT id FROM callbacks WHERE id = ?9),
                 (SELECT m.id FROM messages m JOIN threads t ON t.id = m.thread_id
                  WHERE t.channel = ?7 AND t.thread = ?8 AND m.message = ?10),
                 ?11, ?12, ?13, ?14, ?15
             WHERE ?7 IS NULL OR EXISTS (SELECT 1 FROM threads WHERE channel = ?7 AND thread = ?8)",
            rusqlite::params![
                post.spot.network.word(),
                post.spot.chat.as_str(),
                post.spot.post.as_str(),
                post.topic.as_ref().map(TopicId::as_str),
                post.kind.word(),
                post.token.as_ref().map(ButtonToken::as_str),
                thread.map(|thread| thread.channel.as_str()),
                thread.map(|thread| thread.thread.as_str()),
                post.callback.map(|callback| callback.0),
                post.message.as_ref().map(MessageId::as_str),
                post.desk.as_ref().map(DeskName::as_str),
                post.incident.map(|incident| incident.0),
                post.shows,
                micros(now),
                post.notice,
            ],
        )?;
        Ok(())
    }

    fn keep_topic(&self, thread: &ThreadKey, room: &Room) -> Result<(), StoreError> {
        self.run(
            "INSERT OR REPLACE INTO topics (thread_id, network, chat, topic)
             SELECT id, ?3, ?4, ?5 FROM threads WHERE channel = ?1 AND thread = ?2",
            (
                thread.channel.as_str(),
                thread.thread.as_str(),
                room.network.word(),
                room.chat.as_str(),
                room.topic.as_ref().map(TopicId::as_str),
            ),
        )?;
        Ok(())
    }
}

pub(super) fn post_row(row: &Row<'_>) -> Result<PostRow, StoreError> {
    let channel = row.id_if_any("of_channel")?;
    let thread = row.id_if_any("of_thread")?;
    Ok(PostRow {
        id: row.get("id")?,
        spot: Spot {
            network: row.word::<Network>("network")?,
            chat: row.id("chat")?,
            post: row.id("message")?,
        },
        topic: row.id_if_any("topic")?,
        kind: row.word("kind")?,
        token: row.id_if_any("token")?,
        thread: channel
            .zip(thread)
            .map(|(channel, thread)| ThreadKey { channel, thread }),
        callback: row.get::<_, Option<i64>>("callback_id")?.map(CallbackId),
        message: row.id_if_any("message_id")?,
        desk: row.id_if_any("desk")?,
        incident: row.get::<_, Option<i64>>("incident_id")?.map(IncidentId),
        notice: row.get("notice_id")?,
        shows: row.get("shows")?,
        at: row.time("at")?,
    })
}

fn room(row: &Row<'_>) -> Result<Room, StoreError> {
    Ok(Room {
        network: row.word("network")?,
        chat: row.id("chat")?,
        topic: row.id_if_any("topic")?,
    })
}
