//! What whoever speaks to a chat network needs of the engine: who is who there, what stands where, what
//! agents were asked, and the messages that are to be carried to customers. Knows no network's format.

mod carry;
mod changes;
mod code;
mod directory;
mod groups;
mod reached;

pub use carry::CarriedAgain;
pub(super) use carry::{carry, settled};
pub use code::PairingCode;
pub use directory::Paired;
pub use groups::InGroup;
pub use reached::Reaction;
pub(super) use reached::writes_again;

pub use crate::store::rows::chat as rows;

use std::{sync::Arc, time::Duration};

use super::{EngineError, Handle, OutboxEvent, apply::Shell, intake, writer::Work};
use crate::{
    domain::{
        chat::{Network, Room, Spot},
        ids::{ButtonToken, ChatId, DeskName, MessageId, PersonId, PostId, ThreadKey},
        private::Private,
        time::Length,
    },
    store::{
        CallbackId, StoreError,
        rows::chat::{
            CallbackInChats, DialogueRow, LineToCarry, PostKind, PostRow, Standing, StandingPost,
            Trace,
        },
    },
};

/// How often it is looked whether a post that was pressed is kept, and how many times: a chat shows it
/// before we hear that it stands, and people are quick.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const MOST_LOOKS: u32 = 60;

/// So long after its end a dialogue is remembered, to say that it is over.
const REMEMBERED: Length = Length::hours(24);

impl Handle {
    /// Says what the bot is called in its network: links to it are made of that.
    pub fn set_bot_name(&self, name: &str) {
        self.0.bot_name.store(Some(Arc::new(name.to_owned())));
    }

    /// What the bot is called, once that is known.
    #[must_use]
    pub fn bot_name(&self) -> Option<Arc<String>> {
        self.0.bot_name.load_full()
    }

    /// Keeps what came of speaking to a chat outside the outbox.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn keep_traces(&self, traces: Vec<Trace>) -> Result<(), EngineError> {
        let tells_groups = traces.iter().any(is_of_directory);
        self.with_rules(move |work, shell| {
            traces
                .iter()
                .try_for_each(|trace| keep_trace(work, shell, trace))
        })
        .await?;
        if tells_groups {
            self.read_directory().await?;
        }
        Ok(())
    }

    /// A text that somebody wrote as it may be kept and shown: masked.
    ///
    /// # Errors
    /// When the engine stops.
    pub async fn masked(&self, text: Private<String>) -> Result<Private<String>, EngineError> {
        Ok(intake::masked(self.rules(), text).await?.into())
    }

    /// What stands at a spot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn post_at(&self, spot: Spot) -> Result<Option<PostRow>, StoreError> {
        self.store().post_at(spot).await
    }

    /// The post whose buttons say so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn post_of_token(&self, token: ButtonToken) -> Result<Option<PostRow>, StoreError> {
        self.store().post_of_token(token).await
    }

    /// The post whose button was pressed. One that is just being posted is waited for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pressed_post(&self, token: ButtonToken) -> Result<Option<PostRow>, StoreError> {
        for _ in 0..MOST_LOOKS {
            let is_posting = self.store().is_posting(token.clone()).await?;
            let post = self.post_of_token(token.clone()).await?;
            if post.is_some() || !is_posting {
                return Ok(post);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(None)
    }

    /// What stands anywhere about a callback, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn posts_of_callback(&self, id: CallbackId) -> Result<Vec<PostRow>, StoreError> {
        self.store().posts_of_callback(id).await
    }

    /// A callback with all that its chats need to know.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn callback_in_chats(
        &self,
        id: CallbackId,
    ) -> Result<Option<CallbackInChats>, StoreError> {
        self.store().callback_in_chats(id).await
    }

    /// What stands of a desk as a whole, of one kind, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn posts_of_desk(
        &self,
        desk: DeskName,
        kind: PostKind,
    ) -> Result<Vec<PostRow>, StoreError> {
        self.store().posts_of_desk(desk, kind).await
    }

    /// A message with all that its bearer needs to know.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn line_to_carry(
        &self,
        thread: ThreadKey,
        message: MessageId,
    ) -> Result<Option<LineToCarry>, StoreError> {
        self.store().line_to_carry(thread, message).await
    }

    /// A customer's name, as their channel tells it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn customer_name(
        &self,
        thread: ThreadKey,
    ) -> Result<Option<Private<String>>, StoreError> {
        self.store().customer_name(thread).await
    }

    /// The topic that a thread is relayed in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn topic_of(&self, thread: ThreadKey) -> Result<Option<Room>, StoreError> {
        self.store().topic_of(thread).await
    }

    /// The thread that is relayed in a topic.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread_of_topic(&self, room: Room) -> Result<Option<ThreadKey>, StoreError> {
        self.store().thread_of_topic(room).await
    }

    /// Keeps a dialogue as it stands now.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn keep_dialogue(&self, dialogue: DialogueRow) -> Result<(), EngineError> {
        self.with_rules(move |work, _| work.store.keep_dialogue(&dialogue))
            .await
    }

    /// Ends a dialogue. False if it had ended, so of two who answer at once one wins.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn end_dialogue(&self, token: ButtonToken) -> Result<bool, EngineError> {
        self.with_rules(move |work, _| work.store.end_dialogue(&token))
            .await
    }

    /// The dialogue whose buttons say so; also one whose time is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dialogue(&self, token: ButtonToken) -> Result<Option<DialogueRow>, StoreError> {
        self.store().dialogue(token).await
    }

    /// The dialogue that a message of a chat asked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dialogue_at(
        &self,
        network: Network,
        chat: ChatId,
        post: PostId,
    ) -> Result<Option<DialogueRow>, StoreError> {
        self.store().dialogue_at(network, chat, post).await
    }

    /// The newest dialogue of one person in a chat.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dialogue_of(
        &self,
        network: Network,
        chat: ChatId,
        person: PersonId,
    ) -> Result<Option<DialogueRow>, StoreError> {
        self.store().dialogue_of(network, chat, person).await
    }
}

/// Keeps what came of speaking to a chat. What was posted of a thread that was erased while it was on its
/// way is taken down again.
pub(super) fn keep_trace(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    trace: &Trace,
) -> Result<(), StoreError> {
    work.store.keep_trace(trace, work.now)?;
    let (thread, standing) = match trace {
        // Our messages in the customer's own chat are theirs.
        Trace::Posted(post) if post.kind != PostKind::Carried => {
            let standing = StandingPost {
                spot: post.spot.clone(),
                topic: post.topic.clone(),
                ours: post.kind != PostKind::Answer,
            };
            let posts = vec![standing];
            (post.thread.as_ref(), Standing { posts, topic: None })
        }
        Trace::Topic { thread, room } => {
            let (posts, topic) = (Vec::new(), Some(room.clone()));
            (Some(thread), Standing { posts, topic })
        }
        _ => return Ok(()),
    };
    match thread {
        Some(thread) if work.store.thread_number(thread)?.is_none() => {
            shell.tell_all(work, None, &OutboxEvent::TakeDown(Box::new(standing)))
        }
        _ => Ok(()),
    }
}

/// Whether a trace changes who is who.
pub(super) const fn is_of_directory(trace: &Trace) -> bool {
    match trace {
        Trace::GroupMoved { .. } | Trace::GroupLost { .. } | Trace::PersonLost { .. } => true,
        Trace::Posted(_)
        | Trace::Shows { .. }
        | Trace::Gone { .. }
        | Trace::Topic { .. }
        | Trace::TopicGone { .. } => false,
    }
}

/// Forgets dialogues long over: a sweep of the engine's upkeep.
pub(super) fn forget_dialogues(
    work: &mut Work<'_>,
    _: Shell<'_>,
    most: u32,
) -> Result<usize, StoreError> {
    let before = work.now.saturating_sub(REMEMBERED.as_signed());
    work.store
        .forget_dialogues(before.unwrap_or(work.now), most)
}
